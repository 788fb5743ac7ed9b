"""Hostile texts in calls, logs, decisions and signatures, against the audit: its commands and the console's mode 8."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sqlalchemy import Connection

from store import customer_acts, flag_book, matching
from store.contacts import HAND
from store.engine import create_store
from store.matching import NewEntry
from supervisor import config as configuration
from supervisor.calendar import day_text
from supervisor.config import Config
from supervisor.duties.acting import Doer
from supervisor.duties.audit import acts
from supervisor.duties.audit.seal import sign
from supervisor.duties.discipline import acts as flags
from tests.safety import after_the_payment
from tests.safety.after_the_payment import (
    ALL,
    BEFORE,
    CALENDAR,
    DOWN,
    NOW_US,
    PASTED,
    TEXTS,
    TODAY,
    exported,
    last_line,
    through,
)
from tests.safety.floor import Floor, Terminal, Words
from tests.safety.hostile import COCKTAIL, assert_neutral, markers
from tests.safety.test_matrix import assert_no_formula
from tests.supervisor.duties import selling
from tests.supervisor.duties.selling import DAY_US, HOUR, S

HARMLESS = "K05�5;7;35m�[/b][@click=app.bell]e"
"""What is shown of PASTED."""


def noon_us(ago: int) -> int:
    """Noon of so many days before the one that is audited."""
    return CALENDAR.bounds(CALENDAR.day_of(NOW_US - DAY_US))[0] + 12 * HOUR - ago * DAY_US


def day_ago(ago: int) -> int:
    return CALENDAR.day_of(noon_us(ago))


REVISED = day_ago(1)
"""A signed day in which calls came to light since."""
CALM, CALM_TOO = day_ago(40), day_ago(41)
"""Days without a call that nobody signed."""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Floor:
    """With calls that nobody logged, logs without a call, decisions and seals: one for each text, by one of its name.
    To what the rules
    found in the calls of private numbers, they replied."""
    floor = after_the_payment.make(tmp_path_factory.mktemp("audited"))
    with floor.config.open("a") as file:
        file.write('[discipline]\nfine_per_missing = 5\ncustomer_hours = "00:00-23:59"\n')
    config = configuration.load(floor.environment)
    url = f"sqlite:///{floor.folder / 'floor.db'}"
    with contextlib.closing(create_store(url)) as store:
        with store.write() as connection:
            selling.call(connection, "first", "0", TEXTS[0], noon_us(45))  # before it, no log is history
            people = {row.specialist: row.specialist_id or 0 for row in flag_book.waiting(connection)}
            for at, text in enumerate(TEXTS):
                fill(connection, config, at, text, people[text])
        with store.write() as connection:
            seals(connection, config)
    floor.run_all({"evaluate": (("flags", "evaluate", "--day", day_text(BEFORE)), 0)})
    with contextlib.closing(create_store(url)) as store, store.write() as connection:
        for flag in flag_book.waiting(connection):
            if flag.rule == "private_call":
                flags.reply(connection, doer_of(flag.specialist, config), flag.flag_id, flag.version, flag.specialist)
    return floor


def doer_of(text: str, config: Config) -> Doer:
    return Doer(text, NOW_US, TODAY, selling.RULES.numbers, config)


def fill(connection: Connection, config: Config, at: int, text: str, specialist_id: int) -> None:
    number, doer = f"+49305550{at:02}", doer_of(text, config)
    customer_id = selling.customer(connection, f"U{at}-{text}", text, number)
    selling.call(connection, f"u{at}", f"{at}", number, noon_us(0), 200)
    for hours in (1, 2):
        entry = NewEntry(
            customer_id, noon_us(0) - hours * HOUR, BEFORE, "call", HAND, entered_by=text, specialist_id=specialist_id,
            outcome=text, note=text, claimed_ms=300_000,
        )  # fmt: skip
        matching.append_entries(connection, [entry], doer.numbers, doer.now_us)
    written = customer_acts.newest_entry(connection, customer_id)
    acts.accept(connection, doer, config, BEFORE, f"log:{written}", text)
    selling.call(connection, f"signed {at}", f"{at}", f"{text} 2", noon_us(1), 5)


def seals(connection: Connection, config: Config) -> None:
    for at, text in enumerate(TEXTS):
        sign(connection, doer_of(text, config), config, day_ago(1 + at), text)
    for at, text in enumerate(TEXTS):
        selling.call(connection, f"late {at}", f"{at}", f"{text} 3", noon_us(1) + 60 * S, 5)


# -- the commands -------------------------------------------------------------------------------------------------


class _Tags(HTMLParser):
    """The names of all tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {tag, *(name for name, _ in attrs)}


