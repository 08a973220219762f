"""Speaks badly of people, or puts the fault on them."""

from __future__ import annotations

from collections.abc import Iterator

from bot.feedback.look import Look, apart
from bot.feedback.model import Finding
from bot.feedback.rules.base import Case, Rule

GRUMBLE = 0.4  # a complaint that may be a fact weighs less than contempt


class BlamesOthers(Rule):
    """Fires on a judgement of a person or group when no own share is named.

    Quiet on facts ("the supplier sent the wrong part") and when the candidate owns a part.
    """

    name = "blames_others"
    why = "The listener pictures you speaking of them like that next year."
    source = (
        "CareerBuilder survey of 2,700 hiring managers (2010): 52 % named speaking badly of a "
        "current or former employer among the common interview mistakes"
    )
    advice = "Keep the fact, drop the judgement: “we saw it differently”, then your step."
    good = (
        Case(
            "My boss was off sick and the supplier sent the wrong part, so I rang two others "
            "and I drove to get it. The line ran by noon."
        ),
        Case(
            "Our plan was late and the other team was useless at replies, but it was partly "
            "my fault, I hadn't read the contract. I rang them and we agreed new dates."
        ),
    )
    bad = (
        Case(
            "The project failed last year. Honestly my boss never listened and the other "
            "team was lazy and clueless. So it went wrong and we lost the client.",
            marks=(
                "boss never listened",
                "other team was lazy and clueless",
            ),
        ),
    )

    def check(self, look: Look) -> Iterator[Finding]:
        """Find judgements and weigh them against an own share."""
        blame = apart(look.reading.signs.get("blame", ()))
        grumbles = apart(look.reading.signs.get("grumble", ()))
        weight = len(blame) + GRUMBLE * len(grumbles)
        if weight >= 1 and weight > len(look.own_share):
            sure = 0.55 if not blame else 0.7 if weight < 2 else 0.9
            yield self.found(blame or grumbles, sure)
