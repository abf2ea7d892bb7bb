"""What is kept of people, and being forgotten, asked once more by a button."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.records.forgetting import forget_person
from bot.telegram.context import NEW, Context, blocking, button_press_from, request_from
from bot.telegram.handlers import menus
from bot.views.markup import Html, fill, joined
from bot.views.render import Button, View

if TYPE_CHECKING:
    from telegram import Update

    from bot.telegram.context import ButtonPress, Handlers

log = structlog.get_logger(__name__)


def handlers() -> Handlers:
    """`/privacy`, `/forgetme` and its two buttons."""
    return [
        CommandHandler("privacy", on_privacy, NEW),
        CommandHandler("forgetme", on_forgetme, NEW),
        CallbackQueryHandler(on_answer, r"^forget:\d+:[01]$"),
    ]


async def on_privacy(update: Update, context: Context) -> None:
    """Say what is kept, how long, and who sees it."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    days = context.bot_data.services.settings.audit_days
    await request.say(fill(request.texts.privacy.kept, days=days))


async def on_forgetme(update: Update, context: Context) -> None:
    """Ask once more; a forwarded command was written by somebody else."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    if request.person is None or message.forward_origin is not None:
        await request.say(request.texts.anonymous)
        return
    texts, person_id = request.texts.privacy, request.person.id
    yes = Button(texts.forget_yes_label, data=f"forget:{person_id}:1")
    no = Button(texts.forget_no_label, data=f"forget:{person_id}:0")
    await request.say(texts.forget_ask, ((yes, no),))


async def on_answer(update: Update, context: Context) -> None:
    """Forget the one who asked for it, if it is they who pressed."""
    press = await button_press_from(update, context)
    if press is None:
        return
    request, texts = press.request, press.request.texts.privacy
    person_id, yes = int(press.arguments[0]), press.arguments[1] == "1"
    if request.person is None or request.person.id != person_id:
        await press.toast(texts.forget_not_yours, alert=True)
        return
    await press.toast()
    if not yes:
        await press.show(View(Html(texts.not_forgotten)))
        return
    await _forget(press, context, person_id)


async def _forget(press: ButtonPress, context: Context, person_id: int) -> None:
    request, bot_data, texts = press.request, context.bot_data, press.request.texts.privacy
    await blocking(forget_person, bot_data.services.database, person_id)
    bot_data.people.forget(person_id)
    log.info("a person was forgotten")
    lines = [Html(texts.forgotten)]
    if await blocking(bot_data.access.is_owner, person_id):
        lines.append(Html(texts.still_owner))
    await press.show(View(joined(lines)))
    if request.place.is_private:
        await menus.offer(context, request.place, person_id, request.texts)
