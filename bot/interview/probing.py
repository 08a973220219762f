"""Whether an interviewer digs deeper, for what, and in which words."""

from __future__ import annotations

from bot.feedback import Feedback, Label, QuestionType
from bot.interview.chance import turn
from bot.interview.machine import Interview
from bot.interview.model import Book, Gap, Persona, Question

_GAP_OF = {
    "no_example": Gap.REAL_TIME,
    "hypothetical": Gap.REAL_TIME,
    "missing_action": Gap.ACTION,
    "we_not_i": Gap.OWN_PART,
    "vague_action": Gap.SPECIFICS,
    "missing_result": Gap.RESULT,
    "unquantified_result": Gap.NUMBER,
    "missing_situation": Gap.SITUATION,
    "missing_task": Gap.TASK,
    "no_ownership": Gap.OWNERSHIP,
    "off_topic": Gap.POINT,
}
PART_OF = {
    Gap.SITUATION: Label.SITUATION,
    Gap.TASK: Label.TASK,
    Gap.ACTION: Label.ACTION,
    Gap.RESULT: Label.RESULT,
}
_EVENT_WANTED = {Gap.REAL_TIME, Gap.SITUATION, Gap.TASK, Gap.ACTION, Gap.RESULT, Gap.NUMBER}


def gap_to_probe(
    interview: Interview, feedback: Feedback, question: Question, persona: Persona
) -> Gap | None:
    """The gap that this interviewer asks about next; None when they let the answer stand.

    A retry is not probed: there the candidate wants to see what changed. Nor is a drill, or an
    answer that is too long already. The same gap is asked for once only.
    """
    if interview.drill is not None:
        return None
    too_long = feedback.measures.words >= persona.long_words
    if too_long or interview.attempt > 1 or len(interview.probes) >= persona.most_probes:
        return None
    asked = {probe.gap for probe in interview.probes}
    open_gaps = [gap for gap in _gaps(feedback, question, persona) if gap not in asked]
    return open_gaps[0] if open_gaps else None


def _gaps(feedback: Feedback, question: Question, persona: Persona) -> list[Gap]:
    """The gaps in an answer, in the order in which this persona minds them."""
    sure = [finding for finding in feedback.findings if finding.sure]
    found = {_GAP_OF[finding.rule] for finding in sure if finding.rule in _GAP_OF}
    if any(finding.rule == "too_short" for finding in sure):
        found |= _behind_a_short_answer(feedback, question)
    if question.type is not QuestionType.BEHAVIORAL:
        found = {Gap.POINT} if found & _EVENT_WANTED else found
    # Without a real event there is no result to ask for, whatever this persona asks first.
    if Gap.REAL_TIME in found:
        return [Gap.REAL_TIME]
    return [gap for gap in persona.probe_order if gap in found]


def _behind_a_short_answer(feedback: Feedback, question: Question) -> set[Gap]:
    """What to ask somebody who said next to nothing."""
    if question.type is not QuestionType.BEHAVIORAL:
        return {Gap.POINT}
    present = {piece.label for piece in feedback.pieces}
    if not present & {Label.SITUATION, Label.TASK, Label.ACTION, Label.RESULT}:
        return {Gap.REAL_TIME}
    return {gap for gap, label in PART_OF.items() if label not in present} or {Gap.SPECIFICS}


def wording(
    interview: Interview, gap: Gap, question: Question, persona: Persona, book: Book
) -> str:
    """The probe in this persona's words; within one interview none comes twice before its time."""
    probe = reworded(interview, gap, question, persona, book)
    if gap not in PART_OF:
        return probe
    lead = turn(persona.leads[gap], interview.seed, f"{gap} lead", interview.probed.count(gap))
    return f"{lead} {probe}".strip()


def reworded(
    interview: Interview, gap: Gap, question: Question, persona: Persona, book: Book
) -> str:
    """The probe alone; asked again after it was put, it comes in other words."""
    return turn(
        _phrasings(gap, question, persona, book),
        interview.seed,
        gap,
        interview.probed.count(gap),
    )


def _phrasings(gap: Gap, question: Question, persona: Persona, book: Book) -> tuple[str, ...]:
    if gap not in PART_OF:
        return persona.probes[gap]
    return book.competencies[question.competency].probes(gap.value)


def prober(interview: Interview, gap: Gap, persona: Persona) -> str | None:
    """On a panel, the next person along asks the probe; None for a single interviewer."""
    if not persona.panelists:
        return None
    ids = [panelist.id for panelist in persona.panelists]
    here = ids.index(interview.asker) if interview.asker in ids else 0
    return ids[(here + 1) % len(ids)]
