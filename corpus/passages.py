"""Where does one passage end and the next begin, and how is each named?"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence

from corpus.models import Heading, Passage
from corpus.sentences import MAX_WEIGHT, MIN_WEIGHT, Span, cut, trim, weight

_LINE = re.compile(r"[^\r\n\x0b\x0c\x85\u2028\u2029]+")


def split(
    text: str,
    *,
    headings: Sequence[Heading] = (),
    page_starts: Sequence[int] = (),
    language: str | None = None,
) -> tuple[Passage, ...]:
    """Cut a document's text into its passages: verbatim, in order, not overlapping, never blank."""
    spans = [
        span for found in _LINE.finditer(text) if (span := trim(text, *found.span()))[1] > span[0]
    ]
    passages: list[Passage] = []
    for first, last in _runs(text, spans):
        pieces = cut(text, spans[first][0], spans[last][1])
        for number, (start, end) in enumerate(pieces, start=1):
            page = bisect.bisect_right(page_starts, start) or None
            pin = f"¶ {first + 1}" if first == last else f"¶¶ {first + 1}–{last + 1}"
            pin += f" ({number}/{len(pieces)})" if len(pieces) > 1 else ""
            pin = f"p. {page} {pin}" if page else pin
            passages.append(Passage(len(passages) + 1, start, end, text[start:end], pin, page))
    return tuple(passages)


def _runs(text: str, spans: list[Span]) -> list[tuple[int, int]]:
    """First and last line of each passage: short lines join what follows."""
    runs: list[tuple[int, int]] = []
    first = size = 0
    for number, (start, end) in enumerate(spans):
        added = weight(text[start:end])
        if number > first and size + added > MAX_WEIGHT:
            runs.append((first, number - 1))
            first, size = number, 0
        size += added
        if size >= MIN_WEIGHT:
            runs.append((first, number))
            first, size = number + 1, 0
    if first < len(spans):
        runs.append((first, len(spans) - 1))
    return runs
