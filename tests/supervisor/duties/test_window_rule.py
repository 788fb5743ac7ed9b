"""The contact window, fixed and the floor's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.duties.followups.window import Z_90, HazardPoint, Window, hazard, shortest_run, wilson, window_of

signings = st.dictionaries(st.integers(0, 15), st.integers(0, 20), max_size=10)


def test_hazard_is_signed_by_those_who_reached_the_contact() -> None:
    eighth, ninth = hazard([(9, 50, 0), (8, 100, 10), (30, 0, 0)])
    assert eighth[:4] == (8, 100, 10, 0.1)
    assert (eighth.low, eighth.high) == pytest.approx((0.060719, 0.160355), abs=1e-6)
    assert ninth == HazardPoint(9, 50, 0, 0.0, 0.0, pytest.approx(0.05133, abs=1e-5))


def test_wilson_bands_at_their_ends() -> None:
    assert wilson(1, 1)[1] == 1.0
    assert wilson(0, 1)[0] == 0.0
    assert wilson(0, 1)[1] == pytest.approx(1 - wilson(1, 1)[0])
    for hits, of in ((2, 1), (-1, 1), (0, 0)):
        with pytest.raises(ValueError, match="is no share"):
            wilson(hits, of)
    with pytest.raises(ValueError, match="3 of 2"):
        hazard([(8, 2, 3)])


@given(st.integers(1, 10_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_band_holds_the_rate_within_0_and_1(counts: tuple[int, int]) -> None:
    low, high = wilson(*counts)
    assert 0 <= low <= counts[0] / counts[1] <= high <= 1
    assert low < high
    for end in (low, high):  # the shares from which what was counted lies 1.64 standard errors away
        if 0 < end < 1:
            assert (counts[0] / counts[1] - end) ** 2 == pytest.approx(Z_90**2 * end * (1 - end) / counts[1])


@pytest.mark.parametrize(
    ("signed_at", "run"),
    [
        ({9: 1}, (9, 9)),
        ({8: 6, 3: 4}, (8, 8)),  # exactly 60 %
        ({8: 59, 3: 41}, (3, 8)),
        ({8: 3, 9: 3, 3: 4}, (8, 9)),
        ({1: 2, 2: 2, 3: 2, 4: 2, 5: 2}, (1, 3)),  # equally good: the earlier
        ({1: 2, 2: 2, 3: 2, 4: 2, 5: 3}, (3, 5)),  # equally short: the one with more
        ({2: 3, 4: 3}, (2, 4)),  # nobody signed between
        ({0: 100, 8: 3, 9: 1, 10: 1}, (8, 8)),  # what signed without a contact is no part of it
        ({8: 0, 9: 2}, (9, 9)),
    ],
)
def test_the_shortest_run_with_its_share(signed_at: dict[int, int], run: tuple[int, int]) -> None:
    assert shortest_run(signed_at) == run


def test_a_share_is_reckoned_exactly() -> None:
    assert shortest_run({1: 7, 9: 3}, 0.7) == (1, 1)  # 0.7 * 10 is more than 7 in binary floating point
    assert shortest_run({1: 21, 9: 14}, 0.6) == (1, 1)
    assert shortest_run({1: 1, 9: 1}, 1.0) == (1, 9)


def test_no_run_of_nothing() -> None:
    for signed_at, share in (({}, 0.6), ({0: 5}, 0.6), ({8: 0}, 0.6), ({8: 1}, 0.0), ({8: 1}, 1.1)):
        with pytest.raises(ValueError, match="no run of contact numbers"):
            shortest_run(signed_at, share)


@given(signings, st.sampled_from([0.1, 0.5, 0.6, 0.9, 1.0]))
def test_no_other_run_is_better(signed_at: dict[int, int], share: float) -> None:
    def held(first: int, last: int) -> int:
        return sum(signed_at.get(k, 0) for k in range(first, last + 1))

    whole = held(1, 15)
    if not whole:
        return
    runs = [(first, last) for first in range(1, 16) for last in range(first, 16)]
    enough = [run for run in runs if held(*run) * 10 >= round(share * 10) * whole]
    assert shortest_run(signed_at, share) == min(enough, key=lambda run: (run[1] - run[0], -held(*run), run))


def test_the_window_is_fixed_until_there_are_signings_enough() -> None:
    assert window_of({}) == Window(8, 11, False, False, 0)
    assert window_of({5: 49}) == Window(8, 11, False, False, 49)
    assert window_of({5: 49, 0: 9}) == Window(8, 11, False, False, 49)
    assert window_of({5: 20, 6: 20, 9: 10}) == Window(5, 6, True, False, 50)
    assert window_of({5: 5}, own_from=5, first=1, last=2) == Window(5, 5, True, False, 5)
    assert window_of({5: 30, 6: 20}, share=0.61) == Window(5, 6, True, False, 50)
    assert window_of({}, own_from=0) == Window(8, 11, False, False, 0)


def test_a_pinned_window_stays() -> None:
    assert window_of({5: 500}, pinned=True, first=7, last=9) == Window(7, 9, False, True, 500)
