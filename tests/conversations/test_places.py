"""Where somebody lives and when their question comes: chosen, read back, changed on a journey."""

from __future__ import annotations

import pytest

from tests.conversations.answers import CAUSE
from tests.conversations.daily import agenda, has_drills, is_at, settles_in
from tests.conversations.stage import Candidate

SHARE = "📍 Share where I am"


async def chooses_a_time(candidate: Candidate, time: str = "19:00") -> None:
    """Get to the question where they are."""
    await settles_in(candidate)
    await candidate.sends("/settings")
    await candidate.taps("A question a day")
    await candidate.taps("A question a day")
    await candidate.sends(time)


async def shares(candidate: Candidate, latitude: float, longitude: float) -> None:
    await candidate.telegram.sends_location(candidate.chat_id, latitude, longitude)
    await candidate.settle()


def keys(candidate: Candidate) -> list[list[str]]:
    return candidate.telegram.keyboard(candidate.chat_id)


async def opens(candidate: Candidate, *labels: str) -> None:
    """Open the screen about daily questions, and go on from there."""
    await candidate.sends("/settings")
    for label in ("A question a day", *labels):
        await candidate.taps(label)


# A place


async def test_the_first_choice_of_a_time_asks_where_they_are(candidate: Candidate) -> None:
    await chooses_a_time(candidate)
    candidate.sees("Where are you?", "I keep only the name of the time zone")
    assert keys(candidate) == [[SHARE]]
    await candidate.sends("Lagos")
    candidate.sees("Lagos, 20:42 now", "Nigeria", "Is that your clock?")
    assert "Lagos, Portugal" in candidate.labels()
    await candidate.taps("Yes, that's it")
    candidate.sees("Lagos, 20:42 now. I'll go by that clock.", "Mon to Fri, 19:00")
    assert keys(candidate) == []
    assert (await agenda(candidate)).plan.zone == "Africa/Lagos"
    await is_at(candidate, "2026-11-23 19:00", "Africa/Lagos")
    assert "Answer" in candidate.labels()


async def test_a_shared_place_is_read_back_by_its_clock(candidate: Candidate) -> None:
    await chooses_a_time(candidate)
    await shares(candidate, 40.71, -74.01)
    candidate.sees("New York, 14:42 now")
    await candidate.taps("Yes, that's it")
    assert (await agenda(candidate)).plan.zone == "America/New_York"
    assert keys(candidate) == []


async def test_open_water_is_no_town(candidate: Candidate) -> None:
    await chooses_a_time(candidate)
    await shares(candidate, 0.0, -30.0)
    candidate.sees("open water")
    await candidate.sends("Recife")
    await candidate.taps("Yes, that's it")
    candidate.sees("Mon to Fri, 19:00")


async def test_another_place_of_that_name_is_one_tap_away(candidate: Candidate) -> None:
    await chooses_a_time(candidate)
    await candidate.sends("lagos")
    await candidate.taps("Lagos, Portugal")
    candidate.sees("Lagos, 19:42 now", "Portugal")
    await candidate.taps("Yes, that's it")
    assert (await agenda(candidate)).plan.zone == "Europe/Lisbon"


async def test_a_slip_of_the_thumb_gets_suggestions(candidate: Candidate) -> None:
    await chooses_a_time(candidate)
    await candidate.sends("Lagso")
    candidate.sees("I can't find “Lagso”")
    await candidate.taps("Lagos")
    candidate.sees("Lagos, 20:42 now")


@pytest.mark.parametrize(
    "text", ["Xqzzyvtown", "<b>&</b>", "🌍", "🌍" * 50, "word " * 2000, "12345", "'; DROP"]
)
async def test_what_is_no_place_is_asked_again(candidate: Candidate, text: str) -> None:
    candidate.careless = True
    await chooses_a_time(candidate)
    await candidate.sends(text)
    candidate.sees("on my map")
    assert all(len(bubble.text) < 250 for bubble in candidate.new)
    await candidate.sends("Lagos")
    await candidate.taps("Yes, that's it")
    candidate.sees("Mon to Fri, 19:00")


