"""Hostile texts in everything an order has, against the console's screens of orders at a real terminal."""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.engine import create_store
from supervisor import config as configuration
from supervisor.duties.acting import Doer
from supervisor.duties.orders import acts, solutions
from tests.safety import floor as made
from tests.safety.floor import Floor, Terminal
from tests.safety.hostile import CLIPBOARD, COCKTAIL, CONSOLE, PAYLOADS, assert_neutral, markers
from tests.safety.test_matrix import assert_no_formula
from tests.supervisor.duties import selling
from tests.supervisor.duties.selling import DAY_US

TEXTS = [made.without(text, "\0") for text in PAYLOADS.values()]
ALL = set(PAYLOADS)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Floor:
    """A store with an order for each text, in which everything that can be said is that text."""
    folder = tmp_path_factory.mktemp("orders")
    floor = made.make(folder, 1, 1)
    config = floor.config
    config.write_text(
        config.read_text().split("[sources.records]")[0]
        + f"[orders]\nstages = [{json.dumps(COCKTAIL, ensure_ascii=False)}]\n"
    )
    now_us = time.time_ns() // 1000
    today = int(time.strftime("%Y%m%d", time.gmtime()))
    settings = configuration.load(floor.environment)
    store = create_store(f"sqlite:///{folder / 'floor.db'}")
    with contextlib.closing(store), store.write() as connection:
        for at, text in enumerate(TEXTS):
            doer = Doer(text, now_us - DAY_US, today, selling.RULES.numbers)
            one = selling.specialist(connection, text, f"{at}", text)
            customer = selling.customer(connection, f"K{at}-{text}", text, type=text)
            order = selling.order(
                connection, f"O{at}", customer, one, package=text, stage=text, amount_cents=100 * (at + 1) * 10_000,
                opened_day=today, next_step=text,
            )  # fmt: skip
            acts.hear(connection, doer, order, 1, "price", file=text, note=text)
            acts.feel(connection, doer, order, 2, text)
            saved = text.strip()[:100] or "x"
            solutions.save(connection, doer, None, saved, saved, saved, text, 0)
            acts.review(
                connection, doer, settings, order, 3, asked=text, facts="price", next_step=text, guidance="praise",
                guidance_text=text, recheck_day=today,
            )  # fmt: skip
    return floor


@pytest.fixture
def console(hostile: Floor) -> Iterator[Terminal]:
    terminal = Terminal(hostile.words("console"), hostile.environment)
    try:
        terminal.until(lambda shown: "Floor" in shown and "Calls" in shown)
        terminal.press("3")
        terminal.until(lambda shown: "to review" in shown or "reviewed" in shown)
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


def test_the_list_and_every_review(console: Terminal) -> None:
    assert markers(console.shown) == ALL
    console.press("g", 0.3)
    console.press("\r", 0.6)
    seen: set[str] = set()
    for _ in range(len(TEXTS) + 1):
        shown = console.press("J", 0.25)
        card = "\n".join(shown.splitlines()[:20])
        found = markers(card)
        assert len(found) >= 1
        assert card.count(next(iter(found))) >= 8, card
        seen |= found
    assert len(seen) >= len(ALL) - 1
    for key, asked in (
        ("n", "What does"),
        ("s", "Which solution"),
        ("t", "Which stage"),
        ("w", "has signed"),
        ("o", "By when"),
    ):
        console.shows(key, asked)
        console.press("\x1b", 0.4)
    console.shows("x", "Lost: why")
    console.press("\x1b[200~K05\x9b5;7;35m\u202e[/b][@click=app.bell]e\x1b[201~", 0.3)
    console.press("\r", 0.4)
    console.until(lambda shown: "lost" in shown.splitlines()[-1] or "round is done" in shown)


def test_the_library_and_the_sheet(console: Terminal, hostile: Floor) -> None:
    console.shows("l", "Solutions ·")
    assert len(markers(console.shown)) >= len(ALL) - 1
    seen: set[str] = set()
    for _ in range(len(TEXTS)):
        seen |= markers("\n".join(line[100:] for line in console.press("J", 0.15).splitlines()))
    assert len(seen) >= len(ALL) - 1
    for ending in ("html", "markdown"):
        console.shows("E", "as what?")
        console.press(f"{ending} for\r", 0.5)
        console.until(lambda shown: "written to" in shown.splitlines()[-1])
    files = [path for path in Path(hostile.environment["HOME"]).rglob("k*") if path.suffix in (".html", ".md")]
    assert len(files) == 2
    for path in files:
        text = path.read_text()
        assert assert_neutral(path.read_bytes()) and not re.search(r"<script|<img|<a href", text)
    console.press("\x1b", 0.4)
    console.shows("w", "first contacts")
    console.press("J", 0.3)


def test_the_export_of_the_list(console: Terminal, hostile: Floor) -> None:
    console.press("E")
    console.until(lambda shown: "rows written to" in shown)
    (file,) = Path(hostile.environment["HOME"]).rglob("orders-*.csv")
    written = file.read_bytes()
    assert len(markers(assert_neutral(written))) >= len(ALL) - 1  # one may have been lost by then
    rows = assert_no_formula(written.decode())
    assert len({len(row) for row in rows}) == 1
