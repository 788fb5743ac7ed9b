"""The demo floor: the same by the same seed, live at any hour of any day, and left alone while it is open."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyte
import pytest

from store import driver, matching, solutions
from store.engine import StoreError, open_store
from supervisor import demo
from supervisor.calendar import Calendar, date_of, day_number
from supervisor.demo.sayings import SOLUTIONS
from supervisor.demo.served import ASSISTANTS
from supervisor.duties.audit.read import read_audit
from supervisor.duties.audit.seal import chain
from supervisor.duties.calls.floor import read_floor
from supervisor.duties.discipline.evaluate import evaluate_day
from supervisor.duties.discipline.findings import AUTOMATIC
from supervisor.duties.discipline.read import read_discipline
from supervisor.duties.followups import read
from supervisor.duties.followups.story import read_story
from supervisor.duties.onboarding.enquiries import read_enquiries
from supervisor.duties.onboarding.read import read_onboarding
from supervisor.duties.orders import attention
from supervisor.duties.orders.read import read_orders
from supervisor.ingest import rules_of

NOW_US = 1_795_440_720_000_000
SUPERVISOR = [sys.executable, "-m", "supervisor"]


def wall(start_us: int = NOW_US) -> Callable[[], int]:
    """A clock that stands at `start_us`."""
    return lambda: start_us


def everything(store: str) -> list[tuple[Any, ...]]:
    with closing(open_store(store)) as opened, opened.read() as connection:
        legs = driver.rows(connection, "SELECT leg_id, raw_hash, day, talk_ms FROM leg ORDER BY leg_id", ())
        states = driver.rows(connection, "SELECT identity_id, state, since_us FROM presence ORDER BY identity_id", ())
    return [tuple(row) for row in (*legs, *states)]


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Demo floors with a history of three days: what is asked here needs no more."""
    monkeypatch.setattr(demo, "HISTORY_DAYS", 3)


def test_the_same_seed_and_moment_give_the_same_floor_and_another_seed_another(short: None, tmp_path: Path) -> None:
    one, same, other = (
        everything(demo.make(tmp_path / name, seed, 1, wall()).store) for name, seed in (("a", 7), ("b", 7), ("c", 8))
    )
    assert one == same != other
    assert len(one) > 1000


@pytest.mark.parametrize("hours", range(0, 7 * 24, 37))
def test_it_is_the_middle_of_a_working_day_at_any_hour_of_the_week(short: None, tmp_path: Path, hours: int) -> None:
    now_us = NOW_US + hours * 3_600_000_000
    made = demo.make(tmp_path / "demo", 1, 1, wall(now_us))
    assert datetime.fromtimestamp(now_us / 1e6, ZoneInfo(made.config.floor.time_zone)).hour == demo.AFTERNOON
    with closing(open_store(made.store)) as store, store.read() as connection:
        floor = read_floor(connection, made.config, now_us)
    assert 0.5 < floor.shift_elapsed < 0.75
    assert 250 < floor.totals.dials < 800
    assert floor.totals.present >= 6
    assert {source.state for source in floor.sources} == {"up"}
    assert all(line.state_since_us is None or line.state_since_us <= now_us for line in floor.specialists)


def test_the_zone_of_every_hour_has_it_in_the_afternoon() -> None:
    for hour in range(48):
        now = datetime(2026, 3, 28, tzinfo=UTC) + timedelta(hours=hour)
        assert now.astimezone(ZoneInfo(demo.zone_where_it_is(14, now))).hour == 14


def test_a_fast_day_begins_with_the_shift_and_ends_now(short: None, tmp_path: Path) -> None:
    ticks = count(NOW_US, 1_000_000)  # each look at the clock is a second later
    made = demo.make(tmp_path / "demo", 1, 60, lambda: next(ticks))
    zone = ZoneInfo(made.config.floor.time_zone)
    told = [made.clock() for _ in range(400)]
    first, now = (datetime.fromtimestamp(us / 1e6, zone) for us in (told[0], NOW_US))
    assert first.date() == now.date()
    assert 9 <= first.hour < demo.AFTERNOON
    assert told == sorted(told)
    assert told[-1] <= next(ticks)
    assert told[-1] - told[-2] == 1_000_000, "caught up: from here on it is as fast as time"


def test_a_floor_that_is_open_is_not_made_anew(short: None, tmp_path: Path) -> None:
    made = demo.make(tmp_path / "demo", 1, 1, wall())
    before = everything(made.store)
    opens = "import sys, store.engine; kept = store.engine.open_store(sys.argv[1]); print(flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", opens, made.store], stdin=-1, stdout=-1) as other:
        assert other.stdout is not None and other.stdout.readline()
        with pytest.raises(StoreError, match="open in another program"):
            demo.make(tmp_path / "demo", 2, 1, wall())
        other.kill()
    assert everything(made.store) == before
    assert everything(demo.make(tmp_path / "demo", 2, 1, wall()).store) != before


