"""From an update to the handler that answers it: a table of commands, taps and kinds of message.

This is our own table, and not python-telegram-bot's Application: there a handler that raises is
swallowed, and an update must not be acknowledged before its turn is committed.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType

from bot.chat import (
    appointing,
    changing,
    choosing,
    debriefing,
    drilling,
    following_up,
    forms,
    onboarding,
    practising,
    preferences,
    records,
    reminding,
    thanking,
    timetable,
)
from bot.chat.visit import LONGEST_MESSAGE, Visit

Command = Callable[[Visit], Awaitable[None]]
Tap = Callable[[Visit, list[str]], Awaitable[None]]

COMMANDS: dict[str, Command] = {
    "start": onboarding.on_start,
    "practice": choosing.on_practice,
    "drill": drilling.on_drill,
    "cancel": practising.on_cancel,
    "interview": appointing.on_interview,
    "history": records.on_history,
    "export": records.on_export,
    "forget": records.on_forget,
    "settings": preferences.on_settings,
    "help": preferences.on_help,
}
TAPS: dict[str, Tap] = {
    "w": onboarding.on_work_tap,
    "h": onboarding.on_when_tap,
    "p": choosing.on_menu_tap,
    "i": practising.on_interview_tap,
    "y": records.on_history_tap,
    "f": records.on_forget_tap,
    "s": preferences.on_settings_tap,
    "d": drilling.on_tap,
    "t": timetable.on_tap,
    "a": appointing.on_tap,
    "v": changing.on_tap,
    "r": reminding.on_tap,
    "e": debriefing.on_tap,
    "n": thanking.on_tap,
    "c": following_up.on_tap,
}
FORMS: dict[str, forms.Fill] = {
    timetable.FORM: timetable.on_text,
    appointing.FORM: appointing.on_text,
    changing.FORM: changing.on_text,
    debriefing.FORM: debriefing.on_text,
}
_DATA = re.compile(r"[!-~]{1,64}")  # all that ours are made of; Telegram takes no more
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?=\s|$)")


async def answer(visit: Visit, update: Update) -> None:
    """Answer one update within its turn."""
    await _dispatch(visit, update)
    await practising.keep_at_bottom(visit)


def is_command(update: Update | None) -> bool:
    """Whether an update is answered as a command, so that nothing of its text is kept."""
    text: object = update.message.text if update and update.message else None
    return isinstance(text, str) and _command_in(_whole(text)) is not None


async def refuse(visit: Visit, phrase: str) -> None:
    """Answer an update that is over a limit: nothing of it counts."""
    visit.phrase(phrase, number=visit.limits.messages_a_minute)
    await practising.keep_at_bottom(visit)


async def _dispatch(visit: Visit, update: Update) -> None:
    if update.callback_query is not None:
        await _on_tap(visit, update.callback_query)
    elif (message := update.effective_message) is None:
        return
    elif message.chat.type != ChatType.PRIVATE:
        if message.text and message.text.startswith("/"):
            visit.phrase("group")
    elif update.edited_message is not None:
        if message.text:
            await practising.on_edited(visit, _whole(message.text), message.message_id)
    else:
        await _on_message(visit, message)


async def _on_tap(visit: Visit, query: CallbackQuery) -> None:
    visit.tapped = query.message.message_id if query.message else None
    area, *parts = _data_of(query)
    await forms.before_a_tap(visit, area)
    if area in TAPS and parts:
        await TAPS[area](visit, parts)
    else:
        visit.toast = visit.wording.phrase("toast_old")


def _data_of(query: CallbackQuery) -> list[str]:
    """What the button says, in its parts; of what no button of ours says, nothing."""
    data: object = query.data
    return data.split(":") if isinstance(data, str) and _DATA.fullmatch(data) else [""]


async def _on_message(visit: Visit, message: Message) -> None:
    text = message.text
    if text is None:
        place = message.location
        if place and await timetable.on_location(visit, place.latitude, place.longitude):
            return
        if message.effective_attachment is not None:
            visit.phrase("caption_lost" if message.caption else _kind_of(message))
        return
    text = _whole(text)
    command = _command_in(text)
    if command is not None and (handler := COMMANDS.get(command)) is not None:
        cancels = handler is practising.on_cancel
        left = await forms.leave(visit, for_good=cancels)
        if left is not None and cancels:
            appointing.say_put_aside(visit, left)
        else:
            visit.words = " ".join(text.split()[1:])
            await handler(visit)
    elif command is not None:
        visit.phrase("unknown_command")
    elif not (
        await forms.on_text(visit, text, FORMS)
        or await debriefing.on_late_text(visit, text)
        or await practising.on_text(visit, text, message.message_id)
        or await drilling.on_text(visit, text, message.message_id)
    ):
        await onboarding.on_text(visit, text)


def _command_in(text: str) -> str | None:
    """The command that a text is: one that we know, or any word with a slash on its own."""
    found = _COMMAND.match(text)
    if found is None:
        return None
    name = found[1].lower()
    return name if name in COMMANDS or found.end() == len(text.rstrip()) else None


def _whole(text: str) -> str:
    """Text as Telegram sends it: no longer, and without halves of characters."""
    return text.encode("utf-8", "replace").decode("utf-8")[:LONGEST_MESSAGE]


def _kind_of(message: Message) -> str:
    """The phrase that answers an attachment."""
    if message.photo or message.video or message.animation:
        return "photo"
    if message.sticker or message.dice:
        return "sticker"
    if message.voice or message.audio or message.video_note:
        return "voice"
    return "file" if message.document else "other_kind"
