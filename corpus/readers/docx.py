"""Word documents: headings, numbered paragraphs, tables, notes, comments, headers, properties.

Text is what Word shows with all tracked changes accepted, with the numbers of numbered paragraphs.
A footnote follows the paragraph that refers to it, endnotes follow the text; both begin with
their mark in brackets, which also stands where the text refers to them. Comments, headers and
footers stand last, under a heading of their own, so that nobody takes them for the document's text.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from importlib import import_module
from zipfile import BadZipFile

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement as Element

from corpus.errors import UnreadableFile
from corpus.models import Extract, Heading, Metadata
from corpus.readers import ocr
from corpus.readers.docx_numbering import WordNumbering
from corpus.readers.docx_package import DAMAGED, DamagedPackage, WordPackage, open_package
from corpus.readers.docx_styles import Styles
from corpus.readers.docx_text import Inline, InlineReader, NoteKind, Notes
from corpus.readers.docx_tree import (
    blocks,
    close_fields,
    is_frame,
    is_table,
    mark_deleted,
    mark_hidden,
)
from corpus.readers.page_layout import PageLayout
from corpus.readers.page_paragraphs import join_pages
from corpus.readers.properties import title_property
from corpus.reading.decoding import clean
from corpus.reading.kinds import kind_of
from corpus.reading.pace import step_done
from corpus.reasons import Reason, combine

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LONGEST_HEADING = 200
_LONGEST_ANCHOR = 100
_LEAST_TEXT = 20  # characters on a picture below which it is no page of text, but has a label
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PAGE_NUMBER = re.compile(
    r"[\s\-–—]{0,40}(?:page|p\.|第)?\s{0,8}[\divxlc]{0,12}\s{0,8}(?:of|/|页|頁|共){0,4}\s{0,8}\d{0,9}"
    r"\s{0,8}(?:页|頁)?[\s\-–—]{0,40}",
    re.IGNORECASE,
)
OF_DAMAGE = (
    *(DamagedPackage, BadZipFile, zlib.error),
    *(KeyError, AttributeError, TypeError, ValueError, SyntaxError),  # as lxml meets it
)
"""What parts that are not what they should be make the code below raise."""


def read(content: bytes, name: str) -> Extract:
    """Read a Word document, in a zip archive or a flat file. Raises UnreadableFile."""
    try:
        return read_package(open_package(content))
    except OF_DAMAGE as error:
        raise UnreadableFile(DAMAGED) from error


def read_package(package: WordPackage, media_type: str = MEDIA_TYPE) -> Extract:
    """Read the parts of a document. Raises UnreadableFile, and what damaged parts raise."""
    body = package.root(package.main).find(qn("w:body"))
    if body is None:
        raise DamagedPackage
    # A field that never ends would take all that follows for its instruction.
    close_fields(body)
    story = _Story(package)
    story.add(blocks(body))
    story.add_endnotes()
    story.add_comments()
    story.add_headers(body)
    return Extract(
        story.text,
        media_type,
        _metadata(package),
        tuple(story.headings),
        note=story.note(),
        quoted=tuple(story.quoted),
    )


def _metadata(package: WordPackage) -> Metadata:
    # Author and dates are of whoever typed the file and saved it, not of the document.
    core = _core_properties(package)
    return Metadata(
        title=title_property(core.get(f"{_DC}title")), language=core.get(f"{_DC}language") or None
    )


def _core_properties(package: WordPackage) -> dict[str, str]:
    """The document's own properties by their element names."""
    for relation in package.relations("").values():
        if relation.kind == "core-properties" and package.has(relation.target):
            children = package.root(relation.target).iterchildren()
            return {str(node.tag): (node.text or "").strip() for node in children}
    return {}


