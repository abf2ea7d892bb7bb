"""Telegram's own view of a message: markup parsed strictly, and the limits it keeps."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any, ClassVar


class Markup(HTMLParser):
    """Telegram's HTML, read strictly: what a reader sees, and how many entities it takes."""

    KNOWN: ClassVar[set[str]] = {"b", "u", "s", "i", "code", "blockquote", "a"}

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []
        self._parts: list[str] = []
        self.entities = 0
        self.feed(markup)
        self.close()
        assert not self._open, f"<{self._open[-1]}> is never closed"
        self.text = "".join(self._parts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.KNOWN, f"<{tag}> is no markup of ours"
        # The only links are those to a message of the same chat.
        is_link = tag == "a" and re.fullmatch(
            r"https://t\.me/c(/\d+){2,3}", dict(attrs)["href"] or ""
        )
        folded = (tag, attrs) == ("blockquote", [("expandable", None)])
        assert is_link or folded or (not attrs and tag != "a")
        assert "code" not in self._open, "monospace can hold nothing else"
        assert tag not in self._open, f"<{tag}> inside itself"
        self._open.append(tag)
        self.entities += 1

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag, f"</{tag}> closes another"

    def handle_data(self, data: str) -> None:
        self._parts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def utf16(text: str) -> int:
    """The length as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_message(markup: str, keyboard: list[list[dict[str, Any]]]) -> str:
    """What a reader sees of a message that keeps every limit of the Bot API."""
    read = Markup(markup)
    assert read.text.strip(), "an empty message"
    assert utf16(read.text) <= 4096, "the message is too long"
    assert read.entities <= 100, "too many entities"
    for button in (button for row in keyboard for button in row):
        assert button["text"].strip(), "a button without a label"
        assert len(button.get("callback_data", "x").encode()) in range(1, 65)
        assert utf16(button.get("copy_text", {"text": "x"})["text"]) in range(1, 257)
    assert all(len(row) <= 8 for row in keyboard), "too many buttons in a row"
    return read.text.strip()
