"""What a replay says of itself: the first line, and where a flag stands. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from screens.replay.tape import MINUTE_US
from screens.widgets.cells import Cell, columns_of
from screens.widgets.header import source
from screens.widgets.words import hour
from supervisor.text import safe

if TYPE_CHECKING:
    from screens.widgets.header import About
    from supervisor.duties.calls import SourceHealth
    from supervisor.duties.calls.replay import FlagThen

LOUD = "REPLAY"


def top_line(about: About, now_us: int, zone: tzinfo, plays: bool, width: int) -> tuple[list[Cell], list[Cell]]:
    """Return the first line: that it is a replay, of which day and minute, and whether it plays; then the floor.

    Day and minute never give way."""
    moment = datetime.fromtimestamp(now_us / 1e6, zone)
    loud = Cell(f"◀ {LOUD} ", "watch-bold")
    year, day, time = (Cell(moment.strftime(words), "strong") for words in (" %a %d %b %Y", " %a %d %b", " %H:%M"))
    word = Cell("   ▶ plays" if plays else "   ■ stands", "good-bold" if plays else "quiet")
    name = Cell(f"   {safe(about.floor, 30)}", "title")
    shift = Cell(f"   shift {round(about.shift_elapsed * 100)} %", "quiet")
    lefts = [[loud, year, time, word, name, shift], [loud, day, time, word, shift], [loud, day, time, word]]
    health = [one for each in about.sources for one in (Cell("   "), _source(each, zone))]
    broken = [one for each in about.sources if each.state != "up" for one in (Cell("   "), _source(each, zone))]
    pairs = [(left, right) for left in lefts for right in (health, broken)]
    return next((pair for pair in pairs if columns_of(*pair[0], *pair[1]) <= width), (lefts[-1], []))


def _source(health: SourceHealth, zone: tzinfo) -> Cell:
    """Return how a source was; what was read from its records later was heard by nobody then."""
    if health.state == "up" and health.detail:
        return Cell(f"○ {safe(health.name, 20)} {safe(health.detail, 30)}", "quiet")
    return source(health, zone)


def shown_from_us(flag: FlagThen) -> int:
    """Return the first whole minute at which a flag is there."""
    return -(-flag.at_us // MINUTE_US) * MINUTE_US


def following(flags: Sequence[FlagThen], now_us: int, by: int) -> Sequence[FlagThen]:
    """Return the flags of the next minute after `now_us` that has one, or of the one before (`by` -1); none where there
    is none. `flags` are in the order of time."""
    minutes = [minute for flag in flags if ((minute := shown_from_us(flag)) - now_us) * by > 0]
    if not minutes:
        return ()
    wanted = minutes[0] if by > 0 else minutes[-1]
    return [flag for flag in flags if shown_from_us(flag) == wanted]


def told(flags: Sequence[FlagThen], zone: tzinfo) -> str:
    """Return the first of `flags`, all of one minute, in one line of safe words, and how many more there are."""
    line = flags[0].line
    more = f"   and {len(flags) - 1} more in this minute" if len(flags) > 1 else ""
    words = f"{hour(line.at_us, zone)} {safe(line.rule_words)} · {safe(line.specialist, 30)} · {safe(line.words, 60)}"
    return words + more
