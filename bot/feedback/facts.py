"""Whether a plain question about pay, dates or place gets its fact."""

from __future__ import annotations

import re

from bot.feedback.kind import own_past
from bot.feedback.reading import Reading
from bot.feedback.words import flatten

DATES = r"(?<!last )week|month|\bday|today|immediate|straight ?away|tomorrow|asap|soon|\bany\b|none"
# What a plain question asks for, and what a reply to it must hold.
FACTS = (
    (
        r"salary|pay|expect|package|earn",
        r"\d|flexible|range|negotia|hour|grand|pay|salar|money|market",
    ),
    (
        r"which dates|what dates",
        DATES + r"|easter|christmas|jan|feb|mar|apr|june|july|free|nothing",
    ),
    (
        r"notice|start|available|when (?:would|could|can)",
        DATES + r"|\d|notice|\bone\b|two|three|four|contract|check with|not sure",
    ),
    (
        r"relocat|move|travel|commut|shift|weekend|night|hours|office|remote|licen[cs]e|visa",
        r"\byes|\byep|\byeah|\bnope?\b|happy|fine|could|\bcan\b|would|'d\b|move|relocat|live|travel"
        r"|problem|visa|permit|licen|shift|week|\bday|train|drive|\bcar\b|\bbus\b|depend|home|office",
    ),
)
# "Around twenty six" is asked for, whatever else is told. In a tale, "forty thousand" is what a
# donkey sanctuary took.
FIGURE = re.compile(
    r"\b(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|lakh|million"
    r"|band|grade|scale)\b"
)
ASKS_FOR = re.compile(
    r"\b(?:around|about|between|roughly|at least|looking (?:for|at)|hoping for|i'd (?:want|say|ask)"
    r"(?: for)?)(?: \w+)? (?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|a hundred)\b"
)
PLAIN_FACTS = [(re.compile(asks), re.compile(gives)) for asks, gives in FACTS]
ABOUT_PAY = PLAIN_FACTS[0][0]


def answers_logistics(reading: Reading) -> bool:
    """Whether a plain question about pay, dates or place gets a fact."""
    question = flatten(reading.asked.text)
    for asks, gives in PLAIN_FACTS:
        if asks.search(question):
            if asks is ABOUT_PAY and _names_a_figure(reading):
                return True
            return gives.search(reading.flat) is not None
    return True


def _names_a_figure(reading: Reading) -> bool:
    """Whether an amount in words is asked for, or stands where nothing of one's past is told."""
    if ASKS_FOR.search(reading.flat):
        return True
    return not own_past(reading) and FIGURE.search(reading.flat) is not None
