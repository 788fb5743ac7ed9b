"""Which written solution is offered first, and a solution as it is handed to a customer. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from store.solutions import Addressee, SolutionRow
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.orders.snapshots import SolutionLine
from supervisor.text import alphabetical, safe

if TYPE_CHECKING:
    from markdown_it.token import Token

LONGEST_TITLE, LONGEST_BODY = 120, 20_000
"""Characters of a title, a type or an objection; and of a body."""

_PLACEHOLDER = re.compile(r"\{(company|person)\}")
_MARKUP = re.compile(r"([\\`*_\[\]<>|])")
_STYLE = "body{font:16px/1.5 sans-serif;max-width:44em;margin:2em auto;padding:0 1em;color:#222}"
_STYLE += "table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.3em .6em}pre{overflow:auto}"
_PAGE = """<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}</body>
</html>
"""


def line_of_solution(row: SolutionRow) -> SolutionLine:
    """Return a row of the library as it is shown."""
    return SolutionLine(
        row.solution_id, row.title, row.customer_type, row.objection, row.body, row.who, row.changed_us, row.version
    )


def offered(solutions: Iterable[SolutionLine], customer_type: str, objection: str) -> tuple[SolutionLine, ...]:
    """Return solutions in the order in which they are offered against an `objection` ("": not told) of a customer: same
    type and objection, same type, for all types (those against this objection first), others; each by title."""
    type_, against = customer_type.strip().casefold(), objection.strip().casefold()

    def rank(one: SolutionLine) -> tuple[int, bool, str]:
        same = bool(against) and one.objection.casefold() == against
        theirs = one.customer_type.casefold()
        if type_ and theirs == type_:
            return (0 if same else 1), False, alphabetical(one.title)
        return (3 if theirs else 2), not same, alphabetical(one.title)

    return tuple(sorted(solutions, key=rank))


# -- as a file ----------------------------------------------------------------------------------------------------


def parse(text: str) -> tuple[str, str, str, str]:
    """Return title, type, objection and body of a Markdown file with a head between two lines of ---.

    RefusedError names the line that is wrong.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    if not lines or lines[0].strip() != "---":
        raise RefusedError("line 1: a head is expected: ---, lines of title:, type: and objection:, and --- again")
    head: dict[str, str] = {}
    for number, line in enumerate(lines[1:], 2):
        if line.strip() == "---":
            body = "\n".join(lines[number:]).strip()
            break
        key, colon, value = line.partition(":")
        key, value = key.strip().lower(), " ".join(value.split())
        if not colon or key not in ("title", "type", "objection"):
            raise RefusedError(f"line {number}: {line.strip()[:60]!r} is none of title:, type:, objection:")
        if key in head:
            raise RefusedError(f"line {number}: a second {key}:")
        if len(value) > LONGEST_TITLE:
            raise RefusedError(f"line {number}: a {key} has at most {LONGEST_TITLE} characters")
        if key == "title" and not value:
            raise RefusedError(f"line {number}: the title is empty")
        head[key] = value
    else:
        raise RefusedError(f"line {len(lines)}: the head does not end; a line of --- is expected after it")
    if "title" not in head:
        raise RefusedError(f"line {number}: the head has no title:")
    if not body:
        raise RefusedError(f"line {number}: nothing stands below the head")
    if len(body) > LONGEST_BODY:
        raise RefusedError(f"line {number}: what stands below has more than {LONGEST_BODY} characters")
    return head["title"], head.get("type", ""), head.get("objection", ""), body


def as_file(solution: SolutionLine) -> str:
    """Return a solution as `parse` reads it."""
    head = f"title: {solution.title}\ntype: {solution.customer_type}\nobjection: {solution.objection}"
    return f"---\n{head}\n---\n\n{solution.body}\n"


# -- for a customer -----------------------------------------------------------------------------------------------


def safe_lines(text: str) -> str:
    """Return `text` of several lines, each made safe."""
    return "\n".join(safe(line.expandtabs(4), LONGEST_BODY) for line in text.splitlines())


def _values(customer: Addressee | None) -> dict[str, str]:
    """What stands for {company} and {person}; who has no person known is addressed as the company."""
    return {} if customer is None else {"company": customer.company, "person": customer.person or customer.company}


def as_markdown(solution: SolutionLine, customer: Addressee | None) -> str:
    """Return a solution as Markdown for `customer`: {company} and {person} replaced, so that their names are no markup.
    Without a customer they stay."""
    values = {name: _MARKUP.sub(r"\\\1", " ".join(value.split())) for name, value in _values(customer).items()}
    body = _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), solution.body)
    return safe_lines(body) + "\n"


def as_html(solution: SolutionLine, customer: Addressee | None) -> str:
    """Return a solution as one HTML file that needs and loads nothing else, for `customer`. HTML within the text is
    shown and not obeyed, and no name is markup."""
    from markdown_it import MarkdownIt

    values = _values(customer)
    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")
    tokens = reader.parse(safe_lines(solution.body))
    for token in _all(tokens):
        token.content = _replaced(token.content, values) if token.type != "inline" else token.content
        token.attrs = {name: safe(value, LONGEST_BODY) for name, value in token.attrs.items()}
        token.info = safe(token.info)
    body = reader.renderer.render(tokens, reader.options, {})
    title = html.escape(safe(solution.title, LONGEST_TITLE))
    return _PAGE.format(title=title, style=_STYLE, body=body)


def _all(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _all(token.children or ())


def _replaced(text: str, values: dict[str, str]) -> str:
    """`text` with names for placeholders, made safe once more: the reader has turned entities into characters."""
    told = _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)
    return "\n".join(safe(line, LONGEST_BODY) for line in told.split("\n"))
