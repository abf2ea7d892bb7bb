from __future__ import annotations

import ctypes
import io
import random
import sys
import textwrap
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest
from docx.shared import Inches
from pypdfium2 import raw

from corpus.errors import UnreadableFile
from corpus.library import Library
from corpus.readers import docx as docx_reader
from corpus.readers import ocr
from corpus.readers.page_layout import arrange
from corpus.reading.bounded import BoundedReader
from corpus.reading.read import read
from corpus.reasons import Reason
from tests.corpus.making import pdf
from tests.corpus.readers.docx_making import saved
from tests.corpus.sentences import sentence

pytestmark = pytest.mark.slow

FIRST = (
    "The provider of cloud servers is not obliged to examine in advance the content which its "
    "customers keep on them, and a notice that names no place is no proper notice at all."
)
SECOND = (
    "The appeal is therefore allowed; the judgment of the first instance is set aside, and the "
    "respondent bears the costs of both instances, which amount to eight thousand dollars."
)
PARAGRAPHS = (FIRST, SECOND)
LETTER = 40  # pixels, 14 points at 200 dots an inch


def scan(pages: Sequence[Sequence[str]], *, angle: float = 0, specks: int = 0) -> bytes:
    """A PDF of A4 pages without any text, only pictures of these paragraphs."""
    image = pytest.importorskip("PIL.Image")
    draw, fonts = pytest.importorskip("PIL.ImageDraw"), pytest.importorskip("PIL.ImageFont")
    chance, pictures = random.Random(1), []
    for paragraphs in pages:
        page = image.new("L", (1654, 2339), 245)
        y = 200
        for paragraph in paragraphs:
            for line in textwrap.wrap(paragraph, 62):
                draw.Draw(page).text((150, y), line, font=fonts.load_default(LETTER), fill=30)
                y += 68
            y += 68
        for _ in range(specks):
            page.putpixel((chance.randrange(1654), chance.randrange(2339)), chance.randrange(256))
        pictures.append(page.rotate(angle, fillcolor=245, resample=image.Resampling.BICUBIC))
    file = io.BytesIO()
    pictures[0].save(file, "PDF", save_all=True, append_images=pictures[1:], resolution=200)
    return file.getvalue()


def stamped(content: bytes, words: str) -> bytes:
    """The PDF with words at the head of its first page, as courts put them on what is filed."""
    document = pypdfium2.PdfDocument(content)
    page = document[0]
    font = raw.FPDFText_LoadStandardFont(document, b"Helvetica")
    stamp = raw.FPDFPageObj_CreateTextObj(document, font, 9.0)
    encoded = ctypes.create_string_buffer((words + "\0").encode("utf-16-le"))
    raw.FPDFText_SetText(stamp, ctypes.cast(encoded, raw.FPDF_WIDESTRING))
    raw.FPDFPageObj_Transform(stamp, 1, 0, 0, 1, 150, page.get_height() - 30)
    raw.FPDFPage_InsertObject(page, stamp)
    page.gen_content()
    file = io.BytesIO()
    document.save(file)
    document.close()
    return file.getvalue()


def likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


@pytest.fixture
def engine() -> None:
    pytest.importorskip("rapidocr_onnxruntime", reason="needs the ocr extra")


@pytest.mark.usefixtures("engine")
def test_a_scan_is_read_within_the_limits_of_a_real_reading() -> None:
    """Words, spaces and pages of a speckled, slightly turned scan come back, nearly all."""
    content = scan([[FIRST], [SECOND]], angle=0.4, specks=2000)
    with BoundedReader(1, seconds=300, memory_mb=1024) as reader:
        reading = reader.read(content, "scan.pdf")
    assert likeness(" ".join(reading.text.split()), " ".join(PARAGRAPHS)) > 0.98
    assert likeness(" ".join(reading.text.split()), "".join(PARAGRAPHS).replace(" ", "")) < 0.95
    first, second = reading.page_starts
    assert first == 0
    assert likeness(reading.text[second : second + 22], SECOND[:22]) > 0.8
    assert reading.note is None
    assert {passage.page for passage in reading.passages} <= {1, 2}


@pytest.mark.usefixtures("engine")
def test_a_page_that_lay_upside_down_is_read() -> None:
    """Its lines come in the order in which a person would read them."""
    text = read(scan([PARAGRAPHS], angle=180), "scan.pdf").text
    assert likeness(" ".join(text.split()), " ".join(PARAGRAPHS)) > 0.98


