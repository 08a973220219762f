from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.practice.dates import read_when
from bot.practice.days import Doubt
from bot.practice.deadlines import Deadline, read_deadline
from bot.practice.times_of_day import read_minutes, read_time

SUNDAY = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
WEDNESDAY = date(2026, 11, 25)
LONDON = "Europe/London"


def at(day: str, hour: str = "00:00") -> datetime:
    return datetime.fromisoformat(f"2026-{day}T{hour}" if len(day) == 5 else f"{day}T{hour}")


PLAIN = {
    "Tue 3pm": at("11-24", "15:00"),
    "Tues 3.30pm": at("11-24", "15:30"),
    "3pm on Tuesday": at("11-24", "15:00"),
    "at 3 on tuesday": at("11-24", "15:00"),
    "3 o'clock Tuesday": at("11-24", "15:00"),
    "this friday 2pm": at("11-27", "14:00"),
    "Friday at noon": at("11-27", "12:00"),
    "quarter past ten on Friday": at("11-27", "10:15"),
    "9.30 Friday": at("11-27", "09:30"),
    "mon 9h30": at("11-23", "09:30"),
    "next week Wednesday 2 pm": at("11-25", "14:00"),
    "wednesday next week at 2": at("11-25", "14:00"),
    "a week on Thursday 10am": at("12-03", "10:00"),
    "Thursday week 10am": at("12-03", "10:00"),
    "tomorrow at 9": at("11-23", "09:00"),
    "tmrw 9am": at("11-23", "09:00"),
    "tomorow at 9am": at("11-23", "09:00"),
    "8am tomorrow": at("11-23", "08:00"),
    "wensday 10am": at("11-25", "10:00"),
    "day after tomorrow 11:15": at("11-24", "11:15"),
    "today 5pm": at("11-22", "17:00"),
    "tonight 7": at("11-22", "19:00"),
    "in an hour": at("11-22", "11:00"),
    "in 3 days at 10am": at("11-25", "10:00"),
    "in 10 days at 4pm": at("12-02", "16:00"),
    "14.12. 15:00": at("12-14", "15:00"),
    "14.12.2026 15:00": at("12-14", "15:00"),
    "14/12 15h": at("12-14", "15:00"),
    "12/14 3pm": at("12-14", "15:00"),
    "30-11-2026 14:00": at("11-30", "14:00"),
    "Mon 30/11 at 14.00": at("11-30", "14:00"),
    "2026-12-01 09:00": at("12-01", "09:00"),
    "2026-12-01T09:00": at("12-01", "09:00"),
    "Dec 14 3:30 pm": at("12-14", "15:30"),
    "14 December at 15.30": at("12-14", "15:30"),
    "14th Dec, 1500": at("12-14", "15:00"),
    "1 dec 9.30": at("12-01", "09:30"),
    "December 1st, 9 in the morning": at("12-01", "09:00"),
    "the 1st of December, half past two": at("12-01", "14:30"),
    "dec 3 at 7": at("12-03", "07:00"),
    "3 December at 8:30": at("12-03", "08:30"),
    "3 December at 7 in the evening": at("12-03", "19:00"),
    "3 December, half 3": at("12-03", "15:30"),
    "tuesday 24th 2pm": at("11-24", "14:00"),
    "24th at 2pm": at("11-24", "14:00"),
    "Wed 25 Nov 14:00": at("11-25", "14:00"),
    "1 January 10am": at("2027-01-01", "10:00"),
    "29 feb 10am": at("2028-02-29", "10:00"),
    "the interview is on friday the 4th of december at half past ten": at("12-04", "10:30"),
    "Dienstag 15 Uhr": at("11-24", "15:00"),
    "14 décembre à 15h": at("12-14", "15:00"),
}


@pytest.mark.parametrize(("text", "start"), PLAIN.items())
def test_a_date_and_time_in_plain_words_has_one_reading(text: str, start: datetime) -> None:
    reading = read_when(text, SUNDAY, LONDON)
    assert reading is not None
    assert reading.start == start
    assert reading.alternatives == ()
    assert (reading.has_date, reading.has_time, reading.past) == (True, True, False)


