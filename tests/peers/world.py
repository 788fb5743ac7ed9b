"""What an Asterisk would answer to Status and its like at any point of a recording."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

END = b"\r\n\r\n"
Headers = dict[str, str]


def headers_of(raw: bytes) -> Headers:
    """The first value of each header."""
    found: Headers = {}
    for line in raw.decode("utf-8", "surrogateescape").split("\r\n"):
        key, colon, value = line.partition(":")
        if colon:
            found.setdefault(key, value.strip())
    return found


def recorded_events(path: Path) -> list[bytes]:
    """The events of a recording (*.raw.gz), each as Asterisk wrote it: what a caller's name forges is a part of it."""
    banner, _, stream = gzip.decompress(path.read_bytes()).partition(b"\r\n")
    assert banner.startswith(b"Asterisk Call Manager")
    events: list[bytes] = []
    for raw in stream.split(END)[:-1]:
        if b"\r\nPrivilege: " in raw and raw.startswith(b"Event: "):
            events.append(raw + END)
        elif events:
            events[-1] += raw + END
    return events


def _stamp(seconds: str) -> str:
    return f"{float(seconds):.6f}"


@dataclass
class Channel:
    """A channel that is alive."""

    headers: Headers
    created: str
    answered: str = "0.000000"
    bridge: str = ""
    variables: Headers = field(default_factory=dict)


@dataclass
class World:
    """The state that recorded events leave behind."""

    now: float = 1795454948.0
    channels: dict[str, Channel] = field(default_factory=dict)
    devices: dict[str, str] = field(default_factory=dict)
    members: dict[tuple[str, str], Headers] = field(default_factory=dict)

    def play(self, raw: bytes) -> None:
        """Let one event happen."""
        event = headers_of(raw)
        stamp = event.get("Timestamp", "")
        if stamp:
            self.now = max(self.now, float(stamp))
        name, unique = event.get("Event", ""), event.get("Uniqueid", "")
        if name == "Newchannel" and unique:
            self.channels[unique] = Channel(event, stamp)
        elif name == "DeviceStateChange":
            self.devices[event["Device"]] = event["State"]
        elif name.startswith("QueueMember") and "Interface" in event:
            key = event["Queue"], event["Interface"]
            self.members[key] = self.members.get(key, {}) | event
        elif (channel := self.channels.get(unique)) is not None:
            self._change(channel, name, event, stamp)

    def _change(self, channel: Channel, name: str, event: Headers, stamp: str) -> None:
        if name == "Hangup":
            del self.channels[event["Uniqueid"]]
            return
        if name == "VarSet":
            channel.variables[event["Variable"]] = event["Value"]
        elif name in ("BridgeEnter", "BridgeLeave"):
            channel.bridge = event["BridgeUniqueid"] if name == "BridgeEnter" else ""
        shown = (
            "Channel",
            "ChannelState",
            "Caller",
            "Connected",
            "Context",
            "Exten",
            "Priority",
            "Linkedid",
            "Application",
        )
        channel.headers |= {key: value for key, value in event.items() if key.startswith(shown)}
        if event.get("ChannelState") == "6" and channel.answered == "0.000000" and name == "Newstate":
            channel.answered = stamp

    def status(self, wanted: Iterable[str]) -> list[list[tuple[str, str]]]:
        """The events a Status with `wanted` variables lists, without their ActionID."""
        events = []
        for unique, channel in self.channels.items():
            head = channel.headers
            keys = (
                "Channel", "ChannelState", "ChannelStateDesc", "CallerIDNum", "CallerIDName", "ConnectedLineNum",
                "ConnectedLineName", "Language", "AccountCode", "Context", "Exten", "Priority", "Uniqueid", "Linkedid",
            )  # fmt: skip
            event = [("Event", "Status"), ("Privilege", "Call"), *((key, head.get(key, "")) for key in keys)]
            event += [("Type", "PJSIP"), ("DNID", ""), ("BridgeID", channel.bridge)]
            event += [("Application", head.get("Application", "")), ("Data", head.get("ApplicationData", ""))]
            event.append(("Seconds", f"{max(self.now - float(channel.created), 0):.0f}"))
            told = {
                "CDR(start,u)": _stamp(channel.created),
                "CDR(answer,u)": channel.answered,
                **channel.variables,
                "UNIQUEID": unique,
            }
            event += [("Variable", f"{name}={told.get(name, '(null)')}") for name in wanted]
            events.append(event)
        return events
