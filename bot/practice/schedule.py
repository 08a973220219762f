"""What is due for practice: spaced repetition over competency and STAR part.

Law 1: a card moves only by what feedback found in an answer. Law 2: what is stored is what FSRS
says; an interview's date is applied on reading, so a moved or cancelled one rewrites nothing.

How a part is graded (the first line that fits, in `rate`):

    the whole answer is no story (no_example, hypothetical, off_topic)        Again for every part
    too_short                                    Again for a part not told, Hard for a part told
    a fault that loses the part    (AGAIN_FOR: missing_result -> R, ...)      Again
    a fault that weakens the part  (HARD_FOR: unquantified_result -> R, ...)  Hard
    the part has no words and no fault                       no grade: nothing was found either way
    the part came only after a probe                                          Hard
    nothing at all is wrong, and the part is strong (`_strong`)               Easy
    otherwise                                                                 Good
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from bot.feedback import Feedback, Label, QuestionType
from bot.interview.model import Competency

if TYPE_CHECKING:
    from fsrs import Scheduler

STORY = (Label.SITUATION, Label.TASK, Label.ACTION, Label.RESULT)
FIRST = (Label.RESULT, Label.ACTION, Label.SITUATION, Label.TASK)  # what is most often weak
CardKey = tuple[Competency, Label]
DAY = timedelta(days=1)

NO_STORY = frozenset({"no_example", "hypothetical", "off_topic"})
AGAIN_FOR = {
    "missing_situation": Label.SITUATION,
    "missing_action": Label.ACTION,
    "no_ownership": Label.ACTION,
    "missing_result": Label.RESULT,
}
HARD_FOR = {
    "too_much_setup": Label.SITUATION,
    "missing_task": Label.TASK,  # often told in passing, so the fault is never sure
    "vague_action": Label.ACTION,
    "we_not_i": Label.ACTION,
    "blames_others": Label.ACTION,
    "hedging": Label.ACTION,
    "unquantified_result": Label.RESULT,
}
_STRONG_DEEDS = 3
_THIN_SHARE = 0.06


class Grade(IntEnum):
    """How well a part went; the numbers are those of FSRS."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True, slots=True)
class Card:
    """One part of one competency, as last practised.

    `stability` is in days, `difficulty` 1 to 10; `reviewed` and `due` are aware UTC, `due` as FSRS
    has it, before any interview (see `due_at`).
    """

    competency: Competency
    part: Label
    stability: float
    difficulty: float
    grade: Grade
    reviewed: datetime
    due: datetime

    @property
    def key(self) -> CardKey:
        """What the card is about."""
        return self.competency, self.part


Deck = Mapping[CardKey, Card]


def rate(
    feedback: Feedback,
    question_type: QuestionType,
    parts: Sequence[Label] = STORY,
    prompted: Collection[Label] = (),
) -> dict[Label, Grade]:
    """A grade for each of `parts` that the feedback can judge; the table stands above.

    `prompted` are the parts that came only after a probe. A question that asks for no story has
    only an action to judge: what the candidate proposes.
    """
    asked = parts if question_type is QuestionType.BEHAVIORAL else (Label.ACTION,)
    grades = {part: _grade(feedback, question_type, part, prompted) for part in asked}
    return {part: grade for part, grade in grades.items() if grade is not None and part in parts}


def _grade(
    feedback: Feedback, question_type: QuestionType, part: Label, prompted: Collection[Label]
) -> Grade | None:
    rules = {finding.rule for finding in feedback.findings}
    story = question_type is QuestionType.BEHAVIORAL
    told = feedback.measures.shares.get(part, 0.0) > 0 if story else feedback.measures.words > 0
    if rules & NO_STORY or ("too_short" in rules and not told):
        return Grade.AGAIN
    if any(AGAIN_FOR.get(rule) is part for rule in rules):
        return Grade.AGAIN
    if "too_short" in rules or any(HARD_FOR.get(rule) is part for rule in rules):
        return Grade.HARD
    if not told:
        return None
    if part in prompted:
        return Grade.HARD
    return Grade.EASY if story and not rules and _strong(feedback, part) else Grade.GOOD


def _strong(feedback: Feedback, part: Label) -> bool:
    """Whether a faultless answer has more of this part than it needs."""
    measures = feedback.measures
    if part is Label.ACTION:
        return measures.own_actions >= _STRONG_DEEDS
    if part is Label.RESULT:
        return measures.numbers > 0
    return measures.shares.get(part, 0.0) >= _THIN_SHARE


