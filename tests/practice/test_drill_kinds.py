from __future__ import annotations

import pytest

from bot.feedback import Feedback, Label, review
from bot.interview.coaching import coach
from bot.interview.machine import Interview
from bot.practice.drill_kinds import asks_for, grades, judge, part_of, parts_of
from bot.practice.drill_words import Kind, WeakAnswer
from bot.practice.schedule import Grade
from tests.practice.drilling import FULL_STORY, book, drills

QUESTION = book().questions["pe-conflict-no-boss-to-settle-it"]


def judged(kind: Kind, answer: str) -> Feedback:
    return judge(kind, answer, QUESTION)


def faults(feedback: Feedback) -> list[str]:
    return [finding.rule for finding in feedback.findings]


def mended(weak: WeakAnswer, answer: str) -> Feedback:
    return judge(Kind.FIX, answer, book().questions[weak.question], weak=weak)


def weak(name: str) -> WeakAnswer:
    found = drills().weak_answer(name)
    assert found is not None
    return found


def test_the_words_of_the_drills_fit_the_question_book() -> None:
    assert drills().faults(book()) == []
    assert len(drills().weak) >= 24
    assert {part_of(each.defect) for each in drills().weak} >= {
        Label.SITUATION,
        Label.ACTION,
        Label.RESULT,
    }


@pytest.mark.parametrize("each", drills().weak, ids=lambda each: each.id)
def test_the_fault_of_a_weak_answer_is_found_first_and_gone_from_its_rewrite(
    each: WeakAnswer,
) -> None:
    asked = book().questions[each.question].asked()
    assert faults(review(each.answer, asked))[:1] == [each.defect]
    assert each.defect not in faults(review(each.rewrite, asked))
    assert faults(mended(each, each.rewrite)) == []


@pytest.mark.parametrize("each", drills().weak, ids=lambda each: each.id)
def test_a_weak_answer_sent_back_unchanged_keeps_its_fault_and_earns_no_praise(
    each: WeakAnswer,
) -> None:
    feedback = mended(each, each.answer)
    assert faults(feedback) == [each.defect]
    assert feedback.best is None


def test_only_the_missing_sentence_mends_an_answer_that_lacked_an_ending() -> None:
    rota = weak("weak-conflict-rota")
    feedback = mended(rota, "By Sunday not one round was late, and he asked to keep it.")
    assert faults(feedback) == []
    assert feedback.best is not None
    assert feedback.quote(feedback.best).startswith("By Sunday")


def test_only_the_missing_opening_mends_an_answer_that_lacked_a_setting() -> None:
    pots = weak("weak-innovation-seedlings")
    assert faults(mended(pots, "In the dry summer of 2022 I worked in a council garden.")) == []


def test_a_word_put_behind_a_weak_answer_does_not_mend_it() -> None:
    rota = weak("weak-conflict-rota")
    assert faults(mended(rota, f"{rota.answer} ok")) == ["missing_result"]


def test_a_new_fault_in_a_mended_answer_is_named() -> None:
    rota = weak("weak-conflict-rota")
    thin = f"{rota.answer} It went well and everyone was happy."
    assert faults(mended(rota, thin)) == ["unquantified_result"]


@pytest.mark.parametrize(
    "ending",
    [
        "Complaints fell from nine a week to two, and the night team still use the board.",
        "We lost the client anyway, and I have checked every quote twice since then.",
        "He signed the contract.",
    ],
)
def test_an_ending_alone_needs_no_setting_and_no_length(ending: str) -> None:
    assert faults(judged(Kind.RESULT, ending)) == []


@pytest.mark.parametrize(
    ("ending", "fault"),
    [
        ("I rang her and explained it, then I moved the shift.", "missing_result"),
        ("Everyone was happy in the end.", "unquantified_result"),
        ("I would expect them to be satisfied with it.", "hypothetical"),
        ("fine", "too_short"),
        (FULL_STORY, "too_much_setup"),
    ],
)
def test_what_is_no_ending_is_said_so(ending: str, fault: str) -> None:
    assert faults(judged(Kind.RESULT, ending))[0] == fault


@pytest.mark.parametrize(
    "headline",
    [
        "I calmed a furious guest at our front desk last May and he came back in June.",
        "Last winter I refused to sign off an unsafe scaffold, and the site stopped for a day.",
        "The day I told my boss his rota would break the night shift, and he changed it.",
    ],
)
def test_a_headline_that_names_an_event_is_enough(headline: str) -> None:
    assert faults(judged(Kind.HEADLINE, headline)) == []


@pytest.mark.parametrize(
    ("headline", "fault", "quote"),
    [
        ("I am good with people and I never argue.", "no_example", "I am good with people"),
        ("I calmed a guest. She had lost her key.", "rambling", "She had lost her key."),
        ("Conflict", "too_short", "Conflict"),
        ("I would talk to them about it.", "hypothetical", "I would talk to them about it"),
    ],
)
def test_what_is_no_headline_is_quoted(headline: str, fault: str, quote: str) -> None:
    feedback = judged(Kind.HEADLINE, headline)
    assert faults(feedback) == [fault]
    assert feedback.quote(feedback.findings[0].spans[0]).startswith(quote)


