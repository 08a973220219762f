"""Whether an interviewer digs deeper, for what, and in which words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.content import load_content
from bot.feedback import RULES, Feedback, Finding, Label, Measures, Piece, QuestionType
from bot.interview.events import ProbeAsked
from bot.interview.machine import Interview, Stage
from bot.interview.model import Gap, Question
from bot.interview.probing import gap_to_probe, prober, wording
from tests.interview.scenes import a_question

BOOK = load_content()[0]
PERSONAS = tuple(BOOK.personas)
ALL_PARTS = (Label.SITUATION, Label.TASK, Label.ACTION, Label.RESULT)


def found(
    *rules: str, words: int = 90, labels: tuple[Label, ...] = ALL_PARTS, sure: float = 0.9
) -> Feedback:
    """Feedback with these faults on an answer of so many words and these parts."""
    pieces = tuple(Piece(at, at + 1, label, "by hand") for at, label in enumerate(labels))
    measures = Measures(words, 0, 0, 0, 0, 0, {})
    findings = tuple(Finding(rule, (), sure) for rule in rules)
    return Feedback("x" * len(labels), pieces, findings, 2.0, (), measures, None)


def at_the_table(persona: str = "hiring_manager", **changes: object) -> Interview:
    question = a_question(BOOK, QuestionType.BEHAVIORAL, persona)
    interview = Interview(
        stage=Stage.HEARD,
        persona=persona,
        questions=(question.id,),
        seed=5,
        number=1,
        attempt=1,
        asker=question.asker,
    )
    return replace(interview, **changes)  # type: ignore[arg-type]


def gap(
    feedback: Feedback,
    persona: str = "hiring_manager",
    kind: QuestionType = QuestionType.BEHAVIORAL,
    **changes: object,
) -> Gap | None:
    question = a_question(BOOK, kind, persona)
    who = BOOK.personas[persona]
    return gap_to_probe(at_the_table(persona, **changes), feedback, question, who)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("no_example", Gap.REAL_TIME),
        ("hypothetical", Gap.REAL_TIME),
        ("missing_action", Gap.ACTION),
        ("we_not_i", Gap.OWN_PART),
        ("vague_action", Gap.SPECIFICS),
        ("missing_result", Gap.RESULT),
        ("unquantified_result", Gap.NUMBER),
        ("missing_situation", Gap.SITUATION),
        ("missing_task", Gap.TASK),
        ("no_ownership", Gap.OWNERSHIP),
        ("off_topic", Gap.POINT),
        ("hedging", None),
        ("fillers", None),
        ("blames_others", None),
        ("confidential", None),
        ("too_much_setup", None),
    ],
)
def test_each_fault_that_a_question_can_mend_leads_to_its_gap(
    rule: str, expected: Gap | None
) -> None:
    assert rule in {each.name for each in RULES}
    assert gap(found(rule)) is expected


@pytest.mark.parametrize("persona", PERSONAS)
def test_nobody_digs_into_a_clean_answer(persona: str) -> None:
    assert gap(found(), persona) is None


def test_nobody_digs_on_a_mere_suspicion() -> None:
    assert gap(found("missing_result", sure=0.49)) is None
    assert gap(found("missing_result", sure=0.5)) is Gap.RESULT


def test_each_persona_asks_first_for_what_they_mind_most() -> None:
    feedback = found("missing_result", "missing_action", "we_not_i", "no_ownership")
    assert {persona: gap(feedback, persona) for persona in PERSONAS} == {
        persona: next(
            each
            for each in BOOK.personas[persona].probe_order
            if each in {Gap.RESULT, Gap.ACTION, Gap.OWN_PART, Gap.OWNERSHIP}
        )
        for persona in PERSONAS
    }
    assert gap(feedback, "executive") is Gap.RESULT
    assert gap(feedback, "peer") is Gap.OWNERSHIP


@pytest.mark.parametrize("persona", PERSONAS)
def test_without_a_real_event_it_is_asked_for_first(persona: str) -> None:
    assert gap(found("no_example", "missing_result"), persona) is Gap.REAL_TIME


@pytest.mark.parametrize("persona", PERSONAS)
def test_a_gap_that_a_persona_does_not_mind_is_let_go(persona: str) -> None:
    let_go = set(Gap) - set(BOOK.personas[persona].probe_order) - {Gap.REAL_TIME}
    rules = {Gap.TASK: "missing_task", Gap.SITUATION: "missing_situation"}
    for each in let_go & set(rules):
        assert gap(found(rules[each]), persona) is None


@pytest.mark.parametrize("persona", PERSONAS)
def test_too_long_an_answer_is_asked_for_in_short_and_nothing_else(persona: str) -> None:
    limit = BOOK.personas[persona].long_words
    assert gap(found("missing_result", words=limit), persona) is None
    assert gap(found(words=limit - 1), persona) is None


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ((Label.OTHER,), {Gap.REAL_TIME}),
        ((Label.SITUATION,), {Gap.TASK, Gap.ACTION, Gap.RESULT}),
        ((Label.ACTION,), {Gap.SITUATION, Gap.TASK, Gap.RESULT}),
        (ALL_PARTS, {Gap.SPECIFICS}),
    ],
)
@pytest.mark.parametrize("persona", PERSONAS)
def test_behind_a_short_answer_lies_what_it_lacks(
    labels: tuple[Label, ...], expected: set[Gap], persona: str
) -> None:
    asked = gap(found("too_short", words=9, labels=labels), persona)
    minded = expected & {*BOOK.personas[persona].probe_order, Gap.REAL_TIME}
    assert asked in minded if minded else asked is None


@pytest.mark.parametrize("kind", sorted(set(QuestionType) - {QuestionType.BEHAVIORAL}))
@pytest.mark.parametrize("rule", ["no_example", "missing_result", "too_short", "off_topic"])
def test_a_question_that_asks_for_no_event_is_followed_up_on_its_point(
    rule: str, kind: QuestionType
) -> None:
    assert gap(found(rule, words=9, labels=(Label.OTHER,)), kind=kind) is Gap.POINT


def test_the_same_gap_is_asked_for_once() -> None:
    feedback = found("missing_action", "missing_result")
    first = gap(feedback)
    assert first is Gap.ACTION
    asked = (ProbeAsked(gap=first, wording="And you?"),)
    assert gap(feedback, probes=asked) is Gap.RESULT


@pytest.mark.parametrize("persona", PERSONAS)
def test_nobody_digs_more_often_than_is_their_habit(persona: str) -> None:
    feedback = found("missing_action", "missing_result", "we_not_i")
    most = BOOK.personas[persona].most_probes
    asked = (ProbeAsked(gap=Gap.SPECIFICS, wording="Such as?"),)
    assert gap(feedback, persona, probes=asked * (most - 1)) is not None
    assert gap(feedback, persona, probes=asked * most) is None


def test_a_retry_is_not_probed() -> None:
    assert gap(found("missing_result"), attempt=2) is None


# In which words.


def said(persona: str, each: Gap, count: int, question: Question | None = None) -> str:
    question = question or a_question(BOOK, QuestionType.BEHAVIORAL, persona)
    interview = at_the_table(persona, probed=(each,) * count)
    return wording(interview, each, question, BOOK.personas[persona], BOOK)


@pytest.mark.parametrize("persona", PERSONAS)
def test_every_gap_that_a_persona_can_ask_for_has_words(persona: str) -> None:
    for each in (*BOOK.personas[persona].probe_order, Gap.REAL_TIME, Gap.POINT):
        for count in range(6):
            text = said(persona, each, count)
            assert len(text) >= 4
            assert text == text.strip()
            assert "  " not in text


@pytest.mark.parametrize("persona", PERSONAS)
def test_six_probes_in_a_row_are_six_different_ones(persona: str) -> None:
    for each in BOOK.personas[persona].probe_order:
        assert len({said(persona, each, count) for count in range(6)}) == 6


@pytest.mark.parametrize("each", [Gap.SITUATION, Gap.TASK, Gap.ACTION, Gap.RESULT])
def test_a_missing_part_is_asked_for_in_terms_of_the_competency(each: Gap) -> None:
    question = a_question(BOOK, QuestionType.BEHAVIORAL)
    probes = getattr(BOOK.competencies[question.competency], each.value)
    leads = BOOK.personas["hiring_manager"].leads[each]
    assert said("hiring_manager", each, 0) in {
        f"{lead} {probe}".strip() for lead in leads for probe in probes
    }


# Who asks.


def test_on_a_panel_the_next_one_along_probes() -> None:
    panel = BOOK.personas["panel"]
    seats = [panelist.id for panelist in panel.panelists]
    asked_by = [prober(at_the_table("panel", asker=seat), Gap.RESULT, panel) for seat in seats]
    assert asked_by == [*seats[1:], seats[0]]


def test_a_single_interviewer_probes_alone() -> None:
    assert prober(at_the_table("peer"), Gap.RESULT, BOOK.personas["peer"]) is None


@pytest.mark.parametrize("persona", PERSONAS)
def test_a_gap_that_comes_back_after_others_is_asked_for_in_new_words(persona: str) -> None:
    order = BOOK.personas[persona].probe_order
    question = a_question(BOOK, QuestionType.BEHAVIORAL, persona)
    texts = []
    probed: tuple[Gap, ...] = ()
    for each in order * 3:
        interview = at_the_table(persona, probed=probed)
        texts.append(wording(interview, each, question, BOOK.personas[persona], BOOK))
        probed = (*probed, each)
    assert len(set(texts)) == len(texts)
