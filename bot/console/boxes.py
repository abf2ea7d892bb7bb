"""How the chat draws passages: each in a box, its title above, where it stands below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.console.terminal import document_facts, join_facts, neighbour_text, passage_text
from bot.console.wrapping import Prose
from bot.printable import printable, printable_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType

    from corpus.citing.styles import CiteAs
    from corpus.models import Source
    from index.answer import Hit

MATCHED: Final = "bold green"
"""Bold alone hardly shows in many Chinese fonts."""
WIDEST: Final = 100
"""Longer lines are hard to read, however wide the terminal."""
_BORDER: Final = 6  # cells of a border's line that are no text
_ABOUT: Final = "cyan not dim"
_ASIDE: Final = "dim"


def hit_box(hit: Hit, width: int) -> Panel:
    """A passage of an answer, what matched in colour."""
    about = join_facts(hit.date, hit.pin, hit.citation)
    return _box([Prose(passage_text(hit, MATCHED))], f"{hit.rank}. {hit.title}", about, width)


def source_box(source: Source, width: int) -> Panel:
    """A passage between its neighbours."""
    passage = source.passage
    inner = [
        *(Prose(neighbour_text(near)) for near in source.before),
        Prose(printable(passage.text), "bold"),
        *(Prose(neighbour_text(near)) for near in source.after),
    ]
    about = join_facts(passage.date, passage.pin, passage.citation)
    return _box(inner, passage.title, about, width)


def facts(source: Source, cite_as: CiteAs, width: int) -> Table:
    """All that is known of the document, names beside values."""
    return columns(document_facts(source, cite_as), width)


def columns(rows: Iterable[tuple[str, str]], width: int) -> Table:
    """Two columns, the first no wider than it needs."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.width = width
    table.add_column(style=_ASIDE, no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    for name, value in rows:
        table.add_row(name, Prose(value))
    return table


def _box(inner: list[Prose], title: str, about: str, width: int) -> Panel:
    """What does not fit into a border stands within it, so that nothing is ever cut."""
    parts: list[RenderableType] = []
    for part in inner:
        parts += [part] if not parts else ["", part]
    head, foot = Text(printable_line(title), "bold not dim"), Text(about, _ABOUT)
    above, below = (each.cell_len <= width - _BORDER for each in (head, foot))
    if not above:
        parts = [Prose(head), "", *parts]
    if not below:
        parts += ["", Prose(foot)]
    return Panel(
        Group(*parts),
        title=head if above else None,
        title_align="left",
        subtitle=foot if below else None,
        subtitle_align="right",
        border_style=_ASIDE,
        width=width,
    )
