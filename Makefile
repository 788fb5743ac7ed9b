# make demo: the console on a simulated floor.   make test: the tests.   make check: style, types, layers, pages.
PYTHON ?= python3
PYTEST_OPTIONS ?= -n 2 --dist loadfile
BIN := .venv/bin
READY := .venv/ready
FLOORS := supervisor screens store integrations

.DEFAULT_GOAL := help
.PHONY: help demo test check docs bench faults clean tools

help:
	@sed -n '1s/^# //p' Makefile

demo: $(READY)
	@$(BIN)/supervisor demo

test: $(READY) tools
	$(BIN)/pytest $(PYTEST_OPTIONS)

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m docs.generate --check

docs: $(READY)
	$(BIN)/python -m docs.generate

# The peer it is measured against has a folder of its own; where it cannot be installed, its lines are not measured.
HARLEQUIN := .venv/harlequin
bench: $(READY) tools
	@[ -x $(HARLEQUIN)/bin/harlequin ] || { $(BIN)/python -m venv $(HARLEQUIN) \
	  && $(HARLEQUIN)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r bench/requirements.lock; } \
	  || echo "the peer cannot be installed: its lines are not measured" >&2
	BENCH_HARLEQUIN=$(HARLEQUIN)/bin/harlequin $(BIN)/python -m bench

faults: $(READY) tools
	FAULT_KILLS=1000 $(BIN)/pytest tests/faults

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# What tests and measurements need beyond Python: a PostgreSQL of their own to start, and a terminal multiplexer.
tools:
	@.ci/need postgresql 'command -v initdb || ls /usr/lib/postgresql/*/bin/initdb'
	@.ci/need tmux 'command -v tmux'

# Made anew only when the list of packages or the project's own description changes.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name one: make $(MAKECMDGOALS) PYTHON=python3.11" >&2; exit 1; }
	@.ci/need python3-venv '$(PYTHON) -c "import ensurepip, venv"'
	rm -rf .venv
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
