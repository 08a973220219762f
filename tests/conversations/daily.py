"""Days in which a question comes by itself: how they are set up, and how time goes by in them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.chat.agenda import Agenda
from bot.interview.events import Drill, InterviewOpened, Mode
from bot.practice.drill_words import Kind
from bot.practice.model import decode
from bot.store import Candidate as Row
from bot.store import StoredAgenda
from tests.conversations.stage import Candidate

LONDON = "Europe/London"


async def settles_in(candidate: Candidate) -> None:
    """Be somebody who has been through the first minute."""
    row = Row(candidate.chat_id, "ready", candidate.clock.now(), line_of_work="care")
    async with candidate.house.store.turn(candidate.chat_id, at=candidate.clock.now()) as turn:
        await turn.save_candidate(row)


async def has_drills(candidate: Candidate, time: str = "19:00", city: str = "Manchester") -> None:
    """Choose a daily question through the settings, and say where they live."""
    await settles_in(candidate)
    await candidate.sends("/settings")
    await candidate.taps("A question a day")
    await candidate.taps("A question a day")
    await candidate.sends(time)
    await candidate.sends(city)
    await candidate.taps("Yes, that's it")


async def is_at(candidate: Candidate, moment: str, zone: str = LONDON) -> None:
    """Let time go by until the clocks of `zone` say so, and let the bot do what is due."""
    there = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))
    await candidate.waits((there - candidate.clock.now()) / timedelta(seconds=1))


async def agenda(candidate: Candidate) -> Agenda:
    """What is stored."""
    async with candidate.house.store.turn(candidate.chat_id, at=candidate.clock.now()) as turn:
        stored = await turn.agenda()
    assert stored is not None
    return Agenda(decode(stored.plan), dict(stored.notes))


async def notes(candidate: Candidate) -> dict[str, Any]:
    return (await agenda(candidate)).notes


async def has_on_the_table(
    candidate: Candidate, kind: Kind, persona: str, question: str, weak: str | None = None
) -> None:
    """Have /drill ask just this."""
    await settles_in(candidate)
    opened = InterviewOpened(
        persona=persona,
        mode=Mode.DRILL,
        questions=(question,),
        seed=3,
        drill=Drill(kind=kind, weak=weak),
    )
    now = candidate.clock.now()
    table = {
        "number": 1,
        "opened": opened.model_dump(mode="json"),
        "day": now.date().isoformat(),
        "until": (now + timedelta(hours=3)).isoformat(),
    }
    async with candidate.house.store.turn(candidate.chat_id, at=now) as turn:
        drill = {"count": 1, "table": table}
        await turn.save_agenda(StoredAgenda('{"zone":"Europe/London"}', {"drill": drill}))
    await candidate.sends("/drill")
