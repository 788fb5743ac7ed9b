"""The library of solutions: writing it, the order of what is offered, files, and what is handed to a customer."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from store import solutions as library
from store.engine import Store
from store.solutions import Addressee
from supervisor.duties.acting import undo
from supervisor.duties.calls import RefusedError
from supervisor.duties.orders import acts, solutions
from supervisor.duties.orders.read import read_order
from supervisor.duties.orders.snapshots import SolutionLine
from tests.supervisor.duties.selling import CONFIG, HOUR, NOW, S, customer, doer, order


def line(title: str, type_: str = "", objection: str = "", body: str = "x") -> SolutionLine:
    return SolutionLine(1, title, type_, objection, body, "boss", NOW, 1)


def test_what_fits_best_is_offered_first() -> None:
    told = [
        line("f", "pumps", "price"),
        line("e"),
        line("d", "", "price"),
        line("c", "steel"),
        line("b", "Steel", "Price"),
        line("a", "steel", "time"),
        line("ä", "steel", "price"),
    ]
    assert [one.title for one in solutions.offered(told, "steel", "price")] == ["ä", "b", "a", "c", "d", "e", "f"]
    assert [one.title for one in solutions.offered(told, " STEEL", "")] == ["a", "ä", "b", "c", "d", "e", "f"]
    assert [one.title for one in solutions.offered(told, "", "")][:2] == ["d", "e"]
    assert solutions.offered([], "steel", "price") == ()


def test_a_solution_is_written_changed_retired_and_all_is_undone(store: Store) -> None:
    with store.write() as connection:
        solutions.save(connection, doer("Mei"), None, " Two \n payments ", "steel", "price", " body\n\n", 0)
        (first,) = library.standing(connection)
        assert first[:6] == (1, "Two payments", "steel", "price", "body", 1)
        solutions.save(connection, doer("Bo", HOUR), 1, "Two payments", "", "price", "better", 1)
        with pytest.raises(RefusedError, match="Bo changed Two payments 1 h ago"):
            solutions.save(connection, doer("Mei", 2 * HOUR), 1, "Mine", "", "", "x", 1)
        with pytest.raises(RefusedError, match="Bo changed Two payments"):
            undo(connection, doer("Mei", 2 * HOUR))
        solutions.retire(connection, doer("Bo", 2 * HOUR), 1, 2)
        assert library.standing(connection) == []
        for _ in range(2):
            undo(connection, doer("Bo", 3 * HOUR))
        (again,) = library.standing(connection)
        assert again == first._replace(version=5)
        undo(connection, doer("Mei", 3 * HOUR))
        assert library.by_id(connection, 1) is None


def test_titles_are_unique_and_a_retired_one_comes_back(store: Store) -> None:
    with store.write() as connection:
        for title in ("A", "B"):
            solutions.save(connection, doer(), None, title, "", "", "x")
        for id_ in (None, 2):
            with pytest.raises(RefusedError, match="there is a solution 'A' already"):
                solutions.save(connection, doer(), id_, "A", "", "", "y", 1)
        solutions.retire(connection, doer(), 1, 1)
        with pytest.raises(RefusedError, match="already, retired"):
            solutions.save(connection, doer(), 2, "A", "", "", "y", 1)
        with pytest.raises(RefusedError, match="retired already"):
            solutions.retire(connection, doer(), 1, 2)
        assert solutions.save(connection, doer(), None, "A", "", "", "new") == "A: in the library again"
        found = library.by_id(connection, 1)
        assert found and (found.body, found.retired) == ("new", False)
        undo(connection, doer())
        found = library.by_id(connection, 1)
        assert found and (found.body, found.retired) == ("x", True)


def test_what_cannot_be_kept_is_refused(store: Store) -> None:
    with store.write() as connection:
        for title, body, why in (
            ("", "x", "needs a title"),
            ("x", " \0", "needs a text"),
            ("x" * 121, "x", "the title has 121"),
            ("x", "x" * 20_001, "at most 20000"),
        ):
            with pytest.raises(RefusedError, match=why):
                solutions.save(connection, doer(), None, title, "", "", body)
        solutions.save(connection, doer(), None, "x" * 120, "", "", "x" * 20_000)
        with pytest.raises(RefusedError, match="does not exist"):
            solutions.save(connection, doer(), 7, "y", "", "", "x", 1)
        with pytest.raises(RefusedError, match="does not exist"):
            solutions.retire(connection, doer(), 7, 1)


def test_a_solution_that_a_review_has_is_not_unmade(store: Store) -> None:
    with store.write() as connection:
        customer(connection, "c-1", type="steel")
        order(connection, "A", 1, None)
        solutions.save(connection, doer("Mei"), None, "Two payments", "steel", "", "x")
        solutions.save(connection, doer("Mei"), None, "Any", "", "", "x")
        acts.review(connection, doer(later_us=S), CONFIG, 1, 1, solution_id=1)
        found = read_order(connection, CONFIG, 1, NOW + HOUR)
        assert [one.title for one in found.solutions] == ["Two payments", "Any"]
        assert [(one.guidance, one.solution) for one in found.reviews] == [("solution", "Two payments")]
        undo(connection, doer("Mei"))
        with pytest.raises(RefusedError, match="attached to a review"):
            undo(connection, doer("Mei"))
        solutions.retire(connection, doer(), 1, 1)
        found = read_order(connection, CONFIG, 1, NOW + HOUR)
        assert (found.solutions, found.reviews[0].solution) == ((), "Two payments")
        with pytest.raises(RefusedError, match="in the library no more"):
            acts.review(connection, doer(later_us=S), CONFIG, 1, 2, solution_id=1)


# -- files --------------------------------------------------------------------------------------------------------


def test_a_file_is_read_as_it_is_written() -> None:
    told = line("Two: payments", "steel", "price", "# Head\n\ntext\n---\nmore")
    assert solutions.parse(solutions.as_file(told)) == (told.title, "steel", "price", told.body)
    assert solutions.parse("\ufeff---\r\nTITLE :  A \r\n---\r\nx\r\n") == ("A", "", "", "x")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "line 1: a head is expected"),
        ("title: A\n---\nx", "line 1: a head is expected"),
        ("---\ntitle: A\nx", "line 3: 'x' is none of title:"),
        ("---\ntitle: A\ncolour: red\n---\nx", "line 3: 'colour: red' is none of title:"),
        ("---\ntitle: A\ntitle: B\n---\nx", "line 3: a second title:"),
        ("---\ntype: A\n---\nx", "line 3: the head has no title:"),
        ("---\ntitle:\n---\nx", "line 2: the title is empty"),
        ("---\ntitle: A\ntype: steel", "line 3: the head does not end"),
        ("---\ntitle: A\n---\n \n", "line 3: nothing stands below"),
        ("---\ntype: " + "x" * 121 + "\n---\nx", "line 2: a type has at most 120"),
        ("---\ntitle: A\n---\n" + "x" * 20_001, "line 3: .* more than 20000"),
    ],
)
def test_a_bad_head_is_refused_by_its_line(text: str, why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        solutions.parse(text)


# -- for a customer -----------------------------------------------------------------------------------------------

BALTIC = Addressee(1, "Baltic *Steel* <b>& Co", "Ms [Kask](http://x)")


def test_markdown_for_a_customer() -> None:
    told = line("A", body="Dear {person},\n\n**{company}** {other} {Company}")
    assert solutions.as_markdown(told, None) == "Dear {person},\n\n**{company}** {other} {Company}\n"
    assert solutions.as_markdown(told, BALTIC._replace(person="Mr Ott")) == (
        "Dear Mr Ott,\n\n**Baltic \\*Steel\\* \\<b\\>& Co** {other} {Company}\n"
    )
    assert "Dear Baltic" in solutions.as_markdown(told, BALTIC._replace(person=""))
    assert solutions.as_markdown(line("A", body="a\x1b]0;x\x07\u202eb\tc"), None) == "a␛]0;x␇\ufffdb   c\n"


class Tags(HTMLParser):
    """What stands in a page: its tags, their attributes, its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html_for_a_customer_is_one_file_that_obeys_nobody() -> None:
    body = (
        "# For {company}\n\nDear {person}, <script>alert(1)</script> &lt;i&gt; &#x202e;&#27;\n\n<iframe src=x>\n\n"
        "[a](javascript:alert(1)) [b](https://example.org/ 'ti&#x202e;tle') ![c](https://example.org/c.png)\n\n"
        "|a|b|\n|-|-|\n|1|{company}|\n\n```\n{person} <x>\n```\n"
    )
    page = solutions.as_html(line("A <b>", body=body), BALTIC)
    seen = Tags(page)
    assert set(seen.tags) == {
        "html", "head", "meta", "title", "style", "body", "h1", "p", "a", "table", "thead", "tbody", "tr", "th", "td",
        "pre", "code",
    }  # fmt: skip
    assert seen.text.count("Baltic *Steel* <b>& Co") == 2 and seen.text.count("Ms [Kask](http://x)") == 2
    assert "<script>alert(1)</script> <i> \ufffd" in seen.text and "A <b>" in seen.text
    links = [value for name, value in seen.attributes if name in ("href", "src")]
    assert links == ["https://example.org/", "https://example.org/c.png"]  # a picture is a link: nothing is loaded
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", page)
    assert page == solutions.as_html(line("A <b>", body=body), BALTIC)
