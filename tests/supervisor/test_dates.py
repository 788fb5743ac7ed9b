"""Days as people type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.dates import day_in_words

TODAY = 20261120  # a Friday


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", 20261120),
        ("heute", 20261120),
        ("tomorrow", 20261121),
        (" Morgen ", 20261121),
        ("fri", 20261127),
        ("Friday", 20261127),
        ("Fr.", 20261127),
        ("freitag", 20261127),
        ("sa", 20261121),
        ("samstag", 20261121),
        ("so", 20261122),
        ("sun", 20261122),
        ("mo", 20261123),
        ("mon", 20261123),
        ("di", 20261124),
        ("tues", 20261124),
        ("mi", 20261125),
        ("we", 20261125),
        ("do", 20261126),
        ("thurs", 20261126),
        ("+2d", 20261122),
        ("2d", 20261122),
        ("+ 2 d", 20261122),
        ("0d", 20261120),
        ("+1w", 20261127),
        ("6w", 20270101),
        ("+1m", 20261220),
        ("+14m", 20280120),
        ("27", 20261127),
        ("27.", 20261127),
        ("21", 20261121),
        ("20", 20261220),
        ("19", 20261219),
        ("31", 20261231),
        ("27.11", 20261127),
        ("27.11.", 20261127),
        ("20.11", 20261120),
        ("19.11", 20271119),
        ("3.1.", 20270103),
        ("29.2", 20280229),
        ("27.11.2026", 20261127),
        ("27.11.26", 20261127),
        ("20.11.2026", 20261120),
        ("2026-11-27", 20261127),
        ("20261127", 20261127),
        ("11/27/2026", 20261127),
    ],
)
def test_a_coming_day_in_words(text: str, day: int) -> None:
    assert day_in_words(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("+1m", 20270131, 20270228),
        ("+1m", 20280131, 20280229),
        ("31", 20260131, 20260331),
        ("30", 20260130, 20260330),
        ("31", 20261231, 20270131),
        ("29.2", 20960301, 21040229),
        ("mon", 20261123, 20261130),
        ("sun", 20261123, 20261129),
    ],
)
def test_short_months_leap_years_and_the_same_day_of_the_week(text: str, today: int, day: int) -> None:
    assert day_in_words(text, today) == day


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no day; write fri, tomorrow"),
        ("f", "is no day"),
        ("t", "is no day"),
        ("mon week", "is no day"),
        ("soon", "is no day"),
        ("yesterday", "is no day"),
        ("32", "does not exist"),
        ("0", "does not exist"),
        ("31.2", "does not exist"),
        ("1.13", "does not exist"),
        ("31.11.2026", "does not exist"),
        ("-2d", "is not a date"),
        ("1000d", "is not a date"),
        ("19.11.2026", "19.11.2026 is past; a day from today on is expected"),
        ("2025-11-27", "is past"),
        ("3/4/2027", "two days"),
    ],
)
def test_what_is_no_coming_day_is_told_in_words(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        day_in_words(text, TODAY)


def test_a_day_beyond_the_calendar_is_told_in_words() -> None:
    for text in ("+9m", "999d", "fri"):
        with pytest.raises(ValueError, match="too far away"):
            day_in_words(text, 99991231)


@given(
    st.dates(date(2020, 1, 1), date(2090, 12, 31)),
    st.one_of(
        st.sampled_from(["mon", "tu", "mi", "do", "fr", "sat", "sonntag", "today", "morgen", "29.2", "31.12"]),
        st.integers(1, 31).map(str),
        st.builds("{}{}".format, st.integers(0, 999), st.sampled_from("dwm")),
    ),
)
def test_a_day_in_words_is_never_past(now: date, text: str) -> None:
    today = now.year * 10_000 + now.month * 100 + now.day
    assert day_in_words(text, today) >= today
