"""The page's endpoints, and who may use them."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardMarkup

from bot.local.page import FILE_BYTES, page
from bot.local.serve import PortTaken, serving
from bot.local.telegram import LocalTelegram

OURS = {"origin": "http://localhost"}


@pytest.fixture
async def browser(server: LocalTelegram) -> AsyncIterator[httpx.AsyncClient]:
    line = httpx.ASGITransport(page(server))
    async with httpx.AsyncClient(transport=line, base_url="http://localhost", headers=OURS) as http:
        yield http


async def test_the_page_and_its_parts_are_served(browser: httpx.AsyncClient) -> None:
    index = await browser.get("/")
    assert index.status_code == 200
    parts = [
        "page.css",
        "page.js",
        "log.js",
        "bubbles.js",
        "text.js",
        "composer.js",
        "voice.js",
        "clock.js",
    ]
    for part in [*parts, "icon.svg", "wall.svg"]:
        assert (await browser.get(f"/static/{part}")).status_code == 200, part
    policy = index.headers["content-security-policy"]
    assert policy.startswith("default-src 'self'")
    assert "unsafe" not in policy


@pytest.mark.parametrize("host", ["evil.test", "evil.test:8000", "127.0.0.1.evil.test", "", "[::1"])
async def test_another_name_for_this_computer_is_refused(browser, host: str) -> None:
    assert (await browser.get("/", headers={"host": host})).status_code == 403


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:8000"])
async def test_our_own_names_are_answered(browser, host: str) -> None:
    assert (await browser.get("/", headers={"host": host})).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.test", "null", "http://localhost:9", ""])
async def test_another_page_may_not_post(browser, server, origin: str) -> None:
    answer = await browser.post("/send", json={"text": "Hi"}, headers={"origin": origin})
    assert answer.status_code == 403
    assert server.messages(1) == []


async def test_a_text_an_edit_and_a_tap_reach_the_bot(browser, server, bot) -> None:
    (message_id,) = (await browser.post("/send", json={"text": "I led it"})).json()
    edited = {"message_id": message_id, "text": "I led it, with Ana"}
    assert (await browser.post("/edit", json=edited)).status_code == 200
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Next", callback_data="next")]])
    sent = await bot.send_message(1, "Good.", reply_markup=markup)
    tap = {"message_id": sent.message_id, "data": "next"}
    assert (await browser.post("/tap", json=tap)).status_code == 200
    updates = await bot.get_updates()
    assert [u.effective_message.text for u in updates] == [
        "I led it",
        "I led it, with Ana",
        "Good.",
    ]
    assert updates[2].callback_query.data == "next"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/send", {"text": "  "}),
        ("/send", []),
        ("/edit", {"message_id": 99, "text": "x"}),
        ("/tap", {"message_id": 99, "data": "x"}),
    ],
)
async def test_a_mistake_is_answered_with_a_sentence(browser, path: str, body: object) -> None:
    answer = await browser.post(path, json=body)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")


async def test_photos_files_and_voice_notes_are_uploaded(browser, bot, picture) -> None:
    await browser.post("/upload?kind=photo", content=picture)
    await browser.post("/upload?kind=document&name=plan.csv", content=b"a,b")
    await browser.post("/upload?kind=voice&duration=42", content=b"sound")
    photo, document, voice = (update.message for update in await bot.get_updates())
    assert photo.photo[0].width == 3
    assert document.document.file_name == "plan.csv"
    assert voice.voice.duration.total_seconds() == 42


async def test_too_big_a_file_is_refused(browser, server) -> None:
    answer = await browser.post("/upload?kind=document", content=b"x" * (FILE_BYTES + 1))
    assert (answer.status_code, answer.json()["error"]) == (413, "That is more than 20 MB.")
    assert server.messages(1) == []


async def test_deleting_the_chat_is_for_this_page_alone(browser, server, chat) -> None:
    foreign = await browser.post("/delete", headers={"origin": "http://evil.test"})
    assert (foreign.status_code, len(server.messages(chat))) == (403, 1)
    assert (await browser.post("/delete")).status_code == 200
    assert server.messages(chat) == []


async def test_a_document_is_saved_and_never_shown_as_a_page(browser, bot, server, chat) -> None:
    html = b"<script>alert(1)</script>"
    await bot.send_document(chat, html, filename="ünsafe.html")
    file_id = server.messages(chat)[-1].file.file_id
    answer = await browser.get(f"/files/{file_id}")
    assert answer.content == html
    assert answer.headers["content-disposition"] == "attachment; filename*=utf-8''%C3%BCnsafe.html"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_photo_is_shown_in_place_and_a_missing_file_is_not(
    browser, bot, server, chat, picture
):
    await bot.send_photo(chat, picture)
    file_id = server.messages(chat)[-1].file.file_id
    answer = await browser.get(f"/files/{file_id}")
    assert (answer.headers["content-type"], answer.content) == ("image/png", picture)
    assert (await browser.get("/files/file-99")).status_code == 404
    assert (await browser.get("/files/nonsense")).status_code == 404


class Events:
    """Reads a stream of Server-Sent Events."""

    def __init__(self, answer: httpx.Response) -> None:
        self.lines = answer.aiter_lines()

    async def next(self, kind: str) -> tuple[str | None, dict]:
        """Return the id and data of the next event of `kind`."""
        event: dict[str, str] = {}
        async for line in self.lines:
            name, _, value = line.partition(": ")
            if name:
                event[name] = value
            elif event.get("event") == kind:
                return event.get("id"), json.loads(event["data"])
            else:
                event = {}
        raise EOFError(kind)


async def test_events_resume_after_a_drop_without_loss(server, bot, chat) -> None:
    async with serving(server, 0) as address, httpx.AsyncClient(base_url=address) as http:
        async with http.stream("GET", "/events") as answer:
            events = Events(answer)
            _, state = await events.next("state")
            assert state["name"] == "Second Round"
            number, backlog = await events.next("messages")
            assert [b["text"] for b in backlog["bubbles"]] == ["/start"]
            await bot.send_chat_action(chat, "typing")
            assert (await events.next("typing"))[1] == {"action": "typing"}
        gone = await bot.send_message(chat, "gone again")
        await bot.send_message(chat, "while away")
        await gone.delete()
        async with http.stream("GET", "/events", headers={"last-event-id": number}) as answer:
            events = Events(answer)
            _, missed = await events.next("messages")
            assert [b["text"] for b in missed["bubbles"]] == ["while away"]
            assert missed["deleted"] == [gone.message_id]


async def test_a_page_that_was_away_hears_that_its_chat_is_gone(server, bot, chat) -> None:
    keys = ReplyKeyboardMarkup([["Rough", "OK"]])
    sent = await bot.send_message(chat, "How was it?", reply_markup=keys)
    async with serving(server, 0) as address, httpx.AsyncClient(base_url=address) as http:
        async with http.stream("GET", "/events") as answer:
            number, _ = await Events(answer).next("messages")
        server.delete_chat(chat)
        later = await bot.send_message(chat, "Welcome back")
        async with http.stream("GET", "/events", headers={"last-event-id": number}) as answer:
            events = Events(answer)
            assert (await events.next("state"))[1]["keyboard"] is None
            _, news = await events.next("messages")
    assert sent.message_id in news["deleted"]
    assert [each["message_id"] for each in news["bubbles"]] == [later.message_id]


async def test_the_answer_to_a_tap_is_an_event(server, bot, chat) -> None:
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Next", callback_data="next")]])
    sent = await bot.send_message(chat, "?", reply_markup=markup)
    query_id = await server.taps(chat, sent.message_id, "next")
    where = {"message_id": sent.message_id, "data": "next"}
    async with (
        serving(server, 0) as address,
        httpx.AsyncClient(base_url=address) as http,
        http.stream("GET", "/events") as answer,
    ):
        events = Events(answer)
        assert (await events.next("state"))[1]["spinning"] == [where]
        await bot.answer_callback_query(query_id, "Noted")
        answered = (await events.next("answer"))[1]
        assert answered == {**where, "text": "Noted", "alert": False}


async def test_stopping_ends_open_pages_without_force(server, caplog) -> None:
    async with httpx.AsyncClient() as http:
        async with serving(server, 0) as address:
            answer = await http.send(http.build_request("GET", f"{address}events"), stream=True)
            events = Events(answer)
            await events.next("state")
        with pytest.raises(EOFError):
            await events.next("state")
        await answer.aclose()
    assert caplog.text == ""


async def test_a_taken_port_is_explained(server) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=f"Port {port} is not free.*PORT={port + 1}"):
            async with serving(server, port):
                pass
