"""The life of a flag: raised by hand, explained, decided, fined, rewarded; and all of it taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection

from store import flag_book, flag_keeping, roster
from store.engine import Store
from supervisor.duties.acting import undo
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.discipline import acts
from supervisor.duties.discipline.findings import BY_HAND, HIGH, LOW
from supervisor.duties.discipline.read import back, read_discipline, read_flag, read_panel
from supervisor.duties.discipline.talks import log_talk, read_talks
from supervisor.settings import Floor
from tests.supervisor.duties.discipline.flagging import CONFIG, PROOF, doer, flag, flagged, listed, traced
from tests.supervisor.duties.selling import DAY_US, NOW, TODAY, call, customer, specialist


@pytest.fixture
def connection(store: Store) -> Any:
    with store.write() as connection:
        yield connection


@pytest.fixture
def anna(connection: Connection) -> int:
    return specialist(connection, "Anna  Weber", "1001", "North")


def flags(connection: Connection) -> list[tuple[Any, ...]]:
    """All flags, without the version, which always rises."""
    rows = connection.exec_driver_sql("SELECT * FROM flag ORDER BY id").mappings().all()
    return [tuple((key, row[key]) for key in row if key != "version") for row in rows]


def money(connection: Connection) -> list[flag_book.MoneyRow]:
    return flag_book.money(connection, 0)


# -- by hand ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", [one.code for one in BY_HAND])
def test_a_flag_by_hand(connection: Connection, anna: int, rule: str) -> None:
    note = "sings all the time" if rule == "other" else ""
    said = acts.raise_by_hand(connection, doer(), CONFIG, anna, rule, note)
    (line,) = listed(connection)
    assert (line.rule, line.kind, line.state, line.severity) == (rule, "flag", "open", LOW)
    assert line.words == (note or line.rule_words)
    assert (line.specialist, line.team, line.raised_by, line.day, line.at_us) == (
        "Anna  Weber", "North", "boss", TODAY, NOW,
    )  # fmt: skip
    assert line.points == 0 and line.words in said
    assert traced(connection, line.flag_id) == [("boss", "raised", line.words)]


def test_the_same_may_be_seen_twice_a_day(connection: Connection, anna: int) -> None:
    for _ in range(2):
        acts.raise_by_hand(connection, doer(), CONFIG, anna, "noise")
    assert undo(connection, doer())
    acts.raise_by_hand(connection, doer(), CONFIG, anna, "noise")
    assert [line.state for line in listed(connection, TODAY)] == ["open", "withdrawn", "open"]


def test_a_merit_counts_at_once_and_waits_for_nobody(connection: Connection, anna: int) -> None:
    acts.raise_by_hand(connection, doer(), CONFIG, anna, "merit", " won back \n Kaiser ")
    assert listed(connection) == []
    snapshot = read_discipline(connection, CONFIG, NOW)
    (line,) = snapshot.decided
    assert (line.kind, line.state, line.decision, line.points) == ("merit", "decided", "", -2)
    assert (line.words, line.decided_by, snapshot.counts.merits) == ("won back Kaiser", "boss", 1)
    assert snapshot.counts.open == snapshot.counts.today == 0, "it is no breach"


@pytest.mark.parametrize(
    ("rule", "note", "why"),
    [
        ("other", " ", "what was seen is needed"),
        ("merit", "", "what they did well is needed"),
        ("idle", "", "'idle' is no rule by hand; one of irrelevant_web_pages, private_chat, noise, mobile_phone"),
        ("noise", "x" * 501, "what was seen has 501 characters; at most 500 are kept"),
    ],
)
def test_what_cannot_be_raised(connection: Connection, anna: int, rule: str, note: str, why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        acts.raise_by_hand(connection, doer(), CONFIG, anna, rule, note)
    assert not flags(connection)


def test_nobody_is_flagged_who_is_not_here(connection: Connection, anna: int) -> None:
    connection.exec_driver_sql(f'UPDATE specialist SET "left" = {back(TODAY, 1)} WHERE id = {anna}')
    with pytest.raises(RefusedError, match="does not work here today"):
        acts.raise_by_hand(connection, doer(), CONFIG, anna, "noise")
    with pytest.raises(RefusedError, match="there is no such specialist"):
        acts.raise_by_hand(connection, doer(), CONFIG, 999, "noise")


# -- explained, decided -------------------------------------------------------------------------------------------


def test_a_reply_explains_and_another_takes_its_place(connection: Connection, anna: int) -> None:
    one = flagged(connection, anna)
    acts.reply(connection, doer(), one, 1, "my headset\nbroke")
    assert (flag(connection, one).state, flag(connection, one).replied_us) == ("explained", NOW)
    acts.reply(connection, doer("eva", DAY_US), one, 2, "it broke at ten")
    row = flag(connection, one)
    assert (row.reply, row.replied_us, row.version) == ("it broke at ten", NOW + DAY_US, 3)
    assert traced(connection, one) == [
        ("", "raised", PROOF.words),
        ("boss", "explained", "my headset broke"),
        ("eva", "explained", "it broke at ten"),
    ]
    with pytest.raises(RefusedError, match="the reply is needed"):
        acts.reply(connection, doer(), one, 3, "  ")


@pytest.mark.parametrize("explained", [False, True])
@pytest.mark.parametrize(
    ("decision", "why", "points"),
    [("dismissed", "measured wrongly", 0), ("talked", "", 2), ("talked", "agreed", 2), ("warned", "again", 2)],
)
def test_a_decision(
    connection: Connection, anna: int, explained: bool, decision: str, why: str, points: int
) -> None:  # fmt: skip
    one = flagged(connection, anna)
    if explained:
        acts.reply(connection, doer(), one, 1, "my headset broke")
    said = acts.decide(connection, doer("eva"), CONFIG, one, 1 + explained, decision, why)
    row = flag(connection, one)
    assert (row.state, row.decision, row.why, row.points) == ("decided", decision, why, points)
    assert (row.decided_us, row.decided_day, row.decided_by) == (NOW, TODAY, "eva")
    words = decision + (f", {why}" if why else "")
    assert traced(connection, one)[-1] == ("eva", "decided", words)
    assert said == f"Anna  Weber, idle: {words}"
    assert listed(connection) == []
    with pytest.raises(RefusedError, match=f"is decided already: {decision} by eva"):
        acts.decide(connection, doer(), CONFIG, one, row.version, "warned", "again")


def test_points_follow_severity_and_expire(connection: Connection, anna: int) -> None:
    one = flagged(connection, anna, severity=HIGH)
    acts.decide(connection, doer(), CONFIG, one, 1, "warned", "again")
    last, over = NOW + 89 * DAY_US, NOW + 90 * DAY_US
    assert read_flag(connection, CONFIG, one, last).score == read_flag(connection, CONFIG, one, last).line.points == 3
    assert read_flag(connection, CONFIG, one, over).score == read_flag(connection, CONFIG, one, over).line.points == 0


@pytest.mark.parametrize(
    ("decision", "why", "because"),
    [
        ("dismissed", " ", "the reason is needed"),
        ("warned", "", "the reason is needed"),
        ("fined", "again", "a fine needs an amount and the name typed"),
        ("rewarded", "fine", "only a merit is rewarded"),
        ("shot", "again", "'shot' is no decision; one of dismissed, talked, warned"),
    ],
)
def test_what_is_not_decided(connection: Connection, anna: int, decision: str, why: str, because: str) -> None:
    one = flagged(connection, anna)
    with pytest.raises(RefusedError, match=because):
        acts.decide(connection, doer(), CONFIG, one, 1, decision, why)
    assert flag(connection, one).version == 1


def test_who_saw_another_flag_is_told(connection: Connection, anna: int) -> None:
    one = flagged(connection, anna)
    acts.reply(connection, doer("eva"), one, 1, "my headset broke")
    with pytest.raises(RefusedError, match="eva changed this flag 2 h ago; look at it again, nothing was overwritten"):
        acts.decide(connection, doer(later_us=7_300_000_000), CONFIG, one, 1, "warned", "again")
    with pytest.raises(RefusedError, match="there is no such flag any more"):
        acts.reply(connection, doer(), 999, 1, "why?")


def test_a_withdrawn_flag_is_not_decided(connection: Connection, anna: int) -> None:
    one = flagged(connection, anna)
    flag_keeping.withdraw(connection, [one])
    for act in (
        lambda: acts.decide(connection, doer(), CONFIG, one, 2, "talked"),
        lambda: acts.fine(connection, doer(), CONFIG, one, 2, "5", "again", "Anna Weber"),
        lambda: acts.reply(connection, doer(), one, 2, "it was lunch"),
    ):
        with pytest.raises(RefusedError, match="was withdrawn"):
            act()


# -- money --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["Anna Weber", "  anna   WEBER "])
def test_a_fine(connection: Connection, anna: int, typed: str) -> None:
    one = flagged(connection, anna)
    said = acts.fine(connection, doer(), CONFIG, one, 1, "1.250,50 €", "the third time", typed)
    row = flag(connection, one)
    assert (row.state, row.decision, row.why, row.points) == ("decided", "fined", "the third time", 2)
    (entry,) = money(connection)
    assert (entry.kind, entry.amount_cents, entry.flag_id, entry.month, entry.withdrawn) == (
        "fine", 125_050, one, None, False,
    )  # fmt: skip
    assert (entry.specialist_id, entry.day, entry.why, entry.who) == (anna, TODAY, "the third time", "boss")
    assert "fined 1 250.50 EUR, the third time" in said


@pytest.mark.parametrize(
    ("amount", "why", "typed", "because"),
    [
        ("0", "again", "Anna Weber", "an amount above 0 is expected"),
        ("-5", "again", "Anna Weber", "is not an amount"),
        ("five", "again", "Anna Weber", "is not an amount"),
        ("5 USD", "again", "Anna Weber", "the floor's currency is EUR"),
        ("5", " ", "Anna Weber", "the reason is needed"),
        ("5", "again", "Anna", "type the name Anna  Weber to confirm"),
        ("5", "again", "", "type the name Anna  Weber to confirm"),
    ],
)
def test_a_fine_that_is_not_entered(
    connection: Connection, anna: int, amount: str, why: str, typed: str, because: str
) -> None:
    one = flagged(connection, anna)
    with pytest.raises(RefusedError, match=because):
        acts.fine(connection, doer(), CONFIG, one, 1, amount, why, typed)
    assert not money(connection) and flag(connection, one).state == "open"


def test_nobodys_phone_is_not_fined(connection: Connection) -> None:
    phone = roster.identity(connection, roster.source(connection, "pbx", "asterisk"), "1099")
    one = flagged(connection, None, identity_id=phone)
    assert flag(connection, one).specialist == "pbx:1099"
    with pytest.raises(RefusedError, match="nobody knows whose phone pbx:1099 is"):
        acts.fine(connection, doer(), CONFIG, one, 1, "5", "again", "pbx:1099")
    acts.decide(connection, doer(), CONFIG, one, 1, "dismissed", "the fax")


@pytest.mark.parametrize(("amount", "paid"), [("50", [5_000]), (" ", [])])
def test_a_merit_is_rewarded_once(connection: Connection, anna: int, amount: str, paid: list[int]) -> None:
    acts.raise_by_hand(connection, doer(), CONFIG, anna, "merit", "won back Kaiser")
    acts.reward(connection, doer("eva", DAY_US), CONFIG, 1, 1, amount, "thank you")
    row = flag(connection, 1)
    assert (row.decision, row.why, row.decided_by, row.points) == ("rewarded", "thank you", "eva", -2)
    assert row.decided_day == TODAY, "it counts from its own day"
    assert [(one.amount_cents) for one in money(connection) if one.kind == "reward" and one.flag_id == 1] == paid
    with pytest.raises(RefusedError, match="was rewarded already by eva"):
        acts.reward(connection, doer(), CONFIG, 1, 2, "5", "again")
    with pytest.raises(RefusedError, match="there is nothing to explain or decide"):
        acts.decide(connection, doer(), CONFIG, 1, 2, "warned", "why not")


def test_a_reward_of_no_flag(connection: Connection, anna: int) -> None:
    acts.give_reward(connection, doer(), CONFIG, anna, "100", "best of the month")
    (entry,) = money(connection)
    assert (entry.kind, entry.amount_cents, entry.flag_id, entry.why) == ("reward", 10_000, None, "best of the month")
    for amount, why, because in (("0", "x", "above 0"), ("5", "", "the reason is needed")):
        with pytest.raises(RefusedError, match=because):
            acts.give_reward(connection, doer(), CONFIG, anna, amount, why)
    with pytest.raises(RefusedError, match="there is no such specialist"):
        acts.give_reward(connection, doer(), CONFIG, 999, "5", "x")


# -- taken back ---------------------------------------------------------------------------------------------------

Act = Callable[[Connection, int], str]
ON_A_FLAG: dict[str, Act] = {
    "reply": lambda c, one: acts.reply(c, doer(), one, flag(c, one).version, "my headset broke"),
    "dismiss": lambda c, one: acts.decide(c, doer(), CONFIG, one, flag(c, one).version, "dismissed", "wrong"),
    "talk": lambda c, one: acts.decide(c, doer(), CONFIG, one, flag(c, one).version, "talked"),
    "fine": lambda c, one: acts.fine(c, doer(), CONFIG, one, flag(c, one).version, "5", "again", "anna weber"),
}


@pytest.mark.parametrize("before", ["", "reply"])
@pytest.mark.parametrize("act", ON_A_FLAG)
def test_an_act_is_taken_back_exactly(connection: Connection, anna: int, act: str, before: str) -> None:
    one = flagged(connection, anna)
    if before:
        ON_A_FLAG[before](connection, one)
    was, told, version = flags(connection), traced(connection, one), flag(connection, one).version
    said = ON_A_FLAG[act](connection, one)
    assert undo(connection, doer()) == f"undone: {said}"
    assert flags(connection) == was
    assert flag(connection, one).version == version + 2, "who saw it in between is told"
    assert traced(connection, one)[: len(told)] == told, "the trace forgets nothing"
    assert traced(connection, one)[-1] == ("boss", "taken back", said)
    assert all(entry.withdrawn for entry in money(connection)) and len(money(connection)) == (act == "fine")


def test_acts_are_taken_back_one_after_the_other(connection: Connection, anna: int) -> None:
    one = flagged(connection, anna)
    was = flags(connection)
    for act in ("reply", "reply", "fine"):
        ON_A_FLAG[act](connection, one)
    for _ in range(3):
        assert undo(connection, doer())
    assert flags(connection) == was and undo(connection, doer()) is None


def test_an_act_is_not_taken_back_after_somebody_elses(connection: Connection, anna: int) -> None:
    one = flagged(connection, anna)
    acts.reply(connection, doer(), one, 1, "my headset broke")
    acts.decide(connection, doer("eva"), CONFIG, one, 2, "warned", "again")
    with pytest.raises(RefusedError, match="was decided just now by eva, after you: it cannot be undone"):
        undo(connection, doer())
    assert flag(connection, one).state == "decided"


def test_a_rule_that_withdrew_a_flag_stands(connection: Connection, anna: int) -> None:
    one = flagged(connection, anna)
    acts.reply(connection, doer(), one, 1, "my headset broke")
    flag_keeping.withdraw(connection, [one])
    flag_keeping.tell(connection, [flag_keeping.Event(one, "withdrawn", "no longer so")], NOW)
    with pytest.raises(RefusedError, match="was withdrawn just now by a rule"):
        undo(connection, doer())


@pytest.mark.parametrize("rule", ["noise", "merit"])
def test_what_was_raised_by_hand_is_withdrawn_not_deleted(connection: Connection, anna: int, rule: str) -> None:
    said = acts.raise_by_hand(connection, doer(), CONFIG, anna, rule, "because")
    assert undo(connection, doer()) == f"undone: {said}"
    row = flag(connection, 1)
    assert (row.state, row.points) == ("withdrawn", 0)
    assert traced(connection, 1)[-1] == ("boss", "taken back", said)
    counts = read_discipline(connection, CONFIG, NOW).counts
    assert (counts.open, counts.today, counts.merits) == (0, 0, 0)
    with pytest.raises(RefusedError):
        acts.reward(connection, doer(), CONFIG, 1, 2, "5", "thanks")


def test_a_reward_is_taken_back(connection: Connection, anna: int) -> None:
    acts.raise_by_hand(connection, doer(), CONFIG, anna, "merit", "won back Kaiser")
    was = flags(connection)
    acts.reward(connection, doer(), CONFIG, 1, 1, "50", "thank you")
    acts.give_reward(connection, doer(), CONFIG, anna, "100", "best of the month")
    assert undo(connection, doer()) and undo(connection, doer())
    assert flags(connection) == was
    assert [(one.amount_cents, one.withdrawn) for one in money(connection)] == [(10_000, True), (5_000, True)]


# -- what is read of them -----------------------------------------------------------------------------------------


def test_lists_counts_and_panel(connection: Connection, anna: int) -> None:
    old = flagged(connection, anna, day=back(TODAY, 3), at_us=NOW - 3 * DAY_US)
    high = flagged(connection, anna, "private_call", severity=HIGH, at_us=NOW - 60)
    newest = flagged(connection, anna, "padding", severity=LOW, at_us=NOW)
    acts.reply(connection, doer(), old, 1, "my headset broke")
    snapshot = read_discipline(connection, CONFIG, NOW)
    assert [line.flag_id for line in snapshot.open] == [newest, high, old], "newest first"
    assert snapshot.counts == read_panel(connection, CONFIG, NOW).counts
    counts = snapshot.counts
    assert (counts.open, counts.high, counts.explained, counts.today) == (3, 1, 1, 3)
    assert snapshot.people == ((anna, "Anna  Weber", "North"),) and snapshot.teams == ("North",)
    assert snapshot.evaluated_us is None
    tomorrow = read_discipline(connection, CONFIG, NOW + DAY_US)
    assert (tomorrow.counts.open, tomorrow.counts.today) == (3, 0)


def test_the_panel_has_at_most_fifty(connection: Connection, anna: int) -> None:
    for number in range(52):
        flagged(connection, anna, at_us=NOW - number)
    panel = read_panel(connection, CONFIG, NOW)
    assert len(panel.open) == 50 and panel.open[0].at_us == NOW and panel.counts.open == 52


def test_decided_ones_are_listed_for_thirty_days(connection: Connection, anna: int) -> None:
    for days in (29, 30):
        flagged(connection, anna, day=back(TODAY, days))
    acts.decide(connection, doer(later_us=-29 * DAY_US), CONFIG, 1, 1, "talked")
    acts.decide(connection, doer(later_us=-30 * DAY_US), CONFIG, 2, 1, "talked")
    late = flagged(connection, anna, day=back(TODAY, 50))
    acts.decide(connection, doer(), CONFIG, late, 1, "talked")
    assert {line.flag_id for line in read_discipline(connection, CONFIG, NOW).decided} == {1, late}


def test_one_flag_in_full(connection: Connection, anna: int) -> None:
    customer(connection, "c-1", "Baltic Steel", "+491")
    call(connection, "x", "1001", "+491", NOW - 60_000_000)
    one = flagged(connection, anna)
    before = [flagged(connection, anna, day=back(TODAY, days)) for days in (1, 90, 91)]
    flagged(connection, anna, "padding")
    acts.decide(connection, doer(), CONFIG, before[0], 1, "dismissed", "wrong")
    acts.decide(connection, doer(), CONFIG, before[1], 1, "warned", "again")
    file = read_flag(connection, CONFIG, one, NOW)
    assert (file.figures, file.base, file.line.excuses) == (
        {"minutes": 22}, "the team's median is 3", ("lunch from 12:00 to 13:00",),
    )  # fmt: skip
    (proof,) = file.calls  # the other one is no more
    assert (proof.id, proof.company, proof.number, proof.talk_ms) == ("pbx:x", "Baltic Steel", "+491", 60_000)
    assert (file.before, file.score) == (1, 2), "what was dismissed is not held against them"
    assert [(line.who, line.what) for line in file.trace] == [("", "raised")]
    with pytest.raises(LookupError):
        read_flag(connection, CONFIG, 999, NOW)


def test_the_stamp_rises_with_everything(connection: Connection, anna: int) -> None:
    stamps = [flag_book.stamp(connection)]
    one = flagged(connection, anna)
    stamps.append(flag_book.stamp(connection))
    acts.decide(connection, doer(), CONFIG, one, 1, "talked")
    stamps.append(flag_book.stamp(connection))
    undo(connection, doer())
    stamps.append(flag_book.stamp(connection))
    assert stamps == sorted(set(stamps))


# -- talks --------------------------------------------------------------------------------------------------------


def _directors(*names: str) -> Any:
    return CONFIG.__class__(floor=Floor(holidays=False, directors=names))


@pytest.fixture
def director() -> Any:
    import os
    import pwd

    return _directors("nobody-else", pwd.getpwuid(os.getuid()).pw_name)


def test_talks_are_for_directors_alone(connection: Connection, anna: int, director: Any) -> None:
    for config in (CONFIG, _directors("somebody-else")):
        for act in (
            lambda config=config: read_talks(connection, config, anna),
            lambda config=config: log_talk(connection, doer(), config, anna, "doubt", "thinks of leaving"),
        ):
            with pytest.raises(RefusedError, match=r"the talks are private to directors: floor[.]directors in the"):
                act()
        assert not read_discipline(connection, config, NOW).may_read_talks
    assert read_discipline(connection, director, NOW).may_read_talks


def test_a_talk_is_kept_and_nowhere_else(connection: Connection, anna: int, director: Any) -> None:
    said = log_talk(connection, doer(), director, anna, "doubt", "thinks of leaving\nin spring")
    log_talk(connection, doer("eva", DAY_US), director, anna, "encouragement", "has a good ear")
    assert [(one.who, one.kind, one.note) for one in read_talks(connection, director, anna)] == [
        ("eva", "encouragement", "has a good ear"),
        ("boss", "doubt", "thinks of leaving\nin spring"),
    ]
    journal = connection.exec_driver_sql("SELECT detail FROM journal").scalars().all()
    assert not any("leaving" in one or "ear" in one for one in (*journal, said)), "the journal is read by others"
    assert undo(connection, doer()) == "undone: the talk with Anna  Weber is taken back"
    assert [one.kind for one in read_talks(connection, director, anna)] == ["encouragement"]
    assert connection.exec_driver_sql("SELECT count(*) FROM talk").scalar_one() == 2, "nothing is deleted"


@pytest.mark.parametrize(
    ("kind", "note", "because"),
    [("gossip", "x", "'gossip' is no kind of talk; one of encouragement, doubt, other"), ("doubt", " ", "is needed")],
)
def test_what_is_no_talk(
    connection: Connection, anna: int, director: Any, kind: str, note: str, because: str
) -> None:  # fmt: skip
    with pytest.raises(RefusedError, match=because):
        log_talk(connection, doer(), director, anna, kind, note)
