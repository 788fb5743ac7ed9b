"""What people of the demo wrote and said, and its library of solutions."""

from __future__ import annotations

SAID: tuple[tuple[str, str], ...] = (
    ("interested", "wants the price list by mail"),
    ("call back", "boss is back on Monday"),
    ("interested", "asks how the membership differs from a trade fair"),
    ("no time", "in a meeting, try after lunch"),
    ("objection", "too expensive for one year"),
    ("interested", "asked for a reference in the same industry"),
    ("objection", "has a contract with another portal until March"),
    ("call back", "the decision is made by the purchasing manager"),
    ("interested", "wants to see the numbers of inquiries"),
    ("objection", "no budget this quarter"),
    ("interested", "asked for the contract to read"),
    ("not reached", "spoke to the front desk"),
)
FEELINGS = ("the boss likes us", "very interested, says it sounds good", "nice on the phone", "will surely sign soon")
STEPS = (
    "send the written solution on price", "call the decision-maker", "send the contract", "agree the appointment",
    "ask for the payment date", "show two references",
)  # fmt: skip
LOST = ("too expensive", "signed with another portal", "no budget this year", "the company was sold")
PACKAGES: tuple[tuple[str, int], ...] = (
    ("Portal Silver, 12 months", 3_600), ("Portal Gold, 12 months", 6_900), ("Portal Platinum, 24 months", 14_500),
    ("Product page", 1_800), ("Export package", 9_800),
)  # fmt: skip

SOLUTIONS: tuple[tuple[str, str, str, str], ...] = (
    (
        "Price: two-step payment", "", "price",
        "You pay **half now and half after the first three months**, when the page has been seen by buyers.\n\n"
        "- no interest, no fee\n- the second half is due only if the page is live\n",
    ),
    (
        "Price: what one inquiry costs", "manufacturer", "price",
        "A trade fair brings {company} about forty conversations for what a year with us costs.\n\n"
        "| way | cost an inquiry |\n|---|---:|\n| trade fair | 310 EUR |\n| our page | 45 EUR |\n",
    ),
    (
        "Other portal until March", "", "competitor",
        "You can start **today and pay from the day your other contract ends**. Until then we build the page.\n",
    ),
    (
        "No budget this quarter", "", "budget",
        "We sign now, the invoice is dated in the next quarter. The price of today holds.\n",
    ),
    (
        "Needs a reference", "manufacturer", "trust",
        "Three manufacturers of your size have been with us for more than four years. May we connect you, {person}?\n",
    ),
    (
        "Needs a reference: traders", "trader", "trust",
        "Two traders in your region tell you what the page brought them in the first year.\n",
    ),
    (
        "No time for the material", "", "effort",
        "One call of twenty minutes is enough. We write the texts, you approve them.\n",
    ),
    (
        "Exports are somebody else's task", "builder", "responsibility",
        "We talk to the one who decides on exports, and you get the summary on one page.\n",
    ),
)  # fmt: skip
"""Title, type of customer, objection, text."""

ASKED = (
    ("Nordsee", "Alpen", "Donau", "Spree", "Fichtel", "Oder", "Mosel", "Rhön", "Eifel", "Harz"),
    ("Pumpen GmbH", "Kabelwerk", "Trading OÜ", "Metallbau", "Export AG", "Filtertechnik", "机械有限公司", "Großhandel"),
    ("asks for the price list", "wants to see a sample page", "saw us at the fair", "asks who else exports to Poland"),
)
"""Who asks: the first word of a company, the second, and what for."""
CHANNELS = ("web form", "e-mail", "phone", "fair")
PRODS = ("the customer asks every day", "needed before noon, please", "second reminder", "")
SENT_BACK = (
    "the logo is the old one", "prices are missing on page 2", "the customer wants another picture",
    "too long, and no word about delivery", "the wrong product is on top",
)  # fmt: skip
"""Why a step was sent back."""
SEEN = (
    ("irrelevant_web_pages", ""), ("private_chat", ""), ("noise", ""), ("mobile_phone", ""),
    ("other", "left without a word at 11"),
)  # fmt: skip
MERITS = (
    "helped a new colleague through the first ten calls", "turned a lost customer round", "best call of the week",
    "stayed for a customer in another time zone",
)  # fmt: skip
REPLIES = (
    "the headset was broken, Jonas can tell", "I was with the director", "the customer asked me to ring again",
    "it was my doctor, it will not happen again", "I wrote offers",
)  # fmt: skip
DECIDED = {
    "dismissed": ("measured wrongly", "agreed beforehand", "the phone was broken"),
    "talked": ("", "promised to plan the afternoon", "will pass such customers on"),
    "warned": ("second time this week", "knew the rule", "no reason was given"),
}
"""Why a flag was decided so, by its decision."""
TALKS = (
    ("encouragement", "has had three good weeks; told so, was pleased"),
    ("doubt", "asks whether the job is for life; wants to learn the big accounts"),
    ("encouragement", "first signing: bought a cake together"),
    ("doubt", "says the quota is out of reach in the region; we look at the list on Friday"),
)
"""Talks with specialists: kind, and what was said."""
