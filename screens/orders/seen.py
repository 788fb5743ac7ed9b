"""What a person has seen of orders, and what they did to them: so that acts are refused where somebody else was faster,
and never because of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from screens.orders.rounds import Draft

if TYPE_CHECKING:
    from supervisor.duties.orders.snapshots import OrderReview


class Mark(NamedTuple):
    """What was seen of an order at a moment: its version (None: it was not read yet), and how often others had changed
    it."""

    order_id: int
    version: int | None
    others: int


class Did(NamedTuple):
    """An act that can be undone here: heard, withdrawn, reviewed, closed, or something else; `draft` of a review."""

    order_id: int
    what: str
    draft: Draft | None = None


class Memory:
    """Orders as they were last read, by id. A reading that began before an act of one's own and ended after it is
    older, and is not taken."""

    def __init__(self, reviews: Mapping[int, OrderReview]) -> None:
        self._reviews = dict(reviews)
        self._others: dict[int, int] = {}
        self._evidence: dict[tuple[int, str], int] = {}
        self._waiting: set[tuple[int, str]] = set()
        self._did: list[Did] = []

    def of(self, order_id: int) -> OrderReview | None:
        """Return an order as it was last read; None: it was not."""
        return self._reviews.get(order_id)

    def take(self, review: OrderReview, own: bool = False) -> None:
        """Keep an order as it was read; `own`: after an act of one's own."""
        order_id, known = review.line.order_id, self._reviews.get(review.line.order_id)
        if known is not None:
            risen = review.line.version - known.line.version
            if risen < 0:
                return
            if risen > int(own):
                self._others[order_id] = self._others.get(order_id, 0) + 1
        self._reviews[order_id] = review

    def mark(self, order_id: int) -> Mark:
        """Return what is seen of an order now."""
        known = self._reviews.get(order_id)
        return Mark(order_id, known.line.version if known else None, self._others.get(order_id, 0))

    def version(self, seen: Mark) -> int:
        """Return the version for an act of whoever saw `seen`: with one's own acts since, and none of others."""
        changed = self._others.get(seen.order_id, 0) != seen.others
        if changed and seen.version is not None:
            return seen.version
        return self._reviews[seen.order_id].line.version

    # What was heard in this review

    def wait(self, order_id: int, code: str) -> None:
        """A fact is being written or taken back."""
        self._waiting.add((order_id, code))

    def evidence(self, order_id: int, code: str) -> int | None:
        """Return the evidence of a fact that was heard here."""
        return self._evidence.get((order_id, code))

    def settled(self, order_id: int, code: str, review: OrderReview | None, *, new: bool = False) -> None:
        """A fact was written (`new`, as `review` has it) or taken back, or it was not."""
        self._waiting.discard((order_id, code))
        if new and review is not None:
            self._evidence[order_id, code] = max(f.evidence_id for f in review.facts if f.code == code)

    def known(self, order_id: int, code: str, evidence: int) -> None:
        """A fact is heard in this review again."""
        self._evidence[order_id, code] = evidence

    def heard(self, order_id: int, draft: Draft) -> None:
        """Bring what `draft` has heard in line with what stands."""
        review = self._reviews.get(order_id)
        if review is None:
            return
        standing = {fact.evidence_id for fact in review.facts}
        for (known, code), evidence in self._evidence.items():
            if known == order_id and (known, code) not in self._waiting:
                if evidence in standing:
                    draft.heard[code] = evidence
                elif code in draft.heard:
                    del draft.heard[code]

    # What was done

    @property
    def last(self) -> Did | None:
        """The last act done here."""
        return self._did[-1] if self._did else None

    def done(self, did: Did) -> None:
        """An act was done."""
        self._did.append(did)

    def undone(self) -> None:
        """The last one was undone."""
        if self._did:
            self._did.pop()

    def written(self, order_id: int) -> None:
        """The review of an order was written: what was heard in it is not heard in the next one."""
        self._evidence = {key: value for key, value in self._evidence.items() if key[0] != order_id}
