"""Calls against quota: what a call is, what counts, how everybody is doing, and what a supervisor can do about it."""

from supervisor.duties.calls.acts import RefusedError, adopt, answer, command, set_quota, undo
from supervisor.duties.calls.day import ListedCall, Segment, read_calls, read_specialist
from supervisor.duties.calls.floor import floor_of, read_floor
from supervisor.duties.calls.rule import call_of
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
    "SourceHealth", "SpecialistDay", "SpecialistLine", "StateSpan", "Totals", "adopt", "answer", "call_of", "command",
    "floor_of", "read_calls", "read_floor", "read_specialist", "set_quota", "undo",
]  # fmt: skip
