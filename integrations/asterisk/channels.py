"""Channels that are alive, the bridges they are in, and who can hear whom."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from integrations.asterisk.message import Message
from integrations.asterisk.naming import Naming, local_half

MOST = 20_000
"""Channels and bridges kept at most; the oldest go first. A floor of 500 has about 1,000 of each alive."""

DOWN, RING, RINGING, UP = "0", "4", "5", "6"
"""Channel states: just made; calling us; being rung by us; answered."""


@dataclass(eq=False, slots=True)
class Channel:
    """One channel. `agent`: whose phone it is; `other`: the other half of a Local channel; `dialler`: the channel that
    dialled it; `dials`: whether it dialled somebody itself; `call`: the key of the call it takes part in."""

    unique: str
    name: str
    linked: str
    state: str
    agent: str | None
    caller: str = ""
    exten: str = ""
    other: str | None = None
    dialler: str | None = None
    dials: bool = False
    originated: bool = False
    spy: bool = False
    bridge: str | None = None
    bridged_once: bool = False
    held_since: int | None = None
    call: str | None = None
    rung: bool = False

    @property
    def behind_local(self) -> str | None:
        """The extension, where this is the outer half of a Local channel."""
        found = local_half(self.name)
        return found[0] if found and found[1] == "1" else None


class Channels:
    """All channels that were announced and did not hang up. Unknown ones are ignored: nothing is known of them."""

    def __init__(self, naming: Naming) -> None:
        self._naming = naming
        self._channels: OrderedDict[str, Channel] = OrderedDict()
        self._bridges: OrderedDict[str, set[str]] = OrderedDict()
        self._holding: set[str] = set()

    def __len__(self) -> int:
        return len(self._channels)

    def __contains__(self, unique: str) -> bool:
        return unique in self._channels

    def get(self, unique: str | None) -> Channel | None:
        """Return the channel with the uniqueid `unique`, if it is alive."""
        return self._channels.get(unique) if unique else None

    def told(self, event: Message, prefix: str = "") -> Channel | None:
        """Return the channel that `event` is about, if it is alive and its name is the one it was announced under."""
        channel = self._channels.get(event.get(f"{prefix}Uniqueid"))
        return channel if channel is not None and event.get(f"{prefix}Channel") in ("", channel.name) else None

    def add(self, event: Message) -> Channel | None:
        """Keep the channel that a Newchannel or a Status describes; None where it lacks a name or is there already."""
        unique, name = event.get("Uniqueid"), event.get("Channel")
        if not unique or not name or unique in self._channels:
            return None
        channel = Channel(
            unique,
            name,
            event.get("Linkedid") or unique,
            event.get("ChannelState"),
            self._naming.agent(name),
            caller=event.get("CallerIDNum"),
            exten=event.get("Exten"),
        )
        self._channels[unique] = channel
        return channel

    def surplus(self) -> list[Channel]:
        """Take out and return the oldest channels above MOST."""
        gone = []
        while len(self._channels) > MOST:
            gone.append(next(iter(self._channels.values())))
            self.remove(gone[-1])
        while len(self._bridges) > MOST:
            self._drop_bridge(next(iter(self._bridges)))
        return gone

    def remove(self, channel: Channel) -> None:
        """Forget a channel that hung up."""
        self.leave(channel)
        self._channels.pop(channel.unique, None)

    def pair(self, one: Channel, two: Channel) -> None:
        """Join the halves of a Local channel: what one hears, the other says."""
        one.other, two.other = two.unique, one.unique

    def enter(self, channel: Channel, bridge: str, technology: str = "") -> None:
        """Put `channel` into `bridge`. In a holding bridge (parking) nobody hears anybody."""
        self.leave(channel)
        channel.bridge, channel.bridged_once = bridge, True
        self._bridges.setdefault(bridge, set()).add(channel.unique)
        if technology == "holding_bridge":
            self._holding.add(bridge)

    def leave(self, channel: Channel) -> None:
        """Take `channel` out of its bridge."""
        members = self._bridges.get(channel.bridge or "")
        if members is not None:
            members.discard(channel.unique)
            if not members:
                self._drop_bridge(channel.bridge or "")
        channel.bridge = None

    def _drop_bridge(self, bridge: str) -> None:
        for unique in self._bridges.pop(bridge, ()):
            if (member := self._channels.get(unique)) is not None:
                member.bridge = None
        self._holding.discard(bridge)

    def destroy(self, bridge: str) -> list[Channel]:
        """Forget `bridge`; return who was still in it."""
        left = [self._channels[unique] for unique in self._bridges.get(bridge, ()) if unique in self._channels]
        self._drop_bridge(bridge)
        return left

    def connected(self, channel: Channel) -> list[Channel]:
        """Return all channels that hear `channel`, itself first: through bridges and through Local channels."""
        found = {channel.unique: channel}
        waiting = [channel]
        while waiting:
            here = waiting.pop()
            near = set() if here.bridge in self._holding else set(self._bridges.get(here.bridge or "", ()))
            if here.other is not None:
                near.add(here.other)
            for unique in near - found.keys():
                if (member := self._channels.get(unique)) is not None:
                    found[unique] = member
                    waiting.append(member)
        return list(found.values())

    def all(self) -> list[Channel]:
        """Return every channel, oldest first."""
        return list(self._channels.values())
