"""What a rule finds: one observed breach, why in one line, the proof, and the excuses that were weighed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

LOW, MEDIUM, HIGH = 1, 2, 3
SEVERITIES = {LOW: "low", MEDIUM: "medium", HIGH: "high"}


class Rule(NamedTuple):
    """A rule: its code, what a flag of it is called, and whether the collector evaluates it as it happens."""

    code: str
    words: str
    live: bool


AUTOMATIC: tuple[Rule, ...] = (
    Rule("behind_quota", "behind quota", False),
    Rule("idle", "idle", True),
    Rule("private_call", "private call", True),
    Rule("padding", "padding", False),
    Rule("absent_but_calling", "absent but calling", False),
    Rule("present_but_silent", "present but silent", False),
    Rule("out_of_hours", "out of hours", False),
    Rule("do_not_call_dialled", "do-not-call dialled", True),
    Rule("logged_without_a_call", "logged without a call", False),
)
"""The automatic rules. Their codes are their names with underscores."""

BY_HAND: tuple[Rule, ...] = (
    Rule("irrelevant_web_pages", "irrelevant web pages", False),
    Rule("private_chat", "private chat", False),
    Rule("noise", "noise", False),
    Rule("mobile_phone", "mobile phone", False),
    Rule("other", "other", False),
)
MERIT = Rule("merit", "merit", False)

WORDS = {rule.code: rule.words for rule in (*AUTOMATIC, *BY_HAND, MERIT)}
LIVE = frozenset(rule.code for rule in AUTOMATIC if rule.live)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a flag is raised. `words`: one line that says it all; `calls`: the calls behind it as "source:group", the
    most telling first, at most 20; `figures`: what was measured, by name; `base`: how the team does, in words, ""
    unknown."""

    words: str
    calls: tuple[str, ...] = ()
    figures: Mapping[str, int | float | str] = field(default_factory=dict)
    base: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One observed breach. Whose: a specialist's, or an unknown phone identity's (`specialist_id` None). `subject`
    tells findings of one rule, person and day apart and stays the same while the same thing is found. `at_us`: when
    it happened; `excuses`: what was weighed and left out in their favour, in words."""

    rule: str
    specialist_id: int | None
    identity_id: int | None
    day: int
    subject: str
    at_us: int
    severity: int
    evidence: Evidence
    excuses: tuple[str, ...] = ()

    @property
    def whose(self) -> str:
        """Whose it is, as flags are kept by."""
        return f"specialist:{self.specialist_id}" if self.specialist_id is not None else f"phone:{self.identity_id}"
