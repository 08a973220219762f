"""Cutting, cues and clauses: the steps below the labels."""

from __future__ import annotations

import pytest

from bot.feedback import Asked, Channel, lexicon
from bot.feedback.cues import GAPS, PART, CueBook
from bot.feedback.reading import TABLES, read_answer
from bot.feedback.words import flatten, read


def clauses(answer: str, channel: Channel = Channel.TYPED) -> list[str]:
    reading = read_answer(answer, Asked("Tell me about a time."), channel)
    return [answer[clause.start : clause.end] for clause in reading.clauses]


def shapes(answer: str) -> list[tuple[str, str, str]]:
    reading = read_answer(answer, Asked("Tell me about a time."), Channel.TYPED)
    return [(c.shape.actor, c.shape.verb, c.shape.tense) for c in reading.clauses]


@pytest.mark.parametrize(
    ("answer", "items"),
    [
        ("- old till, 40 short - rang the office - 0 short since", 3),
        ("What I did: • rang the office • swapped the roller", 3),
        ("1) rang the office 2) swapped the roller (twice)", 2),
        ("I rang him - he was late - and we went in.", 1),
        ("It was 2) or 3) on the list.", 1),
    ],
)
def test_a_list_on_one_line_is_cut_at_its_markers(answer: str, items: int) -> None:
    reading = read_answer(answer, Asked("Tell me about a time."), Channel.TYPED)
    assert sum(clause.hard for clause in reading.clauses) == items


def test_a_sentence_is_cut_where_the_subject_changes() -> None:
    said = "The printer in our office died, so I borrowed one next door, and we made it in time."
    assert clauses(said) == [
        "The printer in our office died,",
        "so I borrowed one next door,",
        "and we made it in time.",
    ]


def test_a_transcript_is_cut_without_any_punctuation() -> None:
    said = "so the fridge went down and i rang the engineer and he never came so i moved the stock"
    assert len(clauses(said, Channel.VOICE)) >= 3


@pytest.mark.parametrize(
    "answer",
    ["It cost 4.12 a day.", "Dr. Osei rang at 6.30 p.m. sharp.", "We sell e.g. bolts and nuts."],
)
def test_a_stop_inside_a_number_or_a_short_form_ends_nothing(answer: str) -> None:
    assert clauses(answer) == [answer]


def test_bullets_and_lines_are_pieces_of_their_own() -> None:
    assert (
        len(clauses("- where: a depot in Hull\n- me: rang the office\n- result: all 40 left")) == 3
    )


@pytest.mark.parametrize(
    ("answer", "shape"),
    [
        ("I rang the supplier.", ("i", "speech", "past")),
        ("We rebuilt the rota.", ("we", "deed", "past")),
        ("The queue was long.", ("thing", "state", "was")),
        ("A rota was drawn up.", ("thing", "deed", "passive")),
        ("My manager wanted it by Friday.", ("person", "state", "past")),
        ("I'd ask the nurse.", ("i", "speech", "would")),
        ("I wouldnae ask the nurse.", ("i", "speech", "would")),
        ("So I goes to the nurse.", ("i", "change", "past")),
        ("Says I to the nurse.", ("i", "speech", "past")),
        ("I was after telling the nurse.", ("i", "speech", "past")),
        ("Asked by the nurse to help.", ("elided", "speech", "passive")),
        ("I'd inherited the account.", ("i", "deed", "perfect")),
        ("I had to close it.", ("i", "state", "had_to")),
        ("me: pulled the logs", ("i", "deed", "past")),
        ("I cut the list.", ("i", "deed", "past")),
        ("I managed the rota.", ("i", "weak", "past")),
    ],
)
def test_who_does_what_and_when(answer: str, shape: tuple[str, str, str]) -> None:
    assert shapes(answer) == [shape]