async def test_a_sticker_in_between_loses_nothing(candidate: Candidate) -> None:
    await chooses_a_time(candidate)
    await candidate.telegram.sends_sticker(7, "🎉")
    await candidate.settle()
    candidate.sees("I can only work with words")
    await candidate.sends("Lagos")
    await candidate.taps("Yes, that's it")
    candidate.sees("Mon to Fri, 19:00")


async def test_no_means_that_another_place_may_be_typed(candidate: Candidate) -> None:
    await chooses_a_time(candidate)
    await candidate.sends("Perth")
    await candidate.taps("No, elsewhere")
    candidate.sees("the city and its country")
    await candidate.sends("Perth, UK")
    await candidate.taps("Yes, that's it")
    assert (await agenda(candidate)).plan.zone == "Europe/London"


async def test_a_command_leaves_the_question_and_takes_the_key_away(candidate: Candidate) -> None:
    await chooses_a_time(candidate)
    await candidate.sends("/help")
    candidate.sees("for another time", "How this works")
    assert keys(candidate) == []
    await candidate.sends("Lagos")
    candidate.sees("kept nothing of that")


@pytest.mark.parametrize("word", ["/cancel", "stop"])
async def test_cancel_is_one_bubble_and_takes_the_key_away(candidate: Candidate, word: str) -> None:
    await candidate.arrives()
    await candidate.sends("/interview")
    await candidate.sends("Harlow")
    assert keys(candidate) == [[SHARE]]
    await candidate.sends(word)
    assert len(candidate.new) == 1
    candidate.sees("/interview goes on from here")
    assert keys(candidate) == []


async def test_an_old_yes_does_not_move_anybody(candidate: Candidate) -> None:
    await chooses_a_time(candidate)
    await candidate.sends("Lagos")
    bubble, data = candidate.find_button("Yes, that's it")
    await candidate.sends("/help")
    await candidate.forges(data, bubble.message_id)
    plan = (await agenda(candidate)).plan
    assert plan.zone == "Europe/London"
    assert plan.drill is None


async def test_two_taps_on_yes_choose_once(candidate: Candidate) -> None:
    await chooses_a_time(candidate)
    await candidate.sends("Lagos")
    bubble, data = candidate.find_button("Yes, that's it")
    await candidate.telegram.taps(7, bubble.message_id, data)
    await candidate.taps_data(bubble.message_id, data)
    assert sum("I'll go by that clock" in each.text for each in candidate.screen()) == 1


async def test_somebody_who_moved_gets_the_question_at_the_same_wall_time_and_once_a_day(
    candidate: Candidate,
) -> None:
    await has_drills(candidate)
    await is_at(candidate, "2026-11-23 19:00")
    await candidate.taps("Skip this one")
    await opens(candidate, "Where I am")
    candidate.sees("Where are you now?")
    await candidate.sends("New York")
    await candidate.taps("Yes, that's it")
    candidate.sees("New York City, 14:00 now", "Mon to Fri, 19:00")
    await is_at(candidate, "2026-11-23 19:00", "America/New_York")
    assert candidate.new == []
    await is_at(candidate, "2026-11-24 18:59", "America/New_York")
    assert candidate.new == []
    await is_at(candidate, "2026-11-24 19:00", "America/New_York")
    assert "Answer" in candidate.labels()


async def test_a_place_that_nobody_asked_for_is_taken_as_news_of_a_journey(
    candidate: Candidate,
) -> None:
    await has_drills(candidate)
    await shares(candidate, 6.5, 3.4)
    candidate.sees("Lagos, 20:42 now")
    await candidate.taps("Yes, that's it")
    candidate.sees("Your clock: Lagos, 20:42 now")


async def test_a_place_in_the_middle_of_an_interview_is_not_listened_to(
    candidate: Candidate,
) -> None:
    await candidate.sits_before("hiring_manager", CAUSE)
    await shares(candidate, 6.5, 3.4)
    candidate.sees("I can only read text")


# A time


@pytest.mark.parametrize(
    ("typed", "time"),
    [("18:45", "18:45"), ("7pm", "19:00"), ("half past eight", "08:30"), ("noon", "12:00")],
)
async def test_a_time_may_be_typed(candidate: Candidate, typed: str, time: str) -> None:
    await has_drills(candidate, typed)
    candidate.sees(f"Mon to Fri, {time}")


