"""What people and machines send that nobody planned for: shown as typed, and nothing breaks."""

from __future__ import annotations

import pytest

from tests.conversations.answers import BOSS, CAUSE, ENDING, WITHOUT_ENDING
from tests.conversations.stage import Candidate

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00"
    b"\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture
async def seated(candidate: Candidate) -> Candidate:
    await candidate.sits_before("hiring_manager", CAUSE, BOSS)
    return candidate


@pytest.mark.parametrize("text", ["🙂", "...", "?!", "👍👍👍", "—"])
async def test_no_words_are_asked_for_words(seated: Candidate, text: str) -> None:
    await seated.sends(text)
    seated.sees("I need words")
    await seated.sends("It was a Monday.")
    await seated.sends(text)
    seated.sees("I need words")
    assert seated.done_buttons() == [seated.screen()[-1].message_id]


@pytest.mark.parametrize(
    "odd",
    [
        "<b>bold</b> & <script>alert(1)</script>",
        "</blockquote></b></i>",
        "*stars* _lines_ `ticks` [link](tg://user?id=1)",
        "100% {quote} {{ 7 * 7 }} %s {name}",
        "&lt;b&gt; &amp;",
        "שלום the word for hello",
        "tab\tand  two   blanks",
        "zero\u200bwidth\u202eturned",
        "/etc/hosts was wrong",
        "“quoted” 'and' \"again\"",
        "e\u0301\u0301\u0301\u0301 combining",
    ],
)
async def test_odd_text_in_an_answer_is_shown_as_typed(seated: Candidate, odd: str) -> None:
    seated.careless = True
    await seated.sends(f"{WITHOUT_ENDING} My note said: {odd}. {ENDING}")
    await seated.taps("That's my answer")
    await seated.leaves_probes()
    before = len(seated.screen())
    await seated.taps("More")
    shown = " ".join("\n".join(b.text for b in seated.screen()[before:]).split())
    assert " ".join(odd.split()) in shown
    await seated.taps("Next")
    await seated.taps("Skip this one")
    seated.sees("One answer, 1 skipped")
    await seated.taps("Past answers")
    seated.sees("Maya Okafor")


@pytest.mark.parametrize(
    "odd", ["x" * 4000, "<a" * 2000, "a&" * 2000, "🙂a" * 1300, "a\n" * 1900, "\u202ea" * 1900]
)
async def test_what_has_no_blanks_fits_into_bubbles(seated: Candidate, odd: str) -> None:
    seated.careless = True
    await seated.sends(odd)
    await seated.taps("That's my answer")
    await seated.leaves_probes()
    await seated.taps("More")
    await seated.taps("Next")
    await seated.taps("Skip this one")
    await seated.taps("Past answers")
    seated.sees("Maya Okafor")
    await seated.sends("/export")
    assert seated.last.file is not None


def raw(candidate: Candidate, text: str) -> dict[str, object]:
    """A text message as an update, with characters that no app would send."""
    you = {"id": candidate.chat_id, "is_bot": False, "first_name": "You"}
    message = {
        "message_id": 500_000,
        "date": int(candidate.clock.stamp()),
        "chat": {"id": candidate.chat_id, "type": "private", "first_name": "You"},
        "from": you,
        "text": text,
    }
    return {"update_id": candidate.clock.next_id(), "message": message}


@pytest.mark.parametrize("text", ["null\x00byte in here", "lone \ud800 surrogate", "\x07\x1b[31m"])
async def test_characters_that_no_app_sends_are_survived(seated: Candidate, text: str) -> None:
    seated.careless = True
    await seated.delivers(raw(seated, f"{WITHOUT_ENDING} {text} {ENDING}"))
    assert seated.labels() == ["✓ That's my answer"]
    await seated.taps("That's my answer")
    await seated.leaves_probes()
    await seated.taps("More")
    seated.sees("booking line")
    await seated.sends("/export")
    assert seated.last.file is not None


@pytest.mark.parametrize("text", ["   ", "\n\n", "\u200b", ""])
async def test_an_empty_message_is_asked_for_words(seated: Candidate, text: str) -> None:
    await seated.delivers(raw(seated, text))
    seated.sees("I need words")


async def test_each_kind_of_attachment_is_answered_in_kind(seated: Candidate) -> None:
    you = seated.telegram
    await you.sends_photo(7, PNG)
    await seated.settle()
    seated.sees("A picture tells me nothing")
    await you.sends_photo(7, PNG, caption=WITHOUT_ENDING)
    await seated.settle()
    seated.sees("I don't read captions")
    await you.sends_sticker(7, "🎉")
    await seated.settle()
    seated.sees("I can only work with words")
    await you.sends_voice(7, b"OggS", duration=40)
    await seated.settle()
    seated.sees("The microphone on your phone's keyboard")
    await you.sends_document(7, b"%PDF", "cv.pdf")
    await seated.settle()
    seated.sees("I can't open files")
    await seated.answers(f"{WITHOUT_ENDING} {ENDING}")
    seated.sees("Nothing to fix")


async def test_what_telegram_reports_about_the_chat_is_no_message(seated: Candidate) -> None:
    update = raw(seated, "")
    message = update["message"]
    assert isinstance(message, dict)
    del message["text"]
    message["message_auto_delete_timer_changed"] = {"message_auto_delete_time": 86400}
    await seated.delivers(update)
    assert seated.new == []


async def test_in_a_group_there_is_only_the_advice_to_come_alone(candidate: Candidate) -> None:
    await candidate.telegram.sends(-100, "/start", kind="group")
    await candidate.telegram.sends(-100, "hello everyone", kind="group")
    await candidate.settle()
    group = [bubble.text for bubble in candidate.telegram.messages(-100) if not bubble.mine]
    assert len(group) == 1
    assert "I only work one to one" in group[0]


async def test_an_unknown_command_names_the_way_to_help(candidate: Candidate) -> None:
    await candidate.sends("/nonsense")
    candidate.sees("/help")
