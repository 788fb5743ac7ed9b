"""An Asterisk source connected to the fake manager, with times of fractions of seconds, and what it told."""

import asyncio
from contextlib import aclosing, asynccontextmanager

from integrations.asterisk.provider import AsteriskProvider
from integrations.asterisk.settings import AsteriskSettings
from integrations.provider import Context, Leg, Progress
from tests.peers.ami import DATA
from tests.peers.world import recorded_events

SECRETS = {"secret": "test-secret", "control_secret": "control-secret"}
EVENTS = recorded_events(DATA / "main.ami.raw.gz")


def _first(opening: bytes, holding: bytes = b"") -> int:
    return next(at for at, raw in enumerate(EVENTS) if raw.startswith(opening) and holding in raw)


TALKING = _first(b"Event: BridgeLeave")
"""So many events until the first call's two sides begin to part."""
FIRST_CALL = _first(b"Event: Hangup\r\n", b"PJSIP/carrier-00000001") + 1
"""So many events until the first call has ended."""
SECOND_CALL = _first(b"Event: Hangup\r\n", b"PJSIP/carrier-00000003") + 1


def provider_of(peer, secrets=SECRETS, **given):
    defaults = {
        "type": "asterisk",
        "port": peer.port,
        "username": "supervisor",
        "trunks": ("PJSIP/carrier-*", "PJSIP/deadtrunk-*"),
        "dial_prefixes": ("9", "8", "6", "5"),
        "time_zone": "Europe/Berlin",
        "control_username": "control",
        "dial_context": "agents",
        "ping_seconds": 0.1,
        "answer_seconds": 0.3,
        "retry_seconds": 0.05,
        "ring_seconds": 1,
    }
    settings = AsteriskSettings(**(defaults | given))
    return AsteriskProvider("pbx", settings, secrets.get, Context("DE", "Europe/Berlin"))


class Heard(list):
    """Everything a live stream told so far."""

    def of(self, kind):
        return [event for event in self if isinstance(event, kind)]


@asynccontextmanager
async def hearing(provider):
    heard = Heard()

    async def listen():
        async with aclosing(provider.live()) as stream:
            async for event in stream:
                heard.append(event)

    task = asyncio.create_task(listen())
    try:
        yield heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await provider.close()


def ended(heard):
    return {leg.leg_id: leg for leg in heard.of(Leg) if leg.progress is Progress.ENDED}
