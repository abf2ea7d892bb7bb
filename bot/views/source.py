"""A whole passage as a message: the facts of its document, its neighbours, and its citations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.printable import printable_line
from bot.texts.reason_sentences import sentence_of
from bot.views.markup import (
    COPY_UNITS,
    MESSAGE_ENTITIES,
    MESSAGE_UNITS,
    Html,
    code,
    escape,
    fill,
    joined,
    link,
    shortened,
    units,
    visible,
)
from bot.views.quotation import pieces, quotation
from bot.views.render import FACT_UNITS, REASON_UNITS, facts_line, page_fact, title_line
from bot.views.rich import RichDocument, details, heading, paragraph, quoted_text, styled
from bot.views.signs import without_signs
from bot.views.view import Button, Rows, View, in_rows
from corpus.citing.styles import STYLES, cite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.texts.words import Texts
    from corpus.language.lengths import Span
    from corpus.models import Source
    from corpus.reasons import Reason

URL_UNITS: Final = 1_000
_STYLES_A_ROW: Final = 3  # their names are long, and a narrow screen would cut a fourth
LEAD_UNITS: Final = 40
MOST_LEADS: Final = 8
"""Links below a passage to the places that it refers to: the first ones, each cut to its units."""


def source_view(
    source: Source,
    texts: Texts,
    *,
    part: int = 1,
    answer: Span | None = None,
    leads: Sequence[tuple[str, str]] = (),
    has_file: bool = True,
) -> View:
    """A whole passage, the facts of its document, and buttons to its neighbours.

    A passage too long for one message is shown in parts, which count from 1. `answer`: the sentence
    of it that is bold, as it was in the answer that it was opened from. `leads`: the words and the
    link of each place that the passage refers to. `has_file`: the document's file is handed out.
    """
    head, foot = _source_head(source, texts), _source_foot(source, texts)
    foot = joined([_leads_line(leads, texts), foot]) if leads else foot
    room = MESSAGE_UNITS - units(visible(head)) - units(visible(foot)) - 3 * FACT_UNITS
    whole, marked = without_signs(source.passage.text, [answer] if answer else [])
    parts = pieces(whole, room)
    part = max(1, min(part, len(parts)))
    start, end = parts[part - 1]
    text = whole[start:end]
    marks = [(max(a - start, 0), min(b, end) - start) for a, b in marked]
    marks = [(a, b) for a, b in marks if a < b]
    quoted = quotation(text, marks, room=room, entities=MESSAGE_ENTITIES // 2, folds=False)
    where = [code(source.passage.citation)]
    count = source.document.passages
    where.append(fill(texts.position, ordinal=source.passage.ordinal, count=count))
    rich: RichDocument | None = None
    rich_rows: Rows = ()
    if len(parts) > 1:
        rich = _rich_source(head, whole, marked, joined(where, " · "), foot, texts)
        where.append(fill(texts.part, part=part, parts=len(parts)))
        rich_rows = _source_rows(source, texts, 1, 1, has_file=has_file)
    rows = _source_rows(source, texts, part, len(parts), has_file=has_file)
    html = joined([head, quoted, joined(where, " · "), foot])
    return View(html, rows, rich if rich and rich.fits else None, rich_rows)


def _leads_line(leads: Sequence[tuple[str, str]], texts: Texts) -> Html:
    """The places that a passage refers to, each a link that opens it in the private chat."""
    linked = [link(shortened(printable_line(words), LEAD_UNITS), url) for words, url in leads]
    return fill(texts.memos.refers_to, places=joined(linked[:MOST_LEADS], " · "))


def _rich_source(
    head: Html, text: str, marked: Sequence[Span], where: Html, foot: Html, texts: Texts
) -> RichDocument:
    """The same words as one message: the passage whole, the document's facts folded below it.

    Only for a passage that an ordinary message cannot hold: older apps show no rich messages.
    """
    title, *facts = visible(head).splitlines()
    citation, *position = visible(where).split(" · ")
    return RichDocument(
        (
            heading(title),
            *(paragraph(line) for line in facts),
            quoted_text(text, marked),
            paragraph(styled("code", citation), "".join(f" · {part}" for part in position)),
            details(texts.whole_source, [paragraph(line) for line in visible(foot).splitlines()]),
        )
    )


def source_data(citation: str, part: int = 1) -> str:
    """The callback data that makes a source message show another passage."""
    return f"turn:{citation}" if part == 1 else f"turn:{citation}:{part}"


def partly_read(note: Reason, texts: Texts) -> Html:
    """A line that says which part of a document was not read."""
    why = shortened(printable_line(sentence_of(note, texts.documents.reasons)), REASON_UNITS)
    return fill(texts.documents.partly, reason=why)


def _source_head(source: Source, texts: Texts) -> Html:
    passage, document = source.passage, source.document
    lines = [title_line(document.title)]
    page = page_fact(passage, texts)
    lines += facts_line(document.publisher, document.date, passage.pin, page)
    if document.superseded_by:
        lines.append(Html(texts.superseded))
    if document.note:
        lines.append(partly_read(document.note, texts))
    return joined(lines)


def _source_foot(source: Source, texts: Texts) -> Html:
    document = source.document
    filed = [
        fill(texts.in_matter, matter=code(source.matter)),
        fill(texts.added, date=document.added[:10]),
    ]
    lines = [joined(filed, " · "), fill("SHA-256 {hash}", hash=code(document.sha256))]
    # A shortened link leads to another page, so a link that is too long is left out.
    if document.url and units(document.url) <= URL_UNITS:
        lines.insert(0, escape(printable_line(document.url)))
    return joined(lines)


def _source_rows(source: Source, texts: Texts, part: int, parts: int, *, has_file: bool) -> Rows:
    citation = source.passage.citation
    before = source_data(source.before[-1].citation) if source.before else ""
    after = source_data(source.after[0].citation) if source.after else ""
    previous = source_data(citation, part - 1) if part > 1 else before
    following = source_data(citation, part + 1) if part < parts else after
    neighbours = [Button(texts.previous_label, data=previous)] if previous else []
    neighbours += [Button(texts.next_label, data=following)] if following else []
    newer = source.document.superseded_by
    newest = (Button(texts.newer_label, data=source_data(f"{newer}-1")),) if newer else ()
    file: tuple[Button, ...] = (
        Button(texts.memos.keep_label, data=f"keep:{citation}"),
        Button(texts.reader.label.format(number="").strip(), read=citation),
    )
    if has_file:
        file += (Button(texts.documents.original_label, data=f"file:{source.document.id}"),)
    return tuple(
        row for row in (tuple(neighbours), *_copy_rows(source, texts), newest, file) if row
    )


def _copy_rows(source: Source, texts: Texts) -> Rows:
    cite_as = cite(source.passage, source.document, limit=COPY_UNITS, checkable=True)
    buttons = [
        Button(
            # The names of standards are the same in each language; that of the plain style is not.
            texts.copy_plain_label if style.name == "plain" else f"📋 {style.label}",
            copy=printable_line(cite_as[style.name]),
        )
        for style in STYLES
    ]
    return in_rows(buttons, _STYLES_A_ROW)
