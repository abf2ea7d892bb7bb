"""Which lines make one paragraph, and what kind of paragraph is it?

A paragraph is what a reader would count as one: a block between blank lines, or a line where the
text puts one paragraph on each line; a list item with the indented lines below it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.language.lengths import columns, trim
from corpus.language.numerals import HAN_ORDINAL

_LINE = re.compile(r"[^\r\n\x0b\x0c\x85\u2028\u2029]+")
_BREAK = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_UNDERLINE = re.compile(r"=+|-+")  # a heading's, in Markdown
_HAN_NUMBER = f"[{HAN_ORDINAL}]{{1,5}}"
_BULLETS = "•·●○◦■□◆◇▪▫‣⁃★☆※►▶➢✓*+–-"
_MARKERS = tuple(
    (style, re.compile(pattern))
    for style, pattern in (
        ("壹、", r"[壹貳參肆伍陸柒捌玖拾]{1,3}[、．.]"),
        ("甲、", r"[甲乙丙丁戊己庚辛壬癸]、(?![甲乙丙丁戊己庚辛壬癸])"),
        ("一、", rf"{_HAN_NUMBER}[、．.]"),
        ("(一)", rf"[（(]{_HAN_NUMBER}[）)]|[㈠-㈩]"),
        ("1.1.1", r"\d{1,2}(?:\.\d{1,2}){2,12}\.?\s"),
        ("1.1", r"\d{1,2}\.\d{1,2}\.?\s"),
        ("1.", r"\d{1,3}(?:[．、]|\.(?=\s|[^\x00-\x7f]))|[⒈-⒛]"),
        ("(1)", r"[（(]\d{1,3}[）)]|\d{1,3}[）)]|[①-⑳⑴-⒇]"),
        ("(i)", r"[（(][ivx]{1,5}[）)]|[ivx]{1,5}[.)]\s"),
        ("I.", r"[IVX]{1,5}\.\s"),
        ("(a)", r"[（(][A-Za-z][）)]|[A-Za-z]\)\s"),
        ("A.", r"[A-Z]\.\s"),
    )
)
_SENTENCE_END = tuple("。！？；：.!?;:”」』")
_BOXES = "│┃┌├└┏┣┗║╔╠╚|"  # rows of a drawn table are wider than the text
_PAUSE = (*_SENTENCE_END, "，", ",", "、", "—", ")", "）")
_CLOSING = frozenset("，。；、：？！）」』”》〉】〕")
_OF_FIGURE = re.compile(r"[年月日](?=[\d上下起止至，、。被本])|[万萬亿億]?元")
_NARROWEST_COLUMN = 40
_WIDEST_COLUMN = 200  # hard-wrapped text is narrower, a paragraph on one line usually wider
_FEWEST_LINES = 3  # fewer are no habit
_FULL = 0.85  # a line this near to the column's width was ended by the width, not by the writer
_TITLE = 0.7  # an item whose first line is this much shorter than the next has a title


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line that is not blank: the span of its words, and how it stands."""

    start: int
    end: int
    indent: int
    """Columns before the first word; a wide character is two."""
    after_blank: bool
    marker: str
    """The style of its list marker: `一、`, `1.`, `•` with its indent; empty without one."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph's span, with what tells its kind."""

    start: int
    end: int
    indent: int
    after_blank: bool
    marker: str
    titled: bool
    """A list item whose first line titles the rest."""


def find_lines(text: str) -> list[TextLine]:
    """The lines that are not blank, in order."""
    text_lines: list[TextLine] = []
    last = 0
    for match in _LINE.finditer(text):
        start, end = trim(text, *match.span())
        if start == end:
            continue
        after_blank = not text_lines or len(_BREAK.findall(text, last, match.start())) > 1
        indent = columns(text[match.start() : start])
        style = marker_style(text[start : min(end, start + 16)], indent, after_blank=after_blank)
        text_lines.append(TextLine(start, end, indent, after_blank, style))
        last = match.end()
    return text_lines


def marker_style(opening: str, indent: int, *, after_blank: bool) -> str:
    """The style of the list marker that the opening of a line shows, or the empty string."""
    if opening[0] in _BULLETS:
        return f"{opening[0]}{indent}" if opening[1:2].isspace() else ""
    style = next((style for style, form in _MARKERS if form.match(opening)), "")
    # Within a paragraph a line may begin with somebody's initial.
    return style if after_blank or style != "A." else ""


