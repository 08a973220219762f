"""Formatted text is read, and refused, as Telegram reads and refuses it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.local.entities import CannotParse, detected, parse_html, utf16


def parts(source: str) -> list[tuple[str, str]]:
    """Return (type, text under it) for each entity."""
    text, entities = parse_html(source)
    units = text.encode("utf-16-le")
    return [
        (e["type"], units[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le"))
        for e in entities
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<b>a</b> <i>b</i>", [("bold", "a"), ("italic", "b")]),
        (
            "<strong>a</strong><em>b</em><ins>c</ins>",
            [("bold", "a"), ("italic", "b"), ("underline", "c")],
        ),
        ("<b>out <i>in</i></b>", [("bold", "out in"), ("italic", "in")]),
        ("<s>x</s><del>y</del>", [("strikethrough", "x"), ("strikethrough", "y")]),
        ("<tg-spoiler>x</tg-spoiler>", [("spoiler", "x")]),
        ('<span class="tg-spoiler">x</span>', [("spoiler", "x")]),
        ("<blockquote>q</blockquote>", [("blockquote", "q")]),
        ("<blockquote expandable>q</blockquote>", [("expandable_blockquote", "q")]),
        ("<code>x</code>", [("code", "x")]),
        ("<B>upper</B>", [("bold", "upper")]),
        ("😀<b>😀</b>", [("bold", "😀")]),
        ("<b></b>nothing", []),
        ("<b>short form</>", [("bold", "short form")]),
    ],
)
def test_tags_become_entities_counted_in_utf16(
    source: str, expected: list[tuple[str, str]]
) -> None:
    assert parts(source) == expected


def test_a_link_keeps_its_address_and_the_four_named_references_are_read() -> None:
    text, (link,) = parse_html(
        '<a href="https://x.test/?a=1&amp;b=2">A &lt; B &amp; &quot;C&quot;</a>'
    )
    assert text == 'A < B & "C"'
    assert link == {
        "type": "text_link",
        "offset": 0,
        "length": 11,
        "url": "https://x.test/?a=1&b=2",
    }


def test_an_address_that_telegram_would_not_open_leaves_plain_text() -> None:
    assert parse_html('<a href="javascript:alert(1)">x</a>') == ("x", [])


def test_other_references_stay_as_they_are_and_numbers_are_read() -> None:
    assert parse_html("&nbsp; &#65;&#x42;")[0] == "&nbsp; AB"


def test_the_language_of_code_moves_to_the_pre_around_it() -> None:
    _, (pre,) = parse_html('<pre><code class="language-python">x = 1</code></pre>')
    assert pre == {"type": "pre", "offset": 0, "length": 5, "language": "python"}


def test_white_space_at_both_ends_goes_and_entities_move_along() -> None:
    assert parse_html("\n  <b> bold </b> \n") == (
        "bold",
        [{"type": "bold", "offset": 0, "length": 4}],
    )


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("5 < 6", 'Unsupported start tag "" at byte offset 2'),
        ("é<p>x</p>", 'Unsupported start tag "p" at byte offset 2'),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ('<a href="x>y', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_broken_html_is_refused_with_telegrams_reason(source: str, reason: str) -> None:
    with pytest.raises(CannotParse) as refused:
        parse_html(source)
    assert str(refused.value) == reason


@given(st.text(alphabet="<>/&;ab =\"'é😀\n", max_size=40))
def test_any_text_is_either_read_or_refused(source: str) -> None:
    try:
        text, entities = parse_html(source)
    except CannotParse:
        return
    assert all(e["offset"] + e["length"] <= utf16(text) for e in entities)


@given(st.text(max_size=80))
def test_escaped_text_arrives_as_it_was(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert parse_html(escaped) == (text.strip(), [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start now", [("bot_command", 0, 6)]),
        ("say /help, or /drill@my_bot", [("bot_command", 4, 5), ("bot_command", 14, 13)]),
        ("and/or 1/2 http/", []),
        ("see https://x.test/a.", [("url", 4, 16)]),
        ("😀 www.x.test", [("url", 3, 10)]),
        ("to dana@x.test", [("email", 3, 11)]),
    ],
)
def test_commands_links_and_addresses_are_found(
    text: str, found: list[tuple[str, int, int]]
) -> None:
    assert [(e["type"], e["offset"], e["length"]) for e in detected(text, [])] == found


def test_nothing_is_found_inside_code() -> None:
    text, entities = parse_html("<code>/start</code> /help")
    kinds = [(e["type"], e["offset"]) for e in detected(text, entities)]
    assert kinds == [("code", 0), ("bot_command", 7)]
