"""Cells of tables as values, and texts as they stand in tables.

Every reader raises ValueError in words where a cell cannot be what its column says.
"""

from __future__ import annotations

import difflib
import marshal
import re
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import blake2b
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from supervisor import calendar
from supervisor.calendar import Calendar
from supervisor.cells import Cell, day_of, moment_of, text_of
from supervisor.config import Config
from supervisor.duties.acting import Doer
from supervisor.duties.calls.floor import calendar_of
from supervisor.numbers import e164
from supervisor.settings import zone_problem
from supervisor.spreadsheets import unguarded
from supervisor.text import safe, storable

LONGEST_NAME = 200
LONGEST_WORD = 120
LONGEST_REF = 80
LONGEST_REASON = 500
LONGEST_NOTE = 2_000
"""Characters kept of a company or a person, a region or a type, a reference, a reason, a note."""

LONGEST_CELL = 32_767
"""Characters of one cell: what spreadsheets take."""

LEAST_DIGITS = 3
"""Of a number that is no valid one, but may be dialled: an extension, a short number."""

_LONGEST_NUMBER = 60
_LONGEST_MINUTES = 24 * 60
_YES = frozenset(["yes", "y", "true", "t", "1", "x", "ja", "j", "wahr"])
_NO = frozenset(["", "no", "n", "false", "f", "0", "-", "nein", "falsch"])
_MINUTES = re.compile(r"(\d{1,4})(?:[.,](\d{1,9}))?\Z")
_MS_A_MINUTE = 60_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_END_US = (datetime(2200, 1, 1, tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)
_NOT_DIALLED = str.maketrans("", "", " ()-/.")


class Terms(NamedTuple):
    """By what tables are read: how numbers become E.164 and days are told, the floor's zone and currency, who reads
    them when, and the whole configuration."""

    number_of: Callable[[str], str | None]
    calendar: Calendar
    zone: ZoneInfo
    currency: str
    doer: Doer
    config: Config


def terms_of(config: Config, doer: Doer) -> Terms:
    """Return by what `config` lets tables be read."""
    floor = config.floor
    return Terms(
        e164(floor.country), calendar_of(floor), ZoneInfo(floor.time_zone), config.orders.currency.upper(), doer, config
    )


def row_hash(row: Any) -> int:
    """Return a hash of a row as it was read: the same row gives the same one, today and later."""
    return int.from_bytes(blake2b(marshal.dumps(tuple(row), 0), digest_size=8).digest(), "big", signed=True)


def shown(text: str) -> str:
    """Return a text as it stands in a table: safe, in one line, without blanks around it. Shown again it is the same,
    and two texts that are shown alike are taken for one."""
    if not (text.isascii() and text.isprintable()):
        text = safe(text, LONGEST_CELL)
    return " ".join(text.split())


def line(cell: Cell, field: str, longest: int) -> str:
    """Return the text in `cell` in one line."""
    return _line(_text(cell), field, longest)


def _text(cell: Cell) -> str:
    """The text in `cell` as it can be stored, without what kept a spreadsheet from taking it for a formula."""
    text = cell.strip() if type(cell) is str else text_of(cell)
    if not text.isascii() or "\0" in text:
        text = storable(text).strip()
    return unguarded(text) if text[:1] == "'" else text


def _line(text: str, field: str, longest: int) -> str:
    text = " ".join(text.split())
    if len(text) > longest or (not text.isascii() and len(shown(text)) > longest):
        raise ValueError(f"{field} has {max(len(text), len(shown(text))):,} characters, at most {longest:,} are kept")
    return text


def word(field: str, longest: int = LONGEST_WORD) -> Callable[[Cell], str]:
    """Return `line` for one field."""
    return lambda cell: line(cell, field, longest)


def ref(cell: Cell) -> str:
    """Return the reference in `cell`; "" where there is none. It is kept as it is shown, to be found again."""
    return shown(line(cell, "ref", LONGEST_REF))


def customer(cell: Cell) -> str:
    """Return how a row calls its customer: by reference, number or company."""
    text = shown(line(cell, "customer", LONGEST_NAME))
    if not text:
        raise ValueError("no customer; expected a reference, a number or a company")
    return text


def parts(cell: Cell, field: str, longest: int = LONGEST_NAME) -> tuple[str, ...]:
    """Return the texts in `cell` that ; separates, each once."""
    text = _text(cell)
    if ";" not in text:
        return (_line(text, field, longest),) if text else ()
    return tuple(dict.fromkeys(filter(None, (_line(part, field, longest) for part in text.split(";")))))


def is_yes(text: str) -> bool | None:
    """Whether `text` says yes (True) or no (False), nothing being no; None: it says something else."""
    folded = text.casefold()
    return True if folded in _YES else False if folded in _NO else None


def yes_or_no(field: str) -> Callable[[Cell], bool]:
    """Return a reader of yes and no."""

    def read(cell: Cell) -> bool:
        told = is_yes(text_of(cell))
        if told is None:
            raise ValueError(f"{field} is {text_of(cell)[:40]!r}; expected yes or no")
        return told

    return read


def one_of(field: str, names: Sequence[str]) -> Callable[[Cell], str]:
    """Return a reader of one of `names`, in any case; "" where the cell is empty."""

    def read(cell: Cell) -> str:
        told = text_of(cell).casefold()
        if told and told not in names:
            raise ValueError(f"{field} is {told[:40]!r}; {near(told, names) or 'expected one of ' + ', '.join(names)}")
        return told

    return read


def near(told: str, names: Collection[str]) -> str:
    """Return which of `names` may be meant, in words; "" where none is near."""
    found = difflib.get_close_matches(told, names, 1, 0.6)
    return f"did you mean {found[0]!r}?" if found else ""


def day(cell: Cell) -> int | None:
    """Return the day in `cell`; None where it is empty."""
    return day_of(cell) if text_of(cell) else None


def moment(field: str, zone: ZoneInfo) -> Callable[[Cell], int | None]:
    """Return a reader of moments (epoch us); None where the cell is empty. A time without an offset is by the clock of
    `zone`."""

    def read(cell: Cell) -> int | None:
        if not text_of(cell):
            return None
        found = moment_of(cell, zone)
        if not 0 <= found < _END_US:
            raise ValueError(f"{field} is {text_of(cell)[:40]!r}; expected a moment from 1970 until 2199")
        return found

    return read


def zone(cell: Cell) -> str:
    """Return the time zone in `cell`, "" where there is none: the floor's."""
    name = text_of(cell)
    if name and (problem := zone_problem(name)):
        raise ValueError(problem)
    return name


def minutes(cell: Cell) -> int | None:
    """Return the duration in `cell`, in minutes, as milliseconds; None where it is empty: unknown."""
    text = text_of(cell)
    if not text:
        return None
    found = _MINUTES.match(text)
    if not found or int(found[1]) > _LONGEST_MINUTES:
        raise ValueError(f"minutes is {text[:40]!r}; expected a number like 3.5, at most {_LONGEST_MINUTES}")
    return round(Decimal(f"{found[1]}.{found[2] or 0}") * _MS_A_MINUTE)


def number(terms: Terms, text: str) -> tuple[str, str]:
    """Return a telephone number as it is compared with calls, and as it was given: in E.164, else, where it is no valid
    number, without blanks, brackets, dashes, slashes and dots."""
    return number_by(terms.number_of, text)


def number_by(number_of: Callable[[str], str | None], text: str) -> tuple[str, str]:
    """As `number`, where `number_of` tells which numbers are valid."""
    raw = shown(text)
    dialled = raw.translate(_NOT_DIALLED)
    if not raw.isascii():
        dialled = shown(dialled)
    valid = number_of(dialled)  # digits alone are told fast
    if valid is None and raw != dialled:
        valid = number_of(raw)
    if valid is not None:
        return valid, raw[:_LONGEST_NUMBER]
    if len(raw) > _LONGEST_NUMBER or sum(map(str.isdecimal, dialled)) < LEAST_DIGITS:
        raise ValueError(
            f"{raw[:40]!r} is no telephone number; expected at least {LEAST_DIGITS} digits, several separated by ;"
        )
    return dialled, raw


def numbers(terms: Terms, cell: Cell) -> dict[str, str]:
    """Return the telephone numbers in `cell`, each with how it was given."""
    text = _text(cell)
    if not text:
        return {}
    if ";" not in text:
        found, raw = number(terms, text)
        return {found: raw}
    several: dict[str, str] = {}
    for part in text.split(";"):
        if part.strip():
            several.setdefault(*number(terms, part))
    return several


def is_written_so(terms: Terms, told: str) -> bool:
    """Whether a number in the store is read again as it is. Some are not: what a telephone dialled can be anything."""
    try:
        return ";" not in told and number(terms, told)[0] == told
    except ValueError:
        return False


class Specialists:
    """The roster's names: found as they stand there, else in any case and as they are shown."""

    def __init__(self, ids: dict[str, int]) -> None:
        self._ids = ids
        self._folded: dict[str, int] = {}
        for name, id_ in ids.items():
            self._folded.setdefault(shown(name).casefold(), id_)

    def id_of(self, name: str) -> int | None:
        """Return whose name it is; None where it is empty. ValueError names the nearest one."""
        if not name:
            return None
        found = self._ids.get(name) or self._folded.get(shown(name).casefold())
        if found is None:
            hint = near(name, self._ids) or "import the roster first"
            raise ValueError(f"there is no specialist {name!r}; {hint}")
        return found


# -- the other way --------------------------------------------------------------------------------------------------


def day_text(day: int | None) -> str:
    """Return a day as YYYY-MM-DD; "" where there is none."""
    return calendar.day_text(day) if day else ""


def moment_text(us: int | None, zone: ZoneInfo) -> str:
    """Return a moment (epoch us) by the clock of `zone`, with its offset, so that it is one also where the clock shows
    it twice; "" where there is none."""
    if us is None:
        return ""
    moment = _EPOCH + timedelta(microseconds=us)
    local = moment.astimezone(zone)
    offset = local.utcoffset()
    assert offset is not None
    return (moment if offset % timedelta(minutes=1) else local).isoformat(" ")


def minutes_of(ms: int | None) -> Decimal | None:
    """Return milliseconds as minutes, as exact as `minutes` reads them."""
    if ms is None:
        return None
    found = round(Decimal(ms) / _MS_A_MINUTE, 5)
    return found.quantize(Decimal(1)) if found == found.to_integral() else found.normalize()


Line = Sequence[Any]
"""A row of a table that is brought out: texts as they are shown, whole numbers, Decimals, or None for nothing."""
