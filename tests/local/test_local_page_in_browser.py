"""The page in a real browser, if there is one on this computer."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, async_playwright, expect
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardMarkup

from bot.local.serve import serving


@pytest.fixture
async def screen(server, chromium) -> AsyncIterator[Page]:
    """Open the page as on a small phone; fail if its script does."""
    errors: list[str] = []
    async with serving(server, 0) as address, async_playwright() as playwright:
        browser = await playwright.chromium.launch(**chromium)
        screen = await browser.new_page(viewport={"width": 360, "height": 740})
        screen.on("pageerror", lambda error: errors.append(str(error)))
        await screen.goto(address)
        yield screen
        await browser.close()
    assert errors == []


async def test_a_candidate_starts_taps_and_sees_the_answer(screen, server, bot) -> None:
    await screen.get_by_role("button", name="Start").click()
    log = screen.get_by_role("log")
    await expect(log).to_contain_text("/start")
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Peer", callback_data="peer")]])
    sent = await bot.send_message(1, "Who will interview you?", reply_markup=markup)
    await screen.get_by_role("button", name="Peer").click()
    await expect(screen.get_by_role("button", name="Peer")).to_have_attribute("aria-busy", "true")
    update = (await bot.get_updates())[-1]
    await update.callback_query.answer("Good choice")
    await expect(screen.get_by_role("status")).to_contain_text("Good choice")
    await expect(screen.get_by_role("button", name="Peer")).not_to_have_attribute(
        "aria-busy", "true"
    )
    await sent.edit_text("A peer, <b>then</b>.", parse_mode="HTML")
    await expect(log.locator("strong")).to_have_text("then")
    await expect(screen.get_by_role("button", name="Peer")).to_have_count(0)


async def test_hostile_text_is_only_text(screen, server, bot, chat) -> None:
    hostile = "<img src=x onerror=document.title='owned'> &lt;script&gt;"
    await server.sends(chat, hostile)
    await bot.send_message(chat, hostile)
    await expect(screen.get_by_text(hostile)).to_have_count(2)
    await expect(screen.locator("#messages img")).to_have_count(0)
    await expect(screen).to_have_title("Second Round")


async def test_a_reload_loses_nothing(screen, bot, chat) -> None:
    keys = ReplyKeyboardMarkup([["Rough", "OK"]])
    await bot.send_message(chat, "How was it?", reply_markup=keys)
    await screen.get_by_label("Message", exact=True).fill("half a thou")
    await screen.reload()
    await expect(screen.get_by_role("log")).to_contain_text("How was it?")
    await expect(screen.get_by_label("Message", exact=True)).to_have_value("half a thou")
    await screen.get_by_role("button", name="OK").click()
    await expect(screen.locator(".mine").last).to_contain_text("OK")


async def test_nothing_is_wider_than_a_small_phone(screen, bot, chat) -> None:
    await bot.send_message(chat, f"<pre>{'wide ' * 60}</pre>{'W' * 300}", parse_mode="HTML")
    await expect(screen.locator("pre")).to_be_visible()
    widths = "[document.documentElement.scrollWidth, document.getElementById('log').scrollWidth]"
    assert await screen.evaluate(widths) == [360, 360]


async def test_the_chat_is_deleted_from_the_keyboard_once_that_is_confirmed(
    screen, server, chat
) -> None:
    await screen.get_by_label("Message", exact=True).fill("half a thou")
    delete = screen.get_by_role("banner").get_by_role("button", name="Delete chat")
    for keys, left in ((["Escape"], 1), (["Enter"], 1), (["Tab", "Enter"], 0)):
        await delete.focus()
        await delete.press("Enter")
        await expect(screen.get_by_role("dialog")).to_contain_text("Delete this chat?")
        for key in keys:
            await screen.keyboard.press(key)
        await expect(screen.get_by_role("dialog")).to_have_count(0)
        await expect(screen.locator(".message")).to_have_count(left)
        assert len(server.messages(chat)) == left
    await expect(screen.get_by_role("button", name="Start")).to_be_focused()
    await expect(delete).to_be_hidden()
    await screen.keyboard.press("Enter")
    await expect(screen.locator(".mine")).to_contain_text("/start")
    await expect(screen.get_by_label("Message", exact=True)).to_have_value("")


async def test_an_own_message_is_edited_from_the_keyboard(screen, server, chat) -> None:
    field = screen.get_by_label("Message", exact=True)
    await field.fill("I led it")
    await field.press("Enter")
    await expect(screen.locator(".mine").last).to_contain_text("I led it")
    await field.press("ArrowUp")
    await expect(screen.get_by_text("Edit message")).to_be_visible()
    await field.fill("I led it, with Ana")
    await field.press("Enter")
    await expect(screen.locator(".mine").last).to_contain_text("edited")
    assert server.messages(chat)[-1].text == "I led it, with Ana"
