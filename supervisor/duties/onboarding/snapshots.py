"""The frozen snapshots of the onboarding duty: what screens and the command line show.

Moments are epoch us, days YYYYMMDD in the floor's zone, working time ms. A party is a role (specialist, assistant,
customer, director) and, where known, a name.
"""

from __future__ import annotations

from dataclasses import dataclass

from supervisor.duties.calls.snapshots import SourceHealth

RUNNING, BLOCKED, DONE = "running", "blocked", "done"
"""The state of a step: its clock runs, it waits for others, it is done."""


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step that is still owed, as it is listed. `holder`: the name of who holds it, else the role. `version` is the
    onboarding's. `started_us`, `due_us`: of the present round, None while blocked. `overdue_ms`: working time past
    due. `waiting_on`: who must act now, the holder of a running step or those of the steps that block it; `blocked_by`:
    the codes of the prerequisites that are not done. `back_to`: (code, words) of the steps it can be sent back to, the
    likeliest first. `prods`: reminders that stand; `prodded_us` the last. `reason`: why it was sent back, in the round
    before."""

    step_id: int
    onboarding_id: int
    version: int
    customer_id: int
    company: str
    package: str
    team: str
    assistant: str
    code: str
    words: str
    role: str
    holder: str
    specialist_id: int | None
    state: str
    round: int
    approves: str
    started_us: int | None
    due_us: int | None
    due_day: int | None
    overdue_ms: int
    waiting_on: tuple[str, ...]
    waiting_roles: tuple[str, ...]
    blocked_by: tuple[str, ...]
    back_to: tuple[tuple[str, str], ...]
    prods: int
    prodded_us: int | None
    reason: str

    @property
    def key(self) -> str:
        """The key of its row."""
        return str(self.step_id)


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """An onboarding as a whole. `promised_us`: when its template says that the customer is live; `p50_us`, `p80_us`:
    when it is expected (half, four fifths of the floor's own past; `own` False: by the template). `late`: the working
    time by which the promise is expected to be missed or is missed, 0: it is not."""

    onboarding_id: int
    customer_id: int
    company: str
    package: str
    team: str
    specialist: str
    assistant: str
    started_us: int
    done: int
    steps: int
    overdue: int
    promised_us: int
    p50_us: int
    p80_us: int
    own: bool
    late_ms: int


@dataclass(frozen=True, slots=True)
class PartyLine:
    """A party that others wait on: how many running steps it holds, overdue ones among them, the working time by which
    the worst is overdue, and how long it has held steps in all open onboardings (the waiting clock)."""

    role: str
    name: str
    holds: int
    overdue: int
    worst_ms: int
    held_ms: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many steps are overdue, due today, running, blocked; how many customers are under way; enquiries unanswered,
    and unanswered for longer than a day [answer_hours]."""

    overdue: int
    due_today: int
    running: int
    blocked: int
    customers: int
    enquiries: int = 0
    enquiries_late: int = 0


@dataclass(frozen=True, slots=True)
class OnboardingSnapshot:
    """Everything mode 4 shows at one moment of the store. `steps`: still owed, the most urgent first: overdue ones by
    how much, then by due time, then blocked ones. `may_audit`: whether this person may approve what a director
    holds."""

    day: int
    now_us: int
    floor: str
    time_zone: str
    shift_elapsed: float
    sources: tuple[SourceHealth, ...]
    counts: Counts
    steps: tuple[StepLine, ...]
    customers: tuple[CustomerLine, ...]
    parties: tuple[PartyLine, ...]
    teams: tuple[str, ...]
    who: str = ""
    may_audit: bool = True
    currency: str = ""


@dataclass(frozen=True, slots=True)
class OnboardingPanel:
    """What the floor's panel shows: the most urgent steps, and the counts."""

    day: int
    now_us: int
    counts: Counts
    steps: tuple[StepLine, ...]


@dataclass(frozen=True, slots=True)
class RunLine:
    """A time during which a party held a step. `held_ms`: working time; `outcome` in words, "" while it runs."""

    round: int
    role: str
    holder: str
    started_us: int
    ended_us: int | None
    held_ms: int
    outcome: str
    reason: str
    who: str


@dataclass(frozen=True, slots=True)
class StepFile:
    """A step with everything that became of it; `line` None: it is done. `rounds`: how often it was begun."""

    code: str
    words: str
    role: str
    holder: str
    state: str
    work_ms: int
    after: tuple[str, ...]
    rounds: int
    runs: tuple[RunLine, ...]
    line: StepLine | None


@dataclass(frozen=True, slots=True)
class ProdLine:
    """A reminder."""

    at_us: int
    who: str
    to: str
    step: str
    note: str


@dataclass(frozen=True, slots=True)
class OnboardingFile:
    """One onboarding in full: its steps in the order of the template, how long each party held it up (role, name,
    working ms, most first), reminders newest first. `live_us`, `stopped_us`: ended."""

    customer: CustomerLine
    version: int
    steps: tuple[StepFile, ...]
    waiting: tuple[tuple[str, str, int], ...]
    prods: tuple[ProdLine, ...]
    paid_cents: int
    paid_day: int
    live_us: int | None
    stopped_us: int | None
    stopped_why: str


@dataclass(frozen=True, slots=True)
class EnquiryLine:
    """An enquiry. `due_us`: by when it is to be answered; `late`: it was not, or is not yet and that is past."""

    enquiry_id: int
    version: int
    ref: str
    at_us: int
    company: str
    number: str
    channel: str
    note: str
    assistant: str
    answered_us: int | None
    answered_by: str
    handed_us: int | None
    specialist: str
    customer_id: int | None
    due_us: int
    late: bool

    @property
    def key(self) -> str:
        """The key of its row."""
        return str(self.enquiry_id)


@dataclass(frozen=True, slots=True)
class AssistantLine:
    """An assistant's prospect work in the last 30 days: enquiries, answered, answered within a day, handed to
    specialists; and steps held now."""

    name: str
    enquiries: int
    answered: int
    in_time: int
    handed: int
    open_steps: int
    overdue_steps: int


@dataclass(frozen=True, slots=True)
class EnquiriesSnapshot:
    """Enquiries: unanswered ones first, the longest waiting first, then those of the last 30 days, newest first."""

    day: int
    now_us: int
    enquiries: tuple[EnquiryLine, ...]
    assistants: tuple[AssistantLine, ...]
