"""Killed with SIGKILL in the middle of an interview: nothing lost, nothing twice."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

from tests.process.running import BotProcess, Phone

PIECES = [
    "Last March our bakery's oven failed at four in the morning on a Saturday.",
    "I was the only baker in and had to get ninety loaves out by opening time.",
    "I rang the shop two streets away and asked to share their oven until seven.",
    "I carried the dough over in six crates and baked in two batches.",
    "I texted the owner what I had promised them, two trays of rolls a day.",
    "We opened twenty minutes late and sold every loaf by ten.",
]


def said_by_bot(chat: list[dict[str, Any]]) -> list[str]:
    return [bubble["text"] for bubble in chat if not bubble["mine"]]


def begin(bot: BotProcess, phone: Phone) -> None:
    phone.sends("/practice")
    phone.taps("Hiring manager")
    phone.taps("3")
    phone.taps("Coached")
    phone.waits_for(lambda chat: any("1 of 3" in text for text in said_by_bot(chat)))
    bot.settles()


def revive(bot: BotProcess) -> None:
    bot.kill()
    bot.start()


def test_an_interview_goes_on_where_it_was_after_every_kill(bot: BotProcess, phone: Phone) -> None:
    begin(bot, phone)
    for number, piece in enumerate(PIECES):
        phone.sends(piece)
        if number % 2:
            # Every other kill waits for the reaction; the others fall somewhere into the work.
            phone.waits_for(lambda chat: "That's my answer" in str(chat[-1]["buttons"]))
        revive(bot)
    phone.taps("That's my answer")
    revive(bot)
    while "More" not in str(reaction(phone)):
        phone.taps("Leave it there")
        bot.settles()
        revive(bot)
    bot.settles()
    revive(bot)
    phone.taps("More")
    chat = phone.waits_for(lambda chat: "of 5" in said_by_bot(chat)[-1])

    assert sum("1 of 3" in text for text in said_by_bot(chat)) == 1
    assert sum("More" in str(bubble["buttons"]) for bubble in chat) == 1
    bot.stop()
    with closing(sqlite3.connect(bot.data / "second-round.sqlite")) as database:
        answers = database.execute("SELECT answer FROM attempts").fetchall()
    assert answers == [("\n".join(PIECES),)]


def reaction(phone: Phone) -> object:
    """The buttons of the probe or of the feedback, whichever comes."""
    chat = phone.waits_for(
        lambda chat: any(label in str(chat[-1]["buttons"]) for label in ("Leave it", "More"))
    )
    return chat[-1]["buttons"]


def test_a_tap_that_was_lost_with_the_process_is_answered_after_it(
    bot: BotProcess, phone: Phone
) -> None:
    begin(bot, phone)
    phone.taps("Skip this one")
    revive(bot)
    chat = phone.waits_for(lambda chat: any("2 of 3" in text for text in said_by_bot(chat)))
    assert sum("2 of 3" in text for text in said_by_bot(chat)) == 1


def test_sigterm_ends_it_in_order(bot: BotProcess, phone: Phone) -> None:
    begin(bot, phone)
    assert bot.stop() == 0


def test_a_second_bot_on_the_same_data_is_refused_in_one_sentence(bot: BotProcess) -> None:
    second = BotProcess(bot.data)
    try:
        second.start()
    except AssertionError:
        pass
    else:
        raise AssertionError("two bots share one database file")
    finally:
        assert second.stop() == 1
