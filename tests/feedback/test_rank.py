"""Which fault comes first, which stay unsaid, and which line is worth keeping."""

from __future__ import annotations

import pytest

from bot.feedback import Finding
from bot.feedback.rank import rank
from tests.feedback.telling import STORY_START, faults, tell


def found(*names: str, sure: float = 0.9) -> list[Finding]:
    return [Finding(name, ((0, 1),), sure) for name in names]


@pytest.mark.parametrize(
    ("names", "words", "said"),
    [
        (["missing_result", "confidential"], 100, ["confidential", "missing_result"]),
        (["hypothetical", "missing_result", "no_example"], 100, ["hypothetical"]),
        (["no_example", "missing_situation", "vague_action"], 100, ["no_example"]),
        (["missing_result", "unquantified_result"], 100, ["missing_result"]),
        (["too_short", "missing_result", "missing_situation"], 12, ["too_short", "missing_result"]),
        (["too_short", "blames_others"], 30, ["blames_others", "too_short"]),
        (["missing_task", "rambling"], 300, ["rambling", "missing_task"]),
        (["missing_task"], 100, ["missing_task"]),
        (["too_much_setup", "missing_task"], 100, ["too_much_setup"]),
        (["missing_result", "missing_task"], 100, ["missing_result", "missing_task"]),
    ],
)
def test_a_coach_names_the_spoiler_first_and_leaves_twins_unsaid(
    names: list[str], words: int, said: list[str]
) -> None:
    assert [finding.rule for finding in rank(found(*names), words)] == said


def test_what_we_are_not_sure_of_is_not_said() -> None:
    assert rank(found("missing_result", sure=0.4), 100) == ()


def test_a_measured_ending_is_the_line_to_keep() -> None:
    feedback = tell(STORY_START + "And the queue fell from forty minutes to twelve.")
    assert feedback.best is not None
    assert feedback.quote(feedback.best) == "the queue fell from forty minutes to twelve."


def test_a_deed_is_kept_when_no_ending_is_measured() -> None:
    feedback = tell(STORY_START + "The owner smiled.")
    assert feedback.best is not None
    assert feedback.quote(feedback.best).startswith("I checked the rollers")


def test_length_alone_earns_nothing() -> None:
    short = STORY_START + "The queue fell from forty minutes to twelve."
    padding = " The depot was on the left of the road, behind the trees, near the old bridge." * 3
    longer = STORY_START.replace("down. ", "down." + padding + " ", 1)
    assert tell(longer + "The queue fell from forty minutes to twelve.").overall <= (
        tell(short).overall
    )


def test_every_piece_says_why_it_has_its_label() -> None:
    feedback = tell("The line was down last May. It fell to me to fix it. I rang the supplier.")
    assert all(piece.why.startswith(("cue: '", "order: ")) for piece in feedback.pieces)
    assert any(piece.why == "cue: 'It fell to me'" for piece in feedback.pieces)


def test_findings_quote_the_candidate() -> None:
    feedback = tell("In May my boss was a clown and the team was lazy, so it failed.")
    assert "blames_others" in faults(feedback)
    quotes = [feedback.quote(span) for f in feedback.findings for span in f.spans]
    assert any("a clown" in quote for quote in quotes)


def test_a_task_left_unsaid_is_listed_but_is_never_the_thing_to_fix_first() -> None:
    feedback = tell(
        "At the crematorium until 2020 families met the next funeral in the car park. I drew the "
        "car park on squared paper and found a gap in the hedge. I priced it and planted the new "
        "exit with rosemary. Complaints went from thirty a year to two."
    )
    assert faults(feedback) == ["missing_task"]
    assert feedback.top_fix is None


def test_of_two_measured_endings_the_last_is_kept_and_a_happy_one_first() -> None:
    feedback = tell(STORY_START + "We left eleven minutes late. The queue fell from 40 to 12.")
    assert feedback.best is not None
    assert feedback.quote(feedback.best) == "The queue fell from 40 to 12."


def test_a_line_that_a_finding_quotes_is_not_the_one_to_keep() -> None:
    feedback = tell(
        STORY_START
        + "I told twelve customers that my manager was lazy and an idiot. I checked the "
        "rollers. The queue fell from forty minutes to twelve because he was useless."
    )
    assert "blames_others" in faults(feedback)
    assert feedback.best is not None
    assert "rollers" in feedback.quote(feedback.best)
