"""What kind of talk an answer is: a story, talk in general, a hypothetical, or nothing at all."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

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

    `now` when a story is told in the present ("so I take him aside and I ask").
    """

    kind: Kind
    past_deeds: int
    would_deeds: int
    events: int
    general: int
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


def talk_of(reading: Reading) -> Talk:
    """Weigh one-time past events against talk in general and "I would"."""
    past = would = events = general = present_deeds = headings = 0
    scene = False
    would_bases: set[str] = set()
    for clause in reading.fresh:
        form = clause.shape
        told = form.tense in PAST
        if is_would(clause):
            would += 1
            would_bases.add(form.base)
        elif "generic" in clause.signs and form.tense in {"present", "none", "perfect"}:
            general += 1
        elif told and form.actor in DOERS and form.verb in DEEDS:
            past += 1
        elif form.tense == "present" and form.actor in DOERS and form.verb in DEEDS:
            present_deeds += 1
        if told:
            events += 1
        scene = scene or "event" in clause.signs
        headings += any(hit.cue.id in HEADINGS for hit in clause.hits)
    futures = sum(clause.shape.tense == "future" and is_would(clause) for clause in reading.fresh)
    if futures < STEPS and "first" not in reading.vocabulary:
        would -= futures  # "I'll answer my phone at night" is a habit; a plan has an order
    if would == 1 and "say" in would_bases:
        would = 0  # "that was mine, I'd say"
    total = max(1, len(reading.fresh))
    # A story may be told in the present, once its scene is set or step by step, or by headings.
    told_now = (
        (scene and present_deeds + events >= 2)
        or (not general and present_deeds >= STEPS)
        or headings >= ENOUGH_HEADINGS
    )
    kind = Kind.STORY
    if reading.asked.type is QuestionType.BEHAVIORAL:
        if (would >= 2 and would > past and would * 3 >= total and events * 2 <= total + 1) or (
            would >= max(1, general) and past * 3 <= would and not scene and events * 3 <= total
        ):
            dodged = {"fake_weakness", "dodge", "cannot"} & reading.signs.keys()
            talk_now = general + present_deeds > 1 and not past
            kind = Kind.GENERAL if dodged and talk_now else Kind.HYPOTHETICAL
        elif (
            events * 6 <= total
            and present_deeds >= STEPS * (1 + past)
            and "if_frame" in reading.signs
            and not general
        ):
            kind = Kind.HYPOTHETICAL  # "say I come on shift": a plan told in the present
        elif events == 0 and not told_now:
            kind = Kind.NOTHING if reading.fresh_length < 15 and not general else Kind.GENERAL
        elif (past <= 1 and general and general >= events and not (scene and told_now)) or (
            past == 0 and events * 3 <= total and not told_now
        ):
            kind = Kind.GENERAL
    now = kind is Kind.STORY and present_deeds >= STEPS and present_deeds > past
    return Talk(kind, past, would, events, general, now)
