from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.feedback import Label, QuestionType
from bot.interview.model import Book, Competency, WorkField
from bot.practice.choosing import FORTNIGHT, Choice, choose
from bot.practice.drill_kinds import part_of, parts_of
from bot.practice.drill_words import Kind
from bot.practice.schedule import Deck, Grade, learn
from tests.practice.drilling import book, drills

R = Label.RESULT
START = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def chosen(
    deck: Deck | None = None,
    *,
    asked: dict[str, datetime] | None = None,
    last: Choice | None = None,
    field: WorkField | None = WorkField.OFFICE,
    now: datetime = START,
    interview: datetime | None = None,
    seed: int = 1,
    content: Book | None = None,
) -> Choice:
    return choose(
        content or book(),
        drills(),
        deck or {},
        asked=asked or {},
        last_persona=last.persona.id if last else None,
        last_kind=last.kind if last else None,
        field=field,
        now=now,
        interview=interview,
        seed=seed,
    )


def weak_conflict() -> Deck:
    deck = learn({}, Competency.CONFLICT, {R: Grade.AGAIN}, START - 3 * DAY)
    return learn(deck, Competency.ETHICS, {R: Grade.EASY}, START - 3 * DAY)


def days_of_drills(days: int, field: WorkField | None) -> list[Choice]:
    """A candidate who answers every day, well on some days and badly on others."""
    deck: Deck = {}
    asked: dict[str, datetime] = {}
    choices: list[Choice] = []
    for day in range(days):
        now = START + day * DAY
        last = choices[-1] if choices else None
        choice = chosen(deck, asked=asked, last=last, field=field, now=now, seed=day)
        for name in {choice.question.id} | ({choice.weak.id} if choice.weak else set()):
            assert name not in asked or now - asked[name] >= FORTNIGHT
            asked[name] = now
        grade = Grade(1 + day % 4)
        practised = parts_of(choice.kind, choice.weak)
        deck = learn(deck, choice.question.competency, dict.fromkeys(practised, grade), now)
        choices.append(choice)
    return choices


@pytest.mark.parametrize("field", [None, WorkField.CARE, WorkField.STARTING])
def test_sixty_days_bring_no_wording_twice_in_a_fortnight_and_no_face_twice_running(
    field: WorkField | None,
) -> None:
    choices = days_of_drills(60, field)
    assert all(one.persona != two.persona for one, two in pairwise(choices))
    assert all(one.question.competency != two.question.competency for one, two in pairwise(choices))
    assert all(not each.question.fields or field in each.question.fields for each in choices)
    kinds = Counter(choice.kind for choice in choices)
    assert set(kinds) == set(Kind)
    assert len({choice.question.competency for choice in choices}) >= 12


def test_the_first_drill_ever_asks_for_a_whole_answer() -> None:
    assert {chosen(seed=seed).kind for seed in range(30)} == {Kind.FULL}


def test_the_weakest_part_that_is_due_comes_back() -> None:
    aims = Counter(
        (choice.question.competency, choice.part)
        for choice in (chosen(weak_conflict(), seed=seed) for seed in range(60))
    )
    assert aims[Competency.CONFLICT, R] > 20
    assert aims[Competency.ETHICS, R] == 0  # easy, and not due


def weak_in_six() -> Deck:
    deck: Deck = {}
    for competency in list(Competency)[:6]:
        deck = learn(deck, competency, {R: Grade.AGAIN}, START - 3 * DAY)
    return deck


@pytest.mark.parametrize(("deck", "share"), [(weak_conflict(), 1 / 2), (weak_in_six(), 1 / 3)])
def test_some_drills_open_something_new_and_more_so_at_first(deck: Deck, share: float) -> None:
    known = {competency for competency, _ in deck}
    new = [
        choice
        for choice in (chosen(deck, seed=seed) for seed in range(150))
        if choice.question.competency not in known
    ]
    assert len(new) / 150 == pytest.approx(share, abs=0.08)
    assert {choice.kind for choice in new} == {Kind.FULL, Kind.HEADLINE}


def test_after_the_headline_of_a_story_the_story_itself_is_wanted() -> None:
    named = {competency: {Label.SITUATION: Grade.GOOD} for competency in Competency}
    deck: Deck = {}
    for competency, grades in named.items():
        deck = learn(deck, competency, grades, START)
    assert {chosen(deck, seed=seed).kind for seed in range(20)} == {Kind.FULL}


def test_a_part_of_a_story_is_asked_for_by_a_question_that_wants_one() -> None:
    for seed in range(60):
        choice = chosen(weak_conflict(), seed=seed)
        if choice.part is not Label.ACTION:
            assert choice.question.type is QuestionType.BEHAVIORAL


def test_the_kind_changes_from_one_drill_to_the_next() -> None:
    for seed in range(40):
        first = chosen(weak_conflict(), seed=seed)
        second = chosen(weak_conflict(), last=first, seed=seed + 1)
        if first.question.competency is second.question.competency:
            assert first.kind is not second.kind


def test_an_answer_to_mend_belongs_to_the_question_and_has_its_fault_in_the_part_aimed_at() -> None:
    mended = [
        choice
        for choice in (chosen(weak_conflict(), seed=seed) for seed in range(90))
        if choice.kind is Kind.FIX
    ]
    assert mended
    for choice in mended:
        assert choice.weak is not None
        assert choice.weak.question == choice.question.id
        assert part_of(choice.weak.defect) is choice.part


def test_an_interview_ahead_brings_back_what_would_have_waited() -> None:
    deck: Deck = {}
    for competency in Competency:
        grade = Grade.EASY if competency is Competency.FAILURE else Grade.GOOD
        deck = learn(deck, competency, {R: grade}, START)
    later = START + 4 * DAY
    deck = {key: card for key, card in deck.items() if key[0] is Competency.FAILURE} | {
        key: replace(card, due=later + 30 * DAY, reviewed=later)
        for key, card in deck.items()
        if key[0] is not Competency.FAILURE
    }
    choice = chosen(deck, now=later, interview=START + 7 * DAY)
    assert choice.question.competency is Competency.FAILURE


def test_when_all_was_asked_lately_the_oldest_wording_comes_again_from_another_face() -> None:
    asked = dict.fromkeys(book().questions, START - DAY)
    oldest = next(q.id for q in book().banks["peer"] if not q.fields)
    asked[oldest] = START - 3 * DAY
    again = chosen(asked=asked)
    assert again.question.id == oldest
    assert chosen(asked=asked, last=again).persona.id != "peer"


def test_with_one_interviewer_alone_a_fresh_wording_matters_more_than_a_new_face() -> None:
    only = replace(book(), banks={"peer": book().banks["peer"][:2]})
    first = chosen(content=only)
    second = chosen(content=only, last=first, asked={first.question.id: START})
    assert second.persona.id == "peer"
    assert second.question != first.question


def test_the_same_seed_chooses_the_same_drill() -> None:
    assert chosen(weak_conflict(), seed=5) == chosen(weak_conflict(), seed=5)
    assert len({chosen(seed=seed).question.id for seed in range(20)}) > 8
