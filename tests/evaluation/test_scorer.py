"""The measures on answers so small that they can be counted by hand."""

from __future__ import annotations

from math import isnan, sqrt

import pytest

from bot.feedback import Asked, Channel, QuestionType
from tests.evaluation.formulas import Hits, rank_correlation, rank_correlation_given, ranks
from tests.evaluation.gold import Answer, Judged, Segment
from tests.evaluation.scorer import Case, score, words_right


def judged(
    *segments: str, defects: str = "", top: str | None = None, overall: float = 3.0
) -> Judged:
    """`judged("S It rained.", "A I ran.")`: segments as label, space, text."""
    cut = tuple(Segment(each[0], each[2:]) for each in segments)
    return Judged(cut, frozenset(defects.split()), top, overall)


def case(truth: Judged, given: Judged, kind: QuestionType = QuestionType.BEHAVIORAL) -> Case:
    return Answer("a", Asked("Why?", kind), Channel.TYPED, truth), given


def test_labels_are_weighed_by_words() -> None:
    truth = judged("S one two three", "A four")
    scores = score([case(truth, judged("S one two three", "S four"))])
    # S: 3 right and 1 wrong, so 6/7; A: missed, so 0; the other labels do not occur.
    assert scores.labels["S"] == Hits(right=3, wrong=1)
    assert scores.labels["A"] == Hits(missed=1)
    assert scores.label_macro_f1 == pytest.approx((6 / 7 + 0) / 2)


def test_two_cuts_of_the_same_answer_score_alike() -> None:
    truth = judged("S It was May.", "A I rang him and we met.", "R He stayed.")
    coarse = judged("S It was May.", "A I rang him and we met. He stayed.")
    fine = judged("S It was", "S May.", "A I rang him", "A and we met.", "A He", "A stayed.")
    one, other = score([case(truth, coarse)]), score([case(truth, fine)])
    assert one.labels == other.labels
    assert one.label_macro_f1 == other.label_macro_f1 < 1.0


def test_a_cut_inside_a_word_counts_by_the_middle_of_the_word() -> None:
    truth = judged("A abcde")
    assert score([case(truth, judged("S ab", "A cde"))]).labels["A"].right == 1
    assert score([case(truth, judged("S abc", "A de"))]).labels["A"].right == 0


def test_white_space_between_pieces_makes_no_difference() -> None:
    truth = judged("S It was\nMay.", "A I rang.")
    assert score([case(truth, judged("S It   was May.", "A I rang. "))]).broken == 0


@pytest.mark.parametrize(
    "given", [judged("S It was May."), judged("S It was May.", "A I sang."), judged()]
)
def test_pieces_that_are_not_the_answer_are_broken_and_all_wrong(given: Judged) -> None:
    found = case(judged("S It was May.", "A I rang."), given)
    scores = score([found])
    assert scores.broken == 1
    assert words_right(found) == 0
    assert scores.labels["S"] == Hits(missed=3)
    assert scores.labels["A"] == Hits(missed=2)


def test_labels_that_never_occur_are_left_out_of_the_average() -> None:
    scores = score([case(judged("S It was May."), judged("S It was May."))])
    assert isnan(scores.labels["L"].f1)
    assert scores.label_macro_f1 == 1.0
    assert isnan(scores.star_macro_f1)  # this one is over four parts, and three are absent


def test_labels_are_counted_in_stories_only() -> None:
    view = case(judged("O Trust."), judged("A Trust."), QuestionType.STRATEGIC)
    plan = case(judged("A I would ask."), judged("A I would ask."), QuestionType.SITUATIONAL)
    scores = score([view, plan])
    assert scores.labels["A"] == Hits(right=3)
    assert scores.labels["O"] == Hits()


def test_a_sentence_has_the_label_of_most_of_its_words() -> None:
    truth = judged("S a b c", "T d e f", "A g h i", "R j k l")
    given = judged("S a b c d", "T e f", "A g h", "R i j k l")
    scores = score([case(truth, given)])
    assert scores.sentence_star_macro_f1 == 1.0
    assert scores.star_macro_f1 < 1.0