class Terminal:
    """`supervisor demo` on a pseudo-terminal, its floor in a folder of its own."""

    def __init__(self, home: Path, *options: str) -> None:
        self.main, side = pty.openpty()
        fcntl.ioctl(self.main, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        self.screen = pyte.Screen(120, 40)
        self._stream = pyte.ByteStream(self.screen)
        self.written = b""
        self.begun = time.monotonic()
        environment = {**os.environ, "XDG_DATA_HOME": str(home), "TERM": "xterm-256color"}
        self.child = subprocess.Popen(
            [*SUPERVISOR, "demo", *options],
            stdin=side,
            stdout=side,
            stderr=side,
            env=environment,
            start_new_session=True,
        )
        os.close(side)

    @property
    def shown(self) -> str:
        return "\n".join(self.screen.display)

    def until(self, condition: Callable[[str], object], seconds: float = 30) -> float:
        """Read until `condition` holds of what is shown; how many seconds after the start that was."""
        end = time.monotonic() + seconds
        while not condition(self.shown):
            assert time.monotonic() < end, self.shown
            self._read(0.05)
        return time.monotonic() - self.begun

    def _read(self, seconds: float) -> None:
        if select.select([self.main], [], [], seconds)[0]:
            try:
                part = os.read(self.main, 65536)
            except OSError:
                time.sleep(0.01)
                return
            self.written += part
            self._stream.feed(part)

    def press(self, keys: str) -> None:
        os.write(self.main, keys.encode())

    def end(self) -> int:
        end = time.monotonic() + 10
        while self.child.poll() is None and time.monotonic() < end:
            self._read(0.05)
        self._read(0.1)
        return self.child.wait(1)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path, "--seed", "3", "--speed", "60")
    yield terminal
    terminal.child.kill()
    terminal.child.wait()


