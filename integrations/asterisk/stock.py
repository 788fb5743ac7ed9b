"""Taking stock of an Asterisk: who does what at this moment, after a connection was made."""

from __future__ import annotations

import logging
from collections.abc import Callable

from integrations.asterisk.client import ActionRefused, AmiError, Client
from integrations.asterisk.message import Message
from integrations.provider import Snapshot

LOG = logging.getLogger(__name__)

VARIABLES = "CDR(start,u),CDR(answer,u),DIALEDPEERNUMBER,BRIDGEPEER"
"""By these the times of a call that is alive are known to the microsecond, and its number."""


def stamped(message: Message, at_us: int) -> Message:
    """Return `message` with a Timestamp of `at_us`."""
    return Message((*message.items, ("Timestamp", f"{at_us // 1_000_000}.{at_us % 1_000_000:06}")))


async def take_stock(client: Client, resume: Callable[[list[Message]], Snapshot]) -> Snapshot:
    """Ask for phones, queues and channels; `resume` gets all of it the moment the list of channels is complete."""
    states: list[Message] = []
    taken: list[Snapshot] = []
    for action in ("DeviceStateList", "PJSIPShowContacts", "QueueStatus"):
        try:
            states += await client.ask_list(action)
        except ActionRefused as refusal:
            LOG.debug("%s refused (%s): the states it tells are learnt from events", action, refusal)
    await client.ask_list(
        "Status",
        ("Variables", VARIABLES),
        complete=lambda channels: taken.append(resume([*states, *channels])),
    )
    if not taken:
        raise AmiError("Asterisk did not list its channels")
    return taken[0]
