"""Times that do not count against somebody: their source was down, or they paused for a reason that excuses. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence

from store.evaluation import Out, Pause, PhoneHeld
from supervisor.calendar import Span
from supervisor.duties.discipline.rules.working import union
from supervisor.duties.discipline.seen import Excuse


def excuses_of(
    pauses: Iterable[Pause], outages: Iterable[Out], reasons: Collection[str]
) -> Callable[[Sequence[PhoneHeld], int], list[Excuse]]:
    """Return what tells, of somebody's phones and up to a moment, the excuses of who has them, in order.

    A pause excuses where its reason is one of `reasons`, however it is spelled (case). A source that was down excuses
    who has a phone on it; who has phones on several is excused while all of those are down.
    """
    excused = {reason.casefold() for reason in reasons}
    paused: dict[int, list[Pause]] = defaultdict(list)
    for pause in pauses:
        if pause.reason.casefold() in excused:
            paused[pause.identity_id].append(pause)
    down: dict[int, list[Out]] = defaultdict(list)
    for out in outages:
        down[out.source_id].append(out)

    def of(phones: Sequence[PhoneHeld], until_us: int) -> list[Excuse]:
        found = [
            Excuse(pause.from_us, until_us if pause.until_us is None else pause.until_us, f"pause: {pause.reason}")
            for phone in phones
            for pause in paused.get(phone.identity_id, ())
        ]
        sources = {phone.source_id: phone.source for phone in phones}
        if sources and all(source_id in down for source_id in sources):
            words = f"{' and '.join(sorted(sources.values()))} {'was' if len(sources) == 1 else 'were'} down"
            spans = [
                union((out.from_us, until_us if out.until_us is None else out.until_us) for out in down[source_id])
                for source_id in sources
            ]
            common = spans[0]
            for others in spans[1:]:
                common = _both(common, others)
            found += [Excuse(begin, end, words) for begin, end in common]
        return sorted(found)

    return of


def _both(these: Iterable[Span], others: Sequence[Span]) -> list[Span]:
    """The times in both, each merged and in order."""
    found = [(max(a, c), min(b, d)) for a, b in these for c, d in others]
    return [(begin, end) for begin, end in found if begin < end]
