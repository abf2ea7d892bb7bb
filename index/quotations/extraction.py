"""Which parts of a text are quotations?  What stands between marks, and blocks marked as quoted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from corpus.language.lengths import Span, trim
from corpus.language.scripts import HAN

FEWEST_HAN = 8
FEWEST_WORDS = 5
"""A shorter quotation is a term or a title, and stands in too many documents to be checked."""
PASTED_HAN, PASTED_WORDS = 20, 12
LONGEST = 20_000
"""Characters between two marks; what is longer has lost its closing mark."""

_PAIRS = {
    "“": "”",
    "「": "」",
    "『": "』",
    "«": "»",
    "‘": "’",
    "﹁": "﹂",
    "﹃": "﹄",
    "｢": "｣",
    "„": "“",
}
_STRAIGHT = '"＂'
_OPENING = re.compile(f"[{''.join(_PAIRS)}{_STRAIGHT}]")
_MARK = re.compile(rf"\n[ \t　]*\n[ \t　]*|\n|[{''.join(sorted({*_PAIRS, *_PAIRS.values()}))}]")
_HAN = re.compile(f"[{HAN}]")
_WORD = re.compile(rf"[^\W_{HAN}]+(?:['’][^\W_{HAN}]+)*")
# From behind the first mark on; those of further lines stand inside.
_QUOTED_LINES = re.compile(r"^[ \t]{0,3}>[> \t]*((?:.*\S.*)(?:\n[ \t]{0,3}>.*)*)", re.MULTILINE)
_BLANK_LINE = re.compile(r"\n[ \t　]*\n")
_LINE_MARKS = re.compile(r"^[ \t]{0,3}>[> \t]*", re.MULTILINE)
# People paste a sentence and ask whether it is right; those words are no part of it.
_QUESTION = re.compile(
    r"(?<![\s,，.。;；])[\s,，.。;；]*"
    r"(?:(?:is|isn't) (?:this|that|it) (?:right|correct|true|so)|(?:right|correct|true)"
    r"|[对對]不[对對]|是不是|是[吗嗎]|[对對][吗嗎]|是否[正确確属屬实實如此]{1,2}|[吗嗎么麼呢吧])?[?？]{1,20}\s{0,40}\Z"
    r"|(?:是[吗嗎]|[对對][吗嗎]|[吗嗎])\s{0,40}\Z",
    re.IGNORECASE,
)
_BEFORE_STRAIGHT = re.compile(rf"[\s{HAN}(（\[【:：,，。；;—–-]\Z")


def find_quotations(text: str, blocks: Iterable[Span] = ()) -> list[Span]:
    """The quotations of a text in order, without their marks; `blocks` are quotations already.

    So are lines that begin with `>`, as in mails and Markdown. Marks inside a quotation are part
    of it.
    """
    lines = (match.span(1) for match in _QUOTED_LINES.finditer(text))
    outer = list(_joined(text, sorted([*blocks, *lines])))
    spans = [span for span in outer if is_long_enough(text[slice(*span)])]
    edges = [(0, 0), *outer, (len(text), len(text))]
    for (_, start), (end, _) in pairwise(edges):
        spans += (span for span in _marked(text, start, end) if is_long_enough(text[slice(*span)]))
    return sorted(_unmarked(text, *span) for span in spans)


def whole_quotation(text: str) -> Span:
    """A text that is one quotation, without white space and marks around it."""
    return _unmarked(text, 0, len(text))


def is_long_enough(text: str) -> bool:
    """Whether a text has eight Han characters or five words, or enough of both."""
    han, words = count_han(text), len(_WORD.findall(text))
    return han * FEWEST_WORDS + words * FEWEST_HAN >= FEWEST_HAN * FEWEST_WORDS


def is_pasted(text: str) -> bool:
    """Whether a text is so long that it may be a passage, pasted to be looked up."""
    return PASTED_WORDS * count_han(text) + PASTED_HAN * count_words(text) >= (
        PASTED_HAN * PASTED_WORDS
    )


def without_question(text: str) -> str:
    """A text without the words that make a question of a sentence: `…, is that right?`, 對嗎？"""
    return _QUESTION.sub("", text).rstrip()


def count_han(text: str) -> int:
    """How many Han characters a text has."""
    return len(_HAN.findall(text))


def count_words(text: str) -> int:
    """How many words of spaced scripts a text has."""
    return len(_WORD.findall(text))


def without_line_marks(text: str) -> str:
    """A quotation with blanks in place of the `>` of its lines, so that its offsets stay."""
    return _LINE_MARKS.sub(lambda marks: " " * len(marks[0]), text)


def _joined(text: str, blocks: Sequence[Span]) -> Iterator[Span]:
    """Blocks without blanks at their edges; those with nothing between them are one."""
    begun: Span | None = None
    for block in blocks:
        start, end = trim(text, *block)
        if begun and start <= begun[1] + 2 and not text[begun[1] : start].strip():
            begun = begun[0], max(begun[1], end)
            continue
        if begun and begun[0] < begun[1]:
            yield begun
        begun = start, end
    if begun and begun[0] < begun[1]:
        yield begun


def _marked(text: str, start: int, end: int) -> Iterator[Span]:
    """What stands between marks in `text[start:end]`, the outermost ones alone."""
    closings = _closings(text, start, end)
    at = start
    while opening := _OPENING.search(text, at, end):
        at = opening.end()
        if opening[0] in _STRAIGHT:
            closing = _straight_closing(text, opening.start(), end)
        else:
            closing = closings.get(opening.start())
        if closing and closing - at < LONGEST:
            yield at, closing
            at = closing + (closing < end and text[closing] != "\n")


def _closings(text: str, start: int, end: int) -> dict[int, int]:
    """Where what each opening mark opens ends, in one pass over the text.

    A quotation of several paragraphs opens at each of them and closes at the last: what is open
    ends with its paragraph where the next one opens with the same mark. Or it opens once: then it
    goes on to its closing mark, unless the same mark opens anew before.
    """
    ends: dict[int, int] = {}
    opened: dict[str, list[int]] = {opening: [] for opening in _PAIRS}
    left_open: set[str] = set()
    line = start
    for match in _MARK.finditer(text, start, end):
        mark, at = match[0], match.start()
        if "\n" in mark:
            line = match.end()
            if mark != "\n":  # an empty line
                left_open = _end_paragraph(text, opened, ends, (at, line))
            continue
        closed = next(
            (places for o, places in opened.items() if places and _PAIRS[o] == mark), None
        )
        if closed is not None:
            # ’ is a closing mark and the apostrophe of “the tenant’s” as well.
            if not _is_apostrophe(text, at):
                ends[closed.pop()] = at
        elif mark in opened:
            places = opened[mark]
            if mark in left_open:  # it has lost its closing mark
                places.clear()
                left_open.discard(mark)
            if (
                places
                and line > places[0]
                and not text[line : min(at, line + 8)].strip()
                and at - line < 8
            ):
                ends[places[0]] = line - 1
                places.clear()
            places.append(at)
    return ends


def _end_paragraph(
    text: str, opened: dict[str, list[int]], ends: dict[int, int], gap: Span
) -> set[str]:
    """End what the next paragraph opens anew; the marks of what stays open."""
    for opening, places in opened.items():
        if places and text.startswith(opening, gap[1]):
            ends[places[0]] = gap[0]
            places.clear()
        # ’ is an apostrophe as well, and would close what nobody meant to leave open.
        del places[0 if opening == "‘" else 1 :]
    return {opening for opening, places in opened.items() if places}


def _is_apostrophe(text: str, at: int) -> bool:
    return (
        text[at] == "’" and at + 1 < len(text) and text[at + 1].isalpha() and text[at - 1].isalpha()
    )


def _straight_closing(text: str, start: int, end: int) -> int | None:
    """Where what a straight mark opens ends: at the next one of its paragraph."""
    if start and not _BEFORE_STRAIGHT.search(text[start - 1 : start]):
        return None
    closing = text.find(text[start], start + 1, min(end, start + LONGEST))
    if closing < 0 or _BLANK_LINE.search(text, start, closing):
        return None
    return closing


def _unmarked(text: str, start: int, end: int) -> Span:
    """The span without blanks at its edges and without one pair of marks around all of it."""
    start, end = trim(text, start, end)
    while end - start > 2:
        opening, last = text[start], text[end - 1]
        closes = _PAIRS.get(opening) == last or (opening in _STRAIGHT and opening == last)
        inner = text[start + 1 : end - 1]
        # Two quotations side by side also begin and end with marks, which are no pair.
        if not closes or opening in inner or last in inner:
            break
        start, end = trim(text, start + 1, end - 1)
    return start, end
