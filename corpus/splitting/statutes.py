"""Is this the text of a law or a contract, and where do its articles begin?

Decided by structure: several lines in ascending order that open with an article's number. A
mention in running text (`第三十六條規定`, `Article 36 of the Law`) opens nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from corpus.language.numerals import HAN_ORDINAL, parse_number, parse_roman
from corpus.splitting.numbering import Numbering, Path

if TYPE_CHECKING:
    from corpus.splitting.paragraphs import Paragraph

_WHEREAS = re.compile(r"[#*_\s]{0,60}whereas\s{0,40}[:：]", re.IGNORECASE)
_RECITAL = re.compile(r"\(?(\d{1,3})\)(?=\s|\Z)")
_ADOPTED = re.compile(r"ha(?:s|ve) (?:adopted|decided)\b", re.IGNORECASE)
_OPENING = re.compile(
    rf"""[#*_\s]{{0,60}}(?P<label>
      第\s?(?P<han>[{HAN_ORDINAL}]{{1,20}}|\d{{1,20}})(?:\s?[-－–]\s?(?P<dash>\d{{1,20}}))?\s?[條条](?:\s?之\s?(?P<of>[{HAN_ORDINAL}]{{1,20}}|\d{{1,20}}))?
        (?=[\s【（(［\[：:*_]|\Z|(?!(?:[的之所至到和及與与或、，,；;。）)第前中]|規定|规定|明[文定]|修正)))
      |(?:(?:Article|Section|Clause|Rule|ARTICLE|SECTION)\s|(?:Art|Sec)\.\s?|§\s?)
        (?P<latin>\d{{1,20}}|[IVXLC]{{1,20}}\b)(?:[-.](?P<part>\d{{1,20}})|(?P<letter>[A-Za-z])\b)?
        (?=[.:—–-]?(?:\s{{0,60}}\Z|[.:—–\s*_-]{{1,60}}[^a-z\s,;)]))
    )""",
    re.VERBOSE,
)
_FEWEST = 3  # two lines may be chance; three in order are a text by articles
_WIDEST_SECTION_LEAP = 5  # repealed sections leave gaps
_WIDEST_GAP = 200  # excerpts leave articles out, but a leap further than this is a mention


_BARE_SECTION = re.compile(
    r"(?P<number>\d{1,3}(?:[A-Z]{1,2}(?=[\s.]))?)(?:\.?\s{0,6}(?=[A-Z“‘])|\.\s?[—–-]\s?(?=\())"
)
_INSTRUMENT = re.compile(
    r"\b(?P<word>Act|Regulations|Order|Rules|Ordinance)\b,?(?: \([^()]{1,40}\))* (?:18|19|20)\d\d"
)
_CODE_SECTION = re.compile(r"[^\n]{0,60}?§\s?(?P<number>\d[\w.:-]*)")
_SCHEDULE = re.compile(r"(?:THE )?SCHEDULE\b\s?(?P<number>\d{0,2})", re.IGNORECASE)
_INSTRUMENT_HEAD = 1_500
_WORDS = {"Act": "Section", "Ordinance": "Section", "Regulations": "Regulation", "Order": "Article"}


def find_sections(text: str, line_spans: Sequence[tuple[int, int]]) -> dict[int, str]:
    """As `find_articles`, for laws whose numbers stand without a word: British ones, a section.

    `1 Duty of sellers` of an Act, `1.—(1) These Regulations` of an instrument, and a section of an
    American code that is a document by itself.
    """
    instrument = _INSTRUMENT.search(text, 0, _INSTRUMENT_HEAD)
    code = _CODE_SECTION.match(text, line_spans[0][0]) if line_spans else None
    if code and not instrument:
        return {line_spans[0][0]: f"§ {code['number'].rstrip('.:-')}"}
    if not instrument:
        return {}
    word = _WORDS.get(instrument["word"], "Rule")
    sections: dict[int, str] = {}
    last = 0
    for start, end in line_spans:
        line = text[start : min(end, start + 60)]
        schedule, match = _SCHEDULE.match(line), _BARE_SECTION.match(line)
        number = _value(re.sub(r"\D", "", match["number"])) if match else 0
        if schedule and sections:
            # The paragraphs of a schedule begin again at 1.
            word, last = f"Schedule {schedule['number']}".rstrip() + " paragraph", 0
        elif match and last <= number <= last + _WIDEST_SECTION_LEAP:
            sections[start] = f"{word} {match['number']}"
            last = number
    return sections if len(sections) >= _FEWEST else {}


def find_articles(text: str, line_spans: Iterable[tuple[int, int]]) -> dict[int, str]:
    """The offset of each line that opens an article, with the article's name, spaces apart.

    Empty if the text is not arranged by articles. A text that says both `Article 345` and
    `Section 1` is arranged by the one that goes on through it: the other one begins again and
    again, and its lines are headings.
    """
    openings: dict[str, list[tuple[int, re.Match[str]]]] = {}
    for start, end in line_spans:
        match = _OPENING.match(text[start : min(end, start + 60)])
        if match:
            openings.setdefault(_keyword(match), []).append((start, match))
    if len(openings) > 1:
        inner = {"section", "rule", "clause", "§"} & openings.keys()
        finest = max(openings, key=lambda word: (len(openings[word]), word in inner))
        # `Section 9` and `§ 9` may stand in one text; 條 and Article do in one of two languages.
        openings = {finest: openings[finest]}
    return _ascending(next(iter(openings.values()), []))


def find_recitals(text: str, paragraphs: Sequence[Paragraph], before: int) -> Numbering:
    """What an act of the European Union numbers between `Whereas:` and its first article."""
    paths: list[Path] = [()] * len(paragraphs)
    count: int | None = None
    for place, part in enumerate(paragraphs):
        if part.start >= before:
            break
        opening = text[part.start : min(part.end, part.start + 40)]
        recital = _RECITAL.match(opening)
        if _WHEREAS.match(opening):
            count = 0
        elif count is not None and recital and int(recital[1]) == count + 1:
            count += 1
        elif not count or _ADOPTED.match(opening):
            count = None
        if count:  # a paragraph without a number belongs to the recital above it
            paths[place] = ("recital ", str(count))
    return Numbering(tuple(paths), frozenset(), frozenset())


def _keyword(match: re.Match[str]) -> str:
    if match["han"]:
        return "條"
    word = match["label"].split()[0].lower()
    return "§" if word[0] == "§" else {"art.": "article", "sec.": "section"}.get(word, word)


def _ascending(openings: Iterable[tuple[int, re.Match[str]]]) -> dict[int, str]:
    """Those whose numbers ascend, or begin again at 1."""
    articles: dict[int, str] = {}
    last = (0, 0)
    restarts = 0
    for start, match in openings:
        number = _number(match)
        leap = number[0] - last[0]
        follows = last < number and (not articles or leap <= _WIDEST_GAP)
        if not follows and number[0] != 1:
            continue
        restarts += not follows
        label = " ".join(match["label"].split())
        articles[start] = label.replace(" ", "") if match["han"] else label
        last = number
    # Lists that begin again and again at 1 are something else, such as a table of contents of many.
    return articles if len(articles) - 2 * restarts >= _FEWEST else {}


def _number(match: re.Match[str]) -> tuple[int, int]:
    main = match["han"] or match["latin"]
    sub = match["dash"] or match["of"] or match["part"]
    if match["letter"]:
        return _value(main), ord(match["letter"].lower()) - ord("a") + 1
    return _value(main), _value(sub) if sub else 0


def _value(numeral: str) -> int:
    """Read an Arabic, Roman or Chinese numeral: `36`, `XXXVI`, `三十六`, `三六`."""
    return parse_number(numeral) or parse_roman(numeral) or 0


_ITEM = re.compile(
    rf"""\s{{0,60}}(?:
      [（(](?P<bracketed>[{HAN_ORDINAL}]{{1,4}})[）)] | (?P<ideograph>[㈠-㈩])
      | (?P<han>[{HAN_ORDINAL}]{{1,4}})[、．.]
      | (?P<figure>\d{{1,3}})(?:[、．]|[.)](?=\s|[A-Z]|[^\x00-\x7f]))
      | [（(](?P<inner>\d{{1,3}})[）)] | (?P<ringed>[①-⑳])
      | [（(](?P<letter>[A-Za-z]{{1,2}}|[ivx]{{1,5}})[）)]
    )""",
    re.VERBOSE,
)
_DECIMAL = re.compile(
    r"\s{0,60}(?P<article>\d{1,3})(?P<rest>(?:\.\d{1,3}){1,3})\.?(?=\s|[^\x00-\x7f])"
)
_LABEL_ENDS = re.compile(r"[。；：:;.!?！？]\s{0,60}\Z|[，,]")
_LONGEST_TITLE = 60
_RANKS = ("han", "bracketed", "ideograph", "figure", "inner", "ringed", "letter")


def place_paragraphs(label: str, paragraphs: Iterable[str]) -> list[Path]:
    """The path of each paragraph of one article: `第三十九条`, `第二款`, `第（一）项`.

    A label that stands on a line of its own, with a title or without, is no paragraph. Items are
    never paragraphs: they belong to the one above them. An article of one paragraph does not count
    it: its items follow the article directly.
    """
    placing = _Placing(label)
    places = [
        placing.place(paragraph, first=number == 0) for number, paragraph in enumerate(paragraphs)
    ]
    count, mainland = placing.count, placing.mainland
    terms = _Terms(label, mainland=mainland and any(trail for _, trail, _ in places))
    return [
        (decimal, *(f"({item})" for item in trail))
        if decimal
        else (label, *terms.steps(at if count > 1 else 0, trail))
        for at, trail, decimal in places
    ]


class _Placing:
    """The paragraphs of one article, read one by one."""

    def __init__(self, label: str) -> None:
        self.count = 0
        """Paragraphs so far that are no items."""
        self.mainland = True
        self._label = label
        self._numbered = False
        self._uncounted = False
        """The article's first words are an item, as of (1) and (a): paragraphs have no numbers."""
        self._opened: list[str] = []
        self._trail: list[str] = []
        self._decimal = ""

    def place(self, paragraph: str, *, first: bool) -> tuple[int, Path, str]:
        """The number of the paragraph, the items within it, and the clause's decimal, if any."""
        body = _after_label(self._label, paragraph) if first else paragraph
        decimal = _DECIMAL.match(body)
        if decimal and int(decimal["article"]) == _number_of(self._label):
            # 2.1 below Article 2 is clause 2.1, whatever stands between them.
            self._decimal = _with_decimal(self._label, decimal["article"] + decimal["rest"])
            self._opened, self._trail = [], []
            return self.count, (), self._decimal
        match = _ITEM.match(body)
        opens = bool(match and not self.count)
        # `1.` without words above it is a paragraph's own number, as in the Union's acts.
        self._numbered = self._numbered or bool(match and opens and match["figure"] == "1")
        if first and (_is_title(body) or (self._label[0] == "§" and _is_title(body.rstrip(".")))):
            self._numbered = False
        elif match and not (self._numbered and match["figure"]):
            bracketed = match["letter"] or match["inner"]
            self._uncounted |= bool(opens and bracketed) and not self._label.startswith("第")
            self.count = max(self.count, 1)
            self._open(match)
        elif self._uncounted:  # goes on below (b), and belongs to the subsection
            del self._opened[1:], self._trail[1:]
        else:
            self.count, self._opened, self._trail = self.count + 1, [], []
        return self.count, tuple(self._trail), self._decimal

    def _open(self, match: re.Match[str]) -> None:
        style = next(name for name in _RANKS if match[name])
        value = match[style]
        if style == "letter":
            style = self._letter_style(value)
        self.mainland = self.mainland if self._opened else style == "bracketed"
        if style in self._opened:
            at = self._opened.index(style)
            del self._trail[at:], self._opened[at:]
        self._opened.append(style)
        self._trail.append(value)

    def _letter_style(self, value: str) -> str:
        """(A) stands below (1), (i) below (a); (i) after (h) is a letter."""
        if value.isupper():
            return "upper"
        before = self._trail[self._opened.index("letter")] if "letter" in self._opened else ""
        follows = len(value) == 1 and before and ord(value) == ord(before[-1]) + 1
        if not parse_roman(value) or (follows and "roman" not in self._opened):
            return "letter"
        return "roman" if "roman" in self._opened or value == "i" else "letter"


