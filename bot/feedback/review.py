"""The way in: one answer, one question, one Feedback."""

from __future__ import annotations

from bot.feedback.look import Look, look_at
from bot.feedback.model import Asked, Channel, Feedback, Finding, Label, Span
from bot.feedback.rank import rank
from bot.feedback.reading import Clause, read_answer
from bot.feedback.rules import RULES
from bot.feedback.score import SALAD, score

FEWEST_WORDS, MOST_WORDS = 5, 45  # of a line worth quoting
TIES = frozenset({"and", "so", "but", "then"})


def review(answer: str, asked: Asked, channel: Channel = Channel.TYPED) -> Feedback:
    """All that the rules can say about `answer` as a reply to `asked`.

    The same input always gives the same Feedback; an empty answer gives no pieces and the lowest
    score. Never raises on any text.
    """
    look = look_at(read_answer(answer, asked, channel))
    found: list[Finding] = [finding for rule in RULES for finding in rule.check(look)]
    findings = rank(found, look.reading.length)
    overall, reasons = score(look, findings)
    return Feedback(
        answer=answer,
        pieces=look.pieces,
        findings=findings,
        overall=overall,
        reasons=reasons,
        measures=look.measures,
        best=best_line(look, findings),
    )


def best_line(look: Look, findings: tuple[Finding, ...]) -> Span | None:
    """The span of a measured result or of the own deed with the most in it, or None."""
    if look.slogan_share > SALAD or any(
        f.rule in {"off_topic", "no_example", "hypothetical"} for f in findings
    ):
        return None
    best: tuple[float, Span] | None = None
    strong = {deed.clause for deed in look.own_deeds}
    for number, (clause, label) in enumerate(zip(look.reading.clauses, look.labels, strict=True)):
        words = len(look.reading.text[clause.start : clause.end].split())
        if clause.idle or not FEWEST_WORDS <= words <= MOST_WORDS:
            continue
        worth = 0.0
        if label is Label.RESULT and any(clause.start <= s[0] < clause.end for s in look.measured):
            worth = 2.0
        elif label is Label.ACTION and number in strong and clause.shape.actor in {"i", "elided"}:
            worth = 1.0 + 0.5 * bool(clause.signs & {"measure", "aim"})
        if worth and (best is None or worth > best[0]):
            best = worth, _from_its_first_word(look, clause)
    return best[1] if best else None


def _from_its_first_word(look: Look, clause: Clause) -> Span:
    """The clause without the "and" or "so" that ties it to the one before."""
    words = look.reading.words
    at = clause.first
    while at < clause.last - FEWEST_WORDS and words[at].text in TIES:
        at += 1
    return (words[at].start if at > clause.first else clause.start), clause.end
