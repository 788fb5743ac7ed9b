"""The interface every telephony system is read through, and the canonical records it yields.

Times are integers, microseconds since 1970-01-01 UTC (`*_us`); durations are integer milliseconds (`*_ms`) and None
where the source does not tell: unknown is never 0. Third parties register a `Provider` under the entry-point group
`supervisor.integrations`; see docs/providers.md.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any, NamedTuple, Protocol


class Direction(StrEnum):
    """Which way a leg went, seen from the floor. Only outbound legs are dials."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"
    INTERNAL = "internal"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """What came of a leg. `voicemail` and `machine` only where the source knows; never guessed."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    CANCELLED = "cancelled"
    VOICEMAIL = "voicemail"
    MACHINE = "machine"
    BLOCKED = "blocked"
    MISSED = "missed"
    UNKNOWN = "unknown"


class Progress(IntEnum):
    """How far a leg has come. It never moves backwards, whatever the order in which records arrive."""

    DIALLED = 0
    RINGING = 1
    ANSWERED = 2
    ENDED = 3


class Leg(NamedTuple):
    """One row a source reports: one party's share of a call. Legs with the same `group_id` are one call.

    A tuple, because a million of them pass through one import. `leg_id` is unique within a source, for ever. `agent`
    is the specialist's phone as the source names it ("1003"); None where no specialist took part. `to_raw`/`from_raw`
    are the numbers without the source's dial prefixes. `line` is the channel that led to the customer: by it and by
    time two records of one call are recognised as one (a live call and its CDR). `ambiguous` marks a zoneless local
    time that occurs twice. `approximate` marks a record put together from less than the live events.
    """

    leg_id: str
    group_id: str
    agent: str | None
    direction: Direction
    from_raw: str
    to_raw: str
    started_us: int
    answered_us: int | None = None
    ended_us: int | None = None
    talk_ms: int | None = None
    outcome: Outcome = Outcome.UNKNOWN
    progress: Progress = Progress.ENDED
    ringing_us: int | None = None
    ring_ms: int | None = None
    hold_ms: int | None = None
    parent_id: str | None = None
    queue: str | None = None
    line: str | None = None
    recording: str | None = None
    ambiguous: bool = False
    approximate: bool = False
    raw: str = ""


class State(StrEnum):
    """What a specialist's phone is doing. Wrap-up is a rule over `idle`, made in supervisor.duties, unless a source
    tells it."""

    OFFLINE = "offline"
    IDLE = "idle"
    RINGING = "ringing"
    TALKING = "talking"
    HELD = "held"
    WRAP_UP = "wrap_up"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Presence:
    """What one phone identity is doing, since when, and with whom (a number or a colleague's agent reference)."""

    agent: str
    state: State
    since_us: int
    with_whom: str | None = None
    direction: Direction | None = None
    group_id: str | None = None
    channel: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Events between `since_us` and `until_us` were missed (None: nothing was ever seen). Asks for a snapshot and a
    backfill, and for another backfill after `settle_seconds`, when the records of that time are complete."""

    since_us: int | None
    until_us: int
    settle_seconds: float = 5.0


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the source is up, and why not. `detail` is one sentence for a person, without secrets."""

    up: bool
    at_us: int
    detail: str = ""


Event = Leg | Presence | Gap | Health


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that could not be read: where it stands, why, and the record itself."""

    row: int
    reason: str
    record: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Finished records and the cursor after them: store both in one transaction. `done` is the share read, 0..1."""

    legs: list[Leg]
    cursor: str
    rejected: list[Rejected] = field(default_factory=list)
    rows: int = 0
    done: float = 0.0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Who is doing what now, and the groups of the calls that are alive. Calls stored as open and not in `alive` have
    ended."""

    presences: list[Presence]
    alive: frozenset[str]
    legs: list[Leg] = field(default_factory=list)


class Action(StrEnum):
    """What a supervisor may do to a phone through the control account."""

    LISTEN = "listen"
    WHISPER = "whisper"
    BARGE = "barge"
    HANG_UP = "hang_up"
    DIAL = "dial"


@dataclass(frozen=True, slots=True)
class Command:
    """One act on a phone. `agent` is the specialist's; `phone` the supervisor's own (for listen, whisper, barge);
    `group_id` the call it was meant for: gone means refused. `number` is what to dial."""

    id: int
    action: Action
    agent: str
    phone: str | None = None
    number: str | None = None
    group_id: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a command, in words for the person who gave it."""

    done: bool
    detail: str


class Level(StrEnum):
    """How a doctor's finding is meant."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `supervisor doctor`: what was looked at, and what to do where it is not ok."""

    subject: str
    level: Level
    detail: str


class SourceError(Exception):
    """A source could not be read. The message is for a person: which source, what happened, what to do. No secrets."""


class Provider(Protocol):
    """One configured telephony system. Made by a `Maker`."""

    name: str
    capabilities: frozenset[Action]

    async def check(self) -> list[Finding]:
        """Whether it is reachable, lets us in, gives no wider rights than needed, and how far its clock is off."""
        ...

    def live(self) -> AsyncIterator[Event]:
        """Yield what happens, for ever; reconnect by itself, yielding `Health` on each change and a `Gap` after each
        (re)connection. A provider without live events yields nothing and returns."""
        ...

    def backfill(self, cursor: str | None) -> AsyncIterator[Batch]:
        """Yield finished records after `cursor` (None: from the beginning), oldest first, then end."""
        ...

    async def snapshot(self) -> Snapshot:
        """Who is doing what now. SourceError where it cannot be told."""
        ...

    async def act(self, command: Command) -> Answer:
        """Carry `command` out once. Never retried by anyone."""
        ...

    async def close(self) -> None:
        """Let go of connections and files."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """What the floor tells every source: its country (ISO 3166), its zone, where relative files are looked for, and the
    named mappings (field -> column) of the configuration."""

    country: str
    time_zone: str
    base: str = "."
    mappings: Mapping[str, dict[str, str]] = field(default_factory=dict)


class Maker(Protocol):
    """What an entry point of `supervisor.integrations` names: usually the Provider's class.

    `Settings` is a msgspec.Struct with forbid_unknown_fields: the source's table of the configuration is converted
    into it strictly before the provider is made, so every provider's keys are checked in one place and in the same
    words.
    """

    @property
    def Settings(self) -> type[Any]: ...

    def __call__(self, name: str, settings: Any, secret: SecretReader, context: Context) -> Provider: ...


class SecretReader(Protocol):
    """Finds a secret by the stem of its key ("secret" -> secret_env, secret_file); None where none is configured."""

    def __call__(self, stem: str) -> str | None: ...
