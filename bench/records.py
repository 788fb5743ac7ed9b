"""The calls of a floor that never was: fifty specialists, 4,000 records a working day, for as many days as wanted.

The same every time. As rows of Asterisk's Master.csv, and as the legs that a store keeps.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from store.calls import LegValues

ZONE = "Europe/Berlin"
FIRST_DAY = date(2016, 1, 4)
A_DAY = 4_000
AGENTS = tuple(f"{number}" for number in range(1001, 1051))
SHIFT_S = 9 * 3600
AREAS = ("171", "151", "30", "89", "40")
SUBSCRIBERS = 30_000
NAMES = ("Chiara Rossi", "Müller, Jörg", "Hugo Marin", "Greta Lind", "鑫达机械", 'Ivo "Iwan" Tamm')

CONFIGURATION = f"""
[floor]
name = "Bench"
time_zone = "{ZONE}"
country = "DE"
holidays = false
[store]
url = "floor.db"
[log]
file = "collector.log"
[sources.records]
type = "files"
format = "asterisk-csv"
agents = ["PJSIP/{{agent}}-*"]
trunks = ["PJSIP/carrier-*"]
dial_prefixes = ["9"]
"""


class Record(NamedTuple):
    """One record: `second` of its start within the shift, seconds of ringing and of talk (None: not answered).

    `kind`: outbound, inbound, internal, or after: the row of no length that Asterisk writes after a Dial.
    """

    number: int
    call: int
    kind: str
    agent: str
    other: str
    second: int
    ring: int
    talk: int | None
    said: str


def day(number: int) -> date:
    """The working day `number`, from 0."""
    weeks, within = divmod(number, 5)
    return FIRST_DAY + timedelta(days=weeks * 7 + within)


def day_number(number: int) -> int:
    """The same as the store writes it: YYYYMMDD."""
    local = day(number)
    return local.year * 10_000 + local.month * 100 + local.day


def subscriber(number: int) -> int:
    """The digits after the area code of the `number`th subscriber of an area."""
    return 2_000_000 + number * 13


def of_day(number: int) -> list[Record]:
    """The records of working day `number`, in order of time."""
    chance = random.Random(number)
    choice, draw, below = chance.choice, chance.random, chance.randrange
    found: list[Record] = []
    at = 0.0
    call = number * A_DAY
    while len(found) < A_DAY:
        place = number * A_DAY + len(found)
        at += draw() * 2 * SHIFT_S / A_DAY
        kind, met, ring = draw(), draw() < 0.4, 2 + below(25)
        talk = min(int(chance.expovariate(1 / 70)) + 1, 3000) if met else None
        agent = AGENTS[min(int(draw() * draw() * 70), 49)]
        other = f"0{choice(AREAS)}{subscriber(below(SUBSCRIBERS))}"
        if kind < 0.08 and found and found[-1].kind == "outbound":
            found.append(found[-1]._replace(number=place, kind="after", ring=0, talk=None))
            continue
        call = place
        said = "ANSWERED" if met else choice(("NO ANSWER", "NO ANSWER", "NO ANSWER", "BUSY", "FAILED"))
        which = "outbound" if kind < 0.93 else "inbound" if kind < 0.98 else "internal"
        if which == "internal":
            other = choice(AGENTS)
        found.append(Record(place, call, which, agent, other, int(at), ring, talk, said))
    return found


def write_master_csv(path: Path, rows: int) -> None:
    """Write a Master.csv of `rows` rows with all 21 columns, local times, as Asterisk quotes them."""
    clock = [f"{s // 3600 + 9:02}:{s // 60 % 60:02}:{s % 60:02}" for s in range(SHIFT_S + 2 * 3600)]
    with path.open("w", encoding="utf-8") as file:
        for number in range(-(-rows // A_DAY)):
            local = day(number)
            begin = datetime(local.year, local.month, local.day, 9, tzinfo=ZoneInfo(ZONE))
            epoch = int(begin.timestamp())
            lines = [_row(record, f"{local} ", clock, epoch) for record in of_day(number)]
            file.writelines(lines[: rows - number * A_DAY])


def _row(record: Record, local: str, clock: list[str], epoch: int) -> str:
    number, call, kind, agent, other, second, ring, talk, said = record
    name = NAMES[number % len(NAMES)].replace('"', '""')
    unique = f"{epoch + second}.{call * 2}"
    phone, trunk = f"PJSIP/{agent}-{call * 2 & 0xFFFFFFFF:08x}", f"PJSIP/carrier-{call * 2 + 1 & 0xFFFFFFFF:08x}"
    start = local + clock[second]
    if kind == "after":
        return (
            f'"spec-{agent}","{agent}","9{other}","agents","""{name}"" <{agent}>","{phone}","","Hangup","",'
            f'"{start}","{start}","{start}",0,0,"ANSWERED","DOCUMENTATION","{unique}","","","{unique}",{number}\n'
        )
    answer = local + clock[second + ring] if talk is not None else ""
    lasted = ring + (talk or 0)
    if kind == "outbound":
        source, dialled, channel, peer, data = agent, f"9{other}", phone, trunk, f"PJSIP/{other}@carrier,25,TKg"
    elif kind == "inbound":
        source, dialled, channel, peer, data = other, agent, trunk, phone, f"PJSIP/{agent},25"
    else:
        colleague = f"PJSIP/{other}-{call * 2 + 1 & 0xFFFFFFFF:08x}"
        source, dialled, channel, peer, data = agent, other, phone, colleague, f"PJSIP/{other},25"
    return (
        f'"spec-{agent}","{source}","{dialled}","agents","""{name}"" <{source}>","{channel}","{peer}","Dial","{data}",'
        f'"{start}","{answer}","{local}{clock[second + lasted]}",{lasted},{talk or 0},"{said}","DOCUMENTATION",'
        f'"{unique}","lead:{other}","spec-{agent}","{unique}",{number}\n'
    )


_OUTCOMES = {"ANSWERED": "answered", "NO ANSWER": "no_answer", "BUSY": "busy", "FAILED": "failed"}


def legs_of_day(number: int) -> Iterator[LegValues]:
    """The same records as the legs that come of them."""
    local = day(number)
    epoch = int(datetime(local.year, local.month, local.day, 9, tzinfo=ZoneInfo(ZONE)).timestamp())
    stored_day = day_number(number)
    for place, call, kind, agent, other, second, ring, talk, said in of_day(number):
        unique = f"{epoch + second}.{call * 2}"
        start = (epoch + second) * 1_000_000
        met = talk is not None
        direction = "unknown" if kind == "after" else kind
        customer = f"+49{other[1:]}" if kind in ("outbound", "inbound") else None
        yield LegValues(
            f"{unique}/{place}", unique, agent, stored_day, direction,
            other if kind == "inbound" else agent, agent if kind == "inbound" else other, customer,
            start, None, start + ring * 1_000_000 if met else None, start + (ring + (talk or 0)) * 1_000_000,
            (talk or 0) * 1000, None, None, "missed" if kind == "inbound" and not met else _OUTCOMES[said], 3,
            None, None, f"PJSIP/carrier-{call * 2 + 1 & 0xFFFFFFFF:08x}" if customer else None, None, False, False,
            f'"spec-{agent}","{agent}","9{other}","agents","PJSIP/{agent}-{call:08x}","Dial","{said}","{unique}"',
            hash((place, talk, said == "BUSY")),
        )  # fmt: skip
