"""Compares what the rules say about answers with the truth about them.

Labels are compared word by word, so that two ways to cut the same answer score alike. An answer
whose pieces do not add up to its text is broken: every word of it counts as wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import isnan

from bot.feedback import QuestionType
from tests.evaluation.formulas import (
    Hits,
    mean,
    rank_correlation,
    rank_correlation_given,
    share,
)
from tests.evaluation.gold import Answer, Judged, Segment

LABELS = "STARLO"
PARTS = "STAR"
NO_LABEL = "?"
STORIES = frozenset({QuestionType.BEHAVIORAL, QuestionType.SITUATIONAL})
MISSING = frozenset({"missing_situation", "missing_task", "missing_action", "missing_result"})

Pair = tuple[str, str]  # the true label, the given one
Case = tuple[Answer, Judged]  # an answer with its truth, and what was said about it


@dataclass(frozen=True, slots=True)
class Scores:
    """How well the rules did on some answers; every measure is 0 to 1, nan where it has no sense.

    `labels` counts words by true label, in stories only; `rules` counts answers by defect.
    """

    answers: int
    broken: int
    labels: dict[str, Hits]
    rules: dict[str, Hits]
    label_macro_f1: float
    star_macro_f1: float
    sentence_star_macro_f1: float
    missing_parts_f1: float
    defect_micro_f1: float
    top_fix_accuracy: float
    shown_fix_is_a_fault: float
    clean_kept_clean: float
    overall_spearman: float
    spearman_given_length: float


def score(cases: Sequence[Case]) -> Scores:
    """All measures over some answers."""
    paired = [(answer, pairs_by_segment(answer.truth.segments, given)) for answer, given in cases]
    stories = [found for answer, found in paired if answer.asked.type in STORIES]
    words = [pair for found in stories for segment in found for pair in segment]
    sentences = [(segment[0][0], most_given(segment)) for found in stories for segment in found]
    labels = label_hits(words)
    rules = defect_hits(cases)
    truth, said = [a.truth.overall for a, _ in cases], [given.overall for _, given in cases]
    lengths = [len(answer.text.split()) for answer, _ in cases]
    return Scores(
        answers=len(cases),
        broken=sum(_solid(a.truth.segments) != _solid(g.segments) for a, g in cases),
        labels=labels,
        rules=rules,
        label_macro_f1=mean([f1 for hits in labels.values() if not isnan(f1 := hits.f1)]),
        star_macro_f1=mean([labels[part].f1 for part in PARTS]),
        sentence_star_macro_f1=mean([label_hits(sentences)[part].f1 for part in PARTS]),
        missing_parts_f1=_sum(
            hits for name, hits in defect_hits(_behavioral(cases)).items() if name in MISSING
        ).f1,
        defect_micro_f1=_sum(rules.values()).f1,
        top_fix_accuracy=_agreement(c for c in cases if c[0].truth.top_fix),
        shown_fix_is_a_fault=_shown_faults(cases),
        clean_kept_clean=_agreement(c for c in cases if not c[0].truth.top_fix),
        overall_spearman=rank_correlation(truth, said),
        spearman_given_length=rank_correlation_given(truth, said, lengths),
    )


def pairs_by_segment(truth: Sequence[Segment], given: Judged) -> list[list[Pair]]:
    """For each true segment a pair of labels for each of its words.

    A word has the given label of its middle character. If the texts differ, it has NO_LABEL.
    """
    labels = _by_character(given.segments)
    sound = _solid(truth) == _solid(given.segments)
    at, segments = 0, []
    for segment in truth:
        pairs = []
        for word in segment.text.split():
            pairs.append((segment.label, labels[at + len(word) // 2] if sound else NO_LABEL))
            at += len(word)
        segments.append(pairs)
    return [pairs for pairs in segments if pairs]


def most_given(segment: Sequence[Pair]) -> str:
    """The label that most words of a segment were given; of two, the one that came first."""
    return Counter(given for _, given in segment).most_common(1)[0][0]


def label_hits(pairs: Iterable[Pair]) -> dict[str, Hits]:
    """Hits and misses of each label."""
    hits = {label: Hits() for label in LABELS}
    for (true, given), times in Counter(pairs).items():
        if true == given:
            hits[true].right += times
        else:
            hits[true].missed += times
            if given != NO_LABEL:
                hits[given].wrong += times
    return hits


def defect_hits(cases: Iterable[Case]) -> dict[str, Hits]:
    """Hits and misses of each defect that is true of an answer or was named."""
    hits: dict[str, Hits] = {}
    for answer, given in cases:
        for name in answer.truth.defects | given.defects:
            hits.setdefault(name, Hits()).count(
                true=name in answer.truth.defects, named=name in given.defects
            )
    return dict(sorted(hits.items()))


def words_right(case: Case) -> float:
    """Share of the words of one answer with the true label."""
    pairs = [pair for found in pairs_by_segment(case[0].truth.segments, case[1]) for pair in found]
    return share(sum(true == given for true, given in pairs), len(pairs))


def _by_character(segments: Iterable[Segment]) -> str:
    return "".join(segment.label * len("".join(segment.text.split())) for segment in segments)


def _solid(segments: Iterable[Segment]) -> str:
    return "".join("".join(segment.text.split()) for segment in segments)


def _behavioral(cases: Iterable[Case]) -> Iterator[Case]:
    return (case for case in cases if case[0].asked.type is QuestionType.BEHAVIORAL)


def _agreement(cases: Iterable[Case]) -> float:
    same = [answer.truth.top_fix == given.top_fix for answer, given in cases]
    return share(sum(same), len(same))


def _shown_faults(cases: Iterable[Case]) -> float:
    real = [given.top_fix in answer.truth.defects for answer, given in cases if given.top_fix]
    return share(sum(real), len(real))


def _sum(hits: Iterable[Hits]) -> Hits:
    return sum(hits, start=Hits())
