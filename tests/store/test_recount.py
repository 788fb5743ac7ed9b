"""A recount puts right what is not as the legs say, and says how much that was."""

from __future__ import annotations

from store import calls
from store.engine import Store
from tests.store.records import DAY, RULES, counted, everything, leg, legs_of, new_source, rule, tallies_of


def test_a_recount_finds_and_mends_every_damage(store: Store) -> None:
    with store.write() as connection:
        source_id = new_source(connection)
        records = [leg(f"l{n}", agent=f"{n % 2}", started_us=(10 + n % 3) * DAY) for n in range(30)]
        calls.ingest(connection, source_id, records, RULES, None, 0)
        whole = everything(connection, source_id)
        for damage in (
            "UPDATE tally SET dials = dials + 1 WHERE day = 20260110",
            "DELETE FROM tally WHERE day = 20260111",
            "INSERT INTO tally SELECT identity_id, 20991231, 5, 0, 0, 0, 0, NULL FROM tally WHERE day = 20260112",
            "UPDATE call SET connected = 0 WHERE group_id = 'l3'",
            "DELETE FROM call WHERE group_id = 'l4'",
        ):
            connection.exec_driver_sql(damage)
        connection.exec_driver_sql(
            "INSERT INTO call (source_id, group_id, day, direction, number_raw, started_us, outcome, progress, dial, "
            "connected, effective, legs, approximate) "
            f"VALUES ({source_id}, 'ghost', 20260110, 'outbound', '', 1, 'busy', 3, 1, 0, 0, 1, false)"
        )
        assert calls.recount(connection, rule) == (3, 6)
        assert everything(connection, source_id) == whole
        assert tallies_of(connection, source_id) == counted(legs_of(connection, source_id))
        assert calls.recount(connection, rule) == (0, 0)


def test_a_recount_follows_a_new_rule(store: Store) -> None:
    with store.write() as connection:
        source_id = new_source(connection)
        calls.ingest(connection, source_id, [leg("a")], RULES, None, 0)
        assert calls.recount(connection, lambda legs: rule(legs)._replace(effective=0)) == (1, 1)
        assert [sums[2] for sums in tallies_of(connection, source_id).values()] == [0]
