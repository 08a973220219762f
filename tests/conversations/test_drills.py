"""A question a day: it comes at its minute, is answered on the spot, put off, skipped, ignored."""

from __future__ import annotations

import json
from datetime import date

import pytest

from bot.interview.events import Mode
from bot.practice.appointments import enter
from bot.practice.drill_words import Kind
from bot.practice.model import encode
from bot.store import StoredAgenda
from tests.conversations.answers import BOSS, CAUSE, ENDING, THIN, WHOLE, WITHOUT_ENDING
from tests.conversations.daily import (
    agenda,
    has_drills,
    has_on_the_table,
    is_at,
    notes,
    settles_in,
)
from tests.conversations.stage import Candidate

BUTTONS = ["Answer", "Later today", "Skip this one", "Fewer of these"]
HEADLINE = "How I traced our jammed booking line to repeat prescriptions and halved the wait."


def questions(candidate: Candidate) -> int:
    """How many drills were put to them so far."""
    return sum("Fewer of these" in text for text in labels_of(candidate))


def labels_of(candidate: Candidate) -> list[str]:
    return [button.text for each in candidate.screen() for row in each.buttons for button in row]


# It comes


async def test_a_question_comes_at_the_chosen_minute_and_not_before(candidate: Candidate) -> None:
    await has_drills(candidate, "19:00")
    candidate.sees("Mon to Fri, 19:00", "The first one comes tomorrow")
    await is_at(candidate, "2026-11-23 18:59")
    assert candidate.new == []
    await is_at(candidate, "2026-11-23 19:00")
    assert len(candidate.new) == 1
    assert [label for label in candidate.labels() if "Hint" not in label] == BUTTONS
    await is_at(candidate, "2026-11-23 20:00")
    assert candidate.new == []


async def test_no_question_comes_at_the_weekend(candidate: Candidate) -> None:
    await has_drills(candidate)
    await is_at(candidate, "2026-11-27 19:00")
    assert questions(candidate) == 1
    for day in ("28", "29"):
        await is_at(candidate, f"2026-11-{day} 19:00")
        assert candidate.new == []


async def test_a_question_that_would_be_hours_late_is_let_go(candidate: Candidate) -> None:
    await has_drills(candidate, "12:30")
    await is_at(candidate, "2026-11-23 15:31")
    assert candidate.new == []
    await is_at(candidate, "2026-11-24 12:30")
    assert questions(candidate) == 1


async def test_somebody_else_asks_something_else_each_day(candidate: Candidate) -> None:
    await has_drills(candidate)
    seen = []
    for day in ("23", "24"):
        await is_at(candidate, f"2026-11-{day} 19:00")
        seen.append((candidate.last.text.split(" · ")[0], candidate.last.text.split("\n")[1]))
    assert seen[0][0] != seen[1][0]
    assert seen[0][1] != seen[1][1]


async def test_it_comes_by_the_wall_clock_when_the_clocks_go_forward(candidate: Candidate) -> None:
    await has_drills(candidate, "19:00", "New York")
    await is_at(candidate, "2027-03-12 19:00", "America/New_York")
    before = questions(candidate)
    await candidate.taps("Skip this one")
    await is_at(candidate, "2027-03-15 18:59", "America/New_York")
    assert candidate.new == []
    await is_at(candidate, "2027-03-15 19:00", "America/New_York")
    assert len(candidate.new) == 1
    assert before == 1


async def test_an_hour_that_happens_twice_brings_one_question(candidate: Candidate) -> None:
    await has_drills(candidate, "12:30")
    await candidate.sends("/settings")
    await candidate.taps("A question a day")
    await candidate.taps("Quiet hours")
    await candidate.taps("None: any hour")
    await candidate.taps("Days")
    await candidate.taps("Sun")
    await candidate.taps("Back")
    await candidate.taps("Time")
    await candidate.sends("1:30 am")
    for moment in ("2027-10-31 01:30", "2027-10-31 02:30", "2027-10-31 03:30"):
        await is_at(candidate, moment)
    assert questions(candidate) == 1


