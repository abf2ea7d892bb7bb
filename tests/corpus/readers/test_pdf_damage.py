"""PDFs that are damaged, locked, cut short or scanned are refused, or noted, with a reason."""

from __future__ import annotations

import sys
from contextlib import suppress
from io import BytesIO
from unittest.mock import patch

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.models import Reading
from corpus.readers import pdf as reader
from corpus.reading.read import read
from tests.corpus.making import pdf
from tests.corpus.readers.pdf_making import HAN, SENTENCE, column, extract, judgment, refusal
from tests.corpus.readers.test_ocr import scan
from tests.corpus.sentences import sentence
from tests.examples import examples


def test_the_reason_is_never_that_of_another_file() -> None:
    """A file that is damaged is not called encrypted because the one before it was."""
    for _ in range(2):
        assert "encrypted" in refusal(pdf([column(SENTENCE)], password="x"))
        assert "damaged" in refusal(b"%PDF-1.7\nnonsense\n%%EOF\n")


def test_what_cannot_be_read_says_why() -> None:
    """Encrypted, without pages, cut short, damaged: one line each."""
    whole = pdf([column(SENTENCE)])
    assert refusal(pdf([column(SENTENCE)], password="x")) == (
        "the PDF is encrypted: save it without a password and add that"
    )
    assert refusal(pdf([])) == "the PDF has no pages"
    assert refusal(b"%PDF-1.7\n") == "the PDF is cut short, its end is missing: get a whole copy"
    assert "cut short" in refusal(whole[: len(whole) // 2])
    assert refusal(b"%PDF-1.7\nnonsense\n%%EOF\n") == "the PDF is damaged: get a whole copy"
    assert refusal(pdf([[]])) == "it holds no text"


def test_what_opens_without_a_password_is_read() -> None:
    """Many courts forbid changes by an owner's password alone."""
    assert extract([column(SENTENCE)], password="").text == SENTENCE


def test_a_scanned_page_among_others_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages with text are filed, and whoever added them is told which one is missing."""
    monkeypatch.setitem(sys.modules, "rapidocr_onnxruntime", None)
    document = pypdfium2.PdfDocument(pdf([column(SENTENCE), column(HAN)]))
    document.import_pages(pypdfium2.PdfDocument(scan([["a picture"]])))
    file = BytesIO()
    document.save(file)
    document.close()
    found = reader.read(file.getvalue(), "a.pdf")
    assert found.text == f"{SENTENCE}\n\n{HAN}"
    assert found.page_starts[2] == len(found.text)
    assert sentence(found.note) == (
        "1 of its 3 pages are scanned (page 3) and were not read: add a copy that holds their text"
    )


WHOLE = judgment(3)


@given(st.integers(0, len(WHOLE) - 1))
@settings(deadline=None, max_examples=examples(60))
def test_a_cut_copy_is_never_filed_as_the_whole(length: int) -> None:
    """Cut anywhere it is refused, unless nothing but the last line end is missing."""
    cut = WHOLE[:length]
    if cut.rstrip().endswith(b"%%EOF") or not cut.startswith(b"%PDF-1.7"):
        return
    with pytest.raises(UnreadableFile):
        reader.read(cut, "a.pdf")


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=20))
@settings(deadline=None, max_examples=examples(60))
def test_damage_is_read_or_refused(damage: list[tuple[int, int]]) -> None:
    """Whatever bytes are wrong: a reading whose passages are its text, or a reason."""
    content = bytearray(WHOLE)
    for at, byte in damage:
        content[at] = byte
    reading: Reading | None = None
    with patch.dict(sys.modules, rapidocr_onnxruntime=None), suppress(UnreadableFile):
        reading = read(bytes(content), "a.pdf")
    if reading:
        assert all(p.text == reading.text[p.start : p.end] for p in reading.passages)
