"""Formats other than text, PDF, Word, HTML and e-mail: what was written is read, in order."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.models import Reading
from corpus.readers import old_office
from corpus.readers.outlook import unpack_rich_text
from corpus.reading.bounded import BoundedReader
from corpus.reading.read import read
from tests.corpus.making import archive
from tests.corpus.readers.docx_making import typed
from tests.corpus.sentences import sentence
from tests.examples import examples

OPEN_DOCUMENT = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{path}:1.0"'
    for name, path in {
        "office": "office",
        "text": "text",
        "table": "table",
        "draw": "drawing",
        "presentation": "presentation",
    }.items()
)


def workbook(rows: Sequence[Sequence[object]], name: str = "Fees") -> bytes:
    """A workbook of one sheet."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet(name)
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return file.getvalue()


def open_document(body: str) -> bytes:
    """An OpenDocument file around a body."""
    content = (
        f"<office:document-content {OPEN_DOCUMENT}><office:body>{body}</office:body>"
        "</office:document-content>"
    )
    return archive({"mimetype": b"application/x", "content.xml": content.encode()})


def slides(*texts: tuple[str, str]) -> bytes:
    """Slides of a title and a text, the least that a presentation has."""
    draw = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    slide = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    numbers = range(1, len(texts) + 1)
    entries = "".join(f'<p:sldId id="{255 + n}" r:id="r{n}"/>' for n in numbers)
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{base}/slide" Target="slides/{n}.xml"/>' for n in numbers
    )
    members = {
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="a" '
        f'Type="{base}/officeDocument" Target="ppt/presentation.xml"/></Relationships>',
        "ppt/presentation.xml": f'<p:presentation {slide} xmlns:r="{base}"><p:sldIdLst>{entries}'
        "</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": f'<Relationships xmlns="{package}">{relations}'
        "</Relationships>",
    }
    for number, (title, words) in enumerate(texts, start=1):
        members[f"ppt/slides/{number}.xml"] = (
            f"<p:sld {slide} {draw}><p:cSld><p:spTree>"
            f"<p:sp><p:txBody><a:p><a:r><a:t>{words}</a:t></a:r></a:p></p:txBody></p:sp>"
            '<p:sp><p:nvSpPr><p:nvPr><p:ph type="title"/></p:nvPr></p:nvSpPr>'
            f"<p:txBody><a:p><a:r><a:t>{title}</a:t></a:r></a:p></p:txBody></p:sp>"
            "</p:spTree></p:cSld></p:sld>"
        )
    return archive({name: text.encode() for name, text in members.items()})


def book(chapter: str) -> bytes:
    """An e-book of one chapter."""
    return archive(
        {
            "META-INF/container.xml": b'<container><rootfiles><rootfile full-path="O/b.opf"/>'
            b"</rootfiles></container>",
            "O/b.opf": b'<package><manifest><item id="a" href="a%201.xhtml" '
            b'media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine>'
            b"</package>",
            "O/a 1.xhtml": chapter.encode(),
        }
    )


def places(reading: Reading) -> list[tuple[str, str]]:
    """The pin and the text of each passage."""
    return [(passage.pin, passage.text) for passage in reading.passages]


def test_a_row_is_quoted_with_its_headings() -> None:
    """Titles above the table stand alone, and an empty row within it changes nothing."""
    rows: list[list[object]] = [["Schedule"], [], ["Name", "Rate"], ["Lin", 350.5], [], ["Wu", 100]]
    assert places(read(workbook(rows, "Q1 fees"), "a.pdf")) == [
        ("'Q1 fees'!A1", "Schedule"),
        ("'Q1 fees'!A3:B3", "Name · Rate"),
        ("'Q1 fees'!A4:B4", "Name: Lin · Rate: 350.5"),
        ("'Q1 fees'!A6:B6", "Name: Wu · Rate: 100"),
    ]


def test_merged_headings_and_labels_are_spread() -> None:
    """`2023 › Q1`, and a label that is merged over two rows stands in both."""
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file)
    sheet = made.add_worksheet("S")
    sheet.merge_range("A1:A2", "Item")
    sheet.merge_range("B1:C1", "2023")
    sheet.write_row("B2", ["Q1", "Q2"])
    sheet.merge_range("A3:A4", "Rent")
    sheet.write_row("B3", [1, 2])
    sheet.write_row("B4", [3, 4])
    made.close()
    assert places(read(file.getvalue(), "a"))[2:] == [
        ("S!A3:C3", "Item: Rent · 2023 › Q1: 1 · 2023 › Q2: 2"),
        ("S!A4:C4", "Item: Rent · 2023 › Q1: 3 · 2023 › Q2: 4"),
    ]


def test_a_wide_row_is_cut_between_cells_under_its_label() -> None:
    """Each part has a pin of its own and opens with the row's first cell."""
    wide = read(workbook([["Name", *"abc"], ["Lin", *["word " * 150] * 3]]), "a").passages[1:]
    assert [passage.pin for passage in wide] == ["Fees!A2:B2", "Fees!C2", "Fees!D2"]
    assert all(passage.text.startswith("Name: Lin") for passage in wide)


