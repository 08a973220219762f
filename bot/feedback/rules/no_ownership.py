"""A failure or weakness question dodged."""

from __future__ import annotations

from collections.abc import Iterator

from bot.feedback.judging import judged
from bot.feedback.kind import Kind
from bot.feedback.look import Look, apart
from bot.feedback.model import Finding, QuestionType, Span
from bot.feedback.rules.base import Case, Rule
from bot.feedback.topic import asks_for_a_fault, nearest

# Asked about these, somebody else's part in what went wrong is a plain fact.
THEIRS = frozenset({"problem_solving", "decision_making", "developing_others", "leadership"})


ENOUGH_WORDS = 28  # for a fault to have been named in them
MUCH_REPAIR = 4  # own deeds after which the answer is about the repair


class NoOwnership(Rule):
    """Fires on a fake weakness, a failure pushed away, and talk where a failure was asked for.

    Quiet on a fault in plain words, also without the word "mistake" ("I had signed it off unread").
    """

    name = "no_ownership"
    why = "The question tests whether you can own a fault; this one was handed away."
    source = (
        "Sezer, Gino and Norton 2018, Humblebragging: a distinct and ineffective self-presentation "
        "strategy, Journal of Personality and Social Psychology"
    )
    advice = "Name one thing that you did or left out, then what you changed."
    good = (
        Case(
            "In May I had signed the order off unread, and we paid twice. I rang the "
            "supplier, got it back and now I read each line aloud.",
            question="Tell me about a mistake you made.",
            competency="failure",
        ),
        Case(
            "Not ringing him back was my mistake. I rang at two, I said sorry and I drove the part "
            "over myself. He stayed, and I ring first now.",
            question="Tell me about a time you failed.",
            competency="failure",
        ),
        Case(
            "A delivery went missing in my second year. I'd put it in the wrong van. I drove it "
            "out that night, and I read each label aloud now.",
            question="Tell me about a time you failed.",
            competency="failure",
        ),
    )
    bad = (
        Case(
            "My biggest weakness is that I am a perfectionist and I care too much.",
            question="What is your biggest weakness?",
            competency="failure",
            marks=(
                "perfectionist",
                "care too much",
            ),
        ),
        Case(
            "We lost the tender in May. Our bid was better, everybody said so, but you can't win "
            "them all.",
            question="Tell me about a time you failed.",
            competency="failure",
            marks=("Our bid was better", "everybody said so", "can't win them all"),
        ),
        Case(
            "The freezer went over Easter. I was on call, but that alarm is noise, that's on the "
            "lab manager. So no, it was not my fault.",
            question="Tell me about a time you failed.",
            competency="failure",
            marks=("that's on the lab manager", "was not my fault"),
        ),
    )

    def check(self, look: Look) -> Iterator[Finding]:
        """Look for a dodge, then for an own share."""
        asked = look.reading.asked
        if asked.type not in {QuestionType.BEHAVIORAL, QuestionType.MOTIVATION}:
            return
        if not asks_for_a_fault(asked):
            return
        signs = look.reading.signs
        fake, blame, dodge = apart(signs.get("fake_weakness", ())), *_handed_away(look)
        own = look.own_share
        if fake and len(fake) + len(dodge) > len(own):
            yield self.found(fake, 0.85)
        elif _only_talks(look) and not own:
            yield self.found(dodge or signs.get("cannot", ()) or look.head(), 0.65)
        elif _nothing_owned(look, own, dodge):
            yield self.found(blame or look.tail(), 0.45)  # silence is a weaker sign than a dodge
        elif not dodge and (len(blame) < 2 or len(look.own_deeds) > 1):
            return
        elif len(dodge) + (0 if len(own) > 1 else len(blame)) > len(own):
            yield self.found(dodge + blame, 0.85 if dodge and not own else 0.65)


def _handed_away(look: Look) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The judgements on others, and the words that push a fault away.

    That it is not one's own takes a second sign: whose it is, or what is wrong with them.
    """
    reading, signs = look.reading, look.reading.signs
    said = judged(reading)
    excuse = () if nearest(reading.asked.competency) in THEIRS else signs.get("excuse", ())
    pushed = said.put_on if len(said.put_on) > 1 or said.hard or said.mild else ()
    return said.hard, apart((*signs.get("dodge", ()), *excuse, *pushed))


def _only_talks(look: Look) -> bool:
    """Whether a failure was asked for and nothing that happened is told."""
    return (
        look.behavioral
        and look.talk.kind is Kind.GENERAL
        and look.talk.past_deeds == 0
        and look.reading.fresh_length >= ENOUGH_WORDS
        and nearest(look.reading.asked.competency) == "failure"
    )


def _nothing_owned(look: Look, own: tuple[Span, ...], dodge: tuple[Span, ...]) -> bool:
    """Whether a told failure has neither a fault, nor a lesson, nor much of a repair."""
    return (
        look.story
        and look.reading.fresh_length >= ENOUGH_WORDS
        and nearest(look.reading.asked.competency) == "failure"
        and not own
        and not dodge
        and len(look.own_deeds) < MUCH_REPAIR
        and not any(hit.cue.id.startswith("l_") for c in look.reading.fresh for hit in c.hits)
    )
