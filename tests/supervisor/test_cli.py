"""The command line: what starts fast, what is understood everywhere, and how failures are told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from supervisor.__main__ import help_text, take_everywhere
from supervisor.cli import COMMANDS, common

SUPERVISOR = [sys.executable, "-m", "supervisor"]


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment whose user has nothing yet."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUPERVISOR_", "XDG_"))}
    return {**kept, "HOME": str(tmp_path / "home"), "XDG_CONFIG_DIRS": str(tmp_path / "machine")}


def run(home: dict[str, str], *arguments: str, **options: str) -> subprocess.CompletedProcess[str]:
    environment = {**home, **options}
    return subprocess.run(
        [*SUPERVISOR, *arguments], env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def complaint(done: subprocess.CompletedProcess[str]) -> str:
    """The one line on stderr of a command that ended with status 2."""
    assert done.returncode == 2, done
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("supervisor: ")
    return done.stderr


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_version_and_help_import_nothing_that_is_slow(argument: str, home: dict[str, str]) -> None:
    script = (
        f"import sys; sys.argv = ['supervisor', {argument!r}]\n"
        "from supervisor.__main__ import main\n"
        "try: main()\n"
        "except SystemExit as end: status = end.code\n"
        "slow = {'typer', 'rich', 'textual', 'msgspec', 'sqlalchemy', 'asyncio', 'difflib', 're'} & set(sys.modules)\n"
        "print(status, sorted(slow), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", script], capture_output=True, text=True, env=home, timeout=60, check=True
    )
    # `re` is loaded by the interpreter itself where a .pth file of an editable install asks for it
    assert done.stderr.replace("['re']", "[]") == "0 []\n"
    assert done.stdout


def test_help_names_every_command_once() -> None:
    lines = help_text().splitlines()
    for name, command in COMMANDS.items():
        assert [line for line in lines if line.split()[:1] == [name]] == [f"  {name:<12}{command.help}"]
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, home: dict[str, str]) -> None:
    done = run(home, name, "--help")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"Usage: supervisor {name}")
    assert not {"╭", "␊"} & set(done.stdout)


def test_an_unknown_command_is_answered_with_the_nearest(home: dict[str, str]) -> None:
    assert complaint(run(home, "docter")) == "supervisor: no command 'docter'; did you mean 'doctor'?\n"
    assert complaint(run(home, "zzyzx")) == "supervisor: no command 'zzyzx'; see supervisor --help\n"
    assert "\x1b" not in complaint(run(home, "\x1b]0;x\x07"))


def test_the_console_says_that_it_needs_a_terminal(home: dict[str, str]) -> None:
    assert run(home, "init").returncode == 0
    assert "the console needs a terminal" in complaint(run(home, "console"))


def test_an_unknown_option_is_one_line(home: dict[str, str]) -> None:
    assert "--froce" in complaint(run(home, "init", "--froce"))


def test_config_and_store_are_understood_anywhere() -> None:
    assert take_everywhere(["--config", "a", "calls", "--day", "1", "--store=b"]) == (
        ["calls", "--day", "1"],
        {"SUPERVISOR_CONFIG": "a", "SUPERVISOR_STORE": "b"},
    )
    assert take_everywhere(["x", "--", "--config", "c"]) == (["x", "--", "--config", "c"], {})
    for missing in (["calls", "--store"], ["--config=", "calls"]):
        with pytest.raises(ValueError, match="needs a value"):
            take_everywhere(missing)


def test_init_writes_once_and_makes_the_store(home: dict[str, str], tmp_path: Path) -> None:
    file, store = tmp_path / "new" / "floor.toml", tmp_path / "floor.db"
    assert run(home, "init", "--config", str(file), "--store", str(store)).returncode == 0
    assert store.stat().st_mode & 0o777 == 0o600
    written = file.read_text()
    file.write_text("# mine\n" + written)
    assert "is there already; --force" in complaint(run(home, "init", "--config", str(file)))
    assert file.read_text().startswith("# mine")
    assert run(home, "--config", str(file), "init", "--force", "--store", str(store)).returncode == 0
    assert file.read_text() == written


def test_init_does_not_follow_a_link(home: dict[str, str], tmp_path: Path) -> None:
    target = tmp_path / "target"
    (tmp_path / "floor.toml").symlink_to(target)
    complaint(run(home, "init", "--config", str(tmp_path / "floor.toml")))
    assert not target.exists()


def test_without_a_configuration_one_line_says_what_to_do(home: dict[str, str]) -> None:
    assert "supervisor init writes" in complaint(run(home, "status"))


def test_the_doctor_goes_on_without_a_configuration(home: dict[str, str]) -> None:
    done = run(home, "doctor")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0].startswith("✕   configuration  no configuration yet: supervisor init writes")
    assert any(line.startswith("ok  terminal") for line in lines)


def test_the_doctor_finds_a_fresh_floor_sound(home: dict[str, str]) -> None:
    assert run(home, "init").returncode == 0
    done = run(home, "doctor", "--format", "json")
    assert done.returncode == 0, done.stdout
    found = {line["subject"]: line for line in json.loads(done.stdout)}
    assert found["configuration"]["level"] == found["store writing"]["level"] == found["log"]["level"] == "ok"
    assert found["sources"] == {
        "subject": "sources",
        "level": "warn",
        "detail": "none is configured yet; add a [sources.NAME], see docs/connecting.md",
    }


def test_the_doctor_asks_every_source_and_names_what_is_wrong(home: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "floor.toml"
    odd = "[sources.odd]\ntype = 'asterix'\n[sources.typo]\ntype = 'simulated'\nsede = 1"
    file.write_text("[sources.play]\ntype = 'simulated'\n" + odd)
    done = run(home, "doctor", "--config", str(file), "--store", str(tmp_path / "none.db"))
    assert done.returncode == 1
    lines = {line.split()[1]: line for line in done.stdout.splitlines()}
    assert lines["play"].startswith("ok  play")
    assert "'asterix' is not installed; did you mean 'asterisk'?" in lines["odd"]
    assert "unknown key 'sources.typo.sede'; did you mean 'seed'?" in lines["typo"]
    assert lines["store"].startswith("✕   store")
    assert "none.db" in lines["store"]


def test_a_reader_that_goes_away_is_no_error(home: dict[str, str]) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([*SUPERVISOR, "--help"], stdout=write, stderr=subprocess.PIPE, env=home, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_terminal_without_the_characters_is_no_error(home: dict[str, str]) -> None:
    done = run(home, "doctor", PYTHONIOENCODING="ascii:strict")
    assert done.returncode == 1
    assert done.stdout.startswith("?   configuration")


HOSTILE = "\x1b]52;c;eA==\x07 [/b] \u202e\x9b31m"


def test_what_is_printed_obeys_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    common.table(["name", "n"], [[HOSTILE, 3], ["鑫达", 12]], frozenset({1}))
    common.json({HOSTILE: [HOSTILE, 1.5, None, True]})
    common.csv([HOSTILE], [[HOSTILE]])
    common.say(HOSTILE)
    common.warn(HOSTILE)
    with pytest.raises(SystemExit) as ended:
        common.fail(HOSTILE)
    assert ended.value.code == 2
    out, err = capsys.readouterr()
    assert out.count("[/b]") == 6
    assert not {character for character in out + err if not character.isprintable()} - {"\n"}


def test_a_table_is_aligned_by_the_width_of_its_characters(capsys: pytest.CaptureFixture[str]) -> None:
    common.table(["name", "n"], [["鑫达", 12], ["Bo", None], ["Chiara", 3]], frozenset({1}))
    assert capsys.readouterr().out == "name     n\n鑫达    12\nBo\nChiara   3\n"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@x", "'@x"),
        ("-x", "'-x"),
        ("+x", "'+x"),
        ("\tx", "'␉x"),
        ("+491234567", "+491234567"),
        (-5, "-5"),
        ("a,b", '"a,b"'),
        (None, ""),
    ],
)
def test_a_spreadsheet_finds_no_formula(value: object, written: str, capsys: pytest.CaptureFixture[str]) -> None:
    common.csv(["x", "y"], [[value, 1]])
    assert capsys.readouterr().out == f"x,y\n{written},1\n"
