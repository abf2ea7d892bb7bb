"""A memo as a Word file: real footnotes, a table of authorities, fonts for both scripts.

python-docx writes no footnotes, so their part is built here (ECMA-376-1, 17.11). Word numbers them
by itself; a quotation that is moved keeps its note.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, cast

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.styles.style import ParagraphStyle
    from docx.text.paragraph import Paragraph

    from bot.memo.contents import Memo, Note, QuotedPassage

LATIN_FONT: Final = "Times New Roman"
# Word chooses a font by script, not by language: one East Asian font for each script of Chinese.
HAN_FONTS: Final = {"zh-Hant": "新細明體", "zh-Hans": "宋体"}
_LANGUAGE_TAGS: Final = {"zh-Hant": "zh-TW", "zh-Hans": "zh-CN"}
_WARNING_COLOUR: Final = RGBColor(0xA0, 0x10, 0x10)
_MARGIN: Final = Cm(2.5)
_SEPARATORS: Final = f"""<w:footnotes {nsdecls("w", "r")}>
<w:footnote w:type="separator" w:id="-1"><w:p><w:pPr><w:spacing w:after="0" w:line="240"
 w:lineRule="auto"/></w:pPr><w:r><w:separator/></w:r></w:p></w:footnote>
<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:pPr><w:spacing w:after="0" w:line="240"
 w:lineRule="auto"/></w:pPr><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>
