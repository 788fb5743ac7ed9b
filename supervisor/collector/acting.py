"""What consoles ask of phones: carried out once, and answered."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

from integrations.provider import Action, Command
from store import commands, watch
from store.commands import Claimed
from supervisor.collector.source import Source, words_of
from supervisor.text import safe

ACT_S = 30.0


async def act(source: Source) -> None:
    """Carry out each command once: claimed in one transaction, answered in another, never replayed."""
    if not source.provider.capabilities:
        return
    async with aclosing(watch.changes(source.storing.store)) as changes:
        async for _ in changes:
            if await source.storing.read(lambda c: commands.waits(c, source.id)):
                for claimed in await source.write(lambda c: commands.claim(c, source.id, source.me, source.clock())):
                    source.acting.add(claimed.id)
                    source.start(_carry_out(source, claimed))


async def _carry_out(source: Source, claimed: Claimed) -> None:
    command = Command(**claimed._asdict() | {"action": Action(claimed.action)})
    try:
        async with asyncio.timeout(ACT_S):
            answer = await source.provider.act(command)
        done, detail = answer.done, safe(answer.detail)
    except TimeoutError:
        done, detail = False, "no answer in time; look at the phone before you try again"
    except Exception as error:  # one act that fails must not stop the source
        done, detail = False, words_of(error)
    source.log.info("command", id=command.id, action=str(command.action), done=done)
    await source.write(lambda c: commands.answer(c, command.id, done, detail, source.clock()))
    source.acting.discard(command.id)