def learn(
    deck: Deck, competency: Competency, grades: Mapping[Label, Grade], now: datetime
) -> dict[CardKey, Card]:
    """The deck after an attempt that earned `grades` at `now` (aware)."""
    cards = dict(deck)
    for part, grade in grades.items():
        key = (competency, part)
        cards[key] = _reviewed(key, cards.get(key), grade, now.astimezone(UTC))
    return cards


def _reviewed(key: CardKey, before: Card | None, grade: Grade, now: datetime) -> Card:
    from fsrs import Card as FsrsCard
    from fsrs import Rating, State

    # With an id and a due date of its own, FSRS has no need to look at the clock.
    old = FsrsCard(card_id=0, due=now)
    if before is not None:
        old = FsrsCard(
            card_id=0,
            state=State.Review,
            stability=before.stability,
            difficulty=before.difficulty,
            due=before.due,
            last_review=min(before.reviewed, now),
        )
    new, _ = _scheduler().review_card(old, Rating(int(grade)), now)
    assert new.stability is not None  # a card that was reviewed has both
    assert new.difficulty is not None
    return Card(*key, round(new.stability, 3), round(new.difficulty, 3), grade, now, new.due)


@cache
def _scheduler() -> Scheduler:
    """FSRS in whole days: one drill a day leaves no room for learning steps in minutes."""
    from fsrs import Scheduler

    return Scheduler(
        learning_steps=(), relearning_steps=(), maximum_interval=90, enable_fuzzing=False
    )


def due_at(card: Card, interview: datetime | None) -> datetime:
    """When the card comes next, given the interview ahead (aware), if there is one.

    No wait is longer than half of the time that was left, nor shorter than a day: so a card comes
    at least once more before the interview unless it was practised on its last day.
    """
    left = interview - card.reviewed if interview is not None else timedelta(0)
    if left <= DAY:
        return card.due
    return min(card.due, card.reviewed + max(DAY, left / 2))


def is_due(card: Card, now: datetime, interview: datetime | None = None) -> bool:
    """Whether the card is owed at `now`; an interview that is over counts no more."""
    return due_at(card, _ahead(interview, now)) <= now


def due_order(deck: Deck, now: datetime, interview: datetime | None = None) -> list[Card]:
    """All cards: what is due first, and of that the weakest; then what comes due soonest."""
    ahead = _ahead(interview, now)

    def order(card: Card) -> tuple[Any, ...]:
        due = due_at(card, ahead)
        if due > now:
            return 1, due, card.grade, card.key
        return 0, card.grade, recall(card, now), due, FIRST.index(card.part), card.key

    return sorted(deck.values(), key=order)


def recall(card: Card, now: datetime) -> float:
    """How likely the part would still come out well at `now`, 0 to 1, by FSRS."""
    from fsrs import Card as FsrsCard

    memory = FsrsCard(card_id=0, stability=card.stability, due=card.due, last_review=card.reviewed)
    return float(_scheduler().get_card_retrievability(memory, now))


def _ahead(interview: datetime | None, now: datetime) -> datetime | None:
    return interview if interview is not None and interview > now else None


def deck_to_json(deck: Deck) -> dict[str, list[Any]]:
    """The deck as small JSON: "conflict:R" to stability, difficulty, grade, reviewed and due."""
    return {
        f"{card.competency.value}:{card.part.value}": [
            card.stability,
            card.difficulty,
            int(card.grade),
            int(card.reviewed.timestamp()),
            int(card.due.timestamp()),
        ]
        for card in deck.values()
    }


def deck_from_json(data: Mapping[str, Sequence[Any]]) -> dict[CardKey, Card]:
    """The deck that was stored; a competency or part that no longer exists is left out."""
    deck: dict[CardKey, Card] = {}
    for name, (stability, difficulty, grade, reviewed, due) in data.items():
        competency, _, part = name.partition(":")
        if competency not in set(Competency) or part not in set(STORY):
            continue
        key = Competency(competency), Label(part)
        moments = (datetime.fromtimestamp(at, UTC) for at in (reviewed, due))
        deck[key] = Card(*key, float(stability), float(difficulty), Grade(grade), *moments)
    return deck
