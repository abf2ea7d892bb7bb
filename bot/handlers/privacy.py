"""What is kept of people, and being forgotten, asked once more by a button."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.handlers import menus
from bot.handlers.desk import NEW, Context, blocking, press_of, visit_of
from bot.records.forgetting import forget_person
from bot.views.markup import Html, fill, joined
from bot.views.render import Button, View

if TYPE_CHECKING:
    from telegram import Update

    from bot.handlers.desk import Handlers, Press

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
    visit = await visit_of(message, context)
    days = context.desk.services.settings.audit_days
    await visit.say(fill(visit.texts.privacy.kept, days=days))


async def on_forgetme(update: Update, context: Context) -> None:
    """Ask once more; a forwarded command was written by somebody else."""
    message = update.message
    assert message is not None
    visit = await visit_of(message, context)
    if visit.person is None or message.forward_origin is not None:
        await visit.say(visit.texts.anonymous)
        return
    texts, person_id = visit.texts.privacy, visit.person.id
    yes = Button(texts.forget_yes_label, data=f"forget:{person_id}:1")
    no = Button(texts.forget_no_label, data=f"forget:{person_id}:0")
    await visit.say(texts.forget_ask, ((yes, no),))


async def on_answer(update: Update, context: Context) -> None:
    """Forget the one who asked for it, if it is they who pressed."""
    press = await press_of(update, context)
    if press is None:
        return
    visit, texts = press.visit, press.visit.texts.privacy
    person_id, yes = int(press.arguments[0]), press.arguments[1] == "1"
    if visit.person is None or visit.person.id != person_id:
        await press.toast(texts.forget_not_yours, alert=True)
        return
    await press.toast()
    if not yes:
        await press.show(View(Html(texts.not_forgotten)))
        return
    await _forget(press, context, person_id)


async def _forget(press: Press, context: Context, person_id: int) -> None:
    visit, desk, texts = press.visit, context.desk, press.visit.texts.privacy
    await blocking(forget_person, desk.services.database, person_id)
    desk.people.forget(person_id)
    log.info("a person was forgotten")
    lines = [Html(texts.forgotten)]
    if await blocking(desk.access.is_owner, person_id):
        lines.append(Html(texts.still_owner))
    await press.show(View(joined(lines)))
    if visit.place.is_private:
        await menus.offer(context, visit.place, person_id, visit.texts)
