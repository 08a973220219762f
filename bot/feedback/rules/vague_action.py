"""Actions in general words only: handled, managed, communicated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.feedback import lexicon
from bot.feedback.between import between
from bot.feedback.concrete import concreteness
from bot.feedback.look import Deed, Look
from bot.feedback.model import Finding, Label, QuestionType, Span
from bot.feedback.reading import Clause
from bot.feedback.rules.base import Case, Rule
from bot.feedback.topic import SMALL

GENERAL_VERBS = lexicon.SETS["general_verbs"]
ABSTRACT = lexicon.CLASSES["abstract"]
BARE, THIN = 0.06, 0.13  # shares of the words that one could picture
THIN_AMID_SLOGANS = 0.2  # the same where a plan has two slogans or more
ENOUGH_WORDS = 15  # to take a share of
HOW = re.compile(r"\s*(?:\w+\s)?by \w+ing")


class VagueAction(Rule):
    """Fires when no own deed is specific; on plans, when they hold only slogans.

    Quiet on one weak verb among specific ones, and on a weak verb with its how ("I handled it by
    ringing each of the nine families").
    """

    name = "vague_action"
    why = "“I handled it” could be said by anyone; the listener cannot picture you."
    source = (
        "CareerBuilder survey of 2,700 hiring managers (2010): 34 % named answers that are not "
        "specific among the common interview mistakes"
    )
    advice = "Replace one general verb with what you said, wrote, made or moved."
    good = (
        Case(
            "The flood closed our home in May. I handled it by ringing each of the nine "
            "families and I drove two of them. All were placed by six."
        ),
        Case(
            "We were short in May. I managed the rota, so I rang four people and swapped two "
            "shifts. Every shift was covered."
        ),
    )
    bad = (
        Case(
            "In March there was a conflict in the team about the plan. I communicated with "
            "everybody and I handled the situation in a professional way. I made sure "
            "everyone was aligned. The project was a success.",
            marks=(
                "communicated with",
                "handled the situation",
                "in a professional way",
            ),
        ),
        Case(
            "In May we had a change of system. I stepped up to the plate, I gave it my all and I "
            "did whatever it took. It went live on the day.",
            marks=("stepped up to the plate", "gave it my all", "did whatever it took"),
        ),
    )

    def check(self, look: Look) -> Iterator[Finding]:
        """Count weak against specific deeds, and general words against what one could picture."""
        if look.story:
            yield from self._in_story(look)
        elif look.reading.asked.type in {QuestionType.STRATEGIC, QuestionType.SITUATIONAL}:
            yield from self._in_plan(look)

    def _in_story(self, look: Look) -> Iterator[Finding]:
        own = [d for d in look.deeds if d.actor == "i"]
        said = _slogans(look)
        said = tuple(span for span in said if not _says_how(look, span))
        vague = [deed for deed in own if _is_vague(look, deed, said)]
        strong = len(own) - len(vague)
        spans = [s for d in vague for s in between(said, *d.span, at=lambda span: span[0])]
        acts = look.clauses(Label.ACTION)
        if acts and vague and strong <= (0 if len(vague) < 3 else 1):
            yield self.found(spans or [d.span for d in vague], 0.75 if strong <= 0 else 0.6)
        elif own and _is_bare(look, acts, said):
            yield self.found(spans or [d.span for d in own], 0.65)

    def _in_plan(self, look: Look) -> Iterator[Finding]:
        reading = look.reading
        slogans = _slogans(look)
        facts = len(reading.signs.get("measure", ())) + reading.flat.count('"')
        if len(slogans) >= 2 and facts < len(slogans) and len(slogans) * 22 >= reading.fresh_length:
            yield self.found(slogans, 0.7)
        elif reading.fresh_length < 20 and not facts and slogans:
            yield self.found(slogans or look.head(), 0.6)
        elif _is_empty_plan(look, len(slogans), facts):
            plans = [c.span for c in reading.fresh if c.shape.verb not in {"state", "none"}]
            yield self.found(slogans or plans or look.head(), 0.65)


def _is_empty_plan(look: Look, slogans: int, facts: int) -> bool:
    """Whether next to nothing in a plan can be pictured, or little beside its slogans."""
    if look.reading.fresh_length < ENOUGH_WORDS:
        return False
    told = concreteness(look.reading, look.reading.fresh)
    least = BARE if not slogans or facts > slogans else THIN if slogans == 1 else THIN_AMID_SLOGANS
    return told < least


def _slogans(look: Look) -> tuple[Span, ...]:
    signs = look.reading.signs
    return tuple(sorted(signs.get("vague", ()) + signs.get("buzz", ())))


def _is_bare(look: Look, clauses: Sequence[Clause], slogans: tuple[Span, ...]) -> bool:
    """Whether there is next to nothing in some clauses that one could picture."""
    if sum(clause.last - clause.first for clause in clauses) < ENOUGH_WORDS:
        return False
    told = concreteness(look.reading, clauses)
    inside = [s for s in slogans if any(c.start <= s[0] < c.end for c in clauses)]
    return told < BARE or (told < THIN and bool(inside))


def _is_vague(look: Look, deed: Deed, general: tuple[Span, ...]) -> bool:
    """Whether a deed is told in general words: a weak verb, a slogan, an object like "things"."""
    start, end = deed.span
    if deed.weak or between(general, start, end, at=lambda span: span[0]):
        return True
    if deed.base not in GENERAL_VERBS:
        return False
    words = between(look.reading.words, start + 1, end, at=lambda word: word.start)
    rest = [word.text for word in words][1:]
    return not any(
        w not in SMALL and w not in ABSTRACT and lexicon.present_base(w) is None for w in rest
    )


def _says_how(look: Look, span: Span) -> bool:
    """Whether the general verb goes on with its means: "handled it by ringing"."""
    return HOW.match(look.reading.flat, span[1]) is not None