def test_faults_are_counted_over_all_answers() -> None:
    text = "A I rang."
    scores = score(
        [
            case(judged(text, defects="hedging fillers"), judged(text, defects="hedging")),
            case(judged(text, defects="hedging"), judged(text, defects="rambling")),
            case(judged(text), judged(text)),
        ]
    )
    # 1 right, 1 wrong, 2 missed: 2 / (2 + 1 + 2).
    assert scores.defect_micro_f1 == pytest.approx(0.4)
    assert scores.rules == {
        "fillers": Hits(missed=1),
        "hedging": Hits(right=1, missed=1),
        "rambling": Hits(wrong=1),
    }
    assert (scores.rules["hedging"].precision, scores.rules["hedging"].recall) == (1.0, 0.5)
    assert isnan(scores.rules["fillers"].precision)


def test_missing_parts_are_counted_in_behavioral_answers_only() -> None:
    truth, said = judged("A I", defects="missing_task"), judged("A I", defects="missing_result")
    agreed = judged("A I", defects="missing_result hedging")
    plan = case(truth, judged("A I"), QuestionType.SITUATIONAL)
    scores = score([case(agreed, agreed), case(truth, said), plan])
    assert scores.missing_parts_f1 == pytest.approx(2 / (2 + 1 + 1))


def test_the_first_fix_is_right_real_or_rightly_not_there() -> None:
    def pair(wanted: str | None, shown: str | None, defects: str = "") -> Case:
        return case(judged("A I", top=wanted, defects=defects), judged("A I", top=shown))

    scores = score(
        [
            pair("hedging", "hedging", "hedging"),
            pair("hedging", "fillers", "hedging fillers"),
            pair("hedging", None, "hedging"),
            pair(None, "rambling"),
            pair(None, None),
        ]
    )
    assert scores.top_fix_accuracy == pytest.approx(1 / 3)
    assert scores.shown_fix_is_a_fault == pytest.approx(2 / 3)
    assert scores.clean_kept_clean == pytest.approx(1 / 2)


def test_equal_values_share_the_middle_of_their_places() -> None:
    assert ranks([3.0, 1.0, 3.0, 2.0, 3.0]) == [3.0, 0.0, 3.0, 1.0, 3.0]
    assert ranks([7.0, 7.0]) == [0.5, 0.5]


def test_rank_correlation_looks_at_order_alone() -> None:
    assert rank_correlation([1, 2, 3], [10, 20, 3000]) == pytest.approx(1.0)
    assert rank_correlation([1, 2, 3], [3, 2, 1]) == pytest.approx(-1.0)
    # Places 0 1.5 1.5 3 against 0 1 2 3: 4.5 / sqrt(4.5 * 5).
    assert rank_correlation([1, 2, 2, 3], [1, 2, 3, 4]) == pytest.approx(4.5 / sqrt(22.5))


def test_a_side_that_never_changes_correlates_with_nothing() -> None:
    assert rank_correlation([1, 1, 1], [1, 2, 3]) == 0.0
    assert rank_correlation_given([1, 2, 3], [1, 2, 3], [1, 2, 3]) == 0.0


def test_what_length_explains_is_taken_out() -> None:
    # By hand: 0.8 with each other, 0.8 and 0.6 with the third.
    xs, ys, zs = [1, 2, 3, 4], [1, 2, 4, 3], [2, 1, 3, 4]
    assert rank_correlation(xs, ys) == pytest.approx(0.8)
    assert rank_correlation(xs, zs) == pytest.approx(0.8)
    assert rank_correlation(ys, zs) == pytest.approx(0.6)
    assert rank_correlation_given(xs, ys, zs) == pytest.approx((0.8 - 0.48) / sqrt(0.36 * 0.64))


def test_scores_rank_answers_as_the_judge_did() -> None:
    def pair(truth: float, given: float, text: str) -> Case:
        return case(judged(text, overall=truth), judged(text, overall=given))

    scores = score([pair(1, 2.5, "A a b"), pair(3, 2.6, "A a"), pair(5, 4.0, "A a b c")])
    assert scores.overall_spearman == pytest.approx(1.0)
