"""What stands on a PDF page beside its content: form values, free-text notes, signatures.

They are annotations: shown with the page, but no part of its text. Values are put where the form
shows them, on the line of their label; notes and comments stand as lines of their own.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import pypdfium2
from pypdfium2 import raw

from corpus.readers.page_layout import LineSegment

_LONGEST = 20_000  # characters of one value or note
_MOST = 5_000  # annotations of one page
_TEXTS = {raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX}
_TICKS = {raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON}
_DRAWN = {raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_STAMP}
_REMARKS = {
    *(raw.FPDF_ANNOT_TEXT, raw.FPDF_ANNOT_HIGHLIGHT, raw.FPDF_ANNOT_UNDERLINE),
    *(raw.FPDF_ANNOT_STRIKEOUT, raw.FPDF_ANNOT_SQUIGGLY, raw.FPDF_ANNOT_CARET),
}
_HIDDEN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
_XML_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_LARGEST_FORM = 5_000_000  # bytes of an XFA packet


class _Place(NamedTuple):
    """A rectangle on the page, in points."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class PlacedValue:
    """A value and the rectangle in which the page shows it, in points."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    is_apart: bool = False
    """Whether it is a remark, which belongs to no line of the page."""

    def segment(self, size: float) -> LineSegment:
        """The value as a piece of a line with letters of a size."""
        middle = (self.bottom + self.top) / 2
        baseline = middle - 0.35 * size if self.top - self.bottom < 3 * size else self.top - size
        return LineSegment(self.text, self.left, self.right, baseline, size, self.right - self.left)


class PageForms:
    """The annotations of one page that hold words."""

    def __init__(
        self, document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, number: int
    ) -> None:
        self._document = document
        self._form = document.formenv
        self._page = page
        self._number = number
        self._signatures: list[_Place] = []

    def values(self) -> list[PlacedValue]:
        """What they say, in the order of the file."""
        values = []
        for number in range(min(raw.FPDFPage_GetAnnotCount(self._page), _MOST)):
            annotation = raw.FPDFPage_GetAnnot(self._page, number)
            if not annotation:
                continue
            try:
                value = self._value(annotation)
            finally:
                raw.FPDFPage_CloseAnnot(annotation)
            if value:
                values.append(value)
        return values + self._signed()

    def _value(self, annotation: Any) -> PlacedValue | None:
        rectangle = raw.FS_RECTF()
        if raw.FPDFAnnot_GetFlags(annotation) & _HIDDEN:
            return None
        raw.FPDFAnnot_GetRect(annotation, ctypes.byref(rectangle))
        bottom, top = sorted((rectangle.bottom, rectangle.top))
        left, right = sorted((rectangle.left, rectangle.right))
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        if kind == raw.FPDF_ANNOT_WIDGET:
            text = self._field(annotation, _Place(left, bottom, right, top))
        elif kind in _DRAWN:
            text = _string(annotation, b"Contents")
        elif kind in _REMARKS:
            text = _string(annotation, b"Contents")
            author = _string(annotation, b"T")
            text = f"Comment{f', {author}' if author else ''}: {text}" if text else ""
        else:
            return None
        words = " ".join(text.split())
        apart = kind in _REMARKS
        return PlacedValue(words, left, bottom, right, top, apart) if words else None

    def _field(self, annotation: Any, place: _Place) -> str:
        if not self._form:
            return ""
        kind = raw.FPDFAnnot_GetFormFieldType(self._form, annotation)
        if kind in _TICKS:
            return "☒" if raw.FPDFAnnot_IsChecked(self._form, annotation) else "☐"
        if kind == raw.FPDF_FORMFIELD_SIGNATURE:
            self._signatures.append(place)
            return ""
        return self._text_value(annotation) if kind in _TEXTS else ""

    def _signed(self) -> list[PlacedValue]:
        """The words that signatures show, which only drawing them into the page brings out."""
        if not self._signatures:
            return []
        raw.FPDFPage_Flatten(self._page, raw.FLAT_NORMALDISPLAY)
        values = []
        with closing(self._document[self._number]) as drawn, closing(drawn.get_textpage()) as text:
            for place in self._signatures:
                words = " ".join(str(text.get_text_bounded(*place)).split())
                if words:
                    values.append(PlacedValue(words, *place, is_apart=True))
        return values

    def _text_value(self, annotation: Any) -> str:
        length = raw.FPDFAnnot_GetFormFieldValue(self._form, annotation, None, 0)
        buffer = (raw.FPDF_WCHAR * (length // 2 + 1))()
        raw.FPDFAnnot_GetFormFieldValue(self._form, annotation, buffer, length)
        return _decode(buffer, length)


def place_values(
    rows: list[list[LineSegment]], values: list[PlacedValue]
) -> list[list[LineSegment]]:
    """The page's rows with the values on the lines where they are shown."""
    placed = [list(row) for row in rows]
    size = placed[0][0].size if placed else 12.0
    for value in values:
        segment = value.segment(min(size, max(value.top - value.bottom, 6.0)))
        if value.is_apart:
            placed.append([segment])
            continue
        row = next((row for row in placed if _on_line(row, value)), None)
        if row is None:
            below = (at for at, row in enumerate(placed) if row[0].y < segment.y - size / 2)
            placed.insert(next(below, len(placed)), [segment])
        else:
            row.append(segment)
            row.sort(key=lambda piece: piece.left)
    return placed


