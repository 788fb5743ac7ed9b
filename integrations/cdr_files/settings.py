"""The keys of a source of type "files"."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

Pattern = Annotated[str, Meta(pattern=r"\{agent\}")]


class Format(StrEnum):
    """What writes the files."""

    ASTERISK_CSV = "asterisk-csv"
    FREESWITCH_CSV = "freeswitch-csv"
    FREESWITCH_JSON = "freeswitch-json"
    CSV = "csv"


class FilesSettings(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Call records written into files by any telephone system."""

    type: str
    format: Annotated[Format, Meta(description="asterisk-csv, freeswitch-csv, freeswitch-json or csv.")] = Format.CSV
    path: Annotated[
        str,
        Meta(description="File or folder that `supervisor collect` follows, through rotation; empty: only imports."),
    ] = ""
    time_zone: Annotated[str, Meta(description="IANA zone of times without an offset; empty: the floor's.")] = ""
    agents: Annotated[
        tuple[Pattern, ...],
        Meta(
            description="Channels that are specialists' phones (freeswitch-csv: callers, account codes); empty: "
            "phones whose name is an extension of 2 to 6 digits."
        ),
    ] = ()
    trunks: Annotated[
        tuple[str, ...], Meta(description="Channels that lead to customers; empty: all that are no phones.")
    ] = ()
    dial_prefixes: Annotated[tuple[str, ...], Meta(description="Stripped from dialled numbers.")] = ()
    mapping: Annotated[
        str | dict[str, str],
        Meta(description='csv: the name of a [mappings.NAME], or a table field = "column" right here.'),
    ] = {}
    poll_seconds: Annotated[float, Meta(gt=0, description="How often a followed file is looked at.")] = 1
