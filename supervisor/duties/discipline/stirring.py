"""Who is to be judged anew while a day goes on: those of whom something can have become by a rule that judges what
happens. Most people just call customers, one after the other, and nothing becomes of that.

Idle: a gap is told by its end, by how long it lasts now, or by what becomes known late. While it is shorter than the
limit there is none, and more activity never makes one.
Private call: a number that is no customer's, once somebody had as many calls or as long a talk with it as it takes.
Do-not-call dialled: a number of a customer who is not to be called.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from integrations.provider import Direction
from store import evaluation as rows
from store import recent
from supervisor.config import Config
from supervisor.duties.discipline.day import WEEK_DAYS, Only
from supervisor.duties.discipline.known import NOBODY_KNOWS, Floor, Known, Piece, times_of, worked
from supervisor.duties.discipline.read import back
from supervisor.duties.discipline.rules.working import MINUTE_US, overlap

_OUTBOUND, _INTERNAL = Direction.OUTBOUND.value, Direction.INTERNAL.value
_CUSTOMERS_US = 5 * MINUTE_US
"""Whether customers may be called again is asked so often, and after whatever people do."""

_AGAIN_US = MINUTE_US
"""A gap that goes on is judged again so often: it is told in minutes."""


def stirring(connection: Connection, config: Config, day: int, now_us: int, known: Known) -> tuple[Only, Known] | None:
    """Return of whom something can have become since, and what is known now, of a day of which `known.facts` hold.
    None: it cannot be told, and everybody is to be looked at."""
    marks, days = recent.marks(connection), (day, back(day, -1))
    since = known.marks
    if (marks.live, marks.customers) != (since.live, since.customers):
        return None
    edited = recent.edited(connection, days, since) if marks.revision > since.revision else []
    if not all(one.there for one in edited):
        return None
    customers, customers_us = known.customers, known.customers_us
    is_due = not 0 <= now_us - customers_us < _CUSTOMERS_US
    if is_due or (marks.journal, marks.number) != (since.journal, since.number):
        if recent.customers_told(connection, since) != customers:
            return None
        customers_us = now_us
        if marks.number != since.number:
            customers = recent.customers_told(connection, marks)
    if marks.phone > since.phone:
        floor = known.floor
        standing = floor.standing._replace(phones=rows.phones(connection, day))
        known = replace(known, floor=replace(floor, standing=standing))
    changed = recent.changed(connection, days, since, known.calls, known.legs)
    if _known_after_all(changed, known.floor.outages, now_us):
        return None
    shared = [call.call_id for call in changed if call.legs > 1]
    parts = recent.parts(connection, shared) if shared else []
    tallies = rows.tallies(connection, *days)
    stirred = {identity for one in edited for identity in one.whose}
    stirred |= _others_now(known.calls, changed)
    stirred |= _unexplained(known.tallies, tallies, changed, parts)
    stirred |= {
        call.identity_id
        for call in changed
        if call.identity_id is not None and known.last.get(known.floor.whose.get(call.identity_id, 0)) == NOBODY_KNOWS
    }
    if marks.event > since.event:
        stirred |= recent.paused_late(connection, since, known.now_us)
    if marks.number > since.number:
        stirred |= recent.with_new_numbers(connection, days, since)
    plain: frozenset[tuple[int, str]] = frozenset()
    if marks.customers:
        strange, plain = _strange(connection, config, day, changed, known)
        stirred |= strange
    legs = recent.under_way(connection, days)
    under_way = {call for _, call in legs}
    whose = known.floor.whose
    times = times_of(changed, parts)
    idle, quiet, last = _may_be_idle(times, known, now_us, config.console.idle_act_minutes * MINUTE_US)
    now = replace(
        known,
        customers=customers,
        customers_us=customers_us,
        marks=marks,
        tallies=tallies,
        last=last,
        quiet=quiet,
        quiet_us=known.quiet_us if 0 <= now_us - known.quiet_us < _AGAIN_US else now_us,
        calls={call.call_id: call for call in changed if call.call_id in under_way},
        legs=frozenset(leg for leg, _ in legs),
        busy=dict(times),
        plain=plain,
        now_us=now_us,
    )
    people = frozenset(whose[identity] for identity in stirred if identity in whose) | idle
    return Only(people, frozenset(identity for identity in stirred if identity not in whose)), now


def _known_after_all(changed: Sequence[recent.Changed], outages: Sequence[rows.Out], now_us: int) -> bool:
    """Whether calls became known of a source that was thought to be down: see `rows.outages`."""
    return any(
        call.source_id == out.source_id
        and call.started_us >= out.from_us
        and call.ended_us is not None
        and call.ended_us <= (out.until_us or now_us)
        for out in outages
        for call in changed
    )


def _others_now(before: Mapping[int, recent.Changed], changed: Iterable[recent.Changed]) -> set[int]:
    """Return the phones whose calls were under way, and are others' or others than they were, or none any more."""
    now = {call.call_id: call for call in changed}
    found: set[int | None] = set()
    for was in before.values():
        call = now.get(was.call_id)
        if call is None or _which(call) != _which(was):
            found |= {was.identity_id, None if call is None else call.identity_id}
    return {identity for identity in found if identity is not None}


