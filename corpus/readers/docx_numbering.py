"""The numbers that Word shows before paragraphs but does not keep in their text.

Clauses, articles and paragraphs of judgments are mostly numbered so; without its number a quotation
could not be cited. After ECMA-376 part 1, section 17.9. What the standard leaves open follows Word:
all lists of one abstract definition share their counters, and a start value of a list's own counts
once, when that list is first used at that level.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement as Element

from corpus.readers.docx_number_forms import FORMS
from corpus.readers.docx_styles import Styles, child_value, is_on

_LEVELS = 9
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SWITCH = re.compile(r"\\([ls])\s*(\d{1,4})", re.IGNORECASE)
_LISTNUM = re.compile(r"\s*LISTNUM\b\s*(?:\"([^\"]*)\"|([^\s\\\"]+))?", re.IGNORECASE)
_AUTONUM = re.compile(r"\s*AUTONUM(LGL|OUT)?\b", re.IGNORECASE)


_UNSEEN = frozenset({"bullet", "none"})


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is numbered."""

    start: int = 1
    form: str = "decimal"
    pattern: str = ""
    suffix: str = " "
    legal: bool = False
    """Whether all numbers of the mark are decimal ones, whatever their levels' own form."""
    restart: int | None = None
    """The level, from 1, whose numbers restart this one; None: every higher one; 0: none."""
    capitals: bool = False
    zeros: int = 0
    """How many digits a custom format such as 001, 002 fills up."""

    def number(self, value: int) -> str:
        """A value in this level's form."""
        if self.zeros:
            return f"{value:0{self.zeros}d}"
        # No letter stands for nought, but a list may start with it.
        return FORMS.get(self.form, str)(value) or ("" if self.form in _UNSEEN else str(value))


@dataclass(slots=True)
class _Counter:
    """The last number given at each level of an abstract definition."""

    numbers: dict[int, int] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)
    """The lists, with their levels, whose own start value was used."""


@dataclass(frozen=True, slots=True)
class _List:
    """One list: its levels, its own start values, and the definition whose counters it shares."""

    id: str
    definition: str
    levels: Mapping[int, _Level]
    starts: Mapping[int, int] = field(default_factory=dict)
    styles: Mapping[str, int] = field(default_factory=dict)
    """The level at which each paragraph style is numbered."""

    def start(self, level: int) -> int:
        """The first number at a level, after every restart too."""
        return self.starts.get(level, self.levels.get(level, _Level()).start)


