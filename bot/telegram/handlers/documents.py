"""`/documents`: the documents in scope, page by page, and how a keeper withdraws one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import structlog
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.records.access import act_record
from bot.telegram.addressing import NEW, command_in
from bot.telegram.context import Context, blocking, button_press_from, request_from
from bot.telegram.handlers.ask import empty_scope_view
from bot.views.listing import (
    PAGE,
    Listing,
    choose_view,
    confirm_view,
    digest,
    first_passage,
    fitting_words,
    list_view,
    withdrawn_view,
)
from corpus.errors import NotFound, UnderHold, Withdrawn
from corpus.models import Scope
from index.text.normalize import fold_term

if TYPE_CHECKING:
    from telegram import Update

    from bot.telegram.context import ButtonPress, Handlers, Request
    from corpus.models import DocumentRecord, ListedDocument, Scope

_DOCUMENT = "[0-9A-Z]+"

log = structlog.get_logger(__name__)


def handlers() -> Handlers:
    """`/documents`, its pages, and the three buttons that withdraw one."""
    return [
        CommandHandler("documents", on_documents, NEW),
        # Digits are bounded, since int() is slow for very long ones.
        CallbackQueryHandler(on_page, r"^docs:\d{1,9}(:.+)?$"),
        CallbackQueryHandler(on_choose_to_drop, r"^drops:\d{1,9}(:.+)?$"),
        CallbackQueryHandler(on_drop, rf"^drop:{_DOCUMENT}:\d{{1,9}}$"),
        CallbackQueryHandler(on_drop_confirmed, rf"^dropped:{_DOCUMENT}:\d{{1,9}}:[0-9a-f]+$"),
    ]


async def on_documents(update: Update, context: Context) -> None:
    """Show the first page, of all documents or of those with these words in their titles."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    scope = await blocking(request.scope)
    if scope.is_empty:
        await request.reply_alone(await empty_scope_view(request))
        return
    keeps = not (await blocking(_keeper_scope_here, request)).is_empty
    command = command_in(message)
    words = fitting_words(command.rest) if command else ""
    listing = await blocking(_listing, request, scope, 0, words)
    await request.reply_alone(list_view(listing, request.texts, keeps=keeps))


async def on_page(update: Update, context: Context) -> None:
    """Show another page in the same message."""
    press = await button_press_from(update, context)
    if press is None or not await _check_scope(press):
        return
    request = press.request
    scope = await blocking(request.scope)
    keeps = not (await blocking(_keeper_scope_here, request)).is_empty
    offset, words = int(press.arguments[0]), ":".join(press.arguments[1:])
    listing = await blocking(_listing, request, scope, offset, words)
    await press.show_alone(list_view(listing, request.texts, keeps=keeps), replaces=True)


async def on_choose_to_drop(update: Update, context: Context) -> None:
    """Ask a keeper which document to withdraw, of those that they keep."""
    press = await button_press_from(update, context)
    if press is None or not await _check_scope(press):
        return
    request = press.request
    keeper_scope = await blocking(_keeper_scope_here, request)
    if keeper_scope.is_empty:
        await press.toast(request.texts.documents.keepers_only, alert=True)
        return
    offset, words = int(press.arguments[0]), ":".join(press.arguments[1:])
    listing = await blocking(_listing, request, keeper_scope, offset, words)
    await press.show_alone(choose_view(listing, request.texts), replaces=True)


async def on_drop(update: Update, context: Context) -> None:
    """Ask for confirmation, with the names of the matters that the document leaves."""
    press = await button_press_from(update, context)
    if press is None:
        return
    withdrawable = await _find_withdrawable(press)
    if withdrawable is None:
        return
    document, matters = withdrawable
    view = confirm_view(document, matters, press.request.texts, int(press.arguments[1]))
    await press.show_alone(view, replaces=True)


