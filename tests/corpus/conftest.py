"""A library of one's own, and readings without the real readers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy

from corpus.database import open_database
from corpus.library import Library
from corpus.models import Attachment, Metadata, Passage, Reading


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlalchemy.Engine]:
    """A migrated SQLite database in a folder of this test's."""
    engine = open_database("", folder=tmp_path / "data")
    yield engine
    engine.dispose()


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
