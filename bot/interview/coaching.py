"""From feedback to what a candidate is told: one line to keep, one thing to fix, why, and how.

Nothing here judges: the rules have. Every claim carries words of the candidate's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.feedback import CENTRAL, Criterion, Feedback, Finding, Label, QuestionType, Span
from bot.interview.chance import pick
from bot.interview.machine import Interview, Reviewed
from bot.interview.model import Book, CompetencyCard, CriterionWords, FixWords, Persona

STORY = (Label.SITUATION, Label.TASK, Label.ACTION, Label.RESULT)
_THIN_SHARE = 0.06
_SURE = 0.6
_LONGEST_QUOTE = 120
_PRIORITIES = 3
# Faults that a few more words can mend, so that nobody has to type the whole story again.
_CAN_BE_ADDED = {
    "missing_situation",
    "missing_task",
    "missing_action",
    "missing_result",
    "unquantified_result",
}
_ALWAYS_A_QUESTION = {"missing_task"}


@dataclass(frozen=True, slots=True)
class Part:
    """One STAR part in the strip: its share of the words, 0 to 100, and `missing` or `thin`."""

    label: Label
    percent: int
    state: str


@dataclass(frozen=True, slots=True)
class Coaching:
    """The feedback message before it is put into a template.

    `keep` is a quote with the label of the piece it stands in; `strip` is empty for questions that
    ask for no story, `rubric` for those that do. `fix` is None for a clean answer; then `unseen`
    may be something that a good answer hardly ever lacks and that was not found, and `might_ask`
    is a harder follow-up. `wondered` when there are findings that are too unsure to come first.
    """

    reaction: str
    keep: str | None
    keep_label: Label | None
    strip: tuple[Part, ...]
    rubric: tuple[Criterion, ...]
    fix: FixWords | None
    unseen: CriterionWords | None
    says: str
    why: str
    how: str
    can_be_added: bool
    might_ask: str
    wondered: bool


@dataclass(frozen=True, slots=True)
class Priority:
    """One thing to work on after an interview: in how many answers it stood, and one quote."""

    fix: FixWords
    answers: int
    number: int
    quote: str


@dataclass(frozen=True, slots=True)
class Debrief:
    """What an interview as a whole showed. `best` is a quote and the number of its question."""

    answered: int
    passed: int
    priorities: tuple[Priority, ...]
    best: tuple[str, int] | None
    hidden_question: str
    wondered: bool


def coach(
    feedback: Feedback,
    question_type: QuestionType,
    interview: Interview,
    persona: Persona,
    book: Book,
) -> Coaching:
    """The one message about this answer, in this interviewer's terms."""
    moment = (interview.number, interview.attempt)
    top = feedback.top_fix
    fix = book.fixes[top.rule] if top else None
    unseen = None if fix else _unseen(feedback, book)
    card = book.competencies[book.questions[interview.question].competency]
    return Coaching(
        reaction=pick(_reactions(feedback, persona, unseen), interview.seed, "reaction", *moment),
        keep=quote(feedback, feedback.best) if feedback.best else None,
        keep_label=_label_at(feedback, feedback.best) if feedback.best else None,
        strip=_strip(feedback) if question_type is QuestionType.BEHAVIORAL else (),
        rubric=feedback.rubric,
        fix=fix,
        unseen=unseen,
        says=_says(feedback, top, fix, interview) if top and fix else "",
        why=fix.why[persona.id] if fix else "",
        how=pick(fix.how, interview.seed, "how", *moment) if fix else unseen.how if unseen else "",
        can_be_added=can_be_added(top.rule if top else None),
        might_ask=""
        if fix or unseen
        else _harder(feedback, question_type, persona, card, interview.seed),
        wondered=top is None and bool(feedback.findings),
    )


def can_be_added(rule: str | None) -> bool:
    """Whether a few more words can mend this fault, with the story told so far kept."""
    return rule in _CAN_BE_ADDED


