"""The weights behind the labels as one table of rows, read from and written into the TOML files."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from itertools import takewhile
from pathlib import Path
from textwrap import wrap
from typing import Any

LABELS = "STARLO"
# Rows that say what a question expects and not what words mean: set by hand, never fitted.
BY_HAND = ("type.", "kind.", "aside_in_case.")
NOTHING = (0.0,) * len(LABELS)
WIDTH = 100
Row = tuple[float, ...]  # one weight for each of LABELS
Weights = Mapping[str, Row]

INLINE = re.compile(r'^("(?P<name>[^"]+)") = \{.*\}(?P<comment>\s*#.*)?$')
SECTION = re.compile(r"^\[(?P<name>[^\]]+)\]")
WEIGHT = re.compile(r"^[STARLO] = ")


def read_weights(data: Path) -> dict[str, Row]:
    """Every row of cues.toml, shapes.toml, order.toml and leanings.toml in a folder, by name.

    "cue.s_scene", "shape.i.deed.past", "next.S", "place.first", "word.thanked" and so on.
    """
    found = {f"cue.{name}": _row(row) for name, row in _load(data, "cues.toml").items()}
    found |= {f"shape.{name}": _row(row) for name, row in _load(data, "shapes.toml").items()}
    order = _load(data, "order.toml")
    found["start"] = _row(order.pop("start"))
    aside = order.pop("aside_in_case")
    found |= {f"aside_in_case.{tense}": _row({"O": weight}) for tense, weight in aside.items()}
    for part, rows in order.items():
        found |= {f"{part}.{name}": _row(row) for name, row in rows.items()}
    for label, groups in _load(data, "leanings.toml").items():
        for weight, words in groups.items():
            for name in (f"word.{word}" for word in words.split()):
                row = list(found.get(name, NOTHING))
                row[LABELS.index(label)] = float(weight)
                found[name] = tuple(row)
    return found


def write_weights(data: Path, weights: Weights) -> None:
    """Put the weights into the four files of a folder; their order, comments and phrases stay."""
    files = {"cues.toml": _cues, "shapes.toml": _shapes, "order.toml": _order}
    for name, lines in (files | {"leanings.toml": _leanings}).items():
        path = data / name
        told = path.read_text(encoding="utf-8").splitlines()
        text = "\n".join(lines(told, weights)) + "\n"
        path.write_text(text, encoding="utf-8", newline="\n")


def _load(data: Path, name: str) -> dict[str, Any]:
    return tomllib.loads((data / name).read_text(encoding="utf-8"))


def _row(weights: Mapping[str, Any]) -> Row:
    return tuple(float(weights.get(label, 0)) for label in LABELS)


def _stated(row: Row, own: str = "") -> list[tuple[str, str]]:
    """The labels that a row speaks of; `own` is named even when it weighs nothing."""
    pairs = zip(LABELS, row, strict=True)
    return [(label, f"{weight:.1f}") for label, weight in pairs if round(weight, 1) or label == own]


def _cues(lines: list[str], weights: Weights) -> Iterator[str]:
    """Phrases as they are, and below each cue its weights."""
    pending: list[str] = []
    for line in lines:
        if WEIGHT.match(line):
            continue
        if section := SECTION.match(line):
            name = section["name"]
            pending = [
                f"{label} = {weight}"
                for label, weight in _stated(weights[f"cue.{name}"], own=name[0].upper())
            ]
        yield line
        if pending and ((line.startswith("say = [") and line.endswith("]")) or line == "]"):
            yield from pending
            pending = []


def _inline(line: str, weights: Weights, table: str) -> str:
    """A line such as `"i.deed.past" = { A = 2.2 }` with its weights of today."""
    found = INLINE.match(line)
    if not found:
        return line
    stated = ", ".join(
        f"{label} = {weight}" for label, weight in _stated(weights[f"{table}.{found['name']}"])
    )
    return f"{found[1]} = {{ {stated} }}{found['comment'] or ''}".replace("{  }", "{}")


def _shapes(lines: list[str], weights: Weights) -> Iterator[str]:
    return (_inline(line, weights, "shape") for line in lines)


def _order(lines: list[str], weights: Weights) -> Iterator[str]:
    part = ""
    for line in lines:
        if section := SECTION.match(line):
            part = section["name"]
        if part.startswith(tuple(each.rstrip(".") for each in BY_HAND)):
            yield line
        elif WEIGHT.match(line):
            label = line[0]
            yield f"{label} = {weights[part][LABELS.index(label)]:.1f}"
        else:
            yield _inline(line, weights, part)


def _leanings(lines: list[str], weights: Weights) -> Iterator[str]:
    """The comments at the head as they are, and below them every word anew."""
    yield from takewhile(lambda line: line.startswith("#"), lines)
    words = {
        name.removeprefix("word."): row for name, row in weights.items() if name[:5] == "word."
    }
    for place, label in enumerate(LABELS):
        by_weight: dict[float, list[str]] = {}
        for word in sorted(words):
            weight = round(words[word][place], 1)
            if weight:
                by_weight.setdefault(weight, []).append(word)
        yield from ("", f"[{label}]")
        for weight in sorted(by_weight, reverse=True):
            yield f'"{weight:.1f}" = """'
            yield from wrap(" ".join(by_weight[weight]), WIDTH, break_on_hyphens=False)
            yield '"""'
