"""What people do with steps, on a real store: what each act does, who is told that somebody was faster, undoing it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Connection

from store import floor as floor_rows
from store import onboarding_book as book
from store.engine import Store
from supervisor import directors
from supervisor.config import Config
from supervisor.duties.acting import Doer, undo
from supervisor.duties.calls import RefusedError
from supervisor.duties.onboarding import acts
from supervisor.settings import Floor
from tests.supervisor.duties.onboarding.owing import (
    CONFIG,
    HOUR,
    NOW,
    act,
    codes,
    doer,
    everything,
    file,
    floor_that_owes,
    line,
    pay,
    state,
)
from tests.supervisor.duties.selling import S, specialist


@pytest.fixture
def floor(store: Store) -> Store:
    """Baltic Steel has paid; the account is open, material is there."""
    with store.write() as connection:
        floor_that_owes(connection)
        pay(connection)
        act(connection, "done", "open_account")
        act(connection, "done", "material")
    return store


MATERIAL, UPLOAD, AD_PLAN, LIVE = 1, 3, 5, 13
Act = Callable[[Connection, Doer, int], str]
ACTS: dict[str, Act] = {
    "done": lambda c, d, seen: acts.done(c, d, CONFIG, AD_PLAN, seen),
    "send back": lambda c, d, seen: acts.send_back(c, d, CONFIG, UPLOAD, seen, "material", "the logo is missing"),
    "reassign": lambda c, d, seen: acts.reassign(c, d, CONFIG, UPLOAD, seen, "Mei"),
    "reassign to a specialist": lambda c, d, seen: acts.reassign(c, d, CONFIG, 10, seen, "Bob Klein"),
    "reassign to a director": lambda c, d, seen: acts.reassign(c, d, CONFIG, 9, seen, "Ms Ito"),
    "prod": lambda c, d, seen: acts.prod(c, d, UPLOAD, "today, please"),
    "prod who blocks": lambda c, d, seen: acts.prod(c, d, LIVE, ""),
    "stop": lambda c, d, seen: acts.stop(c, d, 1, seen, "paid back"),
}
VERSIONED = [name for name in ACTS if not name.startswith("prod")]


@pytest.mark.parametrize("name", ACTS)
def test_every_act_says_what_it_did_and_is_undone_exactly(floor: Store, name: str) -> None:
    with floor.write() as connection:
        before = everything(connection)
        said = ACTS[name](connection, doer(later_us=HOUR), 3)
        assert said.startswith("Baltic Steel: ")
        assert everything(connection) != before
        assert undo(connection, doer(later_us=2 * HOUR)) == f"undone: {said}"
        assert everything(connection) == before
        (row,) = book.onboardings(connection)
        assert row.version == (5 if name in VERSIONED else 3)  # who saw it changed must not take it for unchanged


@pytest.mark.parametrize("name", VERSIONED)
def test_of_two_who_change_an_onboarding_the_later_one_is_told(floor: Store, name: str) -> None:
    with floor.write() as connection:
        act(connection, "done", "contract_check", who=doer("Mei"))
        before = everything(connection)
        with pytest.raises(RefusedError, match="Mei changed the onboarding of Baltic Steel 5 min ago; look at it"):
            ACTS[name](connection, doer("Bo", 300 * S), 3)
        assert everything(connection) == before


@pytest.mark.parametrize("name", [name for name in VERSIONED if name != "stop"])
def test_nothing_is_undone_on_which_somebody_built_since(floor: Store, name: str) -> None:
    with floor.write() as connection:
        ACTS[name](connection, doer("Mei"), 3)
        act(connection, "done", "contract_check", who=doer("Bo", HOUR))
        before = everything(connection)
        with pytest.raises(RefusedError, match="Bo changed the onboarding of Baltic Steel 1 h ago, after you"):
            undo(connection, doer("Mei", 2 * HOUR))
        assert everything(connection) == before
        assert undo(connection, doer("Bo", 2 * HOUR))  # and once that is taken back, it is undone
        assert undo(connection, doer("Mei", 2 * HOUR))


def test_who_is_told_of_an_undo_is_told_who_undid(floor: Store) -> None:
    with floor.write() as connection:
        act(connection, "done", "ad_plan", who=doer("Mei"))
        undo(connection, doer("Mei", HOUR))
        with pytest.raises(RefusedError, match="Mei changed the onboarding of Baltic Steel just now"):
            acts.stop(connection, doer("Bo", HOUR), 1, 4, "x")


def test_a_step_of_which_somebody_was_reminded_since_is_not_undone(floor: Store) -> None:
    with floor.write() as connection:
        act(connection, "done", "ad_plan", who=doer("Mei"))
        step = state(connection).standings["ad_make"].step
        acts.prod(connection, doer("Bo"), step.step_id, "soon")
        with pytest.raises(RefusedError, match="somebody was reminded"):
            undo(connection, doer("Mei"))


def test_a_whole_onboarding_until_it_is_live_and_all_of_it_undone(floor: Store) -> None:
    with floor.write() as connection:
        states = [everything(connection)]
        said = ""
        for minute in range(1, 100):
            running = codes(connection, "running")
            if not running:
                break
            said = act(connection, "done", running[0], who=doer(later_us=minute * 60 * S))
            states.append(everything(connection))
        assert said == "Baltic Steel: Live: done; the customer is live"
        told = file(connection, NOW + 24 * HOUR)
        assert told.live_us == NOW + 11 * 60 * S and told.customer.p50_us == told.live_us
        assert (told.customer.done, told.customer.steps, told.customer.late_ms) == (13, 13, 0)
        assert book.onboardings(connection) == []
        outcomes = {step.code: step.runs[-1].outcome for step in told.steps}
        assert outcomes["ad_make"] == "done"
        assert {code for code, outcome in outcomes.items() if outcome == "approved"} == {
            "ad_customer_approves", "ad_specialist_approves", "article_audit",
        }  # fmt: skip
        while len(states) > 1:
            assert everything(connection) == states.pop()
            undo(connection, doer(later_us=HOUR))
        assert everything(connection) == states[0]


def test_what_is_done_says_what_begins(floor: Store) -> None:
    with floor.write() as connection:
        assert act(connection, "done", "ad_plan") == (
            "Baltic Steel: Advertisement: plan: done; now Advertisement: make (Bo)"
        )
        act(connection, "done", "ad_make")
        assert act(connection, "done", "ad_customer_approves") == (
            "Baltic Steel: Advertisement: customer approves: Advertisement: make approved; "
            "now Advertisement: specialist approves (Anna Weber)"
        )


def test_sent_back_counts_rounds_and_gives_fresh_hours(floor: Store) -> None:
    with floor.write() as connection:
        act(connection, "done", "ad_plan"), act(connection, "done", "ad_make")
        later = doer("boss", HOUR)
        said = act(connection, "send_back", "ad_customer_approves", "ad_make", " wrong \n logo ", who=later)
        assert said == (
            "Baltic Steel: Advertisement: customer approves sent back to Advertisement: make (Bo), round 2: wrong logo"
        )
        made = line(connection, "ad_make", NOW + HOUR)
        assert (made.round, made.started_us, made.reason, made.state) == (2, NOW + HOUR, "wrong logo", "running")
        asked = line(connection, "ad_customer_approves", NOW + HOUR)
        assert (asked.round, asked.due_us, asked.state, asked.blocked_by) == (2, None, "blocked", ("ad_make",))
        told = {step.code: step for step in file(connection, NOW + HOUR).steps}
        assert (told["ad_make"].rounds, told["ad_customer_approves"].rounds) == (2, 1)
        assert told["ad_customer_approves"].runs[-1].outcome == "sent back"
        assert told["ad_customer_approves"].runs[-1].who == "boss"
        marks = [one for one in told["ad_make"].runs if one.outcome == "sent back"]
        assert [(one.held_ms, one.round) for one in marks] == [(0, 1)]  # nobody held it


def test_two_send_back_to_the_same_step_and_both_are_undone(floor: Store) -> None:
    with floor.write() as connection:
        states = [everything(connection)]
        act(connection, "send_back", "upload", "material", "no logo", who=doer(later_us=HOUR))
        states.append(everything(connection))
        act(connection, "send_back", "article_brief", "material", "no text", who=doer(later_us=3 * HOUR))
        material = line(connection, "material", NOW + 3 * HOUR)
        assert (material.round, material.started_us, material.reason) == (3, NOW + 3 * HOUR, "no text")
        assert codes(connection, "running") == ["material", "contract_check", "ad_plan"]
        assert undo(connection, doer(later_us=3 * HOUR)) and everything(connection) == states.pop()
        assert undo(connection, doer(later_us=3 * HOUR)) and everything(connection) == states.pop()


@pytest.mark.parametrize(
    ("code", "to", "reason", "words"),
    [
        ("upload", "material", " \n ", "a reason why it is sent back is needed"),
        ("upload", "ad_plan", "x", "'ad_plan' is not a step before Upload the information"),
        ("upload", "upload", "x", "it can be sent back to material, open_account"),
        ("contract_check", "material", "x", "Check the contract comes first"),
        ("live", "upload", "x", "Live is blocked: it waits for Upload the information, Check the contract"),
        ("material", "upload", "x", "Material from the specialist is done already"),
    ],
)
def test_what_cannot_be_sent_back(floor: Store, code: str, to: str, reason: str, words: str) -> None:
    with floor.write() as connection:
        before = everything(connection)
        with pytest.raises(RefusedError) as refused:
            act(connection, "send_back", code, to, reason)
        assert words in str(refused.value)
        assert everything(connection) == before


@pytest.mark.parametrize(
    ("code", "words"), [("live", "is blocked"), ("material", "is done already")]
)  # fmt: skip
def test_only_what_runs_is_done(floor: Store, code: str, words: str) -> None:
    with floor.write() as connection, pytest.raises(RefusedError, match=words):
        act(connection, "done", code)


def test_an_assistant_gets_all_that_assistants_owe_to_the_customer(floor: Store) -> None:
    with floor.write() as connection:
        before = line(connection, "upload")
        said = act(connection, "reassign", "upload", "mei", who=doer(later_us=HOUR))
        assert said == "Baltic Steel: Upload the information is Mei's, and 5 more of the assistant's"
        told = file(connection, NOW + HOUR)
        assert told.customer.assistant == "Mei"
        theirs = {step.code: step.holder for step in told.steps if step.role == "assistant"}
        assert theirs.pop("open_account") == "Bo"  # it was done
        assert set(theirs.values()) == {"Mei"}
        upload = line(connection, "upload", NOW + HOUR)
        assert (upload.round, upload.started_us, upload.due_us) == (1, before.started_us, before.due_us)
        runs = next(step.runs for step in told.steps if step.code == "upload")
        assert [(one.holder, one.outcome, one.round) for one in runs] == [("Bo", "handed on", 1), ("Mei", "", 1)]
        with pytest.raises(RefusedError, match="Mei holds it already"):
            act(connection, "reassign", "upload", "Mei")


def test_the_specialists_steps_go_to_a_specialist(floor: Store) -> None:
    with floor.write() as connection:
        said = act(connection, "reassign", "article_brief", "bob")
        assert said == "Baltic Steel: Article: brief is Bob Klein's, and 1 more of the specialist's"
        assert line(connection, "article_brief").specialist_id == 2
        told = file(connection)
        assert (told.customer.assistant, told.customer.specialist) == ("Bo", "Anna Weber")
        for code in ("ad_plan", "ad_make", "ad_customer_approves"):
            act(connection, "done", code)
        approves = line(connection, "ad_specialist_approves")
        assert (approves.holder, approves.specialist_id, approves.state) == ("Bob Klein", 2, "running")


@pytest.mark.parametrize(
    ("code", "name", "words"),
    [
        ("article_brief", "Carl", "no specialist 'Carl'"),
        ("upload", "Bob", "no assistant 'Bob'; did you mean 'Bo'?"),
        ("upload", " ", "a name is needed"),
        ("open_account", "Mei", "Open the account is done already"),
    ],
)
def test_a_step_is_given_to_somebody_who_is_there(floor: Store, code: str, name: str, words: str) -> None:
    with floor.write() as connection, pytest.raises(RefusedError) as refused:
        act(connection, "reassign", code, name)
    assert words in str(refused.value)


def test_where_no_assistants_are_named_it_is_anybody(floor: Store) -> None:
    with floor.write() as connection:
        act(connection, "reassign", "upload", "Carla", config=Config(floor=CONFIG.floor))
        assert line(connection, "upload").holder == "Carla"


def test_a_reminder_stands_until_the_run_ends(floor: Store) -> None:
    with floor.write() as connection:
        brief = state(connection).standings["article_brief"].step.step_id
        assert acts.prod(connection, doer(), brief, "soon") == "Baltic Steel: reminded Anna Weber (Article: brief)"
        acts.prod(connection, doer(later_us=HOUR), brief, "")
        told = line(connection, "article_brief", NOW + HOUR)
        assert (told.prods, told.prodded_us, floor_rows.prods(connection)) == (2, NOW + HOUR, {1: 2})
        act(connection, "done", "article_brief", who=doer(later_us=HOUR))
        assert floor_rows.prods(connection) == {}
        assert [(one.to, one.step, one.note) for one in file(connection, NOW + HOUR).prods] == [
            ("Anna Weber", "Article: brief", ""), ("Anna Weber", "Article: brief", "soon"),
        ]  # fmt: skip
        with pytest.raises(RefusedError, match="is done already: nobody"):
            acts.prod(connection, doer(), brief, "x")


def test_of_a_blocked_step_those_are_reminded_who_block_it(floor: Store) -> None:
    with floor.write() as connection:
        said = acts.prod(connection, doer(), LIVE, "")
        assert said == (
            "Baltic Steel: reminded Bo (Upload the information), Bo (Check the contract), Bo (Advertisement: plan), "
            "Anna Weber (Article: brief)"
        )
        assert line(connection, "live").prods == 4 and line(connection, "upload").prods == 1
        assert line(connection, "article_audit").prods == 1
        assert floor_rows.prods(connection) == {1: 1}


def test_a_stopped_one_is_gone_and_takes_no_more_acts(floor: Store) -> None:
    with floor.write() as connection:
        with pytest.raises(RefusedError, match="why it is stopped is needed"):
            acts.stop(connection, doer(), 1, 3, "")
        acts.stop(connection, doer(), 1, 3, "paid back")
        assert book.onboardings(connection) == []
        told = file(connection)
        assert (told.stopped_us, told.stopped_why, told.live_us) == (NOW, "paid back", None)
        assert [one.line for one in told.steps] == [None] * 13
        with pytest.raises(RefusedError, match="was stopped: paid back"):
            act(connection, "done", "upload")
        with pytest.raises(RefusedError, match="does not exist any more"):
            acts.stop(connection, doer(), 9, 1, "x")
        with pytest.raises(RefusedError, match="does not exist any more"):
            acts.done(connection, doer(), CONFIG, 999, 1)


# -- directors --------------------------------------------------------------------------------------------------------


def test_what_a_director_holds_only_a_director_ends(floor: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directors, "login", lambda: "sue")
    ours = Config(floor=Floor(holidays=False, directors=("sue", "ito")), onboarding=CONFIG.onboarding)
    others = Config(floor=Floor(holidays=False, directors=("ito",)), onboarding=CONFIG.onboarding)
    with floor.write() as connection:
        for code in ("article_brief", "article_write"):
            act(connection, "done", code, config=others)
        for what in (("done",), ("send_back", "article_write", "thin")):
            with pytest.raises(RefusedError, match="a director holds Article: director audits"):
                act(connection, what[0], "article_audit", *what[1:], config=others)
        act(connection, "send_back", "article_audit", "article_write", "thin", config=ours)
        act(connection, "done", "article_write", config=others)
        assert "Article: write approved" in act(connection, "done", "article_audit", config=ours)


def test_who_is_a_director(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directors, "login", lambda: "sue")
    for names, is_one, may in (((), False, True), (("sue",), True, True), (("ito",), False, False)):
        config = Config(floor=Floor(directors=names))
        assert (directors.is_director(config), directors.may_audit(config)) == (is_one, may)


def test_the_login_is_that_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    import os
    import pwd

    for variable in ("USER", "LOGNAME"):
        monkeypatch.setenv(variable, "somebody-else")
    assert directors.login() == pwd.getpwuid(os.getuid()).pw_name


def test_a_specialist_who_left_is_given_nothing(floor: Store) -> None:
    with floor.write() as connection:
        specialist(connection, "Dora Past", "1003")
        connection.exec_driver_sql("""UPDATE specialist SET "left" = 20261122 WHERE name = 'Dora Past'""")
        with pytest.raises(RefusedError, match="no specialist 'Dora Past'"):
            act(connection, "reassign", "article_brief", "Dora Past")