class _Story:
    """The text so far, block by block, with an empty line between blocks."""

    def __init__(self, package: WordPackage) -> None:
        self.headings: list[Heading] = []
        self.quoted: list[tuple[int, int]] = []
        self._package = package
        self._pieces: list[str] = []
        self._length = 0
        self._endnotes: list[str] = []
        styles = Styles(package.related("styles"))
        numbering = WordNumbering(package.related("numbering"), styles)
        self._body = InlineReader(styles, numbering, Notes())
        # Boxes, notes and headers are stories of their own: their numbers do not count in the text.
        self._boxes, self._aside = self._body.fork(), self._body.fork()
        self._notes: dict[NoteKind, dict[str, Element]] = {
            "footnote": _by_id(package.related("footnotes")),
            "endnote": _by_id(package.related("endnotes")),
        }
        self._pictures: set[str] = set()
        self._confidences: list[float] = []
        self._unread_pictures = self._unread_chunks = 0

    @property
    def text(self) -> str:
        """What was added so far."""
        return "".join(self._pieces)

    def note(self) -> Reason | None:
        """What was left out, or read from pictures. Raises UnreadableFile when all are pictures."""
        pictures = self._unread_pictures
        if pictures and not self._length:
            raise UnreadableFile(Reason("only_pictures", {"count": pictures}))
        omitted = self._body.omitted
        chunks, recognised = self._unread_chunks, len(self._confidences)
        percent = round(100 * sum(self._confidences) / max(recognised, 1))
        reasons = (
            (omitted.hidden, Reason("hidden_text_left_out", {"characters": omitted.hidden})),
            (omitted.struck, Reason("struck_text_left_out", {"characters": omitted.struck})),
            (chunks, Reason("inserted_documents_not_read", {"count": chunks})),
            (pictures, Reason("pictures_not_read", {"count": pictures})),
            (recognised, Reason("pictures_recognised", {"count": recognised, "percent": percent})),
        )
        return combine([reason for count, reason in reasons if count])

    def add(self, content: Iterable[Element], reader: InlineReader | None = None) -> None:
        """Add paragraphs and tables, each with its text boxes and footnotes after it."""
        reader = reader or self._body
        waiting = Inline()
        for block in content:
            if block.tag == qn("w:altChunk"):
                self._add_chunk(str(block.get(_RELATION) or ""))
            elif is_table(block):
                self._add_table(block, reader)
            else:
                waiting = self._add_paragraph(block, waiting, reader)
        self._emit(waiting)
        self._add_below(waiting)

    def add_endnotes(self) -> None:
        """Add the endnotes that the text refers to."""
        for note_id in self._endnotes:
            self._add_note("endnote", note_id)

    def add_comments(self) -> None:
        """Add each comment with its author, its day, and the words that it is about."""
        root = self._package.related("comments")
        lines = []
        for comment in root.iterchildren(qn("w:comment")) if root is not None else ():
            text = self._aside_text(comment)
            anchor = self._body.anchors.get(str(comment.get(qn("w:id"))), "").strip()
            if len(anchor) > _LONGEST_ANCHOR:
                anchor = f"{anchor[:_LONGEST_ANCHOR]}…"
            about = (
                str(comment.get(qn("w:author")) or ""),
                str(comment.get(qn("w:date")) or "")[:10],
                f"on “{anchor}”" if anchor else "",
            )
            if text:
                lines.append(f"{', '.join(filter(None, about)) or '–'}: {text}")
        self._add_section("Comments", lines)

    def add_headers(self, body: Element) -> None:
        """Add what headers and footers say, once each, without page numbers."""
        relations = self._package.relations(self._package.main)
        texts: dict[str, None] = {}
        for section in body.iter(qn("w:sectPr")):
            for tag in ("w:headerReference", "w:footerReference"):
                for reference in section.iterchildren(qn(tag)):
                    relation = relations.get(str(reference.get(_RELATION) or ""))
                    if relation and self._package.has(relation.target):
                        root = self._package.root(relation.target)
                        close_fields(root)
                        texts[self._aside_text(root)] = None
        self._add_section(
            "Headers and footers", [text for text in texts if not _PAGE_NUMBER.fullmatch(text)]
        )

    def _add_section(self, title: str, lines: list[str]) -> None:
        if lines:
            self._emit(Inline([title]), 1)
            for line in lines:
                self._emit(Inline([line]))

    def _add_paragraph(self, block: Element, waiting: Inline, reader: InlineReader) -> Inline:
        """Add a paragraph, or give back what goes on in the next one."""
        if mark_deleted(block):
            return reader.paragraph(block, numbered=False).after(waiting)
        if mark_hidden(block):
            # Hidden as a whole it does not count; with words shown, it is a heading run in.
            heading = reader.paragraph(block, numbered=False)
            if heading.text.strip():
                heading.mark = reader.mark(block)
                heading.pieces.append(" ")
            return heading.after(waiting)
        paragraph = reader.paragraph(block).after(waiting)
        run_in = bool(waiting.mark)
        before = self._length
        self._emit(paragraph, None if run_in else reader.heading_level(block))
        if reader.is_quotation(block) and self._length > before:
            self.quoted.append((before + (2 if before else 0), self._length))
        self._add_below(paragraph)
        return Inline()

    def _add_table(self, table: Element, reader: InlineReader) -> None:
        cells = is_frame(table)
        if cells:  # one column is a frame around paragraphs, whose headings and numbers count
            for cell in cells:
                self.add(blocks(cell), reader)
            return
        rows = reader.table(table)
        self._emit(rows)
        self._add_below(rows)

    def _emit(self, paragraph: Inline, level: int | None = None) -> None:
        words = clean(paragraph.text).strip("\n ")
        if not words.strip():
            return
        gap, text = "\n\n" if self._length else "", paragraph.mark + words
        start = self._length + len(gap)
        if level and len(text) <= _LONGEST_HEADING and "\n" not in text:
            self.headings.append(Heading(start, start + len(text), level))
        self._pieces += (gap, text)
        self._length = start + len(text)

    def _add_below(self, paragraph: Inline) -> None:
        # A box floats beside its paragraph: where the words break off there, no sentence is cut.
        for box in paragraph.boxes:
            self.add(blocks(box), self._boxes)
        for kind, note_id in paragraph.notes:
            if kind == "footnote":
                self._add_note(kind, note_id)
            else:
                self._endnotes.append(note_id)
        for relation_id in paragraph.pictures:
            self._add_picture(relation_id)

    def _add_note(self, kind: NoteKind, note_id: str) -> None:
        note = self._notes[kind].get(note_id)
        if note is not None:
            mark = self._body.notes.mark(kind, note_id)
            self._emit(Inline([f"{mark} {self._aside_text(note)}"]))

    def _aside_text(self, container: Element) -> str:
        """The paragraphs of a note, comment or header, a line each."""
        reader = self._aside
        lines = [
            (part.mark + part.text).strip()
            for block in blocks(container)
            if block.tag != qn("w:altChunk")
            for part in [reader.table(block) if is_table(block) else reader.paragraph(block)]
        ]
        return "\n".join(line for line in lines if line)

    def _add_chunk(self, relation_id: str) -> None:
        """Add a document that was inserted whole (altChunk), by the reader of its own kind."""
        relation = self._package.relations(self._package.main).get(relation_id)
        target = relation.target if relation else ""
        try:
            chunk = _read_chunk(self._package.content(target), target)
        except (UnreadableFile, DamagedPackage):
            self._unread_chunks += 1
            return
        offset = self._length + (2 if self._length else 0)
        text = chunk.text.strip()
        shift = offset - (len(chunk.text) - len(chunk.text.lstrip()))
        self._emit(Inline([text]))
        self.headings += [
            Heading(heading.start + shift, heading.end + shift, heading.level)
            for heading in chunk.headings
        ]

    def _add_picture(self, relation_id: str) -> None:
        """Add the text of a picture that is as large as a page; each picture once."""
        relation = self._package.relations(self._package.main).get(relation_id)
        if (
            relation is None
            or not self._package.has(relation.target)
            or relation.target in self._pictures
        ):
            return
        # A letterhead on every page is one picture.
        self._pictures.add(relation.target)
        if not ocr.available():
            self._unread_pictures += 1
            return
        lines = ocr.recognize_picture(self._package.content(relation.target))
        step_done()
        text = join_pages([PageLayout(lines)]).text
        if len(text) >= _LEAST_TEXT:
            self._confidences.append(ocr.confidence_of(lines))
            self._emit(Inline([text]))


def _read_chunk(content: bytes, name: str) -> Extract:
    """What the reader of its kind makes of an inserted document. Raises UnreadableFile."""
    extract: Extract = import_module(f"corpus.readers.{kind_of(content, name)}").read(content, name)
    return extract


def _by_id(notes: Element | None) -> dict[str, Element]:
    children = notes.iterchildren() if notes is not None else ()
    return {str(note.get(qn("w:id"))): note for note in children if note.get(qn("w:type")) is None}
