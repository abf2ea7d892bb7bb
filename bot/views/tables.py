"""Tables of many documents: compared ones, dates in order, one question to each.

A table has its words in two forms: as a rich message, where the server knows those, and as ordinary
messages, of which each holds as many rows as fit.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.printable import printable, printable_line
from bot.views.checking import LONGEST_QUOTED, most_of, plain, source_line, title_of
from bot.views.markup import (
    MESSAGE_ENTITIES,
    MESSAGE_UNITS,
    Html,
    code,
    escape,
    fill,
    joined,
    shortened,
    units,
    visible,
)
from bot.views.render import NO_HTML
from bot.views.rich import RichDocument, paragraph, styled, table
from bot.views.view import Button, Rows, View

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.texts.words import Texts
    from bot.views.rich import Block
    from index.answer import EachAnswer, Hit
    from index.comparison import ComparedPair, ComparedUnit
    from index.timeline import DatedSentence, Timeline

FEW_ROWS: Final = 3
"""So few rows read as well in an ordinary message, which every app shows: older apps and those in
browsers say of a rich one that they cannot show it."""
SENTENCE_UNITS: Final = 300
_DIFFERENCE_UNITS: Final = 200
_MOST_DIFFERENCES: Final = 12
_SIDE_UNITS: Final = 1_500
"""UTF-16 units of one side of a pair: both fit into an ordinary message."""
_SPARE: Final = 200
"""UTF-16 units for the line of sum, the number of the part and what is said about the file."""

Cell = str | list["str | Block"]
"""The text of a cell, or pieces of it, some of them styled."""


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A row of a table: its words as markup and as cells, and the passages that it shows."""

    html: Html
    cells: tuple[Cell, ...]
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a header, above a line of sum."""

    header: tuple[str, ...]
    rows: tuple[MessageRow, ...]
    total: Html

    @property
    def citations(self) -> list[str]:
        """Every passage that is shown, once."""
        return list(dict.fromkeys(citation for row in self.rows for citation in row.citations))

    def parts(self) -> list[tuple[MessageRow, ...]]:
        """The rows of each of the ordinary messages that hold all of them."""
        parts: list[list[MessageRow]] = [[]]
        whole = MESSAGE_UNITS - units(visible(self.total)) - _SPARE, MESSAGE_ENTITIES - 8
        room, entities = whole
        for row in self.rows:
            size, count = units(visible(row.html)) + 2, row.html.count("</")
            if parts[-1] and (size > room or count > entities):
                parts.append([])
                room, entities = whole
            parts[-1].append(row)
            room, entities = room - size, entities - count
        return list(map(tuple, parts))

    def rich(self) -> RichDocument | None:
        """All of it as one rich message; None where that is too long, or the rows are few."""
        if len(self.rows) <= FEW_ROWS and len(self.parts()) == 1:
            return None
        total = [paragraph(line) for line in visible(self.total).splitlines()]
        cells: list[Sequence[Cell]] = [self.header, *(row.cells for row in self.rows)]
        document = RichDocument((table(cells), *total))
        return document if document.fits else None


def table_view(rows_shown: Table, texts: Texts, key: str, part: int, foot: Html = NO_HTML) -> View:
    """A part of a table, counted from 0, with buttons to its neighbours.

    `key`: what the buttons carry; `foot`: a line below the first part.
    """
    parts = rows_shown.parts()
    part = max(0, min(part, len(parts) - 1))
    several = len(parts) > 1
    numbered = fill(texts.part, part=part + 1, parts=len(parts)) if several else NO_HTML
    lines = [line for line in (rows_shown.total, numbered, foot if not part else NO_HTML) if line]
    html = joined([*(row.html for row in parts[part]), joined(lines)], "\n\n")
    back = [Button(texts.back_label, data=f"part:{key}:{part - 1}")] if part else []
    more = [Button(texts.more_label, data=f"part:{key}:{part + 1}")]
    buttons = (*back, *(more if part + 1 < len(parts) else []))
    rows: Rows = (buttons,) if buttons else ()
    return View(html, rows, rows_shown.rich() if not part else None)


# -- what the tables are of ----------------------------------------------------------------------


def compared_table(pairs: Sequence[ComparedPair], texts: Texts) -> Table:
    """A row for each pair that is not the same, then their numbers."""
    words = texts.checking
    changed = tuple(_pair_row(pair, texts) for pair in pairs if pair.kind != "same")
    header = (words.place_column, words.before_column, words.after_column)
    return Table(header, changed, compared_sum(pairs, texts))


def compared_sum(pairs: Sequence[ComparedPair], texts: Texts) -> Html:
    """How many pairs there are of each kind."""
    counts: Counter[str] = Counter(pair.kind for pair in pairs)
    kinds = ("changed", "added", "removed", "same")
    return fill(texts.checking.compared, **{kind: counts[kind] for kind in kinds})


def replaced_line(
    title: str, document_id: str, pairs: Sequence[ComparedPair], texts: Texts
) -> Html:
    """A line that says how a document differs from the version that it replaced."""
    return fill(
        texts.checking.replaced,
        title=plain(title_of(title)),
        compared=compared_sum(pairs, texts),
        document=document_id,
    )


def each_table(answer: EachAnswer, texts: Texts) -> Table:
    """A row for each document: its sentence and its source, or that nothing was found."""
    words = texts.checking
    rows = [_each_row(hit) for hit in answer.hits]
    for document in answer.without:
        title, nothing = title_of(document.title), words.nothing_found
        html = joined([plain(title), code(document.id), Html(nothing)], " · ")
        cells: tuple[Cell, ...] = ([f"{title} · ", styled("code", document.id)], nothing)
        rows.append(MessageRow(html, cells, ()))
    total = fill(words.each_sum, count=len(answer.hits), total=len(rows))
    return Table((words.document_column, words.sentence_column), tuple(rows), total)


def timeline_table(timeline: Timeline, texts: Texts) -> Table | None:
    """A row for each date, and how many sentences name only a relative time; None without any."""
    words = texts.checking
    if not timeline.rows and not timeline.undated:
        return None
    total = [fill(words.timeline_sum, count=len(timeline.rows))]
    if timeline.undated:
        total.append(fill(words.undated, count=timeline.undated))
    header = (words.date_column, words.sentence_column)
    return Table(header, tuple(map(_dated_row, timeline.rows)), joined(total, " · "))


def file_text(blocks: Iterable[str]) -> bytes:
    """Blocks as a text file in UTF-8, with the mark that Windows' own editor looks for."""
    return "\n\n".join(printable(block) for block in blocks).encode("utf-8-sig")