@pytest.mark.parametrize(
    ("text", "start", "other", "why"),
    [
        ("3/4 10am", at("2027-04-03", "10:00"), at("2027-03-04", "10:00"), Doubt.DAY_OR_MONTH),
        ("next Tue 3pm", at("11-24", "15:00"), at("12-01", "15:00"), Doubt.WHICH_WEEK),
        ("in two weeks, Thursday 10", at("12-03", "10:00"), at("12-10", "10:00"), Doubt.WHICH_WEEK),
        ("Sunday 12:00", at("11-22", "12:00"), at("11-29", "12:00"), Doubt.WHICH_WEEK),
        ("Wed 24 Nov 14:00", at("11-24", "14:00"), at("11-25", "14:00"), Doubt.WEEKDAY_DIFFERS),
        ("20 Nov 3pm", at("11-20", "15:00"), at("2027-11-20", "15:00"), Doubt.WHICH_YEAR),
    ],
)
def test_words_that_can_mean_two_days_give_both(
    text: str, start: datetime, other: datetime, why: Doubt
) -> None:
    reading = read_when(text, SUNDAY, LONDON)
    assert reading is not None
    assert (reading.start, reading.alternatives, reading.why) == (start, (other,), why)


def test_where_months_come_first_the_same_words_are_read_the_other_way_round() -> None:
    reading = read_when("3/4 10am", SUNDAY, "America/Chicago")
    assert reading is not None
    assert reading.start == at("2027-03-04", "10:00")
    assert reading.alternatives == (at("2027-04-03", "10:00"),)


def test_a_weekday_settles_which_number_is_the_month() -> None:
    reading = read_when("Thu 3/12 10am", SUNDAY, "America/Chicago")
    assert reading is not None
    assert (reading.start, reading.why) == (at("12-03", "10:00"), Doubt.NONE)


@pytest.mark.parametrize("text", ["14/12", "fri", "the 24th", "in 2 weeks", "tomorrow morning"])
def test_a_day_without_a_time_says_that_the_time_is_missing(text: str) -> None:
    reading = read_when(text, SUNDAY, LONDON)
    assert reading is not None
    assert (reading.has_date, reading.has_time, reading.start.time()) == (True, False, time(0))


@pytest.mark.parametrize(
    ("text", "start"), [("15h", at("11-22", "15:00")), ("at 9", at("11-23", "09:00"))]
)
def test_a_time_without_a_day_says_that_the_day_is_missing(text: str, start: datetime) -> None:
    reading = read_when(text, SUNDAY, LONDON)
    assert reading is not None
    assert (reading.start, reading.has_date, reading.has_time) == (start, False, True)


@pytest.mark.parametrize("text", ["yesterday 3pm", "last friday 3pm", "20 Nov 3pm", "1.11.2026"])
def test_what_is_over_is_noticed(text: str) -> None:
    reading = read_when(text, SUNDAY, LONDON)
    assert reading is not None
    assert reading.past


@pytest.mark.parametrize(
    ("text", "minutes"), [("Thu 2-3.30pm", 90), ("thu 15:00-16:30", 90), ("Fri 10 for 45 min", 45)]
)
def test_a_length_that_is_said_along_is_kept(text: str, minutes: int) -> None:
    reading = read_when(text, SUNDAY, LONDON)
    assert reading is not None
    assert reading.minutes == minutes
    assert reading.start.hour in {10, 14, 15}


@pytest.mark.parametrize(
    ("text", "hour", "zone"),
    [
        ("Tuesday 3pm CET", 14, "Europe/Paris"),
        ("10am EST Tuesday", 15, "America/New_York"),
        ("Tuesday 3pm Lagos time", 14, "Africa/Lagos"),
    ],
)
def test_another_clock_is_named_back_and_reckoned_with(text: str, hour: int, zone: str) -> None:
    reading = read_when(text, SUNDAY, LONDON)
    assert reading is not None
    assert (reading.start, reading.said_zone) == (at("11-24", f"{hour}:00"), zone)


NONSENSE = (
    *("", "?", "hello there", "I don't know yet", "asap", "whenever they like", "I have 9 cats"),
    *("December", "next month", "weekend", "31.11. 10:00", "30 feb", "tomorrow 25:00", "0/0 0:00"),
    *("Tuesday or Wednesday 3pm", "friday not thursday at 3", "Dec 14-15", "in in at at", "😅"),
    *("a " * 5000, "9" * 10_000, "mon " * 2500, "9:9" * 60),
)


@pytest.mark.parametrize("text", NONSENSE, ids=lambda text: text[:20])
def test_what_names_no_single_day_is_not_guessed_at(text: str) -> None:
    assert read_when(text, SUNDAY, LONDON) is None


