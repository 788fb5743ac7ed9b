"""Moments as they stand in tables."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.cells import Cell, moment_of

# A sheet's dates have no zone.
# ruff: noqa: DTZ001

BERLIN = ZoneInfo("Europe/Berlin")
SANTIAGO = ZoneInfo("America/Santiago")  # its clocks skip midnight


def us(iso: str) -> int:
    since = datetime.fromisoformat(iso) - datetime(1970, 1, 1, tzinfo=UTC)
    return since // timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("cell", "iso"),
    [
        ("2026-11-20T14:02", "2026-11-20T14:02+01:00"),
        ("2026-11-20 14:02:33.5", "2026-11-20T14:02:33.500000+01:00"),
        ("2026-11-20 14:02:33,1234567", "2026-11-20T14:02:33.123456+01:00"),
        ("2026-11-20T14:02:33Z", "2026-11-20T14:02:33+00:00"),
        ("2026-11-20T14:02:33+05:30", "2026-11-20T14:02:33+05:30"),
        ("2026-11-20 14:02 -0300", "2026-11-20T14:02-03:00"),
        ("2026-11-20 14:02+01", "2026-11-20T14:02+01:00"),
        ("20.11.2026 14:02", "2026-11-20T14:02+01:00"),
        ("20.11.2026, 14.02", "2026-11-20T14:02+01:00"),
        ("20.11.2026  4:02", "2026-11-20T04:02+01:00"),
        ("11/20/2026 2:02 PM", "2026-11-20T14:02+01:00"),
        ("11/20/2026 12:02am", "2026-11-20T00:02+01:00"),
        ("2026年11月20日14:02", "2026-11-20T14:02+01:00"),
        ("2026-11-20 24:00", "2026-11-21T00:00+01:00"),
        ("2026-11-20", "2026-11-20T00:00+01:00"),
        ("20.11.2026", "2026-11-20T00:00+01:00"),
        ("2026-07-01 00:00:00", "2026-07-01T00:00+02:00"),
        (date(2026, 7, 1), "2026-07-01T00:00+02:00"),
        (datetime(2026, 11, 20, 14, 2, 33, 500_000), "2026-11-20T14:02:33.500000+01:00"),
        (datetime(2026, 11, 20, 14, 2, tzinfo=timezone(timedelta(hours=9))), "2026-11-20T14:02+09:00"),
    ],
)
def test_moments_as_people_write_them(cell: Cell, iso: str) -> None:
    assert moment_of(cell, BERLIN) == us(iso)


def test_a_time_that_occurs_twice_is_the_first_one() -> None:
    assert moment_of("25.10.2026 02:30", BERLIN) == us("2026-10-25T02:30+02:00")
    assert moment_of(datetime(2026, 10, 25, 2, 30, fold=1), BERLIN) == us("2026-10-25T02:30+02:00")
    assert moment_of("2026-10-25T02:30+01:00", BERLIN) == us("2026-10-25T02:30+01:00")


def test_a_time_that_the_clock_skips_is_refused_and_its_neighbours_are_not() -> None:
    assert moment_of("2026-03-29 01:59:59", BERLIN) + 1_000_000 == moment_of("2026-03-29 03:00", BERLIN)
    for cell in ("29.03.2026 02:00", "2026-03-29 02:59:59", datetime(2026, 3, 29, 2, 30)):
        with pytest.raises(ValueError, match="the clock skipped in Europe/Berlin"):
            moment_of(cell, BERLIN)
    assert moment_of("2026-03-29T02:30+00:00", BERLIN) == us("2026-03-29T02:30+00:00")


def test_a_day_without_a_midnight_begins_when_it_begins() -> None:
    begin = us("2026-09-06T01:00-03:00")
    for cell in ("2026-09-06", date(2026, 9, 6), datetime(2026, 9, 6)):
        assert moment_of(cell, SANTIAGO) == begin
    with pytest.raises(ValueError, match="skipped"):
        moment_of("2026-09-06 00:00", SANTIAGO)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("", "no moment; write YYYY-MM-DD HH:MM"),
        ("soon", "is not a date"),
        ("03/04/2026 14:02", "two days"),
        ("2026-02-30 14:02", "does not exist"),
        ("2026-11-20 24:01", "is not a moment"),
        ("2026-11-20 14:60", "is not a moment"),
        ("2026-11-20 14:02:60", "is not a moment"),
        ("11/20/2026 14:02 PM", "is not a moment"),
        ("11/20/2026 0:02 AM", "is not a moment"),
        ("2026-11-20 14:02+25:00", "is not a moment"),
        ("2026-11-20 14:02+01:60", "is not a moment"),
        ("9999-12-31 24:00", "is not a moment"),
        ("0001-01-01 00:00+05:00", "is not a moment|no moment that can be kept"),
        ("2026-11-20 14:02 or so", "is not a date"),
        ("14:02", "is not a date"),
        (time(14, 2), "14:02:00 is a time without a day"),
        (Decimal("46346.5"), "46346.5 is a number"),
        ("2026-11-20 " + " " * 100_000 + "14:02", "is not a date"),
    ],
)
def test_what_is_no_moment_is_told_in_words(cell: Cell, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        moment_of(cell, BERLIN)


@given(st.datetimes(datetime(1975, 1, 1), datetime(2100, 1, 1)), st.sampled_from([BERLIN, SANTIAGO, ZoneInfo("UTC")]))
def test_written_moments_come_back(wall: datetime, zone: ZoneInfo) -> None:
    real = wall.replace(tzinfo=UTC).astimezone(zone)
    moment_us = us(wall.replace(tzinfo=UTC).isoformat())
    assert moment_of(real.isoformat(sep=" "), zone) == moment_us
    if not real.fold:
        assert moment_of(real.replace(tzinfo=None).isoformat(), zone) == moment_us
        assert moment_of(real.replace(tzinfo=None), zone) == moment_us
