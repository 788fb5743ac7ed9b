"""A customer's whole story on one line of time: contacts, calls, logs, orders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from store import queue
from store import story as rows
from store.contacts import PHONE, Entry
from store.floor import first_call_us
from supervisor import money
from supervisor.calendar import Calendar, date_of
from supervisor.config import Config
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.followups.counting import CALL, proved
from supervisor.duties.followups.logs import inflated, pair
from supervisor.duties.followups.queue import line_of
from supervisor.duties.followups.read import window_now
from supervisor.duties.followups.snapshots import CustomerNumberLine, Story, StoryEntry
from supervisor.duties.orders.evidence import FACTS

ENTRIES = 500
"""Contacts and calls that a story shows, the newest."""
_WORDS = {fact.code: fact.words for fact in FACTS}
Call = tuple[int, str]


def read_story(connection: Connection, config: Config, customer_id: int, now_us: int) -> Story:
    """Return the story of a customer; of one that was merged into another, that one's. KeyError where there is none."""
    root = queue.root(connection, customer_id)
    if root is None:
        raise KeyError(customer_id)
    calendar = calendar_of(config.floor)
    window = window_now(queue.histogram(connection), config.followups)
    line = line_of(queue.customers(connection, [root])[root], window, calendar.today(now_us), calendar)
    card = rows.card(connection, root)
    touches = rows.touches(connection, root, ENTRIES)
    calls = rows.calls(connection, root, ENTRIES)
    entries = [
        *called(touches, calls, first_call_us(connection)),
        *(event(one, calendar) for one in rows.events(connection, root)),
    ]
    return Story(
        line=line,
        people=tuple(rows.people(connection, root)),
        numbers=tuple(CustomerNumberLine(*one) for one in rows.numbers(connection, root)),
        registered=card.registered,
        time_zone=card.time_zone,
        dnc_us=card.dnc_us,
        dnc_why=card.dnc_why,
        dnc_by=card.dnc_by,
        entries=tuple(sorted(entries, key=lambda entry: entry.at_us, reverse=True)),
    )


def called(touches: Sequence[rows.Touch], calls: Sequence[rows.Dialled], first_us: int | None) -> list[StoryEntry]:
    """Return contacts, logs and calls, each once: a call that is a contact is one entry, and so is the log that speaks
    of it. What a log says stands with its call; a contact nobody wrote of is "unlogged", a written call that no call is
    behind "unproved" until a supervisor accepts it, and one that claims much more than was talked "inflated"."""
    logs = [one for one in touches if one.origin != PHONE and one.channel == CALL]
    wrote = _joined(calls, logs)
    spoken_of = {log.id for log in wrote.values()}
    contact_of = {(one.source_id, one.group_id): one for one in touches if one.origin == PHONE}
    found = [
        _of_call(one, contact_of.get((one.source_id, one.group_id)), wrote.get((one.source_id, one.group_id)))
        for one in calls
    ]
    known = {(one.source_id, one.group_id) for one in calls}
    found += [
        _entry(one, "contact", "unlogged")
        for one in touches
        if one.origin == PHONE and (one.source_id, one.group_id) not in known
    ]
    for one in touches:
        if one.origin == PHONE or one.id in spoken_of:
            continue
        told = proved(Entry(one.at_us, 0, one.channel, one.origin, bool(one.accepted_by)), first_us)
        mark = "accepted" if one.accepted_by else "" if told else "unproved"
        found.append(_entry(one, "contact" if told else "log", mark))
    return found


def _joined(calls: Iterable[rows.Dialled], logs: Iterable[rows.Touch]) -> dict[Call, rows.Touch]:
    """Return which log speaks of which call: those of one specialist with one number, within five minutes, one to one.
    All calls here are with this customer, whichever of the numbers was dialled."""
    calls_of: dict[int | None, list[tuple[Call, int, int]]] = defaultdict(list)
    logs_of: dict[int | None, list[rows.Touch]] = defaultdict(list)
    for call in calls:
        key = call.source_id, call.group_id
        calls_of[call.specialist_id].append((key, call.started_us, call.ended_us or call.started_us))
    for log in logs:
        logs_of[log.specialist_id].append(log)
    joined: dict[Call, rows.Touch] = {}
    for who, theirs in logs_of.items():
        if who is None:
            continue
        by_id = {log.id: log for log in theirs}
        pairs = pair(calls_of[who], [(log.id, log.at_us) for log in theirs])
        joined |= {call: by_id[log] for log, call in pairs.items()}
    return joined


def _of_call(call: rows.Dialled, contact: rows.Touch | None, log: rows.Touch | None) -> StoryEntry:
    said = ": ".join(filter(None, (log.outcome, log.note))) if log else ""
    outcome = call.outcome.replace("_", " ")
    mark = ""
    if log is not None and inflated(log.claimed_ms, call.talk_ms):
        mark = "inflated"
    elif contact is not None and log is None:
        mark = "unlogged"
    return StoryEntry(
        key=f"call:{call.source}:{call.group_id}",
        at_us=call.started_us,
        kind="contact" if contact else "call",
        number=contact.number if contact else None,
        who=call.who or "",
        channel=call.direction,
        text=said or (outcome if contact is None else ""),
        talk_ms=call.talk_ms,
        mark=mark,
        entry_id=log.id if log else contact.id if contact else None,
        order_id=None,
    )


def _entry(touch: rows.Touch, kind: str, mark: str) -> StoryEntry:
    return StoryEntry(
        key=f"entry:{touch.id}",
        at_us=touch.at_us,
        kind=kind,
        number=touch.number,
        who=touch.who or "",
        channel=touch.channel,
        text=": ".join(filter(None, (touch.outcome, touch.note))),
        talk_ms=touch.claimed_ms,
        mark=mark,
        entry_id=touch.id,
        order_id=None,
    )


def event(told: rows.Event, calendar: Calendar) -> StoryEntry:
    """Return what happened with an order. Of what only the day is known, it is put at the day's begin; what closes an
    order, at its end."""
    at_us = told.at_us
    if at_us is None:
        begin, end = calendar.bounds(told.day or 19700101)
        at_us = begin if told.kind == "opened" else end - 1
    return StoryEntry(
        key=f"{told.kind}:{told.id}",
        at_us=at_us,
        kind=told.kind,
        number=None,
        who=told.who or "",
        channel="",
        text=_in_words(told),
        talk_ms=None,
        mark="",
        entry_id=None,
        order_id=told.order_id,
    )


def _in_words(told: rows.Event) -> str:
    amount = "" if told.cents is None else money.shown(told.cents)
    match told.kind:
        case "opened" | "paid" | "signed":
            return " ".join(filter(None, (told.text, amount)))
        case "lost":
            return ", ".join(filter(None, (" ".join(filter(None, (told.text, amount))), told.more)))
        case "evidence":
            return ": ".join(filter(None, (_WORDS.get(told.text, told.text), told.more)))
        case "claim":
            sure = "" if told.cents in (None, 100) else f" ({told.cents} %)"
            return f"signs by {date_of(told.day or 19700101)}{sure}"
        case _:
            recheck = f"recheck {date_of(told.day)}" if told.day else ""
            return "; ".join(filter(None, (told.text, told.more, recheck)))
