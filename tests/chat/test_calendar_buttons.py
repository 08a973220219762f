"""A month and a day as buttons."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.calendar_buttons import month_rows, parse_day, parse_minute, parse_month, time_rows

days = st.dates(date(2024, 1, 1), date(2099, 1, 1))


@given(today=days, ahead=st.integers(-400, 800))
def test_a_month_offers_each_of_its_days_once_and_none_that_is_over(
    today: date, ahead: int
) -> None:
    rows = month_rows("a", today + timedelta(days=ahead), today)
    found = [parse_day(data[4:]) for row in rows for _, data in row if data.startswith("a:d:")]
    offered = [day for day in found if day is not None]
    assert len(offered) == len(found)
    assert offered == sorted(set(offered))
    assert all(day >= today for day in offered)
    assert len({(day.year, day.month) for day in offered}) == 1
    assert (offered[-1] + timedelta(days=1)).day == 1
    assert all(len(row) <= 8 for row in rows)
    assert all(text and len(data.encode()) <= 64 for row in rows for text, data in row)


@given(today=days)
def test_the_arrows_lead_a_year_ahead_and_never_back(today: date) -> None:
    month, seen = today, 0
    while arrows := [data for text, data in month_rows("a", month, today)[-1] if text == "→"]:
        following = parse_month(arrows[0][4:])
        assert following is not None
        assert following > month
        month, seen = following, seen + 1
    assert seen == 12
    assert all(text != "←" for text, _ in month_rows("a", today, today)[-1])


def test_times_are_the_half_hours_of_a_working_day() -> None:
    times = [(text, parse_minute(data[4:])) for row in time_rows("a") for text, data in row]
    assert times[0] == ("08:00", 480)
    assert times[-1] == ("17:30", 1050)
    assert len(times) == 20


def test_hostile_codes_are_nothing() -> None:
    for text in ("", "20261301", "2026-1-1", "²0261124", "x" * 8, "99991231", "00010101"):
        assert parse_day(text) is None
    for text in ("2460", "12", "1260", "12:3", "²³¹²"):
        assert parse_minute(text) is None
