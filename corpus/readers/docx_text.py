"""From WordprocessingML to text: what Word shows with all tracked changes accepted.

After ECMA-376 part 1, section 17. Deleted, struck out and hidden text is left out and counted;
fields count by their result, alternatives (mc:AlternateContent) by their first choice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement as Element

from corpus.readers.docx_number_forms import roman
from corpus.readers.docx_numbering import WordNumbering
from corpus.readers.docx_styles import RunFormat, Styles, child_value, is_on
from corpus.readers.docx_tree import (
    COMPATIBILITY,
    blocks,
    first_choice,
    goes_on_from_above,
    is_content,
    is_table,
    large_pictures,
    row_cells,
    table_rows,
)
from corpus.readers.signs import spell_raised, spell_symbols, symbol
from corpus.readers.table_rows import label_cells

NoteKind: TypeAlias = Literal["footnote", "endnote"]

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_SIGNS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_NOTES: dict[str, NoteKind] = {
    qn("w:footnoteReference"): "footnote",
    qn("w:endnoteReference"): "endnote",
}
_LONGEST_REPEATED = 80  # a cell that goes on below is repeated there, unless it is a clause
_LONGEST_ANCHOR = 100


@dataclass(slots=True)
class Notes:
    """Numbers notes in the order in which the text refers to them, as Word shows them."""

    numbers: dict[tuple[NoteKind, str], int] = field(default_factory=dict)

    def mark(self, kind: NoteKind, note_id: str) -> str:
        """The mark of a note: its number in brackets, small Roman for an endnote."""
        earlier = sum(1 for note_kind, _ in self.numbers if note_kind == kind)
        number = self.numbers.setdefault((kind, note_id), earlier + 1)
        return f"[{number if kind == 'footnote' else roman(number)}]"


@dataclass(slots=True)
class Inline:
    """One paragraph's text, and what hangs on it: notes, text boxes, pictures."""

    pieces: list[str] = field(default_factory=list)
    notes: list[tuple[NoteKind, str]] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    """The relations of pictures as large as a page of text would be."""
    mark: str = ""
    """The number that Word shows before it."""

    @property
    def text(self) -> str:
        """The paragraph without its number."""
        return "".join(self.pieces)

    def after(self, earlier: Inline) -> Inline:
        """Joined to what came before it in the same paragraph."""
        return Inline(
            earlier.pieces + self.pieces,
            earlier.notes + self.notes,
            earlier.boxes + self.boxes,
            earlier.pictures + self.pictures,
            earlier.mark or self.mark,
        )

    def hang(self, inner: Inline) -> None:
        """Take over what hangs on a part."""
        self.notes += inner.notes
        self.boxes += inner.boxes
        self.pictures += inner.pictures


@dataclass(slots=True)
class _Field:
    """A field that has begun: first its instruction, then its result."""

    instruction: str = ""
    in_result: bool = False
    computed: bool = False
    """Whether its result is worked out here, and what the file keeps for it is left out."""


@dataclass(slots=True)
class Omitted:
    """How many characters were left out because Word does not show them as living text."""

    hidden: int = 0
    struck: int = 0


