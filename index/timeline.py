"""What happened when?  The sentences that name a date, in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from corpus.language.dates import DateMention, find_mentions, find_years
from corpus.language.lengths import Span
from corpus.language.numerals import HAN_NUMERAL
from corpus.language.sentences import find_sentences
from corpus.models import PassageRecord
from index.text.normalize import fold

_PARAGRAPH = re.compile(r"\S(?:.|\n(?!\s*\n))*")
_TO = re.compile(
    r"\s*(?:(?:起)?(?:至|到|迄)|[—–~～-]{1,2}|to|until|till|through|and|止)\s*", re.IGNORECASE
)
_SAME_YEAR = re.compile(r"(?:同|该|當|当)年\s*\Z")
# Years that stand alone; those of dockets, (2018)京…, and of amounts are none.
_YEAR_ALONE = re.compile(
    r"(?<![\d.(\[〔])(?P<han>1[89]\d\d|20\d\d)\s?年(?!度|\s?\d|\s?[一二三四五六七八九十]{1,2}\s?月)"
    r"|\b(?:in|since|during|before|after|until|of|from)\s(?P<english>1[89]\d\d|20\d\d)\b(?![.,]?\d)"
)
_COUNT = rf"(?:\d{{1,3}}|[{HAN_NUMERAL}]{{1,4}})"
_RELATIVE = re.compile(
    r"次日|翌日|当日|當日|昨[日天]|今[日天]|明[日天]|同日|上月|本月|次月|翌月|去年|今年|明年|翌年|次年"
    rf"|{_COUNT}\s?(?:日|天|个月|個月|月|年|周|週)(?:以)?(?:后|後|内|內|前)"
    r"|\b(?:yesterday|today|tomorrow|the (?:following|next|previous|same) (?:day|week|month|year)"
    r"|(?:last|next) (?:week|month|year)|within \w{1,12} (?:days|weeks|months|years)"
    r"|\w{1,12} (?:days|weeks|months|years) (?:later|after|before|earlier|ago))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DatedSentence:
    """A sentence of a document, `[start, end)` of its text, and one date that it names.

    `date` and `until`, the end of a period, are ISO 8601 as far as they are known.
    """

    date: str
    until: str | None
    text: str
    citation: str
    document_id: str
    title: str
    pin: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """Dated sentences, the earliest first. `undated`: how many name a relative time alone."""

    rows: tuple[DatedSentence, ...]
    undated: int


def build_timeline(
    passages: Iterable[PassageRecord],
    words: Callable[[PassageRecord], Iterable[Span]] | None = None,
) -> Timeline:
    """The timeline of passages in order of their documents.

    `words` says of a passage which of its spans are about what is looked for; None takes all.
    """
    rows: list[DatedSentence] = []
    undated = 0
    year: int | None = None
    document = ""
    for passage in passages:
        if passage.document_id != document:
            document, year = passage.document_id, None
        marks = list(words(passage)) if words else None
        for start, end in _sentences(passage.text):
            if marks is not None and not any(a < end and start < b for a, b in marks):
                continue
            text = passage.text[start:end]
            periods, year = _periods(text, year)
            undated += not periods and bool(_RELATIVE.search(text))
            rows += (_row(passage, (start, end), *period) for period in periods)
    # A year comes before its months, and these before their days.
    rows.sort(key=lambda row: (row.date, row.title, row.start))
    return Timeline(tuple(rows), undated)


def _sentences(text: str) -> Iterator[Span]:
    """The sentences of a passage; a blank line ends one too, as below a title."""
    for paragraph in _PARAGRAPH.finditer(text):
        yield from find_sentences(text, *paragraph.span())


def _row(passage: PassageRecord, span: Span, date: str, until: str | None) -> DatedSentence:
    return DatedSentence(
        date=date,
        until=until,
        text=passage.text[slice(*span)],
        citation=passage.citation,
        document_id=passage.document_id,
        title=passage.title,
        pin=passage.pin,
        start=passage.start + span[0],
        end=passage.start + span[1],
    )


def _periods(text: str, year: int | None) -> tuple[list[tuple[str, str | None]], int | None]:
    """The days and periods of a sentence, and the last year that it names.

    `year`: the last one before it, which 同年 means.
    """
    folded = fold(text).text
    mentions: list[DateMention] = []
    for mention in _mentions(folded):
        if mention.year is None and _SAME_YEAR.search(folded, 0, mention.start):
            mention = replace(mention, year=year)  # noqa: PLW2901 - the same date, in full
        joined = mentions and _TO.fullmatch(folded, mentions[-1].end, mention.start)
        if mention.year is None and joined:
            mention = replace(mention, year=mentions[-1].year)  # noqa: PLW2901
        if mention.year is not None:
            mentions.append(mention)
            year = mention.year
    return list(dict.fromkeys(_joined(folded, mentions))), year


def _joined(folded: str, mentions: list[DateMention]) -> Iterator[tuple[str, str | None]]:
    """Dates, two of them as one period where one goes `to` the other."""
    at = 0
    while at < len(mentions):
        mention = mentions[at]
        following = mentions[at + 1] if at + 1 < len(mentions) else None
        between = following and _TO.fullmatch(folded, mention.end, following.start)
        if following and between and _iso(mention) < _iso(following):
            # "1 May and 3 June" are two days; "between 1 May and 3 June" is a period.
            is_period = between[0].strip() != "and" or "between" in folded[: mention.start]
            if is_period:
                yield _iso(mention), _iso(following)
                at += 2
                continue
        yield _iso(mention), None
        at += 1


def _mentions(folded: str) -> list[DateMention]:
    """The dates of a folded sentence and its years that stand alone, in order."""
    mentions = find_mentions(folded)
    years = [
        (match.span(), int(match["han"] or match["english"]))
        for match in _YEAR_ALONE.finditer(folded)
    ]
    years += [((start, end), value) for start, end, value in find_years(folded)]
    for (start, end), value in years:
        if not any(start < mention.end and mention.start < end for mention in mentions):
            mentions.append(DateMention(start, end, value, 0, None))
    return sorted(mentions, key=lambda mention: mention.start)


def _iso(mention: DateMention) -> str:
    return mention.iso if mention.month else f"{mention.year:04}"
