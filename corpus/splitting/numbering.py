"""What does the document itself number?  The path of each paragraph: `[46]`, `§ 5`.3, 三、（二）1.

A path is a tuple of steps, outermost first; joined, it is the pin that a lawyer writes. Three
kinds of documents number their paragraphs: judgments by one ascending series, contracts by
decimals and letters, Chinese documents by signs of falling rank. A paragraph without a number
belongs to the one above it only where the document's form says so; else its path is empty.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from corpus.language.lengths import weight
from corpus.language.numerals import HAN_ORDINAL, parse_number, parse_roman
from corpus.language.scripts import HAN

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from corpus.models import DocumentKind
    from corpus.splitting.paragraphs import Paragraph

Path: TypeAlias = tuple[str, ...]

_LEAD = r"[#*_\s]{0,60}(?:[*•·–-]\s{1,40})?"
_SERIES = (  # each style by itself: a quotation often numbers in another one
    re.compile(rf"{_LEAD}\[(\d{{1,4}})\](?=\s|[*_]|\Z|[{HAN}])"),
    re.compile(rf"{_LEAD}(\d{{1,4}})[.．](?=\s|[*_]|\Z|[{HAN}])"),
    re.compile(r"(\d{1,4})(?=\t|\s{2,}|\s[A-Z“\"‘(\[]|\s*\Z)"),
)
_FEWEST = 3  # of a judgment's own numbers
_FEWEST_ELSEWHERE = 8  # a list of seven is common in any document
_NARROWEST = 0.4  # of the text lies between the first number and the last
_WIDEST_LEAP = 3  # numbers that a reader lost are leapt over
_LEAP_COST = 1.5
_QUOTED = 2_000  # characters in which an open quotation mark is looked for
_NEUTRAL = re.compile(r"\[(?:19|20)\d\d\] [A-Z]{2,6}\w* (?:\([A-Za-z]+\) )?\d+|ECLI:")
_HEAD = 3_000
_CONTRACT = re.compile(
    r"\b(?:agreement|contract|terms|conditions|addendum|lease|licen[cs]e|policy|deed)\b",
    re.IGNORECASE,
)
_TITLE_END = 200
_DECIMAL = re.compile(
    rf"{_LEAD}(?:Section\s|§\s?|Clause\s)?(\d{{1,3}}[A-Z]?(?:\.\d{{1,3}}[A-Z]?){{1,4}})[.)]?(?=[\s*_])"
)
_SINGLE = re.compile(rf"{_LEAD}(\d{{1,3}}[A-Z]?)[.)](?=[\s*_])")
_LETTER = re.compile(
    rf"{_LEAD}(?:\(([A-Za-z]|[ivxIVX]{{1,5}})\)|([A-Za-z]|[ivx]{{1,5}})[.)])(?=[\s*_])"
)
_END_MARK = re.compile(r"[。！？；.!?;][」』”’\"')）》\]]*\Z")
_LEAD_IN = re.compile(r"[:：][*_\s]*\Z")
_SHORT = 150
_ANNEX = re.compile(
    r"[#*_\s]*(?:schedule|addendum|appendix|annex|exhibit|attachment)\b(?!\s+to\b)", re.IGNORECASE
)
_ANNEXED = re.compile(rf"{_LEAD}([A-Z]\d{{0,2}}-\d{{1,3}}(?:\.\d{{1,3}})*)[.)]?(?=[\s*_])")
_PAGED = re.compile(r"(?:\t|\.{3}|…)\s{0,20}\d{1,4}\Z")  # an entry of a table of contents
_ANNEX_NAME = re.compile(r"[#*_\s]{0,60}([A-Za-z]{1,40} (?:\d{1,9}|[A-Z]\b|[IVX]+\b))")
_LONGEST_PART = 40
_BIG = "壹貳參肆伍陸柒捌玖拾"
_RINGED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_BRACKETED = "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩"
_SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("壹、", re.compile(rf"([{_BIG}]{{1,3}})[、．.]")),
    # 甲、乙双方 names two parties.
    ("甲、", re.compile("([甲乙丙丁戊己庚辛壬癸])、(?![甲乙丙丁戊己庚辛壬癸])")),
    ("一、", re.compile(rf"([{HAN_ORDINAL}]{{1,4}})[、．.]")),
    ("（一）", re.compile(rf"[（(]([{HAN_ORDINAL}]{{1,4}})[）)]、?|([{_BRACKETED}])、?")),
    ("1.", re.compile(rf"(\d{{1,3}})(?:[、．]|\.(?=\s|[{HAN}]))|([⒈-⒛])")),
    ("（1）", re.compile(r"[（(](\d{1,3})[）)]、?|([⑴-⒇])、?")),
    ("①", re.compile(rf"([{_RINGED}])、?")),
)
# Signs of falling rank. 壹 and 甲 stand above each other in either order.
_RANKS = {style: max(rank, 1) for rank, (style, _) in enumerate(_SIGNS)} | {"主文": 0}
_DISPOSITION = re.compile(r"\s{0,60}主\s{0,60}文\s{0,60}\Z")
_DECIDED = re.compile(r"(?:判决|判決|裁定|决定|決定)如下[:：]\s{0,60}\Z")
_CLOSING = re.compile(
    r"\s{0,60}(?:中\s{0,20}[華华]\s{0,20}民\s{0,20}[國国]\s{0,20}\d|以上正本|[審审]\s{0,20}判\s{0,20}[長长员]"
    r"|本判[決决]为终审)"
)
_FEWEST_HAN = 0.2  # of the characters


@dataclass(frozen=True, slots=True)
class Numbering:
    """The document's own numbers: a path for each paragraph, empty where it has none."""

    paths: tuple[Path, ...]
    series: frozenset[int]
    """The paragraphs that open a number of a judgment's series: never headings."""
    titled: frozenset[int]
    """Numbered clauses that only title those below them."""

    @property
    def inherited(self) -> frozenset[int]:
        """Paragraphs without a number that belong to a judgment's numbered one above them."""
        places = range(min(self.series, default=len(self.paths)), len(self.paths))
        return frozenset(places) - self.series


