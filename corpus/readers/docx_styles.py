"""What a paragraph's style makes of it: a heading, or a numbered paragraph."""

from __future__ import annotations

import re

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement as Element

_HEADING = re.compile(r"heading ([1-9])")
_DEEPEST_STYLE = 20
_BODY_LEVEL = 9


class Styles:
    """Resolves paragraph properties through the styles that a paragraph's style is based on."""

    def __init__(self, root: Element | None) -> None:
        children = root.iterchildren(qn("w:style")) if root is not None else ()
        self._styles = {str(style.get(qn("w:styleId"))): style for style in children}

    def heading_level(self, paragraph: Element) -> int | None:
        """1 to 9 for a heading or a title, by the style's name or the outline level."""
        for node in self._chain(paragraph):
            name = _value(node, "w:name").lower()
            match = _HEADING.fullmatch(name)
            if match or name == "title":
                return int(match[1]) if match else 1
            outline = _value(node, "w:pPr/w:outlineLvl") or _value(node, "w:outlineLvl")
            if outline.isdecimal():
                return int(outline) + 1 if int(outline) < _BODY_LEVEL else None
        return None

    def numbering(self, paragraph: Element) -> tuple[str, int]:
        """The id of the list that a paragraph belongs to, empty for none, and its level."""
        number_id = level = ""
        for node in self._chain(paragraph):
            for path in ("w:numPr", "w:pPr/w:numPr"):
                number_id = number_id or _value(node, f"{path}/w:numId")
                level = level or _value(node, f"{path}/w:ilvl")
        return number_id, int(level) if level.isdecimal() and len(level) < 3 else 0

    def _chain(self, paragraph: Element) -> list[Element]:
        """The paragraph's own properties, its style, and the styles that is based on."""
        own = paragraph.find(qn("w:pPr"))
        if own is None:
            return []
        chain, style_id = [own], _value(own, "w:pStyle")
        while style_id in self._styles and len(chain) < _DEEPEST_STYLE:
            chain.append(self._styles[style_id])
            style_id = _value(chain[-1], "w:basedOn")
        return chain


def _value(node: Element, path: str) -> str:
    element = node.find("/".join(map(qn, path.split("/"))))
    return str(element.get(qn("w:val")) or "") if element is not None else ""
