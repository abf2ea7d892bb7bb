"""Greeting and help, by what this person may do here; links that open a passage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram.ext import CommandHandler

from bot.telegram.context import NEW, Context, blocking, request_from
from bot.telegram.handlers import menus
from bot.telegram.handlers.ask import explain_empty_scope
from bot.telegram.handlers.matters import bound_line, named
from bot.telegram.handlers.source import show_source
from bot.views.markup import Html, fill, joined

if TYPE_CHECKING:
    from telegram import Update

    from bot.telegram.context import Handlers, Request

OPENS: Final = "s_"
"""What the payload of a link to a passage begins with: `?start=s_K7Q2M3PD-4`."""


def handlers() -> Handlers:
    """`/start` and `/help`."""
    return [
        CommandHandler("start", on_start, NEW),
        CommandHandler("help", on_help, NEW),
    ]


async def on_start(update: Update, context: Context) -> None:
    """Greet, and say what may be asked here; or open the passage that a link names."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    payload = context.args[0] if context.args else ""
    if payload.startswith(OPENS):
        await show_source(request, payload.removeprefix(OPENS))
    elif request.place.is_private:
        await request.say(joined([Html(request.texts.welcome), await _may_ask(request)], "\n\n"))
    else:
        bound = await blocking(bound_line, context.bot_data, request)
        await request.say(joined([Html(request.texts.welcome_group), bound]))
    if request.place.is_private and request.person:
        await menus.offer(context, request.place, request.person.id, request.texts)


async def on_help(update: Update, context: Context) -> None:
    """Say how to ask; to keepers also what they can do."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    if not request.place.is_private:
        await request.say(request.texts.help_group)
        return
    person_id = request.person.id if request.person else 0
    kept = await blocking(context.bot_data.access.kept_by, person_id)
    keeper = [Html(request.texts.help_keeper)] if not kept.is_empty else []
    await request.say(joined([Html(request.texts.help_private), *keeper], "\n\n"))


async def _may_ask(request: Request) -> Html:
    scope = await blocking(request.scope)
    if scope.is_empty:
        return await explain_empty_scope(request)
    if not scope.is_all:
        return fill(request.texts.may_ask, matters=named(scope.matters))
    matters = await blocking(request.bot_data.services.library.matters)
    if not matters:
        return Html(request.texts.no_matters_yet)
    return fill(request.texts.may_ask_all, matters=named(matters))