def test_a_heading_without_a_verb_is_asked_about_and_not_judged() -> None:
    (finding,) = judged(Kind.HEADLINE, "Conflict with Dana over the release date").findings
    assert finding.confidence < 0.6


def test_thirty_seconds_are_up_at_the_seventy_sixth_word() -> None:
    long = f"{FULL_STORY} It was a good summer for all of us there, one hot week after another."
    finding = judged(Kind.SHORT, long).findings[0]
    assert finding.rule == "rambling"
    assert finding.spans[0][0] == len(" ".join(long.split()[:75])) + 1


def test_a_short_version_may_leave_out_the_setting_but_not_the_ending() -> None:
    core = "I took her to the bar, I asked what she needed first and I rang housekeeping at once. "
    short = core + "Then I moved her to another floor myself. "
    assert faults(judged(Kind.SHORT, short)) == ["missing_result"]
    ended = short + "She was in her room by half past two and she booked again in June."
    assert faults(judged(Kind.SHORT, ended)) == []


def test_a_full_answer_is_judged_as_in_an_interview() -> None:
    assert judged(Kind.FULL, FULL_STORY) == review(FULL_STORY, QUESTION.asked())


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("answer", ["", " ", "😅", "…", "fine", "no\nidea", FULL_STORY * 9])
def test_no_text_breaks_a_judgement_and_every_claim_has_a_quote(kind: Kind, answer: str) -> None:
    feedback = judge(kind, answer, QUESTION, weak=weak("weak-conflict-rota"))
    assert 1 <= feedback.overall <= 5
    assert feedback.overall == pytest.approx(
        min(5, max(1, 1 + sum(reason.points for reason in feedback.reasons)))
    )
    for finding in feedback.findings:
        assert all(feedback.quote(span).strip() for span in finding.spans)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_can_be_coached_with_its_own_words(kind: Kind) -> None:
    persona = book().personas["peer"]
    now = Interview(persona=persona.id, questions=(QUESTION.id,), number=1, attempt=1)
    for answer in ("fine", "I am good with people.", FULL_STORY, f"{FULL_STORY} {FULL_STORY}"):
        feedback = judge(kind, answer, QUESTION, weak=weak("weak-conflict-rota"))
        words = drills().book_for(kind, book())
        coaching = coach(feedback, QUESTION.type, now, persona, words)
        assert bool(coaching.says) == bool(feedback.findings)
    assert asks_for(kind, drills(), seed=7) in drills().words(kind).instructions


def test_where_one_sentence_can_mend_an_answer_the_drill_says_so() -> None:
    lacking, spoilt = weak("weak-conflict-rota"), weak("weak-customer-wheelchair")
    assert "One sentence" in asks_for(Kind.FIX, drills(), 1, lacking)
    assert "One sentence" not in asks_for(Kind.FIX, drills(), 1, spoilt)


def test_each_kind_practises_the_parts_it_asks_for() -> None:
    assert parts_of(Kind.RESULT) == (Label.RESULT,)
    assert parts_of(Kind.FIX, weak("weak-conflict-rota")) == (Label.RESULT,)
    assert len(parts_of(Kind.FULL)) == 4


def test_a_drill_grades_what_it_practised_and_never_above_good() -> None:
    rota = weak("weak-conflict-rota")
    ending = judged(Kind.RESULT, "Complaints fell from nine a week to two, and he asks me first.")
    assert grades(Kind.RESULT, ending, QUESTION) == {Label.RESULT: Grade.GOOD}
    fixed = mended(rota, rota.rewrite)
    assert grades(Kind.FIX, fixed, QUESTION, rota) == {Label.RESULT: Grade.GOOD}
    headline = judged(
        Kind.HEADLINE, "The day I told my boss his rota would break, and he changed it."
    )
    assert grades(Kind.HEADLINE, headline, QUESTION) == {Label.SITUATION: Grade.GOOD}
    assert max(grades(Kind.FULL, judged(Kind.FULL, FULL_STORY), QUESTION).values()) is Grade.EASY


def test_a_drill_with_next_to_nothing_in_it_comes_again() -> None:
    rota = weak("weak-conflict-rota")
    assert grades(Kind.RESULT, judged(Kind.RESULT, "fine"), QUESTION) == {Label.RESULT: Grade.AGAIN}
    left = mended(rota, rota.answer)
    assert grades(Kind.FIX, left, QUESTION, rota) == {Label.RESULT: Grade.AGAIN}
    general = judged(Kind.HEADLINE, "I am good with people and I never argue.")
    assert grades(Kind.HEADLINE, general, QUESTION) == {Label.SITUATION: Grade.AGAIN}


def test_only_a_whole_answer_is_held_against_the_rubric_of_its_question() -> None:
    question = book().questions["hm-priority-normal-monday"]
    answer = "I'd go to the queue first, because they leave first. Then I'd ring the depot."
    assert judge(Kind.FULL, answer, question).rubric
    for kind in (Kind.RESULT, Kind.HEADLINE, Kind.SHORT):
        assert judge(kind, answer, question).rubric == ()
