"""Where in its document does a passage stand?  The pin: article, page or paragraph, for people."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


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
    """Names places in one document: by article, else by page and the paragraph on it."""

    def __init__(self, paragraph_ends: Sequence[int], page_starts: Sequence[int]) -> None:
        self._page_starts = page_starts
        self._first_on_page = [bisect_right(paragraph_ends, start) for start in page_starts]

    def page(self, offset: int) -> int | None:
        """The page on which an offset lies, from 1; None in a document without pages."""
        if not self._page_starts:
            return None
        return max(1, bisect_right(self._page_starts, offset))

    def name(self, run: Sequence[Portion], *, article: str, first: int, whole: bool) -> str:
        """The pin of a passage: `第三十六條 ¶ 2`, `p. 3 ¶ 1`, `pp. 3–4`, `¶¶ 4–6`.

        article: the name of the article it belongs to; empty where there is none
        first: the number of that article's first paragraph
        whole: the passage is all there is of the article
        """
        if article:
            return article if whole else f"{article} {_paragraphs(run, first)}"
        page, last = self.page(run[0].start), self.page(run[-1].end - 1)
        if page is None or last is None:
            return _paragraphs(run, 0)
        if page == last:
            return f"p. {page} {_paragraphs(run, self._first_on_page[page - 1])}"
        # Over a page break the paragraphs of two pages would need two counts.
        part = _parts(run) if run[0].paragraph == run[-1].paragraph else ""
        return f"pp. {page}–{last}{part}"


def _paragraphs(run: Sequence[Portion], before: int) -> str:
    """`¶ 4`, `¶¶ 4–6`, `¶ 4 (1/3)`: paragraph numbers, counted after the first `before` ones."""
    first, last = run[0].paragraph, run[-1].paragraph
    if first == last:
        return f"¶ {first - before + 1}{_parts(run)}"
    opening = _parts([portion for portion in run if portion.paragraph == first])
    closing = _parts([portion for portion in run if portion.paragraph == last])
    return f"¶¶ {first - before + 1}{opening}–{last - before + 1}{closing}"


def _parts(run: Sequence[Portion]) -> str:
    """` (2/3)`: which parts of a paragraph these are; empty if they are all of it."""
    first, last, parts = run[0].part, run[-1].part, run[0].parts
    if last - first + 1 == parts:
        return ""
    return f" ({first}/{parts})" if first == last else f" ({first}–{last}/{parts})"
