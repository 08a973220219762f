"""Who of a panel an answer reaches."""

from __future__ import annotations

import pytest

from bot.interview.model import Book, Panelist
from bot.interview.panel import hearings

# A contract of fifteen words at least; the ones under test stand first.
OTHERS = tuple(f"filler{number}" for number in range(15))


def listening_for(*words: str) -> Panelist:
    return Panelist(
        id="finance",
        name="Dana",
        title="Finance lead",
        department="Finance",
        worries="Cost.",
        introduces="Dana.",
        hears=(*words, *OTHERS),
        missed="Nothing for Dana.",
    )


def heard(answer: str, *words: str) -> str | None:
    """The words of the answer that were heard."""
    (hearing,) = hearings(answer, [listening_for(*words)])
    return answer[slice(*hearing.words)] if hearing.words else None


@pytest.mark.parametrize(
    ("answer", "words", "expected"),
    [
        ("I built a network.", ("net",), None),
        ("The Internet was down.", ("net",), None),
        ("We counted the net gain.", ("net",), "net"),
        ("It was safer.", ("safe",), None),
        ("Waste fell by 40%.", ("%",), "%"),
        ("Waste fell by 40 % in a year.", ("%",), "%"),
        ("It saved £300.", ("£",), "£"),
        ("We had 200€ left.", ("€",), "€"),
        ("COST was the point.", ("cost",), "COST"),
        ("It cost, in the end, a day.", ("cost",), "cost"),
        ("(cost)", ("cost",), "cost"),
        ("A write-off of stock.", ("write-off",), "write-off"),
        ("A write-off of stock.", ("write", "write-off"), "write-off"),
        ("A rewrite-offer.", ("write-off",), None),
        ("It was over budget in May.", ("budget", "over budget"), "over budget"),
        ("First price, then cost.", ("cost", "price"), "price"),
        ("The C++ build.", ("c++",), "C++"),
        ("", ("cost",), None),
    ],
)
def test_only_whole_words_are_heard(
    answer: str, words: tuple[str, ...], expected: str | None
) -> None:
    assert heard(answer, *words) == expected


def test_each_member_of_the_panel_is_reached_by_what_worries_them(book: Book) -> None:
    answer = "I trained two starters, the budget held, and every delivery left on time."
    finance, people, operations = hearings(answer, book.personas["panel"].panelists)
    assert [answer[slice(*each.words)] for each in (finance, people, operations) if each.words] == [
        "budget",
        "trained",
        "delivery",
    ]


def test_an_answer_about_nothing_reaches_nobody(book: Book) -> None:
    found = hearings("It was a sunny day in June.", book.personas["panel"].panelists)
    assert [each.words for each in found] == [None, None, None]


def test_every_word_on_a_panelists_list_can_be_heard(book: Book) -> None:
    for panelist in book.personas["panel"].panelists:
        for word in panelist.hears:
            (hearing,) = hearings(f"Then {word} it was.", [panelist])
            assert hearing.words is not None, word


def test_what_was_heard_is_shown_with_the_words_around_it(book: Book) -> None:
    panelist = book.personas["panel"].panelists[0].model_copy(update={"hears": ("budget",)})
    answer = "It was a bad year. So I cut the mid-year budget by a third, and told them why."
    (hearing,) = hearings(answer, (panelist,))
    assert hearing.phrase == "So I cut the mid-year budget by a third, and told"


def test_what_is_quoted_is_where_most_that_they_listen_for_stands() -> None:
    dana = listening_for("cost", "budget", "saved")
    answer = "The cost of living is one thing. " + "Then much else happened. " * 4
    answer += "We kept to the budget and saved a tenth."
    (hearing,) = hearings(answer, [dana])
    assert hearing.phrase == "We kept to the budget and saved a tenth"