def debrief(
    reviews: Sequence[tuple[Reviewed, Feedback]], interview: Interview, persona: Persona, book: Book
) -> Debrief:
    """At most three priorities, from the last attempt at each question; `reviews` oldest first."""
    latest = {review.number: (review, feedback) for review, feedback in reviews}
    count = Counter(feedback.top_fix.rule for _, feedback in latest.values() if feedback.top_fix)
    first = {
        feedback.top_fix.rule: (review.number, feedback, feedback.top_fix)
        for review, feedback in reversed(latest.values())
        if feedback.top_fix
    }
    # The weakest answers weigh most: a fault that sank one answer comes before one seen twice.
    weight = {rule: (first[rule][1].overall, -count[rule]) for rule in count}
    priorities = tuple(
        Priority(
            book.fixes[rule],
            count[rule],
            first[rule][0],
            quote(first[rule][1], first[rule][2].spans[0]) if first[rule][2].spans else "",
        )
        for rule in sorted(count, key=weight.__getitem__)[:_PRIORITIES]
    )
    return Debrief(
        answered=len(latest),
        passed=len(set(interview.passed) - set(latest)),
        priorities=priorities,
        best=_best_line(list(latest.values())),
        hidden_question=persona.hidden_question,
        wondered=any(feedback.findings for _, feedback in latest.values()),
    )


def quote(feedback: Feedback, span: Span) -> str:
    """The candidate's words at `span` on one line, cut at a word when they are long."""
    words = " ".join(feedback.quote(span).split()).rstrip(" ,;:.")
    if len(words) <= _LONGEST_QUOTE:
        return words
    return words[:_LONGEST_QUOTE].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def _unseen(feedback: Feedback, book: Book) -> CriterionWords | None:
    """The first of those that a good answer hardly ever lacks of which there is no trace."""
    lacking = {each.id for each in feedback.rubric if each.span is None and not each.hinted}
    return next((book.rubric[name] for name in CENTRAL if name in lacking), None)


def _reactions(
    feedback: Feedback, persona: Persona, unseen: CriterionWords | None
) -> Sequence[str]:
    if not feedback.findings and unseen is None:
        return persona.reactions.strong
    if feedback.measures.words >= persona.long_words:
        return persona.shorter
    return persona.reactions.thin if feedback.overall < 2 else persona.reactions.plain


def _says(feedback: Feedback, top: Finding, fix: FixWords, interview: Interview) -> str:
    """The fault in words, as a question when it is not sure; "" when no quote can back them."""
    sure = top.confidence >= _SURE and top.rule not in _ALWAYS_A_QUESTION
    words = f"“{quote(feedback, top.spans[0])}”" if top.spans else ""
    variants = fix.says if sure else fix.asks
    fitting = [text for text in variants if words or "{quote}" not in text]
    if not fitting:
        return ""
    text = pick(fitting, interview.seed, "says", interview.number, interview.attempt)
    return text.replace("{quote}", words)


def _strip(feedback: Feedback) -> tuple[Part, ...]:
    return tuple(
        Part(label, round(100 * share), _state(share))
        for label in STORY
        for share in (feedback.measures.shares.get(label, 0.0),)
    )


def _state(share: float) -> str:
    if share == 0:
        return "missing"
    return "thin" if share < _THIN_SHARE else "ok"


def _harder(
    feedback: Feedback, kind: QuestionType, persona: Persona, card: CompetencyCard, seed: int
) -> str:
    """What they might still ask after a clean answer: for the first part that is thin.

    Nothing where every part is there: to be asked what one has just said is unsettling.
    """
    if feedback.measures.words >= persona.long_words:
        return pick(persona.shorter, seed, "harder")
    if kind is not QuestionType.BEHAVIORAL:
        return ""
    shares = feedback.measures.shares
    thin = [label for label in STORY if _state(shares.get(label, 0.0)) != "ok"]
    return pick(card.probes(thin[0].name.lower()), seed, "harder") if thin else ""


def _label_at(feedback: Feedback, span: Span) -> Label:
    """The label of the piece in which `span` begins."""
    return next(piece.label for piece in feedback.pieces if piece.start <= span[0] < piece.end)


def _best_line(latest: list[tuple[Reviewed, Feedback]]) -> tuple[str, int] | None:
    with_best = [(review, feedback) for review, feedback in latest if feedback.best]
    if not with_best:
        return None
    review, feedback = max(with_best, key=lambda pair: pair[1].overall)
    return (quote(feedback, feedback.best), review.number) if feedback.best else None
