"""Hostile texts in everything that onboarding, enquiries and discipline keep, against the commands that print it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from supervisor.calendar import day_text
from tests.safety import after_the_payment
from tests.safety import floor as made
from tests.safety.after_the_payment import ALL, BEFORE, SECRET, TEXTS, TODAY
from tests.safety.floor import Floor, Words
from tests.safety.hostile import COCKTAIL, FILE_NAME, assert_neutral, is_forbidden, markers
from tests.safety.test_matrix import assert_no_formula, texts_of


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Floor:
    return after_the_payment.make(tmp_path_factory.mktemp("paid"))


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
