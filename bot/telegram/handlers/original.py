"""The original file of a document, as it was added, to whoever may see the document now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram.ext import CallbackQueryHandler

from bot.printable import printable_line
from bot.telegram.context import Context, blocking, button_press_from
from bot.views.markup import Html, code, fill, joined, shortened
from corpus.errors import NotFound, Withdrawn

if TYPE_CHECKING:
    from telegram import Update

    from bot.telegram.context import ButtonPress, Handlers
    from bot.texts.words import Texts
    from corpus.models import DocumentRecord, Original

LARGEST: Final = 50 << 20
"""Bytes that Telegram takes of a bot (https://core.telegram.org/bots/api#senddocument)."""
_TITLE_UNITS: Final = 160
_NAME_LENGTH: Final = 120


def handlers() -> Handlers:
    """The button below an opened passage."""
    return [CallbackQueryHandler(on_original, r"^file:[0-9A-Z]+$")]


async def on_original(update: Update, context: Context) -> None:
    """Send the file; not into a channel, where whoever reads can press and nobody may post."""
    press = await button_press_from(update, context)
    if press is None:
        return
    request, said = press.request, press.request.texts.documents
    if request.place.is_channel:
        await press.toast(said.original_in_private, alert=True)
        return
    wait = await blocking(context.bot_data.limit.wait, request.person.id if request.person else 0)
    if wait:
        await press.toast(request.texts.too_many_presses.format(seconds=wait))
        return
    found = await _original(press)
    if found is None:
        return
    document, original = found
    if len(original.content) > LARGEST:
        await press.toast(said.original_too_large, alert=True)
        return
    await press.toast()
    await request.record("original", (f"{document.id}-1",))
    await context.bot_data.outbox.send_file(
        request.place,
        original.content,
        file_name(original),
        caption(document, request.texts),
        reply_to=request.message_id,
    )


async def _original(press: ButtonPress) -> tuple[DocumentRecord, Original] | None:
    """The file, if it may be seen here and now; else the one who pressed is told."""
    request, library = press.request, press.request.bot_data.services.library
    document_id, scope = press.arguments[0], await blocking(press.request.scope)
    try:
        document = await blocking(library.document, document_id, scope)
        return document, await blocking(library.original, document_id, scope)
    except NotFound:
        await press.toast(request.texts.no_access, alert=True)
    except Withdrawn:
        await press.toast(request.texts.documents.gone, alert=True)
    return None


def caption(document: DocumentRecord, texts: Texts) -> Html:
    """What the file is, and whether a newer version took its place."""
    title = shortened(printable_line(document.title), _TITLE_UNITS)
    lines = [fill("<b>{title}</b> · {citation}", title=title, citation=code(f"{document.id}-1"))]
    if document.superseded_by:
        lines.append(Html(texts.documents.original_superseded))
    return joined(lines)


def file_name(original: Original) -> str:
    """The name under which it was added, on one line and without folders."""
    name = printable_line(original.name).replace("\\", "/").rpartition("/")[2].strip()
    return name[-_NAME_LENGTH:] or "document"
