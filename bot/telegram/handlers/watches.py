"""Watches: saved queries of a chat or topic, and when it is told of new documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.records.digests import parse_hour
from bot.records.watches import MOST
from bot.telegram.addressing import NEW, command_in
from bot.telegram.context import Context, blocking, button_press_from, request_from
from bot.telegram.handlers.ask import empty_scope_view
from bot.telegram.handlers.authority import is_administrator
from bot.views.markup import Html, fill, joined, units
from bot.views.watches import question_of, watches_view, when

if TYPE_CHECKING:
    from telegram import Message, Update

    from bot.telegram.context import Handlers, Request
    from bot.views.view import View

LONGEST_QUESTION: Final = 200
"""UTF-16 units of a watch's question: with this limit twenty watches fit into one message."""


def handlers() -> Handlers:
    """`/watch`, `/watches`, `/unwatch`, `/digest`, and the buttons that end a watch."""
    return [
        CommandHandler("watch", on_watch, NEW),
        CommandHandler("watches", on_watches, NEW),
        CommandHandler("unwatch", on_unwatch, NEW),
        CommandHandler("digest", on_digest, NEW),
        CallbackQueryHandler(on_stop, r"^stop:\d{1,9}$"),
        CallbackQueryHandler(on_end, r"^unwatch:\d{1,9}$"),
    ]


async def on_watch(update: Update, context: Context) -> None:
    """Set a watch, where there is something that may be asked."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    if request.is_forwarded:
        await request.reply(request.texts.anonymous)
        return
    question = _argument_of(message)
    if question or (await blocking(request.own_scope)).is_empty:
        await set_watch(request, question)
    else:
        texts = request.texts.watches
        await request.ask_for("watch", texts.usage, texts.hint)


async def set_watch(request: Request, question: str) -> None:
    """Set a watch for these words, or say why not."""
    texts, question = request.texts.watches, " ".join(question.split())
    searcher, scope = request.bot_data.services.searcher, await blocking(request.own_scope)
    if scope.is_empty:
        await request.show(await empty_scope_view(request))
    elif units(question) > LONGEST_QUESTION:
        await request.reply(fill(texts.too_long, limit=LONGEST_QUESTION))
    # A watch of common words only would never match anything.
    elif not await blocking(searcher.query, question, scope=scope):
        await request.reply(request.texts.only_common_words)
    else:
        await request.reply(await blocking(_set, request, question))


async def on_watches(update: Update, context: Context) -> None:
    """List the watches of the place."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    view = await blocking(_listing, request)
    await request.reply(view.html, view.rows)


async def on_unwatch(update: Update, context: Context) -> None:
    """End a watch by its number."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    if request.is_forwarded:
        await request.reply(request.texts.anonymous)
        return
    texts, number = request.texts.watches, _argument_of(message)
    # Larger numbers may not fit the column, which PostgreSQL reports as an error.
    if not number.isdecimal() or len(number) > 9:
        await request.reply(texts.unwatch_usage)
        return
    place = request.place
    watches = context.bot_data.watch_notifier.watches
    if not await _may_end(request, context, int(number)):
        await request.reply(texts.not_yours)
        return
    removed = await blocking(watches.end, place.chat_id, place.thread_id, int(number))
    if removed is None:
        await request.reply(fill(texts.no_such, number=int(number)))
    else:
        await request.reply(
            fill(texts.unwatched, number=removed.number, question=question_of(removed))
        )


async def on_digest(update: Update, context: Context) -> None:
    """Choose when the place is told: once a day at an hour, or at once."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    if request.is_forwarded:
        await request.reply(request.texts.anonymous)
        return
    argument = _argument_of(message)
    if argument:
        await set_digest(request, context, argument)
    elif (await blocking(request.own_scope)).is_empty:
        await request.show(await empty_scope_view(request))
    else:
        texts = request.texts.watches
        await request.ask_for("digest", texts.digest_usage, texts.digest_hint)