def form_data(document: pypdfium2.PdfDocument) -> str:
    """The values of an XFA form, a line each, which such a PDF keeps apart from its pages.

    Only forms that need another program show nothing but "Please wait" on their page.
    """
    if document.get_formtype() not in {raw.FORMTYPE_XFA_FULL, raw.FORMTYPE_XFA_FOREGROUND}:
        return ""
    for number in range(raw.FPDF_GetXFAPacketCount(document)):
        if _packet_name(document, number) == "datasets":
            return "\n".join(_leaves(_packet(document, number)))
    return ""


def _on_line(row: list[LineSegment], value: PlacedValue) -> bool:
    """Whether a row's letters stand at a value's height, and none of them where it is shown."""
    return value.bottom - 2 <= row[0].y <= value.top - row[0].size / 3 and not any(
        piece.left < value.right - 2 and value.left + 2 < piece.right for piece in row
    )


def _string(annotation: Any, key: bytes) -> str:
    length = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    buffer = (raw.FPDF_WCHAR * (length // 2 + 1))()
    raw.FPDFAnnot_GetStringValue(annotation, key, buffer, length)
    return _decode(buffer, length)


def _decode(buffer: Any, length: int) -> str:
    text = bytes(buffer)[: max(length - 2, 0)].decode("utf-16-le", "replace")
    return text[:_LONGEST]


def _packet_name(document: pypdfium2.PdfDocument, number: int) -> str:
    buffer = ctypes.create_string_buffer(64)
    raw.FPDF_GetXFAPacketName(document, number, buffer, 64)
    return buffer.value.decode("ascii", "replace")


def _packet(document: pypdfium2.PdfDocument, number: int) -> bytes:
    size = ctypes.c_ulong()
    raw.FPDF_GetXFAPacketContent(document, number, None, 0, ctypes.byref(size))
    if size.value > _LARGEST_FORM:
        return b""
    buffer = ctypes.create_string_buffer(size.value + 1)
    raw.FPDF_GetXFAPacketContent(document, number, buffer, size.value, ctypes.byref(size))
    return buffer.raw[: size.value]


def _leaves(packet: bytes) -> Iterator[str]:
    """Each filled field as `name: value`; XML that declares entities is left alone."""
    if _XML_DECLARATION.search(packet):
        return
    try:
        root = ET.fromstring(packet)  # noqa: S314  (without declarations nothing can be expanded)
    except ET.ParseError:
        return
    for node in root.iter():
        value = " ".join((node.text or "").split())
        if not len(node) and value:
            yield f"{str(node.tag).rsplit('}', 1)[-1]}: {value}"
