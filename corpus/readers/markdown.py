"""Markdown: its words without the marks, its headings, and its front matter as metadata.

A quotation that shows `**` or `<span class="x">` is not what a reader of the document sees. So
inline marks, HTML tags and comments are left out line by line, by the inline rules of CommonMark;
list markers, tables, rules and code stay as they are written.

Front matter is YAML between `---` or TOML between `+++`; of YAML only what front matter holds:
plain and quoted scalars, one a line. Headings are those of CommonMark: `#` lines and lines
underlined with `=` or `-`, outside fenced code.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.language.dates import iso_date
from corpus.models import Extract, Heading, Metadata
from corpus.reading.decoding import decode

_FRONT = re.compile(r"\s*(---|\+\+\+)[ \t]*\n")
_LONGEST_FRONT = 20_000
_YAML_LINE = re.compile(r"([^\s:#][^:]{0,60}?)\s*:\s+(\S.*)")
_KEYS = {
    "title": ("title", "标题", "標題"),
    "date": (
        "date",
        "published",
        "publish_date",
        "pubdate",
        "issued",
        "日期",
        "發布日期",
        "发布日期",
    ),
    "publisher": ("publisher", "source", "site", "author", "来源", "來源", "作者"),
    "url": ("url", "source_url", "canonical", "canonical_url", "link", "permalink", "网址", "網址"),
    "language": ("lang", "language", "locale"),
}
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|$)")
_CLOSING = re.compile(r"(?:^|[ \t])#+$")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*")
_COMMENT = re.compile(r"<!--(?:(?!<!--).)*?-->", re.DOTALL)
_COMMENT_LINE = re.compile(r"^[ \t]*<!--(?:(?!<!--).)*?-->[ \t]*\n", re.DOTALL | re.MULTILINE)
_LONGEST_LINE = 20_000
_MARKS = re.compile(r"[*_`<\[\\&]")
_TAG_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)")
_HTML_TAGS = frozenset(
    """a abbr b big blockquote br center cite code dd del details dfn div dl dt em font h1 h2 h3 h4
    h5 h6 hr i img ins kbd li mark nobr ol p pre q s samp section small span strike strong sub
    summary sup table tbody td tfoot th thead tr tt u ul var""".split()
)
_NO_PARAGRAPH = re.compile(r"[ \t]*(?:$|[>#|]|[-*+] |\d+[.)] )| {4}")


def read(content: bytes, name: str) -> Extract:
    """Read Markdown. Raises UnreadableFile."""
    text = decode(content).text
    fields, start = _front_matter(text)
    lines = _Lines()
    for line in _without_comments(text[start:]).split("\n"):
        lines.add(line)
    return Extract(lines.text, "text/markdown", _metadata(fields), tuple(lines.headings))


def _without_comments(text: str) -> str:
    """The text without HTML comments, which may span lines; a line that held one alone goes."""
    return _COMMENT.sub("", _COMMENT_LINE.sub("", text)) if "<!--" in text else text


def _front_matter(text: str) -> tuple[dict[str, str], int]:
    """The fields of the front matter, and where the text begins after it."""
    opening = _FRONT.match(text)
    if not opening:
        return {}, 0
    mark = opening[1]
    closing = re.compile(rf"^{re.escape(mark)}[ \t]*$\n*", re.MULTILINE).search(
        text, opening.end(), opening.end() + _LONGEST_FRONT
    )
    if not closing:
        return {}, 0
    inside = text[opening.end() : closing.start()]
    fields = _toml(inside) if mark == "+++" else _yaml(inside)
    # Without a field it is no front matter but text between two rules.
    return (fields, closing.end()) if fields else ({}, 0)


def _yaml(text: str) -> dict[str, str]:
    matches = (_YAML_LINE.fullmatch(line.rstrip()) for line in text.split("\n"))
    return {match[1].strip("'\"").lower(): _scalar(match[2]) for match in matches if match}


def _scalar(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1].replace("''", "'")
    if len(value) > 1 and value[0] == value[-1] == '"':
        return value[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    return value.split(" #", 1)[0].strip()


def _toml(text: str) -> dict[str, str]:
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}
    return {key.lower(): str(value) for key, value in values.items() if not isinstance(value, dict)}


def _metadata(fields: dict[str, str]) -> Metadata:
    values = {
        field: next((fields[key] for key in keys if fields.get(key)), None)
        for field, keys in _KEYS.items()
    }
    url = values["url"] if (values["url"] or "").startswith(("http://", "https://")) else None
    return Metadata(
        values["title"], iso_date(values["date"]), values["publisher"], url, values["language"]
    )


class _Lines:
    """The lines of a document as they are read, without their marks, and the headings in them."""

    def __init__(self) -> None:
        self.headings: list[Heading] = []
        self._lines: list[str] = []
        self._end = 0
        # An underline makes a heading of the paragraph line above it: where that line stands.
        self._above: tuple[int, str] | None = None
        self._fence = ""

    @property
    def text(self) -> str:
        """The lines read so far."""
        return "\n".join(self._lines)

    def add(self, line: str) -> None:
        """Read the next line as it is written."""
        opening = _FENCE.match(line)
        if opening and not self._closes_nothing(line, opening[1]):
            self._fence, self._above = "" if self._fence else opening[1], None
            self._append(line)
        elif self._fence:
            self._append(line)
        else:
            self._add_words(line)

    def _closes_nothing(self, line: str, marks: str) -> bool:
        """Whether a line of fence marks stands inside code that it does not end."""
        fence = self._fence
        closes = line.strip().strip(fence[:1]) == "" and marks.startswith(fence)
        return bool(fence) and not closes

    def _add_words(self, line: str) -> None:
        start = self._end
        if heading := _ATX.match(line):
            words = plain_words(_CLOSING.sub("", line[heading.end() :].rstrip())).strip()
            self._append(words)
            if words:
                self.headings.append(Heading(start, start + len(words), len(heading[1])))
            self._above = None
        elif setext := _setext(line, self._above):
            self.headings.append(setext)
            self._append(line)
            self._above = None
        else:
            words = plain_words(line)
            self._append(words)
            self._above = None if _NO_PARAGRAPH.match(line) else (start, words)

    def _append(self, line: str) -> None:
        self._lines.append(line)
        self._end += len(line) + 1


def plain_words(line: str) -> str:
    """A line's words as a reader sees them: no emphasis marks, links, tags or escapes.

    Only tags of HTML are left out: `<Company Name>` is a blank of a form, and stays.
    """
    # The parser's time may grow faster than a line that is made for it: such a line stays as it is.
    if len(line) > _LONGEST_LINE or not _MARKS.search(line):
        return line
    indent = line[: len(line) - len(line.lstrip())]
    tokens = _inline_parser().parseInline(line.strip())
    children = tokens[0].children or []
    return indent + "".join(
        _words(token, before, after)
        for before, token, after in zip(
            (None, *children), children, (*children[1:], None), strict=False
        )
    ).rstrip("\n")


def _words(token: Token, before: Token | None, after: Token | None) -> str:
    """What one inline token shows, between the tokens before and after it."""
    if token.type == "html_inline":
        return _tag_words(token.content, before, after)
    # An image shows its description, as it does where pictures are off.
    return " " if token.type in ("softbreak", "hardbreak") else token.content


def _tag_words(tag: str, before: Token | None, after: Token | None) -> str:
    name = _TAG_NAME.match(tag)
    if tag.startswith("<!--"):
        return ""
    if not name or name[1].lower() not in _HTML_TAGS:
        return tag
    if name[1].lower() == "sup":
        # A raised number must not fuse with the figure before it: Act 1980<sup>12</sup>.
        closes = tag.startswith("</")
        raised = before if closes else after
        return ("]" if closes else "[") if raised and raised.content.isalnum() else ""
    return " " if name[1].lower() in ("br", "td", "th") else ""


@cache
def _inline_parser() -> MarkdownIt:
    return MarkdownIt("commonmark")


def _setext(line: str, above: tuple[int, str] | None) -> Heading | None:
    rule = _UNDERLINE.fullmatch(line)
    if not rule or not above:
        return None
    start, words = above
    indent = len(words) - len(words.lstrip())
    return Heading(start + indent, start + len(words.rstrip()), 1 if rule[1][0] == "=" else 2)