PARTS = (
    *(
        "mon",
        "tue",
        "next",
        "last",
        "week",
        "in",
        "two",
        "2",
        "10",
        "14/12",
        "14.12.",
        "3/4",
        "12:30",
    ),
    *(
        "9.30",
        "3pm",
        "15h",
        "at",
        "the",
        "24th",
        "december",
        "half past",
        "noon",
        "tonight",
        "2026",
    ),
    *(
        "for 45 min",
        "an hour",
        "months",
        "end of",
        "cet",
        "working days",
        "99",
        "-",
        "or",
        "?",
        "é",
    ),
)
scraps = st.lists(st.sampled_from(PARTS), max_size=9).map(" ".join) | st.text(max_size=60)


@settings(max_examples=150, deadline=None)
@given(scraps)
def test_no_scrap_of_text_breaks_a_reading(text: str) -> None:
    reading = read_when(text, SUNDAY, LONDON)
    if reading is not None:
        assert reading.start.tzinfo is None
        assert reading.start not in reading.alternatives
        assert bool(reading.alternatives) == bool(reading.why)
    deadline = read_deadline(text, WEDNESDAY)
    assert deadline is None or deadline.day is None or deadline.day >= WEDNESDAY
    assert read_minutes(text) is None or 0 < (read_minutes(text) or 0) <= 720
    read_time(text)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_tomorrow_is_the_candidates_tomorrow(zone: str) -> None:
    days = {"Pacific/Kiritimati": at("11-24", "09:00"), "Pacific/Pago_Pago": at("11-22", "09:00")}
    reading = read_when("tomorrow 9am", SUNDAY.replace(hour=10, minute=30), zone)
    assert reading is not None
    assert reading.start == days[zone]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("end of next week", date(2026, 12, 4)),
        ("next week", date(2026, 12, 4)),
        ("early next week", date(2026, 12, 1)),
        ("end of the week", date(2026, 11, 27)),
        ("Friday", date(2026, 11, 27)),
        ("Monday or Tuesday", date(2026, 12, 1)),
        ("by friday next week", date(2026, 12, 4)),
        ("in 10 days", date(2026, 12, 5)),
        ("two weeks", date(2026, 12, 9)),
        ("a fortnight", date(2026, 12, 9)),
        ("2-3 weeks", date(2026, 12, 16)),
        ("within a week", date(2026, 12, 2)),
        ("5 working days", date(2026, 12, 2)),
        ("48 hours", date(2026, 11, 27)),
        ("by the end of the month", date(2026, 11, 30)),
        ("mid december", date(2026, 12, 15)),
        ("end of January", date(2027, 1, 31)),
        ("14.12.", date(2026, 12, 14)),
        ("tomorrow", date(2026, 11, 26)),
    ],
)
def test_when_they_decide_is_the_last_day_that_their_words_allow(text: str, day: date) -> None:
    assert read_deadline(text, WEDNESDAY) == Deadline(day)


@pytest.mark.parametrize(
    "text", ["they didn't say", "no idea", "not sure", "I don't know", "soon", "?", "no date given"]
)
def test_that_they_did_not_say_is_an_answer(text: str) -> None:
    assert read_deadline(text, WEDNESDAY) == Deadline(None)


@pytest.mark.parametrize("text", ["", "yesterday", "asdf", "x" * 10_000, "they may call"])
def test_a_deadline_that_is_not_understood_is_none(text: str) -> None:
    assert read_deadline(text, WEDNESDAY) is None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("45 min", 45),
        ("half a day", 240),
        ("an hour", 60),
        ("an hour and a half", 90),
        ("two and a half hours", 150),
        ("1h30", 90),
        ("1.5 hours", 90),
        ("half an hour", 30),
        ("45-60 min", 60),
        ("all day", 480),
        ("90", 90),
        ("dunno", None),
        ("2", None),
        ("9000 hours", None),
    ],
)
def test_a_length_in_words_is_so_many_minutes(text: str, minutes: int | None) -> None:
    assert read_minutes(text) == minutes


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("3pm", time(15)),
        ("15h", time(15)),
        ("1530", time(15, 30)),
        ("half nine", time(9, 30)),
        ("half 6 evening", time(18, 30)),
        ("half 8pm", time(20, 30)),
        ("half 11.", time(11, 30)),
        ("half 13", None),
        ("noon", time(12)),
        ("12am", time(0)),
        ("7 in the evening", time(19)),
        ("half past three in the afternoon", time(15, 30)),
        ("banana", None),
        ("13:5", None),
    ],
)
def test_a_time_alone_is_read_as_people_work(text: str, hour: time | None) -> None:
    assert read_time(text) == hour
