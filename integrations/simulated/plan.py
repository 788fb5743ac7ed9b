"""A plausible day of a floor, by seed: who dials when, how long it rings, what comes of it.

Pure: the same seed, floor and day give the same calls. Numbers: +49 30 23125 xxx, reserved for fiction.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from random import Random
from zoneinfo import ZoneInfo

from integrations.provider import Direction, Outcome

SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Person:
    """One simulated specialist: how many dials an hour, how many of them are answered, and how the person is."""

    agent: str
    name: str
    team: str
    region: str
    dials_an_hour: float = 10.5
    answer_rate: float = 0.42
    talk_median_s: float = 42.0
    habit: str = "steady"  # steady | lazy | padding | bunching
    lapse: str = ""  # what now and then goes wrong: private | late | away


PEOPLE: tuple[Person, ...] = (
    Person("1001", "Anna Weber", "North", "Berlin", 11.5, 0.44, 48),
    Person("1002", "Boris Wu", "North", "Hamburg", 10.5, 0.40, 44, lapse="late"),
    Person("1003", "Chiara Rossi", "North", "Bremen", 12.5, 0.45, 46),
    Person("1004", "Dmitri Orlov", "North", "Kiel", 10.0, 0.41, 40, lapse="private"),
    Person("1005", "Élodie Martin", "West", "Köln", 11.0, 0.43, 45),
    Person("1006", "Farid Haddad", "West", "Essen", 9.5, 0.40, 52, "bunching"),
    Person("1007", "Greta Lind", "West", "Bonn", 10.2, 0.42, 43),
    Person("1008", "Hugo Marin", "West", "Aachen", 3.0, 0.38, 30, "lazy"),
    Person("1009", "Inês Duarte", "South", "München", 11.8, 0.44, 41),
    Person("1010", "Jonas Beck", "South", "Ulm", 10.6, 0.39, 47, lapse="away"),
    Person("1011", "Lena Ott", "South", "Stuttgart", 14.0, 0.62, 9, "padding"),
    Person("1012", "李雷", "South", "Nürnberg", 10.8, 0.43, 44),
)
STRANGER = Person("1099", "", "", "", 1.6, 0.4, 35)
"""A phone that calls now and then and stands in no roster."""

CUSTOMERS = 600
_LONGEST_PAUSE_S = 850
_PRIVATE = 904
"""A number that is no customer's."""
_SPANS = ((9 * 60, 12 * 60), (13 * 60, 18 * 60))


@dataclass(frozen=True, slots=True)
class Call:
    """One planned call. Times in microseconds UTC; `answered_us` None: it was not answered."""

    id: str
    agent: str
    direction: Direction
    number: str
    started_us: int
    answered_us: int | None
    ended_us: int
    outcome: Outcome
    held_us: tuple[int, int] | None = None

    @property
    def talk_ms(self) -> int:
        """Milliseconds the specialist and the other party could hear each other."""
        if self.answered_us is None:
            return 0
        held = self.held_us[1] - self.held_us[0] if self.held_us else 0
        return (self.ended_us - self.answered_us - held) // 1000


def number_of(customer: int) -> str:
    """The number of customer 0..999, E.164."""
    return f"+493023125{customer:03d}"


def absent(seed: int, agent: str, day: date) -> str | None:
    """ "leave", "sick", "training" or "half" where the person is not fully there that day, by seed; None: present."""
    chance = Random(f"{seed}:{agent}:{day}:absent").random()
    for status, below in (("leave", 0.03), ("sick", 0.05), ("training", 0.06), ("half", 0.075)):
        if chance < below and agent != STRANGER.agent:
            return status
    return None


def calls_of(seed: int, person: Person, day: date, zone: ZoneInfo) -> list[Call]:
    """Return the calls of `person` on `day`, in time order: a day's work in the working hours of the zone, and what
    somebody does who now and then does what they should not."""
    lapses = _lapses(seed, person, day, zone)
    work = [
        call
        for call in _work(seed, person, day, zone)
        if not any(call.started_us < lapse.ended_us and lapse.started_us < call.ended_us for lapse in lapses)
    ]
    return sorted([*work, *lapses], key=lambda call: call.started_us)


