"""A whole interview on the local page: a real browser at phone size, the real bot behind it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from tests.process.running import BotProcess

PHONE = {"width": 360, "height": 740}
FIRST = "Two years ago in Leeds our till system died at noon on the last Saturday before Christmas."
SECOND = (
    "I was on the floor as shift lead, so it was on me to keep the queue moving. I split the team "
    "in two, wrote prices by hand and walked the line to say how long it would take."
)
ENDING = (
    "We served 140 people in the hour and the manager made my sheet the backup for every store."
)


@pytest.fixture
def bot(tmp_path: Path) -> AsyncIterator[BotProcess]:
    process = BotProcess(tmp_path / "data")
    process.start()
    yield process
    process.kill()


@pytest.fixture
async def page(bot: BotProcess, chromium: dict[str, object]) -> AsyncIterator[Page]:
    """The page as on a small phone; a script error or a sideways scroll fails the test."""
    errors: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**chromium)
        context = await browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
        page = await context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(bot.address)
        yield page
        wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not await page.evaluate(wider)
        await browser.close()
    assert errors == []


async def says(page: Page, text: str) -> None:
    await page.get_by_label("Message", exact=True).fill(text)
    await page.get_by_role("button", name="Send", exact=True).click()


async def taps(page: Page, label: str) -> None:
    await page.get_by_role("button", name=re.compile(re.escape(label))).last.click()


async def test_from_start_to_debrief_with_a_reload_in_the_middle(page: Page) -> None:
    log = page.get_by_role("log")
    await page.get_by_role("button", name="Start", exact=True).click()
    await taps(page, "Shops")
    await taps(page, "Today or tomorrow")
    await expect(log).to_contain_text("isn't scored")
    await says(page, "Saturday at noon. Six tills, one queue to the door, and I call the next one.")
    await taps(page, "Start an interview")
    await taps(page, "Executive")
    await page.get_by_role("button", name="3", exact=True).click()
    await taps(page, "Coached")
    await expect(log).to_contain_text("1 of 3")

    await says(page, FIRST)
    await says(page, SECOND)
    await expect(page.get_by_role("button", name="That's my answer")).to_have_count(1)
    await page.reload()
    await expect(log).to_contain_text(FIRST)
    await says(page, ENDING)
    await expect(page.get_by_role("button", name="That's my answer")).to_have_count(1)
    await taps(page, "That's my answer")
    more = page.get_by_role("button", name=re.compile("More"))
    leave = page.get_by_role("button", name=re.compile("Leave it there"))
    await expect(more.or_(leave)).to_be_visible()
    if await leave.is_visible():
        await leave.click()
    await expect(more).to_be_visible()

    await taps(page, "Try again")
    await says(page, f"{FIRST} {SECOND} {ENDING}")
    await expect(log).to_contain_text("Taking this as a new try")
    await taps(page, "That's my answer")
    await expect(log).to_contain_text("Before → now")

    await taps(page, "Next")
    await expect(log).to_contain_text("2 of 3")
    await taps(page, "Skip this one")
    await expect(log).to_contain_text("3 of 3")
    await taps(page, "Skip this one")
    await expect(log).to_contain_text("One answer")
    await page.reload()
    await expect(log).to_contain_text("What Helen really wanted to know")
