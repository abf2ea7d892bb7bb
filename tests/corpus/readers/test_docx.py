"""Word files become the text that Word shows, with its headings, tables and notes."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import docx

from corpus.readers import docx as reader
from corpus.reading.read import read
from corpus.splitting.passages import split
from tests.corpus.making import rezipped
from tests.corpus.readers.docx_making import SENTENCE, of_xml, p, r, saved, table, typed
from tests.corpus.sentences import sentence


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
    """A row is a line, a tab tells cells apart; a merged cell stands in each of its rows."""
    document = docx.Document()
    table = document.add_table(3, 2)
    for row, words in enumerate([("Date", "Step"), ("2019", "Appeal\nallowed"), ("", "Costs")]):
        for cell, word in zip(table.rows[row].cells, words, strict=True):
            cell.text = word
    table.cell(1, 0).merge(table.cell(2, 0))
    document.add_paragraph("After the table.")
    text = reader.read(saved(document), "a.docx").text
    assert text == "Date\tStep\n2019\tAppeal allowed\n2019\tCosts\n\nAfter the table."


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


def run(text: str, properties: str) -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_struck_out_and_hidden_text_is_no_text() -> None:
    """By the run or by its style, and what was left out is said; one space is left between."""
    styles = (
        '<w:style w:type="character" w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="I"><w:basedOn w:val="H"/></w:style>'
    )
    body = p(r("The cap is "), run("one", "<w:strike/>"), r(" two."), run(" Aside.", "<w:vanish/>"))
    body += p(run("Seen.", '<w:rStyle w:val="I"/><w:vanish w:val="0"/>'))
    body += p(run("Unseen.", '<w:rStyle w:val="I"/>'))
    found = of_xml(body, styles=styles)
    assert found.text == "The cap is two.\n\nSeen."
    assert sentence(found.note) == (
        "hidden text was left out (13 characters); struck-out text was left out (3 characters)"
    )


def test_a_heading_run_in_is_one_paragraph_with_what_follows() -> None:
    """Its end is hidden, so that both stand on one line."""
    heading = p(r("Term."), properties="<w:rPr><w:vanish/><w:specVanish/></w:rPr>")
    assert of_xml(heading + p(r("It lasts a year."))).text == "Term. It lasts a year."


def char(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def code(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def test_fields_show_their_result_only() -> None:
    """Not that of a field inside their instruction; one that never ends hides nothing."""
    inner = char("begin") + code("MERGEFIELD X") + char("separate") + r("Senior") + char("end")
    outer = char("begin") + code("IF ") + inner + code('= "a" "b"') + char("separate")
    body = p(r("Notice of "), outer, r("three months"), char("end"), r("."))
    assert of_xml(body).text == "Notice of three months."
    assert of_xml(p(char("begin"), code("IF"), r("words"))).text == "words"


def test_forms_keep_what_was_filled_in() -> None:
    """Ticked and empty boxes, and the entry that was chosen from a list."""
    ticked = '<w:ffData><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData>'
    empty = '<w:ffData><w:checkBox><w:default w:val="0"/></w:checkBox></w:ffData>'
    chosen = (
        '<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="Hong Kong"/>'
        '<w:listEntry w:val="London"/></w:ddList></w:ffData>'
    )
    fields = [
        f'<w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r>{code("F")}{char("end")}'
        for data in (ticked, empty, chosen)
    ]
    body = p(fields[0], r(" Yes "), fields[1], r(" No, seat: "), fields[2])
    assert of_xml(body).text == "☒ Yes ☐ No, seat: London"


def test_signs_of_symbol_fonts_are_spelled() -> None:
    """By the font's own places, as an element or as text that is set in the font."""
    sign = '<w:r><w:sym w:font="Symbol" w:char="F0A3"/></w:r>'
    box = '<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>'
    degree = run("\uf0b0", '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>')
    assert of_xml(p(box, r(" 25"), degree, r("C, "), sign, r(" 5%"))).text == "☐ 25°C, ≤ 5%"


