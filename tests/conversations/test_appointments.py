"""/interview: entering, changing, moving and calling off, and bad input on the way."""

from __future__ import annotations

import json

import pytest
from icalendar import Calendar

from tests.conversations.stage import Candidate
from tests.conversations.test_bad_input import PNG
from tests.conversations.test_diary import enters_harlow, lives_until, notes


async def has_zone(candidate: Candidate) -> None:
    """Begin to enter an interview, up to the question when it is."""
    await candidate.arrives()
    await candidate.sends("/interview")
    await candidate.sends("Harlow")
    await candidate.sends("Lagos")
    await candidate.taps("Yes, that's it")


def file_of(candidate: Candidate) -> str:
    """The newest calendar file."""
    file = candidate.last.file
    assert file is not None
    return b"".join(candidate.telegram.chunks(file.file_id)).decode()


async def taps_twice(candidate: Candidate, label: str) -> None:
    """Both taps are on their way before the bot has read the first."""
    bubble, data = candidate.find_button(label)
    await candidate.telegram.taps(candidate.chat_id, bubble.message_id, data)
    await candidate.telegram.taps(candidate.chat_id, bubble.message_id, data)
    await candidate.settle()


# The date


async def test_a_date_is_read_back_with_the_clock_it_goes_by(candidate: Candidate) -> None:
    await has_zone(candidate)
    await candidate.sends("24.11. 15:00")
    candidate.sees("Tuesday 24 November, 15:00, your time (Lagos, 20:42 now). Right?")
    await candidate.sends("yes")
    candidate.sees("Good, that's in.", "I'll write Monday 18:30 and Tuesday 13:00.")


async def test_a_date_typed_with_the_command_is_not_asked_again(candidate: Candidate) -> None:
    await candidate.arrives()
    await candidate.sends("/interview 26 November at 3pm")
    candidate.sees("Which company is it with?")
    await candidate.sends("Harlow")
    await candidate.sends("Lagos")
    await candidate.taps("Yes, that's it")
    candidate.sees("Thursday 26 November, 15:00, your time")


async def test_a_second_one_typed_with_the_command_is_entered_too(candidate: Candidate) -> None:
    await has_zone(candidate)
    await candidate.sends("24.11. 15:00")
    await candidate.sends("yes")
    await candidate.sends("/interview Bracken & Sons")
    candidate.sees("When is it?")
    await candidate.sends("26 November 10:00")
    candidate.sees("Thursday 26 November, 10:00")


@pytest.mark.parametrize(
    ("words", "company", "moment"),
    [
        ("Bracken on Friday at 3pm", "Bracken", "Friday 27 November, 15:00"),
        ("with Bracken & Sons 26 November 3pm", "Bracken & Sons", "Thursday 26 November, 15:00"),
        ("Bracken 26.11. 15:00", "Bracken", "Thursday 26 November, 15:00"),
        ("O2", "O2", ""),
        ("Monday.com", "Monday.com", ""),
        ("Bracken", "Bracken", ""),
    ],
)
async def test_company_and_date_typed_with_the_command_are_told_apart(
    candidate: Candidate, words: str, company: str, moment: str
) -> None:
    await has_zone(candidate)
    await candidate.sends("24.11. 15:00")
    await candidate.sends("yes")
    await candidate.sends(f"/interview {words}")
    if moment:
        candidate.sees(moment)
        await candidate.taps("Yes, that's right")
        candidate.sees(company)
    else:
        candidate.sees("When is it?")
        await candidate.sends("26 November 10:00")
        await candidate.taps("Yes, that's right")
        candidate.sees(company)


@pytest.mark.parametrize("words", ["Three", "Sunday Times", "help", "move it to Friday", "@"])
async def test_words_with_the_command_that_may_mean_anything_change_nothing(
    candidate: Candidate, words: str
) -> None:
    await has_zone(candidate)
    await candidate.sends("24.11. 15:00")
    await candidate.sends("yes")
    await candidate.sends(f"/interview {words}")
    candidate.sees("Harlow", "Tuesday 24 November, 15:00")


