"""Texts that want to steer a terminal, a spreadsheet, a log or a markup parser, and how what came of them is judged."""

from __future__ import annotations

import re
import unicodedata

from supervisor.text import MARKS_IN_A_ROW, is_mark

# Which code points steer or hide, written down a second time, by property instead of by number: a hole in the list of
# supervisor.text must show.
VISIBLE_FORMATS = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
"""Signs of category Cf that are drawn: Arabic, Syriac and Kaithi marks of numbers and years."""
JOINERS = {0x200C, 0x200D}
IGNORABLE = {
    0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), *range(0x200B, 0x2010),
    *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0x3164, *range(0xFE00, 0xFE10), 0xFEFF, 0xFFA0,
    *range(0xFFF0, 0xFFF9), *range(0x13430, 0x13440), *range(0x1BCA0, 0x1BCA4),
    *range(0x1D173, 0x1D17B), *range(0xE0000, 0xE1000),
}  # fmt: skip
"""Default_Ignorable_Code_Point of the Unicode character database (DerivedCoreProperties), and the format controls of
hieroglyphs, some of which Python 3.11 does not know yet."""


def is_forbidden(character: str) -> bool:
    """Whether `character` must never reach a terminal, a log or an export."""
    code = ord(character)
    steers = code in IGNORABLE or unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    return steers and code not in VISIBLE_FORMATS and code not in JOINERS


def marks_in_a_row(text: str) -> int:
    """The most marks that `text` stacks on one character."""
    most = now = 0
    for character in text:
        now = now + 1 if is_mark(character) else 0
        most = max(most, now)
    return most


PAYLOADS = {
    "K00": "K00\x1b[5;7;35mred\x1b[2J\x1b[H",
    "K01": "K01\x1b]0;title\x07",
    "K02": "K02\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\",
    "K03": "K03\x1b]52;c;UFdORUQ=\x07",
    "K04": "K04\x1bP+q544e\x1b\\",
    "K05": "K05\x9b5;7;35m\x9d0;title\x9c",
    "K06": "K06\x07\x08\x7f\x0e",
    "K07": "K07\rover",
    "K08": "K08\nnext",
    "K09": "K09\x00nul",
    "K10": "K10\u202edrawkcab\u2066\u200f",
    "K11": "K11a\u200bb\u00ad\u2060\ufeff",
    "K12": "K12\U000e0041\U000e0042\U000e007f",
    "K13": "K13e" + "\u0335" * 40,
    "K14": "K14[/b][/]",
    "K15": "K15[@click=app.bell]x[/]",
    "K16": "K16[$primary]y",
    "K17": "K17[b",
    "K18": "K18" + "x" * 100,
    "K19": "K19👨\u200d👩\u200d👧❤\ufe0f",
    "K20": "=K20+cmd|'/C calc'!A0",
    "K21": "@K21SUM(1)",
    "K22": "-K22+1",
    "K23": 'K23","level":"forged"}\u2028{"x":"',
    "K24": "K24\\u001b[31m %s {0} $(id) `id`",
}
"""Texts by their marker, which is plain: where it is seen, the text arrived."""

COCKTAIL = '\x1b]0;title\x07\x9b5;7;35m\u202e[/b][@click=app.bell]\r\n{\'"level":\U000e0041e' + "\u0335" * 9
"""Everything in one, for places that show one text."""

FILE_NAME = b"K99\x1b]0;title\x07\xff\xc2\x9b5m\xe2\x80\xae[b]\n=.csv"
"""As bytes, as file names are; \xff is no UTF-8."""

# What the program itself writes to a terminal. Everything else that begins with ESC is somebody else's.
COLOUR = r"\x1b\[(?:0|1|2|4|7|1;[34]8;2;[0-9;]+|[34]8;[25];[0-9;]+|(?:[1247];)*(?:[34]8;2;[0-9]+;[0-9]+;[0-9]+;?)+)?m"
PROGRESS = r"\r?\x1b\[(?:\?25[hl]|2K|1A|0m|[0-9]{1,2}m|[34]8;(?:5;[0-9]+|2;[0-9]+;[0-9]+;[0-9]+)m)"
CONSOLE = COLOUR + (
    r"|\x1b\[[0-9]{1,3};[0-9]{1,3}H|\x1b\[\?(?:1049|1000|1003|1004|1006|1015|1016|2004|2026|2048|25|7)[hl]"
    r"|\x1b\[\?(?:2026|2048)\$p|\x1b\[[<>][0-9]*u|\x1b\[H|\x1b\[c|\x1b\]22;(?:default|text|pointer)\x07"
)
CLIPBOARD = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


def assert_neutral(raw: bytes, allowed: str = r"\A\b\B") -> str:
    """Assert that nothing in `raw` steers a terminal but the pattern `allowed`; return the rest as text."""
    text = re.sub(allowed, "", raw.decode("utf-8"))
    found = {
        hex(ord(c)): text[max(at - 30, 0) : at + 30] for at, c in enumerate(text) if c not in "\r\n" and is_forbidden(c)
    }
    assert not found, found
    assert not re.search(r"\r(?![\r\n]|\Z)", text)
    assert marks_in_a_row(text) <= MARKS_IN_A_ROW, text
    return text


def markers(text: str) -> set[str]:
    """The markers of the texts that arrived in `text`."""
    return set(re.findall(r"K\d\d", text)) & set(PAYLOADS)
