"""The check-in: due when the employer said, quiet when it should be, closed for good."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.practice.appointments import enter, stop
from bot.practice.due import next_due, settle
from bot.practice.follow_up import (
    ARROWS,
    Tap,
    check_in_day,
    check_in_sent,
    debriefed,
    decision_named,
    heard_back,
    snooze_check_in,
    stop_check_in,
    thank_you_sent,
)
from bot.practice.model import CheckInState, Due, Kind, Plan, ThankYou
from bot.practice.working_days import is_working, working_after, working_from
from tests.practice.clocks import DAY, at, there

LONDON = "Europe/London"
NOW = there("2026-12-01 12:00", LONDON)  # a Tuesday


def london(text: str) -> datetime:
    return there(f"2026-{text}", LONDON)


def after_interview(day: date = date(2026, 12, 3)) -> Plan:
    """The plan of somebody who has told of an interview on a Thursday, and met nobody."""
    return debriefed(never_told(day), 1, ())


def never_told(day: date = date(2026, 12, 3)) -> Plan:
    """The plan of somebody who is asked for nothing but the check-in, and has not told a word."""
    plan = enter(Plan(LONDON), 1, day, 15 * 60, NOW)
    return stop(stop(plan, 1, Kind.THREE_DAYS_BEFORE), 1, Kind.DEBRIEF)


def push(plan: Plan, now: datetime) -> tuple[Plan, Due]:
    due = next_due(plan, now)
    assert due is not None
    return settle(plan, due, due.at), due


def state(plan: Plan) -> CheckInState:
    return plan.interview(1).check_in.state


def pushes(plan: Plan, now: datetime = NOW) -> list[tuple[Kind, str]]:
    found = []
    while (due := next_due(plan, now)) is not None:
        now = due.at
        found.append((due.kind, f"{now:%m-%d %H:%M}"))
        plan = settle(plan, due, now)
    return found


def test_without_a_date_it_is_due_after_a_week_and_nudged_twice_at_most() -> None:
    assert pushes(after_interview()) == [
        (Kind.CHECK_IN, "12-10 10:00"),
        (Kind.CHECK_IN_NUDGE, "12-14 10:00"),
        (Kind.CHECK_IN_NUDGE, "12-16 10:00"),
    ]


def test_whoever_never_told_how_it_went_is_asked_once() -> None:
    assert pushes(never_told()) == [(Kind.CHECK_IN, "12-10 10:00")]


def test_whoever_never_told_and_snoozes_is_asked_once_more() -> None:
    plan, due = push(never_told(), NOW)
    plan = snooze_check_in(plan, 1, date(2026, 12, 15))
    assert pushes(plan, due.at) == [(Kind.CHECK_IN, "12-15 10:00")]


def test_telling_after_the_one_check_in_brings_the_next_ones_back() -> None:
    plan, due = push(never_told(), NOW)
    plan = debriefed(plan, 1, (), date(2026, 12, 16))
    assert pushes(plan, due.at)[0] == (Kind.CHECK_IN, "12-17 10:00")


@pytest.mark.parametrize(
    ("named", "due"),
    [
        (date(2026, 12, 8), date(2026, 12, 9)),
        (date(2026, 12, 11), date(2026, 12, 14)),
        (date(2026, 12, 12), date(2026, 12, 14)),
        (date(2026, 12, 13), date(2026, 12, 14)),
        (date(2026, 11, 2), date(2026, 12, 4)),
    ],
)
def test_with_a_date_it_is_due_on_the_next_working_day(named: date, due: date) -> None:
    plan = debriefed(after_interview(), 1, (), named)
    assert check_in_day(plan.interview(1)) == due
    assert push(plan, NOW)[1].at == there(f"{due} 10:00", LONDON)


def test_a_week_after_a_saturday_is_a_monday() -> None:
    plan = after_interview(date(2026, 12, 5))
    assert check_in_day(plan.interview(1)) == date(2026, 12, 14)


def test_it_is_not_let_go_but_comes_when_somebody_is_at_work() -> None:
    plan = after_interview()
    assert push(plan, london("12-10 19:00"))[1].at == london("12-10 19:00")
    assert push(plan, london("12-10 22:00"))[1].at == london("12-11 10:00")
    assert push(plan, london("12-12 12:00"))[1].at == london("12-14 10:00")
    assert push(plan, at("2027-03-02 12:00"))[1].kind is Kind.CHECK_IN


def test_sent_waits_a_week_for_a_second_one_and_there_is_no_third() -> None:
    plan, due = push(after_interview(), NOW)
    plan = check_in_sent(plan, 1, due.at)
    assert state(plan) is CheckInState.WAITING
    plan, second = push(plan, due.at)
    assert (second.kind, second.at) == (Kind.CHECK_IN, london("12-17 10:00"))
    plan = check_in_sent(plan, 1, second.at)
    assert state(plan) is CheckInState.CLOSED
    assert next_due(plan, second.at) is None


def test_snooze_waits_for_the_day_that_was_picked() -> None:
    plan, due = push(after_interview(), NOW)
    plan = snooze_check_in(plan, 1, date(2026, 12, 19))
    assert push(plan, due.at)[1].at == london("12-21 10:00")


def test_nudges_are_counted_over_every_snooze() -> None:
    plan, due = push(after_interview(), NOW)
    nudges, now = 0, due.at
    for _ in range(8):
        while (found := next_due(plan, now)) is not None:
            now = found.at
            nudges += found.kind is Kind.CHECK_IN_NUDGE
            plan = settle(plan, found, now)
        plan = snooze_check_in(plan, 1, now.date() + 3 * DAY)
    assert nudges == 2


def test_a_new_date_named_later_moves_it() -> None:
    plan, due = push(after_interview(), NOW)
    plan = decision_named(plan, 1, date(2026, 12, 18))
    assert push(plan, due.at)[1].at == london("12-21 10:00")


@pytest.mark.parametrize("close", [heard_back, stop_check_in])
def test_closed_stays_closed_whatever_is_tapped_on_old_messages(close) -> None:
    plan = close(push(after_interview(), NOW)[0], 1)
    for tapped in (
        check_in_sent(plan, 1, NOW),
        snooze_check_in(plan, 1, date(2026, 12, 30)),
        decision_named(plan, 1, date(2026, 12, 30)),
        heard_back(plan, 1),
    ):
        assert state(tapped) is CheckInState.CLOSED
        assert next_due(tapped, NOW) is None


def test_every_open_state_has_an_arrow_for_every_tap_and_the_closed_one_has_none() -> None:
    for each in CheckInState:
        for tap in Tap:
            assert ((each, tap) in ARROWS) is (each is not CheckInState.CLOSED)


@given(st.lists(st.sampled_from(["push", "sent", "snooze", "heard"]), max_size=12))
def test_however_it_is_tapped_it_ends_after_few_messages(taps: list[str]) -> None:
    plan, now, pushed, snoozed = after_interview(), NOW, 0, 0
    for tap in (*taps, *["push"] * 6):
        match tap:
            case "push":
                if (due := next_due(plan, now)) is not None:
                    plan, now, pushed = settle(plan, due, due.at), due.at, pushed + 1
            case "sent":
                plan = check_in_sent(plan, 1, now)
            case "snooze":
                snoozed += state(plan) is not CheckInState.CLOSED
                plan = snooze_check_in(plan, 1, now.date() + DAY)
            case "heard":
                plan = heard_back(plan, 1)
    assert next_due(plan, now) is None
    assert pushed <= 2 + 2 + snoozed
    assert plan.interview(1).check_in.sent <= 2


def test_telling_again_whom_to_thank_forgets_no_note_that_was_sent() -> None:
    plan = debriefed(after_interview(), 1, ("Priya", "Dana", "Priya"))
    plan = thank_you_sent(thank_you_sent(plan, 1, "Priya"), 1, "nobody")
    plan = debriefed(plan, 1, ("Priya", "Lee"))
    assert plan.interview(1).thank_yous == (ThankYou("Priya", True), ThankYou("Lee"))


def test_working_days_leave_out_weekends() -> None:
    friday, monday = date(2026, 12, 11), date(2026, 12, 14)
    assert [is_working(friday + count * DAY) for count in range(4)] == [True, False, False, True]
    assert [working_from(friday), working_from(friday + DAY)] == [friday, monday]
    assert [working_after(friday), working_after(friday + DAY)] == [monday, monday]
    assert working_after(friday, 5) == date(2026, 12, 18)
