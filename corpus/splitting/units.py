"""Passages of what has its own places, such as the rows of a spreadsheet: one for each unit.

A unit that is too long for one passage is cut at the best marks that there are, and its pin counts
the parts: `Fees!A12:F12 (1/3)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.language.lengths import MAX_WEIGHT
from corpus.language.sentences import cut
from corpus.models import Passage, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence


def split_units(text: str, units: Sequence[Unit]) -> tuple[Passage, ...]:
    """The passages of a text whose units are known: verbatim, in order, disjoint, never blank."""
    passages: list[Passage] = []
    for unit in units:
        spans = cut(text, unit.start, unit.end, MAX_WEIGHT)
        for part, (start, end) in enumerate(spans, start=1):
            pin = f"{unit.pin} ({part}/{len(spans)})" if len(spans) > 1 else unit.pin
            passages.append(
                Passage(
                    len(passages) + 1, start, end, text[start:end], pin, unit.page, unit.heading
                )
            )
    return tuple(passages)
