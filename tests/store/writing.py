"""A candidate who leaves words in every table that takes words."""

from __future__ import annotations

from bot.interview.events import InterviewOpened, Mode, PieceHeard
from bot.store import Attempt, Candidate, Turn

OPENED = InterviewOpened(persona="vp", mode=Mode.REAL, questions=("why-us",), seed=1)


async def writes(turn: Turn, words: str, *, go: int = 1) -> None:
    """Have the candidate leave `words` in every table that takes words."""
    await turn.save_candidate(
        Candidate(turn.chat_id, "ready", turn.at, words, words, {"note": words})
    )
    interview = await turn.current_interview()
    number = interview.id if interview else await turn.open_interview([OPENED])
    await turn.append(number, [PieceHeard(text=words, message=1)])
    await turn.save_attempt(
        Attempt(number, 1, go, "why-us", "c", words, 0, 2.0, words, {"quote": words}, turn.at)
    )
    await turn.remind("note", turn.at, {"who": words})
    turn.say("sendMessage", {"text": words}, slot="note")
