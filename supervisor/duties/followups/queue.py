"""The follow-up queue: who is to be contacted first, and why.

In the window are customers whose contact number lies in it and who are not signed, not lost and not do-not-call; one
contact before it they open next; past it without an order somebody must decide. Order: the window first (higher tier,
then longest since the last contact), then those that open next, then overdue ones, then the rest.
"""

from __future__ import annotations

from sqlalchemy import Connection

from store import queue as rows
from supervisor.calendar import Calendar, date_of, days_between
from supervisor.duties.followups.snapshots import QueueLine
from supervisor.duties.followups.window import Window
from supervisor.text import number_th

TIERS = ("major", "important", "target", "other")
"""Highest first; a customer keeps the place of its tier."""
OUTSIDE = TIERS.index("other")
"""Customers outside the tiers."""

WINDOW, NEXT, OVERDUE, REST, NOWHERE = "window", "next", "overdue", "rest", "nowhere"


def pick(connection: Connection, window: Window, today: int, limit: int) -> list[int]:
    """Return the ids of the first `limit` customers of the queue, in its order."""
    first, last = window.first, window.last
    groups = first - 1, last
    picked: list[int] = []

    def take(found: list[rows.Picked]) -> bool:
        picked.extend(customer for _, _, customer in found)
        return len(picked) >= limit

    in_window = [one for k in range(first, last + 1) for one in rows.at_number(connection, k, limit)]
    if take(sorted(in_window)) or take(rows.at_number(connection, first - 1, limit) if first > 1 else []):
        return picked[:limit]
    if first == 1:
        groups = first, last  # nobody stands before it
    for tier in range(len(TIERS)):
        if take(rows.overdue(connection, tier, today, groups, limit)):
            return picked[:limit]
    take(rows.rest(connection, today, groups, limit))
    return picked[:limit]


def pick_past(connection: Connection, window: Window, limit: int) -> list[int]:
    """Return the ids of customers past the window of whom nobody has decided, ordered as those in it."""
    numbers = [contacts for contacts, _, live, _ in rows.histogram(connection) if live and contacts > window.last]
    found = [one for k in numbers for one in rows.past(connection, k, limit)]
    return [customer for _, _, customer in sorted(found)[:limit]]


def line_of(row: rows.CustomerRow, window: Window, today: int, calendar: Calendar) -> QueueLine:
    """Return a customer as it stands in the queue on the day `today` of `calendar`."""
    past = (
        bool(row.live)
        and row.contacts > window.last
        and not row.ordered
        and row.status != "parked"
        and (row.past_until is None or row.contacts >= row.past_until)
    )
    group = group_of(row, window, today)
    return QueueLine(
        customer_id=row.id,
        ref=row.ref,
        company=row.company,
        contacts=row.contacts,
        group=group,
        past=past,
        reason=reason_of(row, group, past, window, today),
        owner_id=row.owner_id,
        owner=row.owner or "",
        team=row.team or "",
        taken_by=row.taken_by,
        tier=TIERS[row.tier],
        status=row.status,
        region=row.region,
        type=row.type,
        last_us=row.last_us or None,
        days_since=days_between(calendar.day_of(row.last_us), today) if row.last_us else None,
        said=row.said or "",
        next_day=row.next_day,
        next_note=row.next_note,
        ordered=bool(row.ordered),
        number=row.number or "",
    )


def group_of(row: rows.CustomerRow, window: Window, today: int) -> str:
    """Return the part of the queue a customer stands in; NOWHERE: in none. Who is parked is in the rest no more, but
    comes back when a planned contact is overdue."""
    if not row.live:
        return NOWHERE
    if window.first <= row.contacts <= window.last:
        return WINDOW
    if row.contacts == window.first - 1 and window.first > 1:
        return NEXT
    if row.next_day is not None and row.next_day < today:
        return OVERDUE
    return NOWHERE if row.status == "parked" else REST


def reason_of(row: rows.CustomerRow, group: str, past: bool, window: Window, today: int) -> str:
    """Return in words why a customer stands where it does."""
    if group == WINDOW:
        last = "; the last one in it" if row.contacts == window.last else ""
        return f"in the window, {number_th(row.contacts)} contact{last}"
    if group == NEXT:
        return "opens next"
    words = []
    if past:
        words.append("past the window: take over, hand over or park")
    if group == OVERDUE:
        assert row.next_day is not None
        days = days_between(row.next_day, today)
        words.append(f"overdue for {days} day{'s' * (days > 1)}")
    elif row.next_day is not None:
        words.append("planned today" if row.next_day == today else f"planned {date_of(row.next_day)}")
    if group == NOWHERE:
        words.append("do-not-call" if row.status in ("prospect", "open", "parked") and not row.live else row.status)
    return ", ".join(words) or ("no contact yet" if not row.last_us else "no contact planned")
