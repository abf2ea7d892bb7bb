"""Plain text: the bytes, decoded, and nothing else."""

from __future__ import annotations

from corpus.models import Extract
from corpus.reading.decoding import decode


def read(content: bytes, name: str) -> Extract:
    """Read plain text in whatever encoding it is. Raises UnreadableFile."""
    return Extract(decode(content).text, "text/plain")
