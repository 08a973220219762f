"""An answer read once: its words, clauses, shapes and cues. Rules and labels work on this."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.feedback import lexicon, speech
from bot.feedback.clauses import Shape, shape
from bot.feedback.cues import CueBook, Hit
from bot.feedback.cut import Cut, breaths, cut
from bot.feedback.model import Asked, Channel, Label, Span
from bot.feedback.words import Word, flatten, read

CUES = CueBook(*map(lexicon.load, ("cues.toml", "signs.toml", "faults.toml")))
JOINING = frozenset({"i", "we", "and", "have", "or"})
MAY_DROP = frozenset({"i", "sort", "kind", "of", "had", "that", "very"})  # looked at more closely
ASIDE_VERBS = frozenset({"guess", "suppose", "think", "reckon", "believe", "mean"})
ASIDE_BEFORE = frozenset({"i", "we", "he", "she", "they", "there", "and", "so", "but"})
PRAISE = lexicon.SETS["praise"]
SECOND_HALF = frozenset({"know", "mean"})  # of "you know" and "i mean"
SKIPPED_OPENINGS = lexicon.SETS["skipped_openings"]


@dataclass(frozen=True, slots=True)
class Clause:
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
    """All that the rules may look at. `words` leaves fillers out."""

    text: str
    flat: str
    asked: Asked
    channel: Channel
    words: tuple[Word, ...]
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
        return Counter(w.text for c in self.fresh for w in self.words[c.first : c.last])

    @cached_property
    def signs(self) -> Mapping[str, tuple[Span, ...]]:
        """Spans of the words behind each sign of signs.toml, in order; repeats left out."""
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

    def word_texts(self, clause: Clause) -> list[str]:
        """The words of one clause in normal form."""
        return [word.text for word in self.words[clause.first : clause.last]]


def _core(said: list[Word], dropped: set[int]) -> list[Word]:
    """The words that carry the sense: no fillers, stammers, loose adverbs or "I think" before I."""
    kept: list[Word] = []
    skip = -1
    for at, word in enumerate(said):
        text = word.text
        if at in dropped or text in lexicon.ADVERBS or at == skip:
            continue
        if text not in MAY_DROP:
            if not kept or kept[-1].text != text:
                kept.append(word)
            continue
        if word.text == "i" and at + 2 < len(said) and said[at + 1].text in ASIDE_VERBS:
            beyond = at + 2
            while beyond + 1 < len(said) and said[beyond].text in lexicon.ADVERBS:
                beyond += 1
            if said[beyond].text in ASIDE_BEFORE:
                skip = at + 1
                continue
        pair = (word.text, said[at + 1].text if at + 1 < len(said) else "")
        if pair in {("sort", "of"), ("kind", "of")} and (
            not kept or kept[-1].text not in lexicon.DETERMINERS
        ):
            continue
        if (
            word.text == "of"
            and at
            and said[at - 1].text in {"sort", "kind"}
            and (not kept or kept[-1].text not in {"sort", "kind"})
        ):
            continue
        if kept and kept[-1].text == word.text and word.text not in {"had", "that", "very"}:
            continue  # a stammer: "on the on the" keeps its sense, "I I went" reads as "I went"
        kept.append(word)
    return kept


def read_answer(answer: str, asked: Asked, channel: Channel) -> Reading:
    """Cut `answer` into clauses and find the shape and cues of each."""
    flat = flatten(answer)
    said = read(flat)
    fillers = speech.filler_places(said)
    words = _core(said, set(fillers))
    pauses = breaths(flat, words)
    cuts = cut(answer, flat, words, pauses)
    openings, limits = _bounds(words, cuts)
    hits = CUES.hits(words, openings, limits)
    labels = [hit for hit in hits if hit.cue.weights]
    signs = [hit for hit in hits if not hit.cue.weights]
    clauses = tuple(_clauses(words, pauses, cuts, labels, signs))
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
        clauses=clauses,
        sign_hits=tuple(signs),
        filler_count=sum(said[at].text not in SECOND_HALF for at in fillers),
        filler_spans=tuple((said[at].start, said[at].end) for at in fillers),
        hedge_spans=tuple(
            (said[first].start, said[last - 1].end)
            for first, last in speech.hedge_places(said)
            if fresh(first, last)
        ),
    )


def _bounds(words: Sequence[Word], cuts: Sequence[Cut]) -> tuple[list[int], list[int]]:
    """Words at which a clause may open for a cue, and for each word where its sentence ends."""
    openings: list[int] = []
    limits = [0] * len(words)
    end = len(words)
    for piece in reversed(cuts):
        limits[piece.first : piece.last] = [end] * (piece.last - piece.first)
        if piece.hard:
            end = piece.first
        at = piece.first
        openings.append(at)
        while at < piece.last - 1 and words[at].text in SKIPPED_OPENINGS:
            at += 1
            openings.append(at)
    return openings, limits


def _clauses(
    words: Sequence[Word],
    pauses: frozenset[int],
    cuts: Sequence[Cut],
    labels: Sequence[Hit],
    signs: Sequence[Hit],
) -> Iterator[Clause]:
    """Each cut with its shape, its cues and its signs."""
    cue_places = [hit.first for hit in labels]
    sign_places = [hit.first for hit in signs]
    actor = "i"
    heard: set[tuple[str, ...]] = set()
    for piece in cuts:
        form = shape(words, piece.first, piece.last, actor, pauses)
        if form.actor in {"i", "we", "person", "thing"}:
            actor = form.actor
        texts = tuple(word.text for word in words[piece.first : piece.last])
        yield Clause(
            start=piece.start,
            end=piece.end,
            first=piece.first,
            last=piece.last,
            hard=piece.hard,
            loose=piece.loose,
            shape=form,
            hits=tuple(_between(labels, cue_places, piece)),
            signs=frozenset(hit.cue.id for hit in _between(signs, sign_places, piece)),
            repeats=texts in heard,
            praise=_is_praise(form, texts),
        )
        heard.add(texts)


def _between(hits: Sequence[Hit], places: Sequence[int], piece: Cut) -> Sequence[Hit]:
    """The hits that begin in a piece; hits come in order, `places` is where each begins."""
    return hits[bisect_left(places, piece.first) : bisect_left(places, piece.last)]


def _is_praise(form: Shape, texts: tuple[str, ...]) -> bool:
    """Whether a clause without an event is made of praise, slogans or verbs without an object."""
    if any(map(lexicon.is_number, texts)):
        return False
    bare = [text for text in texts if text not in JOINING]
    if len(bare) >= 2 and all(lexicon.past_base(text) for text in bare):
        return True
    if form.verb not in {"state", "none"} and form.tense != "present":
        return False
    return sum(text in PRAISE for text in texts) * 4 >= len(texts) > 0
