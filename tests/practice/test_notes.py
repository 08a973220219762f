"""Letters after an interview: short, none like another, nothing in them that nobody told."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content import Wording, load_content
from bot.practice.notes import (
    GAP,
    LONGEST_POINT,
    MOST_WORDS_IN_POINT,
    MOST_WORDS_OF_CHECK_IN,
    MOST_WORDS_OF_THANKS,
    another_letter,
    in_sentence,
    letters_for,
    read_point,
    read_role,
    says_of_them,
    sentence,
    within,
    word_count,
)
from bot.practice.people import MOST_PEOPLE

WORDING = load_content()[1]
THANKS = WORDING.letters("thank_you")
CHECK_INS = [*WORDING.letters("check_in"), *WORDING.letters("second_check_in")]
FACTS = {"name": "Ana", "company": "Harlow", "role": "ward manager"}
words = st.lists(st.from_regex(r"[A-Za-zéß田<&{}'-]{1,12}", fullmatch=True), max_size=12)
names = words.map(" ".join)


def sentences(letter: str) -> set[str]:
    """The sentences of a letter, and its lines."""
    return {part.strip() for part in re.split(r"(?<=[.?!:])\s+|\n+", letter) if part.strip()}


def thanks(letter: str, /, **facts: str) -> str:
    return WORDING.letter(letter, **{**FACTS, **facts})


def check_in(letter: str, /, **facts: str) -> str:
    full = {
        "point": "the rota is the hardest part.",
        "by": "Ana",
        "company": "Harlow",
        "role": "ward manager",
        "named": "Friday 4 December",
        "day": "Thursday 26 November",
    }
    return WORDING.letter(letter, **{**full, **facts})


# What they said


@pytest.mark.parametrize(
    ("typed", "point"),
    [
        ("She said that the rota is the hardest part.", "the rota is the hardest part"),
        ("The pager rota", "the pager rota"),
        ("about the pager rota", "the pager rota"),
        ("I keep thinking about the rota", "the rota"),
        ("Ana told us about the flood", "the flood"),
        ("I liked how you run retros", "how you run retros"),
        ("Kubernetes, and why they moved", "Kubernetes, and why they moved"),
        ("“We fail fast”", "we fail fast"),
        ("why not sooner?", "why not sooner?"),
        ("asked", "asked"),
        ("Nnamdi's story about the ward", "Nnamdi's story about the ward"),
        ("😀", ""),
        ("...", ""),
        ("word " * (MOST_WORDS_IN_POINT + 1), None),
        ("x" * (LONGEST_POINT + 1), None),
    ],
)
def test_a_point_is_kept_in_their_words_to_stand_after_a_colon(
    typed: str, point: str | None
) -> None:
    assert read_point(typed, "Ana") == point


def test_a_point_that_speaks_of_its_reader_is_noticed() -> None:
    assert says_of_them("she wants somebody who stays")
    assert not says_of_them("the theatre is short of hands")


def test_a_point_ends_its_sentence_once() -> None:
    assert sentence("the rota") == "the rota."
    assert sentence("why not sooner?") == "why not sooner?"
    assert sentence("") == f"{GAP}."


@pytest.mark.parametrize(
    ("typed", "role"),
    [
        ("the ward manager position", "ward manager"),
        ("Product Manager", "Product Manager"),
        ("job", "job"),
        ("HR lead  role", "HR lead"),
    ],
)
def test_a_job_is_kept_without_the_words_around_it(typed: str, role: str) -> None:
    assert read_role(typed) == role


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        ("Ward manager", "ward manager"),
        ("Nurse", "nurse"),
        ("HR lead", "HR lead"),
        ("Product Manager", "Product Manager"),
        ("Senior SRE", "Senior SRE"),
        ("", ""),
    ],
)
def test_a_job_that_a_phone_began_with_a_capital_is_small_in_a_sentence(
    role: str, shown: str
) -> None:
    assert in_sentence(role) == shown


# Thank-you letters


def test_there_is_a_letter_for_everybody_one_can_name() -> None:
    assert len(THANKS) > MOST_PEOPLE


@pytest.mark.parametrize(("one", "other"), list(combinations(THANKS, 2)))
def test_two_letters_share_no_sentence(one: str, other: str) -> None:
    first = thanks(one, name="Ana", point="the rota is the hardest part.")
    second = thanks(other, name="Tom", point="the move to one code base.")
    assert sentences(first) & sentences(second) == set()


@pytest.mark.parametrize("letter", THANKS)
def test_a_letter_thanks_quotes_the_point_and_wants_the_job(letter: str) -> None:
    text = thanks(letter, point="the rota is the hardest part.")
    assert ": the rota is the hardest part.\n" in text
    assert re.search(r"\b[Tt]hank|\bgrateful", text)
    assert re.search(r"\b(?:job|role|position|work|interested)\b", text)
    assert "Ana" in text.splitlines()[0]
    assert "ward manager" in text or "Harlow" in text
    assert "___" not in text


@pytest.mark.parametrize("letter", THANKS)
def test_a_letter_to_somebody_unnamed_about_nothing_known_has_one_gap(letter: str) -> None:
    text = thanks(letter, name="", company="", role="", point=sentence(""))
    assert text.count(GAP) == 1
    assert re.fullmatch(r"[A-Z][a-z]+(?: [a-z]+)?,", text.splitlines()[0])
    assert_well_laid_out(text)


@pytest.mark.parametrize("letter", [*THANKS, *CHECK_INS])
def test_only_what_was_told_changes_from_letter_to_letter(letter: str) -> None:
    """Each fact stands there as it was told; take the facts out, and no other word has changed."""
    write = thanks if letter in THANKS else check_in
    facts = ("name", "company", "role", "point") if letter in THANKS else ("company", "role", "by")

    def without_facts(mark: str) -> str:
        told = {fact: f"{mark}{fact}" for fact in facts}
        return write(letter, **told).replace(mark, "")

    assert without_facts("Qx") == without_facts("Zy")


@settings(max_examples=60, deadline=None)
@given(names, names, names, st.text(max_size=LONGEST_POINT), st.sampled_from(THANKS))
def test_thanks_are_never_longer_than_120_words(
    name: str, company: str, role: str, said: str, letter: str
) -> None:
    point = read_point(said) or ""
    facts = {"name": name, "company": company, "role": role, "point": sentence(point)}

    def write(**told: str) -> str:
        return WORDING.letter(letter, **told)

    text = within(MOST_WORDS_OF_THANKS, write, facts, ("company", "role"))
    assert word_count(text) <= MOST_WORDS_OF_THANKS
    assert point in text


@settings(max_examples=60, deadline=None)
@given(names, names, st.text(max_size=LONGEST_POINT), st.booleans(), st.sampled_from(CHECK_INS))
def test_check_ins_are_never_longer_than_80_words(
    company: str, role: str, said: str, named: bool, letter: str
) -> None:
    facts = {
        "point": sentence(point) if (point := read_point(said)) else "",
        "by": "Ana" if point else "",
        "company": company,
        "role": role,
        "named": "Wednesday 30 December 2026" if named else "",
        "day": "Wednesday 16 December 2026",
    }

    def write(**told: str) -> str:
        return WORDING.letter(letter, **told)

    text = within(MOST_WORDS_OF_CHECK_IN, write, facts, ("point", "company", "role", "named"))
    assert word_count(text) <= MOST_WORDS_OF_CHECK_IN
    assert "___" not in text or "___" in said


@pytest.mark.parametrize("letter", CHECK_INS)
@pytest.mark.parametrize("gone", ["point", "by", "company", "role", "named"])
def test_a_check_in_reads_well_whatever_is_not_known(letter: str, gone: str) -> None:
    text = check_in(letter, **{gone: ""})
    assert "?" in text
    assert_well_laid_out(text)
    assert_well_laid_out(check_in(letter, point="", by="", company="", role="", named=""))


def test_no_letter_just_checks_in() -> None:
    for letter in CHECK_INS:
        assert not re.search(r"just (?:checking|wanted)|touch base|circle back", check_in(letter))


def assert_well_laid_out(text: str) -> None:
    for ugly in ("  ", " ,", " .", "..", "\n\n\n", "None", "{"):
        assert ugly not in text, text
    assert text == text.strip()
    assert text.endswith(",")


# Who gets which


@given(st.integers(0, MOST_PEOPLE), st.integers())
def test_no_two_people_get_the_same_letter(count: int, seed: int) -> None:
    people = [str(number) for number in range(count)]
    chosen = letters_for(people, len(THANKS), seed)
    assert len(set(chosen.values())) == count


def test_another_wording_is_one_that_nobody_else_gets() -> None:
    assert another_letter(0, [1, 2], 4) == 3
    assert another_letter(3, [], 4) == 0
    assert another_letter(0, [1, 2], 3) == 0


def test_neighbouring_letters_differ_in_tone() -> None:
    tones = [name.removesuffix(".txt").split("_")[-1] for name in THANKS]
    assert all(one != other for one, other in pairwise(tones))


def test_letters_hold_html_and_braces_as_they_were_typed() -> None:
    text = thanks(THANKS[0], name="<b>Eve</b>", point="{{ 7 * 7 }} & more.")
    assert "<b>Eve</b>" in text
    assert "{{ 7 * 7 }} & more." in text
    assert isinstance(WORDING, Wording)
