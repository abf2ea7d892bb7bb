"""Tables as text (CSV, TSV): each row a passage, cells with their headings.

The separator is the one that cuts all rows alike. Rows are numbered as a spreadsheet shows them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice

from corpus.errors import UnreadableFile
from corpus.models import Extract
from corpus.readers.table_rows import FilledRow, TableWriter, make_row
from corpus.reading.decoding import decode
from corpus.reasons import Reason

_SEPARATORS = ("\t", ",", ";", "|")
_LOOKED_AT = 50  # rows that tell whether it is a table
_LEAST_ROWS = 3
_LEAST_COLUMNS = 3
_LONGEST_CELL = 1 << 20
_MOST_ROWS = 100_000


def find_separator(text: str, *, is_named: bool) -> str | None:
    """What stands between the cells of a table; None for text that is no table.

    is_named: whether the file's name says that it is one, so that two rows of two cells suffice
    """
    least_rows, least_columns = (1, 2) if is_named else (_LEAST_ROWS, _LEAST_COLUMNS)
    widest: tuple[int, str] | None = None
    for separator in _SEPARATORS:
        try:
            rows = [row for row in islice(_parse(text, separator), _LOOKED_AT) if any(row)]
        except csv.Error:
            continue
        widths = {len(row) for row in rows[: _LOOKED_AT - 1]}  # the last one may be cut
        if len(rows) < least_rows or not widths or min(widths) < least_columns:
            continue
        if len(widths) == 1 and (widest is None or min(widths) > widest[0]):
            widest = (min(widths), separator)
    return widest[1] if widest else None


def read(content: bytes, name: str) -> Extract:
    """Read the rows of a table. Raises UnreadableFile."""
    text = decode(content).text
    separator = find_separator(text, is_named=True) or ","
    rows: list[FilledRow] = []
    unread = 0
    try:
        for number, values in enumerate(_parse(text, separator), start=1):
            if len(rows) >= _MOST_ROWS:
                unread += 1
            elif row := make_row(number, values):
                rows.append(row)
    except csv.Error as error:
        raise UnreadableFile(Reason("damaged_spreadsheet")) from error
    writer = TableWriter()
    writer.write_table(rows, "")
    note = Reason("rows_not_read", {"count": unread, "limit": _MOST_ROWS}) if unread else None
    return Extract(writer.text, "text/csv", units=tuple(writer.units), note=note)


def _parse(text: str, separator: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    # Line ends inside quotation marks belong to the cell.
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)
