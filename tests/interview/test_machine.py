"""The state machine: every stage meets every event, and loading is replay."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.interview.events import (
    AnswerGiven,
    AnswerReviewed,
    Event,
    InterviewClosed,
    InterviewOpened,
    Mode,
    NudgeGiven,
    PieceCorrected,
    PieceHeard,
    ProbeAsked,
    ProbeDeclined,
    QuestionAsked,
    QuestionPassed,
    RetryStarted,
    decode,
    encode,
)
from bot.interview.machine import ARROWS, Interview, NotNow, Stage, evolve, load
from bot.interview.model import Gap

OPENED = InterviewOpened(persona="peer", mode=Mode.COACHED, questions=("a", "b"), seed=1)
ASKED = QuestionAsked(number=1, question="a", asker="finance")
HEARD = PieceHeard(text="It rained.", message=5)
PROBED = ProbeAsked(gap=Gap.RESULT, wording="And then?", asker="people")
REVIEWED = AnswerReviewed(overall=3.2, top_fix="missing_result")
EXAMPLES: dict[type[Event], Event] = {
    InterviewOpened: OPENED,
    QuestionAsked: ASKED,
    PieceHeard: HEARD,
    PieceCorrected: PieceCorrected(text="It snowed.", message=5),
    NudgeGiven: NudgeGiven(),
    AnswerGiven: AnswerGiven(),
    ProbeAsked: PROBED,
    ProbeDeclined: ProbeDeclined(),
    AnswerReviewed: REVIEWED,
    RetryStarted: RetryStarted(adds=True),
    QuestionPassed: QuestionPassed(),
    InterviewClosed: InterviewClosed(finished=True),
}
WAY_TO: dict[Stage, list[Event]] = {
    Stage.NEW: [],
    Stage.BETWEEN: [OPENED],
    Stage.ASKED: [OPENED, ASKED],
    Stage.LISTENING: [OPENED, ASKED, HEARD],
    Stage.HEARD: [OPENED, ASKED, HEARD, AnswerGiven()],
    Stage.PROBED: [OPENED, ASKED, HEARD, AnswerGiven(), PROBED],
    Stage.REVIEWED: [OPENED, ASKED, HEARD, AnswerGiven(), REVIEWED],
    Stage.CLOSED: [OPENED, ASKED, InterviewClosed(finished=False)],
}


def test_there_is_an_example_of_every_event_and_a_way_to_every_stage() -> None:
    assert set(EXAMPLES) == set(get_args(Event))
    assert {stage: load(events).stage for stage, events in WAY_TO.items()} == {
        stage: stage for stage in Stage
    }


@pytest.mark.parametrize("kind", get_args(Event), ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("stage", Stage)
def test_an_event_follows_its_arrow_or_cannot_happen(stage: Stage, kind: type[Event]) -> None:
    before = load(WAY_TO[stage])
    copy = replace(before)
    if (stage, kind) in ARROWS:
        assert evolve(before, EXAMPLES[kind]).stage is ARROWS[stage, kind]
    else:
        with pytest.raises(NotNow, match=f"{kind.__name__} cannot happen when {stage}"):
            evolve(before, EXAMPLES[kind])
    assert before == copy


def test_nothing_follows_the_end() -> None:
    assert [stage for stage, _ in ARROWS if stage is Stage.CLOSED] == []


def test_the_end_can_be_reached_from_every_stage() -> None:
    reaches = {Stage.CLOSED}
    while more := {start for (start, _), end in ARROWS.items() if end in reaches} - reaches:
        reaches |= more
    assert reaches == set(Stage)


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Events along arrows, wherever they lead."""
    stage, events = Stage.NEW, []
    for _ in range(draw(st.integers(0, 25))):
        open_ways = [kind for start, kind in ARROWS if start is stage]
        if not open_ways:
            break
        kind = draw(st.sampled_from(open_ways))
        events.append(EXAMPLES[kind])
        stage = ARROWS[stage, kind]
    return events


@given(histories())
def test_loading_is_replay_up_to_any_moment(events: list[Event]) -> None:
    step_by_step = [Interview()]
    for event in events:
        step_by_step.append(evolve(step_by_step[-1], event))
    assert [load(events[:n]) for n in range(len(events) + 1)] == step_by_step


@given(histories())
def test_an_interview_survives_being_stored(events: list[Event]) -> None:
    assert load(decode(encode(event)) for event in events) == load(events)


