"""What to drill now: which question, who asks it, what kind of drill, and the part it aims at.

The weakest and due part comes first; one drill in three opens a competency that was never asked,
and no competency comes twice running. No wording comes twice within a fortnight and nobody asks
twice in a row, as long as the question book allows it. Then the wording asked longest ago comes
again, rather than none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.feedback import Label, QuestionType
from bot.interview.chance import draw, pick, shuffled
from bot.interview.model import Book, Competency, Persona, Question, WorkField
from bot.practice.drill_kinds import part_of
from bot.practice.drill_words import Drills, Kind, WeakAnswer
from bot.practice.schedule import CardKey, Deck, due_order, is_due

FORTNIGHT = timedelta(days=14)
NEW_ONE_IN = 3
FEW_KNOWN, NEW_OF_FEW = 6, 2  # as long as few competencies are known, every other drill opens one
FIX_WEIGHT = 2  # answers to mend are rare, so they are taken where they fit
KINDS = {
    Label.SITUATION: (Kind.HEADLINE, Kind.FULL),
    Label.TASK: (Kind.FULL,),
    Label.ACTION: (Kind.FULL, Kind.SHORT),
    Label.RESULT: (Kind.RESULT, Kind.FULL, Kind.SHORT),
}
PLAIN_KINDS = (Kind.FULL,)  # for questions that ask for no story
_FIRST_AIM = Label.RESULT  # of a competency that is new: the part most often left out


@dataclass(frozen=True, slots=True)
class Choice:
    """One drill. `part` is what it aims at; `weak` the answer to mend, for Kind.FIX alone."""

    question: Question
    persona: Persona
    kind: Kind
    part: Label
    weak: WeakAnswer | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """A question in the mouth of the one whose bank it stands in."""

    persona: Persona
    question: Question


@dataclass(frozen=True, slots=True)
class _Past:
    """What was drilled before, as far as it bears on the next drill."""

    asked: Mapping[str, datetime]
    persona: str | None
    kind: Kind | None
    now: datetime
    seed: int

    def is_fresh(self, name: str) -> bool:
        """Whether a question or weak answer was not used within a fortnight."""
        last = self.asked.get(name)
        return last is None or self.now - last >= FORTNIGHT

    def latest(self, book: Book) -> Competency | None:
        """The competency asked for last, so that the next drill brings another."""
        known = [name for name in self.asked if name in book.questions]
        name = max(known, key=lambda name: (self.asked[name], name), default=None)
        return book.questions[name].competency if name is not None else None

    def age(self, name: str) -> float:
        """When it was last asked, in seconds since 1970; the never asked come first."""
        last = self.asked.get(name)
        return last.timestamp() if last is not None else float("-inf")


def choose(
    book: Book,
    drills: Drills,
    deck: Deck,
    *,
    asked: Mapping[str, datetime],
    last_persona: str | None,
    last_kind: Kind | None,
    field: WorkField | None,
    now: datetime,
    interview: datetime | None,
    seed: int,
) -> Choice:
    """The drill to set at `now`.

    `asked` maps ids of questions and weak answers to when they last came up, in drills and in
    interviews (aware; entries older than a fortnight only settle what is oldest). `interview` is
    the next real one. `seed` should differ from drill to drill. The book must not be empty.
    """
    past = _Past(asked, last_persona, last_kind, now, seed)
    askings = [
        Asking(book.personas[name], question)
        for name, bank in book.banks.items()
        for question in bank
        if not question.fields or field in question.fields
    ]
    latest = past.latest(book)
    rungs: Sequence[Callable[[Asking], bool]] = (
        lambda each: (
            past.is_fresh(each.question.id)
            and each.persona.id != last_persona
            and each.question.competency is not latest
        ),
        lambda each: past.is_fresh(each.question.id) and each.persona.id != last_persona,
        lambda each: past.is_fresh(each.question.id),
    )
    for is_allowed in rungs:
        allowed = [asking for asking in askings if is_allowed(asking)]
        for target in _targets(deck, allowed, past, interview):
            if choice := _drill(allowed, target, drills, deck, past):
                return choice
    return _oldest(askings, past)


def _targets(
    deck: Deck, askings: Sequence[Asking], past: _Past, interview: datetime | None
) -> Iterator[CardKey]:
    """Competency and part in the order in which they deserve a drill."""
    cards = due_order(deck, past.now, interview)
    due = [card.key for card in cards if is_due(card, past.now, interview)]
    later = [card.key for card in cards if not is_due(card, past.now, interview)]
    known = {card.competency for card in cards if card.part is not Label.SITUATION}
    stories = {a.question.competency for a in askings if _is_story(a.question)}
    fresh = sorted({a.question.competency for a in askings} - known)
    new: list[CardKey] = [
        (competency, _FIRST_AIM if competency in stories else Label.ACTION)
        for competency in shuffled(fresh, past.seed, "new")
    ]
    opens = draw(past.seed, "opens") % (NEW_OF_FEW if len(known) < FEW_KNOWN else NEW_ONE_IN) == 0
    yield from (*new, *due, *later) if opens else (*due, *new, *later)


def _is_story(question: Question) -> bool:
    return question.type is QuestionType.BEHAVIORAL


def _drill(
    askings: Sequence[Asking],
    target: CardKey,
    drills: Drills,
    deck: Deck,
    past: _Past,
) -> Choice | None:
    """The best drill on one target among these questions; None when none of them fits."""
    competency, part = target
    fitting = [
        asking
        for asking in askings
        if asking.question.competency is competency
        and (part is Label.ACTION or _is_story(asking.question))
    ]
    if not fitting:
        return None
    asking = min(fitting, key=lambda each: _preference(each, past))
    if target not in deck:
        return _opening(asking, part, deck, past)
    weak = _weak(fitting, target, drills, deck, past)
    kind = _kind(asking.question, part, past, has_weak=weak is not None)
    if kind is Kind.FIX and weak is not None:
        answer, asking = weak
        return Choice(asking.question, asking.persona, kind, part_of(answer.defect), answer)
    return Choice(asking.question, asking.persona, kind, part)


def _preference(asking: Asking, past: _Past) -> tuple[float, bool, int]:
    """Never asked before asked, then of the candidate's own trade, then as the seed has it."""
    name = asking.question.id
    return past.age(name), not asking.question.fields, draw(past.seed, "question", name)


