"""Rich messages: headings, tables and folded details, up to 32,768 characters (Bot API 10.1).

They are built of blocks, not of HTML: the server cuts an HTML source after 35,000 bytes without a
word, which Chinese reaches at 11,600 characters, and takes each string of a block by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bot.printable import printable, printable_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.language.lengths import Span

Block = dict[str, Any]
"""A block or a piece of text in the form of the Bot API."""

MOST_CHARACTERS: Final = 30_000
MOST_BLOCKS: Final = 450
"""A little below the limits of 32,768 characters and 500 blocks, list items and rows counted."""
MOST_COLUMNS: Final = 20
_BLOCKS: Final = frozenset({"heading", "paragraph", "details", "blockquote", "table"})
"""Types of blocks; all others are styles of text, which do not count."""


@dataclass(frozen=True, slots=True)
class RichDocument:
    """A rich message as its blocks."""

    blocks: tuple[Block, ...]

    def message(self) -> dict[str, Any]:
        """The `InputRichMessage`. Names and commands in a document become nothing to tap."""
        return {"blocks": list(self.blocks), "skip_entity_detection": True}

    @property
    def fits(self) -> bool:
        """Whether it is within Telegram's limits."""
        characters, count = _size(list(self.blocks))
        return characters <= MOST_CHARACTERS and count <= MOST_BLOCKS


def heading(text: str, size: int = 3) -> Block:
    """A heading; sizes go from 1, the largest, to 6."""
    return {"type": "heading", "size": size, "text": printable_line(text)}


def paragraph(*parts: str | Block) -> Block:
    """A paragraph of texts, some of them styled."""
    return {"type": "paragraph", "text": list(parts)}


def styled(kind: str, text: str) -> Block:
    """A piece of text as `bold`, `italic`, `code` and so on."""
    return {"type": kind, "text": printable(text)}


def details(summary: str, blocks: Sequence[Block]) -> Block:
    """Blocks that a tap on the summary unfolds."""
    return {"type": "details", "summary": printable_line(summary), "blocks": list(blocks)}


def quoted_text(text: str, marks: Sequence[Span] = ()) -> Block:
    """A text as a quotation of its paragraphs, with the marked spans in bold."""
    blocks, start = [], 0
    for line in text.splitlines(keepends=True):
        end = start + len(line)
        parts = _marked(text, start, start + len(line.rstrip()), marks)
        if parts:
            blocks.append(paragraph(*parts))
        start = end
    return {"type": "blockquote", "blocks": blocks}


def table(
    rows: Sequence[Sequence[str | Block | list[str | Block]]], *, header: bool = True
) -> Block:
    """A table of texts, or of pieces of text; the first row is its header."""
    return {
        "type": "table",
        "is_bordered": True,
        "is_compact": True,
        "cells": [
            [
                {"text": printable(cell) if isinstance(cell, str) else cell}
                | ({"is_header": True} if header and number == 0 else {})
                for cell in row[:MOST_COLUMNS]
            ]
            for number, row in enumerate(rows)
        ],
    }


def _marked(text: str, start: int, end: int, marks: Sequence[Span]) -> list[str | Block]:
    parts: list[str | Block] = []
    at = start
    for a, b in marks:
        first, last = max(a, at), min(b, end)
        if first >= last:
            continue
        parts += [printable(text[at:first])] if first > at else []
        parts.append(styled("bold", text[first:last]))
        at = last
    return parts + ([printable(text[at:end])] if end > at else [])


def _size(value: Any) -> tuple[int, int]:
    """Characters and blocks of a block, of a list of them, or of a text."""
    if isinstance(value, str):
        return len(value), 0
    if isinstance(value, list):
        sizes = [_size(part) for part in value]
        return sum(size[0] for size in sizes), sum(size[1] for size in sizes)
    if not isinstance(value, dict):
        return 0, 0
    inner = [_size(part) for key, part in value.items() if key != "type"]
    # Rows of a table count as blocks, its cells do not.
    own = (1 if value.get("type") in _BLOCKS else 0) + len(value.get("cells", ()))
    return sum(size[0] for size in inner), own + sum(size[1] for size in inner)
