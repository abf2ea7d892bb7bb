"""A folder as it should not be, and a letter with such files inside, filed by the real readers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.ingest import Ingest
from corpus.library import Library
from corpus.models import Filed
from corpus.reading.bounded import BoundedReader
from tests.corpus.making import archive, pdf
from tests.corpus.readers.docx_making import SENTENCE, typed, with_document
from tests.corpus.readers.test_email import message
from tests.corpus.sentences import sentence

LIMIT = 1 << 20
PAGE = pdf([[(72, 770, 12, "A page about the appeal.")]])
WORD = typed(SENTENCE)
ENTITY = '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/hostname">]>'

BAD: dict[str, tuple[bytes, str]] = {
    "empty.txt": (b"", "the file is empty"),
    "blank.txt": (b" \n\t\n", "only white space"),
    "invisible.txt": ("\u200b\u2060".encode(), "only invisible characters"),
    "binary.txt": (bytes(range(256)) * 9, "text in no known encoding"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n" + bytes(99), "damaged or cut short"),
    "cut.pdf": (PAGE[:-200], "cut short"),
    "sealed.pdf": (pdf([[(72, 770, 12, "secret")]], password="x"), "the PDF is encrypted"),
    "pageless.pdf": (pdf([]), "the PDF has no pages"),
    "cut.docx": (WORD[:-200], "damaged or cut short"),
    "bomb.docx": (
        with_document(lambda xml: xml.replace("agree", "a" * 60_000_000)),
        "as zip bombs do",
    ),
    "entities.docx": (
        with_document(lambda xml: xml.replace("?>", f"?>{ENTITY}", 1)),
        "declares XML entities",
    ),
    "deep.html": (b"<html>" + b"<div>" * 100_000, "nested too deeply"),
    "large.txt": (b"x" * (LIMIT + 1), "larger than 1 MB, the limit that PINCITE_MAX_FILE_MB sets"),
    "cut.zip": (archive({"a.txt": b"x"})[:-30], "the zip archive is damaged or cut short"),
}
GOOD: dict[str, bytes] = {
    "page.txt": PAGE,  # wrong suffix
    "word": WORD,  # none
    "line.html": b"<html><body>" + b"<p>The notice names no place. " * 30_000,
    "invalid.txt": b"The court held \xff\xfe\x80 so. " * 5,
    "odd.txt": b"lone \xed\xa0\x80, NUL \x00, bidi \xe2\x80\xae and zero\xe2\x80\x8bwidth",
    "name with spaces \U0001f600\nand lines.txt": b"The name is odd and the text is not.",
}


@pytest.fixture(scope="module")
def bounded() -> Iterator[BoundedReader]:
    with BoundedReader(2, seconds=120, memory_mb=1024) as reader:
        yield reader


@pytest.fixture
def ingest(library: Library, bounded: BoundedReader, tmp_path: Path) -> Ingest:
    return Ingest(library, bounded, max_bytes=LIMIT, lock=tmp_path / "add.lock")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    for name, content in GOOD.items():
        (folder / name).write_bytes(content)
    for name, (content, _) in BAD.items():
        (folder / name).write_bytes(content)
    (folder / "same.txt").write_bytes(GOOD["odd.txt"])
    os.mkfifo(folder / "pipe")
    (folder / "loop").symlink_to("loop")
    return folder


@pytest.mark.slow
def test_each_file_of_a_bad_folder_has_its_outcome(ingest: Ingest, folder: Path) -> None:
    """One clear line each, nothing lost, and the same again when it is repeated."""
    outcomes = list(ingest.add([folder, folder / "not there"], "m"))
    by_name = {Path(outcome.path).name: outcome for outcome in outcomes}
    assert len(outcomes) == len(by_name) == len(GOOD) + len(BAD) + 4
    for name in GOOD:
        assert by_name[name].outcome == "added", by_name[name]
    for name, (_, reason) in BAD.items():
        assert reason in refusal(by_name[name])
    assert by_name["same.txt"].outcome == "unchanged"
    assert sentence(by_name["same.txt"].reason).endswith("odd.txt")
    assert refusal(by_name["pipe"]) == "it is a pipe, not a regular file"
    assert "links inside a folder are not followed" in refusal(by_name["loop"])
    assert refusal(by_name["not there"]) == "there is no such file"
    again = list(ingest.add([folder], "m"))
    assert [o.outcome for o in again] == [
        "refused" if o.outcome == "refused" else "unchanged" for o in outcomes[:-1]
    ]


@pytest.mark.slow
def test_bad_files_inside_a_letter_cost_only_themselves(ingest: Ingest) -> None:
    """The letter and its good attachments are filed, each bad one is told."""
    mail = message()
    files = {"page.txt": PAGE} | {name: content for name, (content, _) in BAD.items() if content}
    for name, content in files.items():
        mail.add_attachment(content, maintype="application", subtype="x", filename=name)
    content = mail.as_bytes()
    outcome = Ingest(ingest.library, ingest._reader, max_bytes=16 * LIMIT, lock=None).add_bytes(
        content, "letter.eml", "m", path="letter.eml"
    )
    assert outcome.outcome == "added"
    page, *bad = outcome.attachments
    assert page.outcome == "added"
    assert [Path(attachment.path).name for attachment in bad] == [
        name for name in files if name in BAD
    ]
    for attachment in bad:
        name = Path(attachment.path).name
        assert name == "large.txt" or BAD[name][1] in refusal(attachment)


def refusal(outcome: Filed) -> str:
    """The one line of a file that was refused, and left nothing."""
    assert outcome.outcome == "refused", outcome
    assert outcome.document_id is None
    assert outcome.reason
    assert "\n" not in sentence(outcome.reason)
    return sentence(outcome.reason)
