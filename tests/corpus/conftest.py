"""A library of one's own on either database, and readings without the real readers."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import sqlalchemy

from corpus.errors import UnreadableFile
from corpus.ingest import Ingest
from corpus.library import Library
from corpus.models import Attachment, Filed, Metadata, Passage, Reading
from corpus.reasons import Reason
from tests.databases import Opened, new_postgresql_url

__all__ = ["Opened", "new_postgresql_url"]


@pytest.fixture
def database(url: str, opened: Opened) -> sqlalchemy.Engine:
    """A migrated database of this test's own."""
    return opened(url)


@pytest.fixture
def library(database: sqlalchemy.Engine) -> Library:
    """An empty library."""
    return Library(database)


def reading_of(
    text: str,
    *,
    name: str = "note.txt",
    title: str | None = None,
    content: bytes | None = None,
    media_type: str = "text/plain",
    attachments: tuple[Attachment, ...] = (),
) -> Reading:
    """A reading as readers make it: one passage a line, the lines' own spans."""
    original = text.encode("utf-8", "surrogatepass") if content is None else content
    lines = [line for line in re.finditer(r"[^\n]+", text) if line[0].strip()]
    return Reading(
        name=name,
        content=original,
        sha256=hashlib.sha256(original).hexdigest(),
        media_type=media_type,
        text=text,
        metadata=Metadata(title=title, date="2019-06-20", language="en"),
        page_starts=(),
        passages=tuple(
            Passage(ordinal, line.start(), line.end(), line[0], f"¶ {ordinal}")
            for ordinal, line in enumerate(lines, start=1)
        ),
        attachments=attachments,
    )


def filed(library: Library, text: str, path: str = "/x", matter: str = "a") -> Filed:
    """The outcome of filing a text, which must have an id."""
    outcome = library.file(reading_of(text), matter=matter, path=path)
    assert outcome.document_id
    return outcome


def id_of(outcome: Filed) -> str:
    """The document's id."""
    assert outcome.document_id
    return outcome.document_id


class PlainReader:
    """Reads in this process: text in UTF-8, and `letter`s; what is empty or no UTF-8 is refused."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def read_many(self, files: Iterable[tuple[bytes, str]]) -> Iterator[Reading | UnreadableFile]:
        """As BoundedReader does, always one file ahead."""
        ahead: Reading | UnreadableFile | None = None
        for content, name in files:
            if ahead:
                yield ahead
            self.read.append(name)
            ahead = self._read(content, name)
        if ahead:
            yield ahead

    def _read(self, content: bytes, name: str) -> Reading | UnreadableFile:
        if not content:
            return UnreadableFile(Reason("empty_file"))
        try:
            text = content.decode()
        except UnicodeDecodeError:
            return UnreadableFile(Reason("no_text"))
        if not text.startswith('{"letter"'):
            return reading_of(text, name=name)
        fields = json.loads(text)
        inside = tuple(Attachment(name, text.encode()) for name, text in fields["inside"])
        return reading_of(
            fields["letter"],
            name=name,
            content=content,
            media_type="message/rfc822",
            attachments=inside,
        )


def letter(text: str, *inside: tuple[str, str]) -> str:
    """A file for PlainReader that holds others: names and texts."""
    return json.dumps({"letter": text, "inside": inside})


@pytest.fixture
def reader() -> PlainReader:
    """A reader that notes what it read."""
    return PlainReader()


@pytest.fixture
def ingest(library: Library, reader: PlainReader, tmp_path: Path) -> Ingest:
    """An ingest of files of up to 1,000 bytes into the library."""
    return Ingest(library, reader, max_bytes=1000, lock=tmp_path / "add.lock")