@pytest.mark.usefixtures("engine")
def test_a_picture_without_text_is_no_document() -> None:
    """A blank scan says that it holds no text."""
    with pytest.raises(UnreadableFile, match="no_text"):
        read(scan([[]]), "blank.pdf")


STAMP = "Case 4:24-cv-01214 Document 26-3 Filed 01/29/24"


@pytest.mark.usefixtures("engine")
def test_a_stamp_on_a_scan_does_not_make_it_read() -> None:
    """The page is recognized; what the stamp's own characters say is not read from its picture."""
    text = read(stamped(scan([[FIRST]]), STAMP), "scan.pdf").text
    assert text.startswith(f"{STAMP}\n\n")
    assert likeness(" ".join(text.split()), f"{STAMP} {FIRST}") > 0.98


def test_a_stamped_scan_is_said_to_be_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, as a scan without a stamp."""
    monkeypatch.setitem(sys.modules, "rapidocr_onnxruntime", None)
    with pytest.raises(UnreadableFile) as refusal:
        read(stamped(scan([[FIRST]]), STAMP), "scan.pdf")
    assert refusal.value.reason == Reason(
        "scanned_without_ocr", {"scanned": 1, "pages": 1, "numbers": "1"}
    )


def test_letters_within_a_sum_are_zeros() -> None:
    """Recognition takes one for the other; in words both stay."""
    [[total, words]] = ocr.join_boxes(
        [(box(0, 0, 90, 20), "USD 750,oo0", 0.9), (box(100, 0, 190, 20), "2,oOo1 Co", 0.9)]
    )
    assert (total.text, words.text) == ("USD 750,000", "2,oOo1 Co")


@pytest.mark.usefixtures("engine")
def test_a_picture_that_fills_a_page_of_a_word_file_is_read() -> None:
    """At its place, and it is said how sure that was; a small one is no text."""
    document = pypdfium2.PdfDocument(scan([[FIRST]]))
    file = io.BytesIO()
    document[0].render(scale=2).to_pil().save(file, "PNG")
    document.close()
    letter = docx.Document()
    letter.add_paragraph("Exhibit C:")
    letter.add_picture(io.BytesIO(file.getvalue()), width=Inches(6))
    letter.add_picture(io.BytesIO(file.getvalue()), width=Inches(1))
    letter.add_paragraph("End.")
    extract = docx_reader.read(saved(letter), "a.docx")
    first, *between, last = extract.text.split("\n\n")
    assert (first, last) == ("Exhibit C:", "End.")
    assert likeness(" ".join(between), FIRST) > 0.95
    assert extract.note
    assert extract.note.code == "pictures_recognised"
    assert str(extract.note.facts["percent"]) > "90"


def test_without_the_extra_a_scan_is_refused_and_told_how_to_be_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One line: which pages, and what to install."""
    monkeypatch.setitem(sys.modules, "rapidocr_onnxruntime", None)
    assert not ocr.available()
    with pytest.raises(UnreadableFile) as refusal:
        read(scan([["one"], ["two"]]), "scan.pdf")
    assert sentence(refusal.value) == (
        "2 of its 2 pages are scanned (page 1, 2), and reading them needs the ocr extra: "
        "pip install 'pincite[ocr]'"
    )


def test_shapes_without_characters_count_as_scanned(monkeypatch: pytest.MonkeyPatch) -> None:
    """A font that says not which characters its shapes are gives no text to quote."""
    monkeypatch.setitem(sys.modules, "rapidocr_onnxruntime", None)
    with pytest.raises(UnreadableFile, match="scanned_without_ocr"):
        read(pdf([[(72, 770, 12, "\ue001\ue002\ue003\ue004\ue005")]]), "unmapped.pdf")


def test_memory_that_runs_out_is_known_as_that(monkeypatch: pytest.MonkeyPatch) -> None:
    """The runtime's own error for it becomes Python's, which the bounds understand."""

    def fail(image: Any) -> None:
        raise RuntimeError("std::bad_alloc")

    monkeypatch.setattr(ocr, "_read", fail)
    with pytest.raises(MemoryError):
        ocr.recognize(None)


