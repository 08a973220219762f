"""The way in: one answer, one question, one Feedback."""

from __future__ import annotations

from collections.abc import Iterator

from bot.feedback.between import START, between
from bot.feedback.lexicon import is_number
from bot.feedback.look import Look, look_at
from bot.feedback.model import Asked, Channel, Criterion, Feedback, Finding, Label, Span
from bot.feedback.quote import with_quotes, without_ties
from bot.feedback.rank import PARTS, rank
from bot.feedback.reading import read_answer
from bot.feedback.rubric import Held, criteria, held, nothing
from bot.feedback.rules import RULES
from bot.feedback.score import SALAD, score

FEWEST_WORDS, MOST_WORDS = 5, 22  # of a line worth quoting
UNHAPPY = frozenset({"late", "lost", "missed", "behind", "worse", "complained", "cost"})
# Where a part is missing, the words beside the gap are quoted: nothing is wrong with them.
NO_FAULT_OF_THE_LINE = frozenset({*PARTS, "too_much_setup", "too_short", "rambling"})
END = Label.RESULT  # of several the last is where it came out
BEST = frozenset({END, Label.ACTION})  # labels of such a line


def review(answer: str, asked: Asked, channel: Channel = Channel.TYPED) -> Feedback:
    """All that the rules can say about `answer` as a reply to `asked`.

    The same input always gives the same Feedback; an empty answer gives no pieces and the lowest
    score. Never raises on any text.
    """
    look = look_at(read_answer(answer, asked, channel))
    found: list[Finding] = [finding for rule in RULES for finding in rule.check(look)]
    findings = tuple(with_quotes(look, f) for f in rank(found, look.reading.length))
    points = held(look)
    overall, reasons = score(look, findings, points)
    return Feedback(
        answer=answer,
        pieces=look.pieces,
        findings=findings,
        overall=overall,
        reasons=reasons,
        measures=look.measures,
        best=best_line(look, findings),
        rubric=_criteria(look, findings, points),
    )


def _criteria(look: Look, findings: tuple[Finding, ...], points: Held) -> tuple[Criterion, ...]:
    """What was found of the rubric; slogans show nothing, another question's answer has none."""
    if any(found.rule == "off_topic" for found in findings):
        return ()
    return criteria(look, nothing(points) if look.slogan_share > SALAD else points)


def best_line(look: Look, findings: tuple[Finding, ...]) -> Span | None:
    """The span of a measured result or of the own deed with the most in it, or None.

    A line that a finding quotes is not one to keep.
    """
    if look.slogan_share > SALAD or any(
        f.rule in {"off_topic", "no_example", "hypothetical"} for f in findings
    ):
        return None
    vague = any(f.rule == "vague_action" for f in findings)
    faulted = [span for f in findings if f.rule not in NO_FAULT_OF_THE_LINE for span in f.spans]
    best: tuple[float, Span] | None = None
    for start, end, label in _lines(look):
        if vague and label is Label.ACTION:
            continue
        if any(first < end and start < last for first, last in faulted):
            continue
        worth = _worth(look, start, end, label)
        if worth and (best is None or worth > best[0] or (worth == best[0] and label is END)):
            best = worth, (without_ties(look, start, end)[0], end)
    return best[1] if best else None


def _lines(look: Look) -> Iterator[tuple[int, int, Label]]:
    """Pieces of a length that one can quote, and the clauses of longer ones."""
    for piece in look.pieces:
        if piece.label not in BEST:
            continue
        clauses = between(look.reading.fresh, piece.start, piece.end, at=START)
        inside = [(clause.start, clause.end) for clause in clauses]
        whole = len(look.reading.text[piece.start : piece.end].split()) <= MOST_WORDS
        for start, end in [(piece.start, piece.end)] if whole and inside else inside:
            if FEWEST_WORDS <= len(look.reading.text[start:end].split()) <= MOST_WORDS:
                yield start, end, piece.label


def _worth(look: Look, start: int, end: int, label: Label) -> float:
    """How much a line is worth keeping; 0 when nothing in it earns it."""
    if label is Label.RESULT:
        measures = between(look.measured, start, end, at=lambda span: span[0])
        said = look.reading.flat[start:end].split()
        counted = any(map(is_number, said)) and UNHAPPY.isdisjoint(said)
        return (2.0 + 0.5 * counted) if measures else 0.0
    if label is Label.ACTION:
        deeds = between(look.own_deeds, start, end, at=lambda deed: deed.span[0])
        return 1.0 + min(0.8, 0.2 * len(deeds)) if deeds else 0.0
    return 0.0
