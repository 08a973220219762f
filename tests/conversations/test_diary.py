"""A diary: from the invitation to a second interview to its answer, lived in Lagos."""

from __future__ import annotations

import re
from datetime import datetime

from bot.practice.notes import word_count
from tests.conversations.stage import Candidate

POINT = "the pager rota is the hardest part"


async def lives_until(candidate: Candidate, when: str) -> None:
    """Let time pass until a wall time in Lagos, which is an hour ahead all year."""
    then = datetime.strptime(f"2026-{when} +0100", "%Y-%m-%d %H:%M %z")
    await candidate.waits((then - candidate.clock.now()).total_seconds())


async def enters_harlow(candidate: Candidate, when: str = "3 December 3pm for 45 min") -> None:
    """Enter an interview at Harlow with Ana and Tom."""
    await candidate.arrives()
    await candidate.sends("/interview")
    await candidate.sends("Harlow")
    await candidate.sends("Lagos")
    await candidate.taps("Yes, that's it")
    await candidate.sends(when)
    await candidate.taps("Yes, that's right")
    await candidate.taps("Who I'll meet")
    await candidate.sends("Ana Ruiz, head of ops; Tom (engineer)")


async def debriefs(candidate: Candidate) -> None:
    """Tell how it went, up to the two notes."""
    await candidate.taps("Well")
    await candidate.taps("That's all")
    await candidate.sends(f"She said {POINT}.")
    await candidate.sends("The move to one code base")
    await candidate.taps("No, nothing")
    await candidate.sends("end of next week")


def notes(candidate: Candidate) -> list[str]:
    """The letters that have just come."""
    return [bubble.text for bubble in candidate.new if re.search(r",$", bubble.text)]


async def test_a_second_interview_from_the_invitation_to_the_answer(candidate: Candidate) -> None:
    # Sunday: the invitation has come.
    await candidate.arrives()
    await candidate.sends("/interview")
    candidate.sees("Which company is it with?")
    await candidate.sends("Harlow")
    candidate.sees("Where are you?")
    await candidate.sends("Lagos")
    await candidate.taps("Yes, that's it")
    candidate.sees("When is it?")
    await candidate.sends("next Thursday 3pm for 45 min")
    candidate.sees("more than one way", "Your clock: Lagos, 20:42 now")
    await candidate.taps("Thursday 3 December, 15:00")
    candidate.sees("Good, that's in.", "Thursday 3 December, 15:00 · 45 minutes")
    candidate.sees("I'll write on Monday 30 November, Wednesday 2 and Thursday 3 December.")
    await candidate.taps("Who I'll meet")
    await candidate.sends("Ana Ruiz, head of ops; Tom (engineer)")
    candidate.sees("With: Ana Ruiz (head of ops) and Tom (engineer)")

    # The days before.
    await lives_until(candidate, "11-30 14:59")
    assert candidate.new == []
    await lives_until(candidate, "11-30 15:00")
    candidate.sees("Harlow: Thursday 3 December, 15:00", "Three questions for Ana Ruiz and Tom")
    await lives_until(candidate, "12-02 18:30")
    candidate.sees("Tomorrow, 15:00: Harlow", "Say the names aloud once")
    await candidate.taps("Add the place or link")
    await candidate.sends("14 Marina Road, 3rd floor")
    candidate.sees("Where: 14 Marina Road, 3rd floor")
    await lives_until(candidate, "12-03 13:00")
    candidate.sees("15:00: Harlow", "14 Marina Road", "breathe out slowly")

    # Afterwards, on the bus.
    await lives_until(candidate, "12-03 17:44")
    assert candidate.new == []
    await lives_until(candidate, "12-03 17:45")
    candidate.sees("Harlow: that's behind you.", "How did it go?")
    await candidate.taps("Well")
    candidate.sees("Glad to hear it.", "Who was really there?")
    await candidate.taps("Someone else")
    await candidate.sends("Priya")
    await candidate.taps("☑ Tom")
    await candidate.taps("That's all")
    candidate.sees("You met Ana Ruiz (head of ops) and Priya.", "What did Ana Ruiz say")
    await candidate.sends(f"She said {POINT}.")
    candidate.sees("What did Priya say")
    await candidate.taps("Nothing comes to mind")
    await candidate.sends("the link to my talk.")
    candidate.sees("When will they decide?")
    await candidate.sends("end of next week")

    # Two notes that differ.
    candidate.sees("They decide by Friday 11 December; I'll ask on Monday 14 December")
    candidate.sees(
        "You promised: the link to my talk.", "sending is up to you", "Where it says ___"
    )
    to_ana, to_priya = notes(candidate)
    assert f": {POINT}." in to_ana
    assert "___" not in to_ana
    assert "Priya," in to_priya
    assert ": ___." in to_priya
    lines = [set(note.splitlines()) - {""} for note in (to_ana, to_priya)]
    assert lines[0] & lines[1] == set()
    assert max(map(word_count, (to_ana, to_priya))) <= 120
    await candidate.taps("I've sent it")
    assert candidate.toast == "Good. One less thing to carry."

    # The day after, in the morning: one nudge, about Ana's alone.
    await lives_until(candidate, "12-04 11:45")
    candidate.sees("The note to Ana Ruiz (head of ops) hasn't gone out.", "the last you'll hear")
    await candidate.taps("Show the notes")
    assert notes(candidate) == [to_ana]
    await candidate.taps("I've sent it")
    candidate.sees("That's the notes done.", "Still open: what you promised", "Monday 14 December")

    # Silence.
    for day in ("12-05", "12-08", "12-11"):
        await lives_until(candidate, f"{day} 12:00")
        assert candidate.new == []
    await lives_until(candidate, "12-14 10:00")
    candidate.sees("Harlow meant to decide by Friday 11 December. Have you heard?")
    await candidate.taps("Why so quiet?")
    candidate.sees("approve it", "budget", "compared", "estimates")
    await candidate.taps("Draft me a line")
    (line,) = notes(candidate)
    assert word_count(line) <= 80
    assert "Friday 11 December" in line
    await candidate.taps("I've sent it")
    candidate.sees("I'll ask you on Monday 21 December")

    # The answer.
    await lives_until(candidate, "12-21 10:00")
    candidate.sees("You wrote to Harlow a while ago. Has an answer come?")
    await candidate.taps("They've answered")
    await candidate.taps("Another round")
    candidate.sees("They want to see more of you")
    await candidate.taps("Enter it")
    candidate.sees("When is it?")
    await candidate.sends("7 January 9:30")
    await candidate.taps("Yes, that's right")
    candidate.sees("Harlow", "Thursday 7 January, 09:30")


