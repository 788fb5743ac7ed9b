"""Taking stock of an Asterisk: who does what at this moment, after a connection was made."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from integrations.asterisk.client import ActionRefused, AmiError, Client, NoAnswer
from integrations.asterisk.message import Message
from integrations.provider import Snapshot

LOG = logging.getLogger(__name__)

VARIABLES = "CDR(start,u),CDR(answer,u),DIALEDPEERNUMBER,BRIDGEPEER"
"""By these the times of a call that is alive are known to the microsecond, and its number."""

STATES = ("DeviceStateList", "PJSIPShowContacts", "QueueStatus")
"""What tells of phones that are in no call. Not every Asterisk has each of them."""


def stamped(message: Message, at_us: int) -> Message:
    """Return `message` with a Timestamp of `at_us`."""
    return Message((*message.items, ("Timestamp", f"{at_us // 1_000_000}.{at_us % 1_000_000:06}")))


async def take_stock(client: Client, resume: Callable[[list[Message]], Snapshot], silent: set[str]) -> Snapshot:
    """Ask for phones, queues and channels; `resume` gets all of it the moment the list of channels is complete.

    What is not answered is added to `silent` and not asked for again: what it tells is learnt from events. AmiError
    where the channels are not listed.
    """
    if "Status" in silent:
        raise NoAnswer("Asterisk does not list its channels")
    lists = await asyncio.gather(*(_listed(client, action, silent) for action in STATES))
    taken: list[Snapshot] = []
    try:
        await client.ask_list(
            "Status",
            ("Variables", VARIABLES),
            complete=lambda channels: taken.append(
                resume([*(state for states in lists for state in states), *channels])
            ),
        )
    except NoAnswer:
        silent.add("Status")
        raise
    if not taken:
        raise AmiError("Asterisk did not list its channels")
    return taken[0]


async def _listed(client: Client, action: str, silent: set[str]) -> list[Message]:
    """Return what the list `action` holds; nothing where it is refused, or not answered while others are."""
    if action in silent:
        return []
    try:
        return await client.ask_list(action)
    except ActionRefused as refusal:
        LOG.debug("%s refused (%s): the states it tells are learnt from events", action, refusal)
    except NoAnswer as error:
        silent.add(action)
        LOG.warning("%s: the states it tells are learnt from events", error)
    return []
