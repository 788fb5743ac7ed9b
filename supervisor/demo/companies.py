"""The demo's customers as rows of a table to import, by seed. Pure; everything in them is made up."""

from __future__ import annotations

from random import Random

from integrations.simulated.plan import CUSTOMERS, PEOPLE, number_of

HEADS = (
    "ref", "company", "person", "phones", "region", "type", "tier", "registered", "owner", "status", "do_not_call",
    "time_zone",
)  # fmt: skip
UNKNOWN = 12
"""Numbers at the end of the simulated ones that are called and nobody's: they wait in the inbox."""
SHARED = (3, 131, 262)
"""Customers whose number another company has too."""
TWINS = (17, 301)
"""Customers that stand in the list twice."""
EVERY_TIER = ("major", "important", "target", "target", "other", "other")

_FIRST = (
    "Baltic", "Ruhr", "Kaiser", "Nord", "Hansa", "Elbe", "Alster", "Falken", "Vogt", "Linden", "Kern", "Brandt",
    "Isar", "Wolff", "Sander", "Aurora", "Delta", "Franken", "Havel", "Jade", "Kraft", "Lorenz", "Merkur", "Neumann",
    "Orion", "Pfalz", "Quadrat", "Rhein", "Stern", "Taunus", "Ulmer", "Vega", "Weser", "Zenit", "Adler", "Berg",
)  # fmt: skip
_SECOND = {
    "manufacturer": ("Steel", "Pumpen", "Maschinenbau", "Werkzeuge", "Antriebe", "Ventile", "Kunststoffe", "Optik"),
    "trader": ("Handel", "Export", "Trading", "Import", "Großhandel"),
    "services": ("Logistik", "Service", "Engineering", "Montage"),
    "builder": ("Bau", "Anlagenbau", "Stahlbau"),
}
_FORMS = ("GmbH", "AG", "GmbH & Co. KG", "KG", "OHG")
_ABROAD = (
    ("鑫达机械", "manufacturer", "王芳"),
    ("Ström & Öberg AB", "trader", "Åsa Öberg"),
    ("Żywiec Maszyny", "builder", "Łukasz Żak"),
    ("東海ポンプ", "manufacturer", "佐藤 健"),
    ("O'Neill Tools Ltd", "trader", "Seán O'Neill"),
    ("Küçük Makina", "manufacturer", "Gül Şahin"),
)
_NAMES = (
    "Jana",
    "Peter",
    "Ute",
    "Rolf",
    "Mira",
    "Hasan",
    "Olga",
    "Tim",
    "Eva",
    "Karl",
    "Nina",
    "Otto",
    "Paula",
    "Sven",
)
_SURNAMES = ("Brandt", "Schulz", "Keller", "Albrecht", "Yilmaz", "Petrov", "Lang", "Voigt", "Seidel", "Winter", "Haas")


def customers(seed: int) -> list[dict[str, str]]:
    """Return a row a customer, by `HEADS`: one for each simulated number but the last `UNKNOWN`, then the twins and
    those who share a number."""
    random = Random(f"{seed}:customers")
    rows = [_row(random, index) for index in range(CUSTOMERS - UNKNOWN)]
    for index in TWINS:
        rows.append(rows[index] | {"ref": f"K{len(rows) + 1:04}", "phones": "", "person": "", "owner": ""})
    for index in SHARED:
        sibling = _row(random, index) | {"ref": f"K{len(rows) + 1:04}", "phones": number_of(index)}
        rows.append(sibling | {"company": f"{rows[index]['company'].split()[0]} Holding"})
    return rows


def _row(random: Random, index: int) -> dict[str, str]:
    owner = PEOPLE[index // 50]
    kind = random.choices(list(_SECOND), (45, 30, 15, 10))[0]
    first, second = _FIRST[index % len(_FIRST)], random.choice(_SECOND[kind])
    company = f"{first} {second} {random.choice(_FORMS)}"
    person = f"{random.choice(_NAMES)} {random.choice(_SURNAMES)}"
    if index % 97 == 5:
        company, kind, person = _ABROAD[index // 97 % len(_ABROAD)]
    tier = random.choices(("major", "important", "target", "other"), (6, 14, 45, 35))[0]
    if owner.name == "Farid Haddad" and random.random() < 0.6:  # one who works past the targets
        tier = "other"
    return {
        "ref": f"K{index + 1:04}",
        "company": company,
        "person": person,
        "phones": number_of(index),
        "region": owner.region,
        "type": kind,
        "tier": tier,
        "registered": "yes" if random.random() < 0.3 else "no",
        "owner": owner.name,
        "status": "open",
        "do_not_call": "asked us not to call" if random.random() < 0.02 else "no",
        "time_zone": "",
    }
