"""Customers made by hand, and the half of the desk that hands them out and remembers what was asked of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from supervisor.dates import day_in_words
from supervisor.duties.calls import SourceHealth
from supervisor.duties.followups.snapshots import (
    CustomerNumberLine,
    DoublesLine,
    Effort,
    FollowupsPanel,
    FollowupsSnapshot,
    InboxLine,
    QueueCounts,
    QueueLine,
    Story,
    StoryEntry,
)
from supervisor.duties.followups.window import HazardPoint, Window, hazard

NOW = 1_795_440_720_000_000  # Mon 23 Nov 2026 14:32 in Berlin
MINUTE = 60_000_000
DAY_US = 1440 * MINUTE
TODAY = 20261123
PEOPLE = (
    (1, "Chiara Rossi", "North"),
    (2, "Greta Lind", "North"),
    (3, "Hugo Marin", "North"),
    (4, "Ivo Tamm", "South"),
)


def line(customer_id: int, company: str, contacts: int = 9, owner_id: int | None = 1, **more: Any) -> QueueLine:
    """One customer; where it stands follows from `contacts`, unless said otherwise."""
    group = "window" if 8 <= contacts <= 11 else "next" if contacts == 7 else "rest"
    name, team = next(((name, team) for one, name, team in PEOPLE if one == owner_id), ("", ""))
    values: dict[str, Any] = {
        "customer_id": customer_id, "ref": f"K{customer_id:03}", "company": company, "contacts": contacts,
        "group": group, "past": contacts > 11, "reason": group, "owner_id": owner_id, "owner": name, "team": team,
        "taken_by": "", "tier": "target", "status": "open", "region": "Estonia", "type": "trader",
        "last_us": NOW - 6 * DAY_US, "days_since": 6, "said": "asked for the contract", "next_day": None,
        "next_note": "", "ordered": False, "number": f"+3725550{customer_id:03}",
    }  # fmt: skip
    return QueueLine(**(values | more))


QUEUE = (
    line(1, "Baltic Steel OÜ", 9, 4, tier="major", next_day=20261127, next_note="send the offer"),
    line(2, "鑫达机械有限公司", 8, 3, tier="major", days_since=2, said="the boss is on holiday", region="华东"),
    line(3, "Ruhr Pumpen GmbH", 11, 2, tier="important", days_since=4, next_day=20261123),
    line(4, "Nordsee Kräne AG", 10, None, days_since=16),
    line(5, "Vogt & Söhne GmbH", 9, 2, tier="other", taken_by="Petra", next_day=20261120),
    line(6, "Malmö Maschinen und Anlagenbau Vertriebsgesellschaft", 8, 1, tier="other", taken_by="Klaus"),
    line(7, "Kaiser Logistik", 7, 2, days_since=1, ordered=True),
    line(8, "Brno Bearings", 7, 1, days_since=0),
    line(9, "Hansa Filter", 3, 1, group="overdue", next_day=20261111, reason="overdue for 12 days"),
    line(10, "Zürich Zangen", 0, 4, last_us=None, days_since=None, said="", tier="other"),
)
PAST = (
    line(11, "Gdańsk Glas", 15, 1, tier="major", days_since=8, reason="past the window"),
    line(12, "Linz Laser", 12, 4, days_since=3, next_day=20261130, reason="past the window"),
)
BLOCKED = line(
    13, "Wien Waagen", 5, 1, group="nowhere", reason="do-not-call", status="open", region="Wien", next_day=None
)
LOST = line(14, "Oslo Öl", 12, 1, group="nowhere", reason="lost", status="lost", past=False, number="")
EVERYBODY = (*QUEUE, *PAST, BLOCKED, LOST)

HAZARD: tuple[HazardPoint, ...] = hazard(
    (k, max(2, 240 - 15 * k), round(max(2, 240 - 15 * k) * min(0.2, k * k / 500))) for k in range(1, 17)
)
COUNTS = QueueCounts(window=6, next=2, overdue=2, past=2, live=178, waiting=4, doubles=1)
FOLLOWUPS = FollowupsSnapshot(
    day=TODAY, now_us=NOW, floor="Nordlicht", time_zone="Europe/Berlin", shift_elapsed=0.61,
    sources=(SourceHealth("pbx", "up", None, 0.2, ""),), window=Window(8, 11, False, False, 23), hazard=HAZARD,
    histogram=(33, 27, 21, 14, 12, 8, 5, 12, 10, 7, 6, 8, 1, 5, 4, 2), counts=COUNTS, queue=QUEUE, past=PAST,
    effort=(Effort("Greta Lind", 111, 67), Effort("李明", 70, 16), Effort("Otto Kask", 4, 4), Effort("Ivo Tamm", 9, 0)),
    teams=("North", "South"), fixed=(8, 11), who="Petra",
)  # fmt: skip
OWN = replace(FOLLOWUPS, window=Window(9, 12, True, False, 63))
INBOX = (
    InboxLine(
        "1:c1", "+4940123456", 1, NOW - 90 * MINUTE, "Hugo Marin", True,
        ((1, "Baltic Steel OÜ"), (3, "Ruhr Pumpen GmbH")), 1, "c1",
    ),
    InboxLine("+4922170001", "+4922170001", 3, NOW - DAY_US, "Chiara Rossi, Greta Lind", False, (), None, None),
)  # fmt: skip
DOUBLES = (DoublesLine("1:8", QUEUE[0], QUEUE[7], "both have +4940123456"),)


def entry(key: str, days_ago: float, kind: str = "contact", **more: Any) -> StoryEntry:
    """One line of a story."""
    values: dict[str, Any] = {
        "key": key, "at_us": NOW - int(days_ago * DAY_US), "kind": kind, "number": None, "who": "Ivo Tamm",
        "channel": "outbound", "text": "", "talk_ms": None, "mark": "", "entry_id": None, "order_id": None,
    }  # fmt: skip
    return StoryEntry(**(values | more))


LONG = "interested: asked for two-step payment, the boss decides on Monday when he is back from the fair"
ENTRIES = (
    entry("call:now", 0.02, "call", text="no answer"),
    entry("entry:77", 2, "log", channel="call", text="reached: says she signs by Friday", mark="unproved", entry_id=77),
    entry("claim:1", 3, "claim", channel="", text="signs by 2026-11-27 (80 %)", order_id=5),
    entry("evidence:1", 4, "evidence", channel="", text="asked for the contract", order_id=5),
    entry("call:9", 6, number=9, text=LONG, talk_ms=251_000, entry_id=9),
    entry("call:8", 9, number=8, talk_ms=95_000, mark="unlogged", entry_id=8),
    entry("entry:7", 12, number=7, channel="visit", text="met at the fair", entry_id=7),
    entry("call:6", 20, number=6, talk_ms=40_000, mark="inflated", text="reached: 20 minutes about prices", entry_id=6),
    entry("entry:5", 25, number=5, channel="call", mark="accepted", text="rang from the car", entry_id=5),
    entry("opened:1", 30, "opened", channel="", text="Portal Gold 9 800.00", order_id=5),
)  # fmt: skip


class HandmadeFollowups:
    """See screens.desk.FollowupsDesk. `asked` is the desk's; `refusal` is raised by the next acts."""

    def __init__(self, asked: list[tuple[Any, ...]]) -> None:
        self.asked = asked
        self.snapshot = FOLLOWUPS
        self.waiting: tuple[InboxLine, ...] = INBOX
        self.pairs: tuple[DoublesLine, ...] = DOUBLES
        self.entries: tuple[StoryEntry, ...] = ENTRIES
        self.refusal: Exception | None = None
        self.reads = self.stories = 0

    def followups(self) -> FollowupsSnapshot:
        self.reads += 1
        return self.snapshot

    def panel(self) -> FollowupsPanel:
        snapshot = self.snapshot
        return FollowupsPanel(snapshot.day, snapshot.window, snapshot.counts, snapshot.queue, snapshot.who)

    def story(self, customer_id: int) -> Story:
        self.stories += 1
        found = next(one for one in self.everybody() if one.customer_id == customer_id)
        blocked = customer_id == BLOCKED.customer_id
        numbers = (CustomerNumberLine(found.number, found.number, False), CustomerNumberLine("+4940123456", "", True))
        return Story(
            found, ("Anna Kask", "Boris Wu"), numbers[: 1 + (customer_id == 1)] if found.number else (), True, "",
            NOW - 11 * DAY_US if blocked else None, "asked never to be called" * blocked, "Petra" * blocked,
            self.entries if customer_id == 1 else self.entries[-1:] if customer_id != 2 else (),
        )  # fmt: skip

    def everybody(self) -> tuple[QueueLine, ...]:
        return (*self.snapshot.queue, *self.snapshot.past, BLOCKED, LOST)

    def inbox(self) -> list[InboxLine]:
        return list(self.waiting)

    def doubles(self) -> list[DoublesLine]:
        return list(self.pairs)

    def find(self, text: str) -> list[QueueLine]:
        return [one for one in self.everybody() if one.company.casefold().startswith(text.casefold())]

    def specialists(self) -> list[tuple[int, str, str]]:
        return list(PEOPLE)

    def day(self, text: str) -> int:
        return day_in_words(text, TODAY)

    def _act(self, what: str, *told: Any) -> str:
        if self.refusal:
            raise self.refusal
        self.asked.append((what, *told))
        return f"{what} is done"

    def log_contact(self, customer_id: int, channel: str, outcome: str, note: str, specialist_id: int | None) -> str:
        return self._act("log", customer_id, channel, outcome, note, specialist_id)

    def accept(self, entry_id: int) -> str:
        return self._act("accept", entry_id)

    def plan(self, customer_id: int, day: int | None, what_for: str) -> str:
        return self._act("plan", customer_id, day, what_for)

    def do_not_call(self, customer_id: int, why: str) -> str:
        return self._act("block", customer_id, why)

    def may_call(self, customer_id: int) -> str:
        return self._act("may call", customer_id)

    def hand_over(self, customer_id: int, specialist_id: int) -> str:
        return self._act("hand over", customer_id, specialist_id)

    def take_over(self, customer_id: int) -> str:
        return self._act("take over", customer_id)

    def park(self, customer_id: int) -> str:
        return self._act("park", customer_id)

    def reopen(self, customer_id: int) -> str:
        return self._act("reopen", customer_id)

    def dial(self, customer_id: int) -> int:
        self._act("dial customer", customer_id)
        return 1

    def assign_call(self, source_id: int, group_id: str, customer_id: int) -> str:
        return self._act("assign", source_id, group_id, customer_id)

    def give_number(self, number: str, customer_id: int) -> str:
        return self._act("give", number, customer_id)

    def new_customer(self, number: str, company: str) -> str:
        return self._act("new", number, company)

    def no_customer(self, number: str) -> str:
        return self._act("nobody", number)

    def merge(self, customer_id: int, into_id: int) -> str:
        return self._act("merge", customer_id, into_id)

    def distinct(self, one_id: int, other_id: int) -> str:
        return self._act("distinct", one_id, other_id)
