"""Calls against quota: what a call is, what counts, how everybody is doing, and what a supervisor can do about it.

Named here is what reading needs. The rule that makes calls of legs is in `rule`, a person's acts are in `acts`: both
need the store's tables, whose making would keep a console waiting for its first rows.
"""

from supervisor.duties.calls.day import ListedCall, Segment, read_calls, read_specialist
from supervisor.duties.calls.floor import floor_of, read_floor
from supervisor.duties.calls.refusals import RefusedError, refusal
from supervisor.duties.calls.snapshots import (
    CommandAnswer,
    DayCall,
    FloorSnapshot,
    HourCount,
    Quota,
    SourceHealth,
    SpecialistDay,
    SpecialistLine,
    StateSpan,
    Totals,
)

__all__ = [
    "CommandAnswer", "DayCall", "FloorSnapshot", "HourCount", "ListedCall", "Quota", "RefusedError", "Segment",
    "SourceHealth", "SpecialistDay", "SpecialistLine", "StateSpan", "Totals", "floor_of", "read_calls", "read_floor",
    "read_specialist", "refusal",
]  # fmt: skip
