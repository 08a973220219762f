"""A labelled answer as the rules see it: parts, own deeds, team deeds, outcomes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import repeat
from math import log
from operator import mul

from bot.feedback import lexicon
from bot.feedback.between import between
from bot.feedback.clauses import I_DEEDS
from bot.feedback.kind import DEEDS, Kind, Talk, talk_of
from bot.feedback.lattice import LABELS, Lattice
from bot.feedback.model import Label, Measures, Piece, QuestionType, Span
from bot.feedback.reading import Clause, Reading
from bot.feedback.sequence import lattice, why
from bot.feedback.topic import missed_question, root, roots_of

TOLD = frozenset(["past", "passive", "perfect"])
JOINERS = frozenset(["and", "then", "or"])
HOW = frozenset(["by", "through", "using", "because"])
HABIT, CHANGED = "l_since", frozenset({"since", "now", "nowadays", "these"})
NO_FAULT = re.compile(r"\b(?:not|never)\b.*\b(?:fail|mistake|wrong|regret)|n't\b.*\bfail")
FEW_WORDS = 4
PARTS = (Label.SITUATION, Label.TASK, Label.ACTION, Label.RESULT)
SURE = 0.0025  # a chance nearer to 0 or 1 than this says no more
SPEAKS = 1.5  # points from which the words of a clause themselves tell what it is
LESSONS = frozenset(["l_learned", "l_next_time", "l_first", "l_since", "l_role"])


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing done: who did it, which verb, where it stands, and whether the verb says enough."""

    actor: str
    base: str
    weak: bool
    span: Span
    clause: int


def is_own_deed(clause: Clause) -> bool:
    """Whether the speaker did or said something, whatever the label of the clause."""
    form = clause.shape
    return form.actor == "i" and form.tense == "past" and form.verb in {"deed", "speech"}


