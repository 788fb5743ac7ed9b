"""Sealing: the same day is the same text, what differs since is told, and no change of a kept row stays unseen."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from store.engine import Store, open_store
from supervisor.duties.acting import undo
from supervisor.duties.audit.content import content_of
from supervisor.duties.audit.revisions import MOST, revisions
from supervisor.duties.audit.seal import canonical, chain, hash_of, seal, signed_of
from supervisor.duties.audit.snapshots import OPEN, Revision
from supervisor.duties.calls.refusals import RefusedError
from tests.supervisor.duties.audit.sealing import DAY, audit, call, figures, log, unlogged
from tests.supervisor.duties.selling import DAY_US, NOW, S, doer

DAYS = (20261117, 20261118, 20261119, DAY)
ZONE = "Europe/Berlin"


# -- the content --------------------------------------------------------------------------------------------------


@given(st.randoms(use_true_random=False), st.integers(0, 1 << 50))
def test_the_same_day_is_the_same_text(random: Any, now_us: int) -> None:
    made = audit(
        calls=tuple(call(name) for name in "abcde"),
        logs=tuple(log(id_) for id_ in (9, 10, 3)),
        discrepancies=tuple(unlogged(name) for name in "dba"),
        specialists=(figures(), figures(12, "Boris"), figures(None, "pbx:9"), figures(2, "Cem")),
    )

    def shuffled(values: Any) -> Any:
        order = list(values.items() if isinstance(values, dict) else values)
        random.shuffle(order)
        return dict(order) if isinstance(values, dict) else tuple(order)

    other = replace(
        made, now_us=now_us, shift_elapsed=0.3, floor="Elsewhere", teams=("x",), calls=shuffled(made.calls),
        logs=shuffled(made.logs), discrepancies=shuffled(made.discrepancies), call_classes=shuffled(made.call_classes),
        specialists=tuple(replace(one, flags=shuffled(one.flags)) for one in shuffled(made.specialists)),
    )  # fmt: skip
    assert canonical(other) == canonical(made)


def test_it_has_whole_numbers_alone_and_no_letter_that_an_encoding_could_change() -> None:
    text = canonical(audit(logs=(log(note="Grüße, 你好\x00"),)))
    assert text.isascii()

    def values(of: Any) -> Iterator[Any]:
        for one in of.values() if isinstance(of, dict) else of:
            if isinstance(one, dict | list):
                yield from values(one)
            else:
                yield one

    kinds = {type(one) for one in values(json.loads(text))}
    assert float not in kinds and kinds == {int, str, bool, type(None)}


def told(**changed: Any) -> list[tuple[str, str, str]]:
    """What is told of a day that was `audit()` when it was signed."""
    found = revisions(json.loads(canonical(audit())), content_of(audit(**changed)), ZONE)
    return [(one.what, one.signed, one.now) for one in found]


def test_what_is_as_it_was_signed_is_no_revision() -> None:
    assert told() == []
    assert told(specialists=(figures(name="Anna Weber"), audit().specialists[1])) == [], "another name is none"
    assert told(discrepancies=(replace(unlogged(), why="said better"),)) == []


@pytest.mark.parametrize(
    ("changed", "told_so"),
    [
        ({"totals": replace(audit().totals, talk_ms=120_001)}, ("talk", "0:02:00", "0:02:00.001")),
        ({"totals": replace(audit().totals, dials=1_200)}, ("dials", "2", "1,200")),
        (
            {"call_classes": {**audit().call_classes, "out_of_hours": 1}},
            ("calls out of hours", "0", "1"),
        ),
        ({"log_classes": {"matched": 1, "not_a_call": 0}}, None),
        ({"specialists": (figures(quota=15.0), audit().specialists[1])}, ("Anna", "quota 7.5", "quota 15")),
        (
            {"specialists": (figures(flags=("idle",), last_us=None), audit().specialists[1])},
            ("Anna", "last call 12:00:00", "last call unknown"),
        ),
        ({"specialists": (figures(),)}, ("pbx:1009", "0 dials, 0 effective", "not there")),
        (
            {"discrepancies": (unlogged(state=OPEN, decided_by="", decided_why=""),)},
            (
                "decision on call pbx:b",
                "state accepted, by boss, because in a hurry",
                "state open, by nothing, because nothing",
            ),
        ),
        ({"discrepancies": ()}, ("decision on call pbx:b", "unlogged, accepted", "not there")),
        (
            {"calls": (call(talk_ms=9_000, effective=False, class_="short"), audit().calls[1])},
            (
                "call pbx:a of Anna at 11:00:00",
                "class matched, talk 0:01:00, effective yes",
                "class short, talk 0:00:09, effective no",
            ),
        ),
        (
            {"calls": (call(ended_us=None, customer_id=None, entry_id=None), audit().calls[1])},
            ("call pbx:a of Anna at 11:00:00", "customer 7, ended 11:01:05, log 3", "customer nobody's, ended unknown, "
             "log none"),
        ),
        ({"calls": (*audit().calls, call("z", class_="unknown_number", specialist_id=None, specialist=""))},
         ("call pbx:z at 11:00:00", "not there", "unknown number")),
        ({"logs": (log(claimed_ms=None),)}, ("log 3 of Anna at 11:00:00", "claims 0:01:00", "claims unknown")),
        ({"logs": (log(note=""),)}, ("log 3 of Anna at 11:00:00", "note call again on Monday", "note nothing")),
    ],
)  # fmt: skip
def test_what_differs_is_told_in_words(changed: dict[str, Any], told_so: tuple[str, str, str] | None) -> None:
    assert told(**changed) == ([] if told_so is None else [told_so])


def test_figures_come_first_and_no_more_than_fifty_are_told() -> None:
    many = [call(f"n{number}") for number in range(MOST)]
    changed = {"calls": (*audit().calls, *many), "totals": replace(audit().totals, calls=2 + len(many))}
    found = told(**changed)
    assert len(found) == MOST + 1
    assert found[0] == ("calls", "2", "52") and found[-1] == ("and 1 more", "", "")
    assert len(told(calls=(*audit().calls, *many))) == MOST


texts = st.text(max_size=4)
said = st.tuples(texts, st.integers(), texts, texts, st.integers(), texts)


@given(said, said)
def test_no_two_seals_hash_the_same_text(one: tuple[Any, ...], other: tuple[Any, ...]) -> None:
    assert (hash_of(*one) == hash_of(*other)) == (one == other)
    previous, day, who, sentence, at_us, content = one
    if who:
        moved = previous, day, who[:-1], who[-1] + sentence, at_us, content
        assert hash_of(*moved) != hash_of(*one), "what moves from one to the next is another seal"


# -- signing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "sentence", "because"),
    [
        ({"over": False}, "fine", "2026-11-20 is not over"),
        ({"balanced": False, "residue": ("1 call too many",)}, "fine", "does not add up: 1 call too many"),
        ({"discrepancies": (unlogged(state=OPEN),)}, "fine", "1 discrepancy wants an explanation"),
        (
            {"discrepancies": (unlogged(state=OPEN), unlogged("c", state=OPEN), unlogged("d"))},
            "fine",
            "2 discrepancies want an explanation",
        ),
        ({}, " \n ", "a sentence is needed"),
    ],
)
def test_what_is_not_signed(store: Store, changed: dict[str, Any], sentence: str, because: str) -> None:
    with store.write() as connection:
        with pytest.raises(RefusedError, match=because):
            seal(connection, doer(), audit(**changed), sentence)
        assert chain(connection) == () and signed_of(connection, audit()) is None


def test_a_day_is_signed_once_and_again_only_when_revised(store: Store) -> None:
    with store.write() as connection:
        words = seal(connection, doer(), audit(), "  all  calls heard ")
        assert words == "2026-11-20 is signed and sealed; a signature is not undone"
        signed = signed_of(connection, audit(now_us=NOW + DAY_US))
        assert signed is not None
        assert (signed.who, signed.at_us, signed.sentence) == ("boss", NOW, "all calls heard")
        assert signed.revisions == ()
        with pytest.raises(RefusedError, match="is signed by boss already, and nothing was revised"):
            seal(connection, doer("eva"), audit(), "again")
        late = audit(calls=(call(talk_ms=1_000), audit().calls[1]))
        signed = signed_of(connection, late)
        assert signed is not None
        assert signed.revisions == (Revision("call pbx:a of Anna at 11:00:00", "talk 0:01:00", "talk 0:00:01"),)
        assert seal(connection, doer("eva", S), late, "as corrected").endswith(
            "sealed, as it was revised; a signature is not undone"
        )
        signed = signed_of(connection, late)
        assert signed is not None and signed.who == "eva" and signed.revisions == ()
        assert [(one.day, one.who, one.fault) for one in chain(connection)] == [(DAY, "boss", ""), (DAY, "eva", "")]
        assert undo(connection, doer()) is None, "a signature is not undone"


def test_a_clock_that_was_set_back_signs_nothing(store: Store) -> None:
    with store.write() as connection:
        seal(connection, doer(), audit(), "fine")
        seal(connection, doer(), audit(day=20261119), "in the same moment")
        with pytest.raises(RefusedError, match="stands before the last signature"):
            seal(connection, doer(later_us=-1), audit(day=20261118), "fine")
        assert [one.fault for one in chain(connection)] == ["", ""]


def test_the_store_refuses_to_change_a_seal(store: Store) -> None:
    with store.write() as connection:
        seal(connection, doer(), audit(), "fine")
    for statement in ("UPDATE sealed_day SET who = 'eva'", "DELETE FROM sealed_day"):
        with pytest.raises(Exception, match=r"append-only|refused|change"), store.write() as connection:
            connection.exec_driver_sql(statement)
    with store.read() as connection:
        assert [one.fault for one in chain(connection)] == [""]


@pytest.mark.parametrize("days", [(DAY, DAY), (DAY, 20261119)])
def test_two_who_sign_at_once(store_url: str, days: tuple[int, int]) -> None:
    """One after the other: of the same day the second is refused, of another day it follows the first."""
    barrier = threading.Barrier(2)
    refused: list[str] = []

    def sign(who: str, day: int) -> None:
        store = open_store(store_url)
        try:
            barrier.wait(10)
            with store.write() as connection:
                seal(connection, doer(who), audit(day=day), "fine")
        except RefusedError as error:
            refused.append(str(error))
        finally:
            store.close()

    both = [threading.Thread(target=sign, args=one) for one in zip(("anna", "boris"), days, strict=True)]
    for one in both:
        one.start()
    for one in both:
        one.join(30)
    same = len(set(days)) == 1
    assert len(refused) == int(same)
    store = open_store(store_url)
    with store.read() as connection:
        links = chain(connection)
    store.close()
    assert len(links) == 2 - int(same) and not any(link.fault for link in links)


# -- proving ------------------------------------------------------------------------------------------------------


@pytest.fixture
def sealed(store: Store) -> Store:
    """Four days, signed one after the other."""
    with store.write() as connection:
        for later, day in enumerate(DAYS):
            seal(connection, doer("boss", later * S), audit(day=day), f"day {later}, fine")
    return store


class TakenBackError(Exception):
    """Nothing of a test's tampering is to stay."""


