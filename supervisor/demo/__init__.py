"""The demo floor: a configuration, a store and ninety days of calls, made by seed in a folder of their own."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from integrations.simulated import SimulatedProvider
from integrations.simulated.plan import PEOPLE, absent
from store import calls, presence, sources
from store.engine import BULK, Store, StoreError, create_store
from store.sqlite import in_use
from supervisor.calendar import Calendar, day_number
from supervisor.config import Config, load
from supervisor.demo.audited import audit
from supervisor.demo.companies import HEADS, customers
from supervisor.demo.conduct import Conduct
from supervisor.demo.past import SUPERVISOR, Past
from supervisor.demo.served import ASSISTANTS, Served
from supervisor.directors import login
from supervisor.duties.acting import Doer
from supervisor.duties.exchange.customers_in import Customers
from supervisor.duties.exchange.fields import terms_of
from supervisor.duties.roster import Attended, Member, put_attended, put_members
from supervisor.ingest import normaliser, rules_of
from supervisor.sources import make_provider

SOURCE = "pbx"
HISTORY_DAYS = 90
AFTERNOON = 14
SHIFT_BEGINS = 9


@dataclass(frozen=True)
class Demo:
    """Where a demo floor is, and the clock by which it is played (microseconds UTC), `speed` times as fast as time."""

    configuration: Path
    store: str
    config: Config
    clock: Callable[[], int]
    speed: float


def zone_where_it_is(hour: int, now: datetime) -> str:
    """Return the fixed-offset zone in which `now` is within the `hour` of the day: always in the shift."""
    ahead = (hour - now.astimezone(UTC).hour + 11) % 24 - 11  # -11..12
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def configuration(seed: int, now: datetime, store: Path) -> str:
    """Return the demo's configuration file. Today is a working day of it whatever day it is."""
    zone = zone_where_it_is(AFTERNOON, now)
    days = ["mon", "tue", "wed", "thu", "fri"]
    today = now.astimezone(ZoneInfo(zone)).strftime("%a").lower()
    week = ", ".join(f'"{day}"' for day in [*days, *([] if today in days else [today])])
    return f"""# The demo floor. Everything in it is made up; its clock stands in the afternoon wherever you are.
[floor]
name = "Nordlicht"
time_zone = "{zone}"
country = "DE"
holidays = false
working_days = [{week}]
directors = [{json.dumps(login(), ensure_ascii=False)}]

[store]
url = {json.dumps(store.as_posix(), ensure_ascii=False)}

[log]
file = "collector.log"

[onboarding]
assistants = {json.dumps(ASSISTANTS, ensure_ascii=False)}

[discipline]
fine_per_missing = 2

[console]
my_phone = "900"

[sources.{SOURCE}]
type = "simulated"
seed = {seed}
history_days = {HISTORY_DAYS}
"""


def catching_up(begin_us: int, speed: float, wall: Callable[[], int]) -> Callable[[], int]:
    """Return a clock that starts at `begin_us` and runs `speed` times as fast until it has caught up with `wall`."""
    started = wall()

    def clock() -> int:
        now = wall()
        return min(now, begin_us + round((now - started) * speed))

    return clock


def make(folder: Path, seed: int, speed: float, wall: Callable[[], int]) -> Demo:
    """Make the demo floor anew in `folder`: configuration, roster, attendance and the calls up to its clock.

    With a `speed` above 1 the clock starts where the shift begins and runs so fast until it has caught up with `wall`.
    StoreError where a program has the one that is there open.
    """
    now = datetime.fromtimestamp(wall() / 1e6, UTC)
    file, database = folder / "floor.toml", folder / "floor.db"
    if in_use(database):
        raise StoreError(f"the demo floor in {folder} is open in another program; close that first")
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    file.write_text(configuration(seed, now, database), encoding="utf-8")
    config = load({"SUPERVISOR_CONFIG": str(file)})
    clock = wall
    if speed > 1:
        begins = now.astimezone(ZoneInfo(config.floor.time_zone)).replace(
            hour=SHIFT_BEGINS, minute=0, second=0, microsecond=0
        )
        clock = catching_up(int(begins.timestamp()) * 1_000_000, speed, wall)
    with closing(create_store(str(database), tuning=BULK)) as store:
        _people(store, config, seed, clock())
        _customers(store, config, seed, clock())
        asyncio.run(_history(store, config, clock))
        _past(store, config, seed, clock())
    return Demo(file, str(database), config, clock, speed)


def _people(store: Store, config: Config, seed: int, now_us: int) -> None:
    """Put everybody into the roster, and down who was away on which day."""
    today = datetime.fromtimestamp(now_us / 1e6, ZoneInfo(config.floor.time_zone)).date()
    days = [today - timedelta(days=n) for n in range(HISTORY_DAYS + 1)]
    members = [
        Member(person.name, person.team, person.region, 20240301, ((SOURCE, person.agent),)) for person in PEOPLE
    ]
    away = [
        Attended(day_number(day), person.name, status, None, None)
        for person in PEOPLE
        for day in days
        if (status := absent(seed, person.agent, day))
    ]
    with store.write() as connection:
        put_members(connection, list(enumerate(members, 1)), {SOURCE: "simulated"}, day_number(today))
        put_attended(connection, list(enumerate(away, 1)))


def _customers(store: Store, config: Config, seed: int, now_us: int) -> None:
    """Put the customers in, as an import of their table does."""
    doer = Doer(SUPERVISOR, now_us, Calendar(config.floor).day_of(now_us), rules_of(config).numbers)
    told = Customers(terms_of(config, doer), HEADS)
    rows = [(number, told.read(row)) for number, row in enumerate(customers(seed), 2)]
    with store.write() as connection:
        came = told.put(connection, rows)
    assert not came.refused, came.refused


def _past(store: Store, config: Config, seed: int, now_us: int) -> None:
    """Let customers and orders have been through something."""
    refs = [(row["ref"], row["owner"], row["do_not_call"] != "no") for row in customers(seed) if row["owner"]]
    with store.write() as connection:
        past = Past(connection, config, rules_of(config).numbers, seed, now_us)
        past.settle()
        past.make(refs)
        served = Served(connection, config, rules_of(config).numbers, seed, now_us)
        served.onboard()
        served.enquire()
        conduct = Conduct(connection, config, rules_of(config).numbers, seed, now_us)
        conduct.forbid([ref for ref, _, blocked in refs if blocked])
        conduct.judge()
        conduct.talk()
        audit(connection, config, rules_of(config).numbers, now_us)


def simulated(config: Config, clock: Callable[[], int]) -> SimulatedProvider:
    """Return the demo's source, played by `clock`."""
    provider = make_provider(config, SOURCE)
    assert isinstance(provider, SimulatedProvider)
    provider.clock = clock
    return provider


async def _history(store: Store, config: Config, clock: Callable[[], int]) -> None:
    """Keep the calls so far, and what everybody is doing now: what a collector would have known."""
    provider = simulated(config, clock)
    normalise = normaliser(config)
    rules = rules_of(config)
    with store.write() as connection:
        source_id = sources.ensure(connection, SOURCE, "simulated", sorted(provider.capabilities))
        async for batch in provider.backfill(None):
            rows = [normalise(leg) for leg in batch.legs]
            calls.ingest(connection, source_id, rows, rules, batch.cursor, clock())
        taken = await provider.snapshot()
        rows = [normalise(leg) for leg in taken.legs]
        calls.ingest(connection, source_id, rows, rules, None, clock())
        presence.tell(connection, source_id, taken.presences, Calendar(config.floor).day_of)
        sources.set_up(connection, source_id, clock())
