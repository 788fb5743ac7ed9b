"""Rows of Asterisk's Master.csv, of any of its widths.

Account, source, destination, context, caller id, channel, destination channel, application and its data, start,
answer, end, duration, billsec, disposition, AMA flags; then, as configured, uniqueid and user field; then peer
account, linkedid and sequence.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import lru_cache
from zoneinfo import ZoneInfo

from integrations.asterisk.cdr import WIDTHS as WIDTHS
from integrations.asterisk.cdr import identifiers
from integrations.asterisk.naming import Naming, is_extension
from integrations.cdr_files.settings import FilesSettings
from integrations.cdr_files.times import SECOND, local_reader
from integrations.provider import Direction, Leg, Outcome

AGENTS = ("PJSIP/{agent}-*", "SIP/{agent}-*", "IAX2/{agent}-*")

_PLAIN_DIAL = re.compile(r"\w+/(\+?\d+)@[\w.-]*(?:,|\Z)", re.ASCII)
"""The usual data of a Dial: PJSIP/15551050001@carrier,25."""

_OUTCOMES = {
    "ANSWERED": Outcome.ANSWERED,
    "NO ANSWER": Outcome.NO_ANSWER,
    "NOANSWER": Outcome.NO_ANSWER,
    "BUSY": Outcome.BUSY,
    "FAILED": Outcome.FAILED,
    "CONGESTION": Outcome.FAILED,
    "CANCEL": Outcome.CANCELLED,
}


def row_reader(settings: FilesSettings, zone: ZoneInfo) -> Callable[[list[str], str], Leg]:
    """Return a reader of one row (and its text) that raises ValueError in words where the row is no call record.

    Rows with one linkedid are one call. A row tells about a call where it joins two channels: a specialist's to one
    that leads out (outbound), the other way round (inbound), or two specialists' (internal). What a channel did
    before and after - menus, the 0-second rows after a Dial - tells nothing of it.
    """
    moment = local_reader(zone)
    naming = Naming(settings.agents or AGENTS, settings.trunks, settings.dial_prefixes)

    @lru_cache(maxsize=4096)
    def party(device: str) -> tuple[str | None, bool]:
        channel = f"{device}-0"
        agent = naming.agent(channel)
        trunk = naming.is_trunk(channel) if settings.trunks else bool(device) and not is_extension(agent or "")
        return None if trunk else agent, trunk

    def number_in(data: str, dialled: str) -> str:
        found = _PLAIN_DIAL.match(data)
        if found and found[1] != dialled:
            return found[1]
        return naming.number(data.partition(",")[0], (dialled,))

    def read(row: list[str], raw: str) -> Leg:
        _, source, dialled, _, _, channel, other, app, data, start, answer, end, duration, billed, said, _ = row[:16]
        unique, linked, sequence = identifiers(row)
        started_us, twice = moment(start)
        ended_us, _ = moment(end)
        answered_us, _ = moment(answer) if answer else (None, False)
        if not (duration.isdecimal() and billed.isdecimal()):
            raise ValueError(f"duration and billsec are {duration[:40]!r} and {billed[:40]!r}, expected whole seconds")
        lasted, talked = int(duration), int(billed)
        if ended_us < started_us:
            if not twice:
                raise ValueError(f"ended ({end}) before it started ({start})")
            ended_us = started_us + lasted * SECOND
        if answered_us is not None and not started_us <= answered_us <= ended_us:
            if not twice:
                raise ValueError(f"answered ({answer}) outside of the call ({start} to {end})")
            answered_us = ended_us - talked * SECOND
        outcome = _OUTCOMES.get(said)
        if outcome is None:
            raise ValueError(f"disposition is {said[:40]!r}, expected one of {', '.join(_OUTCOMES)}")
        caller, from_trunk = party(channel.rpartition("-")[0])
        called, to_trunk = party(other.rpartition("-")[0]) if other else (None, False)
        number = dialled
        if not other:
            agent, direction = caller, Direction.UNKNOWN
        elif to_trunk:
            agent, direction = caller, Direction.OUTBOUND
            number = number_in(data, dialled) if app == "Dial" else naming.stripped(dialled)
        elif caller is not None:
            agent, direction = caller, Direction.INTERNAL
        elif called is not None:
            agent, direction = called, Direction.INBOUND
            outcome = Outcome.MISSED if outcome is Outcome.NO_ANSWER else outcome
        else:
            agent, direction = None, Direction.UNKNOWN
        if not sequence:
            sequence = _digest(channel, other, app, start, dialled if unique else raw)
        met = outcome is Outcome.ANSWERED
        return Leg(
            f"{unique}/{sequence}" if unique else sequence,
            linked or unique or sequence,
            agent,
            direction,
            source,
            number,
            started_us,
            answered_us if met else None,
            ended_us,
            talked * 1000 if met else 0,
            outcome,
            line=other if to_trunk else channel if from_trunk else None,
            ambiguous=twice,
            raw=raw,
        )

    return read


def _digest(*texts: str) -> str:
    return hashlib.blake2b("\0".join(texts).encode(), digest_size=8).hexdigest()
