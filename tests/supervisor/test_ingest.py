"""Whatever a source says, the store can keep it, and the same record is known again."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.provider import Direction, Leg, Outcome, Progress
from store import calls
from store.engine import Store
from store.sources import ensure
from supervisor.config import Config, parse
from supervisor.ingest import LONGEST, LONGEST_RAW, normaliser, rules_of

CONFIG = parse('[floor]\ntime_zone = "Europe/Berlin"\ncountry = "DE"\n', "floor.toml")
normalise = normaliser(CONFIG)
LEG = Leg(
    "l1", "g1", "1001", Direction.OUTBOUND, "1001", "0301234567", 1_767_222_000_000_000, talk_ms=61_000,
    outcome=Outcome.ANSWERED, raw="a,b",
)  # fmt: skip


def test_what_is_added_to_a_leg() -> None:
    values = normalise(LEG)
    assert (values.number, values.day, values.direction, values.outcome) == (
        "+49301234567",
        20260101,
        "outbound",
        "answered",
    )
    assert [type(value) for value in (values.direction, values.outcome, values.progress)] == [str, str, int]


@pytest.mark.parametrize(
    ("direction", "number"),
    [
        (Direction.OUTBOUND, "+49301234567"),
        (Direction.INBOUND, "+4989123456"),
        (Direction.INTERNAL, None),
        (Direction.UNKNOWN, None),
    ],
)
def test_the_number_is_the_customers(direction: Direction, number: str | None) -> None:
    assert normalise(LEG._replace(direction=direction, from_raw="089123456")).number == number


@given(
    st.sampled_from(["Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Chatham"]),
    st.integers(0, 2_000_000_000_000_000),
)
def test_the_day_is_the_floors(zone: str, moment_us: int) -> None:
    told = normaliser(parse(f'[floor]\ntime_zone = "{zone}"\n', "floor.toml"))
    for moment in (moment_us, moment_us + 1, moment_us + 900_000_000, moment_us):
        local = datetime.fromtimestamp(moment // 1_000_000, ZoneInfo(zone))
        assert told(LEG._replace(started_us=moment)).day == int(local.strftime("%Y%m%d"))


def test_every_fact_makes_another_hash() -> None:
    other: dict[str, object] = {"direction": Direction.INBOUND, "outcome": Outcome.BUSY, "progress": Progress.RINGING}
    seen = {normalise(LEG).raw_hash}
    for name, value in zip(LEG._fields, LEG, strict=True):
        if name not in other:
            other[name] = (
                "other" if isinstance(value, str) or name in TEXTS else not value if value in (True, False) else 7
            )
        seen.add(normalise(LEG._replace(**{name: other[name]})).raw_hash)  # type: ignore[arg-type]
    assert len(seen) == 1 + len(LEG._fields)


TEXTS = ("agent", "parent_id", "queue", "line", "recording")


def test_the_hash_is_the_same_in_every_process() -> None:
    program = (
        "from tests.supervisor.test_ingest import LEG, normalise\n"
        "print(normalise(LEG._replace(leg_id='l' + str(1))).raw_hash)"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert int(told) == normalise(LEG).raw_hash


def test_long_texts_are_cut_and_ids_stay_distinct() -> None:
    long = [normalise(LEG._replace(leg_id="x" * 5_000 + end, raw="r" * 100_000)) for end in "ab"]
    assert [len(values.leg_id) for values in long] == [LONGEST, LONGEST]
    assert long[0].leg_id != long[1].leg_id
    assert len(long[0].raw) == LONGEST_RAW


hostile = st.text(st.sampled_from("a\0\ud800\udfff\x1b[\r\n'\"\\\t\u202eé漢😀%?"), max_size=12)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.tuples(*[hostile] * 10))
def test_every_text_can_be_kept_and_is_known_again(store: Store, texts: tuple[str, ...]) -> None:
    leg = LEG._replace(**dict(zip(("leg_id", "group_id", "from_raw", "to_raw", "raw", *TEXTS), texts, strict=True)))
    values = [normalise(leg)]
    with store.write() as connection:
        source_id = ensure(connection, "pbx", "made up", [])
        counts = [calls.ingest(connection, source_id, values, rules_of(Config()), None, 0) for _ in "12"]
        assert counts[1] == (0, 0, 1)
        kept = connection.exec_driver_sql("SELECT max(id) FROM leg").scalar()
        raws = connection.exec_driver_sql("SELECT raw FROM leg").scalars().all()
    assert kept and values[0].raw in raws
