"""The stand-in refuses what Telegram refuses, so that the bot meets it at home first."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardMarkup
from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, RetryAfter, TimedOut

from bot.local.refusal import error_body
from bot.local.telegram import LocalTelegram

Call = Callable[[telegram.Bot], Awaitable[object]]


def one_button(**what: object) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("Go", **what)]])


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda b: b.send_message(1, "x" * 4097), "Message is too long"),
        (lambda b: b.send_message(1, "😀" * 2049), "Message is too long"),
        (lambda b: b.send_message(1, ""), "Message text is empty"),
        (lambda b: b.send_message(1, " \n "), "Text must be non-empty"),
        (lambda b: b.send_message(1, "<b></b>", parse_mode="HTML"), "Text must be non-empty"),
        (
            lambda b: b.send_message(1, "<b>x", parse_mode="HTML"),
            "Can't parse entities: can't find end tag corresponding to start tag \"b\"",
        ),
        (lambda b: b.send_message(404, "x"), "Chat not found"),
        (
            lambda b: b.send_message(1, "x", reply_markup=one_button(callback_data="é" * 33)),
            "Button_data_invalid",
        ),
        (
            lambda b: b.send_message(1, "x", reply_markup=one_button()),
            "Can't parse inline keyboard button: text buttons are unallowed in the inline keyboard",
        ),
        (
            lambda b: b.send_message(
                1, "x", reply_markup=one_button(copy_text=telegram.CopyTextButton("x" * 257))
            ),
            "Button_copy_text_invalid",
        ),
        (
            lambda b: b.send_message(
                1, "x", reply_markup=ReplyKeyboardMarkup([["a"]], input_field_placeholder="x" * 65)
            ),
            "Input field placeholder is too long",
        ),
        (lambda b: b.edit_message_text("x", 1, 999), "Message to edit not found"),
        (lambda b: b.edit_message_reply_markup(1, 999), "Message to edit not found"),
        (lambda b: b.delete_message(1, 999), "Message to delete not found"),
        (
            lambda b: b.answer_callback_query("999"),
            "Query is too old and response timeout expired or query id is invalid",
        ),
        (lambda b: b.send_document(1, b"", filename="x"), "File must be non-empty"),
        (lambda b: b.send_photo(1, b"not a picture"), "Image_process_failed"),
        (
            lambda b: b.send_document(1, b"x", filename="x", caption="x" * 1025),
            "Message caption is too long",
        ),
        (lambda b: b.get_file("nothing"), "Wrong file_id or the file is temporarily unavailable"),
        (lambda b: b.set_my_commands([("Start", "x")]), "Bot_command_invalid"),
        (lambda b: b.send_chat_action(1, "dancing"), "Wrong parameter action in request"),
    ],
)
async def test_what_telegram_refuses_is_refused(
    bot: telegram.Bot, chat: int, call: Call, reason: str
) -> None:
    with pytest.raises(BadRequest) as refused:
        await call(bot)
    assert refused.value.message.lower() == reason.lower()


async def test_a_bot_cannot_edit_what_the_candidate_wrote(bot, server, chat) -> None:
    (theirs,) = server.messages(chat)
    with pytest.raises(BadRequest, match=r"^Message can't be edited"):
        await bot.edit_message_text("x", chat, theirs.message_id)


async def test_what_just_fits_is_taken(bot: telegram.Bot, chat: int) -> None:
    data = "x" * 64
    sent = await bot.send_message(chat, "😀" * 2048, reply_markup=one_button(callback_data=data))
    assert sent.text == "😀" * 2048


async def test_tags_do_not_count_towards_the_length(bot: telegram.Bot, chat: int) -> None:
    sent = await bot.send_message(chat, f"<b>{'x' * 4096}</b>", parse_mode="HTML")
    assert sent.text == "x" * 4096


async def test_an_edit_that_changes_nothing_is_refused(bot: telegram.Bot, chat: int) -> None:
    markup = one_button(callback_data="go")
    sent = await bot.send_message(chat, "<b>Hi</b>", parse_mode="HTML", reply_markup=markup)
    with pytest.raises(
        BadRequest, match=r"^Message is not modified: specified new message content"
    ):
        await sent.edit_text("<b>Hi</b>", parse_mode="HTML", reply_markup=markup)
    with pytest.raises(BadRequest, match=r"^Message is not modified"):
        await sent.edit_reply_markup(markup)


async def test_an_edit_may_not_be_too_long(bot: telegram.Bot, chat: int) -> None:
    sent = await bot.send_message(chat, "Hi")
    with pytest.raises(BadRequest, match=r"(?i)^message_too_long"):
        await sent.edit_text("x" * 4097)


async def test_an_edit_of_a_deleted_message_is_refused(bot: telegram.Bot, chat: int) -> None:
    sent = await bot.send_message(chat, "Hi")
    assert await sent.delete()
    with pytest.raises(BadRequest, match=r"^Message to edit not found"):
        await sent.edit_text("Hello")


async def test_a_message_of_three_days_ago_cannot_be_deleted(bot, chat, clock) -> None:
    sent = await bot.send_message(chat, "Hi")
    clock.now += 3 * 24 * 3600
    with pytest.raises(BadRequest, match=r"can't be deleted for everyone"):
        await sent.delete()


async def test_a_tap_can_be_answered_once_and_for_150_seconds(bot, server, chat, clock) -> None:
    sent = await bot.send_message(chat, "?", reply_markup=one_button(callback_data="go"))
    first = await server.taps(chat, sent.message_id, "go")
    late = await server.taps(chat, sent.message_id, "go")
    assert await bot.answer_callback_query(first)
    with pytest.raises(BadRequest, match=r"^Query is too old"):
        await bot.answer_callback_query(first)
    clock.now += 151
    with pytest.raises(BadRequest, match=r"^Query is too old"):
        await bot.answer_callback_query(late)


async def test_a_candidate_who_blocked_the_bot_is_left_alone(bot, server, chat) -> None:
    await server.blocks(chat)
    with pytest.raises(Forbidden, match=r"^Forbidden: bot was blocked by the user"):
        await bot.send_message(chat, "Hi")
    (update,) = await bot.get_updates()
    assert update.my_chat_member.new_chat_member.status == "kicked"
    await server.blocks(chat, blocked=False)
    assert await bot.send_message(chat, "Welcome back")


async def test_an_unknown_method_answers_404(server: LocalTelegram) -> None:
    status, body = await server.call("sendDice", {})
    assert status == 404
    assert body == error_body(404, "Not Found: method not found")


async def test_a_test_can_order_a_flood_wait(bot, server, chat) -> None:
    too_many = error_body(429, "Too Many Requests: retry after 7", retry_after=7)
    server.fail_next("sendMessage", (429, too_many))
    with pytest.raises(RetryAfter) as wait:
        await bot.send_message(chat, "Hi")
    assert wait.value.retry_after.total_seconds() == 7
    assert await bot.send_message(chat, "Hi")


async def test_a_test_can_order_an_outage_and_then_a_lost_answer(bot, server, chat) -> None:
    server.fail_next("sendMessage", (500, error_body(500, "Internal Server Error")))
    server.fail_next("sendMessage", TimedOut(), after=True)
    with pytest.raises(NetworkError, match=r"^Internal Server Error"):
        await bot.send_message(chat, "never")
    with pytest.raises(TimedOut):
        await bot.send_message(chat, "arrived, unknown to the bot")
    texts = [message.text for message in server.messages(chat)]
    assert texts == ["/start", "arrived, unknown to the bot"]


async def test_a_second_poller_ends_the_first(bot, server) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0)
    await server.call("getUpdates", {})
    with pytest.raises(Conflict, match=r"terminated by other getUpdates request"):
        await first
