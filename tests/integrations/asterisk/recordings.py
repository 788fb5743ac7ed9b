"""What was recorded, and what is true of it."""

from __future__ import annotations

import ast
import gzip
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from integrations.asterisk.settings import AsteriskSettings
from integrations.provider import Outcome

DATA = Path(__file__).parents[2] / "data" / "asterisk"

OUTCOMES = {
    "answered": Outcome.ANSWERED,
    "busy": Outcome.BUSY,
    "failed": Outcome.FAILED,
    "bad number": Outcome.FAILED,
    "rejected": Outcome.FAILED,
    "no answer": Outcome.NO_ANSWER,
    "cancelled": Outcome.CANCELLED,
}
_LINE = re.compile(
    r"(?P<scenario>\S+)\s+(?P<specialist>\S+)\s+-> (?P<number>\d+)\s+ring\s+(?P<ring>[\d.]+) "
    r"(?P<outcome>[a-z ]+?) +(?P<status>\S+/\S+/\S+) talk (?P<talk>.*)\Z"
)


@dataclass(frozen=True)
class TrueCall:
    """One dial attempt as it really was. `talk` is in seconds, by specialist."""

    scenario: str
    specialist: str | None
    number: str
    ring_seconds: float
    outcome: Outcome
    talk: dict[str, float]


def true_calls() -> list[TrueCall]:
    """All dial attempts of the session. A trunk that is dead fails; the list's own word for it is "no answer"."""
    calls = []
    for line in (DATA / "main.calls.txt").read_text().splitlines():
        found = _LINE.match(line)
        assert found is not None, line
        talk: dict[str, float] = defaultdict(float)
        for agent, seconds in ast.literal_eval(found["talk"]):
            talk[agent] += seconds
        outcome = OUTCOMES[found["outcome"]]
        if found["scenario"] == "trunk-down" or (found["scenario"] == "failover" and outcome is Outcome.NO_ANSWER):
            outcome = Outcome.FAILED
        specialist = None if found["specialist"] == "-" else found["specialist"]
        calls.append(
            TrueCall(found["scenario"], specialist, found["number"], float(found["ring"]), outcome, dict(talk))
        )
    return calls


def events(name: str) -> list[bytes]:
    """The messages of a recording, cut where the wire cuts them: a forged name makes several of one."""
    return [part.lstrip(b"\r\n") for part in gzip.decompress((DATA / name).read_bytes()).split(b"\r\n\r\n")]


def settings(
    trunks: tuple[str, ...] = ("PJSIP/carrier-*", "PJSIP/deadtrunk-*"),
    dial_prefixes: tuple[str, ...] = ("9", "8", "6", "5"),
) -> AsteriskSettings:
    """The recorded floor's configuration."""
    return AsteriskSettings(type="asterisk", username="collector", trunks=trunks, dial_prefixes=dial_prefixes)