class InlineReader:
    """Reads paragraphs and tables of one story (the body, a note, a header), in their order."""

    def __init__(self, styles: Styles, numbering: WordNumbering, notes: Notes) -> None:
        self.notes = notes
        self.omitted = Omitted()
        self.anchors: dict[str, str] = {}
        """The words that each comment is about, by the comment's id."""
        self._styles = styles
        self._numbering = numbering
        self._fields: list[_Field] = []
        self._open_comments: set[str] = set()
        self._paragraph: Element | None = None
        self._gap = False
        """Whether text was left out since the last piece."""
        self._parts: dict[str, Callable[[Element, Inline], None]] = {
            qn("w:r"): self._gather_run,
            qn("w:fldSimple"): self._gather_simple_field,
            qn("w:fldChar"): self._advance_field,
            f"{_MATH}t": self._gather_math,
            f"{_MATH}sup": self._gather_power,
            qn("w:commentRangeStart"): self._gather_comment,
            qn("w:commentRangeEnd"): self._gather_comment,
            qn("w:txbxContent"): self._gather_box,
            qn("w:drawing"): self._gather_drawing,
            qn("w:pict"): self._gather_drawing,
            f"{COMPATIBILITY}AlternateContent": self._gather_choice,
        }

    def fork(self) -> InlineReader:
        """A reader of another story: its numbers and notes are its own, what it omits counts."""
        other = InlineReader(self._styles, self._numbering.fork(), Notes())
        other.omitted = self.omitted
        return other

    def heading_level(self, paragraph: Element) -> int | None:
        """1 to 9 for a heading or a title."""
        return self._styles.heading_level(paragraph)

    def is_quotation(self, paragraph: Element) -> bool:
        """Whether a paragraph is set apart as a quotation."""
        return self._styles.is_quotation(paragraph)

    def mark(self, paragraph: Element) -> str:
        """The number of the next paragraph, with the gap after it."""
        return self._numbering.mark(paragraph)

    def paragraph(self, node: Element, *, numbered: bool = True) -> Inline:
        """One paragraph as Word shows it, with its number and marks where it refers to notes."""
        # The number comes first: a LISTNUM field inside counts on from it.
        content = Inline(mark=self._numbering.mark(node) if numbered else "")
        self._paragraph = node
        self._gather(node, content)
        return content

    def table(self, node: Element) -> Inline:
        """A line for each row, a tab between cells.

        A cell that goes on in the row below is repeated there, so that each row can be quoted with
        what it belongs to; one over several columns is followed by empty cells. In a long table
        every cell is written with its column's heading.
        """
        content = Inline()
        # Word's grid has a column for every edge of any cell; those where none begins are left out.
        rows = [list(row_cells(row)) for row in table_rows(node)]
        columns = sorted({column for row in rows for column, _ in row})
        above: dict[int, str] = {}
        lines: list[list[str]] = []
        for row in rows:
            texts = dict.fromkeys(columns, "")
            for column, cell in row:
                goes_on = goes_on_from_above(cell)
                text = above.get(column, "") if goes_on else self._cell_text(cell, content)
                texts[column] = text
                above[column] = text if len(text) <= _LONGEST_REPEATED else ""
            lines.append(list(texts.values()))
        marked = (
            next(table_rows(node), node).find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        )
        for cells in label_cells(lines, marked=marked):
            content.pieces.append("\t".join(cells).rstrip() + "\n")
        return content

    def _cell_text(self, cell: Element, table: Inline) -> str:
        parts = []
        for block in blocks(cell):
            inside = self.table(block) if is_table(block) else self.paragraph(block)
            parts.append(" ".join((inside.mark + inside.text).split()))
            table.hang(inside)
        return " ".join(part for part in parts if part)

    def _gather(self, node: Element, out: Inline) -> None:
        """Gather what a paragraph, or a part of it, holds."""
        for child in node.iterchildren():
            gather = self._parts.get(child.tag)
            if gather:
                gather(child, out)
            elif is_content(child):
                self._gather(child, out)

    def _gather_choice(self, alternatives: Element, out: Inline) -> None:
        for choice in first_choice(alternatives):
            self._gather(choice, out)

    def _gather_math(self, node: Element, out: Inline) -> None:
        self._write(node.text or "", RunFormat(), out)

    def _gather_power(self, node: Element, out: Inline) -> None:
        power = Inline()
        self._gather(node, power)
        self._write(power.text, RunFormat(raised=True), out)

    def _gather_comment(self, mark: Element, _: Inline) -> None:
        comment_id = str(mark.get(qn("w:id")))
        if mark.tag == qn("w:commentRangeStart"):
            self._open_comments.add(comment_id)
        else:
            self._open_comments.discard(comment_id)

    def _gather_box(self, box: Element, out: Inline) -> None:
        out.boxes.append(box)

    def _gather_run(self, run: Element, out: Inline) -> None:
        look = self._styles.run_format(run.find(qn("w:rPr")), self._paragraph)
        for child in run.iterchildren():
            tag = child.tag
            if tag == qn("w:t"):
                self._write(spell_symbols(child.text or "", look.font), look, out)
            elif tag == qn("w:instrText"):
                if self._fields and not self._fields[-1].in_result:
                    self._fields[-1].instruction += child.text or ""
            elif tag in _SIGNS:
                self._write(_SIGNS[tag], look, out)
            elif tag == qn("w:sym"):
                self._write(_symbol(child), look, out)
            elif tag in _NOTES:
                self._refer(child, _NOTES[tag], look, out)
            elif tag in self._parts:
                self._parts[tag](child, out)
            elif is_content(child):
                self._gather(child, out)

    def _gather_drawing(self, drawing: Element, out: Inline) -> None:
        """Text boxes, and pictures that are as large as a page of text."""
        boxes = list(drawing.iter(qn("w:txbxContent")))
        for box in boxes:
            # A box inside a box is read with the outer one, a fallback says the same again.
            outer = list(box.iterancestors())
            if not any(node in boxes or node.tag == f"{COMPATIBILITY}Fallback" for node in outer):
                out.boxes.append(box)
        out.pictures += large_pictures(drawing)

    def _gather_simple_field(self, node: Element, out: Inline) -> None:
        mark = self._field_mark(str(node.get(qn("w:instr")) or ""))
        if mark is None:
            self._gather(node, out)
        else:
            self._write(mark, RunFormat(), out)

    def _advance_field(self, mark: Element, out: Inline) -> None:
        kind = mark.get(qn("w:fldCharType"))
        if kind == "begin":
            self._fields.append(_Field())
            self._write_form_value(mark, out)
        elif self._fields and kind == "separate":
            current = self._fields.pop()
            current.computed = self._write_field_mark(current, out)
            current.in_result = True
            self._fields.append(current)
        elif self._fields and kind == "end":
            finished = self._fields.pop()
            if not finished.in_result:
                self._write_field_mark(finished, out)

    def _write_field_mark(self, current: _Field, out: Inline) -> bool:
        """Write the number of a numbering field, which the file does not keep; False for others."""
        mark = self._field_mark(current.instruction)
        self._write(mark or "", RunFormat(), out)
        return mark is not None

    def _field_mark(self, instruction: str) -> str | None:
        if self._paragraph is None:
            return None
        return self._numbering.field_mark(instruction, self._paragraph)

    def _write_form_value(self, mark: Element, out: Inline) -> None:
        """The state of a form's check box or list, which stands in the field's properties."""
        data = mark.find(qn("w:ffData"))
        if data is None:
            return
        box, choices = data.find(qn("w:checkBox")), data.find(qn("w:ddList"))
        # The value is the form's result, so it must not count as a part of the instruction.
        current = self._fields.pop()
        if box is not None:
            state = is_on(box, "w:checked")
            ticked = is_on(box, "w:default") if state is None else state
            self._write("☒" if ticked else "☐", RunFormat(), out)
        elif choices is not None:
            entries = [
                str(entry.get(qn("w:val")) or "")
                for entry in choices.iterchildren(qn("w:listEntry"))
            ]
            index = child_value(choices, "w:result") or child_value(choices, "w:default") or "0"
            if index.isdecimal() and int(index) < len(entries):
                self._write(entries[int(index)], RunFormat(), out)
        self._fields.append(current)

    def _write(self, text: str, look: RunFormat, out: Inline) -> None:
        """Add text to the paragraph, unless Word does not show it."""
        if not text or any(not part.in_result or part.computed for part in self._fields):
            return
        if look.hidden or look.struck:
            self.omitted.hidden += len(text.strip()) if look.hidden else 0
            self.omitted.struck += len(text.strip()) if not look.hidden else 0
            self._gap = True
        else:
            if look.raised:
                text = spell_raised("".join(out.pieces[-2:]), text)
            # Where something was left out between two spaces, one of them is enough.
            if self._gap and out.pieces and out.pieces[-1].endswith(" "):
                text = text.removeprefix(" ")
            self._gap = False
            out.pieces.append(text)
            for comment in self._open_comments:
                anchor = self.anchors.get(comment, "")
                self.anchors[comment] = (anchor + text)[: _LONGEST_ANCHOR + 1]

    def _refer(self, reference: Element, kind: NoteKind, look: RunFormat, out: Inline) -> None:
        # A note that nothing shown refers to is not numbered, as in Word.
        if look.hidden or look.struck:
            return
        note_id = str(reference.get(qn("w:id")) or "")
        mark = self.notes.mark(kind, note_id)
        out.notes.append((kind, note_id))
        if reference.get(qn("w:customMarkFollows")) is None:  # else the mark is part of the text
            self._write(mark, RunFormat(), out)


def _symbol(node: Element) -> str:
    code = str(node.get(qn("w:char")) or "")
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return symbol(number, str(node.get(qn("w:font")) or "")) if 0x20 <= number < 0x110000 else ""
