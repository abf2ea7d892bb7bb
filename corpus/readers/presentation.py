"""Slides (PPTX): each slide a page, its title a heading, tables by rows, its notes at the end.

The parts are opened as those of a Word file are, with the same limits.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from corpus.errors import UnreadableFile
from corpus.models import Extract, Metadata
from corpus.readers.docx_package import DAMAGED, DamagedPackage, Relation, WordPackage, open_package
from corpus.readers.lines import TextLines
from corpus.reading.pace import step_done
from corpus.reasons import Reason, combine

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SLIDES = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_TITLES = {"title", "ctrTitle"}
# Date, footer, number, header and picture of the slide: the same on every slide, or no words.
_FURNITURE = {"dt", "ftr", "sldNum", "hdr", "sldImg"}
_SHAPES = (f"{_SLIDES}sp", f"{_DRAWING}tbl")
# What an older program shows in place of a newer shape: the same words once more.
_CHOSEN = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def read(content: bytes, name: str) -> Extract:
    """Read the slides in their order. Raises UnreadableFile."""
    try:
        package = open_package(content)
        return _read_slides(package)
    except (DamagedPackage, SyntaxError, KeyError) as error:
        raise UnreadableFile(Reason("damaged_presentation")) from error
    except UnreadableFile as refusal:
        # The parts are opened as a Word file's are, whose sentence would speak of Word.
        damaged = refusal.reason == DAMAGED
        raise UnreadableFile(Reason("damaged_presentation")) if damaged else refusal from refusal


def _read_slides(package: WordPackage) -> Extract:
    lines = TextLines()
    hidden = 0
    for part in _slide_parts(package):
        slide = package.root(part)
        # A hidden slide is read all the same: it was sent along, and may be what a dispute is
        # about.
        hidden += slide.get("show") == "0"
        lines.start_page()
        _write_slide(slide, lines)
        for relation in package.relations(part).values():
            if relation.kind == "notesSlide" and package.has(relation.target):
                _write_slide(package.root(relation.target), lines, is_notes=True)
        step_done()
    notes = [Reason("hidden_slides", {"count": hidden})] if hidden else []
    return Extract(
        lines.text,
        _MEDIA_TYPE,
        Metadata(title=lines.title),
        headings=tuple(lines.headings),
        page_starts=tuple(lines.page_starts),
        units=lines.page_units(),
        note=combine(notes),
    )


def _slide_parts(package: WordPackage) -> Iterator[str]:
    main = package.main
    relations = package.relations(main)
    for entry in package.root(main).iter(f"{_SLIDES}sldId"):
        relation: Relation | None = relations.get(str(entry.get(_ID) or ""))
        if relation and package.has(relation.target):
            yield relation.target


def _write_slide(slide: etree._Element, lines: TextLines, *, is_notes: bool = False) -> None:
    """Write the title, then the other shapes in the order in which they are stored and read."""
    shapes = [
        shape for shape in slide.iter(*_SHAPES) if next(shape.iterancestors(_CHOSEN), None) is None
    ]
    # A title may be stored behind the text that it stands above. The sort is stable.
    shapes.sort(key=lambda shape: _placeholder(shape) not in _TITLES)
    for shape in shapes:
        if _placeholder(shape) in _FURNITURE:
            continue
        if shape.tag == f"{_DRAWING}tbl":
            for row in shape.iterchildren(f"{_DRAWING}tr"):
                cells = (" ".join(_paragraphs(cell)) for cell in row.iterchildren())
                lines.write(" | ".join(cell for cell in cells if cell))
            continue
        is_title = not is_notes and _placeholder(shape) in _TITLES
        if is_title:
            lines.write(" ".join(_paragraphs(shape)), level=1)
        else:
            for paragraph in _paragraphs(shape):
                lines.write(paragraph)


def _placeholder(shape: etree._Element) -> str:
    place = next(shape.iter(f"{_SLIDES}ph"), None)
    return "" if place is None else place.get("type", "")


def _paragraphs(shape: etree._Element) -> Iterator[str]:
    for paragraph in shape.iter(f"{_DRAWING}p"):
        pieces = (
            "\n" if node.tag == f"{_DRAWING}br" else node.text or ""
            for node in paragraph.iter(f"{_DRAWING}t", f"{_DRAWING}br")
        )
        words = "".join(pieces).strip()
        if words:
            yield words
