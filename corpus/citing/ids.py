"""Citation ids: short, stable, the same for the same file on every machine.

An id is the first 40 bits of the SHA-256 of the original bytes as eight characters of
Crockford base32 (https://www.crockford.com/base32.html), more characters for a document whose
eight are taken, then a hyphen and the passage's ordinal from 1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.errors import MalformedCitation

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SHORTEST = 8
LONGEST = 51  # 256 bits in fives
# Letters that look like digits are read as such: ids are copied by hand from paper, too.
_FORM = re.compile(rf"([{ALPHABET}]{{{SHORTEST},{LONGEST}}})-([1-9][0-9]{{0,8}})", re.ASCII)
_DOCUMENT = re.compile(rf"[{ALPHABET}]{{{SHORTEST},{LONGEST}}}", re.ASCII)
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–—−－", "-"))
_MESSAGE = "{!r} is no citation id; one looks like K7Q2M3PD-4 and stands below each passage"


@dataclass(frozen=True, slots=True)
class CitationId:
    """A document's id and the ordinal of one of its passages, from 1."""

    document_id: str
    ordinal: int

    def __str__(self) -> str:
        return f"{self.document_id}-{self.ordinal}"


def document_id(sha256: str, length: int = SHORTEST) -> str:
    """The first `length` characters of a hexadecimal SHA-256 in Crockford base32."""
    bits = f"{int(sha256, 16):0256b}".ljust(LONGEST * 5, "0")
    return "".join(ALPHABET[int(bits[at : at + 5], 2)] for at in range(0, length * 5, 5))


def parse_citation(text: str) -> CitationId:
    """Read an id as people write it: either case, `O` for 0, `I` and `L` for 1, any hyphen.

    Raises MalformedCitation.
    """
    match = _FORM.fullmatch(_plain(text))
    if not match:
        raise MalformedCitation(_MESSAGE.format(text[:60]))
    return CitationId(match[1], int(match[2]))


def parse_document_id(text: str) -> str:
    """Read a document's id, or the document's part of a citation id. Raises MalformedCitation."""
    plain = _plain(text)
    if _DOCUMENT.fullmatch(plain):
        return plain
    return parse_citation(text).document_id


def _plain(text: str) -> str:
    return text.strip().upper().translate(_HYPHENS).translate(_LOOKALIKES)