def _number_of(label: str) -> int:
    """The number of 第二条, `Article II`, `Section 2`."""
    match = _OPENING.match(label)
    return _number(match)[0] if match else 0


def _with_decimal(label: str, decimal: str) -> str:
    """第2.1条, `Article 2.1`."""
    if label.startswith("第"):
        return f"第{decimal}{label[-1]}"
    return f"{label.rsplit(' ', 1)[0]} {decimal}" if " " in label else f"§ {decimal}"


def _after_label(label: str, paragraph: str) -> str:
    """What the first paragraph says after the article's label, its marks and its title."""
    match = _OPENING.match(paragraph[:60])
    if not match and not label.startswith("第"):
        form = _CODE_SECTION if label[0] == "§" else _BARE_SECTION
        match = form.match(paragraph)
    return paragraph[match.end() :].lstrip(" \t\u3000.:：—–-*_") if match else paragraph


def _is_title(body: str) -> bool:
    """Is there nothing after the label but a title?"""
    return len(body) <= _LONGEST_TITLE and not _LABEL_ENDS.search(body)


class _Terms:
    """The words for what is below an article in its own kind of law.

    Mainland: 款, 项, 目. Taiwan: 項, 款, 目. Elsewhere numbers in brackets.
    """

    def __init__(self, label: str, *, mainland: bool) -> None:
        self._han = label.startswith("第")
        self._figures = any(character.isdecimal() for character in label)
        simplified = "条" in label
        item = "项" if simplified else "項"
        # A law of the mainland may be kept in traditional characters: its items are bracketed.
        self._paragraph, *self._items = (
            ("款", item, "目") if simplified or mainland else ("項", "款", "目")
        )

    def steps(self, paragraph: int, items: Iterable[str]) -> Iterable[str]:
        """The steps of a paragraph's items; 0 where the article has one paragraph only."""
        if not self._han:
            yield from (f"({step})" for step in ([paragraph] if paragraph else []))
            yield from (f"({item})" for item in items)
            return
        if paragraph:
            yield f"第{self._write(paragraph)}{self._paragraph}"
        for item, name in zip(items, self._items, strict=False):
            yield self._item(item, name)

    def _item(self, item: str, name: str) -> str:
        if self._paragraph == "款" and name in "项項":
            return f"第（{item}）{name}"
        value = parse_number(item) or _enclosed(item)
        return f"第{self._write(value) if value else item}{name}"

    def _write(self, value: int) -> str:
        return str(value) if self._figures else write_han(value)


def _enclosed(sign: str) -> int:
    """The value of ① or ㈠."""
    base = next((first for first in "①㈠" if 0 <= ord(sign[0]) - ord(first) < 20), None)
    return ord(sign[0]) - ord(base) + 1 if base else 0


def write_han(value: int) -> str:
    """A number from 1 to 99 in Chinese: 二十三; beyond, in figures."""
    digits = "〇一二三四五六七八九"
    if not 0 < value < 100:
        return str(value)
    tens, ones = divmod(value, 10)
    head = "" if not tens else "十" if tens == 1 else f"{digits[tens]}十"
    return head + (digits[ones] if ones else "")
