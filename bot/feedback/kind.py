"""What kind of talk an answer is: a story, talk in general, a hypothetical, or nothing at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp
from typing import NamedTuple

from bot.feedback import lexicon
from bot.feedback.model import QuestionType
from bot.feedback.reading import Clause, Reading

PAST = frozenset(["past", "was", "passive", "progressive", "perfect", "had_to"])
WOULD = frozenset(["would", "could", "should"])
# Verbs in "I will tell you of one" and the like: they lead up to a story.
INTRODUCES = frozenset(
    ["tell", "give", "share", "start", "go", "use", "pick", "say", "admit", "try", "begin", "be",
     "have", "never", "talk", "describe", "explain", "mention", "take", "keep"]
)  # fmt: skip
HEADINGS = frozenset(["s_heading", "s_where", "t_heading", "a_heading", "r_heading"])
ENOUGH_HEADINGS = 2
STEPS = 3  # deeds in the present that make a story
FEWEST = 15  # words that can be a kind of talk
MOST_HABITS = 3
HALF = 0.5
GENERAL: Mapping[str, float] = lexicon.load("talk.toml")["general"]
DOERS = frozenset(["i", "we", "elided"])
DEEDS = frozenset(["deed", "speech", "change", "weak"])


class Kind(StrEnum):
    """How an answer talks."""

    STORY = "story"
    GENERAL = "general"
    HYPOTHETICAL = "hypothetical"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Talk:
    """The kind of talk and the counts behind it, in clauses.

    `sure` is the chance that no event is told, 0 to 1; `now` when a story is told in the present
    ("so I take him aside and I ask").
    """

    kind: Kind
    past_deeds: int
    would_deeds: int
    events: int
    general: int
    sure: float
    now: bool


def is_would(clause: Clause) -> bool:
    """Whether the clause says what the speaker would do, lessons and polite frames aside."""
    if clause.signs & {"polite"}:
        return False
    if any(hit.cue.id in {"l_next_time", "l_learned"} for hit in clause.hits):
        return False
    form = clause.shape
    if form.tense == "future":  # "first I will call all of them", but not "I will tell you of one"
        doing = form.verb in DEEDS and form.base not in INTRODUCES
        return doing and form.actor in {"i", "we"} and "generic" not in clause.signs
    if form.actor == "elided" and form.base in {"have", "be"}:
        return False  # "could've been three"
    return form.tense in WOULD and form.actor in DOERS | {"you"}


def own_past(reading: Reading) -> int:
    """How many clauses tell of the speaker's own past."""
    return sum(
        clause.shape.actor == "i"
        and clause.shape.tense in {"past", "perfect", "progressive", "was"}
        for clause in reading.fresh
    )


class Counts(NamedTuple):
    """How many clauses of each sort an answer holds, and whether a scene is set."""

    past: int
    would: int
    events: int
    general: int
    present: int
    headings: int
    scene: bool
    total: int


def count(reading: Reading) -> Counts:
    """Count one-time past events, talk in general and "I would"."""
    past = events = general = present = headings = 0
    would: list[Clause] = []
    for clause in reading.fresh:
        form = clause.shape
        told = form.tense in PAST
        done = form.actor in DOERS and form.verb in DEEDS
        if is_would(clause):
            would.append(clause)
        elif "generic" in clause.signs and form.tense in {"present", "none", "perfect"}:
            general += 1
        elif told and done:
            past += 1
        elif form.tense == "present" and done:
            present += 1
        events += told
        headings += any(hit.cue.id in HEADINGS for hit in clause.hits)
    scene = any("event" in clause.signs for clause in reading.fresh)
    total = max(1, len(reading.fresh))
    return Counts(past, _plans(reading, would), events, general, present, headings, scene, total)


def _plans(reading: Reading, would: Sequence[Clause]) -> int:
    """How many of some clauses with "would" or "will" make a plan."""
    futures = sum(clause.shape.tense == "future" for clause in would)
    if futures < STEPS and "first" not in reading.vocabulary:
        would = [clause for clause in would if clause.shape.tense != "future"]  # a habit, no order
    if len(would) == 1 and would[0].shape.base == "say":
        return 0  # "that was mine, I'd say"
    return len(would)


def talk_of(reading: Reading) -> Talk:
    """Weigh one-time past events against talk in general and "I would"."""
    told = count(reading)
    behavioral = reading.asked.type is QuestionType.BEHAVIORAL
    kind = _kind(reading, told) if behavioral else Kind.STORY
    now = kind is Kind.STORY and told.present >= STEPS and told.present > told.past
    return Talk(kind, told.past, told.would, told.events, told.general, chance_of_talk(told), now)


def _kind(reading: Reading, told: Counts) -> Kind:
    """What kind of reply to a question about a past event the counts make."""
    past, would, events, general, present, _, scene, total = told
    if (would >= 2 and would > past and would * 3 >= total and events * 2 <= total + 1) or (
        would >= max(1, general) and past * 3 <= would and not scene and events * 3 <= total
    ):
        dodged = {"fake_weakness", "dodge", "cannot"} & reading.signs.keys()
        return Kind.GENERAL if dodged and general + present > 1 and not past else Kind.HYPOTHETICAL
    supposed = "if_frame" in reading.signs and not general
    if supposed and events * 6 <= total and present >= STEPS * (1 + past):
        return Kind.HYPOTHETICAL  # "say I come on shift": a plan told in the present
    if events == 0 and not general and reading.fresh_length < FEWEST:
        return Kind.NOTHING
    if told_now(told) or chance_of_talk(told) <= HALF:
        return Kind.STORY
    return Kind.GENERAL


def told_now(told: Counts) -> bool:
    """Whether a story may be told in the present: with a scene, step by step, or by headings."""
    return (
        (told.scene and told.present + told.events >= 2)
        or (not told.general and told.present >= STEPS)
        or told.headings >= ENOUGH_HEADINGS
    )


def talk_counts(told: Counts) -> dict[str, float]:
    """What speaks for and against talk in general, by the names of data/talk.toml."""
    return {
        "past": told.past / told.total,
        "events": told.events / told.total,
        "none": float(not told.events),
        "general": told.general / told.total,
        "habits": min(MOST_HABITS, told.general),
        "present": told.present / told.total,
        "would": told.would / told.total,
        "scene": float(told.scene),
    }


def chance_of_talk(told: Counts) -> float:
    """How likely it is that no event is told, 0 to 1."""
    weighed = sum(GENERAL[name] * value for name, value in talk_counts(told).items())
    return 1 / (1 + exp(-GENERAL["start"] - weighed))
