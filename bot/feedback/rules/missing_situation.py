"""No place, time or people: the listener cannot tell where this was."""

from __future__ import annotations

from collections.abc import Iterator

from bot.feedback.look import Look
from bot.feedback.model import Finding, Label
from bot.feedback.rules.base import Case, Rule

THIN, BARE = 0.12, 0.06  # share of the words that set the scene
OUT_OF_PLACE = -1.0  # points by which the answer reads better as one without any situation
FRAMES = frozenset({"s_time_frame", "s_at_place", "s_where"})


class MissingSituation(Rule):
    """Fires when a story has no situation and names no setting in its first part.

    Quiet when the setting stands inside the task or the action ("I called our Leeds depot").
    """

    name = "missing_situation"
    why = "Without where and when, the listener cannot judge how hard it was."
    source = (
        "University of Georgia Career Center, Acing the Interview: a specific situation, "
        "in enough detail for the interviewer to understand"
    )
    advice = "Open with one line: where you were, when, and what was going on."
    good = (
        Case(
            "Last winter at the depot the scanner died, so I borrowed one from next door and "
            "we loaded all forty vans on time."
        ),
    )
    bad = (
        Case(
            "I took the cover off and checked the rollers. I swapped the belt and I marked "
            "it with paint so others could see. It ran without a stop after that.",
            marks=("I took the cover off and checked the rollers.",),
        ),
    )

    def check(self, look: Look) -> Iterator[Finding]:
        """Look for a situation, or for a setting in the first two fifths."""
        if not look.story or look.reading.fresh_length < 30:
            return
        headline_first = look.labels[0] is Label.RESULT
        edge = look.reading.fresh[-1].end * (0.7 if headline_first else 0.4)
        settings = [span for span in look.reading.signs.get("place_time", ()) if span[0] < edge]
        settings += [
            clause.span
            for clause in look.reading.fresh
            if clause.start < edge and any(hit.cue.id in FRAMES for hit in clause.hits)
        ]
        share = look.shares[Label.SITUATION]
        if share < THIN and not settings:
            yield self.found(look.head(), 0.8 if share < BARE else 0.65)
        elif look.margin(Label.SITUATION) < OUT_OF_PLACE:
            yield self.found(look.head(), 0.7)
