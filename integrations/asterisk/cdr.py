"""Asterisk's CDR file: its rows, and the calls they tell of.

A CDR is not a call. A call is what happened on one line - the channel that led to the customer - and several rows tell
of it: a 0-second row for each step after a Dial, one for each half of a Local channel, one for each phone it was handed
to. What rows cannot tell: when the customer of a click-to-call answered (billsec counts from the specialist's answer),
whether a call with the customer's channel first was dialled or came in, whether a trunk was dead or nobody answered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

WIDTHS = range(16, 22)
"""Columns: 16, with uniqueid and user field up to 18, with peer account, linkedid and sequence up to 21."""

DISPOSITIONS = frozenset(("ANSWERED", "NO ANSWER", "NOANSWER", "BUSY", "FAILED", "CONGESTION", "CANCEL", "CANCELED"))

_UNIQUE = re.compile(r"\S*\d+\.\d+\Z", re.ASCII)
_SECONDS = re.compile(r"\d{1,9}\Z", re.ASCII)

Moment = tuple[int, bool]


class Cdr(NamedTuple):
    """One row. `unique` is the channel's uniqueid (its name, where the file has none), `linked` "" where it has none;
    `other` the channel it met, `answer_us` None where nobody answered; `ambiguous`: its local time occurs twice."""

    unique: str
    linked: str
    sequence: str
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

    @property
    def answered(self) -> bool:
        """Whether the two channels met. Rows of a phone that was up already say NO ANSWER and have billed seconds."""
        return self.disposition == "ANSWERED"


def parser(moment: Callable[[str], Moment]) -> Callable[[Sequence[str]], Cdr]:
    """Return a reader of a row's columns; `moment` resolves its times: local to the file's zone, UTC with usegmtime.

    It raises ValueError in words for a person: a width that no Asterisk writes, no number, a time that does not
    exist, an end before the start. Where the clock was put back in between, start and duration tell the end.
    """

    def parse(row: Sequence[str]) -> Cdr:
        if len(row) not in WIDTHS:
            raise ValueError(f"{len(row)} columns, expected {WIDTHS[0]} to {WIDTHS[-1]}")
        _, source, dialled, _, _, channel, other, app, data, start, answer, end, duration, billed, said, _ = row[:16]
        if not channel:
            raise ValueError("no channel")
        if said not in DISPOSITIONS:
            raise ValueError(f"disposition is {said[:40]!r}, expected one of {', '.join(sorted(DISPOSITIONS))}")
        start_us, twice = moment(start)
        end_us, _ = moment(end)
        answer_us = moment(answer)[0] if answer else None
        lasted_us, billed_us = _seconds(duration, "duration"), _seconds(billed, "billsec")
        if end_us < start_us:
            if not twice:
                raise ValueError(f"ended ({end}) before it started ({start})")
            end_us = start_us + lasted_us
        if answer_us is not None and not start_us <= answer_us <= end_us:
            if not twice:
                raise ValueError(f"answered ({answer}) outside of the call ({start} to {end})")
            answer_us = end_us - billed_us
        unique, linked, sequence = identifiers(row)
        return Cdr(
            unique or channel,
            linked,
            sequence,
            source,
            dialled,
            channel,
            other,
            app,
            data,
            start_us,
            answer_us,
            end_us,
            billed_us // 1000,
            said,
            twice,
        )

    return parse


def identifiers(row: Sequence[str]) -> tuple[str, str, str]:
    """Return uniqueid, linkedid and sequence; "" for what the row's width leaves out. One column more than 16 or 19
    is the uniqueid or the user field: what it looks like tells."""
    width = len(row)
    has_unique = width in (18, 21) or (width in (17, 20) and _UNIQUE.match(row[16]) is not None)
    unique = row[16] if has_unique else ""
    return (unique, row[-2], row[-1]) if width > 18 else (unique, "", "")


def _seconds(text: str, name: str) -> int:
    if _SECONDS.match(text) is None:
        raise ValueError(f"{name} is {text[:40]!r}, expected whole seconds")
    return int(text) * 1_000_000
