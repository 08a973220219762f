"""What a candidate is told: one thing, in their own words, as sure as we are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content import load_content
from bot.feedback import (
    CENTRAL,
    RUBRIC,
    Criterion,
    Feedback,
    Finding,
    Label,
    Measures,
    Piece,
    QuestionType,
    Span,
    review,
)
from bot.interview.coaching import STORY, Coaching, Debrief, can_be_added, coach, debrief, quote
from bot.interview.events import InterviewOpened, Mode, QuestionAsked
from bot.interview.machine import Interview, Reviewed, Told, load
from bot.interview.model import Book
from tests.interview.scenes import THIN, UNFINISHED, WHOLE, a_question

BOOK = load_content()[0]
PERSONAS = tuple(BOOK.personas)
ANSWER = "It was June. I rang both suppliers, and the stock held."


def words_of(answer: str, words: str) -> Span:
    """Where `words` stand in `answer`."""
    return answer.index(words), answer.index(words) + len(words)


def found(
    *findings: Finding,
    overall: float = 2.5,
    best: str | None = None,
    shares: dict[Label, float] | None = None,
    answer: str = ANSWER,
) -> Feedback:
    """Feedback by hand on an answer of a single piece."""
    measures = Measures(len(answer.split()), 0, 1, 0, 0, 0, shares or {Label.ACTION: 1.0})
    pieces = (Piece(0, len(answer), Label.ACTION, "by hand"),)
    span = words_of(answer, best) if best else None
    return Feedback(answer, pieces, findings, overall, (), measures, span)


def fault(rule: str, words: str = "rang both suppliers", sure: float = 0.9) -> Finding:
    return Finding(rule, (words_of(ANSWER, words),), sure)


def at_the_table(persona: str = "hiring_manager", kind: str = "behavioral") -> Interview:
    """The interview in which the first question of this type was asked."""
    question = a_question(BOOK, QuestionType(kind), persona)
    return load(
        [
            InterviewOpened(persona=persona, mode=Mode.COACHED, questions=(question.id,), seed=5),
            QuestionAsked(number=1, question=question.id, asker=question.asker),
        ]
    )


def told(feedback: Feedback, persona: str = "hiring_manager", kind: str = "behavioral") -> Coaching:
    interview = at_the_table(persona, kind)
    return coach(feedback, QuestionType(kind), interview, BOOK.personas[persona], BOOK)


# One thing.


@pytest.mark.parametrize("persona", PERSONAS)
@pytest.mark.parametrize("rule", sorted(BOOK.fixes))
def test_a_fault_is_told_with_its_reason_and_its_remedy(rule: str, persona: str) -> None:
    coaching = told(found(fault(rule)), persona)
    fix = BOOK.fixes[rule]
    assert coaching.fix is fix
    assert coaching.why == fix.why[persona]
    assert coaching.how in fix.how
    assert coaching.might_ask == ""
    assert "{" not in coaching.says


def test_only_the_first_fault_is_told() -> None:
    assert told(found(fault("hedging"), fault("fillers"))).fix == BOOK.fixes["hedging"]


@pytest.mark.parametrize("thin", [Label.SITUATION, Label.TASK, Label.ACTION, Label.RESULT])
def test_a_clean_answer_may_be_asked_for_the_part_that_is_thin(thin: Label) -> None:
    shares = {label: 0.05 if label is thin else 0.3 for label in STORY}
    coaching = told(found(overall=4.5, shares=shares))
    card = BOOK.competencies[a_question(BOOK, QuestionType.BEHAVIORAL).competency]
    assert (coaching.fix, coaching.says, coaching.why, coaching.how) == (None, "", "", "")
    assert coaching.might_ask in getattr(card, thin.name.lower())


def test_nobody_is_asked_again_for_what_was_said() -> None:
    shares = dict.fromkeys(STORY, 0.25)
    assert told(found(overall=4.5, shares=shares)).might_ask == ""


def test_a_clean_answer_that_is_long_might_be_wanted_shorter() -> None:
    limit = BOOK.personas["hiring_manager"].long_words
    assert (
        told(found(answer="and so on " * limit)).might_ask
        in BOOK.personas["hiring_manager"].shorter
    )


@pytest.mark.parametrize(
    ("feedback", "kind"),
    [
        (found(overall=4.5), "strong"),
        (found(fault("hedging"), overall=2.0), "plain"),
        (found(fault("hedging"), overall=1.9), "thin"),
    ],
)
@pytest.mark.parametrize("persona", PERSONAS)
def test_the_reaction_fits_the_answer(feedback: Feedback, kind: str, persona: str) -> None:
    reactions = BOOK.personas[persona].reactions
    assert told(feedback, persona).reaction in getattr(reactions, kind)


# As sure as we are.


@pytest.mark.parametrize("rule", sorted(set(BOOK.fixes) - {"missing_task"}))
def test_what_is_sure_is_said_and_what_is_not_is_asked(rule: str) -> None:
    quoted = "“rang both suppliers”"
    fix = BOOK.fixes[rule]
    said = {text.replace("{quote}", quoted) for text in fix.says}
    asked = {text.replace("{quote}", quoted) for text in fix.asks}
    assert told(found(fault(rule, sure=0.6))).says in said
    assert told(found(fault(rule, sure=0.59))).says in asked


def test_a_missing_task_is_never_stated() -> None:
    said = told(found(fault("missing_task", sure=1.0))).says
    assert said in {
        text.replace("{quote}", "“rang both suppliers”") for text in BOOK.fixes["missing_task"].asks
    }


# In their own words.

SENTENCES = st.lists(
    st.sampled_from(
        [
            *WHOLE.split(". "),
            *UNFINISHED.split(". "),
            THIN,
            "Honestly, I guess we kind of managed",
            "Um, so, uh, it was, like, fine",
            "My boss was useless and lazy",
            "I would probably talk to them first",
            "I always listen to people",
            "That was at Contoso Ltd, under NDA",
            "He said “stop”, and {quote} was the word",
            "<b>40%</b> & more",
        ]
    ),
    min_size=1,
    max_size=12,
).map(". ".join)


@settings(max_examples=150, deadline=None)
@given(SENTENCES, st.sampled_from(PERSONAS), st.sampled_from(QuestionType))
def test_every_quote_is_the_candidates_own(answer: str, persona: str, kind: QuestionType) -> None:
    question = a_question(BOOK, kind, persona)
    feedback = review(answer, question.asked())
    interview = at_the_table(persona, kind.value)
    coaching = coach(feedback, kind, interview, BOOK.personas[persona], BOOK)
    own = " ".join(answer.split())
    if coaching.keep is not None:
        assert coaching.keep.removesuffix("…") in own
    for finding in feedback.findings:
        for span in finding.spans:
            assert quote(feedback, span).removesuffix("…") in own
    for criterion in coaching.rubric:
        assert criterion.span is None or quote(feedback, criterion.span).removesuffix("…") in own
    assert (coaching.strip == ()) is (kind is not QuestionType.BEHAVIORAL)
    assert coaching.rubric == () or coaching.strip == ()


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("It was\n  June,  and I rang.", "It was June, and I rang"),
        ("I rang both;", "I rang both"),
        ("a" * 120, "a" * 120),
        ("word " * 30, "word " * 23 + "word…"),
        ("I rang, " + "x" * 130, "I rang…"),
    ],
)
def test_a_quote_is_one_line_of_at_most_120_characters(words: str, shown: str) -> None:
    feedback = found(answer=words)
    assert quote(feedback, (0, len(words))) == shown
    assert len(shown) <= 121


def test_the_line_to_keep_comes_with_the_part_it_plays() -> None:
    coaching = told(found(best="I rang both suppliers,"))
    assert (coaching.keep, coaching.keep_label) == ("I rang both suppliers", Label.ACTION)
    assert (told(found()).keep, told(found()).keep_label) == (None, None)


def test_the_strip_shows_each_part_in_per_cent() -> None:
    shares = {Label.SITUATION: 0.3, Label.TASK: 0.05, Label.ACTION: 0.655}
    strip = told(found(shares=shares)).strip
    assert [(part.label.value, part.percent, part.state) for part in strip] == [
        ("S", 30, "ok"),
        ("T", 5, "thin"),
        ("A", 66, "ok"),
        ("R", 0, "missing"),
    ]


# Where no story is asked for.


@pytest.mark.parametrize("kind", RUBRIC)
def test_the_strip_of_a_rubric_is_one_line_on_a_phone(kind: QuestionType) -> None:
    names = [BOOK.rubric[point.criterion].name for point in RUBRIC[kind] if point.criterion]
    assert len(" · ".join(f"{name} ✓" for name in names)) <= 50
    assert len(set(names)) == len(names)


def unfound(*names: str) -> tuple[Criterion, ...]:
    """A rubric in which these were not found, beside one criterion that was."""
    return (Criterion("option", (0, 7)), *(Criterion(name, None) for name in names))


@pytest.mark.parametrize("name", CENTRAL)
def test_what_a_good_answer_hardly_ever_lacks_is_offered_when_it_was_not_found(name: str) -> None:
    feedback = replace(found(overall=3.5), rubric=unfound("safeguard", name))
    coaching = told(feedback, kind="situational")
    assert coaching.unseen is BOOK.rubric[name]
    assert coaching.how == BOOK.rubric[name].how
    assert (coaching.fix, coaching.might_ask) == (None, "")
    assert coaching.reaction in BOOK.personas["hiring_manager"].reactions.plain


def test_what_many_good_answers_lack_is_not_asked_for() -> None:
    names = {point.criterion for points in RUBRIC.values() for point in points} - {"", *CENTRAL}
    coaching = told(replace(found(overall=3.5), rubric=unfound(*names)), kind="situational")
    assert (coaching.unseen, coaching.how) == (None, "")


def test_a_fault_comes_before_what_was_not_found() -> None:
    feedback = replace(found(fault("hedging")), rubric=unfound("steps", "reason"))
    coaching = told(feedback, kind="situational")
    assert coaching.fix is BOOK.fixes["hedging"]
    assert coaching.unseen is None
    assert coaching.rubric == feedback.rubric


@pytest.mark.parametrize("rule", sorted(BOOK.fixes))
def test_only_what_is_missing_can_be_added(rule: str) -> None:
    expected = rule.startswith("missing_") or rule == "unquantified_result"
    assert can_be_added(rule) is expected
    assert told(found(fault(rule))).can_be_added is expected


def test_a_clean_answer_needs_nothing_added() -> None:
    assert can_be_added(None) is False
    assert told(found(overall=4.8)).can_be_added is False


# The whole interview.


def attempt(number: int, attempt: int = 1) -> Reviewed:
    question = a_question(BOOK, QuestionType.BEHAVIORAL)
    return Reviewed(number, attempt, question.id, None, (Told(ANSWER, False),), (), 2.5, None)


def summed_up(*attempts: tuple[Reviewed, Feedback], passed: tuple[int, ...] = ()) -> Debrief:
    interview = Interview(passed=passed)
    return debrief(attempts, interview, BOOK.personas["peer"], BOOK)


def test_at_most_three_things_to_work_on_the_weakest_answer_first() -> None:
    rules = ["hedging", "fillers", "we_not_i", "rambling", "too_short"]
    summary = summed_up(
        *(
            (attempt(number), found(fault(rule), overall=5 - number / 2))
            for number, rule in enumerate(rules, 1)
        )
    )
    assert [each.fix.id for each in summary.priorities] == ["too_short", "rambling", "we_not_i"]
    assert [each.number for each in summary.priorities] == [5, 4, 3]
    assert {each.quote for each in summary.priorities} == {"rang both suppliers"}


def test_among_equals_the_more_frequent_comes_first() -> None:
    summary = summed_up(
        (attempt(1), found(fault("hedging"))),
        (attempt(2), found(fault("fillers"))),
        (attempt(3), found(fault("fillers"))),
    )
    assert [(each.fix.id, each.answers, each.number) for each in summary.priorities] == [
        ("fillers", 2, 2),
        ("hedging", 1, 1),
    ]


def test_only_the_last_attempt_at_a_question_counts() -> None:
    summary = summed_up(
        (attempt(1, 1), found(fault("hedging"))),
        (attempt(1, 2), found(overall=4.5, best="the stock held")),
    )
    assert (summary.answered, summary.priorities) == (1, ())
    assert summary.best == ("the stock held", 1)


def test_the_best_line_is_that_of_the_best_answer() -> None:
    summary = summed_up(
        (attempt(1), found(overall=3.0, best="It was June")),
        (attempt(2), found(overall=4.0, best="the stock held")),
        (attempt(3), found(overall=5.0)),
    )
    assert summary.best == ("the stock held", 2)


def test_passed_questions_are_counted_unless_they_were_answered_before() -> None:
    summary = summed_up((attempt(1), found()), passed=(1, 2))
    assert (summary.answered, summary.passed) == (1, 1)


def test_an_interview_without_answers_has_nothing_to_show_but_the_real_question(
    book: Book,
) -> None:
    summary = summed_up(passed=(1, 2, 3))
    assert (summary.answered, summary.passed, summary.priorities, summary.best) == (0, 3, (), None)
    assert summary.hidden_question == book.personas["peer"].hidden_question
