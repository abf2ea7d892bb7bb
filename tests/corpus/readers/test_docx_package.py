"""Word files that are damaged, encrypted or made to harm are refused with a reason."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.readers import docx as reader
from corpus.readers import word2003
from corpus.reading.kinds import kind_of
from corpus.reading.read import read
from tests.corpus.making import archive, rezipped
from tests.corpus.readers.docx_making import SENTENCE, W, p, r, refusal, typed, with_document
from tests.examples import examples


def test_zip_bombs_are_not_unpacked() -> None:
    """What unpacks to hundreds of times its size is refused by the sizes that it declares."""
    bomb = with_document(lambda xml: xml.replace("agree", "a" * 60_000_000))
    assert len(bomb) < 200_000
    assert "zip bomb" in refusal(bomb)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_xml_that_declares_anything_is_not_parsed(encoding: str) -> None:
    """No document type, no entity: not from files, not from the network, not a billion laughs."""
    head = (
        f'<?xml version="1.0" encoding="{encoding.upper()[:6]}"?>'
        '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    )
    xml = f"{head}<w:document {W}><w:body>{p(r('&e;'))}</w:body></w:document>".encode(encoding)
    content = rezipped(typed("x"), {"word/document.xml": xml})
    assert refusal(content) == (
        "the Word file declares XML entities, which Word never does: it is not opened"
    )


def test_what_cannot_be_read_says_why() -> None:
    """Cut short, damaged, without its main part, encrypted, empty: one line each."""
    content = typed(SENTENCE)
    damaged = "the Word file is damaged or cut short: get a whole copy"
    assert refusal(content[: len(content) // 2]) == damaged
    assert refusal(archive({"word/document.xml": b"<w:document/>"})) == damaged
    assert refusal(with_document(lambda xml: xml[: len(xml) // 2])) == damaged
    assert refusal(typed()) == "it holds no text"
    sealed = bytearray(content)
    at = sealed.find(b"PK\x01\x02")
    sealed[at + 8] |= 1  # the first member's flag
    assert "encrypted" in refusal(bytes(sealed))


def changed(content: bytes, old: bytes, new: bytes) -> bytes:
    """The file with some bytes replaced in each of its parts."""
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        parts = {name: whole.read(name).replace(old, new) for name in whole.namelist()}
    return archive(parts)


def flat(content: bytes) -> bytes:
    """The same parts in one XML file."""
    namespace = "http://schemas.microsoft.com/office/2006/xmlPackage"
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        parts = {name: whole.read(name) for name in whole.namelist() if "xml" in name[-4:]}
        parts |= {name: whole.read(name) for name in whole.namelist() if name.endswith(".rels")}
    inside = "".join(
        f'<pkg:part pkg:name="/{name}"><pkg:xmlData>{part.decode().split("?>", 1)[-1]}'
        "</pkg:xmlData></pkg:part>"
        for name, part in parts.items()
    )
    head = '<?xml version="1.0"?><?mso-application progid="Word.Document"?>'
    return f'{head}<pkg:package xmlns:pkg="{namespace}">{inside}</pkg:package>'.encode()


def test_every_container_of_the_same_document_is_read() -> None:
    """Templates, macros, strict namespaces and the flat form change the box, not the text."""
    content = typed(SENTENCE, "二审改判。")
    expected = reader.read(content, "a.docx").text
    main = b"officedocument.wordprocessingml.document.main"
    transitional = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    others = [
        changed(content, main, b"officedocument.wordprocessingml.template.main"),
        changed(content, b"vnd.openxmlformats-" + main, b"vnd.ms-word.document.macroEnabled.main"),
        changed(content, transitional, b"http://purl.oclc.org/ooxml/wordprocessingml/main"),
        flat(content),
    ]
    assert [read(other, "a.doc").text for other in others] == [expected] * len(others)


WORD_2003 = """<?xml version="1.0"?><?mso-application progid="Word.Document"?>
<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"
 xmlns:aml="http://schemas.microsoft.com/aml/2001/core"
 xmlns:o="urn:schemas-microsoft-com:office:office">
<o:DocumentProperties><o:Title>On rent</o:Title></o:DocumentProperties>
<w:lists><w:listDef w:listDefId="4"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:nfc w:val="1"/>
<w:lvlText w:val="%1."/></w:lvl></w:listDef><w:list w:ilfo="2"><w:ilst w:val="4"/></w:list>
</w:lists>
<w:body><w:p><w:pPr><w:listPr><w:ilvl w:val="0"/><w:ilfo w:val="2"/></w:listPr></w:pPr>
<w:r><w:t>Rent</w:t></w:r>
<w:r><w:footnote><w:p><w:r><w:t>See below.</w:t></w:r></w:p></w:footnote></w:r>
<aml:annotation w:type="Word.Deletion">
<aml:content><w:r><w:delText>old</w:delText></w:r></aml:content>
</aml:annotation><aml:annotation w:type="Word.Insertion"><aml:content><w:r><w:t> is due</w:t></w:r>
</aml:content></aml:annotation></w:p></w:body></w:wordDocument>"""


def test_word_2003_is_read_as_the_document_it_is() -> None:
    """Its lists, notes, tracked changes and title, not its markup."""
    assert kind_of(WORD_2003.encode(), "a.doc") == "word2003"
    found = word2003.read(WORD_2003.encode(), "a.doc")
    assert found.text == "I. Rent[1] is due\n\n[1] See below."
    assert found.metadata.title == "On rent"


def test_pictures_that_shrink_well_are_no_bomb() -> None:
    """Only what is unpacked as a whole counts; a plain picture is left in the archive."""
    content = rezipped(typed(SENTENCE), {"word/media/image1.bmp": bytes(60_000_000)})
    assert len(content) < 200_000
    assert reader.read(content, "a.docx").text == SENTENCE.strip()


WHOLE = typed(SENTENCE, "二审改判。", SENTENCE)


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=12))
@settings(deadline=None, max_examples=examples(100))
def test_damage_is_read_or_refused(damage: list[tuple[int, int]]) -> None:
    """Whatever bytes are wrong: text, or a reason that a person understands."""
    content = bytearray(WHOLE)
    for at, byte in damage:
        content[at] = byte
    try:
        text = reader.read(bytes(content), "a.docx").text
    except UnreadableFile:
        return
    assert "\0" not in text


@pytest.mark.parametrize("change", [lambda part: part[: len(part) // 2], lambda _: b"<x/>"])
def test_each_part_may_be_damaged(change: Callable[[bytes], bytes]) -> None:
    """Half of it, or something else in its place: text, or a reason that a person understands."""
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    read_all = 0
    for name, part in parts.items():
        with suppress(UnreadableFile):
            read_all += "二审改判。" in reader.read(rezipped(WHOLE, {name: change(part)}), "a").text
    assert 0 < read_all < len(parts)
