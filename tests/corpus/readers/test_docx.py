"""Word files become the text that Word shows, with its headings, tables and notes."""

from __future__ import annotations

import datetime as dt

import docx

from corpus.readers import docx as reader
from corpus.reading.read import read
from corpus.splitting.passages import split
from tests.corpus.readers.docx_making import SENTENCE, of_xml, p, r, saved, typed


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
