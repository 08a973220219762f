"""Messages that are no answers, at each point of an interview: they are understood, not judged."""

from __future__ import annotations

import pytest

from tests.conversations.answers import BOSS, CAUSE, THIN, WHOLE, WITHOUT_ENDING
from tests.conversations.stage import Candidate


@pytest.fixture
async def asked(candidate: Candidate) -> Candidate:
    await candidate.sits_before("hiring_manager", CAUSE, BOSS)
    return candidate


@pytest.fixture
async def probed(asked: Candidate) -> Candidate:
    await asked.answers(WITHOUT_ENDING)
    assert asked.labels() == ["Leave it there"]
    return asked


@pytest.fixture
async def reviewed(asked: Candidate) -> Candidate:
    await asked.answers(WHOLE)
    return asked


@pytest.mark.parametrize("words", ["Can you repeat that?", "sorry?", "Hmm, sorry?", "come again"])
async def test_asked_to_repeat_they_say_the_question_again(asked: Candidate, words: str) -> None:
    await asked.sends(words)
    asked.sees("Walk me through one problem")
    assert "Skip this one" in asked.labels()


async def test_asked_what_they_mean_they_put_it_differently(asked: Candidate) -> None:
    await asked.sends("what do you mean?")
    asked.sees("Put differently", asked.book.questions[CAUSE].rephrased)
    assert asked.labels() == ["Skip this one"]


@pytest.mark.parametrize("words", ["I'd rather not say", "skip", "pass", "No comment."])
async def test_a_question_may_be_declined_without_blame(asked: Candidate, words: str) -> None:
    await asked.sends(words)
    asked.sees("2 of 2")
    declined = asked.book.personas["hiring_manager"].reactions.declined
    assert any(text in asked.last.text for text in declined)


async def test_the_last_question_is_declined_without_talk_of_others(asked: Candidate) -> None:
    await asked.sends("skip")
    await asked.sends("skip")
    asked.sees("2 skipped")
    declined = asked.book.personas["hiring_manager"].reactions.declined
    asked.sees_not(*declined)


@pytest.mark.parametrize("words", ["idk", "I can't think of one", "no idea", "help"])
async def test_a_blank_mind_is_helped(asked: Candidate, words: str) -> None:
    await asked.sends(words)
    asked.sees("Minds go blank", "Small is fine")
    assert asked.labels() == ["Put it differently", "Skip this one"]


async def test_hello_is_answered_with_hello(asked: Candidate) -> None:
    await asked.sends("Hi Maya, nice to meet you!")
    asked.sees("Hello.")
    await asked.sends("one moment")
    asked.sees("No hurry")
    await asked.answers(WHOLE)
    await asked.taps("More")
    asked.sees_not("nice to meet you", "one moment")


async def test_done_before_a_word_is_said_asks_for_words(asked: Candidate) -> None:
    await asked.sends("that's it")
    asked.sees("I need words")


async def test_a_probe_is_repeated_and_reworded_like_a_question(probed: Candidate) -> None:
    probe = probed.last.text.splitlines()[1]
    await probed.sends("can you repeat that?")
    probed.sees(probe)
    assert probed.labels() == ["Leave it there"]
    await probed.sends("what do you mean?")
    probed.sees("Put differently")
    probed.sees_not(probe)
    assert probed.labels() == ["Leave it there"]


async def test_nobody_needs_to_know_what_a_probe_asks_for(probed: Candidate) -> None:
    await probed.sends("idk")
    probed.sees("leave it there and we go on")
    assert probed.labels() == ["Leave it there"]


@pytest.mark.parametrize("words", ["I'd rather not say", "skip", "that's it", "nothing else"])
async def test_a_probe_may_be_declined_in_words(probed: Candidate, words: str) -> None:
    await probed.sends(words)
    assert "↻ Try again" in probed.labels()
    await probed.taps("More")
    probed.sees("booking line")
    probed.sees_not("came after a probe")


@pytest.mark.parametrize("words", ["thanks", "ok", "👍", "Got it, thanks!", "...", "fine", "no"])
async def test_a_word_of_thanks_after_feedback_is_no_new_answer(
    reviewed: Candidate, words: str
) -> None:
    await reviewed.sends(words)
    reviewed.sees("Whenever you are ready")
    await reviewed.taps("Next")
    reviewed.sees("2 of 2")


@pytest.mark.parametrize("words", ["what do you mean?", "I don't understand", "idk"])
async def test_who_is_lost_after_feedback_is_shown_the_way(reviewed: Candidate, words: str) -> None:
    await reviewed.sends(words)
    reviewed.sees("“More” shows which of your words")
    await reviewed.taps("More")
    reviewed.sees("What I found")


@pytest.mark.parametrize("words", ["next", "skip", "I'd rather not say", "done"])
async def test_after_feedback_one_may_go_on_in_words(reviewed: Candidate, words: str) -> None:
    await reviewed.sends(words)
    reviewed.sees("2 of 2")


async def test_the_question_can_be_heard_again_after_feedback(reviewed: Candidate) -> None:
    await reviewed.sends("what was the question?")
    reviewed.sees("Walk me through one problem")


async def test_an_answer_that_begins_like_an_aside_is_an_answer(asked: Candidate) -> None:
    await asked.sends("I don't know how it began, but every Monday the line was jammed.")
    assert asked.labels() == ["✓ That's my answer"]


@pytest.mark.parametrize(
    "text",
    [
        "Im letzten Winter war die Leitung jeden Montag besetzt und ich habe die Anrufe gezählt.",
        "El invierno pasado la línea se bloqueaba y yo conté las llamadas de cada día por un mes.",
        "Прошлой зимой линия была занята каждый понедельник, и я считал звонки.",
        "去年冬天电话每个星期一都打不通，我数了所有的电话。",
        "في الشتاء الماضي كان الخط مشغولا كل يوم اثنين",
    ],
)
async def test_another_language_is_said_to_be_unknown_and_costs_nothing(
    asked: Candidate, text: str
) -> None:
    await asked.sends(text)
    asked.sees("I only understand English so far", "nothing is lost")
    await asked.answers(WHOLE)
    asked.sees("Nothing to fix")


async def test_thin_words_between_asides_are_all_that_is_judged(asked: Candidate) -> None:
    await asked.sends("hello")
    await asked.sends(THIN)
    await asked.sends("wait")
    await asked.sends("done")
    await asked.leaves_probes()
    await asked.taps("More")
    asked.sees("rota")
    asked.sees_not("hello", "wait")