def _lapses(seed: int, person: Person, day: date, zone: ZoneInfo) -> list[Call]:
    """Calls to a number that is no customer's, after hours, or by somebody who is away; none on most days."""
    random = Random(f"{seed}:{person.agent}:{day}:lapses")
    away = absent(seed, person.agent, day)
    chance, minutes, number = 0.0, [], number_of((PEOPLE.index(person) if person in PEOPLE else 0) * 50 + 7)
    if person.lapse == "private" and away is None:
        number = number_of(_PRIVATE)
        chance, minutes = 0.3, random.choice(([615], [570, 705, 890, 1045]))
    elif person.lapse == "late" and away is None:
        chance, minutes = 0.3, [random.randint(1100, 1130), random.randint(1205, 1225)]
    elif away in ("leave", "sick"):
        chance, minutes = 0.9 if person.lapse == "away" else 0.3, [626, 700][: random.randint(1, 2)]
    if random.random() >= chance:
        return []
    midnight = int(datetime.combine(day, time(), zone).timestamp()) * SECOND
    found = []
    for index, minute in enumerate(minutes, 1):
        at = midnight + minute * 60 * SECOND
        talk = random.uniform(640, 1100) if person.lapse == "private" and len(minutes) == 1 else random.uniform(20, 90)
        answered = at + _us(random.uniform(4, 12))
        key = f"{day:%Y%m%d}-{person.agent}-x{index}"
        ended = answered + _us(talk)
        found.append(Call(key, person.agent, Direction.OUTBOUND, number, at, answered, ended, Outcome.ANSWERED))
    return found


def _work(seed: int, person: Person, day: date, zone: ZoneInfo) -> Iterator[Call]:
    status = absent(seed, person.agent, day)
    if status in ("leave", "sick", "training"):
        return
    random = Random(f"{seed}:{person.agent}:{day}:calls")
    midnight = int(datetime.combine(day, time(), zone).timestamp()) * SECOND
    form = random.uniform(0.98, 1.24)
    favourite = number_of(random.randrange(CUSTOMERS))
    mine = PEOPLE.index(person) if person in PEOPLE else 0
    spans = _SPANS[:1] if status == "half" else _SPANS
    index, prefix = 0, f"{day:%Y%m%d}-{person.agent}"
    for begin, end in spans:
        at = midnight + begin * 60 * SECOND + _us(random.expovariate(1 / 60))
        until = midnight + end * 60 * SECOND
        while True:
            at += _pause(random, person, form)
            if at >= until:
                break
            index += 1
            call = _call(random, person, f"{prefix}-{index}", mine, favourite, at)
            if call.ended_us >= until + 600 * SECOND:
                break
            yield call
            at = call.ended_us


def _pause(random: Random, person: Person, form: float) -> int:
    """Time between two calls: what the hourly rate leaves after ringing and talking, at least three seconds."""
    if person.habit == "lazy" and random.random() < 0.3:
        return _us(random.uniform(1300, 2600) if random.random() < 0.85 else random.uniform(3700, 5400))
    busy = 14 + person.answer_rate * person.talk_median_s * 2.6
    mean = max(3600 / (person.dials_an_hour * form) - busy, 20)
    longest = _LONGEST_PAUSE_S if random.random() < 0.995 else 2 * _LONGEST_PAUSE_S
    return _us(3 + min(random.expovariate(1 / mean), longest))


def _call(random: Random, person: Person, key: str, mine: int, favourite: str, at: int) -> Call:
    chance = random.random()
    direction = Direction.OUTBOUND
    number = number_of((mine * 50 + int(random.triangular(0, 50, 8))) % CUSTOMERS)
    if chance < 0.035:
        direction = Direction.INBOUND
    elif chance < 0.055 and person in PEOPLE:
        direction, number = Direction.INTERNAL, random.choice([p for p in PEOPLE if p is not person]).agent
    elif person.habit == "padding" and chance < 0.35:
        number = favourite
    ring = random.uniform(3, 22)
    if direction is Direction.INTERNAL or random.random() < (
        0.8 if direction is Direction.INBOUND else person.answer_rate
    ):
        answered = at + _us(ring)
        talk = min(random.lognormvariate(math.log(person.talk_median_s), 1.15), 1500)
        if person.habit == "bunching" and talk < 32 and random.random() < 0.6:
            talk = random.uniform(30.2, 34)
        outcome = Outcome.VOICEMAIL if direction is Direction.OUTBOUND and random.random() < 0.06 else Outcome.ANSWERED
        ended = answered + _us(max(talk, 1.5))
        held = None
        if talk > 240 and random.random() < 0.25:
            held = (answered + _us(talk * 0.4), answered + _us(talk * 0.4 + random.uniform(10, 40)))
        return Call(key, person.agent, direction, number, at, answered, ended, outcome, held)
    outcomes = (Outcome.NO_ANSWER, Outcome.BUSY, Outcome.CANCELLED, Outcome.FAILED)
    outcome = (
        Outcome.MISSED if direction is Direction.INBOUND else random.choices(outcomes, cum_weights=(70, 85, 96, 100))[0]
    )
    if outcome in (Outcome.BUSY, Outcome.FAILED):
        ring = random.uniform(0.5, 3)
    return Call(key, person.agent, direction, number, at, None, at + _us(ring), outcome)


def _us(seconds: float) -> int:
    return round(seconds * 1000) * 1000
