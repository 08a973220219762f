"""What came out of a storm, counted from the database and from the server's record of calls."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, fields
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.bench.telegram import Call
from tests.chaos.players import Player

EVENTS = "SELECT candidate_id, interview_id, kind, body FROM events ORDER BY 1, 2, seq"
OUTBOX = "SELECT candidate_id, method, payload FROM outbox ORDER BY 1, position"
ATTEMPTS = "SELECT candidate_id, interview_id, number, attempt FROM attempts"
Moment = tuple[int, int, int, int]
"""A chat, its interview, the number of the question, the attempt at it."""


@dataclass(slots=True)
class Verdict:
    """How often each thing happened: totals, what may double with a kill, and what must not be."""

    answers: int = 0
    answers_lost: int = 0
    answers_doubled: int = 0
    out_of_order: int = 0
    feedback: int = 0
    feedback_lost: int = 0
    feedback_doubled: int = 0
    messages: int = 0
    messages_lost: int = 0
    messages_doubled: int = 0
    doubled_in_a_chat: int = 0  # at most
    waiting: int = 0  # lines not sent yet
    messages_out_of_order: int = 0
    failures: int = 0
    stuck: list[str] = field(default_factory=list)

    @property
    def faults(self) -> dict[str, int]:
        """Whatever should be zero and is not."""
        totals = (
            "answers",
            "feedback",
            "messages",
            "messages_doubled",
            "doubled_in_a_chat",
            "waiting",
        )
        return {
            each.name: value if isinstance(value, int) else len(value)
            for each in fields(self)
            if each.name not in totals and (value := getattr(self, each.name))
        }


async def judge(database: Path | str, players: Sequence[Player], calls: Sequence[Call]) -> Verdict:
    """Compare what the players said and saw with what is stored, and with what was sent.

    `database` is a SQLite file or the URL of a PostgreSQL database.
    """
    queries = (EVENTS, ATTEMPTS, OUTBOX, "SELECT 1 FROM failures")
    events, attempts, outbox, failures = await rows(database, *queries)
    verdict = Verdict(failures=len(failures))
    heard: dict[int, list[str]] = defaultdict(list)
    asked: Counter[str] = Counter()
    reviewed: Counter[Moment] = Counter()
    moment: Moment = (0, 0, 0, 0)
    for chat, interview, kind, body in events:
        if kind == "PieceHeard":
            heard[chat].append(json.loads(body)["text"])
        elif kind == "QuestionAsked":
            moment = (chat, interview, json.loads(body)["number"], 1)
            asked[":".join(map(str, moment[:3]))] += 1
        elif kind == "RetryStarted":
            moment = (*moment[:3], moment[3] + 1)
        elif kind == "AnswerReviewed":
            reviewed[moment] += 1
    for player in players:
        _answers_of(player, heard[player.chat_id], verdict)
    _feedback(players, reviewed, Counter(attempts), verdict)
    waiting = [Call(0.0, method, chat, 0, "", _markup(payload)) for chat, method, payload in outbox]
    _messages(asked, set(attempts), [*calls, *waiting], verdict)
    verdict.waiting = len(waiting)
    return verdict


async def rows(database: Path | str, *queries: str) -> list[list[tuple[Any, ...]]]:
    """All rows of each query."""
    if isinstance(database, Path):
        with closing(sqlite3.connect(database)) as file:
            return [file.execute(query).fetchall() for query in queries]
    import asyncpg  # type: ignore[import-untyped]

    connection = await asyncpg.connect(database)
    try:
        return [[tuple(row) for row in await connection.fetch(query)] for query in queries]
    finally:
        await connection.close()


async def everything(database: Path | str) -> set[str]:
    """Every row that is about a candidate, as text, but for what delivery notes for itself."""
    about_them = ("candidates", "interviews", "events", "attempts", "agendas", "reminders")
    tables = (*about_them, "updates", "failures")
    found = await rows(database, *(f"SELECT * FROM {table}" for table in tables))
    return {f"{table}{row}" for table, each in zip(tables, found, strict=True) for row in each}


def _answers_of(player: Player, heard: list[str], verdict: Verdict) -> None:
    """Every piece that was sent is there, once, and in the order of sending."""
    verdict.answers += len(player.said)
    verdict.answers_lost += len(set(player.said) - set(heard))
    verdict.answers_doubled += len(heard) - len(set(heard))
    order = [player.said.index(piece) for piece in dict.fromkeys(heard)]
    verdict.out_of_order += sum(one > two for one, two in pairwise(order))


def _feedback(
    players: Sequence[Player], reviewed: Counter[Moment], stored: Counter[Moment], verdict: Verdict
) -> None:
    """Each attempt was judged once, its feedback is stored once, and none that was seen is gone."""
    verdict.feedback = stored.total()
    verdict.feedback_lost = len(reviewed.keys() ^ stored.keys())
    for player in players:
        judged = sum(moment[0] == player.chat_id for moment in reviewed)
        verdict.feedback_lost += max(0, player.finished - judged)
    for counted in (reviewed, stored):
        verdict.feedback_doubled += counted.total() - len(counted)


def _messages(
    asked: Counter[str],
    attempts: set[tuple[int, ...]],
    calls: Sequence[Call],
    verdict: Verdict,
) -> None:
    """Each question and each feedback was sent, once but for what a kill doubles, in order.

    `calls` include those that wait in the outbox. One of them may have been made already.
    """
    sent: Counter[str] = Counter()
    latest: dict[int, tuple[int, int, int]] = {}
    for call in calls:
        place = _place(call)
        if place is None:
            continue
        chat, interview, number, attempt, is_feedback = place
        key = f"{chat}:{interview}:{number}" + (f":{attempt}" if is_feedback else "")
        sent[key] += 1
        moment = (interview, number, attempt * 2 + is_feedback)
        if sent[key] == 1 and moment < latest.get(chat, moment):
            verdict.messages_out_of_order += 1
        latest[chat] = max(moment, latest.get(chat, moment))
    wanted = set(asked) | {":".join(map(str, row)) for row in attempts}
    verdict.messages += len(wanted)
    verdict.messages_lost += len(wanted - set(sent))
    doubled = Counter({key: count - 1 for key, count in sent.items() if count > 1})
    verdict.messages_doubled = doubled.total()
    by_chat: Counter[str] = Counter()
    for key, count in doubled.items():
        by_chat[key.partition(":")[0]] += count
    verdict.doubled_in_a_chat = max(by_chat.values(), default=0)


def _markup(payload: str) -> str:
    return json.dumps(json.loads(payload).get("reply_markup", {}))


def _place(call: Call) -> tuple[int, int, int, int, bool] | None:
    """Where in an interview a new question or feedback stands: chat, interview, number, attempt."""
    if call.method != "sendMessage":
        return None
    for _, data in call.buttons:
        verb, *parts = data.removeprefix("i:").split(":")
        if data.startswith("i:") and verb in {"mean", "next"} and len(parts) == 3:
            interview, number, attempt = map(int, parts)
            return call.chat_id, interview, number, attempt, verb == "next"
    return None
