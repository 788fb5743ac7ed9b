"""Rounds of reviews: ten orders counted in keys, two people at once, undo, and keys faster than the screen."""

from __future__ import annotations

from textual import events
from textual.widgets import Input

from screens.orders import card
from screens.orders.screen import OrdersScreen
from screens.widgets.help import Help
from screens.widgets.prompt import Prompt
from supervisor.duties.calls.refusals import RefusedError
from tests.screens.handmade_orders import ORDERS, HandmadeOrders, order
from tests.screens.orders_seen import begin, opened


async def test_two_people_at_once_and_nothing_typed_is_lost() -> None:
    async with opened() as seen:
        await begin(seen)
        await seen.press("f")
        await seen.type("nice")
        seen.desk.change(7, stage="contract")
        await seen.press("enter")
        await seen.told("✕ Anna changed O-7 just now; look at it again")
        await seen.shows("EUR   contract")
        await seen.press("f")
        assert seen.app.screen.query_one(Input).value == "nice"
        await seen.press("enter")
        await seen.told("a feeling")
        await seen.press("n")
        await seen.type("mine")
        await seen.press("enter", "b", "space", "space")
        await seen.reviewing("Baltic Steel")
        assert seen.desk.did("review")[0][2] == 3


async def test_a_refused_review_comes_back_whole() -> None:
    async with opened() as seen:
        await begin(seen)
        await seen.press("n")
        await seen.type("mine")
        await seen.press("enter", "b", "d")
        await seen.type("fri")
        await seen.press("enter")
        seen.desk.refuse = RefusedError("Anna changed O-7 just now")
        await seen.press("space")
        await seen.told("✕ Anna changed O-7")
        await seen.reviewing("Ruhr Pumpen")
        assert seen.review.tour.reviewed == 0 and "mine" in "\n".join(seen.text())
        await seen.press("space")
        await seen.told("reviewed")
        await seen.reviewing("Baltic Steel")


async def test_an_undone_review_comes_back_with_what_was_typed() -> None:
    async with opened() as seen:
        await begin(seen)
        await seen.press("p", "n")
        await seen.type("mine")
        await seen.press("enter", "space", "space")
        await seen.reviewing("Baltic Steel")
        await seen.told("reviewed")
        assert "5 left" in seen.text()[1]
        await seen.press("u")
        await seen.reviewing("Ruhr Pumpen")
        draft = seen.review.draft
        assert draft.next_step == "mine" and list(draft.heard) == ["payment_date"] and "6 left" in seen.text()[1]
        await seen.press("p")
        await seen.told("taken back")


async def test_back_to_the_list_and_what_was_typed_is_there_again() -> None:
    async with opened() as seen:
        await begin(seen)
        await seen.press("J", "K", "K")
        assert "This is the first order of the round." in seen.says()
        await seen.press("J")
        await seen.reviewing("Baltic Steel")
        await seen.press("n")
        await seen.type("later")
        await seen.press("enter", "escape")
        await seen.until(lambda: isinstance(seen.app.screen, OrdersScreen))
        assert seen.list.board.key == "3" and seen.list.board.has_focus
        await seen.press("enter")
        await seen.reviewing("Baltic Steel")
        assert "later" in "\n".join(seen.text())
        await seen.press("escape")
        await seen.until(lambda: isinstance(seen.app.screen, OrdersScreen))
        await seen.press("1", "3")
        assert len(seen.app.link._listeners) == 2


async def test_the_last_order_of_the_round() -> None:
    async with opened() as seen:
        seen.list.board.go("6")
        await seen.press("enter")
        await seen.reviewing("Hansa")
        await seen.press("J")
        assert "This is the last order of the round." in seen.says()


async def test_help_and_a_failing_store() -> None:
    async with opened() as seen:
        await begin(seen)
        await seen.press("question_mark")
        await seen.until(lambda: isinstance(seen.app.screen, Help))
        assert "write the review and go to the next order" in "\n".join(seen.text())
        await seen.press("escape")
        seen.desk.failure = OSError("the store is locked")
        seen.review.wake()
        await seen.shows("✕ not read since 14:32: the store is locked")


async def test_keys_typed_in_one_go_are_not_lost() -> None:
    """As a slow line delivers them: all at once, before any question could be put up."""
    async with opened() as seen:
        await begin(seen)
        await seen.pilot.press("d")
        screen = seen.app.screen
        assert isinstance(screen, Prompt)
        for key, character in (("f", "f"), ("r", "r"), ("enter", None), ("b", "b"), ("space", " ")):
            seen.app.post_message(events.Key(key, character))
        await seen.reviewing("Baltic Steel")
        await seen.until(lambda: seen.desk.did("review"))
        assert seen.desk.did("review")[0][3]["recheck_day"] == 20261127


ROUND = (
    "p r d f r enter space",  # what a review is made of, the day typed
    "b d f r enter space",
    "c d 2 d enter space",
    "p r d m o enter space",
    "b s enter space space",
    "g p enter b space space",
    "r a d f r enter space",
    "c p r m a space space",
    "b space space",
    "x n o enter",
)
"""Ten orders, by their keys."""


async def test_a_round_of_ten_orders_takes_at_most_seven_keys_each() -> None:
    lines = tuple(order(n, f"Company {n}", reviewed_us=None) for n in range(1, 11))
    async with opened(desk=HandmadeOrders(lines)) as seen:
        await seen.press("r")
        assert sum(len(pressed.split()) for pressed in ROUND) <= 7 * len(ROUND) == 70
        for number, pressed in enumerate(ROUND, 1):
            await seen.reviewing(f"Company {number}")
            keys = pressed.split()
            assert len(keys) <= 7, pressed
            for key in keys:
                await seen.press(key)
        await seen.until(lambda: isinstance(seen.app.screen, OrdersScreen))
        await seen.told("The round is done: 9 orders reviewed.")
        assert len(seen.desk.did("review")) == 9 and len(seen.desk.did("lose")) == 1
        reviews = {one[1]: one[3] for one in seen.desk.did("review")}
        assert reviews[1]["facts"] == ("payment_date", "price") and reviews[1]["recheck_day"] == 20261127
        assert reviews[5]["solution_id"] == 1 and reviews[6]["guidance"] == "praise"
        await seen.until(lambda: "all 9 reviewed" in seen.text()[1])


def test_texts_are_wrapped_by_columns() -> None:
    assert card.wrapped("鑫达机械 is a customer", 12, 3) == ["鑫达机械 is", "a customer"]
    assert card.wrapped("one two three four", 10, 1) == ["one two t…"] or card.wrapped("one two three four", 10, 1)[
        0
    ].endswith("…")
    assert card.wrapped("", 10, 2) == [] and all(len(one) <= 10 for one in card.wrapped("x" * 45, 10, 9))
    assert ORDERS[0].order_id == 7
