"""The action told as “we”; the candidate's own part cannot be told."""

from __future__ import annotations

from collections.abc import Iterator

from bot.feedback.look import Look
from bot.feedback.model import Finding
from bot.feedback.reading import Clause
from bot.feedback.rules.base import Case, Rule


class WeNotI(Rule):
    """Fires when at least 70 % of the deeds are "we" and fewer than two are the candidate's own.

    Quiet when the own part is named once with a clear deed. "We" for the setting or the result is
    never counted.
    """

    name = "we_not_i"
    why = "They are hiring you, and have just learned what your team can do."
    source = (
        "University of Georgia Career Center, Acing the Interview: use “I”, not “we”, for your "
        "actions"
    )
    advice = "Keep “we” for the setting and name the step that was yours."
    good = (
        Case(
            "The rota at the home fell apart in June. We rebuilt it; I did nights and I rang "
            "the bank staff. We had no empty shift that month."
        ),
    )
    bad = (
        Case(
            "Our game was losing players last year. We brainstormed ideas, we built a "
            "prototype in two weeks and we tested it with forty people. It went from 9% to "
            "12%.",
            marks=(
                "We brainstormed ideas, we built a prototype in two weeks",
                "we tested it with forty people",
            ),
        ),
    )

    def check(self, look: Look) -> Iterator[Finding]:
        """Weigh team deeds against own ones in the action part."""
        team, own = look.team_deeds, look.own_deeds
        if team:
            team += look.passive_deeds
        if not look.story or len(team) < 2 or len(own) + len(dropped(look)) >= 2:
            return
        if len(team) >= 0.7 * (len(team) + len(own)):
            yield self.found([deed.span for deed in team[:2]], 0.9 if not own else 0.7)


def dropped(look: Look) -> list[Clause]:
    """Clauses with a deed whose "I" was left out, whatever part they were taken for."""
    team = {deed.clause for deed in look.team_deeds} | {deed.clause for deed in look.own_deeds}
    return [
        clause
        for number, clause in enumerate(look.reading.clauses)
        if clause.hard
        and number not in team
        and clause.shape.actor == "elided"
        and clause.shape.tense == "past"
        and clause.shape.verb in {"deed", "speech"}
    ]
