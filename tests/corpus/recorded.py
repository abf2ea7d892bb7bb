"""A document as kept, for tests that only show one; `replace` makes others of it."""

from __future__ import annotations

from corpus.models import DocumentRecord

RECORD = DocumentRecord(
    id="K7Q2M3PD",
    title="Notices to lessors",
    date="2019-06-20",
    publisher="Gazette",
    url="https://example.org/x",
    language="en",
    sha256="0" * 64,
    media_type="text/plain",
    added="2026-11-22T12:00:00Z",
    matters=("m",),
    path="x.txt",
    passages=9,
    superseded_by=None,
)
