"""What every screen shares that is no dialog: a snapshot kept fresh while it is in sight, the top and the last line,
and acts whose outcome is told."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, cast

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.timer import Timer

from screens import keys, modes
from screens.link import RETRY_S
from screens.widgets.cells import Cell, columns_of
from screens.widgets.header import About, header
from screens.widgets.line import Lines
from screens.widgets.words import sentence
from supervisor.text import safe

if TYPE_CHECKING:
    from screens.app import ConsoleApp
    from screens.desk import Desk
    from screens.link import Link

S = TypeVar("S")

READ_EVERY_S = 5.0
"""The store is read so often even when nothing was committed: a source that fell silent commits nothing."""
LONGEST_RETRY_S = 15.0
TELL_S = 8.0
"""How long the outcome of an act stays in the last line."""
BESIDE = 120
"""Width from which a detail stands beside its list, and the modes' names beside the keys of the place."""
MOST_KEYS, FEWEST_KEYS = 7, 2
"""Keys in the last line beside `?`: at most, and at least where they give way to the modes' names."""


def collect_rubbish() -> None:
    """Turn the collector of rubbish on again, once everything that stays is here: it would cost a fifth of the
    start."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


class FreshScreen(Screen[None], Generic[S]):
    """A screen over one frozen snapshot `S`, read in a thread after each commit and at least every few seconds.

    A subclass names its `MODE` (screens.modes) and its `PLACE` (keys.TOGETHER), reads (`read`), and draws
    (`compose_body`, `show`, `show_nothing`)."""

    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("screen")
    MODE: ClassVar[str]
    PLACE: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.snapshot: S | None = None
        self.zone: tzinfo | None = None
        self.failed: tuple[int, str] | None = None
        self.told: Cell | None = None
        self._wake = asyncio.Event()
        self._in_sight = asyncio.Event()
        self._in_sight.set()
        self._untell: Timer | None = None

    # What a subclass gives

    def read(self, desk: Desk) -> S:
        """Return the snapshot of now. Called in a thread: it may block, and touches no widget."""
        raise NotImplementedError

    def about(self, snapshot: S) -> About:
        """Return what the top line says of the floor."""
        raise NotImplementedError

    def compose_body(self) -> ComposeResult:
        """Yield what stands between the top and the last line."""
        raise NotImplementedError

    def show(self, snapshot: S, zone: tzinfo, now_us: int) -> None:
        """Bring the body up to date; called after each reading, each second and each key."""
        raise NotImplementedError

    def show_nothing(self, *words: str) -> None:
        """Say that nothing has been read: `words` say why, none while it is still being read for the first time."""
        raise NotImplementedError

    async def after_read(self, desk: Desk) -> None:
        """Read what is wanted besides the snapshot, as the detail of the marked row; the snapshot is on the screen."""

    def footer_keys(self) -> Sequence[str]:
        """Return the ids of the keys for the last line, the most wanted first."""
        return ()

    def reasons(self) -> Mapping[str, str]:
        """Return by id why a key can do nothing now, in safe words: for the help."""
        return {}

    def action_record(self, by: int) -> None:
        """Go to the next or the previous record."""
        raise NotImplementedError

    def action_back(self) -> None:
        """Go one step back, never out."""
        raise NotImplementedError

    # Keeping fresh

    @property
    def console_app(self) -> ConsoleApp:
        return cast("ConsoleApp", self.app)

    @property
    def link(self) -> Link:
        """The console's one desk, and what tells of changes."""
        return self.console_app.link

    @property
    def desk(self) -> Desk | None:
        """The desk, None until it is open."""
        return self.link.desk

    def compose(self) -> ComposeResult:
        yield Lines(id="header")
        yield from self.compose_body()
        yield Lines(id="footer")

    def on_mount(self) -> None:
        self.draw()
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """The first frame is on the terminal: now the store may be imported."""
        self.link.listen(self._changed)
        self.follow()
        self.set_interval(1.0, self._tick)

    def on_unmount(self) -> None:
        self.link.forget(self._changed)

    @work(group="desk", exclusive=True, exit_on_error=False)
    async def follow(self) -> None:
        """Read after every change, for ever; a failure is told and tried again ever more slowly."""
        wait = RETRY_S
        while True:
            try:
                await self._read(await self.link.opened())
                wait = RETRY_S
                collect_rubbish()
                await self._woken(READ_EVERY_S)
            except Exception as error:
                self._fail(error)
                collect_rubbish()
                await self._woken(wait)
                wait = min(wait * 2, LONGEST_RETRY_S)

    async def _woken(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), seconds)
        await self._in_sight.wait()
        self._wake.clear()

    async def _read(self, desk: Desk) -> None:
        snapshot = await asyncio.to_thread(self.read, desk)
        if self.zone is None:
            from zoneinfo import ZoneInfo

            self.zone = ZoneInfo(self.about(snapshot).time_zone)
        self.failed = None
        self.snapshot = snapshot
        self.draw()
        await self.after_read(desk)

    def _changed(self, error: Exception | None) -> None:
        if error is None:
            self.wake()
        else:
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        since = self.failed[0] if self.failed else self.console_app.clock()
        self.failed = (since, sentence(error))
        self._tick()

    def wake(self) -> None:
        """Have the snapshot read now, or once this is in sight again."""
        self._wake.set()

    def on_screen_suspend(self) -> None:
        self._in_sight.clear()

    def on_screen_resume(self) -> None:
        self._in_sight.set()
        self._wake.set()
        self.draw()

    def _tick(self) -> None:
        if self._in_sight.is_set():
            self.draw()

    # Drawing

    def draw(self) -> None:
        """Bring every line up to date; the widgets put on the terminal only what changed."""
        now_us, word = self.console_app.clock(), modes.by_id(self.MODE).word
        top = self.query_one("#header", Lines)
        if self.snapshot is not None and self.zone is not None:
            about = self.about(self.snapshot)
            self.show(self.snapshot, self.zone, now_us)
            top.show(self.top_line(about, now_us, self.zone))
        else:
            top.show(([Cell(word.capitalize(), "title")], []))
            again = "supervisor doctor tells more. It is tried again by itself."
            self.show_nothing(*(f"The {word} cannot be read.", self.failed[1], again) if self.failed else ())
        self.query_one("#footer", Lines).show(self._footer())

    def top_line(self, about: About, now_us: int, zone: tzinfo) -> tuple[list[Cell], list[Cell]]:
        """Return the first line, once something was read."""
        word, width = modes.by_id(self.MODE).word.capitalize(), self.size.width - 2
        return header(about.floor, word, now_us, zone, about.shift_elapsed, about.sources, width)

    def modes_line(self) -> tuple[list[Cell], list[Cell]]:
        """Return the modes for the last line, by their words and by their digits; nothing where there are none."""
        return modes.named(self.MODE), modes.digits(self.MODE)

    def word(self, key: keys.Key) -> str:
        """Return what a key is called here in titles and in the last line."""
        return key.short

    def hints(self, *names: str) -> list[Cell]:
        """Return the keys with these ids and what they do, for titles and for the last line."""
        hints: list[Cell] = []
        for name in names:
            key = keys.BY_ID[name]
            shown = keys.shown(key, self.console_app.remapped)
            hints += [Cell(f"{shown} ", "key"), Cell(f"{self.word(key)}  ", "quiet")]
        return [*hints[:-1], Cell(hints[-1].text.rstrip(), "quiet")] if hints else []

    def _footer(self) -> tuple[list[Cell], list[Cell]]:
        last = self.hints("help")
        if self.told is not None:
            return [self.told], last
        here, room = list(self.footer_keys())[:MOST_KEYS], self.size.width - 4
        while here and columns_of(*self.hints(*here), *last) > room:
            here.pop()
        apart, fewer, (named, digits) = Cell("   "), list(here), self.modes_line()
        if named and self.size.width >= BESIDE:
            while columns_of(*named, apart, *self.hints(*fewer), apart, *last) > room and len(fewer) > FEWEST_KEYS:
                fewer.pop()
        for found in (named, digits):
            if found and columns_of(*found, apart, *self.hints(*fewer), apart, *last) <= room:
                return found, [*self.hints(*fewer), apart, *last]
        return self.hints(*here), last

    def tell(self, text: str, role: str = "text") -> None:
        """Put the outcome of an act into the last line for a while. `text` is safe already."""
        if self._untell is not None:
            self._untell.stop()
        self.told = Cell(text, role)
        self._untell = self.set_timer(TELL_S, self._say_nothing)
        self.draw()

    def _say_nothing(self) -> None:
        self.told = None
        self.draw()

    def action_keys(self) -> None:
        from screens.widgets.help import Help  # as dialogs, not wanted for the first frame

        word, remapped = modes.by_id(self.MODE).word, self.console_app.remapped
        self.app.push_screen(Help(f"Keys of the {word}", keys.TOGETHER[self.PLACE], remapped, self.reasons()))

    # Acts

    def act(self, doing: Callable[[Desk], str | None], nothing: str = "There was nothing to do.") -> None:
        """Do a blocking act of the desk in a thread beside the screen, after the acts before it; tell what it returns,
        else `nothing`, or why it failed; and read anew."""
        self.beside(lambda _: self.done(doing, nothing))

    def beside(self, doing: Callable[[Desk], Awaitable[object]]) -> None:
        """Run `doing` beside the screen: it may ask questions. A failure is told in words and ends nothing."""
        desk = self.desk
        if desk is None:
            self.tell("The store is not open yet.", "watch")
            return

        async def run() -> None:
            try:
                await doing(desk)
            except Exception as error:
                self.tell(f"✕ {sentence(error)}", "act")

        # Given as a function: where the console ends before it is begun, nothing is left that was never awaited.
        self.run_worker(run, name="act", group="acts", exit_on_error=False)  # type: ignore[arg-type]

    async def done(self, doing: Callable[[Desk], str | None], nothing: str = "There was nothing to do.") -> str | None:
        """As `act`, within `beside`; return what was told. An error is the caller's."""
        desk = await self.link.opened()
        async with self.link.one_by_one:
            said = await asyncio.to_thread(doing, desk)
        self.tell(f"● {safe(said, 200)}" if said else nothing, "good" if said else "text")
        self.wake()
        return said

    def action_undo(self) -> None:
        self.act(lambda desk: desk.undo(), "There is nothing to undo.")
