"""A conversation through the real library: messages, buttons, keyboards, edits, files."""

from __future__ import annotations

import pytest
import telegram
from hypothesis import given
from hypothesis import strategies as st
from telegram import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)

from bot.local.candidate import split
from bot.local.entities import utf16

CHOICE = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("Peer", callback_data="peer"),
            InlineKeyboardButton("VP", url="https://x.test"),
        ]
    ]
)


async def test_a_command_arrives_as_one(bot, server) -> None:
    await server.sends(1, "  /start now  ")
    (update,) = await bot.get_updates()
    assert update.message.text == "/start now"
    assert update.message.parse_entities(["bot_command"])
    assert update.effective_user.first_name == "You"


async def test_html_comes_back_as_text_and_entities(bot, server, chat) -> None:
    sent = await bot.send_message(chat, "<b>Hi</b> &amp; welcome", parse_mode="HTML")
    assert sent.text == "Hi & welcome"
    assert sent.text_html == "<b>Hi</b> &amp; welcome"
    shown = server.messages(chat)[-1]
    assert (shown.text, shown.mine, shown.edited) == ("Hi & welcome", False, False)
    assert shown.entities == [{"type": "bold", "offset": 0, "length": 2}]


async def test_a_tap_reaches_the_bot_and_its_answer_the_candidate(bot, server, chat) -> None:
    sent = await bot.send_message(chat, "Who?", reply_markup=CHOICE)
    query_id = await server.taps(chat, sent.message_id, "peer")
    assert server.spinning(chat) == [{"message_id": sent.message_id, "data": "peer"}]
    assert server.answer(query_id) is None
    (update,) = await bot.get_updates()
    assert update.callback_query.data == "peer"
    await update.callback_query.answer("Noted", show_alert=True)
    assert server.answer(query_id) == {"text": "Noted", "alert": True}
    assert server.spinning(chat) == []
    await update.callback_query.edit_message_text("A peer, then.")
    shown = server.messages(chat)[-1]
    assert (shown.text, shown.buttons, shown.edited) == ("A peer, then.", (), True)


async def test_a_button_that_is_gone_cannot_be_tapped(bot, server, chat) -> None:
    sent = await bot.send_message(chat, "Who?", reply_markup=CHOICE)
    await sent.edit_reply_markup(None)
    with pytest.raises(LookupError):
        await server.taps(chat, sent.message_id, "peer")


async def test_taking_buttons_away_is_not_an_edit_that_shows(bot, server, chat) -> None:
    sent = await bot.send_message(chat, "Who?", reply_markup=CHOICE)
    await sent.edit_reply_markup(None)
    shown = server.messages(chat)[-1]
    assert (shown.buttons, shown.edited) == ((), False)


async def test_a_keyboard_stays_until_it_is_taken_away(bot, server, chat) -> None:
    keys = ReplyKeyboardMarkup([["Rough", "OK"], ["Skip"]], input_field_placeholder="How was it?")
    sent = await bot.send_message(chat, "And?", reply_markup=keys)
    assert sent.reply_markup is None
    await server.sends(chat, "OK")
    await bot.send_message(chat, "Thanks.")
    assert server.keyboard(chat) == [["Rough", "OK"], ["Skip"]]
    assert server.state(chat)["keyboard"]["input_field_placeholder"] == "How was it?"
    await bot.send_message(chat, "Done.", reply_markup=ReplyKeyboardRemove())
    assert server.keyboard(chat) == []


async def test_a_keyboard_for_one_use_is_marked_used(bot, server, chat) -> None:
    keys = ReplyKeyboardMarkup([["OK"]], one_time_keyboard=True)
    await bot.send_message(chat, "And?", reply_markup=keys)
    await server.sends(chat, "OK")
    assert server.state(chat)["keyboard"]["used"] is True


async def test_a_forced_reply_ends_with_the_reply(bot, server, chat) -> None:
    await bot.send_message(chat, "City?", reply_markup=ForceReply(input_field_placeholder="Lisbon"))
    assert server.state(chat)["keyboard"]["input_field_placeholder"] == "Lisbon"
    await server.sends(chat, "Porto")
    assert server.state(chat)["keyboard"] is None