def _each_row(hit: Hit) -> MessageRow:
    sentence = hit.text[slice(*hit.answer)] if hit.answer else hit.text
    quoted = shortened(printable_line(sentence), SENTENCE_UNITS)
    source = _source_pieces(hit.title, hit.date, hit.pin, hit.citation)
    html = Html(f"{plain(quoted)}\n— {source_line(hit.title, hit.date, hit.pin, hit.citation)}")
    return MessageRow(html, (source, quoted), (hit.citation,))


def _dated_row(row: DatedSentence) -> MessageRow:
    date = f"{row.date} – {row.until}" if row.until else row.date
    sentence = shortened(printable_line(row.text), SENTENCE_UNITS)
    source = source_line(row.title, None, row.pin, row.citation)
    html = Html(f"<b>{escape(date)}</b> {plain(sentence)}\n— {source}")
    pieces = _source_pieces(row.title, None, row.pin, row.citation)
    return MessageRow(html, (date, [f"{sentence} — ", *pieces]), (row.citation,))


def _source_pieces(
    title: str | None, date: str | None, pin: str | None, citation: str
) -> list[str | Block]:
    facts = [title_of(fact) for fact in (title, date, pin) if fact]
    return ["".join(f"{printable(fact)} · " for fact in facts), styled("code", citation)]


def _pair_row(pair: ComparedPair, texts: Texts) -> MessageRow:
    words = texts.checking
    template = {"changed": words.changed, "added": words.added, "removed": words.removed}[pair.kind]
    units_shown = [unit for unit in (pair.before, pair.after) if unit]
    head = fill(template, pin=title_of(units_shown[-1].pin))
    lines, cells = [head], list[Cell]([visible(head)])
    styles = (("strikethrough", "s"), ("underline", "u"))
    for side, (unit, (style, tag)) in enumerate(
        zip((pair.before, pair.after), styles, strict=True)
    ):
        if unit is None:
            cells.append("–")
            continue
        spans = [difference[2 * side : 2 * side + 2] for difference in pair.differences]
        pieces = list(_pieces(unit, spans))
        marked = [
            Html(f"<{tag}>{escape(text)}</{tag}>") if differs else plain(text)
            for differs, text in pieces
        ]
        lines.append(Html(f"<blockquote>{''.join(marked)}</blockquote>{code(unit.citation)}"))
        cells.append(
            [styled(style, text) if differs else printable(text) for differs, text in pieces]
            + [" ", styled("code", unit.citation)]
        )
    return MessageRow(joined(lines), tuple(cells), tuple(unit.citation for unit in units_shown))


def _pieces(unit: ComparedUnit, spans: Sequence[Sequence[int]]) -> Iterable[tuple[bool, str]]:
    """The text of one side in pieces, and whether each differs from the other side."""
    at, room = 0, _SIDE_UNITS
    is_long = units(unit.text) > LONGEST_QUOTED
    for start, end in [*spans[:_MOST_DIFFERENCES], (len(unit.text), len(unit.text))]:
        is_last = start == len(unit.text)
        same = most_of(unit.text[at:start], is_long=is_long, is_last=is_last)
        different = shortened(unit.text[start:end], _DIFFERENCE_UNITS)
        room -= units(same) + units(different)
        if room < 0:
            yield False, "…"
            return
        if same:
            yield False, same
        if different:
            yield True, different
        at = end
