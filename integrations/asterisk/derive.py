"""What manager events mean: calls and presence, derived from channels, bridges and dials.

No single event is proof. A call needs a dial between channels that were announced before; an event whose channel and
uniqueid do not belong together is ignored, and so is everything about channels nobody announced: after a restart in
mid-call the CDR completes those calls.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence

from integrations.asterisk.calls import Call
from integrations.asterisk.channels import MOST, RING, RINGING, UP, Channel, Channels
from integrations.asterisk.mend import Mender
from integrations.asterisk.message import Message, microseconds
from integrations.asterisk.naming import Naming, dialled_number, is_extension, is_phone_number, leads_out
from integrations.asterisk.phones import Phones
from integrations.asterisk.resume import resumed
from integrations.asterisk.settings import AsteriskSettings
from integrations.provider import Direction, Leg, Presence, Snapshot

NOBODY = ("", "<unknown>", "s")


class Derivation:
    """The state of one Asterisk, as its events tell it. Feed it every message, in order."""

    def __init__(self, settings: AsteriskSettings) -> None:
        self._naming = Naming(settings.agents, settings.trunks, settings.dial_prefixes)
        self._handlers: dict[str, Callable[[Message], None]] = {
            "Newchannel": self._new_channel,
            "Newstate": self._new_state,
            "Hangup": self._hang_up,
            "LocalBridge": self._local_bridge,
            "DialBegin": self._dial_begin,
            "DialState": self._dial_state,
            "DialEnd": self._dial_end,
            "OriginateResponse": self._originated,
            "BridgeEnter": self._bridge_enter,
            "BridgeLeave": self._bridge_leave,
            "BridgeDestroy": self._bridge_destroy,
            "Hold": self._hold,
            "Unhold": self._unhold,
            "ChanSpyStart": self._spy,
            "QueueCallerJoin": self._queue_join,
        }
        self.forget()

    def alive(self) -> int:
        """Return how many channels are known to be alive."""
        return len(self._channels)

    def forget(self) -> None:
        """Start anew: what was known of channels, calls and phones holds no longer."""
        self._mender = Mender()
        self._channels = Channels(self._naming)
        self._calls: OrderedDict[str, Call] = OrderedDict()
        self._phones = Phones(self._naming, self._channels, self._calls)
        self._changed: dict[str, Call] = {}
        self._now = 0

    def feed(self, message: Message) -> list[Leg | Presence]:
        """Return what `message` changed: legs as they stand now, and presences. Feed "other" messages too: they mend
        events that were cut."""
        event = self._mender.feed(message)
        if event is None:
            return []
        self._now = microseconds(event.get("Timestamp")) or self._now
        if (handler := self._handlers.get(event.event)) is not None:
            handler(event)
        else:
            self._phones.told(event)
        return self._taken()

    def resume(self, messages: Sequence[Message]) -> Snapshot:
        """Take stock from the answers to DeviceStateList, PJSIPShowContacts, QueueStatus and Status (with CDR times),
        each given a Timestamp: lists carry none.

        Channels and calls that are known stay as they are; those that were missed are put together from their times.
        Channels that are known and not listed have just gone: their Hangup stands behind the list in the stream.
        """
        listed = [message for message in messages if message.event == "Status" and message.get("Uniqueid")]
        stamps = (microseconds(message.get("Timestamp")) or 0 for message in messages)
        self._now = max(self._now, *stamps, 0)
        fresh = [channel for message in listed if (channel := self._channels.add(message)) is not None]
        for call in resumed(listed, fresh, self._channels, self._naming):
            self._add(call)
        for message in messages:
            self._phones.listed(message)
        known = {call.key for call in self._calls.values() if call.talk}
        for call in self._calls.values():
            self._follow(call)
            if not call.whole and call.key not in known:
                call.before_us |= call.talk.keys()
        legs = [leg for call in self._calls.values() for leg in call.legs()]
        self._changed.clear()
        self._phones.all_changed()
        return Snapshot(self._phones.all(self._now), frozenset(self._calls), legs)

    def _taken(self) -> list[Leg | Presence]:
        facts: list[Leg | Presence] = [leg for call in self._changed.values() for leg in call.legs()]
        self._changed.clear()
        return facts + self._phones.taken(self._now)

    # -- channels -----------------------------------------------------------------------------------------------------

    def _new_channel(self, event: Message) -> None:
        channel = self._channels.add(event)
        if channel is None:
            return
        for old in self._channels.surplus():
            self._calls.pop(old.unique, None)
        if channel.state == RING and self._naming.is_trunk(channel.name):
            self._add(self._arrival(channel))
        self._phones.changed(channel)

    def _arrival(self, channel: Channel) -> Call:
        return Call(
            channel.unique,
            channel.name,
            Direction.INBOUND,
            None,
            "" if channel.caller in NOBODY else channel.caller,
            "" if channel.exten in NOBODY else channel.exten,
            self._now,
        )

    def _new_state(self, event: Message) -> None:
        channel = self._channels.told(event)
        if channel is None:
            return
        channel.state = event.get("ChannelState")
        if channel.state == RINGING:
            self._rings(channel)
        self._phones.changed(channel)

    def _rings(self, channel: Channel) -> None:
        channel.rung = True
        call = self._calls.get(channel.unique)
        if call is not None and call.ringing_us is None and call.answered_us is None:
            call.ringing_us = self._now
            self._changed[call.key] = call

    def _hang_up(self, event: Message) -> None:
        channel = self._channels.told(event)
        if channel is None:
            return
        self._unhold_channel(channel)
        self._moved(channel, lambda: self._channels.remove(channel))
        call = self._calls.pop(channel.unique, None)
        if call is not None:
            cause = event.get("Cause")
            call.cause = int(cause) if cause.isascii() and cause.isdigit() and len(cause) < 4 else None
            call.tech_cause = event.get("TechCause")
            call.ended_us = self._now
            call.shown = call.shown or self._stands_alone(channel)
            self._changed[call.key] = call
        self._phones.changed(channel)

    def _local_bridge(self, event: Message) -> None:
        one = self._channels.get(event.get("LocalOneUniqueid"))
        two = self._channels.get(event.get("LocalTwoUniqueid"))
        if one is not None and two is not None and one.name[:-2] == two.name[:-2]:
            self._moved(one, lambda: self._channels.pair(one, two))

    def _spy(self, event: Message) -> None:
        channel = self._channels.get(event.get("SpyerUniqueid"))
        if channel is not None and channel.name == event.get("SpyerChannel"):
            self._mark_spy(channel)

    def _mark_spy(self, channel: Channel) -> None:
        channel.spy = True
        self._phones.changed(channel)

    # -- dials --------------------------------------------------------------------------------------------------------

    def _dial_begin(self, event: Message) -> None:
        dest = self._channels.told(event, "Dest")
        if dest is None or (dest.unique in self._calls and self._calls[dest.unique].whole):
            return
        dialler = self._channels.told(event) if event.get("Uniqueid") else None
        if dialler is None:
            dest.originated = True
        else:
            dest.dialler, dialler.dials = dialler.unique, True
        call = self._dialled(dest, dialler, event)
        if call is not None:
            self._add(call)
            if dest.rung:
                self._rings(dest)
        elif dialler is not None and (known := dialler.call or self._call_behind(dialler)) is not None:
            dest.call = known
        for channel in filter(None, (dest, dialler)):
            self._phones.changed(channel)

    def _dialled(self, dest: Channel, dialler: Channel | None, event: Message) -> Call | None:
        """Return the call that a dial begins: to a customer, to a colleague; None for steps on the way to one."""
        dial_string = event.get("DialString")
        direction, shown = Direction.OUTBOUND, True
        agent = self._dialling_agent(dialler)
        if self._naming.is_trunk(dest.name) or (dest.behind_local is None and leads_out(dial_string)):
            dest.agent = None
        elif dest.behind_local is not None:
            # Somebody behind a Local channel: a customer, if it leads no further by the time the dial ends.
            if dialler is None or not is_phone_number(self._naming.stripped(dest.behind_local)):
                return None
            shown = False
        elif dest.agent is not None and dialler is not None and dialler.agent not in (None, dest.agent):
            direction = Direction.INTERNAL
        else:
            return None
        if direction is Direction.INTERNAL:
            number = dest.agent or ""
        else:
            typed = [event.get("Exten"), dialler.exten if dialler is not None else ""]
            number = self._naming.number(dial_string, [exten for exten in typed if exten not in NOBODY])
            number = number or self._naming.stripped(dialled_number(dest.caller))
        return Call(
            dest.unique,
            dest.name,
            direction,
            agent,
            agent or ("" if event.get("CallerIDNum") in NOBODY else event.get("CallerIDNum")),
            number,
            self._now,
            dialler=dialler.name if dialler is not None else None,
            shown=shown,
        )

    def _dialling_agent(self, dialler: Channel | None) -> str | None:
        """Return who is behind a dial: the phone itself, or the one that leads to it through Local channels."""
        seen: set[str] = set()
        waiting = [dialler]
        extension = None
        while waiting:
            channel = waiting.pop()
            if channel is None or channel.unique in seen:
                continue
            seen.add(channel.unique)
            if channel.agent is not None and not channel.spy:
                return channel.agent
            if self._naming.is_trunk(channel.name):
                continue  # who a customer is put through to did not dial that customer
            extension = extension or self._agent_behind(channel)
            waiting += [self._channels.get(channel.dialler), *self._channels.connected(channel)]
        return extension

    def _agent_behind(self, channel: Channel) -> str | None:
        """Return the agent a Local channel stands for by its extension, where no phone is behind it."""
        extension = channel.behind_local
        other = self._channels.get(channel.other)
        if extension is None or (other is not None and (other.dials or other.state != UP)):
            return None
        return extension if self._phones.knows(extension) or is_extension(extension) else None

    def _call_behind(self, dialler: Channel) -> str | None:
        """Return the call that led to the other half of a Local channel: a queue rings its members through such."""
        other = self._channels.get(dialler.other)
        return other.call if other is not None else None

    def _stands_alone(self, channel: Channel) -> bool:
        other = self._channels.get(channel.other)
        return other is None or not other.dials

    def _dial_state(self, event: Message) -> None:
        channel = self._channels.told(event, "Dest")
        if channel is not None and event.get("DialStatus") == "RINGING":
            self._rings(channel)
            self._phones.changed(channel)

    def _dial_end(self, event: Message) -> None:
        channel = self._channels.told(event, "Dest")
        if channel is None:
            return
        call = self._calls.get(channel.unique)
        status = event.get("DialStatus")
        if call is not None and not call.status and status:
            call.status, call.dial_end_us = status, self._now
            if status == "ANSWER":
                call.answered_us = self._now
            call.shown = call.shown or self._stands_alone(channel)
            self._changed[call.key] = call
            self._follow(call)
        self._phones.changed(channel)
        if (dialler := self._channels.get(channel.dialler)) is not None:
            self._phones.changed(dialler)

    def _originated(self, event: Message) -> None:
        channel = self._channels.told(event)
        if channel is None:
            return
        channel.originated = False
        if event.get("Application").lower() in ("chanspy", "extenspy"):
            self._mark_spy(channel)
        self._phones.changed(channel)

    def _queue_join(self, event: Message) -> None:
        channel = self._channels.told(event)
        call = self._calls.get(channel.unique) if channel is not None else None
        if call is not None:
            call.queue = event.get("Queue") or None
            self._changed[call.key] = call

    # -- who hears whom -----------------------------------------------------------------------------------------------

    def _bridge_enter(self, event: Message) -> None:
        channel, bridge = self._channels.told(event), event.get("BridgeUniqueid")
        if channel is not None and bridge:
            technology = event.get("BridgeTechnology")
            self._moved(channel, lambda: self._channels.enter(channel, bridge, technology))

    def _bridge_leave(self, event: Message) -> None:
        channel = self._channels.told(event)
        if channel is not None and channel.bridge == event.get("BridgeUniqueid"):
            self._moved(channel, lambda: self._channels.leave(channel))

    def _bridge_destroy(self, event: Message) -> None:
        for channel in self._channels.destroy(event.get("BridgeUniqueid")):
            self._moved(channel, lambda: None)

    def _moved(self, channel: Channel, move: Callable[[], None]) -> None:
        """Make a `move` of `channel`; every call that could hear it before or after is looked at again."""
        before = self._channels.connected(channel)
        move()
        near = {member.unique: member for member in (*before, *self._channels.connected(channel))}
        for member in near.values():
            self._phones.changed(member)
            if (call := self._calls.get(member.unique)) is not None:
                self._follow(call)

    def _follow(self, call: Call) -> None:
        """Bring `call`'s talk up to date: its agents are those who hear its customer now."""
        customer = self._channels.get(call.key)
        connected = self._channels.connected(customer)[1:] if customer is not None else []
        agents: set[str] = set()
        for channel in connected:
            agent = self._talker(channel)
            if agent is not None:
                agents.add(agent)
                channel.call = call.key
        if call.direction is Direction.INTERNAL and agents and customer is not None and customer.agent is not None:
            agents.add(customer.agent)
        if call.set_talking(agents, self._now):
            self._changed[call.key] = call
        for channel in connected:
            self._phones.changed(channel)

    def _talker(self, channel: Channel) -> str | None:
        if channel.spy:
            return None
        return channel.agent if channel.agent is not None else self._agent_behind(channel)

    def _hold(self, event: Message) -> None:
        channel = self._channels.told(event)
        if channel is not None and channel.held_since is None and channel.bridge is not None:
            channel.held_since = self._now
            self._phones.changed(channel)

    def _unhold(self, event: Message) -> None:
        channel = self._channels.told(event)
        if channel is not None:
            self._unhold_channel(channel)
            self._phones.changed(channel)

    def _unhold_channel(self, channel: Channel) -> None:
        if channel.held_since is not None:
            call = self._calls.get(channel.call or "")
            if call is not None and channel.agent is not None:
                call.hold(channel.agent, channel.held_since, self._now)
            channel.held_since = None

    def _add(self, call: Call) -> None:
        self._calls[call.key] = call
        while len(self._calls) > MOST:
            self._calls.popitem(last=False)
        if (channel := self._channels.get(call.key)) is not None:
            channel.call = call.key
            dialler = self._channels.get(channel.dialler)
            if dialler is not None:
                dialler.call = call.key
        self._changed[call.key] = call
