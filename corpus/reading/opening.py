"""What stands at the head and at the end of a text, line by line, without marks of layout.

Courts, legislatures and parties say there what a document is. The lines are those of the text but
for what a reader does not see as words: Markdown's marks, rules of underscores, the line numbers
of pleading paper, and the brackets that draw the box of an American caption.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from corpus.language.dates import find_dates

_HEAD = 6_000
_TAIL = 4_000
_HEAD_LINES = 80
_TAIL_LINES = 60
_LONGEST_DATE_LINE = 60
_MARKUP = re.compile(
    r"<!--(?:(?!<!--).)*?-->|</?(?:span|div|p|b|i|u|br|a)\b[^<>]*>", re.IGNORECASE | re.DOTALL
)
_MARKS = re.compile(r"^[#>*\s\u3000\u200b]+|[*\s\u3000\u200b]+$|_{3,}")
_LINE_NUMBERS = re.compile(r"[\d\s]{1,120}")
_BLANKS = re.compile(r"[ \t\u3000\u00a0]+")
_WEEKDAY = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|(?:星期|周|週)[一二三四五六日天]",
    re.IGNORECASE,
)
_EDGES = " \t,.;:，。；：()（）[]【】|-–—"


@dataclass(frozen=True)
class Opening:
    """A text's first and last lines that are not blank, as far as they name the document."""

    text: str
    named: str | None = None
    """What front matter, a page's head or a subject line calls it."""

    @cached_property
    def head(self) -> tuple[str, ...]:
        """The first lines, up to eighty."""
        return tuple(_clean(self.text[:_HEAD]))[:_HEAD_LINES]

    @cached_property
    def tail(self) -> tuple[str, ...]:
        """The last lines, up to sixty, in their order."""
        return tuple(_clean(self.text[-_TAIL:]))[-_TAIL_LINES:]


def whole_date(line: str) -> str | None:
    """The day that a line is, and nothing else but a weekday; None for a month or a year."""
    if len(line) > _LONGEST_DATE_LINE:
        return None
    plain = _WEEKDAY.sub("", line).strip(_EDGES)
    dates = find_dates(plain)
    # Two signatures side by side bear the same day.
    if len({date.iso for date in dates}) != 1 or dates[0].day is None:
        return None
    beside = plain[: dates[0].start] + plain[dates[-1].end :]
    between = plain[dates[0].end : dates[-1].start]
    return None if beside.strip(_EDGES) or between.strip(_EDGES) else dates[0].iso


def first_day(line: str) -> str | None:
    """The first whole day that a line names."""
    return next((date.iso for date in find_dates(line) if date.day is not None), None)


def with_next(lines: Sequence[str]) -> list[tuple[str, str]]:
    """Each line with the one below it; the empty string below the last."""
    return list(zip(lines, (*lines[1:], ""), strict=True)) if lines else []


def _clean(text: str) -> list[str]:
    lines = []
    for raw in _MARKUP.sub("", text).splitlines():
        line = _MARKS.sub("", raw)
        if line and not _LINE_NUMBERS.fullmatch(line) and any(map(str.isalnum, line)):
            lines.append(_BLANKS.sub(" ", line).strip())
    return lines
