"""Calls put together from CDR rows: one for each line that led to a customer, or to a colleague."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from integrations.asterisk.cdr import Cdr
from integrations.asterisk.naming import Naming, is_extension, is_phone_number, leads_out, local_half
from integrations.provider import Direction, Leg, Outcome

SPYING = frozenset(("ChanSpy", "ExtenSpy"))
RUNG_ALONE = "AppDial2"
"""What a channel ran that an Originate rang and that never got any further."""

_REFUSED = {"BUSY": Outcome.BUSY, "CONGESTION": Outcome.FAILED, "FAILED": Outcome.FAILED}
_NEXT = {"Busy": Outcome.BUSY, "Congestion": Outcome.FAILED}
"""What the dialplan did next with the caller says more than a NO ANSWER."""


@dataclass(eq=False, slots=True)
class _Draft:
    """A call in the making. `shares` has what each agent but the dialler talked: rows, in order."""

    line: str
    direction: Direction
    agent: str | None
    from_raw: str
    to_raw: str
    outcome: Outcome
    rows: list[Cdr]
    talk_ms: int = 0
    answer_us: int | None = None
    first: bool = True
    shares: dict[str, list[Cdr]] = field(default_factory=lambda: defaultdict(list))


def reconstructed(rows: Iterable[Cdr], naming: Naming) -> list[Leg]:
    """Return the calls that `rows` tell of, as approximate legs: one for the dial or the arrival, and one for each
    other agent who talked. Rows of listening in tell of none. Give all rows of a call at once: what follows a dial on
    the same channel says what came of it."""
    return [leg for group, those in _groups(rows) for leg in _Group(group, those, naming).legs()]


def _groups(rows: Iterable[Cdr]) -> list[tuple[str, list[Cdr]]]:
    """Return the rows by linkedid; where there is none, by the channels they have in common."""
    groups: dict[str, list[Cdr]] = {}
    root: dict[str, str] = {}
    for row in rows:
        key = row.linked
        if not key:
            key = root.get(row.unique) or root.get(row.channel) or root.get(row.other) or row.unique
            root.update(dict.fromkeys(filter(None, (row.unique, row.channel, row.other)), key))
        groups.setdefault(key, []).append(row)
    return list(groups.items())


class _Group:
    """The rows of one linkedid, in the order of the file."""

    def __init__(self, key: str, rows: Sequence[Cdr], naming: Naming) -> None:
        self._key = key
        self._rows = [row for row in rows if row.app not in SPYING]
        self._naming = naming
        self._of_channel: dict[str, list[Cdr]] = defaultdict(list)
        for row in self._rows:
            self._of_channel[row.channel].append(row)
        self._lines = {row.other for row in self._rows if row.other and self._leads_out(row)}
        self._lines |= {row.channel for row in self._rows if naming.is_trunk(row.channel)}
        self._drafts: dict[str, _Draft] = {}

    def legs(self) -> list[Leg]:
        for row in sorted(self._rows, key=lambda row: row.start_us):
            self._dial(row)
        for row in self._rows:
            self._share(row)
        return [leg for draft in self._drafts.values() for leg in self._legs_of(draft)]

    def _agent(self, channel: str) -> str | None:
        return None if channel in self._lines else self._naming.agent(channel)

    def _leads_out(self, row: Cdr) -> bool:
        """Whether the row's other channel leads to a customer: a trunk, or a Local channel that leads no further."""
        if (half := local_half(row.other)) is not None:
            if half[1] != "1" or not is_phone_number(self._naming.stripped(half[0])) or row.app != "Dial":
                return False
            return not any(onward.other for onward in self._of_channel[_other_half(row.other)])
        return self._naming.is_trunk(row.other) or (row.app == "Dial" and leads_out(_first_dialled(row)))

    # -- dials and arrivals -------------------------------------------------------------------------------------------

    def _dial(self, row: Cdr) -> None:
        """Begin a call where `row` is the one that tells of its dial or its arrival."""
        own = row.channel in self._lines
        if own and row.unique in (self._key, row.channel) and self._naming.is_trunk(row.channel):
            self._arrival(row)
        elif row.other in self._lines:
            if row.other not in self._drafts and row.app == "Dial" and not own:
                self._outbound(row)
        elif row.app == "Dial" and (caller := self._agent(row.channel)) and (called := self._agent(row.other)):
            if caller != called and row.other not in self._drafts:
                self._begin(row, row.other, Direction.INTERNAL, caller, called)
        elif own and row.channel not in self._drafts and row.other:
            # Its dial was told of before: only who it was handed to is new.
            draft = self._begin(row, row.channel, Direction.OUTBOUND, None, self._naming.stripped(row.source))
            draft.first = False

    def _arrival(self, row: Cdr) -> None:
        draft = self._drafts.get(row.channel)
        if draft is not None:
            draft.rows.append(row)
            return
        alone = row.app == RUNG_ALONE and not row.other
        direction = Direction.OUTBOUND if alone else Direction.INBOUND
        draft = self._begin(row, row.channel, direction, None, "" if alone else row.dialled)
        draft.from_raw = row.source
        draft.outcome = _REFUSED.get(row.disposition, Outcome.NO_ANSWER) if alone else Outcome.MISSED
        draft.talk_ms = 0

    def _outbound(self, row: Cdr) -> None:
        typed = (row.dialled,)
        number = self._naming.number(_first_dialled(row), typed)
        draft = self._begin(row, row.other, Direction.OUTBOUND, self._dialler(row), number)
        half = self._of_channel.get(_other_half(row.other)) if local_half(row.other) else None
        if half and row.answered and half[0].answer_us is not None:
            # The Local channel's own half was answered when the customer was; the caller's may have been up before.
            draft.answer_us, draft.talk_ms = half[0].answer_us, half[0].billed_ms

    def _begin(self, row: Cdr, line: str, direction: Direction, agent: str | None, number: str) -> _Draft:
        draft = _Draft(line, direction, agent, agent or row.source, number, self._outcome(row, line), [row])
        if row.answered:
            draft.talk_ms, draft.answer_us = row.billed_ms, row.answer_us
        self._drafts[line] = draft
        return draft

    def _dialler(self, row: Cdr) -> str | None:
        """Return the agent who dialled: whose channel it is, or whom the other half of a Local channel leads to."""
        if (agent := self._agent(row.channel)) is not None:
            return agent
        half = local_half(row.channel)
        if half is None:
            return None
        outer = f"{row.channel[:-1]}1"
        for caller in self._rows:
            if caller.other == outer and (agent := self._agent(caller.channel)) is not None:
                return agent
        if half[1] == "2":
            return None  # the customer was dialled first
        inner = [agent for met in self._of_channel[_other_half(row.channel)] if (agent := self._agent(met.other))]
        return inner[0] if inner else half[0] if is_extension(half[0]) else None

    def _outcome(self, row: Cdr, line: str) -> Outcome:
        """Return what came of a dial. Nothing more on the caller's channel after it: the caller gave up. Another line
        after it: this one had failed."""
        if row.answered:
            return Outcome.ANSWERED
        if row.disposition in ("CANCEL", "CANCELED"):
            return Outcome.CANCELLED
        if (refused := _REFUSED.get(row.disposition)) is not None:
            return refused
        same = [later for later in self._of_channel[row.channel] if later.unique == row.unique]
        after = same[same.index(row) + 1 :]
        if not after:
            return Outcome.CANCELLED
        if after[0].other and after[0].other != line and after[0].other in self._lines:
            return Outcome.FAILED
        return _NEXT.get(after[0].app, Outcome.NO_ANSWER)

    # -- who talked ---------------------------------------------------------------------------------------------------

    def _share(self, row: Cdr) -> None:
        """Give the agent that `row`'s line met a share of the talk."""
        draft = self._drafts.get(row.channel)
        if draft is None and local_half(row.channel) is not None:
            onward = [met.other for met in self._of_channel[_other_half(row.channel)] if met.other in self._drafts]
            draft = self._drafts[onward[0]] if onward and self._drafts[onward[0]].agent is None else None
        agent = self._agent(row.other) or self._behind(row.other)
        if draft is not None and row.answered and agent is not None and row.app != RUNG_ALONE:
            draft.shares[agent].append(row)
            if draft.direction is Direction.INBOUND:
                draft.outcome = Outcome.ANSWERED
        own = self._drafts.get(row.other)
        if own is not None and own.direction is Direction.INTERNAL and row is own.rows[0] and row.answered:
            own.shares[own.to_raw].append(row)

    def _behind(self, channel: str) -> str | None:
        half = local_half(channel)
        return half[0] if half is not None and is_extension(half[0]) else None

    # -- legs ---------------------------------------------------------------------------------------------------------

    def _legs_of(self, draft: _Draft) -> list[Leg]:
        group = f"cdr/{self._key}/{draft.line}"
        on_line = [*draft.rows, *(row for rows in draft.shares.values() for row in rows)]
        start, end = draft.rows[0].start_us, max(row.end_us for row in on_line)
        if not draft.first:
            start = min(start, _moment_of(self._key) or start)
        answers = [draft.answer_us] if draft.direction is not Direction.INBOUND else []
        answers += [row.answer_us for rows in draft.shares.values() for row in rows]
        told = [moment for moment in answers if moment is not None]
        first = Leg(
            group,
            group,
            draft.agent,
            draft.direction,
            draft.from_raw,
            draft.to_raw,
            start,
            min(told) if told and draft.outcome is Outcome.ANSWERED else None,
            end,
            draft.talk_ms if draft.agent is not None else 0,
            draft.outcome,
            queue=_queue(draft.rows[0]),
            line=draft.line,
            ambiguous=any(row.ambiguous for row in on_line),
            approximate=True,
            raw=_raw(on_line),
        )
        # A share begins with its call: by line and time it is recognised as part of it.
        shares = [
            first._replace(
                leg_id=f"{group}/{agent}",
                agent=agent,
                outcome=Outcome.ANSWERED,
                answered_us=rows[0].answer_us,
                ended_us=max(row.end_us for row in rows),
                talk_ms=sum(row.billed_ms for row in rows),
                parent_id=group,
                raw=_raw(rows),
            )
            for agent, rows in draft.shares.items()
            if agent != draft.agent
        ]
        return [first, *shares] if draft.first else shares


def _other_half(channel: str) -> str:
    return channel[:-1] + ("2" if channel.endswith("1") else "1")


def _moment_of(unique: str) -> int | None:
    """Return the second that a uniqueid was made in: `systemname-epoch.number`."""
    seconds = unique.rpartition("-")[2].partition(".")[0]
    return int(seconds) * 1_000_000 if seconds.isdigit() and len(seconds) <= 11 else None


def _first_dialled(row: Cdr) -> str:
    return row.data.partition(",")[0].partition("&")[0]


def _queue(row: Cdr) -> str | None:
    return row.data.partition(",")[0] or None if row.app == "Queue" else None


def _raw(rows: Sequence[Cdr]) -> str:
    facts = [
        (row.unique, row.sequence, row.channel, row.other, row.app, row.billed_ms // 1000, row.disposition)
        for row in rows
    ]
    return json.dumps(facts, ensure_ascii=True, separators=(",", ":"))
