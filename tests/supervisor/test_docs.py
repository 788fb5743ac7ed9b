"""The pages: what is generated is not stale, what is written by hand names things that exist."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from docs.generate import PAGES
from supervisor.__main__ import EVERYWHERE
from supervisor.cli import COMMANDS
from supervisor.config import parse
from supervisor.sources import types

ROOT = Path(__file__).parents[2]
WRITTEN = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(path: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_a_generated_page_is_what_the_program_says(page: str) -> None:
    assert (ROOT / "docs" / page).read_text(encoding="utf-8") == PAGES[page](), "type: make docs"


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_commands_that_are_named_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    named = re.findall(r"(?:^|`|[a-z]: )supervisor(?: --\w+ \S+)* ([a-z]+)(?: ([a-z]+))?", text, re.MULTILINE)
    assert {name for name, _ in named} - set(COMMANDS) == set()


def test_the_configuration_in_the_pages_is_taken() -> None:
    for path in (ROOT / "README.md", ROOT / "docs" / "connecting.md", ROOT / "docs" / "guide.md"):
        for block in blocks(path, "toml"):
            config = parse(block, path.name)
            for source in config.sources.values():
                from supervisor.config import convert

                convert(source, types()[source["type"]].load().Settings, path.name)


def test_the_readme_names_what_is_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["name"] in readme
    assert all(variable in readme for variable in EVERYWHERE.values())
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"^make (\w+)", readme, re.MULTILINE)) <= targets


def test_the_picture_is_of_the_console() -> None:
    picture = (ROOT / "docs" / "console.svg").read_text(encoding="utf-8")
    assert "<svg" in picture
    assert "Calls" in picture
