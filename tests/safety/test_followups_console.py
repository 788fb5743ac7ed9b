"""Hostile texts in everything a customer has, against the console's follow-ups at a real terminal."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from store import calls, matching, roster
from store.counting import histogram_kept
from store.engine import create_store
from store.matching import NewEntry
from tests.safety import floor as made
from tests.safety.floor import Floor, Terminal
from tests.safety.hostile import CLIPBOARD, COCKTAIL, CONSOLE, PAYLOADS, assert_neutral, is_forbidden, markers
from tests.safety.test_matrix import assert_no_formula
from tests.store.customers_made import customer
from tests.store.records import RULES, leg

TEXTS = [made.without(text, "\0") for text in PAYLOADS.values()]
ALL = set(PAYLOADS)
S = 1_000_000
DAY_US = 86_400 * S
PASTED = "\x1b[200~K05\x9b5;7;35m\u202e[/b][@click=app.bell]e\x1b[201~"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Floor:
    """A store with a customer for each text, in which everything that can be said is that text; each waits for whose
    call it was, and has a double."""
    floor = made.make(tmp_path_factory.mktemp("followups"), 1, 1)
    floor.config.write_text(floor.config.read_text().split("[sources.records]")[0])
    now_us = time.time_ns() // 1000
    today = int(time.strftime("%Y%m%d", time.gmtime()))
    with closing(create_store(str(floor.folder / "floor.db"))) as store, store.write() as connection:
        source = roster.source(connection, "pbx", "files")
        legs, whom = [], list[int]()
        for at, text in enumerate(TEXTS):
            owner = roster.put_specialist(connection, None, text, {"team_id": roster.team(connection, text)})
            roster.assign(connection, roster.identity(connection, source, text), owner, 20200101)
            said = {
                "company": text, "company_key": f"k{at}", "region": text, "type": text, "next_note": text,
                "owner_id": owner, "next_day": today,
            }  # fmt: skip
            one = customer(connection, text, ref=text, tier=at % 4, **said)
            whom.append(one)
            customer(connection, text, ref=f"other {text}", contacts=3, taken_by=text, **said)
            for person in (text, text[::-1]):
                connection.exec_driver_sql(
                    "INSERT INTO customer_person (customer_id, name) VALUES (?, ?)", (one, person)
                )
            entries = [
                NewEntry(
                    one, now_us - n * DAY_US, today, channel, "hand", entered_by=text, specialist_id=owner,
                    outcome=text, note=text, claimed_ms=60_000,
                )
                for n, channel in enumerate(("call", "visit"))
            ]  # fmt: skip
            matching.append_entries(connection, entries, RULES.numbers, now_us)
            for name, number in (("shared", text), ("unknown", f"nobody {text}")):
                started = now_us - DAY_US - at * S
                legs.append(
                    leg(
                        f"{name}-{at}", agent=text, number=number, to_raw=number, started_us=started,
                        answered_us=started, ended_us=started + 60 * S, day=today,
                    )
                )  # fmt: skip
        calls.ingest(connection, source, legs, RULES, None, now_us)
        with histogram_kept(connection, whom):
            connection.exec_driver_sql(
                f"UPDATE customer SET contacts = 9 + 4 * (id % 4 / 2) WHERE id IN ({', '.join(map(str, whom))})"
            )
        connection.exec_driver_sql(
            "UPDATE customer SET dnc_us = ?, dnc_why = ?, dnc_by = ? WHERE ref LIKE 'other K00%'",
            (now_us, COCKTAIL, COCKTAIL),
        )
    return floor


@pytest.fixture
def console(hostile: Floor) -> Iterator[Terminal]:
    """The console on the follow-ups; when a test ends it ends well, having written nothing but what is its own."""
    terminal = Terminal(hostile.words("console"), hostile.environment)
    try:
        terminal.until(lambda shown: "in the window" in shown)
        terminal.press("2")
        terminal.until(lambda shown: "Queue ·" in shown and "as configured" in shown)
        terminal.read(0.5)
        yield terminal
        for _ in range(4):
            terminal.press("\x1b", 0.3)
        terminal.press("q")
        ran = terminal.end()
    finally:
        terminal.child.kill()
        terminal.end()
    assert ran.status == 0
    assert_neutral(re.sub(CLIPBOARD, "", ran.raw.decode()).encode(), CONSOLE)


def test_the_floors_panel_the_queue_and_every_story(console: Terminal) -> None:
    console.press("1", 0.4)
    assert len(markers(console.shows("f", "in the window"))) >= 10
    console.press("z", 0.4)
    console.press("2", 0.4)
    assert len(markers(console.shown)) >= 20
    console.press("g", 0.2)
    console.press("\r", 0.6)
    seen: set[str] = set()
    for _ in range(len(TEXTS)):
        story = "\n".join(line[90:] for line in console.press("J", 0.25).splitlines()[2:])
        found = markers(story)
        if found:
            assert story.count(next(iter(found))) >= 6, story
        seen |= found
    assert len(seen) >= 20
    console.press("y", 0.3)
    (copied,) = [base64.b64decode(found).decode() for found in CLIPBOARD.findall(console.raw.decode(errors="replace"))]
    assert markers(copied) and not any(is_forbidden(c) for c in copied if c != "\t")


def test_questions_and_what_is_told(console: Terminal) -> None:
    console.press("/", 0.2)
    console.shows(PASTED, "[@click=app.bell]")
    console.shows("\r", "Nobody matches")
    console.press("\x1b", 0.4)
    for key, asked in (("c", "how?"), ("n", "Next contact with"), ("x", "Never call"), ("f", "Find a customer")):
        console.shows(key, asked)
        console.press("\x1b", 0.4)
    assert len(markers(console.shows("o", "hand over to whom?").partition("to whom?")[2])) >= 8
    console.press("\r", 0.5)
    console.until(lambda shown: "'s now" in shown.splitlines()[-1])
    console.press("v", 0.5)
    console.shows("n", "when, and what for?")
    console.press("fri, ", 0.2)
    console.press(PASTED, 0.3)
    console.shows("", "[@click=app.bell]")
    console.press("\r", 0.5)
    console.shows("x", "why?")
    console.press(PASTED, 0.3)
    console.press("\r", 0.5)
    console.until(lambda shown: "do-not-call now" in shown.splitlines()[-1])
    console.press("u", 0.5)
    console.until(lambda shown: "undone" in shown.splitlines()[-1])
    console.shows("t", "Show which team?")
    console.press("\x1b", 0.4)
    console.shows("f", "Find a customer")
    console.press("k00", 0.6)
    console.press("\x1b", 0.4)
    console.shows("?", "Keys of the follow-ups")


def test_the_inbox_the_doubles_and_those_past_the_window(console: Terminal) -> None:
    assert len(markers(console.shows("b", "Past the window ·"))) >= 8
    assert markers(console.shows("i", "Whose call was this? ·")) == ALL
    console.press("g", 0.3)
    console.press("\r", 0.4)
    console.until(lambda shown: "Whose was the call" in shown or "Whose number is" in shown)
    console.press("\x1b", 0.4)
    console.press("G", 0.3)
    console.press("\r", 0.4)
    console.press("\x1b", 0.4)
    console.press("x", 0.5)
    assert len(markers(console.shows("m", "Two that may be one ·"))) >= 20
    console.press("\r", 0.4)
    console.until(lambda shown: "Which one stays?" in shown)
    console.press("\r", 0.6)
    console.until(lambda shown: "undo" in shown or "now" in shown.splitlines()[-1])
    console.press("x", 0.5)


@pytest.mark.parametrize(
    ("keys", "name", "least"), [("", "followups", 12), ("i", "followups-inbox", 25), ("m", "followups-doubles", 20)]
)
def test_exports(console: Terminal, hostile: Floor, keys: str, name: str, least: int) -> None:
    console.press(keys or "g", 0.6)
    console.press("E")
    console.until(lambda shown: "rows written to" in shown)
    (file,) = Path(hostile.environment["HOME"]).rglob(f"{name}-2*.csv")
    written = file.read_bytes()
    assert len(markers(assert_neutral(written))) >= least
    assert len({len(row) for row in assert_no_formula(written.decode())}) == 1
