"""What a reader's process says, as plain JSON and bytes, of which nothing is believed.

A parser that a hostile file has taken over may say anything. So nothing is unpickled: each field
is checked for its type and its length, a passage is cut from the text by its offsets, and the hash
and the name are the parent's own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any, Final, get_args

from corpus.errors import UnreadableFile
from corpus.models import (
    Attachment,
    DocumentFacts,
    DocumentKind,
    Edition,
    Metadata,
    Passage,
    Reading,
)
from corpus.reading import limits
from corpus.reasons import Fact, Reason

LONGEST_HEAD: Final = 128 << 20
"""Bytes of JSON that describe a reading."""

LONGEST_BODY: Final = 512 << 20
"""Bytes of its text and of the files inside it, all together."""

_MOST_ATTACHMENTS: Final = 10_000
_LONGEST_REASON: Final = 20_000
_LONGEST_FACT: Final = 500
_LONGEST_INSIDE: Final = 1000
_MOST_PAGES: Final = 1_000_000
_KINDS: Final = frozenset(get_args(DocumentKind))


class Garbled(ValueError):
    """What a reader's process says is no answer."""


def encode(reading: Reading) -> Iterator[bytes]:
    """A reading as frames: JSON, the text, and each file inside.

    Raises UnreadableFile when a passage is not in the text, or too much is inside.
    """
    text = reading.text.encode("utf-8", "surrogatepass")
    if len(text) + sum(len(inside.content) for inside in reading.attachments) > LONGEST_BODY:
        raise UnreadableFile(Reason("too_much_inside", {"limit_mb": LONGEST_BODY >> 20}))
    headings: dict[str, int] = {}
    passages = []
    for passage in reading.passages:
        if reading.text[passage.start : passage.end] != passage.text:
            place = {"ordinal": passage.ordinal, "start": passage.start}
            raise UnreadableFile(Reason("passage_not_in_text", place))
        # A section's passages share its heading, which is said once.
        heading = headings.setdefault(passage.heading, len(headings))
        passages.append([passage.start, passage.end, passage.pin, passage.page, heading])
    head = {
        "kind": "read",
        "media_type": reading.media_type,
        "metadata": asdict(reading.metadata),
        "page_starts": reading.page_starts,
        "headings": list(headings),
        "passages": passages,
        "note": reading.note.to_json() if reading.note else None,
        "quoted": reading.quoted,
        "attachments": [
            inside.name[:_LONGEST_INSIDE] for inside in reading.attachments[:_MOST_ATTACHMENTS]
        ],
    }
    yield json.dumps(head).encode()
    yield text
    yield from (inside.content for inside in reading.attachments[:_MOST_ATTACHMENTS])


def encode_reason(reason: Reason) -> bytes:
    """A refusal as a frame."""
    return json.dumps({"kind": "refused", "reason": reason.to_json()}).encode()


def head_of(frame: bytes) -> dict[str, Any]:
    """The JSON object of a first frame, which has a kind. Raises Garbled."""
    try:
        head = json.loads(frame)
    except (ValueError, RecursionError) as error:
        raise Garbled from error
    if not isinstance(head, dict) or not isinstance(head.get("kind"), str):
        raise Garbled
    return head


def reason_of(written: object) -> Reason:
    """A reason that a reader gives, with facts of a bounded length. Raises Garbled."""
    if not isinstance(written, str) or len(written) > _LONGEST_REASON:
        raise Garbled
    try:
        return _bounded(Reason.from_json(written))
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError) as error:
        raise Garbled from error


def decode(head: dict[str, Any], content: bytes, name: str, sha256: str, frame: Frame) -> Reading:
    """The reading of `content` that a head and the frames after it describe. Raises Garbled.

    `frame(longest)` receives the next frame, of at most so many bytes.
    """
    try:
        return _decode(head, content, name, sha256, frame)
    except Garbled:
        raise
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise Garbled from error


Frame = Callable[[int], bytes]


