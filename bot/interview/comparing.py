"""Before and after a retry: what changed, by counts that anybody can check."""

from __future__ import annotations

from dataclasses import dataclass

from bot.feedback import Feedback, Label
from bot.interview.coaching import STORY, quote


@dataclass(frozen=True, slots=True)
class Change:
    """One count before and after."""

    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two attempts side by side.

    `came` are the STAR parts that the first one lacked, each with its words now; `went` those it
    has lost; `settled` are the rules of findings that are gone, `fresh` of those that are new.
    """

    changes: tuple[Change, ...]
    came: tuple[tuple[Label, str], ...]
    went: tuple[Label, ...]
    settled: tuple[str, ...]
    fresh: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Nothing that we can count has changed."""
        moved = any(change.before != change.after for change in self.changes)
        return not (moved or self.came or self.went or self.settled or self.fresh)


def compare(before: Feedback, after: Feedback) -> Comparison:
    """What the second attempt did to the first."""
    had = {piece.label for piece in before.pieces}
    has = {piece.label for piece in after.pieces}
    old = [finding.rule for finding in before.findings]
    new = [finding.rule for finding in after.findings]
    return Comparison(
        changes=(
            Change("own actions", before.measures.own_actions, after.measures.own_actions),
            Change("numbers", before.measures.numbers, after.measures.numbers),
            Change("words", before.measures.words, after.measures.words),
        ),
        came=tuple((label, _first(after, label)) for label in STORY if label in has - had),
        went=tuple(label for label in STORY if label in had - has),
        settled=tuple(rule for rule in old if rule not in new),
        fresh=tuple(rule for rule in new if rule not in old),
    )


def _first(feedback: Feedback, label: Label) -> str:
    """The first words with this label."""
    piece = next(piece for piece in feedback.pieces if piece.label is label)
    return quote(feedback, (piece.start, piece.end))
