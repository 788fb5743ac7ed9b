"""What holds for the whole tree: layers, Textual in screens alone, no path of one machine, no bare text shown."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = ("supervisor", "screens", "store", "integrations")


def sources(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    assert found
    return found


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = [name for name in listed.stdout.split("\0") if name]
    if not names:
        pytest.skip("not a git work tree")
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def test_the_floors_import_only_what_stands_below() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_only_screens_import_textual() -> None:
    places = {
        path.relative_to(ROOT).parts[0]
        for path in sources(*FLOORS)
        for module in imported(ast.parse(path.read_text(encoding="utf-8")))
        if module.split(".")[0] == "textual"
    }
    assert places == {"screens"}


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


# Written in pieces, so that this file is not its own finding.
ADDRESSES = re.compile("py" + r"pi\.|python" + r"hosted|debian" + r"\.org|npm" + "js|--index" + "-url")
PLACES = re.compile(r"(?<![\w.~-])/(root|work|farm|tmp/lab)/\w")


@pytest.mark.parametrize("what", [ADDRESSES, PLACES], ids=["registry", "machine"])
def test_nothing_names_a_registry_or_a_place_of_one_machine(what: re.Pattern[str]) -> None:
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in what.finditer(text)]
    assert found == []


# -- text from outside ----------------------------------------------------------------------------------------------

FROM_OUTSIDE = {
    "agent", "answer", "attendance", "channel", "company", "detail", "dnc_by", "dnc_why", "floor", "name", "next_note",
    "number", "number_raw", "from_raw", "outcome", "owner", "reason", "ref", "region", "said", "source",
    "taken_by", "team", "tier", "to_raw", "type", "who", "why", "with_whom",
}  # fmt: skip
"""Attributes of rows and snapshots that hold what a telephony system, a file or a person wrote."""

EDGES = {
    "Cell": slice(1), "Option": slice(1, None), "Choice": slice(1), "Ask": slice(None), "Segment": slice(1),
    "say": slice(None), "tell": slice(1), "notify": slice(None), "copy_to_clipboard": slice(None),
}  # fmt: skip
"""Where text becomes part of what a terminal shows, and which arguments are shown."""

HARMLESS = {
    "safe", "sentence", "empty", "len", "sum", "round", "int", "float", "clock", "hour", "ago", "number", "whole",
}  # fmt: skip
"""Functions whose result is safe text, or none of the text they are given."""

BARE = {
    "Static", "Label", "Content", "Text", "Markdown", "RichLog", "OptionList", "DataTable", "from_markup", "print",
    "echo", "secho", "write", "writelines",
}  # fmt: skip
"""What shows a bare text, or obeys markup in it: used in the places below alone."""

LOGS = {"getLogger", "get_logger", "basicConfig", "Logger", "writerow", "writerows"}
"""What logs or writes rows: supervisor/log.py makes every value safe, the writers below every cell."""

ALLOWED = {
    ("screens/app.py", "Text"): "a sentence of our own with a path made safe",
    ("screens/app.py", "write"): "to the crash log",
    ("screens/crash.py", "write"): "to a file",
    ("screens/export.py", "write"): "to a file",
    ("screens/export.py", "writerow"): "heads of our own",
    ("screens/export.py", "writerows"): "every cell by field()",
    ("screens/live.py", "write"): "to a file",
    ("screens/orders/writing.py", "write"): "to a file",
    ("supervisor/cli/audit.py", "print"): "a page, every text in it made safe",
    ("supervisor/cli/audit.py", "write"): "to a file",
    ("supervisor/cli/audit_month.py", "write"): "to a file, and a page, every text in it made safe",
    ("supervisor/cli/common.py", "print"): "the command line's one edge",
    ("supervisor/cli/common.py", "writerow"): "every cell by csv_cell()",
    ("supervisor/cli/common.py", "writerows"): "every cell by csv_cell()",
    ("supervisor/cli/exports.py", "writerow"): "every text by duties.exchange.fields.shown() and guarded()",
    ("supervisor/cli/imports.py", "write"): "lines made safe",
    ("supervisor/cli/init.py", "write"): "to a file, nothing from outside in it",
    ("supervisor/cli/rejects.py", "writerow"): "every cell by csv_cell()",
    ("supervisor/cli/report.py", "write"): "to a file",
    ("supervisor/cli/solutions.py", "write"): "to a file, and lines made safe",
    ("supervisor/log.py", "Logger"): "the log itself",
    ("supervisor/log.py", "getLogger"): "to take what others log in, or to silence them",
}


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def shown_bare(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and name of every attribute from outside that reaches an edge without having been made safe."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        tainted: set[str] = set()
        for node in ast.walk(function):
            if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if any(True for _ in bare(node.value, set())):
                    tainted |= {target.id for target in targets if isinstance(target, ast.Name)}
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and name_of(node) in EDGES:
                named = [keyword.value for keyword in node.keywords if keyword.arg == "message"]
                for argument in [*node.args[EDGES[name_of(node)]], *named]:
                    yield from ((node.lineno, name) for name in bare(argument, tainted))


def bare(expression: ast.AST, tainted: set[str]) -> Iterator[str]:
    """Yield what in `expression` is text from outside; tests and comparisons show nothing."""
    if isinstance(expression, ast.Compare) or (isinstance(expression, ast.Call) and name_of(expression) in HARMLESS):
        return
    if isinstance(expression, ast.IfExp):
        yield from bare(expression.body, tainted)
        yield from bare(expression.orelse, tainted)
        return
    if isinstance(expression, ast.Attribute):
        if expression.attr in FROM_OUTSIDE:
            yield expression.attr
        return
    if isinstance(expression, ast.Name) and expression.id in tainted:
        yield expression.id
    for child in ast.iter_child_nodes(expression):
        yield from bare(child, tainted)


def test_text_from_outside_is_made_safe_where_it_is_shown() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in sources("screens")
        for line, name in shown_bare(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("line", "finds"),
    [
        ("Cell(line.name)", ["name"]),
        ("Cell(safe(line.name))", []),
        ("Cell(f'{line.name}!', 'act')", ["name"]),
        ("Cell(f'{safe(line.name)}!')", []),
        ("Cell('x' if line.team else 'y')", []),
        ("Cell(line.team or 'none')", ["team"]),
        ("name = line.name; Cell(name)", ["name"]),
        ("name = safe(line.name); Cell(name)", []),
        ("self.tell('with ' + line.with_whom)", ["with_whom"]),
        ("Option(line.team, safe(line.team))", []),
        ("Option(line.team, line.team)", ["team"]),
        ("Cell(str(len(line.name)))", []),
        ("app.notify(message=row.reason)", ["reason"]),
    ],
)
def test_the_search_for_bare_text_finds_it(line: str, finds: list[str]) -> None:
    tree = ast.parse("def f(self, line, row, team, app):\n    " + line)
    assert [name for _, name in shown_bare(tree)] == finds


def test_what_shows_bare_text_or_obeys_markup_is_used_nowhere_else() -> None:
    found = {
        (str(path.relative_to(ROOT)), name_of(node))
        for folder, names in (("screens", BARE), ("supervisor/cli", BARE), ("screens", LOGS), ("supervisor", LOGS))
        for path in sources(folder)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and name_of(node) in names and not is_transaction(node)
    }
    assert found - set(ALLOWED) == set()
    assert set(ALLOWED) - found == set(), "allowed, and no longer there"


def unproven(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and source of every argument that goes to a terminal and is not proven to be safe.

    Proven are texts of our own, what `PROVEN` return, and what is made of such or was named by such in the function."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        given: dict[str, list[ast.expr]] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value is not None:
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    given.setdefault(getattr(target, "id", ""), []).append(node.value)
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and TERMINALS.fullmatch(ast.unparse(node.func)):
                yield from (
                    (node.lineno, ast.unparse(argument)) for argument in node.args[:1] if not proven(argument, given)
                )


TERMINALS = re.compile(r"(?:.*\.)?(?:print|stdout\.write|stderr\.write|Text|Content|notify|copy_to_clipboard)")
PROVEN = {"safe", "safe_lines", "help_text", "sentence"}
"""Functions whose result is safe whatever they are given, or is all our own."""


def proven(expression: ast.expr, given: dict[str, list[ast.expr]]) -> bool:
    match expression:
        case ast.Constant():
            return True
        case ast.JoinedStr(values=values):
            return all(proven(value, given) for value in values)
        case ast.FormattedValue(value=value):
            return proven(value, given)
        case ast.BinOp(left=left, right=right) | ast.IfExp(body=left, orelse=right):
            return proven(left, given) and proven(right, given)
        case ast.Call():
            return name_of(expression) in PROVEN
        case ast.Name(id="__version__"):
            return True
        case ast.Name(id=name):
            return name in given and all(proven(value, given) for value in given[name])
    return False


PADDED = {
    ("supervisor/cli/audit.py", "page(day_report(audit, team or None))"): "every text in it made safe",
    ("supervisor/cli/audit_month.py", "page(report)"): "every text in it made safe",
    ("supervisor/cli/common.py", "'  '.join(padded).rstrip()"): "cells made safe, and blanks",
    ("supervisor/cli/common.py", "json_writer.dumps(_safe_json(value), ensure_ascii=False, indent=2)"): "made safe",
    ("screens/live.py", "text"): "a number made safe, or cells, which are safe",
}
"""What is safe for a reason that cannot be read off the expression."""


def test_what_goes_to_a_terminal_is_proven_safe() -> None:
    found = {
        (str(path.relative_to(ROOT)), text)
        for path in sources("screens", "supervisor")
        for _, text in unproven(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == set(PADDED)


@pytest.mark.parametrize(
    ("line", "is_proven"),
    [
        ("print('text of our own')", True),
        ("print(file)", False),
        ("print(f'{safe(file)}: done')", True),
        ("print(f'{file}: done')", False),
        ("sys.stderr.write(str(error))", False),
        ("sys.stderr.write(safe(error))", True),
        ("line = safe(file); print(line)", True),
        ("line = safe(file); line += file; print(line)", False),
        ("Text('' if error else file)", False),
        ("self.app.notify(error.args[0])", False),
        ("sys.stdout.write(safe(file) + file)", False),
    ],
)
def test_the_proof_fails_where_it_should(line: str, is_proven: bool) -> None:
    tree = ast.parse("def f(self, file, error):\n    " + line)
    assert (not list(unproven(tree))) is is_proven


def is_transaction(call: ast.Call) -> bool:
    """Whether it is `store.write()`: a transaction, not a terminal."""
    return name_of(call) == "write" and not call.args
