"""How the specialists spread over the shares of what was expected of them."""

from __future__ import annotations

from collections.abc import Iterable

from supervisor.reports.sections import Chart, Column, Kind, Section, Shape, section

STEPS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5)
"""Where one share ends and the next begins."""


def spread(told: Iterable[tuple[float, float]]) -> Section:
    """Return how many specialists did which share of what was expected: (done, expected) of each; those of whom nothing
    was expected are left out."""
    shares = [done / due for done, due in told if due > 0]
    edges = (0.0, *STEPS)
    rows = []
    for begin, end in zip(edges, (*STEPS, None), strict=True):
        words = f"{begin:.0%} and more" if end is None else f"{begin:.0%} to {end:.0%}"
        many = sum(share >= begin and (end is None or share < end) for share in shares)
        rows.append((words.replace("%", " %"), many))
    return section(
        "Spread",
        (Column("share of the quota", Kind.TEXT), Column("specialists")),
        rows if shares else (),
        total=("all", len(shares)),
        note="The upper end of a share belongs to the next.",
        empty="Nothing was expected of anybody.",
        chart=Chart("Specialists by their share of the quota", Shape.COLUMNS, 0, (1,)),
    )