def _which(call: recent.Changed) -> tuple[object, ...]:
    """What of a call stays as it is while it goes on."""
    return call.identity_id, call.direction, call.number, call.number_raw, call.started_us


def _unexplained(
    before: Mapping[int, tuple[Any, ...]],
    now: Mapping[int, tuple[Any, ...]],
    changed: Iterable[recent.Changed],
    parts: Iterable[recent.Part],
) -> set[int]:
    """Return the phones whose sums are others, though no call of theirs is known that makes them so."""
    differ = {identity for identity in before.keys() | now.keys() if before.get(identity) != now.get(identity)}
    return differ - {call.identity_id for call in changed} - {part.identity_id for part in parts}


def _strange(
    connection: Connection, config: Config, day: int, changed: Iterable[recent.Changed], known: Known
) -> tuple[set[int], frozenset[tuple[int, str]]]:
    """Return the phones with a call that may be private or not allowed, and the calls under way that are neither."""
    outside = [
        (call, call.number or call.number_raw)
        for call in changed
        if call.identity_id is not None and call.direction != _INTERNAL and (call.number or call.number_raw)
    ]
    plain = {(call.call_id, number) for call, number in outside} & known.plain
    asked = {number for call, number in outside if (call.call_id, number) not in plain}
    held: dict[str, bool] = {}
    for owner in rows.owners(connection, asked) if asked else ():
        held[owner.number] = held.get(owner.number, False) or owner.dnc_us is not None
    strange = {call.number for call, number in outside if number in asked and number not in held and call.number}
    private = _private(connection, config, day, {number for number in strange if number}, known.floor)
    found: set[int] = set()
    for call, number in outside:
        if (call.call_id, number) in plain or call.identity_id is None:
            continue
        if number not in held:
            if call.number is None or (_whom(known.floor, call.identity_id), number) in private:
                found.add(call.identity_id)
        elif held[number]:
            if call.direction == _OUTBOUND:
                found.add(call.identity_id)
        else:
            plain.add((call.call_id, number))
    return found, frozenset(plain)


def _private(
    connection: Connection, config: Config, day: int, strange: Collection[str], floor: Floor
) -> set[tuple[str, str]]:
    """Return who had as many calls or as long a talk with numbers that are no customer's as private calls are told
    by."""
    if not strange:
        return set()
    limits = config.discipline
    many: Counter[tuple[str, str]] = Counter()
    found: set[tuple[str, str]] = set()
    for identity, number, times, longest_ms in recent.calls_with(connection, (day, back(day, -1)), strange):
        key = _whom(floor, identity), number
        many[key] += times
        if (longest_ms or 0) >= limits.private_talk_minutes * 60_000:
            found.add(key)
    found |= {key for key, times in many.items() if times >= limits.private_calls_a_day}
    before = rows.called_before(connection, back(day, WEEK_DAYS), back(day, 1), strange, ())
    for identity, specialist, number, times in before:
        many[f"specialist:{specialist}" if specialist in floor.ends else f"phone:{identity}", number] += times
    return found | {key for key, times in many.items() if times >= limits.private_calls_a_week}


def _whom(floor: Floor, identity: int) -> str:
    """Whose calls of a phone are: a specialist's, or nobody's."""
    return f"specialist:{floor.whose[identity]}" if identity in floor.whose else f"phone:{identity}"


def _may_be_idle(
    times: Iterable[tuple[Piece, int | None]], known: Known, now_us: int, limit_us: int
) -> tuple[frozenset[int], frozenset[int], dict[int, int]]:
    """Return who had a gap of `limit_us` that ended since or goes on, or whose gaps may be others than they were
    thought to be; whose gap goes on; and when everybody was last on a call that is over."""
    floor, last = known.floor, dict(known.last)
    found: set[int] = set()
    on_a_call: set[int] = set()
    quiet: set[int] = set()
    for piece, until_us in times:
        _, identity, from_us = piece
        whom = floor.whose.get(identity)
        if whom is None or from_us >= floor.ends[whom]:
            continue
        before = last.get(whom, 0)
        if piece in known.busy:  # it was on until then, or still: so it was judged
            shrinks = until_us is not None and until_us != known.busy[piece]
            is_other = shrinks and not 0 <= now_us - (until_us or 0) < limit_us
        else:
            gap_us = worked(floor, whom, before, max(from_us, known.now_us))  # as it was thought to be, or is
            is_among = whom in on_a_call or from_us < before
            is_other = gap_us >= limit_us or (is_among and whom in known.gaps)
        if is_other or until_us == NOBODY_KNOWS:
            found.add(whom)
        if until_us is None:
            on_a_call.add(whom)
        else:
            last[whom] = max(before, until_us)
    for whom, shift in floor.shifts.items():
        end_us = shift[-1][1]
        until_us, last_us = min(now_us, end_us), last.get(whom, 0)
        if until_us - last_us < limit_us:
            continue
        is_quiet = whom in floor.live and whom not in on_a_call if now_us < end_us else known.now_us < end_us
        if is_quiet and overlap(shift, last_us, until_us) >= limit_us:
            quiet.add(whom)
            if whom not in known.quiet or now_us >= end_us or not 0 <= now_us - known.quiet_us < _AGAIN_US:
                found.add(whom)
    return frozenset(found), frozenset(quiet), last
