"""A drill goes the way of an interview: one question, no probe, no debrief, its own words."""

from __future__ import annotations

import pytest

from bot.interview import lines
from bot.interview.conduct import advance, begin, standing
from bot.interview.events import Drill, InterviewOpened, Mode, ProbeAsked, decode, encode
from bot.interview.going import review_of
from bot.interview.machine import Stage, load
from bot.interview.model import Book
from bot.interview.moves import AskedAgain, AskedMeaning, Declined, Finished, Said, Stopped, WentOn
from bot.interview.step import Step
from bot.practice.drill_words import Kind
from tests.interview.scenes import THIN, UNFINISHED, WHOLE, play

CAUSE = "hm-problem-kept-coming-back"
ROTA = "weak-conflict-rota"
ENDING = "Within two weeks late doses fell from 14 a week to 3."


def opened(kind: Kind = Kind.FULL, weak: str | None = None) -> InterviewOpened:
    question = "pe-conflict-no-boss-to-settle-it" if weak else CAUSE
    persona = "peer" if weak else "hiring_manager"
    drill = Drill(kind=kind, weak=weak)
    return InterviewOpened(
        persona=persona, mode=Mode.DRILL, questions=(question,), seed=5, drill=drill
    )


def begun(book: Book, kind: Kind = Kind.FULL, weak: str | None = None) -> Step:
    return begin(opened(kind, weak), book)


def test_a_drill_begins_with_the_question_and_nothing_else(book: Book) -> None:
    (line,) = begun(book, Kind.RESULT).lines
    assert isinstance(line, lines.DrillSet)
    assert line.question.id == CAUSE
    assert line.name == "Only the ending"
    assert line.wanted in book.drills.words(Kind.RESULT).instructions


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.FIX])
def test_no_drill_is_probed(kind: Kind, book: Book) -> None:
    step = play(begun(book, kind).interview, book, Said(UNFINISHED, 1))
    if step.interview.stage is Stage.LISTENING:
        step = advance(step.interview, Finished(), book)
    assert step.interview.stage is Stage.REVIEWED
    assert not any(isinstance(event, ProbeAsked) for event in step.events)


def test_a_whole_story_may_come_in_pieces(book: Book) -> None:
    step = play(begun(book).interview, book, Said(WHOLE, 1))
    assert step.interview.stage is Stage.LISTENING


@pytest.mark.parametrize("kind", [Kind.RESULT, Kind.HEADLINE])
def test_a_short_answer_is_judged_as_it_comes(kind: Kind, book: Book) -> None:
    step = play(begun(book, kind).interview, book, Said(ENDING, 1))
    assert step.interview.stage is Stage.REVIEWED
    (line,) = step.lines
    assert isinstance(line, lines.Reviewed)
    assert line.last
    assert line.coaching.strip == ()


def test_a_drill_is_judged_by_its_kind_whenever_it_is_looked_at(book: Book) -> None:
    step = play(begun(book, Kind.RESULT).interview, book, Said(ENDING, 1))
    past = step.interview.reviews[-1]
    assert step.reviewed is not None
    assert review_of(past, book) == step.reviewed
    assert [finding.rule for finding in step.reviewed.findings] == []


def test_the_words_for_a_fault_are_those_of_the_kind(book: Book) -> None:
    step = play(begun(book, Kind.HEADLINE).interview, book, Said(WHOLE, 1))
    line = step.lines[-1]
    assert isinstance(line, lines.Reviewed)
    assert line.coaching.fix is not None
    assert line.coaching.fix.name == "More than a headline"


def test_asked_what_is_meant_a_weak_answer_comes_with_a_hint(book: Book) -> None:
    interview = begun(book, Kind.FIX, ROTA).interview
    (hint,) = advance(interview, AskedMeaning(), book).lines
    weak = book.drills.weak_answer(ROTA)
    assert weak is not None
    assert hint == lines.Hinted(weak.hint)


def test_a_weak_answer_is_mended_by_one_sentence_of_the_candidates(book: Book) -> None:
    said = "By Sunday not a single round had been late, and the ward kept the split."
    step = play(begun(book, Kind.FIX, ROTA).interview, book, Said(said, 1))
    assert step.reviewed is not None
    assert "missing_result" not in {finding.rule for finding in step.reviewed.findings}
    assert step.interview.reviews[-1].answer == said


@pytest.mark.parametrize("move", [AskedAgain(), Said("can you repeat that?", 1)])
def test_a_drill_is_repeated_with_what_it_wants(move: AskedAgain | Said, book: Book) -> None:
    step = begun(book, Kind.SHORT)
    assert advance(step.interview, move, book).lines == step.lines
    assert standing(step.interview, book) == step.lines


@pytest.mark.parametrize(
    ("moves", "answered"),
    [
        ((Declined(),), False),
        ((Stopped(),), False),
        ((Said("stop", 1),), False),
        ((Said("skip this one", 1),), False),
        ((Said(WHOLE, 1), Stopped()), True),
        ((Said(WHOLE, 1), Finished(), WentOn()), True),
        ((Said(WHOLE, 1), Finished(), Stopped()), True),
    ],
)
def test_a_drill_ends_without_ceremony(
    moves: tuple[Declined | Said, ...], answered: bool, book: Book
) -> None:
    step = play(begun(book).interview, book, *moves)
    assert step.interview.stage is Stage.CLOSED
    assert step.lines == [lines.DrillOver(answered)]


def test_another_go_at_a_short_answer_is_compared_by_what_it_wants(book: Book) -> None:
    first = play(begun(book, Kind.RESULT).interview, book, Said(f"{THIN} It went well.", 1))
    again = play(first.interview, book, Said(f"{ENDING} The list is still in use there.", 2))
    if again.interview.stage is Stage.LISTENING:
        again = advance(again.interview, Finished(), book)
    line = again.lines[-1]
    assert isinstance(line, lines.Reviewed)
    assert line.comparison is not None
    assert {change.name for change in line.comparison.changes} == {"numbers in the result", "words"}
    assert line.comparison.went == ()


def test_a_drill_survives_being_stored_and_old_interviews_have_none(book: Book) -> None:
    event = opened(Kind.FIX, ROTA)
    assert decode(encode(event)) == event
    assert load([event]).drill == event.drill
    old = '{"kind":"InterviewOpened","persona":"peer","mode":"real","questions":["a"],"seed":1}'
    assert load([decode(old)]).drill is None
