"""The audit as a file, for owners, in private."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Final

from telegram.ext import CommandHandler

from bot.audit import csv_lines, json_lines
from bot.telegram.context import NEW, Context, blocking, request_from
from bot.views.markup import code, fill

if TYPE_CHECKING:
    from telegram import Update

    from bot.records.audit import Audit
    from bot.telegram.context import Handlers

UPLOAD_BYTES: Final = 50_000_000
"""What a bot may send (https://core.telegram.org/bots/api#sending-files)."""
PACKED_ABOVE: Final = 10_000_000


def handlers() -> Handlers:
    """`/export`, for a table, and `/export json`."""
    return [CommandHandler("export", on_export, NEW)]


async def on_export(update: Update, context: Context) -> None:
    """Send every record of the audit in one file."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    texts, bot_data = request.texts.privacy, context.bot_data
    asked_for = (context.args or ["csv"])[0].lower()
    person = None if message.forward_origin else request.person
    if person is None or not await blocking(bot_data.access.is_owner, person.id):
        await request.say(texts.export_owners_only)
    elif not request.place.is_private:
        await request.say(texts.export_in_private)
    elif asked_for not in ("csv", "json"):
        await request.say(texts.export_usage)
    else:
        name, content = await blocking(audit_file, bot_data.audit, as_json=asked_for == "json")
        if len(content) > UPLOAD_BYTES:
            await request.say(texts.export_too_large)
            return
        count, last = await blocking(bot_data.audit.count), await blocking(bot_data.audit.last)
        caption = fill(texts.exported, count=count, hash=code(last.hash))
        await bot_data.outbox.send_file(
            request.place, content, name, caption, reply_to=request.message_id
        )


def audit_file(audit: Audit, *, as_json: bool) -> tuple[str, bytes]:
    """The name and content of a file with every record; packed when it is large. Blocks."""
    lines = json_lines(audit.rows()) if as_json else csv_lines(audit.rows())
    name = "audit.jsonl" if as_json else "audit.csv"
    content = "".join(lines).encode()
    if len(content) <= PACKED_ABOVE:
        return name, content
    return f"{name}.gz", gzip.compress(content)
