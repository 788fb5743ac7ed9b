"""Evidence and excuses as a flag keeps them: JSON. The one place that writes and reads it.

Evidence is {"words", "calls", "figures", "base"}, excuses are a list of words.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from supervisor.duties.discipline.findings import Evidence
from supervisor.text import storable


def evidence_text(evidence: Evidence) -> str:
    """Return evidence as it is kept. The same evidence is always the same text."""
    told = {
        "words": evidence.words,
        "calls": list(evidence.calls),
        "figures": dict(evidence.figures),
        "base": evidence.base,
    }
    return storable(json.dumps(told, ensure_ascii=False))


def evidence_of(text: str) -> Evidence:
    """Return the evidence that `text` keeps. KeyError, ValueError where it is none."""
    told = json.loads(text)
    return Evidence(told["words"], tuple(told["calls"]), told["figures"], told["base"])


def excuses_text(excuses: Sequence[str]) -> str:
    """Return excuses as they are kept."""
    return storable(json.dumps(list(excuses), ensure_ascii=False))


def excuses_of(text: str) -> tuple[str, ...]:
    """Return the excuses that `text` keeps. ValueError where it keeps none."""
    return tuple(json.loads(text))
