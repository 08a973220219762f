"""No place, time or people: the listener cannot tell where this was."""

from __future__ import annotations

from bot.feedback.look import Look
from bot.feedback.model import Label, Span
from bot.feedback.rules.base import Case
from bot.feedback.rules.missing import MissingPart
from bot.feedback.rules.weighed import length

FIRST_PART = 0.4  # share of the answer in which a setting should stand
MOST = 4
FRAMES = frozenset({"s_time_frame", "s_at_place", "s_where"})


class MissingSituation(MissingPart):
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

    part = Label.SITUATION
    fewest = 30

    def own_counts(self, look: Look) -> dict[str, float]:
        """The settings in the first part, and how much of the answer is deeds."""
        return {
            "settings": min(MOST, len(settings(look))),
            "action_share": look.likely_shares[Label.ACTION],
            "length": length(look),
        }

    def quotes(self, look: Look) -> tuple[Span, ...]:
        """The beginning of the answer."""
        return look.head()


def settings(look: Look) -> list[Span]:
    """Where the first part of an answer names a place, a time or people."""
    edge = look.reading.fresh[-1].end * FIRST_PART
    named = [span for span in look.reading.signs.get("place_time", ()) if span[0] < edge]
    framed = [
        clause.span
        for clause in look.reading.fresh
        if clause.start < edge and any(hit.cue.id in FRAMES for hit in clause.hits)
    ]
    return named + framed
