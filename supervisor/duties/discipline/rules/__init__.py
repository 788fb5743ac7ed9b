"""The automatic rules of discipline: pure functions over a day as seen. A file a rule; here they are applied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from supervisor.config import Config
from supervisor.duties.discipline.findings import Finding
from supervisor.duties.discipline.rules.absent_but_calling import absent_but_calling
from supervisor.duties.discipline.rules.behind_quota import beside_the_team
from supervisor.duties.discipline.rules.do_not_call_dialled import do_not_call_dialled
from supervisor.duties.discipline.rules.idle import idle
from supervisor.duties.discipline.rules.logged_without_a_call import logged_without_a_call
from supervisor.duties.discipline.rules.out_of_hours import out_of_hours
from supervisor.duties.discipline.rules.padding import padding
from supervisor.duties.discipline.rules.present_but_silent import present_but_silent
from supervisor.duties.discipline.rules.private_call import private_call
from supervisor.duties.discipline.rules.working import own_calls
from supervisor.duties.discipline.seen import DayFacts, PersonDay

_OF_PEOPLE: Mapping[str, Callable[[PersonDay, DayFacts, Config], Iterable[Finding]]] = {
    "idle": idle,
    "private_call": private_call,
    "absent_but_calling": absent_but_calling,
    "present_but_silent": present_but_silent,
    "out_of_hours": out_of_hours,
    "do_not_call_dialled": do_not_call_dialled,
    "logged_without_a_call": logged_without_a_call,
}
_OF_TEAMS: Mapping[str, Callable[[Sequence[PersonDay], DayFacts, Config], Iterable[Finding]]] = {
    "behind_quota": beside_the_team,
    "padding": padding,
}


def find(people: Sequence[PersonDay], facts: DayFacts, config: Config, codes: Collection[str]) -> list[Finding]:
    """Apply the automatic rules `codes` to all `people` of a day; what they found, by when, rule, whose and subject.

    Their order and that of their calls does not matter. Who is compared with a team is compared with those of it that
    are among `people`: behind_quota and padding want all of them. ValueError where a code is no automatic rule's.
    """
    if unknown := set(codes) - _OF_PEOPLE.keys() - _OF_TEAMS.keys():
        known = ", ".join(sorted({*_OF_PEOPLE, *_OF_TEAMS}))
        raise ValueError(f"{min(unknown)!r} is no automatic rule; there are {known}")
    of_people = [rule for code, rule in _OF_PEOPLE.items() if code in codes]
    of_teams = [rule for code, rule in _OF_TEAMS.items() if code in codes]
    found: list[Finding] = []
    teams: defaultdict[int | None, list[PersonDay]] = defaultdict(list)
    for person in people:
        calls = own_calls(person, facts.time_zone)
        if calls is not person.calls:
            person = replace(person, calls=calls)
        teams[person.team_id].append(person)
        for rule in of_people:
            found += rule(person, facts, config)
    for of_team in of_teams:
        for team in teams.values():
            found += of_team(team, facts, config)
    return sorted(found, key=lambda one: (one.at_us, one.rule, one.whose, one.subject))