# It is answered


async def test_words_alone_are_the_answer_and_feedback_is_one_bubble(candidate: Candidate) -> None:
    await has_on_the_table(candidate, Kind.FULL, "hiring_manager", CAUSE)
    candidate.sees("Maya Okafor · Hiring manager", "Walk me through one problem")
    await candidate.sends(WHOLE)
    await candidate.taps("That's my answer")
    assert len(candidate.new) == 1
    candidate.sees("Keep “By June", "Situation")
    candidate.sees_not("of 1")
    bubbles = len(candidate.screen())
    await candidate.taps("Done")
    assert candidate.toast == "Good. That one is done."
    assert len(candidate.screen()) == bubbles
    assert candidate.labels() == ["🔍 More"]


async def test_a_drill_is_never_probed(candidate: Candidate) -> None:
    await has_on_the_table(candidate, Kind.FULL, "hiring_manager", CAUSE)
    await candidate.answers(THIN)
    candidate.sees("Too short")
    assert "Leave it there" not in labels_of(candidate)


@pytest.mark.parametrize(
    ("kind", "answer"),
    [(Kind.RESULT, ENDING), (Kind.HEADLINE, HEADLINE), (Kind.SHORT, WITHOUT_ENDING)],
)
async def test_where_a_few_sentences_are_wanted_one_message_is_the_answer(
    candidate: Candidate, kind: Kind, answer: str
) -> None:
    await has_on_the_table(candidate, kind, "hiring_manager", CAUSE)
    await candidate.sends(answer)
    assert len(candidate.new) == 1
    assert "✓ Done" in candidate.labels()
    candidate.sees_not("Situation")


async def test_a_word_or_two_may_be_the_beginning_of_a_short_answer(candidate: Candidate) -> None:
    await has_on_the_table(candidate, Kind.RESULT, "hiring_manager", CAUSE)
    await candidate.sends("In the end")
    assert candidate.labels() == ["✓ That's my answer"]
    await candidate.sends("the wait fell from 40 minutes to 8.")
    assert "✓ Done" in candidate.labels()


async def test_a_weak_answer_is_shown_hinted_at_and_mended(candidate: Candidate) -> None:
    weak = candidate.book.drills.weak_answer("weak-conflict-rota")
    assert weak is not None
    await has_on_the_table(candidate, Kind.FIX, "peer", weak.question, weak.id)
    candidate.sees("A nurse on a surgical ward", weak.answer)
    await candidate.taps("Hint")
    candidate.sees("Did he try it?")
    await candidate.sends("By Sunday not a single round had been late, and the sister kept it.")
    assert "✓ Done" in candidate.labels()
    candidate.sees("Nothing to fix here")
    await candidate.taps("More")
    candidate.sees("One way to mend it", "Femi asked the ward sister")


async def test_answer_is_a_tap_and_then_the_words(candidate: Candidate) -> None:
    await has_on_the_table(candidate, Kind.FULL, "hiring_manager", CAUSE)
    await candidate.taps("Answer")
    candidate.sees("I'm listening")
    await candidate.taps("Put it differently")
    candidate.sees("Put differently")
    await candidate.answers(WHOLE)
    candidate.sees("Keep “")


async def test_the_question_can_be_heard_again(candidate: Candidate) -> None:
    await has_on_the_table(candidate, Kind.RESULT, "hiring_manager", CAUSE)
    await candidate.sends("can you repeat that?")
    candidate.sees("Walk me through one problem", "Only the ending.")
    await candidate.sends(ENDING)
    assert "✓ Done" in candidate.labels()


