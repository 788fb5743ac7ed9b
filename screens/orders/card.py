"""One order under review as lines: who and what, the facts and what they are worth, the review as it is so far. Pure.

The lines stand in the same places whatever is known, so that nothing jumps while letters are pressed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from screens.orders.present import FEELINGS, NOBODY, Row, mark_level, reason, whole
from screens.orders.present import level as level_of
from screens.orders.rounds import Draft, Round
from screens.orders.totals import moved, share
from screens.themes import MARKS
from screens.widgets import days
from screens.widgets.cells import Cell, fit
from screens.widgets.words import bar
from supervisor.money import shown
from supervisor.text import number_th, safe

if TYPE_CHECKING:
    from supervisor.duties.orders.snapshots import Fact, OrderLine, OrderReview, PastReview

Line = tuple[list[Cell], list[Cell]]

FACTS: tuple[tuple[str, str, str], ...] = (
    ("contract", "hear-contract", "asked for contract or account"),
    ("payment_date", "hear-payment-date", "named a payment date"),
    ("price", "hear-price", "asked about price or discount"),
    ("decision_maker", "hear-decision-maker", "the decision-maker spoke"),
    ("appointment", "hear-appointment", "agreed the next appointment"),
    ("material", "hear-material", "supplied material"),
)
"""By code, in the order of their weight: the id of the key, and what was heard in a few words."""
WORDS = {code: text for code, _, text in FACTS}
FADED_BELOW = 0.75
"""A fact is called faded below this share of what it was worth when it was fresh."""
INDENT = 16


class Sight(NamedTuple):
    """What a card is drawn of: the order as it was read, what its review has so far, and where it is seen. `letters`:
    how each key is called, by its id."""

    review: OrderReview
    draft: Draft
    zone: tzinfo
    today: int
    currency: str
    letters: Mapping[str, str]


def wrapped(text: str, width: int, most: int) -> list[str]:
    """Return `text` in lines of `width` terminal columns, at most `most` of them; the last ends in an ellipsis where
    there is more."""
    lines, width = [""], max(10, width)
    for word in text.split():
        while cell_len(word) > width:
            kept = word[: max(1, width // 2)]
            lines.append(kept)
            word = word[len(kept) :]
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if cell_len(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    lines = [one for one in lines if one]
    if len(lines) > most:
        lines = [*lines[: most - 1], fit(f"{lines[most - 1]} {lines[most]}", width)]
        if not lines[-1].endswith("…"):
            lines[-1] = f"{lines[-1].rstrip()[: width - 2]} …"
    return lines


def head(line: OrderLine, tour: Round, left: int, lines: Sequence[OrderLine], currency: str, width: int) -> Line:
    """Return where the round is, and whose order this is with what they bring."""
    where = [Cell(f"Review {tour.at + 1} of {len(tour.ids)}", "title")]
    where += [Cell(f"  · {left} left", "text")] if left else [Cell("  · ", "quiet"), Cell("● none left", "good")]
    theirs = [one for one in lines if one.specialist_id == line.specialist_id]
    name = safe(line.specialist, 30 if width >= 100 else 18) or NOBODY
    count = f" · {len(theirs)} order{'s' if len(theirs) != 1 else ''}"
    forecast = " · forecast " if width >= 100 else " · "
    found = share("", theirs)
    return where, [Cell(name, "strong"), Cell(count, "quiet"), Cell(forecast, "quiet"), *moved(found, currency)]


def who(sight: Sight, width: int) -> list[Line]:
    """Return three lines: the customer and the order, the contacts and what was claimed, and what calls for
    attention."""
    review, today = sight.review, sight.today
    line = review.line
    amount = [Cell(f"{shown(line.amount_cents)} ", "strong"), Cell(sight.currency, "quiet")]
    stage = [Cell("   "), Cell(safe(line.stage, 16) or "no stage", "text")]
    room = width - sum(cell_len(cell.text) for cell in (*amount, *stage)) - 4
    company = safe(line.company)
    name = fit(company, min(cell_len(company), max(16, room * 3 // 5)))
    package = safe(line.package)
    package = fit(package, min(cell_len(package), max(0, room - cell_len(name))))
    first: Line = ([Cell(name, "title"), Cell("   "), Cell(package, "text")], [*amount, *stage])
    if not line.contacts:
        touched = "no contact yet"
    elif line.last_us is None:
        touched = f"{number_th(line.contacts)} contact"
    else:
        touched = f"{number_th(line.contacts)} contact, {days.distance(days.day_at(line.last_us, sight.zone), today)}"
    if line.claimed_by is None:
        said = [Cell(f"{sight.letters['claim']} ", "key"), Cell("no signing claimed", "quiet")]
    else:
        late = line.claimed_by < today
        sure = f" {line.claim_percent} %" if line.claim_percent not in (None, 100) else ""
        said = [Cell(f'"signs by {days.long(line.claimed_by, today)}{sure}"', "act" if late else "text")]
    record = review.record
    resolved = record.kept + record.missed
    kept = Cell(f"   ({record.kept} of {resolved} kept)" if resolved else "", "quiet")
    second: Line = ([Cell(touched, "text"), Cell("   "), *said, kept], [Cell(safe(line.ref, 12), "quiet")])
    return [first, second, (attention(line, today), [])]


def attention(line: OrderLine, today: int) -> list[Cell]:
    """Return everything that calls for attention, the most urgent first."""
    if line.status != "open":
        return [Cell(f"● {line.status}", "good" if line.status == "signed" else "watch")]
    cells: list[Cell] = []
    for place, mark in enumerate(line.marks):
        level = mark_level(mark, line, today)
        text = mark if mark == FEELINGS else safe(line.reason) if place == 0 else mark
        cells += [Cell("   "), Cell(f"{MARKS.get(level, '·')} {text}", f"{level}-bold" if level else "text")]
    if line.reviewed_us is None:
        cells += [Cell("   "), Cell("never reviewed", "text")]
    return cells[1:] or [Cell("nothing calls for attention", "quiet")]


def score(line: OrderLine) -> list[Cell]:
    """Return the score with its bar."""
    role = "act" if line.feelings_only else "bar"
    return [
        Cell("Score ", "quiet"),
        Cell(f"{line.score} ", "title"),
        Cell(bar(line.score / 100, 20), role),
    ]


def facts(sight: Sight, width: int) -> list[Line]:
    """Return a line for each kind of fact: its letter, what was heard and what it is worth now, or that it is
    missing."""
    counting = {fact.code: fact for fact in reversed(sight.review.facts) if fact.counts}
    return [_fact(sight, code, key, text, counting.get(code), width) for code, key, text in FACTS]


def _fact(sight: Sight, code: str, key: str, text: str, fact: Fact | None, width: int) -> Line:
    now = code in sight.draft.heard
    mark = Cell("● " if now else "  ", "good")
    letter = Cell(f"{sight.letters[key]}  ", "key")
    if fact is None:
        return [mark, letter, Cell(fit(text, 30), "quiet"), Cell("        missing", "quiet")], []
    worth = fact.weight if fact.linked else fact.weight / 2
    faded = fact.points < worth * FADED_BELOW
    day = days.short(days.day_at(fact.heard_us, sight.zone), sight.today)
    behind = safe(fact.behind, 30) or "linked" if fact.linked else "typed, half weight"
    points = Cell(f"{round(fact.points):>3}", "strong" if not faded else "watch")
    more = f"{behind}, faded" if faded else behind
    note = f"  {safe(fact.note)}" if fact.note else ""
    heard = Cell(fit(text, 30), "text" if not faded else "quiet")
    return [
        mark, letter, heard, points, Cell(f"/{fact.weight:<2} ", "quiet"), Cell(f"{day:>7}  ", "quiet"),
        Cell(fit(f"{more}{note}", max(0, width - 51)).rstrip(), "quiet"),
    ], []  # fmt: skip


def feelings(sight: Sight, width: int, most: int) -> list[Line]:
    """Return what was only felt, newest first, in at most `most` lines; nothing where there is none."""
    found = sight.review.feelings
    lines: list[Line] = []
    for feeling in found[:most]:
        day = days.short(days.day_at(feeling.heard_us, sight.zone), sight.today)
        note = f'"{safe(feeling.note)}"'
        lines.append(([Cell(f"{day:>6}  ", "quiet"), Cell(fit(note, width - 8).rstrip(), "quiet")], []))
    if len(found) > most and lines:
        lines[-1] = ([Cell(f"{'':8}and {len(found) - most + 1} more", "quiet")], [])
    return lines


def so_far(sight: Sight, width: int, most: int) -> list[Line]:
    """Return the review as it is so far; a long text has at most `most` lines. Each line begins with its key."""
    draft, line, today = sight.draft, sight.review.line, sight.today
    heard = ", ".join(WORDS[code] for code in WORDS if code in draft.heard)
    recheck = draft.recheck_day(line, today)
    kept = "" if recheck is None or draft.recheck is not None else ", as it was"
    guidance = draft.guidance + (": " if draft.guidance and draft.guidance_text else "") + safe(draft.guidance_text)
    step = line.next_step if draft.next_step is None else draft.next_step
    steps = "text" if draft.next_step is None else "strong"
    rows = [
        (
            "nothing-heard",
            "Heard",
            heard or ("nothing" if draft.nothing else ""),
            "strong",
            "a letter a fact, b nothing",
        ),
        ("asked", "Asked", safe(draft.asked), "strong", "what you asked"),
        ("next-step", "Next step", safe(step), steps, "what the specialist does next"),
        ("guidance", "Guidance", guidance, "strong", "praise, correction or solution"),
        ("attach", "Solution", safe(draft.solution[1]) if draft.solution else "", "strong", "from the library"),
        (
            "recheck",
            "Recheck",
            "" if recheck is None else days.told(recheck, today) + kept,
            "text" if kept else "strong",
            "when to look again",
        ),
    ]
    found: list[Line] = []
    for key, label, text, role, wanting in rows:
        begin = [Cell(f"  {sight.letters[key]}  ", "key"), Cell(f"{label:<{INDENT - 5}}", "text")]
        lines = wrapped(text, width - INDENT, most) or [""]
        found.append(([*begin, Cell(lines[0], role) if text else Cell(wanting, "quiet")], []))
        found += [([Cell(" " * INDENT), Cell(more, role)], []) for more in lines[1:]]
    return found


def before(sight: Sight, width: int, most: int, *, full: bool = False) -> list[Line]:
    """Return the reviews before this one, newest first, in at most `most` lines: a line each, and where they are shown
    in `full`, what was said and decided below it."""
    found = sight.review.reviews
    if not found:
        return [([Cell("  never reviewed", "quiet")], [])]
    lines: list[Line] = []
    for place, past in enumerate(found):
        said = "  ".join(safe(one) for one in (past.guidance, past.guidance_text or past.solution, past.who) if one)
        cells = _before(past, sight)
        used = sum(cell_len(cell.text) for cell in cells)
        told = [] if full else [Cell(f"  {fit(said, max(0, width - used - 2)).rstrip()}", "quiet")]
        entry: list[Line] = [([*cells, *told], [])]
        if full:
            more = [
                *wrapped(said, width - 10, 2),
                *wrapped(f"next: {safe(past.next_step)}" * bool(past.next_step), width - 10, 2),
            ]
            entry += [([Cell(f"{'':10}{one}", "quiet")], []) for one in more]
        rest = len(found) - place - 1
        if len(lines) + len(entry) + bool(rest) > most and lines:
            return [*lines, ([Cell(f"  {'':8}and {rest + 1} before", "quiet")], [])][:most]
        lines += entry
    return lines[:most]


def _before(past: PastReview, sight: Sight) -> list[Cell]:
    day = days.short(days.day_at(past.at_us, sight.zone), sight.today)
    cells = [Cell(f"  {day:>6}  ", "text"), Cell(f"score {past.score:<4}", "text")]
    if past.kept_in_time is None:
        recheck = "no recheck"
        if past.recheck_day is not None:
            recheck = f"recheck {days.short(past.recheck_day, sight.today)}"
        return [*cells, Cell(recheck, "quiet")]
    return [*cells, Cell("● in time", "good") if past.kept_in_time else Cell("✕ not in time", "act")]


def rail(tour: Round, rows: Mapping[int, Row], width: int, height: int) -> list[Line]:
    """Return the orders of the round around the one under review: `▸` this one, `●` done in it, and what is the matter
    with those to come."""
    first = max(0, min(tour.at - height // 2, len(tour.ids) - height))
    found: list[Line] = []
    for order_id in tour.ids[first : first + height]:
        row, here = rows.get(order_id), order_id == tour.now
        done = order_id in tour.done
        mark = Cell("▸ ", "accent") if here else Cell("● ", "good") if done else Cell("  ")
        if row is None:
            found.append(([mark, Cell("closed", "quiet")], []))
            continue
        level = "" if done else level_of(row)
        role = "strong" if here else "text" if row.wanted and not done else "quiet"
        wide = width - 45
        cells = [
            mark, Cell(f"{MARKS[level] if level else ' '} ", level or "quiet"),
            Cell(fit("" if done else reason(row), 18), level or "quiet"), Cell(fit(safe(row.line.company), wide), role),
            Cell(f"{whole(row.line.amount_cents):>10}", role), Cell("  "),
            Cell(fit(safe(row.line.specialist) or NOBODY, 11), "quiet"),
        ]  # fmt: skip
        found.append((cells, []))
    return found
