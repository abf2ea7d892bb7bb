"""A memo says what the documents say, and where: in Word, Markdown, HTML, CSL-JSON and RIS."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from lxml import etree

from bot.memo.contents import Memo, QuotedPassage, split_style
from bot.memo.exchange import write_csl_json, write_ris
from bot.memo.formats import FORMATS, format_named, format_of
from bot.memo.pages import write_html, write_markdown
from bot.memo.word import write_word
from bot.texts import LANGUAGES
from corpus.models import DocumentFacts, Edition, PassageRecord, Source
from tests.corpus.recorded import RECORD

CASE = replace(
    RECORD,
    id="AAAAAAAA",
    title="Quill Limited (Appellant) v Northgate Limited (Respondent) [2024] UKSC 99",
    publisher="UK Supreme Court",
    sha256="a" * 64,
    facts=DocumentFacts("judgment", "UK Supreme Court", neutral_citation="[2024] UKSC 99"),
)
LAW = replace(
    RECORD,
    id="BBBBBBBB",
    title="云产法（2023修订）",
    publisher=None,
    url=None,
    language="zh-Hans",
    sha256="b" * 64,
    superseded_by="CCCCCCCC",
    facts=DocumentFacts("statute", work="云产法", edition=Edition("2023修订")),
)
ODD = "A *star* <b>&amp; [x](y) 1_2\n\n1. \x07\u202e￾ 第一條　租金。\n- tail\ttab"


def _source(document: Any, ordinal: int, pin: str, text: str) -> Source:
    passage = PassageRecord(
        1, document.id, ordinal, 0, len(text), text, pin, None, "", document.title,
        document.date, document.publisher, document.language,
    )  # fmt: skip
    return Source(passage, (), (), document, "m")


def _quotation(document: Any, ordinal: int, pin: str, text: str, number: int) -> QuotedPassage:
    source = _source(document, ordinal, pin, text)
    return QuotedPassage(source.passage.citation, source, "Who *pays*?", number)


QUOTATIONS = (
    _quotation(CASE, 4, "[46]", "The tenant pays.\nHe pays on the first day.", 1),
    _quotation(LAW, 9, "第三十九条第（二）项", "第三十九条　租金按月支付。", 2),
    QuotedPassage("DDDDDDDD-1", None, "Who *pays*?"),
    _quotation(CASE, 5, "[47]", ODD, 3),
)
MEMO = Memo(
    title="On <rent>",
    written="2026-11-28",
    style="oscola",
    quotations=QUOTATIONS,
    texts=LANGUAGES["en"].memos,
    language="en",
)


def lines_in_style(document: WordDocument, style: str) -> list[str]:
    """The text of each paragraph that has a style."""
    return [
        paragraph.text
        for paragraph in document.paragraphs
        if paragraph.style and paragraph.style.name == style
    ]


def _footnotes(content: bytes) -> dict[int, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        root = etree.fromstring(package.read("word/footnotes.xml"))
    return {
        int(note.get(qn("w:id"))): "".join(note.itertext())
        for note in root
        if note.get(qn("w:type")) is None
    }


def test_word_shows_each_passage_with_a_real_footnote() -> None:
    """Paragraphs are the passages' lines; notes hold citation, id, hash and address, in order."""
    content = write_word(MEMO)
    document = Document(io.BytesIO(content))
    quoted = lines_in_style(document, "Quote")
    assert quoted[:3] == [
        "The tenant pays.", "He pays on the first day.", "第三十九条　租金按月支付。"
    ]  # fmt: skip
    assert quoted[3] == "A *star* <b>&amp; [x](y) 1_2"
    assert quoted[-1] == "- tail\ttab"
    marks = document.element.findall(f".//{qn('w:footnoteReference')}")
    assert [int(mark.get(qn("w:id"))) for mark in marks] == [1, 2, 3]
    notes = _footnotes(content)
    assert notes[1].strip() == (
        f"Quill Ltd v Northgate Ltd [2024] UKSC 99 [46]. AAAAAAAA-4 · SHA-256 {'a' * 64}"
        " · https://example.org/x"
    )
    assert notes[2].strip() == f"云产法 (2023修订), art 39(2). BBBBBBBB-9 · SHA-256 {'b' * 64}"
    assert len(notes) == 3


def test_word_finds_its_footnotes() -> None:
    """Part, relationship, content type, separators and settings are those of the standard."""
    with zipfile.ZipFile(io.BytesIO(write_word(MEMO))) as package:
        assert package.testzip() is None
        types = package.read("[Content_Types].xml").decode()
        relations = package.read("word/_rels/document.xml.rels").decode()
        links = package.read("word/_rels/footnotes.xml.rels").decode()
        settings = etree.fromstring(package.read("word/settings.xml"))
        styles = package.read("word/styles.xml").decode()
    assert "wordprocessingml.footnotes+xml" in types
    assert "relationships/footnotes" in relations
    assert 'Target="https://example.org/x"' in links
    assert 'TargetMode="External"' in links
    names = [etree.QName(child).localname for child in settings]
    assert names.index("footnotePr") < names.index("compat")
    for style in ("FootnoteText", "FootnoteReference"):
        assert f'w:styleId="{style}"' in styles


