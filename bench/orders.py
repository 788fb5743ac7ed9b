"""An order round on a real terminal: from the key to the next order on the screen, with many orders open."""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from bench import records
from bench.measure import Figure, percentile
from bench.terminal import terminal
from store import sqlite
from store.engine import create_store

OPEN = 200
KEYS = 100
GOAL_MS = 50


def name(order: int) -> str:
    """No letter stands where it stood in the order before: the whole name is drawn."""
    return chr(ord("A") + order % 26) * 12


def fill(path: Path) -> None:
    """A store with `OPEN` orders, the larger amount first, each with a fact and a customer of its own."""
    create_store(str(path)).close()
    now_us = time.time_ns() // 1000
    with closing(sqlite.connect(path, "rw", 10)) as driven:
        driven.execute("INSERT INTO specialist (id, name, region) VALUES (1, 'Specialist 1', '')")
        for order in range(1, OPEN + 1):
            driven.execute(
                "INSERT INTO customer (id, ref, company, company_key, region, type, tier, registered, owner_id, "
                "status, time_zone, dnc_why, dnc_by, opened_us, contacts, last_us, last_day, on_last_day, next_note, "
                "taken_by) "
                "VALUES (?, ?, ?, ?, '', '', 3, 0, 1, 'open', '', '', '', 0, 0, 0, 0, 0, '', '')",
                (order, f"C{order}", name(order), name(order).lower()),
            )
            driven.execute(
                "INSERT INTO sales_order (id, ref, customer_id, specialist_id, package, amount_cents, stage, status, "
                "opened_day, closed_score, closed_why, next_step, version, changed_us, changed_by) "
                "VALUES (?, ?, ?, 1, 'Gold', ?, 'offer', 'open', 20260101, 0, '', '', 1, ?, '')",
                (order, f"O{order}", order, 100_000_000 - order * 100, now_us),
            )
            driven.execute(
                "INSERT INTO evidence (order_id, code, heard_us, note, who, entered_us) "
                "VALUES (?, 'price', ?, '', '', ?)",
                (order, now_us, now_us),
            )


def figures() -> list[Figure]:
    """Milliseconds from the key to the last letter of the next order's customer."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        configuration, store = Path(folder) / "supervisor.toml", Path(folder) / "floor.db"
        configuration.write_text(records.CONFIGURATION)
        fill(store)
        supervisor = str(Path(sys.executable).parent / "supervisor")
        words = [supervisor, "--config", str(configuration), "--store", str(store), "console"]
        taken = []
        with terminal(words, 120, 40) as shown:
            shown.quiet(3)
            os.write(shown.leader, b"3")
            shown.until(name(1).encode())
            shown.quiet(0.5)
            os.write(shown.leader, b"r")
            shown.quiet(1)
            for order in range(2, KEYS + 2):
                begun = time.perf_counter()
                os.write(shown.leader, b"J")
                taken.append(shown.until(name(order).encode()) - begun)
                shown.quiet(random.uniform(0.05, 0.15))
    late = percentile(taken, 0.95) * 1000
    told = f"p50 {statistics.median(taken) * 1000:.1f} ms", f"p95 {late:.1f} ms"
    return [Figure(f"key to the next order on the screen, {OPEN} open: p50, p95", *told, late, GOAL_MS, "ms")]
