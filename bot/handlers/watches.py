"""Watches: standing questions of a chat or topic, and when it wants to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.handlers.ask import nothing_to_ask
from bot.handlers.desk import NEW, Context, blocking, press_of, visit_of
from bot.records.digests import parse_hour
from bot.records.watches import MOST
from bot.telegram.addressing import command_in
from bot.views.markup import Html, fill, joined, units
from bot.views.watches import question_of, watches_view, when

if TYPE_CHECKING:
    from telegram import Message, Update

    from bot.handlers.desk import Handlers, Visit
    from bot.views.render import View

LONGEST: Final = 200
"""UTF-16 units of a watch's words: so twenty of them fit into one message."""


def handlers() -> Handlers:
    """`/watch`, `/watches`, `/unwatch`, `/digest`, and the buttons that end a watch."""
    return [
        CommandHandler("watch", on_watch, NEW),
        CommandHandler("watches", on_watches, NEW),
        CommandHandler("unwatch", on_unwatch, NEW),
        CommandHandler("digest", on_digest, NEW),
        CallbackQueryHandler(on_end, r"^unwatch:\d{1,9}$"),
    ]


async def on_watch(update: Update, context: Context) -> None:
    """Set a watch, where there is something that may be asked."""
    message = update.message
    assert message is not None
    visit = await visit_of(message, context)
    said, question = visit.texts.watches, _rest(message)
    if (await blocking(visit.scope)).is_empty:
        await visit.say(await nothing_to_ask(visit))
    elif not question:
        await visit.say(said.usage)
    elif units(question) > LONGEST:
        await visit.say(fill(said.too_long, limit=LONGEST))
    elif not await blocking(context.desk.services.searcher.query, question):
        await visit.say(visit.texts.only_common_words)
    else:
        await visit.say(await blocking(_set, visit, question))


async def on_watches(update: Update, context: Context) -> None:
    """List the watches of the place."""
    message = update.message
    assert message is not None
    visit = await visit_of(message, context)
    view = await blocking(_listing, visit)
    await visit.say(view.html, view.rows)


async def on_unwatch(update: Update, context: Context) -> None:
    """End a watch by its number."""
    message = update.message
    assert message is not None
    visit = await visit_of(message, context)
    said, number = visit.texts.watches, _rest(message)
    if not number.isdecimal() or len(number) > 9:
        await visit.say(said.unwatch_usage)
        return
    place = visit.place
    watches = context.desk.lookout.watches
    ended = await blocking(watches.end, place.chat_id, place.thread_id, int(number))
    if ended is None:
        await visit.say(fill(said.no_such, number=int(number)))
    else:
        await visit.say(fill(said.unwatched, number=ended.number, question=question_of(ended)))


async def on_digest(update: Update, context: Context) -> None:
    """Choose when the place is told: once a day at an hour, or at once."""
    message = update.message
    assert message is not None
    visit = await visit_of(message, context)
    said, wanted, place = visit.texts.watches, _rest(message), visit.place
    hour, off = parse_hour(wanted), wanted.lower() == "off"
    if hour is None and not off:
        await visit.say(said.digest_usage)
        return
    await blocking(context.desk.lookout.digests.choose, place.chat_id, place.thread_id, hour)
    context.desk.lookout.wake()
    await visit.say(when(hour, visit.texts, said.digest_off))


async def on_end(update: Update, context: Context) -> None:
    """End a watch by its button, and show those that are left."""
    press = await press_of(update, context)
    if press is None:
        return
    visit, number = press.visit, int(press.arguments[0])
    watches, place = context.desk.lookout.watches, visit.place
    ended = await blocking(watches.end, place.chat_id, place.thread_id, number)
    await press.toast("" if ended else visit.texts.watches.gone)
    await press.show(await blocking(_listing, visit))


def _set(visit: Visit, question: str) -> Html:
    said, place, lookout = visit.texts.watches, visit.place, visit.desk.lookout
    person_id = visit.person.id if visit.person else None
    watch, new = lookout.watches.set(
        place.chat_id, place.thread_id, person_id, visit.language, question
    )
    if watch is None:
        return fill(said.too_many, limit=MOST)
    template = said.set if new else said.set_before
    hour = lookout.digests.hour_of(place.chat_id, place.thread_id)
    told = fill(said.daily, hour=hour.clock, offset=hour.offset) if hour else Html(said.at_once)
    return joined([fill(template, number=watch.number, question=question_of(watch)), told])


def _listing(visit: Visit) -> View:
    place, lookout = visit.place, visit.desk.lookout
    watches = lookout.watches.here(place.chat_id, place.thread_id)
    hour = lookout.digests.hour_of(place.chat_id, place.thread_id)
    return watches_view(watches, hour, visit.texts)


def _rest(message: Message) -> str:
    command = command_in(message)
    return " ".join(command.rest.split()) if command else ""