def find_numbers(
    text: str,
    paragraphs: Sequence[Paragraph],
    kind: DocumentKind | None,
    marked: Mapping[int, int] = MappingProxyType({}),
) -> Numbering:
    """Read the document's own numbers. Time grows linearly with the text.

    kind: what the document is, where it is known; a series counts for more in a judgment
    marked: the offset of each line that the format marks as a heading -> its rank
    """
    openings = [text[part.start : min(part.end, part.start + 40)] for part in paragraphs]
    series = _find_series(text, paragraphs, openings, kind)
    # 1. and 2. are only the headings of 1.1 and 2.1, where there are more of those.
    if series and len(_decimals(openings)) <= len(series):
        return _spread_series(len(paragraphs), series)
    if not series and not _is_contract(text, openings, kind):
        return no_numbers(paragraphs)
    outline = _Outline(decimals=True)
    clauses = [
        marked[part.start]
        for part, opening in zip(paragraphs, openings, strict=True)
        if part.start in marked and (_SINGLE.match(opening) or _DECIMAL.match(opening))
    ]
    highest = min(clauses, default=0)
    for number, (part, opening) in enumerate(zip(paragraphs, openings, strict=True)):
        # A heading above the clauses' own opens a part that counts anew.
        opens = bool(number) and marked.get(part.start, highest) < highest
        # An entry of the contents has the number of the clause further down.
        paged = _PAGED.search(text, max(part.start, part.end - _SHORT), part.end)
        sign = "" if paged else opening
        outline.take(text, part, sign, closes=opens or bool(_ANNEX.match(sign)))
    paths = tuple(outline.paths)
    return Numbering(paths, frozenset(), _titled(text, paragraphs, paths))


def _titled(text: str, paragraphs: Sequence[Paragraph], paths: Sequence[Path]) -> frozenset[int]:
    """The numbered clauses that only title the clauses below them."""
    return frozenset(
        number
        for number, (part, path) in enumerate(zip(paragraphs[:-1], paths, strict=False))
        if path
        and len(paths[number + 1]) > len(path)
        and paths[number + 1][: len(path)] == path
        and (number == 0 or paths[number - 1] != path)
        and _is_title(text[part.start : part.end])
    )


