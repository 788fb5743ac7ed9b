"""Hostile texts in everything that is owed to a customer, against the console's onboarding at a real terminal."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest

from tests.safety import after_the_payment
from tests.safety.after_the_payment import ALL, DOWN, PASTED, TEXTS, exported, last_line, through
from tests.safety.floor import Floor, Terminal
from tests.safety.hostile import CLIPBOARD, is_forbidden, markers


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Floor:
    return after_the_payment.make(tmp_path_factory.mktemp("onboarding"))


@pytest.fixture
def console(hostile: Floor) -> Iterator[Terminal]:
    """The console on the onboarding."""
    with after_the_payment.console(hostile, "4", "Steps ·") as terminal:
        yield terminal


def test_the_floors_panel_and_the_steps_in_all_groups(console: Terminal) -> None:
    console.press("1", 0.3)
    assert len(markers(console.shows("o", "Onboarding ·"))) >= 10
    console.press("z", 0.4)
    console.until(lambda shown: markers(shown) == ALL or "Nothing is overdue" in shown)  # by the time of the day
    console.press("4", 0.4)
    console.until(lambda shown: "Steps ·" in shown)
    for by in ("", "assistant", "waiting party", "customer"):
        if by:
            console.shows("o", f"by {by}")
        assert through(console, DOWN, 8, slice(25) if by else slice(25, 135)) == ALL, by  # the heads of groups
    console.press("y", 0.3)
    (copied,) = [base64.b64decode(found).decode() for found in CLIPBOARD.findall(console.raw.decode(errors="replace"))]
    assert markers(copied) and not any(is_forbidden(one) for one in copied if one != "\t")


def test_the_customers_and_every_page(console: Terminal) -> None:
    assert markers(console.shows("c", "Customers under way ·")) == ALL
    console.press("g", 0.2)
    console.press("\r", 0.5)
    seen: set[str] = set()
    for _ in TEXTS:
        console.until(lambda shown: "Reminders" in shown)
        page = "\n".join(line[102:] for line in console.shown.splitlines()[1:])
        title = page.splitlines()[2]
        (whose,) = markers(title)
        assert page.count(whose) >= 8, page  # the title, the package, who sold it, who sent back why, who was reminded
        seen.add(whose)
        before = title
        console.press("J")
        console.until(lambda shown, before=before: shown.splitlines()[3][102:] != before or len(seen) == len(ALL))
    assert seen == ALL


def test_the_parties_and_their_steps(console: Terminal) -> None:
    shown = console.shows("w", "Who is waited for ·")
    assert markers("\n".join(line[:60] for line in shown.splitlines()[1:])) == ALL
    whose = markers(shown.splitlines()[5])
    assert whose <= markers(console.shows("\r", "by waiting party"))
    console.press("/", 0.2)
    console.shows(PASTED, "[@click=app.bell]")
    console.shows("\r", "Nothing matches")


def test_the_enquiries_and_what_is_asked_of_them(console: Terminal) -> None:
    shown = console.shows("i", "Enquiries ·")
    assert markers("\n".join(line[:150] for line in shown.splitlines()[1:])) == ALL
    shown = console.until(lambda shown: "── Assistants" in shown)
    row = next(at for at, line in enumerate(shown.splitlines()) if "── Assistants" in line)
    title = shown.splitlines()[row]
    beside = slice(title.index("── Assistants") - len(title) - 3, None)  # from the right: some are two columns wide
    assert markers("\n".join(line[beside] for line in shown.splitlines()[row:])) == ALL
    seen: set[str] = set()
    console.press("g", 0.2)
    for _ in TEXTS:
        asked = "\n".join(line[beside] for line in console.shown.splitlines()[3:row])
        (whose,) = markers(asked)
        assert asked.count(whose) >= 3, asked
        seen.add(whose)
        console.press("j", 0.2)
    assert seen == ALL
    console.press("g", 0.2)
    assert len(markers(console.shows("h", "whose customer?").partition("whose customer?")[2])) >= 8
    console.press("\r")
    assert last_line(console, "customer").count("K00␛[5;7;35mred␛[2J␛[H") == 2  # refused: it is somebody's
    console.press("j", 0.2)
    console.press("v")
    assert markers(last_line(console, "answered"))
    console.press("u")
    assert markers(last_line(console, "undone"))
    console.shows("n", "A new enquiry")
    for keys in (PASTED, "\t\t", PASTED, "\t", PASTED, "\x13"):
        console.press(keys, 0.2)
    assert "K05�5;7;35m�[/b][@click=app.bell]e" in last_line(console, "●")
    console.shows("", "Enquiries · 51")


def test_questions_and_what_is_told_of_a_step(console: Terminal) -> None:
    console.press("/", 0.2)
    console.press("K09", 0.3)
    console.press("\r", 0.3)
    assert markers(console.shows("v", "● ").splitlines()[-1]) == {"K09"}
    console.press("u")
    assert "K09" in last_line(console, "undone")
    assert "K09" in console.shows("a", "who does it?")
    console.press(PASTED, 0.3)
    console.shows("", "[@click=app.bell]")
    console.press("\r")
    assert "[@click=app.bell]" in last_line(console, "no assistant")
    console.shows("a", "who does it?")
    console.press("\r")
    assert markers(last_line(console, "●")) >= {"K09"}
    console.press("p", 0.3)
    assert markers(console.until(lambda shown: "Prod " in shown).partition("Prod ")[2].splitlines()[0])
    console.press(PASTED, 0.3)
    console.press("\r")
    last_line(console, "●")
    console.until(lambda shown: "Reminders · 2" in shown)

    console.press("\x1b", 0.4)
    console.press("/", 0.2)
    console.press("article brief", 0.3)
    console.press("\r", 0.3)
    console.press("v", 0.4)
    last_line(console, "●")
    console.press("\x1b", 0.4)
    console.press("/", 0.2)
    console.press("article write", 0.3)
    console.press("\r", 0.3)
    console.press("g", 0.3)
    assert markers(console.shows("x", "back to which step?").partition("back to")[0].splitlines()[-1])
    console.press("\r")
    assert markers(console.until(lambda shown: ": why?" in shown).partition(": why?")[0].splitlines()[-1])
    console.press(PASTED, 0.3)
    console.press("\r", 0.4)
    assert "[@click=app.bell]" in console.until(lambda shown: "sent back by" in shown and "[@click=app.bell]" in shown)


def test_a_payment_and_an_end(console: Terminal) -> None:
    console.shows("m", "of which customer?")
    console.press("K10", 0.2)
    assert console.until(lambda shown: "K10�drawkcab��" in shown.partition("of which customer?")[2])
    console.press("\r", 0.3)
    assert "K10�drawkcab��" in console.until(lambda shown: "A payment of" in shown).partition("A payment of")[2]
    console.press("12", 0.2)
    console.press("\t", 0.1)
    console.press(PASTED, 0.2)
    console.press("\x13")
    assert "K10�drawkcab��" in last_line(console, "K10")
    console.press("c", 0.5)
    console.press("g", 0.3)
    console.press("e")
    assert "K00␛[5;7;35mred" in console.until(lambda shown: "not go live?" in shown).partition("Why does")[2]
    console.press(PASTED, 0.3)
    console.press("\r", 0.3)
    console.until(lambda shown: "K05�5;7;35m�[/b][@click=app.bell" in shown.partition("End the onboarding of")[2])
    console.press("y")
    assert "K00␛[5;7;35mred" in last_line(console, "●")
    console.press("u")
    last_line(console, "undone")


@pytest.mark.parametrize(
    ("key", "stem", "columns"),
    [
        ("", "onboarding", ("customer", "package", "team", "assistant", "holder", "waiting_on", "sent_back_because")),
        ("c", "onboarding-customers", ("customer", "package", "team", "specialist", "assistant")),
        ("w", "onboarding-waiting", ("name",)),
        ("i", "onboarding-enquiries", ("company", "channel", "note", "assistant", "answered_by", "specialist")),
    ],
)
def test_exports(console: Terminal, hostile: Floor, key: str, stem: str, columns: tuple[str, ...]) -> None:
    console.press(key or "g", 0.6)
    heads, *rows = exported(console, hostile, stem)
    for column in columns:
        found = markers(" ".join(row[heads.index(column)] for row in rows))
        assert len(ALL - found) <= 2, column  # other tests may have done a step or two
