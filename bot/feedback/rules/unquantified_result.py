"""A result with nothing that measures it, where a measure would be natural."""

from __future__ import annotations

from collections.abc import Iterator

from bot.feedback.look import Look
from bot.feedback.model import Finding, Label
from bot.feedback.rules.base import Case, Rule


class UnquantifiedResult(Rule):
    """Fires when a result has no size and leans on "better", "it went well" or "she sent a card".

    Quiet on any number, time, share or before-and-after, and on a result without such words that
    one can picture ("she hugged me and came back").
    """

    name = "unquantified_result"
    why = "“Better” can mean anything; a size can be repeated to the next person in the room."
    source = (
        "Laszlo Bock, My Personal Formula for a Winning Résumé (2014): accomplished X, as measured "
        "by Y, by doing Z"
    )
    advice = "Add one size: how many, how long, how much, or what it was before."
    good = (
        Case(
            "At the clinic the queue was long in March. I moved the desk and I split the "
            "line. Waiting time fell from 40 minutes to 12."
        ),
        Case(
            "On the ward in May a lady was afraid of the scan. I sat with her and I "
            "explained each noise. She hugged me and came back for the second one alone."
        ),
    )
    bad = (
        Case(
            "At the clinic the queue was long in March. I was asked to fix it. I moved the "
            "desk and I split the line. In the end things were much better and everyone was "
            "very happy.",
            marks=(
                "were much better",
                "was very happy",
            ),
        ),
    )

    def check(self, look: Look) -> Iterator[Finding]:
        """Fire on thin wording without a measure."""
        results = look.clauses(Label.RESULT)
        if not look.story or not results or look.measured:
            return
        thin = [
            span
            for span in look.reading.signs.get("thin_result", ())
            if any(c.start <= span[0] < c.end for c in results)
        ]
        if thin:
            yield self.found(thin, 0.75)
