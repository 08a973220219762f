"""The first minute: what this is, line of work, when the interview is, a warm-up nobody scores."""

from __future__ import annotations

from bot.chat.buttons import Row
from bot.chat.practising import resume
from bot.chat.stages import ASKED_WARM_UP, ASKED_WHEN, ASKED_WORK, NEW, READY
from bot.chat.visit import Visit
from bot.feedback import Asked, QuestionType, review
from bot.interview.coaching import quote
from bot.interview.hearing import Meaning, channel_of, understand
from bot.interview.model import LineOfWork

WHENS = ("today", "week", "later", "none")
# What somebody types who does not tap; the first of these words that is found decides.
_WHEN_WORDS = {
    "today": {"today", "tonight", "tomorrow", "now"},
    "none": {"no", "none", "not", "dunno", "idk", "unknown", "nothing", "don't", "don’t"},
    "week": {"week", "days", "monday", "tuesday", "wednesday", "thursday", "friday", "weekend"},
    "later": {"later", "month", "months", "weeks"},
}


async def on_start(visit: Visit) -> None:
    """/start: the welcome for somebody new; for anybody else, where they were."""
    if await resume(visit):
        return
    if visit.candidate.stage == READY:
        rows: list[Row] = [
            (visit.button("practise", "p:menu"),),
            (visit.button("dated", "v:show"), visit.button("history", "y:list")),
        ]
        visit.say("welcome_back", rows, work=work_name(visit))
        return
    visit.say("welcome", work_rows(visit, "w"))
    await visit.save(stage=ASKED_WORK)


async def on_work_tap(visit: Visit, parts: list[str]) -> None:
    """`w:care`: the line of work, chosen in the welcome."""
    line = visit.book.lines_of_work.get(parts[0])
    if line is None or visit.candidate.stage != ASKED_WORK:
        visit.toast = visit.wording.phrase("toast_old")
        return
    await _take_work(visit, line)


async def on_when_tap(visit: Visit, parts: list[str]) -> None:
    """`h:week`: when the interview is; `h:skip`: no warm-up, please."""
    if parts[0] == "skip" and visit.candidate.stage == ASKED_WARM_UP:
        visit.buttons()
        await _ready(visit, skipped=True)
        return
    if parts[0] not in WHENS or visit.candidate.stage != ASKED_WHEN:
        visit.toast = visit.wording.phrase("toast_old")
        return
    await _take_when(visit, parts[0])


async def on_text(visit: Visit, text: str) -> None:
    """A message when no interview is running."""
    if visit.candidate.stage == ASKED_WARM_UP:
        await _warmed_up(visit, text)
    elif visit.candidate.stage == ASKED_WORK and (line := _named(visit, text)) is not None:
        await _take_work(visit, line)
    elif visit.candidate.stage == ASKED_WHEN and (when := _when_named(text)):
        await _take_when(visit, when)
    elif visit.candidate.stage == READY:
        visit.phrase("no_interview", [(visit.button("practise", "p:menu"),)])
    elif visit.candidate.stage == NEW:
        await on_start(visit)
    else:
        visit.phrase("pick_a_button")


def when_rows(visit: Visit, prefix: str) -> list[Row]:
    """The choices of a date, two in a row."""
    buttons = [visit.button(when, f"{prefix}:{when}") for when in WHENS]
    return [tuple(buttons[:2]), tuple(buttons[2:])]


def work_rows(visit: Visit, prefix: str) -> list[Row]:
    """The lines of work, two in a row."""
    buttons = [(each.button, f"{prefix}:{each.id}") for each in visit.book.lines_of_work.values()]
    return [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]


def work_name(visit: Visit) -> str:
    """The candidate's line of work in words, or nothing."""
    line = visit.book.lines_of_work.get(visit.candidate.line_of_work or "")
    return line.button.split(" ", 1)[1] if line else ""


def _named(visit: Visit, text: str) -> LineOfWork | None:
    """The line of work that a typed word names; anything unknown is "something else"."""
    words = {word.strip(".,!").lower() for word in text.split()}
    for line in visit.book.lines_of_work.values():
        names = {word.lower() for word in line.button.split()[1:] if len(word) > 3}
        names |= set(line.words)
        if names & words:
            return line
    return visit.book.lines_of_work.get("other")


def _when_named(text: str) -> str | None:
    """The choice of a date that a typed message names; None when it names none."""
    words = {word.strip(".,!?").lower() for word in text.split()}
    return next((when for when, names in _WHEN_WORDS.items() if names & words), None)


async def _take_work(visit: Visit, line: LineOfWork) -> None:
    # The welcome stays as it is: what it says about privacy must not vanish at the first tap.
    visit.buttons()
    await visit.save(stage=ASKED_WHEN, line_of_work=line.id.value)
    visit.say("when", when_rows(visit, "h"), work=line.button)


async def _take_when(visit: Visit, when: str) -> None:
    await visit.save(stage=ASKED_WARM_UP, interview_when=when)
    line = visit.book.lines_of_work[visit.candidate.line_of_work or "other"]
    if visit.tapped is not None:
        visit.edit("noted", work=line.button, when=visit.wording.buttons[when].lower())
    skip = visit.button("skip_warm_up", "h:skip")
    visit.say("warm_up", [(skip,)], when=when, question=line.warm_up)


async def _warmed_up(visit: Visit, text: str) -> None:
    """Thank for the warm-up, with one of their own lines when one is worth keeping."""
    meaning = understand(text)
    if meaning is Meaning.WORDLESS:
        visit.say("not_words")
        return
    if meaning in {Meaning.STUCK, Meaning.SKIP, Meaning.DECLINE, Meaning.STOP}:
        await _ready(visit, skipped=True)
        return
    feedback = review(text, Asked("", QuestionType.MOTIVATION), channel_of(text))
    await _ready(visit, keep=quote(feedback, feedback.best) if feedback.best else "")


async def _ready(visit: Visit, *, keep: str = "", skipped: bool = False) -> None:
    await visit.save(stage=READY)
    rows: list[Row] = [(visit.button("practise", "p:menu"),)]
    if visit.candidate.interview_when != "none":
        rows.append((visit.button("dated", "v:show"),))
    visit.say("warmed_up", rows, keep=keep, skipped=skipped)
