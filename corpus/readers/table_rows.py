"""Rows of a table as text: each cell with its column's heading, each row under a pin of its own.

A row is written `Heading: value · Heading: value`, so that a figure is found with the words above
it, and quoted with them. A table's heading is its first row, where that holds words only; titles
above the table stand alone. Two rows are the heading where cells of the first one are merged.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from corpus.language.lengths import MAX_WEIGHT, weight
from corpus.models import Unit
from corpus.reading.decoding import clean

Value: TypeAlias = (
    "str | int | float | bool | datetime.date | datetime.time | datetime.timedelta | None"
)
_BETWEEN = " · "
_LONGEST_HEADING = 80
_YEAR = re.compile(r"(?:19|20)\d\d[EF]?")
_MOST_TITLES = 20  # rows above a table that may be its titles


@dataclass(frozen=True, slots=True)
class FilledRow:
    """One row that holds something: its number, from 1, and its cells by column, from 1."""

    number: int
    cells: Mapping[int, str]
    words: frozenset[int]
    """The columns whose cells are words, not figures or dates."""
    spans: Mapping[int, int] = field(default_factory=dict)
    """For a cell that is merged over several columns: the last one of them."""


@dataclass(frozen=True, slots=True)
class ColumnHeadings:
    """The heading of a table: the words above each column, and how many rows they take."""

    above: Mapping[int, str]
    levels: int = 1


class TableWriter:
    """Puts the rows of tables together as one text, and remembers where each row stands."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self.units: list[Unit] = []

    @property
    def text(self) -> str:
        """All that was written."""
        return "".join(self._pieces)

    def write_line(self, line: str) -> None:
        """Write a line that is no passage, such as the name of a sheet."""
        piece = f"\n\n{line}" if self._length else line
        self._pieces.append(piece)
        self._length += len(piece)

    def write_unit(self, line: str, pin: str, heading: str) -> None:
        """Write a row, under a pin."""
        start = self._length + (1 if self._length else 0)
        self._pieces.append(f"\n{line}" if self._length else line)
        self._length = start + len(line)
        self.units.append(Unit(start, self._length, pin, heading))

    def write_table(self, rows: Sequence[FilledRow], sheet: str) -> None:
        """Write the rows of one sheet; its name is empty where there is but one table."""
        heading: ColumnHeadings | None = None
        title = ""
        for region in _regions(rows):
            start, candidate = _find_heading(region, heading)
            body = 0
            if candidate:
                heading, body = candidate, start + candidate.levels
                titles = [row for row in region[:start] if len(row.cells) == 1]
                title = " ".join(next(iter(row.cells.values())) for row in titles)
            for number, row in enumerate(region):
                heading_here = heading if number >= body else None
                self._write_row(
                    row, heading_here, sheet, _join(sheet, title) if number >= start else sheet
                )

    def _write_row(
        self, row: FilledRow, heading: ColumnHeadings | None, sheet: str, within: str
    ) -> None:
        above = heading.above if heading else {}
        labelled = [
            (column, f"{above[column]}: {value}" if above.get(column) else value)
            for column, value in row.cells.items()
        ]
        for run in _fitting(labelled):
            pin = _pin(sheet, row.number, run[0][0], run[-1][0])
            self.write_unit(_BETWEEN.join(words for _, words in run), pin, within)


def label_cells(rows: Sequence[Sequence[str]], *, marked: bool = False) -> list[list[str]]:
    """The cells of a text's table, those of a long one each below its column's heading: `Fee: 120`.

    A table that fits into one passage is quoted whole, with its headings, and stays as it is. So
    does one whose first row is no heading. That it is one is certain only where the file says so
    (`marked`), or where it stands above figures: two columns may be two languages of one text.
    """
    labelled = [list(row) for row in rows]
    if sum(weight(cell) for row in rows for cell in row) <= MAX_WEIGHT or len(rows) < 3:
        return labelled
    region = [row for number, cells in enumerate(rows) if (row := make_row(number, cells))]
    if not region or region[0].number or len(region[0].cells) < 2:
        return labelled
    heading, below = region[0], region[1:]
    if any(len(words) > _LONGEST_HEADING for words in heading.cells.values()):
        return labelled
    if not marked and not (_is_heading(heading, below, None) and _above_figures(heading, below)):
        return labelled
    for cells in labelled[1:]:
        for column, words in heading.cells.items():
            if column <= len(cells) and cells[column - 1]:
                cells[column - 1] = f"{words}: {cells[column - 1]}"
    return labelled


