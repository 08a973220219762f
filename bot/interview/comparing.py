"""Before and after a retry: what changed, by counts that anybody can check."""

from __future__ import annotations

from dataclasses import dataclass

from bot.feedback import Feedback, Piece, Span
from bot.interview.coaching import STORY, quote

FEWEST_WORDS = 3  # of a piece that is worth showing


@dataclass(frozen=True, slots=True)
class Change:
    """One count before and after."""

    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two attempts side by side.

    `came` are the STAR parts, or the criteria of the rubric, that the first one lacked, each with
    its words now; `went` those it has lost; `settled` are the rules of findings that are gone,
    `fresh` of those that are new.
    """

    changes: tuple[Change, ...]
    came: tuple[tuple[str, str], ...]
    went: tuple[str, ...]
    settled: tuple[str, ...]
    fresh: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Nothing that we can count has changed."""
        moved = any(change.before != change.after for change in self.changes)
        return not (moved or self.came or self.went or self.settled or self.fresh)


def compare(before: Feedback, after: Feedback) -> Comparison:
    """What the second attempt did to the first."""
    parts = _by_rubric if before.rubric or after.rubric else _by_story
    had, has = parts(before), parts(after)
    old = [finding.rule for finding in before.findings]
    new = [finding.rule for finding in after.findings]
    return Comparison(
        changes=(
            Change("own actions", before.measures.own_actions, after.measures.own_actions),
            Change("numbers in the result", before.measures.numbers, after.measures.numbers),
            Change("words", before.measures.words, after.measures.words),
        ),
        came=tuple((part, quote(after, span)) for part, span in has.items() if part not in had),
        went=tuple(part for part in had if part not in has),
        settled=tuple(rule for rule in old if rule not in new),
        fresh=tuple(rule for rule in new if rule not in old),
    )


def _by_story(feedback: Feedback) -> dict[str, Span]:
    """The STAR parts that are there, in order, each with the place of its first words.

    A mere "OK." is shown only where there is nothing else of that part.
    """
    first: dict[str, Span] = {}
    for piece in sorted(feedback.pieces, key=lambda piece: _is_scrap(feedback, piece)):
        first.setdefault(piece.label, (piece.start, piece.end))
    return {label: first[label] for label in STORY if label in first}


def _is_scrap(feedback: Feedback, piece: Piece) -> bool:
    return len(feedback.answer[piece.start : piece.end].split()) < FEWEST_WORDS


def _by_rubric(feedback: Feedback) -> dict[str, Span]:
    """The criteria that were found, each with the place of the words that show it."""
    return {each.id: each.span for each in feedback.rubric if each.span is not None}