@dataclass(frozen=True)
class Look:
    """A reading with its labels. All spans index the answer."""

    reading: Reading
    talk: Talk
    labels: tuple[Label, ...]
    missed_question: tuple[tuple[Span, ...], float] | None
    lattice: Lattice | None

    @property
    def behavioral(self) -> bool:
        """Whether a real past event was asked for."""
        return self.reading.asked.type is QuestionType.BEHAVIORAL

    @property
    def story(self) -> bool:
        """Whether a real past event was asked for and told."""
        return self.behavioral and self.talk.kind is Kind.STORY

    def clauses(self, *labels: Label) -> list[Clause]:
        """The clauses with one of these labels, in order."""
        pairs = zip(self.reading.clauses, self.labels, strict=True)
        return [clause for clause, own in pairs if own in labels and not clause.idle]

    def has(self, label: Label) -> bool:
        """Whether any clause has this label."""
        return label in self.labels

    @cached_property
    def lacks(self) -> dict[Label, float]:
        """Log-odds that no clause is this part, for each part of a story.

        A toss-up, 0.0, where the answer is to another question and has no labels to weigh.
        """
        if not self.lattice:
            return dict.fromkeys(PARTS, 0.0)
        chances = {label: self.lattice.chance_without(label) for label in PARTS}
        return {
            label: log((chance + SURE) / (1 - chance + SURE)) for label, chance in chances.items()
        }

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Neighbouring clauses of one sentence with one label, joined."""
        clauses, labels = self.reading.clauses, self.labels
        runs: list[list[int]] = []
        for at, clause in enumerate(clauses):
            if runs and not clause.hard and labels[runs[-1][-1]] is labels[at]:
                runs[-1].append(at)
            else:
                runs.append([at])
        made = []
        for number, run in enumerate(runs):
            label = labels[run[0]]
            before = labels[runs[number - 1][-1]] if number else None
            after = labels[runs[number + 1][0]] if number + 1 < len(runs) else None
            reason = ""
            for at in run:  # the first cue, or else what is said of the first clause
                said = why(self.reading, clauses[at], label, before, after)
                reason = reason or said
                if said.startswith("cue"):
                    reason = said
                    break
            made.append(Piece(clauses[run[0]].start, clauses[run[-1]].end, label, reason))
        return tuple(made)

    @cached_property
    def shares(self) -> dict[Label, float]:
        """Share of the words under each label, repeated clauses left out."""
        counts = dict.fromkeys(Label, 0)
        for clause, label in zip(self.reading.clauses, self.labels, strict=True):
            if not clause.idle:
                counts[label] += len(self.reading.text[clause.start : clause.end].split())
        total = max(1, sum(counts.values()))
        return {label: count / total for label, count in counts.items()}

    @cached_property
    def likely_shares(self) -> dict[Label, float]:
        """Share of the words that each part likely has, over all ways to label the answer."""
        if not self.lattice:
            return self.shares
        sizes = [clause.last - clause.first for clause in self.reading.fresh]
        total = max(1, sum(sizes))
        columns = zip(*self.lattice.likely, strict=True)
        return {
            label: sum(map(mul, column, sizes)) / total
            for label, column in zip(LABELS, columns, strict=True)
        }

    @cached_property
    def deeds(self) -> tuple[Deed, ...]:
        """Everything that the speaker or the team did, dropped subjects included."""
        return tuple(self._deeds())

    def _deeds(self) -> Iterator[Deed]:
        wanted = {Label.ACTION, Label.TASK, Label.RESULT, Label.LEARNING, Label.SITUATION}
        for number, (clause, label) in enumerate(
            zip(self.reading.clauses, self.labels, strict=True)
        ):
            form = clause.shape
            actor = "i" if form.actor == "elided" and label is Label.ACTION else form.actor
            if label not in wanted or actor not in {"i", "we"} or form.tense not in self._tenses:
                continue
            if form.tense == "present" and "generic" in clause.signs:
                continue  # "I always do my best" is no deed
            happened = label is Label.ACTION or form.verb != "change"
            if form.verb not in {"state", "mental"} and happened:
                yield self._deed(actor, form.base, form.verb, form.first, form.last, number)
            if label is Label.ACTION:
                yield from self._more_deeds(actor, clause, number)

    @cached_property
    def _tenses(self) -> frozenset[str]:
        if self.reading.asked.type is QuestionType.BEHAVIORAL:
            return TOLD - {"passive"} | {"progressive", "present"}
        return frozenset(["past", "perfect", "present", "would", "could", "should", "future"])

    def _deed(self, actor: str, base: str, verb: str, first: int, last: int, number: int) -> Deed:
        clause = self.reading.clauses[number]
        rest = self.reading.texts[last : clause.last]
        weak = verb == "weak" and not any(text in HOW or text[0].isdigit() for text in rest)
        return Deed(actor, base, weak, self.reading.span_of(first, clause.last), number)

    def _more_deeds(self, actor: str, clause: Clause, number: int) -> Iterator[Deed]:
        words, texts = self.reading.words, self.reading.texts
        for at in range(clause.shape.last + 1, clause.last):
            base = lexicon.past_base(texts[at])
            if base is None:
                continue
            between_them = self.reading.flat[words[at - 1].end : words[at].start]
            if texts[at - 1] in JOINERS or "," in between_them:
                kind = lexicon.VERB_CLASS.get(base, "deed")
                if kind not in {"state", "mental"}:
                    yield self._deed(actor, base, kind, at, at + 1, number)

    @cached_property
    def own_deeds(self) -> tuple[Deed, ...]:
        """Specific things that the speaker did."""
        return tuple(deed for deed in self.deeds if deed.actor == "i" and not deed.weak)

    @cached_property
    def team_deeds(self) -> tuple[Deed, ...]:
        """Things that "we" did."""
        return tuple(deed for deed in self.deeds if deed.actor == "we")

    @cached_property
    def passive_deeds(self) -> tuple[Deed, ...]:
        """Deeds of nobody in the action part: "a rota was drawn up"."""
        return tuple(
            Deed("thing", clause.shape.base, True, clause.span, number)
            for number, clause in enumerate(self.reading.clauses)
            if self.labels[number] is Label.ACTION
            and clause.shape.actor == "thing"
            and clause.shape.tense == "passive"
        )

    @cached_property
    def slogan_share(self) -> float:
        """Share of the words that are slogans, 0 to 1."""
        spans = apart(self.reading.signs.get("buzz", ()) + self.reading.signs.get("vague", ()))
        words = sum(len(self.reading.text[start:end].split()) for start, end in spans)
        return words / max(1, self.reading.length)

    @cached_property
    def measured(self) -> tuple[Span, ...]:
        """Words in the result that measure it."""
        found = []
        measures = sorted(self.reading.signs.get("measure", ()))
        words = self.reading.words
        for clause in self.clauses(Label.RESULT):
            if is_own_deed(clause) and clause.shape.base not in I_DEEDS:
                continue  # "for two weeks I stood behind her" measures the deed
            inside = between(measures, clause.start, clause.end, at=lambda span: span[0])
            found += [span for span in inside if self._counts(span)]
            for text, start, end in words[clause.first : clause.last]:
                number = lexicon.is_number(text) and not lexicon.is_year(text)
                if number and self._counts((start, end)):
                    found.append((start, end))
        return apart(found)

    def _counts(self, span: Span) -> bool:
        said = self.reading.flat[span[0] : span[1]]
        return not any(word in said for word in ("24/7", "110", "windows", "hundred times"))

    @cached_property
    def own_share(self) -> tuple[Span, ...]:
        """Where the speaker names an own part in what went wrong.

        What only echoes the question, or stands inside a dodge or a fake weakness, is none.
        """
        signs = self.reading.signs
        dodges = [
            span for sign in ("dodge", "excuse", "fake_weakness") for span in signs.get(sign, ())
        ]
        taken_back = [
            clause.span
            for clause in self.reading.clauses
            if any(clause.start <= start < clause.end for start, _ in dodges)
        ]
        echo = roots_of(self.reading.asked)
        return tuple(
            (start, end)
            for start, end in apart(signs.get("own_share", ()))
            if not any(first < end and start < last for first, last in taken_back)
            and not NO_FAULT.search(self.reading.flat, start, end)
            and not {root(w) for w in self.reading.flat[start:end].split() if len(w) > 2} & echo
        )

    def lesson(self, clause: Clause) -> bool:
        """Whether the words of a lesson are there: not its place alone, nor a mere "I always"."""
        found = {hit.cue.id for hit in clause.hits} & LESSONS
        if found == {HABIT} and "generic" in clause.signs:
            return any(word in CHANGED for word in self.reading.word_texts(clause))
        return bool(found)

    def tail(self) -> tuple[Span, ...]:
        """The last clause: where something that should follow is missing."""
        clauses = self.reading.clauses
        return (clauses[-1].span,) if clauses else ()

    def head(self) -> tuple[Span, ...]:
        """The first clause of some words, or the first of all."""
        clauses = self.reading.clauses
        whole = (clause for clause in clauses if clause.last - clause.first >= FEW_WORDS)
        first = next(whole, clauses[0] if clauses else None)
        return (first.span,) if first else ()

    @cached_property
    def measures(self) -> Measures:
        """The counts shown in before and after."""
        return Measures(
            words=self.reading.length,
            numbers=len(self.measured),
            own_actions=len(self.own_deeds),
            team_actions=len(self.team_deeds),
            hedges=len(self.reading.hedge_spans),
            fillers=self.reading.filler_count,
            shares=self.shares,
        )


def apart(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order, those inside or across an earlier one left out."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s[0], -s[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return tuple(kept)


def look_at(reading: Reading) -> Look:
    """Label a reading."""
    talk = talk_of(reading)
    missed = missed_question(reading, talk)
    if talk.now and reading.asked.type is QuestionType.BEHAVIORAL:
        reading = replace(reading, clauses=tuple(map(_as_past, reading.clauses)))
    scored = None if missed else lattice(reading, talk)
    fresh = iter(scored.best) if scored else repeat(Label.OTHER)
    labels = tuple(Label.OTHER if clause.idle else next(fresh) for clause in reading.clauses)
    return Look(reading, talk, _as_asked_for(reading, labels), missed, scored)


def _as_past(clause: Clause) -> Clause:
    """A deed told in the present, as the past that is meant."""
    form = clause.shape
    if form.tense != "present" or form.verb not in DEEDS or "generic" in clause.signs:
        return clause
    return clause._replace(shape=form._replace(tense="past"))


def _as_asked_for(reading: Reading, labels: tuple[Label, ...]) -> tuple[Label, ...]:
    """The labels, where a reply to a probe for a part is that part if its words tell no better.

    Asked how it ended, somebody says "he is my best mate now": that is the ending.
    """
    found = list(labels)
    for reply in reading.asked.replies:
        inside = [
            number
            for number, clause in enumerate(reading.clauses)
            if reply.span[0] <= clause.start < reply.span[1] and not clause.idle
        ]
        if any(labels[number] is reply.part for number in inside):
            continue
        for number in inside:
            clause = reading.clauses[number]
            told = labels[number] is not Label.OTHER and clause.points(labels[number]) >= SPEAKS
            if not (told or is_own_deed(clause) or "generic" in clause.signs):
                found[number] = reply.part
    return tuple(found)
