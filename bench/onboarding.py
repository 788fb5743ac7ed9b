"""What is owed after payments: all of mode 4 and the floor's panel with many onboardings, and an import of payments.

The floor of reading is SQL by the driver for the same rows, on the same connection. Payments are imported with what
they start, and without: by a configuration for which all of them are history. Times are the processor's.
"""

from __future__ import annotations

import csv
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench import records
from bench.importing import Run, ran, told
from bench.ledger import put_customers
from bench.measure import Figure, in_turn, ratio
from bench.watched import SECOND_US, agent, clock_us
from store import driver, roster
from store import onboarding_changes as changes
from store.engine import BULK, Store, create_store, open_store
from supervisor.calendar import date_of, day_number
from supervisor.config import Config, Floor
from supervisor.duties.onboarding.estimate import LAST
from supervisor.duties.onboarding.read import read_file, read_onboarding, read_panel
from supervisor.duties.onboarding.templates import ASSISTANT, SPECIALIST, STEPS
from supervisor.duties.roster import Member, put_members
from supervisor.settings import Onboarding, Step

OPEN, PAST = 200, 2_000
PEOPLE = 50
TODAY = 20_261_124
NOW_US = clock_us(TODAY, 15)
PAYMENTS = int(os.environ.get("BENCH_PAYMENTS", 10_000))
ROUNDS = 3
READ = 3.0
A_READ_MS = 250
"""How long a reader may stay in the store: store.engine."""

ASSISTANTS = ("Bo", "Mei", "Noor", "Ola", "Pia")
CONFIG = Config(
    floor=Floor(name="Bench", time_zone=records.ZONE, holidays=False), onboarding=Onboarding(assistants=ASSISTANTS)
)
_HOUR_US = 3600 * SECOND_US
_MOMENTS = "started_us, ended_us, outcome, reason, who"
_RUN = (
    f"INSERT INTO step_run (id, onboarding_id, step_id, round, role, holder, specialist_id, {_MOMENTS}) VALUES ({{}})"
)
_OPEN = "o.live_us IS NULL AND o.stopped_us IS NULL"
_BARE = (
    "SELECT o.*, c.ref, c.company, s.name, team.name FROM onboarding AS o JOIN customer AS c ON c.id = o.customer_id "
    "LEFT JOIN specialist AS s ON s.id = o.specialist_id LEFT JOIN team ON team.id = s.team_id "
    f"WHERE {_OPEN} ORDER BY o.started_us, o.id",
    "SELECT t.* FROM onboarding AS o JOIN onboarding_step AS t ON t.onboarding_id = o.id "
    f"WHERE {_OPEN} ORDER BY t.onboarding_id, t.place",
    f"SELECT r.* FROM onboarding AS o JOIN step_run AS r ON r.onboarding_id = o.id WHERE {_OPEN} ORDER BY r.id",
    "SELECT p.*, t.words, r.role, r.holder FROM onboarding AS o JOIN prod AS p ON p.onboarding_id = o.id "
    "JOIN step_run AS r ON r.id = p.run_id JOIN onboarding_step AS t ON t.id = r.step_id "
    f"WHERE {_OPEN} AND r.ended_us IS NULL ORDER BY p.at_us, p.id",
    "SELECT at_us FROM enquiry WHERE answered_us IS NULL",
    "SELECT * FROM source",
)
_BARE_PAST = (
    "SELECT r.onboarding_id, t.code, r.started_us, r.ended_us FROM (SELECT id FROM onboarding WHERE "
    f"live_us IS NOT NULL AND stopped_us IS NULL ORDER BY live_us DESC, id DESC LIMIT {LAST}) AS o JOIN step_run AS r "
    "ON r.onboarding_id = o.id JOIN onboarding_step AS t ON t.id = r.step_id WHERE r.ended_us IS NOT NULL"
)


