"""HTML: the main text without navigation, and what the page says of itself in its head.

Metadata from Open Graph, Dublin Core, Highwire (citation_*), the head of Chinese government pages
(ArticleTitle, PubDate, ContentSource) and JSON-LD (schema.org).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from corpus.errors import UnreadableFile
from corpus.language.dates import iso_date
from corpus.models import Extract, Metadata
from corpus.readers.html_surroundings import around
from corpus.readers.html_text import TreeText, text_of
from corpus.reading.decoding import decode
from corpus.reasons import Reason

_HEAD = 4096
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""")
_LONGEST = 300
_MOST_META = 200  # real pages have dozens; a made one may have millions
_LONGEST_JSON = 500_000

_TITLE = (
    "og:title",
    "articletitle",
    "citation_title",
    "dc.title",
    "dcterms.title",
    "twitter:title",
)
_DATE = (
    "article:published_time",
    "pubdate",
    "publishdate",
    "publish_date",
    "citation_publication_date",
    "citation_date",
    "dc.date",
    "dcterms.date",
    "dc.date.issued",
    "dcterms.issued",
    "date",
    "datepublished",
    "weibo:article:create_at",
)
_PUBLISHER = (
    "contentsource",
    "citation_publisher",
    "citation_journal_title",
    "dc.publisher",
    "dcterms.publisher",
    "publisher",
    "og:site_name",
    "source",
    "sitename",
    "application-name",
)
_SUFFIX = re.compile(r"\s{0,40}(?:[|｜_]|--|\s[-–—])\s{0,40}")
_SOURCE = re.compile(r"(?:(?:文章|信息|稿件)?[来來]源|[Ss]ource)\s?[:：]\s*")
_COPY = re.compile(r"\s{1,40}(?:原创|原創|转载|轉載)\Z")
_MAY_NEST = re.compile(r"<(/?)(?:div|section|article|blockquote|center|ul|ol|dl)\b", re.IGNORECASE)
_DEEPEST = 5_000  # the parser takes time by the square of it; browsers stop at 512


def read(content: bytes, name: str) -> Extract:
    """Read an HTML page. Raises UnreadableFile."""
    return extract(decode(content, declared_encoding(content)).text)


def extract(page: str) -> Extract:
    """The main text, headings and metadata of a page that is decoded already.

    Raises UnreadableFile.
    """
    _check_depth(page)
    try:
        tree = LexborHTMLParser(page)
    except SelectolaxError as error:
        raise UnreadableFile(Reason("unparsable_page")) from error
    main = _main_text(tree)
    titles = [main.text[heading.start : heading.end] for heading in main.headings[:3]]
    return Extract(
        main.text, "text/html", _metadata(tree, titles), main.headings, quoted=main.quoted
    )


def declared_encoding(content: bytes) -> str | None:
    """The encoding that a page's head names."""
    match = _CHARSET.search(content, 0, _HEAD)
    return match[1].decode("ascii") if match else None


def _check_depth(page: str) -> None:
    depth = 0
    for tag in _MAY_NEST.finditer(page):
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > _DEEPEST:
            raise UnreadableFile(Reason("nested_too_deeply"))


def _main_text(tree: LexborHTMLParser) -> TreeText:
    """The text of the one article and what belongs to it, when that is most of the page.

    Else the text of the whole page.
    """
    body = tree.body or tree.root
    if body is None:
        return TreeText("")
    whole = text_of(body)
    for selector in ("article", "main", "[role=main]"):
        roots = tree.css(selector)
        if len(roots) == 1:
            main = text_of(roots[0]).text
            # A page of many short articles is a list of teasers, and read as a whole.
            if 2 * len(main) > len(whole.text):
                return text_of(body, around(roots[0]))
    return whole


def _metadata(tree: LexborHTMLParser, headings: list[str]) -> Metadata:
    fields = _fields(tree)
    linked = _json_ld(tree)
    publisher = _named(_first(fields, _PUBLISHER)) or _publisher(linked.get("publisher"))
    title = _first(fields, _TITLE) or _words(linked.get("headline"))
    date = next((date for key in _DATE if (date := iso_date(fields.get(key)))), None)
    root = tree.css_first("html")
    return Metadata(
        title=title or _page_title(tree, headings, publisher),
        date=date or iso_date(_words(linked.get("datePublished"))) or _time(tree),
        publisher=publisher,
        url=_address(tree, fields),
        language=(root.attributes.get("lang") if root else None) or fields.get("og:locale"),
    )


def _fields(tree: LexborHTMLParser) -> dict[str, str]:
    """The page's meta elements by name or property, in lower case; the first of each counts."""
    fields: dict[str, str] = {}
    for node in tree.css("meta[content]")[:_MOST_META]:
        attributes = node.attributes
        key = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        value = _words(attributes.get("content"))
        if key and value:
            fields.setdefault(key.strip().lower(), value)
    return fields


def _first(fields: Mapping[str, str], keys: tuple[str, ...]) -> str | None:
    return next((fields[key] for key in keys if key in fields), None)


def _words(value: object) -> str | None:
    """A value on one line, if it is a text of reasonable length."""
    line = " ".join(value.split()) if isinstance(value, str) else ""
    return line if 0 < len(line) <= _LONGEST else None


def _page_title(tree: LexborHTMLParser, headings: list[str], publisher: str | None) -> str | None:
    """The heading that the title element repeats; else that element, without the site's name."""
    element = tree.css_first("head title")
    title = _words(element.text()) if element else None
    for heading in headings:
        if title is None or "".join(heading.split()) in "".join(title.split()):
            return _words(heading)
    parts = _SUFFIX.split(title) if title else []
    if title and publisher and len(parts) > 1 and parts[-1] == publisher:
        return title[: title.rindex(publisher)].rstrip(" |｜_-–—")
    return title


def _named(source: str | None) -> str | None:
    """A publisher's name out of `来源：人民网 原创`."""
    return (_COPY.sub("", _SOURCE.sub("", source)) or None) if source else None


def _time(tree: LexborHTMLParser) -> str | None:
    """The one time element that says it is the publication's."""
    for node in tree.css("time[pubdate], time[itemprop=datePublished], [itemprop=datePublished]")[
        :3
    ]:
        date = iso_date(node.attributes.get("datetime") or node.attributes.get("content"))
        if date:
            return date
    return None


def _address(tree: LexborHTMLParser, fields: Mapping[str, str]) -> str | None:
    link = tree.css_first("link[rel=canonical]")
    for address in (link.attributes.get("href") if link else None, fields.get("og:url")):
        if address and address.strip().startswith(("http://", "https://")):
            return address.strip()
    return None


def _json_ld(tree: LexborHTMLParser) -> dict[str, Any]:
    """The first thing that JSON-LD describes with a headline or a date of publication."""
    for node in tree.css('script[type="application/ld+json"]')[:5]:
        for thing in _things(node):
            if "headline" in thing or "datePublished" in thing:
                return thing
    return {}


def _things(node: LexborNode) -> Iterator[dict[str, Any]]:
    source = node.text()
    if len(source) > _LONGEST_JSON:
        return
    try:
        value = json.loads(source)
    except (ValueError, RecursionError):
        return
    for thing in value if isinstance(value, list) else [value]:
        if isinstance(thing, dict):
            yield thing
            graph = thing.get("@graph")
            yield from (
                (part for part in graph if isinstance(part, dict))
                if isinstance(graph, list)
                else ()
            )


def _publisher(value: object) -> str | None:
    return _words(value.get("name")) if isinstance(value, dict) else _words(value)
