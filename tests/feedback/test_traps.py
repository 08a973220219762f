"""Phrases that fool a word list: each line of the table of traps is a case."""

from __future__ import annotations

import pytest

from bot.feedback import Channel, QuestionType
from tests.feedback.telling import FAILURE, STORY_START, faults, labels_of, tell

LABELLED = [
    ("I joined in 2015, 12 of us in 3 offices. I moved the desk and I rang each client.",
     "I joined in 2015, 12 of us in 3 offices", "S"),
    (STORY_START + "Nobody fell that night and the family wrote to the ward.",
     "Nobody fell that night and the family wrote to the ward", "R"),
    (STORY_START + "We did not get a single return after that.", "We did not get a single", "R"),
    (STORY_START + "I didn't just forward the email, I rang him.", "I didn't just forward", "A"),
    ("I reduced, improved and increased, I'm results driven", "I reduced, improved", "O"),
    ("I was responsible for payroll at Harlow. One month the file was wrong. I had to fix it by "
     "Friday. I rang the bank. Everyone was paid on time.", "I was responsible for payroll", "S"),
    ("At the desk in May a flight was cancelled. I had to tell her the flight was gone, and she "
     "cried. I found her a seat on the next one.", "I had to tell her the flight was gone", "A"),
    ("Last year our close took nine days. My manager wanted close in five days, not nine. I moved "
     "two steps forward.", "My manager wanted close in five days, not nine", "T"),
    ("In March the line stopped. I pulled the guard, found a bent rail, swapped it. It ran by "
     "noon.", "I pulled the guard, found a bent rail, swapped it", "A"),
    ("So this customer comes in and he's shouting, and I go, let's sit down, and I get him a "
     "coffee. He came back next week.", "So this customer comes in", "S"),
    ("So this customer comes in and he's shouting, and I go, let's sit down, and I get him a "
     "coffee. He came back next week.", "and I go, let's sit down", "A"),
    (STORY_START + "I told her I would ring by noon, and I did.", "I told her I would ring", "A"),
    (STORY_START + "The line ran by noon. Next time I would phone first.", "Next time I", "L"),
    ("If a patient is upset I'd sit with them", "If a patient is upset", "O"),
    (STORY_START + "I learned the supplier had closed. So I found another. The line ran again.",
     "I learned the supplier had closed", "A"),
    (STORY_START + "I learned SQL in a week and wrote the report. The line ran by noon.",
     "I learned SQL in a week", "A"),
    (STORY_START + "Since then complaints have halved.", "Since then complaints", "R"),
    (STORY_START + "The line ran by noon. Since then I ring first.", "Since then I ring", "L"),
    (STORY_START + "I realised the guard was bent. I swapped it. The line ran by noon.",
     "I realised the guard was bent", "A"),
    (STORY_START + "The line ran by noon. I realised I should have asked.",
     "I realised I should have asked", "L"),
    (STORY_START + "The team won the award.", "The team won the award", "R"),
    ("Goal: fewer returns. Did: new labels. Result: -12 %", "Goal: fewer returns", "T"),
    ("Goal: fewer returns. Did: new labels. Result: -12 %", "Did: new labels", "A"),
    ("Goal: fewer returns. Did: new labels. Result: -12 %", "Result: -12 %", "R"),
    ("- old till, 3 fridays short - stuck on it for a week - found a bent roller, swapped it - 0 "
     "short since may", "found a bent roller, swapped it", "A"),
    ("1) van died in Leeds 2) had 12 parcels due by noon 3) rang the depot and borrowed a trailer "
     "4) all 12 were in on time", "3) rang the depot and borrowed a trailer", "A"),
    (STORY_START + "So I says to him, we'll lift it by hand.", "So I says to him", "A"),
    ("Situation situation, task goal objective, action, result impact", "Situation situation", "O"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "words", "label"), LABELLED, ids=[w for _, w, _ in LABELLED])
def test_the_words_do_the_job_that_a_listener_hears(answer: str, words: str, label: str) -> None:
    assert labels_of(tell(answer), words) == label


def test_if_i_would_is_an_action_when_a_case_was_put() -> None:
    feedback = tell(
        "If a patient is upset I'd sit with them and I'd ask what happened.",
        "A patient is upset. What do you do?",
        QuestionType.SITUATIONAL,
    )
    assert labels_of(feedback, "I'd sit with them") == "A"
    assert "hypothetical" not in faults(feedback)


@pytest.mark.parametrize(
    "answer",
    [
        "Every Friday I would check the stock. One Friday forty boxes were gone. I rang the depot "
        "and I found them in the wrong bay. They came back on Monday.",
        STORY_START + "I told her I would ring by noon, and I did. She stayed for two years.",
        STORY_START + "The line ran by noon. Next time I would phone first.",
        "I would say my proudest moment was the Leeds move. I planned it for six weeks. I ran it "
        "alone at night. We opened on time.",
    ],
)
def test_would_is_no_hypothetical_in_a_habit_a_quote_a_lesson_or_a_polite_frame(
    answer: str,
) -> None:
    assert "hypothetical" not in faults(tell(answer))


