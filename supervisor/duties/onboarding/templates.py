"""The template of steps that a package follows: the floor's own, else the standard one."""

from __future__ import annotations

from supervisor.config import Config
from supervisor.settings import STANDARD, Step

SPECIALIST, ASSISTANT, CUSTOMER, DIRECTOR = "specialist", "assistant", "customer", "director"
"""The parties that hold steps."""

STEPS: tuple[Step, ...] = (
    Step(code="material", words="Material from the specialist", holder=SPECIALIST, hours=16),
    Step(code="open_account", words="Open the account", holder=ASSISTANT, hours=4),
    Step(
        code="upload", words="Upload the information", holder=ASSISTANT, hours=16, after=("material", "open_account")
    ),
    Step(code="contract_check", words="Check the contract", holder=ASSISTANT, hours=8),
    Step(code="ad_plan", words="Advertisement: plan", holder=ASSISTANT, hours=8, after=("material",)),
    Step(code="ad_make", words="Advertisement: make", holder=ASSISTANT, hours=16, after=("ad_plan",)),
    Step(
        code="ad_customer_approves", words="Advertisement: customer approves", holder=CUSTOMER, hours=8,
        after=("ad_make",), approves="ad_make",
    ),
    Step(
        code="ad_specialist_approves", words="Advertisement: specialist approves", holder=SPECIALIST, hours=4,
        after=("ad_customer_approves",), approves="ad_make",
    ),
    Step(
        code="ad_tracked", words="Advertisement: director tracks", holder=DIRECTOR, hours=4,
        after=("ad_specialist_approves",),
    ),
    Step(code="article_brief", words="Article: brief", holder=SPECIALIST, hours=8, after=("material",)),
    Step(code="article_write", words="Article: write", holder=ASSISTANT, hours=24, after=("article_brief",)),
    Step(
        code="article_audit", words="Article: director audits", holder=DIRECTOR, hours=8, after=("article_write",),
        approves="article_write",
    ),
    Step(
        code="live", words="Live", holder=ASSISTANT, hours=4,
        after=("upload", "contract_check", "ad_tracked", "article_audit"),
    ),
)  # fmt: skip
"""The standard template: hours of working time; advertisement and article 40 each."""


def template_of(config: Config, package: str) -> tuple[str, tuple[Step, ...]]:
    """Return name and steps of the template that `package` follows; the case of a package's name does not matter."""
    told = config.onboarding
    wanted = " ".join(package.split()).casefold()
    followed = {" ".join(name.split()).casefold(): template for name, template in told.packages.items()}
    name = followed.get(wanted, STANDARD)
    return name, told.templates.get(name, STEPS)