async def test_what_is_no_time_is_asked_again(candidate: Candidate) -> None:
    await settles_in(candidate)
    await opens(candidate, "A question a day")
    await candidate.sends("whenever you like")
    candidate.sees("I didn't find a time in that")
    await candidate.taps("19:00")
    candidate.sees("Where are you?")


async def test_a_time_at_night_is_not_taken_over_the_quiet_hours(candidate: Candidate) -> None:
    await settles_in(candidate)
    await opens(candidate, "A question a day")
    await candidate.sends("7 am")
    candidate.sees("07:00 lies in your quiet hours, 21:30 to 08:00")
    await candidate.taps("19:00")
    await candidate.sends("Leeds")
    await candidate.taps("Yes, that's it")
    candidate.sees("Mon to Fri, 19:00")


async def test_quiet_hours_cannot_cover_the_question(candidate: Candidate) -> None:
    await has_drills(candidate, "12:30")
    await opens(candidate, "Quiet hours", "09:00 to 16:00")
    assert "would fall into these hours" in candidate.toast
    await opens(candidate, "Quiet hours", "22:30 to 07:00")
    candidate.sees("Quiet hours: 22:30 to 07:00")


async def test_days_are_ticked_and_one_always_stays(candidate: Candidate) -> None:
    await has_drills(candidate)
    await opens(candidate, "Days", "Sat", "Sun", "Back")
    candidate.sees("Every day, 19:00")
    await candidate.taps("Days")
    for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat"):
        await candidate.taps(day)
    await candidate.taps("Sun")
    assert "One day has to stay" in candidate.toast
    await candidate.taps("Back")
    candidate.sees("Sun, 19:00")


async def test_a_pause_lasts_as_long_as_was_said(candidate: Candidate) -> None:
    await has_drills(candidate)
    await opens(candidate, "Pause", "For a week")
    candidate.sees("Mon to Fri, 19:00; paused until 29 November")
    await is_at(candidate, "2026-11-27 19:00")
    assert candidate.new == []
    await is_at(candidate, "2026-11-30 19:00")
    assert "Answer" in candidate.labels()


async def test_a_pause_without_end_is_ended_by_a_tap(candidate: Candidate) -> None:
    await has_drills(candidate)
    await opens(candidate, "Pause", "Until I say")
    await candidate.sends("/settings")
    candidate.sees("A question a day: Mon to Fri, 19:00; paused until you say")
    await candidate.taps("A question a day")
    await candidate.taps("Have them again")
    await is_at(candidate, "2026-11-23 19:00")
    assert "Answer" in candidate.labels()


async def test_the_goal_can_be_changed(candidate: Candidate) -> None:
    await has_drills(candidate)
    await opens(candidate, "Goal", "5")
    candidate.sees("Goal: 5 a week, 0 so far")


async def test_a_new_time_changes_nothing_else(candidate: Candidate) -> None:
    await has_drills(candidate)
    await opens(candidate, "Days", "Fri", "Back", "Time", "12:30")
    candidate.sees("Mon to Thu, 12:30")
    candidate.sees_not("Where are you?")


FORGED = ["t", "t:", "t:time:1440", "t:time:x", "t:day:7:1", "t:day:0:2", "t:goal:0", "t:goal:8",
          "t:quiet:1:2:3", "t:quiet:0:1440", "t:pause:9", "t:fly", "t:zone", "t:zone:yes",
          "t:zone:pick:9", "t:zone:try:0"]  # fmt: skip


@pytest.mark.parametrize("data", FORGED)
async def test_a_forged_button_changes_nothing(candidate: Candidate, data: str) -> None:
    await has_drills(candidate)
    before = await agenda(candidate)
    await candidate.forges(data)
    assert await agenda(candidate) == before


async def test_settings_left_after_forget_lead_nowhere(candidate: Candidate) -> None:
    await has_drills(candidate)
    await opens(candidate)
    await candidate.sends("/forget")
    await candidate.taps("Yes, delete everything")
    await candidate.taps("Goal")
    assert candidate.toast == "I have nothing stored about you. /start begins."