def disarm(connection: Connection) -> None:
    """Take away what refuses changes of the chain."""
    if connection.dialect.name == "sqlite":
        for event in ("update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER sealed_day_no_{event}")
    else:
        connection.exec_driver_sql("ALTER TABLE sealed_day DISABLE TRIGGER ALL")


def after(store: Store, *statements: str) -> list[tuple[int, str]]:
    """Day and fault of all that does not hold after `statements`; nothing of them stays."""
    found: list[tuple[int, str]] = []
    try:
        with store.write() as connection:
            disarm(connection)
            for statement in statements:
                connection.exec_driver_sql(statement)
            found = [(link.day, link.fault) for link in chain(connection) if link.fault]
            raise TakenBackError
    except TakenBackError:
        return found


def test_an_untouched_chain_holds(sealed: Store) -> None:
    with sealed.read() as connection:
        links = chain(connection)
    assert [(link.day, link.fault) for link in links] == [(day, "") for day in DAYS]


BROKEN = "its hash does not fit what it says"
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUIET
@given(data=st.data())
def test_any_other_letter_of_any_row_is_found_and_its_day_is_named(sealed: Store, data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(DAYS) - 1))
    column = data.draw(st.sampled_from(("content", "sentence", "who", "hash", "previous")))
    with sealed.read() as connection:
        kept = connection.exec_driver_sql(f"SELECT {column} FROM sealed_day WHERE day = {DAYS[row]}").scalar_one()
    place = data.draw(st.integers(0, max(0, len(kept) - 1)))
    letter = data.draw(st.characters(codec="ascii", exclude_characters="'%:", exclude_categories=["C"]))
    other = kept[:place] + letter + kept[place + 1 :]
    if other == kept:
        other = kept + letter
    quoted = other.replace("'", "''").replace("%", "%%") if sealed.place.path is None else other.replace("'", "''")
    faults = after(sealed, f"UPDATE sealed_day SET {column} = '{quoted}' WHERE day = {DAYS[row]}")
    assert faults[0] == (DAYS[row], BROKEN)


