"""Citation ids: short, stable, the same for the same file on every machine.

An id is the first 40 bits of the SHA-256 of the original bytes as eight characters of
Crockford base32 (https://www.crockford.com/base32.html), more characters for a document whose
eight are taken, then a hyphen and the passage's ordinal from 1.

Forty bits are short enough to be copied by hand, and short enough to collide on purpose: whoever
makes both files finds two with one id in seconds. So a citation that is copied by a button or from
a terminal carries eighty bits more, `K7Q2M3PD-4~9TZ0QW5N3KXB7RHE`. Opening it says so where the
document here is another one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from corpus.errors import MalformedCitation

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SHORTEST = 8
LONGEST = 51  # 256 bits in fives
# Letters that look like digits are read as such: ids are copied by hand from paper, too.
_FORM = re.compile(
    rf"([{ALPHABET}]{{{SHORTEST},{LONGEST}}})-([1-9][0-9]{{0,8}})(?:~([{ALPHABET}]{{4,43}}))?",
    re.ASCII,
)
CHECKED = 16
"""Characters of the hash behind the `~` of a copied citation."""
_DOCUMENT = re.compile(rf"[{ALPHABET}]{{{SHORTEST},{LONGEST}}}", re.ASCII)
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–—−－", "-"))
_MESSAGE = "{!r} is no citation id; one looks like K7Q2M3PD-4 and stands below each passage"


@dataclass(frozen=True, slots=True)
class CitationId:
    """A document's id and the ordinal of one of its passages, from 1.

    `check`: what follows the id in the hash of the document that was cited; '' where it was left
    out.
    """

    document_id: str
    ordinal: int
    check: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.document_id}-{self.ordinal}"

    def agrees(self, sha256: str) -> bool:
        """Whether a document of this hash is the one that was cited, as far as that was said."""
        length = len(self.document_id) + len(self.check)
        return not self.check or document_id(sha256, length) == self.document_id + self.check


def checked(citation: str, sha256: str) -> str:
    """A citation id with more of its document's hash, to be copied."""
    cited = parse_citation(citation)
    length = min(LONGEST, len(cited.document_id) + CHECKED)
    return f"{citation}~{document_id(sha256, length)[len(cited.document_id) :]}"


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
    return CitationId(match[1], int(match[2]), match[3] or "")


def parse_document_id(text: str) -> str:
    """Read a document's id, or the document's part of a citation id. Raises MalformedCitation."""
    plain = _plain(text)
    if _DOCUMENT.fullmatch(plain):
        return plain
    return parse_citation(text).document_id


def _plain(text: str) -> str:
    return text.strip().upper().translate(_HYPHENS).translate(_LOOKALIKES)
