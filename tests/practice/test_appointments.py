"""What comes before and right after a real interview."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.practice.appointments import (
    AFTER,
    BEFORE,
    MOST_INTERVIEWS,
    call_off,
    enter,
    moment,
    put_off,
    said_on_entering,
    stop,
)
from bot.practice.due import next_due, settle
from bot.practice.follow_up import debriefed, heard_back, stop_check_in, thank_you_sent
from bot.practice.model import Due, Kind, NoSuchInterview, Plan
from bot.practice.wall_time import QuietHours, day_of, minute_of
from tests.practice.clocks import DAY, HOUR, MINUTE, changes, there

LONDON = "Europe/London"
NOW = there("2026-12-01 12:00", LONDON)  # a Tuesday
DATE = date(2026, 12, 14)  # the Monday of the interview


def london(text: str) -> datetime:
    return there(f"2026-{text}", LONDON)


def interview(hour: int = 15, minute: int = 0, now: datetime = NOW, length: int = 60) -> Plan:
    return stop_check_in(enter(Plan(LONDON), 1, DATE, hour * 60 + minute, now, length=length), 1)


def run(plan: Plan, now: datetime) -> list[tuple[Kind, datetime]]:
    """All that comes from `now` on, if the candidate never answers."""
    found = []
    while (due := next_due(plan, now)) is not None:
        now = due.at
        found.append((due.kind, now))
        plan = settle(plan, due, now)
    return found


def only(plan: Plan, kind: Kind, now: datetime = NOW) -> Due:
    """The one message of this kind, once those before it have come."""
    while (due := next_due(plan, now)) is not None and due.kind is not kind:
        now = due.at
        plan = settle(plan, due, now)
    assert due is not None
    return due


def test_an_interview_brings_its_five_messages() -> None:
    assert run(interview(), NOW) == [
        (Kind.THREE_DAYS_BEFORE, london("12-11 15:00")),
        (Kind.EVENING_BEFORE, london("12-13 18:30")),
        (Kind.TWO_HOURS_BEFORE, london("12-14 13:00")),
        (Kind.DEBRIEF, london("12-14 18:00")),
        (Kind.THANK_YOU, london("12-15 12:00")),
    ]


@pytest.mark.parametrize(
    ("hour", "minute", "comes"),
    [
        (11, 0, "12-14 09:00"),
        (10, 0, "12-14 08:00"),
        (9, 30, "12-14 08:00"),
        (9, 0, "12-14 08:00"),
        (8, 59, None),
        (7, 0, None),
    ],
)
def test_the_message_two_hours_before_wakes_nobody(hour: int, minute: int, comes) -> None:
    plan = interview(hour, minute)
    before = [at for kind, at in run(plan, NOW) if kind is Kind.TWO_HOURS_BEFORE]
    assert before == ([london(comes)] if comes else [])
    assert only(plan, Kind.EVENING_BEFORE).with_day_card is (comes is None)


def test_quiet_evenings_bring_the_evening_message_earlier_not_the_next_morning() -> None:
    plan = enter(Plan(LONDON, QuietHours(18 * 60, 8 * 60)), 1, DATE, 15 * 60, NOW)
    assert only(plan, Kind.EVENING_BEFORE).at == london("12-13 17:59")


def test_a_debrief_waits_for_the_morning_after_a_late_interview() -> None:
    plan = interview(20, 0, length=90)
    assert only(plan, Kind.DEBRIEF).at == london("12-15 08:00")
    assert only(plan, Kind.THANK_YOU).at == london("12-15 17:30")


def test_a_nudge_that_quiet_hours_would_silence_comes_earlier() -> None:
    plan = interview(2, 0, length=60)  # an interview with the other side of the world
    assert only(plan, Kind.DEBRIEF).at == london("12-14 08:00")
    assert only(plan, Kind.THANK_YOU).at == london("12-14 21:29")


def test_the_evening_before_goes_by_the_candidates_clock_and_the_interview_by_its_own() -> None:
    plan = enter(Plan(LONDON), 1, DATE, 9 * 60, NOW, zone="Asia/Tokyo")
    assert plan.interview(1).starts_at == london("12-14 00:00")
    assert only(plan, Kind.EVENING_BEFORE).at == london("12-13 18:30")


@pytest.mark.parametrize(
    ("entered", "says", "left"),
    [
        ("12-11 13:59", None, 5),
        ("12-11 14:01", Kind.THREE_DAYS_BEFORE, 4),
        ("12-13 17:31", Kind.EVENING_BEFORE, 3),
        ("12-13 20:00", Kind.EVENING_BEFORE, 3),
        ("12-14 12:30", Kind.TWO_HOURS_BEFORE, 2),
        ("12-14 14:50", Kind.TWO_HOURS_BEFORE, 2),
        ("12-14 15:20", None, 2),
        ("12-14 16:30", Kind.DEBRIEF, 2),
        ("12-14 19:00", Kind.DEBRIEF, 1),
        ("12-16 12:00", Kind.DEBRIEF, 0),
        ("12-22 12:00", None, 0),
    ],
)
def test_an_interview_entered_late_is_answered_with_one_thing_and_no_heap(
    entered: str, says: Kind | None, left: int
) -> None:
    now = london(entered)
    plan = interview(now=now)
    assert said_on_entering(plan, 1, now) is says
    comes = run(plan, now)
    assert len(comes) == left
    assert all(at >= now + HOUR for _, at in comes)


def test_downtime_lets_go_what_came_before_and_keeps_the_debrief() -> None:
    plan = interview()
    assert run(plan, london("12-13 21:29"))[0] == (Kind.EVENING_BEFORE, london("12-13 21:29"))
    assert run(plan, london("12-13 21:30"))[0] == (Kind.TWO_HOURS_BEFORE, london("12-14 13:00"))
    assert run(plan, london("12-14 14:31"))[0] == (Kind.DEBRIEF, london("12-14 18:00"))
    assert run(plan, london("12-15 10:30")) == [(Kind.DEBRIEF, london("12-15 10:30"))]
    assert run(plan, london("12-17 23:00")) == [(Kind.DEBRIEF, london("12-18 08:00"))]
    assert run(plan, london("12-21 16:01")) == []


def test_the_nudge_is_silent_after_24_hours() -> None:
    plan = interview()
    now = london("12-14 18:00")
    due = next_due(plan, now)
    assert due is not None
    plan = settle(plan, due, now)
    assert [kind for kind, _ in run(plan, london("12-15 15:59"))] == [Kind.THANK_YOU]
    assert run(plan, london("12-15 16:00")) == []


def test_the_nudge_names_whom_no_note_was_sent_to_and_stops_when_all_were() -> None:
    plan = debriefed(interview(), 1, ("Priya", "Dana"))
    plan = thank_you_sent(plan, 1, "Priya")
    assert only(plan, Kind.THANK_YOU).people == ("Dana",)
    assert Kind.THANK_YOU not in dict(run(thank_you_sent(plan, 1, "Dana"), NOW))
    assert Kind.THANK_YOU not in dict(run(debriefed(interview(), 1, ()), NOW))


def test_a_debrief_given_early_is_not_asked_for() -> None:
    assert Kind.DEBRIEF not in dict(run(debriefed(interview(), 1, ("Priya",)), NOW))


def test_a_new_date_starts_afresh_and_says_nothing_twice_about_the_old_one() -> None:
    now = london("12-13 18:30")
    plan = interview()
    due = next_due(plan, now)
    assert due is not None
    assert due.kind is Kind.EVENING_BEFORE
    plan = settle(plan, due, now)
    later = enter(plan, 1, date(2026, 12, 15), 15 * 60, now + MINUTE)
    assert run(later, now + MINUTE)[0] == (Kind.EVENING_BEFORE, london("12-14 18:30"))
    mended = enter(plan, 1, DATE, 16 * 60, now + MINUTE)
    assert run(mended, now + MINUTE)[0] == (Kind.TWO_HOURS_BEFORE, london("12-14 14:00"))
    assert len(later.interviews) == 1


def test_a_date_mended_afterwards_forgets_nothing_that_was_told() -> None:
    plan = thank_you_sent(debriefed(interview(), 1, ("Priya", "Dana")), 1, "Dana")
    plan = enter(plan, 1, DATE, 14 * 60 + 30, london("12-14 19:00"), length=90)
    known = plan.interview(1)
    assert (known.debriefed, [note.sent for note in known.thank_yous]) == (True, [False, True])
    assert run(plan, london("12-14 19:00")) == [(Kind.THANK_YOU, london("12-15 12:00"))]


def test_a_check_in_that_was_stopped_stays_so_on_a_new_date() -> None:
    plan = enter(interview(), 1, date(2026, 12, 16), 15 * 60, NOW)
    assert Kind.CHECK_IN not in dict(run(plan, NOW))
    assert stop(enter(Plan(LONDON), 1, DATE, 900, NOW), 1, Kind.CHECK_IN) == interview()


def test_an_interview_called_off_is_silent() -> None:
    plan = interview()
    assert run(call_off(plan, 1), NOW) == []
    assert call_off(plan, 7) == plan


@pytest.mark.parametrize(("kind", "left"), [(BEFORE[1], AFTER), (AFTER[0], BEFORE)])
def test_one_tap_stops_what_comes_before_or_after(kind: Kind, left: tuple[Kind, ...]) -> None:
    stopped = stop(interview(), 1, kind)
    assert tuple(each for each, _ in run(stopped, NOW)) == left
    moved = enter(stopped, 1, date(2026, 12, 16), 15 * 60, NOW)
    assert [each for each in dict(run(moved, NOW)) if each in (*BEFORE, *AFTER)] == list(left)


def test_a_message_put_off_comes_once_more_and_not_in_quiet_hours() -> None:
    plan = put_off(interview(), 1, Kind.EVENING_BEFORE, london("12-13 20:30"))
    assert plan is not None
    assert only(plan, Kind.EVENING_BEFORE).at == london("12-13 20:30")
    assert [kind for kind, _ in run(plan, NOW)].count(Kind.EVENING_BEFORE) == 1
    plan = put_off(plan, 1, Kind.EVENING_BEFORE, london("12-13 22:00"))
    assert plan is not None
    assert only(plan, Kind.EVENING_BEFORE).at == london("12-14 08:00")
    assert put_off(plan, 1, Kind.EVENING_BEFORE, london("12-14 14:45")) is None


def test_a_nudge_put_off_still_knows_who_waits_for_a_note() -> None:
    plan = debriefed(interview(), 1, ("Priya", "Dana"))
    plan = put_off(plan, 1, Kind.THANK_YOU, london("12-15 13:00"))
    assert plan is not None
    plan = thank_you_sent(plan, 1, "Dana")
    assert only(plan, Kind.THANK_YOU).people == ("Priya",)
    assert Kind.THANK_YOU not in dict(run(thank_you_sent(plan, 1, "Priya"), NOW))


def test_an_interview_the_plan_does_not_know_is_said_so() -> None:
    for tap in (
        lambda: stop(interview(), 2, Kind.DEBRIEF),
        lambda: put_off(interview(), 2, Kind.DEBRIEF, NOW),
        lambda: said_on_entering(interview(), 2, NOW),
        lambda: heard_back(interview(), 2),
    ):
        with pytest.raises(NoSuchInterview):
            tap()


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(changes()[::7]),
    st.integers(0, 1439),
    st.sampled_from([15, 45, 60, 240]),
    st.sampled_from([QuietHours(), QuietHours(0, 0), QuietHours(22 * 60, 6 * 60)]),
    st.sampled_from(["Asia/Tokyo", "America/Los_Angeles", ""]),
)
def test_whatever_the_hour_the_messages_keep_their_order_days_and_quiet_hours(
    change, minute, length, quiet, elsewhere
) -> None:
    plan = Plan(change.zone, quiet)
    day = day_of(change.at, plan.clock)
    now = change.at - 10 * DAY
    plan = stop_check_in(enter(plan, 1, day, minute, now, zone=elsewhere, length=length), 1)
    known = plan.interview(1)
    comes = run(plan, now)
    kinds = [kind for kind, _ in comes]
    assert kinds == [kind for kind in (*BEFORE, *AFTER) if kind in kinds]
    assert {Kind.THREE_DAYS_BEFORE, Kind.EVENING_BEFORE, Kind.DEBRIEF} <= set(kinds)
    assert all(minute_of(at, plan.clock) not in quiet for _, at in comes)
    days = [day_of(at, plan.clock) for kind, at in comes if kind is not Kind.DEBRIEF]
    other_days = [each for each in days if each != day_of(known.starts_at, plan.clock)]
    assert len(other_days) == len(set(other_days))
    for kind, at in comes:
        assert (at < known.starts_at) == (kind in BEFORE)
        found = moment(plan, known, kind)
        assert found is not None
        assert found[0] == at < found[1]


def test_a_plan_stays_small_however_many_interviews_are_entered() -> None:
    plan = Plan(LONDON)
    for number in range(1, MOST_INTERVIEWS + 6):
        plan = enter(plan, number, DATE, 15 * 60, NOW)
    assert sorted(each.id for each in plan.interviews) == list(range(6, MOST_INTERVIEWS + 6))
    again = enter(plan, 6, DATE, 16 * 60, NOW)
    assert len(again.interviews) == MOST_INTERVIEWS
    assert again.interview(6).minute == 16 * 60