async def test_another_go_shows_before_and_after(candidate: Candidate) -> None:
    await has_on_the_table(candidate, Kind.RESULT, "hiring_manager", CAUSE)
    await candidate.sends("It was a lot better in the end, for everyone.")
    await candidate.taps("Try again")
    candidate.sees("once more from the top")
    await candidate.sends(ENDING)
    candidate.sees("Before → now", "numbers in the result 0 → 3")
    candidate.sees_not("Lost on the way", "own actions")


async def test_the_week_is_counted_gently_and_once_for_each_question(candidate: Candidate) -> None:
    await has_drills(candidate)
    await is_at(candidate, "2026-11-23 19:00")
    await candidate.sends("/drill")
    await answers_it(candidate)
    candidate.sees("1 of 3 this week.")
    await candidate.taps("Try again")
    await answers_it(candidate)
    candidate.sees_not("this week")
    for day, week in (("24", "2 of 3 this week."), ("25", "3 this week: that was your goal.")):
        await is_at(candidate, f"2026-11-{day} 19:00")
        await answers_it(candidate)
        candidate.sees(week)


async def answers_it(candidate: Candidate) -> None:
    """Answer whatever was asked, however much of an answer it wants."""
    await candidate.sends(WHOLE)
    if candidate.done_buttons():
        await candidate.taps("That's my answer")


async def test_the_answer_stands_in_the_history_and_an_ignored_question_does_not(
    candidate: Candidate,
) -> None:
    await has_drills(candidate)
    await is_at(candidate, "2026-11-23 19:00")
    await is_at(candidate, "2026-11-24 19:00")
    await answers_it(candidate)
    await candidate.sends("/history")
    candidate.sees("1. 24 November 2026", ", one question, 1 answer")
    await candidate.taps("Done")
    await candidate.sends("/history")
    candidate.sees("1. 24 November 2026", ", one question, 1 answer")
    candidate.sees_not("2. ")
    await candidate.taps("1")
    candidate.sees("“Last spring the booking line")


async def test_around_a_real_interview_the_goal_rests(candidate: Candidate) -> None:
    await has_drills(candidate)
    stored = await agenda(candidate)
    plan = enter(stored.plan, 1, date(2026, 11, 27), 15 * 60, candidate.clock.now())
    async with candidate.house.store.turn(7, at=candidate.clock.now()) as turn:
        await turn.save_agenda(StoredAgenda(encode(plan), stored.notes))
    await is_at(candidate, "2026-11-23 19:00")
    await answers_it(candidate)
    candidate.sees("Around your interview the weekly goal rests.")


# It is put off, skipped, or too much


async def test_later_today_brings_the_same_question_again(candidate: Candidate) -> None:
    await has_drills(candidate, "12:30")
    await is_at(candidate, "2026-11-23 12:30")
    asked = candidate.last.text
    await candidate.taps("Later today")
    assert candidate.toast == "I'll ask again at 15:30."
    assert "Later today" not in candidate.labels()
    await is_at(candidate, "2026-11-23 15:30")
    assert candidate.last.text == asked
    assert "Later today" in candidate.labels()


async def test_when_today_has_no_later_the_question_stays(candidate: Candidate) -> None:
    await has_drills(candidate, "20:45")
    await is_at(candidate, "2026-11-23 20:45")
    await candidate.taps("Later today")
    assert "not much left of today" in candidate.toast
    await answers_it(candidate)
    candidate.sees("1 of 3 this week.")


async def test_a_question_answered_after_all_does_not_come_again(candidate: Candidate) -> None:
    await has_drills(candidate, "12:30")
    await is_at(candidate, "2026-11-23 12:30")
    await candidate.sends("later")
    candidate.sees("I'll ask again at 15:30.")
    await answers_it(candidate)
    await is_at(candidate, "2026-11-23 15:30")
    assert candidate.new == []


