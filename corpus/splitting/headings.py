"""Which paragraphs are headings, and how do they nest?

Headings that the format marks (HTML, DOCX, Markdown's `#`) are believed, as are chapters and the
like. A text without such marks has headings too: short lines that stand alone above a longer
paragraph and end in no punctuation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.language.lengths import MIN_WEIGHT, weight
from corpus.language.numerals import HAN_ORDINAL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corpus.models import Heading
    from corpus.splitting.paragraphs import Paragraph, TextLine

SEPARATOR = " › "
HEAVIEST = 400  # 80 Han characters, 200 Latin ones: what is longer is a paragraph, whatever it says
TITLE = 0  # the rank of a document's title
LONGEST_CHAIN = 4  # part, chapter, section, subsection: what stands above those is a list

_WIDEST_GAP = 200  # characters of white space: further below, nothing is titled
_HEAVIEST_UNMARKED = 150  # 30 Han characters, 75 Latin ones
_HEAVIEST_TITLE = MIN_WEIGHT
_MARKDOWN = re.compile(r"(#{1,6})\s+(?=\S)")
_COUNT = rf"[{HAN_ORDINAL}\d]+"
_STRUCTURE = (
    (
        11,
        re.compile(
            rf"第\s?{_COUNT}\s?[編编篇卷]|(?:Part|PART|Book|BOOK|Title|TITLE)\s[\dIVXLCⅠ-Ⅿ]+\b"
        ),
    ),
    (12, re.compile(rf"第\s?{_COUNT}\s?章|(?:Chapter|CHAPTER)\s[\dIVXLCⅠ-Ⅿ]+\b|附[則则錄录件表]")),
    # The parts of a judgment of Taiwan's courts, spaced out on a line of their own.
    (
        10,
        re.compile(
            r"(?:主\s*文|(?:犯\s*罪\s*)?事\s*[實实](?:\s*[及與与]\s*理\s*由)?|理\s*由)\s*\Z"
        ),
    ),
    (12, re.compile(r"(?:Schedule|SCHEDULE|Appendix|APPENDIX|Annex|ANNEX)\b")),
    (12, re.compile(r"(?:ARTICLE|Article)\s[IVXLC]+\b")),
    (13, re.compile(rf"第\s?{_COUNT}\s?[節节]|(?:Section|SECTION)\s[\dIVXLCⅠ-Ⅿ]+\b")),
    (14, re.compile(rf"第\s?{_COUNT}\s?[款目](?=\s|[^之第])")),
)
_PLAIN = 20
_CLAUSE = 40  # the lowest: a clause's title ends nothing but another one's
_NUMBERED = ("一、", "I.", "(一)", "1.", "1.1", "1.1.1", "(1)", "(a)", "(i)")
_END_MARK = re.compile(r"[。！？；：，、,.;:!?…][」』”’\"')）》]*\Z")
_CLOSED = re.compile(r"[。！？；：.!?;:][」』”’\"')）》\]］]*\Z")
_NO_HEADING = re.compile(
    r"[。；|\t@]|://|www\.|\d{4}\s?[-年/.]\s?\d{1,2}|\d{1,2}:\d\d"
    r"|\A[(（「『“\"'\[*•—–-]|\A(?:來源|来源|作者|記者|记者|責|责|編輯|编辑|Source\b|By\b|Date\b)"
)
# A party and its particulars at the head of a Chinese paper, also in a spaced column.
_PARTICULARS = re.compile(
    r"(?:"
    + "|".join(
        r"\s*".join(role)
        for role in (
            "案由 案号 案號 原告 被告 被告人 第三人 上訴人 上诉人 被上訴人 被上诉人 聲請人 申请人"
            " 被申请人 相對人 債權人 債務人 当事人 法定代表人 法定代理人 负责人 经营者 代表人"
            " 地址 住所 住址 住所地 电话 身份证号 送達代收人 委托代理人 委托诉讼代理人 訴訟代理人"
            " 辩护人 辯護人 公诉机关 申请执行人 被执行人 出租方 承租方"
        ).split()
    )
    + r")(?:[（(][^（）()]{1,12}[）)])?(?:\s*[：:]\s*|\s+)\S"
)
_WORD = re.compile(r"[^\W_]")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class RankedHeading:
    """A paragraph that is a heading. A smaller rank stands higher; 0 is the document's title."""

    rank: int
    label: str
    mark: int
    """The length of the mark before its words, such as `## `."""


