"""Opening a passage: by its citation id, by its number in an answer, by a button, by a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.telegram.addressing import command_in, replied_to
from bot.telegram.context import NEW, Context, blocking, button_press_from, request_from
from bot.telegram.handlers.ask import explain_empty_scope
from bot.views.markup import Html, fill
from bot.views.render import Button, View, source_view
from corpus.citing.ids import parse_citation
from corpus.errors import MalformedCitation, NotFound, Withdrawn

if TYPE_CHECKING:
    from telegram import Message, Update

    from bot.telegram.context import Handlers, Request

_CITATION = "[0-9A-Z]+-[0-9]+"


def handlers() -> Handlers:
    """`/source`, and the buttons that open passages and walk from one to the next."""
    return [
        CommandHandler("source", on_source, NEW),
        CallbackQueryHandler(on_open, rf"^open:{_CITATION}$"),
        CallbackQueryHandler(on_turn, rf"^turn:{_CITATION}(:\d+)?$"),
    ]


async def on_source(update: Update, context: Context) -> None:
    """`/source K7Q2M3PD-4`, or `/source 2` in reply to an answer."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    command = command_in(message)
    named = command.rest if command else ""
    if named.isdecimal():
        await _by_number(request, replied_to(message), named)
    elif named:
        await show_source(request, named)
    else:
        await request.say(request.texts.source_usage)


async def on_open(update: Update, context: Context) -> None:
    """Open a passage of an answer in a message of its own; in a channel, in the answer itself.

    Every reader of a channel can press a button, and none of them may post.
    """
    press = await button_press_from(update, context)
    if press is None:
        return
    opened = await open_source(press.request, press.arguments[0])
    if isinstance(opened, Html):
        await press.toast(opened, alert=True)
        return
    await press.toast()
    if press.request.place.is_channel:
        await press.show(await _with_way_back(press.request, opened))
    else:
        await press.request.say(opened.html, opened.rows)


async def on_turn(update: Update, context: Context) -> None:
    """Turn an opened passage to another one, or to another part of it."""
    press = await button_press_from(update, context)
    if press is None:
        return
    citation, *part = press.arguments
    opened = await open_source(press.request, citation, int(part[0]) if part else 1)
    if isinstance(opened, Html):
        await press.toast(opened, alert=True)
        return
    await press.toast()
    await press.show(await _with_way_back(press.request, opened))


async def show_source(request: Request, named: str) -> None:
    """Reply with the passage of a citation id as somebody wrote it, or with why not."""
    opened = await open_source(request, named)
    view = opened if isinstance(opened, View) else View(opened)
    await request.say(view.html, view.rows)


async def open_source(request: Request, named: str, part: int = 1) -> View | Html:
    """The view of a passage, if it may be seen here and now, or the sentence that says why not."""
    scope = await blocking(request.scope)
    if scope.is_empty:
        return await explain_empty_scope(request)
    try:
        citation = parse_citation(named)
        source = await blocking(request.bot_data.services.library.source, citation, scope)
    except MalformedCitation:
        return Html(request.texts.malformed)
    except NotFound:
        return fill(request.texts.not_found, citation=citation)
    except Withdrawn:
        return fill(request.texts.withdrawn, citation=citation)
    await request.record("source", (source.passage.citation,))
    return source_view(source, request.texts, part=part)


async def _with_way_back(request: Request, view: View) -> View:
    """The view, with a button back to the answer if it takes the answer's place."""
    find = request.bot_data.conversation.answered_by
    asked = await blocking(find, request.place.chat_id, request.message_id)
    if asked is None:
        return view
    back = Button(request.texts.back_label, data=f"more:{asked.key}:0")
    return View(view.html, (*view.rows, (back,)))


async def _by_number(request: Request, answer: Message | None, number: str) -> None:
    asked = None
    if answer:
        find = request.bot_data.conversation.answered_by
        asked = await blocking(find, request.place.chat_id, answer.message_id)
    if asked is None:
        await request.say(request.texts.source_usage)
        return
    at = int(number) - 1 if len(number) < 4 else -1
    citation = asked.citations[at] if 0 <= at < len(asked.citations) else ""
    if citation:
        await show_source(request, citation)
    else:
        await request.say(fill(request.texts.no_such_number, number=number[:20]))
