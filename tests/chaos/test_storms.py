"""Processes under load and real HTTP: killed, badly connected, without disk, given all again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.disturbances import FAULTS, bad_line, disk_full, everything_again, kills
from tests.chaos.nest import Nest
from tests.chaos.storm import Disturbance, Place, Storm, weather
from tests.postgres import Server

CHATS = 5
SEED = 20261122


async def came_through(nest: Nest, place: Place, disturbance: Disturbance) -> Storm:
    """The storm once it is over; nothing was lost, doubled or turned round in it."""
    storm = await weather(place, disturbance, nest, chats=CHATS, seed=SEED, to_the_last_line=False)
    assert storm.verdict.faults == {}, f"seed {SEED}: {storm.verdict}"
    assert storm.verdict.answers >= CHATS
    assert storm.verdict.feedback
    return storm


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_kills_under_load_lose_nothing_on_sqlite(
    nest: Nest, folder: Path, webhook: bool
) -> None:
    storm = await came_through(nest, Place(folder, webhook=webhook), kills(2))
    assert storm.verdict.doubled_in_a_chat <= storm.kills == 2


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_kills_under_load_lose_nothing_on_postgres(
    nest: Nest, folder: Path, postgres: Server, postgres_url: str, webhook: bool
) -> None:
    place = Place(folder, postgres_url, webhook)
    storm = await came_through(nest, place, kills(2, lapse=postgres))
    assert storm.verdict.doubled_in_a_chat <= storm.kills == 2


async def test_every_fault_on_the_line_to_telegram_is_survived(nest: Nest, folder: Path) -> None:
    storm = await came_through(nest, Place(folder), bad_line(4.0))
    assert set(storm.notes) == set(FAULTS)
    # The bot itself is killed in the end, with what it sends at that instant.
    assert storm.verdict.messages_doubled <= storm.kills + 1


async def test_while_the_disk_is_full_nothing_is_lost_and_then_it_goes_on(
    nest: Nest, folder: Path
) -> None:
    storm = await came_through(nest, Place(folder, webhook=True), disk_full(1.5))
    assert storm.verdict.messages_doubled <= CHATS


async def test_all_that_arrived_arriving_once_more_changes_nothing(
    nest: Nest, folder: Path
) -> None:
    storm = await came_through(nest, Place(folder), everything_again(1.0))
    assert storm.notes == {"rows changed by the replay": 0, "calls after the replay": 0}


def test_a_folder_that_cannot_be_written_to_is_named_in_one_sentence(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.__main__ import main

    monkeypatch.setenv("DATA_DIR", "/proc/second-round")
    monkeypatch.setenv("BOT_TOKEN", "1:abc")
    assert main([]) == 2
    assert capfd.readouterr().err.count("\n") == 1
