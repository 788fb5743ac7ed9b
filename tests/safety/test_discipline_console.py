"""Hostile texts in everything that is said of people, against the console's discipline at a real terminal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from supervisor.calendar import day_text
from tests.safety import after_the_payment
from tests.safety.after_the_payment import (
    ALL,
    BEFORE,
    DOWN,
    NOW_US,
    PASTED,
    SECRET,
    TEXTS,
    exported,
    last_line,
    through,
)
from tests.safety.floor import Floor, Terminal
from tests.safety.hostile import markers
from tests.supervisor.duties import selling
from tests.supervisor.duties.selling import DAY_US

HARMLESS = "K05�5;7;35m�[/b][@click=app.bell]e"
"""What is shown of PASTED."""
EACH = len(TEXTS)


def twins(connection: Connection) -> None:
    """A second one in each team, so that one is the best and one the worst; and a call of long ago, since when
    effective calls are due."""
    for at, text in enumerate(TEXTS):
        selling.specialist(connection, f"{text} too", f"twin {at}", text)
    selling.call(connection, "first", "0", TEXTS[0], NOW_US - 45 * DAY_US)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Floor:
    """With what the rules find in the calls of the day before, too."""
    floor = after_the_payment.make(tmp_path_factory.mktemp("discipline"), twins)
    with floor.config.open("a") as config:
        config.write("[discipline]\nfine_per_missing = 5\n")
    floor.run_all({"evaluate": (("flags", "evaluate", "--day", day_text(BEFORE)), 0)})
    return floor


@pytest.fixture
def console(hostile: Floor) -> Iterator[Terminal]:
    """The console on the flags."""
    with after_the_payment.console(hostile, "5", "Flags that wait ·") as terminal:
        yield terminal


def narrow_to(console: Terminal, text: str) -> None:
    """Keep the rows that have `text`."""
    console.press("/", 0.2)
    console.press(text, 0.2)
    console.press("\r", 0.3)
    console.press("g", 0.3)


def test_the_floors_panel_and_the_lists(console: Terminal) -> None:
    console.press("1", 0.3)
    assert len(markers(console.shows("r", "Flags ·"))) >= 10
    console.press("z", 0.4)
    assert through(console, DOWN, 6) == ALL
    console.press("\r", 0.4)
    console.until(lambda shown: "Flags that wait ·" in shown)
    assert through(console, DOWN, 6, slice(110)) == ALL
    console.shows("o", "Decided in 30 days ·")
    assert through(console, DOWN, 6, slice(110)) == ALL
    console.shows("o", "Merits of 30 days ·")
    assert through(console, DOWN, 6, slice(110)) == ALL


@pytest.mark.parametrize(("narrowed", "least"), [("other", 3), ("private call", 3)])
def test_every_flag_beside_its_list(console: Terminal, narrowed: str, least: int) -> None:
    narrow_to(console, narrowed)
    title = next(line for line in console.shown.splitlines() if "── Calls behind it" in line)
    at = title.index("── Calls behind it") - len(title)  # from the right: wide characters are two columns
    seen: set[str] = set()
    for _ in TEXTS:
        console.until(lambda shown: "What became of it" in shown)
        console.read(0.2)
        beside = "\n".join(line[at:] for line in console.shown.splitlines()[2:-1])
        whose = markers(beside.splitlines()[1])
        assert whose and beside.count(next(iter(whose))) >= least, beside
        seen |= whose
        console.press("j", 0.2)
    assert len(seen) == EACH


def test_decisions_and_what_is_told(console: Terminal) -> None:
    narrow_to(console, "K07 other")
    for key, asked in (("d", "Dismiss "), ("l", "Talked with "), ("w", "Warn "), ("e", "what do they say")):
        shown = console.shows(key, asked)
        assert "K07␍over" in shown[shown.index(asked) - 40 :], asked
        console.press("\x1b", 0.3)
    console.shows("e", "what do they say")
    console.press(PASTED, 0.2)
    console.shows("", HARMLESS)
    console.press("\r")
    assert "K07␍over" in last_line(console, "●")
    console.until(lambda shown: HARMLESS in shown)
    assert HARMLESS in console.shows("d", "Dismiss ").partition("Dismiss ")[2]
    console.press("\r")
    assert "K07␍over" in last_line(console, "●")
    console.press("u")
    assert "K07␍over" in last_line(console, "undone")


def test_fines_rewards_and_flags_by_hand(console: Terminal) -> None:
    narrow_to(console, "K14 other")
    assert "K14[/b][/]" in console.shows("f", "Their name").partition("Fine ")[2]
    for text in ("12", PASTED, PASTED):
        console.press(text, 0.2)
        console.press("\t", 0.1)
    console.until(lambda shown: shown.count(HARMLESS) >= 2 and "type K14[/b][/] to confirm" in shown)
    console.press("\x1b", 0.3)
    console.press("O")
    console.until(lambda shown: "K14[/b][/]: what was seen?" in shown)
    console.press(PASTED, 0.2)
    console.press("\r")
    assert "K14[/b][/]" in last_line(console, "●")
    console.press("u")
    assert "K14[/b][/]" in last_line(console, "undone")
    console.press("\x1b", 0.3)
    console.shows("o", "Decided in 30 days ·")
    console.shows("o", "Merits of 30 days ·")
    narrow_to(console, "K14")
    assert "K14[/b][/]" in console.shows("r", "thanks alone").partition("Reward ")[2]
    console.press("\t", 0.1)
    console.press(PASTED, 0.2)
    console.press("\x13")
    assert "K14[/b][/]" in last_line(console, "●")


def test_every_page_and_its_talks(console: Terminal) -> None:
    narrow_to(console, "other")
    console.shows("p", "Flags and merits ·")
    seen: set[str] = set()
    for _ in TEXTS:
        console.read(0.2)
        (whose,) = markers(console.shown.splitlines()[1])
        assert console.shown.count(whose) >= 6, console.shown
        seen.add(whose)
        console.press("J", 0.3)
    assert seen == ALL
    shown = console.shows("l", SECRET)
    (whose,) = markers(shown.splitlines()[1])
    assert shown.count(whose) >= 4
    assert whose in console.shows("n", "What was the talk with").partition("What was the talk with")[2]
    console.press("\r", 0.3)
    console.until(lambda shown: "what was said?" in shown)
    console.press(PASTED, 0.2)
    console.press("\r")
    assert whose in last_line(console, "●")
    console.until(lambda shown: HARMLESS in shown)


def test_attendance_and_its_export(console: Terminal, hostile: Floor) -> None:
    console.shows("a", "Attendance ·")
    assert through(console, DOWN, 3) == ALL
    console.press("g", 0.2)
    whose = markers(console.shows("e", "From when until when").partition("From when")[2].splitlines()[0])
    assert whose
    console.press("\x1b", 0.3)
    console.press("l")
    assert markers(last_line(console, "●")) == whose
    heads, *rows = exported(console, hostile, "discipline")
    for column in ("specialist", "team"):
        assert markers(" ".join(row[heads.index(column)] for row in rows)) == ALL, column


def test_money_and_its_exports(console: Terminal, hostile: Floor) -> None:
    console.shows("m", "Proposed fines · 50")
    assert through(console, DOWN, 4) == ALL
    console.press("g", 0.2)
    asked = console.shows("f", "Their name").partition("Fine ")[2]
    assert markers(asked.splitlines()[0])
    for text in ("\t", PASTED, "\t", PASTED):
        console.press(text, 0.2)
    console.until(lambda shown: HARMLESS in shown and "to confirm" in shown)
    console.press("\x1b", 0.3)
    heads, *rows = exported(console, hostile, "discipline")
    assert markers(" ".join(row[heads.index("specialist")] for row in rows)) == ALL
    console.press("\t", 0.3)
    assert through(console, DOWN, 4, slice(60, None)) == ALL
    heads, *rows = exported(console, hostile, "discipline-ledger")
    for column in ("specialist", "why", "by"):
        assert markers(" ".join(row[heads.index(column)] for row in rows)) == ALL, column
    assert markers(console.shows("r", "Who is rewarded?").partition("Who is rewarded?")[2])


def test_trying_a_threshold_out(console: Terminal, hostile: Floor) -> None:
    console.shows("v", "Thresholds ·")
    console.press("/", 0.2)
    console.press("private_talk_minutes", 0.2)
    console.press("\r", 0.3)
    console.press("\r", 0.3)
    console.until(lambda shown: "which value instead of" in shown)
    console.press("90", 0.2)
    console.press("\r", 0.3)
    console.until(lambda shown: "fall away" in shown)
    console.read(0.3)
    assert through(console, DOWN, 3) == ALL
    heads, *rows = exported(console, hostile, "discipline-changes")
    for column in ("specialist", "team", "words"):
        assert markers(" ".join(row[heads.index(column)] for row in rows)) == ALL, column


def test_the_best_and_the_worst(console: Terminal, hostile: Floor) -> None:
    console.shows("b", "The longest and the shortest ·")
    narrow_to(console, "dials")
    assert markers("\n".join(line[:20] for line in console.shown.splitlines()[1:])) == ALL
    assert markers("\n".join(line[60:] for line in console.shown.splitlines()[1:])) == ALL
    heads, *rows = exported(console, hostile, "discipline")
    for column in ("team", "best", "worst"):
        assert markers(" ".join(row[heads.index(column)] for row in rows)) == ALL, column
    assert markers(console.shows("\r", "Flags and merits ·").splitlines()[1])


@pytest.mark.parametrize(
    ("keys", "stem", "columns"),
    [
        ("g", "discipline", ("specialist", "team", "words", "reply", "raised_by")),
        ("o", "discipline-decided", ("specialist", "words", "reply", "why", "decided_by", "raised_by")),
        ("oo", "discipline-merits", ("specialist", "team", "words", "raised_by")),
    ],
)
def test_exports(console: Terminal, hostile: Floor, keys: str, stem: str, columns: tuple[str, ...]) -> None:
    for key in keys:
        console.press(key, 0.4)
    heads, *rows = exported(console, hostile, stem)
    for column in columns:  # a flag or two may have been decided, or replied to, by other tests
        found = markers(" ".join(row[heads.index(column)] for row in rows))
        assert len(ALL - found) <= 2, column
