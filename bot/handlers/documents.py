"""The documents in scope: listed with pages, and withdrawn, asked twice, by those who keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.handlers.ask import nothing_to_ask
from bot.handlers.desk import NEW, Context, blocking, press_of, visit_of
from bot.views.listing import (
    PAGE,
    Listing,
    choose_view,
    confirm_view,
    digest,
    list_view,
    withdrawn_view,
)
from corpus.errors import NotFound, Withdrawn
from corpus.models import Scope

if TYPE_CHECKING:
    from telegram import Update

    from bot.handlers.desk import Handlers, Press, Visit
    from corpus.models import DocumentRecord, Scope

_DOCUMENT = "[0-9A-Z]+"

log = structlog.get_logger(__name__)


def handlers() -> Handlers:
    """`/documents`, its pages, and the three buttons that withdraw one."""
    return [
        CommandHandler("documents", on_documents, NEW),
        CallbackQueryHandler(on_page, r"^docs:\d{1,9}$"),
        CallbackQueryHandler(on_choose, r"^drops:\d{1,9}$"),
        CallbackQueryHandler(on_drop, rf"^drop:{_DOCUMENT}:\d{{1,9}}$"),
        CallbackQueryHandler(on_dropped, rf"^dropped:{_DOCUMENT}:\d{{1,9}}:[0-9a-f]+$"),
    ]


async def on_documents(update: Update, context: Context) -> None:
    """Show the first page."""
    message = update.message
    assert message is not None
    visit = await visit_of(message, context)
    scope = await blocking(visit.scope)
    if scope.is_empty:
        await visit.say(await nothing_to_ask(visit))
        return
    keeps = not (await blocking(_kept_here, visit)).is_empty
    listing = await blocking(_listing, visit, scope, 0)
    view = list_view(listing, visit.texts, keeps=keeps)
    await visit.say(view.html, view.rows)


async def on_page(update: Update, context: Context) -> None:
    """Turn to another page, in the same message."""
    press = await press_of(update, context)
    if press is None or not await _may_look(press):
        return
    visit = press.visit
    scope = await blocking(visit.scope)
    keeps = not (await blocking(_kept_here, visit)).is_empty
    listing = await blocking(_listing, visit, scope, int(press.arguments[0]))
    await press.toast()
    await press.show(list_view(listing, visit.texts, keeps=keeps))


async def on_choose(update: Update, context: Context) -> None:
    """Ask which document a keeper would withdraw, among those that they may."""
    press = await press_of(update, context)
    if press is None or not await _may_look(press):
        return
    visit = press.visit
    mine = await blocking(_kept_here, visit)
    if mine.is_empty:
        await press.toast(visit.texts.documents.keepers_only, alert=True)
        return
    listing = await blocking(_listing, visit, mine, int(press.arguments[0]))
    await press.toast()
    await press.show(choose_view(listing, visit.texts))


async def on_drop(update: Update, context: Context) -> None:
    """Ask once more, naming the matters that the document would leave."""
    press = await press_of(update, context)
    if press is None:
        return
    found = await _withdrawable(press)
    if found is None:
        return
    document, matters = found
    await press.toast()
    await press.show(confirm_view(document, matters, press.visit.texts, int(press.arguments[1])))


async def on_dropped(update: Update, context: Context) -> None:
    """Withdraw a document, if it still stands where it stood when this was asked."""
    press = await press_of(update, context)
    if press is None:
        return
    found = await _withdrawable(press)
    if found is None:
        return
    visit, (document, matters) = press.visit, found
    if digest(matters) != press.arguments[2]:
        await press.toast(visit.texts.documents.changed, alert=True)
        return
    try:
        library = visit.desk.services.library
        left = await blocking(library.withdraw, document.id, scope=Scope.of(*matters))
    except (NotFound, Withdrawn):
        await press.toast(visit.texts.documents.gone, alert=True)
        return
    person = visit.person.id if visit.person else None
    log.info("document withdrawn", document=document.id, matters=list(left), person=person)
    await press.toast()
    await press.show(withdrawn_view(document, left, visit.texts))


async def _may_look(press: Press) -> bool:
    """Whether the one who pressed may see anything here; if not, they are told."""
    if not (await blocking(press.visit.scope)).is_empty:
        return True
    await press.toast(press.visit.texts.no_access, alert=True)
    return False


async def _withdrawable(press: Press) -> tuple[DocumentRecord, frozenset[str]] | None:
    """A document and the matters here that the one who pressed may take it from; else a toast."""
    if not await _may_look(press):
        return None
    visit = press.visit
    mine = await blocking(_kept_here, visit)
    if mine.is_empty:
        await press.toast(visit.texts.documents.keepers_only, alert=True)
        return None
    try:
        return await blocking(visit.desk.services.library.filed_in, press.arguments[0], mine)
    except (NotFound, Withdrawn):
        await press.toast(visit.texts.documents.gone, alert=True)
        return None


def _kept_here(visit: Visit) -> Scope:
    """The matters of this place that the one who speaks keeps. Blocks on the database."""
    if visit.person is None:
        return Scope.of()
    return visit.scope() & visit.desk.access.kept_by(visit.person.id)


def _listing(visit: Visit, scope: Scope, offset: int) -> Listing:
    """A page of the documents; the last one where there are no longer so many. Blocks."""
    library = visit.desk.services.library
    listed, count = library.listed(scope, offset=offset, limit=PAGE)
    if not listed and count:
        offset = (count - 1) // PAGE * PAGE
        listed, count = library.listed(scope, offset=offset, limit=PAGE)
    people = {each.filed_by for each in listed if each.filed_by is not None}
    return Listing(tuple(listed), offset, count, visit.desk.people.names(people))
