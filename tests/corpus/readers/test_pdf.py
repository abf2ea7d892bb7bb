"""PDFs become the paragraphs that were typed, page by page."""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise

import pypdfium2
import pytest

from corpus.readers import pdf as reader
from corpus.reading.read import read
from tests.corpus.making import pdf, pdf_file
from tests.corpus.readers.pdf_making import HAN, SENTENCE, column, extract, judgment


@pytest.mark.parametrize("words", [SENTENCE, HAN])
def test_lines_become_the_paragraph_that_was_typed(words: str) -> None:
    """Wrapped at any width, the text comes back as one paragraph, Han without spaces."""
    for width in (40, 52, 60, 76):
        assert extract([column(words, width=width)]).text == words


def test_paragraphs_stay_apart() -> None:
    """By a gap, or by an indent; neither needs an empty line in the file."""
    gap = column(SENTENCE) + column(SENTENCE, top=680)
    assert extract([gap]).text == f"{SENTENCE}\n\n{SENTENCE}"
    lines = column(f"\u3000\u3000{HAN}") + column(f"\u3000\u3000{HAN}", top=770 - 18 * 3)
    assert extract([lines]).text == f"{HAN}\n\n{HAN}"


def test_a_word_broken_by_a_hyphen_is_one_word() -> None:
    """A hyphen of the layout goes; one that the text has elsewhere stays."""
    lines = ["a lessor of cloud servers which appealed was not li-", "able for a co-"]
    page = [(72.0, 770.0 - 18 * n, 12.0, line) for n, line in enumerate(lines)]
    page += [(72, 734, 12, "owner that the co-owner did not name")]
    assert "not liable for a co-owner that the co-owner" in extract([page]).text


def test_each_page_begins_where_the_map_says() -> None:
    """Also after a page without text; the text of a page is its slice."""
    pages = [column(f"Page {name} says this and no more.") for name in ("one", "two", "four")]
    found = extract([pages[0], pages[1], [], pages[2]])
    starts = (*found.page_starts, len(found.text))
    slices = [found.text[a:b].strip() for a, b in pairwise(starts)]
    assert slices == [
        "Page one says this and no more.",
        "Page two says this and no more.",
        "",
        "Page four says this and no more.",
    ]


def test_a_paragraph_may_go_on_over_the_page() -> None:
    """It is one paragraph, cited by both pages, and the second page begins within it."""
    lines = column(SENTENCE, top=120)
    on_one, on_two = (
        lines[:2],
        [(x, 770 - 18 * n, s, t) for n, (x, _, s, t) in enumerate(lines[2:])],
    )
    reading = read(pdf([on_one, on_two]), "a.pdf")
    assert reading.text == SENTENCE
    assert [passage.pin for passage in reading.passages] == ["pp. 1–2"]
    assert reading.text[reading.page_starts[1] :].startswith(on_two[0][3])


def test_columns_are_read_one_after_the_other() -> None:
    """A paragraph goes on from the foot of one column to the head of the next."""
    lines = column(SENTENCE * 2, width=34)
    half = len(lines) // 2
    right = [(330.0, 770 - 18.0 * n, s, text) for n, (_, _, s, text) in enumerate(lines[half:])]
    assert extract([lines[:half] + right]).text == " ".join((SENTENCE * 2).split())


def test_running_heads_and_page_numbers_are_left_out() -> None:
    """The head is kept once, footnotes are paragraphs of their own."""
    text = read(judgment(4), "a.pdf").text
    assert text.count("Locojoy v Cloud [2019] CA 1194") == 1
    assert "- 6 -" not in text
    for page in range(1, 5):
        note = f"{2 * page} See the report at {3 * page + 100}."
        assert f"\n\n[{page}] Paragraph {page}. {SENTENCE}\n\n{note}" in text


@pytest.mark.slow
def test_a_judgment_of_300_pages_is_cited_by_its_numbers() -> None:
    """Every passage lies on the page that the map counts, under the judgment's own number."""
    reading = read(judgment(300), "a.pdf")
    assert len(reading.page_starts) == 300
    for passage in reading.passages:
        first, last = (
            sum(start <= at for start in reading.page_starts)
            for at in (passage.start, passage.end - 1)
        )
        assert passage.page == first == last
        assert passage.pin == f"[{first}]"
    for page in range(1, 301):
        assert f"Paragraph {page}. " in reading.text[reading.page_starts[page - 1] :][:60]


