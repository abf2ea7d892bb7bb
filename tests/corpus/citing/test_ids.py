"""Citation ids: the same for the same bytes everywhere, and read as people write them."""

from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.citing.ids import (
    ALPHABET,
    LONGEST,
    SHORTEST,
    CitationId,
    document_id,
    parse_citation,
    parse_document_id,
)
from corpus.errors import MalformedCitation

RFC_4648 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
IDS = st.builds(
    CitationId,
    st.binary().map(lambda content: document_id(hashlib.sha256(content).hexdigest())),
    st.integers(1, 999_999_999),
)


def _crockford(digest: bytes) -> str:
    """The standard library's base32, its alphabet exchanged for Crockford's."""
    plain = base64.b32encode(digest).decode().rstrip("=")
    return plain.translate(str.maketrans(RFC_4648, ALPHABET))


@given(st.binary(), st.integers(SHORTEST, LONGEST))
def test_a_documents_id_is_the_base32_of_its_hash(content: bytes, length: int) -> None:
    """The first bits of the SHA-256, as the standard library's base32 has them."""
    digest = hashlib.sha256(content)
    assert document_id(digest.hexdigest(), length) == _crockford(digest.digest())[:length]


def test_a_known_id() -> None:
    """An id never changes: it may be printed in somebody's brief."""
    assert document_id(hashlib.sha256(b"").hexdigest()) == "WERC8GMR"


@given(IDS)
def test_ids_survive_being_written_and_read(citation: CitationId) -> None:
    """Written and read again, an id is the same, and so is its document's part."""
    assert parse_citation(str(citation)) == citation
    assert parse_document_id(str(citation)) == citation.document_id
    assert parse_document_id(citation.document_id) == citation.document_id


@given(IDS)
def test_ids_are_read_as_people_write_them(citation: CitationId) -> None:
    """Lower case, O for 0, I and L for 1, other hyphens, and space around it change nothing."""
    written = str(citation).lower()
    for digit, letters in (("0", "oO"), ("1", "iIlL")):
        head, _, ordinal = written.rpartition("-")
        for letter in letters:
            assert parse_citation(f" {head.replace(digit, letter)}–{ordinal}\n") == citation


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "K7Q2M3PD",
        "K7Q2M3PD-",
        "K7Q2M3PD-0",
        "K7Q2M3PD-01",
        "K7Q2M3PD--4",
        "K7Q2M3PD-4x",
        "K7Q2M3P-4",
        "K7Q2M3PU-4",
        "K7Q2M3PD-٤",
        "K7Q2M3PD-1234567890",
        "K7Q2M3PD-4 and more",
        f"{'K' * (LONGEST + 1)}-4",
        "什麼",
    ],
)
def test_what_is_no_id_is_refused(text: str) -> None:
    """The error says what an id looks like, on one line."""
    with pytest.raises(MalformedCitation, match="one looks like") as refused:
        parse_citation(text)
    assert "\n" not in str(refused.value)


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever is written, it is an id of the fixed form or refused by the one error."""
    try:
        citation = parse_citation(text)
    except MalformedCitation as refused:
        assert len(str(refused)) < 600  # noqa: PT017 - either outcome is right
    else:
        assert citation == parse_citation(str(citation))