def test_raised_numbers_do_not_fuse_with_figures() -> None:
    """A note's number stands in brackets, a power stays raised, an ordinal stays a word."""
    raised = '<w:vertAlign w:val="superscript"/>'
    body = p(r("Act 1980"), run("12", raised), r(", 10"), run("6", raised), r(" on the 1"))
    body = body.replace(
        "</w:p>", run("st", raised) + r(" day of 5 m") + run("2", raised) + "</w:p>"
    )
    assert of_xml(body).text == "Act 1980[12], 10⁶ on the 1st day of 5 m²"


def test_headers_and_comments_stand_apart_at_the_end() -> None:
    """Each header once, without page numbers; a comment with whose it is and what it is about."""
    document = docx.Document()
    clause = document.add_paragraph("The indemnity is uncapped.")
    document.sections[0].header.paragraphs[0].text = "Our ref: 7/2024"
    document.sections[0].footer.paragraphs[0].text = "Page 3 of 9"
    document.add_section().header.is_linked_to_previous = True
    document.add_comment(clause.runs, "Cap it.", author="Lee", initials="L")
    found = reader.read(saved(document), "a.docx")
    day = found.text.split("Lee, ")[1][:10]
    assert found.text.split("\n\n") == [
        "The indemnity is uncapped.",
        "Comments",
        f"Lee, {day}, on “The indemnity is uncapped.”: Cap it.",
        "Headers and footers",
        "Our ref: 7/2024",
    ]
    assert [found.text[h.start : h.end] for h in found.headings] == [
        "Comments",
        "Headers and footers",
    ]


def test_documents_inserted_whole_are_read() -> None:
    """By the reader of their kind, at their place (altChunk)."""
    document = docx.Document()
    document.add_paragraph("Before.")
    content = saved(document)
    chunk = '<w:altChunk xmlns:r="{}" r:id="rChunk"/>'.format(
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    )
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        body = whole.read("word/document.xml").decode().replace("<w:sectPr", f"{chunk}<w:sectPr")
        relations = whole.read("word/_rels/document.xml.rels").decode()
    added = '<Relationship Id="rChunk" Type="x/aFChunk" Target="/word/a.htm"/></Relationships>'
    changes = {
        "word/document.xml": body,
        "word/_rels/document.xml.rels": relations.replace("</Relationships>", added),
        "word/a.htm": "<html><body><h1>Annex</h1><p>Clause 7.</p></body></html>",
    }
    found = reader.read(rezipped(content, {k: v.encode() for k, v in changes.items()}), "a.docx")
    assert found.text == "Before.\n\nAnnex\n\nClause 7."
    assert [found.text[h.start : h.end] for h in found.headings] == ["Annex"]


def test_columns_stay_in_place_when_cells_span() -> None:
    """An empty cell follows what spans two columns; a frame of one column is no table."""
    wide = f'<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{p(r("Rent"))}'
    rows = table([wide, p(r("Total"))], [p(r("due")), p(r("paid")), p(r("both"))])
    assert of_xml(rows).text == "Rent\t\tTotal\ndue\tpaid\tboth"
    assert of_xml(table([p(r("One.")) + p(r("Two."))])).text == "One.\n\nTwo."


def test_properties() -> None:
    """The title fills a gap; who typed the file and when it was saved say nothing of it."""
    document = docx.Document()
    document.add_paragraph(SENTENCE * 3)
    about = document.core_properties
    about.title, about.author, about.language = "On cloud servers", "Lee & Partners", "en-GB"
    about.created = dt.datetime(2019, 6, 20, 10, tzinfo=dt.UTC)
    found = read(saved(document), "a.docx").metadata
    assert (found.title, found.publisher, found.date, found.language) == (
        "On cloud servers",
        None,
        None,
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
