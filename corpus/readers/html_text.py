"""From an HTML tree to text as a browser would show it, without what surrounds the content.

Blocks become paragraphs, table rows lines with a tab between cells, white space is collapsed as
CSS does (CSS Text 3: a line break in the source between Han characters leaves no space). The tree
is walked without recursion: pages nest as deeply as they like.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from corpus.language.lengths import MAX_WEIGHT, Span, trim, weight
from corpus.language.scripts import UNSPACED
from corpus.models import Heading
from corpus.readers.docx_number_forms import roman
from corpus.readers.html_surroundings import BLOCKS, UNSEEN_STYLE, is_left_out
from corpus.readers.signs import spell_raised

_LINES = frozenset({"br", "dd", "dt", "li", "tr"})
"""Blocks that follow one another without an empty line."""

_CONTENT = frozenset({"article", "main"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LAYOUT = "table table, td h1, td h2, td h3, td p + p, td ul, td div + div"
_QUOTING = frozenset({"blockquote", "q"})
_FORM_VALUES = frozenset({"input", "select", "textarea"})
_NO_TEXT_INPUT = {"hidden", "password", "submit", "reset", "button", "image", "file", "search"}
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([a-z-]+)", re.IGNORECASE)
_LIST_TYPES = {
    "lower-alpha": "a",
    "lower-latin": "a",
    "upper-alpha": "A",
    "upper-latin": "A",
    "lower-roman": "i",
    "upper-roman": "I",
    "none": "none",
}
_LONGEST_REPEATED = 80  # a cell that goes on below is repeated there, unless it is a clause
_MOST_SPANNED = 100
_LONGEST_RAISED = 12
_SPACE = re.compile(r"[ \t\n\r\f]+")
_BREAK_IN_UNSPACED = re.compile(rf"(?<=[{UNSPACED}])[ \t\r]*\n[ \t\r\n\f]*(?=[{UNSPACED}])")
_UNSPACED = re.compile(f"[{UNSPACED}]")


@dataclass(slots=True)
class _Page:
    """The text so far; white space and line breaks wait until something follows them."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    breaks: int = 0
    space: str = ""
    last: str = ""
    marker: str = ""
    """The number of a list's item, before the item's first words."""

    def write(self, raw: str) -> None:
        """Text of the source, its white space collapsed."""
        text = raw
        if "\n" in raw or "  " in raw:
            text = _SPACE.sub(" ", _BREAK_IN_UNSPACED.sub("", raw))
        if text[:1] in {" ", "\t"}:
            self.gap("\n" if raw[: len(raw) - len(raw.lstrip(" \t\r\n\f"))].count("\n") else " ")
        words = text.strip(" \t\n\r\f")
        if not words:
            return
        if self.marker and words.startswith(self.marker):  # it was typed, too
            self.marker = ""
        self._flush(words[0])
        self._add(words)
        if text[-1] in {" ", "\t"}:
            self.gap("\n" if "\n" in raw[len(raw.rstrip(" \t\r\n\f")) :] else " ")

    def verbatim(self, text: str) -> None:
        """Text whose white space counts."""
        if text:
            self._flush(text[0])
            self._add(text)

    def gap(self, space: str) -> None:
        """White space before what follows on the same line; tabs tell cells apart and add up."""
        if space.startswith("\t"):
            self.space = self.space.strip(" \n") + space
        elif "\t" not in self.space:
            self.space = space

    def break_(self, lines: int) -> None:
        """At least so many line breaks before what follows."""
        self.breaks = max(self.breaks, lines) if self.length else 0
        self.space = ""

    @property
    def next_start(self) -> int:
        """Where the next character will stand, if it begins a block."""
        return self.length + self.breaks

    def _flush(self, following: str) -> None:
        tabs = self.space if "\t" in self.space else ""
        if self.breaks:
            self._add("\n" * self.breaks + tabs)
        elif self.space and self.length:
            # A line break in the source between two Han characters is no space.
            unspaced = _UNSPACED.match(self.last) and _UNSPACED.match(following)
            self._add(tabs or ("" if unspaced and self.space == "\n" else " "))
        self.breaks, self.space = 0, ""
        if self.marker:
            self._add(f"{self.marker} ")
            self.marker = ""

    def before(self) -> str:
        """The end of the text directly before what follows; empty at the start of a block."""
        return "" if self.breaks or self.marker else (self.pieces[-1] if self.pieces else "")

    def _add(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)
        self.last = text[-1:]


@dataclass(slots=True)
class _OpenTable:
    """A table around: whether its cells hold data (or the page's layout), and where we are."""

    data: bool
    column: int = 0
    in_cell: bool = False
    width: int = 1
    """How many columns the cell goes over that we are in."""
    tabs: int = 0
    """How many tabs part the next cell from the one before."""
    below: dict[int, tuple[int, str]] = field(default_factory=dict)
    """The cells that go on in the rows below: by column, in how many and their text."""
    headings: Mapping[int, str] = field(default_factory=dict)
    """What stands above each column of a long table, to be written with each of its cells."""
    row: int = -1