def find_signs(text: str, paragraphs: Sequence[Paragraph], headings: Collection[int]) -> Numbering:
    """The signs of a Chinese document: 壹、一、（一）1. A heading without one closes them all."""
    if not _is_han(text):
        return no_numbers(paragraphs)
    outline = _Outline(decimals=False)
    for number, part in enumerate(paragraphs):
        opening = text[part.start : min(part.end, part.start + 40)]
        closes = number in headings or bool(_CLOSING.match(opening))
        outline.take(text, part, opening, closes=closes)
    return Numbering(tuple(outline.paths), frozenset(), frozenset())


def no_numbers(paragraphs: Sequence[Paragraph]) -> Numbering:
    """What a document has that does not number its paragraphs."""
    return Numbering(((),) * len(paragraphs), frozenset(), frozenset())


def _is_title(words: str) -> bool:
    return weight(words[: _SHORT * 2]) <= _SHORT * 2 and not _END_MARK.search(words.rstrip("*_ "))


def _is_han(text: str) -> bool:
    sample = text[:20_000]
    return len(re.findall(f"[{HAN}]", sample)) >= _FEWEST_HAN * max(1, len(sample))


def _is_contract(text: str, openings: Sequence[str], kind: DocumentKind | None) -> bool:
    """Does the document call itself a contract, or number by decimals in order?"""
    if _is_han(text):
        return False
    title = text[:_TITLE_END].lstrip().split("\n", 1)[0]
    if kind == "contract" or (kind is None and _CONTRACT.search(title)):
        return True
    values = _decimals(openings)
    risen = sum(before < after for before, after in pairwise(values))
    return kind is None and len(values) > _FEWEST and risen >= 0.8 * (len(values) - 1)


def _decimals(openings: Sequence[str]) -> list[tuple[int, ...]]:
    """The decimal numbers that open paragraphs, in order."""
    return [
        tuple(_figures(part) for part in match[1].split("."))
        for opening in openings
        if (match := _DECIMAL.match(opening))
    ]


def _find_series(
    text: str, paragraphs: Sequence[Paragraph], openings: Sequence[str], kind: DocumentKind | None
) -> dict[int, int]:
    """The paragraphs that a judgment numbers itself -> their numbers; empty if it does not."""
    if kind in ("contract", "statute", "interpretation"):
        return {}
    cited = bool(_NEUTRAL.search(text, 0, _HEAD))
    # Statements, pleadings and letters of lawyers number their paragraphs as judgments do.
    serial = kind in ("judgment", "decision", "filing", "letter") and not _is_han(text)
    fewest = _FEWEST if cited or serial else _FEWEST_ELSEWHERE
    best: dict[int, int] = {}
    for style in _SERIES:
        numbers = [
            (place, int(match[1]), _in_quotation(text, paragraphs, place))
            for place, opening in enumerate(openings)
            if (match := style.match(opening))
        ]
        chain = _longest_chain(numbers)
        if len(chain) > len(best):
            best = chain
    if len(best) < fewest or min(best.values()) > _WIDEST_LEAP:
        return {}
    places = sorted(best)
    reach = paragraphs[places[-1]].end - paragraphs[places[0]].start
    return best if reach >= _NARROWEST * len(text) else {}


def _in_quotation(text: str, paragraphs: Sequence[Paragraph], place: int) -> bool:
    """Does a colon or an open quotation mark lead in to this paragraph, or is it indented?"""
    if not place:
        return False
    above, part = paragraphs[place - 1], paragraphs[place]
    words = text[max(above.start, above.end - _QUOTED) : above.end]
    return (
        bool(_LEAD_IN.search(words))
        or words.rfind("“") > words.rfind("”")
        or part.indent > above.indent
    )