async def test_a_date_typed_with_the_command_joins_what_was_begun(candidate: Candidate) -> None:
    await has_zone(candidate)
    await candidate.sends("/interview 26 November at 3pm")
    candidate.sees("Thursday 26 November, 15:00, your time")
    await candidate.sends("yes")
    candidate.sees("Harlow")


async def test_tomorrow_is_the_day_after_it_was_typed(candidate: Candidate) -> None:
    await candidate.arrives()
    await candidate.sends("/interview tomorrow 3pm")
    candidate.sees("Which company is it with?")
    await candidate.waits(48 * 3600)
    await candidate.sends("/interview")
    await candidate.taps("Go on")
    await candidate.sends("Harlow")
    await candidate.sends("Lagos")
    await candidate.taps("Yes, that's it")
    candidate.sees("is over already")


async def test_three_taps_are_enough(candidate: Candidate) -> None:
    await has_zone(candidate)
    await candidate.taps("→")
    await candidate.taps("17")
    candidate.sees("Thursday 17 December. At what time?")
    await candidate.taps("14:30")
    candidate.sees("Thursday 17 December, 14:30, your time")
    await candidate.taps("Another time")
    await candidate.sends("half past ten")
    candidate.sees("Thursday 17 December, 10:30")
    await candidate.taps("Another day")
    await candidate.taps("30")
    candidate.sees("Monday 30 November, 10:30")
    await candidate.taps("Yes, that's right")
    candidate.sees("Monday 30 November, 10:30 · 60 minutes")


async def test_a_time_on_another_clock_is_shown_on_ones_own(candidate: Candidate) -> None:
    await has_zone(candidate)
    await candidate.sends("26.11. 9am New York time")
    candidate.sees("09:00 in New York is Thursday 26 November, 15:00, your time")


async def test_day_and_time_may_come_one_after_the_other(candidate: Candidate) -> None:
    await has_zone(candidate)
    await candidate.sends("at 3pm")
    candidate.sees("When is it?")
    await candidate.sends("26 November")
    candidate.sees("Thursday 26 November, 15:00")


async def test_each_reading_of_an_ambiguous_date_is_one_tap(candidate: Candidate) -> None:
    await has_zone(candidate)
    await candidate.sends("3/12 at 3pm")
    candidate.sees("more than one way")
    await candidate.taps("Thursday 3 December, 15:00")
    candidate.sees("Thursday 3 December, 15:00")


async def test_a_date_that_is_over_is_noticed(candidate: Candidate) -> None:
    await has_zone(candidate)
    await candidate.sends("14 November 10:00")
    candidate.sees("is over already", "Did you mean another day?")
    assert "That's the one I've had" not in candidate.labels()
    assert "Sunday 14 November 2027, 10:00" in candidate.labels()
    await candidate.sends("20 November 10:00")
    await candidate.taps("That's the one I've had")
    candidate.sees("Harlow: that's behind you.")


async def test_what_is_no_date_is_asked_again(candidate: Candidate) -> None:
    await has_zone(candidate)
    await candidate.sends("when the cows come home")
    candidate.sees("I can't find a date in that.")
    await candidate.taps("25")
    await candidate.sends("lunch")
    candidate.sees("What does the clock say then?")


async def test_an_interview_entered_late_is_told_the_most_useful_at_once(
    candidate: Candidate,
) -> None:
    await has_zone(candidate)
    await candidate.sends("tomorrow 9am")
    await candidate.taps("Yes, that's right")
    candidate.sees("Good, that's in.", "Tomorrow, 09:00: Harlow", "Sleep does more")


# The card


async def test_every_detail_can_be_added_and_changed_from_the_card(candidate: Candidate) -> None:
    await enters_harlow(candidate)
    for field, answer, shown in (
        ("Job", "Ward manager", "For: Ward manager"),
        ("Length", "an hour and a half", "90 minutes"),
        ("Place or link", "https://meet.example/abc", "Where: https://meet.example/abc"),
        ("Company", "Harlow & Sons", "Harlow & Sons"),
        ("Round", "the second one", "second round"),
    ):
        await candidate.taps("Edit")
        await candidate.taps(field)
        await candidate.sends(answer)
        candidate.sees("Saved.", shown)
    await candidate.taps("Edit")
    await candidate.taps("Place or link")
    await candidate.taps("Video call")
    candidate.sees("Where: Video call")
    await candidate.taps("Edit")
    await candidate.taps("Who I'll meet")
    await candidate.taps("✕ Tom")
    candidate.sees("With: Ana Ruiz (head of ops)")
    candidate.sees_not("Tom")


async def test_a_moved_interview_takes_its_messages_along(candidate: Candidate) -> None:
    await enters_harlow(candidate)
    await candidate.taps("Move")
    candidate.sees("When is it now?")
    await candidate.sends("10 December 11:00")
    await candidate.taps("Yes, that's right")
    candidate.sees("Moved.", "Thursday 10 December, 11:00 · 45 minutes", "Ana Ruiz")
    for when in ("11-30 15:00", "12-02 18:30", "12-03 13:00", "12-03 17:45"):
        await lives_until(candidate, when)
        assert candidate.new == []
    await lives_until(candidate, "12-09 18:30")
    candidate.sees("Tomorrow, 11:00: Harlow")


async def test_moving_can_be_left_on_any_page_of_the_calendar(candidate: Candidate) -> None:
    await enters_harlow(candidate)
    await candidate.taps("Move")
    await candidate.taps("→")
    await candidate.taps("Leave it as it is")
    candidate.sees("Harlow", "Thursday 3 December, 15:00")
    assert "Move" in candidate.labels()
    await candidate.sends("10 December 11:00")
    candidate.sees("kept nothing of that")


async def test_an_interview_that_is_called_off_is_not_mentioned_again(
    candidate: Candidate,
) -> None:
    await enters_harlow(candidate)
    await candidate.taps("Called off")
    await candidate.taps("No, it stands")
    await candidate.taps("Called off")
    await candidate.taps("Yes, it's off")
    candidate.sees("Called off: Harlow, Thursday 3 December, 15:00.")
    for when in ("12-02 18:30", "12-03 17:45", "12-10 10:00"):
        await lives_until(candidate, when)
        assert candidate.new == []
    await candidate.sends("/interview")
    candidate.sees("Which company is it with?")


async def test_the_calendar_file_is_the_same_entry_when_the_interview_moves(
    candidate: Candidate,
) -> None:
    await enters_harlow(candidate)
    await candidate.taps("Calendar file")
    assert candidate.last.file is not None
    assert candidate.last.file.name == "interview-harlow.ics"
    (first,) = Calendar.from_ical(file_of(candidate)).walk("VEVENT")
    assert str(first["summary"]) == "Interview: Harlow"
    assert first.decoded("dtstart").isoformat() == "2026-12-03T15:00:00+01:00"
    await candidate.taps("Move")
    await candidate.sends("10 December 11:00")
    await candidate.taps("Yes, that's right")
    await candidate.taps("Calendar file")
    (second,) = Calendar.from_ical(file_of(candidate)).walk("VEVENT")
    assert second["uid"] == first["uid"]
    assert second["sequence"] > first["sequence"]
    await candidate.taps("Called off")
    await candidate.taps("Yes, it's off")
    (third,) = Calendar.from_ical(file_of(candidate)).walk("VEVENT")
    assert (third["uid"], str(third["status"])) == (first["uid"], "CANCELLED")


async def test_practice_for_it_is_with_somebody_like_those_one_meets(candidate: Candidate) -> None:
    await enters_harlow(candidate)
    await candidate.taps("Practise for it")
    candidate.sees(candidate.book.personas["executive"].name)


async def test_a_second_interview_stands_beside_the_first(candidate: Candidate) -> None:
    await enters_harlow(candidate)
    await candidate.sends("/interview")
    await candidate.taps("Add another")
    await candidate.sends("Bexley")
    await candidate.sends("8 December 9:00")
    await candidate.taps("Yes, that's right")
    await candidate.sends("/interview")
    candidate.sees("Harlow", "Bexley")


# Later, or never


async def test_a_message_before_it_can_come_later(candidate: Candidate) -> None:
    await enters_harlow(candidate)
    await lives_until(candidate, "11-30 15:00")
    await candidate.taps("Later")
    await candidate.taps("In three hours")
    candidate.sees("I'll come back to it: Monday 30 November, 18:00.")
    await lives_until(candidate, "11-30 18:00")
    candidate.sees("Three stories they haven't heard")


async def test_messages_before_it_can_be_stopped_and_the_debrief_still_comes(
    candidate: Candidate,
) -> None:
    await enters_harlow(candidate)
    await lives_until(candidate, "11-30 15:00")
    await candidate.taps("Stop these")
    candidate.sees("Nothing more from me before this one.")
    for when in ("12-02 18:30", "12-03 13:00"):
        await lives_until(candidate, when)
        assert candidate.new == []
    await lives_until(candidate, "12-03 17:45")
    candidate.sees("How did it go?")
    await candidate.taps("Not this time")
    await lives_until(candidate, "12-04 11:45")
    assert candidate.new == []


# Bad input


async def test_a_form_that_is_left_goes_on_where_it_was(candidate: Candidate) -> None:
    await has_zone(candidate)
    await candidate.sends("/cancel")
    candidate.sees("kept", "/interview goes on from here")
    await candidate.sends("/interview")
    candidate.sees("You had begun to enter an interview at Harlow")
    await candidate.taps("Go on")
    candidate.sees("When is it?")
    await candidate.sends("stop")
    candidate.sees("/interview goes on from here")
    await candidate.taps("25")
    candidate.sees("Wednesday 25 November. At what time?")


@pytest.mark.parametrize("text", ["😀", "word " * 2000, "...", "x" * 300])
async def test_what_is_no_company_is_asked_again(candidate: Candidate, text: str) -> None:
    await candidate.arrives()
    await candidate.sends("/interview")
    await candidate.sends(text)
    candidate.sees("Only the name, please")
    await candidate.sends("Harlow")
    candidate.sees("Where are you?")


async def test_a_photo_changes_nothing(candidate: Candidate) -> None:
    await has_zone(candidate)
    await candidate.telegram.sends_photo(candidate.chat_id, PNG)
    await candidate.settle()
    candidate.sees("A picture tells me nothing")
    await candidate.sends("24.11. 15:00")
    candidate.sees("Tuesday 24 November, 15:00")


async def test_html_and_other_scripts_in_names_are_shown_as_typed(candidate: Candidate) -> None:
    candidate.careless = True
    await candidate.arrives()
    await candidate.sends("/interview")
    await candidate.sends("<b>Söhne & Co</b>")
    await candidate.sends("Lagos")
    await candidate.taps("Yes, that's it")
    await candidate.sends("3 December 3pm")
    await candidate.taps("Yes, that's right")
    candidate.sees("<b>Söhne & Co</b>")
    await candidate.taps("Who I'll meet")
    await candidate.sends("田中 健; <i>Eve</i> & {Mallory}")
    candidate.sees("田中 健, <i>Eve</i> and {Mallory}")
    await lives_until(candidate, "12-03 18:00")
    await candidate.taps("Can't tell")
    await candidate.taps("That's all")
    await candidate.sends("<script>alert(1)</script> & {{ 7*7 }}")
    await candidate.taps("Nothing comes to mind")
    await candidate.taps("Nothing comes to mind")
    await candidate.taps("No, nothing")
    await candidate.taps("They didn't say")
    assert "<script>alert(1)</script> & {{ 7*7 }}" in notes(candidate)[0]
    assert "田中 健" in notes(candidate)[0]


