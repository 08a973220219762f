"""No hot query reads a whole table, or rows of more than the one candidate it is about.

The statements are those that the store really makes; what is asked is how the database would run
them, with a plan that does not look at the values.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from bot.interview.events import InterviewClosed, InterviewOpened, Mode
from bot.store import Pace, Store
from tests.postgres import Server
from tests.store.conftest import engine_of
from tests.store.writing import writes

OPENED = InterviewOpened(persona="vp", mode=Mode.REAL, questions=("why-us",), seed=1)
PEOPLE = 20_000
FILL = (
    f"CREATE TABLE people AS SELECT generate_series(1, {PEOPLE}) AS n,"
    " timestamptz '2026-11-22 11:00Z' AS at;"
    """
INSERT INTO candidates SELECT n, 'ready', NULL, NULL, '{}', people.at FROM people;
INSERT INTO interviews SELECT n, 1, 'vp', 'real', people.at, NULL FROM people;
INSERT INTO events SELECT n, 1, s, CASE s WHEN 1 THEN 'InterviewOpened' ELSE 'QuestionAsked' END,
    '{}', people.at FROM people, generate_series(1, 2) s;
INSERT INTO attempts SELECT n, 1, 1, 1, 'q', 'c', 'a', 0, 2, NULL, '{}', people.at
    FROM people;
INSERT INTO reminders SELECT n, 'drill', people.at + n * interval '1 minute', '{}', NULL
    FROM people;
INSERT INTO agendas SELECT n, '', '{}' FROM people;
INSERT INTO updates SELECT n, n, people.at FROM people;
INSERT INTO failures SELECT n, 'bababa' || n, '{}', '', people.at FROM people;
INSERT INTO slots SELECT n, 'table', n FROM people;
INSERT INTO lanes SELECT n, 2, CASE WHEN n % 2 = 0 THEN people.at END, n % 2, people.at, NULL, 1,
    NULL, false FROM people;
INSERT INTO outbox SELECT n, p, 'sendMessage', '{}', NULL, 0, NULL, 0
    FROM people, generate_series(1, 2) p WHERE n % 2 = 0;
ANALYZE
"""
)
Statement = tuple[str, Any]
Scan = dict[str, Any]


@pytest.fixture
def url(postgres: Server, postgres_url: str) -> str:
    for statement in FILL.split(";"):
        postgres.sql(statement, postgres_url)
    return postgres_url


@pytest.fixture
async def small(sqlite_url: str) -> AsyncIterator[Store]:
    """SQLite, which decides by the indexes alone as long as nobody had it ANALYZE."""
    store = await Store.open(sqlite_url)
    yield store
    await store.close()


@contextmanager
def statements(store: Store) -> Iterator[list[Statement]]:
    """What is executed within the block."""
    made: list[Statement] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _x: Any, many: bool) -> None:
        made.append((statement, parameters[0] if many else parameters))

    engine = engine_of(store)
    sa.event.listen(engine, "before_cursor_execute", note)
    yield made
    sa.event.remove(engine, "before_cursor_execute", note)


async def turns(store: Store, noon: datetime) -> list[Statement]:
    """Every statement that turns make."""
    with statements(store) as made:
        async with store.turn(10, at=noon, update_id=1) as turn:
            await turn.candidate()
            await turn.recently_asked(noon)
            await turn.past_interviews(5)
            await turn.past_interviews(5, before_id=3)
            turn.clear("table")
            await turn.cancel_reminder("drill")
            await turn.take_reminder("drill")
        async with store.turn(PEOPLE + 1, at=noon, update_id=1) as turn:
            await writes(turn, "my story")
            await turn.append(1, [InterviewClosed(finished=True)])
        async with store.turn(PEOPLE + 1, at=noon, update_id=2) as turn:
            assert await turn.interview(1)
            assert await turn.current_interview() is None
            turn.say("editMessageText", {"text": "so"}, slot="note")
        async with store.turn(PEOPLE + 1, at=noon, update_id=3) as turn:
            await turn.export()
            await turn.forget()
            turn.say("sendMessage", {"text": "Goodbye."})
    return made


async def settling(store: Store, noon: datetime) -> list[Statement]:
    """Every statement that settling claims makes."""
    for slot in (None, "note", "note"):
        async with store.turn(PEOPLE + 2, at=noon) as turn:
            turn.say("sendMessage", {"text": "so"}, slot=slot)
    claims, _ = await store.outbox.claim(noon + timedelta(days=1), 30)
    with statements(store) as made:
        await store.outbox.done(claims[0], noon, noon, 1)
        await store.outbox.postpone(claims[1], noon, noon, tried=True)
        await store.outbox.give_up(claims[2], noon, "")
        await store.outbox.block(claims[3], noon)
        await store.outbox.done(claims[-1], noon, noon, 1)
    return made


async def ticks(store: Store, noon: datetime) -> list[Statement]:
    """Every statement about what is due, for whomever."""
    with statements(store) as made:
        for _ in range(2):
            await store.outbox.claim(noon + timedelta(days=1), 30, pace=Pace())
        await store.outbox.owed_at(noon)
        await store.due_reminders(noon, 20)
        await store.prune(noon, 20)
    return made


def scans(postgres: Server, url: str, made: list[Statement]) -> Iterator[tuple[str, Scan]]:
    """Each part of the plans that reads a table, however deep, with the statement it is of."""

    def within(plan: Scan) -> Iterator[Scan]:
        if "Relation Name" in plan and plan["Node Type"] != "ModifyTable":
            yield plan
        for part in plan.get("Plans", ()):
            yield from within(part)

    hot = ("SELECT", "UPDATE", "DELETE", "WITH")
    asked = list(dict.fromkeys(sql for sql, _ in made if sql.startswith(hot)))
    explained = [f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {sql}" for sql in asked]
    answer = postgres.sql(";".join(explained), url)
    for sql in asked:
        (plan,), end = json.JSONDecoder().raw_decode(answer)
        answer = answer[end:].lstrip()
        for scan in within(plan["Plan"]):
            yield sql, scan


@pytest.mark.parametrize("work", [turns, settling])
async def test_what_is_about_one_candidate_reads_rows_of_that_candidate_alone(
    store, postgres, url, noon, work
):
    for sql, scan in scans(postgres, url, await work(store, noon)):
        found_by = str(scan.get("Index Cond") or scan.get("Recheck Cond"))
        assert found_by != "None", (sql, scan)
        assert "candidate_id = " in found_by + str(scan.get("Filter")), (sql, scan)


async def test_what_is_due_is_found_by_an_index(store, postgres, url, noon):
    for sql, scan in scans(postgres, url, await ticks(store, noon)):
        if scan["Relation Name"] != "pace":
            assert scan.get("Index Cond") or scan.get("Recheck Cond"), (sql, scan)


@pytest.mark.parametrize("work", [turns, settling, ticks])
async def test_on_sqlite_nothing_scans_a_table_either(small, noon, work):
    if work is settling:
        for chat in range(1, 6):
            async with small.turn(chat, at=noon) as turn:
                turn.say("sendMessage", {"text": "so"})
    for sql, parameters in await work(small, noon):
        if sql.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            await small._database.run(partial(assert_no_scan, sql=sql, parameters=parameters))


def assert_no_scan(connection: sa.Connection, sql: str, parameters: Any) -> None:
    for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters):
        word, what, *how = row.detail.split()
        small = what in {"due", "CONSTANT", "pace"} or "INDEX" in how
        assert word != "SCAN" or small, (sql, row.detail)
