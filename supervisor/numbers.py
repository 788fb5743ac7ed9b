"""Telephone numbers in E.164, as the library phonenumbers makes them, but fast for the floor's country."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import phonenumbers
from phonenumbers import PhoneMetadata

_KINDS = (
    "premium_rate", "toll_free", "shared_cost", "voip", "personal_number", "pager", "uan", "voicemail", "fixed_line",
    "mobile",
)  # fmt: skip
_LONGEST = 250  # phonenumbers refuses longer texts


def by_library(raw: str, country: str) -> str | None:
    """Return `raw`, dialled in `country` (ISO 3166), in E.164; None where it is no valid number."""
    try:
        number = phonenumbers.parse(raw[: _LONGEST + 1], country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def e164(country: str) -> Callable[[str], str | None]:
    """Return a function equal to `by_library` for `country`.

    Valid numbers of that country that are written in digits alone are told by its own patterns; whatever these do not
    settle (foreign, short, invalid, oddly written) is left to the library and remembered, since it comes again.
    """
    remembered = lru_cache(maxsize=65_536)(lambda raw: by_library(raw, country))
    metadata: Any = PhoneMetadata.metadata_for_region(country)
    if metadata is None:
        return remembered
    national = _national(metadata)
    general = re.compile(metadata.general_desc.national_number_pattern or "$^").fullmatch
    abroad = re.compile(metadata.international_prefix or "$^").match
    # What parsing may strip from a national number. Without any it strips nothing.
    prefixes = re.compile(metadata.national_prefix_for_parsing or "$^").match
    strips_prefix = metadata.national_prefix and not metadata.national_prefix_transform_rule
    prefix = metadata.national_prefix if strips_prefix else None
    code = str(metadata.country_code)
    plus_code = f"+{code}"

    def convert(raw: str) -> str | None:
        if not raw:
            return None
        if raw[0] == "+":
            rest = raw[len(plus_code) :]
            # A text of digits alone: the patterns are ASCII and match to the end.
            if raw.startswith(plus_code) and national(rest) and not prefixes(rest):
                return raw
            return remembered(raw)
        if not raw.isascii() or not raw.isdigit():
            return remembered(raw)
        if out := abroad(raw):
            rest = raw[out.end() :]
            if rest.startswith(code) and national(rest := rest[len(code) :]) and not prefixes(rest):
                return f"+{code}{rest}"
            return remembered(raw)
        if raw.startswith(code):
            rest = raw[len(code) :]
            if not general(raw) and national(rest) and not prefixes(rest):
                return f"+{code}{rest}"
            return remembered(raw)
        found = prefixes(raw)
        if found is None:
            return f"+{code}{raw}" if national(raw) else remembered(raw)
        rest = raw[found.end() :]
        if found.group() == prefix and not any(found.groups()) and national(rest):
            return f"+{code}{rest}"
        return remembered(raw)

    return convert


def _national(metadata: Any) -> Callable[[str], object]:
    """Return whether digits are certainly a valid national number of the region; False says nothing.

    Where several regions share a code, the library asks the main one first; only what that one is sure of is told here.
    """
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[metadata.country_code]
    if regions[0] != metadata.id:
        return lambda digits: False
    patterns = []
    for kind in _KINDS:
        description = getattr(metadata, kind)
        if description is None or not description.national_number_pattern:
            continue
        lengths = description.possible_length or metadata.general_desc.possible_length
        of_length = "|".join(f"[0-9]{{{length}}}" for length in lengths if length > 0)
        patterns.append(f"(?=(?:{of_length})\\Z)(?:{description.national_number_pattern})\\Z" if of_length else "(?!)")
    beginning = f"(?={metadata.leading_digits})" if metadata.leading_digits and len(regions) > 1 else ""
    general = metadata.general_desc.national_number_pattern
    return re.compile(f"{beginning}(?=(?:{general})\\Z)(?:{'|'.join(patterns)})", re.ASCII).match