@pytest.mark.parametrize("words", [None, "skip", "pass"])
async def test_a_skipped_question_is_gone_without_blame(
    candidate: Candidate, words: str | None
) -> None:
    await has_drills(candidate)
    await is_at(candidate, "2026-11-23 19:00")
    if words is None:
        await candidate.taps("Skip this one")
        assert candidate.toast == "Skipped. There will be others."
        assert candidate.last.buttons == ()
    else:
        await candidate.sends(words)
        candidate.sees("Skipped. There will be others.")
    await candidate.sends("Oh, and one more thing that I would like to say.")
    candidate.sees("kept nothing of that")


async def test_a_question_that_was_taken_up_can_still_be_skipped(candidate: Candidate) -> None:
    await has_drills(candidate)
    await is_at(candidate, "2026-11-23 19:00")
    await candidate.taps("Answer")
    await candidate.taps("Skip this one")
    assert candidate.toast == "Skipped. There will be others."
    await candidate.sends("/history")
    candidate.sees("No answers yet")


async def test_thanks_is_no_answer(candidate: Candidate) -> None:
    await has_drills(candidate)
    await is_at(candidate, "2026-11-23 19:00")
    await candidate.sends("thanks")
    candidate.sees("stays here until the day is over")
    await answers_it(candidate)
    assert "✓ Done" in candidate.labels()


async def test_fewer_leaves_every_other_day_however_often_it_is_tapped(
    candidate: Candidate,
) -> None:
    await has_drills(candidate)
    await is_at(candidate, "2026-11-23 19:00")
    bubble, data = candidate.find_button("Fewer of these")
    await candidate.telegram.taps(7, bubble.message_id, data)
    await candidate.taps_data(bubble.message_id, data)
    assert (await agenda(candidate)).plan.drill.weekdays == (0, 2, 4)  # type: ignore[union-attr]
    assert "Fewer of these" not in candidate.labels()
    await answers_it(candidate)
    candidate.sees("1 of 3 this week.")


async def test_two_ignored_in_a_row_bring_an_offer_and_then_silence(candidate: Candidate) -> None:
    await has_drills(candidate)
    await is_at(candidate, "2026-11-23 19:00")
    await is_at(candidate, "2026-11-24 19:00")
    await is_at(candidate, "2026-11-25 19:00")
    candidate.sees("The last two questions went by")
    assert candidate.labels() == ["Fewer", "Keep them coming", "None for now"]
    for day in ("26", "27", "30"):
        await is_at(candidate, f"2026-11-{day} 19:00")
        assert candidate.new == []
    await candidate.taps("Keep them coming")
    candidate.sees("A question a day: Mon to Fri, 19:00.")
    await is_at(candidate, "2026-12-01 19:00")
    assert questions(candidate) == 1


async def test_fewer_and_none_are_taken_at_their_word(candidate: Candidate) -> None:
    await has_drills(candidate)
    for day in ("23", "24", "25"):
        await is_at(candidate, f"2026-11-{day} 19:00")
    bubble, data = candidate.find_button("Fewer")
    await candidate.taps_data(bubble.message_id, data)
    candidate.sees("A question a day: Mon, Wed, Fri, 19:00.")
    await candidate.forges(data, bubble.message_id)
    assert "earlier moment" not in candidate.toast
    assert (await agenda(candidate)).plan.drill.weekdays == (0, 2, 4)  # type: ignore[union-attr]
    await candidate.forges("d:offer:pause", bubble.message_id)
    candidate.sees("paused until you say")
    await is_at(candidate, "2026-11-27 19:00")
    assert candidate.new == []


async def test_an_answer_in_between_starts_the_count_anew(candidate: Candidate) -> None:
    await has_drills(candidate)
    await is_at(candidate, "2026-11-23 19:00")
    await is_at(candidate, "2026-11-24 19:00")
    await answers_it(candidate)
    await is_at(candidate, "2026-11-25 19:00")
    await is_at(candidate, "2026-11-26 19:00")
    candidate.sees_not("The last two questions")


