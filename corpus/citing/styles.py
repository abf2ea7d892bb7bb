"""A citation ready to be pasted: plain, after GB/T 7714—2015, and after the Bluebook.

What a document does not say is left out with its punctuation. Nothing is supplied: there is no
author unless the publisher stands as one, and no date of access, which nobody recorded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from corpus.language.lengths import shorten_middle, utf16_length
from corpus.language.scripts import HAN_RUN

if TYPE_CHECKING:
    from corpus.models import DocumentRecord, PassageRecord

# Bot API, CopyTextButton: 1 to 256 characters, which Telegram counts in UTF-16 units.
COPY_LIMIT = 256
"""UTF-16 units that a copy button in Telegram holds."""

# What is left of a title that is cut has to tell it from others: a court and a number need this.
_SHORTEST_TITLE = 24
_SHORTEST_PUBLISHER = 12
_ISO_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
# GB/T 7714 cites newspapers by a form of their own; their sites are named `… Online`.
_NEWSPAPER = re.compile(
    r"(?:[報报]|報紙|报纸)\Z|\b(?:Daily|Times|Post|Gazette|Herald|Tribune)\b(?! Online)"
)
# Where a file's name stands in for a title that was not found.
_FILE_SUFFIX = re.compile(
    r"(?<=\w)\.(?:pdf|docx|txt|text|md|markdown|html?|mht|eml)\Z", re.IGNORECASE
)

# Bluebook, table T.12
_MONTHS = "Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec.".split()


CiteAs: TypeAlias = Mapping[str, str]
"""One passage, cited in each style of `STYLES` under the style's name."""


@dataclass(frozen=True, slots=True)
class _CitationParts:
    """What a citation is made of; the empty string where the document does not say."""

    title: str
    publisher: str
    date: str
    pin: str
    url: str
    citation: str
    chinese: bool
    online: bool
    """It has a URL, even where that is left out for want of room."""


def cite(
    passage: PassageRecord, document: DocumentRecord, *, limit: int | None = COPY_LIMIT
) -> CiteAs:
    """The passage's citation in each style.

    limit: the most UTF-16 units each may have, None for any number. What is too long loses the
    middle of its title first, then its URL, then the middle of its publisher; never its pin, and
    never the citation id in the plain style.
    """
    parts = _CitationParts(
        title=_FILE_SUFFIX.sub("", _line(document.title)),
        publisher=_line(document.publisher),
        date=_line(document.date),
        pin=passage.pin,
        url=_line(document.url),
        citation=passage.citation,
        chinese=_is_chinese(document),
        online=bool(document.url),
    )
    return {style.name: _within(style.write, parts, limit) for style in STYLES}


def _within(
    write: Callable[[_CitationParts], str], parts: _CitationParts, limit: int | None
) -> str:
    """The citation in a style, shortened step by step until it fits."""

    def excess() -> int:
        return 0 if limit is None else max(0, utf16_length(write(parts)) - limit)

    parts = replace(parts, title=_less(parts.title, excess(), _SHORTEST_TITLE))
    # The pin is never cut: without it the citation cannot be checked.
    if excess():
        parts = replace(parts, url="")
    parts = replace(parts, publisher=_less(parts.publisher, excess(), _SHORTEST_PUBLISHER))
    return write(parts)


def _less(text: str, excess: int, shortest: int) -> str:
    return shorten_middle(text, max(shortest, utf16_length(text) - excess)) if excess else text


def _plain(parts: _CitationParts) -> str:
    """`Title, Publisher, 2021-02-08, ¶ 4 [K7Q2M3PD-4]`, in Chinese `《題名》，人民網，…`."""
    title = parts.title
    if parts.chinese and not re.search("[《》]", title):
        title = f"《{title}》"
    words = _joined("，" if parts.chinese else ", ", title, _other(parts), parts.date, parts.pin)
    return f"{words} [{parts.citation}]"


def _gb7714(parts: _CitationParts) -> str:
    """GB/T 7714—2015, 4.6 (electronic resources), 4.4 (parts of newspapers); [Z] for the rest.

    `人民网. 题名[EB/OL]. 2021: ¶ 4(2021-02-08). URL.` · `题名[N]. 人民日报, 2021-02-08: ¶ 4.`
    The date of access is left out, since it is not known.
    """
    carrier = "/OL" if parts.online else ""
    if parts.publisher and parts.date and _NEWSPAPER.search(parts.publisher):
        where = f"{parts.publisher}, {parts.date}: {parts.pin}"
        return _sentences(f"{parts.title}[N{carrier}]", where, parts.url)
    year = parts.date[:4]
    if parts.online:
        updated = f"({parts.date})" if parts.date != year else ""
        where = f"{year}: {parts.pin}{updated}" if year else parts.pin
    else:
        where = f"{parts.date}: {parts.pin}" if parts.date else parts.pin
    kind = "EB/OL" if parts.online else "Z"
    return _sentences(parts.publisher, f"{parts.title}[{kind}]", where, parts.url)


def _bluebook(parts: _CitationParts) -> str:
    """After rule 18.2.2: `Title, Publisher (Feb. 8, 2021), ¶ 4, URL`."""
    source = _joined(", ", parts.title, _other(parts))
    if parts.date:
        source += f" ({_american(parts.date)})"
    return _joined(", ", source, parts.pin, parts.url)


@dataclass(frozen=True, slots=True)
class Style:
    """A citation style."""

    name: str
    """The key in `--json`, which other programs rely on."""
    label: str
    """The name of the style for people, on a button and on a terminal."""
    write: Callable[[_CitationParts], str]


STYLES: Final = (
    Style("plain", "Plain", _plain),
    Style("gb7714", "GB/T 7714", _gb7714),
    Style("bluebook", "Bluebook", _bluebook),
)
"""A style added here has its button, its line on a terminal and its field in `--json`."""


def _other(parts: _CitationParts) -> str:
    """The publisher, unless the title names it first, as that of a judgment does."""
    return "" if parts.publisher and parts.title.startswith(parts.publisher) else parts.publisher


def _american(date: str) -> str:
    """`2021-02-08` -> `Feb. 8, 2021`; `2021-02` -> `Feb. 2021`; anything else as it is."""
    match = _ISO_DATE.fullmatch(date)
    if not match or not match[2] or not 1 <= int(match[2]) <= 12:
        return date
    month = _MONTHS[int(match[2]) - 1]
    return f"{month} {int(match[3])}, {match[1]}" if match[3] else f"{month} {match[1]}"


def _joined(separator: str, *parts: str) -> str:
    return separator.join(part for part in parts if part)


def _sentences(*parts: str) -> str:
    """Each part ended by a full stop, as GB/T 7714 separates its fields."""
    return " ".join(part if part.endswith(".") else f"{part}." for part in parts if part)


def _line(text: str | None) -> str:
    """On one line, without white space at the ends."""
    return " ".join((text or "").split())


def _is_chinese(document: DocumentRecord) -> bool:
    if document.language:
        return document.language.startswith("zh")
    return bool(HAN_RUN.search(document.title))
