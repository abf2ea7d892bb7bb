"""The numbers that Word shows before paragraphs but does not keep in their text.

Clauses, articles and headings of legal documents are mostly numbered so; a quotation without its
number could not be cited. After ECMA-376 part 1, section 17.9.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement as Element

_HAN = "零一二三四五六七八九"
_HAN_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_HAN_LEGAL_TRADITIONAL = "零壹貳參肆伍陸柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")),
    *((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_LEVELS = 9


def roman(number: int) -> str:
    """A number in small Roman numerals."""
    letters = []
    for value, letter in _ROMAN:
        count, number = divmod(number, value)
        letters.append(letter * count)
    return "".join(letters)


def han(number: int, digits: str = _HAN, units: str = "十百千") -> str:
    """A number below ten thousand in Chinese characters, as they count: 十二, 一百零五."""
    if not 0 < number < 10_000:
        return str(number)
    text, zero = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            text += (
                digits[0] * (zero and bool(text))
                + digits[digit]
                + (units[power - 1] if power else "")
            )
        zero = not digit
    return (
        text.removeprefix(digits[1])
        if text.startswith(digits[1] + units[0]) and number < 20
        else text
    )


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _from(row: str) -> Callable[[int], str]:
    return lambda number: row[number - 1] if 0 < number <= len(row) else str(number)


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda number: f"{number:02d}",
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
    "decimalFullWidth": lambda number: "".join(chr(ord(c) + 0xFEE0) for c in str(number)),
    "decimalEnclosedCircle": _from("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"),
    "decimalEnclosedCircleChinese": _from("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"),
    "decimalEnclosedParen": lambda number: f"({number})",
    "ideographTraditional": _from(_STEMS),
    "ideographZodiac": _from(_BRANCHES),
    "ideographDigital": lambda number: "".join(("〇" + _HAN[1:])[int(c)] for c in str(number)),
    "chineseLegalSimplified": lambda number: han(number, _HAN_LEGAL, "拾佰仟"),
    "ideographLegalTraditional": lambda number: han(number, _HAN_LEGAL_TRADITIONAL, "拾佰仟"),
    "bullet": lambda _: "",
    "none": lambda _: "",
} | dict.fromkeys(
    (
        *("chineseCounting", "chineseCountingThousand", "japaneseCounting"),
        *("taiwaneseCounting", "taiwaneseCountingThousand", "koreanCounting"),
    ),
    han,
)


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is numbered."""

    start: int = 1
    form: str = "decimal"
    pattern: str = ""
    suffix: str = " "
    legal: bool = False

    def shown(self, number: int) -> str:
        return _FORMATS.get(self.form, str)(number)


@dataclass(slots=True)
class _List:
    """One list: its levels, and the last number given at each."""

    levels: dict[int, _Level]
    numbers: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Gives each numbered paragraph its mark, in the order of the document."""

    def __init__(self, root: Element | None) -> None:
        abstract = {_value(node, "w:abstractNumId"): node for node in _all(root, "w:abstractNum")}
        linked = {
            style: node
            for node in abstract.values()
            if (style := _child_value(node, "w:styleLink"))
        }
        shared: dict[str, _List] = {}
        self._lists: dict[str, _List] = {}
        for num in _all(root, "w:num"):
            of = _child_value(num, "w:abstractNumId")
            node = abstract.get(of)
            node = (
                linked.get(_child_value(node, "w:numStyleLink"), node) if node is not None else None
            )
            if node is None:
                continue
            common = shared.setdefault(of, _List(_levels(node)))
            own = _overridden(common.levels, num)
            self._lists[_value(num, "w:numId")] = _List(own) if own != common.levels else common

    def mark(self, number_id: str, level: int) -> str:
        """The mark of the next paragraph at a level of a list, 0 the outermost, with its gap."""
        of = self._lists.get(number_id)
        style = of.levels.get(level) if of else None
        if of is None or style is None:
            return ""
        of.numbers[level] = of.numbers.get(level, style.start - 1) + 1
        for deeper in range(level + 1, _LEVELS):
            of.numbers.pop(deeper, None)
        mark = style.pattern
        for upper in range(level + 1):
            at = of.levels.get(upper, _Level())
            number = of.numbers.get(upper, at.start)
            text = str(number) if style.legal and upper < level else at.shown(number)
            mark = mark.replace(f"%{upper + 1}", text)
        return mark + style.suffix if mark.strip() and style.form != "bullet" else ""


def _levels(node: Element) -> dict[int, _Level]:
    return {number: level for number, level in map(_level, _all(node, "w:lvl")) if level}


def _level(node: Element) -> tuple[int, _Level]:
    start = _child_value(node, "w:start")
    return _integer(_value(node, "w:ilvl")), _Level(
        start=_integer(start) if start else 1,
        form=_child_value(node, "w:numFmt") or "decimal",
        pattern=_child_value(node, "w:lvlText"),
        suffix="" if _child_value(node, "w:suff") == "nothing" else " ",
        legal=node.find(qn("w:isLgl")) is not None,
    )


def _overridden(levels: dict[int, _Level], num: Element) -> dict[int, _Level]:
    """The levels with what this list sets for itself; a list with a start counts for itself."""
    own = dict(levels)
    for node in _all(num, "w:lvlOverride"):
        number = _integer(_value(node, "w:ilvl"))
        own |= _levels(node)
        start = _child_value(node, "w:startOverride")
        if start:
            own[number] = replace(own.get(number, _Level()), start=_integer(start))
    return own


def _all(node: Element | None, tag: str) -> Iterator[Element]:
    return node.iterchildren(qn(tag)) if node is not None else iter(())


def _value(node: Element, attribute: str) -> str:
    return str(node.get(qn(attribute)) or "")


def _child_value(node: Element | None, tag: str) -> str:
    child = node.find(qn(tag)) if node is not None else None
    return _value(child, "w:val") if child is not None else ""


def _integer(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0
