"""The list of documents with its pages, and the questions before a document is withdrawn."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.printable import printable_line
from bot.views.markup import CALLBACK_BYTES, Html, code, fill, fitting, joined, shortened
from bot.views.quotation import untapped
from bot.views.render import FACT_UNITS, facts_line, title_line
from bot.views.view import Button, Rows, View, in_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.texts.words import Texts
    from corpus.models import DocumentRecord, ListedDocument

PAGE: Final = 8
"""Documents on a page: two rows of buttons, and space for long titles."""
_ROW: Final = 4
_NAMED_UNITS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the documents in scope: `listed`, after the first `offset` of all `count`."""

    listed: tuple[ListedDocument, ...]
    offset: int
    count: int
    names: Mapping[int, str]
    """The names of the people who filed the documents, by user id."""
    words: str = ""
    """The words that the documents were chosen by; '' for all documents."""


def list_view(listing: Listing, texts: Texts, *, keeps: bool) -> View:
    """A page of documents. For a keeper of their matters (`keeps`), it offers withdrawal."""
    wording = texts.documents
    if not listing.listed:
        return View(_nothing(listing, texts))
    opens = [
        Button(f"📖 {number}", data=f"open:{first_passage(entry.document)}")
        for number, entry in _numbered(listing)
        if entry.document.passages
    ]
    rows = [*in_rows(opens, _ROW), *_paging(listing, texts, "docs")]
    if keeps:
        data = page_data("drops", listing.offset, listing.words)
        rows.append((Button(wording.withdraw_label, data=data),))
    return View(_lines(listing, texts, []), tuple(rows))


def choose_view(listing: Listing, texts: Texts) -> View:
    """The same page with a withdraw button for each document."""
    wording = texts.documents
    if not listing.listed:
        return View(_nothing(listing, texts))
    drops = [
        Button(f"🗑 {number}", data=f"drop:{entry.document.id}:{listing.offset}")
        for number, entry in _numbered(listing)
    ]
    back = (Button(wording.no_label, data=page_data("docs", listing.offset, listing.words)),)
    rows = (*in_rows(drops, _ROW), *_paging(listing, texts, "drops"), back)
    return View(_lines(listing, texts, [Html(wording.choose)]), rows)


def confirm_view(
    document: DocumentRecord, matters: Collection[str], texts: Texts, offset: int
) -> View:
    """The last question before a document is withdrawn from these matters.

    The button carries a digest of the matters. If they change before it is pressed, the press is
    refused: a person must confirm what really happens.
    """
    wording = texts.documents
    yes = Button(wording.yes_label, data=f"dropped:{document.id}:{offset}:{digest(matters)}")
    no = Button(wording.no_label, data=f"docs:{offset}")
    return View(_about(wording.ask, document, matters), ((yes, no),))


def withdrawn_view(document: DocumentRecord, matters: Collection[str], texts: Texts) -> View:
    """The notice that a document was withdrawn."""
    return View(_about(texts.documents.withdrawn, document, matters))


def page_data(verb: str, offset: int, words: str) -> str:
    """The callback data of a page, with the words by which the documents are chosen."""
    return f"{verb}:{offset}:{words}" if words else f"{verb}:{offset}"


def fitting_words(words: str) -> str:
    """The words as far as they fit into callback data."""
    room = CALLBACK_BYTES - len("drops:123456789:")
    cut = " ".join(words.split()).encode()[:room].decode(errors="ignore")
    # A word that is cut is no word of a title.
    whole = cut if len(cut) >= len(" ".join(words.split())) else cut.rpartition(" ")[0] or cut
    return whole.strip()


def _nothing(listing: Listing, texts: Texts) -> Html:
    if not listing.words:
        return Html(texts.documents.none)
    return fill(texts.documents.none_called, words=untapped(listing.words))


def digest(matters: Collection[str]) -> str:
    """A short hash of the matters. Callback data is limited to 64 bytes, too few for the names."""
    return hashlib.sha256("\0".join(sorted(matters)).encode()).hexdigest()[:8]


def first_passage(document: DocumentRecord) -> str:
    """The citation id of a document's beginning."""
    return f"{document.id}-1"


def _about(template: str, document: DocumentRecord, matters: Collection[str]) -> Html:
    return fill(
        template,
        title=shortened(printable_line(document.title), 2 * FACT_UNITS),
        citation=code(first_passage(document)),
        matters=_named(sorted(matters)),
    )


def _named(matters: list[str]) -> Html:
    count = fitting(matters, _NAMED_UNITS)
    more = [Html("…")] if len(matters) > count else []
    return joined([*(code(name) for name in matters[:count]), *more], ", ")


def _numbered(listing: Listing) -> list[tuple[int, ListedDocument]]:
    return list(enumerate(listing.listed, listing.offset + 1))


def _lines(listing: Listing, texts: Texts, after: list[Html]) -> Html:
    last = listing.offset + len(listing.listed)
    title = fill(texts.documents.title, first=listing.offset + 1, last=last, count=listing.count)
    entries = [_entry(number, entry, listing, texts) for number, entry in _numbered(listing)]
    return joined([title, *entries, *after], "\n\n")


def _entry(number: int, listed: ListedDocument, listing: Listing, texts: Texts) -> Html:
    document, wording = listed.document, texts.documents
    # 0 is nobody's user id: documents added on the command line have no name.
    person = shortened(printable_line(listing.names.get(listed.filed_by or 0, "")), FACT_UNITS)
    template = wording.added_by if person else wording.added_on
    facts = [fill(template, date=listed.filed[:10], person=person)]
    if document.superseded_by:
        facts.append(Html(wording.superseded))
    if document.note:
        facts.append(Html(wording.partly_label))
    return joined(
        [
            title_line(document.title, number=f"{number} · "),
            *facts_line(document.date, document.publisher),
            joined([code(first_passage(document)), *facts], " · "),
        ]
    )


def _paging(listing: Listing, texts: Texts, verb: str) -> Rows:
    wording, before = texts.documents, max(0, listing.offset - PAGE)
    following = listing.offset + PAGE
    row = []
    if listing.offset:
        row.append(Button(wording.previous_label, data=page_data(verb, before, listing.words)))
    if following < listing.count:
        row.append(Button(wording.next_label, data=page_data(verb, following, listing.words)))
    return (tuple(row),) if row else ()
