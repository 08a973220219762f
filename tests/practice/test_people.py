"""Who a candidate will meet, read from one message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.practice.people import (
    LONGEST_NAME,
    LONGEST_ROLE,
    MOST_PEOPLE,
    Person,
    face_for,
    greeting,
    read_people,
)


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Ana Ruiz, head of ops; Tom (engineer)", ["Ana Ruiz (head of ops)", "Tom (engineer)"]),
        ("Ana Ruiz\nTom Baker", ["Ana Ruiz", "Tom Baker"]),
        ("Ana, Tom and Priya", ["Ana", "Tom", "Priya"]),
        ("Ana, Tom, and Priya", ["Ana", "Tom", "Priya"]),
        ("Maria & José", ["Maria", "José"]),
        ("ana ruiz", ["Ana Ruiz"]),
        (
            "Ana Ruiz, Head of Ops and Tom Baker, engineer",
            ["Ana Ruiz (Head of Ops)", "Tom Baker (engineer)"],
        ),
        ("Ana Ruiz, head of people and culture", ["Ana Ruiz (head of people and culture)"]),
        ("1. Dr. Wei Chen - Medical Director", ["Dr. Wei Chen (Medical Director)"]),
        ("- Sam O'Neil: peer", ["Sam O'Neil (peer)"]),
        ("Ngozi (CEO), Bo (CFO) and Al (peer)", ["Ngozi (CEO)", "Bo (CFO)", "Al (peer)"]),
        ("Tom from HR", ["Tom (HR)"]),
        ("Ana Ruiz head of ops", ["Ana Ruiz (head of ops)"]),
        ("I'll meet with Ana", ["Ana"]),
        ("the head of ops", ["head of ops"]),
        ("Ana and someone from the team", ["Ana", "team"]),
        ("田中 健", ["田中 健"]),
        ("Ольга Петрова, директор", ["Ольга Петрова", "директор"]),
        ("Ana; ana", ["Ana"]),
        ("josé álvarez", ["José Álvarez"]),
        (
            "mr boateng store manger and a lady from HR",
            ["Mr Boateng (store manger)", "lady from HR"],
        ),
        ("Ana Ruiz, head of ops and someone from HR", ["Ana Ruiz (head of ops)", "HR"]),
        ("The manager and a lady from HR", ["manager", "lady from HR"]),
        ("ana ruiz and the head of ops", ["Ana Ruiz", "head of ops"]),
        ("head of people and the culture team", ["head of people and the culture team"]),
        ("i forget her name is esther mensah", ["Esther Mensah"]),
        ("😀", []),
        ("...", []),
        ("", []),
    ],
)
def test_names_and_roles_are_read_as_people_type_them(text: str, labels: list[str]) -> None:
    assert [person.label for person in read_people(text)] == labels


def test_a_pasted_page_is_no_list_of_names() -> None:
    assert read_people("Ana Ruiz, head of ops. " * 500) == ()


@given(st.text(max_size=600))
def test_whatever_is_typed_nobody_is_without_a_label_or_too_long(text: str) -> None:
    people = read_people(text)
    assert len(people) <= MOST_PEOPLE
    for person in people:
        assert any(map(str.isalpha, person.label))
        assert len(person.name) <= LONGEST_NAME
        assert len(person.role) <= LONGEST_ROLE


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Ana Ruiz", "Ana"),
        ("Tom", "Tom"),
        ("Dr. Wei Chen", "Dr. Chen"),
        ("Prof Okafor", "Prof Okafor"),
        ("Dr", "Dr"),
        ("田中 健", "田中 健"),
        ("Ольга Петрова", "Ольга Петрова"),
        ("José Álvarez", "José"),
        ("", ""),
    ],
)
def test_a_letter_greets_people_as_they_would_be_greeted(name: str, greeted: str) -> None:
    assert greeting(name) == greeted


@pytest.mark.parametrize(
    ("people", "face"),
    [
        ([], "hiring_manager"),
        ([Person("Ana", "head of ops")], "executive"),
        ([Person("Ana", "team lead")], "hiring_manager"),
        ([Person("Tom", "engineer")], "peer"),
        ([Person("Tom", "engineer"), Person("Ana", "CEO")], "executive"),
        ([Person("A"), Person("B"), Person("C")], "panel"),
    ],
)
def test_practice_is_with_whoever_is_most_like_them(people: list[Person], face: str) -> None:
    assert face_for(people) == face
