"""Daily drills: each chosen weekday exactly one, whatever the clocks and the candidate do."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bot.practice.drills import (
    answered,
    choose_drills,
    choose_quiet_hours,
    choose_weekly_goal,
    drill_sent,
    fewer,
    later_today,
    move_to,
    next_drill,
    pause,
    resume,
    skip,
    this_week,
)
from bot.practice.due import next_due, settle
from bot.practice.model import Due, InsideQuietHours, Kind, Plan, decode, encode
from bot.practice.wall_time import QuietHours, UnknownZone, day_of, instant, minute_of, zone_named
from tests.practice.clocks import DAY, FIRST, HOUR, LAST, MINUTE, at, changes, there, zones

NO_QUIET = QuietHours(0, 0)
EVERY_DAY = tuple(range(7))
LONDON = "Europe/London"


def sent(plan: Plan, start: datetime, end: datetime) -> Iterator[Due]:
    """The drills of a candidate who answers each, as they come."""
    now = start
    while (due := next_drill(plan, now)) is not None and due.at < end:
        now = due.at
        yield due
        plan = answered(drill_sent(plan, due), now)


def daily(zone: str, start: datetime, minute: int, weekdays: tuple[int, ...] = EVERY_DAY) -> Plan:
    return choose_drills(Plan(zone, NO_QUIET), start, minute, weekdays)


def test_around_every_change_of_every_clock_each_day_has_one_drill_at_its_wall_time() -> None:
    for number, change in enumerate(changes()):
        zone = zone_named(change.zone)
        first = day_of(change.at, zone) - DAY
        start = instant(first, 0, zone) - MINUTE
        edge = minute_of(change.at, zone)
        near = [(edge + shift) % 1440 for shift in (-60, -30, -1, 0, 30)]
        for minute in (*near, number * 37 % 1440):
            end = instant(first + 4 * DAY, 0, zone)
            dues = list(sent(daily(change.zone, start, minute), start, end))
            days = [first + count * DAY for count in range(4)]
            expected = [(day, instant(day, minute, zone)) for day in days]
            assert [(due.day, due.at) for due in dues] == [
                pair for pair in expected if pair[1] < end
            ], (change, minute)


def test_in_every_zone_and_season_the_chosen_weekdays_and_no_others_have_a_drill() -> None:
    chance = random.Random(5)
    for name in zones():
        zone = zone_named(name)
        first = FIRST + chance.randrange((LAST - FIRST).days) * DAY
        minute, weekdays = chance.randrange(1440), sorted(chance.sample(EVERY_DAY, 3))
        start = instant(first, 0, zone) - MINUTE
        end = instant(first + 14 * DAY, 0, zone)
        dues = list(sent(daily(name, start, minute, tuple(weekdays)), start, end))
        expected = [first + count * DAY for count in range(14)]
        assert [due.day for due in dues] == [
            day
            for day in expected
            if day.weekday() in weekdays and instant(day, minute, zone) < end
        ]
        assert all(due.at == instant(due.day, minute, zone) for due in dues)


def test_five_years_in_london_lack_no_day_and_double_none() -> None:
    start, end = at("2024-01-01 00:00"), at("2029-01-01 00:00")
    plan = choose_drills(Plan(LONDON), start, 8 * 60 + 30)
    weekdays = [day for count in range(1827) if (day := FIRST + count * DAY).weekday() < 5]
    assert [due.day for due in sent(plan, start, end)] == weekdays


def test_a_day_that_samoa_skipped_has_no_drill() -> None:
    start = there("2011-12-28 12:00", "Pacific/Apia")
    dues = sent(daily("Pacific/Apia", start, 19 * 60), start, start + 5 * DAY)
    assert [due.day.day for due in dues] == [28, 29, 31, 1, 2]


def test_a_drill_that_the_clocks_push_into_quiet_hours_waits_for_their_end() -> None:
    quiet = QuietHours(3 * 60, 6 * 60)
    plan = choose_drills(Plan("Europe/Berlin", quiet), at("2026-03-28 12:00"), 150, EVERY_DAY)
    due = next_drill(plan, at("2026-03-28 12:00"))
    assert due is not None
    assert due.at == there("2026-03-29 06:00", "Europe/Berlin")


class Travelling:
    """A candidate's own clock, lived minute by minute, flight by flight.

    The definition that the drills follow, in its plainest form: the drill of a date comes at the
    first minute outside quiet hours that the candidate lives on that date at or after the chosen
    minute, unless a later date has had its drill already.
    """

    def __init__(self, start: datetime, flights: list[tuple[datetime, str]]) -> None:
        self.start, self.flights = start, flights

    def drills(self, minute: int, quiet: QuietHours, end: datetime) -> list[tuple[date, datetime]]:
        found: list[tuple[date, datetime]] = []
        bounds = [*self.flights, (end, "")]
        for (begins, name), (ends, _) in pairwise(bounds):
            zone, now = zone_named(name), max(begins, self.start)
            while now < ends:
                local = now.astimezone(zone)
                reads, day = local.hour * 60 + local.minute, local.date()
                if reads >= minute and reads not in quiet and (not found or day > found[-1][0]):
                    found.append((day, now))
                now += MINUTE
        return found


PLACES = (
    "Europe/London",
    "Asia/Tokyo",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Africa/Lagos",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Australia/Lord_Howe",
    "Africa/Cairo",
)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(PLACES),
    st.lists(st.tuples(st.integers(0, 60 * 96), st.sampled_from(PLACES)), max_size=4),
    st.integers(0, 1439),
    st.sampled_from([NO_QUIET, QuietHours(), QuietHours(13 * 60, 15 * 60)]),
    st.sampled_from(["2026-03-27 07:11", "2026-06-01 00:00", "2026-10-23 19:59"]),
)
@example("America/Los_Angeles", [(600, "Asia/Tokyo")], 19 * 60, QuietHours(), "2026-06-01 07:00")
@example(LONDON, [(0, "America/Los_Angeles")], 60, NO_QUIET, "2026-06-01 00:00")
@example("Pacific/Kiritimati", [(600, "Pacific/Pago_Pago")], 60, NO_QUIET, "2026-06-01 07:00")
@example(
    "America/Los_Angeles",
    [(1020, "Asia/Tokyo"), (1440, "America/Los_Angeles")],
    19 * 60,
    QuietHours(),
    "2026-06-01 00:00",
)
def test_flying_neither_doubles_nor_loses_a_day(home, hops, minute, quiet, begins) -> None:
    assume(minute not in quiet)
    start = at(begins)
    end = start + 6 * DAY
    flights = [(start + minutes * MINUTE, name) for minutes, name in sorted(hops)]
    lived = Travelling(start, [(start, home), *flights])
    plan = choose_drills(Plan(home, quiet), start - MINUTE, minute, EVERY_DAY)
    now, dues = start, []
    for until, name in [*flights, (end, home)]:
        while (due := next_drill(plan, now)) is not None and due.at < until:
            now = due.at
            dues.append((due.day, due.at))
            plan = answered(drill_sent(plan, due), now)
        now = until
        plan = move_to(plan, name, now)
    drills = lived.drills(minute, quiet, end)
    first = day_of(start - MINUTE, zone_named(home))
    chosen = instant(first, minute, zone_named(home)) > start - MINUTE
    earliest = first if chosen else first + DAY
    assert dues == [each for each in drills if each[0] >= earliest]


def test_flying_to_no_zone_is_refused() -> None:
    with pytest.raises(UnknownZone):
        move_to(Plan(LONDON), "Moon/Sea", at("2026-06-01 12:00"))


MORNING = at("2026-06-01 06:00")  # a Monday, 07:00 in London
HALF_PAST_EIGHT = 8 * 60 + 30


@pytest.fixture
def plan() -> Plan:
    return choose_drills(Plan(LONDON), MORNING, HALF_PAST_EIGHT)


def next_at(plan: Plan, now: datetime) -> datetime:
    due = next_due(plan, now)
    assert due is not None
    return due.at


def test_a_slot_counts_for_three_hours_and_is_then_let_go(plan: Plan) -> None:
    slot = there("2026-06-01 08:30", LONDON)
    assert next_at(plan, slot + 3 * HOUR) == slot + 3 * HOUR
    assert next_at(plan, slot + 3 * HOUR + MINUTE) == there("2026-06-02 08:30", LONDON)


def test_after_two_days_down_one_drill_comes_and_no_backlog(plan: Plan) -> None:
    now = there("2026-06-03 09:00", LONDON)
    due = next_due(plan, now)
    assert due is not None
    assert (due.day, due.at) == (date(2026, 6, 3), now)
    assert next_at(settle(plan, due, now), now) == there("2026-06-04 08:30", LONDON)


def test_a_drill_late_at_night_does_not_slip_into_quiet_hours() -> None:
    plan = choose_drills(Plan(LONDON), MORNING, 21 * 60)
    assert next_at(plan, there("2026-06-01 21:29", LONDON)) == there("2026-06-01 21:29", LONDON)
    assert next_at(plan, there("2026-06-01 21:30", LONDON)) == there("2026-06-02 21:00", LONDON)


def test_a_late_drill_does_not_take_the_next_day(plan: Plan) -> None:
    plan = choose_drills(Plan(LONDON, NO_QUIET), MORNING, 23 * 60, EVERY_DAY)
    assert next_at(plan, there("2026-06-02 00:05", LONDON)) == there("2026-06-02 23:00", LONDON)


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(hours=20), timedelta(days=3)])
def test_a_clock_set_back_doubles_nothing(plan: Plan, back: timedelta) -> None:
    slot = there("2026-06-03 08:30", LONDON)
    due = next_due(plan, slot)
    assert due is not None
    assert next_at(settle(plan, due, slot), slot - back) == there("2026-06-04 08:30", LONDON)


def test_a_time_chosen_after_it_has_passed_starts_tomorrow(plan: Plan) -> None:
    now = there("2026-06-01 08:10", LONDON)
    plan = choose_drills(plan, now, 8 * 60 + 5)
    assert next_at(plan, now) == there("2026-06-02 08:05", LONDON)


def test_a_later_time_chosen_after_the_drill_brings_no_second_one(plan: Plan) -> None:
    now = there("2026-06-01 08:30", LONDON)
    due = next_due(plan, now)
    assert due is not None
    plan = choose_drills(settle(plan, due, now), now + HOUR, 19 * 60)
    assert next_at(plan, now + HOUR) == there("2026-06-02 19:00", LONDON)


@pytest.mark.parametrize("minute", [21 * 60 + 30, 23 * 60, 0, 479])
def test_a_time_inside_quiet_hours_is_refused(plan: Plan, minute: int) -> None:
    with pytest.raises(InsideQuietHours):
        choose_drills(plan, MORNING, minute)


def test_quiet_hours_that_cover_the_drill_are_refused(plan: Plan) -> None:
    with pytest.raises(InsideQuietHours):
        choose_quiet_hours(plan, QuietHours(22 * 60, 9 * 60))
    assert choose_quiet_hours(plan, QuietHours(22 * 60, 8 * 60)).quiet.start == 22 * 60


@pytest.mark.parametrize(("minute", "weekdays"), [(1440, (1,)), (-1, (1,)), (600, (7,))])
def test_what_is_no_time_or_weekday_is_refused(minute: int, weekdays: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"minute|weekday"):
        choose_drills(Plan(LONDON, NO_QUIET), MORNING, minute, weekdays)


def test_a_pause_ends_on_its_day_or_when_told(plan: Plan) -> None:
    assert next_at(pause(plan, date(2026, 6, 10)), MORNING) == there("2026-06-10 08:30", LONDON)
    assert next_due(pause(plan), MORNING) is None
    late = there("2026-06-05 09:00", LONDON)
    assert next_at(resume(pause(plan), late), late) == there("2026-06-08 08:30", LONDON)


def test_fewer_halves_the_weekdays_and_then_pauses(plan: Plan) -> None:
    seen = []
    for _ in range(3):
        plan = fewer(plan)
        assert plan.drill is not None
        seen.append(plan.drill.weekdays)
    assert seen == [(0, 2, 4), (0, 4), (0,)]
    assert next_due(fewer(plan), MORNING) is None


def came(plan: Plan, now: datetime) -> tuple[Plan, Due]:
    due = next_due(plan, now)
    assert due is not None
    return settle(plan, due, due.at), due


def test_two_ignored_drills_are_followed_by_an_offer_and_then_by_silence(plan: Plan) -> None:
    kinds, now = [], MORNING
    while next_due(plan, now) is not None:
        plan, due = came(plan, now)
        now = due.at
        kinds.append(due.kind)
    assert kinds == [Kind.DRILL, Kind.DRILL, Kind.OFFER_FEWER]
    assert next_at(resume(plan, now), now) == there("2026-06-04 08:30", LONDON)


@pytest.mark.parametrize("touch", ["answered", "skipped", "later"])
def test_any_tap_on_a_drill_starts_the_count_anew(plan: Plan, touch: str) -> None:
    plan, first = came(plan, MORNING)
    plan, second = came(plan, first.at)
    match touch:
        case "answered":
            plan = answered(plan, second.at)
        case "skipped":
            plan = skip(plan, second.day)
        case "later":
            found = later_today(plan, second.day, second.at)
            assert found is not None
            plan = skip(found, second.day)
    for _ in range(2):
        plan, due = came(plan, second.at)
        assert due.kind is Kind.DRILL


def test_later_today_brings_the_drill_once_more_and_tomorrow_its_own(plan: Plan) -> None:
    plan, due = came(plan, MORNING)
    found = later_today(plan, due.day, due.at + 10 * MINUTE)
    assert found is not None
    found, again = came(found, due.at + 10 * MINUTE)
    assert (again.kind, again.at) == (Kind.DRILL, there("2026-06-01 11:40", LONDON))
    assert again.slot != due.slot
    assert next_at(found, again.at) == there("2026-06-02 08:30", LONDON)


@pytest.mark.parametrize(("wall", "comes"), [("17:00", "20:00"), ("19:00", "21:00"), ("21:00", "")])
def test_later_today_stays_today_and_out_of_quiet_hours(plan: Plan, wall: str, comes: str) -> None:
    plan, due = came(plan, MORNING)
    now = there(f"2026-06-01 {wall}", LONDON)
    found = later_today(plan, due.day, now)
    assert (found and next_at(found, now)) == (
        there(f"2026-06-01 {comes}", LONDON) if comes else None
    )


def test_the_drill_of_a_day_that_is_over_has_no_later(plan: Plan) -> None:
    plan, due = came(plan, MORNING)
    assert later_today(plan, due.day, due.at + DAY) is None


def test_answering_a_drill_that_was_put_off_takes_it_away(plan: Plan) -> None:
    plan, due = came(plan, MORNING)
    found = later_today(plan, due.day, due.at)
    assert found is not None
    assert next_at(answered(found, due.at + HOUR), due.at + HOUR).date() == date(2026, 6, 2)


def test_the_week_counts_answers_since_monday_on_the_candidates_calendar(plan: Plan) -> None:
    for text in ("2026-06-07 22:59", "2026-06-07 23:01", "2026-06-08 12:00"):
        plan = answered(plan, at(text))  # a Sunday in London, then twice the Monday after
    week = this_week(choose_weekly_goal(plan, 2), at("2026-06-09 12:00"))
    assert week is not None
    assert (week.answered, week.goal, week.frozen, week.kept) == (2, 2, False, True)
    assert this_week(plan, at("2026-06-15 12:00")) != week
    assert this_week(Plan(LONDON), MORNING) is None


def test_a_goal_is_at_least_one(plan: Plan) -> None:
    with pytest.raises(ValueError, match="at least one"):
        choose_weekly_goal(plan, 0)


def test_what_is_stored_is_what_was_meant(plan: Plan) -> None:
    plan, due = came(plan, MORNING)
    found = later_today(plan, due.day, due.at)
    assert found is not None
    assert decode(encode(move_to(found, "Asia/Tokyo", due.at))) == move_to(
        found, "Asia/Tokyo", due.at
    )


@pytest.mark.parametrize(
    "stored",
    ["", "{}", "null", '{"zone":"Moon/Sea"}', '{"zone":"UTC","drill":{"minute":30}}', "[1]"],
)
def test_what_is_no_plan_is_refused(stored: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(stored)