def test_commands_show_everything_and_obey_nothing(hostile: Floor) -> None:
    day, month = day_text(BEFORE), day_text(BEFORE)[:7]
    page, of_team, signed = (str(hostile.folder / f"{name}.html") for name in ("day", "team", "signed"))
    lines: dict[str, tuple[Words, int]] = {
        "day_table": (("audit", "day", day), 1),
        "day_csv": (("audit", "day", day, "--format", "csv"), 1),
        "day_html": (("audit", "day", day, "--format", "html"), 1),
        "revised": (("audit", "day", day_text(REVISED)), 0),
        "team": (("audit", "day", day, "--team", TEXTS[0]), 1),
        "month_table": (("audit", "month", month, "--sample", "100"), 1),
        "month_csv": (("audit", "month", month, "--format", "csv"), 1),
        "verify_table": (("audit", "verify"), 0),
        "verify_csv": (("audit", "verify", "--format", "csv"), 0),
        "report": (("report", "day", day, "--format", "html", "--output", page), 0),
        "of_team": (("report", "day", day, "--team", TEXTS[0], "--output", of_team), 0),
        "signed": (("report", "day", day_text(REVISED), "--output", signed), 0),
    }
    said = hostile.run_all(lines)
    for name, text in said.items():
        if name in ("team", "report", "of_team", "signed"):
            continue
        assert markers(text) == ALL, name
        if name.endswith("_csv"):
            rows = [row for row in assert_no_formula(text.replace("\r\n", "\n")) if row]
            assert len({len(row) for row in rows}) == 1, name
        elif not name.endswith("_html"):
            assert all("␛" in line or line.isprintable() or "\u200d" in line for line in text.splitlines()), name
    assert markers(said["team"]) >= {"K00"} and "K00␛[5;7;35mred" in said["team"]
    assert "signed by K00␛[5;7;35mred" in said["revised"] and "revised since: K00␛" in said["revised"]
    heads, *rows = [row for row in assert_no_formula(said["day_csv"].replace("\r\n", "\n")) if row]
    for column in ("specialist", "team", "customer", "number", "outcome", "why"):
        assert markers(" ".join(row[heads.index(column)] for row in rows)) == ALL, column
    for path, least in ((page, ALL), (of_team, {"K00"}), (signed, ALL)):
        written = assert_neutral(Path(path).read_bytes())
        assert markers(written) >= least and "K00␛[5;7;35mred" in written, path
        tags = _Tags()
        tags.feed(written)
        assert "table" in tags.found and not tags.found & {"script", "a", "img", "iframe", "href", "src"}, path
        assert not any(name.startswith("on") for name in tags.found), path


