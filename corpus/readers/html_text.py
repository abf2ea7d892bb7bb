"""From an HTML tree to text as a browser would show it, without what surrounds the content.

Blocks become paragraphs, table rows lines with a tab between cells, white space is collapsed as
CSS does (CSS Text 3: a line break in the source between Han characters leaves no space). The tree
is walked without recursion: pages nest as deeply as they like.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from corpus.language.scripts import UNSPACED
from corpus.models import Heading

_SKIPPED = frozenset(
    "script style template noscript head svg iframe object embed canvas audio video map select "
    "button input textarea datalist nav dialog rt rp menu -comment".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote br body caption center dd details div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html li main ol p pre "
    "section summary table tbody td tfoot th thead tr ul".split()
)
_LINES = frozenset({"br", "dd", "dt", "li", "tr"})
"""Blocks that follow one another without an empty line."""

_CONTENT = frozenset({"article", "main"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LAYOUT = "table table, td h1, td h2, td h3, td p + p, td ul, td div + div"
_SURROUNDING = re.compile(
    r"(?:(?:top|main|site|sub|page|side)?[-_]?(?:nav|navbar|navigation|menu|footer|sidebar)"
    r"|breadcrumbs?|crumbs?|pagination|pager|cookies?|skip-link|share|sharing|social"
    r"|(?:related|recommend(?:ed)?)(?:[-_]?(?:news|links|posts|articles|stories))?)",
    re.IGNORECASE,
)
_SHORT = 400
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

    def write(self, raw: str) -> None:
        text = raw
        if "\n" in raw or "  " in raw:
            text = _SPACE.sub(" ", _BREAK_IN_UNSPACED.sub("", raw))
        if text[:1] in {" ", "\t"}:
            self.gap("\n" if raw[: len(raw) - len(raw.lstrip(" \t\r\n\f"))].count("\n") else " ")
        words = text.strip(" \t\n\r\f")
        if not words:
            return
        self._flush(words[0])
        self._add(words)
        if text[-1] in {" ", "\t"}:
            self.gap("\n" if "\n" in raw[len(raw.rstrip(" \t\r\n\f")) :] else " ")

    def verbatim(self, text: str) -> None:
        if text:
            self._flush(text[0])
            self._add(text)

    def gap(self, space: str) -> None:
        """White space before what follows on the same line; tabs tell cells apart and add up."""
        if space == "\t":
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

    def _add(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)
        self.last = text[-1:]


@dataclass(slots=True)
class _Table:
    """A table around: whether its cells hold data (or the page's layout), and where we are."""

    data: bool
    column: int = 0
    in_cell: bool = False


@dataclass(slots=True)
class _Walk:
    """What the walk is inside of."""

    page: _Page = field(default_factory=_Page)
    headings: list[Heading] = field(default_factory=list)
    heading_start: int = 0
    in_heading: bool = False
    preformatted: int = 0
    content: int = 0
    tables: list[_Table] = field(default_factory=list)

    def enter(self, node: LexborNode, tag: str) -> None:
        if tag in {"td", "th"} and self._in_data:
            self._cell(self.tables[-1])
        elif tag == "br" and self.in_heading:  # a heading is one line
            self.page.gap("\n")
        elif tag == "br":  # two of them make an empty line
            self._break(min(2, self.page.breaks + 1))
        elif tag in _BLOCKS:
            self._break(1 if tag in _LINES else 2)
        if tag == "table":
            self.tables.append(_Table(data=node.css_first(_LAYOUT) is None))
        elif tag == "tr" and self.tables:
            self.tables[-1].column = 0
        elif tag in _HEADINGS:
            self.heading_start, self.in_heading = self.page.next_start, True
        self.preformatted += tag == "pre"
        self.content += tag in _CONTENT

    def leave(self, tag: str) -> None:
        self.preformatted -= tag == "pre"
        self.content -= tag in _CONTENT
        self.in_heading = self.in_heading and tag not in _HEADINGS
        if tag in _HEADINGS and self.heading_start < self.page.length and not self._in_data:
            self.headings.append(Heading(self.heading_start, self.page.length, _HEADINGS[tag]))
        if tag == "table":
            self.tables.pop()
        if tag in {"td", "th"} and self._in_data:
            self.tables[-1].in_cell = False
        elif tag in _BLOCKS and not (tag == "br" and self.in_heading):
            self._break(1 if tag in _LINES else 2)

    def text(self, raw: str) -> None:
        if self.preformatted:
            self.page.verbatim(raw)
        else:
            self.page.write(raw)

    @property
    def _in_data(self) -> bool:
        return bool(self.tables) and self.tables[-1].data

    def _cell(self, table: _Table) -> None:
        if table.column:
            self.page.gap("\t")
        table.column += 1
        table.in_cell = True

    def _break(self, lines: int) -> None:
        if self._in_data and self.tables[-1].in_cell:
            self.page.gap(" ")
        else:
            self.page.break_(lines)


def text_of(root: LexborNode) -> tuple[str, tuple[Heading, ...]]:
    """The text below a node and its headings, with offsets into that text."""
    walk = _Walk()
    node: LexborNode | None = root
    while node is not None:
        tag = node.tag or ""
        if tag == "-text":
            walk.text(node.text_content or "")
        elif not _skipped(node, tag, in_content=walk.content > 0):
            walk.enter(node, tag)
            if node.child is not None:
                node = node.child
                continue
            walk.leave(tag)
        node = _after(node, root, walk)
    return "".join(walk.page.pieces), tuple(walk.headings)


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


def _skipped(node: LexborNode, tag: str, *, in_content: bool) -> bool:
    """Whether a node is no part of what the page is about."""
    if tag in _SKIPPED:
        return True
    if in_content or tag not in _BLOCKS:
        return False
    if tag in {"footer", "aside"}:
        return len(node.text()) < _SHORT
    attributes = node.attributes
    if attributes.get("role") == "navigation":
        return True
    names = f"{attributes.get('id') or ''} {attributes.get('class') or ''}".split()
    return any(map(_SURROUNDING.fullmatch, names)) and _is_links(node)


def _is_links(node: LexborNode) -> bool:
    """Mostly links, or too short to be the content."""
    length = len(node.text().strip())
    return length < _SHORT or 2 * sum(len(link.text()) for link in node.css("a")) > length