def test_a_quantified_zero_counts_as_a_number() -> None:
    assert tell(STORY_START + "We did not get a single return after that.").measures.numbers == 1


def test_digits_in_the_setting_are_no_result() -> None:
    answer = (
        "I joined in 2015, 12 of us in 3 offices. I was asked to cut the queue at the front desk. "
        "I moved the desk to the side and I rang each client the day before."
    )
    feedback = tell(answer)
    assert feedback.measures.numbers == 0
    assert "missing_result" in faults(feedback)


def test_dropped_subjects_are_own_deeds() -> None:
    feedback = tell("In March the line stopped. I pulled the guard, found a bent rail, swapped it.")
    assert feedback.measures.own_actions == 3


@pytest.mark.parametrize(
    "result",
    ["It cost us the client anyway.", "I was let go after that and honestly deserved it."],
)
def test_a_failure_is_a_full_result(result: str) -> None:
    feedback = tell(STORY_START + result, FAILURE, competency="failure")
    assert labels_of(feedback, result) == "R"
    assert "missing_result" not in faults(feedback)


def test_a_passive_deed_is_an_action_by_nobody_and_still_an_action() -> None:
    feedback = tell(
        "In May the rota was wrong at our care home and two shifts stood empty every week. I was "
        "the senior. The schedule was changed and people were informed. Every shift was covered "
        "from June on, and nobody left."
    )
    assert labels_of(feedback, "The schedule was changed") == "A"
    assert "missing_action" not in faults(feedback)


def test_an_own_part_named_inside_we_is_enough() -> None:
    feedback = tell(
        "The rota fell apart in June at our home and nobody knew who was on. My job was to fill "
        "the nights. We rebuilt the rota; I did nights and the bank-staff calls. No shift was "
        "empty that month."
    )
    assert "we_not_i" not in faults(feedback)


def test_a_plain_fact_about_others_is_no_blame() -> None:
    feedback = tell("My boss was off sick and the supplier sent the wrong part. I rang two others.")
    assert "blames_others" not in faults(feedback)


def test_a_judgement_without_an_own_share_is_blame() -> None:
    feedback = tell("We had a project last year. Honestly my boss never listened, so it failed.")
    assert "blames_others" in faults(feedback)


def test_partly_my_fault_is_ownership_and_not_a_hedge() -> None:
    feedback = tell(
        "It was partly my fault, I hadn't read the contract. So I rang the client in May and I "
        "told them what I had missed. I redrew the plan that week and they stayed for two years.",
        FAILURE,
        competency="failure",
    )
    assert feedback.measures.hedges == 0
    assert "no_ownership" not in faults(feedback)


def test_an_approximation_is_no_hedge_and_three_hedges_are_three() -> None:
    assert tell("About forty tickets came in around noon.").measures.hedges == 0
    assert tell("I kind of, sort of, maybe helped").measures.hedges == 3


@pytest.mark.parametrize(
    "phrase",
    [
        "the right tools", "right away", "I'd like a table", "it felt like rain",
        "it looked like snow", "people like us", "so that it held", "so I called", "so far",
        "you know your product", "I mean business", "that kind of pump", "I actually measured it",
    ],
)  # fmt: skip
def test_real_words_are_no_fillers(phrase: str) -> None:
    assert tell(phrase, channel=Channel.VOICE).measures.fillers == 0


def test_sound_alikes_of_a_transcript_still_win() -> None:
    feedback = tell(STORY_START + "we one the pitch in fore weeks", channel=Channel.VOICE)
    assert labels_of(feedback, "we one the pitch") == "R"
    assert feedback.measures.numbers >= 1


@pytest.mark.parametrize(
    "result", ["we cut 😅 from 9d to 4d lol", "we reopened in half an hour", "Result: -12 %"]
)
def test_chat_shorthand_can_measure_a_result(result: str) -> None:
    feedback = tell("At the shop in May the till broke. I rang the bank. " + result)
    assert labels_of(feedback, result) == "R"
    assert feedback.measures.numbers >= 1


def test_a_named_person_with_a_diagnosis_is_confidential() -> None:
    feedback = tell("Mrs Kaur's biopsy was positive, so I sat with her and I rang her son.")
    assert feedback.top_fix is not None
    assert feedback.top_fix.rule == "confidential"


def test_a_word_inside_another_word_is_not_found() -> None:
    feedback = tell("The network was slow and the fine print was dull in our office last year.")
    assert not any("net'" in piece.why for piece in feedback.pieces)
    assert "unquantified_result" not in faults(feedback)
