"""Wall times and quiet hours, against clocks that are walked minute by minute."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.practice.wall_time import (
    QuietHours,
    UnknownZone,
    day_exists,
    day_of,
    instant,
    minute_of,
    zone_named,
)
from tests.practice.clocks import DAY, MINUTE, Walked, at, changes, there, zones

minutes = st.integers(0, 1439)
near_changes = st.sampled_from(changes())


def test_every_zone_has_a_clock() -> None:
    assert len(zones()) > 400
    assert len(changes()) > 100
    for name in zones():
        assert instant(date(2026, 6, 1), 720, zone_named(name)).date() is not None


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "Europe", "Lagos"])
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(UnknownZone):
        zone_named(name)


def test_around_every_change_a_wall_time_comes_when_the_walked_clock_first_shows_it() -> None:
    for number, change in enumerate(changes()):
        walked, zone = Walked(change.zone, change.at), zone_named(change.zone)
        here = change.at.astimezone(zone).replace(tzinfo=None)
        edges = {-61, -60, -59, -31, -30, -29, -1, 0, 1, 29, 30, 31, 59, 60, 61}
        for near in edges | set(range(number % 13 - 300, 300, 13)):
            wall = here + near * MINUTE
            found = instant(wall.date(), wall.hour * 60 + wall.minute, zone)
            assert found == walked.expected(wall), (change, wall)


@pytest.mark.parametrize(
    ("zone", "day", "minute", "comes"),
    [
        ("Europe/London", "2026-03-29", 90, "2026-03-29 01:00"),
        ("Europe/London", "2026-10-25", 90, "2026-10-25 00:30"),
        ("Europe/Dublin", "2026-03-29", 90, "2026-03-29 01:00"),
        ("Australia/Lord_Howe", "2026-10-04", 135, "2026-10-03 15:30"),
        ("Australia/Lord_Howe", "2026-04-05", 105, "2026-04-04 14:45"),
        ("Africa/Cairo", "2026-04-24", 10, "2026-04-23 22:00"),
        ("America/Sao_Paulo", "2018-11-04", 30, "2018-11-04 03:00"),
        ("America/Nuuk", "2026-03-28", 23 * 60 + 30, "2026-03-29 01:00"),
        ("Pacific/Apia", "2011-12-30", 19 * 60, "2011-12-30 10:00"),
    ],
)
def test_famous_clocks(zone: str, day: str, minute: int, comes: str) -> None:
    assert instant(date.fromisoformat(day), minute, zone_named(zone)) == at(comes)


def test_samoa_had_no_thirtieth_of_december() -> None:
    apia = zone_named("Pacific/Apia")
    days = [date(2011, 12, 28) + count * DAY for count in range(5)]
    assert [day.day for day in days if not day_exists(day, apia)] == [30]


@settings(max_examples=150, deadline=None)
@given(near_changes, minutes, minutes, st.integers(-1500, 1500))
def test_the_next_allowed_instant_is_the_first_outside_quiet_hours(
    change, start, end, shift
) -> None:
    quiet, zone = QuietHours(start, end), zone_named(change.zone)
    when = change.at + shift * MINUTE
    expected = when
    while minute_of(expected, zone) in quiet:
        expected += MINUTE
    found = quiet.next_allowed(when, zone)
    assert minute_of(found, zone) not in quiet
    if found != expected:  # the clocks went back, to before the quiet hours had begun
        assert found > expected
        assert minute_of(expected, zone) < minute_of(expected - MINUTE, zone)


@settings(max_examples=150, deadline=None)
@given(near_changes, minutes, minutes, st.integers(-1500, 1500))
def test_the_last_allowed_instant_is_before_the_quiet_hours(change, start, end, shift) -> None:
    quiet, zone = QuietHours(start, end), zone_named(change.zone)
    when = change.at + shift * MINUTE
    found = quiet.last_allowed(when, zone)
    assert found <= when
    assert minute_of(found, zone) not in quiet
    assert when - found <= timedelta(days=2, hours=2)  # one allowed minute, and a gap over it
    if minute_of(when, zone) not in quiet:
        assert found == when


@settings(max_examples=100, deadline=None)
@given(near_changes, minutes, minutes, minutes)
def test_what_belongs_to_a_day_stays_on_it_outside_quiet_hours(change, start, end, minute) -> None:
    quiet, zone = QuietHours(start, end), zone_named(change.zone)
    day = day_of(change.at, zone) + 2 * DAY
    found = quiet.fitted(day, minute, zone)
    assert minute_of(found, zone) not in quiet
    assert day_of(found, zone) == day


def test_quiet_hours_run_over_midnight() -> None:
    quiet, lagos = QuietHours(21 * 60 + 30, 8 * 60), zone_named("Africa/Lagos")
    late = there("2026-05-04 23:10", "Africa/Lagos")
    assert quiet.next_allowed(late, lagos) == there("2026-05-05 08:00", "Africa/Lagos")
    assert quiet.last_allowed(late, lagos) == there("2026-05-04 21:29", "Africa/Lagos")
    assert [minute in quiet for minute in (1289, 1290, 0, 479, 480)] == [
        False,
        True,
        True,
        True,
        False,
    ]


def test_quiet_hours_that_end_in_the_hour_that_happens_twice_end_each_time() -> None:
    quiet, london = QuietHours(0, 90), zone_named("Europe/London")
    for before, ends in (("00:10", "00:30"), ("00:40", "00:40"), ("01:10", "01:30")):
        found = quiet.next_allowed(at(f"2026-10-25 {before}"), london)
        assert found == at(f"2026-10-25 {ends}")


def test_equal_ends_mean_no_quiet_hours() -> None:
    assert not any(minute in QuietHours(600, 600) for minute in range(1440))


@pytest.mark.parametrize("ends", [(-1, 5), (5, 1440)])
def test_quiet_hours_are_minutes_of_the_day(ends: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="minutes of the day"):
        QuietHours(*ends)
