"""Opening a passage: by its citation id, by its number in an answer, by a button, by a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.handlers.ask import nothing_to_ask
from bot.handlers.desk import NEW, Context, blocking, press_of, visit_of
from bot.telegram.addressing import command_in, replied_to
from bot.views.markup import Html, fill
from bot.views.render import Button, View, source_view
from corpus.citing.ids import parse_citation
from corpus.errors import MalformedCitation, NotFound, Withdrawn

if TYPE_CHECKING:
    from telegram import Message, Update

    from bot.handlers.desk import Handlers, Visit

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
    visit = await visit_of(message, context)
    command = command_in(message)
    named = command.rest if command else ""
    if named.isdecimal():
        await _by_number(visit, replied_to(message), named)
    elif named:
        await show_source(visit, named)
    else:
        await visit.say(visit.texts.source_usage)


async def on_open(update: Update, context: Context) -> None:
    """Open a passage of an answer in a message of its own; in a channel, in the answer itself.

    Every reader of a channel can press a button, and none of them may post.
    """
    press = await press_of(update, context)
    if press is None:
        return
    opened = await open_source(press.visit, press.arguments[0])
    if isinstance(opened, Html):
        await press.toast(opened, alert=True)
        return
    await press.toast()
    if press.visit.place.is_channel:
        await press.show(await _with_way_back(press.visit, opened))
    else:
        await press.visit.say(opened.html, opened.rows)


async def on_turn(update: Update, context: Context) -> None:
    """Turn an opened passage to another one, or to another part of it."""
    press = await press_of(update, context)
    if press is None:
        return
    citation, *part = press.arguments
    opened = await open_source(press.visit, citation, int(part[0]) if part else 1)
    if isinstance(opened, Html):
        await press.toast(opened, alert=True)
        return
    await press.toast()
    await press.show(await _with_way_back(press.visit, opened))


async def show_source(visit: Visit, named: str) -> None:
    """Reply with the passage of a citation id as somebody wrote it, or with why not."""
    opened = await open_source(visit, named)
    view = opened if isinstance(opened, View) else View(opened)
    await visit.say(view.html, view.rows)


async def open_source(visit: Visit, named: str, part: int = 1) -> View | Html:
    """The view of a passage, if it may be seen here and now, or the sentence that says why not."""
    scope = await blocking(visit.scope)
    if scope.is_empty:
        return await nothing_to_ask(visit)
    try:
        citation = parse_citation(named)
        source = await blocking(visit.desk.services.library.source, citation, scope)
    except MalformedCitation:
        return Html(visit.texts.malformed)
    except NotFound:
        return fill(visit.texts.not_found, citation=citation)
    except Withdrawn:
        return fill(visit.texts.withdrawn, citation=citation)
    await visit.record("source", (source.passage.citation,))
    return source_view(source, visit.texts, part=part)


async def _with_way_back(visit: Visit, view: View) -> View:
    """The view, with a button back to the answer if it takes the answer's place."""
    find = visit.desk.conversation.answered_by
    asked = await blocking(find, visit.place.chat_id, visit.message_id)
    if asked is None:
        return view
    back = Button(visit.texts.back_label, data=f"more:{asked.key}:0")
    return View(view.html, (*view.rows, (back,)))


async def _by_number(visit: Visit, answer: Message | None, number: str) -> None:
    asked = None
    if answer:
        find = visit.desk.conversation.answered_by
        asked = await blocking(find, visit.place.chat_id, answer.message_id)
    if asked is None:
        await visit.say(visit.texts.source_usage)
        return
    at = int(number) - 1 if len(number) < 4 else -1
    citation = asked.citations[at] if 0 <= at < len(asked.citations) else ""
    if citation:
        await show_source(visit, citation)
    else:
        await visit.say(fill(visit.texts.no_such_number, number=number[:20]))
