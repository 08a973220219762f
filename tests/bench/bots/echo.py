"""The smallest bot: repeats what it is sent. Run with the server's root, and `tuned` or not."""

from __future__ import annotations

import sys

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters
from telegram.request import HTTPXRequest

from tests.bench.telegram import TOKEN

AT_ONCE = 256


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Send the text back."""
    assert update.message is not None
    await update.message.reply_text(update.message.text or "")


def main(root: str, tuned: bool) -> None:
    """Poll until the process is ended."""
    builder = Application.builder().token(TOKEN).base_url(f"{root}/bot")
    if tuned:
        from httpx_aiohttp import AiohttpTransport

        transport = AiohttpTransport()
        request = HTTPXRequest(connection_pool_size=AT_ONCE, httpx_kwargs={"transport": transport})
        builder = builder.concurrent_updates(AT_ONCE).request(request)
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, echo))
    application.run_polling()


if __name__ == "__main__":
    main(sys.argv[1], "tuned" in sys.argv[2:])
