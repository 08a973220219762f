"""How an interviewer answers each move of the candidate: events to record, lines to say.

Pure: the same interview, move and book always give the same step.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.interview.chance import pick, turn
from bot.interview.coaching import can_be_added
from bot.interview.drilling import is_whole, set_line, wanted, weak_of
from bot.interview.events import (
    AnswerGiven,
    InterviewOpened,
    Mode,
    NudgeGiven,
    PieceCorrected,
    PieceHeard,
    ProbeDeclined,
    QuestionPassed,
    RetryStarted,
)
from bot.interview.going import (
    ask_next,
    bridge_on,
    close,
    go_on,
    is_last,
    judge,
    keep_review,
    review_now,
    review_of,
    say_probe,
    say_review,
    show,
)
from bot.interview.hearing import Meaning, understand
from bot.interview.lines import (
    Asked,
    EditTooLate,
    Encouraged,
    Guided,
    Hinted,
    Introduced,
    Line,
    Listening,
    NotEnglish,
    NotWords,
    Nudged,
    Patient,
    Repeated,
    Rephrased,
    RetryAsked,
    StopWanted,
    TooMuch,
)
from bot.interview.machine import Interview, NotNow, Stage
from bot.interview.model import Book, Panelist, Persona
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
from bot.interview.probing import reworded
from bot.interview.step import Step, speaker

LONGEST_ANSWER = 20_000
_FEW_WORDS = 25


def begin(opened: InterviewOpened, book: Book) -> Step:
    """The interviewer comes in and asks the first question."""
    step = Step(Interview(), book)
    step.record(opened)
    persona = step.persona
    if opened.drill is None:
        text = pick(persona.introduces, opened.seed, "introduces")
        step.say(Introduced(persona, text))
    ask_next(step, bridge="")
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
            _on_stopped(step)
        case FellSilent():
            _on_fell_silent(step, move)
    return step


def standing(interview: Interview, book: Book) -> list[Line]:
    """What is on the table, said again from the interview alone; empty once it is closed."""
    step = Step(interview, book)
    match interview.stage:
        case Stage.ASKED if interview.told:
            _say_retry(step, adds=True)
        case Stage.ASKED if interview.drill is not None:
            step.say(set_line(step, interview.drill))
        case Stage.ASKED:
            step.say(Asked(step.question, step.speaker, interview.number, len(interview.questions)))
        case Stage.PROBED:
            say_probe(step)
        case Stage.LISTENING:
            _on_asked_again(step)
            step.say(_listening(step))
        case Stage.REVIEWED:
            mine = [past for past in interview.reviews if past.number == interview.number]
            earlier = mine[-2] if len(mine) > 1 else None
            say_review(step, review_of(mine[-1], book), earlier)
    return step.lines


def _on_said(step: Step, move: Said) -> None:
    """A message: an answer or part of one, unless it asks for something else."""
    stage = step.interview.stage
    if stage not in _REPLIES:
        raise NotNow(f"nothing can be said when {stage}")
    reply = _REPLIES[stage].get(understand(move.text))
    if reply is not None:
        reply(step)
    else:
        _hear(step, move)


def _hear(step: Step, move: Said) -> None:
    """Take a message as a piece of the answer; after feedback, as another go at the question."""
    if step.interview.stage is Stage.REVIEWED:
        step.record(RetryStarted(adds=_sounds_like_more(step, move.text)))
    room = LONGEST_ANSWER - len(step.interview.answer)
    if room <= 0:
        step.say(TooMuch(LONGEST_ANSWER))
        return
    step.record(PieceHeard(text=move.text[:room], message=move.message))
    if len(move.text) > room:
        step.say(TooMuch(LONGEST_ANSWER))
    if is_whole(step):
        _on_finished(step)
    else:
        step.say(_listening(step))


def _sounds_like_more(step: Step, text: str) -> bool:
    """Whether words after feedback add to the answer: its fault can be mended so, and they are few.

    Somebody who tells the whole story again would otherwise have it in there twice.
    """
    past = step.interview.last_review
    if past is None or not can_be_added(past.top_fix):
        return False
    return len(text.split()) <= max(_FEW_WORDS, len(past.answer.split()) // 2)


def _listening(step: Step, *, corrected: bool = False) -> Listening:
    now = step.interview
    text = turn(step.persona.listening, now.seed, "listening", len(now.messages))
    adding = now.attempt > 1 and bool(now.told)
    return Listening(text, adding, retry=now.attempt > 1 and not adding, corrected=corrected)


def _on_finished(step: Step) -> None:
    """The answer is complete: dig deeper, or judge it."""
    step.record(AnswerGiven())
    judge(step)


def _on_asked_again(step: Step) -> None:
    """Say what is on the table once more: the probe when there is one, else the question."""
    now = step.interview
    if now.stage not in {Stage.ASKED, Stage.PROBED, Stage.LISTENING, Stage.REVIEWED}:
        raise NotNow(f"nothing to repeat when {now.stage}")
    if now.probes and now.stage in {Stage.PROBED, Stage.LISTENING}:
        step.say(Repeated(now.probes[-1].wording, step.speaker))
    elif now.drill is not None:
        step.say(set_line(step, now.drill))
    else:
        step.say(Repeated(step.question.asks, _asker(step)))


def _on_asked_meaning(step: Step) -> None:
    """Put the question, or the probe when there is one, in other words."""
    now = step.interview
    if now.stage not in {Stage.ASKED, Stage.PROBED, Stage.LISTENING}:
        raise NotNow(f"nothing to rephrase when {now.stage}")
    weak = weak_of(now.drill, step.book) if now.drill else None
    if weak is not None:
        step.say(Hinted(weak.hint))
    elif now.probes:
        gap = now.probes[-1].gap
        text = reworded(now, gap, step.question, step.persona, step.book)
        step.say(Rephrased(text, step.speaker))
    else:
        step.say(Rephrased(step.question.rephrased, _asker(step)))


def _on_declined(step: Step) -> None:
    """Leave the question, or only the probe, and go on without blame."""
    now = step.interview
    if now.stage not in {Stage.ASKED, Stage.PROBED, Stage.LISTENING}:
        raise NotNow(f"nothing to leave when {now.stage}")
    if now.stage is Stage.PROBED or (now.stage is Stage.LISTENING and now.told):
        step.record(ProbeDeclined() if now.stage is Stage.PROBED else AnswerGiven())
        show(step, review_now(step))
        return
    moment = (now.number, now.attempt)
    declined = pick(step.persona.reactions.declined, now.seed, "declined", *moment)
    step.record(QuestionPassed())
    go_on(step, "" if is_last(step) else declined)


def _on_skipped(step: Step) -> None:
    """“Next”, after something was said: that was all, and no probe is wanted."""
    step.record(AnswerGiven())
    show(step, review_now(step))


def _on_stuck(step: Step) -> None:
    """Nothing comes to mind: help to find something, and keep the question open."""
    probed = step.interview.stage is Stage.PROBED
    step.say(Encouraged(step.book.competencies[step.question.competency], probed))


def _on_tried_again(step: Step, move: TriedAgain) -> None:
    """The same question once more, or room for what was missing."""
    past = step.interview.last_review
    adds = move.adds and can_be_added(past.top_fix if past else None)
    step.record(RetryStarted(adds=adds))
    _say_retry(step, adds=adds)


def _say_retry(step: Step, *, adds: bool) -> None:
    step.say(RetryAsked(step.question, _asker(step), adds, wanted(step)))


def _asker(step: Step) -> Panelist | Persona:
    """Who put the question itself; on a panel somebody else may have probed since."""
    return speaker(step.persona, step.question.asker)


def _on_went_on(step: Step) -> None:
    """On to the next question, or to the end after the last."""
    if step.interview.stage is not Stage.REVIEWED:
        raise NotNow(f"cannot go on when {step.interview.stage}")
    go_on(step, bridge_on(step))


def _on_corrected(step: Step, move: Corrected) -> None:
    """An edited message counts while its answer is open; an edit of no words goes unnoticed."""
    now = step.interview
    before = next((each.text for each in now.pieces if each.message == move.message), None)
    if before is not None and before != move.text:
        room = LONGEST_ANSWER - (len(now.answer) - len(before))
        step.record(PieceCorrected(text=move.text[:room], message=move.message))
        if len(move.text) > room:
            step.say(TooMuch(LONGEST_ANSWER))
        step.say(_listening(step, corrected=True))
    elif before is None and move.message in now.messages and not _was_heard(now, move.text):
        step.say(EditTooLate(now.stage, now.mode is Mode.REAL))


def _was_heard(interview: Interview, text: str) -> bool:
    """Whether these very words stand in an answer: Telegram also reports edits that change none."""
    answers = [interview.answer, *(past.answer for past in interview.reviews)]
    return any(text in answer for answer in answers)


def _on_fell_silent(step: Step, move: FellSilent) -> None:
    """Ask once whether that was all, if nothing has moved since the silence began."""
    now = step.interview
    there = (now.number, now.attempt, len(now.pieces))
    if now.stage is not Stage.LISTENING or now.nudged:
        return
    if there == (move.number, move.attempt, move.pieces):
        step.record(NudgeGiven())
        step.say(Nudged(pick(step.persona.nudges, now.seed, "nudge", *there), step.speaker))


def _on_stopped(step: Step) -> None:
    """Enough for today; what was told of the answer in hand is judged first, so that it is kept."""
    if step.interview.stage is Stage.PROBED:
        step.record(ProbeDeclined())
    elif step.interview.stage is Stage.LISTENING:
        step.record(AnswerGiven())
    if step.interview.stage is Stage.HEARD:
        keep_review(step, review_now(step))
    close(step, finished=False)


def _on_stop_typed(step: Step) -> None:
    """“Stop”: asked back before an interview is ended by it; a single question is just left."""
    if step.interview.drill is not None:
        _on_stopped(step)
    else:
        step.say(StopWanted())


def _on_noted(step: Step) -> None:
    """“Thanks”, after feedback: no new answer, and no wish either."""
    step.say(Guided(lost=False, last=is_last(step)))


def _on_lost(step: Step) -> None:
    """“What do you mean?”, after feedback."""
    step.say(Guided(lost=True, last=is_last(step)))


_Reply = Callable[[Step], None]

# What a whole short message is answered with where it is no answer; what is not here is heard.
_ANYWHERE: dict[Meaning, _Reply] = {
    Meaning.STOP: _on_stop_typed,
    Meaning.REPEAT: _on_asked_again,
    Meaning.WORDLESS: lambda step: step.say(NotWords()),
    Meaning.FOREIGN: lambda step: step.say(NotEnglish()),
}
_BEFORE_AN_ANSWER: dict[Meaning, _Reply] = {
    Meaning.REPHRASE: _on_asked_meaning,
    Meaning.DECLINE: _on_declined,
    Meaning.SKIP: _on_declined,
    Meaning.STUCK: _on_stuck,
    Meaning.WAIT: lambda step: step.say(Patient(greeted=False)),
    Meaning.GREETING: lambda step: step.say(Patient(greeted=True)),
}
_REPLIES: dict[Stage, dict[Meaning, _Reply]] = {
    Stage.ASKED: _ANYWHERE | _BEFORE_AN_ANSWER | {Meaning.DONE: _ANYWHERE[Meaning.WORDLESS]},
    Stage.PROBED: _ANYWHERE | _BEFORE_AN_ANSWER | {Meaning.DONE: _on_declined},
    Stage.LISTENING: _ANYWHERE
    | {
        Meaning.REPHRASE: _on_asked_meaning,
        Meaning.DECLINE: _on_declined,
        Meaning.SKIP: _on_skipped,
        Meaning.DONE: _on_finished,
        Meaning.YES: _on_finished,
        Meaning.NO: lambda step: step.say(_listening(step)),
        Meaning.WAIT: lambda step: step.say(_listening(step)),
    },
    Stage.REVIEWED: _ANYWHERE
    | {
        Meaning.REPHRASE: _on_lost,
        Meaning.STUCK: _on_lost,
        Meaning.DECLINE: _on_went_on,
        Meaning.SKIP: _on_went_on,
        Meaning.DONE: _on_went_on,
        Meaning.YES: _on_noted,
        Meaning.NO: _on_noted,
        Meaning.WAIT: _on_noted,
        Meaning.GREETING: _on_noted,
        Meaning.NOTED: _on_noted,
        Meaning.WORDLESS: _on_noted,
    },
}
