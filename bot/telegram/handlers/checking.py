"""`/check`: whether the quotations in a text or a file are what the documents say."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from telegram.error import BadRequest
from telegram.ext import CommandHandler, MessageHandler, filters

from bot.telegram.addressing import NEW, command_in, is_for, replied_to
from bot.telegram.context import Context, blocking, request_from
from bot.telegram.handlers.ask import SILENT, empty_scope_view, limit_view
from bot.telegram.sent_files import download_file, file_name, largest_mb
from bot.texts.reason_sentences import sentence_of
from bot.views.checking import checks_blocks
from bot.views.markup import fill, shortened
from bot.views.quotation_report import docx_report
from bot.views.view import View
from corpus.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Document, Message, Update
    from telegram.ext import ExtBot

    from bot.telegram.context import Handlers, Request
    from corpus.models import Scope
    from index.quotations.check import QuotationCheck

LONGEST_TEXT: Final = 20_000
"""Characters of a text to be checked: a message has 4,096, a caption fewer."""
WHOLE_FILE: Final = 2_000
"""Characters of a file without any quotation, up to which it is one quotation itself."""


class CheckedFile(filters.MessageFilter):
    """A file sent with `/check` as the text that goes with it."""

    def filter(self, message: Message) -> bool:
        """Whether the message is a file to be checked."""
        command = command_in(message)
        if not message.document or message.animation or command is None:
            return False
        return command.name == "check" and is_for(command, message.get_bot().username)


def handlers() -> Handlers:
    """The command, and a file that comes with it."""
    return [
        MessageHandler(NEW & CheckedFile(), on_check),
        CommandHandler("check", on_check, NEW),
    ]


async def on_check(update: Update, context: Context) -> None:
    """`/check TEXT`, or `/check` in reply to a message or a file, or with a file."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    command = command_in(message)
    text = command.rest if command else ""
    document = message.document
    if not text and document is None:
        text, document = _replied(message)
    if not text and document is None:
        words = request.texts.checking
        await request.ask_for("check", words.usage, words.hint)
        return
    if document is None:
        await check_text(request, text)
    elif scope := await open_scope(request):
        async with request.bot_data.outbox.typing(request.place):
            await _check_file(request, document, scope, context.bot)


async def check_text(request: Request, text: str) -> None:
    """Check the quotations of a text, and show them."""
    scope = await open_scope(request)
    if scope is None:
        return
    check = request.bot_data.services.searcher.check
    async with request.bot_data.outbox.typing(request.place):
        checks = await blocking(check, text[:LONGEST_TEXT], scope=scope)
    await _show_checks(request, checks, text, None)


async def open_scope(request: Request) -> Scope | None:
    """What may be asked here; None, and the reason is said, where nothing may be asked now."""
    # A check is a search, and counts like a question.
    view = await limit_view(request)
    if view is None:
        scope = await blocking(request.scope)
        if not scope.is_empty:
            return scope
        view = await empty_scope_view(request)
    if view is not SILENT:
        await request.show(view)
    return None


def _replied(message: Message) -> tuple[str, Document | None]:
    """What a bare `/check` refers to: the part that is quoted, a file, or what it replies to."""
    replied = replied_to(message)
    if replied is None:
        return "", None
    if message.quote:
        return message.quote.text.strip(), None
    if replied.document and not replied.animation:
        return "", replied.document
    command = command_in(replied)
    return command.rest if command else (replied.text or replied.caption or "").strip(), None


async def _check_file(request: Request, document: Document, scope: Scope, bot: ExtBot[int]) -> None:
    """Read a file without filing it, and check its quotations."""
    services, words = request.bot_data.services, request.texts.checking
    limit = largest_mb(services.settings)
    if (document.file_size or 0) > limit << 20:
        await request.reply(fill(words.too_large, limit=limit))
        return
    name = file_name(document)
    try:
        content = await download_file(bot, document.file_id)
        reading = await blocking(services.ingest.read, content, name)
    except UnreadableFile as error:
        reason = sentence_of(error.reason, request.texts.documents.reasons)
        await request.reply(fill(words.not_read, reason=reason))
        return
    except BadRequest:
        await request.reply(request.texts.failed)
        return
    check, text = services.searcher.check, reading.text
    checks = await blocking(check, text, scope=scope, is_file=True, blocks=reading.quoted)
    if not checks and len(text) <= WHOLE_FILE:
        checks = await blocking(check, text, scope=scope)
    await _show_checks(request, checks, name, name)


async def _show_checks(
    request: Request, checks: Sequence[QuotationCheck], asked: str, file: str | None
) -> None:
    """Show checked quotations; for a file, and where they are too many, with a Word report."""
    if not checks:
        await request.reply(request.texts.checking.none)
        return
    citations = list(dict.fromkeys(check.citation for check in checks if check.citation))
    # Recorded before it is shown: what the audit lacks must never have been seen.
    await request.record("check", citations, shortened(asked, 4096))
    blocks = checks_blocks(checks, request.texts)
    await request.show(View(blocks.html))
    if file is not None or not blocks.is_whole:
        report = await blocking(docx_report, checks, file)
        name = f"{PurePosixPath(file).stem if file else 'quotations'}-checked.docx"
        await request.bot_data.outbox.send_file(
            request.place, report, name, reply_to=request.message_id
        )
