"""The floor as it was: its keys, its clock, and that nothing on it acts."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from syrupy.assertion import SnapshotAssertion

from screens import keys
from screens.desk import Desk
from screens.replay.app import ReplayApp
from screens.replay.present import following, top_line
from screens.replay.screen import ReplayScreen
from screens.replay.tape import MINUTE_US, Tape
from screens.widgets.cells import columns_of
from screens.widgets.help import Help
from store import calls
from store.engine import open_store
from supervisor.cli.desks.replay import ReplayDesk
from supervisor.duties.calls import FloorSnapshot, SourceHealth, SpecialistDay
from supervisor.duties.calls.replay import FlagThen, read_day_events
from supervisor.duties.discipline.findings import HIGH
from supervisor.duties.discipline.snapshots import FlagCounts, FlagsPanel
from tests.screens import handmade_discipline as handmade
from tests.screens.handmade import BEGIN, FLOOR, LIMITS, day
from tests.screens.test_floor_screen import Floor
from tests.screens.test_pictures import Picture
from tests.supervisor.duties import test_replay as made

DAY_BEGIN = BEGIN - 9 * 60 * MINUTE_US
LAST = DAY_BEGIN + 1439 * MINUTE_US
BERLIN = ZoneInfo("Europe/Berlin")
FLAGS = tuple(
    FlagThen(at_us, whose, replace(line, at_us=at_us, specialist=whose))
    for at_us, whose, line in (
        (BEGIN + 10 * MINUTE_US + 5_000_000, "Hugo Marin", handmade.OPEN[0]),
        (BEGIN + 11 * MINUTE_US, "Lena Ott", handmade.OPEN[1]),
        (BEGIN + 90 * MINUTE_US, "Ivo Tamm", handmade.OPEN[3]),
    )
)


class Then:
    """A day made by hand: everybody has as many dials as minutes of the shift have passed."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self.closed = False

    @property
    def calls(self) -> Then:
        return self

    @property
    def discipline(self) -> Then:
        return self

    def floor(self) -> FloorSnapshot:
        now_us = self.tape()
        dials = max(0, (now_us - BEGIN) // MINUTE_US)
        people = tuple(
            replace(one, dials=dials, state_since_us=now_us - 90_000_000, last_call_us=now_us - 5 * MINUTE_US)
            for one in FLOOR.specialists
        )
        sources = (SourceHealth("pbx", "up", None, 0, "from its records"),)
        return replace(FLOOR, now_us=now_us, specialists=people, sources=sources)

    def specialist(self, key: str) -> SpecialistDay:
        return day(key)

    def panel(self) -> FlagsPanel:
        now_us = self.tape()
        lines = [flag.line for flag in reversed(FLAGS) if flag.at_us <= now_us]
        high = sum(line.severity == HIGH for line in lines)
        return FlagsPanel(FLOOR.day, now_us, FlagCounts(len(lines), high, 0, len(lines), 0), tuple(lines))

    async def changes(self) -> AsyncIterator[None]:
        await asyncio.Event().wait()
        yield

    def close(self) -> None:
        self.closed = True


class Real:
    """The seconds that really pass: as many as a test says."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class Replay(Floor):
    """What one sees and presses in a replay."""

    tape: Tape
    real: Real

    @property
    def replay(self) -> ReplayScreen:
        return next(screen for screen in self.app.screen_stack if isinstance(screen, ReplayScreen))

    async def stands(self, clock: str, dials: int | None = None) -> None:
        """Wait until the first line has this minute, and the list the floor of it."""
        await self.until(lambda: clock in self.text()[0])
        if dials is not None:
            await self.until(lambda: f" {dials} " in self.row("Pia Sand"))

    async def shows(self, text: str) -> None:
        await self.until(lambda: text in "\n".join(self.text()))


@asynccontextmanager
async def opened(
    size: tuple[int, int] = (120, 40), minute: int = 60, flags: Sequence[FlagThen] = FLAGS, desk: Any = None
) -> AsyncIterator[Replay]:
    real = Real()
    tape = Tape("Mon 23 Nov", DAY_BEGIN, LAST, BEGIN + minute * MINUTE_US, real)
    then: Any = desk(tape) if desk else Then(tape)
    app = ReplayApp(lambda: cast("Desk", then), LIMITS, clock=tape, flags=flags)
    async with app.run_test(size=size) as pilot:
        seen = Replay(pilot, then)
        seen.tape, seen.real = tape, real
        await seen.until(lambda: seen.replay.board.keys and seen.replay.views[0].snapshot is not None)
        await pilot.pause()
        yield seen


# -- the tape -----------------------------------------------------------------------------------------------------


def test_the_tape_stands_on_whole_minutes_of_its_day() -> None:
    tape = Tape("Mon 23 Nov", DAY_BEGIN, LAST, BEGIN + 30_000_000)
    assert tape() == BEGIN and not tape.plays
    tape.go(DAY_BEGIN - 1)
    assert tape() == DAY_BEGIN
    tape.go(LAST + 5 * MINUTE_US)
    assert tape() == LAST


def test_it_plays_a_minute_a_second_and_stops_at_the_end() -> None:
    real = Real()
    tape = Tape("Mon 23 Nov", DAY_BEGIN, LAST, LAST - 5 * MINUTE_US, real)
    tape.play()
    real.seconds += 2.9
    assert tape() == LAST - 3 * MINUTE_US and tape.plays
    tape.go(tape() - MINUTE_US)
    assert tape() == LAST - 4 * MINUTE_US and tape.plays
    tape.stop()
    real.seconds += 60
    assert tape() == LAST - 4 * MINUTE_US and not tape.plays
    tape.play()
    real.seconds += 4
    assert tape() == LAST and not tape.plays
    real.seconds += 100
    assert tape() == LAST


# -- keys ---------------------------------------------------------------------------------------------------------


async def test_the_first_line_says_loudly_that_it_is_a_replay() -> None:
    async with opened() as seen:
        assert seen.text()[0].startswith(" ◀ REPLAY  Mon 23 Nov 2026 10:00   ■ stands   Nordlicht   shift 61 %")
        assert "○ pbx from its records" in seen.text()[0]
        text = "\n".join(seen.text())
        assert "Follow-ups" not in text and "Onboarding" not in text and "2 follow-ups" not in seen.says()
        assert "space play" in seen.says() and "n next flag" in seen.says()


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60), (60, 15)])
async def test_day_and_minute_never_give_way(size: tuple[int, int]) -> None:
    async with opened(size) as seen:
        assert re.search(r"REPLAY  Mon 23 Nov( 2026)? 10:00", seen.text()[0])
        assert all(len(text) <= size[0] for text in seen.text()) and "? keys" in seen.says()


def test_the_first_line_fits_any_width_and_keeps_what_is_broken() -> None:
    sources = (SourceHealth("pbx", "down", BEGIN, None, ""), SourceHealth("cdr", "up", None, 0, ""))
    down = replace(FLOOR, sources=sources)
    for width in range(45, 160):
        left, right = top_line(down, BEGIN, BERLIN, True, width)
        assert columns_of(*left, *right) <= width
        text = "".join(cell.text for cell in left)
        assert "REPLAY" in text and "Mon 23 Nov" in text and "09:00" in text and "▶ plays" in text
        assert width < 80 or any("pbx down since 09:00" in cell.text for cell in right)


async def test_minutes_and_tens_of_minutes() -> None:
    async with opened() as seen:
        await seen.stands("10:00", 60)
        for pressed, clock, dials in (
            ("right", "10:01", 61), ("full_stop", "10:02", 62), ("left", "10:01", 61), ("comma", "10:00", 60),
            ("shift+right", "10:10", 70), ("greater_than_sign", "10:20", 80), ("shift+left", "10:10", 70),
            ("less_than_sign", "10:00", 60),
        ):  # fmt: skip
            await seen.press(pressed)
            await seen.stands(clock, dials)
        assert "01:30" in seen.row("Pia Sand")  # how long a state lasts, by the clock of then


async def test_space_plays_and_stops() -> None:
    async with opened() as seen:
        await seen.press("space")
        assert "▶ plays" in seen.text()[0] and "space stop" in seen.says()
        seen.real.seconds += 3
        await seen.stands("10:03", 63)
        seen.real.seconds += 60
        await seen.stands("11:03", 123)
        await seen.press("space")
        assert "■ stands" in seen.text()[0]
        seen.real.seconds += 60
        seen.replay.look()
        await seen.pilot.pause()
        assert "11:03" in seen.text()[0]


async def test_space_and_letters_that_are_typed_into_the_filter_are_typed() -> None:
    async with opened() as seen:
        await seen.press("slash", *"pia", "space", *"san")
        assert list(seen.replay.board.keys) == ["Pia Sand"] and not seen.tape.plays
        await seen.press("left", "enter")
        assert "/ pia san" in "\n".join(seen.text()) and "10:00" in seen.text()[0]


async def test_from_flag_to_flag_and_back() -> None:
    async with opened(minute=0) as seen:
        await seen.shows("Flags · 0 so far")
        await seen.press("n")
        await seen.stands("09:11", 11)  # the first whole minute at which it is there; the second one's too
        await seen.shows("Flags · 2 so far  ✕ 1 high")
        assert seen.replay.board.key == "Hugo Marin"
        assert seen.says().startswith(" 09:10 idle · Hugo Marin · 22 min")
        assert "and 1 more in this minute" in seen.says()
        await seen.press("n")
        await seen.stands("10:30", 90)
        assert seen.replay.board.key == "Ivo Tamm"
        await seen.press("n")
        assert "No flag after this minute" in seen.says() and "10:30" in seen.text()[0]
        await seen.press("p")
        await seen.stands("09:11", 11)
        await seen.press("p")
        assert "No flag before this minute" in seen.says()


async def test_a_flag_stops_the_tape() -> None:
    async with opened(minute=0) as seen:
        await seen.press("space", "n")
        seen.real.seconds += 30
        assert not seen.tape.plays
        await seen.stands("09:11", 11)


async def test_enter_on_a_flag_goes_to_its_minute() -> None:
    async with opened(minute=120) as seen:
        await seen.press("r")
        await seen.until(lambda: seen.replay.views[0].board.has_focus)
        await seen.press("G", "enter")
        await seen.stands("09:11", 11)
        assert seen.replay.board.key == "Hugo Marin"


async def test_the_detail_is_of_that_day() -> None:
    async with opened() as seen:
        await seen.press("enter")
        await seen.shows("Calls today · 22")
        await seen.press("right")
        await seen.stands("10:01", 61)


@pytest.mark.parametrize(
    "pressed",
    ["l", "w", "b", "x", "d", "a", "u", "W", "C", "N", "M", "O", "plus", "f", "o", "2", "3", "4", "5", "8", "1"],
)  # fmt: skip
async def test_nothing_acts_and_says_why(pressed: str) -> None:
    async with opened() as seen:
        await seen.press(pressed)
        assert seen.says().startswith(" Not here: this is a replay of Mon 23 Nov.")
        assert len(seen.app.screen_stack) == 1 and isinstance(seen.app.screen, ReplayScreen)


async def test_the_help_says_why_too() -> None:
    async with opened() as seen:
        await seen.press("question_mark")
        assert isinstance(seen.app.screen, Help)
        text = "\n".join(seen.text())
        assert "play a minute a second, or stop" in text and "this is a replay of Mon 23 Nov" in text
        refused = seen.replay.reasons()
        acting = {key.id for key in keys.KEYS if key.place in ("floor", "people")} | {"undo"}
        assert acting - refused.keys() == {"calls", "panel-discipline"}


async def test_leaving_it_ends_it() -> None:
    async with opened() as seen:
        await seen.press("escape", "q")
    assert seen.app.return_code == 0 and seen.desk.closed  # type: ignore[attr-defined]


def test_the_next_flag_is_of_another_minute() -> None:
    at = BEGIN + 11 * MINUTE_US
    assert [flag.whose for flag in following(FLAGS, at - 1, 1)] == ["Hugo Marin", "Lena Ott"]
    assert [flag.whose for flag in following(FLAGS, at, 1)] == ["Ivo Tamm"]
    assert not following(FLAGS, at, -1) and not following((), at, 1)
    assert [flag.whose for flag in following(FLAGS, LAST, -1)] == ["Ivo Tamm"]


# -- on a store, and pictures -------------------------------------------------------------------------------------


async def test_a_day_of_a_store_is_played(sqlite_url: str) -> None:
    with closing(open_store(sqlite_url)) as store:
        with store.write() as connection:
            source_id = made.new_source(connection)
            legs = [made.answered("a", "1001", made.at("10:00"), 10, 95), made.leg("b", "1002", made.at("10:01"))]
            calls.ingest(connection, source_id, legs, made.RULES, None, made.END)
        with store.read() as connection:
            replay = read_day_events(connection, made.CONFIG, made.DAY)
    async with opened(desk=lambda tape: ReplayDesk(replay, made.CONFIG, tape), minute=59) as seen:
        await seen.shows("off     Anna Weber")
        await seen.press("right")
        await seen.shows("00:00 ring    Anna Weber")
        await seen.press("right")
        await seen.shows("00:50 talk    Anna Weber")
        await seen.press("right", "enter")
        await seen.shows("Calls today · 1")
        assert "00:15 wrap    Anna Weber" in "\n".join(seen.text())


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("pressed", [(), ("n", "p", "space"), ("l",)], ids=["stands", "plays", "refuses"])
async def test_a_replay_looks_as_it_did(
    size: tuple[int, int], pressed: tuple[str, ...], snapshot: SnapshotAssertion
) -> None:
    async with opened(size) as seen:
        await seen.press(*pressed)
        await seen.pilot.pause(0.3)
        shown = seen.app.export_screenshot(title="supervisor")
    assert re.sub(r"terminal-\d+", "terminal", shown) == snapshot(extension_class=Picture)