async def test_stop_asks_whether_the_others_shall_come(candidate: Candidate) -> None:
    await has_drills(candidate)
    await is_at(candidate, "2026-11-23 19:00")
    await candidate.sends("stop")
    candidate.sees("And the ones to come?")
    await candidate.taps("None for now")
    await is_at(candidate, "2026-11-24 19:00")
    assert candidate.new == []


# Between other things


async def test_a_question_waits_while_an_interview_goes_on(candidate: Candidate) -> None:
    await has_drills(candidate, "12:30")
    await is_at(candidate, "2026-11-23 12:20")
    await candidate.begins("Hiring manager", 3, "Coached")
    await candidate.sends(WITHOUT_ENDING)
    await is_at(candidate, "2026-11-23 12:30")
    assert questions(candidate) == 0
    assert candidate.labels() == ["✓ That's my answer"]
    await candidate.sends("/cancel")
    await candidate.taps("Yes, stop here")
    await is_at(candidate, "2026-11-23 15:30")
    assert questions(candidate) == 1


async def test_an_interview_left_open_since_yesterday_is_asked_about_first(
    candidate: Candidate,
) -> None:
    await has_drills(candidate)
    await candidate.begins("Hiring manager", 3, "Coached")
    await is_at(candidate, "2026-11-23 19:00")
    candidate.sees("One interview is still open: Maya Okafor, question 1 of 3.")
    assert questions(candidate) == 0
    await candidate.taps("Go on with it")
    candidate.sees("1 of 3")


async def test_a_question_waits_while_a_form_is_filled_in(candidate: Candidate) -> None:
    await has_drills(candidate, "12:30")
    await is_at(candidate, "2026-11-23 12:29")
    await candidate.sends("/settings")
    await candidate.taps("A question a day")
    await candidate.taps("Where I am")
    await is_at(candidate, "2026-11-23 12:30")
    assert questions(candidate) == 0
    await candidate.sends("Lagos")
    candidate.sees("Lagos, 13:30 now")


async def test_a_form_left_hours_ago_does_not_swallow_the_answer(candidate: Candidate) -> None:
    await has_drills(candidate)
    await candidate.sends("/settings")
    await candidate.taps("A question a day")
    await candidate.taps("Time")
    await is_at(candidate, "2026-11-23 19:00")
    await answers_it(candidate)
    candidate.sees("1 of 3 this week.")


async def test_practice_puts_an_open_question_away_and_keeps_its_words(
    candidate: Candidate,
) -> None:
    await has_on_the_table(candidate, Kind.FULL, "hiring_manager", CAUSE)
    await candidate.sends(WHOLE)
    await candidate.sends("/practice")
    candidate.sees("Who will you face?", "Your last answer is kept and judged", "/history")
    candidate.sees_not("Keep “", "still open")
    assert candidate.done_buttons() == []
    await candidate.taps("Hiring manager")
    await candidate.taps("3")
    await candidate.taps("Coached")
    candidate.sees("1 of 3")
    await candidate.sends("/history")
    candidate.sees("1. 22 November 2026 · Maya Okafor, one question, 1 answer")


async def test_an_answer_from_yesterday_is_over_and_new_words_do_not_belong_to_it(
    candidate: Candidate,
) -> None:
    await has_on_the_table(candidate, Kind.RESULT, "hiring_manager", CAUSE)
    await candidate.sends(ENDING)
    await candidate.waits(14 * 3600)
    await candidate.sends("Good morning, this is another day and another thing.")
    candidate.sees("kept nothing of that")


async def test_the_question_leaves_the_table_when_its_day_is_over(candidate: Candidate) -> None:
    await has_drills(candidate)
    await is_at(candidate, "2026-11-23 19:00")
    await is_at(candidate, "2026-11-24 00:01")
    await candidate.taps("Answer")
    assert candidate.toast == "That question has had its day. /drill asks another."
    await candidate.sends("Hi there")
    candidate.sees("kept nothing of that")


