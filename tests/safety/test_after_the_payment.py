"""Hostile texts in everything that onboarding, enquiries and discipline keep, against the commands that print it."""

from __future__ import annotations

import contextlib
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from store import enquiries as enquiry_rows
from store import flag_book, onboarding_book
from store.engine import create_store
from supervisor import config as configuration
from supervisor import directors
from supervisor import settings as configured
from supervisor.calendar import Calendar, day_text
from supervisor.config import Config
from supervisor.duties.acting import Doer
from supervisor.duties.discipline import acts as flags
from supervisor.duties.discipline import money, talks
from supervisor.duties.onboarding import acts as steps
from supervisor.duties.onboarding import enquiry_acts as enquiries
from supervisor.duties.orders import acts as orders
from tests.safety import floor as made
from tests.safety.floor import Floor, Words
from tests.safety.hostile import COCKTAIL, FILE_NAME, PAYLOADS, assert_neutral, is_forbidden, markers
from tests.safety.test_matrix import assert_no_formula, texts_of
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


def toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Floor:
    """A store in which each text is said by somebody of that name about a customer of that name, wherever something
    can be said."""
    floor = made.make(tmp_path_factory.mktemp("paid"), 1, 1)
    told = floor.config.read_text().split("[sources.records]")[0]
    told = told.replace("[floor]", f"[floor]\ndirectors = [{toml(directors.login())}]")
    floor.config.write_text(told + f"[onboarding]\nassistants = [{', '.join(map(toml, TEXTS))}]\n")
    config = configuration.load(floor.environment)
    store = create_store(f"sqlite:///{floor.folder / 'floor.db'}")
    with contextlib.closing(store), store.write() as connection:
        for at, text in enumerate(TEXTS):
            fill(connection, config, at, text, Doer(text, NOW_US, TODAY, selling.RULES.numbers, config))
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


SHOWN: dict[str, tuple[str, ...]] = {
    "onboarding": ("onboarding",),
    "enquiries": ("enquiries",),
    "flags": ("flags", "--all"),
    "fines": ("fines",),
    "attendance": ("attendance",),
}


def test_commands_show_everything_and_obey_nothing(hostile: Floor) -> None:
    lines: dict[str, tuple[Words, int]] = {
        f"{name}_{form}": ((*words, "--format", form), 0)
        for name, words in SHOWN.items()
        for form in ("table", "json", "csv")
    }
    lines["day"] = ("flags", "--day", day_text(TODAY)), 0
    lines["export"] = ("export", "enquiries"), 0
    said = hostile.run_all(lines)
    for name, text in said.items():
        if name != "fines_csv":  # who misses calls, of whom there is nobody
            assert markers(text) == ALL, name
        assert SECRET not in text, name
        if name.endswith("_json"):
            assert all(not any(map(is_forbidden, one)) for one in texts_of(json.loads(text))), name
        if name.endswith("_csv") or name == "export":
            rows = assert_no_formula(text.replace("\r\n", "\n"))
            assert len({len(row) for row in rows if row}) == 1, name
    for name in ("onboarding_table", "enquiries_table", "flags_table", "attendance_table", "fines_table"):
        assert all("␛" in line or line.isprintable() or "\u200d" in line for line in said[name].splitlines()), name


def test_each_text_stands_in_each_column_that_is_somebodys_words(hostile: Floor) -> None:
    said = hostile.run_all({name: ((*words, "--format", "json"), 0) for name, words in SHOWN.items()})
    told = {name: json.loads(text) for name, text in said.items()}
    columns = {
        "onboarding": ("customer", "package", "holder", "waiting_on"),
        "enquiries": ("company", "assistant", "answered_by", "specialist"),
        "flags": ("specialist", "evidence"),
        "attendance": ("specialist", "team"),
    }
    for name, wanted in columns.items():
        for column in wanted:
            assert markers(" ".join(texts_of([row[column] for row in told[name]]))) == ALL, (name, column)
    for column in ("specialist", "why", "who"):
        assert markers(" ".join(texts_of([row[column] for row in told["fines"]["ledger"]]))) == ALL, column


