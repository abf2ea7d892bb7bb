"""How long is a text?  In weight, in columns of a terminal, and in UTF-16 units.

A weight makes scripts comparable: a Han character (or another wide one) weighs 5, a Latin one 2,
so that 400 Han characters and 1,000 Latin ones weigh the same and say about as much.
"""

from __future__ import annotations

import re

import regex

from corpus.language.scripts import WIDE

MIN_WEIGHT = 300  # 60 Han characters, 150 Latin ones
MAX_WEIGHT = 2_000  # 400 Han characters, 1,000 Latin ones

Span = tuple[int, int]
"""Half-open `[start, end)`, in code points."""

_WIDE_RUN = re.compile(f"[{WIDE}]+")
_CLUSTERS = regex.compile(r"\X")


def weight(text: str) -> int:
    """The size of a text: 5 for each wide character, 2 for each other."""
    # One substitution is faster than counting the characters in Python.
    return 5 * len(text) - 3 * len(_WIDE_RUN.sub("", text))


def columns(text: str) -> int:
    """The width of a text on a terminal: 2 for each wide character, 1 for each other."""
    return 2 * len(text) - len(_WIDE_RUN.sub("", text))


def trim(text: str, start: int, end: int) -> Span:
    """The span without white space at its edges; empty if there is nothing else."""
    body = text[start:end]
    first = start + len(body) - len(body.lstrip())
    return first, max(first, start + len(body.rstrip()))


def utf16_length(text: str) -> int:
    """The length in UTF-16 code units, which is how Telegram counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def shorten_middle(text: str, limit: int) -> str:
    """The text in at most `limit` UTF-16 units, its middle replaced by `…` if it has more.

    Grapheme clusters stay whole.
    """
    if utf16_length(text) <= limit:
        return text
    clusters = _CLUSTERS.findall(text)
    head, tail, room = 0, len(clusters), limit - 1
    while head < tail:
        # The beginning of a title says more than its end: it gets two clusters for each of those.
        from_head = head <= 2 * (len(clusters) - tail)
        size = utf16_length(clusters[head] if from_head else clusters[tail - 1])
        if size > room:
            break
        room -= size
        head, tail = (head + 1, tail) if from_head else (head, tail - 1)
    opening, closing = "".join(clusters[:head]), "".join(clusters[tail:])
    return f"{opening.rstrip()}…{closing.lstrip()}" if limit > 0 else ""