async def test_an_answer_on_the_next_morning_is_not_lost(candidate: Candidate) -> None:
    await has_drills(candidate)
    await is_at(candidate, "2026-11-23 19:00")
    await is_at(candidate, "2026-11-24 08:10")
    await candidate.sends_quickly(WITHOUT_ENDING, ENDING)
    candidate.sees("your words are not lost")
    bubble, data = candidate.find_button("take it as my answer")
    await candidate.telegram.taps(7, bubble.message_id, data)
    await candidate.taps_data(bubble.message_id, data)
    assert candidate.toast == "I have that already."
    if candidate.done_buttons():
        await candidate.taps("That's my answer")
    candidate.sees("1 of 3 this week.")
    await candidate.taps("More")
    candidate.sees("booking line", "By June")


async def test_old_words_are_forgotten_when_the_next_question_comes(candidate: Candidate) -> None:
    await has_drills(candidate)
    await is_at(candidate, "2026-11-23 19:00")
    await is_at(candidate, "2026-11-24 08:10")
    await candidate.sends(WHOLE)
    bubble, data = candidate.find_button("take it as my answer")
    await is_at(candidate, "2026-11-24 19:00")
    await candidate.forges(data, bubble.message_id)
    await answers_it(candidate)
    candidate.sees("1 of 3 this week.")


async def test_the_next_question_takes_the_place_of_one_taken_up(candidate: Candidate) -> None:
    await has_drills(candidate)
    await is_at(candidate, "2026-11-23 19:00")
    await candidate.taps("Answer")
    await is_at(candidate, "2026-11-24 19:00")
    assert len(candidate.new) == 1
    assert "Answer" in candidate.labels()
    await answers_it(candidate)
    candidate.sees("1 of 3 this week.")


async def test_the_next_question_tells_what_became_of_words_nobody_ended(
    candidate: Candidate,
) -> None:
    await has_drills(candidate)
    await is_at(candidate, "2026-11-23 19:00")
    await candidate.taps("Answer")
    await candidate.sends(THIN)
    await is_at(candidate, "2026-11-24 19:00")
    kept, asked = candidate.new
    assert kept.text.startswith("Your last answer is kept and judged. To fix: ")
    assert "/history" in kept.text
    assert any(button.text == "Answer" for row in asked.buttons for button in row)


async def test_cancel_takes_the_question_off_the_table(candidate: Candidate) -> None:
    await has_on_the_table(candidate, Kind.FULL, "hiring_manager", CAUSE)
    await candidate.sends(WHOLE)
    await candidate.sends("/cancel")
    assert len(candidate.new) == 1
    candidate.sees("Your last answer is kept and judged")
    assert candidate.done_buttons() == []
    await candidate.sends("/drill")
    await candidate.taps("Answer")
    await candidate.sends("/cancel")
    candidate.sees("off the table")


async def test_drill_asks_the_same_question_until_it_is_dealt_with(candidate: Candidate) -> None:
    await settles_in(candidate)
    await candidate.sends("/drill")
    asked = candidate.last.text
    assert "Later today" not in candidate.labels()
    await candidate.sends("/drill")
    assert candidate.last.text == asked
    await candidate.taps("Skip this one")
    await candidate.sends("/drill")
    assert candidate.last.text != asked


async def test_a_stranger_may_begin_with_a_drill(candidate: Candidate) -> None:
    await candidate.sends("/drill")
    await answers_it(candidate)
    assert "✓ Done" in candidate.labels()


async def test_two_taps_at_once_take_a_question_up_once(candidate: Candidate) -> None:
    await has_on_the_table(candidate, Kind.FULL, "hiring_manager", CAUSE)
    bubble, data = candidate.find_button("Answer")
    await candidate.telegram.taps(7, bubble.message_id, data)
    await candidate.taps_data(bubble.message_id, data)
    assert candidate.toast == "I have that already."
    assert sum("I'm listening" in each.text for each in candidate.screen()) == 1
    assert "Put it differently" in labels_of(candidate)


