"""What is owed to five customers, made by hand, and a desk that keeps it in memory: versions, order of steps, undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from supervisor.duties.calls import SourceHealth
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.onboarding.snapshots import (
    AssistantLine,
    Counts,
    CustomerLine,
    EnquiriesSnapshot,
    EnquiryLine,
    OnboardingFile,
    OnboardingPanel,
    OnboardingSnapshot,
    PartyLine,
    ProdLine,
    RunLine,
    StepFile,
    StepLine,
)
from supervisor.duties.onboarding.templates import STEPS

NOW = 1_795_440_720_000_000  # Mon 23 Nov 2026 14:32 in Berlin
TODAY = 20261123
MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
HOUR_MS = 3_600_000
TEMPLATE = {step.code: step for step in STEPS}
NAMES = {"director": "director", "customer": "customer"}
LONG = "Maschinenfabrik Meyer & Söhne Aktiengesellschaft"


def customer(number: int, company: str, **more: Any) -> CustomerLine:
    """A customer who paid four days ago and is in time."""
    values: dict[str, Any] = {
        "onboarding_id": number, "customer_id": 100 + number, "company": company, "package": "Portal Gold",
        "team": "North", "specialist": "Hugo Marin", "assistant": "Mei Tan", "started_us": NOW - 4 * DAY, "done": 0,
        "steps": len(STEPS), "overdue": 0, "promised_us": NOW + 7 * DAY, "p50_us": NOW + 6 * DAY,
        "p80_us": NOW + 8 * DAY, "own": False, "late_ms": 0,
    }  # fmt: skip
    return CustomerLine(**(values | more))


CUSTOMERS = (
    customer(1, "Vogt GmbH", done=2, late_ms=11 * HOUR_MS, promised_us=NOW + 2 * DAY, p50_us=NOW + 3 * DAY,
             p80_us=NOW + 4 * DAY, own=True),
    customer(2, "Baltic Steel OÜ", specialist="Ivo Tamm", team="South", package="Portal Silver, 12 months", done=3),
    customer(3, "鑫达机械有限公司", assistant="Ana Ruiz", started_us=NOW - 2 * DAY, done=1),
    customer(4, LONG, specialist="Greta Lind", assistant="Ana Ruiz", done=9),
    customer(5, "Kaiser Logistik", assistant="", specialist="", team="", started_us=NOW - HOUR),
)  # fmt: skip


def step(number: int, of: int, code: str, **more: Any) -> StepLine:
    """A step that runs and is due in two days."""
    whose, made = next(one for one in CUSTOMERS if one.onboarding_id == of), TEMPLATE[code]
    people = {"specialist": whose.specialist or "specialist", "assistant": whose.assistant or "assistant"}
    holder = more.get("holder") or (people | NAMES)[made.holder]
    before = tuple((one.code, one.words) for one in reversed(STEPS[: STEPS.index(made)]) if one.code in made.after)
    values: dict[str, Any] = {
        "step_id": number, "onboarding_id": of, "version": 3, "customer_id": whose.customer_id,
        "company": whose.company, "package": whose.package, "team": whose.team, "assistant": whose.assistant,
        "code": code, "words": made.words, "role": made.holder, "holder": holder,
        "specialist_id": 3 if made.holder == "specialist" else None, "state": "running", "round": 1,
        "approves": made.approves, "started_us": NOW - DAY, "due_us": NOW + 2 * DAY, "due_day": 20261125,
        "overdue_ms": 0, "waiting_on": (holder,), "waiting_roles": (made.holder,), "blocked_by": (),
        "back_to": before, "prods": 0, "prodded_us": None, "reason": "",
    }  # fmt: skip
    return StepLine(**(values | more))


def overdue(number: int, of: int, code: str, hours: float, **more: Any) -> StepLine:
    """A step that is overdue by so much working time."""
    due = {"due_us": NOW - round(hours * 60) * MINUTE, "due_day": 20261123 if hours < 5 else 20261120}
    return step(number, of, code, overdue_ms=round(hours * 60) * 60_000, **due, **more)


def today(number: int, of: int, code: str, minutes: int, **more: Any) -> StepLine:
    """A step that is due today, in so many minutes."""
    return step(number, of, code, due_us=NOW + minutes * MINUTE, due_day=TODAY, **more)


def blocked(number: int, of: int, code: str, on: str, role: str, *by: str) -> StepLine:
    """A step that waits."""
    return step(
        number, of, code, state="blocked", started_us=None, due_us=None, due_day=None, waiting_on=(on,),
        waiting_roles=(role,), blocked_by=by,
    )  # fmt: skip


AD = (("ad_make", "Advertisement: make"), ("ad_plan", "Advertisement: plan"))
STEPS_OWED = (
    overdue(11, 1, "material", 5, prods=2, prodded_us=NOW - HOUR),
    overdue(31, 3, "article_brief", 2 + 1 / 6, reason="the logo is the old one", round=2),
    overdue(21, 2, "ad_customer_approves", 0.75, back_to=AD),
    today(41, 4, "article_audit", 58),
    today(22, 2, "contract_check", 103),
    today(51, 5, "open_account", 180),
    step(32, 3, "open_account"),
    step(52, 5, "material", due_us=NOW + 12 * DAY, due_day=20261205),
    blocked(12, 1, "upload", "Hugo Marin", "specialist", "material"),
    blocked(13, 1, "ad_plan", "Hugo Marin", "specialist", "material"),
    blocked(14, 1, "live", "Hugo Marin", "specialist", "upload", "ad_tracked", "article_audit"),
    blocked(23, 2, "ad_specialist_approves", "customer", "customer", "ad_customer_approves"),
    blocked(42, 4, "live", "director", "director", "article_audit"),
)
PARTIES = (
    PartyLine("specialist", "Hugo Marin", 2, 2, 5 * HOUR_MS, 31 * HOUR_MS),
    PartyLine("customer", "", 1, 1, 45 * 60_000, 9 * HOUR_MS),
    PartyLine("assistant", "Mei Tan", 1, 0, 0, 14 * HOUR_MS),
    PartyLine("director", "", 1, 0, 0, 5 * HOUR_MS),
    PartyLine("assistant", "Ana Ruiz", 1, 0, 0, 2 * HOUR_MS),
)


def enquiry(one: int, company: str, hours: float, **more: Any) -> EnquiryLine:
    """An enquiry that came in so many hours ago and waits for Mei."""
    at_us = NOW - round(hours * 60) * MINUTE
    values: dict[str, Any] = {
        "enquiry_id": one, "version": 1, "ref": f"E-{one}", "at_us": at_us, "company": company,
        "number": f"+4940{one:06}", "channel": "mail", "note": "prices of the portal, with or without photographs",
        "assistant": "Mei Tan", "answered_us": None, "answered_by": "", "handed_us": None, "specialist": "",
        "customer_id": None, "due_us": at_us + DAY, "late": hours > 24,
    }  # fmt: skip
    return EnquiryLine(**(values | more))


ENQUIRIES = (
    enquiry(7, "Tallinn Tools", 52),
    enquiry(8, "Sigma Optik", 3, assistant="", channel="website"),
    enquiry(9, "李氏纺织", 1.5, channel="call", note=""),
    enquiry(6, "Hansa Kranbau", 70, answered_us=NOW - 60 * HOUR, answered_by="Ana Ruiz", assistant="Ana Ruiz",
            late=False),
    enquiry(5, "Oder Metallbau", 90, answered_us=NOW - 50 * HOUR, answered_by="Mei Tan", handed_us=NOW - 49 * HOUR,
            specialist="Greta Lind", customer_id=77),
)  # fmt: skip
ASSISTANTS = (
    AssistantLine("Mei Tan", 14, 12, 11, 5, 6, 0),
    AssistantLine("Ana Ruiz", 9, 9, 9, 2, 4, 1),
)


def _behind(code: str) -> set[str]:
    """The codes of all steps that come before one."""
    before = TEMPLATE[code].after
    return set(before).union(*map(_behind, before)) if before else set()


class HandmadeOnboarding:
    """The desk of the onboarding. `refusal` is raised by each act; `asked` is what was done."""

    def __init__(self, asked: list[tuple[Any, ...]]) -> None:
        self.asked = asked
        self.steps: tuple[StepLine, ...] = STEPS_OWED
        self.customers: tuple[CustomerLine, ...] = CUSTOMERS
        self.enquired: tuple[EnquiryLine, ...] = ENQUIRIES
        self.names: dict[str, list[str]] = {
            "assistant": ["Ana Ruiz", "Mei Tan"], "specialist": ["Greta Lind", "Hugo Marin", "Ivo Tamm"],
        }  # fmt: skip
        self.may_audit = True
        self.refusal: Exception | None = None
        self.failure: Exception | None = None
        self.reads = self.files = 0
        self.undoing: list[Callable[[], str]] = []

    # Reading

    def counts(self) -> Counts:
        running = [one for one in self.steps if one.state == "running"]
        late = sum(one.overdue_ms > 0 for one in running)
        open_ = [one for one in self.enquired if one.answered_us is None]
        return Counts(
            late, sum(one.due_day == TODAY and not one.overdue_ms for one in running), len(running),
            len(self.steps) - len(running), len(self.customers), len(open_), sum(one.late for one in open_),
        )  # fmt: skip

    def onboarding(self) -> OnboardingSnapshot:
        self.reads += 1
        if self.failure:
            raise self.failure
        late = {one.onboarding_id: 0 for one in self.customers}
        for one in self.steps:
            late[one.onboarding_id] = late.get(one.onboarding_id, 0) + (one.overdue_ms > 0)
        customers = tuple(replace(one, overdue=late[one.onboarding_id]) for one in self.customers)
        sources = (SourceHealth("pbx", "up", None, 0.2, ""),)
        return OnboardingSnapshot(
            TODAY, NOW, "Nordlicht", "Europe/Berlin", 0.61, sources, self.counts(), self.steps, customers,
            PARTIES if self.steps else (), ("North", "South"), "petra", self.may_audit,
        )  # fmt: skip

    def panel(self) -> OnboardingPanel:
        return OnboardingPanel(TODAY, NOW, self.counts(), self.steps)

    def file(self, onboarding_id: int) -> OnboardingFile:
        self.files += 1
        whose = next((one for one in self.customers if one.onboarding_id == onboarding_id), None)
        if whose is None:
            raise LookupError("this onboarding does not exist any more")
        owed = {one.code: one for one in self.steps if one.onboarding_id == onboarding_id}
        version = max((one.version for one in owed.values()), default=3)
        waiting = (("specialist", whose.specialist, 20 * HOUR_MS), ("assistant", whose.assistant, 6 * HOUR_MS))
        prods = (
            ProdLine(NOW - HOUR, "petra", "Hugo Marin", TEMPLATE["material"].words, "photographs are still missing"),
            ProdLine(NOW - 2 * DAY, "petra", "Hugo Marin", TEMPLATE["material"].words, ""),
        )  # fmt: skip
        return OnboardingFile(
            whose, version, tuple(self._step_file(whose, one.code, owed.get(one.code)) for one in STEPS), waiting,
            prods if onboarding_id == 1 else (), 980_000, 20261119, None, None, "",
        )  # fmt: skip

    def _step_file(self, whose: CustomerLine, code: str, line: StepLine | None) -> StepFile:
        made = TEMPLATE[code]
        people = {"specialist": whose.specialist or "specialist", "assistant": whose.assistant or "assistant"}
        holder = line.holder if line is not None else (people | NAMES)[made.holder]
        owed = {one.code for one in self.steps if one.onboarding_id == whose.onboarding_id}
        if line is None and (behind := _behind(code) & owed):
            line = blocked(0, whose.onboarding_id, code, whose.specialist, "specialist", *sorted(behind)[:1])
        runs: tuple[RunLine, ...] = ()
        if line is None:
            runs = (RunLine(1, made.holder, holder, NOW - 3 * DAY, NOW - DAY, 8 * HOUR_MS, "done", "", "petra"),)
        elif line.round > 1:
            runs = tuple(
                RunLine(number, made.holder, holder, NOW - 3 * DAY, ended, 8 * HOUR_MS, *told)
                for number, ended, told in (
                    (1, NOW - DAY, ("sent back", line.reason, "petra")),
                    (2, None, ("", "", "")),
                )
            )
        rounds = line.round if line is not None else 1
        state = line.state if line is not None else "done"
        return StepFile(
            code, made.words, made.holder, holder, state, int(made.hours * HOUR_MS), made.after, rounds, runs, line
        )

    def holders(self, role: str) -> list[str]:
        return self.names.get(role, [])

    def enquiries(self) -> EnquiriesSnapshot:
        return EnquiriesSnapshot(TODAY, NOW, self.enquired, ASSISTANTS)

    # Acts

    def _refuse(self) -> None:
        if self.refusal is not None:
            raise self.refusal

    def _step(self, step_id: int, seen: int | None) -> StepLine:
        self._refuse()
        found = next((one for one in self.steps if one.step_id == step_id), None)
        if found is None:
            raise RefusedError("this step is done already")
        if seen is not None and found.version != seen:
            raise RefusedError(f"Anna changed {found.company}; look at it again, nothing was changed by you")
        return found

    def _put(self, onboarding_id: int, steps: tuple[StepLine, ...], words: str) -> str:
        before = self.steps

        def back() -> str:
            self.steps = before
            return f"undone: {words}"

        self.undoing.append(back)
        self.steps = tuple(
            replace(one, version=one.version + 1) if one.onboarding_id == onboarding_id else one for one in steps
        )
        return words

    def pay(self, customer_id: int, amount: str, package: str) -> str:
        if self.refusal:
            raise self.refusal
        self.asked.append(("pay", customer_id, amount, package))
        return f"{amount} paid; the onboarding is begun"

    def done(self, step_id: int, seen: int) -> str:
        self.asked.append(("done", step_id, seen))
        line = self._step(step_id, seen)
        left = [one for one in self.steps if one.step_id != step_id]
        for at, one in enumerate(left):
            if one.onboarding_id == line.onboarding_id and one.blocked_by == (line.code,):
                left[at] = step(one.step_id, one.onboarding_id, one.code, version=one.version)
        return self._put(line.onboarding_id, tuple(left), f"{line.company}: {line.words}, done")

    def send_back(self, step_id: int, seen: int, to: str, reason: str) -> str:
        self.asked.append(("send back", step_id, seen, to, reason))
        line = self._step(step_id, seen)
        again = step(900 + step_id, line.onboarding_id, to, round=2, reason=reason, version=line.version)
        waits = blocked(step_id, line.onboarding_id, line.code, again.holder, again.role, to)
        left = [one for one in self.steps if one.step_id != step_id]
        steps = (*left, again, replace(waits, version=line.version))
        return self._put(line.onboarding_id, steps, f"{line.company}: {line.words}, sent back")

    def reassign(self, step_id: int, seen: int, holder: str) -> str:
        self.asked.append(("reassign", step_id, seen, holder))
        line = self._step(step_id, seen)
        steps = tuple(replace(one, holder=holder) if one.step_id == step_id else one for one in self.steps)
        return self._put(line.onboarding_id, steps, f"{line.company}: {line.words} is {holder}'s")

    def prod(self, step_id: int, note: str) -> str:
        self.asked.append(("prod", step_id, note))
        line = self._step(step_id, None)
        self.steps = tuple(replace(one, prods=one.prods + 1) if one.step_id == step_id else one for one in self.steps)
        return f"{line.company}: reminded {line.holder}"

    def stop(self, onboarding_id: int, seen: int, why: str) -> str:
        self.asked.append(("stop", onboarding_id, seen, why))
        self._refuse()
        self.steps = tuple(one for one in self.steps if one.onboarding_id != onboarding_id)
        self.customers = tuple(one for one in self.customers if one.onboarding_id != onboarding_id)
        return f"stopped, {why}"

    def add_enquiry(self, company: str, number: str, channel: str, note: str, assistant: str) -> str:
        self.asked.append(("add enquiry", company, number, channel, note, assistant))
        self._refuse()
        made = enquiry(40, company, 0, number=number, channel=channel, note=note, assistant=assistant)
        self.enquired = (made, *self.enquired)
        return f"E-40 {company}: to be answered within a day"

    def _enquiry(self, enquiry_id: int, seen: int, words: str, **values: Any) -> str:
        self._refuse()
        found = next(one for one in self.enquired if one.enquiry_id == enquiry_id)
        if found.version != seen:
            raise RefusedError(f"Anna changed {found.ref}; look at it again")
        self.enquired = tuple(
            replace(one, version=one.version + 1, **values) if one.enquiry_id == enquiry_id else one
            for one in self.enquired
        )
        return f"{found.ref} {found.company}: {words}"

    def answer_enquiry(self, enquiry_id: int, seen: int, assistant: str) -> str:
        self.asked.append(("answer", enquiry_id, seen, assistant))
        return self._enquiry(enquiry_id, seen, "answered", answered_us=NOW, answered_by=assistant or "Mei Tan")

    def hand_enquiry(self, enquiry_id: int, seen: int, specialist_id: int) -> str:
        self.asked.append(("hand", enquiry_id, seen, specialist_id))
        return self._enquiry(enquiry_id, seen, "handed over", handed_us=NOW, specialist="Ivo Tamm")
