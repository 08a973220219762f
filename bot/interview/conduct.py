"""How an interviewer answers each move of the candidate: events to record, lines to say.

Pure: the same interview, move and book always give the same step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.feedback import Feedback, review
from bot.interview.chance import pick, turn
from bot.interview.coaching import Coaching, can_be_added, coach, debrief
from bot.interview.comparing import compare
from bot.interview.events import (
    AnswerGiven,
    AnswerReviewed,
    Event,
    InterviewClosed,
    InterviewOpened,
    Mode,
    PieceCorrected,
    PieceHeard,
    ProbeAsked,
    ProbeDeclined,
    QuestionAsked,
    QuestionPassed,
    RetryStarted,
)
from bot.interview.hearing import Meaning, channel_of, understand
from bot.interview.lines import (
    Asked,
    Closed,
    EditTooLate,
    Encouraged,
    Introduced,
    Line,
    Listening,
    NotEnglish,
    NotWords,
    Nudged,
    Probed,
    Reacted,
    Repeated,
    Rephrased,
    RetryAsked,
    Reviewed,
    TooMuch,
)
from bot.interview.machine import Interview, NotNow, Stage, evolve
from bot.interview.machine import Reviewed as PastReview
from bot.interview.model import Book, Panelist, Persona, Question
from bot.interview.moves import (
    AskedAgain,
    AskedMeaning,
    Corrected,
    Declined,
    FellSilent,
    Finished,
    Move,
    Said,
    Stopped,
    TriedAgain,
    WentOn,
)
from bot.interview.panel import hearings
from bot.interview.probing import gap_to_probe, prober, wording

LONGEST_ANSWER = 20_000


@dataclass(slots=True)
class Step:
    """One move and what it led to.

    `interview` is how it stands after `events`; `lines` are to be said; `reviewed` is the feedback
    on an answer that this move completed.
    """

    interview: Interview
    book: Book
    events: list[Event] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    reviewed: Feedback | None = None

    def record(self, event: Event) -> None:
        """Let `event` happen. Raises NotNow if the stage does not allow it."""
        self.interview = evolve(self.interview, event)
        self.events.append(event)

    def say(self, line: Line) -> None:
        """Add a line, to be said after those before it."""
        self.lines.append(line)

    @property
    def persona(self) -> Persona:
        """The interviewer."""
        return self.book.personas[self.interview.persona]

    @property
    def question(self) -> Question:
        """The question on the table."""
        return self.book.questions[self.interview.question]

    @property
    def speaker(self) -> Panelist | Persona:
        """Who spoke last: the panelist whose turn it is, or the single interviewer."""
        return speaker(self.persona, self.interview.asker)


def speaker(persona: Persona, asker: str | None) -> Panelist | Persona:
    """The panelist with id `asker`, or the persona itself."""
    return next((each for each in persona.panelists if each.id == asker), persona)


def begin(opened: InterviewOpened, book: Book) -> Step:
    """The interviewer comes in and asks the first question."""
    step = Step(Interview(), book)
    step.record(opened)
    persona = step.persona
    text = pick(persona.introduces, opened.seed, "introduces")
    step.say(Introduced(persona, text, len(opened.questions), opened.mode is Mode.REAL))
    _ask_next(step, bridge="")
    return step


def advance(interview: Interview, move: Move, book: Book) -> Step:
    """Decide what one move of the candidate leads to.

    Raises NotNow when the move does not fit the stage; nothing has changed then.
    """
    step = Step(interview, book)
    match move:
        case Said():
            _on_said(step, move)
        case Corrected():
            _on_corrected(step, move)
        case Finished():
            _on_finished(step)
        case AskedAgain():
            _on_asked_again(step)
        case AskedMeaning():
            _on_asked_meaning(step)
        case Declined():
            _on_declined(step)
        case TriedAgain():
            _on_tried_again(step, move)
        case WentOn():
            _on_went_on(step)
        case Stopped():
            _close(step, finished=False)
        case FellSilent():
            _on_fell_silent(step, move)
    return step


def standing(interview: Interview, book: Book) -> list[Line]:
    """What is on the table, said again from the interview alone; empty once it is closed."""
    step = Step(interview, book)
    match interview.stage:
        case Stage.ASKED if interview.told:
            _say_retry(step, adds=True)
        case Stage.ASKED:
            step.say(Asked(step.question, step.speaker, interview.number, len(interview.questions)))
        case Stage.PROBED:
            _say_probe(step)
        case Stage.LISTENING:
            _on_asked_again(step)
            step.say(_listening(step))
        case Stage.REVIEWED:
            mine = [past for past in interview.reviews if past.number == interview.number]
            earlier = mine[-2] if len(mine) > 1 else None
            _say_review(step, review_of(mine[-1], book), earlier)
    return step.lines


def review_of(past: PastReview, book: Book) -> Feedback:
    """The feedback on a past attempt; the rules give the same again."""
    return _review(past.answer, book.questions[past.question])


def _review(answer: str, question: Question) -> Feedback:
    return review(answer, question.asked(), channel_of(answer))


def _on_said(step: Step, move: Said) -> None:
    """A message: an answer or part of one, unless it asks for something else."""
    stage = step.interview.stage
    if stage not in {Stage.ASKED, Stage.PROBED, Stage.LISTENING, Stage.REVIEWED}:
        raise NotNow(f"nothing can be said when {stage}")
    meaning = understand(move.text)
    if stage is Stage.LISTENING and meaning in {Meaning.DONE, Meaning.SKIP}:
        _on_finished(step)
    elif stage is Stage.REVIEWED and meaning in {Meaning.DONE, Meaning.SKIP}:
        _on_went_on(step)
    elif meaning in _ASIDES and stage in {Stage.ASKED, Stage.PROBED}:
        _ASIDES[meaning](step)
    elif meaning is Meaning.REPEAT:
        _on_asked_again(step)
    elif meaning is Meaning.WORDLESS:
        step.say(NotWords())
    elif meaning is Meaning.FOREIGN:
        step.say(NotEnglish())
    else:
        _hear(step, move)


def _hear(step: Step, move: Said) -> None:
    """Take a message as a piece of the answer; after feedback, as another go at the question."""
    if step.interview.stage is Stage.REVIEWED:
        past = step.interview.last_review
        step.record(RetryStarted(adds=can_be_added(past.top_fix if past else None)))
    room = LONGEST_ANSWER - len(step.interview.answer)
    if room <= 0:
        step.say(TooMuch(LONGEST_ANSWER))
        return
    step.record(PieceHeard(text=move.text[:room], message=move.message))
    if len(move.text) > room:
        step.say(TooMuch(LONGEST_ANSWER))
    step.say(_listening(step))


def _listening(step: Step) -> Listening:
    now = step.interview
    text = turn(step.persona.listening, now.seed, "listening", now.number + now.attempt)
    adding = now.attempt > 1 and bool(now.told)
    return Listening(text, adding=adding, retry=now.attempt > 1 and not adding)


def _on_finished(step: Step) -> None:
    """The answer is complete: dig deeper, or judge it."""
    step.record(AnswerGiven())
    _judge(step)


def _judge(step: Step) -> None:
    now, question = step.interview, step.question
    feedback = _review(now.answer, question)
    gap = gap_to_probe(now, feedback, question, step.persona)
    if gap is not None:
        text = wording(now, gap, question, step.persona, step.book)
        step.record(ProbeAsked(gap=gap, wording=text, asker=prober(now, gap, step.persona)))
        _say_probe(step)
        return
    _show(step, feedback)


def _say_probe(step: Step) -> None:
    step.say(Probed(step.interview.probes[-1].wording, step.speaker))


def _show(step: Step, feedback: Feedback) -> None:
    """Record the review; show it when coaching, keep it to the end when it is the real thing."""
    earlier = step.interview.last_review
    top = feedback.top_fix
    step.record(AnswerReviewed(overall=feedback.overall, top_fix=top.rule if top else None))
    step.reviewed = feedback
    if step.interview.mode is Mode.REAL:
        _go_on(step, f"{_coach(step, feedback).reaction} {_bridge(step)}")
    else:
        _say_review(step, feedback, earlier)


def _say_review(step: Step, feedback: Feedback, earlier: PastReview | None) -> None:
    step.say(
        Reviewed(
            coaching=_coach(step, feedback),
            feedback=feedback,
            comparison=compare(review_of(earlier, step.book), feedback) if earlier else None,
            heard=hearings(feedback.answer, step.persona.panelists),
            competency=step.book.competencies[step.question.competency],
            last=_is_last(step),
        )
    )


def _coach(step: Step, feedback: Feedback) -> Coaching:
    return coach(feedback, step.question.type, step.interview, step.persona, step.book)


def _on_asked_again(step: Step) -> None:
    """Say what is on the table once more: the probe when there is one, else the question."""
    now = step.interview
    if now.stage not in {Stage.ASKED, Stage.PROBED, Stage.LISTENING, Stage.REVIEWED}:
        raise NotNow(f"nothing to repeat when {now.stage}")
    probed = now.probes and now.stage in {Stage.PROBED, Stage.LISTENING}
    step.say(Repeated(now.probes[-1].wording if probed else step.question.asks, step.speaker))


def _on_asked_meaning(step: Step) -> None:
    """Put the question in other words."""
    if step.interview.stage not in {Stage.ASKED, Stage.PROBED, Stage.LISTENING}:
        raise NotNow(f"nothing to rephrase when {step.interview.stage}")
    step.say(Rephrased(step.question.rephrased, step.speaker))


def _on_declined(step: Step) -> None:
    """Leave the question, or only the probe, and go on without blame."""
    now = step.interview
    if now.stage is Stage.PROBED or (now.stage is Stage.LISTENING and now.told):
        step.record(ProbeDeclined() if now.stage is Stage.PROBED else AnswerGiven())
        _show(step, _review(step.interview.answer, step.question))
        return
    moment = (now.number, now.attempt)
    declined = pick(step.persona.reactions.declined, now.seed, "declined", *moment)
    step.record(QuestionPassed())
    _go_on(step, declined)


def _on_stuck(step: Step) -> None:
    """Nothing comes to mind: help to find something, and keep the question open."""
    step.say(Encouraged(step.book.competencies[step.question.competency]))


def _on_tried_again(step: Step, move: TriedAgain) -> None:
    """The same question once more, or room for what was missing."""
    past = step.interview.last_review
    adds = move.adds and can_be_added(past.top_fix if past else None)
    step.record(RetryStarted(adds=adds))
    _say_retry(step, adds=adds)


def _say_retry(step: Step, *, adds: bool) -> None:
    step.say(RetryAsked(step.question, speaker(step.persona, step.question.asker), adds))


def _on_went_on(step: Step) -> None:
    """On to the next question, or to the end after the last."""
    if step.interview.stage is not Stage.REVIEWED:
        raise NotNow(f"cannot go on when {step.interview.stage}")
    _go_on(step, _bridge(step))


def _on_corrected(step: Step, move: Corrected) -> None:
    """An edited message counts while its answer is open."""
    now = step.interview
    mine = {piece.message for piece in now.pieces}
    if now.stage is not Stage.LISTENING or move.message not in mine:
        step.say(EditTooLate())
        return
    step.record(PieceCorrected(text=move.text[:LONGEST_ANSWER], message=move.message))


def _on_fell_silent(step: Step, move: FellSilent) -> None:
    """Ask once whether that was all, if nothing has moved since the silence began."""
    now = step.interview
    there = (now.number, now.attempt, len(now.pieces))
    if now.stage is Stage.LISTENING and there == (move.number, move.attempt, move.pieces):
        step.say(Nudged(pick(step.persona.nudges, now.seed, "nudge", *there), step.speaker))


def _bridge(step: Step) -> str:
    now = step.interview
    return "" if _is_last(step) else turn(step.persona.hands_over, now.seed, "bridge", now.number)


def _is_last(step: Step) -> bool:
    return step.interview.number >= len(step.interview.questions)


def _go_on(step: Step, bridge: str) -> None:
    """Ask the next question, or close after the last; `bridge` is said on the way."""
    if not _is_last(step):
        _ask_next(step, bridge)
        return
    if bridge:
        step.say(Reacted(bridge.strip(), step.speaker))
    _close(step, finished=True)


def _ask_next(step: Step, bridge: str) -> None:
    now = step.interview
    question = step.book.questions[now.questions[now.number]]
    step.record(QuestionAsked(number=now.number + 1, question=question.id, asker=question.asker))
    step.say(Asked(question, step.speaker, now.number + 1, len(now.questions), bridge.strip()))


def _close(step: Step, *, finished: bool) -> None:
    step.record(InterviewClosed(finished=finished))
    now = step.interview
    text = pick(step.persona.closes, now.seed, "closes")
    reviews = [(past, review_of(past, step.book)) for past in now.reviews]
    summary = debrief(reviews, now, step.persona, step.book)
    step.say(Closed(step.persona, text, summary, finished))


_ASIDES: dict[Meaning, Callable[[Step], None]] = {
    Meaning.REPHRASE: _on_asked_meaning,
    Meaning.DECLINE: _on_declined,
    Meaning.SKIP: _on_declined,
    Meaning.STUCK: _on_stuck,
    Meaning.DONE: lambda step: step.say(NotWords()),
}
