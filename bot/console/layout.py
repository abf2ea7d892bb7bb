"""The layout of the console chat: passages in boxes, lines broken for English and for Chinese.

Rich breaks lines at spaces only, which leaves Chinese ragged. Here English breaks between words
and Chinese between characters. A line never begins with a closing mark or ends with an opening
one (GB/T 15834, CLREQ).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.measure import Measurement
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.console.terminal import (
    certainty_word,
    document_facts,
    join_facts,
    neighbour_text,
    passage_parts,
)
from bot.printable import printable, printable_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import RenderableType

    from corpus.citing.styles import CiteAs
    from corpus.models import PassageRecord, Source
    from corpus.references import Reference
    from index.answer import Hit

MATCHED: Final = "bold green"
"""Bold alone is hard to see in many Chinese fonts."""
WIDEST: Final = 100
"""The widest box, in cells: longer lines are hard to read on a wide terminal."""
_BORDER: Final = 6  # cells of a border's line that are not text
_FACTS_STYLE: Final = "cyan not dim"
_BORDER_STYLE: Final = "dim"
_CLOSING: Final = frozenset("，。、；：？！）》〉」』】〕｝…—～·％’”,.;:?!)]}%")
_OPENING: Final = frozenset("（《〈「『【〔｛‘“([{")


# -- boxes ---------------------------------------------------------------------------------------


def hit_box(hit: Hit, width: int) -> Panel:
    """A passage of an answer: the sentence that answers in colour, then all of it."""
    certainty = certainty_word(hit) if hit.rank == 1 else None
    about = join_facts(hit.date, hit.pin, hit.citation, scan_words(hit), certainty, also_words(hit))
    return _box(
        [Prose(part) for part in passage_parts(hit, MATCHED)],
        f"{hit.rank}. {hit.title}",
        about,
        width,
    )


def source_box(source: Source, width: int) -> Panel:
    """A passage between its neighbours."""
    passage = source.passage
    inner = [
        *(Prose(neighbour_text(near)) for near in source.before),
        Prose(printable(passage.text), "bold"),
        *(Prose(neighbour_text(near)) for near in source.after),
    ]
    about = join_facts(passage.date, passage.pin, passage.citation, scan_words(passage))
    return _box(inner, passage.title, about, width)


def scan_words(passage: Hit | PassageRecord) -> str | None:
    """How surely a scan was read, where that is in doubt."""
    if passage.recognition is None:
        return None
    return f"scan read with {passage.recognition} % certainty"


def also_words(hit: Hit) -> str | None:
    """The other passages that say the same, by their citations."""
    citations = ", ".join(same.citation for same in hit.also)
    return f"the same in {citations}" if citations else None


def facts_table(
    source: Source, cite_as: CiteAs, width: int, references: Sequence[Reference] = ()
) -> Table:
    """Everything known about the document: names beside values."""
    return columns(document_facts(source, cite_as, references), width)


def columns(rows: Iterable[tuple[str, str]], width: int) -> Table:
    """Two columns; the first is as narrow as its texts allow."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.width = width
    table.add_column(style=_BORDER_STYLE, no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    for name, value in rows:
        table.add_row(name, Prose(value))
    return table


def _box(inner: list[Prose], title: str, about: str, width: int) -> Panel:
    """A box. A title or fact line that is too long for the border moves inside: nothing is cut."""
    parts: list[RenderableType] = []
    for part in inner:
        parts += [part] if not parts else ["", part]
    head, foot = Text(printable_line(title), "bold not dim"), Text(about, _FACTS_STYLE)
    head_fits, foot_fits = (line.cell_len <= width - _BORDER for line in (head, foot))
    if not head_fits:
        parts = [Prose(head), "", *parts]
    if not foot_fits:
        parts += ["", Prose(foot)]
    return Panel(
        Group(*parts),
        title=head if head_fits else None,
        title_align="left",
        subtitle=foot if foot_fits else None,
        subtitle_align="right",
        border_style=_BORDER_STYLE,
        width=width,
    )


# -- lines ---------------------------------------------------------------------------------------


class Prose:
    """Text for a terminal, with line breaks where a reader expects them."""

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
    """The offsets at which one line is broken, so that no piece is wider than `width` cells.

    Blanks at the end of a piece may stand beyond the width. A piece without a good place to break
    is broken at the last cell that fits.
    """
    offsets: list[int] = []
    start, last_good, cells = 0, 0, 0
    for at, char in enumerate(text):
        if at > start and _may_break(text[at - 1], char):
            last_good = at
        cells += cell_len(char)
        while cells > width and at > start and not char.isspace():
            start = last_good if last_good > start else at
            offsets.append(start)
            cells = cell_len(text[start : at + 1])
    return offsets


def _may_break(before: str, after: str) -> bool:
    if after.isspace() or not cell_len(after):  # a combining mark stays with its letter
        return False
    if before.isspace():
        return True
    if before in _OPENING or after in _CLOSING:
        return False
    # Two cells wide means an East Asian character: a line may break on either side of one.
    return cell_len(before) == 2 or cell_len(after) == 2