TEXT = st.text(max_size=60)
NUMBER = st.integers(0, 2**62)
ANY_EVENT: st.SearchStrategy[Event] = st.one_of(
    st.builds(
        InterviewOpened,
        persona=TEXT,
        mode=st.sampled_from(Mode),
        questions=st.lists(TEXT, max_size=8).map(tuple),
        seed=NUMBER,
    ),
    st.builds(QuestionAsked, number=NUMBER, question=TEXT, asker=st.none() | TEXT),
    st.builds(PieceHeard, text=TEXT, message=NUMBER),
    st.builds(PieceCorrected, text=TEXT, message=NUMBER),
    st.builds(NudgeGiven),
    st.builds(AnswerGiven),
    st.builds(ProbeAsked, gap=st.sampled_from(Gap), wording=TEXT, asker=st.none() | TEXT),
    st.builds(ProbeDeclined),
    st.builds(AnswerReviewed, overall=st.floats(1, 5), top_fix=st.none() | TEXT),
    st.builds(RetryStarted, adds=st.booleans()),
    st.builds(QuestionPassed),
    st.builds(InterviewClosed, finished=st.booleans()),
)


@given(ANY_EVENT)
def test_an_event_comes_back_from_storage_as_it_was(event: Event) -> None:
    assert decode(encode(event)) == event


@pytest.mark.parametrize(
    "stored",
    ["", "{}", "[]", '{"kind": "AnswerLost"}', '{"kind": "AnswerGiven", "more": 1}'],
)
def test_what_is_no_event_is_refused(stored: str) -> None:
    with pytest.raises(ValidationError):
        decode(stored)


# What an interview remembers.


def test_pieces_stand_on_lines_of_their_own() -> None:
    heard = load([*WAY_TO[Stage.LISTENING], PieceHeard(text="Then it stopped.", message=6)])
    assert heard.answer == "It rained.\nThen it stopped."


def test_a_correction_changes_only_the_message_it_belongs_to() -> None:
    other = PieceHeard(text="Then it stopped.", message=6)
    edited = PieceCorrected(text="It snowed.", message=5)
    assert load([*WAY_TO[Stage.LISTENING], other, edited]).answer == "It snowed.\nThen it stopped."


def test_a_reply_to_a_probe_is_added_to_the_answer_and_marked() -> None:
    reply = PieceHeard(text="Nobody got wet.", message=7)
    events = [*WAY_TO[Stage.PROBED], reply, AnswerGiven(), REVIEWED]
    past = load(events).reviews[0]
    assert past.answer == "It rained.\nNobody got wet."
    assert [part.after_probe for part in past.told] == [False, True]


def test_a_declined_probe_leaves_what_was_told() -> None:
    assert load([*WAY_TO[Stage.PROBED], ProbeDeclined()]).answer == "It rained."


@pytest.mark.parametrize(("adds", "kept"), [(True, "It rained."), (False, "")])
def test_a_retry_keeps_the_answer_only_when_it_adds_to_it(adds: bool, kept: str) -> None:
    retry = load([*WAY_TO[Stage.REVIEWED], RetryStarted(adds=adds)])
    assert (retry.attempt, retry.answer, retry.probes) == (2, kept, ())


def test_a_passed_question_is_remembered_and_leaves_nothing_behind() -> None:
    passed = load([*WAY_TO[Stage.LISTENING], QuestionPassed()])
    assert (passed.passed, passed.answer, passed.reviews) == ((1,), "", ())


def test_the_last_review_is_that_of_the_question_on_the_table() -> None:
    again: list[Event] = [
        RetryStarted(),
        HEARD,
        AnswerGiven(),
        AnswerReviewed(overall=4.0, top_fix=None),
    ]
    twice = load([*WAY_TO[Stage.REVIEWED], *again])
    assert twice.last_review is not None
    assert (twice.last_review.attempt, twice.last_review.overall) == (2, 4.0)
    assert evolve(twice, QuestionAsked(number=2, question="b")).last_review is None


def test_a_nudge_is_remembered_until_the_answer_is_given() -> None:
    nudged = load([*WAY_TO[Stage.LISTENING], NudgeGiven()])
    assert (nudged.nudged, nudged.answer) == (True, "It rained.")
    assert evolve(nudged, HEARD).nudged
    assert not evolve(nudged, AnswerGiven()).nudged
    assert not evolve(nudged, QuestionPassed()).nudged


def test_every_message_of_the_interview_is_remembered() -> None:
    reply = PieceHeard(text="Nobody got wet.", message=7)
    events = [*WAY_TO[Stage.PROBED], reply, AnswerGiven(), REVIEWED, InterviewClosed(finished=True)]
    assert load(events).messages == (5, 7)
