"""`/check`, `/compare`, `/each` and `/timeline`: quotations checked, documents side by side."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from telegram.error import BadRequest
from telegram.ext import CommandHandler, MessageHandler, filters

from bot.telegram.addressing import command_in, is_for, replied_to
from bot.telegram.context import NEW, Context, blocking, request_from
from bot.telegram.handlers.ask import SILENT, explain_empty_scope, limit_view
from bot.telegram.upload_processor import download_file, file_name, largest_mb
from bot.texts.reason_sentences import sentence_of
from bot.views.checking import (
    Blocks,
    checks_blocks,
    compare_blocks,
    each_blocks,
    file_text,
    timeline_blocks,
)
from bot.views.markup import Html, fill, shortened
from bot.views.quotation import untapped
from bot.views.quotation_report import docx_report
from bot.views.render import View
from corpus.errors import NotFound, UnreadableFile, Withdrawn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Document, Message, Update
    from telegram.ext import ExtBot

    from bot.records.audit import Kind
    from bot.telegram.context import Handlers, Request
    from corpus.models import Scope
    from index.quotations.check import QuotationCheck

LONGEST_TEXT: Final = 20_000
"""Characters of a text to be checked: a message has 4,096, a caption fewer."""
WHOLE_FILE: Final = 2_000
"""Characters of a file without any quotation, up to which it is one quotation itself."""
_APART = re.compile(r"\s+(?:/|\||vs\.?|↔)\s+|\n+")
_IDS = re.compile(r"\s*([0-9A-Za-z]{8,51})\s+([0-9A-Za-z]{8,51})\s*")


class CheckedFile(filters.MessageFilter):
    """A file sent with `/check` as the text that goes with it."""

    def filter(self, message: Message) -> bool:
        """Whether the message is a file to be checked."""
        command = command_in(message)
        if not message.document or message.animation or command is None:
            return False
        return command.name == "check" and is_for(command, message.get_bot().username)


def handlers() -> Handlers:
    """The four commands, and a file that comes with `/check`."""
    return [
        MessageHandler(NEW & CheckedFile(), on_check),
        CommandHandler("check", on_check, NEW),
        CommandHandler("compare", on_compare, NEW),
        CommandHandler("each", on_each, NEW),
        CommandHandler("timeline", on_timeline, NEW),
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
    elif scope := await _open_scope(request):
        async with request.bot_data.outbox.typing(request.place):
            await _check_file(request, document, scope, context.bot)


async def check_text(request: Request, text: str) -> None:
    """Check the quotations of a text, and show them."""
    scope = await _open_scope(request)
    if scope is None:
        return
    check = request.bot_data.services.searcher.check
    async with request.bot_data.outbox.typing(request.place):
        checks = await blocking(check, text[:LONGEST_TEXT], scope=scope)
    await _show_checks(request, checks, text, None)


async def on_compare(update: Update, context: Context) -> None:
    """`/compare DOCUMENT`, or `/compare DOCUMENT / OTHER`."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    command = command_in(message)
    text = command.rest if command else ""
    words = request.texts.checking
    if not text:
        await request.ask_for("compare", words.compare_usage, words.compare_hint)
        return
    await compare_named(request, text)


async def compare_named(request: Request, text: str) -> None:
    """Compare the documents that a text names, or one with the version that it replaced."""
    scope = await _open_scope(request)
    if scope is None:
        return
    words = request.texts.checking
    ids = _IDS.fullmatch(text)
    names = list(ids.groups()) if ids else [name.strip() for name in _APART.split(text, 1)]
    documents = []
    for name in names:
        document = await blocking(_document_called, request, name, scope)
        if isinstance(document, Html):
            await request.reply(document)
            return
        documents.append(document)
    compare = request.bot_data.services.searcher.compare
    other = documents[1] if len(documents) > 1 else None
    try:
        pairs = await blocking(compare, documents[0], other, scope=scope)
    except (NotFound, Withdrawn):
        await request.reply(fill(words.no_earlier, name=_shown(names[0])))
        return
    units = [unit for pair in pairs if pair.kind != "same" for unit in (pair.before, pair.after)]
    citations = list(dict.fromkeys(unit.citation for unit in units if unit))
    lines = [
        f"{pair.kind}\n- {pair.before.text if pair.before else ''}"
        f"\n+ {pair.after.text if pair.after else ''}"
        for pair in pairs
        if pair.kind != "same"
    ]
    blocks = compare_blocks(pairs, request.texts)
    await _show(request, blocks, "compare", citations, text, lines)


