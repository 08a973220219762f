"""What a reply to a question that asks for no story should hold, by type of question.

A case: the first steps, a second way, a reason, a safeguard. A view: facts from outside, a choice,
the effect over time, the link to the firm. A motive: a fact about them, one about oneself, and
what joins the two. Plain facts: an answer, its reason, and how far it bends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.feedback.evidence import (
    Showing,
    Shown,
    about_me,
    about_them,
    amounts,
    horizons,
    plans,
    sign,
    sizes,
    steps,
    telling,
)
from bot.feedback.look import Look
from bot.feedback.model import Criterion, QuestionType, Reason, Span
from bot.feedback.quote import onward, quotable

FEWEST_WORDS = 3  # of a quote; a shorter one goes on in its sentence, or is the whole clause
OPENS = frozenset({"option", "reason", "fit", "grounds"})  # quoted from their "because" on


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that a good reply holds: what shows it, what one is worth, and all at most.

    `criterion` is its name where a candidate is told whether it was found; "" where it only counts.
    """

    because: str
    shows: Showing
    each: float
    most: float
    criterion: str = ""


REASON = sign("reason", loose=["reason_loose", "consequence"])
FIT = sign("reason", "consequence", loose=["reason_loose"])
Held = Sequence[tuple[Point, Sequence[Shown]]]

RUBRIC: Mapping[QuestionType, tuple[Point, ...]] = {
    QuestionType.SITUATIONAL: (
        Point("you say what you would do, step by step", steps, 0.2, 1.4, "steps"),
        Point("you weigh a second way", sign("option", loose=["option_loose"]), 0.2, 0.3, "option"),
        Point("you give reasons", REASON, 0.2, 0.6, "reason"),
        Point(
            "you make sure that it holds",
            sign("safeguard", loose=["safeguard_loose"]),
            0.2,
            0.4,
            "safeguard",
        ),
    ),
    QuestionType.STRATEGIC: (
        Point("you give facts and sizes", sizes, 0.15, 0.7, "figure"),
        Point("you make a choice", plans, 0.25, 0.9, "choice"),
        Point("you say what it does over time", horizons, 0.2, 0.4, "horizon"),
        Point("you give reasons", REASON, 0.2, 0.4),
        Point("you link it to this firm", about_them, 0.2, 0.3, "firm"),
        Point("you name concrete steps", steps, 0.1, 0.5),
    ),
    QuestionType.MOTIVATION: (
        Point("you speak of them", about_them, 0.2, 0.4, "them"),
        Point("you speak of what you have done", about_me, 0.25, 0.8, "me"),
        Point("you give facts and sizes", sizes, 0.15, 0.6),
        Point("you say why the two fit", FIT, 0.2, 0.4, "fit"),
        Point("you name concrete steps", steps, 0.1, 0.5),
    ),
    QuestionType.LOGISTICS: (
        Point("you give facts and sizes", amounts, 0.2, 0.4, "amount"),
        Point("you give the reason", REASON, 0.3, 0.3, "grounds"),
        Point(
            "you say how far it bends",
            sign("flexible", loose=["flexible_loose"]),
            0.15,
            0.3,
            "room",
        ),
    ),
}
# What a good answer hardly ever lacks, by our labelled ones: only of these is it worth saying that
# they were not found. The first of them comes first.
CENTRAL = ("steps", "choice", "them", "me", "reason")


def held(look: Look) -> Held:
    """Each point with all that shows it; no points where a story is the rubric."""
    points = RUBRIC.get(look.reading.asked.type, ())
    if not points:
        return ()
    told = telling(look)
    return [(point, point.shows(told)) for point in points]


def nothing(held: Held) -> Held:
    """The same points with nothing to show for them."""
    return [(point, ()) for point, _ in held]


def earned(held: Held) -> list[Reason]:
    """What the points add to the score."""
    return [
        Reason(round(min(point.most, len(shown) * point.each), 2), point.because)
        for point, shown in held
        if shown
    ]


def criteria(look: Look, held: Held) -> tuple[Criterion, ...]:
    """Each criterion with the words that show it most plainly, or with None."""
    return tuple(
        _criterion(look, point.criterion, shown) for point, shown in held if point.criterion
    )


def _criterion(look: Look, name: str, shown: Sequence[Shown]) -> Criterion:
    best = max(shown, key=lambda each: each.plain, default=None)
    if best is None or not best.plain:
        return Criterion(name, None, hinted=best is not None)
    whole = quotable(look, best.span)
    quote = onward(look, best.span[0]) if name in OPENS else whole
    if _words(look, quote) < FEWEST_WORDS:
        quote = whole if name in OPENS else onward(look, whole[0])
    return Criterion(name, quote)


def _words(look: Look, span: Span) -> int:
    return len(look.reading.text[span[0] : span[1]].split())
