"""A written conversation as rows that fit a bubble: Telegram's HTML in, styled runs out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from html import escape
from html.parser import HTMLParser
from typing import Final

FOLDED: Final = 5
"""Rows that a folded quotation shows."""
_STYLES: Final = {"b": "bold", "u": "bold", "i": "italic", "code": "code"}
_PIECE: Final = re.compile(
    r"[!-~\u00a0-\u024f\u2018-\u201d]+|[\u2e80-\uffff][，。：；、？！」』）》]*|."
)


def is_emoji(*texts: str) -> bool:
    """Whether any of these is a picture."""
    return any(len(text) == 1 and ord(text) >= 0x1F300 for text in texts)


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one style."""

    text: str
    style: str = "plain"


Measure = Callable[[Run], float]
"""How wide a run is, in pixels."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line as it stands in a bubble; `faded` where a quotation is folded under it."""

    runs: tuple[Run, ...]
    quoted: bool = False
    faded: bool = False

    def width(self, measure: Measure) -> float:
        """In pixels, without a quotation's bar."""
        return sum(map(measure, self.runs))


@dataclass(frozen=True, slots=True)
class Message:
    """What one of them said, with the buttons below it."""

    who: str
    replies: bool
    markup: str
    rows: tuple[list[str], ...]


def messages_in(text: str) -> list[Message]:
    """The messages in a file of play.py."""
    found = []
    for block in re.split(r"\n(?=(?:< )?\S+:$)", text.strip(), flags=re.MULTILINE):
        head, *lines = block.strip().splitlines()
        replies, who = head.startswith("< "), head.removeprefix("< ").removesuffix(":")
        said = "\n".join(line[2:] for line in lines if line.startswith("|"))
        rows = tuple(line[2:-2].split(" | ") for line in lines if line.startswith("["))
        found.append(Message(who, replies, said if who == "Pincite" else escape(said), rows))
    return found


def laid_out(message: Message, measure: Measure, room: float, indent: float) -> list[Row]:
    """The rows of a message in a bubble with so much room; quotations lose the indent."""
    rows: list[Row] = []
    quoting: list[Row] = []
    for line, folds in _Lines(message.markup).lines:
        wrapped = _wrapped(line, measure, room - indent * line.quoted)
        if folds:
            quoting += wrapped
            continue
        rows += [*_folded(quoting), *wrapped]
        quoting = []
    return rows + _folded(quoting)


def _folded(rows: list[Row]) -> list[Row]:
    if len(rows) <= FOLDED:
        return rows
    return [*rows[: FOLDED - 1], replace(rows[FOLDED - 1], faded=True)]


def _wrapped(line: Row, measure: Measure, room: float) -> list[Row]:
    """Broken between words, and between Chinese characters, but not before their punctuation."""
    rows: list[list[Run]] = [[]]
    used = 0.0
    for piece in _pieces(line.runs, measure, room):
        width = measure(piece)
        if used + width > room and piece.text != " ":
            rows.append([])
            used = 0.0
        if rows[-1] or piece.text != " ":
            rows[-1].append(piece)
            used += width
    return [replace(line, runs=_trimmed(row)) for row in rows]


def _pieces(runs: Iterable[Run], measure: Measure, room: float) -> Iterable[Run]:
    for run in runs:
        for found in _PIECE.findall(run.text):
            whole = Run(found, run.style)
            fits = measure(whole) <= room
            yield from [whole] if fits else (Run(one, run.style) for one in found)


def _trimmed(row: list[Run]) -> tuple[Run, ...]:
    """Neighbours in one style joined, without the space that a break swallows."""
    joined: list[Run] = []
    for run in row[:-1] if row and row[-1].text == " " else row:
        if joined and joined[-1].style == run.style and not is_emoji(run.text, joined[-1].text):
            joined[-1] = Run(joined[-1].text + run.text, run.style)
        else:
            joined.append(run)
    return tuple(joined)


class _Lines(HTMLParser):
    """The lines of a message, each with whether it is in a quotation that folds."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[tuple[Row, bool]] = [(Row(()), False)]
        self._style = "plain"
        self._quoted = self._folds = False
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._style = _STYLES.get(tag, self._style)
        if tag == "blockquote":
            self._quoted, self._folds = True, ("expandable", None) in attrs
            self.lines[-1] = (Row((), quoted=True), self._folds)

    def handle_endtag(self, tag: str) -> None:
        self._style = "plain"
        if tag == "blockquote":
            self._quoted = self._folds = False

    def handle_data(self, data: str) -> None:
        first, *rest = data.split("\n")
        self._add(first)
        for text in rest:
            self.lines.append((Row((), quoted=self._quoted), self._folds))
            self._add(text)

    def _add(self, text: str) -> None:
        if text:
            row, folds = self.lines[-1]
            self.lines[-1] = (replace(row, runs=(*row.runs, Run(text, self._style))), folds)