async def test_a_reply_shows_what_it_answers(bot, server, chat) -> None:
    (asked,) = await server.sends(chat, "What?")
    sent = await bot.send_message(chat, "This.", reply_parameters=ReplyParameters(asked))
    assert sent.reply_to_message.text == "What?"
    assert server.messages(chat)[-1].quoted == "What?"


async def test_an_edit_by_the_candidate_arrives_as_one(bot, server) -> None:
    (message_id,) = await server.sends(1, "I led it")
    await server.edits(1, message_id, "I led it")
    await server.edits(1, message_id, "I led it, with Ana")
    first, second = await bot.get_updates()
    assert first.message.text == "I led it"
    assert second.edited_message.text == "I led it, with Ana"
    assert second.edited_message.message_id == message_id
    assert server.messages(1)[-1].edited


async def test_the_candidate_edits_only_own_texts(bot, server, chat) -> None:
    sent = await bot.send_message(chat, "Hi")
    with pytest.raises(LookupError):
        await server.edits(chat, sent.message_id, "Ho")


async def test_a_long_answer_arrives_in_several_messages_and_whole(bot, server) -> None:
    words = " ".join(f"word{number}" for number in range(1500))
    assert len(await server.sends(1, words)) == 4
    updates = await bot.get_updates()
    assert " ".join(update.message.text for update in updates) == words


def test_a_long_text_is_cut_between_paragraphs_if_it_can() -> None:
    first, second = "a " * 1500, "b " * 1500
    assert split(f"{first}\n\n{second}") == [first.strip(), second.strip()]


@given(st.text(alphabet="ab. \n😀", max_size=400).map(lambda text: text * 40))
def test_no_part_is_too_long_or_empty_and_no_letter_is_lost(text: str) -> None:
    parts = split(text)
    assert all(1 <= utf16(part) <= 4096 for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


async def test_commands_and_description_reach_the_page(bot, server, chat) -> None:
    await bot.set_my_commands([("start", "Begin")])
    await bot.set_my_description("Practise here.")
    state = server.state(chat)
    assert state["commands"] == [{"command": "start", "description": "Begin"}]
    assert state["description"] == "Practise here."
    assert [c.command for c in await bot.get_my_commands()] == ["start"]


async def test_files_go_both_ways_unchanged(bot, server, picture) -> None:
    await server.sends_document(1, b"a,b\n", "plan.csv", mime_type="text/csv", caption="Mine")
    await server.sends_photo(1, picture)
    await server.sends_voice(1, b"sound", duration=42)
    await server.sends_sticker(1, "👍")
    document, photo, voice, sticker = (u.message for u in await bot.get_updates())
    assert (document.document.file_name, document.caption) == ("plan.csv", "Mine")
    assert await (await document.document.get_file()).download_as_bytearray() == b"a,b\n"
    assert (photo.photo[0].width, photo.photo[0].height) == (3, 2)
    assert voice.voice.duration.total_seconds() == 42
    assert sticker.sticker.emoji == "👍"


async def test_the_bots_files_reach_the_candidate(bot, server, chat, picture) -> None:
    sent = await bot.send_document(
        chat, b"# Export", filename="export.md", caption="<b>All</b>", parse_mode="HTML"
    )
    await bot.send_photo(chat, picture)
    await bot.send_document(chat, sent.document.file_id)
    export, photo, again = server.messages(chat)[-3:]
    assert (export.file.name, export.file.size, export.text) == ("export.md", 8, "All")
    assert b"".join(server.chunks(export.file.file_id)) == b"# Export"
    assert (photo.file.kind, photo.file.width, photo.file.height) == ("photo", 3, 2)
    assert again.file.file_id == export.file.file_id


async def test_get_me_names_a_bot_that_is_not_the_candidate(bot: telegram.Bot) -> None:
    me = await bot.get_me()
    assert me.is_bot
    assert me.id != 1