@pytest.mark.parametrize(
    "notes",
    [
        ["3 See the report at 12."],
        ["3See the report.", "4 Ibid."],
        ["② 参见上引文。"],
        ["* On leave."],
    ],
)
def test_footnotes_stay_on_their_page(notes: list[str]) -> None:
    """They are quoted with what stands above them, not with the paragraph of the next page."""
    small = [(72.0, 90.0 - 10 * n, 8.0, note) for n, note in enumerate(notes)]
    pages = [
        [*column(f"{n}. {SENTENCE}"), *column(f"{n + 1}. {SENTENCE}", top=600)] for n in (1, 3)
    ]
    first, second, *others = read(pdf([[*pages[0], *small], pages[1]]), "a.pdf").passages
    assert first.text == f"1. {SENTENCE}"
    assert second.text == "\n\n".join([f"2. {SENTENCE}", *notes])
    assert [passage.text for passage in others] == [f"3. {SENTENCE}", f"4. {SENTENCE}"]
    assert [passage.page for passage in others] == [2, 2]


@pytest.mark.parametrize("size", [8.0, 10.5])
@pytest.mark.parametrize("words", [SENTENCE, HAN])
def test_a_paragraph_goes_on_behind_footnotes(words: str, size: float) -> None:
    """Over the page as if they were not there; they stay on their page, before it."""
    whole = column(words)
    half = len(whole) // 2
    note = (72.0, 90.0, size, "3 See the report at 12.")
    first = [*column(f"1. {SENTENCE}"), *[(x, y - 200, s, t) for x, y, s, t in whole[:half]], note]
    second = [(x, y + 18 * half, s, t) for x, y, s, t in whole[half:]]
    found = extract([first, second])
    assert found.text.split("\n\n") == [f"1. {SENTENCE}", note[3], words]
    begun = found.text[: found.page_starts[1]].replace(" ", "")
    assert begun.endswith("".join(text for *_, text in whole[:half]).replace(" ", ""))
    assert read(pdf([first, second]), "a.pdf").passages[0].text.endswith(note[3])


def test_a_paragraph_of_three_pages_keeps_its_footnotes_where_they_are() -> None:
    """Else those of the second page would lie on the first."""
    whole = [(72.0, 0.0, 12.0, text) for *_, text in column(SENTENCE * 2)]
    note = (72.0, 90.0, 8.0, "3 See the report at 12.")
    thirds = [whole[:3], whole[3:5], whole[5:]]
    pages = [[(x, 770 - 18.0 * n, s, t) for n, (x, _, s, t) in enumerate(of)] for of in thirds]
    found = extract([pages[0], [*pages[1], note], pages[2]])
    assert found.page_starts[1] < found.text.index(note[3]) < found.page_starts[2]


def test_a_short_line_at_the_end_of_a_page_leads_in() -> None:
    """What has no footnote's mark still belongs to what it opens on the next page."""
    page = [*column(f"1. {SENTENCE}"), *column("The court finds:", top=90)]
    passages = read(pdf([page, column(SENTENCE)]), "a.pdf").passages
    assert passages[-1].text == f"The court finds:\n\n{SENTENCE}"


def test_a_page_number_may_stand_alone() -> None:
    """`Page 2 of 9` is one wherever it stands; a bare number only on the page that it names."""
    one = [*column(SENTENCE), (280, 40, 9, "Page 1 of 9")]
    two = [*column(HAN), (280, 40, 9, "2")]
    assert extract([one, two]).text == f"{SENTENCE}\n\n{HAN}"
    assert "250" in extract([column(SENTENCE), [*column(HAN), (280, 40, 9, "250")]]).text


def test_single_characters_are_not_lost() -> None:
    """A last line of one character, and text set one character at a time, without its font."""
    for words in (["法院认为", "通知不合格", "。"], ["院", "判"]):
        lines = [(72.0, 770.0 - 18 * n, 12.0, line) for n, line in enumerate(words)]
        alone = [(x + 12 * at, y, s, c) for x, y, s, line in lines for at, c in enumerate(line)]
        for page in (lines, alone):
            assert "".join(extract([page]).text.split()) == "".join(words)


def test_cells_of_a_table_are_told_apart() -> None:
    """A tab stands where a wide gap did, and each row is a line of its own."""
    rows = [("2015-10-10", "First notice"), ("2017-06-20", "Judgment")]
    page = [
        (left, 770.0 - 18 * n, 12.0, cell)
        for n, row in enumerate(rows)
        for left, cell in zip((72.0, 250.0), row, strict=True)
    ]
    assert extract([page]).text.split("\n\n") == ["\t".join(row) for row in rows]


