"""How an interviewer answers each move: the step is what its events say, or nothing happens."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import reduce
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content import load_content
from bot.interview import lines
from bot.interview.conduct import LONGEST_ANSWER, advance, begin, standing
from bot.interview.events import (
    InterviewClosed,
    Mode,
    NudgeGiven,
    PieceHeard,
    ProbeDeclined,
    QuestionPassed,
    RetryStarted,
)
from bot.interview.machine import Interview, NotNow, Stage, evolve, load
from bot.interview.model import Book, Gap
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
from bot.interview.step import Step
from tests.interview.scenes import (
    THIN,
    UNFINISHED,
    WHOLE,
    asked_behavioral,
    give,
    opened,
    play,
    resting,
    reviewed,
)

BOOK = load_content()[0]
PERSONAS = tuple(BOOK.personas)
A, L, P, R, C = Stage.ASKED, Stage.LISTENING, Stage.PROBED, Stage.REVIEWED, Stage.CLOSED
# Each kind of move, and the stages in which it is answered; anywhere else it is NotNow.
ANSWERED: list[tuple[Move, set[Stage]]] = [
    (Said(WHOLE, 9), {A, L, P, R}),
    (Said("What do you mean?", 9), {A, L, P, R}),
    (Said("Can you repeat that?", 9), {A, L, P, R}),
    (Said("I'd rather not say", 9), {A, L, P, R}),
    (Said("skip", 9), {A, L, P, R}),
    (Said("I don't know", 9), {A, L, P, R}),
    (Said("done", 9), {A, L, P, R}),
    (Said("Yes", 9), {A, L, P, R}),
    (Said("Not yet", 9), {A, L, P, R}),
    (Said("Let me think", 9), {A, L, P, R}),
    (Said("Hello!", 9), {A, L, P, R}),
    (Said("Thanks", 9), {A, L, P, R}),
    (Said("🙂", 9), {A, L, P, R}),
    (Said("Я работал в магазине", 9), {A, L, P, R}),
    (Corrected("It was June.", 1), {A, L, P, R, C}),
    (Finished(), {L}),
    (AskedAgain(), {A, L, P, R}),
    (AskedMeaning(), {A, L, P}),
    (Declined(), {A, L, P}),
    (TriedAgain(), {R}),
    (TriedAgain(adds=True), {R}),
    (WentOn(), {R}),
    (Stopped(), {A, L, P, R}),
    (FellSilent(1, 1, 1), {A, L, P, R, C}),
]


@pytest.mark.parametrize("persona", PERSONAS)
@pytest.mark.parametrize("stage", [A, L, P, R, C])
@pytest.mark.parametrize(
    ("move", "stages"), ANSWERED, ids=[repr(move)[:40] for move, _ in ANSWERED]
)
def test_a_move_is_answered_by_events_that_add_up_or_cannot_be_made_now(
    move: Move, stages: set[Stage], stage: Stage, persona: str, book: Book
) -> None:
    before = resting(book, persona)[stage]
    if stage not in stages:
        with pytest.raises(NotNow):
            advance(before, move, book)
        return
    step = advance(before, move, book)
    assert reduce(evolve, step.events, before) == step.interview
    assert step.interview.stage in {A, L, P, R, C}


@pytest.mark.parametrize("persona", PERSONAS)
@pytest.mark.parametrize("stage", [A, L, P, R, C])
def test_what_is_on_the_table_can_be_said_again_at_any_time(
    stage: Stage, persona: str, book: Book
) -> None:
    kinds = [type(line) for line in standing(resting(book, persona)[stage], book)]
    assert (
        kinds
        == {
            A: [lines.Asked],
            L: [lines.Repeated, lines.Listening],
            P: [lines.Probed],
            R: [lines.Reviewed],
            C: [],
        }[stage]
    )


@pytest.mark.parametrize("persona", PERSONAS)
def test_a_probe_and_a_review_are_said_again_word_for_word(persona: str, book: Book) -> None:
    asked = asked_behavioral(book, persona)
    probed = give(asked, book, UNFINISHED)
    assert standing(probed.interview, book) == probed.lines
    first = reviewed(asked, book, UNFINISHED)
    assert standing(first.interview, book) == first.lines
    second = give(play(first.interview, book, TriedAgain()).interview, book, WHOLE)
    assert isinstance(second.lines[-1], lines.Reviewed)
    assert second.lines[-1].comparison is not None
    assert standing(second.interview, book) == second.lines


def test_an_added_part_is_invited_again_when_it_was_invited_before(book: Book) -> None:
    after = reviewed(asked_behavioral(book), book, UNFINISHED)
    invited = play(after.interview, book, TriedAgain(adds=True))
    assert invited.lines == standing(invited.interview, book)
    assert [line.adds for line in invited.lines if isinstance(line, lines.RetryAsked)] == [True]


# One interview from the first word to the last.


@pytest.mark.parametrize("persona", PERSONAS)
@pytest.mark.parametrize("length", [3, 5, 8])
def test_a_coached_interview_asks_everything_and_ends_with_a_debrief(
    persona: str, length: int, book: Book
) -> None:
    step = begin(opened(book, persona, length=length), book)
    events, said = list(step.events), list(step.lines)
    while step.interview.stage is not C:
        step = reviewed(step.interview, book, WHOLE)
        assert step.reviewed is not None
        step = advance(step.interview, WentOn(), book)
        said += step.lines
    asked = [line.number for line in said if isinstance(line, lines.Asked)]
    assert asked == list(range(1, length + 1))
    assert isinstance(said[-1], lines.Closed)
    assert (said[-1].finished, said[-1].debrief.answered) == (True, length)
    assert events[0] == opened(book, persona, length=length)


@pytest.mark.parametrize("persona", PERSONAS)
def test_a_real_interview_shows_nothing_until_the_end(persona: str, book: Book) -> None:
    step = begin(opened(book, persona, mode=Mode.REAL), book)
    said = list(step.lines)
    while step.interview.stage is not C:
        step = give(step.interview, book, UNFINISHED)
        said += step.lines
        while step.interview.stage is P:
            step = advance(step.interview, Declined(), book)
            said += step.lines
    assert not any(isinstance(line, lines.Reviewed) for line in said)
    assert isinstance(said[-1], lines.Closed)
    assert said[-1].debrief.answered == 3
    assert len(step.interview.reviews) == 3


@pytest.mark.parametrize("persona", PERSONAS)
def test_a_real_interviewer_lets_nobody_see_how_it_went(persona: str, book: Book) -> None:
    plain = book.personas[persona].reactions.plain
    bridges = []
    for text in (WHOLE, THIN):
        step = reviewed(asked_behavioral(book, persona, mode=Mode.REAL), book, text)
        asked = step.lines[-1]
        assert isinstance(asked, lines.Asked)
        bridges.append(asked.bridge)
    assert bridges[0] == bridges[1]
    assert any(bridges[0].startswith(each) for each in plain)


def test_the_interviewer_comes_in_before_the_first_question(book: Book) -> None:
    step = begin(opened(book, mode=Mode.REAL, length=5), book)
    introduced, asked = step.lines
    assert isinstance(introduced, lines.Introduced)
    assert introduced.text in book.personas["hiring_manager"].introduces
    assert isinstance(asked, lines.Asked)
    assert (asked.number, asked.of, asked.bridge) == (1, 5, "")


def test_the_next_question_is_led_over_to(book: Book) -> None:
    step = play(reviewed(asked_behavioral(book), book, WHOLE).interview, book, WentOn())
    asked = step.lines[-1]
    assert isinstance(asked, lines.Asked)
    assert asked.number == 2
    assert asked.bridge in book.personas["hiring_manager"].hands_over


# What a message can mean.


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("What do you mean?", lines.Rephrased),
        ("Can you repeat that?", lines.Repeated),
        ("I don't know", lines.Encouraged),
        ("Let me think", lines.Patient),
        ("Hello!", lines.Patient),
        ("🙂", lines.NotWords),
        ("Я работал в магазине", lines.NotEnglish),
    ],
)
@pytest.mark.parametrize("stage", [A, P])
def test_an_aside_is_answered_and_the_question_stays_open(
    stage: Stage, text: str, kind: type, book: Book
) -> None:
    assert_aside(resting(book)[stage], text, kind, book)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("What do you mean?", lines.Rephrased),
        ("Can you repeat that?", lines.Repeated),
        ("Not yet", lines.Listening),
        ("One moment", lines.Listening),
        ("🙂", lines.NotWords),
    ],
)
def test_an_aside_within_an_answer_is_no_part_of_it(text: str, kind: type, book: Book) -> None:
    assert_aside(resting(book)[L], text, kind, book)


@pytest.mark.parametrize("text", ["Thanks", "ok", "👍", "What do you mean?", "I don't know", "Yes"])
def test_a_remark_on_the_feedback_is_no_new_answer(text: str, book: Book) -> None:
    assert_aside(resting(book)[R], text, lines.Guided, book)


def assert_aside(before: Interview, text: str, kind: type, book: Book) -> None:
    """`text` is answered with one line of this kind, and nothing has happened."""
    step = advance(before, Said(text, 9), book)
    assert [type(line) for line in step.lines] == [kind]
    assert (step.events, step.interview) == ([], before)


def test_done_before_a_word_was_said_is_not_taken_for_an_answer(book: Book) -> None:
    assert_aside(asked_behavioral(book), "done", lines.NotWords, book)


def test_a_probe_is_put_in_other_words(book: Book) -> None:
    for persona in PERSONAS:
        probed = resting(book, persona)[P]
        (line,) = advance(probed, AskedMeaning(), book).lines
        assert isinstance(line, lines.Rephrased)
        assert line.text not in {probed.probes[-1].wording, ""}


@pytest.mark.parametrize("move", [Declined(), Said("skip", 9), Said("I'd rather not say", 9)])
def test_a_declined_question_is_passed_without_blame(move: Move, book: Book) -> None:
    step = advance(asked_behavioral(book), move, book)
    assert step.events[0] == QuestionPassed()
    asked = step.lines[-1]
    assert isinstance(asked, lines.Asked)
    assert asked.bridge in book.personas["hiring_manager"].reactions.declined


@pytest.mark.parametrize(
    "move", [Declined(), Said("skip", 9), Said("done", 9), Said("I'd rather not say", 9)]
)
def test_a_declined_probe_leaves_the_answer_as_it_was(move: Move, book: Book) -> None:
    step = advance(resting(book)[P], move, book)
    assert step.events[0] == ProbeDeclined()
    assert step.reviewed is not None
    assert step.reviewed.answer == UNFINISHED


@pytest.mark.parametrize("text", ["done", "That's it.", "Yes", "no, that's all"])
def test_saying_so_ends_an_answer_as_the_button_does(text: str, book: Book) -> None:
    listening = resting(book)[L]
    said, tapped = advance(listening, Said(text, 9), book), advance(listening, Finished(), book)
    assert (said.events, said.lines) == (tapped.events, tapped.lines)


@pytest.mark.parametrize("text", ["next", "done", "next question please"])
def test_saying_next_after_feedback_goes_on_as_the_button_does(text: str, book: Book) -> None:
    after = resting(book)[R]
    said, tapped = advance(after, Said(text, 9), book), advance(after, WentOn(), book)
    assert (said.events, said.lines) == (tapped.events, tapped.lines)


def test_next_within_an_answer_ends_it_and_wants_no_probe(book: Book) -> None:
    listening = play(asked_behavioral(book), book, Said(UNFINISHED, 1)).interview
    step = advance(listening, Said("next", 9), book)
    assert step.interview.stage is R
    assert step.reviewed is not None
    assert step.reviewed.answer == UNFINISHED


def test_a_story_told_after_feedback_is_another_go(book: Book) -> None:
    step = advance(resting(book)[R], Said(WHOLE, 9), book)
    assert step.events == [RetryStarted(adds=False), PieceHeard(text=WHOLE, message=9)]
    assert [line.retry for line in step.lines if isinstance(line, lines.Listening)] == [True]


def test_the_whole_story_told_again_is_not_added_to_itself(book: Book) -> None:
    after = reviewed(asked_behavioral(book), book, UNFINISHED).interview
    step = advance(after, Said(f"{UNFINISHED} In the end 40 people were served.", 9), book)
    assert step.events[0] == RetryStarted(adds=False)


def test_what_was_missing_is_added_when_it_is_sent_after_feedback(book: Book) -> None:
    after = reviewed(asked_behavioral(book), book, UNFINISHED).interview
    step = advance(after, Said("Nobody left without paying: 0 complaints.", 9), book)
    assert step.events[0] == RetryStarted(adds=True)
    assert step.interview.answer.startswith(UNFINISHED)
    assert [line.adding for line in step.lines if isinstance(line, lines.Listening)] == [True]


# Edits, silence, length.


def test_an_edit_counts_while_the_answer_is_open(book: Book) -> None:
    step = advance(resting(book)[L], Corrected("It was June.", 1), book)
    assert step.interview.answer == "It was June."
    assert [line.corrected for line in step.lines if isinstance(line, lines.Listening)] == [True]


@pytest.mark.parametrize("stage", [P, R])
def test_an_edit_that_comes_too_late_is_told_so_and_changes_nothing(
    stage: Stage, book: Book
) -> None:
    before = resting(book)[stage]
    (message,) = before.messages
    step = advance(before, Corrected("It was June.", message), book)
    assert step.lines == [lines.EditTooLate(stage, real=False)]
    assert step.interview == before


@pytest.mark.parametrize("stage", [A, L, P, R, C])
def test_an_edit_of_something_else_goes_unnoticed(stage: Stage, book: Book) -> None:
    before = resting(book)[stage]
    step = advance(before, Corrected("It was June.", 999), book)
    assert (step.lines, step.interview) == ([], before)


def test_a_silence_is_broken_once_when_nothing_has_moved_since(book: Book) -> None:
    step = advance(resting(book)[L], FellSilent(1, 1, 1), book)
    assert [type(line) for line in step.lines] == [lines.Nudged]
    assert step.events == [NudgeGiven()]
    again = advance(step.interview, FellSilent(1, 1, 1), book)
    assert (again.lines, again.events) == ([], [])


@pytest.mark.parametrize(
    ("stage", "silent"),
    [
        (L, FellSilent(1, 1, 0)),
        (L, FellSilent(1, 2, 1)),
        (L, FellSilent(2, 1, 1)),
        (R, FellSilent(1, 1, 1)),
        (C, FellSilent(1, 1, 1)),
    ],
)
def test_a_silence_that_is_over_goes_unnoticed(
    stage: Stage, silent: FellSilent, book: Book
) -> None:
    step = advance(resting(book)[stage], silent, book)
    assert (step.lines, step.events) == ([], [])


def test_an_answer_is_heard_up_to_the_cap_and_no_further(book: Book) -> None:
    asked = asked_behavioral(book)
    step = play(asked, book, Said("a" * (LONGEST_ANSWER - 10), 1), Said("b" * 100, 2))
    assert step.interview.answer.count("b") == 10
    assert [type(line) for line in step.lines] == [lines.TooMuch, lines.Listening]
    step = advance(step.interview, Said("c", 3), book)
    assert (step.events, [type(line) for line in step.lines]) == ([], [lines.TooMuch])


# Stopping and going on.


@pytest.mark.parametrize("stage", [A, L, P, R])
def test_an_interview_that_is_stopped_keeps_what_was_told(stage: Stage, book: Book) -> None:
    before = resting(book)[stage]
    step = advance(before, Stopped(), book)
    assert step.events[-1] == InterviewClosed(finished=False)
    closed = step.lines[-1]
    assert isinstance(closed, lines.Closed)
    assert (closed.finished, closed.debrief.answered) == (False, int(stage is not A))
    assert [past.answer for past in step.interview.reviews] == [before.answer] * (stage is not A)
    assert (step.reviewed is not None) is (stage in {L, P})


def test_what_is_stopped_while_something_is_added_keeps_both_attempts(book: Book) -> None:
    after = reviewed(asked_behavioral(book), book, UNFINISHED).interview
    adding = play(after, book, TriedAgain(adds=True), Said("Nobody complained.", 9)).interview
    step = advance(adding, Stopped(), book)
    assert [past.attempt for past in step.interview.reviews] == [1, 2]
    assert step.interview.reviews[1].answer == f"{UNFINISHED}\nNobody complained."


def test_a_panel_takes_turns_and_the_next_one_along_probes(book: Book) -> None:
    asked = asked_behavioral(book, "panel")
    seats = [panelist.id for panelist in book.personas["panel"].panelists]
    probed = give(asked, book, UNFINISHED)
    (line,) = probed.lines
    assert isinstance(line, lines.Probed)
    assert seats.index(line.speaker.id) == (seats.index(asked.asker or "") + 1) % 3


def test_everybody_on_a_panel_is_answered_for_in_the_feedback(book: Book) -> None:
    (line,) = reviewed(asked_behavioral(book, "panel"), book, WHOLE).lines
    assert isinstance(line, lines.Reviewed)
    assert [each.panelist for each in line.heard] == list(book.personas["panel"].panelists)


def test_a_single_interviewer_hears_for_nobody_else(book: Book) -> None:
    (line,) = reviewed(asked_behavioral(book), book, WHOLE).lines
    assert isinstance(line, lines.Reviewed)
    assert line.heard == ()


def test_a_retry_shows_before_and_after(book: Book) -> None:
    first = reviewed(asked_behavioral(book), book, THIN)
    step = play(first.interview, book, TriedAgain(), Said(WHOLE, 9), Finished())
    (line,) = step.lines
    assert isinstance(line, lines.Reviewed)
    assert line.comparison is not None
    words = line.comparison.changes[-1]
    assert (words.before, words.after) == (3, len(WHOLE.split()))


def test_the_last_question_is_followed_by_the_end(book: Book) -> None:
    step = begin(opened(book), book)
    for number in (1, 2, 3):
        step = reviewed(step.interview, book, WHOLE)
        (line,) = step.lines
        assert isinstance(line, lines.Reviewed)
        assert line.last is (number == 3)
        step = advance(step.interview, WentOn(), book)
    assert step.events == [InterviewClosed(finished=True)]


# Whatever comes.

MESSAGE = st.integers(1, 6)
TEXTS = st.sampled_from(
    [WHOLE, UNFINISHED, THIN, "skip", "done", "yes", "thanks", "idk", "What do you mean?", "again"]
)
ANY_MOVE: st.SearchStrategy[Move] = st.one_of(
    st.builds(Said, TEXTS, MESSAGE),
    st.builds(Corrected, TEXTS, MESSAGE),
    st.builds(FellSilent, st.integers(1, 3), st.integers(1, 2), st.integers(0, 3)),
    st.builds(TriedAgain, st.booleans()),
    st.sampled_from([Finished(), AskedAgain(), AskedMeaning(), Declined(), WentOn()]),
    st.sampled_from([Finished(), WentOn(), Stopped()]),
)


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(PERSONAS),
    st.sampled_from(Mode),
    st.integers(0, 2**62),
    st.lists(ANY_MOVE, max_size=25),
)
def test_whatever_is_done_the_interview_can_be_loaded_and_shown_again(
    persona: str, mode: Mode, seed: int, moves: list[Move]
) -> None:
    step = begin(opened(BOOK, persona, mode=mode, seed=seed), BOOK)
    events, now = list(step.events), step.interview
    for move in moves:
        before = now
        try:
            step = advance(before, move, BOOK)
        except NotNow:
            continue
        events += step.events
        now = step.interview
        assert (now.number, len(now.reviews)) >= (before.number, len(before.reviews))
        assert bool(standing(now, BOOK)) is (now.stage is not C)
    assert load(events) == now
    judged = {past.number for past in now.reviews}
    assert judged | set(now.passed) <= set(range(1, now.number + 1))
    assert {*range(1, now.number)} <= judged | set(now.passed)


# The same, always.

PLAY = """
from bot.content import load_content
from tests.interview.test_conduct import whole_interview
print(whole_interview(load_content()[0]))
"""
ROOT = Path(__file__).parents[2]


def whole_interview(book: Book) -> str:
    """Everything that happens and is said in one interview of five questions."""
    step = begin(opened(book, "panel", length=5, seed=3), book)
    seen = [(step.events, step.lines)]

    def then(*moves: Move) -> Step:
        nonlocal step
        for move in moves:
            step = advance(step.interview, move, book)
            seen.append((step.events, step.lines))
        return step

    texts = (UNFINISHED, THIN, WHOLE, "It depends, I guess. We always talk.", UNFINISHED)
    for text in texts:
        then(Said(text, 1), Finished())
        while step.interview.stage is P:
            then(Said("It took three weeks.", 2), Finished())
        then(WentOn())
    return repr(seen)


def test_the_same_moves_give_the_same_interview_in_every_process(book: Book) -> None:
    told = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"}
        run = subprocess.run(
            [sys.executable, "-c", PLAY],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        told.add(run.stdout.strip())
    assert told == {whole_interview(book)}


def test_an_interview_that_was_never_opened_can_do_nothing(book: Book) -> None:
    for move in (Said(WHOLE, 1), Finished(), AskedAgain(), TriedAgain(), WentOn(), Stopped()):
        with pytest.raises(NotNow):
            advance(Interview(), move, book)


def test_an_interview_loaded_from_its_events_goes_on_as_if_it_had_never_stopped(
    book: Book,
) -> None:
    step = begin(opened(book), book)
    events = list(step.events)
    for move in (Said(UNFINISHED, 1), Finished()):
        step = advance(step.interview, move, book)
        events += step.events
    assert load(events) == step.interview


def test_before_an_interview_is_opened_no_move_can_be_made(book: Book) -> None:
    for move, _ in ANSWERED:
        if not isinstance(move, Corrected | FellSilent):
            with pytest.raises(NotNow):
                advance(Interview(), move, book)


def test_an_edit_cannot_carry_an_answer_over_the_cap(book: Book) -> None:
    now = asked_behavioral(book)
    for message in range(10):
        now = advance(now, Said("a", message), book).interview
    for message in range(10):
        now = advance(now, Corrected("b" * 4096, message), book).interview
    assert len(now.answer) <= LONGEST_ANSWER


def test_an_edit_that_changes_no_words_goes_unnoticed(book: Book) -> None:
    listening = play(asked_behavioral(book), book, Said(WHOLE, 1)).interview
    assert advance(listening, Corrected(WHOLE, 1), book).lines == []
    reviewed_ = play(listening, book, Finished()).interview
    assert advance(reviewed_, Corrected(WHOLE, 1), book).lines == []


def test_stop_typed_is_asked_back(book: Book) -> None:
    for text in ("stop", "I want to stop", "quit"):
        step = advance(asked_behavioral(book), Said(text, 1), book)
        assert step.events == []
        assert isinstance(step.lines[0], lines.StopWanted)


def test_an_answer_that_is_too_long_already_is_not_probed(book: Book) -> None:
    long = "We had another meeting about the same list and nobody decided. " * 40
    step = play(asked_behavioral(book, "executive"), book, Said(long, 1), Finished())
    shown = step.lines[0]
    assert isinstance(shown, lines.Reviewed)
    assert shown.coaching.reaction in book.personas["executive"].shorter


def test_a_reply_to_a_probe_for_the_ending_is_the_ending(book: Book) -> None:
    asked = asked_behavioral(book)
    probed = play(asked, book, Said(UNFINISHED, 1), Finished()).interview
    assert probed.probes[-1].gap is Gap.RESULT
    step = play(probed, book, Said("yeh good, hes my best mate on shift now", 2), Finished())
    if step.interview.stage is Stage.PROBED:
        step = advance(step.interview, Declined(), book)
    assert step.reviewed is not None
    assert "missing_result" not in {finding.rule for finding in step.reviewed.findings}