@pytest.mark.slow
@settings(max_examples=examples(20), deadline=None)
@given(
    st.lists(
        st.lists(st.text("甲乙丙ab1-,\"'; 😀", max_size=8), min_size=3, max_size=3),
        min_size=1,
        max_size=5,
    )
)
def test_every_cell_is_in_the_passage_of_its_row(rows: list[list[str]]) -> None:
    """Whatever the cells hold, a row's pin leads to its cells, in order."""
    table = [["Head a", "Head b", "Head c"], *rows]
    by_row = {
        passage.pin.split("!")[1].split(":")[0][1:]: passage.text
        for passage in (read(workbook(table), "a").passages)
    }
    for number, row in enumerate(rows, start=2):
        cells = [" ".join(cell.split()) for cell in row]
        place = 0
        for cell in filter(None, cells):
            place = by_row[str(number)].index(cell, place) + len(cell)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "big5", "utf-16"])
def test_a_table_of_text_is_known_by_its_form(encoding: str) -> None:
    """Quoted cells may hold the separator; prose with commas is no table."""
    table = '姓名,案號,金額\n"林, 一",112年度訴字第1號,"1,000"\n王,113年度訴字第2號,2000\n'
    reading = read(table.encode(encoding), "a.txt")
    assert reading.media_type == "text/csv"
    assert places(reading)[1] == ("A2:C2", "姓名: 林, 一 · 案號: 112年度訴字第1號 · 金額: 1,000")
    assert read(b"He came, and saw, and won.\nIt was late.\n", "a.txt").media_type == "text/plain"


def test_rich_text_keeps_footnotes_and_not_what_is_deleted() -> None:
    """Chinese in the code page of its font, a table's row, a note at its mark."""
    source = (
        rb"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 SimSun;}}\f0 "
        rb"\'b5\'da\'d2\'bb\'cc\'f5 text{\footnote see the {\i annex}} goes on.\par "
        rb"{\v secret}{\deleted gone}Second.\par\trowd\cellx1\cellx2 A\cell B\cell\row}"
    )
    reading = read(source, "a.doc")
    assert reading.text == "第一条 text [1] goes on.\nSecond.\nA | B\n\n[1] see the annex"
    assert reading.note is not None


def test_open_document_text() -> None:
    """Headings, spaces, notes and tables; tracked deletions are no text."""
    reading = read(
        open_document(
            "<office:text><text:tracked-changes><text:changed-region><text:deletion>"
            "<text:p>gone</text:p></text:deletion></text:changed-region></text:tracked-changes>"
            '<text:h text:outline-level="1">Head</text:h><text:p>One<text:s text:c="2"/>two'
            "<text:note><text:note-citation>1</text:note-citation><text:note-body>"
            "<text:p>the note</text:p></text:note-body></text:note> end.</text:p>"
            "<table:table><table:table-row><table:table-cell><text:p>a</text:p>"
            "</table:table-cell><table:table-cell><text:p>b</text:p></table:table-cell>"
            "</table:table-row></table:table></office:text>"
        ),
        "a",
    )
    assert reading.text == "Head\n\nOne  two[1] end.\n\n[1] the note\n\na | b"


def test_slides_are_pages() -> None:
    """The title comes first wherever it is stored, and each slide has a pin."""
    for content in (
        slides(("Claims", "First claim"), ("Costs", "All of them")),
        open_document(
            "<office:presentation>"
            + "".join(
                f"<draw:page><draw:frame><draw:text-box><text:p>{title}</text:p><text:p>{words}"
                "</text:p></draw:text-box></draw:frame></draw:page>"
                for title, words in (("Claims", "First claim"), ("Costs", "All of them"))
            )
            + "</office:presentation>"
        ),
    ):
        reading = read(content, "a")
        assert places(reading) == [
            ("p. 1", "Claims\n\nFirst claim"),
            ("p. 2", "Costs\n\nAll of them"),
        ]
        assert [passage.page for passage in reading.passages] == [1, 2]


def test_a_book_is_read_by_its_spine() -> None:
    """Names of chapters are escaped in the list and not in the archive."""
    page = "<html><body><h1>One</h1><p>A trust is a trust.</p></body></html>"
    assert read(book(page), "a").text == "One\n\nA trust is a trust."


def test_laws_as_data() -> None:
    """Numbers of articles stay above their words, and before them in XML."""
    law = {
        "LawName": "測試辦法",
        "LawArticles": [{"ArticleNo": "第 1 條", "Text": "主管機關為部。"}],
    }
    assert read(json.dumps(law).encode(), "a").text == "測試辦法\n\n第 1 條\n\n主管機關為部。"
    act = (
        b'<?xml version="1.0"?><act><title>Toy Act</title><section><num>1</num>'
        b"<p>Cited as <i>the Toy Act</i>.</p></section></act>"
    )
    assert read(act, "a").text == "Toy Act\n\n1 Cited as the Toy Act."