def test_a_wide_gap_between_letters_is_a_space() -> None:
    """Only between Latin letters, and only where it is wide for its line."""
    assert ocr.insert_spaces("OFTHE", [0.05, 0.4, 0.05, 0.05]) == "OF THE"
    assert ocr.insert_spaces("2019", [0.4, 0.05, 0.05]) == "2019"
    assert ocr.insert_spaces("法院 A", [0.4, 0.4, 0.4]) == "法院 A"
    assert ocr.insert_spaces("WIDE", [0.4, 0.4, 0.4]) == "WIDE"  # letter-spaced
    assert ocr.insert_spaces("", []) == ocr.insert_spaces("", [0.1]) == ""


def test_gaps_are_measured_on_the_picture() -> None:
    """The blank columns between two places, in units of the line's height."""
    numpy = pytest.importorskip("numpy")
    strip = numpy.full((20, 100, 3), 255, dtype="uint8")
    for left, right in ((5, 15), (17, 27), (47, 57)):
        strip[5:15, left:right] = 0
    assert ocr.measure_gaps(strip, [0.1, 0.22, 0.52]) == [2 / 20, 20 / 20]


def box(left: float, top: float, right: float, bottom: float) -> ocr.Box:
    return [[left, top], [right, top], [right, bottom], [left, bottom]]


def test_boxes_beside_each_other_are_cells_of_one_line() -> None:
    """Top to bottom, then left to right, with a tab between cells."""
    lines = arrange(
        ocr.join_boxes(
            [
                (box(300, 12, 400, 32), "260,000", 0.9),
                (box(10, 50, 200, 70), "second line", 0.8),
                (box(10, 10, 200, 30), "damages", 0.7),
            ]
        )
    )
    assert [line.text for line in lines] == ["damages\t260,000", "second line"]
    assert lines[0].y > lines[1].y
    assert lines[0].size == 20
    assert [line.confidence for line in lines] == [0.7, 0.8]


@pytest.mark.usefixtures("engine")
def test_what_was_read_unsurely_is_known_to_each_of_its_passages(
    monkeypatch: pytest.MonkeyPatch, library: Library
) -> None:
    """The page that the OCR doubts marks its own passages alone, also from the database."""
    doubts = iter([0.93, 0.61])
    monkeypatch.setattr(ocr, "confidence_of", lambda _: next(doubts))
    reading = read(scan([[FIRST] * 9, [SECOND] * 9]), "scan.pdf")
    assert {(passage.page, passage.recognition) for passage in reading.passages} >= {
        (1, None),
        (2, 61),
    }
    library.file(reading, matter="m", path="scan.pdf")
    stored = {passage.ordinal: passage.recognition for passage in library.live_passages()}
    assert stored == {passage.ordinal: passage.recognition for passage in reading.passages}


NOTICE = "Notice to the tenant of Unit 12 The lease ends on 31 March 2026 unless it is renewed"
HEIC = (Path(__file__).parent / "notice.heic").read_bytes()


def encoded(suffix: str) -> bytes:
    """The picture of the notice as another kind of file."""
    cv2 = pytest.importorskip("cv2", reason="needs the ocr extra")
    pixels = ocr.decode_picture(HEIC)
    if suffix == ".tiff":
        written, data = cv2.imencodemulti(suffix, [pixels, pixels])
    else:
        written, data = cv2.imencode(suffix, pixels)
    assert written
    return bytes(data)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("suffix", [".heic", ".png", ".jpg", ".webp", ".bmp", ".tiff", ".avif"])
def test_a_photographed_page_is_read_from_every_kind_of_picture(suffix: str) -> None:
    """The kind is known by the content, also under a wrong name; a TIFF may hold pages."""
    content = HEIC if suffix == ".heic" else encoded(suffix)
    reading = read(content, "photo.jpg")
    first = reading.text.split("\f")[0][: len(NOTICE) + 40]
    assert likeness(" ".join(first.split())[: len(NOTICE)], NOTICE) > 0.9
    assert len(reading.page_starts) == (2 if suffix == ".tiff" else 0)
    assert reading.media_type.startswith("image/")


@pytest.mark.usefixtures("engine")
def test_a_damaged_or_huge_phone_picture_is_refused() -> None:
    """By its header where that says too much; never with an error of the library."""
    for content in (HEIC[:200], HEIC[:3000], HEIC[:300] + bytes(4000)):
        with pytest.raises(UnreadableFile, match=r"damaged_picture|picture_without_text"):
            read(content, "photo.heic")


def test_a_phone_picture_without_its_reader_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ocr, "available", lambda: True)
    monkeypatch.setattr(ocr, "find_spec", lambda name: None)
    with pytest.raises(UnreadableFile, match="heic_picture"):
        read(HEIC, "photo.heic")
