"""Useful or not: what people think of an answer, once a person, changeable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import CallbackQueryHandler

from bot.telegram.context import Context, blocking, button_press_from

if TYPE_CHECKING:
    from telegram import Update

    from bot.telegram.context import Handlers


def handlers() -> Handlers:
    """The two buttons below an answer."""
    return [CallbackQueryHandler(on_judge, r"^judge:\d+:[01](:\d{1,6})?$")]


async def on_judge(update: Update, context: Context) -> None:
    """Keep a person's judgement, if they may still ask what was answered."""
    press = await button_press_from(update, context)
    if press is None:
        return
    request, conversation = press.request, context.bot_data.conversation
    asked = await blocking(conversation.by_key, int(press.arguments[0]), request.place.chat_id)
    if asked is None or request.person is None:
        await press.toast(request.texts.button_gone)
        return
    scope = await blocking(request.scope)
    if scope.is_empty:
        await press.toast(request.texts.no_access, alert=True)
        return
    useful = press.arguments[1] == "1"
    skip = int(press.arguments[2]) if len(press.arguments) > 2 else 0
    await blocking(conversation.judge, asked.key, request.person.id, useful=useful, skip=skip)
    await press.toast(request.texts.noted_useful if useful else request.texts.noted_not_useful)
