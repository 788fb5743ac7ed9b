"""Amounts as people write them."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.cells import Cell
from supervisor.money import BELOW, cents_of, exact, shown

amounts = st.integers(0, BELOW - 1)


@pytest.mark.parametrize(
    ("cell", "cents"),
    [
        ("9.800,00 EUR", 980_000),
        ("€ 9,800", 980_000),
        ("9 800", 980_000),
        ("9\u00a0800", 980_000),
        ("9\u2009800", 980_000),
        ("9\u202f800,50\u00a0€", 980_050),
        ("1'234.50", 123_450),
        ("1’234’567", 123_456_700),
        ("9800", 980_000),
        ("1,23", 123),
        ("1.2", 120),
        ("0", 0),
        ("0,5", 50),
        ("0.00", 0),
        ("1.234", 123_400),
        ("12.345", 1_234_500),
        ("123,456", 12_345_600),
        ("1.234.567", 123_456_700),
        ("1,234,567.8", 123_456_780),
        ("1.234.567,89", 123_456_789),
        ("1 234 567,89", 123_456_789),
        ("1234,50", 123_450),
        ("EUR9800", 980_000),
        ("eur 9800", 980_000),
        ("9800 Euro", 980_000),
        ("€ 9800 EUR", 980_000),
        ("9.800,-", 980_000),
        ("9.800,-- €", 980_000),
        ("9800.–", 980_000),
        ("９８００", 980_000),
        ("９，８００．５０", 980_050),
        ("٩٨٠٠", 980_000),
        ("\u200e9800\u202c", 980_000),
        ("  9800\t", 980_000),
        ("9999999999999.99", BELOW - 1),
        (Decimal("9800.5"), 980_050),
        (Decimal("0.07"), 7),
        (Decimal("1234.5600000000002"), 123_456),
        (Decimal("0.30000000000000004"), 30),
        (Decimal("9999999999999.99"), BELOW - 1),
    ],
)
def test_amounts_as_people_write_them(cell: Cell, cents: int) -> None:
    assert cents_of(cell, "EUR") == cents


@pytest.mark.parametrize(
    ("cell", "currency"),
    [
        ("$9,800", "USD"), ("US$ 9800", "USD"), ("A$9800", "AUD"), ("$9800", "AUD"), ("£9800", "GBP"),
        ("￥９８００", "CNY"), ("¥9800", "JPY"), ("9800元", "CNY"), ("9800円", "JPY"), ("RMB 9800", "CNY"),
        ("CHF 9'800.-", "CHF"),
        ("Fr. 9800", "CHF"), ("9 800 zł", "PLN"), ("9 800 Kc\u030c", "CZK"), ("9 800 Kč", "CZK"), ("kr. 9.800", "DKK"),
        ("9800 kr", "SEK"), ("9 800 ₽", "RUB"), ("9 800 руб.", "RUB"), ("₴9800", "UAH"), ("9.800 TL", "TRY"),
        ("₺9.800", "TRY"), ("₹9,800", "INR"), ("Rs.9800", "INR"), ("9.800 Ft", "HUF"), ("₩9,800", "KRW"),
        ("R 9 800", "ZAR"), ("9800 xau", "XAU"),
    ],
)  # fmt: skip
def test_signs_and_codes_of_the_floor_s_currency(cell: str, currency: str) -> None:
    assert cents_of(cell, currency) == 980_000


def test_amounts_grouped_by_hundreds_where_people_group_so() -> None:
    assert cents_of("₹12,34,567.50", "INR") == 123_456_750
    assert cents_of("1,23,456", "PKR") == 12_345_600
    with pytest.raises(ValueError, match="is not an amount"):
        cents_of("12,34,567", "EUR")


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("", "no amount; write 9800.00"),
        (" \u00a0", "no amount"),
        ("soon", "is not an amount of 0 or more; write 9800.00"),
        ("about 9800", "is not an amount"),
        ("9.8k", "is not an amount"),
        ("9800 or 9900", "is not an amount"),
        ("-9800", "0 or more"),
        ("€ −9800", "0 or more"),
        ("9800-", "0 or more"),
        ("(9800)", "0 or more"),
        ("+9800", "0 or more"),
        ("1.234.56", "is not an amount"),
        ("1,234,56", "is not an amount"),
        ("1.234 567", "is not an amount"),
        ("1 234'567", "is not an amount"),
        ("1,234,567,8", "is not an amount"),
        ("1.2345.678", "is not an amount"),
        ("12 34", "is not an amount"),
        ("9800.", "is not an amount"),
        (".50", "is not an amount"),
        ("0049301234567", "is not an amount"),
        ("0 800", "is not an amount"),
        ("2026-11-20", "is not an amount"),
        ("9800²", "is not an amount"),
        ("1234.567", "more than two decimals"),
        ("0,123", "more than two decimals"),
        ("1.234,567", "more than two decimals"),
        ("9800.0000", "more than two decimals"),
        ("1.00000000000000000000000000000001", "more than two decimals"),
        ("10000000000000", "too large; an amount below 10 000 000 000 000 is"),
        ("9" * 5_000, "too large"),
        ("9800 USD", "is in USD; the floor's currency is EUR"),
        ("usd 9800", "is in USD"),
        ("$9800", "is not in EUR, the floor's currency"),
        ("9800 kr", "is not in EUR"),
        ("₿9800", "is not in EUR"),
        ("€ 9800 USD", "is in USD"),
        (Decimal("-1.5"), "0 or more"),
        (Decimal("1.005"), "more than two decimals"),
        (Decimal("1E13"), "too large"),
        (Decimal("NaN"), "is not an amount"),
        (Decimal("Infinity"), "is not an amount"),
        (date(2026, 11, 20), "2026-11-20 is a date or a time"),
        (time(9, 30), "is a date or a time"),
    ],
)
def test_what_is_no_amount_of_the_floor_is_told_in_words(cell: Cell, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        cents_of(cell, "EUR")


@given(amounts)
def test_what_is_shown_and_exported_reads_as_the_same_amount(cents: int) -> None:
    assert cents_of(shown(cents), "EUR") == cents_of(exact(cents), "EUR") == cents
    assert cents_of(Decimal(repr(cents / 100)), "EUR") == cents


@given(amounts, st.sampled_from([".,", ",.", " .", " ,", "'.", "\u202f,", ".", ",", ""]), st.sampled_from(["", " €"]))
def test_every_way_of_writing_two_decimals_is_the_same_amount(cents: int, marks: str, sign: str) -> None:
    thousands, decimals = ("", marks or ".") if len(marks) < 2 else marks
    written = f"{cents // 100:,}".replace(",", thousands) + f"{decimals}{cents % 100:02}{sign}"
    assert cents_of(written, "EUR") == cents


@given(st.text("0123456789.,' -€$%kE\u00a0", max_size=12))
def test_any_text_is_an_amount_or_refused_in_words(text: str) -> None:
    try:
        assert 0 <= cents_of(text, "EUR") < BELOW
    except ValueError as error:
        assert "amount" in str(error) or "decimals" in str(error) or "currency" in str(error)


def test_amounts_for_people_and_for_programs() -> None:
    assert [shown(cents) for cents in (0, 5, 980_000, 980_050, 123_456_789, -980_050)] == [
        "0", "0.05", "9 800", "9 800.50", "1 234 567.89", "-9 800.50",
    ]  # fmt: skip
    assert [exact(cents) for cents in (0, 5, 980_000, 123_456_789, -5)] == [
        "0.00", "0.05", "9800.00", "1234567.89", "-0.05",
    ]  # fmt: skip