</w:footnotes>"""


def write_word(memo: Memo) -> bytes:
    """The memo as the bytes of a `.docx` file."""
    document = Document()
    _set_page(document)
    _set_styles(document, memo.language)
    _set_properties(document, memo)
    footnotes = _Footnotes(document)
    document.add_paragraph(memo.heading, style="Title")
    document.add_paragraph(memo.subtitle, style="Subtitle")
    for question, quotations in memo.by_question():
        if question:
            document.add_heading(question, level=1)
        for quotation in quotations:
            _add_quotation(document, memo, quotation, footnotes)
    _add_authorities(document, memo)
    _add_page_number(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


class _Footnotes:
    """The footnotes of a document: their part, and the relationships of the links in them."""

    def __init__(self, document: WordDocument) -> None:
        self._element = parse_xml(_SEPARATORS)
        package = document.part.package
        name, kind = PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES
        self._part = XmlPart(name, kind, self._element, package)
        document.part.relate_to(self._part, RELATIONSHIP_TYPE.FOOTNOTES)
        # Word needs to know which two footnotes are the lines above the others (17.11.9).
        settings = document.settings.element
        properties = OxmlElement("w:footnotePr")
        for number in ("-1", "0"):
            properties.append(_element("w:footnote", id=number))
        compatibility = settings.find(qn("w:compat"))
        if compatibility is None:
            settings.append(properties)
        else:  # the schema fixes the order of settings
            compatibility.addprevious(properties)

    def add(self, paragraph: Paragraph, note: Note) -> None:
        """Put a footnote behind the text of a paragraph."""
        mark = paragraph.add_run(style="Footnote Reference")
        mark.element.append(_element("w:footnoteReference", id=str(note.number)))
        footnote = _element("w:footnote", id=str(note.number))
        body = OxmlElement("w:p")
        body.append(_properties("w:pPr", "w:pStyle", "FootnoteText"))
        number = OxmlElement("w:r")
        number.append(_properties("w:rPr", "w:rStyle", "FootnoteReference"))
        number.append(OxmlElement("w:footnoteRef"))
        body.append(number)
        cited = note.cited if note.cited.endswith(".") else f"{note.cited}."
        body.append(_run(f" {cited} "))
        if note.identifier:
            body.append(_run(f"{note.identifier} · "))
        body.append(_run(f"SHA-256 {note.sha256}"))
        if note.address:
            body.append(_run(" · "))
            body.append(self._link(note.address))
        footnote.append(body)
        self._element.append(footnote)

    def _link(self, address: str) -> Any:
        # What is no web address stays text: a click must not open a file or run a script.
        if not address.startswith(("https://", "http://")):
            return _run(address)
        relation = self._part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), relation)
        link.append(_run(address))
        return link


def _add_quotation(
    document: WordDocument, memo: Memo, quotation: QuotedPassage, footnotes: _Footnotes
) -> None:
    paragraph = None
    language = quotation.source.document.language if quotation.source else None
    for line in quotation.paragraphs:
        paragraph = document.add_paragraph(style="Quote")
        _set_language(paragraph.add_run(line), language)
    if paragraph is not None:
        paragraph.paragraph_format.space_after = Pt(14)  # tells one quotation from the next
        footnotes.add(paragraph, memo.note_of(quotation))
    warning = memo.warning_of(quotation)
    if warning:
        document.add_paragraph(warning, style="Warning")


def _add_authorities(document: WordDocument, memo: Memo) -> None:
    groups = memo.authorities()
    if not groups:
        return
    document.add_heading(memo.texts.authorities, level=1)
    for heading, authorities in groups:
        document.add_heading(heading, level=2)
        for authority in authorities:
            line = f"{authority.cited}\t{memo.place_of(authority)}"
            document.add_paragraph(line, style="Authority")


def _add_page_number(document: WordDocument) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    for kind in ("begin", "instrText", "end"):
        if kind == "instrText":
            instruction = OxmlElement("w:instrText")
            instruction.text = "PAGE"
            run.element.append(instruction)
        else:
            run.element.append(_element("w:fldChar", fldCharType=kind))


def _set_page(document: WordDocument) -> None:
    section = document.sections[0]
    # A4: everywhere but in North America, whose printers scale it.
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = _MARGIN
    section.top_margin = section.bottom_margin = _MARGIN


def _set_properties(document: WordDocument, memo: Memo) -> None:
    properties = document.core_properties
    properties.title = memo.heading[:255]  # longer ones are refused
    properties.author = "Pincite"
    properties.comments = ""
    properties.created = properties.modified = datetime.now(UTC).replace(tzinfo=None)
    properties.language = _LANGUAGE_TAGS.get(memo.language, memo.language)


def _set_styles(document: WordDocument, language: str) -> None:
    styles = document.styles
    black = RGBColor(0, 0, 0)
    sizes = {
        "Normal": 11,
        "Title": 20,
        "Subtitle": 10,
        "Heading 1": 14,
        "Heading 2": 12,
        "Quote": 11,
    }
    for name, size in sizes.items():
        style = cast("ParagraphStyle", styles[name])
        _set_fonts(style, language)
        style.font.size, style.font.color.rgb, style.font.italic = Pt(size), black, False
    quote = cast("ParagraphStyle", styles["Quote"])
    quote.paragraph_format.left_indent = quote.paragraph_format.right_indent = Cm(1)
    quote.paragraph_format.space_after = Pt(6)
    warning = _add_style(document, "Warning", language)
    warning.font.bold, warning.font.color.rgb = True, _WARNING_COLOUR
    warning.paragraph_format.left_indent = Cm(1)
    authority = _add_style(document, "Authority", language)
    authority.paragraph_format.space_after = Pt(4)
    width = Cm(21) - 2 * _MARGIN
    authority.paragraph_format.tab_stops.add_tab_stop(
        width, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
    )
    note = _add_style(document, "Footnote Text", language)
    note.font.size = Pt(9)
    note.paragraph_format.space_after = Pt(2)
    mark = styles.add_style("Footnote Reference", WD_STYLE_TYPE.CHARACTER)
    mark.font.superscript = True


def _add_style(document: WordDocument, name: str, language: str) -> ParagraphStyle:
    style = cast("ParagraphStyle", document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH))
    style.base_style = document.styles["Normal"]
    _set_fonts(style, language)
    return style


def _set_fonts(style: ParagraphStyle, language: str) -> None:
    style.font.name = LATIN_FONT
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{attribute}"), None)  # a theme's font would win
    fonts.set(qn("w:eastAsia"), HAN_FONTS.get(language, HAN_FONTS["zh-Hans"]))


def _set_language(run: Any, language: str | None) -> None:
    """Quote each language in a font that has its forms of characters, and with its hyphenation."""
    if language not in HAN_FONTS:
        return
    properties = run.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), HAN_FONTS[language])
    tag = OxmlElement("w:lang")
    tag.set(qn("w:eastAsia"), _LANGUAGE_TAGS[language])
    properties.append(tag)


def _run(text: str) -> Any:
    run = OxmlElement("w:r")
    words = OxmlElement("w:t")
    words.text = text
    words.set(qn("xml:space"), "preserve")
    run.append(words)
    return run


def _element(name: str, **attributes: str) -> Any:
    element = OxmlElement(name)
    for attribute, value in attributes.items():
        element.set(qn(f"w:{attribute}"), value)
    return element


def _properties(name: str, kind: str, style: str) -> Any:
    properties = OxmlElement(name)
    properties.append(_element(kind, val=style))
    return properties
