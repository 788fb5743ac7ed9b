"""The audit at the console over a real store, on both databases: acts are done and taken back, the day is signed."""

from __future__ import annotations

from screens.app import ConsoleApp
from screens.audit.screen import AuditScreen
from store.engine import Store
from supervisor.cli.desks import StoreDesk
from tests.screens.audit_seen import Audit
from tests.screens.handmade import LIMITS
from tests.screens.test_followups_in_store import fill
from tests.supervisor.duties.test_followup_acts import CONFIG, NOW


async def test_acts_of_the_audit_their_undoing_and_a_signature(store: Store) -> None:
    fill(store)
    moment = [NOW]

    def clock() -> int:
        moment[0] += 1
        return moment[0]

    desk = StoreDesk(CONFIG, clock, store)
    async with ConsoleApp(lambda: desk, LIMITS, clock=clock).run_test(size=(120, 40)) as pilot:
        seen = Audit(pilot, desk)  # type: ignore[arg-type]
        await seen.shows("Anna Weber")
        await seen.press("8")
        await seen.until(lambda: isinstance(seen.app.screen, AuditScreen) and seen.app.screen.snapshot is not None)
        await seen.press("left", "left")
        await seen.shows("Thu 26 Nov, 2 days ago")
        await seen.shows("● balanced  1 call = ! unlogged 1")
        item = seen.key
        assert item is not None and item.startswith("call:pbx:")

        async def undone(told: str) -> None:
            await seen.told(f"● {told}")
            await seen.press("u")
            await seen.told("● undone: ")
            await seen.shows("! 1 of 1 discrepancy open")
            assert seen.key == item

        await seen.press("y", "enter")
        await seen.shows("all of 1 discrepancy decided")
        await undone("Anna Weber, unlogged, Baltic Steel: accepted")

        await seen.press("f", "enter")
        await seen.shows("⚑ unlogged")
        await undone("flagged, Anna Weber: other, unlogged on 2026-11-26")

        await seen.press("c")
        await seen.shows("Correct Anna Weber, unlogged 14:00: how?")
        await seen.press("enter")
        await seen.shows("1 log  = matched 1")
        await undone("corrected: Baltic Steel: the missing log is written")
        await seen.shows("0 logs = none")

        await seen.press("n")
        await seen.told("1 discrepancy wants a decision first.")
        await seen.press("y", "enter")
        await seen.shows("not signed   n sign")
        await seen.press("n")
        await seen.type("looked at by ear")
        await seen.press("enter")
        await seen.shows("looked at by ear")
        assert seen.row("● signed by").rstrip().endswith("looked at by ear")
        await seen.press("o", "o", "o", "o")
        await seen.shows("● the chain holds")
        await seen.press("o", "u")
        await seen.shows("✕ ")
        await seen.shows("since it was signed")

        await seen.press("o", "enter")
        await seen.shows("Calls of the day · 1")
