"""Behind quota: "at the end of the day dials or effective calls below quota x attendance; severity by the worse
ratio"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import ceil
from operator import attrgetter

from supervisor.config import Config
from supervisor.duties.calls.pace import ABSENT
from supervisor.duties.discipline.findings import HIGH, LOW, MEDIUM, Evidence, Finding
from supervisor.duties.discipline.rules.outliers import team_median
from supervisor.duties.discipline.rules.raising import raised
from supervisor.duties.discipline.rules.words import without
from supervisor.duties.discipline.rules.working import counted, excused, is_over
from supervisor.duties.discipline.seen import DayFacts, PersonDay

_DIGITS = 9
"""Digits after the point to which quotas and shares are told apart: 80 x 0.65 is 52."""
_dial, _effective = attrgetter("dial"), attrgetter("effective")


def behind_quota(person: PersonDay, facts: DayFacts, config: Config) -> Iterable[Finding]:
    """Find who has, with the shift over, fewer dials or fewer effective calls than their quota, scaled by the share of
    the shift that no excuse covers. High where the worse ratio is under 0.5, medium under 0.8, else low."""
    if person.specialist_id is None or person.attendance in ABSENT or not is_over(person):
        return
    whole = sum(end - begin for begin, end in person.shift)
    share = sum(end - begin for begin, end in counted(person)) / whole
    dials_due, effective_due = (round(of * share, _DIGITS) for of in (person.quota.dials, person.quota.effective))
    dials, effective = _done(person)
    measured = [
        (done, due, name)
        for done, due, name in ((dials, dials_due, "dials"), (effective, effective_due, "effective"))
        if due > 0
    ]
    if all(done >= due for done, due, _ in measured):
        return
    ratio = min(round(done / due, _DIGITS) for done, due, _ in measured)
    begin, end = person.shift[0][0], person.shift[-1][1]
    figures = {
        "dials": dials, "dials_due": round(dials_due, 2),
        "effective": effective, "effective_due": round(effective_due, 2),
        "worse_ratio": round(ratio, 3), "share_of_shift": round(share, 3),
    }  # fmt: skip
    yield raised(
        person,
        "behind_quota",
        end,
        HIGH if ratio < 0.5 else MEDIUM if ratio < 0.8 else LOW,
        # As many whole calls as it takes: 7 are short of 7.5, and "7 of 8" says so.
        Evidence(", ".join(f"{done} of {ceil(due)} {name}" for done, due, name in measured), (), figures),
        excuses=without(excused(person, begin, end), facts.time_zone),
    )


def beside_the_team(team: Sequence[PersonDay], facts: DayFacts, config: Config) -> Iterable[Finding]:
    """Find the same of all people of a team, and tell with each the medians of those of whom something was expected."""
    found = [finding for person in team for finding in behind_quota(person, facts, config)]
    if not found:
        return
    expected = [
        _done(person)
        for person in team
        if person.attendance not in ABSENT and is_over(person) and person.quota.dials + person.quota.effective > 0
    ]
    dials, effective = zip(*expected, strict=True)
    base = ", ".join(filter(None, (team_median(dials, "dials"), team_median(effective, "effective"))))
    for finding in found:
        yield replace(finding, evidence=replace(finding.evidence, base=base))


def _done(person: PersonDay) -> tuple[int, int]:
    """Dials and effective calls of the day."""
    return sum(map(_dial, person.calls)), sum(map(_effective, person.calls))