def _opening(asking: Asking, part: Label, deck: Deck, past: _Past) -> Choice:
    """The first drill on a competency: in full, or first the headline of a story that fits.

    The very first drill of all is a full answer, and so is what follows a headline.
    """
    aims = asking.question.competency, Label.SITUATION
    kinds = [Kind.FULL]
    if deck and aims not in deck and _is_story(asking.question) and past.kind is not Kind.HEADLINE:
        kinds.append(Kind.HEADLINE)
    kind = pick(kinds, past.seed, "opening")
    aim = part if kind is Kind.FULL else Label.SITUATION
    return Choice(asking.question, asking.persona, kind, aim)


def _kind(question: Question, part: Label, past: _Past, *, has_weak: bool) -> Kind:
    """A kind that suits the part and, if there is a choice, is not the one of last time."""
    kinds = KINDS[part] if _is_story(question) else PLAIN_KINDS
    possible = [*kinds, *[Kind.FIX] * (FIX_WEIGHT if has_weak and _is_story(question) else 0)]
    others = [kind for kind in possible if kind is not past.kind]
    return pick(others or possible, past.seed, "kind")


def _weak(
    askings: Sequence[Asking], target: CardKey, drills: Drills, deck: Deck, past: _Past
) -> tuple[WeakAnswer, Asking] | None:
    """A weak answer to one of these questions, not seen lately, its fault in the part aimed at.

    There are few of them, so one with its fault in another practised part will do as well.
    """
    competency, part = target
    by_question = {asking.question.id: asking for asking in askings}
    found = [
        weak
        for weak in drills.weak
        if weak.question in by_question
        and (competency, part_of(weak.defect)) in deck
        and past.is_fresh(weak.id)
    ]
    if not found:
        return None

    def order(weak: WeakAnswer) -> tuple[bool, float, int]:
        return part_of(weak.defect) is not part, past.age(weak.id), draw(past.seed, weak.id)

    weak = min(found, key=order)
    return weak, by_question[weak.question]


def _oldest(askings: Sequence[Asking], past: _Past) -> Choice:
    """When all was asked within a fortnight: what is longest ago, from another face if possible."""
    others = [asking for asking in askings if asking.persona.id != past.persona] or askings
    asking = min(others, key=lambda each: past.age(each.question.id))
    part = _FIRST_AIM if _is_story(asking.question) else Label.ACTION
    return Choice(asking.question, asking.persona, Kind.FULL, part)
