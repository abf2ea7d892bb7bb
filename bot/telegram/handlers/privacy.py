"""What the bot keeps of people, forgetting a person, and the audit as a file for owners."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Final

import structlog
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.audit import csv_lines, json_lines, named_rows
from bot.records.access import act_record
from bot.records.forgetting import forget_person
from bot.telegram.addressing import NEW
from bot.telegram.context import Context, blocking, button_press_from, request_from
from bot.telegram.handlers import menus
from bot.views.markup import Html, code, fill, joined
from bot.views.view import Button, View

if TYPE_CHECKING:
    from telegram import Update

    from bot.records.audit import Audit
    from bot.telegram.context import ButtonPress, Handlers

UPLOAD_BYTES: Final = 50_000_000
"""What a bot may send (https://core.telegram.org/bots/api#sending-files)."""
COMPRESSED_ABOVE: Final = 10_000_000
"""Bytes of an audit that still open comfortably without being unpacked first."""

log = structlog.get_logger(__name__)


def handlers() -> Handlers:
    """`/privacy`, `/forgetme` with its two buttons, and `/export`."""
    return [
        CommandHandler("privacy", on_privacy, NEW),
        CommandHandler("forgetme", on_forgetme, NEW),
        CallbackQueryHandler(on_answer, r"^forget:\d+:[01]$"),
        CommandHandler("export", on_export, NEW),
    ]


async def on_privacy(update: Update, context: Context) -> None:
    """Say what is kept, for how long, and who sees it."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    days = context.bot_data.services.settings.audit_days
    await request.reply(fill(request.texts.privacy.kept, days=days))


async def on_forgetme(update: Update, context: Context) -> None:
    """Ask the person to confirm; a forwarded command was written by another person."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    if request.person is None or message.forward_origin is not None:
        await request.reply(request.texts.anonymous)
        return
    texts, person_id = request.texts.privacy, request.person.id
    yes = Button(texts.forget_yes_label, data=f"forget:{person_id}:1")
    no = Button(texts.forget_no_label, data=f"forget:{person_id}:0")
    await request.reply(texts.forget_ask, ((yes, no),))


async def on_answer(update: Update, context: Context) -> None:
    """Forget the person who asked for it, if it is they who pressed the button."""
    press = await button_press_from(update, context)
    if press is None:
        return
    request, texts = press.request, press.request.texts.privacy
    person_id, confirmed = int(press.arguments[0]), press.arguments[1] == "1"
    if request.person is None or request.person.id != person_id:
        await press.toast(texts.forget_not_yours, alert=True)
        return
    await press.toast()
    if not confirmed:
        press.show(View(Html(texts.not_forgotten)))
        return
    await _forget(press, context, person_id)


async def on_export(update: Update, context: Context) -> None:
    """`/export`, for a table, or `/export json`: every record of the audit in one file."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    texts, bot_data = request.texts.privacy, context.bot_data
    file_format = (context.args or ["csv"])[0].lower()
    person = None if message.forward_origin else request.person
    if person is None or not await blocking(bot_data.access.is_owner, person.id):
        await request.reply(texts.export_owners_only)
    elif not request.place.is_private:
        await request.reply(texts.export_in_private)
    elif file_format not in ("csv", "json"):
        await request.reply(texts.export_usage)
    else:
        name, content = await blocking(audit_file, bot_data.audit, as_json=file_format == "json")
        if len(content) > UPLOAD_BYTES:
            await request.reply(texts.export_too_large)
            return
        count, last = await blocking(bot_data.audit.count), await blocking(bot_data.audit.last)
        details = {"records": count}
        exported = act_record("exported", request.actor(), details=details)
        await blocking(bot_data.audit.record, exported)
        caption = fill(texts.exported, count=count, hash=code(last.hash))
        await bot_data.outbox.send_file(
            request.place, content, name, caption, reply_to=request.message_id
        )


def audit_file(audit: Audit, *, as_json: bool) -> tuple[str, bytes]:
    """The name and content of a file with every record; compressed when it is large. Blocks."""
    lines = json_lines(named_rows(audit)) if as_json else csv_lines(named_rows(audit))
    name = "audit.jsonl" if as_json else "audit.csv"
    content = "".join(lines).encode()
    if len(content) <= COMPRESSED_ABOVE:
        return name, content
    return f"{name}.gz", gzip.compress(content)


async def _forget(press: ButtonPress, context: Context, person_id: int) -> None:
    request, bot_data, texts = press.request, context.bot_data, press.request.texts.privacy
    owners = bot_data.services.settings.owners
    kept_by = await blocking(forget_person, bot_data.services.database, person_id, owners)
    if kept_by:
        log.info("a wish to be forgotten waits for the end of a legal hold")
        scope = await blocking(bot_data.access.scope_of_person, person_id)
        # Matters that the person may not see are not named.
        reasons = [f"{hold.matter}: {hold.reason}" for hold in kept_by if scope.allows(hold.matter)]
        lines = [Html(texts.forget_postponed), *(fill("· {reason}", reason=r) for r in reasons)]
        press.show(View(joined(lines)))
        return
    # `people` skips rows that it has written already; this one has to be written again if needed.
    bot_data.people.forget(person_id)
    log.info("a person was forgotten")
    lines = [Html(texts.forgotten)]
    if await blocking(bot_data.access.is_owner, person_id):
        lines.append(Html(texts.still_owner))
    press.show(View(joined(lines)))
    if request.place.is_private:
        await menus.offer(context, request.place, person_id, request.texts)