async def test_a_no_is_answered_with_one_warm_line(candidate: Candidate) -> None:
    await enters_harlow(candidate)
    await lives_until(candidate, "12-03 17:45")
    await debriefs(candidate)
    assert len(notes(candidate)) == 2
    await lives_until(candidate, "12-14 10:00")
    await candidate.taps("They've answered")
    await candidate.taps("A no")
    candidate.sees("I'm sorry.", "nothing you have to do about it today", "/practice is here")
    await lives_until(candidate, "12-31 12:00")
    assert candidate.new == []


async def test_an_offer_is_good_news_and_the_end_of_it(candidate: Candidate) -> None:
    await enters_harlow(candidate)
    await lives_until(candidate, "12-03 17:45")
    await debriefs(candidate)
    await candidate.sends("/interview")
    await candidate.taps("They've answered")
    await candidate.taps("An offer")
    candidate.sees("That's wonderful news.")
    for day in ("12-14", "12-16", "12-21"):
        await lives_until(candidate, f"{day} 10:00")
        assert candidate.new == []


async def test_somebody_who_never_answers_is_asked_once_and_no_more(
    candidate: Candidate,
) -> None:
    await enters_harlow(candidate)
    await lives_until(candidate, "12-03 17:45")
    candidate.sees("How did it go?")
    await lives_until(candidate, "12-04 11:45")
    candidate.sees("a minute of taps", "I won't bring this up again")
    await lives_until(candidate, "12-10 10:00")
    candidate.sees("Have you heard from Harlow since Thursday 3 December?", "I won't ask again")
    for day in ("12-14", "12-16", "12-31"):
        await lives_until(candidate, f"{day} 10:00")
        assert candidate.new == []


async def test_somebody_who_told_of_it_is_asked_three_times_and_no_more(
    candidate: Candidate,
) -> None:
    await enters_harlow(candidate)
    await lives_until(candidate, "12-03 17:45")
    await debriefs(candidate)
    await lives_until(candidate, "12-14 10:00")
    candidate.sees("Harlow meant to decide")
    candidate.sees_not("I won't ask again")
    await lives_until(candidate, "12-16 10:00")
    candidate.sees("Anything from Harlow yet?")
    await lives_until(candidate, "12-18 10:00")
    candidate.sees("One last time: has Harlow answered?", "I won't ask again after this.")
    for day in ("12-21", "12-23", "12-31"):
        await lives_until(candidate, f"{day} 10:00")
        assert candidate.new == []


async def test_two_check_ins_are_the_most_and_the_second_is_worded_anew(
    candidate: Candidate,
) -> None:
    await enters_harlow(candidate)
    await lives_until(candidate, "12-03 17:45")
    await debriefs(candidate)
    await lives_until(candidate, "12-14 10:00")
    await candidate.taps("Draft me a line")
    (first,) = notes(candidate)
    await candidate.taps("Another wording")
    (other,) = notes(candidate)
    assert first != other
    await candidate.taps("I've sent it")
    await lives_until(candidate, "12-21 10:00")
    await candidate.taps("Draft me a line")
    (second,) = notes(candidate)
    assert second not in (first, other)
    await candidate.taps("I've sent it")
    candidate.sees("That's the second, and I'd leave it there")
    await lives_until(candidate, "12-31 10:00")
    assert candidate.new == []


