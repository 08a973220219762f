from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.practice.places import is_zone, look_up, named_zone, now_there, zone_at


@pytest.mark.parametrize(
    ("text", "label", "zone"),
    [
        ("Lagos", "Lagos, Nigeria", "Africa/Lagos"),
        ("München", "Munich, Germany", "Europe/Berlin"),
        ("munchen", "Munich, Germany", "Europe/Berlin"),
        ("Muenchen", "Munich, Germany", "Europe/Berlin"),
        ("MUNICH", "Munich, Germany", "Europe/Berlin"),
        ("Sao Paulo", "São Paulo, Brazil", "America/Sao_Paulo"),
        ("NYC", "New York City, New York, United States", "America/New_York"),
        ("Москва", "Moscow, Russia", "Europe/Moscow"),
        ("東京", "Tokyo, Japan", "Asia/Tokyo"),
        ("Bangalore", "Bengaluru, India", "Asia/Kolkata"),
        ("St. Petersburg", "Saint Petersburg, Russia", "Europe/Moscow"),
        ("Portland, Maine", "Portland, Maine, United States", "America/New_York"),
        ("portland me", "Portland, Maine, United States", "America/New_York"),
        ("london uk", "London, England, United Kingdom", "Europe/London"),
        ("Paris, France", "Paris, France", "Europe/Paris"),
        ("I'm in Berlin", "Berlin, Germany", "Europe/Berlin"),
        ("europe/berlin", "Berlin", "Europe/Berlin"),
        ("CET", "CET", "Europe/Paris"),
        ("utc", "UTC", "UTC"),
    ],
)
def test_a_place_is_found_however_it_is_written(text: str, label: str, zone: str) -> None:
    best = look_up(text).best
    assert best is not None
    assert (best.label, best.zone) == (label, zone)


def test_the_biggest_city_of_a_name_comes_first_and_the_others_are_told_apart() -> None:
    found = look_up("Birmingham")
    assert found.best is not None
    assert found.best.zone == "Europe/London"
    labels = [place.label for place in found.others]
    assert "Birmingham, Alabama, United States" in labels
    assert len(set(labels)) == len(labels) <= 5


def test_a_nickname_of_some_other_town_does_not_crowd_the_list() -> None:
    assert all(place.name == "Portland" for place in look_up("Portland").others)


@pytest.mark.parametrize(
    ("typo", "meant"), [("Lndon", "London"), ("Berln", "Berlin"), ("Mnchester", "Manchester")]
)
def test_a_typo_is_answered_with_what_may_have_been_meant(typo: str, meant: str) -> None:
    found = look_up(typo)
    assert found.best is None
    assert found.suggestions[0] == meant
    assert len(found.suggestions) <= 3


@pytest.mark.parametrize(
    "text",
    ["", "  ", "x", "asdkjhq", "|", ",", "\n", "😅", "hello there my friend", "Berlin " * 1000],
)
def test_what_is_no_place_is_kindly_nothing(text: str) -> None:
    found = look_up(text)
    assert (found.best, found.others, found.suggestions) == (None, (), ())


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=90))
def test_no_text_breaks_the_search(text: str) -> None:
    found = look_up(text)
    assert found.best is None or is_zone(found.best.zone)
    assert len(found.others) <= 5
    assert len(found.suggestions) <= 3


def test_a_shared_position_has_the_zone_of_the_land_it_is_on() -> None:
    assert zone_at(6.5, 3.4) == "Africa/Lagos"
    assert zone_at(-33.9, 151.2) == "Australia/Sydney"
    assert zone_at(500.0, 500.0) is None


def test_a_clock_named_in_passing_is_known_with_its_summer_time() -> None:
    assert named_zone("ET") == "America/New_York"
    assert named_zone("london", with_cities=True) == "Europe/London"
    assert named_zone("london") is None


def test_a_zone_is_shown_by_the_time_it_is_there() -> None:
    now = datetime(2026, 11, 22, 18, 42, tzinfo=UTC)
    assert now_there("Africa/Lagos", now) == "Lagos, 19:42 now"
    assert now_there("Europe/Berlin", now, "Munich") == "Munich, 19:42 now"
    assert now_there("America/Sao_Paulo", now) == "Sao Paulo, 15:42 now"


def test_every_zone_of_every_city_is_one_that_python_knows() -> None:
    for city in ("Kyiv", "Asuncion", "Ulaanbaatar", "Nuuk", "Juba", "Almaty"):
        best = look_up(city).best
        assert best is not None
        assert is_zone(best.zone)