async def on_drop_confirmed(update: Update, context: Context) -> None:
    """Withdraw a document, if its matters are still those that the person confirmed."""
    press = await button_press_from(update, context)
    if press is None:
        return
    withdrawable = await _find_withdrawable(press)
    if withdrawable is None:
        return
    request, (document, matters) = press.request, withdrawable
    # Filed elsewhere since the question: that matter was not confirmed.
    if digest(matters) != press.arguments[2]:
        await press.toast(request.texts.documents.changed, alert=True)
        return
    try:
        library = request.bot_data.services.library
        left_matters = await blocking(library.withdraw, document.id, scope=Scope.of(*matters))
    except UnderHold as error:
        reasons = "; ".join(f"{hold.matter}: {hold.reason}" for hold in error.holds)
        await press.toast(request.texts.documents.held.format(reasons=reasons), alert=True)
        return
    except (NotFound, Withdrawn):
        await press.toast(request.texts.documents.gone, alert=True)
        return
    citations = (first_passage(document),)
    details = {"matters": list(left_matters)}
    withdrawn = act_record("withdrawn", request.actor(), citations, details=details)
    await blocking(request.bot_data.audit.record, withdrawn)
    person = request.person.id if request.person else None
    log.info("document withdrawn", document=document.id, matters=list(left_matters), person=person)
    await press.show_alone(withdrawn_view(document, left_matters, request.texts), replaces=True)


async def _check_scope(press: ButtonPress) -> bool:
    """Whether the person may see anything here; if not, they are told."""
    if not (await blocking(press.request.scope)).is_empty:
        return True
    await press.toast(press.request.texts.no_access, alert=True)
    return False


async def _find_withdrawable(press: ButtonPress) -> tuple[DocumentRecord, frozenset[str]] | None:
    """A document and the matters from which the person may withdraw it; else a toast says why."""
    if not await _check_scope(press):
        return None
    request = press.request
    keeper_scope = await blocking(_keeper_scope_here, request)
    if keeper_scope.is_empty:
        await press.toast(request.texts.documents.keepers_only, alert=True)
        return None
    try:
        return await blocking(
            request.bot_data.services.library.withdrawable, press.arguments[0], keeper_scope
        )
    except (NotFound, Withdrawn):
        await press.toast(request.texts.documents.gone, alert=True)
        return None


def _keeper_scope_here(request: Request) -> Scope:
    """The matters of this place that the person keeps. Blocks on the database."""
    # Anonymous administrators cannot be keepers, whatever group they write in.
    if request.person is None:
        return Scope.of()
    return request.scope() & request.bot_data.access.scope_of_keeper(request.person.id)


def _listing(request: Request, scope: Scope, offset: int, words: str = "") -> Listing:
    """A page of the documents; the last one where documents were withdrawn meanwhile. Blocks."""
    find = partial(_documents_called, request, scope, words) if words else None
    library = request.bot_data.services.library
    find = find or partial(library.list_documents, scope)
    listed, count = find(offset=offset, limit=PAGE)
    if not listed and count:
        # Documents were withdrawn meanwhile: an empty page would look like an empty library.
        offset = (count - 1) // PAGE * PAGE
        listed, count = find(offset=offset, limit=PAGE)
    people = {record.filed_by for record in listed if record.filed_by is not None}
    return Listing(tuple(listed), offset, count, request.bot_data.people.names(people), words)


def _documents_called(
    request: Request, scope: Scope, words: str, *, offset: int, limit: int
) -> tuple[list[ListedDocument], int]:
    """The documents with these words in title, publisher or date, in either Chinese script. Blocks.

    Scripts are folded here and not in the database, which knows nothing of them.
    """
    listed, _ = request.bot_data.services.library.list_documents(scope)
    terms = fold_term(words).split()

    def is_called(entry: ListedDocument) -> bool:
        record = entry.document
        named = fold_term(" ".join(filter(None, (record.title, record.publisher, record.date))))
        return all(term in named for term in terms)

    called = list(filter(is_called, listed))
    return called[offset : offset + limit], len(called)
