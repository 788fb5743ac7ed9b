"""The review of orders: every key pressed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.widgets import Input

from screens.keys import KEYS
from screens.orders import card
from screens.orders.asking import ASK
from screens.orders.review import ReviewScreen
from screens.widgets.form import Form
from screens.widgets.prompt import Prompt
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.orders import evidence
from tests.screens.handmade import NOW
from tests.screens.handmade_orders import DAY, HandmadeOrders
from tests.screens.orders_seen import begin, opened

SIZES = [(80, 24), (120, 40), (200, 60)]


def test_letters_and_facts_are_those_of_the_duty() -> None:
    by_id = {key.id: key for key in KEYS}
    assert {by_id[key].key: code for code, key, _ in card.FACTS} == evidence.LETTERS
    assert [code for code, *_ in card.FACTS] == list(evidence.WEIGHTS)
    asked = {key.action for key in KEYS if key.place == "review" and key.action.startswith("ask")}
    assert asked == {f"ask('{name}')" for name in ASK}


@pytest.mark.parametrize("size", SIZES)
async def test_one_order_with_everything_that_is_known(size: tuple[int, int]) -> None:
    desk = HandmadeOrders()
    desk.orders.hear(7, 1, "payment_date", (1, "g7"))
    desk.orders.hear(7, 2, "price", None)
    desk.orders.feel(7, 3, "the boss likes us")
    desk.pieces[7][1] = replace(desk.pieces[7][1], heard_us=NOW - 11 * DAY, points=4.4)
    async with opened(size, desk) as seen:
        await begin(seen)
        text = "\n".join(seen.text())
        assert "Review 1 of 7  · 6 left" in text and "Greta Lind · 4 orders" in text
        assert "9 800 EUR   offer" in text and "11th contact, 4 days ago" in text
        assert '"signs by Fri 27 Nov 80 %"   (3 of 9 kept)' in text
        assert "✕ recheck overdue by 3 days" in text and "Score 29" in text
        assert "p  named a payment date" in text and "25/25" in text and "call 14:02" in text
        assert "4/15" in text and "typed, half weight, faded" in text and text.count("missing") == 4
        assert "the boss likes us" in text and "wants it in writing before" in text
        assert 'send the written solution "price: two-step payment"' in text
        assert all(len(line) <= size[0] for line in seen.text())
        if size[0] >= 120:
            assert "Heard, worth nothing" in text and "The round" in text and "▸" in text


async def test_a_fact_is_linked_to_the_call_of_the_last_days_else_typed() -> None:
    async with opened() as seen:
        await begin(seen)
        await seen.press("p")
        await seen.told("● O-7 Ruhr Pumpen GmbH: payment_date, linked")
        assert "● p  named a payment date" in "\n".join(seen.text())
        await seen.press("J")
        await seen.reviewing("Baltic Steel")
        assert "FEELINGS ONLY" in "\n".join(seen.text())
        await seen.press("c")
        await seen.told("contract, only typed")
        await seen.until(lambda: "FEELINGS ONLY" not in seen.text()[4])
        assert seen.desk.did("hear") == [("hear", 7, 1, "payment_date", (1, "g7")), ("hear", 3, 1, "contract", None)]


@pytest.mark.parametrize("letter", [key.key for key in KEYS if key.id.startswith("hear-")])
async def test_each_letter_adds_its_fact_and_takes_it_back(letter: str) -> None:
    async with opened() as seen:
        await begin(seen)
        await seen.press(letter)
        await seen.until(lambda: seen.desk.pieces[7])
        assert seen.desk.pieces[7][0].code == evidence.LETTERS[letter]
        await seen.press(letter)
        await seen.told("taken back")
        assert not seen.desk.pieces[7] and not seen.review.draft.heard


async def test_letters_pressed_faster_than_the_store_are_kept_in_their_order() -> None:
    async with opened() as seen:
        await begin(seen)
        await seen.pilot.press(*"pprp")
        await seen.until(lambda: len(seen.desk.did("hear", "withdraw")) == 4)
        assert [one.code for one in seen.desk.pieces[7]] == ["price", "payment_date"]
        assert [one[2] for one in seen.desk.did("hear", "withdraw")] == [1, 2, 3, 4]
        assert set(seen.review.draft.heard) == {"price", "payment_date"}


async def test_undo_takes_a_fact_and_a_taking_back_back() -> None:
    async with opened() as seen:
        await begin(seen)
        await seen.press("p")
        await seen.told("linked")
        await seen.press("u")
        await seen.told("● undone: O-7")
        assert not seen.review.draft.heard and not seen.desk.pieces[7]
        await seen.press("p", "p")
        await seen.told("taken back")
        await seen.press("u")
        await seen.told("● undone: O-7")
        assert list(seen.review.draft.heard) == ["payment_date"]
        await seen.press("r")
        await seen.told("price, linked")


async def test_nothing_heard_and_what_was() -> None:
    async with opened() as seen:
        await begin(seen)
        await seen.press("b")
        assert "Heard      nothing" in "\n".join(seen.text())
        await seen.press("p")
        await seen.told("linked")
        assert "Heard      named a payment date" in "\n".join(seen.text())
        await seen.press("b")
        assert "its letter takes it back" in seen.says()


async def test_space_says_once_what_a_review_lacks() -> None:
    async with opened() as seen:
        await begin(seen)
        await seen.press("space")
        assert "Missing: what was heard (b: nothing) and when to look again (d)" in seen.says()
        await seen.press("space")
        await seen.reviewing("Baltic Steel")
        await seen.told("O-7 Ruhr Pumpen GmbH: reviewed")
        told = seen.desk.did("review")[0][3]
        assert told["facts"] == () and told["recheck_day"] is None and told["next_step"] is None


async def test_a_recheck_still_to_come_stays() -> None:
    async with opened() as seen:
        seen.list.board.go("6")
        await seen.press("enter")
        await seen.reviewing("Hansa Kranbau")
        assert "Fri 27 Nov, in 4 days, as it was" in "\n".join(seen.text())
        await seen.press("b", "space")
        await seen.until(lambda: seen.desk.did("review"))
        assert seen.desk.did("review")[0][3]["recheck_day"] == 20261127


async def test_everything_of_a_review_that_is_typed() -> None:
    async with opened() as seen:
        await begin(seen)
        await seen.press("e")
        await seen.type("who signs?")
        await seen.press("enter", "n")
        await seen.type("call the boss")
        await seen.press("enter", "g")
        await seen.shows("p praise   c correction   s solution")
        await seen.press("x", "c")
        await seen.type("ask for a date")
        await seen.press("enter", "s")
        await seen.shows("Which solution for manufacturer?")
        await seen.press("enter", "d")
        await seen.type("soon")
        await seen.shows("is no day")
        await seen.press("enter")
        assert isinstance(seen.app.screen, Prompt)
        await seen.press(*["backspace"] * 4)
        await seen.type("+2d")
        await seen.shows("→ Wed 25 Nov, in 2 days")
        await seen.press("enter")
        text = "\n".join(seen.text())
        for shown in (
            "who signs?",
            "call the boss",
            "correction: ask for a date",
            "price: two-step payment",
            "Wed 25 Nov",
        ):
            assert shown in text
        await seen.press("p", "space")
        await seen.reviewing("Baltic Steel")
        await seen.until(lambda: seen.desk.did("review"))
        assert seen.desk.did("review")[0] == ("review", 7, 2, {
            "asked": "who signs?", "facts": ("payment_date",), "next_step": "call the boss", "guidance": "correction",
            "guidance_text": "ask for a date", "solution_id": 1, "recheck_day": 20261125,
        })  # fmt: skip


async def test_guidance_and_solution_can_be_taken_away_again() -> None:
    async with opened() as seen:
        await begin(seen)
        await seen.press("g", "p", "enter")
        assert seen.review.draft.guidance == "praise"
        await seen.press("g", "enter")
        assert seen.review.draft.guidance == ""
        await seen.press("g", "s", "enter")
        assert "Which solution?" in seen.says() and seen.review.draft.guidance == ""
        await seen.press("s", "enter")
        assert seen.review.draft.solution == (1, "price: two-step payment")
        await seen.press("g", "s", "enter")
        assert seen.review.draft.guidance == "solution"
        await seen.press("s")
        await seen.type("none")
        await seen.press("enter")
        assert seen.review.draft.solution is None
        seen.desk.library = []
        seen.review.wake()
        await seen.until(lambda: seen.review.review is not None and not seen.review.review.solutions)
        await seen.press("s")
        assert "The library has no solution yet" in seen.says()


async def test_escape_leaves_a_question_without_doing_anything() -> None:
    async with opened() as seen:
        await begin(seen)
        for key in "engsdftiwxo":
            await seen.press(key)
            await seen.until(lambda: not isinstance(seen.app.screen, ReviewScreen))
            await seen.press("escape")
            await seen.until(lambda: isinstance(seen.app.screen, ReviewScreen))
        await seen.press("dollar_sign", "escape")
        assert seen.desk.asked == []


async def test_acts_that_are_done_at_once() -> None:
    async with opened() as seen:
        await begin(seen)
        await seen.press("f")
        await seen.type("nice")
        await seen.press("enter")
        await seen.told("a feeling")
        await seen.press("o")
        await seen.shows("By when does Greta Lind say it is signed?")
        await seen.type("fri 60%")
        await seen.shows("signs by Fri 27 Nov, in 4 days, 60 % sure")
        await seen.press("enter")
        await seen.told("signs by")
        await seen.press("t")
        await seen.shows("Which stage?")
        assert seen.app.screen.board.key == "negotiation"
        await seen.press("enter")
        await seen.told("-> negotiation")
        await seen.press("i")
        assert seen.app.screen.query_one(Input).value == "9 800"
        await seen.type("12500")
        await seen.shows("→ 12 500 EUR")
        await seen.press("enter")
        await seen.told("amount")
        assert [one[2:] for one in seen.desk.asked] == [
            (1, "nice"),
            (2, 20261127, 60),
            (3, "negotiation"),
            (4, 1_250_000),
        ]
        assert "12 500 EUR   negotiation" in "\n".join(seen.text())


async def test_signing_asks_for_everything_and_goes_on() -> None:
    async with opened((80, 24)) as seen:
        await begin(seen)
        await seen.press("w")
        await seen.until(lambda: isinstance(seen.app.screen, Form))
        await seen.shows("→ Mon 23 Nov, today")
        assert "The order is closed" in "\n".join(seen.text())
        await seen.type("2026-12-01")
        await seen.shows("is still to come")
        await seen.press("ctrl+s")
        assert isinstance(seen.app.screen, Form)
        await seen.press(*["backspace"] * 10)
        await seen.type("fri")
        await seen.press("enter", "enter")
        await seen.type("pays in March")
        await seen.press("ctrl+s")
        await seen.shows("need an approval")
        await seen.press("enter")
        await seen.type("Dr. Kask")
        await seen.press("enter")
        await seen.reviewing("Baltic Steel")
        await seen.told("O-7 Ruhr Pumpen GmbH: signed")
        assert seen.desk.did("sign") == [("sign", 7, 1, 20261120, 980_000, "pays in March", "Dr. Kask")]
        await seen.press("u")
        await seen.reviewing("Ruhr Pumpen")
        await seen.told("undone: O-7 Ruhr Pumpen GmbH: signed")


async def test_losing_asks_why_and_a_refusal_brings_the_order_back_with_what_was_typed() -> None:
    async with opened() as seen:
        await begin(seen)
        await seen.press("x")
        await seen.shows("Lost: why will Ruhr Pumpen GmbH not sign?")
        await seen.press("enter")
        assert isinstance(seen.app.screen, Prompt)
        await seen.type("too dear")
        seen.desk.refuse = RefusedError("the store is closing")
        await seen.press("enter")
        await seen.told("✕ the store is closing")
        await seen.reviewing("Ruhr Pumpen")
        await seen.press("x")
        await seen.shows("too dear")
        await seen.press("enter")
        await seen.told("lost, too dear")
        await seen.reviewing("Baltic Steel")
