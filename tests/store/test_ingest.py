"""What is kept depends on which records came, not on their order, their number or their batches."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from store import calls
from store.calls import Counts, LegValues
from store.engine import Store, open_store
from tests.store.records import (
    DAY,
    RULES,
    SECOND,
    at,
    calls_of,
    counted,
    everything,
    leg,
    legs_of,
    new_source,
    rule,
    tallies_of,
)

NOW = 100 * DAY
on_a_shared_store = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], print_blob=True
)


def keep(store: Store, source_id: int, *legs: LegValues) -> Counts:
    with store.write() as connection:
        return calls.ingest(connection, source_id, legs, RULES, None, NOW)


@pytest.fixture
def source(store: Store) -> int:
    with store.write() as connection:
        return new_source(connection)


STATES = [[0], [1, 2], [2], [0, 1, 2, 3], [2, 3], [3]]
"""In which of its states a leg was seen: to the end, or until the collector was stopped."""


@st.composite
def a_call(draw: st.DrawFn, number: int) -> list[LegValues]:
    """The records of one call: live legs of whoever dialled and of whom it was handed to, each in some of its states,
    and finished-calls records of some of them, and of some that nobody saw. Where the first leg was seen to its end,
    so were the others."""
    started = 10 * DAY + draw(st.integers(0, 3)) * DAY // 2 + number * 600 * SECOND
    direction = draw(st.sampled_from(["outbound", "outbound", "inbound", "internal"]))
    line = f"trunk-{number % 2}" if draw(st.integers(0, 3)) else None  # a line's name comes again after a restart
    group, rough = f"g{number}", f"cdr{number}"
    dialler, *others = draw(st.permutations(["1001", "1002", "1003", None]))
    others = [agent for agent in others if agent is not None]
    dialled = draw(st.sampled_from([[], *STATES]))  # []: taken over midway, after it was dialled
    records: list[LegValues] = []
    for place, agent in enumerate([dialler, *others[: draw(st.integers(0, 2))]]):
        whole = leg(
            group if place == 0 else f"{group}/{agent}",
            group_id=group,
            agent=agent,
            direction=direction,
            started_us=started + place * 20 * SECOND,
            talk_ms=draw(st.sampled_from([None, 0, 29_999, 30_000, 90_000])),
            outcome=draw(st.sampled_from(["answered", "busy"])),
            line=line,
            parent_id=group if place else None,
        )
        states = (
            dialled if place == 0 else draw(st.sampled_from([one for one in STATES if 3 in one or 3 not in dialled]))
        )
        records += [whole if state == 3 else at(whole, state) for state in states]
    first = leg(
        rough,
        # A row may tell of the arrival and of who took it at once.
        agent=draw(st.sampled_from([dialler, dialler or others[0]])),
        direction=direction,
        approximate=True,
        line=line,
        started_us=started // SECOND * SECOND - draw(st.integers(0, 2)) * SECOND,
        talk_ms=44_000,
    )
    shares = [
        first._replace(leg_id=f"{rough}/{agent}", agent=agent, parent_id=rough, talk_ms=10_000 + place, raw_hash=place)
        for place, agent in enumerate(others)
        if agent != first.agent
    ]
    return records + [one for one in (first, *shares) if line and draw(st.booleans())]


@st.composite
def told_in_two_ways(draw: st.DrawFn) -> tuple[list[LegValues], list[list[LegValues]]]:
    """Records once in order, and the same records again shuffled, some of them twice, in batches."""
    records = [one for number in range(draw(st.integers(1, 4))) for one in draw(a_call(number).filter(bool))]
    again = draw(st.permutations(records + draw(st.lists(st.sampled_from(records), max_size=4))))
    cuts = sorted(draw(st.lists(st.integers(0, len(again)), max_size=4)))
    batches = [again[a:b] for a, b in zip([0, *cuts], [*cuts, len(again)], strict=True)]
    return records, batches


@on_a_shared_store
@given(told_in_two_ways())
def test_order_repetition_and_batches_do_not_matter(
    store: Store, told: tuple[list[LegValues], list[list[LegValues]]]
) -> None:
    records, batches = told
    with store.write() as connection:
        one_by_one, otherwise = new_source(connection), new_source(connection)
        for record in records:
            calls.ingest(connection, one_by_one, [record], RULES, None, NOW)
        counts = [calls.ingest(connection, otherwise, batch, RULES, None, NOW) for batch in batches]
        assert everything(connection, one_by_one) == everything(connection, otherwise)
        assert tallies_of(connection, otherwise) == counted(legs_of(connection, otherwise))
        assert [sum(count) for count in counts] == [len(batch) for batch in batches]
        before = everything(connection, otherwise)
        again = calls.ingest(connection, otherwise, records, RULES, None, NOW)
        assert again == Counts(0, 0, len(records)) and everything(connection, otherwise) == before
        assert calls.recount(connection, rule) == (0, 0)


@on_a_shared_store
@given(
    st.lists(
        st.builds(
            lambda which, agent, group, day, talk: leg(
                f"l{which}", group_id=f"g{group}", agent=agent, started_us=day * DAY, talk_ms=talk
            ),
            st.integers(0, 3), st.sampled_from(["1001", "1002"]), st.integers(0, 2), st.integers(10, 11),
            st.sampled_from([1000, 40_000]),
        ),
        max_size=12,
    )
)  # fmt: skip
def test_edits_of_person_day_and_group_leave_nothing_behind(store: Store, edits: list[LegValues]) -> None:
    with store.write() as connection:
        source_id = new_source(connection)
        for edit in edits:
            calls.ingest(connection, source_id, [edit], RULES, None, NOW)
        last = {edit.leg_id: edit for edit in edits}
        kept = legs_of(connection, source_id)
        assert [row[:25] for row in kept] == [tuple(last[leg_id])[:25] for leg_id in sorted(last)]
        assert tallies_of(connection, source_id) == counted(kept)
        assert {row[0] for row in calls_of(connection, source_id)} == {one.group_id for one in last.values()}
        assert calls.recount(connection, rule) == (0, 0)


def test_the_same_records_again_write_not_one_byte(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    with store.write() as connection:
        source_id = new_source(connection)
    records = [leg(f"l{n}", started_us=n * 60 * SECOND + 10 * DAY, agent=f"{n % 3}") for n in range(500)]

    def keep_all() -> Counts:
        with store.write() as connection:
            return calls.ingest(connection, source_id, records, RULES, "77", NOW)

    assert keep_all() == Counts(500, 0, 0)
    wal = Path(f"{sqlite_url}-wal")
    before = wal.stat().st_size, wal.stat().st_mtime_ns
    assert keep_all() == Counts(0, 0, 500)
    assert (wal.stat().st_size, wal.stat().st_mtime_ns) == before
    store.close()


def test_an_edit_is_kept_and_what_was_said_before(store: Store, source: int) -> None:
    first, edited = leg("a"), leg("a", talk_ms=10_000)
    assert keep(store, source, first) == Counts(1, 0, 0)
    assert keep(store, source, edited) == Counts(0, 1, 0)
    with store.read() as connection:
        before = connection.exec_driver_sql(
            f"SELECT before FROM revision WHERE source_id = {source} AND at_us = {NOW}"
        ).scalars()
        assert [json.loads(text)["talk_ms"] for text in before] == [60_000]
        assert tallies_of(connection, source)["1001", first.day][:4] == (1, 1, 0, 10_000)


def test_progress_makes_no_revision_and_never_goes_back(store: Store, source: int) -> None:
    whole = leg("a")
    assert [keep(store, source, at(whole, state)) for state in (0, 2)] == [Counts(1, 0, 0), Counts(0, 1, 0)]
    assert keep(store, source, whole) == Counts(0, 1, 0)
    assert keep(store, source, at(whole, 1)) == Counts(0, 0, 1)
    with store.read() as connection:
        assert [row[10:13] for row in legs_of(connection, source)] == [whole[10:13]]
        assert connection.exec_driver_sql(f"SELECT count(*) FROM revision WHERE source_id = {source}").scalar() == 0


def test_a_finished_record_ends_an_open_call_and_the_call_itself_ends_it_better(store: Store, source: int) -> None:
    live = leg("live", line="trunk-1", started_us=10 * DAY + 400_000)
    record = leg("cdr", line="trunk-1", started_us=10 * DAY, talk_ms=59_000, approximate=True)
    keep(store, source, at(live, 2))
    assert keep(store, source, record) == Counts(0, 1, 0)
    assert keep(store, source, record) == Counts(0, 0, 1)
    with store.read() as connection:
        ((group, _, _, *_, approximate),) = calls_of(connection, source)
        assert (group, bool(approximate)) == ("live", True)
        assert tallies_of(connection, source)["1001", live.day][3] == 59_000
    assert keep(store, source, live) == Counts(0, 1, 0)
    with store.read() as connection:
        assert tallies_of(connection, source) == counted([live])
        assert legs_of(connection, source) == [tuple(live)]


@pytest.mark.parametrize("progress", [1, 3])
def test_a_call_takes_the_place_of_its_finished_record(store: Store, source: int, progress: int) -> None:
    live = leg("live", line="trunk-1", started_us=10 * DAY + 400_000)
    record = leg("cdr", line="trunk-1", agent="1002", started_us=10 * DAY, approximate=True)
    others = record._replace(leg_id="cdr2", group_id="cdr2", line="trunk-2")
    keep(store, source, record, others)
    keep(store, source, at(live, progress) if progress < 3 else live)
    with store.read() as connection:
        assert [row[0] for row in calls_of(connection, source)] == ["cdr2", "live"]
        assert tallies_of(connection, source) == counted(legs_of(connection, source))
        revised = connection.exec_driver_sql(f"SELECT leg_id FROM revision WHERE source_id = {source}").scalars()
        assert "cdr" in revised.all()


def test_a_call_seen_whole_leaves_no_share_that_only_a_record_told(store: Store, source: int) -> None:
    live = leg("live", line="trunk-1", started_us=10 * DAY + 400_000)
    record = leg("cdr", line="trunk-1", started_us=10 * DAY, approximate=True)
    keep(store, source, at(live, 2))
    keep(store, source, record._replace(leg_id="cdr/2", agent="1002", parent_id="cdr", raw_hash=2), record)
    with store.read() as connection:
        assert [row[:3] for row in legs_of(connection, source)] == [("cdr/2", "live", "1002"), ("live", "live", "1001")]
    keep(store, source, live)
    with store.read() as connection:
        assert legs_of(connection, source) == [tuple(live)]


def test_of_a_call_taken_over_midway_its_record_tells_the_rest(store: Store, source: int) -> None:
    """1001 dialled and handed on to 1002, who handed on to 1003: only the last was seen."""
    seen = leg("live/1003", group_id="live", agent="1003", parent_id="live", line="trunk-1", started_us=10 * DAY)
    dial = leg("cdr", line="trunk-1", started_us=10 * DAY, talk_ms=7_000, approximate=True)
    shares = [
        dial._replace(leg_id=f"cdr/{agent}", agent=agent, parent_id="cdr", talk_ms=9_000, raw_hash=int(agent))
        for agent in ("1002", "1003")
    ]
    keep(store, source, seen)
    keep(store, source, dial, *shares)
    with store.read() as connection:
        told = {one.agent: (one.group_id, one.talk_ms) for one in map(LegValues._make, legs_of(connection, source))}
        assert told == {"1001": ("live", 7_000), "1002": ("live", 9_000), "1003": ("live", 60_000)}
        assert [row[1] for row in calls_of(connection, source)] == ["1001"]


def test_what_a_call_says_of_its_end_approximately_gives_way_to_a_record(store: Store, source: int) -> None:
    live = leg("live", line="trunk-1", started_us=10 * DAY)
    rough = leg("live", line="trunk-1", started_us=10 * DAY, talk_ms=None, approximate=True)
    record = leg("cdr", line="trunk-1", started_us=10 * DAY, talk_ms=7_000, approximate=True)
    kept = [keep(store, source, one) for one in (at(live, 2), rough, rough, record, rough, record)]
    assert kept == [(1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 1, 0), (0, 0, 1), (0, 0, 1)]
    with store.read() as connection:
        [one] = map(LegValues._make, legs_of(connection, source))
        assert (one.leg_id, one.talk_ms, one.completed_by) == ("live", 7_000, "cdr")


def test_a_record_of_an_arrival_and_of_who_took_it_tells_both_legs(store: Store, source: int) -> None:
    arrival = leg("live", agent=None, direction="inbound", line="trunk-1", started_us=10 * DAY)
    record = leg("cdr", direction="inbound", line="trunk-1", started_us=10 * DAY, talk_ms=9_000, approximate=True)
    keep(store, source, at(arrival, 2))
    keep(store, source, record)
    with store.read() as connection:
        told = {one.leg_id: (one.agent, one.talk_ms) for one in map(LegValues._make, legs_of(connection, source))}
        assert told == {"live": (None, 0), "cdr": ("1001", 9_000)}


def test_an_exact_record_stands_before_an_approximate_one_of_the_same_name(store: Store, source: int) -> None:
    exact = leg("a")
    rough = leg("a", approximate=True, talk_ms=61_000)
    assert [keep(store, source, one) for one in (rough, exact, rough)] == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
    with store.read() as connection:
        assert legs_of(connection, source) == [tuple(exact)]


@pytest.mark.parametrize("late", [-3 * SECOND, 63 * SECOND])
def test_another_call_on_the_same_line_stays_another(store: Store, source: int, late: int) -> None:
    record = leg("cdr", line="trunk-1", started_us=10 * DAY, approximate=True)
    other = leg("live", line="trunk-1", started_us=10 * DAY + late)
    keep(store, source, record)
    keep(store, source, other)
    with store.read() as connection:
        assert [row[0] for row in calls_of(connection, source)] == ["cdr", "live"]


def test_calls_nobody_tells_the_end_of_are_closed_once(store: Store, source: int) -> None:
    lost, alive = leg("lost", line="trunk-1"), leg("alive")
    younger = leg("younger", started_us=12 * DAY)
    keep(store, source, at(lost, 1), at(alive, 2), at(younger, 0))
    with store.write() as connection:
        assert calls.close_open(connection, source, {"alive"}, 11 * DAY, RULES, NOW) == 1
        assert calls.close_open(connection, source, {"alive"}, 11 * DAY, RULES, NOW) == 0
        ended = {row[0]: (row[11], row[15], row[16], bool(row[22])) for row in legs_of(connection, source)}
        assert ended["lost"] == (None, "unknown", 3, True)
        assert [ended[name][2] for name in ("alive", "younger")] == [2, 0]
        assert calls.recount(connection, rule) == (0, 0)
    keep(store, source, leg("cdr", line="trunk-1", approximate=True))
    with store.read() as connection:
        assert [row[0] for row in calls_of(connection, source)] == ["alive", "lost", "younger"]
        assert tallies_of(connection, source)["1001", lost.day][3] == 60_000
    keep(store, source, lost)
    with store.read() as connection:
        assert tuple(lost) in legs_of(connection, source)


def test_the_cursor_moves_with_the_records_or_not_at_all(store: Store, source: int) -> None:
    with store.write() as connection:
        calls.ingest(connection, source, [leg("a")], RULES, "10", NOW)
    broken = leg("b", outcome=None)  # the store refuses it
    with pytest.raises(IntegrityError), store.write() as connection:
        calls.ingest(connection, source, [leg("c"), broken], RULES, "20", NOW)
    with store.read() as connection:
        assert connection.exec_driver_sql(f"SELECT cursor FROM source WHERE id = {source}").scalar() == "10"
        assert [row[0] for row in legs_of(connection, source)] == ["a"]
