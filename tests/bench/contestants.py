"""The bots that are compared: how each is started, and what updates make it work."""

from __future__ import annotations

import asyncio
import pickle
import shutil
from pathlib import Path

from tests.bench import prepared
from tests.bench.running import Bot, Server
from tests.bench.telegram import TOKEN, Json, tap_on, text_from

PEOPLE = 200  # who take turns at writing to a bot that is not ours
CALLS_A_SECOND = "1000"  # no pace: Telegram's limits are not what is measured


class Contestant:
    """A bot under test, started as often as wanted on files of its own in `folder`."""

    name = ""
    marker = ""  # what the buttons of a message hold that counts
    updates_a_message = 1

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self, updates: int) -> None:
        """Make what the bot keeps ready for so many updates."""

    def start(self, server: Server) -> Bot:
        """Start the bot and wait for its first poll."""
        server.reset()
        bot = self.launch(server)
        try:
            server.until(polls=1)
        except BaseException:
            bot.end()
            raise
        return bot

    def launch(self, server: Server) -> Bot:
        """Start the bot."""
        raise NotImplementedError

    def updates(self, first: int, count: int) -> list[Json]:
        """Updates of which each makes the bot send one message that counts."""
        return [text_from(1 + n % PEOPLE, f"{n}", n + 1) for n in range(first, first + count)]

    def kept(self) -> int | None:
        """How many answers are on disk; None for a bot that keeps none."""
        return None


class Echo(Contestant):
    """python-telegram-bot's echobot, polling."""

    name = "echobot"
    options: tuple[str, ...] = ()

    def launch(self, server: Server) -> Bot:
        """Start the bot."""
        return Bot(["-m", "tests.bench.bots.echo", server.root, *self.options])


class TunedEcho(Echo):
    """The echobot with 256 updates at once over aiohttp."""

    name = "echobot, tuned"
    options = ("tuned",)


class Typical(Contestant):
    """A ConversationHandler that pickles what it knows every `seconds`."""

    name = "typical bot"
    seconds = 60.0

    @property
    def file(self) -> Path:
        """What it pickles."""
        return self.folder / "typical.pickle"

    def prepare(self, updates: int) -> None:
        """Begin without a file."""
        self.file.unlink(missing_ok=True)

    def start(self, server: Server) -> Bot:
        """Start it, with everybody in the conversation."""
        bot = super().start(server)
        if not self.file.exists():
            server.arrive([text_from(1 + n, "/start", 1) for n in range(PEOPLE)])
            server.until(sent=PEOPLE)
        return bot

    def launch(self, server: Server) -> Bot:
        """Start the bot."""
        module = "tests.bench.bots.typical"
        return Bot(["-m", module, server.root, str(self.file), str(self.seconds)])

    def kept(self) -> int | None:
        """How many answers are on disk."""
        if not self.file.exists():
            return 0
        people = pickle.loads(self.file.read_bytes())["user_data"].values()
        return sum(len(person["answers"]) for person in people)


class Ours(Contestant):
    """Our bot; each update is the tap that ends an answer and brings its feedback."""

    name = "ours"
    marker = "i:retry:"
    strangers = 0
    told = True

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / f"ours-{self.strangers}"

    @property
    def file(self) -> Path:
        """The database."""
        return self.data / "second-round.sqlite"

    def prepare(self, updates: int) -> None:
        """Seat as many candidates as there will be updates, each with an answer told."""
        shutil.rmtree(self.data, ignore_errors=True)
        asyncio.run(prepared.prepare(self.file, updates, told=self.told))
        if self.strangers:
            asyncio.run(prepared.fill(self.file, self.strangers))

    def launch(self, server: Server) -> Bot:
        """Start the bot."""
        return Bot(
            ["-m", "bot"],
            BOT_TOKEN=TOKEN,
            TELEGRAM_API_URL=server.root,
            DATA_DIR=str(self.data),
            CALLS_A_SECOND=CALLS_A_SECOND,
            LOG_LEVEL="ERROR",
        )

    def updates(self, first: int, count: int) -> list[Json]:
        """The taps of so many candidates."""
        return [
            tap_on(
                prepared.FIRST_CHAT + number, prepared.TAP, prepared.LISTENING_MESSAGE, number + 1
            )
            for number in range(first, first + count)
        ]

    def kept(self) -> int | None:
        """How many answers are stored with their feedback."""
        return prepared.judged(self.file)


class OursWhole(Ours):
    """Our bot; the answer itself is measured too: of two updates one is it, one is the tap."""

    name = "ours, answer and tap"
    told = False
    updates_a_message = 2

    def updates(self, first: int, count: int) -> list[Json]:
        """Answers, and then their taps."""
        chats = range(prepared.FIRST_CHAT + first // 2, prepared.FIRST_CHAT + (first + count) // 2)
        answers = [text_from(chat, prepared.ANSWER, 11) for chat in chats]
        taps = [
            tap_on(chat, prepared.TAP, prepared.LISTENING_MESSAGE, number + 1)
            for number, chat in enumerate(chats)
        ]
        return answers + taps
