"""`/compare`, `/each` and `/timeline`: tables of many documents, and the parts of long ones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.records.keys import BUTTON_KEY
from bot.telegram.addressing import NEW, command_in
from bot.telegram.context import Context, blocking, button_press_from, request_from
from bot.telegram.handlers.checking import open_scope
from bot.views.markup import Html, fill, shortened
from bot.views.quotation import untapped
from bot.views.tables import (
    Table,
    compared_table,
    each_table,
    file_text,
    table_view,
    timeline_table,
)
from corpus.errors import NotFound, Withdrawn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram import Update

    from bot.records.audit import Kind
    from bot.telegram.context import Handlers, Request
    from corpus.models import Scope

TableKind: TypeAlias = Literal["compare", "each", "timeline"]

PART_OF_TABLE: Final = "part of table"
# Titles hold commas and hyphens, so that these part no two names.
_APART = re.compile(r"\s{1,20}(?:/|\||vs\.?|↔)\s{1,20}|\n{1,20}")
# Two ids need no sign between them, since no title looks like one.
_IDS = re.compile(r"\s*([0-9A-Za-z]{8,51})\s+([0-9A-Za-z]{8,51})\s*")
_RECORDED_AS: Final[dict[TableKind, Kind]] = {
    "compare": "compare",
    "each": "answer",
    "timeline": "timeline",
}


@dataclass(frozen=True, slots=True)
class FilledTable:
    """A table, and the words of all of it for a file."""

    table: Table
    lines: list[str]


def handlers() -> Handlers:
    """The three commands, and the buttons below a table that has several parts."""
    return [
        CommandHandler("compare", on_compare, NEW),
        CommandHandler("each", on_each, NEW),
        CommandHandler("timeline", on_timeline, NEW),
        CallbackQueryHandler(on_part, rf"^part:{BUTTON_KEY}:\d{{1,4}}$"),
    ]


async def on_compare(update: Update, context: Context) -> None:
    """`/compare DOCUMENT`, or `/compare DOCUMENT / OTHER`."""
    await _on_command(update, context, "compare", compare_named)


async def on_each(update: Update, context: Context) -> None:
    """`/each QUESTION`: the best sentence of every document."""
    await _on_command(update, context, "each", ask_each)


async def on_timeline(update: Update, context: Context) -> None:
    """`/timeline`, or `/timeline WORDS`."""
    await _on_command(update, context, "timeline", show_timeline)


async def _on_command(
    update: Update,
    context: Context,
    kind: TableKind,
    show: Callable[[Request, str], Awaitable[None]],
) -> None:
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    command = command_in(message)
    text, words = command.rest if command else "", request.texts.checking
    lacking = {
        "compare": (words.compare_usage, words.compare_hint),
        "each": (words.each_usage, words.each_hint),
    }
    if not text and kind in lacking:
        await request.ask_for(kind, *lacking[kind])
    else:
        await show(request, text)


async def compare_named(request: Request, text: str) -> None:
    """Compare the documents that a text names, or one with the version that it replaced."""
    await _show(request, "compare", text)


async def ask_each(request: Request, question: str) -> None:
    """Ask every document by itself, and show a row of each."""
    await _show(request, "each", question)


async def show_timeline(request: Request, words: str) -> None:
    """Show the sentences that name a date, or those of them that hold the words."""
    await _show(request, "timeline", words)


async def on_part(update: Update, context: Context) -> None:
    """Show another part of a table: to whoever pressed, and what they may see now."""
    press = await button_press_from(update, context)
    if press is None:
        return
    request, (key, number) = press.request, press.arguments
    choice = await blocking(context.bot_data.choices.find, key, request.spot())
    if choice is None or choice.action != PART_OF_TABLE:
        await press.toast(request.texts.button_gone)
        return
    # The table is filled anew, so a press counts as a question does.
    wait = await blocking(context.bot_data.limit.wait, request.asker_id)
    if wait:
        await press.toast(request.texts.too_many_presses.format(seconds=wait))
        return
    scope = await blocking(request.scope)
    if scope.is_empty:
        await press.toast(request.texts.no_access, alert=True)
        return
    kind, text = choice.details["kind"], choice.details["text"]
    async with context.bot_data.limit.lane(request.asker_id):
        filled = await blocking(_fill, request, kind, text, scope)
    if isinstance(filled, Html):
        await press.toast(filled, alert=True)
        return
    parts = filled.table.parts()
    part = min(int(number), len(parts) - 1)
    # Only this part is seen, and the audit says what was seen.
    citations = [citation for row in parts[part] for citation in row.citations]
    await request.record("page", list(dict.fromkeys(citations)), text or None)
    await press.show_alone(table_view(filled.table, request.texts, key, part), replaces=True)


async def _show(request: Request, kind: TableKind, text: str) -> None:
    """Fill a table, record it and show it: whole, or in parts and as a text file."""
    scope = await open_scope(request)
    if scope is None:
        return
    bot_data = request.bot_data
    # One at a time for each person: a table asks the index as often as there are documents.
    async with bot_data.limit.lane(request.asker_id), bot_data.outbox.typing(request.place):
        filled = await blocking(_fill, request, kind, text, scope)
    if isinstance(filled, Html):
        await request.reply(filled)
        return
    await request.record(_RECORDED_AS[kind], filled.table.citations, text or None)
    is_long = len(filled.table.parts()) > 1
    key = ""
    if is_long:
        details: dict[str, Any] = {"kind": kind, "text": text}
        offer = bot_data.choices.offer
        key = (await blocking(offer, PART_OF_TABLE, request.spot(), details)).key
    view = table_view(filled.table, request.texts, key, 0)
    is_rich = view.rich is not None and await bot_data.outbox.shows_rich(request.place)
    if is_long and not is_rich:
        foot = Html(request.texts.checking.rest_in_file)
        view = table_view(filled.table, request.texts, key, 0, foot)
    await request.show(view)
    if is_long and not is_rich:
        name, content = f"{kind}.txt", file_text(filled.lines)
        await bot_data.outbox.send_file(request.place, content, name, reply_to=request.message_id)


def _fill(request: Request, kind: TableKind, text: str, scope: Scope) -> FilledTable | Html:
    """The table of an order, or why there is none. Blocks."""
    with request.bot_data.limit.charged(request.asker_id):
        match kind:
            case "compare":
                return _compared(request, text, scope)
            case "each":
                return _of_each(request, text, scope)
        return _dated(request, text, scope)


def _compared(request: Request, text: str, scope: Scope) -> FilledTable | Html:
    ids = _IDS.fullmatch(text)
    names = list(ids.groups()) if ids else [name.strip() for name in _APART.split(text, 1)]
    documents = []
    for name in names:
        document = _document_called(request, name, scope)
        if isinstance(document, Html):
            return document
        documents.append(document)
    other = documents[1] if len(documents) > 1 else None
    compare = request.bot_data.services.searcher.compare
    try:
        pairs = compare(documents[0], other, scope=scope)
    except (NotFound, Withdrawn):
        return fill(request.texts.checking.no_earlier, name=_shown(names[0]))
    lines = [
        f"{pair.kind}\n- {pair.before.text if pair.before else ''}"
        f"\n+ {pair.after.text if pair.after else ''}"
        for pair in pairs
        if pair.kind != "same"
    ]
    return FilledTable(compared_table(pairs, request.texts), lines)


def _of_each(request: Request, question: str, scope: Scope) -> FilledTable:
    answer = request.bot_data.services.searcher.each(question, scope=scope)
    lines = [
        f"{hit.text[slice(*hit.answer)] if hit.answer else hit.text}"
        f"\n— {hit.title}, {hit.pin} [{hit.citation}]"
        for hit in answer.hits
    ]
    lines += [f"{document.title} [{document.id}]: –" for document in answer.without]
    return FilledTable(each_table(answer, request.texts), lines)


def _dated(request: Request, words: str, scope: Scope) -> FilledTable | Html:
    timeline = request.bot_data.services.searcher.timeline(words or None, scope=scope)
    lines = [
        f"{row.date}{f' – {row.until}' if row.until else ''}  {row.text}"
        f"\n— {row.title}, {row.pin} [{row.citation}]"
        for row in timeline.rows
    ]
    table = timeline_table(timeline, request.texts)
    return FilledTable(table, lines) if table else Html(request.texts.checking.no_dates)


def _document_called(request: Request, name: str, scope: Scope) -> str | Html:
    """The id of the one document of this name that may be seen here, or why there is none."""
    services, words = request.bot_data.services, request.texts.checking
    try:
        # By id first: superseded documents are in no search.
        return services.library.document(name.upper(), scope).id
    except (NotFound, Withdrawn):
        pass
    try:
        chosen = sorted(services.searcher.find_documents(name, scope))
    except NotFound:
        return fill(words.no_document, name=_shown(name))
    return chosen[0] if len(chosen) == 1 else fill(words.several_documents, name=_shown(name))


def _shown(name: str) -> Html:
    return untapped(shortened(name, 120))
