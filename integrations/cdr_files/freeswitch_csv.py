"""Rows of mod_cdr_csv's Master.csv in its default template.

Caller name, caller, destination, context, start, answer, end, duration, billsec, cause, uuid, B leg's uuid, account
code, and codecs where the template has them. Stamps are local; B legs are there only with `legs=ab`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from zoneinfo import ZoneInfo

from integrations.asterisk.naming import Naming, is_extension
from integrations.cdr_files.freeswitch import outcome_of
from integrations.cdr_files.settings import FilesSettings
from integrations.cdr_files.times import SECOND, local_reader
from integrations.provider import Direction, Leg, Outcome

WIDTHS = range(13, 21)


def row_reader(settings: FilesSettings, zone: ZoneInfo) -> Callable[[list[str], str], Leg]:
    """Return a reader of one row (and its text) that raises ValueError in words where the row is no call.

    The specialist is the caller, by account code or number, else the destination. A caller's leg is answered when
    it was answered *and* met a B leg: the phone of a click-to-call is answered before anybody is dialled. Rows of
    the other side of a call name the same B leg: they are one group. Rows in which no specialist is on the phone with
    anybody else - B legs, a phone rung for its own user - are kept, and silent.
    """
    moment = local_reader(zone)
    naming = Naming(settings.agents, settings.trunks, settings.dial_prefixes)

    @lru_cache(maxsize=4096)
    def agent_of(number: str) -> str | None:
        return naming.agent(number) if settings.agents else number if is_extension(number) else None

    def read(row: list[str], raw: str) -> Leg:
        _, caller, called, _, start, answer, end, duration, billed, cause, uuid, other, account = row[:13]
        if not uuid:
            raise ValueError("no uuid")
        lasted, talked = _seconds(duration, "duration"), _seconds(billed, "billsec")
        started_us, twice = moment(start)
        answered_us, answered_twice = moment(answer) if answer else (None, False)
        ended_us, _ = moment(end)
        if ended_us < started_us:
            if not twice:
                raise ValueError(f"ended ({end}) before it started ({start})")
            ended_us = started_us + lasted * SECOND
        if answered_us is not None and not started_us <= answered_us <= ended_us:
            if not (twice or answered_twice):
                raise ValueError(f"answered ({answer}) outside of the call ({start} to {end})")
            answered_us = ended_us - talked * SECOND
        agent = agent_of(account) or agent_of(caller)
        met = answered_us is not None
        if agent is None:
            agent = agent_of(called)
            direction = Direction.INBOUND if agent else Direction.UNKNOWN
        elif called == agent:
            agent, direction = None, Direction.UNKNOWN
        elif is_extension(called) or agent_of(called):
            direction = Direction.INTERNAL
        else:
            direction = Direction.OUTBOUND
            met = met and other != ""
        met = met and agent is not None
        return Leg(
            uuid,
            other or uuid,
            agent,
            direction,
            caller,
            naming.stripped(called) if direction is Direction.OUTBOUND else called,
            started_us,
            answered_us if met else None,
            ended_us,
            (talked * 1000 if met else 0) if agent else None,
            outcome_of(cause, met, direction) if agent else Outcome.UNKNOWN,
            ambiguous=twice,
            raw=raw,
        )

    return read


def _seconds(text: str, name: str) -> int:
    if not text.isdigit():
        raise ValueError(f"{name} is {text[:40]!r}, expected whole seconds")
    return int(text)
