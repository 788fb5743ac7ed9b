"""What the keys of the review do to an order: facts at once, and being done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from screens.orders.seen import Did, Mark

if TYPE_CHECKING:
    from screens.desks.orders import OrdersDesk
    from screens.orders.review import ReviewScreen
    from supervisor.duties.orders.snapshots import OrderReview

LINKED_WITHIN_US = 48 * 3600 * 1_000_000
"""A fact is linked to the newest effective call of the last two days; heard later, it is only typed."""


# -- facts --------------------------------------------------------------------------------------------------------


def hear(screen: ReviewScreen, code: str) -> None:
    """Add a fact at once, or take it back where it was heard in this review already."""
    draft, memory, seen, now_us = screen.draft, screen.memory, screen.mark(), screen.console_app.clock()
    order_id, back = seen.order_id, code in draft.heard
    was = draft.heard.pop(code, None)
    if not back:
        draft.heard[code], draft.nothing = None, False
    memory.wait(order_id, code)

    def doing(orders: OrdersDesk, version: int) -> str:
        if back:
            evidence = memory.evidence(order_id, code)
            if evidence is None:
                raise ValueError("this fact was not kept: there is nothing to take back")
            return orders.withdraw(evidence, version)
        review = memory.of(order_id)
        call = review.linkable if review is not None else None
        recent = call is not None and now_us - call.started_us <= LINKED_WITHIN_US
        linked = (call.source_id, call.group_id) if call is not None and recent else None
        return orders.hear(order_id, version, code, linked)

    def done(review: OrderReview) -> None:
        memory.settled(order_id, code, review, new=not back)
        memory.done(Did(order_id, "fact"))

    def refused() -> None:
        memory.settled(order_id, code, None)
        if back:
            draft.heard[code] = was
        else:
            draft.heard.pop(code, None)

    screen.turn(seen, doing, done=done, refused=refused)
    screen.draw()


def nothing(screen: ReviewScreen) -> None:
    """Say that nothing was heard; pressed again, nothing is said of it."""
    draft = screen.draft
    if draft.heard:
        screen.tell("Something was heard in this review: its letter takes it back.", "watch")
        return
    draft.nothing = not draft.nothing
    screen.draw()


# -- done ---------------------------------------------------------------------------------------------------------


def finish(screen: ReviewScreen) -> None:
    """Write the review and go to the next order that wants one; where the review lacks something, once say so."""
    draft, line, seen, tour = screen.draft, screen.line, screen.mark(), screen.tour
    if line is None:
        return
    lacking = draft.lacking(line, screen.today)
    if lacking and not draft.warned:
        draft.warned = True
        screen.tell(f"Missing: {' and '.join(lacking)}. space again leaves it so.", "watch")
        return
    today = screen.today

    def doing(orders: OrdersDesk, version: int) -> str:
        return orders.review(
            seen.order_id,
            version,
            asked=draft.asked,
            facts=tuple(code for code, evidence in draft.heard.items() if evidence is not None),
            next_step=draft.next_step,
            guidance=draft.guidance,
            guidance_text=draft.guidance_text,
            solution_id=draft.solution[0] if draft.solution else None,
            recheck_day=draft.recheck_day(line, today),
        )

    def done(review: OrderReview) -> None:
        screen.memory.done(Did(seen.order_id, "review", draft))
        screen.memory.written(seen.order_id)
        screen.drafts.pop(seen.order_id, None)

    def refused() -> None:
        tour.reviewed -= 1

    tour.reviewed += 1
    _go_on(screen, seen, doing, done, refused)


def _go_on(
    screen: ReviewScreen,
    seen: Mark,
    doing: Callable[[OrdersDesk, int], str],
    done: Callable[[OrderReview], None],
    refused: Callable[[], None],
) -> None:
    """The order is done with: write that, and meanwhile show the next one; where it is refused, it is back."""
    tour, order_id = screen.tour, seen.order_id
    tour.done.add(order_id)
    ahead = screen.wanting()

    def settled(review: OrderReview) -> None:
        done(review)
        if not ahead:
            count = f"{tour.reviewed} {'order' if tour.reviewed == 1 else 'orders'} reviewed"
            screen.ended(f"● The round is done: {count}.")

    def back() -> None:
        refused()
        tour.done.discard(order_id)
        screen.go(order_id)

    screen.turn(seen, doing, done=settled, refused=back)
    if ahead:
        screen.go(ahead[0])


def restore(screen: ReviewScreen, last: Did, said: str) -> None:
    """Have an order back whose review or end was undone, with what was typed."""
    review = screen.memory.of(last.order_id)
    if review is None or review.line.ref not in said or last.what not in ("review", "closed"):
        return
    screen.tour.done.discard(last.order_id)
    if last.draft is not None:
        screen.tour.reviewed -= 1
        screen.drafts[last.order_id] = last.draft
        for code, evidence in last.draft.heard.items():
            if evidence is not None:
                screen.memory.known(last.order_id, code, evidence)
    screen.tour.go(last.order_id)


def close(screen: ReviewScreen, seen: Mark, doing: Callable[[OrdersDesk, int], str], typed: Mapping[str, str]) -> None:
    """Sign or lose the order that was `seen`; where that is refused, `typed` is kept for the next try."""
    draft = screen.draft
    done = lambda _: screen.memory.done(Did(seen.order_id, "closed"))  # noqa: E731
    _go_on(screen, seen, doing, done, lambda: draft.typed.update(typed))
