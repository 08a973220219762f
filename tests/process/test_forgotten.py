"""/forget and then "Delete chat", as the bot says: no file in the data folder holds a word."""

from __future__ import annotations

from pathlib import Path

from tests.process.running import BotProcess, Phone

SECRET = "Mrs Quillfeather"
ANSWER = f"In May {SECRET} fell at night. I called the doctor, and she walked home on Friday."


def told(data: Path) -> list[str]:
    """The files of the data folder that hold the secret."""
    return [file.name for file in sorted(data.iterdir()) if SECRET.encode() in file.read_bytes()]


def test_after_forget_and_delete_chat_no_file_holds_the_answer(
    bot: BotProcess, phone: Phone
) -> None:
    phone.sends("/practice")
    phone.taps("Hiring manager")
    phone.taps("3")
    phone.taps("Coached")
    phone.waits_for(lambda chat: any("1 of 3" in bubble["text"] for bubble in chat))
    phone.sends(ANSWER)
    phone.taps("That's my answer")
    phone.waits_for(lambda chat: not chat[-1]["mine"] and chat[-1]["buttons"] != [])
    bot.settles()
    names = {name.removesuffix("-wal") for name in told(bot.data)}
    assert names == {"second-round.sqlite", "local-telegram.sqlite"}

    phone.sends("/forget")
    phone.taps("Yes, delete everything")
    phone.waits_for(lambda chat: not chat[-1]["mine"] and chat[-1]["buttons"] == [])
    bot.settles()
    phone.posts("/delete")
    assert not any(name.startswith("local-telegram") for name in told(bot.data))
    # The bot wipes its own file every few minutes, and when it stops.
    assert bot.stop() == 0
    assert told(bot.data) == []
    bot.start()
    phone.sends("/start")
    phone.waits_for(lambda chat: [bubble["mine"] for bubble in chat][:2] == [True, False])
