"""One file, from bytes to passages: the right reader, metadata, language, passages.

Readers and their libraries are imported when a file needs them, so that reading a text file
starts quickly in a fresh process.
"""

from __future__ import annotations

import hashlib
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib import import_module

from corpus.citing.pins import add_printed_pages
from corpus.errors import UnreadableFile
from corpus.models import Extract, Metadata, Passage, Reading
from corpus.reading.kinds import kind_of
from corpus.reading.limits import capped
from corpus.reading.metadata import complete
from corpus.reasons import Reason
from corpus.splitting.passages import split, split_units

_UNSEEN = {"Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Cn"}
_FILLERS = "\u3164\u115f\u1160\uffa0\u2800\ufffd"


def read(content: bytes, name: str) -> Reading:
    """Read one file by what its content is; `name` is kept, and tips the scale for plain text.

    Raises UnreadableFile with the reason, one line.
    """
    # By name, so that a file of one kind does not wait for the libraries of all others.
    try:
        extract: Extract = import_module(f"corpus.readers.{kind_of(content, name)}").read(
            content, name
        )
    except RecursionError as error:
        raise UnreadableFile(Reason("nested_too_deeply")) from error
    _refuse_blank(extract.text)
    metadata = _metadata_of(extract)
    reading = Reading(
        name=name,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        media_type=extract.media_type,
        text=extract.text,
        metadata=metadata,
        page_starts=extract.page_starts,
        passages=tuple(_with_pages(_passages_of(extract, metadata), extract)),
        attachments=extract.attachments,
        note=extract.note,
        quoted=extract.quoted,
    )
    return capped(reading)


def _metadata_of(extract: Extract) -> Metadata:
    """What the file says of itself, completed from its text where that is no table."""
    metadata = complete(extract)
    if not extract.units:
        return metadata
    # A row is no title, and the first date of a table is not its own.
    return replace(
        metadata,
        title=extract.metadata.title,
        date=extract.metadata.date,
        publisher=extract.metadata.publisher,
        facts=extract.metadata.facts,
    )


def _passages_of(extract: Extract, metadata: Metadata) -> Iterable[Passage]:
    if extract.units:
        return split_units(extract.text, extract.units)
    return split(
        extract.text,
        headings=extract.headings,
        page_starts=extract.page_starts,
        kind=metadata.facts.kind,
    )


def _with_pages(passages: Iterable[Passage], extract: Extract) -> Iterator[Passage]:
    """The passages with what is known of their pages: printed numbers, how sure the OCR is."""
    numbers = extract.page_numbers
    for passage in passages:
        first = passage.page or 1
        last = max(first, bisect_right(extract.page_starts, passage.end - 1))
        pin = passage.pin
        if numbers and passage.page is not None:
            # Only where these are not the count of the pages.
            pin = add_printed_pages(pin, numbers[first - 1], numbers[last - 1])
        unsure = [
            extract.unsure_pages[page]
            for page in range(first, last + 1)
            if page in extract.unsure_pages
        ]
        yield replace(passage, pin=pin, recognition=min(unsure, default=None))


def _refuse_blank(text: str) -> None:
    """Refuse text of which nothing can be seen."""
    characters = set(text)
    if all(character.isspace() for character in characters):
        raise UnreadableFile(Reason("only_white_space" if text else "no_text"))
    if all(_invisible(character) for character in characters):
        raise UnreadableFile(Reason("only_invisible_characters"))


def _invisible(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN or character in _FILLERS
