"""How the parts of an order under review stand on the screen: one column at 80, two from 120. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from screens.orders import card
from screens.orders.card import Line, Sight
from screens.orders.present import Row
from screens.orders.rounds import Round
from screens.widgets.cells import Cell
from supervisor.text import safe

TWO = 118
"""Width from which what was said and decided before stands beside."""
LEFT = 76
LEAST_OF_THE_ROUND = 3


class Laid(NamedTuple):
    """The lines of the two columns; none of the second where it is not shown."""

    main: list[Line]
    beside: list[Line]


def width_of(width: int) -> int:
    """Return how wide the first column is."""
    return width if width < TWO else max(LEFT, min(100, width // 2))


def rule(title: Sequence[Cell], width: int) -> Line:
    """Return a line that begins a part."""
    used = sum(len(cell.text) for cell in title)
    return [Cell("── ", "faint"), *title, Cell(" " + "─" * max(0, width - used - 4), "faint")], []


def lay(sight: Sight, tour: Round, rows: Mapping[int, Row], width: int, height: int) -> Laid:
    """Return the card of `height` lines below its head; `rows` are the orders of the round."""
    main = width_of(width)
    lines = _one(sight, width, height) if width < TWO else _main(sight, main, height)
    if (room := height - len(lines) - 2) >= LEAST_OF_THE_ROUND:
        lines += [([], []), rule([Cell("The round", "title")], main), *card.rail(tour, rows, main, room)]
    return Laid(lines, [] if width < TWO else _beside(sight, width - main - 2, height))


def _one(sight: Sight, width: int, height: int) -> list[Line]:
    """Everything below each other, in what 24 lines leave; what there is more room for is shown more of."""
    spare = max(0, height - 18)
    felt = card.feelings(sight, width - 16, 1 + spare // 3)
    title = [Cell("Worth nothing ", "quiet")]
    lines = [rule(card.score(sight.review.line), width), *card.facts(sight, width)]
    if felt:
        lines += [([*title, *felt[0][0]], []), *[([Cell(" " * 14), *one[0]], []) for one in felt[1:]]]
    else:
        lines.append(([*title, Cell(f"{sight.letters['feeling']}", "key"), Cell(" records a feeling", "quiet")], []))
    lines += [rule([Cell("This review", "title")], width), *card.so_far(sight, width, 1 + spare // 4)]
    lines.append(rule([Cell("Before", "title")], width))
    room = max(1, height - len(lines) - 1)
    lines += card.before(sight, width, min(room, 1 + spare // 3))
    said = safe(sight.review.said)
    lines += _said(said, width, max(1, height - len(lines)))
    return lines[:height]


def _said(said: str, width: int, most: int) -> list[Line]:
    head = [Cell("  Last said    ", "quiet")]
    if not said:
        return [([*head, Cell("nothing is written of a contact", "quiet")], [])]
    lines = card.wrapped(f'"{said}"', width - 15, most)
    return [(([*head] if not at else [Cell(" " * 15)]) + [Cell(one, "text")], []) for at, one in enumerate(lines)]


def _main(sight: Sight, width: int, height: int) -> list[Line]:
    most = 3 if height >= 26 else 2
    return [
        rule(card.score(sight.review.line), width),
        *card.facts(sight, width),
        ([], []),
        rule([Cell("This review", "title")], width),
        *card.so_far(sight, width, most),
    ][:height]


def _beside(sight: Sight, width: int, height: int) -> list[Line]:
    felt = card.feelings(sight, width, 5)
    none: list[Line] = [([Cell("  nothing, so far", "quiet")], [])]
    lines = [rule([Cell("Heard, worth nothing", "title")], width), *(felt or none)]
    lines += [([], []) for _ in range(max(1, 8 - len(lines)))]
    said = card.wrapped(f'"{safe(sight.review.said)}"', width - 2, 4) if sight.review.said else []
    told: list[Line] = [([Cell(f"  {one}", "text")], []) for one in said]
    nothing: list[Line] = [([Cell("  nothing is written of a contact", "quiet")], [])]
    lines += [rule([Cell("Last said", "title")], width), *(told or nothing), ([], [])]
    lines += [
        rule([Cell("Reviews", "title")], width),
        *card.before(sight, width, max(1, height - len(lines) - 1), full=True),
    ]
    return lines[:height]