def test_what_is_said_to_a_command_is_not_repeated_as_it_was(hostile: Floor) -> None:
    plain = {
        "customer": ("onboarding", "done", COCKTAIL, "live"),
        "step": ("onboarding", "done", "K00", COCKTAIL),
        "back to": ("onboarding", "send-back", "K00", "open_account", COCKTAIL, "--reason", COCKTAIL),
        "whose": ("onboarding", "assign", "K00", "open_account", COCKTAIL),
        "day": ("flags", "--day", COCKTAIL),
        "evaluate": ("flags", "evaluate", "--day", COCKTAIL),
        "threshold": ("flags", "try", COCKTAIL, "1"),
        "value": ("flags", "try", "console.idle_act_minutes", COCKTAIL),
        "month": ("fines", "--month", COCKTAIL),
        "attendance": ("attendance", "--day", COCKTAIL),
        "somebody": ("attendance", "set", COCKTAIL, "leave"),
        "status": ("attendance", "set", "K00", COCKTAIL),
        "time": ("attendance", "set", "K00", "present", "--from", COCKTAIL),
        "format": ("enquiries", "--format", COCKTAIL),
        "argument": ("enquiries", COCKTAIL),
    }
    said = hostile.run_all({name.replace(" ", "_"): (words, 2) for name, words in plain.items()})
    for name, text in said.items():
        assert text.startswith("supervisor: ") and "Traceback" not in text and len(text.splitlines()) <= 3, (name, text)
    silent = {name for name, text in said.items() if "␛" not in text and "\\x1b" not in text}
    assert silent == {"back_to"}, {name: said[name] for name in silent}  # it is not their turn yet, whatever was said


def test_acts_say_what_they_did_and_obey_nothing(hostile: Floor) -> None:
    done = hostile.run_all(
        {
            "done": (("onboarding", "done", "K05", "open_account"), 0),
            "back": (("onboarding", "send-back", "K05", "upload", "open_account", "--reason", COCKTAIL), 2),
            "assign": (("onboarding", "assign", "K05", "contract_check", "K00"), 0),
            "attend": (("attendance", "set", "K05", "leave"), 0),
        }
    )
    assert "K05" in done["done"] and "K00" in done["assign"] and "K05" in done["attend"]


def test_what_the_rules_find_in_hostile_calls(hostile: Floor) -> None:
    said = hostile.run_all(
        {
            "evaluate": (("flags", "evaluate", "--day", day_text(BEFORE)), 0),
            "json": (("flags", "--format", "json"), 0),
            "table": (("flags",), 0),
            "again": (("flags", "try", "discipline.private_talk_minutes", "90"), 0),
        }
    )
    found = [row for row in json.loads(said["json"]) if row["rule"] == "private_call"]
    assert markers(" ".join(texts_of([row["evidence"] for row in found]))) == ALL
    assert all(not any(map(is_forbidden, one)) for one in texts_of(found))
    assert markers(said["again"]) == ALL


def test_a_table_of_enquiries_with_hostile_cells(hostile: Floor, tmp_path: Path) -> None:
    header = ("company", "received", "number", "channel", "assistant", "note", "ref")
    texts: list[tuple[Any, ...]] = [(text, "2026-01-02", "", text, text, text, text[:80]) for text in TEXTS]
    wrong = [(text, text, text, text, text, text, f"{text}-2") for text in TEXTS]
    path = os.fsencode(tmp_path) + b"/" + FILE_NAME
    Path(os.fsdecode(path)).write_bytes(made.table(header, *texts, *wrong).encode())
    ran = hostile.run("import", "enquiries", path)
    assert ran.status == 0, ran.raw
    said = assert_neutral(ran.raw)
    assert "K99␛]0;title␇" in said and "rejected, see" in said
    rejects = Path(os.fsdecode(path + b".rejects.csv")).read_bytes()
    assert markers(assert_neutral(rejects)) == ALL
    assert_no_formula(rejects.decode())
    (listed,) = hostile.run_all({"export": (("export", "enquiries"), 0)}).values()
    rows = assert_no_formula(listed.replace("\r\n", "\n"))
    assert markers(" ".join(row[6] for row in rows if row)) == ALL, "as references too"
