"""Which questions an interview asks, over every persona, length and line of work."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import load_content
from bot.feedback import QuestionType
from bot.interview.model import Book, Persona, Question, WorkField
from bot.interview.planning import LENGTHS, plan

PERSONAS = ("executive", "hiring_manager", "panel", "peer")
SEEDS = range(200)
B, S = QuestionType.BEHAVIORAL, QuestionType.SITUATIONAL
P, M, L = QuestionType.STRATEGIC, QuestionType.MOTIVATION, QuestionType.LOGISTICS
SHAPES = {3: [B, B, S], 5: [M, B, B, S, B], 8: [M, B, B, S, B, P, B, L]}
BOOK = load_content()[0]


def planned(
    persona: str,
    length: int,
    seed: int,
    *,
    field: WorkField | None = None,
    recent: frozenset[str] = frozenset(),
) -> list[Question]:
    bank = BOOK.banks[persona]
    ids = plan(bank, BOOK.personas[persona], length, field=field, recent=recent, seed=seed)
    return [BOOK.questions[each] for each in ids]


def left_of_type(persona: str, chosen: list[Question], place: int) -> list[Question]:
    """What else of the type asked for stood open for this place, for any line of work."""
    earlier = {question.id for question in chosen[:place]}
    return [
        question
        for question in BOOK.banks[persona]
        if question.type is chosen[place].type
        and question.id not in earlier
        and not question.fields
    ]


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("persona", PERSONAS)
def test_an_interview_has_its_length_and_shape_and_asks_nothing_twice(
    persona: str, length: int
) -> None:
    for seed in SEEDS:
        chosen = planned(persona, length, seed)
        assert [question.type for question in chosen] == SHAPES[length]
        assert len({question.id for question in chosen}) == length


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("persona", PERSONAS)
def test_a_competency_comes_twice_only_when_no_other_is_left(persona: str, length: int) -> None:
    for seed in SEEDS:
        chosen = planned(persona, length, seed)
        for place, question in enumerate(chosen):
            used = {earlier.competency for earlier in chosen[:place]}
            if question.competency in used:
                others = left_of_type(persona, chosen, place)
                assert {other.competency for other in others} <= used


@pytest.mark.parametrize("persona", PERSONAS)
def test_three_questions_are_about_three_competencies(persona: str) -> None:
    for seed in SEEDS:
        assert len({question.competency for question in planned(persona, 3, seed)}) == 3


@pytest.mark.parametrize("persona", PERSONAS)
def test_the_seed_varies_the_questions(persona: str) -> None:
    openings = Counter(planned(persona, 3, seed)[0].id for seed in SEEDS)
    assert len(openings) >= 20
    assert max(openings.values()) <= len(SEEDS) // 8


def test_the_panel_takes_turns_and_leaves_nobody_out() -> None:
    for seed in SEEDS:
        for length in LENGTHS:
            askers = [question.asker for question in planned("panel", length, seed)]
            assert len(set(askers[:3])) == 3
            assert askers == [askers[place % 3] for place in range(length)]


def test_each_member_of_the_panel_opens_about_as_often() -> None:
    openings = Counter(planned("panel", 3, seed)[0].asker for seed in SEEDS)
    assert min(openings.values()) > len(SEEDS) / 4


@pytest.mark.parametrize("field", [None, *WorkField])
@pytest.mark.parametrize("persona", PERSONAS)
def test_nobody_is_asked_about_another_line_of_work(persona: str, field: WorkField | None) -> None:
    for seed in range(40):
        for question in planned(persona, 8, seed, field=field):
            assert not question.fields or field in question.fields


def test_a_line_of_work_is_asked_first_what_belongs_to_it() -> None:
    own = {
        (name, field)
        for name, bank in BOOK.banks.items()
        for question in bank
        for field in question.fields
        if question.type is B and not BOOK.personas[name].panelists
    }
    assert own
    for persona, field in own:
        openings = {planned(persona, 3, seed, field=field)[0].fields for seed in range(20)}
        assert all(field in fields for fields in openings)


@given(
    st.sampled_from(PERSONAS),
    st.sampled_from(LENGTHS),
    st.integers(0, 2**62),
    st.sampled_from([None, *WorkField]),
    st.data(),
)
def test_a_recent_question_comes_only_when_nothing_else_of_its_type_is_left(
    persona: str, length: int, seed: int, field: WorkField | None, data: st.DataObject
) -> None:
    ids = [question.id for question in BOOK.banks[persona]]
    recent = data.draw(st.frozensets(st.sampled_from(ids)))
    chosen = planned(persona, length, seed, field=field, recent=recent)
    assert [question.type for question in chosen] == SHAPES[length]
    for place, question in enumerate(chosen):
        if question.id in recent:
            others = left_of_type(persona, chosen, place)
            assert all(other.id in recent for other in others)


@pytest.mark.parametrize("persona", PERSONAS)
def test_five_interviews_with_the_same_person_repeat_no_question(persona: str) -> None:
    asked: list[str] = []
    for seed in range(5):
        chosen = planned(persona, 3, seed, recent=frozenset(asked))
        asked += [question.id for question in chosen]
    assert len(set(asked)) == 15


def test_the_order_of_the_recent_questions_does_not_matter(book: Book) -> None:
    persona: Persona = book.personas["peer"]
    bank = book.banks["peer"]
    recent = [question.id for question in bank[:30]]
    there = plan(bank, persona, 8, field=None, recent=recent, seed=4)
    back = plan(bank, persona, 8, field=None, recent=recent[::-1], seed=4)
    assert there == back