def rank_marked_lines(
    text: str, lines: Sequence[TextLine], marked: Sequence[Heading], articles: Mapping[int, str]
) -> dict[int, int]:
    """The offset of each line that is marked as a heading -> its rank.

    `#` is a mark only where the format gave no headings: else it stands in code.
    """
    ranks: dict[int, int] = {}
    ahead = sorted(marked, key=lambda heading: heading.start, reverse=True)
    for line in lines:
        while ahead and ahead[-1].end <= line.start:
            ahead.pop()
        words = text[line.start : min(line.end, line.start + HEAVIEST)]
        if line.start in articles or weight(words) > HEAVIEST:
            continue
        if ahead and _fills(text, line, ahead[-1]):
            ranks[line.start] = ahead[-1].level
        elif not marked and (mark := _MARKDOWN.match(words)):
            ranks[line.start] = len(mark[1])
        elif rank := _own_rank(words):
            ranks[line.start] = rank
    return ranks


def _fills(text: str, line: TextLine, heading: Heading) -> bool:
    """Is the line, but for marks such as `##`, within the heading?"""
    outside = text[line.start : heading.start] + text[heading.end : line.end]
    return heading.start < line.end and not _WORD.search(outside)


def _own_rank(words: str) -> int | None:
    """The rank of a line that calls itself a chapter and the like."""
    if weight(words) > _HEAVIEST_UNMARKED or _END_MARK.search(words):
        return None
    return next((rank for rank, form in _STRUCTURE if form.match(words)), None)


def find_headings(
    text: str,
    paragraphs: Sequence[Paragraph],
    marked: Mapping[int, int],
    *,
    by_articles: bool,
    numbered: frozenset[int] = frozenset(),
    titled: frozenset[int] = frozenset(),
) -> dict[int, RankedHeading]:
    """The number of each paragraph that is a heading -> what it is.

    A heading that stands above nothing is an ordinary paragraph. The only one of the highest rank
    is the document's title if the text opens with it.

    numbered: paragraphs that open a judgment's own numbers; between the first and the last of
        them what is a heading stands above a number, and a quotation's headings are none
    titled: numbered clauses that only title those below them
    """
    ranks = {
        number: marked[paragraph.start]
        for number, paragraph in enumerate(paragraphs)
        if paragraph.start in marked
    }
    if len(ranks) <= 1 and not by_articles:
        ranks = _standing_alone(text, paragraphs, numbered) | ranks
    ranks = _above_numbers(ranks, numbered)
    ranks |= dict.fromkeys(titled - ranks.keys(), _CLAUSE)
    ranks = _above_text(ranks, paragraphs)
    if 0 in ranks and all(ranks[0] < rank for number, rank in ranks.items() if number):
        ranks[0] = TITLE
    return {
        number: _ranked_heading(text, paragraphs[number], rank) for number, rank in ranks.items()
    }


def join_labels(trail: Sequence[RankedHeading]) -> str:
    """The headings in force, outermost first."""
    return SEPARATOR.join(heading.label for heading in trail)


def open_heading(trail: list[RankedHeading], heading: RankedHeading) -> str:
    """Put a heading in force: it ends those of its rank and below. Returns those above it.

    A document's title is never in force: the record carries it.
    """
    while trail and trail[-1].rank >= heading.rank:
        trail.pop()
    above = join_labels(trail)
    if heading.rank != TITLE:
        trail.append(heading)
    return above


