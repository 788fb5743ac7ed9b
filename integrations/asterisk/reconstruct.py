"""Calls put together from CDR rows: one for each line that led to a customer, or to a colleague.

This is the only place that knows what rows tell: gaps are filled from it and files imported by it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from integrations.asterisk.cdr import Cdr
from integrations.asterisk.naming import RowNaming, is_extension, is_phone_number, leads_out, local_half
from integrations.provider import Direction, Leg, Outcome, Progress

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


def reconstructed(rows: Iterable[Cdr], naming: RowNaming) -> list[Leg]:
    """Return what `rows` tell as one leg each.

    One row tells of a call's dial or arrival, one of each other agent who talked; all others - steps before and after,
    second halves, listening in - become legs that name nobody and go no way (`Direction.UNKNOWN`): kept, and silent.
    Give all rows of a call at once: what follows a dial on the same channel says what came of it.
    """
    legs: list[Leg] = []
    for key, those in _groups(rows).items():
        legs += _plain(key, those, naming) or _Group(key, those, naming).legs()
    return legs


def _groups(rows: Iterable[Cdr]) -> dict[str, list[Cdr]]:
    """Return the rows by linkedid; where there is none, by the channels they have in common. Channels' names come again
    when Asterisk restarts: where nothing else is told, the first row's start is added."""
    groups: dict[str, list[Cdr]] = {}
    root: dict[str, str] = {}
    for row in rows:
        key = row.linked
        if not key:
            own = row.unique if row.unique != row.channel else f"{row.channel} {row.start_us}"
            key = root.get(row.unique) or root.get(row.channel) or root.get(row.other) or own
            root.update(dict.fromkeys(filter(None, (row.unique, row.channel, row.other)), key))
        those = groups.get(key)
        if those is None:
            groups[key] = [row]
        else:
            those.append(row)
    return groups


def _plain(key: str, rows: Sequence[Cdr], naming: RowNaming) -> list[Leg] | None:
    """Return the legs of nearly every call at once: a phone dials a trunk or a colleague, and goes through steps that
    meet nobody; or a trunk rings one phone. None for any other; those it knows come out as `_Group` tells them."""
    (
        id_, unique, _, _, source, dialled, channel, other, app, _, start_us, answer_us, end_us, billed_ms, _,
        ambiguous, raw,
    ) = dial = rows[0]  # fmt: skip
    if app != "Dial" or other[-2:-1] == ";":
        return None
    agent, from_trunk = naming.whose(channel)
    called, to_trunk = naming.whose(other)
    after = None
    if len(rows) > 1:
        for row in rows[1:]:
            if row.other or row.channel != channel or row.unique != unique or row.app in SPYING:
                return None
        after = rows[1]
    outcome = _outcome(dial, after, False)
    if agent is not None and to_trunk:
        direction, source, line = Direction.OUTBOUND, agent, other
        dialled = naming.number(_first_dialled(dial), (dialled,))
    elif called is None or leads_out(_first_dialled(dial)):
        return None
    elif agent is not None and agent != called:
        direction, source, dialled, line = Direction.INTERNAL, agent, called, other
    elif from_trunk and unique == key and after is None:
        direction, line = Direction.INBOUND, channel
        outcome = Outcome.ANSWERED if outcome is Outcome.ANSWERED else Outcome.MISSED
        agent = called if outcome is Outcome.ANSWERED else None
    else:
        return None
    met = outcome is Outcome.ANSWERED
    group = f"{key}/{line}"
    leg = Leg(
        id_, group, agent, direction, source, dialled, start_us, answer_us if met else None, end_us,
        billed_ms if met else 0, outcome, Progress.ENDED, None, None, None, None, None, line, None, ambiguous, False,
        raw,
    )  # fmt: skip
    return [leg] if after is None else [leg, *(_silent(row, group) for row in rows[1:])]


def _silent(row: Cdr, group: str) -> Leg:
    """Return the leg of a row that tells nothing of its call."""
    leg = Leg(row.id, group, None, Direction.UNKNOWN, "", "", row.start_us, None, row.end_us)
    return leg._replace(ambiguous=row.ambiguous, raw=row.raw)


