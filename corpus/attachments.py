"""Reads the files inside a file, to be filed with it; bounded in depth, number and size."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from posixpath import splitext
from typing import Final

from corpus import files
from corpus.errors import UnreadableFile
from corpus.filing import Part
from corpus.models import Attachment, Reading
from corpus.reasons import Reason

# A file of a few kilobytes can hold thousands of others, nested as deep as it likes.
DEEPEST: Final = 3
MOST: Final = 200
MOST_BYTES: Final = 200 << 20
_LONGEST_NAME: Final = 120
_NO_NAME: Final = {"", ".", ".."}
_SEPARATORS: Final = re.compile(r"[/\\\0]+")


@dataclass(slots=True)
class AttachmentReader:
    """Reads the files inside one file; `left` is how many more of them it will read."""

    read_many: Callable[[Iterable[tuple[bytes, str]]], Iterator[Reading | UnreadableFile]]
    max_bytes: int
    left: int = MOST
    bytes_left: int = MOST_BYTES
    """What archives inside archives may unpack to, all together."""

    def parts(self, whole: Reading, path: str, depth: int = 1) -> tuple[Part, ...]:
        """The files inside a reading, and those inside them, each under its container's path."""
        attachments = whole.attachments
        if not attachments:
            return ()
        if depth > DEEPEST:
            return (_rest(path, attachments, Reason("too_deep_inside", {"limit": DEEPEST})),)
        readable, unread = attachments[: self.left], attachments[self.left :]
        self.left -= len(readable)
        sizes = itertools.accumulate(len(attachment.content) for attachment in readable)
        fitting = sum(size <= self.bytes_left for size in sizes)
        readable, too_much = readable[:fitting], readable[fitting:]
        self.bytes_left -= sum(len(attachment.content) for attachment in readable)
        names = _distinct([attachment.name for attachment in readable])
        parts = [
            Part(inner_path, reading, self._deeper(reading, inner_path, depth))
            for inner_path, reading in zip(
                (f"{path}/{name}" for name in names),
                # One level before the next, so that the worker processes share the work.
                list(self._readings(readable, names)),
                strict=True,
            )
        ]
        if too_much:
            limit = Reason("too_much_inside", {"limit_mb": MOST_BYTES >> 20})
            parts.append(_rest(path, too_much, limit))
        if unread:
            parts.append(_rest(path, unread, Reason("too_many_inside", {"limit": MOST})))
        return tuple(parts)

    def _deeper(self, reading: Reading | UnreadableFile, path: str, depth: int) -> tuple[Part, ...]:
        return self.parts(reading, path, depth + 1) if isinstance(reading, Reading) else ()

    def _readings(
        self, attachments: Sequence[Attachment], names: Sequence[str]
    ) -> Iterator[Reading | UnreadableFile]:
        fits = [len(attachment.content) <= self.max_bytes for attachment in attachments]
        readings = self.read_many(
            (attachment.content, name)
            for attachment, name, fit in zip(attachments, names, fits, strict=True)
            if fit
        )
        for fit in fits:
            yield next(readings) if fit else UnreadableFile(files.too_large(self.max_bytes))


def _rest(path: str, attachments: Sequence[Attachment], why: Reason) -> Part:
    """One refusal for all files that are not read, because there may be very many."""
    [name] = _distinct([attachments[0].name])
    reason = Reason("not_read", {"why": why})
    if attachments[1:]:
        reason = Reason("more_not_read", {"count": len(attachments) - 1, "why": why})
    return Part(f"{path}/{name}", UnreadableFile(reason))


def _distinct(names: Sequence[str]) -> list[str]:
    """Names that can end a path, all different: `a.pdf`, `a (2).pdf`."""
    distinct: dict[str, None] = {}  # a dict keeps the order
    for number, name in enumerate(names, start=1):
        plain = _SEPARATORS.sub("_", name).strip()
        stem, suffix = splitext(f"attachment-{number}" if plain in _NO_NAME else plain)
        stem, suffix = stem[:_LONGEST_NAME], suffix[:_LONGEST_NAME]
        candidate, copies = stem + suffix, 1
        while candidate in distinct:
            copies += 1
            candidate = f"{stem} ({copies}){suffix}"
        distinct[candidate] = None
    return list(distinct)