async def test_the_check_in_is_snoozed_to_a_working_day(candidate: Candidate) -> None:
    await enters_harlow(candidate)
    await lives_until(candidate, "12-03 17:45")
    await debriefs(candidate)
    await lives_until(candidate, "12-14 10:00")
    await candidate.taps("Ask me later")
    await candidate.taps("In three days")
    candidate.sees("I'll ask again on Thursday 17 December.")
    await lives_until(candidate, "12-17 09:59")
    assert candidate.new == []
    await lives_until(candidate, "12-17 10:00")
    candidate.sees("Harlow meant to decide")
    await candidate.taps("Stop asking")
    candidate.sees("I won't ask about this one again.")
    await lives_until(candidate, "12-31 10:00")
    assert candidate.new == []


async def test_a_debrief_without_names_still_gives_one_note(candidate: Candidate) -> None:
    await candidate.arrives()
    await candidate.sends("/interview")
    await candidate.taps("Skip this")
    await candidate.sends("Lagos")
    await candidate.taps("Yes, that's it")
    await candidate.sends("tomorrow 10am")
    await candidate.taps("Yes, that's right")
    await lives_until(candidate, "11-23 13:00")
    candidate.sees("Your interview: that's behind you.")
    await candidate.taps("Badly")
    candidate.sees("I'm sorry.", "Who did you meet?")
    await candidate.taps("I didn't catch names")
    candidate.sees("What did the person you met say")
    await candidate.sends("he says that they all cycle to work")
    await candidate.sends("no")
    await candidate.sends("they didn't say")
    candidate.sees("That's all kept. I'll ask on Monday 30 November", "Here is your note.")
    candidate.sees("Where a note to them says “she” or “he”, make it “you”.")
    (note,) = notes(candidate)
    assert ": he says that they all cycle to work." in note


async def test_a_debrief_can_be_left_anywhere_and_goes_on_there(candidate: Candidate) -> None:
    await enters_harlow(candidate)
    await lives_until(candidate, "12-03 17:45")
    await candidate.taps("Mixed")
    await candidate.taps("That's all")
    await candidate.sends(POINT)
    await candidate.sends("/cancel")
    candidate.sees("What you've told me is kept.")
    await candidate.sends("hello")
    await lives_until(candidate, "12-04 11:45")
    await candidate.taps("How it went")
    candidate.sees("What did Tom say")
    candidate.sees_not("How did it go?")
    await candidate.taps("Nothing comes to mind")
    await candidate.taps("No, nothing")
    await candidate.taps("By Friday 11 December")
    assert f": {POINT}." in notes(candidate)[0]


async def test_old_buttons_of_another_interview_do_not_end_the_debrief(
    candidate: Candidate,
) -> None:
    await enters_harlow(candidate)
    await lives_until(candidate, "12-03 17:45")
    await candidate.taps("Well")
    await candidate.taps("That's all")
    await candidate.sends(POINT)
    await candidate.sends("The move to one code base")
    candidate.sees("Did you promise them anything")
    for data in ("c:snooze:1", "r:later:9:debrief", "n:sent:9:1", "i:next:9:1:1", "d:skip:99"):
        await candidate.forges(data)
    await candidate.sends("i will send two references")
    candidate.sees("When will they decide?")
    await candidate.sends("friday")
    candidate.sees("You promised: i will send two references")


async def test_words_after_a_command_still_answer_the_debrief(candidate: Candidate) -> None:
    await enters_harlow(candidate)
    await lives_until(candidate, "12-03 17:45")
    await candidate.sends("it went alright I think")
    candidate.sees("How did it go?")
    await candidate.taps("Well")
    await candidate.taps("That's all")
    await candidate.sends("/settings")
    await candidate.sends(POINT)
    candidate.sees("What did Tom say")
    await candidate.sends("/interview")
    await candidate.sends("hello")
    candidate.sees("What did Tom say")
    await candidate.taps("Nothing comes to mind")
    await candidate.sends("/help")
    await candidate.waits(3600)
    await candidate.sends("i will send two references")
    candidate.sees("kept nothing of that")


async def test_settings_tell_the_next_interview_and_no_date_once_it_is_over(
    candidate: Candidate,
) -> None:
    await candidate.arrives()
    await candidate.sends("/settings")
    candidate.sees("Interview: within a week")
    await candidate.sends("/interview")
    await candidate.sends("Kaufland")
    await candidate.sends("Lagos")
    await candidate.taps("Yes, that's it")
    await candidate.sends("14 December 3pm")
    await candidate.taps("Yes, that's right")
    await candidate.sends("/settings")
    candidate.sees("Interview: Kaufland, Mon 14 December, 15:00")
    await candidate.taps("Interview date")
    candidate.sees("Monday 14 December, 15:00 · ")
    await lives_until(candidate, "12-14 15:01")
    await candidate.sends("/settings")
    candidate.sees("Interview: no date yet")
    await candidate.taps("Interview date")
    await candidate.taps("Within a week")
    candidate.sees("Interview: within a week")