def _longest_chain(numbers: Sequence[tuple[int, int, bool]]) -> dict[int, int]:
    """The longest ascending series by ones; leaps over lost numbers are allowed and cost.

    Of two that are as long the one that began earlier wins, then the one whose number stands
    later: numbers of a quotation stand between two of the judgment's own.

    numbers: the paragraph, its number, and whether it seems to be quoted, which costs
    """
    # number -> (length, minus where its chain begins, its entry); an entry knows the one before.
    ends: dict[int, tuple[float, int, int]] = {}
    entries: list[tuple[int, int, int]] = []
    top = (0.0, 0, -1)
    for place, number, quoted in numbers:
        worth = 1 - _LEAP_COST / 4 * quoted
        chosen = (worth, -place, -1)
        for leap in range(1, _WIDEST_LEAP + 1):
            length, begin, entry = ends.get(number - leap, (0.0, 0, -1))
            if entry >= 0:
                joined = (length + worth - _LEAP_COST * (leap - 1), begin, entry)
                chosen = max(chosen, joined, key=lambda end: end[:2])
        entries.append((place, number, chosen[2]))
        end = (chosen[0], chosen[1], len(entries) - 1)
        if number not in ends or end[:2] >= ends[number][:2]:
            ends[number] = end
        if end[:2] >= top[:2]:
            top = end
    chain: dict[int, int] = {}
    at = top[2]
    while at >= 0:
        place, number, at = entries[at]
        chain[place] = number
    return chain


def _spread_series(count: int, series: dict[int, int]) -> Numbering:
    """Give each paragraph the number above it: what has none is a quotation or goes on."""
    paths: list[Path] = []
    path: Path = ()
    for place in range(count):
        if place in series:
            path = (f"[{series[place]}]",)
        paths.append(path)
    return Numbering(tuple(paths), frozenset(series), frozenset())


@dataclass(slots=True)
class _Step:
    style: str
    value: int
    indent: int
    label: str
    governs: bool
    """It titles what follows, so that paragraphs without a number belong to it."""


