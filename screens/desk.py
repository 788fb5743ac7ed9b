"""What the console reads and does: snapshots in, acts out. It works in threads; screens know only these interfaces.

One small protocol a duty, put together in `Desk`. Every method may block and is called in a thread, unless it says
otherwise; errors are for people.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from supervisor.duties.calls import CommandAnswer, FloorSnapshot, SpecialistDay, SpecialistLine
    from supervisor.duties.discipline.snapshots import (
        AttendanceTable,
        DisciplineSnapshot,
        FlagFile,
        FlagsPanel,
        MoneySnapshot,
        MoraleSnapshot,
        PersonPage,
        TalkLine,
        Threshold,
        TryOut,
    )
    from supervisor.duties.followups.snapshots import (
        DoublesLine,
        FollowupsPanel,
        FollowupsSnapshot,
        InboxLine,
        QueueLine,
        Story,
    )
    from supervisor.duties.onboarding.snapshots import (
        EnquiriesSnapshot,
        OnboardingFile,
        OnboardingPanel,
        OnboardingSnapshot,
    )
    from supervisor.duties.orders.examine import Examination
    from supervisor.duties.orders.snapshots import OrderReview, OrdersSnapshot, SolutionLine


class CallsDesk(Protocol):
    """Calls against quota, and acts on phones."""

    def floor(self) -> FloorSnapshot:
        """Return the floor as it is now."""
        ...

    def specialist(self, key: str) -> SpecialistDay:
        """Return the day of the specialist whose row of the floor has `key`."""
        ...

    def names(self) -> list[str]:
        """Return the names of all specialists, for adopting a phone."""
        ...

    def adopt(self, identity_ids: tuple[int, ...], name: str) -> str:
        """Give unknown phones to the specialist `name`, made where there is none; return what was done, in words."""
        ...

    def refusal(self, line: SpecialistLine, action: str) -> str | None:
        """Return why `action` cannot be done on the phone of `line`, None where it can. It never blocks."""
        ...

    def command(self, line: SpecialistLine, action: str, number: str | None) -> int:
        """Ask the collector for an act on the phone of `line`; return the command's id."""
        ...

    def answer(self, command_id: int) -> CommandAnswer | None:
        """Return what came of a command, None while nothing has."""
        ...


class FollowupsDesk(Protocol):
    """Follow-ups: the queue, customers' stories, the inbox, doubles. Every act returns in words what was done; refused
    ones raise, saying why."""

    def followups(self) -> FollowupsSnapshot:
        """Return what mode 2 shows now."""
        ...

    def panel(self) -> FollowupsPanel:
        """Return what the floor's panel shows now."""
        ...

    def story(self, customer_id: int) -> Story:
        """Return a customer's whole story."""
        ...

    def inbox(self) -> list[InboxLine]:
        """Return the calls of which nobody knows whose customer they were with."""
        ...

    def doubles(self) -> list[DoublesLine]:
        """Return pairs of customers that may be one."""
        ...

    def find(self, text: str) -> list[QueueLine]:
        """Return customers by the beginning of their name, their reference or their number."""
        ...

    def specialists(self) -> list[tuple[int, str, str]]:
        """Return id, name and team of all specialists, by name."""
        ...

    def day(self, text: str) -> int:
        """Return the coming day that `text` means ("fri", "+2d"). ValueError in words. It never blocks."""
        ...

    def log_contact(self, customer_id: int, channel: str, outcome: str, note: str, specialist_id: int | None) -> str:
        """Write a contact of now into the ledger: by `channel` (call, visit, reply)."""
        ...

    def accept(self, entry_id: int) -> str:
        """Let a written call count that no call is behind."""
        ...

    def plan(self, customer_id: int, day: int | None, what_for: str) -> str:
        """Plan the next contact; None: none."""
        ...

    def do_not_call(self, customer_id: int, why: str) -> str:
        """Block a customer."""
        ...

    def may_call(self, customer_id: int) -> str:
        """Unblock a customer."""
        ...

    def hand_over(self, customer_id: int, specialist_id: int) -> str:
        """Make a specialist the owner."""
        ...

    def take_over(self, customer_id: int) -> str:
        """Make this person look after a customer."""
        ...

    def park(self, customer_id: int) -> str:
        """Put a customer past the window aside."""
        ...

    def reopen(self, customer_id: int) -> str:
        """Open a parked, lost or signed customer again."""
        ...

    def dial(self, customer_id: int) -> int:
        """Have the owner's phone dial the customer; return the command's id, for `CallsDesk.answer`."""
        ...

    def assign_call(self, source_id: int, group_id: str, customer_id: int) -> str:
        """Say that a call to a shared number was this customer's."""
        ...

    def give_number(self, number: str, customer_id: int) -> str:
        """Say that a number nobody has is this customer's."""
        ...

    def new_customer(self, number: str, company: str) -> str:
        """Make a customer of a number that nobody has."""
        ...

    def no_customer(self, number: str) -> str:
        """Say that a number is no customer's."""
        ...

    def merge(self, customer_id: int, into_id: int) -> str:
        """Merge a customer into another one."""
        ...

    def distinct(self, one_id: int, other_id: int) -> str:
        """Say that two customers are not one."""
        ...


