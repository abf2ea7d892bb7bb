"""Checked quotations as a Word document: what differs struck, what the document says underlined."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import docx
from docx.shared import RGBColor

from bot.console.checks import beside_line, compared_pieces, sum_line, verdict_line
from bot.console.terminal import join_facts
from bot.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.text.paragraph import Paragraph

    from index.quotations.check import QuotationCheck

_WRONG, _RIGHT = RGBColor(0xB0, 0x10, 0x20), RGBColor(0x10, 0x70, 0x30)


def docx_report(checks: Sequence[QuotationCheck], file_name: str | None = None) -> bytes:
    """The report as a .docx file."""
    report = docx.Document()
    report.core_properties.title = "Quotations checked"
    report.add_heading("Quotations checked", level=1)
    if file_name:
        report.add_paragraph(_xml(file_name))
    report.add_paragraph(sum_line(checks))
    for number, check in enumerate(checks, 1):
        report.add_heading(f"{number}. {verdict_line(check)}", level=2)
        _write_quotation(report.add_paragraph(style="Quote"), check)
        if check.citation:
            about = join_facts(check.title, check.date, check.pin, check.citation)
            report.add_paragraph(_xml(about))
        if check.differences and check.source:
            source = report.add_paragraph(style="Intense Quote")
            source.add_run(_xml(check.source))
        if line := beside_line(check):
            report.add_paragraph(_xml(line))
    content = io.BytesIO()
    report.save(content)
    return _undated(content)


def _undated(package: io.BytesIO) -> bytes:
    """The same package without the time of its making: the same checks give the same bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(package) as dated, zipfile.ZipFile(content, "w") as undated:
        for entry in dated.infolist():
            part = zipfile.ZipInfo(entry.filename)
            part.compress_type = zipfile.ZIP_DEFLATED
            undated.writestr(part, dated.read(entry))
    return content.getvalue()


def _write_quotation(paragraph: Paragraph, check: QuotationCheck) -> None:
    """The quotation in runs, each difference as what is quoted and what the document says."""
    for kind, piece in compared_pieces(check):
        run = paragraph.add_run(_xml(piece))
        if kind == "quoted":
            run.font.strike, run.font.color.rgb = True, _WRONG
        elif kind == "original":
            run.font.underline, run.font.color.rgb = True, _RIGHT


def _xml(text: str) -> str:
    """A text without the characters that XML 1.0 forbids."""
    return printable(text)
