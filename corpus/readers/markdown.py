"""Markdown: its words without marks, its headings, and its front matter as metadata.

The text is what a reader sees: `##`, `**`, comments, anchors and tags such as `<span>` are marks,
not words, and are not quoted. They are left out line by line, by the inline rules of CommonMark.
A table's rows are lines with a tab between cells. List markers, rules and code between fences
stay as they are.

Front matter is YAML between `---` or TOML between `+++`; of YAML only what front matter holds:
plain and quoted scalars, one a line. Headings are those of CommonMark: `#` lines and lines
underlined with `=` or `-`, outside fenced code.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.language.dates import iso_date
from corpus.models import Extract, Heading, Metadata
from corpus.readers.table_rows import label_cells
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
_LONGEST_LINE = 20_000
# The line below a table's headings, and what parts two cells.
_DELIMITERS = re.compile(r" {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*(?:\|[ \t]*)?")
_CELL_EDGE = re.compile(r"(?<!\\)\|")
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
    text, headings = _render(text[start:])
    return Extract(text, "text/markdown", _metadata(fields), headings)


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


def _render(text: str) -> tuple[str, tuple[Heading, ...]]:
    """The text without its marks, and the spans of its headings."""
    rendered: list[str] = []
    headings: list[Heading] = []
    fence, start = "", 0
    above: tuple[int, str] | None = None
    for raw, is_row in _with_tables(_outside_comments(text)):
        line, heading = raw, None
        opening = _FENCE.match(raw)
        if opening and (
            not fence or (raw.strip().strip(fence[0]) == "" and opening[1].startswith(fence))
        ):
            fence, above = "" if fence else opening[1], None
        elif not fence and not is_row:
            line = plain_words(raw).strip("\u200b\ufeff")
            if line != raw and not line.strip(" \t*-"):
                continue  # the line was nothing but tags
            heading = _atx(line, start) or _setext(line, above)
            above = None if heading or _NO_PARAGRAPH.match(line) else (start, line)
        if heading and heading.start < start:  # the line is the rule below a heading
            headings.append(heading)
            continue
        if heading:
            line = line[heading.start - start : heading.end - start]
            headings.append(Heading(start, start + len(line), heading.level))
        rendered.append(line)
        start += len(line) + 1
    return "\n".join(rendered), tuple(headings)


def _with_tables(lines: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """The lines, those of tables as rows of cells; and whether a line is such a row.

    A table is a line of headings, a line of dashes below it, and the lines up to one without a bar
    (the tables of GitHub's Markdown). Nothing in a code fence is one.
    """
    fence = ""
    rows: list[str] = []
    for line in lines:
        opening = _FENCE.match(line)
        if opening:
            closes = fence and opening[1].startswith(fence)
            fence = "" if closes else fence or opening[1]
        if not fence and "|" in line and len(line) <= _LONGEST_LINE:
            rows.append(line)
            continue
        yield from _table_rows(rows)
        rows.clear()
        yield line, False
    yield from _table_rows(rows)


def _table_rows(lines: Sequence[str]) -> Iterator[tuple[str, bool]]:
    if len(lines) < 2 or not _DELIMITERS.fullmatch(lines[1]):
        yield from ((line, False) for line in lines)
        return
    cells = [_cells(line) for line in (lines[0], *lines[2:])]
    yield from (("\t".join(row).rstrip(), True) for row in label_cells(cells, marked=True))


def _cells(line: str) -> list[str]:
    inside = line.strip().removeprefix("|")
    inside = inside if inside.endswith("\\|") else inside.removesuffix("|")
    return [plain_words(cell.strip()) for cell in _CELL_EDGE.split(inside)]


def _outside_comments(text: str) -> Iterator[str]:
    """The lines of the text without comments; a line that was nothing else is gone.

    A comment within a code fence is text.
    """
    fence, commented = "", False
    last, start = text.rfind("-->"), 0  # a comment that is never closed is text
    for line in text.split("\n"):
        opening = _FENCE.match(line)
        if opening and not commented:
            closes = fence and opening[1].startswith(fence)
            fence = "" if closes else fence or opening[1]
        start += len(line) + 1
        if fence and not commented:
            yield line
            continue
        closing = last - (start - len(line) - 1)
        words, commented = _without_comments(line, closing, commented=commented)
        if words.strip() or not line.strip():
            yield words


def _without_comments(line: str, closing: int, *, commented: bool) -> tuple[str, bool]:
    """The line's words, and whether a comment goes on; none opens behind `closing`."""
    words: list[str] = []
    at = 0
    while at < len(line):
        mark = line.find("-->" if commented else "<!--", at)
        if not commented and mark > closing:
            mark = -1
        if not commented:
            words.append(line[at : mark if mark >= 0 else len(line)])
        if mark < 0:
            break
        at, commented = mark + (3 if commented else 4), not commented
    return "".join(words), commented


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


def _atx(line: str, start: int) -> Heading | None:
    marks = _ATX.match(line)
    if not marks:
        return None
    words = _CLOSING.sub("", line[marks.end() :].rstrip()).rstrip()
    begin = start + marks.end()
    return Heading(begin, begin + len(words), len(marks[1])) if words else None


def _setext(line: str, above: tuple[int, str] | None) -> Heading | None:
    rule = _UNDERLINE.fullmatch(line)
    if not rule or not above:
        return None
    start, words = above
    indent = len(words) - len(words.lstrip())
    return Heading(start + indent, start + len(words.rstrip()), 1 if rule[1][0] == "=" else 2)
