"""Lines for a terminal: English broken between words, Chinese between characters, by its rules.

A line never begins with a closing mark nor ends with an opening one (GB/T 15834, CLREQ).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

_CLOSING: Final = frozenset("，。、；：？！）》〉」』】〕｝…—～·％’”,.;:?!)]}%")
_OPENING: Final = frozenset("（《〈「『【〔｛‘“([{")


class Prose:
    """Text that breaks where a reader expects it."""

    def __init__(self, text: Text | str, style: str = "") -> None:
        self._text = text if isinstance(text, Text) else Text(text, style)

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        pieces = Text("\n", no_wrap=True).join(self._pieces(options.max_width))
        yield pieces

    def __rich_measure__(self, _: Console, options: ConsoleOptions) -> Measurement:
        widest = max(map(cell_len, self._text.plain.split("\n")))
        return Measurement(2, max(2, widest)).with_maximum(options.max_width)

    def _pieces(self, width: int) -> Iterator[Text]:
        for line in self._text.split(allow_blank=True):
            line.expand_tabs(8)
            for piece in line.divide(breaks(line.plain, width)):
                piece.rstrip_end(width)
                yield piece


def breaks(text: str, width: int) -> list[int]:
    """Where one line of text is broken so that no piece is wider than `width` cells.

    Blanks at the end of a piece may stand beyond it; what cannot be broken well is broken anyhow.
    """
    found: list[int] = []
    start, chance, cells = 0, 0, 0
    for at, char in enumerate(text):
        if at > start and _may_break(text[at - 1], char):
            chance = at
        cells += cell_len(char)
        while cells > width and at > start and not char.isspace():
            start = chance if chance > start else at
            found.append(start)
            cells = cell_len(text[start : at + 1])
    return found


def _may_break(before: str, after: str) -> bool:
    if after.isspace() or not cell_len(after):
        return False
    if before.isspace():
        return True
    if before in _OPENING or after in _CLOSING:
        return False
    return cell_len(before) == 2 or cell_len(after) == 2
