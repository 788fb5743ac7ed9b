"""One call: what is known of it so far, and the legs that say so."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from integrations.provider import Direction, Leg, Outcome, Progress

BUSY_CAUSE = 17
QUIET_CAUSES = frozenset((0, 16, 17, 18, 19, 20, 26, 31, 102, 127))
"""Hangup causes with which a number may have rung and not been answered; all others are failures (1 unallocated,
21 rejected, 28 bad number, 34 congestion, ...). 0 is Asterisk's own: the dial's time was up."""

OUTCOMES = {
    "ANSWER": Outcome.ANSWERED,
    "BUSY": Outcome.BUSY,
    "CANCEL": Outcome.CANCELLED,
    "CONGESTION": Outcome.FAILED,
    "CHANUNAVAIL": Outcome.FAILED,
}


def outcome_of(status: str, cause: int | None, rung: bool) -> Outcome:
    """Return what came of a dial.

    `status` is the first DialEnd's ("" where there was none: a timed-out Originate has none), `cause` the *customer
    leg's* hangup cause, `rung` whether that leg ever rang. NOANSWER is said of bad numbers, rejections and dead trunks
    too: the cause tells the first two, a leg that was given up without ever ringing the third.
    """
    if (known := OUTCOMES.get(status)) is not None:
        return known
    if cause is None:
        return Outcome.UNKNOWN if not status else Outcome.NO_ANSWER
    if cause not in QUIET_CAUSES:
        return Outcome.FAILED
    if not status and cause == BUSY_CAUSE:
        return Outcome.BUSY
    return Outcome.FAILED if cause == 0 and not rung else Outcome.NO_ANSWER


@dataclass(slots=True)
class Span:
    """From when to when somebody heard the customer; `end` is None while they do."""

    start: int
    end: int | None = None


@dataclass(eq=False, slots=True)
class Call:
    """One call. `key`, the group's id, is the uniqueid of the channel that leads to the customer (or to the colleague).

    `agent` is who dialled it; None for customer-first and inbound calls. `talk` has, by agent, the spans in which agent
    and customer heard each other; the last one's end is None while they do. `shown` is False as long as it may still
    turn out not to be one, `approximate` that its answer was not seen: its end is told approximately, unless a record
    knows better. `whole` False where it was joined midway and too little is known to tell it: of such a call
    only the shares are told of those who began to talk after we came (`before_us`: who talked or dialled by then).
    """

    key: str
    line: str
    direction: Direction
    agent: str | None
    from_raw: str
    to_raw: str
    started_us: int
    dialler: str | None = None
    ringing_us: int | None = None
    answered_us: int | None = None
    dial_end_us: int | None = None
    ended_us: int | None = None
    status: str = ""
    cause: int | None = None
    tech_cause: str = ""
    queue: str | None = None
    shown: bool = True
    whole: bool = True
    approximate: bool = False
    before_us: frozenset[str] = frozenset()
    talk: dict[str, list[Span]] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)

    @property
    def outcome(self) -> Outcome:
        """What came of it, as far as is known."""
        if self.direction is Direction.INBOUND:
            if self.talk:
                return Outcome.ANSWERED
            return Outcome.UNKNOWN if self.ended_us is None else Outcome.MISSED
        if self.answered_us is not None:
            return Outcome.ANSWERED
        if self.ended_us is None:
            return Outcome.UNKNOWN
        return outcome_of(self.status, self.cause, self.ringing_us is not None)

    @property
    def progress(self) -> Progress:
        """How far it has come."""
        if self.ended_us is not None:
            return Progress.ENDED
        if self.talk or (self.answered_us is not None and self.direction is not Direction.INBOUND):
            return Progress.ANSWERED
        return Progress.DIALLED if self.ringing_us is None else Progress.RINGING

    def talking(self, agent: str) -> bool:
        """Whether `agent` and the customer hear each other now."""
        spans = self.talk.get(agent)
        return spans is not None and spans[-1].end is None

    def set_talking(self, agents: set[str], at_us: int) -> bool:
        """Open and close spans so that exactly `agents` talk from now on; whether anything changed."""
        changed = False
        for agent, spans in self.talk.items():
            if spans[-1].end is None and agent not in agents:
                spans[-1].end = max(at_us, spans[-1].start)
                changed = True
        for agent in sorted(agents):
            if not self.talking(agent):
                self.talk.setdefault(agent, []).append(Span(at_us))
                changed = True
        return changed

    def hold(self, agent: str, since_us: int, until_us: int) -> None:
        """Add what of since..until lies in the agent's talk: there the customer heard music."""
        for span in self.talk.get(agent, ()):
            inside = min(until_us, until_us if span.end is None else span.end) - max(since_us, span.start)
            self.held[agent] = self.held.get(agent, 0) + max(inside, 0)

    def legs(self) -> list[Leg]:
        """Return its legs as they stand: the first is the dial's or the arrival's own; one more for each other agent
        who talked. Nobody's first leg means that nobody of the floor dialled."""
        if not self.shown:
            return []
        if not self.whole:
            seen = self.talk.keys() - self.before_us if self.direction is Direction.OUTBOUND else ()
            return [self._share(agent) for agent in sorted(seen)]
        first = self._leg(self.key, self.agent, None, self.started_us, self.answered_us, self.ended_us)
        return [first] + [self._share(agent) for agent in self.talk if agent != self.agent]

    def _share(self, agent: str) -> Leg:
        spans = self.talk[agent]
        end = spans[-1].end if self.ended_us is not None else None
        share = self._leg(f"{self.key}/{agent}", agent, self.key, spans[0].start, spans[0].start, end)
        return share._replace(outcome=Outcome.ANSWERED)

    def _leg(
        self, leg_id: str, agent: str | None, parent: str | None, start: int, answered: int | None, end: int | None
    ) -> Leg:
        first = parent is None
        ends = (self._first_answer(), self.dial_end_us, self.ended_us)
        ring_end = next((moment for moment in ends if moment is not None), None)
        return Leg(
            leg_id=leg_id,
            group_id=self.key,
            agent=agent,
            direction=self.direction,
            from_raw=self.from_raw,
            to_raw=self.to_raw,
            started_us=start,
            answered_us=self._first_answer() if first else answered,
            ended_us=end,
            talk_ms=self._talk_ms(agent),
            outcome=self.outcome,
            progress=self.progress,
            ringing_us=self.ringing_us if first else None,
            ring_ms=(ring_end - self.started_us) // 1000 if first and ring_end is not None else None,
            hold_ms=self._hold_ms(agent),
            parent_id=parent,
            queue=self.queue,
            line=self.line,
            approximate=self.approximate and first and self.ended_us is not None,
            raw=self._raw() if first and self.ended_us is not None else "",
        )

    def _first_answer(self) -> int | None:
        if self.direction is not Direction.INBOUND:
            return self.answered_us
        return min((spans[0].start for spans in self.talk.values()), default=None)

    def _talk_ms(self, agent: str | None) -> int | None:
        """Return the agent's closed spans in milliseconds; None while nothing can be said: a call that goes on."""
        spans = self.talk.get(agent or "", [])
        if self.ended_us is None and (not spans or spans[-1].end is None):
            return None
        if self.approximate and agent == self.agent:
            return None  # since when they talked is not known
        return sum(span.end - span.start for span in spans if span.end is not None) // 1000

    def _hold_ms(self, agent: str | None) -> int | None:
        if self.ended_us is None:
            return None
        return self.held.get(agent or "", 0) // 1000

    def _raw(self) -> str:
        facts = {
            "key": self.key,
            "line": self.line,
            "dialler": self.dialler,
            "dialled": self.started_us,
            "ringing": self.ringing_us,
            "dial_end": self.dial_end_us,
            "status": self.status,
            "cause": self.cause,
            "tech_cause": self.tech_cause,
            "ended": self.ended_us,
            "queue": self.queue,
            "talk": {agent: [(span.start, span.end) for span in spans] for agent, spans in self.talk.items()},
            "held": self.held,
        }
        told = {name: value for name, value in facts.items() if value not in (None, "", {})}
        return json.dumps(told, ensure_ascii=True, separators=(",", ":"))