def _outcome(dial: Cdr, after: Cdr | None, other_line: bool) -> Outcome:
    """Return what came of a dial. Nothing more on the caller's channel after it: the caller gave up. Another line
    after it: this one had failed."""
    said = dial.disposition
    if said == "ANSWERED":
        return Outcome.ANSWERED
    if said in ("CANCEL", "CANCELED"):
        return Outcome.CANCELLED
    if (refused := _REFUSED.get(said)) is not None:
        return refused
    if after is None:
        return Outcome.CANCELLED
    return Outcome.FAILED if other_line else _NEXT.get(after.app, Outcome.NO_ANSWER)


class _Group:
    """The rows of one linkedid, in the order of the file."""

    def __init__(self, key: str, rows: Sequence[Cdr], naming: RowNaming) -> None:
        self._key = key
        self._all = rows
        self._rows = [row for row in rows if row.app not in SPYING]
        self._naming = naming
        self._of_channel: dict[str, list[Cdr]] = defaultdict(list)
        for row in self._rows:
            self._of_channel[row.channel].append(row)
        self._lines = {row.other for row in self._rows if row.other and self._leads_out(row)}
        self._lines |= {row.channel for row in self._rows if naming.is_trunk(row.channel)}
        self._drafts: dict[str, _Draft] = {}

    def legs(self) -> list[Leg]:
        """Return the rows' legs, in their order."""
        for row in sorted(self._rows, key=lambda row: row.start_us):
            self._dial(row)
        for row in self._rows:
            self._share(row)
        telling = {leg.leg_id: leg for draft in self._drafts.values() for leg in self._legs_of(draft)}
        beside = next((self._group_of(line) for line in self._drafts), self._key)
        return [telling.get(row.id) or _silent(row, beside) for row in self._all]

    def _group_of(self, line: str) -> str:
        return f"{self._key}/{line}"

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
        same = [later for later in self._of_channel[row.channel] if later.unique == row.unique]
        after = next(iter(same[same.index(row) + 1 :]), None)
        return _outcome(row, after, after is not None and after.other in self._lines - {line})

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

    def _behind(self, channel: str) -> str | None:
        half = local_half(channel)
        return half[0] if half is not None and is_extension(half[0]) else None

    # -- legs ---------------------------------------------------------------------------------------------------------

    def _legs_of(self, draft: _Draft) -> Iterator[Leg]:
        """Yield the legs of a call, each by the row that tells it first; an arrival's row may be a share's too."""
        group = self._group_of(draft.line)
        dial, shares = draft.rows[0], draft.shares
        on_line = [*draft.rows, *(row for rows in shares.values() for row in rows)]
        start, end = dial.start_us, max(row.end_us for row in on_line)
        if not draft.first:
            start = min(start, _moment_of(self._key) or start)
        answers = [draft.answer_us] if draft.direction is not Direction.INBOUND else []
        answers += [row.answer_us for rows in shares.values() for row in rows]
        told = [moment for moment in answers if moment is not None]
        # Whoever handed the call on may have got it back.
        back = [row for row in shares.pop(draft.agent, ()) if row.start_us >= dial.end_us] if draft.agent else []
        first = Leg(
            dial.id,
            group,
            draft.agent,
            draft.direction,
            draft.from_raw,
            draft.to_raw,
            start,
            min(told) if told and draft.outcome is Outcome.ANSWERED else None,
            end,
            draft.talk_ms + sum(row.billed_ms for row in back) if draft.agent is not None else 0,
            draft.outcome,
            queue=_queue(dial),
            line=draft.line,
            ambiguous=any(row.ambiguous for row in on_line),
            raw=dial.raw,
        )
        if draft.first:
            yield first
        # A share begins with its call: by line and time it is recognised as part of it. Where the row of its dial was
        # told before, its parent is known by nothing but the group.
        for agent, rows in shares.items():
            yield first._replace(
                leg_id=rows[0].id,
                agent=agent,
                outcome=Outcome.ANSWERED,
                answered_us=rows[0].answer_us,
                ended_us=max(row.end_us for row in rows),
                talk_ms=sum(row.billed_ms for row in rows),
                parent_id=group if not draft.first else None if rows[0] is dial else dial.id,
                raw=rows[0].raw,
            )


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
