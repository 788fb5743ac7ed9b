"""Which steps run, wait and are done, and what is done again when one is sent back."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.onboarding_book import RunRow
from supervisor.duties.onboarding.snapshots import BLOCKED, DONE, RUNNING
from supervisor.duties.onboarding.steps import SENT_BACK, Board, board
from supervisor.duties.onboarding.templates import STEPS
from tests.supervisor.duties.onboarding.owing import rows_of, run

ROWS = rows_of()
ID = {row.code: row.step_id for row in ROWS}
ALL = set(ID)


@dataclass
class Play:
    """An onboarding that is played by the rules alone: runs, as acts write them."""

    runs: list[RunRow] = field(default_factory=list)
    now: int = 0

    def __post_init__(self) -> None:
        self.turn(())

    @property
    def board(self) -> Board:
        return board(ROWS, self.runs)

    def add(self, code: str, round_: int, outcome: str = "", reason: str = "") -> None:
        self.runs.append(run(ID[code], len(self.runs) + 1, round_, outcome, self.now, reason))

    def end(self, code: str, outcome: str, reason: str = "") -> None:
        (place,) = [n for n, one in enumerate(self.runs) if one.step_id == ID[code] and one.ended_us is None]
        self.runs[place] = self.runs[place]._replace(ended_us=self.now, outcome=outcome, reason=reason)

    def turn(self, done: tuple[str, ...]) -> None:
        for one in self.board.runnable(done):
            self.add(one.step.code, one.round)

    def done(self, *codes: str) -> None:
        for code in codes:
            self.now += 1
            following = self.board.runnable((code,))
            self.end(code, "approved" if next(row for row in ROWS if row.code == code).approves else "done")
            for one in following:
                self.add(one.step.code, one.round)

    def send_back(self, code: str, to: str, reason: str = "why") -> None:
        self.now += 1
        before = self.board
        self.end(code, SENT_BACK, reason)
        for one in before.redone(code, to):
            self.add(one.step.code, one.round, SENT_BACK, reason)
        if before.state(to) == RUNNING:
            self.end(to, SENT_BACK, reason)
        if before.state(to) != BLOCKED:
            self.add(to, before.standings[to].round + 1)

    def those(self, state: str) -> set[str]:
        return {code for code, one in self.board.standings.items() if one.state == state}


def test_steps_without_prerequisites_run_at_once() -> None:
    play = Play()
    assert play.those(RUNNING) == {"material", "open_account", "contract_check"}
    assert play.those(BLOCKED) == ALL - play.those(RUNNING)
    assert play.board.blocked_by("upload") == ("material", "open_account")
    assert play.board.blocked_by("material") == ()


def test_a_step_begins_when_the_last_of_its_prerequisites_is_done() -> None:
    play = Play()
    play.done("open_account")
    assert play.board.state("upload") == BLOCKED and play.board.blocked_by("upload") == ("material",)
    play.done("material")
    assert play.those(RUNNING) == {"contract_check", "upload", "ad_plan", "article_brief"}


def test_all_steps_can_be_done_one_after_the_other() -> None:
    play = Play()
    while running := play.those(RUNNING):
        play.done(min(running))
    assert play.those(DONE) == ALL


@pytest.mark.parametrize(
    ("code", "acting"),
    [
        ("material", ["material"]),
        ("live", ["material", "open_account", "contract_check"]),
        ("article_audit", ["material"]),
        ("upload", ["material", "open_account"]),
    ],
)
def test_who_must_act_of_a_blocked_step(code: str, acting: list[str]) -> None:
    assert [one.step.code for one in Play().board.acting()[code]] == acting


def test_nobody_must_act_of_a_step_that_is_done() -> None:
    play = Play()
    play.done("material")
    assert "material" not in play.board.acting()


def test_what_a_step_approves_comes_first_of_what_it_can_be_sent_back_to() -> None:
    play = Play()
    play.done("material", "ad_plan", "ad_make", "ad_customer_approves")
    assert play.board.back_to("ad_specialist_approves") == ("ad_make", "ad_customer_approves", "ad_plan", "material")
    assert play.board.back_to("contract_check") == ()
    assert play.board.back_to("live") == ()  # it does not run


def test_sent_back_to_what_it_approves() -> None:
    play = Play()
    play.done("material", "ad_plan", "ad_make")
    play.send_back("ad_customer_approves", "ad_make", "the logo is wrong")
    made, asked = play.board.standings["ad_make"], play.board.standings["ad_customer_approves"]
    assert (made.state, made.round, made.since_us, made.reason) == (RUNNING, 2, play.now, "the logo is wrong")
    assert (asked.state, asked.round, asked.since_us, asked.reason) == (BLOCKED, 2, None, "the logo is wrong")
    play.done("ad_make")
    asked = play.board.standings["ad_customer_approves"]
    assert (asked.state, asked.round, asked.since_us) == (RUNNING, 2, play.now)
    assert asked.reason == "the logo is wrong"  # who approves sees what was asked for
    play.send_back("ad_customer_approves", "ad_make", "still wrong")
    made = play.board.standings["ad_make"]
    assert (made.round, made.reason) == (3, "still wrong")


def test_sent_back_over_several_levels_what_lies_between_is_done_again() -> None:
    play = Play()
    play.done("material", "open_account", "ad_plan", "ad_make", "ad_customer_approves", "article_brief", "upload")
    play.send_back("ad_specialist_approves", "ad_plan")
    assert play.those(RUNNING) == {"ad_plan", "contract_check", "article_write"}
    assert play.those(DONE) == {"material", "open_account", "article_brief", "upload"}  # elsewhere: they stay so
    for code in ("ad_plan", "ad_make", "ad_customer_approves", "ad_specialist_approves"):
        assert (play.board.state(code), play.board.standings[code].round) == (RUNNING, 2)
        play.done(code)
    assert "ad_tracked" in play.those(RUNNING) and play.board.standings["ad_tracked"].round == 1


def test_sent_back_to_the_beginning_what_runs_elsewhere_runs_on() -> None:
    play = Play()
    play.done("material", "open_account", "ad_plan", "article_brief")
    play.send_back("upload", "material")
    assert play.those(RUNNING) == {"material", "contract_check", "ad_make", "article_write"}
    assert play.board.blocked_by("upload") == ("material",)
    play.done("ad_make")  # it begun before: it ran on
    assert play.board.state("ad_customer_approves") == RUNNING
    play.done("material")
    assert play.board.state("upload") == RUNNING and play.board.state("ad_plan") == DONE


def test_two_who_send_back_to_the_same_step() -> None:
    play = Play()
    play.done("material", "open_account", "ad_plan")
    play.send_back("upload", "material", "first")
    play.send_back("article_brief", "material", "second")
    material = play.board.standings["material"]
    assert (material.state, material.round, material.reason) == (RUNNING, 3, "second")
    assert {"upload", "article_brief"} <= play.those(BLOCKED)
    play.done("material")
    assert {"upload", "article_brief"} <= play.those(RUNNING)


def test_a_step_that_was_handed_on_is_due_as_before() -> None:
    runs = [run(1, 1, 1, "reassigned", 100), run(1, 2, 1, "", 700)]
    standing = board(ROWS, runs).standings["material"]
    assert (standing.state, standing.round, standing.since_us) == (RUNNING, 1, 100)
    assert standing.run is not None and standing.run.run_id == 2


@st.composite
def plays(draw: st.DrawFn) -> Play:
    play = Play()
    for _ in range(draw(st.integers(0, 40))):
        if not (running := sorted(play.those(RUNNING))):
            break
        code = draw(st.sampled_from(running))
        back = play.board.back_to(code)
        if back and draw(st.booleans()):
            play.send_back(code, draw(st.sampled_from(back)))
        else:
            play.done(code)
    return play


@settings(deadline=None)
@given(plays(), st.randoms())
def test_states_do_not_depend_on_the_order_of_runs(play: Play, random: st.DataObject) -> None:
    mixed = list(play.runs)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert board(ROWS, mixed).standings == play.board.standings


@settings(deadline=None)
@given(plays())
def test_whatever_is_done_and_sent_back_nothing_stands_still(play: Play) -> None:
    known = play.board
    for code, one in known.standings.items():
        assert (one.since_us is None) == (one.state != RUNNING)
        if one.state == BLOCKED:
            assert known.blocked_by(code) and known.acting()[code]
        else:
            assert known.blocked_by(code) == ()
    assert known.runnable() == []
    assert known.owed() or play.those(DONE) == ALL
    if known.state("live") != DONE:  # it comes last: it waits for all that runs
        assert {one.step.code for one in known.acting()["live"]} == play.those(RUNNING)


@settings(deadline=None)
@given(plays())
def test_only_what_lies_between_is_done_again(play: Play) -> None:
    known = play.board
    for code in play.those(RUNNING):
        for to in known.back_to(code):
            again = {one.step.code for one in known.redone(code, to)}
            assert again <= play.those(DONE)
            for one in ALL:
                between = one == to or (to in known.before[one] and one in known.before[code])
                assert (one in again) == (between and known.state(one) == DONE)


def test_the_standard_template_owes_40_hours_each_of_advertisement_and_article() -> None:
    hours = {step.code: step.hours for step in STEPS}
    assert sum(value for code, value in hours.items() if code.startswith("ad_")) == 40
    assert sum(value for code, value in hours.items() if code.startswith("article_")) == 40
    assert list(hours) == [
        "material", "open_account", "upload", "contract_check", "ad_plan", "ad_make", "ad_customer_approves",
        "ad_specialist_approves", "ad_tracked", "article_brief", "article_write", "article_audit", "live",
    ]  # fmt: skip
