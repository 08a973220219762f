"""Seats every player before the first question, so that a storm is answers from its beginning."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.content import load_content
from bot.interview.conduct import begin
from bot.interview.events import InterviewOpened, Mode
from bot.store import Candidate, Store

QUESTIONS = (
    "hm-problem-kept-coming-back",
    "hm-influence-changed-bosss-mind",
    "hm-problem-two-answers",
)


async def seat(url: str, chats: Iterable[int]) -> None:
    """Make the database, with these candidates in an interview; its question waits to be sent."""
    book, _ = load_content()
    at = datetime.now(UTC)
    store = await Store.open(url)
    for chat in chats:
        opened = InterviewOpened(
            persona="hiring_manager", mode=Mode.COACHED, questions=QUESTIONS, seed=chat
        )
        button = {"text": "In other words", "callback_data": "i:mean:1:1:1"}
        keys = {"inline_keyboard": [[button]]}
        async with store.turn(chat, at=at) as turn:
            await turn.save_candidate(Candidate(chat, "ready", at, line_of_work="care"))
            await turn.open_interview(begin(opened, book).events)
            turn.say("sendMessage", {"text": "A question", "reply_markup": keys}, slot="table")
    await store.close()
