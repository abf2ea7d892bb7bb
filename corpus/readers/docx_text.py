"""From WordprocessingML to text: what Word shows with all tracked changes accepted.

After ECMA-376 part 1, section 17. Deleted text is left out, inserted text is in; fields count by
their result, alternatives (mc:AlternateContent) by their first choice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement as Element

from corpus.readers.docx_numbering import roman

NoteKind: TypeAlias = Literal["footnote", "endnote"]

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TEXT = {qn("w:t"), "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"}
_DELETED = {qn("w:del"), qn("w:moveFrom")}
_SILENT = {qn(f"w:{name}") for name in ("pPr", "rPr", "instrText", "delText", "delInstrText")}
_SILENT |= {qn(f"w:{name}") for name in ("sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr", "rt")}
_SIGNS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_NOTES: dict[str, NoteKind] = {
    qn("w:footnoteReference"): "footnote",
    qn("w:endnoteReference"): "endnote",
}
_PRIVATE = 0xF000  # where symbol fonts keep their pictures


@dataclass(slots=True)
class Notes:
    """Numbers notes in the order in which the text refers to them, as Word shows them."""

    numbers: dict[tuple[NoteKind, str], int] = field(default_factory=dict)

    def mark(self, kind: NoteKind, note_id: str) -> str:
        earlier = sum(1 for note_kind, _ in self.numbers if note_kind == kind)
        number = self.numbers.setdefault((kind, note_id), earlier + 1)
        return f"[{number if kind == 'footnote' else roman(number)}]"


@dataclass(slots=True)
class Inline:
    """One paragraph's text, the notes it refers to, and the text boxes anchored in it."""

    pieces: list[str] = field(default_factory=list)
    notes: list[tuple[NoteKind, str]] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def after(self, earlier: Inline) -> Inline:
        """Joined to what came before it in the same paragraph."""
        return Inline(
            earlier.pieces + self.pieces, earlier.notes + self.notes, earlier.boxes + self.boxes
        )


def blocks(container: Element) -> Iterator[Element]:
    """The paragraphs and tables of a body, cell, note or text box, through what wraps them."""
    for child in container.iterchildren():
        if child.tag in {qn("w:p"), qn("w:tbl")}:
            yield child
        elif child.tag == f"{_MC}AlternateContent":
            yield from (block for chosen in _chosen(child) for block in blocks(chosen))
        elif _shown(child):
            yield from blocks(child)


def is_table(block: Element) -> bool:
    return bool(block.tag == qn("w:tbl"))


def mark_deleted(paragraph: Element) -> bool:
    """Whether a tracked change joined this paragraph to the next one."""
    path = f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}"
    return paragraph.find(path) is not None


def inline(paragraph: Element, notes: Notes) -> Inline:
    """The text of one paragraph as Word shows it, with a mark where it refers to a note."""
    content = Inline()
    _gather(paragraph, content, notes)
    return content


def table_text(table: Element, notes: Notes) -> Inline:
    """A line for each row, a tab between cells; a cell that goes on from above is empty."""
    text = Inline()
    for row in table.iter(qn("w:tr")):
        if row.getparent() is not table and _table_of(row) is not table:
            continue  # a table within a cell is part of that cell
        if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is None:
            cells = [
                _cell_text(cell, text, notes)
                for cell in row.iter(qn("w:tc"))
                if _row_of(cell) is row
            ]
            text.pieces.append("\t".join(cells).rstrip() + "\n")
    return text


def _cell_text(cell: Element, table: Inline, notes: Notes) -> str:
    merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    if merged is not None and merged.get(qn("w:val")) != "restart":
        return ""
    parts = []
    for block in blocks(cell):
        inside = table_text(block, notes) if is_table(block) else inline(block, notes)
        parts.append(" ".join(inside.text.split()))
        table.notes += inside.notes
        table.boxes += inside.boxes
    return " ".join(part for part in parts if part)


def _table_of(row: Element) -> Element | None:
    return next(row.iterancestors(qn("w:tbl")), None)


def _row_of(cell: Element) -> Element | None:
    return next(cell.iterancestors(qn("w:tr")), None)


def _gather(node: Element, paragraph: Inline, notes: Notes) -> None:
    for child in node.iterchildren():
        tag = child.tag
        if tag in _TEXT:
            paragraph.pieces.append(child.text or "")
        elif tag in _SIGNS:
            paragraph.pieces.append(_SIGNS[tag])
        elif tag == qn("w:sym"):
            paragraph.pieces.append(_symbol(child))
        elif tag in _NOTES:
            _refer(child, _NOTES[tag], paragraph, notes)
        elif tag == qn("w:txbxContent"):
            paragraph.boxes.append(child)
        elif tag == f"{_MC}AlternateContent":
            for chosen in _chosen(child):
                _gather(chosen, paragraph, notes)
        elif _shown(child):
            _gather(child, paragraph, notes)


def _refer(reference: Element, kind: NoteKind, paragraph: Inline, notes: Notes) -> None:
    note_id = str(reference.get(qn("w:id")) or "")
    mark = notes.mark(kind, note_id)
    paragraph.notes.append((kind, note_id))
    if reference.get(qn("w:customMarkFollows")) is None:  # else the mark is part of the text
        paragraph.pieces.append(mark)


def _symbol(node: Element) -> str:
    code = str(node.get(qn("w:char")) or "")
    try:
        return chr(int(code, 16)) if 0x20 <= int(code, 16) < _PRIVATE else ""
    except ValueError:
        return ""


def _chosen(alternatives: Element) -> list[Element]:
    """The first of several ways to say the same."""
    return [
        *alternatives.iterchildren(f"{_MC}Choice"),
        *alternatives.iterchildren(f"{_MC}Fallback"),
    ][:1]


def _shown(node: Element) -> bool:
    # Comments and processing instructions have no name for a tag.
    return isinstance(node.tag, str) and node.tag not in _DELETED and node.tag not in _SILENT
