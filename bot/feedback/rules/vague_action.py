"""Actions in general words only: handled, managed, communicated."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.feedback.look import Look
from bot.feedback.model import Finding, Label, QuestionType, Span
from bot.feedback.rules.base import Case, Rule

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
        acts = look.clauses(Label.ACTION)
        vague = [s for s in look.reading.signs.get("vague", ()) if not _says_how(look, s)]
        weak = [d.span for d in own if d.weak]
        strong = len(own) - len(weak) - len(vague)
        if acts and (weak or vague) and strong <= (0 if len(weak) + len(vague) < 3 else 1):
            yield self.found((vague + weak)[:3], 0.75 if strong <= 0 else 0.6)

    def _in_plan(self, look: Look) -> Iterator[Finding]:
        reading = look.reading
        slogans = reading.signs.get("buzz", ()) + reading.signs.get("vague", ())
        facts = len(reading.signs.get("measure", ())) + reading.flat.count('"')
        if len(slogans) >= 2 and facts < len(slogans) and len(slogans) * 22 >= reading.fresh_length:
            yield self.found(slogans, 0.7)
        elif reading.fresh_length < 20 and not facts and slogans:
            yield self.found(slogans or look.head(), 0.6)


def _says_how(look: Look, span: Span) -> bool:
    """Whether the general verb goes on with its means: "handled it by ringing"."""
    return HOW.match(look.reading.flat, span[1]) is not None
