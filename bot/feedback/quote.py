"""The words to quote for a finding: the clause around the evidence, short enough to read."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from bot.feedback import lexicon
from bot.feedback.between import START, between
from bot.feedback.look import Look
from bot.feedback.model import Finding, Span
from bot.feedback.reading import Clause

MOST_WORDS = 12
TIES = frozenset({"and", "so", "but", "then", "or", "because", "well", "yeah", "yes", "okay", "ok"})
LEAN = lexicon.SETS["leaning"]
EDGE = " \t\n,;:.!?…-–—"
WORD_BY_WORD = frozenset({"fillers", "hedging"})  # the words themselves are the evidence
BREAKS_OFF = frozenset({"missing_result", "missing_action"})  # the last words are the evidence
FEWEST_LAST = 3


def with_quotes(look: Look, finding: Finding) -> Finding:
    """The finding with each span widened to its clause or cut to a quote of some twelve words."""
    if finding.rule in WORD_BY_WORD:
        return finding
    spans: list[Span] = []
    for span in finding.spans:
        quote = (last_words if finding.rule in BREAKS_OFF else quotable)(look, span)
        if all(quote[1] <= start or end <= quote[0] for start, end in spans):
            spans.append(quote)
    return Finding(finding.rule, tuple(spans), finding.confidence)


def quotable(look: Look, span: Span) -> Span:
    """The clause that holds the start of `span`, without ties at its edges."""
    clause = next((c for c in look.reading.clauses if c.start <= span[0] < c.end), None)
    if clause is None:
        return span
    start, end = without_ties(look, clause.start, clause.end)
    if _count(look, start, end) > MOST_WORDS:
        evidence = max(span[0], start), max(start, min(span[1], end))
        start, end = _window(look, clause, (start, end), evidence)
    return start, _trimmed(look, start, end)


def last_words(look: Look, span: Span) -> Span:
    """The end of a clause, where the story breaks off: from its last "and", or twelve words."""
    whole = without_ties(look, *span)
    words = between(look.reading.words, *whole, at=START)
    if _count(look, *whole) <= MOST_WORDS or len(words) <= MOST_WORDS:
        return whole
    ties = [at for at, word in enumerate(words) if word.text in TIES]
    start = next((at + 1 for at in reversed(ties) if len(words) - at > FEWEST_LAST), 0)
    return words[max(start, len(words) - MOST_WORDS)].start, whole[1]


def onward(look: Look, start: int) -> Span:
    """Twelve words from the one at `start` on, within its sentence: "because a stranger can't"."""
    words, clauses = look.reading.words, look.reading.clauses
    end = next((c.start for c in clauses if c.hard and c.start > start), len(look.reading.text))
    first = bisect_left(words, start, key=lambda word: word.start)
    inside = [word for word in words[first : first + 2 * MOST_WORDS] if word.start < end]
    stop = _after(look, start, inside[-1].end)
    return start, _trimmed(look, start, stop)


def without_ties(look: Look, start: int, end: int) -> Span:
    """A clause from its first word that is no tie ("and", "so") to its last letter."""
    for word in between(look.reading.words, start, end, at=START):
        if word.text not in TIES:
            start = word.start if look.reading.flat[start : word.start].strip() else start
            break
    return start, _trimmed(look, start, end)


def _window(look: Look, clause: Clause, whole: Span, evidence: Span) -> Span:
    """Twelve words of a long clause: from its start, its subject or the evidence itself."""
    words = look.reading.words
    starts = [whole[0]]
    if clause.shape.last > clause.shape.first:
        starts.append(words[clause.shape.first].start)
    for start in starts:
        if start <= evidence[0] and _count(look, start, evidence[1]) <= MOST_WORDS:
            return start, _after(look, start, whole[1])
    return evidence[0], _after(look, evidence[0], whole[1])


def _after(look: Look, start: int, end: int) -> int:
    """Where the twelfth word from `start` ends, or the clause; no "and" or "the" at the end."""
    inside = between(look.reading.words, start, end, at=START)
    few = bisect_right(inside, MOST_WORDS, key=lambda word: _count(look, start, word.end))
    spoken = inside[:few]
    while len(spoken) > 1 and len(spoken) < len(inside) and spoken[-1].text in LEAN:
        spoken = spoken[:-1]
    return spoken[-1].end if spoken else end


def _count(look: Look, start: int, end: int) -> int:
    return len(look.reading.text[start:end].split())


def _trimmed(look: Look, start: int, end: int) -> int:
    """`end` without the punctuation and blanks before it; never before `start`."""
    kept = look.reading.text[start:end].rstrip(EDGE)
    return start + len(kept) if kept else end
