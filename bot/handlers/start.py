"""Greeting and help, by what this person may do here; links that open a passage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram.ext import CommandHandler

from bot.handlers import menus
from bot.handlers.ask import nothing_to_ask
from bot.handlers.desk import NEW, Context, blocking, visit_of
from bot.handlers.matters import bound_line, named
from bot.handlers.source import show_source
from bot.views.markup import Html, fill, joined

if TYPE_CHECKING:
    from telegram import Update

    from bot.handlers.desk import Handlers, Visit

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
    visit = await visit_of(message, context)
    payload = context.args[0] if context.args else ""
    if payload.startswith(OPENS):
        await show_source(visit, payload.removeprefix(OPENS))
    elif visit.place.is_private:
        await visit.say(joined([Html(visit.texts.welcome), await _may_ask(visit)], "\n\n"))
    else:
        bound = await blocking(bound_line, context.desk, visit)
        await visit.say(joined([Html(visit.texts.welcome_group), bound]))
    if visit.place.is_private and visit.person:
        await menus.offer(context, visit.place, visit.person.id, visit.texts)


async def on_help(update: Update, context: Context) -> None:
    """Say how to ask; to keepers also what they can do."""
    message = update.message
    assert message is not None
    visit = await visit_of(message, context)
    if not visit.place.is_private:
        await visit.say(visit.texts.help_group)
        return
    person_id = visit.person.id if visit.person else 0
    kept = await blocking(context.desk.access.kept_by, person_id)
    keeper = [Html(visit.texts.help_keeper)] if not kept.is_empty else []
    await visit.say(joined([Html(visit.texts.help_private), *keeper], "\n\n"))


async def _may_ask(visit: Visit) -> Html:
    scope = await blocking(visit.scope)
    if scope.is_empty:
        return await nothing_to_ask(visit)
    if not scope.is_all:
        return fill(visit.texts.may_ask, matters=named(scope.matters))
    matters = await blocking(visit.desk.services.library.matters)
    if not matters:
        return Html(visit.texts.no_matters_yet)
    return fill(visit.texts.may_ask_all, matters=named(matters))
