"""What the pages for newcomers name is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = ("walk.md", "deploy.md", "scaling.md")
_PLACE = re.compile(r"`((?:bot|deploy|docs|prompts|scripts|tests)/[\w./-]*)(?::(\w+))?`")


def text_of(page: str) -> str:
    return (ROOT / "docs" / page).read_text(encoding="utf-8")


def names_in(path: Path) -> set[str]:
    """What a module defines at its top."""
    found: set[str] = set()
    for each in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(each.name)
        elif isinstance(each, ast.Assign | ast.AnnAssign):
            targets = each.targets if isinstance(each, ast.Assign) else [each.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_file_and_name_on_the_page_is_there(page: str) -> None:
    places = _PLACE.findall(text_of(page))
    missing = [
        f"{file}:{name}"
        for file, name in places
        if not (ROOT / file).exists() or (name and name not in names_in(ROOT / file))
    ]
    assert missing == []


def test_the_walk_goes_through_every_room_on_the_way() -> None:
    files = {file for file, name in _PLACE.findall(text_of("walk.md")) if name}
    assert {file.split("/")[1] for file in files} >= {"chat", "store", "interview", "feedback"}
    assert len(files) > 20


def test_links_between_the_pages_lead_somewhere() -> None:
    for page in PAGES:
        for link in re.findall(r"\]\(([^)#:]+)\)", text_of(page)):
            assert (ROOT / "docs" / link).exists(), f"{page}: {link}"


def test_the_units_of_the_guide_are_where_it_copies_them_from() -> None:
    units = {path.name for path in (ROOT / "deploy").iterdir()}
    named = re.findall(r"(second-round[\w-]*\.(?:service|timer))", text_of("deploy.md"))
    assert set(named) <= units
    assert {"second-round.service", "second-round-backup.timer"} <= set(named)
