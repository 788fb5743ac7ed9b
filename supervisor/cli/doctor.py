"""`supervisor doctor`: look over configuration, store, sources and this machine; each line says ok or what to do."""

from __future__ import annotations

import asyncio
import sys
from contextlib import closing
from typing import Annotated

import typer
from rich.cells import cell_len

from integrations.provider import Finding, Level, SourceError
from supervisor import surroundings
from supervisor.cli import common
from supervisor.config import Config, ConfigError
from supervisor.sources import make_provider

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)

DEADLINE_S = 15.0
MARKS = {Level.OK: "ok", Level.WARN: "!", Level.FAIL: "✕"}


@app.command()
def doctor(form: Annotated[common.Format, typer.Option("--format")] = common.Format.TABLE) -> None:
    """Check configuration, store, sources, terminal, log and clock. Exit status 1 where something must be done."""
    findings = look()
    if form is common.Format.JSON:
        common.json([{"subject": f.subject, "level": f.level, "detail": f.detail} for f in findings])
    elif form is common.Format.CSV:
        common.csv(["subject", "level", "detail"], [[f.subject, str(f.level), f.detail] for f in findings])
    else:
        width = max(cell_len(finding.subject) for finding in findings)
        for finding in findings:
            room = " " * (width - cell_len(finding.subject))
            common.say(f"{MARKS[finding.level]:<2}  {finding.subject}{room}  {finding.detail}")
    if any(finding.level is Level.FAIL for finding in findings):
        raise typer.Exit(1)


def look() -> list[Finding]:
    """Return what was found, in the order of a first set-up: without a configuration only what needs none."""
    findings: list[Finding] = []
    try:
        config = common.load()
    except ConfigError as error:
        findings.append(Finding("configuration", Level.FAIL, str(error)))
    else:
        findings.append(Finding("configuration", Level.OK, config.origin))
        findings += store(config)
        findings += asyncio.run(sources(config))
        findings += surroundings.log(config)
        findings += surroundings.clock(config.floor.time_zone, common.now_us())
    findings += surroundings.program()
    findings += surroundings.terminal(sys.stdout)
    return findings


def store(config: Config) -> list[Finding]:
    """Whether the store is there, of this program's schema, with room to grow, and can be written."""
    from store import StoreError
    from store.check import state
    from store.engine import attach

    found: list[Finding] = []
    try:
        with closing(attach(config.store.url)) as opened:
            found += [Finding(f"store {line.subject}", Level(line.level), line.detail) for line in state(opened)]
            with opened.write():
                pass  # taking the writer's turn and leaving it proves that writing is possible
            found.append(Finding("store writing", Level.OK, "possible"))
    except StoreError as error:
        found.append(Finding("store", Level.FAIL, str(error)))
    return found


async def sources(config: Config) -> list[Finding]:
    """What each source's own check found; all are asked at once, each has `DEADLINE_S` seconds."""
    if not config.sources:
        return [
            Finding("sources", Level.WARN, "none is configured yet; add a [sources.NAME], see docs/connecting.md"),
        ]
    found = await asyncio.gather(*(_source(config, name) for name in config.sources))
    return [finding for findings in found for finding in findings]


async def _source(config: Config, name: str) -> list[Finding]:
    try:
        provider = make_provider(config, name)
        try:
            async with asyncio.timeout(DEADLINE_S):
                return [_of(name, finding) for finding in await provider.check()]
        finally:
            await provider.close()
    except TimeoutError:
        return [Finding(name, Level.FAIL, f"no answer within {DEADLINE_S:.0f} s; is its address right?")]
    except (ConfigError, SourceError, OSError) as error:
        return [Finding(name, Level.FAIL, str(error))]


def _of(name: str, finding: Finding) -> Finding:
    """Say whose finding it is."""
    subject = finding.subject if finding.subject.startswith(name) else f"{name} {finding.subject}"
    return Finding(subject, finding.level, finding.detail)
