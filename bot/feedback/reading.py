"""An answer read once: its words, clauses, shapes and cues. Rules and labels work on this."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from bot.feedback import lexicon, speech
from bot.feedback.between import START
from bot.feedback.clauses import Shape, shape
from bot.feedback.cues import CueBook, Hit
from bot.feedback.cut import Cut, breaths, cut, list_marks
from bot.feedback.model import Asked, Channel, Label, Span
from bot.feedback.words import Word, flatten, read

TABLES = ("cues.toml", "signs.toml", "blame.toml", "ownership.toml", "secrets.toml")
CUES = CueBook(*map(lexicon.load, TABLES))
JOINING = frozenset({"i", "we", "and", "have", "or"})
SORTS = frozenset({"sort", "kind"})
MAY_DROP = SORTS | {"i", "of"}  # looked at more closely
DOUBLED = frozenset({"had", "that", "very"})  # said twice with good reason: "that that"
ASIDE_VERBS = frozenset({"guess", "suppose", "think", "reckon", "believe", "mean"})
ASIDE_BEFORE = frozenset({"i", "we", "he", "she", "they", "there", "and", "so", "but"})
PRAISE = lexicon.SETS["praise"]
SECOND_HALF = frozenset({"know", "mean"})  # of "you know" and "i mean"
SKIPPED_OPENINGS = lexicon.SETS["skipped_openings"]


class Clause(NamedTuple):
    """One clause with what it shows; `first` and `last` index `Reading.words`."""

    start: int
    end: int
    first: int
    last: int
    hard: bool
    loose: bool
    shape: Shape
    hits: tuple[Hit, ...]
    signs: frozenset[str]
    repeats: bool
    praise: bool

    @property
    def idle(self) -> bool:
        """Whether the clause adds nothing: said before, or praise and slogans alone."""
        return self.repeats or self.praise

    @property
    def span(self) -> Span:
        """Where the clause stands in the answer."""
        return self.start, self.end

    def points(self, label: Label) -> float:
        """How much the cues of the clause speak for a label, each once."""
        return sum({hit.cue.id: hit.cue.weights.get(label, 0.0) for hit in self.hits}.values())


@dataclass(frozen=True)
class Reading:
    """All that the rules may look at. `words` leaves fillers out; `texts` are the words alone."""

    text: str
    flat: str
    asked: Asked
    channel: Channel
    words: tuple[Word, ...]
    texts: tuple[str, ...]
    clauses: tuple[Clause, ...]
    sign_hits: tuple[Hit, ...]
    filler_count: int
    filler_spans: tuple[Span, ...]
    hedge_spans: tuple[Span, ...]

    @cached_property
    def length(self) -> int:
        """Words apart by white space, as a person would count them."""
        return len(self.text.split())

    @cached_property
    def fresh(self) -> tuple[Clause, ...]:
        """The clauses that add something: neither said before nor praise alone."""
        return tuple(clause for clause in self.clauses if not clause.idle)

    @cached_property
    def fresh_length(self) -> int:
        """Words apart by white space, those of idle clauses left out."""
        return self.length - sum(
            len(self.text[c.start : c.end].split()) for c in self.clauses if c.idle
        )

    @cached_property
    def vocabulary(self) -> Counter[str]:
        """How often each word is used."""
        return Counter(chain.from_iterable(map(self.word_texts, self.fresh)))

    @cached_property
    def signs(self) -> Mapping[str, tuple[Span, ...]]:
        """Spans of the words behind each sign, in order; repeats left out."""
        found: dict[str, list[Span]] = {}
        repeated = {at for c in self.clauses if c.repeats for at in range(c.first, c.last)}
        for hit in self.sign_hits:
            if hit.first in repeated:
                continue
            found.setdefault(hit.cue.id, []).append(self.span_of(hit.first, hit.last))
        return {name: tuple(spans) for name, spans in found.items()}

    def span_of(self, first: int, last: int) -> Span:
        """Where words `first` up to but not including `last` stand in the answer."""
        return self.words[first].start, self.words[max(first, last - 1)].end

    def tells_size(self, span: Span) -> bool:
        """Whether a number stands in the sentence or clause around a span."""
        return any(
            lexicon.is_number(word.text) and not lexicon.is_year(word.text)
            for clause in self.clauses
            if clause.start <= span[1] and span[0] <= clause.end
            for word in self.words[clause.first : clause.last]
        )

    def word_texts(self, clause: Clause) -> tuple[str, ...]:
        """The words of one clause in normal form."""
        return self.texts[clause.first : clause.last]


def _core(said: Sequence[Word], texts: Sequence[str], dropped: set[int]) -> list[Word]:
    """The words that carry the sense: no fillers, stammers, loose adverbs or "I think" before I."""
    kept: list[Word] = []
    last = ""
    aside = -1
    for at, text in enumerate(texts):
        if at in dropped or text in lexicon.ADVERBS or at == aside:
            continue
        if text in MAY_DROP:
            if text == "i" and _is_aside(texts, at):
                aside = at + 1
                continue
            if _is_softener(texts, at, last):
                continue
        if text == last and text not in DOUBLED:
            continue  # a stammer: "on the on the" keeps its sense, "I I went" reads as "I went"
        kept.append(said[at])
        last = text
    return kept


def _inside(said: Sequence[Word], marks: Sequence[Span]) -> Iterator[int]:
    """The places of the words that are only the numbers of a list."""
    for start, end in marks:
        at = bisect_left(said, start, key=START)
        if at < len(said) and said[at].start < end:
            yield at


def _is_aside(texts: Sequence[str], at: int) -> bool:
    """Whether the "I" at `at` begins an "I think" before the subject that is meant."""
    if at + 2 >= len(texts) or texts[at + 1] not in ASIDE_VERBS:
        return False
    beyond = at + 2
    while beyond + 1 < len(texts) and texts[beyond] in lexicon.ADVERBS:
        beyond += 1
    return texts[beyond] in ASIDE_BEFORE


def _is_softener(texts: Sequence[str], at: int, last: str) -> bool:
    """Whether the word at `at` is part of "sort of" or "kind of", `last` being the word kept."""
    if texts[at] in SORTS and at + 1 < len(texts) and texts[at + 1] == "of":
        return last not in lexicon.DETERMINERS
    return texts[at] == "of" and at > 0 and texts[at - 1] in SORTS and last not in SORTS


def read_answer(answer: str, asked: Asked, channel: Channel) -> Reading:
    """Cut `answer` into clauses and find the shape and cues of each."""
    flat = flatten(answer)
    said = read(flat)
    spoken = [word.text for word in said]
    fillers = speech.filler_places(spoken)
    marks = list_marks(flat)
    words = _core(said, spoken, {*fillers, *_inside(said, marks)})
    texts = tuple(word.text for word in words)
    pauses = breaths(flat, words)
    items = frozenset(start for start, _ in marks)
    cuts = cut(answer, flat, words, texts, pauses, items)
    openings, limits = _bounds(texts, cuts)
    hits = CUES.hits(texts, openings, limits)
    clauses = tuple(_clauses(texts, pauses, cuts, hits, items))
    again = [clause.span for clause in clauses if clause.repeats]

    def fresh(first: int, last: int) -> bool:
        return not any(start <= said[first].start < end for start, end in again)

    fillers = [at for at in fillers if fresh(at, at)]
    return Reading(
        text=answer,
        flat=flat,
        asked=asked,
        channel=channel,
        words=tuple(words),
        texts=texts,
        clauses=clauses,
        sign_hits=tuple(hit for hit in hits if not hit.cue.weights),
        filler_count=sum(spoken[at] not in SECOND_HALF for at in fillers),
        filler_spans=tuple((said[at].start, said[at].end) for at in fillers),
        hedge_spans=tuple(
            (said[first].start, said[last - 1].end)
            for first, last in speech.hedge_places(spoken)
            if fresh(first, last)
        ),
    )


def _bounds(texts: Sequence[str], cuts: Sequence[Cut]) -> tuple[list[int], list[int]]:
    """Words at which a clause may open for a cue, and for each word where its sentence ends."""
    openings: list[int] = []
    limits = [0] * len(texts)
    end = len(texts)
    for piece in reversed(cuts):
        limits[piece.first : piece.last] = [end] * (piece.last - piece.first)
        if piece.hard:
            end = piece.first
        at = piece.first
        openings.append(at)
        while at < piece.last - 1 and texts[at] in SKIPPED_OPENINGS:
            at += 1
            openings.append(at)
    return openings, limits


def _clauses(
    texts: tuple[str, ...],
    pauses: frozenset[int],
    cuts: Sequence[Cut],
    hits: Sequence[Hit],
    items: frozenset[int],
) -> Iterator[Clause]:
    """Each cut with its shape, its cues and its signs.

    An item of a list that begins with a verb is the speaker's: "- rang the supplier".
    """
    actor = "i"
    heard: set[tuple[str, ...]] = set()
    for piece, (cues, signs) in zip(cuts, _shared_out(hits, cuts), strict=True):
        if piece.start in items and actor != "we":
            actor = "i"
        form = shape(texts, piece.first, piece.last, actor, pauses)
        if form.actor in {"i", "we", "person", "thing"}:
            actor = form.actor
        told = texts[piece.first : piece.last]
        yield Clause(
            *piece,
            shape=form,
            hits=tuple(cues),
            signs=frozenset(signs),
            repeats=told in heard,
            praise=_is_praise(form, told),
        )
        heard.add(told)


def _shared_out(hits: Sequence[Hit], cuts: Sequence[Cut]) -> list[tuple[list[Hit], list[str]]]:
    """For each cut the cues and the names of the signs that begin in it."""
    shares: list[tuple[list[Hit], list[str]]] = [([], []) for _ in cuts]
    firsts = [piece.first for piece in cuts]
    for hit in hits:
        cues, signs = shares[bisect_right(firsts, hit.first) - 1]
        if hit.cue.weights:
            cues.append(hit)
        else:
            signs.append(hit.cue.id)
    return shares


def _is_praise(form: Shape, texts: tuple[str, ...]) -> bool:
    """Whether a clause without an event is made of praise, slogans or verbs without an object."""
    return (_is_verbs_alone(texts) or _is_praising(form, texts)) and not any(
        map(lexicon.is_number, texts)
    )


def _is_verbs_alone(texts: tuple[str, ...]) -> bool:
    if not all(text in JOINING or lexicon.past_base(text) for text in texts):
        return False
    return sum(text not in JOINING for text in texts) >= 2


def _is_praising(form: Shape, texts: tuple[str, ...]) -> bool:
    if form.verb not in {"state", "none"} and form.tense != "present":
        return False
    return sum(map(PRAISE.__contains__, texts)) * 4 >= len(texts) > 0
