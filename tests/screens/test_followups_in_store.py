"""Follow-ups at the console over a real store, on both databases: each act is done, and taken back again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from screens.app import ConsoleApp
from screens.followups.screen import FollowupsScreen
from store import calls, roster
from store.engine import Store
from supervisor.cli.desks import StoreDesk
from tests.screens.handmade import LIMITS
from tests.screens.test_followups_screen import Seen
from tests.store.customers_made import customer
from tests.store.records import RULES, leg
from tests.supervisor.duties.test_followup_acts import CONFIG, DAY_US, NOW, S, ZoneInfo, everything

UNKNOWN, SHARED = "+493023125900", "+493023125800"
IN_WINDOW, PAST = 9, 13


def fill(store: Store) -> None:
    """Baltic Steel, nine contacts; Ruhr Pumpen, thirteen; calls to a number of both, and to one of nobody."""
    with store.write() as connection:
        source = roster.source(connection, "pbx", "files")
        anna = roster.put_specialist(connection, None, "Anna Weber", {})
        roster.put_specialist(connection, None, "Boris Wu", {})
        roster.assign(connection, roster.identity(connection, source, "1001"), anna, 20261001)
        steel = customer(
            connection, "+49305001", SHARED, company="Baltic Steel", company_key="baltic steel", tier=0, owner_id=anna
        )
        ruhr = customer(
            connection, "+49305002", SHARED, company="Ruhr Pumpen", company_key="ruhr pumpen", owner_id=anna
        )
        assert steel < ruhr

        def call(name: str, number: str, days_ago: int) -> Any:
            started = NOW - days_ago * DAY_US
            day = int(datetime.fromtimestamp(started / S, ZoneInfo("Europe/Berlin")).strftime("%Y%m%d"))
            return leg(name, number=number, started_us=started, ended_us=started + 60 * S, day=day)

        legs = [call(f"steel-{n}", "+49305001", n + 2) for n in range(IN_WINDOW)]
        legs += [call(f"ruhr-{n}", "+49305002", n + 3) for n in range(PAST)]
        legs += [call("shared", SHARED, 1), call("unknown", UNKNOWN, 1)]
        calls.ingest(connection, source, legs, RULES, None, NOW)


async def test_acts_of_the_follow_ups_and_their_undoing(store: Store) -> None:
    fill(store)
    moment = [NOW]

    def clock() -> int:
        moment[0] += 1
        return moment[0]

    def kept() -> list[Any]:
        with store.read() as connection:
            return everything(connection)

    desk = StoreDesk(CONFIG, clock, store)
    async with ConsoleApp(lambda: desk, LIMITS, clock=clock).run_test(size=(120, 40)) as pilot:
        seen = Seen(pilot, desk)  # type: ignore[arg-type]
        await seen.shows("1 in the window")
        await seen.press("2")
        await seen.until(lambda: isinstance(seen.app.screen, FollowupsScreen))
        await seen.shows("9th  Baltic Steel")
        await seen.shows("past ! 1   i calls wait ! 2")
        before = kept()

        async def undone(told: str, page: str) -> None:
            """What was done shows, is undone, and nothing of it is left."""
            await seen.told(f"● {told}")
            assert kept() != before
            await seen.press("u")
            await seen.told("● undone: ")
            assert kept() == before
            await seen.shows(page)

        await seen.press("n")
        await seen.asked("Next contact with Baltic Steel")
        await seen.type("+2d, send the offer")
        await seen.shows("Mon 30")
        await undone("Baltic Steel: next contact on Mon 30 Nov 2026", "no plan")

        await seen.press("c")
        await seen.asked("Contact by Anna Weber with Baltic Steel: how?")
        await seen.press("v")
        await seen.asked("Visit with Baltic Steel: what came of it?")
        await seen.type("met: at the fair")
        await seen.shows("10th  Baltic Steel")
        await undone("Baltic Steel: visit logged, contact number 10", " 9th  Baltic Steel")

        await seen.press("o")
        await seen.asked("hand over to whom?")
        await seen.type("boris")
        await seen.shows("Boris W.")
        await undone("Baltic Steel is Boris Wu's now", "Anna W.")

        await seen.press("v")
        await seen.shows("you")
        await undone("Baltic Steel is yours now", "Anna W.")

        await seen.press("x")
        await seen.asked("Never call Baltic Steel again: why?")
        await seen.type("asked us not to")
        await seen.until(lambda: "9th  Baltic Steel" not in seen.page())
        await undone("Baltic Steel is do-not-call now", "9th  Baltic Steel")

        await seen.press("b")
        await seen.shows("13th  Ruhr Pumpen")
        await seen.press("p")
        await seen.shows("Nobody stands past the window")
        await undone("Ruhr Pumpen is parked", "13th  Ruhr Pumpen")

        await seen.press("i")
        await seen.shows("shared: Baltic Steel, Ruhr Pumpen")
        seen.screen.board.go(next(key for key in seen.screen.board.keys if "shared" in key))
        await seen.press("enter")
        await seen.asked(f"Whose was the call with {SHARED}, by Anna Weber?")
        await seen.type("ruhr")
        await seen.shows("Whose call was this? · 1 ")
        await undone("the call was Ruhr Pumpen's", "shared: Baltic Steel, Ruhr Pumpen")

        seen.screen.board.go(UNKNOWN)
        await seen.press("enter")
        await seen.asked(f"Whose number is {UNKNOWN}?")
        await seen.type("ruhr")
        await undone(f"{UNKNOWN} is Ruhr Pumpen's now: 1 contact", "nobody has it")
        seen.screen.board.go(UNKNOWN)
        await seen.press("x")
        await seen.shows("Whose call was this? · 1 ")
        await undone(f"{UNKNOWN} is nobody's customer", "nobody has it")

        await seen.press("m")
        await seen.shows(f"both have {SHARED}")
        await seen.press("enter")
        await seen.asked("Which one stays?")
        await seen.type("baltic")
        await seen.shows("No two customers look like one.")
        await seen.told("is Baltic Steel")
        await seen.press("u")
        await seen.told("● undone: ")
        await seen.shows(f"both have {SHARED}")

        assert "m doubles 1" in seen.page()
        await seen.press("escape", "g", "enter")
        await seen.shows(f"Story · {IN_WINDOW}")
        await seen.shows("numbers  +49305001, +493023125800 ! shared")
        await seen.press("d")
        await seen.told("✕ pbx does not let us dial")
