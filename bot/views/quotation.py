"""A passage as a quotation: verbatim, with what answers in bold, within Telegram's limits.

Telegram turns some text into things to tap: a mention that notifies, a command that is sent, a
file name that becomes a link. Such text is set in monospace, where Telegram looks for none.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bot.views.markup import Html, escape, units
from corpus.language.lengths import columns, weight
from corpus.language.sentences import cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.language.lengths import Span

ELLIPSIS: Final = "…"
LONG: Final = 1_000
"""A quotation heavier than this is folded: 200 Han characters or 500 Latin ones."""
THREE_LINES: Final = 200
"""The same below its own sentence: what a folded quotation shows, three lines of a phone."""

_FEW: Final = 12
"""Entities for the mentions and commands in a line."""
_BREAK = re.compile(r"[\r\n\x0b\x0c\x85\u2028\u2029]")

# Top-level domains that are also file name endings.
_FILE = (
    r"[A-Za-z0-9_./-]*[A-Za-z0-9_]\.(?:py|md|sh|rs|pl|ps|so|cc|zip|mov|ml|mk|la|pm|st|tm)"
    r"(?![\w@/?#]|[.:-]\w)"
)
_TAPPED = re.compile(
    r"(?<!\w)@[A-Za-z0-9_]{3,32}"
    r"|(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])"
    rf"|(?<![A-Za-z0-9_@./:-]){_FILE}",
    re.IGNORECASE,
)
# Entities that Telegram adds by itself. They count against its limit, so this may find too many
# of them, but never too few.
_LINKED = re.compile(r"\w\.[^\W\d_]{2}|\w://|#\w|\$[A-Z]|\d[\d -]{11,}\d")


def quotation(
    text: str,
    highlights: Sequence[Span],
    *,
    room: int,
    entities: int,
    folds: bool = True,
    longest: int = LONG,
    value: Span | None = None,
) -> Html:
    """At most `room` units of a passage in a `<blockquote>`, with at most `entities` entities.

    A passage that is too long is cut at sentence ends to the part with the most highlights. The
    `value` within one of them is underlined. One that weighs more than `longest` is folded.
    """
    start, end = _window(text, highlights, room)
    before = ELLIPSIS if text[:start].strip() else ""
    after = ELLIPSIS if text[end:].strip() else ""
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in highlights]
    shown_value = (value[0] - start, value[1] - start) if value else None
    spans = [(a, b) for a, b in inside if a < b]
    marked = marked_up(text[start:end], spans, entities - 1, shown_value)
    folded = " expandable" if folds and weight(text[start:end]) > longest else ""
    return Html(f"<blockquote{folded}>{before}{marked}{after}</blockquote>")


def excerpt(text: str, span: Span, width: int, value: Span | None = None) -> Span:
    """The part of a span that is shown where it is wider than `width` columns.

    Whole clauses, from the span's beginning or, where the `value` lies beyond them, up to it. A
    clause that is too wide by itself is cut.
    """
    start, end = span
    if columns(text[start:end]) <= width:
        return span
    clauses = cut(text, start, end, max(10, width))
    if not clauses:  # blanks alone
        return start, start
    first = 0
    last = next((n for n, clause in enumerate(clauses) if value and value[1] <= clause[1]), 0)
    while first < last and columns(text[clauses[first][0] : clauses[last][1]]) > width:
        first += 1
    while (
        last + 1 < len(clauses) and columns(text[clauses[first][0] : clauses[last + 1][1]]) <= width
    ):
        last += 1
    start, end = clauses[first][0], clauses[last][1]
    while end > start + 1 and columns(text[start:end]) > width:
        end -= 1
    return start, end


def on_one_line(text: str) -> str:
    """The text with each line break as a blank, so that it stays as long as it is."""
    return _BREAK.sub(" ", text)


def pieces(text: str, room: int) -> list[Span]:
    """The text cut at sentence ends into spans of about equal size, each at most `room` units."""
    room = max(room, 1)
    # Sentences are cut by weight, which differs from units. The loop shrinks it until all fit.
    limit = max(10, weight(text) * room // max(1, units(text)))
    spans = cut(text, 0, len(text), limit)
    while limit > 10 and any(units(text[start:end]) > room for start, end in spans):
        limit = limit * 4 // 5
        spans = cut(text, 0, len(text), limit)
    return spans or [(0, 0)]


def wanted_entities(text: str, highlights: Sequence[Span]) -> int:
    """The number of entities of the whole passage, with its blockquote."""
    return 1 + len(highlights) + len(_TAPPED.findall(text)) + len(_LINKED.findall(text))


def marked_up(text: str, bold: Sequence[Span], entities: int, value: Span | None = None) -> Html:
    """The text as markup, with the longest of the given spans in bold, as many as fit.

    `value`: what is underlined as well, where it lies within one of them.
    """
    codes = [match.span() for match in _TAPPED.finditer(text)]
    available = entities - len(codes) - len(_LINKED.findall(text)) - (value is not None)
    if available < 0:  # monospace for the whole takes one entity and hides all others
        return Html(f"<code>{escape(text)}</code>")
    spans = _longest(_joined(text, _without(bold, codes)), available)
    return _tagged(text, codes, spans, value)


def untapped(text: str) -> Html:
    """A text in which nothing can be tapped: a mention in it calls nobody."""
    return marked_up(text, (), _FEW)


def _window(text: str, highlights: Sequence[Span], room: int) -> Span:
    spans = pieces(text, room if units(text) <= room else room - 2 * len(ELLIPSIS))

    def matched(span: Span) -> int:
        return sum(max(0, min(b, span[1]) - max(a, span[0])) for a, b in highlights)

    return max(spans, key=matched)


def _without(spans: Sequence[Span], holes: Sequence[Span]) -> list[Span]:
    """The spans without the parts in a hole: Telegram allows no bold inside monospace."""
    edges = [0, *(edge for hole in holes for edge in hole), max((b for _, b in spans), default=0)]
    gaps = list(pairwise(edges))[::2]
    return [
        (max(a, start), min(b, end))
        for a, b in spans
        for start, end in gaps
        if max(a, start) < min(b, end)
    ]


def _joined(text: str, spans: list[Span]) -> list[Span]:
    """Join spans with at most a space between them: it saves entities and reads better."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and text[joined[-1][1] : start] in ("", " "):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _longest(spans: list[Span], count: int) -> list[Span]:
    return sorted(sorted(spans, key=lambda span: span[0] - span[1])[:count])


def _tagged(text: str, codes: Sequence[Span], bold: Sequence[Span], value: Span | None) -> Html:
    out: list[str] = []
    at = 0
    for start, end, tag in sorted([(*c, "code") for c in codes] + [(*b, "b") for b in bold]):
        inner = escape(text[start:end])
        if value and tag == "b" and start <= value[0] and value[1] <= end:
            parts = (text[start : value[0]], text[slice(*value)], text[value[1] : end])
            before, inside, after = map(escape, parts)
            inner = Html(f"{before}<u>{inside}</u>{after}")
        out += escape(text[at:start]), f"<{tag}>", inner, f"</{tag}>"
        at = end
    return Html("".join([*out, escape(text[at:])]))
