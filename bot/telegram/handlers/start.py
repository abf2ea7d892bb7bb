"""`/start`, `/help` and `/language`: what a person may do here, and in which language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.telegram.addressing import NEW
from bot.telegram.context import Context, blocking, button_press_from, request_from
from bot.telegram.handlers import menus
from bot.telegram.handlers.ask import empty_scope_view
from bot.telegram.handlers.authority import is_administrator
from bot.telegram.handlers.first_steps import offer_first_steps
from bot.telegram.handlers.invitations import INVITATION_PAYLOAD, redeem
from bot.telegram.handlers.matters import GROUP_PAYLOAD, bind_by_link, bound_line, list_names
from bot.telegram.handlers.source import show_source
from bot.texts import texts_in
from bot.views.markup import Html, fill, joined
from bot.views.view import Button, View

if TYPE_CHECKING:
    from telegram import Update

    from bot.telegram.context import Handlers, Request

# Payloads may hold A-Z, a-z, 0-9, _ and - (Bot API, deep linking), so a citation id fits.
PASSAGE_PAYLOAD: Final = "s_"
"""The payload of a link to a passage begins with this: `?start=s_K7Q2M3PD-4`."""
LANGUAGE_NAMES: Final = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}


def handlers() -> Handlers:
    """`/start`, `/help`, `/language` and its three buttons."""
    return [
        CommandHandler("start", on_start, NEW),
        CommandHandler("help", on_help, NEW),
        CommandHandler("language", on_language, NEW),
        CallbackQueryHandler(on_language_choice, rf"^speak:({'|'.join(LANGUAGE_NAMES)})$"),
    ]


async def on_start(update: Update, context: Context) -> None:
    """Greet, and say what may be asked here; or open the passage that a link names."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    payload = context.args[0] if context.args else ""
    if payload.startswith(INVITATION_PAYLOAD) and message.forward_origin is None:
        await redeem(request, payload.removeprefix(INVITATION_PAYLOAD))
    elif payload.startswith(GROUP_PAYLOAD) and not request.place.is_private:
        await bind_by_link(request, context, payload.removeprefix(GROUP_PAYLOAD))
    elif payload.startswith(PASSAGE_PAYLOAD):
        await show_source(request, payload.removeprefix(PASSAGE_PAYLOAD))
    elif request.place.is_private:
        scope = await _describe_scope(request)
        greeting = joined([Html(request.texts.welcome), scope.html], "\n\n")
        if scope.html == request.texts.no_matters_yet:
            await offer_first_steps(request, greeting)
        else:
            await request.reply(greeting, scope.rows)
    else:
        bound = await blocking(bound_line, context.bot_data, request)
        await request.reply(joined([Html(request.texts.welcome_group), bound]))
    # A person may have become a keeper since the last time.
    if request.place.is_private and request.person:
        await menus.offer(context, request.place, request.person.id, request.texts)


async def on_help(update: Update, context: Context) -> None:
    """Say how to ask; to keepers also what they can do."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    if not request.place.is_private:
        await request.reply_alone(View(Html(request.texts.help_group)))
        return
    person_id = request.person.id if request.person else 0
    keeper_scope = await blocking(context.bot_data.access.scope_of_keeper, person_id)
    paragraphs = [Html(request.texts.help_private)]
    if not keeper_scope.is_empty:
        paragraphs.append(Html(request.texts.help_keeper))
    await request.reply(joined(paragraphs, "\n\n"))


async def on_language(update: Update, context: Context) -> None:
    """Offer the languages as buttons."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    row = tuple(Button(name, data=f"speak:{code}") for code, name in LANGUAGE_NAMES.items())
    await request.reply(request.texts.language_choose, (row,))


async def on_language_choice(update: Update, context: Context) -> None:
    """Store the chosen language: a person's own, or a group's if an administrator chose it."""
    press = await button_press_from(update, context)
    if press is None or press.request.person is None:
        return
    place, person_id, people = press.request.place, press.request.person.id, context.bot_data.people
    language = press.arguments[0]
    if place.is_private:
        await blocking(people.set_person_language, person_id, language)
    elif await is_administrator(context, place.chat_id, person_id):
        await blocking(people.set_chat_language, place.chat_id, language)
    else:
        request = press.request
        refusal = fill(request.texts.language_administrators, place=request.place_name)
        await press.toast(refusal, alert=True)
        return
    await press.toast()
    press.show(View(Html(texts_in(language).language_set)))
    await menus.offer(context, place, person_id, texts_in(language))


async def _describe_scope(request: Request) -> View:
    """Which matters the person may ask, or why there are none."""
    scope = await blocking(request.reach)
    if scope.is_empty:
        return await empty_scope_view(request)
    if not scope.is_all:
        return View(fill(request.texts.may_ask, matters=list_names(scope.matters)))
    # The scope of an owner names no matters, so they are read.
    matters = await blocking(request.bot_data.services.library.matters)
    if not matters:
        return View(Html(request.texts.no_matters_yet))
    return View(fill(request.texts.may_ask_all, matters=list_names(matters)))