def test_what_is_inside_archives_and_mailboxes() -> None:
    """Files of systems are left out, names keep their folder."""
    packed = read(archive({"a/x.txt": b"hello", "__MACOSX/x": b"no", ".DS_Store": b"no"}), "z")
    assert [(part.name, part.content) for part in packed.attachments] == [("a/x.txt", b"hello")]
    line = b"From a@b Mon Jan 1 00:00:00 2024\n"
    mail = b"From: A <a@b.c>\nTo: x@y.z\nSubject: %s\n\nhello\n>From here\n\n"
    box = read(line + mail % b"One" + line + mail % b"Two", "z")
    assert [part.name for part in box.attachments] == ["One.eml", "Two.eml"]
    assert read(box.attachments[0].content, "One.eml").text.endswith("hello\nFrom here")


def test_rich_text_of_outlook_is_unpacked() -> None:
    """The example of the specification (MS-OXRTFCP 3.1)."""
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af3"
        "2068656c0900206277"
        "05b06c647d0a800fa0"
    )
    assert unpack_rich_text(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


@pytest.mark.skipif(find_spec("rapidocr_onnxruntime") is not None, reason="the extra is there")
def test_a_picture_says_what_reads_it() -> None:
    """One line, with what to install."""
    with pytest.raises(UnreadableFile, match="picture_without_ocr"):
        read(b"\x89PNG\r\n\x1a\n" + bytes(20), "a")


def test_without_libreoffice_one_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason, not an error."""
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(UnreadableFile) as refused:
        old_office.read(b"", "a.doc")
    assert "needs LibreOffice" in sentence(refused.value)


@pytest.mark.slow
@pytest.mark.skipif(old_office.find_program() is None, reason="LibreOffice is not installed")
def test_an_old_word_file_is_read_by_libreoffice(tmp_path: Path) -> None:
    """The words come back, half a file is refused, and nothing stays in the temporary folder."""
    (tmp_path / "a.docx").write_bytes(typed("The tenant pays 500 a month. 租金每月五百元。"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "doc", "--outdir", str(tmp_path)]
    subprocess.run(
        [*command, str(tmp_path / "a.docx")], check=True, capture_output=True, timeout=60
    )
    content = (tmp_path / "a.doc").read_bytes()
    with BoundedReader(1) as reader:
        reading = reader.read(content, "a.pdf")
        assert reading.text == "The tenant pays 500 a month. 租金每月五百元。"
        assert reading.media_type == "application/msword"
        with pytest.raises(UnreadableFile, match="damaged_old_file"):
            reader.read(content[: len(content) // 2], "a.doc")
    assert not [*Path(tempfile.gettempdir()).glob("pincite-office-*")]


def _sparse() -> bytes:
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file)
    sheet = made.add_worksheet("a")
    sheet.write(0, 0, "x")
    sheet.write(1048575, 16383, "y")
    made.close()
    return file.getvalue()


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><a>&b;</a>'
POISON = {
    "sparse sheet": _sparse(),
    "packed bomb": archive({"a.txt": b"0" * 30_000_000}),
    "bomb in a sheet": archive({"xl/workbook.xml": b" " * 30_000_000}),
    "bomb in a book": archive({"META-INF/container.xml": b" " * 30_000_000}),
    "bomb in slides": archive({"ppt/a.xml": b" " * 30_000_000}),
    "entities": ENTITIES,
    "entities in a text": archive({"content.xml": ENTITIES}),
    "entities in a book": archive({"META-INF/container.xml": ENTITIES}),
    "deep XML": b'<?xml version="1.0"?>' + b"<a>" * 100_000,
    "deep text": archive({"content.xml": b"<a>" * 100_000}),
    "deep rich text": b"{\\rtf1" + b"{" * 100_000,
    "cut rich text": b"{\\rtf1",
    "cut sheet": workbook([["a"]])[:-30],
    "empty sheet": workbook([]),
    "cut slides": slides(("a", "b"))[:-30],
    "cut book": book("<p>x</p>")[:-30],
    "cut text": open_document("")[:-30],
    "no body": open_document(""),
    "empty archive": b"PK\x05\x06" + bytes(18),
    "cut picture": b"\x89PNG\r\n\x1a\n" + bytes(20),
    "cut container": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "no data": b'<?xml version="1.0"?><a/>',
}


@pytest.mark.slow
def test_poison_of_every_format_costs_only_itself() -> None:
    """Each is refused with a line of its own, and what stands between is read."""
    files = [(content, name) for name, content in POISON.items()]
    mixed = [pair for file in files for pair in (file, (b"well and good", "a.txt"))]
    with BoundedReader(1, seconds=20) as reader:
        verdicts = list(reader.read_many(mixed))
    assert all(isinstance(verdict, Reading) for verdict in verdicts[1::2])
    for (_, name), verdict in zip(files, verdicts[::2], strict=True):
        assert isinstance(verdict, UnreadableFile), name
        assert verdict.reason.code not in {"reader_crashed", "reader_failed"}, (name, verdict)