def test_on_a_terminal_it_lives_within_seconds_refuses_a_second_one_and_leaves_no_trace(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.until(lambda shown: "Hugo Marin" in shown)
    clock = re.compile(r"\b(\d\d:\d\d)\b")
    first = terminal.shown
    terminal.until(lambda shown: shown != first and clock.search(shown), 10)
    told = [terminal.shown]
    for _ in range(3):
        before = terminal.shown
        terminal.until(lambda shown, before=before: shown != before, 10)  # type: ignore[misc]
        told.append(terminal.shown)
    assert not any(re.search(r"(?<![\w-])-\d", shown) for shown in told), "nothing is negative"
    assert not any("stale" in shown or "down" in shown.split("\n")[0] for shown in told)
    second = subprocess.run(
        [*SUPERVISOR, "demo", "--no-console"],
        env={**os.environ, "XDG_DATA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert second.returncode == 2
    assert "open in another program" in second.stderr and second.stderr.count("\n") == 1
    terminal.press("q")
    assert terminal.end() == 0
    assert terminal.written.count(b"\x1b[?1049h") == terminal.written.count(b"\x1b[?1049l") == 1
    said = terminal.written.partition(b"\x1b[?1049h")[0].decode()
    assert "floor.toml" in said and "floor.db" in said
    assert b"Traceback" not in terminal.written


def test_told_to_end_it_leaves_no_trace_either(terminal: Terminal) -> None:
    terminal.until(lambda shown: "Hugo Marin" in shown)
    terminal.child.send_signal(signal.SIGTERM)
    terminal.end()
    assert terminal.written.count(b"\x1b[?1049h") == terminal.written.count(b"\x1b[?1049l") == 1


def test_without_a_console_it_says_where_it_is_and_every_command_can_be_tried_on_it(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path)}
    made = subprocess.run(
        [*SUPERVISOR, "demo", "--no-console"], env=environment, capture_output=True, text=True, check=True
    )
    assert not made.stderr
    said = {line[:15].strip(): line[15:] for line in made.stdout.splitlines()}
    assert Path(said["configuration"]).is_file() and Path(said["store"]).is_file()
    words = [*SUPERVISOR, "--config", said["configuration"], "status", "--format", "json"]
    status = json.loads(subprocess.run(words, capture_output=True, check=True).stdout)
    assert [source["state"] for source in status["sources"]] == ["up"]
    assert len(status["specialists"]) >= 12
    assert {line["state"] for line in status["specialists"]} >= {"idle"}
    assert status["totals"]["dials"] > 200


def test_it_has_customers_at_every_contact_and_orders_of_every_kind(tmp_path: Path) -> None:
    made = demo.make(tmp_path / "demo", 1, 1, wall())
    config, rules = made.config, rules_of(made.config)
    with closing(open_store(made.store)) as store:
        slow = read.read_slow(store.read, config, NOW_US, {})
        with store.read() as connection:
            followups = read.read_followups(connection, config, NOW_US, slow)
            inbox = read.read_inbox(connection)
            orders = read_orders(connection, config, NOW_US)
            library = solutions.standing(connection)
            stories = [read_story(connection, config, line.customer_id, NOW_US) for line in followups.queue[:80]]
        with store.write() as connection:
            assert matching.recount(connection, rules.numbers, NOW_US) == (0, 0, 0, 0)
    assert all(followups.histogram[:14])
    assert {line.group for line in followups.queue} == {"window", "next", "overdue", "rest"}
    assert {line.tier for line in followups.queue} == {"major", "important", "target", "other"}
    assert followups.past and followups.counts.doubles >= 2
    assert followups.window.own and 6 <= followups.window.first <= followups.window.last <= 13
    assert max(followups.effort, key=lambda one: one.outside / one.dials).specialist == "Farid Haddad"
    assert {line.shared for line in inbox} == {True, False}
    marks = {mark for line in orders.orders for mark in line.marks}
    assert marks == {str(mark) for mark in attention.Mark}
    assert {line.stage for line in orders.orders} == set(config.orders.stages)
    assert orders.left >= 10 and orders.own_probabilities
    assert len(library) == len(SOLUTIONS)
    found = {entry.mark for story in stories for entry in story.entries}
    assert found >= {"", "unlogged", "unproved", "inflated"}


def test_every_rule_is_seen_on_it_and_finding_it_again_changes_nothing(tmp_path: Path) -> None:
    made = demo.make(tmp_path / "demo", 1, 1, wall())
    with closing(open_store(made.store)) as store:
        with store.read() as connection:
            seen = dict(driver.rows(connection, "SELECT rule, count(*) FROM flag GROUP BY rule"))
            days = driver.rows(connection, "SELECT DISTINCT day FROM flag ORDER BY day DESC LIMIT 3")
            snapshot = read_discipline(connection, made.config, NOW_US)
            traces = driver.rows(connection, "SELECT count(*) FROM flag_event")
        with store.write() as connection:
            for (day,) in days:
                again = evaluate_day(connection, made.config, day, NOW_US)
                assert (again.raised, again.changed, again.withdrawn) == (0, 0, 0) and again.kept
            assert driver.rows(connection, "SELECT count(*) FROM flag_event") == traces
    assert {rule.code for rule in AUTOMATIC} <= seen.keys() and "merit" in seen
    assert seen["absent_but_calling"] < seen["idle"] < 400, "a floor that works, with some who do not"
    assert snapshot.open and snapshot.decided and all(line.words for line in (*snapshot.open, *snapshot.decided))
    assert {"decided"} < {line.state for line in (*snapshot.open, *snapshot.decided)}


def test_paid_customers_are_served_and_enquiries_answered(tmp_path: Path) -> None:
    made = demo.make(tmp_path / "demo", 1, 1, wall())
    with closing(open_store(made.store)) as store, store.read() as connection:
        told = read_onboarding(connection, made.config, NOW_US)
        enquiries = read_enquiries(connection, made.config, NOW_US)
        wrong = driver.rows(connection, "SELECT 1 FROM step_run WHERE ended_us < started_us OR ended_us > ?", (NOW_US,))
    assert not wrong
    assert told.counts.overdue >= 2 and told.counts.running > told.counts.overdue and told.counts.blocked
    assert all(line.own for line in told.customers), "enough went live for estimates of the floor's own"
    assert any(line.round > 1 and line.reason for line in told.steps), "something was sent back"
    assert any(line.prods for line in told.steps)
    assert {line.assistant for line in told.customers} == set(ASSISTANTS)
    assert any(line.handed_us for line in enquiries.enquiries) and any(line.late for line in enquiries.enquiries)


def test_days_were_audited_and_signed_and_yesterday_waits(tmp_path: Path) -> None:
    made = demo.make(tmp_path / "demo", 1, 1, wall())
    calendar = Calendar(made.config.floor)
    today = date_of(calendar.today(NOW_US))
    worked = [day for ago in range(1, 10) if calendar.spans(day := day_number(today - timedelta(days=ago)))]
    with closing(open_store(made.store)) as store, store.read() as connection:
        links = chain(connection)
        audits = [read_audit(connection, made.config, day, NOW_US) for day in worked[:3]]
    assert [link.day for link in links] == sorted(worked[1:3]) and not any(link.fault for link in links)
    assert all(audit.balanced and audit.over for audit in audits)
    assert audits[0].signed is None and 5 <= audits[0].open <= 40
    assert all(audit.signed is not None and not audit.signed.revisions and not audit.open for audit in audits[1:])
