"""E-books (EPUB): the chapters in their reading order, each read as the HTML page that it is."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree

from corpus.errors import UnreadableFile
from corpus.language.dates import iso_date
from corpus.models import Extract, Heading, Metadata
from corpus.readers import html
from corpus.readers.properties import title_property
from corpus.readers.zip_parts import ZipParts, resolve
from corpus.reading.decoding import decode
from corpus.reading.pace import step_done
from corpus.reasons import Reason

_CONTAINER = "META-INF/container.xml"
_DUBLIN = "{http://purl.org/dc/elements/1.1/}"
_TEXT_SUFFIXES = (".xml", ".opf", ".xhtml", ".html", ".htm", ".ncx")
_RIGHTS = "META-INF/encryption.xml"
# Publishers scramble embedded fonts by rule (EPUB 3, Open Container Format: font obfuscation).
_FONTS = (".otf", ".ttf", ".woff", ".woff2", ".ttc")
_DAMAGED = Reason("damaged_e_book")


def read(content: bytes, name: str) -> Extract:
    """Read a book. Raises UnreadableFile, also for one that is locked (DRM)."""
    parts = ZipParts(content, "damaged_e_book")
    parts.check(_TEXT_SUFFIXES)
    _refuse_locked(parts)
    package = next(_named(parts.xml(_CONTAINER), "rootfile"), None)
    path = package.get("full-path", "") if package is not None else ""
    if not parts.has(path):
        raise UnreadableFile(_DAMAGED)
    book = parts.xml(path)
    pieces: list[str] = []
    headings: list[Heading] = []
    length = 0
    for chapter in _chapters(book, path):
        if not parts.has(chapter):
            continue
        markup = parts.read(chapter)
        # A chapter may declare an encoding of its own, and many are broken XML: HTML's reader takes
        # both.
        page = html.extract(decode(markup, html.declared_encoding(markup)).text)
        step_done()
        if not page.text.strip():
            continue
        if pieces:
            pieces.append("\n\n")
            length += 2
        headings += (
            Heading(heading.start + length, heading.end + length, heading.level)
            for heading in page.headings
        )
        pieces.append(page.text)
        length += len(page.text)
    return Extract("".join(pieces), "application/epub+zip", _metadata(book), tuple(headings))


def _refuse_locked(parts: ZipParts) -> None:
    """Fonts are often scrambled, and nothing is lost by that; a locked chapter is."""
    if not parts.has(_RIGHTS):
        return
    for reference in _named(parts.xml(_RIGHTS), "CipherReference"):
        if not reference.get("URI", "").lower().endswith(_FONTS):
            raise UnreadableFile(Reason("encrypted"))


def _chapters(book: etree._Element, path: str) -> list[str]:
    """The names of the chapters' members, in reading order, each once."""
    files = {
        item.get("id", ""): item.get("href", "")
        for item in _named(book, "item")
        if "html" in item.get("media-type", "")
    }
    # The spine tells the order; that of the files in the archive means nothing.
    order = [entry.get("idref", "") for entry in _named(book, "itemref")]
    names = (resolve(path, unquote(files[entry])) for entry in order if files.get(entry))
    # A chapter that the spine names twice would stand in the text twice.
    return list(dict.fromkeys(names))


def _metadata(book: etree._Element) -> Metadata:
    return Metadata(
        title=title_property(book.findtext(f".//{_DUBLIN}title")),
        date=iso_date(book.findtext(f".//{_DUBLIN}date")),
        publisher=" ".join((book.findtext(f".//{_DUBLIN}publisher") or "").split()) or None,
        language=(book.findtext(f".//{_DUBLIN}language") or "").strip() or None,
    )


def _named(root: etree._Element, name: str) -> Iterator[etree._Element]:
    """The elements of a name in any namespace, since old books use none."""
    yield from root.iter(f"{{*}}{name}")