async def set_digest(request: Request, context: Context, argument: str) -> None:
    """Set the hour of the digest as a person writes it, or say how to write one."""
    texts, place, notifier = request.texts.watches, request.place, request.bot_data.watch_notifier
    hour, off = parse_hour(argument), argument.strip().lower() == "off"
    if hour is None and not off:
        await request.reply(texts.digest_usage)
        return
    if (await blocking(request.own_scope)).is_empty:
        await request.show(await empty_scope_view(request))
        return
    # It decides when everybody's watches here are told, not only their own.
    watches = await blocking(notifier.watches.watches_in, place.chat_id, place.thread_id)
    if not await _may_change(request, context, {watch.person_id for watch in watches}):
        await request.reply(texts.digest_not_yours)
        return
    await blocking(notifier.digests.choose, place.chat_id, place.thread_id, hour)
    # It may sleep until an hour that is no longer the chosen one.
    notifier.wake()
    await request.reply(when(hour, request.texts, texts.digest_off))


async def on_end(update: Update, context: Context) -> None:
    """End a watch by its button, and show the remaining ones."""
    press = await button_press_from(update, context)
    if press is None:
        return
    request, number = press.request, int(press.arguments[0])
    watches, place = context.bot_data.watch_notifier.watches, request.place
    if not await _may_end(request, context, number):
        await press.toast(request.texts.watches.not_yours, alert=True)
        return
    removed = await blocking(watches.end, place.chat_id, place.thread_id, number)
    await press.toast("" if removed else request.texts.watches.gone)
    press.show(await blocking(_listing, request))


async def on_stop(update: Update, context: Context) -> None:
    """End a watch by the button below one of its notices, which stays as it is."""
    press = await button_press_from(update, context)
    if press is None:
        return
    request, number = press.request, int(press.arguments[0])
    texts, place = request.texts.watches, request.place
    if not await _may_end(request, context, number):
        await press.toast(texts.not_yours, alert=True)
        return
    watches = context.bot_data.watch_notifier.watches
    removed = await blocking(watches.end, place.chat_id, place.thread_id, number)
    if removed is None:
        await press.toast(texts.gone)
    else:
        await press.toast(fill(texts.unwatched, number=number, question=question_of(removed)))


async def _may_end(request: Request, context: Context, number: int) -> bool:
    """Whether this person may end a watch: who set it, who keeps a matter, who runs the chat.

    True where there is no such watch, too.
    """
    watches, place = context.bot_data.watch_notifier.watches, request.place
    here = await blocking(watches.watches_in, place.chat_id, place.thread_id)
    return await _may_change(
        request, context, {watch.person_id for watch in here if watch.number == number}
    )


async def _may_change(request: Request, context: Context, owner_ids: set[int | None]) -> bool:
    """Whether this person may change what the watches of these people do."""
    place, person = request.place, request.person
    # Telegram hides who an administrator is that speaks for the chat; a member who speaks as a
    # channel of their own is nobody.
    if place.is_private or not owner_ids or request.speaks_for_chat:
        return True
    if person is None:
        return False
    if owner_ids == {person.id}:
        return True
    keeper_scope = await blocking(request.bot_data.access.scope_of_keeper, person.id)
    scope = await blocking(request.scope)
    if keeper_scope.is_all or not (keeper_scope & scope).is_empty:
        return True
    return await is_administrator(context, place.chat_id, person.id)


def _set(request: Request, question: str) -> Html:
    texts, place, watch_notifier = (
        request.texts.watches,
        request.place,
        request.bot_data.watch_notifier,
    )
    person_id = request.person.id if request.person else None
    watch, new = watch_notifier.watches.set(
        place.chat_id, place.thread_id, person_id, request.language, question
    )
    if watch is None:
        return fill(texts.too_many, limit=MOST)
    template = texts.set if new else texts.set_before
    hour = watch_notifier.digests.hour_of(place.chat_id, place.thread_id)
    schedule = (
        fill(texts.daily, hour=hour.clock, offset=hour.offset) if hour else Html(texts.at_once)
    )
    return joined([fill(template, number=watch.number, question=question_of(watch)), schedule])


def _listing(request: Request) -> View:
    place, watch_notifier = request.place, request.bot_data.watch_notifier
    watches = watch_notifier.watches.watches_in(place.chat_id, place.thread_id)
    hour = watch_notifier.digests.hour_of(place.chat_id, place.thread_id)
    return watches_view(watches, hour, request.texts)


def _argument_of(message: Message) -> str:
    command = command_in(message)
    return " ".join(command.rest.split()) if command else ""
