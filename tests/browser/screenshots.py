"""Plays on the local page in headless Chromium and saves the README's pictures to docs/screens/."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.process.running import ROOT, BotProcess

SCREENS = ROOT / "docs" / "screens"
PHONE = {"width": 390, "height": 844}
STORY = (
    "Last winter we were four nurses short on a Friday night on the respiratory ward. It fell to "
    "me to keep the high-risk beds safe. I moved two healthcare assistants from the quiet bay, "
    "walked those beds every twenty minutes and rang the site manager."
)
ENDING = (
    "Nobody fell that night, agency cost us nothing, and the matron copied the plan for all "
    "three wards."
)


def main() -> None:
    """Play a panel interview, in light and then in dark."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        bot = BotProcess(Path(data))
        bot.start()
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        try:
            for scheme, play in (("light", play_light), ("dark", play_dark)):
                context = browser.new_context(
                    viewport=PHONE, device_scale_factor=2, color_scheme=scheme, is_mobile=True
                )
                page = context.new_page()
                page.goto(bot.address)
                play(page)
        finally:
            browser.close()
            bot.stop()


def play_light(page: Page) -> None:
    """The first minute, and one answer to a panel with a retry."""
    tap(page, "Start", exact=True)
    tap(page, "Health")
    tap(page, "Today or tomorrow")
    say(page, "Handover is calm, the bay is settled by eight and I have time for Mr K's crossword.")
    tap(page, "Start an interview")
    shoot(page, "who")
    tap(page, "Panel")
    tap(page, "3", exact=True)
    tap(page, "Coached")
    say(page, STORY)
    shoot(page, "listening")
    tap(page, "That's my answer")
    shoot(page, "probe")
    say(page, ENDING)
    tap(page, "That's my answer")
    page.wait_for_timeout(1500)
    while page.get_by_role("button", name="Leave it there").count():
        tap(page, "Leave it there")
    shoot(page, "feedback")


def play_dark(page: Page) -> None:
    """What more there is on that answer."""
    tap(page, "More")
    shoot(page, "more")


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
