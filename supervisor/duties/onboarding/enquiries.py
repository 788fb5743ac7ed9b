"""The assistants' prospect work as it stands: enquiries, by when each is to be answered, and who answers how many.

Moments are epoch us.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from store import enquiries as store
from store.enquiries import EnquiryRow
from supervisor.calendar import Calendar
from supervisor.config import Config
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.onboarding.snapshots import RUNNING, AssistantLine, EnquiriesSnapshot, EnquiryLine
from supervisor.duties.onboarding.templates import ASSISTANT
from supervisor.text import alphabetical

_HOUR_US = 3_600_000_000
_SINCE_US = 30 * 24 * _HOUR_US
"""How far back answered enquiries are listed, and figures count."""


def due(calendar: Calendar, answer_hours: float, at_us: int) -> int:
    """Return by when an enquiry that came in at `at_us` is to be answered.

    "Answered within one day": before `onboarding.answer_hours` [8] hours of working time have passed, so that one of
    Friday 16:00 is due on Monday 16:00.
    """
    return calendar.due(at_us, round(answer_hours * _HOUR_US))


def is_late(due_us: int, answered_us: int | None, now_us: int) -> bool:
    """Whether an enquiry was answered after it was due, or is not answered and that is past. Answered at the very
    moment is in time."""
    return (now_us if answered_us is None else answered_us) > due_us


def read_enquiries(connection: Connection, config: Config, now_us: int) -> EnquiriesSnapshot:
    """Return the assistants' prospect work at `now_us`, from one moment of the store."""
    calendar = calendar_of(config.floor)
    rows = (*store.unanswered(connection), *store.answered_since(connection, now_us - _SINCE_US))
    lines = tuple(_line(row, due(calendar, config.onboarding.answer_hours, row.at_us), now_us) for row in rows)
    recent = [line for line in lines if line.at_us >= now_us - _SINCE_US]
    return EnquiriesSnapshot(
        day=calendar.today(now_us),
        now_us=now_us,
        enquiries=lines,
        assistants=assistants(config.onboarding.assistants, recent, _held(connection, config, now_us)),
    )


def _held(connection: Connection, config: Config, now_us: int) -> list[tuple[str, bool]]:
    """The steps that assistants hold now: whose each is, and whether it is overdue."""
    from supervisor.duties.onboarding.read import read_steps  # it counts enquiries

    return [
        (line.assistant if line.holder == line.role else line.holder, line.overdue_ms > 0)
        for line in read_steps(connection, config, now_us)
        if line.state == RUNNING and line.role == ASSISTANT
    ]


def counts(connection: Connection, config: Config, now_us: int) -> tuple[int, int]:
    """Return how many enquiries are unanswered at `now_us`, and how many of those are late."""
    calendar, hours = calendar_of(config.floor), config.onboarding.answer_hours
    waiting = store.waiting(connection)
    return len(waiting), sum(is_late(due(calendar, hours, at_us), None, now_us) for at_us in waiting)


def assistants(
    names: Sequence[str], enquiries: Iterable[EnquiryLine], held: Iterable[tuple[str, bool]]
) -> tuple[AssistantLine, ...]:
    """Return the figures of the assistants `names`, in their order, then of whoever else has `enquiries` or steps, by
    name. `held`: a step held now, whose ("" nobody's), and whether it is overdue.

    An enquiry counts for who answered it; until then for whose it is.
    """
    figures: dict[str, Counter[str]] = {name: Counter() for name in names}
    for line in enquiries:
        own = figures.setdefault(line.answered_by or line.assistant, Counter())
        own["enquiries"] += 1
        own["answered"] += line.answered_us is not None
        own["in_time"] += line.answered_us is not None and not line.late
        own["handed"] += line.handed_us is not None
    for name, overdue in held:
        own = figures.setdefault(name, Counter())
        own["open_steps"] += 1
        own["overdue_steps"] += overdue
    others = sorted(figures.keys() - {*names, ""}, key=alphabetical)
    return tuple(
        AssistantLine(
            name=name,
            enquiries=figures[name]["enquiries"],
            answered=figures[name]["answered"],
            in_time=figures[name]["in_time"],
            handed=figures[name]["handed"],
            open_steps=figures[name]["open_steps"],
            overdue_steps=figures[name]["overdue_steps"],
        )
        for name in (*dict.fromkeys(names), *others)
    )


def _line(row: EnquiryRow, due_us: int, now_us: int) -> EnquiryLine:
    return EnquiryLine(
        enquiry_id=row.enquiry_id,
        version=row.version,
        ref=row.ref,
        at_us=row.at_us,
        company=row.company,
        number=row.number,
        channel=row.channel,
        note=row.note,
        assistant=row.assistant,
        answered_us=row.answered_us,
        answered_by=row.answered_by,
        handed_us=row.handed_us,
        specialist=row.specialist,
        customer_id=row.customer_id,
        due_us=due_us,
        late=is_late(due_us, row.answered_us, now_us),
    )
