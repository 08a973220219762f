"""Before and after a retry, by counts."""

from __future__ import annotations

from dataclasses import replace

from bot.feedback import Criterion, Feedback, Finding, Label, Measures, Piece
from bot.interview.comparing import Change, compare

S, T, A, R = Label.SITUATION, Label.TASK, Label.ACTION, Label.RESULT


def told(
    *parts: tuple[Label, str], faults: tuple[str, ...] = (), numbers: int = 0, own: int = 0
) -> Feedback:
    """Feedback on an answer made of these parts."""
    answer = " ".join(text for _, text in parts)
    pieces, at = [], 0
    for label, text in parts:
        pieces.append(Piece(at, at + len(text), label, "by hand"))
        at += len(text) + 1
    measures = Measures(len(answer.split()), numbers, own, 0, 0, 0, {})
    findings = tuple(Finding(rule, ()) for rule in faults)
    return Feedback(answer, tuple(pieces), findings, 2.0, (), measures, None)


BEFORE = told((S, "It was June."), (A, "I rang them."), faults=("missing_result",), own=1)
AFTER = told((S, "It was June."), (A, "I rang them twice."), (R, "41 came"), numbers=1, own=2)


def test_counts_are_set_side_by_side() -> None:
    assert compare(BEFORE, AFTER).changes == (
        Change("own actions", 1, 2),
        Change("numbers in the result", 0, 1),
        Change("words", 6, 9),
    )


def test_a_part_that_came_is_shown_in_its_words() -> None:
    assert compare(BEFORE, AFTER).came == ((R, "41 came"),)


def test_a_mere_ok_is_not_what_a_part_is_shown_by() -> None:
    after = told((S, "OK."), (A, "I rang them."), (S, "In November I was on the 47."))
    assert compare(told((A, "I rang them.")), after).came == ((S, "In November I was on the 47"),)


def test_a_part_that_is_lost_is_named() -> None:
    assert compare(AFTER, BEFORE).went == (R,)
    assert compare(AFTER, BEFORE).came == ()


def test_faults_are_settled_or_fresh() -> None:
    there, back = compare(BEFORE, AFTER), compare(AFTER, BEFORE)
    assert (there.settled, there.fresh) == (("missing_result",), ())
    assert (back.settled, back.fresh) == ((), ("missing_result",))


def test_a_fault_that_stays_is_neither() -> None:
    still = told((R, "41 came"), faults=("missing_result",))
    assert compare(BEFORE, still).settled == compare(BEFORE, still).fresh == ()


def test_the_first_words_of_a_part_are_the_ones_shown() -> None:
    twice = told((R, "41 came"), (A, "I rang them."), (R, "It held."))
    assert compare(BEFORE, twice).came == ((R, "41 came"),)


def test_parts_outside_the_story_are_not_compared() -> None:
    chatty = told((S, "It was June."), (A, "I rang them."), (Label.OTHER, "Anyway."))
    learnt = told((S, "It was June."), (A, "I rang them."), (Label.LEARNING, "Ring first."))
    assert compare(BEFORE, chatty).came == compare(BEFORE, learnt).came == ()


def found(feedback: Feedback, **words: str | None) -> Feedback:
    """Feedback on a question with criteria instead of a story, each found in some words or not."""
    rubric = tuple(
        Criterion(
            name,
            (at := feedback.answer.index(said), at + len(said)) if said is not None else None,
        )
        for name, said in words.items()
    )
    return replace(feedback, rubric=rubric)


CASE = told((A, "I'd ring them, because it rains."), (R, "If not, I'd wait."))


def test_without_a_story_the_criteria_come_and_go_and_not_its_parts() -> None:
    first = found(told((S, "I'd ring them.")), steps="I'd ring them", option=None, reason=None)
    second = found(CASE, steps="I'd ring them", option=None, reason="because it rains")
    assert compare(first, second).came == (("reason", "because it rains"),)
    assert compare(first, second).went == ()
    assert compare(second, first).went == ("reason",)


def test_an_answer_to_another_question_had_nothing_that_was_wanted() -> None:
    after = found(CASE, steps="I'd ring them", option="If not, I'd wait")
    assert compare(told((S, "Pardon?")), after).came == (
        ("steps", "I'd ring them"),
        ("option", "If not, I'd wait"),
    )


def test_the_same_answer_again_is_the_same() -> None:
    assert compare(BEFORE, BEFORE).same
    assert not compare(BEFORE, AFTER).same


def test_a_swap_of_faults_alone_is_a_change() -> None:
    other = told((S, "It was June."), (A, "I rang them."), faults=("hedging",), own=1)
    assert not compare(BEFORE, other).same