@dataclass(slots=True)
class _ListNumbering:
    """A numbered list around: the form of its numbers, the next one, and the step."""

    form: str
    next: int
    step: int


@dataclass(slots=True)
class _Walk:
    """What the walk is inside of."""

    page: _Page = field(default_factory=_Page)
    headings: list[Heading] = field(default_factory=list)
    quoted: list[Span] = field(default_factory=list)
    """What stands in quoting elements, the outermost of them."""
    quoting: list[int] = field(default_factory=list)
    """Where each quoting element around begins."""
    heading_start: int = 0
    in_heading: bool = False
    preformatted: int = 0
    content: int = 0
    tables: list[_OpenTable] = field(default_factory=list)
    lists: list[_ListNumbering | None] = field(default_factory=list)
    """The lists around, the innermost last; None for one without numbers."""

    def enter(self, node: LexborNode, tag: str) -> None:
        """Take note of an element that begins."""
        if tag in {"td", "th"} and self._in_data:
            self._cell(self.tables[-1], node)
        elif tag == "br" and self.in_heading:  # a heading is one line
            self.page.gap("\n")
        elif tag == "br":  # two of them make an empty line
            self._break(min(2, self.page.breaks + 1))
        elif tag in BLOCKS:
            self._break(1 if tag in _LINES else 2)
        self._begin(node, tag)
        self.preformatted += tag == "pre"
        self.content += tag in _CONTENT

    def _begin(self, node: LexborNode, tag: str) -> None:
        """Remember what the following text stands in."""
        if tag == "table":
            is_data = node.css_first(_LAYOUT) is None
            self.tables.append(
                _OpenTable(is_data, headings=_column_headings(node) if is_data else {})
            )
        elif tag in {"ol", "ul"}:
            self.lists.append(_numbers(node) if tag == "ol" else None)
        elif tag == "li":
            self._item(node)
        elif tag == "tr" and self.tables:
            self.tables[-1].column = self.tables[-1].tabs = 0
            self.tables[-1].row += 1
        elif tag in _HEADINGS:
            self.heading_start, self.in_heading = self.page.next_start, True
        if tag in _QUOTING:
            self.quoting.append(self.page.next_start)

    def leave(self, tag: str) -> None:
        """Take note that it ends."""
        self.preformatted -= tag == "pre"
        self.content -= tag in _CONTENT
        self.in_heading = self.in_heading and tag not in _HEADINGS
        if tag in _QUOTING and self.quoting:
            start = self.quoting.pop()
            if not self.quoting and start < self.page.length:
                self.quoted.append((start, self.page.length))
        if tag in _HEADINGS and self.heading_start < self.page.length and not self._in_data:
            self.headings.append(Heading(self.heading_start, self.page.length, _HEADINGS[tag]))
        if tag == "table":
            self.tables.pop()
        elif tag in {"ol", "ul"} and self.lists:
            self.lists.pop()
        elif tag == "li":
            self.page.marker = ""
        elif tag == "tr" and self._in_data:
            self._end_row(self.tables[-1])
        if tag in {"td", "th"} and self._in_data:
            table = self.tables[-1]
            table.in_cell = False
            table.column, table.tabs = table.column + table.width, table.width
        elif tag in BLOCKS and not (tag == "br" and self.in_heading):
            self._break(1 if tag in _LINES else 2)

    def text(self, raw: str) -> None:
        """Add a text of the source."""
        if self.preformatted:
            self.page.verbatim(raw)
        else:
            self.page.write(raw)

    @property
    def _in_data(self) -> bool:
        return bool(self.tables) and self.tables[-1].data

    def _item(self, node: LexborNode) -> None:
        numbers = self.lists[-1] if self.lists else None
        if numbers is None:
            return
        value = node.attributes.get("value") or ""
        if re.fullmatch(r"-?\d{1,6}", value):
            numbers.next = int(value)
        form = _list_form(node) or numbers.form
        if form != "none":
            self.page.marker = f"{_LIST_FORMS.get(form, str)(numbers.next)}."
        numbers.next += numbers.step

    def raised(self, text: str) -> None:
        """A superscript, which must not become part of the figure before it."""
        words = " ".join(text.split())
        before = self.page.before()
        if words.isdecimal() and not before.strip():
            words = f"[{words}]"  # the number of a note at the beginning of its paragraph
        self.page.write(spell_raised("" if self.page.space else before, words))

    def _cell(self, table: _OpenTable, node: LexborNode) -> None:
        self._repeat(table)
        self.page.gap("\t" * table.tabs)
        if table.row and table.column in table.headings and node.text().strip():
            self.page.write(f"{table.headings[table.column]}: ")
        table.in_cell = True
        attributes = node.attributes
        table.width, rows = _span(attributes.get("colspan")), _span(attributes.get("rowspan"))
        if rows > 1:
            text = " ".join(node.text().split())
            table.below[table.column] = (rows, text if len(text) <= _LONGEST_REPEATED else "")

    def _repeat(self, table: _OpenTable) -> None:
        """Write what goes on from the rows above in the next columns."""
        while table.column in table.below:
            self.page.gap("\t" * table.tabs)
            words = table.below[table.column][1]
            heading = table.headings.get(table.column)
            self.page.write(f"{heading}: {words}" if heading and words else words)
            table.column, table.tabs = table.column + 1, 1

    def _end_row(self, table: _OpenTable) -> None:
        self._repeat(table)
        table.below = {
            column: (rows - 1, text) for column, (rows, text) in table.below.items() if rows > 1
        }

    def _break(self, lines: int) -> None:
        if self._in_data and self.tables[-1].in_cell:
            self.page.gap(" ")
        else:
            self.page.break_(lines)


