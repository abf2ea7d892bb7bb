"""What a passage shows of a question: spans of its own text, in its own script."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from index.text.analyzer import BIGRAM, analyze

Span = tuple[int, int]


def find_highlights(
    text: str, wanted: Collection[str], heard: Iterable[Span] = ()
) -> tuple[Span, ...]:
    """Spans of `text` that say one of the `wanted` terms: sorted, disjoint, never blank.

    `heard`: where it says a name by its sound, which is shown as well.

    Words count; pairs of characters only where no word matches, for they match by accident too.
    """
    found = [token for token in analyze(text) if token.term in wanted]
    words = [token for token in found if not token.term.startswith(BIGRAM)]
    said = [*heard, *((token.start, token.end) for token in words or found)]
    return tuple(span for span in _joined(said) if text[slice(*span)].strip())


def _joined(found: Iterable[Span]) -> list[Span]:
    """Overlapping and touching spans made one."""
    spans: list[Span] = []
    for start, end in sorted(found):
        if spans and start <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(end, spans[-1][1])
        else:
            spans.append((start, end))
    return spans
