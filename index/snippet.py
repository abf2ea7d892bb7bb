"""What a passage shows of a question: spans of its own text, in its own script."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from index.text.analyzer import BIGRAM, Token, analyze

Span = tuple[int, int]


def highlights(text: str, wanted: Collection[str]) -> tuple[Span, ...]:
    """Spans of `text` that say one of the `wanted` terms: sorted, disjoint, never blank.

    Words count; pairs of characters only where no word matches, for they match by accident too.
    """
    found = [token for token in analyze(text) if token.term in wanted]
    words = [token for token in found if not token.term.startswith(BIGRAM)]
    return tuple(span for span in _joined(words or found) if text[slice(*span)].strip())


def _joined(tokens: Iterable[Token]) -> list[Span]:
    """Overlapping and touching spans made one."""
    spans: list[Span] = []
    for start, end in sorted((token.start, token.end) for token in tokens):
        if spans and start <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(end, spans[-1][1])
        else:
            spans.append((start, end))
    return spans