def test_what_is_said_to_the_commands_is_not_repeated_as_it_was(hostile: Floor) -> None:
    calm = day_text(CALM_TOO)
    said = hostile.run_all(
        {
            "day": (("audit", "day", COCKTAIL), 2),
            "team": (("audit", "day", "--team", COCKTAIL), 2),
            "month": (("audit", "month", COCKTAIL), 2),
            "month_team": (("audit", "month", "--team", COCKTAIL), 2),
            "report": (("report", "day", COCKTAIL), 2),
            "report_team": (("report", "day", "--team", COCKTAIL), 2),
            "report_file": (("report", "day", "--output", COCKTAIL), 2),
            "whose": (("audit", "sign", COCKTAIL, "--sentence", COCKTAIL, "--yes"), 2),
            "sign": (("audit", "sign", calm, "--sentence", COCKTAIL, "--yes"), 0),
            "again": (("audit", "sign", calm, "--sentence", COCKTAIL, "--yes"), 2),
            "told": (("audit", "day", calm), 0),
            "proved": (("audit", "verify"), 0),
        }
    )
    assert "is signed and sealed" in said.pop("sign")
    for name, text in said.items():
        assert "Traceback" not in text and ("␛]0;title" in text or "\\x1b]0;title" in text), (name, text)
    asked = Terminal(hostile.words("audit", "sign", day_text(CALM), "--sentence", COCKTAIL), hostile.environment)
    asked.until(lambda shown: "type the day to sign" in shown)
    asked.press("no\r")
    ran = asked.end()
    assert ran.status == 2 and "nothing is signed" in assert_neutral(ran.raw)
    assert "signed by ␛]0;title" in ran.raw.decode()


# -- the console --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def opened(hostile: Floor) -> Iterator[Terminal]:
    """One console for all tests, on the audit of the day before."""
    with after_the_payment.console(hostile, "8", "Discrepancies ·") as terminal:
        go_to(terminal, BEFORE, "Discrepancies · 100")
        yield terminal


@pytest.fixture
def console(opened: Terminal) -> Terminal:
    """On the discrepancies of the day before, all of them."""
    for _ in range(3):
        if "Discrepancies · 100" not in opened.shown:
            opened.press("\x1b", 0.2)
    if "Discrepancies · 100" not in opened.shown:
        go_to(opened, BEFORE, "Discrepancies · 100")
    opened.press("g", 0.1)
    return opened


def go_to(console: Terminal, day: int, text: str) -> None:
    """Audit another day, in which `text` stands on the screen."""
    console.shows("d", "The audit of which day?")
    console.press(f"{day_text(day)}\r", 0.3)
    console.until(lambda shown: text in shown and "Reading" not in shown.splitlines()[-1])


def narrow_to(console: Terminal, text: str) -> None:
    """Keep the rows that have `text`."""
    console.press("/", 0.1)
    console.press(f"{text}\r", 0.2)
    console.press("g", 0.2)


def beside(console: Terminal) -> str:
    """What stands beside the list."""
    lines = console.shown.splitlines()
    title = next(line for line in lines if "── Calls of " in line)
    at = title.index("── Calls of ") - len(title)  # from the right: wide characters are two columns
    return "\n".join(line[at:] for line in lines if len(line) >= -at)


def owner(console: Terminal) -> set[str]:
    """Whose the marked one is, as the title beside the list says."""
    return markers(next(line for line in beside(console).splitlines() if "── Calls of " in line))


@pytest.mark.parametrize(("narrowed", "least"), [("accepted", 6), ("private", 5)])
def test_the_list_and_every_sixth_item_beside_it(console: Terminal, narrowed: str, least: int) -> None:
    narrow_to(console, narrowed)
    assert through(console, DOWN, 1, slice(110)) == ALL
    seen: set[str] = set()
    for _ in TEXTS[::6]:
        console.until(lambda _: owner(console) - seen)
        console.read(0.05)
        (whose,) = owner(console)
        assert beside(console).count(whose) >= least, beside(console)
        seen.add(whose)
        console.press("j" * 6, 0.05)


