"""Speaks badly of people, or puts the fault on them."""

from __future__ import annotations

from collections.abc import Iterator

from bot.feedback.judging import Judged, judged
from bot.feedback.look import Look
from bot.feedback.model import Finding
from bot.feedback.parties import sentence
from bot.feedback.rules.base import Case, Rule

# What each kind of judgement weighs.
MILD, FACT, PUT_ON, FAIR = 0.4, 0.15, 0.45, 0.5
ENOUGH, MUCH = 1.0, 2.0


class BlamesOthers(Rule):
    """Fires on judgements of people, or on one with the outcome put on them.

    Quiet on facts ("the supplier sent the wrong part"), on judgements of things, after a fair word,
    and on one judgement whose sentence owns a part of it too.
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
        Case(
            "A patient called me a lazy cow in May. I sat down beside him and asked what hurt. He "
            "took his tablets."
        ),
        Case(
            "I took the donkey work off her because that's just filing, and the lift was a joke, "
            "so I carried it up. She got the tender in with an hour to spare."
        ),
        Case(
            "He was stubborn and unhelpful about the wall, and I get why, it was his name on it. I "
            "opened a metre of it up and he signed on Friday."
        ),
        Case(
            "A boy on my course could barely read and was too proud to ask. I sat with him each "
            "lunch and I made cards. He passed in July with 62 %."
        ),
        Case(
            "The temperature controller was useless and the valve was a joke, so I swapped both "
            "and we ran by noon."
        ),
        Case(
            "Half of those entitled to the grant had never claimed it. A competent person has to "
            "inspect the boiler first, so I rang two, and sixty homes were warm by May."
        ),
        Case(
            "Marek was most against it, he said tests are a waste of time. I sat with him and we "
            "wrote one for his own code, and by June we had two rollbacks where it was nine."
        ),
        Case(
            "I had no business being in that meeting, I was the junior. I asked who would read the "
            "report, and they cut it to two pages."
        ),
        Case(
            "I thought that the new lad was lazy, and he was not lazy at all: he had two jobs. I "
            "moved his start to ten and he was never late again."
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
        Case(
            "The rota broke in May. The man they sent us was full of himself and he never did "
            "a day's work in his life. I redid it by Friday.",
            marks=("full of himself", "never did a day's work"),
        ),
        Case(
            "In May the rota was mine and I left a gap. I rang round and we covered it. Still, the "
            "coordinator was useless and the clown who runs the place sent nobody.",
            marks=("coordinator was useless", "the clown who runs"),
        ),
    )

    def check(self, look: Look) -> Iterator[Finding]:
        """Find judgements and weigh them against a fair word, one against an own share by it."""
        said = judged(look.reading)
        weight = _weight(said)
        if weight >= MUCH or (weight >= ENOUGH and not _owned_too(look, said)):
            sure = 0.9 if weight >= MUCH else 0.65
            yield self.found(said.hard or said.mild or said.put_on, sure)


def _owned_too(look: Look, said: Judged) -> bool:
    """Whether the sentence with the judgement says what the speaker's own part was."""
    around = [sentence(look.reading.text, span) for span in said.hard + said.mild]
    own = look.own_share
    return any(first <= start < last for first, last in around for start, _ in own)


def _weight(said: Judged) -> float:
    """How much is said against others, less what is said for them."""
    against = len(said.hard) + MILD * len(said.mild) + FACT * min(2, len(said.facts))
    return round(against + PUT_ON * len(said.put_on) - FAIR * said.fair, 2)
