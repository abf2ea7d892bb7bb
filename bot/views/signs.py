"""The signs of Markdown in a document's text, left out where a person reads it.

A passage is kept and quoted as it stands; on a phone `**` and `#` are noise, so a view leaves them
out and shifts what is marked. No word is changed, and a sign without its partner stays.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.language.lengths import Span
    from index.answer import Hit

_LINE_START: Final = re.compile(r"^ {0,3}(?:#{1,6} +(?=\S)|(?:> ?)+)", re.MULTILINE)
_RULED: Final = re.compile(
    r"^[ \t]*(?:\|[ \t]*)?:?-{3,}:?(?:(?:[ \t]*\|[ \t]*|[ \t]+):?-{3,}:?)*"
    r"[ \t]*(?:\|[ \t]*)?(?:\n|$)",
    re.MULTILINE,
)
_PAIRS: Final = (
    re.compile(r"(?P<open>\*\*|__)(?=\S)[^\n]+?(?<=\S)(?P<close>(?P=open))"),
    # One star is also a sign of multiplication and a footnote: no letter may touch it outside.
    re.compile(r"(?<![\w*])(?P<open>\*)(?=[^\s*])[^*\n]+?(?<=[^\s*])(?P<close>\*)(?![\w*])"),
    re.compile(r"(?<![\w`])(?P<open>`)[^`\n]+(?P<close>`)(?![\w`])"),
    re.compile(r"(?P<open>!?\[)[^\[\]\n]+(?P<close>\]\((?:https?://|mailto:|[#./])[^()\s]*\))"),
)


def without_signs(text: str, spans: Sequence[Span] = ()) -> tuple[str, list[Span]]:
    """A text without its Markdown signs, and the same spans in what is left of it."""
    holes = _holes(text)
    if not holes:
        return text, list(spans)
    parts, at = [], 0
    for start, end in holes:
        parts.append(text[at:start])
        at = end
    parts.append(text[at:])
    return "".join(parts), [(_shifted(a, holes), _shifted(b, holes)) for a, b in spans]


def readable(hit: Hit) -> Hit:
    """A hit as a person reads it: its text without signs, and what is marked in it."""
    marked = [*hit.highlights, *filter(None, (hit.answer, hit.value))]
    text, spans = without_signs(hit.text, marked)
    if text == hit.text:
        return hit
    count = len(hit.highlights)
    further = iter(spans[count:])
    return replace(
        hit,
        text=text,
        highlights=tuple(span for span in spans[:count] if span[0] < span[1]),
        answer=next(further) if hit.answer else None,
        value=next(further) if hit.value else None,
    )


def _holes(text: str) -> list[Span]:
    """What is left out, in order and apart."""
    spans = [match.span() for match in _LINE_START.finditer(text)]
    spans += [match.span() for match in _RULED.finditer(text)]
    for pattern in _PAIRS:
        for match in pattern.finditer(text):
            spans += [match.span("open"), match.span("close")]
    holes: list[Span] = []
    for start, end in sorted(spans):
        if holes and start < holes[-1][1]:
            holes[-1] = (holes[-1][0], max(end, holes[-1][1]))
        else:
            holes.append((start, end))
    return holes


def _shifted(place: int, holes: Sequence[Span]) -> int:
    return place - sum(min(end, place) - start for start, end in holes if start < place)
