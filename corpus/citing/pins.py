"""Where in its document does a passage stand?  The pin, for people.

It is what the document numbers itself, else the page and the paragraph, counted from the first
paragraph of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


_PAGES = re.compile(r"pp?\. (\d+(?:–\d+)?)")


class Portion(Protocol):
    """A paragraph of a document, or a part of one that was too long for one passage."""

    @property
    def start(self) -> int:
        """Where it begins, in code points of the document's text."""

    @property
    def end(self) -> int:
        """Where it ends."""

    @property
    def paragraph(self) -> int:
        """The paragraph's number in the document, from 0."""

    @property
    def part(self) -> int:
        """Which part of the paragraph it is, from 1."""

    @property
    def parts(self) -> int:
        """How many parts the paragraph has."""


class PinNamer:
    """Names places in one document: by its own numbers, else by page and the paragraph on it.

    spans: each paragraph's start and end
    titles: numbers of paragraphs that are titles; they are not counted
    caption: the name of a passage that holds nothing else
    """

    def __init__(
        self,
        spans: Sequence[tuple[int, int]],
        page_starts: Sequence[int],
        titles: frozenset[int] = frozenset(),
        caption: str = "caption",
    ) -> None:
        self._page_starts = page_starts
        self._titles = titles
        self._caption = caption
        ends = [end for _, end in spans]
        # Running totals: a pin then costs two look-ups, however long the document is.
        self._counts: list[int] = []
        for number in range(len(spans)):
            last = self._counts[-1] if self._counts else 0
            self._counts.append(last + (number not in titles))
        # A paragraph that spans a page break counts on the page on which it begins.
        firsts = [bisect_right(ends, start) for start in page_starts]
        self._before_page = [self._counts[first - 1] if first else 0 for first in firsts]

    def page(self, offset: int) -> int | None:
        """The page on which an offset lies, from 1; None in a document without pages."""
        if not self._page_starts:
            return None
        # Text before the first page mark belongs to page 1.
        return max(1, bisect_right(self._page_starts, offset))

    def name(self, run: Sequence[Portion], paths: Sequence[tuple[str, ...]]) -> str:
        """The pin of a passage: 第三十九条第二款, `[46]–[47]`, `p. 3 ¶ 1`, `pp. 3–4`, `¶¶ 4–6`.

        paths: the steps of the document's own numbers, one path for each portion that has one
        """
        if paths:
            return name_range(paths[0], paths[-1]).rstrip()
        # `end` is exclusive: the last character decides the page.
        page, last = self.page(run[0].start), self.page(run[-1].end - 1)
        if all(portion.paragraph in self._titles for portion in run):
            return self._caption if page is None else f"p. {page}"
        if page is None or last is None:
            return self._paragraphs(run, 0)
        if page == last:
            return f"p. {page} {self._paragraphs(run, self._before_page[page - 1])}"
        # Over a page break the paragraphs of two pages would need two counts.
        part = _parts(run) if run[0].paragraph == run[-1].paragraph else ""
        return f"pp. {page}–{last}{part}"

    def _paragraphs(self, run: Sequence[Portion], before: int) -> str:
        """`¶ 4`, `¶¶ 4–6`, `¶ 4 (1/3)`: paragraphs counted after the first `before` ones."""
        first, last = run[0].paragraph, run[-1].paragraph
        opening = self._counts[first] - before + (first in self._titles)
        closing = self._counts[last] - before
        if opening == closing:
            return f"¶ {opening}{_parts(run) if first == last else ''}"
        head = _parts([portion for portion in run if portion.paragraph == first])
        tail = _parts([portion for portion in run if portion.paragraph == last])
        return f"¶¶ {opening}{head}–{closing}{tail}"


def add_printed_pages(pin: str, first: str, last: str) -> str:
    """A pin of pages with what these are called in print: `p. 4 (printed 1) ¶ 2`.

    People cite the printed number and open the counted one. Other pins stay as they are.
    """
    pages = _PAGES.match(pin)
    printed = first if first == last or not last else f"{first}–{last}"
    if not pages or not first or printed == pages[1]:
        return pin
    return f"{pages[0]} (printed {printed}){pin[pages.end() :]}"


def name_range(first: tuple[str, ...], last: tuple[str, ...]) -> str:
    """From one place to another one: the steps that they share are said once.

    A place that holds the other one is named alone.
    """
    shared = 0
    while shared < min(len(first), len(last)) and first[shared] == last[shared]:
        shared += 1
    if shared in (len(first), len(last)):
        return "".join(first[:shared])
    clauses = any(step.startswith("§ ") for step in first)
    at = first.index(next(step for step in first if step.startswith("§ "))) if clauses else 0
    if clauses and not last[shared].startswith("("):
        return (
            f"{''.join(first[:at])}§{''.join(first[at:])}–{''.join(last[at:]).removeprefix('§ ')}"
        )
    # Chinese joins articles by 至; a dash there reads as a subtraction or an interval.
    joint = "至" if first[0].startswith("第") else "–"
    return f"{''.join(first)}{joint}{''.join(last[shared:])}"


def _parts(run: Sequence[Portion]) -> str:
    """` (2/3)`: which parts of a paragraph these are; empty if they are all of it."""
    first, last, parts = run[0].part, run[-1].part, run[0].parts
    if last - first + 1 == parts:
        return ""
    return f" ({first}/{parts})" if first == last else f" ({first}–{last}/{parts})"