def figures() -> list[Figure]:
    """Reading, and bringing payments in."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        return [*_read(folder / "floor.db"), *_import(folder)]


# -- reading ------------------------------------------------------------------------------------------------------


def put_owed(store: Store) -> None:
    """Write `PAST` onboardings of two years that went live, then `OPEN` ones of the last weeks, as far as each came."""
    many = PAST + OPEN
    put_customers(store, ((n, f"+4930{n:07}") for n in range(1, many + 1)), many)
    with store.write() as connection:
        roster.source(connection, "records", "files")
        members = [Member(f"Specialist {agent(n)}", f"Team {n % 5}", "", None, ()) for n in range(PEOPLE)]
        put_members(connection, list(enumerate(members)), {}, TODAY)
        begun = [_begun(nth) for nth in range(many)]
        driver.many(
            connection,
            "INSERT INTO payment (id, ref, customer_id, package, amount_cents, paid_day, who, entered_us) "
            "VALUES (?, ?, ?, 'Gold', 500000, ?, '', ?)",
            ((n, f"Z{n}", n, day_number(date_of(TODAY) - timedelta(days=5)), us) for n, us in enumerate(begun, 1)),
        )
        changes.insert_onboardings(
            connection,
            [
                (n, n, n, None, "Gold", "standard", n % PEOPLE + 1, ASSISTANTS[n % len(ASSISTANTS)], us, "", 1)
                for n, us in enumerate(begun, 1)
            ],
        )
        driver.run(
            connection, f"UPDATE onboarding SET live_us = started_us + {len(STEPS) * 12 * _HOUR_US} WHERE id <= {PAST}"
        )
        rows = [row for n, us in enumerate(begun, 1) for row in _steps(n, us)]
        changes.insert_steps(connection, [step for step, _ in rows])
        runs = [run for _, theirs in rows for run in theirs]
        driver.many(
            connection, _RUN.format(", ".join("?" * 12)), ((id_, *values) for id_, values in enumerate(runs, 1))
        )
        driver.run(
            connection,
            "INSERT INTO prod (onboarding_id, run_id, specialist_id, at_us, who, note) SELECT onboarding_id, id, "
            f"specialist_id, {NOW_US - _HOUR_US}, 'Ada', 'please' FROM step_run WHERE ended_us IS NULL AND id % 4 = 0",
        )
        driver.many(
            connection,
            "INSERT INTO enquiry (ref, at_us, company, number, channel, note, assistant, answered_us, answered_by, "
            "version) VALUES (?, ?, ?, '', 'web', '', '', ?, '', 1)",
            ((f"E{n}", NOW_US - n * _HOUR_US, f"Asker {n}", None if n < 50 else NOW_US) for n in range(1_000)),
        )


def _begun(nth: int) -> int:
    """When the `nth` onboarding began: past ones over two years, open ones within three weeks."""
    return NOW_US - (nth % 700 + 30) * 24 * _HOUR_US if nth < PAST else NOW_US - (nth % 21) * 24 * _HOUR_US


def _steps(onboarding: int, begun_us: int) -> Iterator[tuple[tuple[object, ...], list[tuple[object, ...]]]]:
    """The steps of an onboarding with their runs. An open one came as far as its number says; of every fifth what is
    done was handed on once."""
    done = len(STEPS) if onboarding <= PAST else onboarding % len(STEPS)
    codes = {step.code for step in STEPS[:done]}
    for place, step in enumerate(STEPS):
        id_ = (onboarding - 1) * len(STEPS) + place + 1
        told = (id_, onboarding, place, *_told(step, onboarding))
        begin_us = begun_us + place * 12 * _HOUR_US
        end_us = begin_us + 12 * _HOUR_US
        runs = []
        if place < done:
            if onboarding % 5 == 0:
                middle_us = begin_us + 4 * _HOUR_US
                runs.append(_run(onboarding, id_, step, begin_us, middle_us, "reassigned"))
                begin_us = middle_us
            runs.append(_run(onboarding, id_, step, begin_us, end_us, "approved" if step.approves else "done"))
        elif codes.issuperset(step.after):
            runs.append(_run(onboarding, id_, step, min(begin_us, NOW_US), None, ""))
        yield told, runs


def _holder(step: Step, onboarding: int) -> str:
    if step.holder == SPECIALIST:
        return f"Specialist {agent(onboarding % PEOPLE)}"
    return ASSISTANTS[onboarding % len(ASSISTANTS)] if step.holder == ASSISTANT else ""


def _told(step: Step, onboarding: int) -> tuple[object, ...]:
    holder = _holder(step, onboarding)
    hours_ms = round(step.hours * 3_600_000)
    return step.code, step.words, step.holder, holder, hours_ms, " ".join(step.after), step.approves


def _run(
    onboarding: int, step_id: int, step: Step, from_us: int, until_us: int | None, outcome: str
) -> tuple[object, ...]:
    specialist = onboarding % PEOPLE + 1 if step.holder == SPECIALIST else None
    ended = (from_us, until_us, outcome, "", "Ada" if until_us else "")
    return onboarding, step_id, 1, step.holder, _holder(step, onboarding), specialist, *ended


def _read(path: Path) -> list[Figure]:
    with closing(create_store(str(path), tuning=BULK)) as store:
        put_owed(store)
    with closing(open_store(str(path))) as store, store.read() as connection:
        driven: Any = connection.connection.driver_connection

        def bare(*statements: str) -> Callable[[], list[Any]]:
            return lambda: [driven.execute(sql).fetchall() for sql in statements]

        shown = read_onboarding(connection, CONFIG, NOW_US)
        if len(shown.customers) != OPEN or len(bare(*_BARE)()[0]) != OPEN:
            raise RuntimeError(f"{len(shown.customers)} onboardings are open, not {OPEN}")
        clock = time.process_time
        whole = in_turn(lambda: read_onboarding(connection, CONFIG, NOW_US), bare(*_BARE, _BARE_PAST), 21, clock)
        panel = in_turn(lambda: read_panel(connection, CONFIG, NOW_US), bare(*_BARE), 21, clock)
        file, _ = in_turn(lambda: read_file(connection, CONFIG, PAST + 1, NOW_US), lambda: None, 21, clock)
    of = f"{OPEN} open onboardings, {PAST:,} past ones, {len(shown.steps):,} steps owed"
    return [
        Figure(f"all of mode 4, {of}", f"{whole[0] * 1000:.1f} ms", "", whole[0] * 1000, A_READ_MS, "ms"),
        ratio("the same / bare SQL of the same rows", *whole, READ),
        ratio("the floor's panel of steps / bare SQL of the same rows", *panel, None),
        Figure("an onboarding in full", f"{file * 1000:.2f} ms", "", file * 1000, A_READ_MS, "ms"),
    ]


# -- bringing payments in -----------------------------------------------------------------------------------------


def _import(folder: Path) -> list[Figure]:
    """By turns with what the payments start and without, each into a copy of the same store."""
    begun, payments = folder / "begun.db", folder / "payments.csv"
    with closing(create_store(str(begun))) as store:
        put_customers(store, ((n, f"+4930{n:07}") for n in range(1, PAYMENTS + 1)), PAYMENTS)
    today = datetime.now(UTC).date()
    with payments.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("customer", "package", "amount", "paid", "ref"))
        for n in range(1, PAYMENTS + 1):
            writer.writerow((f"K{n:06}", "Gold", "5000.00", today - timedelta(days=n % 30), f"Z{n}"))
    names = ", ".join(f'"{name}"' for name in ASSISTANTS)
    history = {"with": 90, "without": 0}
    for which, days in history.items():
        told_of = f"[onboarding]\nassistants = [{names}]\nhistory_days = {days}\n"
        (folder / f"{which}.toml").write_text(records.CONFIGURATION + told_of)
    runs: dict[str, list[Run]] = {which: [] for which in history}
    supervisor = str(Path(sys.executable).parent / "supervisor")
    for _ in range(ROUNDS):
        for which, theirs in runs.items():
            shutil.copy(begun, folder / "floor.db")
            config = str(folder / f"{which}.toml")
            theirs.append(ran(supervisor, "--config", config, "import", "payments", str(payments), "--json"))
            told(theirs[-1], PAYMENTS, PAYMENTS)
            _counted(folder / "floor.db", PAYMENTS if which == "with" else 0)
    cpu, wall = (
        [statistics.median(getattr(run, kind) for run in theirs) for theirs in runs.values()]
        for kind in ("cpu", "wall")
    )
    return [
        ratio(
            f"import of {PAYMENTS:,} payments that start onboardings / that start none", cpu[0], cpu[1], None, "s", 1
        ),
        ratio("the same by the clock", wall[0], wall[1], None, "s", 1),
    ]


def _counted(path: Path, wanted: int) -> None:
    """RuntimeError unless `wanted` onboardings were started."""
    with closing(open_store(str(path))) as store, store.read() as connection:
        ((found,),) = driver.rows(connection, "SELECT count(*) FROM onboarding")
    if found != wanted:
        raise RuntimeError(f"{found:,} onboardings were started, not {wanted:,}")
