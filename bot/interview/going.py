"""How an interview goes on once an answer is in: dig, judge, ask the next question, or close."""

from __future__ import annotations

from collections.abc import Sequence

from bot.feedback import Feedback, QuestionType, Reply, review
from bot.interview.chance import pick, turn
from bot.interview.coaching import Coaching, coach, debrief
from bot.interview.comparing import Comparison, compare
from bot.interview.drilling import coached, compared, feedback_on, set_line
from bot.interview.events import (
    AnswerReviewed,
    Drill,
    InterviewClosed,
    Mode,
    ProbeAsked,
    QuestionAsked,
)
from bot.interview.hearing import channel_of
from bot.interview.lines import Asked, Closed, DrillOver, Probed, Reviewed
from bot.interview.machine import Reviewed as PastReview
from bot.interview.machine import Told, join
from bot.interview.model import Book, Question
from bot.interview.panel import Hearing, hearings
from bot.interview.probing import PART_OF, gap_to_probe, prober, wording
from bot.interview.step import Step


def review_of(past: PastReview, book: Book) -> Feedback:
    """The feedback on a past attempt; the rules give the same again."""
    return _review(past.told, past.probes, book.questions[past.question], past.drill, book)


def review_now(step: Step) -> Feedback:
    """The feedback on what this attempt has told so far."""
    now = step.interview
    return _review(now.told, now.probes, step.question, now.drill, step.book)


def _review(
    told: Sequence[Told],
    probes: Sequence[ProbeAsked],
    question: Question,
    drill: Drill | None,
    book: Book,
) -> Feedback:
    """The feedback on an answer, read as spoken or typed as it looks."""
    answer = join(told)
    if drill is not None:
        return feedback_on(answer, question, drill, book)
    return review(answer, question.asked(_replies(told, probes)), channel_of(answer))


def _replies(told: Sequence[Told], probes: Sequence[ProbeAsked]) -> tuple[Reply, ...]:
    """Which stretch of the answer replied to a probe for a part; a declined probe has none."""
    found = []
    waiting = iter(probes)
    start = 0
    for part in told:
        end = start + len(part.text)
        if part.after_probe and (probe := next(waiting, None)) and probe.gap in PART_OF:
            found.append(Reply((start, end), PART_OF[probe.gap]))
        start = end + 1
    return tuple(found)


def judge(step: Step) -> None:
    """The answer has been heard out: probe it where this interviewer would, else judge it."""
    now, question = step.interview, step.question
    feedback = review_now(step)
    gap = gap_to_probe(now, feedback, question, step.persona)
    if gap is not None:
        text = wording(now, gap, question, step.persona, step.book)
        step.record(ProbeAsked(gap=gap, wording=text, asker=prober(now, gap, step.persona)))
        say_probe(step)
        return
    show(step, feedback)


def say_probe(step: Step) -> None:
    """Put the probe that is on the table."""
    step.say(Probed(step.interview.probes[-1].wording, step.speaker))


def show(step: Step, feedback: Feedback) -> None:
    """Record the review; show it when coaching, keep it to the end when it is the real thing."""
    earlier = step.interview.last_review
    keep_review(step, feedback)
    if step.interview.mode is Mode.REAL:
        go_on(step, f"{_noncommittal(step)} {bridge_on(step)}")
    else:
        say_review(step, feedback, earlier)


def keep_review(step: Step, feedback: Feedback) -> None:
    """Record that the answer was judged, without a word to the candidate."""
    top = feedback.top_fix
    step.record(AnswerReviewed(overall=feedback.overall, top_fix=top.rule if top else None))
    step.reviewed = feedback


def _noncommittal(step: Step) -> str:
    """That the answer was heard, and nothing about how it went: that waits for the end."""
    now = step.interview
    return turn(step.persona.reactions.plain, now.seed, "heard", now.number)


def say_review(step: Step, feedback: Feedback, earlier: PastReview | None) -> None:
    """Show the feedback, beside the attempt before it if there was one."""
    step.say(
        Reviewed(
            coaching=_coach(step, feedback),
            feedback=feedback,
            comparison=_compare(step, earlier, feedback) if earlier else None,
            heard=_heard(step, feedback),
            last=is_last(step),
        )
    )


def _heard(step: Step, feedback: Feedback) -> tuple[Hearing, ...]:
    """Whom on a panel the answer reached; who was left out only where all three may expect it."""
    if step.interview.drill is not None:
        return ()
    found = hearings(feedback.answer, step.persona.panelists)
    own = step.question.type in {QuestionType.MOTIVATION, QuestionType.LOGISTICS}
    return tuple(each for each in found if each.words or not own)


def _compare(step: Step, earlier: PastReview, feedback: Feedback) -> Comparison:
    before, drill = review_of(earlier, step.book), step.interview.drill
    return compared(before, feedback, drill) if drill else compare(before, feedback)


def _coach(step: Step, feedback: Feedback) -> Coaching:
    if (drill := step.interview.drill) is not None:
        return coached(step, feedback, drill)
    return coach(feedback, step.question.type, step.interview, step.persona, step.book)


def bridge_on(step: Step) -> str:
    """A word on the way to the next question; nothing after the last."""
    now = step.interview
    return "" if is_last(step) else turn(step.persona.hands_over, now.seed, "bridge", now.number)


def is_last(step: Step) -> bool:
    """Whether no question is left after the one on the table."""
    return step.interview.number >= len(step.interview.questions)


def go_on(step: Step, bridge: str) -> None:
    """Ask the next question, or close after the last; `bridge` is said on the way."""
    if is_last(step):
        close(step, finished=True, bridge=bridge)
    else:
        ask_next(step, bridge)


def ask_next(step: Step, bridge: str) -> None:
    """Put the next question of the plan."""
    now = step.interview
    question = step.book.questions[now.questions[now.number]]
    step.record(QuestionAsked(number=now.number + 1, question=question.id, asker=question.asker))
    if now.drill is not None:
        step.say(set_line(step, now.drill))
    else:
        step.say(Asked(question, step.speaker, now.number + 1, len(now.questions), bridge.strip()))


def close(step: Step, *, finished: bool, bridge: str = "") -> None:
    """The interviewer takes their leave; the debrief follows. A drill ends with no such thing."""
    step.record(InterviewClosed(finished=finished))
    now = step.interview
    if now.drill is not None:
        step.say(DrillOver(answered=bool(now.reviews)))
        return
    text = f"{bridge.strip()} {pick(step.persona.closes, now.seed, 'closes')}".strip()
    reviews = [(past, review_of(past, step.book)) for past in now.reviews]
    summary = debrief(reviews, now, step.persona, step.book)
    step.say(Closed(step.persona, text, summary, finished))