def test_the_ways_to_correct_and_one_carried_through(console: Terminal) -> None:
    narrow_to(console, "private")
    asked = console.shows("c", "how?").partition("Correct ")[2]
    assert markers(asked.splitlines()[0]) == owner(console)
    console.shows("\r", "which customer?")
    found = console.shows("K1", "K19").partition("which customer?")[2]
    assert len(markers(found)) >= 3
    console.press("\x1b", 0.3)
    narrow_to(console, "unlogged")
    (whose,) = owner(console)
    console.shows("c", "how?")
    console.press("\x1b[B")
    asked = console.shows("\r", ": note?")
    assert whose in next(line for line in asked.splitlines() if ": note?" in line)
    console.shows(PASTED, HARMLESS)
    console.press("\r")
    assert whose in last_line(console, "the missing log is written")
    console.press("u")
    assert whose in last_line(console, "undone: corrected")


def test_accepting_and_flagging_with_words(console: Terminal) -> None:
    narrow_to(console, "unlogged")
    (whose,) = owner(console)
    assert whose in console.shows("y", ": why?").partition("Accept ")[2].splitlines()[0]
    console.shows(PASTED, HARMLESS)
    console.press("\r")
    assert whose in last_line(console, ": accepted")
    console.press("G", 0.2)  # what is decided goes to the end
    console.until(lambda _: "accepted by ␛]0;title" in beside(console) and HARMLESS in beside(console))
    console.press("u")
    assert whose in last_line(console, "undone: ")
    console.until(lambda _: HARMLESS not in beside(console))
    assert whose in console.shows("f", ": what for?").partition("Flag ")[2].splitlines()[0]
    console.shows(PASTED, HARMLESS)
    console.press("\r")
    assert whose in last_line(console, "flagged, ")
    narrow_to(console, "private")
    (whose,) = owner(console)
    console.press("y")
    assert whose in last_line(console, "private candidate, ")


def test_specialists_calls_logs_and_seals(console: Terminal, hostile: Floor) -> None:
    heads, *rows = exported(console, hostile, "audit")
    for column in ("specialist", "team", "customer", "number", "why", "explanation", "decided_by", "decided_why"):
        assert markers(" ".join(row[heads.index(column)] for row in rows)) == ALL, column
    console.shows("o", "Specialists · 25")
    assert through(console, DOWN, 3, slice(110)) == ALL
    console.press("g", 0.1)
    console.press("\r")
    assert len(markers(console.until(lambda shown: "with a call" in shown))) >= 2
    console.press("\x1b", 0.2)
    lists = {
        "All calls · 50": ("calls", ("specialist", "team", "customer", "number", "why")),
        "All logs · 50": ("logs", ("specialist", "team", "customer", "outcome", "note", "why")),
    }
    for title, (name, columns) in lists.items():
        console.shows("o", title)
        assert through(console, DOWN, 3, slice(110)) == ALL, name
        heads, *rows = exported(console, hostile, f"audit-{name}")
        for column in columns:
            assert markers(" ".join(row[heads.index(column)] for row in rows)) == ALL, (name, column)
    console.shows("o", "the chain holds")
    assert through(console, DOWN, 3) == ALL


def test_a_revised_day_and_a_signature(console: Terminal, hostile: Floor) -> None:
    go_to(console, REVISED, "since it was signed")
    signed = next(line for line in console.shown.splitlines() if "signed by " in line)
    assert signed.count("K00␛[5;7;35mred") == 2, "who signed, and the sentence"
    console.shows("ooooo", "Revisions · 5")
    assert through(console, DOWN, 3) == ALL
    heads, *rows = exported(console, hostile, "audit-revisions")
    assert markers(" ".join(row[heads.index("what")] for row in rows)) == ALL
    go_to(console, CALM, "no call and no log on this day")
    assert "␛]0;title" in console.shows("n", "a signature is not undone").partition("Sign ")[2]
    console.shows(PASTED, HARMLESS)
    console.press("\x13")
    last_line(console, "is signed and sealed")
    assert HARMLESS in console.until(lambda shown: "signed by ␛]0;title" in shown)