def _column_headings(table: LexborNode) -> dict[int, str]:
    """The headings of a table that is too long for one passage, by column; else none."""
    first = table.css_first("tr")
    if first is None or first.css_first("td") is not None:
        return {}
    if weight(table.text()) <= MAX_WEIGHT:
        return {}
    headings: dict[int, str] = {}
    column = 0
    for cell in first.css("th"):
        words = " ".join(cell.text().split())
        # What is as long as a sentence heads no column.
        if words and len(words) <= _LONGEST_REPEATED:
            headings[column] = words
        column += _span(cell.attributes.get("colspan"))
    return headings if len(headings) > 1 else {}


@dataclass(frozen=True, slots=True)
class TreeText:
    """The text of a tree, with its headings and quotations as offsets into it."""

    text: str
    headings: tuple[Heading, ...] = ()
    quoted: tuple[Span, ...] = ()


def text_of(root: LexborNode, left_out: frozenset[int] = frozenset()) -> TreeText:
    """The text below a node.

    left_out: nodes to leave out with all below them, by their `mem_id`
    """
    walk = _Walk()
    node: LexborNode | None = root
    while node is not None:
        tag = node.tag or ""
        if tag == "-text":
            walk.text(node.text_content or "")
        elif tag in _FORM_VALUES:
            walk.text(_form_value(node, tag))
        elif node.mem_id not in left_out and not is_left_out(
            node, tag, in_content=walk.content > 0
        ):
            if tag == "sup" and len(node.text()) <= _LONGEST_RAISED:
                walk.raised(node.text())
            else:
                walk.enter(node, tag)
                if node.child is not None:
                    node = node.child
                    continue
                walk.leave(tag)
        node = _after(node, root, walk)
    text = "".join(walk.page.pieces)
    # An element that begins behind a blank begins before it.
    return TreeText(text, tuple(walk.headings), tuple(trim(text, *span) for span in walk.quoted))


def _after(node: LexborNode, root: LexborNode, walk: _Walk) -> LexborNode | None:
    """The next node that is not below this one, leaving those that end before it."""
    while node.mem_id != root.mem_id:
        if node.next is not None:
            return node.next
        if node.parent is None:
            return None
        node = node.parent
        walk.leave(node.tag or "")
    return None


def _form_value(node: LexborNode, tag: str) -> str:
    """What was filled in, ticked or chosen."""
    attributes = node.attributes
    if "hidden" in attributes or UNSEEN_STYLE.search(attributes.get("style") or ""):
        return ""
    if tag == "select":
        chosen = node.css("option[selected]")
        return ", ".join(" ".join(option.text().split()) for option in chosen)
    if tag == "textarea":
        return node.text()
    kind = (attributes.get("type") or "text").lower()
    if kind in {"checkbox", "radio"}:
        return "☒" if "checked" in attributes else "☐"
    return "" if kind in _NO_TEXT_INPUT else attributes.get("value") or ""


def _numbers(node: LexborNode) -> _ListNumbering:
    """How an ordered list counts: by its type, its start, and upwards or downwards."""
    attributes = node.attributes
    backwards = "reversed" in attributes
    first = sum(child.tag == "li" for child in node.iter()) if backwards else 1
    start = attributes.get("start") or ""
    return _ListNumbering(
        _list_form(node) or "1",
        int(start) if re.fullmatch(r"-?\d{1,6}", start) else first,
        -1 if backwards else 1,
    )


def _list_form(node: LexborNode) -> str:
    """The form of a list's numbers, by its style or type; empty where it is not set."""
    style = _LIST_STYLE.search(node.attributes.get("style") or "")
    named = _LIST_TYPES.get(style[1].lower(), "") if style else ""
    return named or (node.attributes.get("type") or "")[:1]


def _letters(number: int) -> str:
    return (
        chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number > 0 else str(number)
    )


def _roman(number: int) -> str:
    return roman(number) if 0 < number < 4000 else str(number)


def _span(value: str | None) -> int:
    return min(int(value), _MOST_SPANNED) if value and value.isdecimal() and value != "0" else 1


_LIST_FORMS: dict[str, Callable[[int], str]] = {
    "a": _letters,
    "A": lambda number: _letters(number).upper(),
    "i": _roman,
    "I": lambda number: _roman(number).upper(),
}
