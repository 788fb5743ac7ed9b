"""Orders: evidence, forecast and claims."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.duties.orders.claims import Claim, Fate, Record, brier, record, resolve
from supervisor.duties.orders.evidence import (
    FACTS,
    LETTERS,
    Heard,
    best,
    feelings_only,
    missing,
    points,
    score,
)
from supervisor.duties.orders.forecast import (
    DEFAULTS,
    Line,
    band_of,
    expected_cents,
    forecast,
    probabilities,
)

DAY_US = 24 * 3600 * 1_000_000
NOW = 2_000 * DAY_US


def heard(code: str, days: float = 0, linked: bool = True) -> Heard:
    return Heard(code, NOW - round(days * DAY_US), linked)


heards = st.lists(
    st.builds(
        heard,
        st.sampled_from([*(fact.code for fact in FACTS), "feeling"]),
        st.floats(-5, 400, allow_nan=False),
        st.booleans(),
    ),
    max_size=30,
)


def test_the_facts_their_weights_and_letters() -> None:
    assert [(fact.code, fact.weight, fact.letter) for fact in FACTS] == [
        ("contract", 25, "c"),
        ("payment_date", 25, "p"),
        ("price", 15, "r"),
        ("decision_maker", 15, "m"),
        ("appointment", 10, "a"),
        ("material", 10, "h"),
    ]
    assert len(LETTERS) == len(FACTS) and LETTERS["m"] == "decision_maker"


@pytest.mark.parametrize(
    ("one", "worth"),
    [
        (heard("contract"), 25.0),
        (heard("contract", linked=False), 12.5),
        (heard("payment_date", 14), 12.5),
        (heard("price", 28), 3.75),
        (heard("decision_maker", 14, linked=False), 3.75),
        (heard("appointment", -3), 10.0),
        (heard("material", 7), 10 * 0.5**0.5),
        (heard("feeling"), 0.0),
        (heard("very interested", linked=False), 0.0),
    ],
)
def test_points_halve_in_14_days_and_by_half_where_only_typed(one: Heard, worth: float) -> None:
    assert points(one, NOW) == pytest.approx(worth, abs=1e-12)


def test_the_score_takes_the_best_of_each_kind() -> None:
    typed, linked = heard("contract", 0, linked=False), heard("contract", 7)
    assert best([typed, linked, heard("feeling")], NOW) == {"contract": linked}
    assert best([typed, linked], NOW + 14 * DAY_US) == {"contract": linked}
    assert score([typed, linked, heard("price"), heard("price")], NOW) == pytest.approx(25 * 0.5**0.5 + 15)
    assert list(best([heard("material"), heard("contract")], NOW)) == ["contract", "material"]
    twin = heard("contract", 14)
    assert best([typed, twin], NOW)["contract"] is typed  # both are worth 12.5: the one told first
    assert score([], NOW) == 0


def test_the_score_ends_at_100_and_feelings_add_nothing() -> None:
    everything = [heard(fact.code) for fact in FACTS]
    assert score(everything, NOW) == 100
    assert score([*everything, *everything, heard("feeling")], NOW) == 100
    assert score([heard("feeling")] * 50, NOW) == 0


@given(heards)
def test_a_score_is_within_its_ends_and_never_rises_by_waiting(told: list[Heard]) -> None:
    now = score(told, NOW)
    assert 0 <= now <= 100
    assert score(told, NOW + DAY_US) <= now + 1e-9
    assert score(told[::-1], NOW) == pytest.approx(now)
    assert score([one for one in told if one.code != "feeling"], NOW) == now


def test_what_to_ask_for_next() -> None:
    assert missing([]) == FACTS
    assert [fact.code for fact in missing([heard("price", 999), heard("feeling"), heard("contract")])] == [
        "payment_date", "decision_maker", "appointment", "material",
    ]  # fmt: skip


def test_feelings_only_where_it_is_held_for_likely_without_a_fact() -> None:
    assert feelings_only([], True)
    assert feelings_only([heard("feeling")], True)
    assert not feelings_only([], False)
    assert not feelings_only([heard("feeling"), heard("material", 999, linked=False)], True)


def test_bands_begin_at_their_scores() -> None:
    assert [band_of(one) for one in (0, 19.99, 20, 39.9, 40, 59, 60, 79.9, 80, 100)] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]


def test_the_defaults_until_there_are_closed_orders_enough() -> None:
    defaults = tuple(Fraction(repr(one)) for one in DEFAULTS)
    assert defaults == (Fraction(1, 20), Fraction(3, 20), Fraction(7, 20), Fraction(3, 5), Fraction(4, 5))
    assert probabilities([]) == defaults
    assert probabilities([(10, True)] * 49) == defaults
    own = [(10, True)] * 1 + [(10, False)] * 9 + [(85, True)] * 30 + [(70, False)] * 10
    assert probabilities(own) == (Fraction(1, 10), *defaults[1:3], 0, 1)  # no closed order in two of the bands
    assert probabilities(own[:2], own_from=2)[0] == Fraction(1, 2)
    for wrong in ((0.5,) * 4, (0.5, 0.5, 0.5, 0.5, 1.5)):
        with pytest.raises(ValueError, match="5 probabilities within"):
            probabilities([], defaults=wrong)


@pytest.mark.parametrize(
    ("amount", "one", "cents"),
    [(980_000, 62.0, 588_000), (10, 0.0, 1), (9, 0.0, 0), (29, 0.0, 1), (30, 0.0, 2), (50, 0.0, 3), (0, 99.0, 0)],
)
def test_an_expected_amount_is_rounded_half_up(amount: int, one: float, cents: int) -> None:
    assert expected_cents(amount, one, probabilities([])) == cents


def test_a_half_stays_a_half_whatever_the_share_is() -> None:
    own = probabilities([(0, True)] + [(0, False)] * 21, own_from=1)
    assert expected_cents(11, 0, own) == 1  # 11 x 1/22


lines = st.lists(
    st.builds(
        Line,
        st.integers(0, 10**15 - 1),
        st.floats(0, 100),
        st.sampled_from(["offer", "contract", ""]),
        st.sampled_from([1, 2, None]),
    ),
    max_size=20,
)


@given(lines, st.lists(st.tuples(st.floats(0, 100), st.booleans()), max_size=80))
def test_the_parts_of_a_forecast_add_up(told: list[Line], closed: list[tuple[float, bool]]) -> None:
    found = forecast(told, probabilities(closed))
    assert found.total == sum(found.by_stage.values()) == sum(found.by_specialist.values())
    assert set(found.by_stage) == {line.stage for line in told}


@given(st.integers(0, 10**15 - 1), st.floats(0, 100))
def test_the_expected_amount_is_what_decimals_say(amount: int, one: float) -> None:
    told = Decimal(amount) * Decimal(repr(DEFAULTS[band_of(one)]))
    assert expected_cents(amount, one, probabilities([])) == int(told.quantize(Decimal(1), ROUND_HALF_UP))


def test_a_forecast_of_three_orders() -> None:
    told = [Line(100_000, 10, "offer", 1), Line(100_000, 90, "contract", 1), Line(33, 45, "offer", None)]
    found = forecast(told, probabilities([]))
    assert found.total == 5_000 + 80_000 + 12
    assert found.by_stage == {"offer": 5_012, "contract": 80_000}
    assert found.by_specialist == {1: 85_000, None: 12}


CLAIM = Claim(20261127, NOW, 0.8)


@pytest.mark.parametrize(
    ("signed_day", "lost_day", "today", "fate"),
    [
        (None, None, 20261126, Fate.OPEN),
        (None, None, 20261127, Fate.OPEN),
        (None, None, 20261128, Fate.MISSED),
        (20261126, None, 20261126, Fate.KEPT),
        (20261127, None, 20270101, Fate.KEPT),
        (20261128, None, 20261128, Fate.MISSED),
        (None, 20261121, 20261121, Fate.MISSED),
        (20261120, 20261122, 20261122, Fate.KEPT),
    ],
)
def test_what_became_of_a_claim(signed_day: int | None, lost_day: int | None, today: int, fate: Fate) -> None:
    assert resolve(CLAIM, signed_day, lost_day, today) is fate


def test_brier_is_the_mean_squared_error() -> None:
    assert brier([]) is None
    assert brier([(1.0, True), (0.0, False)]) == 0
    assert brier([(1.0, False)]) == 1
    assert brier([(0.8, True), (0.6, False)]) == pytest.approx((0.04 + 0.36) / 2)
    with pytest.raises(ValueError, match="80 is not within"):
        brier([(80, True)])


def test_a_record_counts_every_claim_once_and_scores_what_came_out() -> None:
    told = [
        (CLAIM, 20261120, None),
        (CLAIM._replace(probability=0.5), None, 20261120),
        (CLAIM, None, None),
    ]
    assert record(told, 20261121) == Record(1, 1, 1, pytest.approx((0.04 + 0.25) / 2))
    assert record([(CLAIM, None, None)], 20261121) == Record(0, 0, 1, None)
    assert record([], 20261121) == Record(0, 0, 0, None)
