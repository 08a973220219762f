"""The answer does not reply to the question."""

from __future__ import annotations

from collections.abc import Iterator

from bot.feedback.look import Look
from bot.feedback.model import Finding, QuestionType
from bot.feedback.rules.base import Case, Rule


class OffTopic(Rule):
    """Fires when neither the question's words nor its competency show anywhere.

    Both must be absent: the same thing said in other words is on topic. Fires too when what the
    question cannot do without (needs.toml) is missing.
    """

    name = "off_topic"
    why = "A good story about something else scores as no answer."
    source = (
        "US Office of Personnel Management, Structured Interviews: A Practical Guide (2008): an "
        "answer is rated on the competency that the question asks for"
    )
    advice = "Start with words from the question: “A time I … was …”."
    good = (
        Case(
            "My apprentice Tom froze on his first roof. I went up beside him, roped him on and had "
            "him set one slate. He did forty by Friday.",
            question="Tell me about a time you helped a colleague under pressure.",
            competency="teamwork",
        ),
        Case(
            "I can start in four weeks.",
            type=QuestionType.LOGISTICS,
            question="When could you start?",
            competency="motivation",
        ),
        Case(
            "At the home last winter I wanted us to do handover at the bedside. I started with my "
            "own four residents. Bernadette held out longest because she thought it would take all "
            "morning. So I timed it with her and it was eleven minutes. By Easter the whole floor "
            "did it.",
            question="Tell me about getting the people around you to try something your way, with "
            "no rank to pull. Who held out longest, and what won them over?",
            competency="influence",
        ),
        Case(
            "In May a nurse on my ward, Kim, kept coming in twenty minutes late. It was mine to "
            "raise. I took her into the office after handover, closed the door and began: the "
            "early team goes home late because of you. She cried. A month later she was on time "
            "every day and we had lunch together on Fridays.",
            question="Tell me about the hardest feedback you ever gave one person. How did you put "
            "it, and how were things between you a month later?",
            competency="developing",
        ),
    )
    bad = (
        Case(
            "I hold a class two licence and the forklift ticket, renewed in May. My van has a tail "
            "lift. I live near the yard and I have two girls at school.",
            question="Tell me about a time you helped a colleague under pressure.",
            competency="teamwork",
            marks=("I hold a class two licence",),
        ),
        Case(
            "Sorry, can you repeat the question? You broke up a bit there.",
            marks=(
                "repeat the question",
                "broke up",
            ),
        ),
        Case(
            "I have worked in retail for eleven years and I was employee of the month four times.",
            type=QuestionType.STRATEGIC,
            question="How should we win back the people we lost to online shops?",
            competency="strategic_thinking",
            marks=("I have worked in retail for eleven years",),
        ),
    )

    def check(self, look: Look) -> Iterator[Finding]:
        """Report what `topic` found; it is asked before the labels are set."""
        if look.missed_question is not None:
            spans, sure = look.missed_question
            yield self.found(spans, sure)