def _decode(head: dict[str, Any], content: bytes, name: str, sha256: str, frame: Frame) -> Reading:
    room = LONGEST_BODY
    encoded = frame(room)
    room -= len(encoded)
    text = encoded.decode("utf-8", "surrogatepass")
    attachments = []
    for inside in _list(head["attachments"], _MOST_ATTACHMENTS):
        inner = frame(max(1, room))
        room -= len(inner)
        attachments.append(Attachment(_text(inside, _LONGEST_INSIDE), inner))
    length = len(text)
    headings = [
        _text(heading, limits.LONGEST_HEADING)
        for heading in _list(head["headings"], limits.MOST_PASSAGES)
    ]
    note = head["note"]
    return Reading(
        name=name,
        content=content,
        sha256=sha256,
        media_type=_text(head["media_type"], limits.LONGEST_NAME),
        text=text,
        metadata=_metadata(head["metadata"]),
        page_starts=tuple(
            _number(start, 0, length) for start in _list(head["page_starts"], _MOST_PAGES)
        ),
        passages=tuple(
            _passage(ordinal, values, text, headings)
            for ordinal, values in enumerate(_list(head["passages"], limits.MOST_PASSAGES), start=1)
        ),
        attachments=tuple(attachments),
        note=reason_of(note) if note is not None else None,
        quoted=tuple(_span(span, length) for span in _list(head["quoted"], limits.MOST_PASSAGES)),
    )


def _span(span: Any, length: int) -> tuple[int, int]:
    start, end = _list(span, 2)
    first = _number(start, 0, length)
    return first, _number(end, first, length)


def _passage(ordinal: int, values: Any, text: str, headings: list[str]) -> Passage:
    start, end, pin, page, heading = _list(values, 5)
    start = _number(start, 0, len(text))
    end = _number(end, start, len(text))
    return Passage(
        ordinal,
        start,
        end,
        text[start:end],
        _text(pin, limits.LONGEST_NAME),
        None if page is None else _number(page, 1, _MOST_PAGES),
        headings[_number(heading, 0, len(headings) - 1)],
    )


def _metadata(values: Any) -> Metadata:
    fields = {name: _optional(values[name], limits.LONGEST_URL) for name in _TEXTS_OF_METADATA}
    metadata = Metadata(**fields, facts=_facts(values["facts"]))
    if limits.capped_metadata(metadata) != metadata:
        raise Garbled
    return metadata


_TEXTS_OF_METADATA: Final = ("title", "date", "publisher", "url", "language")
_TEXTS_OF_FACTS: Final = ("court", "docket", "neutral_citation", "work")
_TEXTS_OF_EDITION: Final = ("enacted", "amended", "in_force")


def _facts(values: Any) -> DocumentFacts:
    kind, edition = values["kind"], values["edition"]
    if kind is not None and kind not in _KINDS:
        raise Garbled
    return DocumentFacts(
        kind=kind,
        parties=tuple(
            _text(party, limits.LONGEST_NAME)
            for party in _list(values["parties"], limits.MOST_PARTIES)
        ),
        edition=None
        if edition is None
        else Edition(
            _text(edition["label"], limits.LONGEST_NAME),
            **{name: _optional(edition[name], limits.LONGEST_NAME) for name in _TEXTS_OF_EDITION},
        ),
        **{name: _optional(values[name], limits.LONGEST_TITLE) for name in _TEXTS_OF_FACTS},
    )


def _bounded(reason: Reason) -> Reason:
    facts: dict[str, Fact] = {}
    for name, fact in reason.facts.items():
        if isinstance(fact, Reason):
            facts[name] = _bounded(fact)
        elif isinstance(fact, str):
            facts[name] = fact[:_LONGEST_FACT]
        elif isinstance(fact, int | float):
            facts[name] = fact
        else:
            raise Garbled
    return Reason(reason.code, facts)


def _list(value: Any, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise Garbled
    return value


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise Garbled
    return value


def _optional(value: Any, longest: int) -> str | None:
    return None if value is None else _text(value, longest)


def _number(value: Any, least: int, most: int) -> int:
    # A bool is an int to Python, and no offset.
    if type(value) is not int or not least <= value <= most:
        raise Garbled
    return value
