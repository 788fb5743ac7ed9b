"""Records of a source -> legs, revisions, calls, tallies, contacts and the cursor, all in the caller's transaction.

What is kept depends on which records came, not on their order or how often: of the records of one leg the one that went
furthest stands, an exact one before an approximate one; of equals the one that came last (an edit, the former goes to
`revision`). Live legs and approximate records (from a finished-calls file) of the same line and time are one call: see
store.reconcile.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from store import driver
from store.contacts import ProvedCall
from store.floor import first_call_us
from store.groups import Rules, StoredLeg, call_row, identities, in_order, insert_calls, leg_row, legs_where, rederive
from store.ledger import AGENT_OF_CALL, ENDED, LEG_COLUMNS, CallValues, Counts, LegValues
from store.matching import history_ends, keep_changed, keep_new
from store.reconcile import completed, is_live, may_complete, one_call, together
from store.tally import Key, resum

_AT_ONCE = 10_000  # legs: bounds the memory, whatever the caller's batches
_UPDATE = f"UPDATE leg SET {', '.join(f'{name} = ?' for name in LEG_COLUMNS)} WHERE id = ?"


class _Work:
    """One ingest: its transaction, the tally keys it touched, and the calls that may be contacts."""

    def __init__(self, connection: Connection, source_id: int, rules: Rules, now_us: int) -> None:
        self.connection = connection
        self.source_id = source_id
        self.call_of, self.numbers = rules
        self.now_us = now_us
        self.touched: set[Key] = set()
        self.left: set[Key] = set()
        self._proved: dict[str, ProvedCall] = {}
        self._changed: set[str] = set()
        self._history_us: int | None = None
        self._earliest_us: int | None = None

    def begin(self, call: CallValues, identity_id: int | None) -> None:
        """Take note of the call of a new group, before any is written."""
        if self._earliest_us is None:
            self._history_us = first_call_us(self.connection)
        self._earliest_us = min(call.started_us, self._earliest_us or call.started_us)
        if call.effective:
            number = call.number_raw if call.number is None else call.number
            self._proved[call.group_id] = ProvedCall(call.group_id, identity_id, call.day, number, call.started_us)

    def change(self, groups: Collection[str]) -> None:
        """Take note of groups whose call is effective, or was, and is another one now."""
        self._changed.update(groups)

    def finish(self) -> None:
        resum(self.connection, self.touched | self.left, self.left)
        fresh = [call for group, call in self._proved.items() if group not in self._changed]
        keep_new(self.connection, self.source_id, fresh, self.numbers, self.now_us)
        changed = {(self.source_id, group) for group in self._changed}
        keep_changed(self.connection, changed, self.numbers, self.now_us)
        if self._earliest_us is not None and (self._history_us is None or self._earliest_us < self._history_us):
            history_ends(self.connection, self._history_us, self.numbers)

    def these(self, values: Collection[Any]) -> tuple[int, Any]:
        return self.source_id, driver.given(self.connection, values)


class _Known(NamedTuple):
    """What decides whether a record tells more than the leg in the store."""

    raw_hash: int
    progress: int
    approximate: bool
    completed_by: str | None
    line: str | None


def ingest(
    connection: Connection,
    source_id: int,
    legs: Sequence[LegValues],
    rules: Rules,
    cursor: str | None,
    now_us: int,
) -> Counts:
    """Keep `legs` of a source and what follows from them; move the source's cursor to `cursor` (None: leave it).

    Returns how many records were new, changed a leg, or told nothing new. `now_us` dates the revisions. The same
    records again change nothing, not one byte; one by one or in batches, the result is the same.
    """
    work = _Work(connection, source_id, rules, now_us)
    new = changed = 0
    for start in range(0, len(legs), _AT_ONCE):
        for batch in _rounds(legs[start : start + _AT_ONCE]):
            fresh, better = _approximate(work, batch) if batch[0].approximate else _exact(work, batch)
            new, changed = new + fresh, changed + better
    work.finish()
    if cursor is not None:
        driver.run(
            connection,
            "UPDATE source SET cursor = ? WHERE id = ? AND cursor IS DISTINCT FROM ?",
            (cursor, source_id, cursor),
        )
    return Counts(new, changed, len(legs) - new - changed)


def close_open(
    connection: Connection, source_id: int, alive: Collection[str], until_us: int, rules: Rules, now_us: int
) -> int:
    """End the calls that the store holds for open, that began before `until_us` and are not `alive` (group ids); return
    how many. When they ended and how is unknown, and stays so until a record tells it; what was told is kept."""
    work = _Work(connection, source_id, rules, now_us)
    found = legs_where(
        connection,
        f"leg.source_id = ? AND progress < {ENDED} AND started_us < ? AND group_id NOT IN "
        + driver.any_of(connection, "text"),
        (source_id, until_us, driver.given(connection, alive)),
    )
    ended = [leg.values._replace(progress=ENDED, approximate=True, completed_by="") for leg in found]
    _replace(work, [(old, now, False) for old, now in zip(found, ended, strict=True)])
    work.finish()
    return len({leg.group_id for leg in ended})


def _rank(progress: int, approximate: bool) -> int:
    """How much a record tells of its leg: the further it went the more, and an exact one before an approximate one."""
    return 2 * progress + (not approximate)


def _rounds(legs: Sequence[LegValues]) -> Iterator[list[LegValues]]:
    """Yield `legs` in pieces without a leg id twice, exact ones first. Of one leg's records within `legs` those that
    another one overtakes are left out; an edit waits for the next piece, so that it makes its revision."""
    waiting: Sequence[LegValues] = legs
    while waiting:
        first: dict[tuple[str, bool], LegValues] = {}
        later: list[LegValues] = []
        held: set[tuple[str, bool]] = set()
        for leg in waiting:
            key = leg.leg_id, leg.approximate
            before = first.setdefault(key, leg)
            if before is leg:
                continue
            if key in held or (before.progress == leg.progress and before.raw_hash != leg.raw_hash):
                held.add(key)
                later.append(leg)
            elif leg.progress > before.progress:
                first[key] = leg
        for approximate in (False, True):
            if piece := [leg for (_, kind), leg in first.items() if kind == approximate]:
                yield piece
        waiting = later


# -- what is known already ----------------------------------------------------------------------------------------


def _known(work: _Work, legs: Sequence[LegValues]) -> dict[str, _Known]:
    found = driver.rows(
        work.connection,
        "SELECT leg_id, raw_hash, progress, approximate, completed_by, line FROM leg WHERE source_id = ? AND leg_id IN "
        + driver.any_of(work.connection, "text"),
        work.these([leg.leg_id for leg in legs]),
    )
    return {leg_id: _Known._make(rest) for leg_id, *rest in found}


def _on_lines(work: _Work, legs: Sequence[LegValues], condition: str) -> dict[str, list[StoredLeg]]:
    """Return the stored legs on the lines of `legs` that meet `condition`, by line."""
    lines = {leg.line for leg in legs if leg.line}
    found: dict[str, list[StoredLeg]] = {}
    if lines:
        for leg in legs_where(
            work.connection,
            f"leg.source_id = ? AND line IN {driver.any_of(work.connection, 'text')} AND {condition}",
            work.these(sorted(lines)),
        ):
            found.setdefault(leg.values.line or "", []).append(leg)
    return {line: sorted(those, key=lambda leg: leg.values.leg_id) for line, those in found.items()}


# -- exact and approximate records --------------------------------------------------------------------------------


def _exact(work: _Work, legs: list[LegValues]) -> tuple[int, int]:
    """Keep exact records; return how many were new and how many changed a leg."""
    known = _known(work, legs)
    fresh: list[LegValues] = []
    better: dict[str, tuple[LegValues, bool]] = {}
    placed: list[LegValues] = []  # legs that an approximate record may have told of before, or tells no more of
    for leg in legs:
        old = known.get(leg.leg_id)
        if old is None:
            fresh.append(leg)
        elif old.raw_hash == leg.raw_hash or _rank(leg.progress, False) < _rank(old.progress, old.approximate):
            continue
        else:
            better[leg.leg_id] = leg, old.approximate or old.progress == leg.progress
        ended = leg.parent_id is None and leg.progress == ENDED
        if leg.line and (old is None or old.line != leg.line or ended):
            placed.append(leg)
    _add(work, fresh)
    if better:
        stored = _stored(work, better)
        _replace(work, [(stored[i], leg, edited) for i, (leg, edited) in better.items()])
    if placed:
        _reconcile_live(work, placed)
    return len(fresh), len(better)


def _approximate(work: _Work, legs: list[LegValues]) -> tuple[int, int]:
    """Keep approximate records where no exact one tells as much; return how many were new and how many changed."""
    known = _known(work, legs)
    telling = [leg for leg in legs if _tells_more(leg, known.get(leg.leg_id))]
    stored = _stored(work, [leg.leg_id for leg in telling if leg.leg_id in known])
    better: list[tuple[StoredLeg, LegValues, bool]] = []
    records: list[LegValues] = []
    for leg in telling:
        old = stored.get(leg.leg_id)
        if old is None or not is_live(old.values):
            records.append(leg)
        elif may_complete(leg, old.values):  # a live leg that knows no more of itself
            better.append((old, completed(old.values, leg), True))
    live = _on_lines(work, records, _LIVE)
    told: dict[str, list[LegValues]] = {}
    fresh: list[LegValues] = []
    for leg in records:
        group = next((one.values.group_id for one in live.get(leg.line or "", ()) if one_call(one.values, leg)), None)
        if group is not None:
            told.setdefault(group, []).append(leg)
        elif leg.leg_id in stored:
            better.append((stored[leg.leg_id], leg, True))
        else:
            fresh.append(leg)
    _add(work, fresh)
    _replace(work, better)
    new, changed = _reconcile(work, told)
    return len(fresh) + new, len(better) + changed


def _tells_more(record: LegValues, before: _Known | None) -> bool:
    return before is None or (
        before.raw_hash != record.raw_hash
        and _rank(record.progress, True) >= _rank(before.progress, before.approximate)
    )


_LIVE = "(NOT approximate OR completed_by IS NOT NULL)"
_RECORD = "approximate AND completed_by IS NULL"


def _reconcile_live(work: _Work, placed: list[LegValues]) -> None:
    """Let the approximate records that are of one call with the live legs `placed` tell what those do not."""
    recorded = _on_lines(work, placed, _RECORD)
    told: dict[str, list[LegValues]] = {}
    for leg in placed:
        same = [
            old.values
            for old in recorded.get(leg.line or "", ())
            if old.values.group_id == leg.group_id or one_call(leg, old.values)
        ]
        if same:
            told.setdefault(leg.group_id, []).extend(same)
    _reconcile(work, told)


def _reconcile(work: _Work, told: dict[str, list[LegValues]]) -> tuple[int, int]:
    """Write the legs that live calls are `together` with approximate records of them, `told` by the calls' group ids;
    return how many records are new, and how many changed a leg."""
    if not told:
        return 0, 0
    of_any = driver.any_of(work.connection, "text")
    members: dict[str, list[StoredLeg]] = {}
    for leg in legs_where(work.connection, f"leg.source_id = ? AND group_id IN {of_any}", work.these(told)):
        members.setdefault(leg.values.group_id, []).append(leg)
    elsewhere = _stored(work, {record.leg_id for records in told.values() for record in records})
    add: list[LegValues] = []
    replace: list[tuple[StoredLeg, LegValues, bool]] = []
    gone: list[StoredLeg] = []
    changed: set[str] = set()
    for group, records in told.items():
        before = {leg.values.leg_id: leg for leg in members[group]}
        before |= {one.leg_id: elsewhere[one.leg_id] for one in records if one.leg_id in elsewhere}
        live = [leg.values for leg in members[group] if is_live(leg.values)]
        standing = {leg.values.leg_id: leg.values for leg in members[group] if not is_live(leg.values)}
        after = together(live, (standing | {record.leg_id: record for record in records}).values())
        for now in after:
            old = before.pop(now.leg_id, None)
            if old is None:
                add.append(now)
            elif old.values != now:
                replace.append((old, now, True))
                changed.add(now.completed_by or now.leg_id)
        gone += before.values()
    _add(work, add)
    _replace(work, replace)
    _remove(work, gone)
    fresh = {leg.leg_id for leg in add}
    given = {record.leg_id for records in told.values() for record in records}
    return len(fresh), len(given & changed - fresh)


# -- writing ------------------------------------------------------------------------------------------------------


def _stored(work: _Work, leg_ids: Collection[str]) -> dict[str, StoredLeg]:
    of_ids = driver.any_of(work.connection, "text")
    found = legs_where(work.connection, f"leg.source_id = ? AND leg_id IN {of_ids}", work.these(leg_ids))
    return {leg.values.leg_id: leg for leg in found}


def _add(work: _Work, legs: list[LegValues]) -> None:
    """Insert new legs and the calls of new groups; derive the calls of groups that have other legs anew."""
    if not legs:
        return
    identity = identities(work.connection, work.source_id, {leg.agent for leg in legs if leg.agent is not None})
    driver.insert(
        work.connection,
        "leg",
        ("source_id", *LEG_COLUMNS),
        [(work.source_id, *leg_row(leg, identity)) for leg in legs],
    )
    groups: dict[str, list[LegValues]] = {}
    for leg in legs:
        groups.setdefault(leg.group_id, []).append(leg)
        if leg.agent is not None:
            work.touched.add((identity[leg.agent], leg.day))
    known = driver.rows(
        work.connection,
        "SELECT group_id FROM call WHERE source_id = ? AND group_id IN " + driver.any_of(work.connection, "text"),
        work.these(groups),
    )
    for (group,) in known:
        del groups[group]
    rows = []
    for group_legs in groups.values():
        call = work.call_of(group_legs if len(group_legs) == 1 else in_order(group_legs))
        if call is None:
            continue
        row = call_row(call, identity)
        work.begin(call, row[AGENT_OF_CALL])
        rows.append((work.source_id, *row))
        if row[AGENT_OF_CALL] is not None:
            work.touched.add((row[AGENT_OF_CALL], call.day))
    insert_calls(work.connection, rows)
    _rederive(work, {group for (group,) in known})


def _replace(work: _Work, legs: Sequence[tuple[StoredLeg, LegValues, bool]]) -> None:
    """Write legs over what was stored; where it is an edit, what was stored goes to `revision`."""
    if not legs:
        return
    identity = identities(work.connection, work.source_id, {leg.agent for _, leg, _ in legs if leg.agent is not None})
    _revise(work, [old for old, _, edited in legs if edited])
    driver.many(work.connection, _UPDATE, [(*leg_row(leg, identity), old.id) for old, leg, _ in legs])
    for old, leg, _ in legs:
        now = None if leg.agent is None else identity[leg.agent]
        if now is not None:
            work.touched.add((now, leg.day))
        if old.identity_id is not None and (old.identity_id, old.values.day) != (now, leg.day):
            work.left.add((old.identity_id, old.values.day))
    _rederive(work, {group for old, leg, _ in legs for group in (old.values.group_id, leg.group_id)})


def _remove(work: _Work, legs: list[StoredLeg]) -> None:
    """Take legs out that another record of the same call replaces; they stay in `revision`."""
    if not legs:
        return
    _revise(work, legs)
    driver.many(work.connection, "DELETE FROM leg WHERE id = ?", [(leg.id,) for leg in legs])
    work.left |= {(leg.identity_id, leg.values.day) for leg in legs if leg.identity_id is not None}
    _rederive(work, {leg.values.group_id for leg in legs})


def _revise(work: _Work, legs: list[StoredLeg]) -> None:
    if legs:
        driver.insert(
            work.connection,
            "revision",
            ("source_id", "leg_id", "at_us", "before"),
            [
                (
                    work.source_id,
                    leg.values.leg_id,
                    work.now_us,
                    json.dumps(leg.values._asdict(), ensure_ascii=False, separators=(",", ":")),
                )
                for leg in legs
            ],
        )


def _rederive(work: _Work, groups: set[str]) -> None:
    done = rederive(work.connection, work.source_id, groups, work.call_of)
    work.change(done.effective)
    work.touched |= done.touched
    work.left |= done.left