def _above_numbers(ranks: Mapping[int, int], numbers: frozenset[int]) -> dict[int, int]:
    """Those that are no numbered paragraph, and between two of these only those above one."""
    if not numbers:
        return dict(ranks)
    first, last = min(numbers), max(numbers)
    above: dict[int, int] = {}
    for number in sorted(ranks, reverse=True):
        follows = number + 1 in numbers or number + 1 in above
        if number not in numbers and (not first < number < last or follows):
            above[number] = ranks[number]
    return dict(sorted(above.items()))


def _above_text(ranks: Mapping[int, int], paragraphs: Sequence[Paragraph]) -> dict[int, int]:
    """Those that an ordinary paragraph follows, at most LONGEST_CHAIN headings further on."""
    above_text: dict[int, int] = {}
    distance, below = LONGEST_CHAIN, 0
    for number in range(len(paragraphs) - 1, -1, -1):
        apart = below - paragraphs[number].end > _WIDEST_GAP
        below = paragraphs[number].start
        if number not in ranks or apart:
            distance = 0
        elif distance < LONGEST_CHAIN:
            distance += 1
            above_text[number] = ranks[number]
    return dict(sorted(above_text.items()))


def _standing_alone(
    text: str, paragraphs: Sequence[Paragraph], numbered: frozenset[int]
) -> dict[int, int]:
    """Short lines without an end mark, above a longer paragraph or a heading of lower rank."""
    blanks = sum(paragraph.after_blank for paragraph in paragraphs)
    spaced = blanks > len(paragraphs) // 20 + 1
    ranks: dict[int, int] = {}
    for number in range(len(paragraphs) - 2, -1, -1):
        rank = None if number in numbered else _rank(text, paragraphs, number, spaced=spaced)
        if rank is None:
            continue
        lower = ranks.get(number + 1)
        below = paragraphs[number + 1]
        if rank == TITLE or (
            _is_text(text, paragraphs[number], below, spaced=spaced)
            if lower is None
            else lower > rank
        ):
            ranks[number] = rank
    return ranks


def _rank(text: str, paragraphs: Sequence[Paragraph], number: int, *, spaced: bool) -> int | None:
    """The rank of a paragraph that looks like a heading by itself, None if it does not."""
    paragraph = paragraphs[number]
    words = text[paragraph.start : min(paragraph.end, paragraph.start + HEAVIEST)]
    first = _LETTER.search(words)
    no_heading = _NO_HEADING.search(words) or _PARTICULARS.match(words)
    if "\n" in words or no_heading or not first or first[0].islower():
        return None
    if number == 0:
        ends_flat = words.endswith(tuple("。；：，、,;:."))
        return None if ends_flat or weight(words) > _HEAVIEST_TITLE else TITLE
    above, numbered = paragraphs[number - 1], paragraph.marker in _NUMBERED
    if spaced:
        apart = paragraph.after_blank and (numbered or paragraphs[number + 1].after_blank)
    else:
        apart = bool(_CLOSED.search(text[max(above.start, above.end - 4) : above.end]))
    if numbered and above.marker == paragraph.marker:
        return None  # an item of a list
    if not apart or weight(words) > _HEAVIEST_UNMARKED or _END_MARK.search(words):
        return None
    if numbered:
        return _PLAIN + 1 + _NUMBERED.index(paragraph.marker)
    return None if paragraph.marker else _PLAIN


def _is_text(text: str, paragraph: Paragraph, below: Paragraph, *, spaced: bool) -> bool:
    """May the paragraph below be what the heading titles, and not another line of a list?"""
    words = text[below.start : below.end]
    size = weight(words)
    if not spaced and size < MIN_WEIGHT:
        return False
    if below.marker:
        return below.marker != paragraph.marker
    return size > weight(text[paragraph.start : paragraph.end]) and (
        size > _HEAVIEST_UNMARKED or bool(_CLOSED.search(words[-4:]))
    )


def _ranked_heading(text: str, paragraph: Paragraph, rank: int) -> RankedHeading:
    words = text[paragraph.start : paragraph.end]
    mark = _MARKDOWN.match(words)
    at = mark.end() if mark else 0
    return RankedHeading(rank, " ".join(words[at:].split()).strip("#*_=- "), at)
