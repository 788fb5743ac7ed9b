"""Sealing: a day is signed by a named person with a sentence, each seal holds the one before, and anybody can prove it.

"A signed day is sealed (a hash chained to the previous day's) and later edits show as revisions, never silently."
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from store import audit_chain as book
from store.audit_chain import Seal
from supervisor.calendar import day_text
from supervisor.config import Config
from supervisor.duties.audit.content import canonical, content_of
from supervisor.duties.audit.revisions import revisions
from supervisor.duties.audit.snapshots import DayAudit, Link, Revision, Signed
from supervisor.duties.calls.refusals import RefusedError

if TYPE_CHECKING:
    from supervisor.duties.acting import Doer

__all__ = ["canonical", "chain", "hash_of", "seal", "sign", "signed_of"]

_SIGN = "audit.sign"
_BROKEN = "its hash does not fit what it says"


def hash_of(previous: str, day: int, who: str, sentence: str, at_us: int, content: str) -> str:
    """Return the hash of a seal, SHA-256 in hex, over a JSON list in ASCII of the hash of the seal before ("" of the
    first), day, who, sentence, moment and content: no two seals write the same list."""
    said = json.dumps([previous, day, who, sentence, at_us, content], separators=(",", ":"))
    return sha256(said.encode("ascii")).hexdigest()


def signed_of(connection: Connection, audit: DayAudit) -> Signed | None:
    """Return who signed the day of an audit of everybody, and what is not any more as it was signed; None: nobody
    did."""
    kept = book.of_day(connection, audit.day)
    if kept is None:
        return None
    if not _fits(kept):
        found: tuple[Revision, ...] = (Revision("the seal itself", "as it was signed", _BROKEN),)
    else:
        found = revisions(json.loads(kept.content), content_of(audit), audit.time_zone)
    return Signed(kept.who, kept.at_us, kept.sentence, kept.hash, found)


def sign(connection: Connection, doer: Doer, config: Config, day: int, sentence: str) -> str:
    """Sign a day: it is sealed with all that the audit says of it. It cannot be undone; a day that was revised since is
    signed again, as another seal.

    RefusedError as `seal`.
    """
    from supervisor.duties.audit.read import read_audit  # which tells itself who signed

    return seal(connection, doer, read_audit(connection, config, day, doer.now_us), sentence)


def seal(connection: Connection, doer: Doer, audit: DayAudit, sentence: str) -> str:
    """Append the seal of an audit of everybody, in the caller's writing transaction; return in words what was done.

    RefusedError where the day is not over, something in it does not add up or wants an explanation, without a sentence,
    or where it is signed and as it was then.
    """
    from store import audit_acts  # and these bring the store's tables, which reading does without
    from supervisor.duties.acting import note
    from supervisor.duties.orders.changing import line
    from supervisor.text import storable

    sentence = line(sentence, "a sentence")
    _can_be_signed(audit)
    day, who, content = audit.day, storable(doer.who), canonical(audit)
    before = signed_of(connection, audit)
    if before is not None and not before.revisions:
        raise RefusedError(f"{day_text(day)} is signed by {before.who} already, and nothing was revised since")
    previous, last_us = book.newest(connection) or ("", 0)
    if doer.now_us < last_us:
        raise RefusedError("the clock of this machine stands before the last signature: set it right first")
    proof = hash_of(previous, day, who, sentence, doer.now_us, content)
    said = {"day": day, "at_us": doer.now_us, "who": who, "sentence": sentence, "content": content}
    audit_acts.add_seal(connection, {**said, "previous": previous, "hash": proof})
    note(connection, doer, _SIGN, day=day, hash=proof)
    revised = "" if before is None else ", as it was revised"
    return f"{day_text(day)} is signed and sealed{revised}; a signature is not undone"


def _can_be_signed(audit: DayAudit) -> None:
    day = day_text(audit.day)
    if not audit.over:
        raise RefusedError(f"{day} is not over: a day is signed when nothing more is to come")
    if not audit.balanced:
        raise RefusedError(f"{day} does not add up: {'; '.join(audit.residue)}")
    if audit.open:
        many = "discrepancy wants" if audit.open == 1 else "discrepancies want"
        raise RefusedError(f"{audit.open:,} {many} an explanation: accept, correct or flag first")


# -- proving ------------------------------------------------------------------------------------------------------


def chain(connection: Connection) -> tuple[Link, ...]:
    """Return all seals, oldest first, each proved anew: its hash fits what it says, it holds the hash of the one
    before, it was signed no earlier, and the journal knows it. A seal that the journal knows and the chain has not is a
    link too, at its place, with that as its fault."""
    known = _journalled(connection)
    links: list[Link] = []
    previous, at_us = "", 0
    for seal_id in book.ids(connection):
        try:
            kept = book.seal(connection, seal_id)
        except DBAPIError:  # bytes in the file that are no text
            day, moment_us = book.moment(connection, seal_id)
            links.append(Link(day, moment_us, "", "", "it cannot be read"))
            previous = ""
            continue
        told = known.pop(kept.hash, None)
        fault = _fault(kept, previous, at_us, told is not None)
        links.append(Link(told.day if told else kept.day, kept.at_us, kept.who, kept.hash, fault))
        previous, at_us = kept.hash, kept.at_us
    here = {(link.day, link.at_us) for link in links}
    for gone in known.values():
        if (gone.day, gone.at_us) not in here:  # else it is there, with another hash, and told
            place = next((place for place, one in enumerate(links) if one.at_us > gone.at_us), len(links))
            links.insert(place, gone)
    return tuple(links)


def _journalled(connection: Connection) -> dict[str, Link]:
    """The seals that the journal knows, by hash, as links that are gone."""
    found = {}
    for at_us, who, detail in book.journalled(connection, _SIGN):
        told = json.loads(detail)
        found[told["hash"]] = Link(told["day"], at_us, who, told["hash"], "the chain has lost its seal")
    return found


def _fault(kept: Seal, previous: str, at_us: int, journalled: bool) -> str:
    if not _fits(kept):
        return _BROKEN
    if kept.previous != previous:
        return "it does not follow the seal before it: one was changed, lost or put elsewhere"
    if kept.at_us < at_us:
        return "it was signed before the seal that it follows"
    return "" if journalled else "the journal does not know this signature"


def _fits(kept: Seal) -> bool:
    said = kept.previous, kept.day, kept.who, kept.sentence, kept.at_us, kept.content
    return not any(isinstance(one, bytes) for one in said) and kept.hash == hash_of(*said)