async def test_a_long_paste_is_no_point_and_no_promise(candidate: Candidate) -> None:
    await enters_harlow(candidate)
    await lives_until(candidate, "12-03 17:45")
    await candidate.taps("Well")
    await candidate.taps("That's all")
    await candidate.sends("and then she said " * 500)
    candidate.sees("a note holds one point")
    await candidate.sends("😀")
    candidate.sees("I need a few words.")
    await candidate.sends("the rota")
    await candidate.taps("Nothing comes to mind")
    await candidate.sends("a promise " * 100)
    candidate.sees("In a line, please")
    await candidate.sends("my references")
    await candidate.sends("blue")
    candidate.sees("I can't find a date in that.")


async def test_two_taps_do_what_one_does(candidate: Candidate) -> None:
    await has_zone(candidate)
    await candidate.sends("3 December 3pm for 45 min")
    await taps_twice(candidate, "Yes, that's right")
    assert "Move" in " ".join(candidate.labels())
    await candidate.taps("Who I'll meet")
    await candidate.sends("Ana; Tom")
    await taps_twice(candidate, "Calendar file")
    assert sum(bubble.file is not None for bubble in candidate.screen()) == 1
    await lives_until(candidate, "11-30 15:00")
    await taps_twice(candidate, "Later")
    await taps_twice(candidate, "In an hour")
    await lives_until(candidate, "12-03 17:45")
    for label in ("Well", "That's all", "Nothing comes", "Nothing comes", "No, nothing"):
        await taps_twice(candidate, label)
    await taps_twice(candidate, "They didn't say")
    await taps_twice(candidate, "Another wording")
    await taps_twice(candidate, "I've sent it")
    await taps_twice(candidate, "Not this one")
    await lives_until(candidate, "12-10 10:00")
    await taps_twice(candidate, "Draft me a line")
    await taps_twice(candidate, "I've sent it")
    await taps_twice(candidate, "They've answered")
    await taps_twice(candidate, "Another round")
    await taps_twice(candidate, "Enter it")
    texts = [bubble.text for bubble in candidate.screen()]
    for once in (
        "I'll come back to it",
        "That's all kept",
        "That's the notes done",
        "Good. Now it's with them",
        "They want to see more of you",
        "When is it?",
    ):
        assert sum(once in text for text in texts) == 1, once
    assert candidate.telegram.spinning(7) == []


async def test_every_old_button_is_answered_and_changes_nothing(candidate: Candidate) -> None:
    await enters_harlow(candidate)
    await candidate.taps("Called off")
    await candidate.taps("Yes, it's off")
    before = [bubble.text for bubble in candidate.screen()]
    for data in (
        "a:ok:202612031500",
        "a:d:20261203",
        "a:d:99999999",
        "a:m:202613",
        "a:t:2561",
        "a:zone:yes",
        "v:set:1:role",
        "v:out:1",
        "v:file:99",
        "v:round:1:ninth",
        "v:edit:²",
        "r:later:1:debrief",
        "r:stop:x:y",
        "e:went:1:good",
        "e:by:1:never",
        "n:sent:1:1",
        "n:more:1",
        "c:sent:1:0",
        "c:got:1:offer",
        "c:more:1:-1",
        "c",
        "e",
    ):
        await candidate.forges(data)
    assert [bubble.text for bubble in candidate.screen()] == before


@pytest.mark.parametrize(
    "data",
    ["e:went:1:good", "e:go:1", "n:sent:1:1", "c:sent:1:7", "v:set:1:x", "r:at:1:debrief:x"],
)
async def test_a_forged_button_of_a_coming_interview_breaks_nothing(
    candidate: Candidate, data: str
) -> None:
    await enters_harlow(candidate)
    await candidate.forges(data)
    await candidate.sends("/interview")
    candidate.sees("Thursday 3 December, 15:00", "I'll write on Monday 30 November")