def join_lines(
    text: str,
    text_lines: Sequence[TextLine],
    *,
    alone: frozenset[int],
    openings: frozenset[int],
    pages: frozenset[int] = frozenset(),
) -> list[Paragraph]:
    """Join lines to paragraphs. A sentence goes on over the line's end, and over a page's.

    alone: starts of lines that are paragraphs by themselves (headings)
    openings: starts of lines that begin one (articles of a statute)
    pages: where pages begin
    """
    width = _column_width(text, text_lines)
    breaks = sorted(pages)
    page = 0
    runs: list[list[TextLine]] = []
    for line in text_lines:
        turned = False
        while page < len(breaks) and breaks[page] <= line.start:
            page, turned = page + 1, True
        if runs and line.start not in openings | alone and runs[-1][-1].start not in alone:
            above = runs[-1][-1]
            joined = _cannot_open(text, above, line) or (turned and _over_page(text, above, line))
        else:
            joined = False
        if runs and (joined or _goes_on(text, runs[-1], line, width, alone, openings)):
            runs[-1].append(line)
        else:
            runs.append([line])
    return [_paragraph(text, run) for run in runs]


def _cannot_open(text: str, above: TextLine, line: TextLine) -> bool:
    """Does the line open with what only goes on: a closing mark, or the 年 of a figure above?"""
    if line.after_blank:
        return False
    if text[line.start] in _CLOSING:
        return True
    return text[above.end - 1].isdecimal() and bool(_OF_FIGURE.match(text, line.start))


def _over_page(text: str, above: TextLine, line: TextLine) -> bool:
    """Does the sentence at a page's end go on in the line that opens the next page?"""
    words = text[above.start : above.end]
    if words.endswith(_SENTENCE_END) or line.marker or columns(words) < _NARROWEST_COLUMN:
        return False
    first = text[line.start]
    return (
        first.islower()
        or first in _CLOSING
        or ("\u4e00" <= first <= "\u9fff" and line.indent <= above.indent)
    )


def _goes_on(
    text: str,
    run: Sequence[TextLine],
    line: TextLine,
    width: int,
    alone: frozenset[int],
    openings: frozenset[int],
) -> bool:
    """Does the line belong to the paragraph of the lines above it?"""
    above = run[-1]
    if line.after_blank or line.start in openings or line.start in alone:
        return False
    if line.marker:
        return _breaks_off(text, above, line, width)
    if above.start in alone:
        return bool(_UNDERLINE.fullmatch(text, line.start, line.end))
    of_item = run[0].marker and line.indent > run[0].indent
    return bool(of_item) or _wraps(text, above, line, width)


def _wraps(text: str, above: TextLine, line: TextLine, width: int) -> bool:
    """Did the column's width end the line above, so that this one goes on?"""
    if not width or line.indent > above.indent or text[line.start] in _BOXES:
        return False
    return above.indent + columns(text[above.start : above.end]) >= _FULL * width


def _breaks_off(text: str, above: TextLine, line: TextLine, width: int) -> bool:
    """Is the marker only what a wrapped line happens to open with, such as 聲明：⏎㈢ or `4.5`?

    The line above fills the column and ends within a sentence, and this one stands no further
    out than the text that goes on.
    """
    if not width or text[line.start] in _BULLETS or line.indent < above.indent:
        return False
    filled = above.indent + columns(text[above.start : above.end]) >= width - 3
    return filled and not text[above.start : above.end].endswith(_PAUSE)


def _column_width(text: str, text_lines: Sequence[TextLine]) -> int:
    """The width at which the text is hard-wrapped, in columns; 0 if it is not.

    In wrapped text most lines that another follows directly are of nearly the same width, and
    break off within a sentence.
    """
    followed = [
        above
        for above, line in pairwise(text_lines)
        if not line.after_blank and not line.marker and text[above.start] not in _BOXES
    ]
    widths = sorted(line.indent + columns(text[line.start : line.end]) for line in followed)
    if len(widths) < _FEWEST_LINES:
        return 0
    width = widths[len(widths) * 9 // 10]
    full = [
        line
        for line in followed
        if line.indent + columns(text[line.start : line.end]) >= _FULL * width
    ]
    broken = sum(not text[line.start : line.end].endswith(_SENTENCE_END) for line in full)
    wrapped = (
        _NARROWEST_COLUMN <= width <= _WIDEST_COLUMN
        and 2 * len(full) >= len(followed)
        and 2 * broken > len(full)
    )
    return width if wrapped else 0


def _paragraph(text: str, run: Sequence[TextLine]) -> Paragraph:
    first = run[0]
    below = max((columns(text[line.start : line.end]) for line in run[1:]), default=0)
    titled = bool(first.marker) and columns(text[first.start : first.end]) < _TITLE * below
    return Paragraph(
        first.start, run[-1].end, first.indent, first.after_blank, first.marker, titled
    )
