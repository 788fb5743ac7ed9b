"""The fast way and the library agree on every number, of every country tried."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, PhoneNumberType, example_number_for_type

from supervisor import numbers
from supervisor.numbers import by_library, e164

COUNTRIES = ("DE", "US", "GB", "FR", "IT", "CN", "RU", "EE", "AT", "ES", "BR", "AU", "KZ", "CA", "AR", "MX", "SM", "HU")
CONVERT = {country: e164(country) for country in COUNTRIES}


def _examples(country: str) -> list[str]:
    kinds = [k for k in PhoneNumberType.values() if k != PhoneNumberType.UNKNOWN]
    found = [example_number_for_type(country, kind) for kind in kinds]
    nationals = {("0" if n.italian_leading_zero else "") + str(n.national_number) for n in found if n}
    return sorted(nationals)


@st.composite
def dialled(draw: st.DrawFn) -> tuple[str, str]:
    """A country, and digits near its real numbers, with all that people and systems put in front."""
    country = draw(st.sampled_from(COUNTRIES))
    metadata = PhoneMetadata.metadata_for_region(country)
    assert metadata is not None
    code = str(metadata.country_code)
    national = draw(st.sampled_from(_examples(country)))
    kept = draw(st.integers(0, len(national)))
    tail = draw(st.text("0123456789", min_size=max(0, len(national) - kept - 2), max_size=len(national) - kept + 2))
    abroad = draw(st.sampled_from(sorted(COUNTRY_CODE_TO_REGION_CODE)))
    codes = ["", "+", "00", "011", "810"]
    fronts = ["0", "00", "8", "1", "+", f"+{code}0", f"{code}0", f"+{abroad}", metadata.national_prefix or ""]
    fronts += ["", *(front + code for front in codes)]
    return country, draw(st.sampled_from(fronts)) + national[:kept] + tail


@settings(max_examples=4000, deadline=None)
@given(dialled())
@example(("IT", "0612345678"))
@example(("IT", "3912345678"))
@example(("DE", "4915112345678"))
@example(("US", "12125550123"))
@example(("RU", "89161234567"))
def test_as_the_library_says(case: tuple[str, str]) -> None:
    country, raw = case
    assert CONVERT[country](raw) == by_library(raw, country)


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(COUNTRIES), st.text(st.sampled_from("0123456789+ ()-/.x;*#\n\0٣３a"), max_size=20))
def test_as_the_library_says_of_any_text(country: str, raw: str) -> None:
    assert CONVERT[country](raw) == by_library(raw, country)


@pytest.mark.parametrize(
    ("country", "raw", "told"),
    [
        ("DE", "030 1234567", "+49301234567"),
        ("DE", "+49 (0) 30 1234567", "+49301234567"),
        ("DE", "004930123456", "+4930123456"),
        ("IT", "0236618300", "+390236618300"),
        ("GB", "07400123456", "+447400123456"),
        ("FR", "0123456789", "+33123456789"),
        ("CN", "013123456789", "+8613123456789"),
        ("RU", "89123456789", "+79123456789"),
        ("EE", "51234567", "+37251234567"),
        ("US", "2015550123", "+12015550123"),
        ("DE", "1003", None),
        ("DE", "", None),
        ("DE", "anonymous", None),
        ("DE", "9" * 300, None),
    ],
)
def test_numbers_as_people_dial_them(country: str, raw: str, told: str | None) -> None:
    assert e164(country)(raw) == told


@pytest.mark.parametrize("country", ["DE", "US", "GB", "FR", "IT", "CN", "RU", "EE"])
def test_ordinary_numbers_do_not_need_the_library(country: str, monkeypatch: pytest.MonkeyPatch) -> None:
    metadata = PhoneMetadata.metadata_for_region(country)
    number = example_number_for_type(country, PhoneNumberType.FIXED_LINE)
    assert metadata is not None and number is not None
    national = ("0" if number.italian_leading_zero else "") + str(number.national_number)
    convert = e164(country)
    monkeypatch.setattr(numbers, "by_library", lambda raw, country: pytest.fail(f"{raw} went the slow way"))
    code = f"+{metadata.country_code}"
    for front in (metadata.national_prefix or "", code):
        assert convert(front + national) == code + national
