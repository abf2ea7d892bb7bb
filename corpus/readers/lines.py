"""Paragraphs, headings and pages, put together as one text with the places where they stand."""

from __future__ import annotations

from corpus.language.lengths import trim
from corpus.models import Heading, Unit
from corpus.reading.decoding import clean

_MOST_LEVELS = 9


class TextLines:
    """Collects the paragraphs of a document in reading order."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self.headings: list[Heading] = []
        self.page_starts: list[int] = []
        self._page_begins = False

    @property
    def text(self) -> str:
        """All paragraphs, an empty line between them."""
        return "".join(self._pieces)

    @property
    def title(self) -> str | None:
        """The first heading."""
        first = self.headings[0] if self.headings else None
        return " ".join(self.text[first.start : first.end].split()) if first else None

    def page_units(self) -> tuple[Unit, ...]:
        """Each page as a unit, under the heading that it opens with; a blank page is none."""
        if not self.page_starts:
            return ()
        text = self.text
        ends = [*self.page_starts[1:], len(text)]
        titles = {heading.start: text[heading.start : heading.end] for heading in self.headings}
        units = []
        for page, (first, last) in enumerate(zip(self.page_starts, ends, strict=True), start=1):
            start, end = trim(text, first, last)
            if start < end:
                units.append(Unit(start, end, f"p. {page}", titles.get(start, ""), page))
        return tuple(units)

    def start_page(self) -> None:
        """What is written next stands on a new page."""
        if self._page_begins:  # a page without text begins where the next one does
            self.page_starts.append(self._length)
        self._page_begins = True

    def write(self, words: str, *, level: int = 0) -> None:
        """Write a paragraph; with a level from 1, a heading. Blank ones are left out."""
        line = clean(words).strip()
        if not line:
            return
        between = "\n\n" if self._length else ""
        start = self._length + len(between)
        self._pieces.append(between + line)
        self._length = start + len(line)
        if self._page_begins:
            self.page_starts.append(start)
            self._page_begins = False
        if level:
            self.headings.append(Heading(start, self._length, min(level, _MOST_LEVELS)))
