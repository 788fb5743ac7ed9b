"""What of a day wants an explanation, with what is known in its favour and what was decided. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from store.audit_book import Decided
from store.flag_book import FlagRow
from supervisor.duties.audit.snapshots import (
    ACCEPTED,
    CORRECTED,
    DISCREPANCIES,
    OPEN,
    AuditedCall,
    AuditedLog,
    Discrepancy,
)
from supervisor.duties.discipline.findings import Evidence
from supervisor.duties.discipline.kept import evidence_of
from supervisor.duties.discipline.snapshots import DECIDED, WITHDRAWN

RULE_OF = {
    "do_not_call": "do_not_call_dialled",
    "absent_but_calling": "absent_but_calling",
    "out_of_hours": "out_of_hours",
    "private_candidate": "private_call",
    "log_without_call": "logged_without_a_call",
}
"""By class, the rule that raises a flag of the same thing; of the others only people do."""
HISTORY = "history: dated before the floor's first call"

_BY_CALL = frozenset({"do_not_call"})
_BY_NUMBER = frozenset({"private_candidate"})


class Flags:
    """The flags that speak of a day, found by what they speak of: those of its rules, and those that people made of
    its discrepancies, by id."""

    def __init__(self, flags: Iterable[FlagRow]) -> None:
        self._by_id: dict[int, FlagRow] = {}
        self._of: defaultdict[tuple[str, int | None, str], list[tuple[FlagRow, Evidence]]] = defaultdict(list)
        for flag in flags:
            if flag.state != WITHDRAWN:
                self._by_id[flag.flag_id] = flag
                self._of[_whose(flag.rule, flag.specialist_id, flag.specialist)].append(
                    (flag, evidence_of(flag.evidence))
                )

    def says(self, item: AuditedCall | AuditedLog, decided: Decided | None) -> str:
        """Return what a flag of an item says in its favour: how it was decided, else what was replied to it."""
        made = self._by_id.get(decided.flag_id or 0) if decided else None
        return next((words for flag in (made, self.raised(item)) if flag and (words := _said(flag))), "")

    def raised(self, item: AuditedCall | AuditedLog) -> FlagRow | None:
        """Return the flag that the rule of an item's class raised: of this very call or number, or of all that somebody
        did so that day, of which a flag names the first calls alone. None: none."""
        told = self._of.get(_whose(RULE_OF.get(item.class_, ""), item.specialist_id, item.specialist), [])
        call = item.id.removeprefix("call:")
        if isinstance(item, AuditedCall) and item.class_ in _BY_NUMBER:
            told = [one for one in told if one[1].figures.get("number") == item.number]
        elif named := [one for one in told if call in one[1].calls]:
            told = named
        elif item.class_ in _BY_CALL:
            told = []
        return told[0][0] if told else None


def _whose(rule: str, specialist_id: int | None, name: str) -> tuple[str, int | None, str]:
    return rule, specialist_id, name if specialist_id is None else ""


def _said(flag: FlagRow) -> str:
    if flag.state == DECIDED:
        return f"{flag.decision} by {flag.decided_by}" + (f": {flag.why}" if flag.why else "")
    return flag.reply


def discrepancies(
    calls: Iterable[AuditedCall],
    logs: Sequence[AuditedLog],
    beside: Iterable[AuditedLog],
    decided: Mapping[str, Decided],
    flags: Flags,
    first_call_us: int | None,
) -> list[Discrepancy]:
    """Return what of `calls` and `logs` wants an explanation, in the order of time.

    The newest decision about an item holds while it is of the class it was of then: an accepted "unlogged" is no
    leave to have dialled a do-not-call number. A correction, which changes what an item is, holds as it is. A log that
    a supervisor accepted is accepted, and so is one from before the floor's first call record, which is history.
    """
    by_id = {log.entry_id: log for log in (*beside, *logs)}
    found = [_of_call(call, by_id, decided.get(call.id), flags) for call in calls if call.class_ in DISCREPANCIES]
    found += [
        _of_log(log, decided.get(log.id), flags, first_call_us is None or log.at_us < first_call_us)
        for log in logs
        if log.class_ in DISCREPANCIES
    ]
    return sorted(found, key=lambda one: (one.at_us, one.id))


def _of_call(
    call: AuditedCall, logs: Mapping[int, AuditedLog], decided: Decided | None, flags: Flags
) -> Discrepancy:  # fmt: skip
    log = None if call.entry_id is None else logs.get(call.entry_id)
    held = _holding(decided, call.class_)
    return Discrepancy(
        id=call.id,
        class_=call.class_,
        specialist_id=call.specialist_id,
        specialist=call.specialist,
        team=call.team,
        company=call.company,
        number=call.number,
        at_us=call.started_us,
        why=call.why,
        call=call,
        log=log,
        explanation=flags.says(call, held) or (log.note if log else ""),
        state=held.state if held else OPEN,
        decided_why=held.why if held else "",
        decided_by=held.who if held else "",
    )


def _of_log(log: AuditedLog, decided: Decided | None, flags: Flags, is_history: bool) -> Discrepancy:
    """Its own note is what it claims, and proves nothing."""
    held = _holding(decided, log.class_)
    by, of_itself = log.accepted_by, ""
    if by:
        of_itself = f"accepted by {by}"
    elif is_history:
        of_itself = HISTORY
    return Discrepancy(
        id=log.id,
        class_=log.class_,
        specialist_id=log.specialist_id,
        specialist=log.specialist,
        team=log.team,
        company=log.company,
        number="",
        at_us=log.at_us,
        why=log.why,
        call=None,
        log=log,
        explanation=of_itself or flags.says(log, held),
        state=held.state if held else ACCEPTED if of_itself else OPEN,
        decided_why=held.why if held else "",
        decided_by=held.who if held else by,
    )


def _holding(decided: Decided | None, class_: str) -> Decided | None:
    if decided is None or decided.state == CORRECTED or decided.class_ == class_:
        return decided
    return None