@QUIET
@given(
    row=st.integers(0, len(DAYS) - 1),
    by=st.integers(-(10**9), 10**9).filter(bool),
    what=st.sampled_from(("at_us", "day")),
)
def test_another_moment_or_day_is_found(sealed: Store, row: int, by: int, what: str) -> None:
    faults = after(sealed, f"UPDATE sealed_day SET {what} = {what} + {by} WHERE day = {DAYS[row]}")
    assert faults[0] == (DAYS[row], BROKEN)


@pytest.mark.parametrize("row", range(len(DAYS)))
def test_a_seal_that_is_gone_is_named(sealed: Store, row: int) -> None:
    faults = after(sealed, f"DELETE FROM sealed_day WHERE day = {DAYS[row]}")
    assert faults[0] == (DAYS[row], "the chain has lost its seal")
    if row + 1 < len(DAYS):
        assert faults[1][0] == DAYS[row + 1], "and the next one follows nothing"


@pytest.mark.parametrize(("one", "other"), [(0, 1), (1, 3), (2, 3)])
def test_another_order_is_found(sealed: Store, one: int, other: int) -> None:
    with sealed.read() as connection:
        ids = [row[0] for row in connection.exec_driver_sql("SELECT id FROM sealed_day ORDER BY id").all()]
    put = "UPDATE sealed_day SET id = {} WHERE id = {}"
    faults = after(sealed, put.format(99, ids[one]), put.format(ids[one], ids[other]), put.format(ids[other], 99))
    assert faults[0][0] in (DAYS[one], DAYS[other]) and faults[0][1].startswith("it does not follow the seal before")