def test_landscape_pages_are_read_as_they_are_shown() -> None:
    """Turned sheets hold wide tables: cells, rows and paragraphs are told apart as on others."""
    page = [
        *((left, 500.0, 12.0, cell) for left, cell in ((72.0, "2015-10-10"), (250.0, "Notice"))),
        *column(SENTENCE, top=460),
        *column(SENTENCE, top=370),
    ]
    assert extract([page], rotated=True) == extract([page])
    assert extract([page]).text == f"2015-10-10\tNotice\n\n{SENTENCE}\n\n{SENTENCE}"


def test_a_watermark_is_no_text() -> None:
    """What lies slanting below the words parts no paragraph and is no title."""
    lines = column(SENTENCE, top=120)
    over = [lines[:2], [(x, 770 - 18.0 * n, s, t) for n, (x, _, s, t) in enumerate(lines[2:])]]
    for words in ("CONFIDENTIAL", "内部资料"):
        reading = read(pdf(over, watermark=words), "a.pdf")
        assert reading.text == SENTENCE
        assert reading.metadata.title is None


def test_a_title_property_is_believed_where_a_person_wrote_it() -> None:
    """Not the names that programs give, nor who typed the file and when it was saved."""
    page = column(SENTENCE)
    info = {"Title": "On cloud servers", "Author": "Lee & Partners", "CreationDate": "D:20190620"}
    about = read(pdf([page], info=info), "a.pdf").metadata
    assert (about.title, about.publisher, about.date) == (
        "On cloud servers",
        None,
        None,
    )
    for title, author in (("Microsoft Word - draft.docx", "Administrator"), ("(anonymous)",) * 2):
        about = read(pdf([page], info={"Title": title, "Author": author}), "a.pdf").metadata
        assert (about.title, about.publisher, about.date) == (None, None, None)


def test_a_running_head_is_no_title() -> None:
    """Two cells on the first line are a head; then the property speaks."""
    page = [(72, 810, 9, "Case 1194"), (400, 810, 9, "Judgment"), *column(SENTENCE)]
    about = read(pdf([page], info={"Title": "On cloud servers"}), "a.pdf").metadata
    assert about.title == "On cloud servers"


def test_raised_numbers_do_not_fuse_with_figures() -> None:
    """A note's number stands in brackets, in the text and before the note; a power stays raised."""
    page = [
        *((72.0, 740.0, 12.0, "The Limitation Act 1980"), (210.0, 745.0, 7.0, "12")),
        *(
            (217.0, 740.0, 12.0, " bars 10"),
            (265.0, 745.0, 7.0, "6"),
            (268.5, 740.0, 12.0, " sums."),
        ),
        *((72.0, 104.0, 5.0, "12"), (78.0, 100.0, 9.0, "As amended in 1986.")),
    ]
    assert extract([page]).text.split("\n\n") == [
        "The Limitation Act 1980[12] bars 10⁶ sums.",
        "[12] As amended in 1986.",
    ]


def turned(by: int) -> str:
    """The words of the sentence, from another one on: no two pages of a real text are alike."""
    words = SENTENCE.split()
    return " ".join(words[by % len(words) :] + words[: by % len(words)])


def test_clauses_that_recur_are_no_running_heads() -> None:
    """A form that is filled in anew on each page keeps its words on each page."""
    lines = ["TRANSFER FORM", "The Transferor transfers the shares named below.", "Number: {}"]
    pages = [
        [(72.0, 790 - 24.0 * n, 12.0, line.format(1000 * page)) for n, line in enumerate(lines)]
        for page in range(1, 5)
    ]
    text = extract(pages).text
    assert text.count(lines[0]) == text.count(lines[1]) == 4


def test_what_recurs_at_another_place_is_text() -> None:
    """A running head stands at the same height; the words of a heading may come again lower."""
    pages = [
        [
            (72.0, 810.0, 9.0, "Chan v Wong"),
            *column(turned(n)),
            (72.0, 500 - 90.0 * n, 12.0, "Costs"),
        ]
        for n in range(4)
    ]
    text = extract(pages).text
    assert (text.count("Chan v Wong"), text.count("Costs")) == (1, 4)


def test_a_chapter_has_a_running_head_of_its_own() -> None:
    """Over a part of the pages only, on every second page."""
    heads = ["Of rent" if page in {8, 10, 12, 14} else "" for page in range(30)]
    pages = [
        [*([(72.0, 810.0, 9.0, head)] if head else []), *column(turned(page))]
        for page, head in enumerate(heads)
    ]
    assert extract(pages).text.count("Of rent") == 1


