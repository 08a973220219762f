"""The pages made from code are what the code makes of them today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bot.content import load_content
from bot.feedback import RUBRIC, RULES
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
PAGES = ("rules.md", "commands.md", "settings.md", "states.md", "personas.md")


def docs(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run scripts/docs."""
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / "docs", *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def test_no_page_is_stale() -> None:
    done = docs("--check")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_stale_and_a_missing_page_are_named(tmp_path: Path) -> None:
    assert docs("--to", tmp_path).returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(PAGES)
    with (tmp_path / "states.md").open("a") as page:
        page.write("And a line by hand.\n")
    (tmp_path / "rules.md").unlink()
    done = docs("--check", "--to", tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "docs/rules.md is stale: run scripts/docs",
        "docs/states.md is stale: run scripts/docs",
    ]


def test_writing_mends_what_the_check_names(tmp_path: Path) -> None:
    assert docs("--check", "--to", tmp_path).returncode == 1
    assert docs("--to", tmp_path).stdout.splitlines() == [f"docs/{page}" for page in PAGES]
    assert docs("--check", "--to", tmp_path).returncode == 0
    assert docs("--to", tmp_path).stdout == ""


def test_the_pages_name_everything_there_is() -> None:
    text = {page: (ROOT / "docs" / page).read_text(encoding="utf-8") for page in PAGES}
    book, wording = load_content()
    assert all(f"\n## {rule.name}\n" in text["rules.md"] for rule in RULES)
    assert all(f"\n### A {kind} question\n" in text["rules.md"] for kind in RUBRIC)
    assert all(
        f"\n| {each.name} | {each.means} |" in text["rules.md"] for each in book.rubric.values()
    )
    assert all(f"`/{command.id}`" in text["commands.md"] for command in wording.commands)
    assert all(f"`{name.upper()}`" in text["settings.md"] for name in Settings.model_fields)
    assert all(f"\n## {each.name}\n" in text["personas.md"] for each in book.personas.values())


def test_every_example_of_a_fault_shows_what_is_quoted() -> None:
    text = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    faults = text.split("\n## What each type")[0]
    for section in faults.split("\n## ")[1:]:
        bad = section.split("this draws it:")[1].split("this does not:")[0]
        assert "**" in bad, section.splitlines()[0]
