"""Choosing the language in which the bot speaks: each person theirs, administrators a group's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.telegram.context import NEW, Context, blocking, button_press_from, request_from
from bot.telegram.handlers import menus
from bot.telegram.handlers.authority import administers
from bot.texts import texts_in
from bot.views.markup import Html
from bot.views.render import Button, View

if TYPE_CHECKING:
    from telegram import Update

    from bot.telegram.context import Handlers

NAMES: Final = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}


def handlers() -> Handlers:
    """`/language` and its three buttons."""
    return [
        CommandHandler("language", on_language, NEW),
        CallbackQueryHandler(on_choice, rf"^speak:({'|'.join(NAMES)})$"),
    ]


async def on_language(update: Update, context: Context) -> None:
    """Offer the languages."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    row = tuple(Button(name, data=f"speak:{language}") for language, name in NAMES.items())
    await request.say(request.texts.language_choose, (row,))


async def on_choice(update: Update, context: Context) -> None:
    """Keep the language chosen; in a group only for those who administer it."""
    press = await button_press_from(update, context)
    if press is None or press.request.person is None:
        return
    place, person_id, people = press.request.place, press.request.person.id, context.bot_data.people
    language = press.arguments[0]
    if place.is_private:
        await blocking(people.speak_to_person, person_id, language)
    elif await administers(context, place.chat_id, person_id):
        await blocking(people.speak_in_chat, place.chat_id, language)
    else:
        await press.toast(press.request.texts.language_administrators, alert=True)
        return
    await press.toast()
    await press.show(View(Html(texts_in(language).language_set)))
    await menus.offer(context, place, person_id, texts_in(language))
