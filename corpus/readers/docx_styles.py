"""What a style makes of a paragraph or a run: heading, list, hidden, struck out, raised.

A property that a paragraph or run does not set itself comes from its style, and from the styles
that this one is based on. A paragraph that names no style has the document's default one, which
in some offices numbers every paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement as Element

_HEADING = re.compile(r"heading ([1-9])")
# Word's own: Quote, Intense Quote, Block Text; and how offices call theirs.
_QUOTATION = re.compile(r"quot(?:e|ation)|block text|引用|引文")
_SET_APART = 240  # twentieths of a point: a sixth of an inch
_DEEPEST_STYLE = 20  # Word's own files stay far below; a file may name styles in a circle
_BODY_LEVEL = 9
_OFF = {"0", "false", "off", "none"}


@dataclass(frozen=True, slots=True)
class ListPosition:
    """The list that a paragraph belongs to, and what says at which level it stands."""

    list_id: str
    own_level: int | None
    style_level: int | None
    style_ids: tuple[str, ...]
    """The paragraph's style and those that it is based on: a list may link levels to them."""


@dataclass(frozen=True, slots=True)
class RunFormat:
    """What matters of a run's look; `font` is empty where it is the text's usual one."""

    hidden: bool = False
    struck: bool = False
    raised: bool = False
    font: str = ""


class Styles:
    """Resolves properties through the styles of a document."""

    def __init__(self, root: Element | None) -> None:
        nodes = list(root.iterchildren(qn("w:style"))) if root is not None else []
        self._styles = {str(style.get(qn("w:styleId"))): style for style in nodes}
        self._default = next(
            (
                str(style.get(qn("w:styleId")))
                for style in nodes
                if style.get(qn("w:type")) == "paragraph"
                and str(style.get(qn("w:default")) or "0").lower() not in _OFF
            ),
            "",
        )
        self._formats: dict[str, RunFormat] = {}

    def heading_level(self, paragraph: Element) -> int | None:
        """1 to 9 for a heading or a title, by the style's name or the outline level."""
        own = paragraph.find(qn("w:pPr"))
        # Word's own name of a heading style is English in every language of Word.
        nodes = [*([own] if own is not None else []), *self._chain(self._style_of(paragraph))]
        for node in nodes:
            name = child_value(node, "w:name").lower()
            match = _HEADING.fullmatch(name)
            if match or name == "title":
                return int(match[1]) if match else 1
            outline = child_value(node, "w:pPr/w:outlineLvl") or child_value(node, "w:outlineLvl")
            if outline.isdecimal():
                return int(outline) + 1 if int(outline) < _BODY_LEVEL else None
        return None

    def is_quotation(self, paragraph: Element) -> bool:
        """Whether a paragraph is a block quotation: by its style, or indented on both sides."""
        own = paragraph.find(qn("w:pPr"))
        styles = list(self._chain(self._style_of(paragraph)))
        if any(_QUOTATION.search(child_value(style, "w:name").lower()) for style in styles):
            return True
        # A list is indented on the left alone. What has two margins of its own stands apart.
        indents = [node.find(qn("w:ind")) for node in (own,) if node is not None]
        indents += [style.find(f"{qn('w:pPr')}/{qn('w:ind')}") for style in styles]
        return all(
            any(_indent(node, names) >= _SET_APART for node in indents if node is not None)
            for names in (("w:left", "w:start"), ("w:right", "w:end"))
        )

    def list_position(self, paragraph: Element) -> ListPosition:
        """Where a paragraph stands in which list; its own properties go before its style's."""
        own = paragraph.find(qn("w:pPr"))
        list_id = child_value(own, "w:numPr/w:numId")
        own_level = _level(child_value(own, "w:numPr/w:ilvl"))
        style_level = None
        style_ids = []
        for style in self._chain(self._style_of(paragraph)):
            style_ids.append(str(style.get(qn("w:styleId"))))
            list_id = list_id or child_value(style, "w:pPr/w:numPr/w:numId")
            # A style based on another may set the level only, or the list only.
            if style_level is None:
                style_level = _level(child_value(style, "w:pPr/w:numPr/w:ilvl"))
        return ListPosition(list_id, own_level, style_level, tuple(style_ids))

    def run_format(self, properties: Element | None, paragraph: Element | None) -> RunFormat:
        """The look of a run by its properties (w:rPr), its style and its paragraph's style."""
        style = child_value(properties, "w:rStyle")
        by_style = self._style_format(style)
        by_paragraph = (
            self._style_format(self._style_of(paragraph)) if paragraph is not None else RunFormat()
        )
        if properties is None:
            return by_paragraph
        hidden = is_on(properties, "w:vanish")
        struck = _either(is_on(properties, "w:strike"), is_on(properties, "w:dstrike"))
        position = child_value(properties, "w:vertAlign")
        return RunFormat(
            by_style.hidden or by_paragraph.hidden if hidden is None else hidden,
            by_style.struck or by_paragraph.struck if struck is None else struck,
            position == "superscript" if position else by_style.raised or by_paragraph.raised,
            _font(properties) or by_style.font or by_paragraph.font,
        )

    def _style_format(self, style_id: str) -> RunFormat:
        # A long document has a hundred thousand runs and a hundred styles.
        if style_id not in self._formats:
            properties = [
                node
                for style in self._chain(style_id)
                if (node := style.find(qn("w:rPr"))) is not None
            ]
            hidden = (is_on(node, "w:vanish") for node in properties)
            struck = (
                _either(is_on(node, "w:strike"), is_on(node, "w:dstrike")) for node in properties
            )
            raised = (child_value(node, "w:vertAlign") for node in properties)
            self._formats[style_id] = RunFormat(
                next((value for value in hidden if value is not None), False),
                next((value for value in struck if value is not None), False),
                next((value == "superscript" for value in raised if value), False),
                next(filter(None, map(_font, properties)), ""),
            )
        return self._formats[style_id]

    def _style_of(self, paragraph: Element) -> str:
        style_id = child_value(paragraph.find(qn("w:pPr")), "w:pStyle")
        return style_id if style_id in self._styles else self._default

    def _chain(self, style_id: str) -> Iterator[Element]:
        """A style and those that it is based on."""
        for _ in range(_DEEPEST_STYLE):
            style = self._styles.get(style_id)
            if style is None:
                return
            yield style
            style_id = child_value(style, "w:basedOn")


def _indent(node: Element, names: tuple[str, ...]) -> int:
    values = (str(node.get(qn(name)) or "") for name in names)
    return max((int(value) for value in values if value.isdecimal()), default=0)


def child_value(node: Element | None, path: str) -> str:
    """The `w:val` of the first element at a path below a node; empty when there is none."""
    child = node.find("/".join(map(qn, path.split("/")))) if node is not None else None
    return str(child.get(qn("w:val")) or "") if child is not None else ""


def is_on(properties: Element, tag: str) -> bool | None:
    """Whether a property is switched on; None where it is not set."""
    node = properties.find(qn(tag))
    return None if node is None else str(node.get(qn("w:val")) or "1").lower() not in _OFF


def _either(first: bool | None, second: bool | None) -> bool | None:
    return None if first is None and second is None else bool(first or second)


def _level(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 3 else None


def _font(properties: Element) -> str:
    fonts = properties.find(qn("w:rFonts"))
    return (
        str(fonts.get(qn("w:ascii")) or fonts.get(qn("w:hAnsi")) or "") if fonts is not None else ""
    )
