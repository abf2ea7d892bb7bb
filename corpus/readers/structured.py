"""JSON and XML of laws and other texts: the words, in the order of the file.

What is written for people stands alone; short values of machines keep the name of their field.
HTML inside a value is read as HTML.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from corpus.errors import UnreadableFile
from corpus.language.dates import iso_date
from corpus.language.scripts import HAN
from corpus.models import Extract, Metadata
from corpus.readers import html
from corpus.readers.lines import TextLines
from corpus.readers.zip_parts import parse_xml
from corpus.reading.decoding import decode
from corpus.reasons import Reason

_PROSE = re.compile(rf"[{HAN}]|[^\W\d_]{{2}}[\s,.;:]{{1,40}}\S")
_MARKUP = re.compile(r"<(?:p|div|br|span|table|h[1-6]|ul|ol|li|b|i|a)\b[^>]{0,500}>", re.IGNORECASE)
_TITLE = re.compile(
    r"(?:law_?|act_?|statute_?|document_?|doc_?|short_?|full_?)?(?:title|name)|headline"
    r"|标题|標題|名称|名稱|法规名称|法規名稱",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:pub(?:lish(?:ed)?|lication)?_?)?date|enacted|公布日期|发布日期", re.IGNORECASE
)
_ADDRESS = re.compile(r"https?://\S{1,2000}")
_MOST_LEVELS = 200
_INLINE = set(
    "a abbr b bold def definedterm docnumber doctitle em emphasis extref font i ins italic mref "
    "quote ref remark rref small span strong sub sup term u date shorttitle xref".split()
)
_NUMBERS = {"num", "number", "label", "enum", "no", "pnumber"}
_HEADINGS = {"heading", "title", "header", "marginalnote"}


def read(content: bytes, name: str) -> Extract:
    """Read JSON or XML. Raises UnreadableFile."""
    if content.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<"):
        return _read_xml(content)
    try:
        value = json.loads(decode(content).text.lstrip("\ufeff"))
    except ValueError as error:
        raise UnreadableFile(Reason("damaged_data")) from error
    lines = TextLines()
    facts: dict[str, str] = {}
    for key, leaf in _leaves(value):
        words = _as_words(leaf)
        if not words:
            continue
        if _TITLE.fullmatch(key):
            facts.setdefault("title", words)
        elif _DATE.fullmatch(key):
            facts.setdefault("date", words)
        elif _ADDRESS.fullmatch(words):
            facts.setdefault("url", words)
        lines.write(words if _PROSE.search(words) or not key else f"{key}: {words}")
    metadata = Metadata(
        title=facts.get("title"), date=iso_date(facts.get("date")), url=facts.get("url")
    )
    return Extract(lines.text, "application/json", metadata)


def _leaves(value: Any) -> Iterator[tuple[str, object]]:
    """The values that hold no others, each with the name of its field, in order."""
    waiting: list[tuple[str, Any, int]] = [("", value, 0)]
    while waiting:
        key, current, depth = waiting.pop()
        if depth > _MOST_LEVELS:
            raise UnreadableFile(Reason("nested_too_deeply"))
        if isinstance(current, dict):
            waiting += [(str(k), v, depth + 1) for k, v in reversed(current.items())]
        elif isinstance(current, list):
            waiting += [(key, item, depth + 1) for item in reversed(current)]
        else:
            yield key, current


def _as_words(leaf: object) -> str:
    if leaf is None or isinstance(leaf, bool):
        return ""
    words = str(leaf)
    if len(words) == 1 and words.isascii() and words.isalpha():  # a machine's code for a kind
        return ""
    return html.extract(words).text if _MARKUP.search(words) else words.strip()


def _read_xml(content: bytes) -> Extract:
    root = parse_xml(content, Reason("damaged_data"))
    lines = TextLines()
    buffer: list[str] = []

    def flush(level: int = 0) -> None:
        lines.write(" ".join("".join(buffer).split()), level=level)
        buffer.clear()

    # Events, not recursion: elements nest deeper than calls.
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""
        is_block = tag not in _INLINE
        if event == "start":
            # A number stands before the words that it numbers, in one paragraph.
            if is_block and not _only_number(buffer):
                flush()
            buffer.append(element.text or "")
        else:
            if is_block and tag in _NUMBERS:
                buffer.append(" ")
            elif is_block:
                flush(1 if tag in _HEADINGS else 0)
            buffer.append(element.tail or "")
    flush()
    title = root.findtext(".//{*}docTitle") or root.findtext(".//{*}title")
    words = " ".join((title or "").split())
    return Extract(
        lines.text, "application/xml", Metadata(title=words or None), tuple(lines.headings)
    )


def _only_number(buffer: list[str]) -> bool:
    words = "".join(buffer).strip()
    return 0 < len(words) <= 12 and " " not in words


def is_json(text: str) -> bool:
    """Whether a text is a JSON object or list, and not only looks like one."""
    if not text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return False
    try:
        return isinstance(json.loads(text.lstrip("\ufeff")), dict | list)
    except (ValueError, RecursionError):
        return False