def _above_figures(heading: FilledRow, below: Sequence[FilledRow]) -> bool:
    """Whether some column holds mostly figures under words."""
    return any(
        2 * sum(column in row.cells and column not in row.words for row in below) > len(below)
        for column in heading.words
    )


def make_row(
    number: int, values: Sequence[Value], spans: Mapping[int, int] | None = None
) -> FilledRow | None:
    """A row from its values, the first in column 1; None when it holds nothing."""
    cells: dict[int, str] = {}
    words: set[int] = set()
    for column, value in enumerate(values, start=1):
        words_shown = show_value(value)
        if words_shown:
            cells[column] = words_shown
            if isinstance(value, str) and not _is_figure(words_shown):
                words.add(column)
    return FilledRow(number, cells, frozenset(words), spans or {}) if cells else None


def show_value(value: Value) -> str:
    """A cell's value as its sheet shows it, on one line."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        # A spreadsheet computes with 15 digits: 0.1 + 0.2 is 0.3 there.
        return f"{value:.15g}" if abs(value) < 1e15 else f"{value:.0f}"
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    return " ".join(clean(str(value)).split())


def column_name(column: int) -> str:
    """`A` for 1, `AB` for 28."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _pin(sheet: str, row: int, first: int, last: int) -> str:
    cells = f"{column_name(first)}{row}"
    if last != first:
        cells += f":{column_name(last)}{row}"
    if not sheet:
        return cells
    plain = sheet.replace("_", "").isalnum()
    quoted = sheet if plain else "'" + sheet.replace("'", "''") + "'"
    return f"{quoted}!{cells}"


def _fitting(labelled: Sequence[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    """A row in runs that fit into a passage; each later one opens with the row's first cell."""
    run: list[tuple[int, str]] = []
    size = 0
    label = labelled[0] if weight(labelled[0][1]) < MAX_WEIGHT // 4 else None
    for cell in labelled:
        length = weight(cell[1]) + weight(_BETWEEN)
        if run and size + length > MAX_WEIGHT:
            yield run
            # Its column is that of the next cell, so that the pin names what is new.
            run = [(cell[0], label[1])] if label else []
            size = weight(label[1]) + weight(_BETWEEN) if label else 0
        run.append(cell)
        size += length
    yield run


def _regions(rows: Sequence[FilledRow]) -> Iterator[list[FilledRow]]:
    """The rows between empty ones."""
    region: list[FilledRow] = []
    for row in rows:
        if region and row.number > region[-1].number + 1:
            yield region
            region = []
        region.append(row)
    if region:
        yield region


def _find_heading(
    region: Sequence[FilledRow], before: ColumnHeadings | None
) -> tuple[int, ColumnHeadings | None]:
    """Where in the region its heading is, and that heading; None when it has none of its own."""
    width = max(len(row.cells) for row in region)
    for number, row in enumerate(region[:_MOST_TITLES]):
        wide = len(row.cells) > 1 and (row.spans or 2 * len(row.cells) >= width)
        if not wide:
            continue
        below = region[number + 1 :]
        if not below or not _is_heading(row, below, before):
            break
        if row.spans and len(below) > 1:
            return number, ColumnHeadings(_join_levels(row, below[0]), 2)
        return number, ColumnHeadings(row.cells)
    return 0, None


def _is_heading(row: FilledRow, below: Sequence[FilledRow], before: ColumnHeadings | None) -> bool:
    """Does the row hold words only, and short ones?

    After an empty row the table above may go on. Then only figures below words make a heading.
    """
    figures = row.cells.keys() - row.words
    # The years above the columns of a balance sheet are figures, but whole ones of four digits.
    if any(not _YEAR.fullmatch(row.cells[column]) for column in figures) or not row.words:
        return False
    if any(len(words) > _LONGEST_HEADING for words in row.cells.values()):
        return False
    if before is None or not row.cells.keys() <= before.above.keys():
        return True
    return any(
        column in later.cells and column not in later.words
        for later in below
        for column in row.words
    )


def _join_levels(upper: FilledRow, lower: FilledRow) -> dict[int, str]:
    """`2023 › Q1`: merged cells of the upper row stand above several columns of the lower one."""
    spread = dict(upper.cells)
    for column, last in upper.spans.items():
        if column in upper.cells:
            spread |= dict.fromkeys(range(column, last + 1), upper.cells[column])
    above = {**spread, **lower.cells}
    for column in spread.keys() & lower.cells.keys():
        if spread[column] != lower.cells[column]:
            above[column] = f"{spread[column]} › {lower.cells[column]}"
    return above


def _is_figure(words: str) -> bool:
    return not any(character.isalpha() for character in words)


def _join(*headings: str) -> str:
    return " › ".join(heading for heading in headings if heading)
