"""Which words of a passage to show: spans of its own text, in its own script."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from index.text.analyzer import BIGRAM, analyze

Span = tuple[int, int]
"""`[start, end)` in code points."""


def find_highlights(
    text: str, terms: Collection[str], phonetic: Iterable[Span] = ()
) -> tuple[Span, ...]:
    """Spans of `text` that say one of the `terms`: sorted, disjoint, never blank.

    `phonetic`: spans that say a name by its sound, which are shown as well.
    """
    tokens = [token for token in analyze(text) if token.term in terms]
    # Pairs of characters match by accident too: they are shown only where no word matches.
    words = [token for token in tokens if not token.term.startswith(BIGRAM)]
    spans = [*phonetic, *((token.start, token.end) for token in words or tokens)]
    return tuple(span for span in _merged(spans) if text[slice(*span)].strip())


def surfaces(text: str, spans: Iterable[Span]) -> tuple[str, ...]:
    """What the spans of a text say, each once."""
    return tuple(dict.fromkeys(text[start:end] for start, end in spans))


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Overlapping and touching spans made one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged
