"""What flags and merits count, from when and until when."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.calendar import date_of, day_number, days_between
from supervisor.duties.discipline.findings import HIGH, LOW, MEDIUM
from supervisor.duties.discipline.points import points_of, points_of_merit, points_on, score
from supervisor.duties.discipline.read import back
from supervisor.duties.discipline.snapshots import DECISIONS
from supervisor.settings import Discipline

DAY = 20261123
TOLD = Discipline()


@pytest.mark.parametrize("decision", ["talked", "warned", "fined"])
def test_points_are_by_severity(decision: str) -> None:
    assert [points_of(decision, severity, TOLD) for severity in (LOW, MEDIUM, HIGH)] == [1, 2, 3]
    own = Discipline(points=(0, 4, 9), merit_points=5)
    assert [points_of(decision, severity, own) for severity in (LOW, MEDIUM, HIGH)] == [0, 4, 9]
    assert points_of_merit(own) == -5


@pytest.mark.parametrize("decision", ["dismissed", "rewarded", ""])
def test_what_is_no_breach_has_none(decision: str) -> None:
    assert points_of(decision, HIGH, TOLD) == 0


@pytest.mark.parametrize(("later", "counts"), [(-1, 0), (0, 3), (1, 3), (89, 3), (90, 0), (91, 0), (400, 0)])
def test_they_count_from_the_decision_until_they_expire(later: int, counts: int) -> None:
    assert points_on(3, DAY, back(DAY, -later), 90) == counts


def test_one_day_is_the_shortest_and_what_is_not_decided_has_none() -> None:
    assert (points_on(3, DAY, DAY, 1), points_on(3, DAY, 20261124, 1)) == (3, 0)
    assert points_on(3, None, DAY, 90) == 0


def test_a_score_is_the_sum_and_never_below_0() -> None:
    assert score([(3, DAY), (2, DAY), (-2, DAY)], DAY, 90) == 3
    assert score([(1, DAY), (-2, DAY)], DAY, 90) == 0
    assert score([], DAY, 90) == 0
    assert score([(3, back(DAY, 90)), (2, back(DAY, 89))], DAY, 90) == 2, "the older one expired"


_DECIDED = st.lists(st.tuples(st.integers(-9, 9), st.one_of(st.none(), st.integers(0, 400))), max_size=30)


@given(_DECIDED, st.integers(1, 365), st.randoms())
def test_order_does_not_matter(decided: list[tuple[int, int | None]], expires: int, random: object) -> None:
    told = [(points, None if ago is None else back(DAY, ago)) for points, ago in decided]
    shuffled = list(told)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    naive = sum(points for points, ago in decided if ago is not None and ago < expires)
    assert score(told, DAY, expires) == score(shuffled, DAY, expires) == max(0, naive)


@given(st.sampled_from(DECISIONS), st.sampled_from([LOW, MEDIUM, HIGH]), st.integers(0, 1000), st.integers(1, 365))
def test_every_flag_is_forgotten_in_the_end(decision: str, severity: int, later: int, expires: int) -> None:
    day = back(DAY, -later)
    counts = points_on(points_of(decision, severity, TOLD), DAY, day, expires)
    assert counts == (points_of(decision, severity, TOLD) if days_between(DAY, day) < expires else 0)
    assert day_number(date_of(day)) == day
