"""Canonical records -> values that the store can keep, and the rules by which it derives from them."""

from __future__ import annotations

import marshal
from collections.abc import Callable
from hashlib import blake2b

from integrations.provider import Direction, Leg
from store.calls import LegValues, Rules
from supervisor.calendar import Calendar
from supervisor.config import Config
from supervisor.duties.calls.rule import call_of
from supervisor.duties.followups.counting import counting
from supervisor.numbers import e164
from supervisor.text import storable

LONGEST = 500
"""Characters kept of a number, a name or a file name."""
LONGEST_RAW = 65_536
"""Characters kept of a record as the source wrote it."""

_QUARTER_US = 15 * 60 * 1_000_000


def normaliser(config: Config) -> Callable[[Leg], LegValues]:
    """Return the function that makes a source's leg storable.

    It adds the customer's number in E.164 (dialled on outbound, calling on inbound legs, none on others), the floor's
    local day on which the leg began and the hash; drops from texts what the databases refuse, and cuts overlong ones.
    """
    number_of = e164(config.floor.country)
    day_of = _days(Calendar(config.floor).day_of)
    outbound, inbound = Direction.OUTBOUND, Direction.INBOUND

    def normalise(leg: Leg) -> LegValues:
        (
            leg_id, group_id, agent, direction, from_raw, to_raw, started_us, answered_us, ended_us, talk_ms, outcome,
            progress, ringing_us, ring_ms, hold_ms, parent_id, queue, line, recording, ambiguous, approximate, raw,
        ) = leg  # fmt: skip
        texts = f"{leg_id}{group_id}{agent}{from_raw}{to_raw}{parent_id}{queue}{line}{recording}"
        if not (len(texts) <= LONGEST and texts.isascii() and "\0" not in texts):
            leg_id, group_id, from_raw, to_raw = map(_text, (leg_id, group_id, from_raw, to_raw))
            agent, parent_id, queue, line, recording = map(_known, (agent, parent_id, queue, line, recording))
        raw = storable(raw[:LONGEST_RAW])
        number = number_of(to_raw) if direction is outbound else number_of(from_raw) if direction is inbound else None
        way, came, went = direction._value_, outcome._value_, int(progress)
        # Version 0 of marshal writes equal values as equal bytes, and takes a fifth of the time of repr.
        record = marshal.dumps((
            leg_id, group_id, agent, way, from_raw, to_raw, started_us, ringing_us, answered_us, ended_us, talk_ms,
            ring_ms, hold_ms, came, went, parent_id, queue, line, recording, ambiguous, approximate, raw,
        ), 0)  # fmt: skip
        return LegValues(
            leg_id, group_id, agent, day_of(started_us), way, from_raw, to_raw, number, started_us, ringing_us,
            answered_us, ended_us, talk_ms, ring_ms, hold_ms, came, went, parent_id, queue, line, recording, ambiguous,
            approximate, raw, int.from_bytes(blake2b(record, digest_size=8).digest(), "big", signed=True),
        )  # fmt: skip

    return normalise


def _days(day_of: Callable[[int], int]) -> Callable[[int], int]:
    """Return `day_of` with a memory: within a quarter of an hour by the clock it is the same day in every zone."""
    memory: dict[int, int] = {}

    def day(moment_us: int) -> int:
        quarter = moment_us // _QUARTER_US
        found = memory.get(quarter)
        if found is None:
            if len(memory) > 100_000:
                memory.clear()
            found = memory[quarter] = day_of(moment_us)
        return found

    return day


def _text(value: str) -> str:
    """Return what is kept of `value`. A text too long ends in the hash of the whole, so that ids stay distinct."""
    value = storable(value)
    if len(value) <= LONGEST:
        return value
    return value[: LONGEST - 33] + "…" + blake2b(value.encode(), digest_size=16).hexdigest()


def _known(value: str | None) -> str | None:
    return None if value is None else _text(value)


def rules_of(config: Config) -> Rules:
    """Return what the configuration says about deriving: what is an effective call, and how contacts are counted."""
    effective_ms = config.calls.effective_seconds * 1000
    return Rules(lambda legs: call_of(legs, effective_ms), counting(config.followups.counts_per_day))
