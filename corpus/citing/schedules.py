"""Which schedules does a text mention, and where do they begin?  Schedule 1, Annex II, 附件一.

A schedule is whatever is set behind a document under a word of its own: an annex, an appendix, an
exhibit. Its path is the word in one form, its number ('' where it has none), and the numbers of
the place inside it: 附件一第二条 is 附件, 1, 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from corpus.language.numerals import HAN_ORDINAL, parse_number, parse_roman

SchedulePath: TypeAlias = tuple[str, ...]

_LATIN_KINDS: Final = {
    "sched": "schedule",
    "annex": "annex",
    "appen": "appendix",
    "exhib": "exhibit",
    "attac": "attachment",
}
_HAN_KINDS: Final = {"附錄": "附录", "附圖": "附图"}
_LATIN_WORD: Final = (
    r"[Ss]chedules?|SCHEDULES?|[Aa]nnex(?:es)?|ANNEX(?:ES)?|[Aa]ppendi(?:x|ces)|APPENDI(?:X|CES)"
    r"|[Ee]xhibits?|EXHIBITS?|Attachments?|ATTACHMENTS?"
)
_HAN_WORD: Final = "附[件录錄表图圖]"
_LATIN_NUMBER: Final = r"(?:\d{1,3}[A-Z]?|[IVXLC]{1,6}|[A-Z]{1,2}(?:-\d{1,3})?)(?![\w’'])"
_HAN_NUMBER: Final = rf"(?:[{HAN_ORDINAL}]{{1,4}}|\d{{1,3}}|[A-Z](?![A-Za-z]))"
_LATIN: Final = re.compile(
    rf"(?<![\w’'-])(?P<word>{_LATIN_WORD})\s(?P<list>{_LATIN_NUMBER}"
    rf"(?:(?:,|,? (?:and|or|to)|\s?[–-])\s?{_LATIN_NUMBER})*)"
)
# Where a document has one, it needs no number: the Schedule, in capitals as the law writes it.
_LATIN_BARE: Final = re.compile(
    r"\bthe (?P<word>Schedule|Annex|Appendix)\b(?!\s(?:\d|[IVXLC]+\b|[A-Z]\b))"
)
_HAN: Final = re.compile(
    rf"(?P<word>{_HAN_WORD})\s?(?:[（(]\s?)?(?P<number>{_HAN_NUMBER})(?:\s?[）)])?"
    rf"(?P<below>\s?第\s?(?P<article>[{HAN_ORDINAL}\d]+)\s?[条條])?"
)
_HAN_BARE: Final = re.compile(rf"(?<=[见見详詳如按依照据據])(?P<word>{_HAN_WORD})(?![\w（(])")
_ITEM: Final = re.compile(_LATIN_NUMBER)
_OPENING: Final = re.compile(
    r"[ \t\u3000#*【\[]*(?:THE |The )?"
    rf"(?:(?P<latin>{_LATIN_WORD})(?:\s(?P<number>{_LATIN_NUMBER}))?"
    rf"|(?P<han>{_HAN_WORD})\s?[（(]?(?P<han_number>{_HAN_NUMBER})?[）)]?)"
    r"(?=[\s:：.\-–—、，*】\]]|[^\W\d_]|\Z)"
)
_LONGEST_OPENING: Final = 80
_SENTENCE: Final = re.compile(r"[。；;，,]\s*\Z|[a-z0-9]\.\s*\Z")
_CONTINUED: Final = re.compile(r"\(?(?:continued|cont[’'.]d|续|續)", re.IGNORECASE)


def find_schedules(text: str) -> Iterator[tuple[int, int, SchedulePath]]:
    """Each schedule that a text mentions, as a span of it, and its path; in no order."""
    for match in _LATIN.finditer(text):
        kind = _kind(match["word"])
        for at, item in enumerate(_ITEM.finditer(match["list"])):
            # The word belongs to the first number: `Schedules 1 and 2` are two links.
            start = match.start() if at == 0 else match.start("list") + item.start()
            yield start, match.start("list") + item.end(), (kind, _number(item[0]))
    for match in _LATIN_BARE.finditer(text):
        yield *match.span("word"), (_kind(match["word"]), "")
    for match in _HAN.finditer(text):
        below = (str(parse_number(match["article"])),) if match["article"] else ()
        yield *match.span(), (_kind(match["word"]), _number(match["number"]), *below)
    for match in _HAN_BARE.finditer(text):
        yield *match.span("word"), (_kind(match["word"]), "")


def opened_schedules(text: str) -> Iterator[SchedulePath]:
    """The schedules that begin in a text, by the lines that name them; in order."""
    for line in text.splitlines():
        match = _OPENING.match(line)
        is_title = len(line) <= _LONGEST_OPENING and not _SENTENCE.search(line)
        if match and is_title and not _CONTINUED.search(line):
            number = match["number"] or match["han_number"] or ""
            yield _kind(match["latin"] or match["han"]), _number(number)


def _kind(word: str) -> str:
    return _LATIN_KINDS.get(word[:5].lower()) or _HAN_KINDS.get(word, word)


def _number(number: str) -> str:
    """Annex II and Annex 2 are one; Exhibit A is no number, and C is one only among Roman ones."""
    if number.isascii() and number.isalpha():
        # A single letter but I, V and X counts letters: nobody has a hundred exhibits.
        roman = parse_roman(number.lower()) if len(number) > 1 or number in "IVX" else None
        return str(roman) if roman else number
    if number.isascii():
        return number
    return str(parse_number(number)) if number else ""
