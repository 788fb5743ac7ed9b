"""What phones do now, what they did, and how sources are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import floor, presence, sources
from store.engine import Store, open_store
from tests.store.records import new_source


@dataclass(frozen=True)
class Told:
    state: str
    since_us: int
    agent: str = "1001"
    with_whom: str | None = None
    direction: str | None = None
    group_id: str | None = None
    channel: str | None = None
    reason: str | None = None


def tell(store: Store, source_id: int, *told: Told) -> int:
    with store.write() as connection:
        return presence.tell(connection, source_id, told, lambda moment: 20260101)


def kept(store: Store, source_id: int) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    of_source = f"JOIN phone_identity AS p ON p.id = identity_id WHERE source_id = {source_id}"
    with store.read() as connection:
        now = connection.exec_driver_sql(f"SELECT agent, state, since_us FROM presence {of_source} ORDER BY 1").all()
        events = connection.exec_driver_sql(f"SELECT state, at_us FROM state_event {of_source} ORDER BY at_us").all()
    return [tuple(row) for row in now], [tuple(row) for row in events]


def test_a_change_is_kept_and_appended_once(store: Store) -> None:
    with store.write() as connection:
        source_id = new_source(connection)
    assert tell(store, source_id, Told("idle", 1), Told("ringing", 2), Told("talking", 3, with_whom="+49301")) == 1
    assert tell(store, source_id, Told("talking", 3, with_whom="+49301")) == 0
    assert tell(store, source_id, Told("ringing", 2)) == 0
    now, events = kept(store, source_id)
    assert now == [("1001", "talking", 3)]
    assert events == [("idle", 1), ("ringing", 2), ("talking", 3)]


def test_a_state_told_again_after_a_reconnect_holds_since_it_was_first_told(store: Store) -> None:
    with store.write() as connection:
        source_id = new_source(connection)

    def since() -> int | None:
        with store.read() as connection:
            [phone] = [one for one in floor.phones(connection, 20260101) if one.source_id == source_id]
        return phone.since_us

    tell(store, source_id, Told("talking", 3, group_id="1.1"), Told("idle", 5))
    assert since() == 5
    tell(store, source_id, Told("idle", 900))
    assert since() == 5
    tell(store, source_id, Told("talking", 1000, group_id="1.2"))
    assert since() == 1000


def test_a_snapshot_of_what_is_known_writes_nothing(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    with store.write() as connection:
        source_id = new_source(connection)
    phones = [Told("idle", 5, agent=str(n)) for n in range(50)]
    assert tell(store, source_id, *phones) == 50
    before = Path(f"{sqlite_url}-wal").stat().st_mtime_ns
    assert tell(store, source_id, *phones) == 0
    assert Path(f"{sqlite_url}-wal").stat().st_mtime_ns == before
    store.close()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(["idle", "ringing", "talking"]), min_size=1, max_size=6).flatmap(
        lambda states: st.permutations([Told(state, moment) for moment, state in enumerate(states)])
    )
)
def test_the_latest_state_stands_whatever_the_order(store: Store, told: list[Told]) -> None:
    with store.write() as connection:
        source_id = new_source(connection)
    for one in told:
        tell(store, source_id, one)
    latest = max(told, key=lambda one: one.since_us)
    assert kept(store, source_id)[0] == [("1001", latest.state, latest.since_us)]


def test_a_source_keeps_since_when_it_is_up_or_down(store: Store) -> None:
    with store.write() as connection:
        source_id = sources.ensure(connection, "pbx", "asterisk", ["dial", "listen"])
        assert sources.ensure(connection, "pbx", "asterisk", ["dial"]) == source_id

        def row() -> tuple[object, ...]:
            found = connection.exec_driver_sql(
                f"SELECT up, since_us, seen_us, event_us, detail, capabilities FROM source WHERE id = {source_id}"
            ).one()
            return (bool(found[0]), *found[1:])

        sources.set_down(connection, source_id, 5, "refused")
        assert row() == (False, 5, None, None, "refused", "dial")
        sources.set_down(connection, source_id, 7, "frozen")
        assert row() == (False, 5, None, None, "frozen", "dial")
        sources.set_up(connection, source_id, 9)
        sources.set_up(connection, source_id, 11)
        assert row() == (True, 9, 11, None, "", "dial")
        sources.heard(connection, source_id, 12)
        sources.alive(connection, source_id, 13)
        assert row() == (True, 9, 13, 12, "", "dial")
        assert sources.cursor(connection, source_id) is None
