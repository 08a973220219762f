"""A usual bot: a ConversationHandler that asks and keeps answers, in a file that is pickled.

Run with the server's root, the file, and how many seconds may pass before the file is written.
"""

from __future__ import annotations

import sys
from typing import Any

from telegram import Update
from telegram.ext import (
    Application,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)

from tests.bench.telegram import TOKEN

ANSWERING = 0
QUESTIONS = (
    "Tell me about a time you solved a problem at work.",
    "Tell me about a time you changed somebody's mind.",
    "Tell me about a time something went wrong.",
)


async def on_start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    """Ask the first question."""
    assert update.message is not None
    assert context.user_data is not None
    context.user_data["answers"] = []
    await update.message.reply_text(QUESTIONS[0])
    return ANSWERING


async def on_answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    """Keep the answer and ask the next question, round and round."""
    assert update.message is not None
    assert context.user_data is not None
    answers = context.user_data["answers"]
    answers.append(update.message.text)
    await update.message.reply_text(f"Thanks. {QUESTIONS[len(answers) % len(QUESTIONS)]}")
    return ANSWERING


def main(root: str, file: str, seconds: str) -> None:
    """Poll until the process is ended."""
    persistence = PicklePersistence(filepath=file, update_interval=float(seconds))
    builder = Application.builder().token(TOKEN).base_url(f"{root}/bot")
    application = builder.persistence(persistence).build()
    answer: Any = MessageHandler(filters.TEXT & ~filters.COMMAND, on_answer)
    conversation: ConversationHandler[Any] = ConversationHandler(
        entry_points=[CommandHandler("start", on_start)],
        states={ANSWERING: [answer]},
        fallbacks=[],
        name="practice",
        persistent=True,
    )
    application.add_handler(conversation)
    application.run_polling()


if __name__ == "__main__":
    main(*sys.argv[1:])
