"""Word documents (DOCX): headings, numbered paragraphs, tables, notes, properties.

Text is what Word shows with all tracked changes accepted, with the numbers of numbered paragraphs.
A footnote follows the paragraph that refers to it, endnotes follow the text; both begin with
their mark in brackets, which also stands where the text refers to them.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable
from zipfile import BadZipFile

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.exceptions import OpcError
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement as Element

from corpus.errors import UnreadableFile
from corpus.models import Extract, Heading, Metadata
from corpus.readers.docx_numbering import Numbering
from corpus.readers.docx_package import DAMAGED, check
from corpus.readers.docx_styles import Styles
from corpus.readers.docx_text import (
    Inline,
    NoteKind,
    Notes,
    blocks,
    inline,
    is_table,
    mark_deleted,
    table_text,
)
from corpus.readers.properties import name_property, title_property
from corpus.reading.decoding import clean

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LONGEST_HEADING = 200
_OF_DAMAGE = (
    *(OpcError, BadZipFile, zlib.error),
    *(KeyError, AttributeError, TypeError, SyntaxError),  # as python-docx meets it
)


def read(content: bytes, name: str) -> Extract:
    """Read a Word document. Raises UnreadableFile."""
    check(content)
    try:
        document = Document(io.BytesIO(content))
        body = document.element.body
        story = _Story(document)
        story.add(blocks(body))
        story.add_endnotes()
        metadata = _metadata(document)
    except ValueError as error:
        raise UnreadableFile("it is a Word template or holds macros: save it as DOCX") from error
    except _OF_DAMAGE as error:
        raise UnreadableFile(DAMAGED) from error
    return Extract(story.text, MEDIA_TYPE, metadata, tuple(story.headings))


def _metadata(document: WordDocument) -> Metadata:
    properties = document.core_properties
    created = properties.created if properties.author != "python-docx" else None
    return Metadata(
        title=title_property(properties.title),
        date=created.date().isoformat() if created else None,
        publisher=name_property(properties.author),
        language=properties.language or None,
    )


class _Story:
    """The text so far, block by block, with an empty line between blocks."""

    def __init__(self, document: WordDocument) -> None:
        self.headings: list[Heading] = []
        self._pieces: list[str] = []
        self._length = 0
        self._notes = Notes()
        self._endnotes: list[str] = []
        self._styles = Styles(_part(document, "styles"))
        self._numbering = Numbering(_part(document, "numbering"))
        self._noted: dict[NoteKind, dict[str, Element]] = {
            "footnote": _by_id(_part(document, "footnotes")),
            "endnote": _by_id(_part(document, "endnotes")),
        }

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def add(self, content: Iterable[Element]) -> None:
        """Add paragraphs and tables, each with its text boxes and footnotes after it."""
        waiting = Inline()
        for block in content:
            if is_table(block):
                self._emit(table := table_text(block, self._notes))
                self._add_below(table)
                continue
            paragraph = inline(block, self._notes).after(waiting)
            if mark_deleted(block):  # it goes on in the next paragraph
                waiting = paragraph
                continue
            waiting = Inline()
            mark = self._numbering.mark(*self._styles.numbering(block))
            self._emit(paragraph, mark, self._styles.heading_level(block))
            self._add_below(paragraph)
        self._emit(waiting)
        self._add_below(waiting)

    def add_endnotes(self) -> None:
        for note_id in self._endnotes:
            self._add_note("endnote", note_id)

    def _emit(self, paragraph: Inline, mark: str = "", level: int | None = None) -> None:
        words = clean(paragraph.text).strip()
        if not words:
            return
        gap, text = "\n\n" if self._length else "", mark + words
        start = self._length + len(gap)
        if level and len(text) <= _LONGEST_HEADING and "\n" not in text:
            self.headings.append(Heading(start, start + len(text), level))
        self._pieces += (gap, text)
        self._length = start + len(text)

    def _add_below(self, paragraph: Inline) -> None:
        for box in paragraph.boxes:
            self.add(blocks(box))
        for kind, note_id in paragraph.notes:
            if kind == "footnote":
                self._add_note(kind, note_id)
            else:
                self._endnotes.append(note_id)

    def _add_note(self, kind: NoteKind, note_id: str) -> None:
        note = self._noted[kind].get(note_id)
        if note is None:
            return
        mark = self._notes.mark(kind, note_id)
        lines = [
            inline(block, Notes()).text.strip() for block in blocks(note) if not is_table(block)
        ]
        self._emit(Inline([f"{mark} " + "\n".join(line for line in lines if line)]))


def _part(document: WordDocument, kind: str) -> Element | None:
    """The root of one of the document's parts, by the last word of its relationship's type."""
    for relation in document.part.rels.values():
        if relation.reltype.endswith(f"/{kind}") and not relation.is_external:
            return parse_xml(relation.target_part.blob)
    return None


def _by_id(notes: Element | None) -> dict[str, Element]:
    children = notes.iterchildren() if notes is not None else ()
    return {str(note.get(qn("w:id"))): note for note in children if note.get(qn("w:type")) is None}