def test_chat_spelling_is_read_as_plain_words() -> None:
    words = [word.text for word in read(flatten("i didnt tell u b4, bc ppl w/ 3wks’ work"))]
    assert words[:7] == ["i", "did", "not", "tell", "you", "before", "because"]
    assert "people" in words


def test_a_cue_that_can_match_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        CueBook({"empty": {"say": ["(a|b)?"], "S": 1}})


def test_a_choice_inside_a_choice_is_refused() -> None:
    with pytest.raises(ValueError, match="choice inside a choice"):
        CueBook({"nested": {"say": ["(a|b (c|d))"], "S": 1}})


@pytest.mark.parametrize("name", TABLES)
def test_every_word_class_that_a_cue_names_exists_and_no_cue_asks_for_a_dropped_word(
    name: str,
) -> None:
    known = {
        f"<{name}>" for name in (*lexicon.CLASSES, "year", "num", "past", "verb", "ing", "arrow")
    }
    known |= {f"<{name}>" for name in ("deed", "state", "mental", "speech", "change", "weak")}
    dropped = lexicon.FILLERS | lexicon.ADVERBS
    for cue, entry in lexicon.load(name).items():
        for phrase in entry["say"]:
            for part in PART.findall(phrase.removeprefix("^")):
                symbols = part.strip("()?").replace("|", " ").split()
                unknown = [s for s in symbols if s.startswith("<") and s not in known]
                assert not unknown, (cue, phrase)
                assert part in GAPS or not dropped & set(symbols), (cue, phrase)


def test_a_capital_without_a_stop_opens_a_new_line() -> None:
    said = "i had to reach 24,000 pcs by noon Then I took their points in writing"
    assert clauses(said) == [
        "i had to reach 24,000 pcs by noon",
        "Then I took their points in writing",
    ]


def test_a_long_text_without_a_stop_is_cut_where_a_new_subject_acts() -> None:
    said = (
        "it was a cold night at the depot in hull and the scanner died i borrowed one from the "
        "shop next door i printed forty lists on paper the vans left on time nobody waited at the "
        "gate and the manager thanked us"
    )
    assert "i borrowed one from the shop next door" in clauses(said, Channel.VOICE)
    assert "the vans left on time" in clauses(said, Channel.VOICE)


@pytest.mark.parametrize(
    "opening",
    [
        "so what i did was i rang the three bakers",
        "and what i took from it is ring first",
        "what i took from it is ring first",
        "and within one month nobody waited",
        "so the next morning half of them stayed",
    ],
)
def test_a_long_text_without_a_stop_is_cut_where_the_story_moves_on(opening: str) -> None:
    told = (
        "the bread van was late every day that spring and people stood outside in the rain with"
        " their bags and some of them told me they would rather buy it elsewhere "
    )
    cuts = clauses(told + opening + " and the boss put it on the wall", Channel.VOICE)
    assert any(clause.startswith(opening.split(" is ")[0][:12]) for clause in cuts)


@pytest.mark.parametrize(
    ("inside", "kept"),
    [
        ("the boss asked me what i'd seen on the day and i told him", "what i'd seen"),
        ("i found out exactly what happened with the van and rang", "what happened"),
        ("i did the late shift in march and in april that year too", "and in april"),
        ("we cleaned the front end and the back end of the shop first", "and the back end"),
    ],
)
def test_a_long_text_without_a_stop_is_not_cut_inside_a_phrase(inside: str, kept: str) -> None:
    told = (
        "the bread van was late every day that spring and people stood outside in the rain with"
        " their bags and some of them told me they would rather buy it elsewhere so "
    )
    cuts = clauses(f"{told}{inside} and we wrote it all down for the owner", Channel.VOICE)
    assert not any(clause.startswith(kept) for clause in cuts)


def test_i_think_before_a_deed_is_left_out_and_an_opinion_is_kept() -> None:
    assert shapes("I think I rang the doctor.") == [("i", "speech", "past")]
    assert shapes("I think that helps.")[0][0] == "i"
