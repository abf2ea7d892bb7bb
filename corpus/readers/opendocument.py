"""OpenDocument text and slides (ODT, ODP, and templates of them), as plain XML (ISO/IEC 26300).

Footnotes stand behind their paragraph, comments and tracked deletions are no text. Each slide is a
page, with its notes at the end of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from corpus.language.dates import iso_date
from corpus.models import Extract, Metadata
from corpus.readers.lines import TextLines
from corpus.readers.properties import title_property
from corpus.readers.zip_parts import ZipParts

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_DUBLIN = "{http://purl.org/dc/elements/1.1/}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_UNSEEN = {
    f"{_TEXT}tracked-changes",
    f"{_OFFICE}annotation",
    f"{_OFFICE}forms",
    f"{_TEXT}sequence-decls",
    f"{_TEXT}note",
    # Its base text is read; the reading above it would stand between the characters.
    f"{_TEXT}ruby-text",
    f"{_OFFICE}binary-data",
}
# A made file may ask for a thousand million spaces in one element.
_MOST_SPACES = 100
_NUMBERED = re.compile(r"\d+")


def read(content: bytes, name: str) -> Extract:
    """Read a text or slides. Raises UnreadableFile."""
    parts = ZipParts(content, "damaged_open_document")
    parts.check((".xml",))
    root = parts.xml("content.xml")
    body = root.find(f"{_OFFICE}body")
    body_part = next(iter(body), None) if body is not None else None
    lines = TextLines()
    if body_part is not None and body_part.tag in {f"{_OFFICE}presentation", f"{_OFFICE}drawing"}:
        media_type = "application/vnd.oasis.opendocument.presentation"
        for page in body_part.iterchildren(f"{_DRAW}page"):
            lines.start_page()
            _OpenDocumentWriter(lines).write(page)
    else:
        media_type = "application/vnd.oasis.opendocument.text"
        if body_part is not None:
            _OpenDocumentWriter(lines).write(body_part)
    return Extract(
        lines.text,
        media_type,
        _metadata(parts),
        tuple(lines.headings),
        tuple(lines.page_starts),
        units=lines.page_units(),
    )


class _OpenDocumentWriter:
    """Walks through elements in reading order, without recursion for each level of a document."""

    def __init__(self, lines: TextLines) -> None:
        self._lines = lines
        self._notes = 0

    def write(self, root: etree._Element) -> None:
        """Write all paragraphs below an element."""
        waiting = [root]
        while waiting:
            element = waiting.pop()
            if element.tag in _UNSEEN or not isinstance(element.tag, str):
                continue
            if element.tag == f"{_TEXT}h":
                level = element.get(f"{_TEXT}outline-level", "1")
                self._write_paragraph(element, int(level) if _NUMBERED.fullmatch(level) else 1)
            elif element.tag == f"{_TEXT}p":
                self._write_paragraph(element, 0)
                # A text box hangs on a paragraph, and is read behind it so that no sentence is cut.
                waiting += reversed([*element.iter(f"{_DRAW}text-box")])
            elif element.tag == f"{_TABLE}table":
                self._write_table(element)
            else:
                waiting += reversed(element)

    def _write_paragraph(self, element: etree._Element, level: int) -> None:
        self._lines.write("".join(self._words(element)), level=level)
        for note in element.iter(f"{_TEXT}note"):
            # Old files have notes without a mark; these are counted.
            self._notes += 1
            body = note.find(f"{_TEXT}note-body")
            paragraphs = [] if body is None else [*body]
            words = " ".join("".join(paragraph.itertext()) for paragraph in paragraphs)
            self._lines.write(f"[{self._mark(note)}] {words}")

    def _mark(self, note: etree._Element) -> str:
        citation = note.find(f"{_TEXT}note-citation")
        return ("".join(citation.itertext()) if citation is not None else "").strip() or str(
            self._notes
        )

    def _words(self, element: etree._Element) -> Iterator[str]:
        """The words of a paragraph, in order; a note leaves its mark."""
        yield element.text or ""
        for child in element:
            if child.tag == f"{_TEXT}s":
                count = child.get(f"{_TEXT}c", "1")
                yield " " * min(int(count) if _NUMBERED.fullmatch(count) else 1, _MOST_SPACES)
            elif child.tag == f"{_TEXT}tab":
                yield "\t"
            elif child.tag == f"{_TEXT}line-break":
                yield "\n"
            elif child.tag == f"{_TEXT}note":
                yield f"[{self._mark(child)}]"
            elif child.tag not in _UNSEEN and child.tag != f"{_DRAW}text-box":
                yield from self._words(child)
            yield child.tail or ""

    def _write_table(self, table: etree._Element) -> None:
        for row in table.iter(f"{_TABLE}table-row"):
            cells = [
                " ".join(
                    "".join(self._words(paragraph)).strip()
                    for paragraph in cell.iter(f"{_TEXT}p", f"{_TEXT}h")
                )
                for cell in row.iterchildren(f"{_TABLE}table-cell")
            ]
            self._lines.write(" | ".join(cell for cell in cells if cell))


def _metadata(parts: ZipParts) -> Metadata:
    if not parts.has("meta.xml"):
        return Metadata()
    root = parts.xml("meta.xml")
    title = root.findtext(f".//{_DUBLIN}title")
    created = root.findtext(f".//{_META}creation-date")
    return Metadata(title=title_property(title), date=iso_date(created))
