"""Mode 4: what is owed after a payment. What the console reads and does there: see screens.desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from supervisor.duties.onboarding.snapshots import (
        EnquiriesSnapshot,
        OnboardingFile,
        OnboardingPanel,
        OnboardingSnapshot,
    )


class OnboardingDesk(Protocol):
    """What is owed after a payment. Acts take the version of the onboarding or enquiry that the person saw, and return
    in words what was done; refused ones raise, saying why."""

    def onboarding(self) -> OnboardingSnapshot:
        """Return what mode 4 shows now."""
        ...

    def panel(self) -> OnboardingPanel:
        """Return what the floor's panel shows now."""
        ...

    def file(self, onboarding_id: int) -> OnboardingFile:
        """Return one onboarding in full. LookupError where there is none."""
        ...

    def holders(self, role: str) -> list[str]:
        """Return the names that a step held by `role` can be given to."""
        ...

    def pay(self, customer_id: int, amount: str, package: str) -> str:
        """Record a payment that came in today: it starts what is owed to the customer."""
        ...

    def done(self, step_id: int, seen: int) -> str:
        """A running step is done; one that approves approves what it looked at."""
        ...

    def send_back(self, step_id: int, seen: int, to: str, reason: str) -> str:
        """Send a running step back to the step with the code `to`, to be done again, and why."""
        ...

    def reassign(self, step_id: int, seen: int, holder: str) -> str:
        """Give a step to somebody else of its role; an assistant gets all steps of assistants of this customer."""
        ...

    def prod(self, step_id: int, note: str) -> str:
        """Remind who must act: who holds the step, or where it is blocked who holds what blocks it."""
        ...

    def stop(self, onboarding_id: int, seen: int, why: str) -> str:
        """End an onboarding that will not go live."""
        ...

    def enquiries(self) -> EnquiriesSnapshot:
        """Return the assistants' prospect work."""
        ...

    def add_enquiry(self, company: str, number: str, channel: str, note: str, assistant: str) -> str:
        """Keep an enquiry that came in now."""
        ...

    def answer_enquiry(self, enquiry_id: int, seen: int, assistant: str) -> str:
        """An enquiry was answered now, by `assistant` ("": whose it is)."""
        ...

    def hand_enquiry(self, enquiry_id: int, seen: int, specialist_id: int) -> str:
        """Hand somebody interested to a specialist: they are that specialist's customer from now on."""
        ...
