from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from contextlib import suppress

import docx
import pytest
from docx.document import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.models import Extract
from corpus.readers import docx as reader
from corpus.readers.docx_numbering import han, roman
from corpus.reading.read import read
from corpus.splitting.passages import split
from tests.corpus.making import archive, rezipped

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SENTENCE = "The court of appeal held that a lessor of cloud servers is not liable. "


def saved(document: Document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def typed(*paragraphs: str) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return saved(document)


def of_xml(body: str, **parts: str) -> Extract:
    """What is read of a document with this body, and with these parts of their own kinds."""
    content = typed("to be replaced")
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        relations = whole.read("word/_rels/document.xml.rels").decode()
        types = whole.read("[Content_Types].xml").decode()
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    changes = {"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>"}
    for kind, xml in parts.items():
        changes[f"word/{kind}.xml"] = f"<w:{kind} {W}>{xml}</w:{kind}>"
        if f"{kind}.xml" not in relations:
            base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
            one = f'<Relationship Id="r{kind}" Type="{base}/{kind}" Target="{kind}.xml"/>'
            relations = relations.replace("</Relationships>", f"{one}</Relationships>")
            part = f'<Override PartName="/word/{kind}.xml" ContentType="{main}.{kind}+xml"/>'
            types = types.replace("</Types>", f"{part}</Types>")
    changes |= {"word/_rels/document.xml.rels": relations, "[Content_Types].xml": types}
    encoded = {name: text.encode() for name, text in changes.items()}
    return reader.read(rezipped(content, encoded), "a.docx")


def p(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def r(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def refusal(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(content, "a.docx")
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_headings_and_paragraphs() -> None:
    """Paragraphs are apart by an empty line; headings are marked with their level and span."""
    document = docx.Document()
    document.add_heading("Opinion", 0)
    document.add_heading("The facts", 1)
    document.add_paragraph("A game was copied.")
    document.add_heading("The notice", 2)
    document.add_paragraph("It named no place.")
    found = reader.read(saved(document), "a.docx")
    assert found.text == (
        "Opinion\n\nThe facts\n\nA game was copied.\n\nThe notice\n\nIt named no place."
    )
    assert [(found.text[h.start : h.end], h.level) for h in found.headings] == [
        ("Opinion", 1),
        ("The facts", 1),
        ("The notice", 2),
    ]


def test_headings_are_carried_by_passages() -> None:
    """A passage under a heading knows it, and one that opens with it shows it."""
    document = docx.Document()
    for title in ("The facts", "The notice"):
        document.add_heading(title, 1)
        for _ in range(3):
            document.add_paragraph(SENTENCE * 8)
    passages = read(saved(document), "a.docx").passages
    assert [passage.text.split("\n")[0] for passage in passages if not passage.heading] == [
        "The facts",
        "The notice",
    ]
    assert {passage.heading for passage in passages} == {"", "The facts", "The notice"}


def test_a_table_is_lines_of_cells() -> None:
    """A row is a line, a tab tells cells apart; what a cell shares with the one above is empty."""
    document = docx.Document()
    table = document.add_table(3, 2)
    for row, words in enumerate([("Date", "Step"), ("2019", "Appeal\nallowed"), ("", "Costs")]):
        for cell, word in zip(table.rows[row].cells, words, strict=True):
            cell.text = word
    table.cell(1, 0).merge(table.cell(2, 0))
    document.add_paragraph("After the table.")
    text = reader.read(saved(document), "a.docx").text
    assert text == "Date\tStep\n2019\tAppeal allowed\n\tCosts\n\nAfter the table."


def test_tracked_changes_are_accepted() -> None:
    """Inserted text is in, deleted text is out, and a deleted paragraph mark joins."""
    body = p(
        r("The lessor "),
        '<w:del w:id="1"><w:r><w:delText>is</w:delText></w:r></w:del>',
        f'<w:ins w:id="2">{r("is not")}</w:ins>',
        r(" liable"),
        properties='<w:rPr><w:del w:id="3"/></w:rPr>',
    ) + p(r(" at all."))
    moved = f'<w:moveFrom w:id="4">{r("Moved.")}</w:moveFrom>'
    here = f'<w:moveTo w:id="5">{r("Moved.")}</w:moveTo>'
    assert of_xml(body + p(moved) + p(here)).text == "The lessor is not liable at all.\n\nMoved."


def test_footnotes_follow_their_paragraph_and_endnotes_the_text() -> None:
    """Both are numbered as Word shows them, in the text and before the note."""
    footnotes = "".join(
        f'<w:footnote w:id="{n}">{p(r(f" Note {n}."))}</w:footnote>' for n in (7, 3)
    )
    endnotes = f'<w:endnote w:id="1">{p(r("The end."))}</w:endnote>'
    body = (
        p(r("First"), '<w:r><w:footnoteReference w:id="3"/></w:r>', r("."))
        + p(r("Second"), '<w:r><w:endnoteReference w:id="1"/></w:r>')
        + p(r("Third"), '<w:r><w:footnoteReference w:id="7"/></w:r>')
    )
    assert of_xml(body, footnotes=footnotes, endnotes=endnotes).text == (
        "First[1].\n\n[1] Note 3.\n\nSecond[i]\n\nThird[2]\n\n[2] Note 7.\n\n[i] The end."
    )


def test_a_footnote_stands_with_what_it_belongs_to() -> None:
    """Not with the paragraph that happens to follow, and a numbered paragraph is no footnote."""
    notes = "".join(f'<w:footnote w:id="{n}">{p(r(f" See {n}."))}</w:footnote>' for n in (1, 2))
    body = p(r(SENTENCE * 5), '<w:r><w:footnoteReference w:id="1"/></w:r>')
    body += p(r(SENTENCE * 5), '<w:r><w:footnoteReference w:id="2"/></w:r>') + p(r(SENTENCE * 5))
    found = of_xml(body, footnotes=notes)
    assert [passage.text.count("See") for passage in split(found.text)] == [1, 1, 0]
    assert [passage.text[-6:] for passage in split(found.text)][:2] == ["See 1.", "See 2."]
    numbered = "\n\n".join(f"[{n}] {SENTENCE * 5}" for n in range(1, 5))
    assert [passage.pin for passage in split(numbered)] == ["¶ 1", "¶ 2", "¶ 3", "¶ 4"]


def level(number: int, form: str, text: str) -> str:
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


NUMBERING = (
    f'<w:abstractNum w:abstractNumId="1">{level(0, "chineseCountingThousand", "第%1条")}'
    f"{level(1, 'decimal', '(%2)')}</w:abstractNum>"
    f'<w:abstractNum w:abstractNumId="2">{level(0, "upperRoman", "%1.")}'
    f"{level(1, 'lowerLetter', '%1.%2')}</w:abstractNum>"
    '<w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="6"><w:abstractNumId w:val="2"/></w:num>'
)


def item(text: str, number_id: int, depth: int = 0) -> str:
    numbered = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number_id}"/></w:numPr>'
    return p(r(text), properties=numbered)


def test_numbers_that_word_shows_are_part_of_the_text() -> None:
    """Articles and clauses keep their numbers, each list and level for itself."""
    body = (
        item("总则", 5)
        + item("定义", 5, 1)
        + item("范围", 5, 1)
        + item("责任", 5)
        + item("期限", 5, 1)
        + item("Scope", 6)
        + item("Terms", 6, 1)
    )
    assert of_xml(body, numbering=NUMBERING).text.split("\n\n") == [
        "第一条 总则",
        "(1) 定义",
        "(2) 范围",
        "第二条 责任",
        "(1) 期限",
        "I. Scope",
        "I.a Terms",
    ]


def test_numbered_articles_become_pins() -> None:
    """A contract whose articles are numbered by Word is cited by them."""
    body = "".join(item(f"{words}。{'服务器的内容由承租人负责。' * 6}", 5) for words in "甲乙丙丁")
    found = of_xml(body, numbering=NUMBERING)
    content = typed(*found.text.split("\n\n"))
    assert [passage.pin for passage in read(content, "a.docx").passages] == [
        "第一条",
        "第二条",
        "第三条",
        "第四条",
    ]


def test_what_only_looks_like_text_is_left_out() -> None:
    """Field codes go and their results stay; links, text boxes and controls are read."""
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{r("12")}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    box = f"<w:r><w:pict><w:txbxContent>{p(r('In a box.'))}</w:txbxContent></w:pict></w:r>"
    link = f'<w:hyperlink w:anchor="x">{r("a link")}</w:hyperlink>'
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{p(r('In a control.'))}</w:sdtContent></w:sdt>"
    body = p(r("Page "), field, r(" of "), link, box) + control
    assert of_xml(body).text == "Page 12 of a link\n\nIn a box.\n\nIn a control."


def test_properties() -> None:
    """Title, author and date are believed where a person set them."""
    document = docx.Document()
    document.add_paragraph(SENTENCE * 3)
    about = document.core_properties
    about.title, about.author, about.language = "On cloud servers", "Lee & Partners", "en-GB"
    about.created = dt.datetime(2019, 6, 20, 10, tzinfo=dt.UTC)
    found = read(saved(document), "a.docx").metadata
    assert (found.title, found.publisher, found.date, found.language) == (
        "On cloud servers",
        "Lee & Partners",
        "2019-06-20",
        "en",
    )
    plain = read(typed(SENTENCE * 3), "a.docx").metadata  # python-docx left its own name and date
    assert (plain.title, plain.publisher, plain.date) == (None, None, None)


def test_the_first_lines_speak_where_properties_do_not() -> None:
    """A title above a date and a publisher, as in a press report."""
    content = typed("阿里云案二审改判", "2019-06-25 人民网", "本院认为通知不合格。" * 20)
    found = read(content, "a.docx").metadata
    assert (found.title, found.date, found.publisher, found.language) == (
        "阿里云案二审改判",
        "2019-06-25",
        "人民网",
        "zh-Hans",
    )


def with_document(change: Callable[[str], str]) -> bytes:
    """A document whose main part was changed."""
    content = typed("The parties agree.")
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        xml = whole.read("word/document.xml").decode()
    return rezipped(content, {"word/document.xml": change(xml).encode()})


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


WHOLE = typed(SENTENCE, "二审改判。", SENTENCE)


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=12))
@settings(deadline=None, max_examples=100)
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


@given(st.integers(1, 9999))
def test_numbers_in_characters_and_in_roman_come_back(number: int) -> None:
    """Counting with the characters' values gives the number again, by a slow plain reading."""
    total, digit = 0, 0
    for character in han(number):
        unit = {"十": 10, "百": 100, "千": 1000}.get(character)
        if unit:
            total, digit = total + max(digit, 1) * unit, 0
        else:
            digit = "零一二三四五六七八九".index(character)
    assert total + digit == number
    if number < 4000:
        values = [
            {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}[c]
            for c in roman(number)
        ]
        assert number == sum(
            -value if value < max(values[at:]) else value for at, value in enumerate(values)
        )
