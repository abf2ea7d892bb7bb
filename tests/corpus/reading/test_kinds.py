from __future__ import annotations

import gzip
import io
import struct
import tarfile
import wave
from importlib import import_module
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.reading.kinds import Kind, kind_of
from corpus.reading.read import read
from tests.corpus.making import archive, pdf
from tests.corpus.readers.docx_making import typed
from tests.corpus.sentences import sentence

MAIL = b"Received: by x\nFrom: Lee <lee@example.org>\nTo: a@example.org\nSubject: x\n\nbody"
SAMPLES = {
    "pdf": pdf([[(72, 770, 12, "A page.")]]),
    "docx": typed("A document."),
    "html": b"<!DOCTYPE html><html><body><p>A page.</p></body></html>",
    "email": MAIL,
    "plain": b"A text, and nothing else.",
    "markdown": b"---\ntitle: A text\n---\n\nA text.",
}


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.html", "a.eml", "a.txt", "a", "a.JPG"])
@pytest.mark.parametrize("kind", [kind for kind in SAMPLES if kind != "plain"])
def test_the_name_does_not_matter(kind: str, name: str) -> None:
    """A file is what its content is, whatever its name says, or fails to say."""
    assert kind_of(SAMPLES[kind], name) == kind


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_has_a_reader(kind: str) -> None:
    """A module of its name, which reads bytes."""
    assert callable(import_module(f"corpus.readers.{kind}").read)


def test_the_name_tips_the_scale_for_text() -> None:
    """Text is Markdown by its name or by several headings, unless its name says plain."""
    assert kind_of(b"A text.", "a.md") == "markdown"
    assert kind_of(b"A text.", "a.txt") == kind_of(b"A text.", "a") == "plain"
    headings = b"# One\n\ntext\n\n## Two\n\ntext\n"
    assert kind_of(headings, "a") == "markdown"
    assert kind_of(headings, "a.txt") == "plain"


@pytest.mark.parametrize(
    "content",
    [
        b"From: the clerk of the court\nTo: all parties\nRe: hearing\n\nIt is moved to June.",
        b"From: Lee <lee@example.org>\nSent: Tuesday\nTo: Wong\nSubject: x\n\nprinted as text",
        b"From: here on the text goes on\n\nand on.",
        b"Title: A report\nDate: 2019-06-20\n\nBody.",
    ],
)
def test_a_memorandum_is_no_mail(content: bytes) -> None:
    """Whose lines are all text: as mail, those that no message has would be lost."""
    assert kind_of(content, "memo.txt") == "plain"
    assert read(content, "memo.txt").text == content.decode()


def test_markup_in_wide_encodings_is_seen() -> None:
    """UTF-16 puts a NUL between the letters."""
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        page = "<html><body><p>法院</p></body></html>".encode(encoding)
        assert kind_of(page, "a") == "html"
        assert read(page, "a").text == "法院"


def test_text_about_markup_is_text() -> None:
    """A mention of an element makes no page, and of a header no message."""
    assert kind_of(b"The <p> element is for paragraphs. <b>x</b>", "a.txt") == "plain"
    assert kind_of(b"<unknown>x</unknown>", "a.txt") == "plain"
    assert kind_of(b"He wrote: From: me To: you", "a.txt") == "plain"


def _sound() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\0\0" * 100)
    return file.getvalue()


def _tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as folder:
        folder.addfile(tarfile.TarInfo("a.txt"), io.BytesIO(b""))
    return file.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "the picture is damaged or cut short"),
        (b"\xff\xd8\xff\xe0" + bytes(20), "the picture is damaged or cut short"),
        (_sound(), "it is a sound or film, not a document"),
        (gzip.compress(b"text"), "it is an archive (gzip): unpack it and add its files"),
        (_tar(), "it is an archive (tar): unpack it and add its files"),
        (archive({"xl/workbook.xml": b""}), "the spreadsheet is damaged or cut short"),
        (archive({"ppt/presentation.xml": b""}), "the presentation is damaged or cut short"),
        (archive({"content.xml": b""}), "the OpenDocument file is damaged or cut short"),
        (archive({"a.txt": b"x" * 99})[:40], "the zip archive is damaged or cut short"),
        (OLE, "the old Office file is damaged or cut short"),
        (b"SQLite format 3\0" + bytes(100), "it is a database, not a document"),
        (b"\x7fELF" + bytes(100), "it is a program, not a document"),
        (struct.pack("<I", 0x223E9F78) + b"x", "it is Outlook's wrapping (winmail.dat): ask for"),
        (b" \n\t \r\n", "it holds no text, only white space"),
        ("\u3000\u00a0\u2003".encode(), "it holds no text, only white space"),
        ("\u200b\u200d\u2060\ufeff".encode(), "it holds no text, only invisible characters"),
        (b"\xef\xbb\xbf", "it holds no text"),
        (b"\xff\xfe", "it holds no text"),
        (bytes(range(256)) * 8, "its bytes are text in no known encoding; if it is text, save"),
    ],
    ids=lambda given: given if isinstance(given, str) else "content",  # archives hold the time
)
def test_what_no_reader_reads_says_what_it_is(content: bytes, reason: str) -> None:
    """One line, with what to do; also under the name of a text."""
    for name in ("a.txt", "a.pdf", "a"):
        with pytest.raises(UnreadableFile) as refused:
            read(content, name)
        assert sentence(refused.value).startswith(reason)
        assert "\n" not in sentence(refused.value)


def test_harmful_characters_are_kept_harmless() -> None:
    """NUL and lone surrogates become U+FFFD; what else is invisible stays, as it was written."""
    content = b"a\x00b \xed\xa0\x80 \xe2\x80\xaec\xe2\x80\xac d\xe2\x80\x8be"
    assert read(content, "a.txt").text == "a\ufffdb \ufffd \u202ec\u202c d\u200be"


@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.md", "a.pdf", "a"]))
def test_any_bytes_are_read_or_refused(content: bytes, name: str) -> None:
    """Whatever a file holds: passages that are slices of its text, or one line why not."""
    try:
        reading = read(content, name)
    except UnreadableFile as refused:
        assert sentence(refused)  # noqa: PT017
        assert "\n" not in sentence(refused)  # noqa: PT017
    else:
        assert reading.content == content
        assert all(p.text == reading.text[p.start : p.end] for p in reading.passages)
        assert not any("\ud800" <= c <= "\udfff" or c == "\0" for c in reading.text)
