"""Word 2003 XML: turned into the parts of a modern Word document, then read as that.

The format (WordprocessingML of 2003, one XML file, often named .doc or .xml) has the elements of
today's format in another namespace. What differs is moved to where today's readers look for it:
lists, footnotes that stand in the text, and tracked changes, which are annotations there.
"""

from __future__ import annotations

import re

from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement as Element

from corpus.errors import UnreadableFile
from corpus.models import Extract
from corpus.readers.docx import OF_DAMAGE, read_package
from corpus.readers.docx_package import DAMAGED, DamagedPackage, WordPackage, check_xml, serialize

_OLD = b"http://schemas.microsoft.com/office/word/2003/wordml"
_NEW = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "{urn:schemas-microsoft-com:office:office}"
_ANNOTATION = "{http://schemas.microsoft.com/aml/2001/core}"
_CHANGES = {"Word.Deletion": "w:del", "Word.Insertion": "w:ins"}
# Numbers of [MS-OSHARED] MSONFC, by the names of ECMA-376 that replaced them.
_FORMATS = dict(
    enumerate(
        "decimal upperRoman lowerRoman upperLetter lowerLetter ordinal cardinalText ordinalText "
        "hex chicago ideographDigital japaneseCounting aiueo iroha decimalFullWidth "
        "decimalHalfWidth japaneseLegal japaneseDigitalTenThousand decimalEnclosedCircle "
        "decimalFullWidth2 aiueoFullWidth irohaFullWidth decimalZero bullet ganada chosung "
        "decimalEnclosedFullstop decimalEnclosedParen decimalEnclosedCircleChinese "
        "ideographEnclosedCircle ideographTraditional ideographZodiac "
        "ideographZodiacTraditional taiwaneseCounting ideographLegalTraditional "
        "taiwaneseCountingThousand taiwaneseDigital chineseCounting chineseLegalSimplified "
        "chineseCountingThousand".split()
    )
) | {255: "none"}
_W = f'xmlns:w="{_NEW.decode()}"'
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CORE = (
    '<core xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
    "<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator>"
    "<dcterms:created>{created}</dcterms:created></core>"
)
_MARKUP = re.compile("[<>&]")


def read(content: bytes, name: str) -> Extract:
    """Read a Word 2003 XML document. Raises UnreadableFile."""
    # It is one XML file with nothing around it: entities would be the only danger.
    check_xml(content)
    try:
        root = parse_xml(content.replace(_OLD, _NEW))
        parts = _parts(root)
        package = WordPackage(frozenset(parts), parts.__getitem__)
        return read_package(package, "application/vnd.ms-word2006ml")
    except OF_DAMAGE as error:
        raise UnreadableFile(DAMAGED) from error


def _parts(root: Element) -> dict[str, bytes]:
    """The parts of a modern package with the same content."""
    body = root.find(qn("w:body"))
    if body is None:
        raise DamagedPackage
    _rename_lists(root)
    _rename_changes(root)
    parts = {
        "_rels/.rels": _relations(officeDocument="document.xml", **{"core-properties": "core.xml"}),
        "_rels/document.xml.rels": _relations(
            styles="styles.xml", numbering="numbering.xml", footnotes="footnotes.xml"
        ),
        "core.xml": _core(root),
        "footnotes.xml": _footnotes(body),
        "numbering.xml": _numbering(root.find(qn("w:lists"))),
    }
    styles = root.find(qn("w:styles"))
    parts["styles.xml"] = serialize(styles) if styles is not None else f"<w:styles {_W}/>".encode()
    parts["document.xml"] = serialize(_element("w:document", [body]))
    return parts


def _rename_lists(root: Element) -> None:
    """Give list properties, in paragraphs and styles, the names of today."""
    for node in [*root.iter(qn("w:listPr"))]:
        node.tag = qn("w:numPr")
        for number in node.iterchildren(qn("w:ilfo")):
            number.tag = qn("w:numId")


def _rename_changes(root: Element) -> None:
    """Turn annotations of deletion and insertion into today's elements around their content."""
    for node in [*root.iter(f"{_ANNOTATION}annotation")]:
        kind = _CHANGES.get(str(node.get(qn("w:type")) or ""))
        parent = node.getparent()
        if parent is None:
            continue
        if kind:
            node.tag = qn(kind)
        else:  # a comment, a bookmark, a change of format: no text of the document
            _remove(node)


def _remove(node: Element) -> None:
    """Take an element away, and leave the text that follows it."""
    parent, tail = node.getparent(), node.tail
    if parent is not None:
        previous = node.getprevious()
        if tail and previous is not None:
            previous.tail = (previous.tail or "") + tail
        parent.remove(node)


def _numbering(lists: Element | None) -> bytes:
    """The definitions of lists as today's numbering part."""
    root = _element("w:numbering", [])
    for definition in lists.iterchildren(qn("w:listDef")) if lists is not None else ():
        definition.tag = qn("w:abstractNum")
        definition.set(qn("w:abstractNumId"), str(definition.get(qn("w:listDefId"))))
        for code in [*definition.iter(qn("w:nfc"))]:
            value = str(code.get(qn("w:val")) or "")
            number = int(value) if value.isdecimal() and len(value) < 4 else 0
            code.tag = qn("w:numFmt")
            code.set(qn("w:val"), _FORMATS.get(number, "decimal"))
        root.append(definition)
    for lst in lists.iterchildren(qn("w:list")) if lists is not None else ():
        lst.tag = qn("w:num")
        lst.set(qn("w:numId"), str(lst.get(qn("w:ilfo"))))
        for code in lst.iterchildren(qn("w:ilst")):
            code.tag = qn("w:abstractNumId")
        root.append(lst)
    return serialize(root)


def _footnotes(body: Element) -> bytes:
    """Move notes out of the text, where references take their place."""
    root = _element("w:footnotes", [])
    # Moving an element while walking over the tree would end the walk.
    notes = list(body.iter(qn("w:footnote"), qn("w:endnote")))
    for number, note in enumerate(notes, start=1):
        parent = note.getparent()
        if parent is None:
            continue
        reference = parse_xml(f'<w:footnoteReference {_W} w:id="{number}"/>')
        parent.replace(note, reference)
        note.tag = qn("w:footnote")
        note.set(qn("w:id"), str(number))
        root.append(note)
    return serialize(root)


def _core(root: Element) -> bytes:
    properties = root.find(f"{_OFFICE}DocumentProperties")
    fields = {
        key: _MARKUP.sub(" ", properties.findtext(f"{_OFFICE}{name}") or "")
        if properties is not None
        else ""
        for key, name in (("title", "Title"), ("author", "Author"), ("created", "Created"))
    }
    return _CORE.format(**fields).encode()


def _relations(**targets: str) -> bytes:
    entries = "".join(
        f'<Relationship Id="r{kind}" Type="{_KINDS}/{kind}" Target="{target}"/>'
        for kind, target in targets.items()
    )
    return f'<Relationships xmlns="{_RELATIONS}">{entries}</Relationships>'.encode()


def _element(tag: str, children: list[Element]) -> Element:
    node = parse_xml(f"<{tag} {_W}/>")
    node.extend(children)
    return node