class OrdersDesk(Protocol):
    """Orders: the list, one order under review, written solutions, the sheet of a specialist. Every act returns in
    words what was done; refused ones raise, saying why. `seen` is the version of the order that the person saw."""

    def orders(self) -> OrdersSnapshot:
        """Return what mode 3 lists now."""
        ...

    def order(self, order_id: int) -> OrderReview:
        """Return one order under review."""
        ...

    def stages(self) -> tuple[str, ...]:
        """Return the stages of the configuration, in their order. It never blocks."""
        ...

    def examination(self, specialist_id: int) -> Examination:
        """Return the sheet of a specialist: six causes with their figures."""
        ...

    def solutions(self) -> list[SolutionLine]:
        """Return the library of written solutions, by title."""
        ...

    def solution_for(self, solution_id: int, customer_id: int | None, form: str) -> str:
        """Return a solution as it is handed to a customer (None: to nobody yet), as "markdown" or "html"."""
        ...

    def hear(self, order_id: int, seen: int, code: str, call: tuple[int, str] | None) -> str:
        """Keep a fact that was heard: linked to a call (source id, group id), or only typed."""
        ...

    def withdraw(self, evidence_id: int, seen: int) -> str:
        """Take a piece of evidence back."""
        ...

    def feel(self, order_id: int, seen: int, note: str) -> str:
        """Record a feeling: kept, and worth nothing."""
        ...

    def claim(self, order_id: int, seen: int, by_day: int, percent: int) -> str:
        """Keep the specialist's word that the order is signed by a day."""
        ...

    def review(
        self,
        order_id: int,
        seen: int,
        *,
        asked: str,
        facts: tuple[str, ...],
        next_step: str | None,
        guidance: str,
        guidance_text: str,
        solution_id: int | None,
        recheck_day: int | None,
    ) -> str:
        """Keep a review."""
        ...

    def stage(self, order_id: int, seen: int, stage: str) -> str:
        """Move an order to a stage."""
        ...

    def amount(self, order_id: int, seen: int, cents: int) -> str:
        """Set the amount of an order."""
        ...

    def create(self, customer_id: int, specialist_id: int | None, package: str, cents: int, stage: str) -> str:
        """Open an order with a customer."""
        ...

    def sign(self, order_id: int, seen: int, day: int, cents: int, clauses: str, approved_by: str) -> str:
        """Sign an order."""
        ...

    def lose(self, order_id: int, seen: int, why: str) -> str:
        """Close an order that will not be signed."""
        ...

    def save_solution(
        self, solution_id: int | None, title: str, customer_type: str, objection: str, body: str, version: int
    ) -> str:
        """Write a solution: a new one (None), or one of which the person saw `version`."""
        ...

    def retire_solution(self, solution_id: int, version: int) -> str:
        """Take a solution out of the library."""
        ...


class OnboardingDesk(Protocol):
    """What is owed after a payment. Acts take the version of the onboarding or enquiry that the person saw, and return
    in words what was done; refused ones raise, saying why."""

    def onboarding(self) -> OnboardingSnapshot:
        """Return what mode 4 shows now."""
        ...

    def panel(self) -> OnboardingPanel:
        """Return what the floor's panel shows now."""
        ...

    def file(self, onboarding_id: int) -> OnboardingFile:
        """Return one onboarding in full. LookupError where there is none."""
        ...

    def holders(self, role: str) -> list[str]:
        """Return the names that a step held by `role` can be given to."""
        ...

    def pay(self, customer_id: int, amount: str, package: str) -> str:
        """Record a payment that came in today: it starts what is owed to the customer."""
        ...

    def done(self, step_id: int, seen: int) -> str:
        """A running step is done; one that approves approves what it looked at."""
        ...

    def send_back(self, step_id: int, seen: int, to: str, reason: str) -> str:
        """Send a running step back to the step with the code `to`, to be done again, and why."""
        ...

    def reassign(self, step_id: int, seen: int, holder: str) -> str:
        """Give a step to somebody else of its role; an assistant gets all steps of assistants of this customer."""
        ...

    def prod(self, step_id: int, note: str) -> str:
        """Remind who must act: who holds the step, or where it is blocked who holds what blocks it."""
        ...

    def stop(self, onboarding_id: int, seen: int, why: str) -> str:
        """End an onboarding that will not go live."""
        ...

    def enquiries(self) -> EnquiriesSnapshot:
        """Return the assistants' prospect work."""
        ...

    def add_enquiry(self, company: str, number: str, channel: str, note: str, assistant: str) -> str:
        """Keep an enquiry that came in now."""
        ...

    def answer_enquiry(self, enquiry_id: int, seen: int, assistant: str) -> str:
        """An enquiry was answered now, by `assistant` ("": whose it is)."""
        ...

    def hand_enquiry(self, enquiry_id: int, seen: int, specialist_id: int) -> str:
        """Hand somebody interested to a specialist: they are that specialist's customer from now on."""
        ...