@pytest.mark.parametrize("row", range(len(DAYS)))
def test_who_writes_a_seal_anew_with_a_hash_that_fits_is_found_too(sealed: Store, row: int) -> None:
    """The journal knows the hash that was signed, and the next seal holds it."""
    with sealed.read() as connection:
        kept = connection.exec_driver_sql(
            f"SELECT previous, day, who, sentence, at_us, content FROM sealed_day WHERE day = {DAYS[row]}"
        ).one()
    proof = hash_of(kept[0], kept[1], "eva", *kept[3:])
    faults = after(sealed, f"UPDATE sealed_day SET who = 'eva', hash = '{proof}' WHERE day = {DAYS[row]}")
    assert faults[0] == (DAYS[row], "the journal does not know this signature")
    assert len(faults) == (1 if row + 1 == len(DAYS) else 2)


def test_a_seal_that_does_not_hold_is_told_where_the_day_is_shown(sealed: Store) -> None:
    found = None
    try:
        with sealed.write() as connection:
            disarm(connection)
            connection.exec_driver_sql(f"UPDATE sealed_day SET sentence = 'other' WHERE day = {DAY}")
            found = signed_of(connection, audit())
            raise TakenBackError
    except TakenBackError:
        pass
    assert found is not None
    assert found.revisions == (Revision("the seal itself", "as it was signed", BROKEN),)


@pytest.mark.parametrize("byte", [b"\xff", b"\x00", b"X"])
def test_a_byte_of_the_file_that_flips_is_found(sqlite_url: str, byte: bytes) -> None:
    """Also one that makes the text none."""
    store = open_store(sqlite_url)
    with store.write() as connection:
        for later, day in enumerate(DAYS):
            seal(connection, doer("boss", later * S), audit(day=day), f"day {later}, fine")
    store.close()
    with sqlite3.connect(sqlite_url) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    file = Path(sqlite_url)
    kept = file.read_bytes()
    place = kept.index(b"day 2, fine")
    file.write_bytes(kept[:place] + byte + kept[place + 1 :])
    store = open_store(sqlite_url)
    with store.read() as connection:
        faults = [link for link in chain(connection) if link.fault]
    store.close()
    assert faults[0].day == DAYS[2] and faults[0].at_us == NOW + 2 * S
