"""The tree of a Word document: its blocks, rows and cells, and which of its nodes are content.

Tracked changes, alternatives for older programs and drawings nest at any depth; what Word does not
show as text is passed over here, once for all that read the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement as Element

from corpus.readers.docx_styles import child_value, is_on

COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_EXTENT = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}extent"
_VML = "{urn:schemas-microsoft-com:vml}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DELETED = {qn("w:del"), qn("w:moveFrom")}
_SILENT = {qn(f"w:{name}") for name in ("pPr", "rPr", "tcPr", "delText", "delInstrText", "rt")}
_SILENT |= {qn(f"w:{name}") for name in ("sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr")}
_EMU_PER_INCH = 914_400
_POINTS_PER_INCH = 72
_SHAPE_SIDE = re.compile(r"(width|height):\s*([\d.]+)(pt|in)")
_PAGE_LIKE = (24.0, 3.0)  # square inches, and the shorter side: a quarter of a page, or more


def blocks(container: Element) -> Iterator[Element]:
    """The paragraphs, tables and inserted documents of a body, cell, note or text box."""
    for child in container.iterchildren():
        if child.tag in {qn("w:p"), qn("w:tbl"), qn("w:altChunk")}:
            yield child
        elif child.tag == f"{COMPATIBILITY}AlternateContent":
            yield from (block for choice in first_choice(child) for block in blocks(choice))
        elif is_content(child):
            yield from blocks(child)


def is_table(block: Element) -> bool:
    """Whether a block is a table."""
    return bool(block.tag == qn("w:tbl"))


def is_frame(table: Element) -> list[Element]:
    """The cells of a table of one column, which only frames its text; none for other tables."""
    rows = [[cell for _, cell in row_cells(row)] for row in table_rows(table)]
    return [row[0] for row in rows] if all(len(row) == 1 for row in rows) else []


def mark_deleted(paragraph: Element) -> bool:
    """Whether a tracked change joined this paragraph to the next one, or moved it away."""
    properties = _mark_properties(paragraph)
    return properties is not None and any(
        properties.find(qn(tag)) is not None for tag in ("w:del", "w:moveFrom")
    )


def mark_hidden(paragraph: Element) -> bool:
    """Whether the paragraph's end is hidden: it is hidden as a whole, or is a run-in heading."""
    properties = _mark_properties(paragraph)
    return properties is not None and is_on(properties, "w:vanish") is True


def close_fields(root: Element) -> None:
    """Take away marks of fields that never end, whose text would count as an instruction."""
    begun: list[Element] = []
    for node in root.iter(qn("w:fldChar")):
        kind = node.get(qn("w:fldCharType"))
        if kind == "begin":
            begun.append(node)
        elif kind == "end" and begun:
            begun.pop()
    for node in begun:
        node.set(qn("w:fldCharType"), "unfinished")


def table_rows(table: Element) -> Iterator[Element]:
    """The table's own rows that no tracked change deleted; a table in a cell is the cell's."""
    for row in table.iter(qn("w:tr")):
        own = next(row.iterancestors(qn("w:tbl")), None) is table
        if own and row.find(f"{qn('w:trPr')}/{qn('w:del')}") is None:
            yield row


def row_cells(row: Element) -> Iterator[tuple[int, Element]]:
    """The row's cells, each with the column of the table's grid at which it begins."""
    before = child_value(row, "w:trPr/w:gridBefore")
    column = int(before) if before.isdecimal() and len(before) < 4 else 0
    for cell in row.iter(qn("w:tc")):
        if next(cell.iterancestors(qn("w:tr")), None) is not row:
            continue
        properties = cell.find(qn("w:tcPr"))
        if properties is None or properties.find(qn("w:cellDel")) is None:
            yield column, cell
        span = child_value(properties, "w:gridSpan")
        column += int(span) if span.isdecimal() and 0 < len(span) < 4 else 1


def goes_on_from_above(cell: Element) -> bool:
    merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merged is not None and merged.get(qn("w:val")) != "restart"


def _mark_properties(paragraph: Element) -> Element | None:
    properties: Element | None = paragraph.find(f"{qn('w:pPr')}/{qn('w:rPr')}")
    return properties


def large_pictures(drawing: Element) -> Iterator[str]:
    """The relations of the pictures in a drawing, if these are shown large."""
    size = next(drawing.iter(_EXTENT), None)
    if size is not None:
        sides = [_number(size.get(side)) / _EMU_PER_INCH for side in ("cx", "cy")]
        if _is_page_like(sides):
            embedded = (blip.get(f"{_RELATION}embed") for blip in drawing.iter(f"{_DRAWING}blip"))
            yield from (str(relation) for relation in embedded if relation)
    for shape in drawing.iter(f"{_VML}shape"):
        sides = [
            float(value) / (_POINTS_PER_INCH if unit == "pt" else 1)
            for _, value, unit in _SHAPE_SIDE.findall(str(shape.get("style") or ""))
            if value.replace(".", "", 1).isdecimal()
        ]
        if len(sides) == 2 and _is_page_like(sides):
            images = (image.get(f"{_RELATION}id") for image in shape.iter(f"{_VML}imagedata"))
            yield from (str(relation) for relation in images if relation)


def _is_page_like(sides: list[float]) -> bool:
    area, side = _PAGE_LIKE
    return sides[0] * sides[1] >= area and min(sides) >= side


def _number(text: object) -> float:
    return float(text) if isinstance(text, str) and text.isdecimal() and len(text) < 12 else 0.0


def first_choice(alternatives: Element) -> list[Element]:
    """The first of several ways to say the same."""
    return [
        *alternatives.iterchildren(f"{COMPATIBILITY}Choice"),
        *alternatives.iterchildren(f"{COMPATIBILITY}Fallback"),
    ][:1]


def is_content(node: Element) -> bool:
    # Comments and processing instructions have no name for a tag.
    return isinstance(node.tag, str) and node.tag not in _DELETED and node.tag not in _SILENT