class WordNumbering:
    """Gives numbered paragraphs and numbering fields their marks, in the order of the document."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._lists = dict(_lists(root))
        self._named = {
            name: lst
            for node in _children(root, "w:abstractNum")
            if (name := child_value(node, "w:name"))
            for lst in [_define(f"name {name}", _attribute(node, "w:abstractNumId"), node)]
        }
        self._counters: dict[str, _Counter] = {}
        self._automatic: dict[int, int] = {}

    def fork(self) -> WordNumbering:
        """The same lists, with counters of their own: for notes, text boxes and headers."""
        other = WordNumbering(None, self._styles)
        other._lists, other._named = self._lists, self._named
        return other

    def mark(self, paragraph: Element) -> str:
        """The mark of the next paragraph, with the gap after it; empty when it has none."""
        place = self._place(paragraph)
        if place is None:
            return ""
        lst, level = place
        mark, definition = self._count(lst, level), lst.levels[level]
        # A bullet is no number, and an empty mark shows nothing.
        shows = mark.strip() and definition.form != "bullet"
        return mark + definition.suffix if shows else ""

    def field_mark(self, instruction: str, paragraph: Element) -> str | None:
        """The number that a LISTNUM or AUTONUM field shows; None for every other field."""
        automatic = _AUTONUM.match(instruction)
        if automatic:
            level = (self._styles.heading_level(paragraph) or 1) - 1
            return self._count_automatic((automatic[1] or "").upper(), level)
        named = _LISTNUM.match(instruction)
        if not named:
            return None
        switches = {key.lower(): int(value) for key, value in _SWITCH.findall(instruction)}
        place = self._place(paragraph)
        lst = self._named_list(named[1] or named[2] or "")
        default = 0
        if lst is None and place:  # a field without a name goes on in the paragraph's list
            lst, default = place[0], min(place[1] + 1, _LEVELS - 1)
        lst = lst or _NUMBER_DEFAULT
        level = min(max(switches.get("l", default + 1) - 1, 0), _LEVELS - 1)
        if level not in lst.levels:
            return ""
        # `\\s` sets the number of this field itself, so counting starts one before it.
        if "s" in switches:
            self._counter(lst).numbers[level] = switches["s"] - 1
        return self._count(lst, level)

    def _place(self, paragraph: Element) -> tuple[_List, int] | None:
        """The list and the level of a paragraph; a style's level is the one linked to the style."""
        position = self._styles.list_position(paragraph)
        lst = self._lists.get(position.list_id)
        if lst is None:
            return None
        linked = (lst.styles[style] for style in position.style_ids if style in lst.styles)
        level = position.own_level
        if level is None:
            level = next(linked, position.style_level or 0)
        return (lst, level) if level in lst.levels else None

    def _counter(self, lst: _List) -> _Counter:
        return self._counters.setdefault(lst.definition, _Counter())

    def _count(self, lst: _List, level: int) -> str:
        """Advance the counters and write the mark, without its suffix."""
        counter = self._counter(lst)
        numbers = counter.numbers
        for upper in range(level):
            # A deeper level that comes first uses up its upper level's first number, as in Word.
            numbers.setdefault(upper, lst.start(upper))
        if level in lst.starts and (lst.id, level) not in counter.begun:
            counter.begun.add((lst.id, level))
            numbers[level] = lst.starts[level]
        else:
            numbers[level] = numbers.get(level, lst.start(level) - 1) + 1
        for deeper in range(level + 1, _LEVELS):
            restart = lst.levels.get(deeper, _Level()).restart
            if restart is None or level < restart:
                numbers.pop(deeper, None)
        return _write_mark(lst, level, numbers)

    def _count_automatic(self, kind: str, level: int) -> str:
        """AUTONUM, AUTONUMLGL and AUTONUMOUT count by the level of the paragraph's heading."""
        numbers = self._automatic
        numbers[level] = numbers.get(level, 0) + 1
        for deeper in [deeper for deeper in numbers if deeper > level]:
            del numbers[deeper]
        if kind == "LGL":
            return "".join(f"{numbers.get(upper, 1)}." for upper in range(level + 1))
        if kind == "OUT":
            return _write_mark(_OUTLINE_DEFAULT, level, numbers)
        return f"{numbers[level]}."

    def _named_list(self, name: str) -> _List | None:
        return self._named.get(name) or _DEFAULTS.get(name.lower())


def _write_mark(lst: _List, level: int, numbers: Mapping[int, int]) -> str:
    definition = lst.levels[level]
    # The pattern names levels from 1: `%1.%2` in the second one.
    mark = definition.pattern
    for upper in range(level + 1):
        upper_level = lst.levels.get(upper, _Level())
        value = numbers.get(upper, upper_level.start)
        number = str(value) if definition.legal else upper_level.number(value)
        mark = mark.replace(f"%{upper + 1}", number)
    return mark.upper() if definition.capitals else mark


def _lists(root: Element | None) -> Iterator[tuple[str, _List]]:
    """Lists by their ids, each resolved through the list style that its definition may name."""
    definitions = {
        _attribute(node, "w:abstractNumId"): node for node in _children(root, "w:abstractNum")
    }
    by_style = {
        style: definition_id
        for definition_id, node in definitions.items()
        if (style := child_value(node, "w:styleLink"))
    }
    for num in _children(root, "w:num"):
        definition_id = child_value(num, "w:abstractNumId")
        node = definitions.get(definition_id)
        if node is None:
            continue
        # Lists of one list style count together, whatever definition they name.
        definition_id = by_style.get(child_value(node, "w:numStyleLink"), definition_id)
        list_id = _attribute(num, "w:numId")
        yield list_id, _define(list_id, definition_id, definitions[definition_id], num)