async def on_each(update: Update, context: Context) -> None:
    """`/each QUESTION`: the best sentence of every document."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    command = command_in(message)
    question = command.rest if command else ""
    words = request.texts.checking
    if not question:
        await request.ask_for("each", words.each_usage, words.each_hint)
        return
    await ask_each(request, question)


async def ask_each(request: Request, question: str) -> None:
    """Ask every document by itself, and show a row of each."""
    scope = await _open_scope(request)
    if scope is None:
        return
    async with request.bot_data.outbox.typing(request.place):
        answer = await blocking(request.bot_data.services.searcher.each, question, scope=scope)
    lines = [
        f"{hit.text[slice(*hit.answer)] if hit.answer else hit.text}"
        f"\n— {hit.title}, {hit.pin} [{hit.citation}]"
        for hit in answer.hits
    ]
    lines += [f"{document.title} [{document.id}]: –" for document in answer.without]
    citations = [hit.citation for hit in answer.hits]
    await _show(request, each_blocks(answer, request.texts), "answer", citations, question, lines)


async def on_timeline(update: Update, context: Context) -> None:
    """`/timeline`, or `/timeline WORDS`."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    command = command_in(message)
    words = command.rest if command else ""
    scope = await _open_scope(request)
    if scope is None:
        return
    async with request.bot_data.outbox.typing(request.place):
        find = request.bot_data.services.searcher.timeline
        timeline = await blocking(find, words or None, scope=scope)
    lines = [
        f"{row.date}{f' – {row.until}' if row.until else ''}  {row.text}"
        f"\n— {row.title}, {row.pin} [{row.citation}]"
        for row in timeline.rows
    ]
    citations = list(dict.fromkeys(row.citation for row in timeline.rows))
    blocks = timeline_blocks(timeline, request.texts)
    await _show(request, blocks, "timeline", citations, words or None, lines)


async def _open_scope(request: Request) -> Scope | None:
    """What may be asked here; None, and the reason is said, where nothing may be asked now."""
    # A check is a search, and counts like a question.
    view = await limit_view(request)
    if view is None:
        scope = await blocking(request.scope)
        if not scope.is_empty:
            return scope
        view = View(await explain_empty_scope(request))
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


async def _show(
    request: Request,
    blocks: Blocks,
    kind: Kind,
    citations: Sequence[str],
    asked: str | None,
    lines: Sequence[str],
) -> None:
    """Record and show what fits into a message; all of it as a text file where it does not."""
    await request.record(kind, citations, asked)
    html = blocks.html
    if not blocks.is_whole:
        html = Html(f"{html}\n{request.texts.checking.rest_in_file}")
    await request.show(View(html))
    if not blocks.is_whole:
        name = f"{kind}.txt"
        await request.bot_data.outbox.send_file(
            request.place, file_text(lines), name, reply_to=request.message_id
        )


def _document_called(request: Request, name: str, scope: Scope) -> str | Html:
    """The id of the one document of this name that may be seen here, or why there is none."""
    services, words = request.bot_data.services, request.texts.checking
    try:
        # By id first: superseded documents are in no search.
        return services.library.document(name.upper(), scope).id
    except (NotFound, Withdrawn):
        pass
    try:
        chosen = sorted(services.searcher.find_documents(name, scope))
    except NotFound:
        return fill(words.no_document, name=_shown(name))
    return chosen[0] if len(chosen) == 1 else fill(words.several_documents, name=_shown(name))


def _shown(name: str) -> Html:
    return untapped(shortened(name, 120))
