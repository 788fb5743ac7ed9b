"""Money as people write it: amounts read from tables and shown. Inside it is whole hundredths ("cents"), so exact.

One currency a floor: an amount that names another one is refused, never converted.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_EVEN, Context, Decimal

from supervisor.cells import Cell, text_of

BELOW = 10**15
"""Every amount has fewer cents than this: what a double, and so a sheet, still keeps exactly."""

DECIMALS = 2

_DOLLARS = "USD CAD AUD NZD SGD HKD TWD MXN ARS CLP COP UYU BBD JMD TTD BSD BMD FJD NAD"
_MARKS: dict[str, frozenset[str]] = {
    mark: frozenset(codes.split())
    for marks, codes in {
        "€ euro euros": "EUR", "$": _DOLLARS, "us$": "USD", "c$ ca$": "CAD", "a$ au$": "AUD", "nz$": "NZD",
        "s$ sg$": "SGD", "hk$": "HKD", "nt$": "TWD", "mx$": "MXN", "r$": "BRL", "£": "GBP EGP GIP FKP SHP LBP SYP",
        "¥": "JPY CNY", "円": "JPY", "元 圆 圓": "CNY TWD HKD", "rmb 人民币 cn¥": "CNY", "fr fr. sfr sfr.": "CHF",
        "zł zł. zl": "PLN", "kč kc": "CZK", "kr kr.": "SEK NOK DKK ISK", "₽ руб руб. р р.": "RUB BYN",
        "₴ грн грн.": "UAH", "₺ tl": "TRY", "₹": "INR", "rs rs. ₨": "INR PKR LKR NPR MUR", "₩ 원": "KRW", "₪": "ILS",
        "₫": "VND", "฿": "THB", "₱": "PHP", "₦": "NGN", "₸": "KZT", "₼": "AZN", "₾": "GEL", "₡": "CRC", "₲": "PYG",
        "₵": "GHS", "ft": "HUF", "lei leu": "RON MDL", "лв лв.": "BGN", "r": "ZAR", "rm": "MYR", "rp rp.": "IDR",
        "din din. дин дин.": "RSD", "km": "BAM",
    }.items()
    for mark in marks.split()
}  # fmt: skip
"""Signs and abbreviations, case folded, and the currencies that each can stand for."""

_BY_HUNDREDS = frozenset(["INR", "PKR", "BDT", "NPR", "LKR"])
"""Currencies whose amounts are grouped 12,34,567."""

_PARTS = re.compile(r"(?P<before>[^\d+\-(),']*)(?P<number>\d(?:[\d .,']*\d)?)(?:[.,]--?)?(?P<after>[^\d+\-()]*)\Z")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:([ .,'])\d{3})(?:\1\d{3})*\Z")
_GROUPED_BY_HUNDREDS = re.compile(r"[1-9]\d?(?:,\d\d)+,\d{3}\Z")
_PLAIN = re.compile(r"(?:0|[1-9]\d*)\Z")
_SAME = {ord(mark): "'" for mark in "’‘ʼ´`"} | {ord(mark): "-" for mark in "‐‑‒–—−"}
_SAME |= {0xFFE0: "¢", 0xFFE1: "£", 0xFFE5: "¥", 0xFFE6: "₩", ord("٫"): ".", ord("٬"): ","}
_AS_A_SHEET = Context(prec=15, rounding=ROUND_HALF_EVEN)


def cents_of(cell: Cell, currency: str) -> int:
    """Return the amount in `cell` in hundredths of `currency`, the floor's own (its ISO code): 0 .. `BELOW` - 1.

    Thousands stand apart by blanks of any kind, dots, commas or apostrophes, decimals follow a dot or a comma, the
    currency stands before or after or not at all; digits and signs may be full-width. A single dot or comma before
    exactly three digits, with one to three before it, parts thousands: money has at most two decimals. A sheet's number
    is taken with the 15 digits that a sheet shows, so what reckoning left behind them does not count.

    ValueError in words: nothing, no amount, a negative one, more than two decimals, too large, another currency.
    """
    if isinstance(cell, Decimal):
        return _checked(_AS_A_SHEET.plus(cell) if cell.is_finite() else cell, text_of(cell))
    if not isinstance(cell, str):
        raise ValueError(f"{text_of(cell)} is a date or a time, not an amount; write 9800.00")
    text = _plain(cell)
    if not text:
        raise ValueError("no amount; write 9800.00")
    said = cell.strip()[:40]
    found = _PARTS.match(text)
    if not found:
        raise ValueError(_none(said))
    for mark in (found["before"], found["after"]):
        _check_currency(mark.strip(), currency.upper(), said)
    return _checked(_number(found["number"], currency.upper(), said), said)


def shown(cents: int) -> str:
    """Return an amount in `cents` for people: 9 800, and 9 800.50 where it is not whole."""
    sign, whole, part = _split(cents)
    return f"{sign}{whole:,}".replace(",", " ") + (f".{part:02}" if part else "")


def exact(cents: int) -> str:
    """Return an amount in `cents` for other programs: 9800.00."""
    sign, whole, part = _split(cents)
    return f"{sign}{whole}.{part:02}"


def number(cents: int) -> int | float:
    """Return an amount in `cents` as a number with at most two decimals."""
    return cents // 100 if cents % 100 == 0 else cents / 100


def _split(cents: int) -> tuple[str, int, int]:
    return "-" if cents < 0 else "", *divmod(abs(cents), 100)


def _plain(text: str) -> str:
    """`text` with ASCII digits, marks and blanks, one blank at a time."""
    return " ".join("".join(map(_plain_character, unicodedata.normalize("NFC", text))).split())


def _plain_character(character: str) -> str:
    if character.isascii():
        return character
    code = ord(character)
    if code in _SAME:
        return _SAME[code]
    if 0xFF01 <= code <= 0xFF5E:  # full-width ASCII
        return _SAME.get(code - 0xFEE0, chr(code - 0xFEE0))
    if character.isspace():
        return " "
    if unicodedata.category(character) == "Cf":  # marks of direction, which some exports put around amounts
        return ""
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def _check_currency(mark: str, currency: str, said: str) -> None:
    """ValueError where `mark` (a sign, a code, or nothing) does not stand for `currency`."""
    folded = mark.casefold()
    if not mark or folded == currency.casefold():
        return
    if folded in _MARKS:
        if currency not in _MARKS[folded]:
            raise ValueError(f"{said!r} is not in {currency}, the floor's currency")
    elif len(mark) == 3 and mark.isascii() and mark.isalpha():
        raise ValueError(f"{said!r} is in {mark.upper()}; the floor's currency is {currency}")
    elif len(mark) == 1 and unicodedata.category(mark) == "Sc":
        raise ValueError(f"{said!r} is not in {currency}, the floor's currency")
    else:
        raise ValueError(_none(said))


def _number(text: str, currency: str, said: str) -> Decimal:
    """The number that `text` (digits and separators, a digit at both ends) is. ValueError where it is none."""
    if (whole := _whole(text, currency)) is not None:
        return Decimal(whole)
    last = max(text.rfind("."), text.rfind(","))
    if last < 0 or text.count(text[last]) > 1:
        raise ValueError(_none(said))
    whole, part = _whole(text[:last], currency), text[last + 1 :]
    if whole is None or not part.isdecimal():
        raise ValueError(_none(said))
    if len(part) > DECIMALS:
        raise ValueError(_too_fine(said))
    return Decimal(f"{whole}.{part}")


def _whole(text: str, currency: str) -> str | None:
    """The digits of a whole number, grouped by one kind of separator or not; None where it is none."""
    by_hundreds = currency in _BY_HUNDREDS and _GROUPED_BY_HUNDREDS.match(text)
    if _PLAIN.match(text) or _GROUPED.match(text) or by_hundreds:
        return re.sub(r"\D", "", text)
    return None


def _checked(amount: Decimal, said: str) -> int:
    if not amount.is_finite() or amount < 0:
        raise ValueError(_none(said))
    if amount >= BELOW // 100:
        raise ValueError(f"{said!r} is too large; an amount below {shown(BELOW)} is expected")
    cents = amount.scaleb(DECIMALS)
    if cents != cents.to_integral_value():
        raise ValueError(_too_fine(said))
    return int(cents)


def _too_fine(said: str) -> str:
    return f"{said!r} has more than two decimals; write 9800.00"


def _none(said: str) -> str:
    return f"{said!r} is not an amount of 0 or more; write 9800.00"
