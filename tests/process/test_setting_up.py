"""scripts/setup, with a Python in the place of the real one that makes an empty environment."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.process.running import PATIENCE, ROOT

PYTHON = """#!/bin/sh
# Says yes to all, notes what it was asked and makes of `-m venv` what it makes: a link to itself.
echo "$@" >> "$NOTES"
if [ "$1 $2" = "-m venv" ]; then
  mkdir -p "$3/bin"
  ln -s "$PYTHON" "$3/bin/python"
fi
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    (folder / "scripts").mkdir(parents=True)
    for name in ("scripts/setup", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def set_up(checkout: Path, python: str) -> list[str]:
    """Run scripts/setup with the Python of this name; returns what that was asked to do."""
    path, notes = checkout.parent / python, checkout.parent / "notes"
    path.write_text(PYTHON)
    path.chmod(0o755)
    notes.write_text("")
    known = {"PATH": os.environ["PATH"], "PYTHON": str(path), "NOTES": str(notes)}
    script = [str(checkout / "scripts" / "setup")]
    subprocess.run(script, env=known, check=True, capture_output=True, timeout=PATIENCE)
    return notes.read_text().splitlines()


def test_an_environment_that_is_up_to_date_is_left_alone(checkout: Path) -> None:
    assert "-m venv .venv" in set_up(checkout, "python3.11")
    asked = set_up(checkout, "python3.11")
    assert not any(line.startswith("-m") for line in asked)


def test_an_environment_whose_python_is_gone_is_made_anew(checkout: Path) -> None:
    set_up(checkout, "python3.11")
    (checkout.parent / "python3.11").unlink()
    asked = set_up(checkout, "python3.12")
    assert "-m venv .venv" in asked
    assert any(line.startswith("-m pip install") for line in asked)
    assert (checkout / ".venv" / "bin" / "python").resolve().name == "python3.12"
