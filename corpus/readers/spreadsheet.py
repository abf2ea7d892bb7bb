"""Spreadsheets (XLSX, XLSM, XLSB, XLS, ODS): each row a passage, cells with their headings.

calamine reads the cells and what their formulas gave when the file was saved; nothing is computed.
"""

from __future__ import annotations

import io
import re

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from corpus.errors import UnreadableFile
from corpus.models import Extract
from corpus.readers.table_rows import FilledRow, TableWriter, Value, make_row
from corpus.readers.zip_parts import ZipParts
from corpus.reading.decoding import clean
from corpus.reading.pace import step_done
from corpus.reasons import Reason, combine

_MOST_SHEETS = 500
_MOST_ROWS = 100_000  # rows of all sheets; more are a database, not a document
_MOST_CELLS = 10_000_000  # of the box around a sheet's cells, each of which takes memory
_MOST_MERGED = 100_000
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>')
_SHEET_NAMES = re.compile(r"xl/worksheets/[^/]+\.xml")
_DAMAGED = Reason("damaged_spreadsheet")
_ZIP = b"PK"


def read(content: bytes, name: str) -> Extract:
    """Read the sheets of a workbook, in their order. Raises UnreadableFile."""
    if content.startswith(_ZIP):
        _check_packed(content)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return _read_sheets(workbook, content)
    except PasswordError as error:
        raise UnreadableFile(Reason("encrypted")) from error
    except (CalamineError, ValueError, OSError) as error:
        raise UnreadableFile(_DAMAGED) from error


def _read_sheets(workbook: CalamineWorkbook, content: bytes) -> Extract:
    writer = TableWriter()
    room, hidden, unread = _MOST_ROWS, 0, 0
    sheets = [about for about in workbook.sheets_metadata if about.typ == SheetTypeEnum.WorkSheet]
    for about in sheets[:_MOST_SHEETS]:
        sheet = workbook.get_sheet_by_name(about.name)
        numbers, rows = _rows(sheet, room)
        unread += max(0, (sheet.end[0] + 1 if sheet.end else 0) - numbers)
        room -= len(rows)
        if rows:
            hidden += about.visible != SheetVisibleEnum.Visible
            label = " ".join(clean(about.name).split())
            writer.write_line(label)
            writer.write_table(rows, label)
        step_done()
    notes = []
    if hidden:
        notes.append(Reason("hidden_sheets", {"count": hidden}))
    if unread:
        notes.append(Reason("rows_not_read", {"count": unread, "limit": _MOST_ROWS}))
    media_type = _media_type(content)
    # Without cells the names of the sheets are no text either.
    text = writer.text if writer.units else ""
    return Extract(text, media_type, units=tuple(writer.units), note=combine(notes))


def _rows(sheet: CalamineSheet, room: int) -> tuple[int, list[FilledRow]]:
    """How many rows were looked at, and those that hold something."""
    if sheet.start is None:
        return 0, []
    left = sheet.start[1]
    merged = _Merged(sheet)
    rows: list[FilledRow] = []
    looked_at = 0
    for number, values in enumerate(sheet.iter_rows(), start=1):
        if len(rows) >= room:
            break
        looked_at += 1
        cells: list[Value] = [*[None] * left, *values]
        merged.fill(number, cells)
        row = make_row(number, cells, merged.spans.get(number))
        if row:
            rows.append(row)
    return looked_at, rows


class _Merged:
    """Merged cells: a value stands beside every row that it is merged over."""

    def __init__(self, sheet: CalamineSheet) -> None:
        self.spans: dict[int, dict[int, int]] = {}
        self._below: dict[int, dict[int, int]] = {}
        self._values: dict[tuple[int, int], Value] = {}
        bottom_row = sheet.end[0] if sheet.end else 0
        room = _MOST_MERGED
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
            if right > left:
                self.spans.setdefault(top + 1, {})[left + 1] = right + 1
            last = min(bottom, bottom_row, top + room)
            room -= last - top
            for row in range(top + 1, last + 1):
                self._below.setdefault(row + 1, {})[left] = top + 1
            if last > top:
                self._values[top + 1, left] = None

    def fill(self, number: int, cells: list[Value]) -> None:
        """Put the values of cells that are merged over several rows into this row of them."""
        for column, top in self._below.get(number, {}).items():
            if column < len(cells):
                cells[column] = cells[column] or self._values[top, column]
        for column, value in enumerate(cells):
            if (number, column) in self._values:
                self._values[number, column] = value


def _check_packed(content: bytes) -> None:
    """Refuse a bomb, and a sheet whose cells stand so far apart that no memory holds it."""
    parts = ZipParts(content, "damaged_spreadsheet")
    parts.check((".xml", ".bin", ".rels"))
    for part in parts.names:
        if _SHEET_NAMES.fullmatch(part):
            cells = _CELL.findall(parts.read(part))
            width = max((_column(letters) for letters in {cell[0] for cell in cells}), default=0)
            height = max((int(row) for row in {cell[1] for cell in cells}), default=0)
            if width * height > _MOST_CELLS:
                raise UnreadableFile(Reason("sheet_too_large", {"limit": _MOST_CELLS}))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number


def _media_type(content: bytes) -> str:
    if not content.startswith(_ZIP):
        return "application/vnd.ms-excel"
    if b"opendocument.spreadsheet" in content[:200]:
        return "application/vnd.oasis.opendocument.spreadsheet"
    return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