class DisciplineDesk(Protocol):
    """Discipline. Acts on a flag take the version of it that the person saw; all return in words what was done; refused
    ones raise, saying why."""

    def discipline(self) -> DisciplineSnapshot:
        """Return what mode 5 shows now."""
        ...

    def panel(self) -> FlagsPanel:
        """Return what the floor's panel shows now."""
        ...

    def flag(self, flag_id: int) -> FlagFile:
        """Return one flag in full. LookupError where there is none."""
        ...

    def page(self, specialist_id: int) -> PersonPage:
        """Return a specialist's page. LookupError where there is none."""
        ...

    def raise_by_hand(self, specialist_id: int, rule: str, note: str) -> str:
        """Raise a flag that somebody saw, or write a merit down (`rule` "merit")."""
        ...

    def reply(self, flag_id: int, seen: int, text: str) -> str:
        """Keep what the specialist says to a flag: it is explained."""
        ...

    def decide(self, flag_id: int, seen: int, decision: str, why: str) -> str:
        """Decide a flag: dismissed, talked, warned or rewarded."""
        ...

    def fine(self, flag_id: int, seen: int, amount: str, why: str, typed: str) -> str:
        """Decide a flag by a fine. `typed` is the specialist's name as the person typed it: another one refuses."""
        ...

    def reward(self, flag_id: int, seen: int, amount: str, why: str) -> str:
        """Decide a merit by a reward; `amount` "": by thanks alone."""
        ...

    def money(self, month: int | None) -> MoneySnapshot:
        """Return the ledger of fines and rewards and what is proposed for `month` (YYYYMM; None: the last one)."""
        ...

    def fine_month(self, specialist_id: int, month: int, amount: str, why: str, typed: str) -> str:
        """Fine a month's shortfall; `typed` as of `fine`."""
        ...

    def give_reward(self, specialist_id: int, amount: str, why: str) -> str:
        """Enter a reward that belongs to no flag."""
        ...

    def thresholds(self) -> tuple[Threshold, ...]:
        """Return the thresholds that can be tried out."""
        ...

    def try_out(self, key: str, value: float) -> TryOut:
        """Return what the last 30 days would have had with another value. It takes seconds."""
        ...

    def attendance(self, day: int | None) -> AttendanceTable:
        """Return the attendance of a day (None: today)."""
        ...

    def attend(self, specialist_id: int, day: int, status: str, start: int | None, end: int | None) -> str:
        """Say whether somebody was there; flags of that day are raised and withdrawn by it."""
        ...

    def morale(self) -> MoraleSnapshot:
        """Return the longest and the shortest of each team."""
        ...

    def talks(self, specialist_id: int) -> tuple[TalkLine, ...]:
        """Return the talks with a specialist, newest first; refused to who is no director."""
        ...

    def log_talk(self, specialist_id: int, kind: str, note: str) -> str:
        """Write down a talk: encouragement, doubt, other; refused to who is no director."""
        ...


class Desk(Protocol):
    """All duties, and what they share."""

    @property
    def calls(self) -> CallsDesk:
        """Mode 1."""
        ...

    @property
    def followups(self) -> FollowupsDesk:
        """Mode 2."""
        ...

    @property
    def orders(self) -> OrdersDesk:
        """Mode 3."""
        ...

    @property
    def onboarding(self) -> OnboardingDesk:
        """Mode 4."""
        ...

    @property
    def discipline(self) -> DisciplineDesk:
        """Mode 5."""
        ...

    def undo(self) -> str | None:
        """Undo this person's last act that can be undone, of whatever duty; return it in words, None where there is
        none."""
        ...

    def changes(self) -> AsyncIterator[None]:
        """Yield after each burst of commits."""
        ...

    def close(self) -> None:
        """Let go of the store."""
        ...
