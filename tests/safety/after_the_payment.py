"""A floor on which hostile texts stand in everything that onboarding, enquiries and discipline keep."""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Connection

from store import enquiries as enquiry_rows
from store import flag_book, onboarding_book
from store.engine import create_store
from supervisor import config as configuration
from supervisor import directors
from supervisor import settings as configured
from supervisor.calendar import Calendar
from supervisor.config import Config
from supervisor.duties.acting import Doer
from supervisor.duties.discipline import acts as flags
from supervisor.duties.discipline import money, talks
from supervisor.duties.onboarding import acts as steps
from supervisor.duties.onboarding import enquiry_acts as enquiries
from supervisor.duties.orders import acts as orders
from tests.safety import floor as made
from tests.safety.floor import Floor, Terminal
from tests.safety.hostile import CLIPBOARD, CONSOLE, PAYLOADS, assert_neutral, markers
from tests.safety.test_matrix import assert_no_formula
from tests.supervisor.duties import selling
from tests.supervisor.duties.selling import DAY_US, HOUR

TEXTS = [made.without(text, "\0") for text in PAYLOADS.values()]
ALL = set(PAYLOADS)
NOW_US = time.time_ns() // 1000 - HOUR
CALENDAR = Calendar(configured.Floor(time_zone="Etc/UTC"))
TODAY, BEFORE = CALENDAR.day_of(NOW_US), CALENDAR.day_of(NOW_US - DAY_US)
"""When people say things, and the day before, on which they called: days may end while this runs."""
SECRET = "told in confidence"
"""In every note of a talk: directors alone read those, and no command prints them."""
PASTED = "\x1b[200~K05\x9b5;7;35m\u202e[/b][@click=app.bell]e\x1b[201~"
"""A hostile text as a terminal hands on what is pasted."""
DOWN = "\x1b[6~"
"""The key that goes a page down."""


def toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def make(folder: Path, more: Callable[[Connection], None] = lambda _: None) -> Floor:
    """A store in which each text is said by somebody of that name about a customer of that name, wherever something
    can be said; then `more`."""
    floor = made.make(folder, 1, 1)
    told = floor.config.read_text().split("[sources.records]")[0]
    told = told.replace("[floor]", f"[floor]\ndirectors = [{toml(directors.login())}]")
    floor.config.write_text(told + f"[onboarding]\nassistants = [{', '.join(map(toml, TEXTS))}]\n")
    config = configuration.load(floor.environment)
    store = create_store(f"sqlite:///{floor.folder / 'floor.db'}")
    with contextlib.closing(store), store.write() as connection:
        for at, text in enumerate(TEXTS):
            fill(connection, config, at, text, Doer(text, NOW_US, TODAY, selling.RULES.numbers, config))
        more(connection)
    return floor


def fill(connection: Connection, config: Config, at: int, text: str, doer: Doer) -> None:
    one = selling.specialist(connection, text, f"{at}", text)
    customer = selling.customer(connection, f"K{at}-{text}", text)
    order = selling.order(connection, f"O{at}", customer, one, package=text)
    orders.pay(connection, doer, 100, doer.today, order_id=order, seen=1, config=config)
    row = next(row for row in onboarding_book.onboardings(connection) if row.customer_id == customer)
    ids = {step.code: step.step_id for step in onboarding_book.steps(connection, row.onboarding_id)}
    steps.prod(connection, doer, ids["material"], text)
    steps.done(connection, doer, config, ids["material"], row.version)
    steps.send_back(connection, doer, config, ids["ad_plan"], row.version + 1, "material", text)
    selling.call(connection, f"g{at}", f"{at}", f"{text} 1", doer.now_us - DAY_US, 1_200)

    for _ in range(2):
        enquiries.add(connection, doer, text, f"0049 30 12345{at:02}", text, text, text, country="DE")
    second = enquiry_rows.unanswered(connection)[-1]
    enquiries.answer(connection, doer, second.enquiry_id, 1, text)
    enquiries.hand(connection, doer, config, second.enquiry_id, 2, one)

    for rule in ("other", "noise", "merit"):
        flags.raise_by_hand(connection, doer, config, one, rule, text)
    waiting = [flag for flag in flag_book.waiting(connection) if flag.specialist_id == one and flag.kind != "merit"]
    for flag in waiting:
        flags.reply(connection, doer, flag.flag_id, flag.version, text)
    flags.decide(connection, doer, config, waiting[0].flag_id, waiting[0].version + 1, "warned", text)
    money.give_reward(connection, doer, config, one, "5", text)
    talks.log_talk(connection, doer, config, one, "doubt", f"{text} {SECRET}")


# -- the console --------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def console(floor: Floor, key: str, text: str) -> Iterator[Terminal]:
    """The console where `key` leads, once `text` stands there; in the end it ends well, having written nothing but what
    is its own."""
    terminal = Terminal(floor.words("console"), floor.environment)
    try:
        terminal.until(lambda shown: "Floor" in shown and "Calls" in shown)
        terminal.press(key)
        terminal.until(lambda shown: text in shown)
        terminal.read(0.4)
        yield terminal
        for _ in range(5):
            terminal.press("\x1b", 0.3)
        terminal.press("q")
        ran = terminal.end()
    finally:
        terminal.child.kill()
        terminal.end()
    assert ran.status == 0
    assert_neutral(re.sub(CLIPBOARD, "", ran.raw.decode()).encode(), CONSOLE)


def last_line(console: Terminal, text: str) -> str:
    """Wait until the last line says `text`; return it."""
    return console.until(lambda shown: text in shown.splitlines()[-1]).splitlines()[-1]


def through(console: Terminal, key: str, times: int, columns: slice = slice(None), wanted: int = len(ALL)) -> set[str]:
    """Press `key` up to so many times, from the first row on, until `wanted` texts have stood in `columns` of the
    screen below its first line; return the markers of those that have."""
    seen: set[str] = set()
    console.press("g", 0.3)
    for _ in range(times):
        seen |= markers("\n".join(line[columns] for line in console.shown.splitlines()[1:]))
        if len(seen) >= wanted:
            break
        console.press(key, 0.2)
    return seen


def exported(console: Terminal, floor: Floor, stem: str) -> list[list[str]]:
    """Have the list with the focus exported to a file of the name `stem`; return its rows, in which nothing steers and
    nothing is a formula."""
    before = set(Path(floor.environment["HOME"]).rglob("*.csv"))
    console.press("E")
    last_line(console, "rows written to")
    (file,) = set(Path(floor.environment["HOME"]).rglob("*.csv")) - before
    assert re.fullmatch(rf"{stem}-\d+-\d+\.csv", file.name)
    written = file.read_bytes()
    assert_neutral(written)
    rows = assert_no_formula(written.decode())
    assert len({len(row) for row in rows}) == 1
    return rows
