"""Which fault to fix first, and which findings to leave unsaid."""

from __future__ import annotations

from collections.abc import Iterable

from bot.feedback.model import Finding

# The order of a coach: first what spoils everything else, last what only polishes.
ORDER = (
    "confidential", "off_topic", "too_short", "hypothetical", "no_ownership", "no_example",
    "missing_action", "blames_others", "too_much_setup", "we_not_i", "hedging", "fillers",
    "vague_action", "missing_result", "rambling", "unquantified_result", "missing_situation",
    "missing_task",
)  # fmt: skip
PLACE = {name: place for place, name in enumerate(ORDER)}
SHORT_LATE = PLACE["rambling"]  # a short answer of some length comes after its bigger faults
VERY_SHORT = 20
WORTH_LISTING = 0.4  # confidence; from SURE_ENOUGH on a finding may also be named first
PARTS = ("missing_action", "missing_result", "missing_situation", "missing_task")
# What one fault makes needless to say.
NO_STORY = frozenset({*PARTS, "unquantified_result", "vague_action"})
HIDES = {
    "off_topic": frozenset(ORDER) - {"off_topic", "too_short", "confidential", "blames_others"},
    "hypothetical": NO_STORY | {"no_example"},
    "no_example": NO_STORY,
    "missing_result": frozenset({"unquantified_result"}),
    "missing_action": frozenset({"vague_action", "we_not_i"}),
    "we_not_i": frozenset({"vague_action"}),
    "hedging": frozenset({"vague_action", "too_much_setup"}),
    "fillers": frozenset({"vague_action", "too_much_setup"}),
    "too_much_setup": frozenset({"missing_situation", "missing_task"}),
    "blames_others": frozenset({"too_much_setup", "missing_situation"}),
    "no_ownership": frozenset({"too_much_setup", "missing_result", "missing_situation"}),
}


def place(finding: Finding, words: int) -> float:
    """Rank of a finding in an answer of so many words; lower is fixed first."""
    if finding.rule == "too_short" and words >= VERY_SHORT:
        return SHORT_LATE + 0.5
    return PLACE[finding.rule]


def rank(findings: Iterable[Finding], words: int) -> tuple[Finding, ...]:
    """Findings worth listing without their twins, the one to fix first in front."""
    sure = [finding for finding in findings if finding.confidence > WORTH_LISTING]
    hidden = {name for finding in sure for name in HIDES.get(finding.rule, ())}
    if any(finding.rule == "too_short" for finding in sure):
        named = [part for part in PARTS[:-1] if any(f.rule == part for f in sure)]
        hidden |= set(named[1:])
    kept = [finding for finding in sure if finding.rule not in hidden]
    kept.sort(key=lambda finding: place(finding, words))
    return tuple(kept)
