"""Um, like and you know, over and over."""

from __future__ import annotations

from collections.abc import Iterator

from bot.feedback import lexicon
from bot.feedback.look import Look
from bot.feedback.model import Finding
from bot.feedback.rules.base import Case, Rule

UM_SHARE = 0.06
ALL_SHARE = 0.11


class Fillers(Rule):
    """Fires at six "um" or eleven fillers of any kind in a hundred words.

    Quiet on a few: everybody pauses. Quiet on "like" and "you know" where they carry sense.
    """

    name = "fillers"
    why = "At this density the listener hears the gaps, not the story."
    source = (
        "Practice threshold: on our practice answers faulted ones had 18-29 fillers in a hundred "
        "words, others up to 10.5"
    )
    advice = "Breathe where the “um” would go. Silence is fine."
    good = (
        Case(
            "Um, so I'd like the right tools, and it felt like the right time, you know your "
            "product. I actually measured it, and it looked like a kind of pump."
        ),
    )
    bad = (
        Case(
            "Um so like I was um basically you know on the um desk and um like the phone was "
            "um ringing basically.",
            marks=(
                "Um",
                "like",
                "um",
            ),
        ),
    )

    def check(self, look: Look) -> Iterator[Finding]:
        """Count fillers for each hundred words."""
        reading = look.reading
        ums = sum(
            1 for start, end in reading.filler_spans if reading.flat[start:end] in lexicon.FILLERS
        )
        length = max(1, reading.fresh_length)
        share = reading.filler_count / length
        if reading.filler_count >= 4 and (ums / length >= UM_SHARE or share >= ALL_SHARE):
            yield self.found(reading.filler_spans, 0.7 + share)
