"""The keys of a source of type "asterisk"."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

Pattern = Annotated[str, Meta(pattern=r"\{agent\}")]


class AsteriskSettings(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """An Asterisk (FreePBX, ...) read through its manager interface, and its CDR file."""

    type: str
    host: Annotated[str, Meta(min_length=1, description="Where the manager interface listens.")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535, description="Its port: 5038 in plain text, usually 5039 with TLS.")] = (
        5038
    )
    tls: Annotated[bool, Meta(description="Speak TLS; the certificate is verified.")] = False
    ca_file: Annotated[str, Meta(description="CA certificate (PEM) to trust; empty: the system's.")] = ""
    allow_plaintext: Annotated[
        bool, Meta(description="Speak plain text to another machine too: whoever is between reads every call.")
    ] = False
    username: Annotated[
        str, Meta(description="Account that reads: read=call,cdr,agent,reporting, write=reporting.", min_length=1)
    ]
    secret_env: Annotated[str, Meta(description="Environment variable that holds its secret.")] = ""
    secret_file: Annotated[str, Meta(description="File (mode 0600) that holds its secret.")] = ""
    time_zone: Annotated[str, Meta(description="IANA zone of the CDR file's times; empty: the floor's.")] = ""
    agents: Annotated[tuple[Pattern, ...], Meta(min_length=1, description="Channels that are specialists' phones.")] = (
        "PJSIP/{agent}-*",
    )
    trunks: Annotated[tuple[str, ...], Meta(description="Channels that lead to customers.")] = ()
    dial_prefixes: Annotated[
        tuple[str, ...], Meta(description="Stripped from dialled numbers; the first is put before a number to dial it.")
    ] = ()
    cdr_file: Annotated[str, Meta(description="Master.csv: what a gap is filled from. Empty: gaps stay gaps.")] = ""
    settle_seconds: Annotated[
        float, Meta(ge=0, description="Rows of the CDR file younger than this are left for the next reading.")
    ] = 5
    control_username: Annotated[
        str, Meta(description="Account that acts: read=call, write=originate,call. Empty: no acts are offered.")
    ] = ""
    control_secret_env: Annotated[str, Meta(description="Environment variable that holds its secret.")] = ""
    control_secret_file: Annotated[str, Meta(description="File (mode 0600) that holds its secret.")] = ""
    phone: Annotated[
        Pattern, Meta(description="How a phone is called: a supervisor's to listen in, a specialist's to dial.")
    ] = "PJSIP/{agent}"
    dial_context: Annotated[str, Meta(min_length=1, description="Dialplan context in which click-to-dial dials.")] = (
        "from-internal"
    )
    ring_seconds: Annotated[int, Meta(ge=1, description="How long a phone rings when we call it.")] = 20
    ping_seconds: Annotated[float, Meta(gt=0, description="How often Asterisk is asked whether it is still there.")] = (
        10
    )
    answer_seconds: Annotated[float, Meta(gt=0, description="How long it may take to answer anything.")] = 5
    retry_seconds: Annotated[
        float, Meta(gt=0, description="Longest pause between two attempts to connect; the first is a second.")
    ] = 30