async def test_forget_clears_the_interviews_and_export_has_them_all(candidate: Candidate) -> None:
    await enters_harlow(candidate)
    await lives_until(candidate, "12-03 17:45")
    await candidate.taps("Well")
    await candidate.taps("That's all")
    await candidate.sends("the pager rota")
    await candidate.sends("/export")
    exported = file_of(candidate)
    for told in ("Harlow", "Ana Ruiz", "head of ops", "the pager rota", "Africa/Lagos"):
        assert told in exported
    json.loads(exported)
    await candidate.sends("/forget")
    await candidate.taps("Yes, delete everything")
    async with candidate.house.store.turn(7, at=candidate.clock.now()) as turn:
        assert "Harlow" not in json.dumps(await turn.export())
    await lives_until(candidate, "12-10 10:00")
    assert candidate.new == []
    await candidate.forges("e:all:1")
    await candidate.forges("v:file:1")
    await candidate.sends("/start")
    candidate.sees("what kind of work is it?")


# At odd times


async def test_the_evening_before_says_it_all_when_the_morning_is_too_early(
    candidate: Candidate,
) -> None:
    await enters_harlow(candidate, "3 December 8:30am")
    candidate.sees("I'll write on Monday 30 November and Wednesday 2 December.")
    await lives_until(candidate, "12-02 18:30")
    candidate.sees("Tomorrow, 08:30: Harlow", "For the morning", "breathe out slowly")
    assert candidate.new[-1].text.count("stories begin and end") == 1
    await lives_until(candidate, "12-03 08:00")
    assert candidate.new == []


async def test_a_reminder_in_the_middle_of_an_answer_leaves_its_button_at_the_bottom(
    candidate: Candidate,
) -> None:
    await enters_harlow(candidate)
    await candidate.begins("Hiring manager", 3, "Real")
    await lives_until(candidate, "12-02 18:29")
    await candidate.sends("Last spring I ran the booking line on my own for a week.")
    await lives_until(candidate, "12-02 18:30")
    candidate.sees("Tomorrow, 15:00: Harlow")
    assert "That's my answer" in " ".join(candidate.labels())


async def test_whoever_has_their_answer_is_not_asked_how_it_went(candidate: Candidate) -> None:
    await enters_harlow(candidate)
    await lives_until(candidate, "12-03 16:00")
    await candidate.sends("/interview")
    await candidate.taps("They've answered")
    await candidate.taps("A no")
    for when in ("12-03 17:45", "12-04 11:45", "12-10 10:00"):
        await lives_until(candidate, when)
        assert candidate.new == []
    await candidate.sends("/interview")
    candidate.sees("Which company is it with?")


async def test_a_company_may_be_called_next(candidate: Candidate) -> None:
    await candidate.arrives()
    await candidate.sends("/interview")
    await candidate.sends("Next")
    await candidate.sends("/cancel")
    await candidate.sends("/interview")
    candidate.sees("an interview at Next")


async def test_somebody_taken_from_the_card_in_between_breaks_nothing(
    candidate: Candidate,
) -> None:
    await enters_harlow(candidate)
    await lives_until(candidate, "12-03 17:45")
    await candidate.taps("Well")
    for person in ("✕ Ana", "✕ Tom"):
        await candidate.forges("v:set:1:people")
        await candidate.taps(person)
    await candidate.taps("That's all")
    assert candidate.toast == "Tick whoever was there, or add them."
    await candidate.taps("Someone else")
    await candidate.sends("Priya")
    await candidate.taps("That's all")
    await candidate.taps("Nothing comes to mind")
    await candidate.taps("No, nothing")
    await candidate.taps("They didn't say")
    await candidate.forges("v:set:1:people")
    await candidate.taps("✕ Priya")
    await lives_until(candidate, "12-04 11:45")
    await candidate.taps("Show the notes")
    assert len(notes(candidate)) == 1


async def test_somebody_missing_from_the_ticks_can_simply_be_typed(candidate: Candidate) -> None:
    await enters_harlow(candidate)
    await lives_until(candidate, "12-03 17:45")
    await candidate.taps("Mixed")
    await candidate.sends("Priya (recruiter)")
    assert "☑ Priya (recruiter)" in candidate.labels()
    await candidate.taps("That's all")
    candidate.sees("You met Ana Ruiz (head of ops), Tom (engineer) and Priya (recruiter).")
