"""Word files that are damaged, encrypted or made to harm are refused with a reason."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.readers import docx as reader
from tests.corpus.making import archive, rezipped
from tests.corpus.readers.docx_making import SENTENCE, W, p, r, refusal, typed, with_document


def test_zip_bombs_are_not_unpacked() -> None:
    """What unpacks to hundreds of times its size is refused by the sizes that it declares."""
    bomb = with_document(lambda xml: xml.replace("agree", "a" * 60_000_000))
    assert len(bomb) < 200_000
    assert "zip bomb" in refusal(bomb)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_xml_that_declares_anything_is_not_parsed(encoding: str) -> None:
    """No document type, no entity: not from files, not from the network, not a billion laughs."""
    head = (
        f'<?xml version="1.0" encoding="{encoding.upper()[:6]}"?>'
        '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    )
    xml = f"{head}<w:document {W}><w:body>{p(r('&e;'))}</w:body></w:document>".encode(encoding)
    content = rezipped(typed("x"), {"word/document.xml": xml})
    assert refusal(content) == (
        "the Word file declares XML entities, which Word never does: it is not opened"
    )


def test_what_cannot_be_read_says_why() -> None:
    """Cut short, damaged, without its main part, encrypted, empty: one line each."""
    content = typed(SENTENCE)
    damaged = "the Word file is damaged or cut short: get a whole copy"
    assert refusal(content[: len(content) // 2]) == damaged
    assert refusal(archive({"word/document.xml": b"<w:document/>"})) == damaged
    assert refusal(with_document(lambda xml: xml[: len(xml) // 2])) == damaged
    assert refusal(typed()) == "it holds no text"
    sealed = bytearray(content)
    at = sealed.find(b"PK\x01\x02")
    sealed[at + 8] |= 1  # the first member's flag
    assert "encrypted" in refusal(bytes(sealed))


WHOLE = typed(SENTENCE, "二审改判。", SENTENCE)


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=12))
@settings(deadline=None, max_examples=100)
def test_damage_is_read_or_refused(damage: list[tuple[int, int]]) -> None:
    """Whatever bytes are wrong: text, or a reason that a person understands."""
    content = bytearray(WHOLE)
    for at, byte in damage:
        content[at] = byte
    try:
        text = reader.read(bytes(content), "a.docx").text
    except UnreadableFile:
        return
    assert "\0" not in text


@pytest.mark.parametrize("change", [lambda part: part[: len(part) // 2], lambda _: b"<x/>"])
def test_each_part_may_be_damaged(change: Callable[[bytes], bytes]) -> None:
    """Half of it, or something else in its place: text, or a reason that a person understands."""
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    read_all = 0
    for name, part in parts.items():
        with suppress(UnreadableFile):
            read_all += "二审改判。" in reader.read(rezipped(WHOLE, {name: change(part)}), "a").text
    assert 0 < read_all < len(parts)