FORGED = ["d", "d:", "d:answer", "d:answer:1:2", "d:answer:x", "d:skip:-1", "d:offer", "d:fly:1",
          "d:offer:fewer:5", "d:offer:keep", "d:later:999999999", "d:less:1"]  # fmt: skip


@pytest.mark.parametrize("data", FORGED)
async def test_a_forged_button_changes_nothing(candidate: Candidate, data: str) -> None:
    await candidate.sits_before("hiring_manager", CAUSE, BOSS)
    await candidate.forges(data)
    await candidate.answers(WHOLE)
    candidate.sees("Keep “")
    assert "drill" not in await notes(candidate)


# What is learnt, kept and forgotten


async def test_interviews_and_drills_both_teach_what_to_ask_next(candidate: Candidate) -> None:
    await candidate.sits_before("hiring_manager", CAUSE, BOSS, mode=Mode.REAL)
    await candidate.answers(THIN)
    await candidate.leaves_probes()
    deck = (await notes(candidate))["deck"]
    assert {name.split(":")[0] for name in deck} == {"problem_solving"}
    await candidate.sends("/cancel")
    await candidate.taps("Yes, stop here")
    await candidate.sends("/drill")
    await answers_it(candidate)
    kept = await notes(candidate)
    assert len(kept["deck"]) > len(deck) or kept["deck"] != deck
    assert CAUSE in kept["asked"]


async def test_nothing_is_kept_of_an_agenda_until_an_answer_was_judged(
    candidate: Candidate,
) -> None:
    await candidate.sits_before("hiring_manager", CAUSE, BOSS)
    await candidate.sends(WHOLE)
    async with candidate.house.store.turn(7, at=candidate.clock.now()) as turn:
        assert await turn.agenda() is None


async def test_export_holds_all_of_it_and_forget_deletes_it(candidate: Candidate) -> None:
    await has_drills(candidate)
    await is_at(candidate, "2026-11-23 19:00")
    await answers_it(candidate)
    await candidate.sends("/export")
    file = candidate.last.file
    assert file is not None
    data = json.loads(b"".join(candidate.telegram.chunks(file.file_id)))
    (stored,) = data["everything stored"]["agendas"]
    assert "Europe/London" in stored["plan"]
    assert {"deck", "asked", "drill"} <= set(stored["notes"])
    assert data["answers"][0]["drill"]
    await candidate.sends("/forget")
    await candidate.taps("Yes, delete everything")
    async with candidate.house.store.turn(7, at=candidate.clock.now()) as turn:
        assert await turn.agenda() is None
    await is_at(candidate, "2026-11-24 19:00")
    assert candidate.new == []


async def test_the_first_interview_with_an_answer_ends_with_an_offer_and_no_later_one_does(
    candidate: Candidate,
) -> None:
    await candidate.sits_before("hiring_manager", CAUSE)
    await candidate.answers(WHOLE)
    await candidate.taps("Finish")
    candidate.sees("One question a day keeps it warm")
    assert "🔔 A question a day" in candidate.labels()
    await candidate.sits_before("hiring_manager", BOSS)
    await candidate.answers(WHOLE)
    await candidate.leaves_probes()
    await candidate.taps("Finish")
    candidate.sees_not("One question a day")


async def test_a_question_of_our_own_yields_to_replies(candidate: Candidate) -> None:
    await has_drills(candidate)
    candidate.clock.time = candidate.clock.time.replace(day=23, hour=19, minute=0)
    await candidate.house.intake.take_due()
    claims, _ = await candidate.house.store.outbox.claim(candidate.clock.now(), 1)
    assert claims != []
    async with candidate.house.store.turn(7, at=candidate.clock.now()) as turn:
        (line,) = (await turn.export())["outbox"]
    assert line["priority"] == 1
