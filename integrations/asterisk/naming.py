"""Whose a channel is, read off its name, and which number was dialled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

LONGEST_EXTENSION = 6
"""Digits: a shorter number is a colleague's, a longer one a customer's, where nothing else tells."""

PHONES = ("PJSIP/{agent}-*", "SIP/{agent}-*", "IAX2/{agent}-*")
"""What phones are called where the floor does not say."""

_REMEMBERED = 10_000
_PHONE_NUMBER = re.compile(rf"\+?[0-9]{{{LONGEST_EXTENSION + 1},}}\Z")
_EXTENSION = re.compile(rf"[0-9]{{2,{LONGEST_EXTENSION}}}\Z")
_LOCAL = re.compile(r"Local/(?P<exten>[^@/]+)@.*;(?P<half>[12])\Z", re.DOTALL)


class Naming:
    """The floor's own names: `agents` are patterns with {agent} and *, `trunks` patterns with *; a trunk is never an
    agent. `dial_prefixes` are what the dialplan takes off a dialled number."""

    def __init__(self, agents: Sequence[str], trunks: Sequence[str], dial_prefixes: Sequence[str] = ()) -> None:
        self._agents = [_compiled(pattern) for pattern in agents]
        self._trunks = [_compiled(pattern) for pattern in trunks]
        self._prefixes = sorted(filter(None, dial_prefixes), key=len, reverse=True)

    def agent(self, channel: str) -> str | None:
        """Return the agent whose phone `channel` is; None for trunks and everything else."""
        if self.is_trunk(channel):
            return None
        return next((found["agent"] for pattern in self._agents if (found := pattern.match(channel))), None)

    def agent_of_device(self, device: str) -> str | None:
        """Return the agent of a device ("PJSIP/1001"): a channel's name without its running number."""
        return self.agent(f"{device}-0")

    def is_trunk(self, channel: str) -> bool:
        """Whether `channel` leads to customers by its name."""
        return any(pattern.match(channel) for pattern in self._trunks)

    def stripped(self, number: str) -> str:
        """Return `number` without its dial prefix, where what is left is still a customer's number."""
        for prefix in self._prefixes:
            if number.startswith(prefix) and _PHONE_NUMBER.match(number[len(prefix) :]):
                return number[len(prefix) :]
        return number

    def number(self, dial_string: str, dialled: Iterable[str] = ()) -> str:
        """Return the number in a `dial_string`, without the dial prefix if it still carries one.

        It carries one where it is what the caller typed (`dialled`: the extensions that may tell). Where the dialplan
        took the prefix off, a leading 9 belongs to the number.
        """
        number = dialled_number(dial_string)
        return self.stripped(number) if number in dialled else number


class RowNaming(Naming):
    """The names in CDR rows, remembered by device, and guessed where the floor told no pattern: a phone whose name is
    an extension is an agent's, whatever else a call can reach is a trunk."""

    def __init__(self, agents: Sequence[str], trunks: Sequence[str], dial_prefixes: Sequence[str] = ()) -> None:
        super().__init__(agents or PHONES, trunks, dial_prefixes)
        self._guesses = not trunks
        self._known: dict[str, tuple[str | None, bool]] = {}

    def agent(self, channel: str) -> str | None:
        return self.whose(channel)[0]

    def is_trunk(self, channel: str) -> bool:
        return self.whose(channel)[1]

    def whose(self, channel: str) -> tuple[str | None, bool]:
        """Return the agent whose phone `channel` is, and whether it is a trunk."""
        device = channel if channel[-2:-1] == ";" else channel.rpartition("-")[0]
        found = self._known.get(device)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[device] = self._look(channel)
        return found

    def _look(self, channel: str) -> tuple[str | None, bool]:
        if super().is_trunk(channel):
            return None, True
        agent = next((found["agent"] for pattern in self._agents if (found := pattern.match(channel))), None)
        if not self._guesses or local_half(channel) is not None or is_extension(agent or ""):
            return agent, False
        return None, "/" in channel


def dialled_number(dial_string: str) -> str:
    """Return the number in "1555@carrier", "carrier/1555", "carrier/sip:1555@host", "PJSIP/1001"."""
    if "sip:" in dial_string:
        return dial_string.partition("sip:")[2].partition("@")[0]
    before, at, after = dial_string.partition("@")
    if at and "/" not in after:
        return before.rpartition("/")[2]
    return dial_string.partition("?")[0].rpartition("/")[2]


def leads_out(dial_string: str) -> bool:
    """Whether a customer's number at some peer is dialled: such a peer is a trunk, though no pattern names it."""
    return ("@" in dial_string or "/" in dial_string) and is_phone_number(dialled_number(dial_string))


def is_phone_number(number: str) -> bool:
    """Whether `number` is long enough to be a customer's."""
    return _PHONE_NUMBER.match(number) is not None


def is_extension(number: str) -> bool:
    """Whether `number` is short enough to be a colleague's."""
    return _EXTENSION.match(number) is not None


def local_half(channel: str) -> tuple[str, str] | None:
    """Return extension and half ("1" or "2") of a Local channel's name; None where it is none."""
    found = _LOCAL.match(channel)
    return (found["exten"], found["half"]) if found else None


def _compiled(pattern: str) -> re.Pattern[str]:
    parts = (
        "(?P<agent>[^/@;]+)" if part == "{agent}" else "[^/]*" if part == "*" else re.escape(part)
        for part in re.split(r"(\{agent\}|\*)", pattern)
    )
    return re.compile("".join(parts) + r"\Z")
