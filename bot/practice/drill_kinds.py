"""The kinds of drill: what each asks for, and which faults count in its answer.

There is one engine, `bot.feedback.review`. A kind only decides which of its findings matter, adds
what the kind itself asks for (a length, an ending), and puts the one to fix first in front. Every
finding keeps a quote of the candidate's own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from bot.feedback import (
    Asked,
    Channel,
    Feedback,
    Finding,
    Label,
    QuestionType,
    Reason,
    Reply,
    Span,
    review,
)
from bot.feedback.rank import place
from bot.feedback.score import CEILING, FURTHER, HIGHEST, LOWEST, SAID
from bot.interview.chance import pick
from bot.interview.model import Question
from bot.practice.drill_words import Drills, Kind, WeakAnswer
from bot.practice.schedule import AGAIN_FOR, HARD_FOR, NO_STORY, STORY, Grade, rate

RESULT_WORDS = 50  # from here on an ending holds more than the ending
HEADLINE_WORDS = 30
SHORT_WORDS, SHORT_ROOM = 75, 90  # thirty seconds at an easy pace, and when it is clearly more
FEWEST_WORDS = {"result": 4, "headline": 4, "short": 25}
FEWEST_NEW = 3  # words, without which nothing was added
ADDED_WORDS = 25  # a mended answer this short is the sentence that was missing, not the whole
SETUP_SHARE = 0.5
QUOTED_WORDS = 12
FULL_MARKS = 4.0
GENERAL_TALK = 0.85  # confidence from which `no_example` found talk in general, not just no verb
UNSURE = 0.55
SENTENCE_END = re.compile(r"[.!?…]+[\"”’)]*\s+(?=\S)|\n+\s*(?=\S)")
OPENS = frozenset({"missing_situation", "missing_task"})
ADDABLE = OPENS | {"missing_action", "missing_result", "unquantified_result"}
# Faults of speech and tact count in whatever is said.
_ALWAYS = frozenset({"confidential", "blames_others", "hedging", "fillers", "hypothetical"})


_COUNTS = {
    Kind.RESULT: _ALWAYS | {"unquantified_result", "missing_result"},
    Kind.HEADLINE: _ALWAYS | {"we_not_i"},
    Kind.SHORT: _ALWAYS
    | {"off_topic", "no_example", "no_ownership", "missing_action", "missing_result"}
    | {"we_not_i", "vague_action", "too_much_setup", "unquantified_result"},
}
_PRACTISES = {
    Kind.FULL: STORY,
    Kind.RESULT: (Label.RESULT,),
    Kind.HEADLINE: (Label.SITUATION,),
    Kind.SHORT: (Label.ACTION, Label.RESULT),
}


def asks_for(kind: Kind, drills: Drills, seed: int, weak: WeakAnswer | None = None) -> str:
    """What this drill wants, in a sentence or two; the seed varies it."""
    words = drills.words(kind)
    text = pick(words.instructions, seed, "instruction")
    added = weak is not None and weak.defect in ADDABLE
    return f"{text} {words.shortcut}" if added and words.shortcut else text


def parts_of(kind: Kind, weak: WeakAnswer | None = None) -> tuple[Label, ...]:
    """The STAR parts that an answer to this kind practises, for `schedule.rate`."""
    if kind is not Kind.FIX:
        return _PRACTISES[kind]
    return (part_of(weak.defect),) if weak is not None else ()


def part_of(defect: str) -> Label:
    """The part that suffers from a fault; the action where it spoils the whole."""
    return AGAIN_FOR.get(defect) or HARD_FOR.get(defect) or Label.ACTION


def grades(
    kind: Kind,
    feedback: Feedback,
    question: Question,
    weak: WeakAnswer | None = None,
    prompted: Collection[Label] = (),
) -> dict[Label, Grade]:
    """What an answer to a drill earns each part that it practises, for `schedule.learn`.

    `feedback` is what `judge` gave. A drill of another kind than FULL is no proof of more than
    Good, and one with next to nothing in it has to come again.
    """
    rules = {finding.rule for finding in feedback.findings}
    parts = parts_of(kind, weak)
    if kind is Kind.FULL:
        return rate(feedback, question.type, parts, prompted)
    if rules & {*NO_STORY, "too_short"} or (weak is not None and weak.defect in rules):
        return dict.fromkeys(parts, Grade.AGAIN)
    if kind in {Kind.HEADLINE, Kind.FIX}:
        return dict.fromkeys(parts, Grade.HARD if rules else Grade.GOOD)
    rated = rate(feedback, QuestionType.BEHAVIORAL, parts, prompted)
    return {part: min(grade, Grade.GOOD) for part, grade in rated.items()}


def judge(
    kind: Kind,
    answer: str,
    question: Question,
    channel: Channel = Channel.TYPED,
    weak: WeakAnswer | None = None,
) -> Feedback:
    """The feedback on a drill's answer, as the normal rendering shows it.

    `weak` is the answer to mend when `kind` is FIX. `overall` compares only within a kind.
    """
    if kind is Kind.FIX and weak is not None:
        return _judge_mended(answer, question, channel, weak)
    if kind is Kind.RESULT:
        feedback = review(answer, _asked_for_result(answer, question), channel)
        return _only(feedback, _result_faults(feedback))
    feedback = review(answer, question.asked(), channel)
    if kind is Kind.HEADLINE:
        return _only(feedback, _headline_faults(feedback))
    if kind is Kind.SHORT:
        return _only(feedback, _short_faults(feedback, question))
    return feedback


def _asked_for_result(answer: str, question: Question) -> Asked:
    """The question, with the whole answer taken as a reply about the result."""
    reply = Reply((0, len(answer)), Label.RESULT)
    return Asked(question.asks, QuestionType.BEHAVIORAL, question.competency.value, (reply,))


def _only(feedback: Feedback, faults: Iterable[Finding]) -> Feedback:
    """The feedback with these faults alone, ranked, and a score that follows from them."""
    words = feedback.measures.words
    findings = tuple(sorted(faults, key=lambda finding: place(finding, words)))
    return _with(feedback, findings)


def _with(feedback: Feedback, findings: tuple[Finding, ...]) -> Feedback:
    reasons = [Reason(FULL_MARKS - LOWEST, "what was asked for is there")]
    if findings:
        worst = min(findings, key=lambda finding: CEILING[finding.rule])
        reasons.append(Reason(round(CEILING[worst.rule] - FULL_MARKS, 2), SAID[worst.rule]))
        others = [finding for finding in findings if finding is not worst]
        reasons += [Reason(-FURTHER, SAID[finding.rule]) for finding in others]
    total = LOWEST + sum(reason.points for reason in reasons)
    overall = round(min(HIGHEST, max(LOWEST, total)), 2)
    # Less than a whole answer was wanted, so nothing is said of what a whole one holds.
    return replace(feedback, findings=findings, overall=overall, reasons=tuple(reasons), rubric=())


def _counted(feedback: Feedback, kind: Kind) -> list[Finding]:
    return [finding for finding in feedback.findings if finding.rule in _COUNTS[kind]]


def _bare(feedback: Feedback, kind: Kind) -> list[Finding]:
    """That there is next to nothing to judge."""
    if feedback.measures.words >= FEWEST_WORDS[kind]:
        return []
    return [Finding("too_short", _whole(feedback), 0.9)]


def _result_faults(feedback: Feedback) -> list[Finding]:
    """An ending is wanted: no setting, no steps, and a size if it can have one."""
    if bare := _bare(feedback, Kind.RESULT):
        return bare
    general = [f for f in feedback.findings if _is_general_talk(f)]
    found = [*_counted(feedback, Kind.RESULT), *general]
    shares = feedback.measures.shares
    endings = shares.get(Label.RESULT, 0.0) + shares.get(Label.LEARNING, 0.0)
    if any(finding.rule in {"hypothetical", "no_example"} for finding in found):
        return [finding for finding in found if finding.rule != "unquantified_result"]
    if not endings:
        found = _with_no_ending(feedback, found)
    elif feedback.measures.words >= RESULT_WORDS and endings < SETUP_SHARE:
        before = next(p for p in feedback.pieces if p.label not in {Label.RESULT, Label.LEARNING})
        found.append(Finding("too_much_setup", (_clipped(feedback, before.start),), 0.8))
    return found


def _with_no_ending(feedback: Feedback, found: list[Finding]) -> list[Finding]:
    """The findings, and that there is no ending if none of them says so."""
    if any(finding.rule == "missing_result" for finding in found):
        return found
    return [*found, Finding("missing_result", (_last_words(feedback),), 0.8)]


def _headline_faults(feedback: Feedback) -> list[Finding]:
    """One sentence that names one real event; it need not tell the story."""
    if bare := _bare(feedback, Kind.HEADLINE):
        return bare
    found = _counted(feedback, Kind.HEADLINE)
    for finding in feedback.findings:
        if finding.rule == "no_example":
            # A heading without a verb may still name an event, so it is asked and not said.
            sure = finding.confidence if _is_general_talk(finding) else UNSURE
            found.append(replace(finding, confidence=sure))
    first = SENTENCE_END.search(feedback.answer.strip())
    if first is not None:
        found.append(Finding("rambling", (_clipped(feedback, first.end()),), 0.9))
    elif feedback.measures.words > HEADLINE_WORDS:
        found.append(Finding("rambling", (_from_word(feedback, HEADLINE_WORDS),), 0.9))
    return found


def _short_faults(feedback: Feedback, question: Question) -> list[Finding]:
    """The core of the story in about 75 words; the setting may go."""
    if bare := _bare(feedback, Kind.SHORT):
        return bare
    found = _counted(feedback, Kind.SHORT)
    if question.type is not QuestionType.BEHAVIORAL:
        found = [finding for finding in found if not finding.rule.startswith("missing")]
    elif not {Label.RESULT, Label.LEARNING} & {piece.label for piece in feedback.pieces}:
        found = _with_no_ending(feedback, found)
    if feedback.measures.words > SHORT_ROOM:
        found.append(Finding("rambling", (_from_word(feedback, SHORT_WORDS),), 0.9))
        found.sort(key=lambda finding: finding.rule != "rambling")
    return found


def _judge_mended(answer: str, question: Question, channel: Channel, weak: WeakAnswer) -> Feedback:
    """Whether the fault is gone, and no new one came; a lone sentence is put where it lacked.

    The weak answer sent back as it was stays as weak as it was, whatever word was put behind it.
    """
    if weak.defect in ADDABLE and _new_words(answer, weak) < FEWEST_NEW:
        answer = weak.answer
    added = len(answer.split()) < ADDED_WORDS and weak.defect in ADDABLE
    start = 0
    text = answer
    if added:
        first, second = (answer, weak.answer) if weak.defect in OPENS else (weak.answer, answer)
        text = f"{first} {second}"
        start = 0 if weak.defect in OPENS else len(weak.answer) + 1
    feedback = review(text, question.asked(), channel)
    known = {finding.rule for finding in review(weak.answer, question.asked()).findings}
    left = [finding for finding in feedback.findings if finding.rule == weak.defect]
    new = [finding for finding in feedback.findings if finding.rule not in known]
    judged = _with(feedback, (*left, *new))
    return replace(judged, best=_own_best(judged, weak, (start, start + len(answer))))


def _own_best(feedback: Feedback, weak: WeakAnswer, own: Span) -> Span | None:
    """The line worth keeping, unless it stood in the weak answer already."""
    best = feedback.best
    if best is None or not own[0] <= best[0] < own[1]:
        return None
    return None if _plain(feedback.quote(best)) in _plain(weak.answer) else best


def _new_words(answer: str, weak: WeakAnswer) -> int:
    before = Counter(_plain(weak.answer).split())
    return sum((Counter(_plain(answer).split()) - before).values())


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _is_general_talk(finding: Finding) -> bool:
    return finding.rule == "no_example" and finding.confidence >= GENERAL_TALK


def _whole(feedback: Feedback) -> tuple[Span, ...]:
    pieces: Sequence[Span] = [(piece.start, piece.end) for piece in feedback.pieces]
    return ((pieces[0][0], pieces[-1][1]),) if pieces else ()


def _words(feedback: Feedback) -> list[Span]:
    return [match.span() for match in re.finditer(r"\S+", feedback.answer)]


def _clipped(feedback: Feedback, start: int) -> Span:
    """Up to twelve words from `start` on, to the end of their sentence at most."""
    start += len(feedback.answer[start:]) - len(feedback.answer[start:].lstrip())
    end = SENTENCE_END.search(feedback.answer, start)
    stop = end.end() if end else len(feedback.answer)
    inside = [span for span in _words(feedback) if start <= span[0] < stop][:QUOTED_WORDS]
    return start, inside[-1][1] if inside else start


def _from_word(feedback: Feedback, number: int) -> Span:
    """Up to twelve words after the first `number`."""
    words = _words(feedback)
    after = words[min(number, len(words) - 1) :][:QUOTED_WORDS]
    return after[0][0], after[-1][1]


def _last_words(feedback: Feedback) -> Span:
    words = _words(feedback)[-QUOTED_WORDS:]
    return words[0][0], words[-1][1]
