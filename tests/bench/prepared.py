"""Databases made in bulk: candidates about to answer, about to finish an answer, or long gone.

One candidate is brought there through the store; the others are copies of all their rows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.content import load_content
from bot.interview.conduct import advance, begin
from bot.interview.events import InterviewOpened, Mode
from bot.interview.machine import Stage
from bot.interview.moves import Finished, Move, Said, WentOn
from bot.store import Candidate, Store

QUESTIONS = ("hm-problem-kept-coming-back", "hm-influence-changed-bosss-mind")
TAP = "i:done:1:1:1"
MODEL = 1  # the chat that is copied
FIRST_CHAT = 1_000  # of those that are measured
FIRST_STRANGER = 10_000_000  # of those that only fill the database
LISTENING_MESSAGE, TABLE_MESSAGE = 12, 10
ANSWER = (
    "Last spring the booking line at our clinic kept jamming every Monday, and families waited"
    " forty minutes on the phone. My manager asked me to find the real cause without new staff."
    " I timed every call for two weeks and found that half were repeat prescriptions. I moved"
    " those to a web form that I built with our IT man, and I trained the three receptionists."
    " The first week went badly, because the form asked for a number that nobody has at hand. So"
    " I sat in the waiting room with my laptop, watched six people fill it in, and took out every"
    " field that made somebody stop. One receptionist was afraid that the form would take her job,"
    " so I asked her to write the answers that people read on it, and she has looked after that"
    " page ever since. By June the wait fell from 40 minutes to 8, and complaints from 9 a month"
    " to 1. I watch the work before I change it, in every job since."
)
"""A story of about 170 words with all its parts, so that nobody probes."""


async def prepare(file: Path, candidates: int, *, told: bool) -> None:
    """Make the database with so many candidates before a question, the answer told or not."""
    await _seat(file, MODEL, [Said(ANSWER, 11)] if told else [])
    with closing(sqlite3.connect(file)) as database:
        slots = [(MODEL, "table", TABLE_MESSAGE)]
        slots += [(MODEL, "listening", LISTENING_MESSAGE)] if told else []
        database.executemany("INSERT INTO slots VALUES (?, ?, ?)", slots)
        copy(database, MODEL, FIRST_CHAT, candidates)
        database.commit()


async def fill(file: Path, strangers: int) -> None:
    """Add so many people to the database who have had one answer judged, some minutes ago."""
    await _seat(file, MODEL + 1, [Said(ANSWER, 11), Finished(), WentOn()])
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA synchronous = OFF")
        copy(database, MODEL + 1, FIRST_STRANGER, strangers)
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


async def _seat(file: Path, chat_id: int, moves: Sequence[Move]) -> None:
    """Bring one candidate into an interview, with nothing left to send."""
    book, _ = load_content()
    opened = InterviewOpened(
        persona="hiring_manager", mode=Mode.COACHED, questions=QUESTIONS, seed=3
    )
    at = datetime.now(UTC) - timedelta(minutes=5)
    store = await Store.open(f"sqlite:///{file}")
    async with store.turn(chat_id, at=at) as turn:
        await turn.save_candidate(Candidate(chat_id, "ready", at, line_of_work="care"))
        step = begin(opened, book)
        interview = await turn.open_interview(step.events)
        turn.say("sendMessage", {"text": "…"})
        for move in moves:
            step = advance(step.interview, move, book)
            await turn.append(interview, step.events)
            if step.interview.stage is Stage.PROBED:
                raise AssertionError("the answer of the bench must not be probed")
    await store.close()
    with closing(sqlite3.connect(file)) as database:
        database.execute("DELETE FROM outbox")
        database.execute("UPDATE lanes SET at = NULL, owner = NULL")
        database.commit()


def judged(file: Path) -> int:
    """How many answers of those measured have their feedback stored."""
    with closing(sqlite3.connect(file)) as database:
        query = "SELECT count(*) FROM attempts WHERE candidate_id BETWEEN ? AND ?"
        (count,) = database.execute(query, (FIRST_CHAT, FIRST_STRANGER - 1)).fetchone()
    return int(count)


def copy(database: sqlite3.Connection, model: int, first: int, count: int) -> None:
    """Copy every row of the candidate `model` for `count` others, numbered from `first`."""
    database.execute("PRAGMA foreign_keys = OFF")
    numbers = f"""WITH RECURSIVE numbers(n) AS (
        SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n < {first + count - 1})"""
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (table,) in tables:
        names = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
        if names[0] != "candidate_id":
            continue
        rest = "".join(f', "{name}"' for name in names[1:])
        database.execute(
            f'INSERT INTO {table} ("candidate_id"{rest}) {numbers}'
            f" SELECT n{rest} FROM numbers, {table} WHERE candidate_id = {model} ORDER BY n"
        )
