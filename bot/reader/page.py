"""The HTML of the reader, from one template that escapes whatever is put into it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.printable import printable, printable_line
from bot.texts import texts_in
from bot.texts.reason_sentences import sentence_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.reader.rendering import ReaderPassage
    from bot.reader.shown import PageView, ReaderPage, ShownChange
    from corpus.models import Source
    from corpus.readers.page_boxes import Rectangle

WIDTHS: Final = (480, 800, 1200, 1800)
"""Widths of pictures among which a browser chooses by its screen."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page as it looks, if there are pages, and the passages that begin on it."""

    page: PageView | None
    passages: Sequence[ReaderPassage]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("bot.reader", ""),
        # Titles and texts come from documents, which may hold markup on purpose.
        autoescape=True,
        # A misspelt name in a template fails in the tests; the default would show nothing.
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["place"] = _place
    environment.filters["letters"] = _letters
    environment.filters["line"] = printable_line
    environment.filters["shown"] = printable
    return environment


def load_templates() -> None:
    """Compile the templates now, and not when somebody waits for the first page."""
    _environment().get_template("page.html")


@cache
def render_shell(base: str) -> bytes:
    """The page of those without leave: the same bytes for everybody.

    base: the path below which the reader is served
    """
    template = _environment().get_template("shell.html")
    return template.render(base=base, version=asset_version()).encode()


def render_page(opening: ReaderPage, language: str, link: str) -> str:
    """The page of a passage, in an interface language.

    link: the address of a lasting place, to which a citation is added; '' where there is none
    """
    texts = texts_in(language)
    document = opening.source.document
    note = sentence_of(document.note, texts.documents.reasons) if document.note else ""
    return (
        _environment()
        .get_template("page.html")
        .render(
            opening=opening,
            source=opening.source,
            document=document,
            passage=opening.source.passage,
            leaves=_leaves(opening),
            texts=texts.reader,
            language=language,
            note=note,
            link=f"{link}{opening.source.passage.citation}" if link else "",
            widths=WIDTHS,
            version=asset_version(),
        )
    )


def render_changes(source: Source, changes: Sequence[ShownChange], language: str, key: str) -> str:
    """The page of what differs from the version before."""
    return (
        _environment()
        .get_template("changes.html")
        .render(
            document=source.document,
            citation=source.passage.citation,
            changes=changes,
            texts=texts_in(language).reader,
            language=language,
            key=key,
            version=asset_version(),
        )
    )


def _leaves(opening: ReaderPage) -> list[Leaf]:
    """Pages with their passages; the passages alone where a document has no pages."""
    if not opening.pages:
        return [Leaf(None, opening.passages)]
    first = opening.pages[0].number
    by_page: dict[int, list[ReaderPassage]] = {page.number: [] for page in opening.pages}
    for passage in opening.passages:
        # A passage without a page, such as a note, is shown rather than lost.
        by_page.setdefault(passage.page or first, []).append(passage)
    return [Leaf(page, by_page[page.number]) for page in opening.pages]


def _place(box: Rectangle) -> str:
    """A rectangle in per cent of the picture, as a style."""
    left, top, right, bottom = box
    sides: dict[str, Any] = {
        "left": left,
        "top": top,
        "width": right - left,
        "height": bottom - top,
    }
    return ";".join(f"{name}:{100 * share:.3f}%" for name, share in sides.items())


def _letters(page: PageView, box: Rectangle) -> str:
    """How high the letters of a line are, in per cent of the width of its page."""
    return f"{100 * (box[3] - box[1]) * page.height / page.width:.3f}"


@cache
def asset(name: str) -> bytes:
    """The style sheet or the script."""
    return (resources.files("bot.reader") / name).read_bytes()


@cache
def asset_version() -> str:
    """Changes when the style sheet or the script does, so that browsers fetch them anew."""
    return hashlib.sha256(asset("reader.css") + asset("reader.js")).hexdigest()[:12]
