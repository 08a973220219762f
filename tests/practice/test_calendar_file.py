from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar, Component

from bot.practice.calendar_file import Event, calendar_file, file_name

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
EVENT = Event(
    uid="interview-7@second-round",
    sequence=0,
    title="Second round, Harlow & Sons; hiring manager",
    start=datetime(2026, 12, 1, 14, 0, tzinfo=UTC),
    minutes=60,
    zone="Europe/Berlin",
    place="Room 2, Main Street\nsecond floor",
    notes="You meet: Dana Roth (CFO), Ümit\nBring: the plan; a pen \\ paper",
)


def read_back(event: Event) -> tuple[Component, Component]:
    calendar = Calendar.from_ical(calendar_file(event, stamp=NOW))
    (entry,) = calendar.walk("VEVENT")
    return calendar, entry


def test_what_is_written_is_read_back_with_every_comma_and_line() -> None:
    calendar, entry = read_back(EVENT)
    assert entry["SUMMARY"] == EVENT.title
    assert entry["LOCATION"] == EVENT.place
    assert entry["DESCRIPTION"] == EVENT.notes
    assert entry["UID"] == EVENT.uid
    assert calendar["METHOD"] == "PUBLISH"
    assert not list(calendar.walk("VALARM"))


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"])
def test_the_start_and_end_are_the_same_instants_in_any_zone(zone: str) -> None:
    _, entry = read_back(replace(EVENT, zone=zone, minutes=45))
    assert entry["DTSTART"].dt.astimezone(UTC) == EVENT.start
    assert entry["DTEND"].dt.astimezone(UTC) - EVENT.start == timedelta(minutes=45)


def test_the_wall_time_stands_in_the_file_with_its_zone_explained() -> None:
    text = calendar_file(EVENT, stamp=NOW).decode()
    assert "DTSTART;TZID=Europe/Berlin:20261201T150000" in text
    assert "BEGIN:VTIMEZONE" in text
    assert len(text) < 2000  # not every change of the clock since 1970


def test_a_moved_interview_is_the_same_entry_with_a_higher_number() -> None:
    _, before = read_back(EVENT)
    _, after = read_back(replace(EVENT, sequence=1, start=EVENT.start + timedelta(days=1)))
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_a_cancelled_interview_takes_its_entry_away() -> None:
    calendar, entry = read_back(replace(EVENT, sequence=2, cancelled=True))
    assert calendar["METHOD"] == "CANCEL"
    assert entry["STATUS"] == "CANCELLED"


def test_lines_end_and_fold_as_calendars_expect() -> None:
    lines = calendar_file(replace(EVENT, notes="é" * 400), stamp=NOW).split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in b"".join(lines)


@pytest.mark.parametrize(
    ("company", "name"),
    [
        ("Harlow & Sons", "interview-harlow-sons.ics"),
        ("Müller GmbH", "interview-muller-gmbh.ics"),
        ("../../etc", "interview-etc.ics"),
        ("株式会社", "interview.ics"),
        ("x" * 500, f"interview-{'x' * 40}.ics"),
    ],
)
def test_the_file_has_a_name_that_any_phone_can_save(company: str, name: str) -> None:
    assert file_name(company) == name
