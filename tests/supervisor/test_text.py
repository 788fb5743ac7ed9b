"""What `safe` lets through, and what it never does."""

from __future__ import annotations

import sys
import time
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from supervisor.text import LONGEST, MARKS_IN_A_ROW, alphabetical, safe, storable
from tests.safety.hostile import is_forbidden, marks_in_a_row

CODES = (*range(0x40000), *range(0xE0000, 0xF0000), 0xFFFFF, sys.maxunicode)
"""All code points but those of planes where nothing is assigned, or where everything is for private use."""
FORBIDDEN = {code for code in CODES if is_forbidden(chr(code))}

HOSTILE = st.sampled_from(
    "\x00\x07\x08\t\n\r\x1b\x7f\x9b\x9d\x85\u202e\u2066\u200b\u200c\u200d\u00ad\ufe0f\U000e0041\ud800\u2028"
    "\u0301\u0323\u0489\u20dd\u0cc6\u0cc2\u1100\u1161\u11a8\u0958\ufb2c\U0001d160a=é한👩…"
)
TEXTS = st.text(st.one_of(HOSTILE, st.characters(exclude_categories=())), max_size=60)


def assert_harmless(text: str) -> None:
    assert not {hex(code) for code in map(ord, text) if code in FORBIDDEN}
    assert marks_in_a_row(text) <= MARKS_IN_A_ROW
    assert unicodedata.is_normalized("NFC", text)


def test_of_all_characters_those_that_are_seen_stay_and_no_other_gets_through() -> None:
    assert len(FORBIDDEN) > 6000
    for code in CODES:
        character = chr(code)
        shown = safe(character)
        if code in FORBIDDEN:
            assert shown in ("", "\ufffd") or 0x2400 <= ord(shown) <= 0x2421, hex(code)
        else:
            assert shown == character or shown == unicodedata.normalize("NFC", character), hex(code)


@given(TEXTS)
@example("\u0cc8\u0301\u0301\u0cc6\u0301\u0cc2")  # what stands between goes, and two come together
@settings(max_examples=200, deadline=None)
def test_what_comes_out_is_harmless_and_comes_out_again_as_it_is(text: str) -> None:
    shown = safe(text)
    assert_harmless(shown)
    assert safe(shown) == shown


@given(TEXTS, st.integers(1, 70))
@example("\u0958" * 20, 20)
@example("\U0001d160" * 20, 20)
@settings(max_examples=200, deadline=None)
def test_no_text_is_longer_than_asked_for(text: str, longest: int) -> None:
    shown = safe(text, longest)
    assert len(shown) <= longest
    assert safe(shown, longest) == shown
    assert_harmless(shown)
    if len(text) > longest and text.isascii():
        assert shown.endswith("…")


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=LONGEST))
def test_plain_ascii_is_the_very_same_text(text: str) -> None:
    assert safe(text) is text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "␛[31m"),
        ("a\r\nb\x00\x7f", "a␍␊b␀␡"),
        ("\x9b31m", "�31m"),
        ("a\u202eb", "a�b"),
        ("a\u2028b", "a�b"),
        ("\U000e0041\U000e007f", "��"),
        ("\ud800x", "�x"),
        ("e\u0301", "é"),
        ("z" + "\u0335" * 40, "z\u0335\u0335"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("می‌خواهم", "می‌خواهم"),
        ("❤\ufe0f", "❤"),
        ("葛\U000e0100城", "葛城"),
        ("鑫达机械", "鑫达机械"),
        ("Žluťoučký Ñandú", "Žluťoučký Ñandú"),
        (None, "None"),
        (ValueError("a\nb"), "a␊b"),
    ],
)
def test_examples(text: object, shown: str) -> None:
    assert safe(text) == shown


def test_an_endless_text_costs_no_more_than_what_is_kept_of_it() -> None:
    begun = time.perf_counter()
    assert len(safe("\u0301\x1b" * 10_000_000)) <= LONGEST
    assert time.perf_counter() - begun < 1


@given(TEXTS)
@settings(deadline=None)
def test_what_is_storable_has_neither_nul_nor_surrogates_and_is_whole_otherwise(text: str) -> None:
    kept = storable(text)
    assert kept.encode() and "\0" not in kept if text.strip("\0") else kept == ""
    if "\0" not in text and not any(0xD800 <= ord(character) < 0xE000 for character in text):
        assert kept == text


def test_names_sort_as_people_expect() -> None:
    names = ["Zoe", "Élodie", "anna", "Boris", "Ärne", "李雷"]
    assert sorted(names, key=alphabetical) == ["anna", "Ärne", "Boris", "Élodie", "Zoe", "李雷"]