def test_what_happened_since_is_marked() -> None:
    """A superseded passage is quoted and marked; a withdrawn one is named and not quoted."""
    document = Document(io.BytesIO(write_word(MEMO)))
    warnings = lines_in_style(document, "Warning")
    assert len(warnings) == 2
    assert "CCCCCCCC-1" in warnings[0]
    assert "DDDDDDDD-1" in warnings[1]
    for content in (write_markdown(MEMO).decode(), write_html(MEMO).decode()):
        assert all(warning.split("{")[0] in content for warning in warnings)


def test_the_table_of_authorities_groups_documents_by_kind() -> None:
    """Cases, then legislation; each document once, with the numbers of its notes."""
    assert [heading for heading, _ in MEMO.authorities()] == ["Cases", "Legislation"]
    document = Document(io.BytesIO(write_word(MEMO)))
    lines = lines_in_style(document, "Authority")
    assert lines == [
        "Quill Ltd v Northgate Ltd [2024] UKSC 99\tnotes 1, 3",
        "云产法 (2023修订)\tnote 2",
    ]


def test_markdown_says_the_same_words() -> None:
    """Without its escapes, each quoted line is the passage's; the notes follow."""
    text = write_markdown(MEMO).decode()
    lines = [line.removeprefix("> ") for line in text.splitlines() if line.startswith("> ")]
    plain = [re.sub(r"\\([\\`*_{}\[\]<>#|~&^$.+=-])", r"\1", line) for line in lines]
    assert plain[0] == "The tenant pays."
    assert plain[1] == "He pays on the first day.[^1]"
    assert plain[3] == "A *star* <b>&amp; [x](y) 1_2"
    assert re.search(
        r"^\[\^1\]: Quill Ltd .*AAAAAAAA-4 · SHA-256 a+ · <https://", text, re.MULTILINE
    )
    assert "\n## Who \\*pays\\*?\n" in text
    # No line of a document begins a list of the memo's.
    assert not re.search(r"^> (?:-|\d+\.) ", text, re.MULTILINE)


def test_html_runs_nothing_that_a_document_says() -> None:
    """Markup of documents and titles is text; only web addresses are links."""
    text = write_html(MEMO).decode()
    assert "<b>" not in text
    assert "<title>On &lt;rent&gt;</title>" in text
    assert '<blockquote lang="zh-Hans">' in text
    assert re.findall(r'href="([^#"]+)"', text) == ["https://example.org/x"] * 2
    hostile = replace(CASE, url="javascript:alert(1)")
    unsafe = replace(MEMO, quotations=(_quotation(hostile, 1, "[1]", "x", 1),))
    assert 'href="javascript' not in write_html(unsafe).decode()
    assert "javascript" not in _links(write_word(unsafe))


def _links(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return "".join(
            package.read(name).decode() for name in package.namelist() if name.endswith(".rels")
        )


def test_reference_managers_get_an_entry_a_document() -> None:
    """CSL types and RIS tags; two passages of one judgment are one entry with both pins."""
    case, law = json.loads(write_csl_json(MEMO))
    assert (case["type"], law["type"]) == ("legal_case", "legislation")
    assert case["title"] == "Quill Ltd v Northgate Ltd"
    assert case["issued"] == {"date-parts": [[2019, 6, 20]]}
    assert case["note"] == "[46] [AAAAAAAA-4]; [47] [AAAAAAAA-5]"
    assert [each["text"] for each in case["custom"]["passages"]][1] == ODD
    records = write_ris(MEMO).decode().split("ER  - \r\n")
    assert len(records) == 3
    assert records[0].startswith("TY  - CASE\r\nTI  - Quill Ltd v Northgate Ltd\r\n")
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in records[1].splitlines())


@pytest.mark.parametrize("name", [kind.name for kind in FORMATS])
@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_format_in_every_language(name: str, language: str) -> None:
    """Each can be written, and none without a title or a quotation fails."""
    kind = format_named(name)
    assert kind
    assert format_of(Path(f"x{kind.suffixes[0].upper()}")) is kind
    texts = LANGUAGES[language].memos
    assert kind.write(replace(MEMO, texts=texts, language=language, title=""))
    kind.write(replace(MEMO, quotations=(QUOTATIONS[2],)))


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_an_office_program_reads_quotations_and_notes(tmp_path: Path) -> None:
    """LibreOffice turns the file into text that holds passages, notes and authorities."""
    (tmp_path / "memo.docx").write_bytes(write_word(MEMO))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--convert-to", "txt:Text (encoded):UTF8", "memo.docx"],
        cwd=tmp_path, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    text = (tmp_path / "memo.txt").read_text("utf-8")
    for words in ("The tenant pays.", "第三十九条　租金按月支付。", "Table of authorities"):
        assert words in text


@pytest.mark.parametrize(
    ("words", "style", "title"),
    [
        ("", "plain", ""),
        ("The cloud servers", "plain", "The cloud servers"),
        ("oscola The cloud servers", "oscola", "The cloud servers"),
        ("GB/T 7714 雲端伺服器", "gb7714", "雲端伺服器"),
        ("臺灣", "tw", ""),
        ("Hong Kong  notes", "hk", "notes"),
        ("plain HK shares", "plain", "HK shares"),
        ("TWO notes", "plain", "TWO notes"),
    ],
)
def test_a_style_may_stand_before_the_title(words: str, style: str, title: str) -> None:
    """By its name or its label, in any case; else all of it is the title."""
    chosen, rest = split_style(words)
    assert (chosen.name, rest) == (style, title)