class _Outline:
    """The open numbers of a contract or a Chinese document, read paragraph by paragraph."""

    def __init__(self, *, decimals: bool) -> None:
        self.paths: list[Path] = []
        self._decimals = decimals
        self._open: list[_Step] = []
        self._paused: list[_Step] = []
        self._annex: list[_Step] = []
        self._leads_in = False
        self._in_quotation = False

    def take(self, text: str, part: Paragraph, opening: str, *, closes: bool) -> None:
        """Read the next paragraph. One that closes ends every open number, if it has none."""
        words = text[part.start : part.end]
        governs = self._decimals or _is_title(words)
        # Each paragraph of what an amendment quotes opens with a quotation mark.
        quotes = words.startswith(("“", "「"))
        self._in_quotation = quotes and (self._leads_in or self._in_quotation)
        read = self._read_decimals if self._decimals else self._read_signs
        if not read(opening, part.indent, governs):
            self._inherit(part, closes=closes)
            if closes and self._decimals:  # clauses of an annex begin anew at 1
                name = _ANNEX_NAME.match(opening)
                title = name[1] if name else words[:_LONGEST_PART] if _is_title(words) else ""
                label = f"{' '.join(title.strip('#*_ ').split())} " if title else ""
                self._annex = [_Step("annex", 1, -1, label, True)] if label else []
                self._open = list(self._annex)
        self._leads_in = bool(_LEAD_IN.search(words[-8:]))
        if not self._decimals and _DISPOSITION.match(words[:20]):
            self._open = [_Step("主文", 1, -1, "主文", True)]
        self.paths.append(tuple(step.label for step in self._open))
        if not self._decimals and _DECIDED.search(words[-12:]):
            self._open = [_Step("主文", 1, part.indent, "主文", False)]

    def _inherit(self, part: Paragraph, *, closes: bool) -> None:
        """Close the open numbers to which the paragraph does not belong.

        They are only paused: after a note in between, 二、 goes on from 一、.
        """
        if closes:
            self._open, self._paused = [], []
        elif self._open:
            self._paused = list(self._open)
        while self._open:
            last = self._open[-1]
            belongs = last.governs or self._leads_in or part.indent > last.indent
            belongs = belongs or self._in_quotation
            if belongs:
                return
            self._open.pop()

    def _read_decimals(self, opening: str, indent: int, governs: bool) -> bool:
        if match := _DECIMAL.match(opening):
            first, *deeper = match[1].split(".")
            steps = [f"§ {first}", *(f".{number}" for number in deeper)]
            clauses = [_Step("1.1", _figures(step), indent, step, True) for step in steps]
            clauses[0].style = "1."
            self._open = [*self._annex, *clauses]
            return True
        if match := _ANNEXED.match(opening):
            self._open = [_Step("1.", 1, indent, f"§ {match[1]}", True)]
            return True
        if match := _SINGLE.match(opening):
            return self._read_single(match[1], indent)
        if (match := _LETTER.match(opening)) and self._open:
            return self._read_letter(match[1] or match[2], indent, governs)
        return False

    def _read_single(self, number: str, indent: int) -> bool:
        """`5.` at the margin is a clause; further in it is the clause's own first level."""
        outer = [step for step in self._open if step.indent < indent and step.style[0] == "1"]
        if not outer:
            self._open = [*self._annex, _Step("1.", _figures(number), indent, f"§ {number}", True)]
        else:
            self._open = [*outer, _Step("1.1", _figures(number), indent, f".{number}", True)]
        return True

    def _read_letter(self, letters: str, indent: int, governs: bool) -> bool:
        letter = ord(letters.lower()) - ord("a") + 1 if len(letters) == 1 else 0
        case = "A" if letters[0].isupper() else "a"
        readings = [(case, letter), (f"{case}i", parse_roman(letters) or 0)]
        for depth in range(len(self._open) - 1, -1, -1):
            step = self._open[depth]
            if any(step.style == style and value == step.value + 1 for style, value in readings):
                del self._open[depth:]
                self._open.append(
                    _Step(step.style, step.value + 1, indent, f"({letters})", governs)
                )
                return True
        for style, value in reversed(readings):
            if value == 1 and style not in [step.style for step in self._open]:
                self._open.append(_Step(style, 1, indent, f"({letters})", governs))
                return True
        return False

    def _read_signs(self, opening: str, indent: int, governs: bool) -> bool:
        for style, form in _SIGNS:
            match = form.match(opening)
            if not match:
                continue
            sign = next(filter(None, match.groups()))
            value = _sign_value(sign)
            if value > 1 and style not in [step.style for step in self._open]:
                self._open = self._paused or self._open
            at = self._level(style)
            before = self._open[at].value if at < len(self._open) else 0
            # A sign that was lost is leapt over; any other leap is a mention.
            if value != 1 and not before < value <= before + (_WIDEST_LEAP if before else 0):
                return False
            del self._open[at:]
            self._open.append(_Step(style, value, indent, match[0], governs))
            return True
        return False

    def _level(self, style: str) -> int:
        """Where a sign stands among the open ones: above those of lower rank."""
        styles = [step.style for step in self._open]
        if style in styles:
            return styles.index(style)
        rank = _RANKS[style]
        lower = (at for at, other in enumerate(styles) if _RANKS[other] > rank)
        return next(lower, len(styles))


def _figures(number: str) -> int:
    """The figure of a clause such as `1`, `§ 1A` or `.3`."""
    return int(number.strip("§ .ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def renumber(path: Path, words: str) -> Path:
    """The path of a later part of a paragraph that says 一、…；二、… in one: by its own sign."""
    for style, form in _SIGNS[2:]:
        match = form.match(words[:10])
        if match and path and any(form.match(step) for step in path[-1:]):
            return (*path[:-1], match[0])
        if match and style == "①":
            break
    return path


def _sign_value(sign: str) -> int:
    for signs in (_RINGED, _BRACKETED, "甲乙丙丁戊己庚辛壬癸"):
        if sign in signs:
            return signs.index(sign) + 1
    for first, last in ("⑴⒇", "⒈⒛"):
        if first <= sign <= last:
            return ord(sign) - ord(first) + 1
    return parse_number(sign) or 0
