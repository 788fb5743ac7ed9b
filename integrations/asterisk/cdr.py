"""Asterisk's CDR file: its rows, and the calls they tell of.

A CDR is not a call. A call is what happened on one line - the channel that led to the customer - and several rows tell
of it: a 0-second row for each step after a Dial, one for each half of a Local channel, one for each phone it was handed
to. What rows cannot tell: when the customer of a click-to-call answered (billsec counts from the specialist's answer),
whether a call with the customer's channel first was dialled or came in, whether a trunk was dead or nobody answered.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

WIDTHS = range(16, 22)
"""Columns: 16, with uniqueid and user field up to 18, with peer account, linkedid and sequence up to 21."""

DISPOSITIONS = frozenset(("ANSWERED", "NO ANSWER", "NOANSWER", "BUSY", "FAILED", "CONGESTION", "CANCEL", "CANCELED"))

_UNIQUE = re.compile(r"\S*\d+\.\d+\Z", re.ASCII)

SKEWED_US = 3_600_000_000
"""A row that ended so long after now was written by a wrong clock: waiting for it to settle would wait for ever."""

Moment = tuple[int, bool]


class Cdr(NamedTuple):
    """One row. `id` is its own for ever, and no live leg's; `unique` the channel's uniqueid (its name,
    where the file has none), `linked` "" where it has none, `call` the one or the other; `other` the channel it met,
    `answer_us` None where nobody answered; `ambiguous`: its local time occurs twice; `raw` the row as it is written."""

    id: str
    unique: str
    linked: str
    call: str
    source: str
    dialled: str
    channel: str
    other: str
    app: str
    data: str
    start_us: int
    answer_us: int | None
    end_us: int
    billed_ms: int
    disposition: str
    ambiguous: bool
    raw: str

    @property
    def answered(self) -> bool:
        """Whether the two channels met. Rows of a phone that was up already say NO ANSWER and have billed seconds."""
        return self.disposition == "ANSWERED"


def parser(moment: Callable[[str], Moment]) -> Callable[[Sequence[str], str], Cdr]:
    """Return a reader of a row's columns and its text; `moment` resolves its times: local to the file's zone, UTC with
    usegmtime.

    It raises ValueError in words for a person: a width that no Asterisk writes, no number, a time that does not
    exist, an end before the start. Where the clock was put back in between, start and duration tell the end.
    """

    def parse(row: Sequence[str], raw: str) -> Cdr:
        if len(row) not in WIDTHS:
            raise ValueError(f"{len(row)} columns, expected {WIDTHS[0]} to {WIDTHS[-1]}")
        _, source, dialled, _, _, channel, other, app, data, start, answer, end, duration, billed, said, _ = row[:16]
        unique, linked, sequence = (row[16], row[19], row[20]) if len(row) == 21 else identifiers(row)
        if not channel:
            raise ValueError("no channel")
        if said not in DISPOSITIONS:
            raise ValueError(f"disposition is {said[:40]!r}, expected one of {', '.join(sorted(DISPOSITIONS))}")
        start_us, twice = moment(start)
        end_us, _ = moment(end)
        answer_us = moment(answer)[0] if answer else None
        if not (duration.isdecimal() and billed.isdecimal() and len(duration) < 10 and len(billed) < 10):
            raise ValueError(f"duration and billsec are {duration[:40]!r} and {billed[:40]!r}, expected whole seconds")
        billed_s = int(billed)
        if end_us < start_us:
            if not twice:
                raise ValueError(f"ended ({end}) before it started ({start})")
            end_us = start_us + int(duration) * 1_000_000
        if answer_us is not None and not start_us <= answer_us <= end_us:
            if not twice:
                raise ValueError(f"answered ({answer}) outside of the call ({start} to {end})")
            answer_us = end_us - billed_s * 1_000_000
        if not sequence:
            sequence = _digest(channel, other, app, start, dialled if unique else raw)
        own = unique or linked or f"{channel} {start}"
        return Cdr(
            f"{own}:{sequence}", unique or channel, linked, linked or unique or channel, source, dialled, channel,
            other, app, data, start_us, answer_us, end_us, billed_s * 1000, said, twice, raw,
        )  # fmt: skip

    return parse


def unsettled(rows: Iterable[Cdr], settled_us: int, now_us: int) -> set[str]:
    """Return the calls of which rows may be missing yet: those with one that ended after `settled_us`."""
    recent = range(settled_us + 1, max(now_us, settled_us) + SKEWED_US)
    return {row.call for row in rows if row.end_us in recent}


def identifiers(row: Sequence[str]) -> tuple[str, str, str]:
    """Return uniqueid, linkedid and sequence; "" for what the row's width leaves out. One column more than 16 or 19
    is the uniqueid or the user field: what it looks like tells."""
    width = len(row)
    has_unique = width in (18, 21) or (width in (17, 20) and _UNIQUE.match(row[16]) is not None)
    unique = row[16] if has_unique else ""
    return (unique, row[-2], row[-1]) if width > 18 else (unique, "", "")


def _digest(*texts: str) -> str:
    return hashlib.blake2b("\0".join(texts).encode(errors="backslashreplace"), digest_size=8).hexdigest()
