"""Plays on the local page in headless Chromium and saves the README's pictures to docs/screens/."""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bot.content import load_content
from bot.interview.conduct import begin
from bot.interview.events import InterviewOpened, Mode
from bot.store import Store
from tests.process.running import ROOT, BotProcess

SCREENS = ROOT / "docs" / "screens"
PHONE = {"width": 390, "height": 844}
QUESTIONS = (
    "pa-prioritization-all-on-one-day",
    "pa-teamwork-handover",
    "pa-motivation-four-hundredth-time",
)
STORY = (
    "Last winter we were four nurses short on a Friday night on the respiratory ward. It fell to "
    "me to keep the high-risk beds safe. I moved two healthcare assistants from the quiet bay, "
    "walked those beds every twenty minutes and rang the site manager."
)


def main() -> None:
    """Play the first minute, a question of a panel, and the days around a real interview."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        bot = BotProcess(Path(data))
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        scenes = (
            ("light", arrive),
            ("light", answer),
            ("dark", look_closer),
            ("light", keep_appointments),
        )
        try:
            for scheme, play in scenes:
                bot.start()
                context = browser.new_context(
                    viewport=PHONE, device_scale_factor=2, color_scheme=scheme, is_mobile=True
                )
                page = context.new_page()
                page.goto(bot.address)
                play(page)
                bot.stop()
                if play is arrive:
                    # Playwright runs a loop of its own in this thread.
                    seating = ThreadPoolExecutor().submit(
                        asyncio.run, seat_before_the_panel(bot.data)
                    )
                    seating.result()
        finally:
            browser.close()
            bot.kill()


def arrive(page: Page) -> None:
    """The first minute."""
    tap(page, "Start", exact=True)
    tap(page, "Health")
    tap(page, "Today or tomorrow")
    say(page, "Handover is calm, the bay is settled by eight and I have time for a crossword.")
    tap(page, "Start an interview")
    shoot(page, "who")


async def seat_before_the_panel(data: Path) -> None:
    """Open an interview whose first question fits the story."""
    opened = InterviewOpened(persona="panel", mode=Mode.COACHED, questions=QUESTIONS, seed=4)
    store = await Store.open(f"sqlite:///{data / 'second-round.sqlite'}")
    async with store.turn(1, at=datetime.now(UTC)) as turn:
        await turn.open_interview(begin(opened, load_content()[0]).events)
    await store.close()


def answer(page: Page) -> None:
    """One answer, from the question to the feedback."""
    say(page, "/start")
    page.wait_for_timeout(1000)
    say(page, STORY)
    shoot(page, "listening")
    tap(page, "That's my answer")
    shoot(page, "probe")
    while page.get_by_role("button", name="Leave it there").count():
        tap(page, "Leave it there")
        page.wait_for_timeout(1500)
    shoot(page, "feedback")


def look_closer(page: Page) -> None:
    """What more there is on that answer."""
    tap(page, "More")
    shoot(page, "more")


def keep_appointments(page: Page) -> None:
    """A drill, a real interview with its date, and the message before it."""
    say(page, "/cancel")
    tap(page, "Yes, stop here")
    say(page, "/drill")
    shoot(page, "drill")
    tap(page, "Skip")
    say(page, "/interview")
    say(page, "Harlow Clinics")
    say(page, "Leeds")
    page.wait_for_timeout(6000)  # the cities of the world, read once
    tap(page, "Yes")
    say(page, "in 8 days at 3pm")
    tap(page, "Yes, that's right")
    tap(page, "Who I'll meet")
    say(page, "Ana Ruiz, head of nursing; Tom Okafor, ward manager")
    shoot(page, "date")
    tap(page, "Clock", exact=True)
    for _ in range(8):
        tap(page, "+1 day", exact=True)
    tap(page, "Done", exact=True)
    shoot(page, "before")


def say(page: Page, text: str) -> None:
    """Send a message."""
    page.get_by_label("Message", exact=True).fill(text)
    tap(page, "Send", exact=True)


def tap(page: Page, label: str, *, exact: bool = False) -> None:
    """Tap the newest button with this label."""
    name = label if exact else re.compile(re.escape(label))
    page.get_by_role("button", name=name, exact=exact).last.click()
    page.wait_for_timeout(700)


def shoot(page: Page, name: str) -> None:
    """Save what the phone shows."""
    page.wait_for_timeout(1500)
    page.screenshot(path=SCREENS / f"{name}.png")


if __name__ == "__main__":
    main()
