"""Actions in general words only: handled, managed, communicated."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.feedback import lexicon
from bot.feedback.between import between
from bot.feedback.look import Deed, Look
from bot.feedback.model import Finding, Label, QuestionType, Span
from bot.feedback.rules.base import Case, Rule
from bot.feedback.topic import SMALL

GENERAL_VERBS = lexicon.SETS["general_verbs"]
ABSTRACT = lexicon.CLASSES["abstract"]
HOW = re.compile(r"\s*(?:\w+\s)?by \w+ing")


class VagueAction(Rule):
    """Fires when no own deed is specific; on plans, when they hold only slogans.

    Quiet on one weak verb among specific ones, and on a weak verb with its how ("I handled it by
    ringing each of the nine families").
    """

    name = "vague_action"
    why = "“I handled it” could be said by anyone; the listener cannot picture you."
    source = (
        "Harvard Mignone Center for Career Success, resume and interview guides: use specific "
        "action verbs"
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
    )

    def check(self, look: Look) -> Iterator[Finding]:
        """Count weak against specific deeds; on plans, slogans against facts."""
        if look.story:
            yield from self._in_story(look)
        elif look.reading.asked.type in {QuestionType.STRATEGIC, QuestionType.SITUATIONAL}:
            yield from self._in_plan(look)

    def _in_story(self, look: Look) -> Iterator[Finding]:
        own = [d for d in look.deeds if d.actor == "i"]
        said = look.reading.signs.get("vague", ()) + look.reading.signs.get("buzz", ())
        said = tuple(sorted(span for span in said if not _says_how(look, span)))
        vague = [deed for deed in own if _is_vague(look, deed, said)]
        strong = len(own) - len(vague)
        if look.has(Label.ACTION) and vague and strong <= (0 if len(vague) < 3 else 1):
            spans = [s for d in vague for s in between(said, *d.span, at=lambda span: span[0])]
            yield self.found(spans or [d.span for d in vague], 0.75 if strong <= 0 else 0.6)

    def _in_plan(self, look: Look) -> Iterator[Finding]:
        reading = look.reading
        slogans = reading.signs.get("buzz", ()) + reading.signs.get("vague", ())
        facts = len(reading.signs.get("measure", ())) + reading.flat.count('"')
        if len(slogans) >= 2 and facts < len(slogans) and len(slogans) * 22 >= reading.fresh_length:
            yield self.found(slogans, 0.7)
        elif reading.fresh_length < 20 and not facts and slogans:
            yield self.found(slogans or look.head(), 0.6)


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