def _define(
    list_id: str, definition_id: str, definition: Element, num: Element | None = None
) -> _List:
    """A list by its abstract definition, with what it sets for itself."""
    nodes = {_level_number(node): node for node in _children(definition, "w:lvl")}
    starts: dict[int, int] = {}
    # An override may replace how a level looks, where it starts, or both.
    for override in _children(num, "w:lvlOverride"):
        number = _level_number(override)
        nodes.update((number, node) for node in _children(override, "w:lvl"))
        start = child_value(override, "w:startOverride")
        if start:
            starts[number] = _integer(start)
    styles = {
        style: number for number, node in nodes.items() if (style := child_value(node, "w:pStyle"))
    }
    levels = {number: _level(node) for number, node in nodes.items()}
    # A start without a level of its own numbers in decimals.
    levels |= {number: _Level() for number in starts if number not in levels}
    return _List(list_id, definition_id, levels, starts, styles)


def _level(node: Element) -> _Level:
    form, zeros = _number_format(node)
    start, restart = child_value(node, "w:start"), child_value(node, "w:lvlRestart")
    properties = node.find(qn("w:rPr"))
    level = _Level(
        start=_integer(start) if start else 1,
        form=form,
        zeros=zeros,
        pattern=child_value(node, "w:lvlText"),
        suffix="" if child_value(node, "w:suff") == "nothing" else " ",
        legal=is_on(node, "w:isLgl") is True,
        restart=_integer(restart) if restart else None,
    )
    capitals = properties is not None and is_on(properties, "w:caps") is True
    return replace(level, capitals=True) if capitals else level


def _number_format(node: Element) -> tuple[str, int]:
    """The format's name, and the digits of a custom one; newer ones stand among alternatives."""
    form = node.find(qn("w:numFmt"))
    if form is None:
        form = next(node.iterfind(f"{_MC}AlternateContent/*/{qn('w:numFmt')}"), None)
    if form is None:
        return "decimal", 0
    sample = str(form.get(qn("w:format")) or "").split(",", 1)[0].strip()
    return _attribute(form, "w:val") or "decimal", len(sample) if sample.startswith("0") else 0


def _children(node: Element | None, tag: str) -> Iterator[Element]:
    return node.iterchildren(qn(tag)) if node is not None else iter(())


def _attribute(node: Element, name: str) -> str:
    return str(node.get(qn(name)) or "")


def _level_number(node: Element) -> int:
    return _integer(_attribute(node, "w:ilvl"))


def _integer(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _default_list(name: str, *levels: tuple[str, str]) -> _List:
    return _List(
        name, name, {at: _Level(form=form, pattern=text) for at, (form, text) in enumerate(levels)}
    )


# The lists that Word knows without a definition, for LISTNUM fields.
_NUMBER_DEFAULT = _default_list(
    "NumberDefault",
    *(("decimal", "%1)"), ("lowerLetter", "%2)"), ("lowerRoman", "%3)")),
    *(("decimal", "(%4)"), ("lowerLetter", "(%5)"), ("lowerRoman", "(%6)")),
    *(("decimal", "%7."), ("lowerLetter", "%8."), ("lowerRoman", "%9.")),
)
_OUTLINE_DEFAULT = _default_list(
    "OutlineDefault",
    *(("upperRoman", "%1."), ("upperLetter", "%2."), ("decimal", "%3.")),
    *(("lowerLetter", "%4)"), ("decimal", "(%5)"), ("lowerLetter", "(%6)")),
    *(("lowerRoman", "(%7)"), ("lowerLetter", "(%8)"), ("lowerRoman", "(%9)")),
)
_LEGAL_DEFAULT = _default_list(
    "LegalDefault",
    *(
        ("decimal", "".join(f"%{upper}." for upper in range(1, level + 1)))
        for level in range(1, _LEVELS + 1)
    ),
)
_DEFAULTS = {lst.id.lower(): lst for lst in (_NUMBER_DEFAULT, _OUTLINE_DEFAULT, _LEGAL_DEFAULT)}