def test_roman_page_numbers_are_no_text() -> None:
    """Those of a preface, before the others begin anew; a heading I is none."""
    numerals = ["i", "ii", "iii", "1", "2", "3"]
    pages = [
        [*column(f"Part {page}. {SENTENCE}"), (290.0, 40.0, 10.0, numeral)]
        for page, numeral in enumerate(numerals)
    ]
    assert extract(pages).text.split("\n\n") == [f"Part {page}. {SENTENCE}" for page in range(6)]
    assert extract([[(290, 800, 12, "I"), *column(SENTENCE)]]).text == f"I\n\n{SENTENCE}"


def test_printed_page_numbers_are_known_beside_the_count() -> None:
    """A pin names both where they differ; a number that does not count up is none."""
    numerals = ["i", "ii", "1", "2", "3", "7"]
    pages = [
        [*column(f"Part {page}. {SENTENCE}"), (290.0, 40.0, 10.0, numeral)]
        for page, numeral in enumerate(numerals)
    ]
    assert extract(pages).page_numbers == ("i", "ii", "1", "2", "3", "")
    pins = [passage.pin for passage in read(pdf(pages), "a.pdf").passages]
    assert pins[1].startswith("p. 2 (printed ii) ¶ ")
    assert pins[3].startswith("p. 4 (printed 2) ¶ ")
    assert extract(pages[2:5]).page_numbers == ()


def test_double_spaced_text_beside_close_quotations() -> None:
    """Each is joined by the distance of its own lines."""
    lines = column(SENTENCE * 3, width=60)
    wide = [(x, 790 - 30.0 * n, size, text) for n, (x, _, size, text) in enumerate(lines)]
    quotation = column(HAN, left=110, top=790 - 30 * len(lines) - 10, width=40)
    found = extract([wide + quotation]).text.split("\n\n")
    assert found == [" ".join((SENTENCE * 3).split()), HAN]


def test_two_short_lines_are_two_lines() -> None:
    """The longest line of a page is not full because it is the longest."""
    page = [(72.0, 760.0, 12.0, "股票代码：300218"), (72.0, 735.0, 12.0, "Liability cap: USD 5")]
    assert extract([page]).text == "股票代码：300218\n\nLiability cap: USD 5"


def form(*fields: str) -> bytes:
    """A PDF form: a label at y 720 and one at y 690, and these fields."""
    content = (
        b"BT /F 12 Tf 1 0 0 1 72 720 Tm (Appellant:) Tj ET "
        b"BT /F 12 Tf 1 0 0 1 90 690 Tm (Stay sought) Tj ET"
    )
    numbers = " ".join(f"{6 + number} 0 R" for number in range(len(fields)))
    resources = f"/Annots [{numbers}] /Resources << /Font << /F 5 0 R >> >>"
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [{numbers}] >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R {resources} >>",
        f"<< /Length {len(content)} >>\nstream\n{content.decode()}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *fields,
    ]
    return pdf_file([body.encode() for body in [*objects, "<< >>"]])


def test_what_was_filled_in_is_text() -> None:
    """Where the form shows it: on the line of its label, boxes ticked or not; notes apart."""
    widget = "<< /Type /Annot /Subtype /Widget /F 4"
    content = form(
        f"{widget} /FT /Tx /T (a) /V (Harbour Limited) /Rect [160 715 400 735] >>",
        f"{widget} /FT /Btn /T (b) /V /Yes /AS /Yes /Rect [72 688 84 700] >>",
        "<< /Type /Annot /Subtype /FreeText /Contents (Received 4 May) /F 4 /Rect [72 300 200 320] "
        "/DA (/F 10 Tf) >>",
        "<< /Type /Annot /Subtype /Text /Contents (Ask Lee.) /T (Wong) /Rect [9 9 20 20] >>",
        f"{widget} /FT /Tx /T (c) /V (hidden) /Rect [1 1 9 9] >>".replace("/F 4", "/F 2"),
    )
    assert reader.read(content, "a.pdf").text.split("\n\n") == [
        "Appellant:\tHarbour Limited",
        "☒ Stay sought",
        "Received 4 May",
        "Comment, Wong: Ask Lee.",
    ]


def test_files_inside_are_attachments() -> None:
    """As in portfolios; each with its name and bytes."""
    document = pypdfium2.PdfDocument(pdf([column(SENTENCE)]))
    document.new_attachment("annex.txt").set_data(b"the annex")
    file = BytesIO()
    document.save(file)
    document.close()
    [attachment] = reader.read(file.getvalue(), "a.pdf").attachments
    assert (attachment.name, attachment.content) == ("annex.txt", b"the annex")
