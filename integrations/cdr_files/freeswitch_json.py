"""One leg out of one file of mod_json_cdr."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

import msgspec

from integrations.asterisk.naming import Naming, is_extension
from integrations.cdr_files.freeswitch import outcome_of
from integrations.cdr_files.settings import FilesSettings
from integrations.provider import Direction, Leg, Outcome

AGENTS = ("sofia/internal/{agent}@*",)
TRUNKS = ("sofia/external/*", "sofia/gateway/*")


def file_reader(settings: FilesSettings) -> Callable[[bytes], Leg]:
    """Return a reader of a file's content that raises ValueError in words where it is no call record.

    A leg on a specialist's channel is that specialist's: outbound where it dialled a customer, inbound where it was
    dialled for one, internal between colleagues. It is answered when it met the other side (bridge), not when the
    phone of a click-to-call was lifted; its talk runs from there to its end, less what it was held. Legs on other
    channels are kept as nobody's, and silent: the customer's side of a call, or one that is none of the floor's.
    """
    naming = Naming(settings.agents or AGENTS, settings.trunks or TRUNKS, settings.dial_prefixes)
    find = naming.agent

    def read(content: bytes) -> Leg:
        try:
            record = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace"))
            variables, flow = record["variables"], record["callflow"]
            profile = flow[0]["caller_profile"] if flow else {}
            if not isinstance(variables, dict) or not isinstance(profile, dict):
                raise TypeError
        except msgspec.DecodeError as error:
            raise ValueError(f"not JSON: {error}") from None
        except (KeyError, TypeError, IndexError):
            raise ValueError("not a call record of FreeSWITCH: no variables or callflow in it") from None
        value = _values(variables)
        uuid, channel = value("uuid"), value("channel_name")
        if not uuid:
            raise ValueError("no uuid")
        started, answered, ended = (_moment(value, name) for name in ("start", "answer", "end"))
        bridged = _moment(value, "bridge")
        if started is None or ended is None:
            raise ValueError("no start_uepoch or end_uepoch")
        if ended < started:
            raise ValueError("ended before it started")
        agent = find(channel)
        called = str(profile.get("destination_number") or "")
        caller = str(profile.get("caller_id_number") or "")
        originator = _other(profile, "originator")
        direction = _direction(
            agent, bool(originator) or bool(value("originating_leg_uuid")), called, originator, profile
        )
        met = max(answered, bridged) if agent and answered is not None and bridged is not None else None
        held_us = int(value("hold_accum_usec") or 0)
        return Leg(
            uuid,
            value("call_uuid") or uuid,
            agent,
            direction,
            caller,
            naming.stripped(called) if direction is Direction.OUTBOUND else called,
            started,
            met,
            ended,
            None if agent is None else 0 if met is None else max(ended - met - held_us, 0) // 1000,
            Outcome.UNKNOWN if agent is None else outcome_of(value("hangup_cause"), met is not None, direction),
            hold_ms=held_us // 1000 if agent else None,
            parent_id=value("originating_leg_uuid") or None,
            line=channel if naming.is_trunk(channel) else _other(profile, "originatee") or None,
            raw=content.decode("utf-8", "backslashreplace"),
        )

    def _direction(
        agent: str | None, dialled_for: bool, called: str, originator: str, profile: Mapping[str, Any]
    ) -> Direction:
        if agent is None:
            return Direction.UNKNOWN
        if dialled_for:
            return Direction.INTERNAL if find(originator) else Direction.INBOUND
        if is_extension(called) or find(_other(profile, "originatee")):
            return Direction.INTERNAL
        return Direction.OUTBOUND

    return read


def _other(profile: Mapping[str, Any], which: str) -> str:
    """Return the channel of the leg that this one was dialled for (originator) or dialled (originatee); "" where
    there is none."""
    try:
        return str(profile[which][f"{which}_caller_profiles"][0]["chan_name"])
    except (KeyError, IndexError, TypeError):
        return ""


def _values(variables: Mapping[str, Any]) -> Callable[[str], str]:
    """Return a getter of variables. They are URL-encoded unless configured otherwise: a stamp, which has a blank
    and colons in it, tells."""
    stamp = str(variables.get("start_stamp", ""))
    encoded = "%3a" in stamp.lower()

    def value(name: str) -> str:
        found = variables.get(name, "")
        text = found if isinstance(found, str) else str(found)
        return unquote(text) if encoded else text

    return value


def _moment(value: Callable[[str], str], name: str) -> int | None:
    """Return a moment in microseconds: `_uepoch`, else `_epoch` with whole seconds; None where it is 0 or missing."""
    text, scale = value(f"{name}_uepoch"), 1
    if not text:
        text, scale = value(f"{name}_epoch"), 1_000_000
    if not text:
        return None
    if not text.isdigit():
        raise ValueError(f"{name} is {text[:40]!r}, expected microseconds since 1970")
    return int(text) * scale or None
