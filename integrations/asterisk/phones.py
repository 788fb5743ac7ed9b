"""What each specialist's phone is doing: presence, from its channels, its queues and its registration."""

from __future__ import annotations

from collections.abc import Mapping

from integrations.asterisk.calls import Call
from integrations.asterisk.channels import RING, RINGING, UP, Channel, Channels
from integrations.asterisk.message import Message
from integrations.asterisk.naming import Naming, is_extension
from integrations.provider import Direction, Presence, State

MOST = 20_000
"""Phones remembered at most."""

GONE = frozenset(("UNAVAILABLE", "INVALID"))
ON_THE_PHONE = frozenset((State.RINGING, State.TALKING, State.HELD))


class Phones:
    """The phones that were heard of. `changed` marks a channel whose phone is to be looked at again."""

    def __init__(self, naming: Naming, channels: Channels, calls: Mapping[str, Call]) -> None:
        self._naming = naming
        self._channels = channels
        self._calls = calls
        self._presences: dict[str, Presence] = {}
        self._owned: dict[str, dict[str, Channel]] = {}
        self._pauses: dict[str, dict[str, str]] = {}
        self._offline: set[str] = set()
        self._marked: set[str] = set()

    def knows(self, agent: str) -> bool:
        """Whether `agent` was ever heard of."""
        return agent in self._presences or agent in self._owned

    def changed(self, channel: Channel) -> None:
        """Have the phone that `channel` belongs to looked at again."""
        agent = channel.agent
        if agent is None:
            return
        owned = self._owned.setdefault(agent, {})
        if channel.unique in self._channels:
            owned[channel.unique] = channel
        else:
            owned.pop(channel.unique, None)
        self._marked.add(agent)

    def all_changed(self) -> None:
        """Have every phone looked at again, from the channels that are alive."""
        self._owned = {}
        for channel in self._channels.all():
            self.changed(channel)
        self._marked |= self._presences.keys()

    def told(self, event: Message) -> None:
        """Take in what an event says of queues and registration."""
        if event.event in ("QueueMemberPause", "QueueMemberStatus", "QueueMemberAdded", "QueueMemberRemoved"):
            self._queue_member(event, event.get("Interface"))
        elif event.event == "DeviceStateChange":
            self._device(event)

    def listed(self, event: Message) -> None:
        """Take in an item of the lists QueueStatus, DeviceStateList and PJSIPShowContacts."""
        if event.event == "QueueMember":
            self._queue_member(event, event.get("Location") or event.get("Interface"))
        elif event.event == "DeviceStateChange":
            agent = self._naming.agent_of_device(event.get("Device"))
            if agent is not None and is_extension(agent):  # else it may be a trunk that no pattern names
                self._heard_of(agent)
            self._device(event)
        elif event.event == "ContactList" and event.get("Endpoint"):
            self._heard_of(self._naming.agent_of_device(f"PJSIP/{event.get('Endpoint')}"))

    def _heard_of(self, agent: str | None) -> str | None:
        if agent is not None and (agent in self._owned or len(self._owned) < MOST):
            self._owned.setdefault(agent, {})
            self._marked.add(agent)
            return agent
        return None

    def _queue_member(self, event: Message, interface: str) -> None:
        agent = self._naming.agent_of_device(interface)
        if agent is None:
            agent = self._naming.agent_of_device(event.get("StateInterface"))
        if (agent := self._heard_of(agent)) is None:
            return
        pauses = self._pauses.setdefault(agent, {})
        if event.get("Paused") == "1" and event.event != "QueueMemberRemoved":
            pauses[event.get("Queue")] = event.get("PausedReason")
        else:
            pauses.pop(event.get("Queue"), None)

    def _device(self, event: Message) -> None:
        agent = self._naming.agent_of_device(event.get("Device"))
        if agent is None or not self.knows(agent):
            return
        if event.get("State") in GONE:
            self._offline.add(agent)
        else:
            self._offline.discard(agent)
        self._marked.add(agent)

    def taken(self, now_us: int) -> list[Presence]:
        """Return the presences that changed since the last time."""
        new = []
        for agent in sorted(self._marked):
            told, presence = self._presences.get(agent), self._presence(agent, now_us)
            if presence is not None and presence != told:
                self._presences[agent] = presence
                new.append(presence)
        self._marked.clear()
        return new

    def all(self, now_us: int) -> list[Presence]:
        """Return every phone's presence."""
        self.taken(now_us)
        return [self._presences[agent] for agent in sorted(self._presences)]

    def _presence(self, agent: str, now_us: int) -> Presence | None:
        """Return what `agent`'s phone does now; None where nothing is to be said yet."""
        before = self._presences.get(agent)
        busy = [seen for channel in self._owned.get(agent, {}).values() if (seen := self._seen(channel)) is not None]
        if busy:
            now = max(busy, key=lambda seen: (seen[0] in (State.TALKING, State.HELD), seen[1].unique))
            state, channel = now
            call = self._calls.get(channel.call or "")
            since_us = now_us
            if before is not None and (before.state, before.channel) == (state, channel.name):
                since_us = before.since_us
            elif before is None and state is State.TALKING and call is not None and call.talking(agent):
                since_us = call.talk[agent][-1].start  # under way when we came
            return Presence(
                agent,
                state,
                since_us,
                with_whom=whom(call, agent),
                direction=call.direction if call is not None else None,
                group_id=call.key if call is not None else None,
                channel=channel.name,
            )
        if before is not None and before.state in ON_THE_PHONE and self._only_waiting(agent):
            return before
        pauses = self._pauses.get(agent)
        if agent in self._offline:
            state, reason = State.OFFLINE, None
        elif pauses:
            state, reason = State.PAUSED, next(iter(pauses.values())) or None
        else:
            state, reason = State.IDLE, None
        if before is not None and (before.state, before.reason) == (state, reason):
            return before
        if before is None and self._only_waiting(agent):
            return None
        return Presence(agent, state, now_us, reason=reason)

    def _only_waiting(self, agent: str) -> bool:
        """Whether the phone has channels that do not say what it does: a call just over, or about to begin."""
        return any(not channel.spy for channel in self._owned.get(agent, {}).values())

    def _seen(self, channel: Channel) -> tuple[State, Channel] | None:
        """Return what `channel` shows of its phone; None for spying, and for the moments before and after a call."""
        if channel.spy:
            return None
        call = self._calls.get(channel.call or "")
        if channel.held_since is not None:
            return State.HELD, channel
        if call is not None and channel.agent is not None and call.talking(channel.agent):
            return State.TALKING, channel
        if channel.state == RINGING:
            return State.RINGING, channel
        if channel.state == RING or (channel.state == UP and channel.dials and not channel.bridged_once):
            dialling = call is not None and call.ended_us is None
            answered = dialling and call is not None and call.answered_us is not None
            return (State.TALKING if answered else State.RINGING), channel
        if channel.state == UP and channel.bridge is not None and len(self._channels.connected(channel)) > 1:
            return State.TALKING, channel
        if channel.state == UP and not channel.bridged_once and not channel.originated and channel.dialler is None:
            return State.TALKING, channel  # alone with a voice menu or a mailbox
        return None


def whom(call: Call | None, agent: str) -> str | None:
    """Return with whom `agent` is in `call`: the customer's number, or the colleague."""
    if call is None:
        return None
    if call.direction is Direction.INBOUND:
        return call.from_raw or None
    if call.direction is Direction.INTERNAL and agent == call.to_raw:
        return call.from_raw or None
    return call.to_raw or None
