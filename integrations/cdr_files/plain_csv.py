"""Call records in a CSV of anyone's: columns by a mapping, or by their plain names."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar
from zoneinfo import ZoneInfo

from integrations.asterisk.naming import Naming, is_extension
from integrations.cdr_files.settings import FilesSettings
from integrations.cdr_files.text import key, match_columns
from integrations.cdr_files.times import any_reader
from integrations.provider import Direction, Leg, Outcome

T = TypeVar("T")

REQUIRED = ("agent", "to", "started")
OPTIONAL = ("id", "group", "direction", "from", "answered", "ended", "talk_seconds", "outcome")

_DIRECTIONS = {key(direction): direction for direction in Direction} | {
    "out": Direction.OUTBOUND,
    "outgoing": Direction.OUTBOUND,
    "in": Direction.INBOUND,
    "incoming": Direction.INBOUND,
}
_OUTCOMES = {key(outcome): outcome for outcome in Outcome} | {
    "answer": Outcome.ANSWERED,
    "connected": Outcome.ANSWERED,
    "unanswered": Outcome.NO_ANSWER,
    "canceled": Outcome.CANCELLED,
    "cancel": Outcome.CANCELLED,
    "congestion": Outcome.FAILED,
    "rejected": Outcome.FAILED,
}


def columns_of(header: Sequence[str], mapping: Mapping[str, str]) -> dict[str, int]:
    """Return which column holds which field. ValueError in words where the header does not do."""
    return match_columns(header, REQUIRED, OPTIONAL, mapping)


def row_reader(columns: Mapping[str, int], settings: FilesSettings, zone: ZoneInfo) -> Callable[[list[str], str], Leg]:
    """Return a reader of one row (and its text) that raises ValueError in words where the row is no call.

    Without an id the row's text is its identity: the same row again is the same record. Without a group each row is
    a call. Without a direction a row goes out, or to a colleague where the number is an extension. Without an
    outcome a call was answered if it has an answer time or talk, and not if its talk is 0; else that is unknown.
    Without a talk time it is the time from answer to end.
    """
    moment = any_reader(zone)
    naming = Naming((), (), settings.dial_prefixes)
    places = [columns.get(field, -1) for field in (*REQUIRED, *OPTIONAL)]

    def optional(text: str) -> tuple[int | None, bool]:
        return moment(text) if text else (None, False)

    def read(row: list[str], raw: str) -> Leg:
        cells = [row[place].strip() if place >= 0 else "" for place in places]
        agent, to, started, leg_id, group, direction_word, from_, answered, ended, talk, outcome_word = cells
        if not started:
            raise ValueError("no start time")
        started_us, twice = moment(started)
        answered_us, answered_twice = optional(answered)
        ended_us, _ = optional(ended)
        talk_ms = _milliseconds(talk)
        if ended_us is not None and ended_us < started_us:
            if not twice or answered_us is None or talk_ms is None:
                raise ValueError(f"ended ({ended}) before it started ({started})")
            ended_us = answered_us + talk_ms * 1000
        if answered_us is not None and answered_us < started_us and not (twice or answered_twice):
            raise ValueError(f"answered ({answered}) before it started ({started})")
        if answered_us is not None and ended_us is not None and answered_us > ended_us:
            raise ValueError(f"answered ({answered}) after it ended ({ended})")
        direction = _word(direction_word, _DIRECTIONS, "direction") or (
            Direction.INTERNAL if is_extension(to) else Direction.OUTBOUND if agent else Direction.UNKNOWN
        )
        outcome = _word(outcome_word, _OUTCOMES, "outcome")
        if outcome is None:
            if answered_us is not None or talk_ms:
                outcome = Outcome.ANSWERED
            else:
                outcome = Outcome.UNKNOWN if talk_ms is None else Outcome.NO_ANSWER
        if talk_ms is None and answered_us is not None and ended_us is not None and outcome is Outcome.ANSWERED:
            talk_ms = (ended_us - answered_us) // 1000
        leg_id = leg_id or hashlib.blake2b(raw.rstrip("\r\n").encode(), digest_size=12).hexdigest()
        return Leg(
            leg_id,
            group or leg_id,
            agent or None,
            direction,
            from_,
            naming.stripped(to) if direction is Direction.OUTBOUND else to,
            started_us,
            answered_us,
            ended_us,
            talk_ms,
            outcome,
            ambiguous=twice,
            raw=raw,
        )

    return read


def _word(text: str, known: Mapping[str, T], name: str) -> T | None:
    if not text:
        return None
    found = known.get(key(text))
    if found is None:
        expected = ", ".join(sorted({str(value) for value in known.values()}))
        raise ValueError(f"{name} is {text[:40]!r}, expected one of {expected}")
    return found


def _milliseconds(text: str) -> int | None:
    """Return seconds, whole or with a fraction, or H:MM:SS, in milliseconds; None where there is nothing."""
    if not text:
        return None
    try:
        parts = text.replace(",", ".").split(":")
        seconds = float(parts[-1])
        for power, part in enumerate(reversed(parts[:-1]), 1):
            seconds += int(part) * 60**power
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < 10_000_000 or len(parts) > 3:
        raise ValueError(f"talk_seconds is {text[:40]!r}, expected seconds, 0 or more")
    return round(seconds * 1000)
