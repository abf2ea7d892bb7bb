"""Passages are kept by their button, listed by `/kept`, and written out by `/memo`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from telegram import Message
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.memo.contents import Memo, shown_citations, split_style
from bot.memo.folder import folders
from bot.memo.word import write_word
from bot.printable import printable_line
from bot.records.kept import MOST, KeptPassages
from bot.telegram.addressing import NEW, command_in
from bot.telegram.context import Context, blocking, button_press_from, request_from
from bot.telegram.handlers.ask import empty_scope_view
from bot.views.kept import kept_view, matters_view
from bot.views.markup import fill, joined
from bot.views.view import View
from corpus.citing.ids import parse_citation
from corpus.citing.styles import STYLES
from corpus.clock import now
from corpus.errors import MalformedCitation, NotFound, Withdrawn

if TYPE_CHECKING:
    from telegram import Update

    from bot.memo.contents import QuotedPassage
    from bot.telegram.context import ButtonPress, Handlers, Request

LONGEST_TITLE: Final = 200
_CITATION: Final = "[0-9A-Z]+-[0-9]+"
_NO_FILE_NAME: Final = re.compile(r'[\\/:*?"<>|]+')


@dataclass(frozen=True, slots=True)
class _Folders:
    """What is kept in a place and may be seen there, and the numbers that buttons carry."""

    by_matter: dict[str, tuple[QuotedPassage, ...]]
    keys: dict[str, int]

    def matter_of(self, key: int) -> str | None:
        """The matter whose folder a button names."""
        return next((matter for matter, number in self.keys.items() if number == key), None)


def handlers() -> Handlers:
    """`/kept`, `/memo`, and the buttons that keep, write out and empty."""
    return [
        CommandHandler("kept", on_kept, NEW),
        CommandHandler("memo", on_memo, NEW),
        CallbackQueryHandler(on_keep, rf"^keep:{_CITATION}$"),
        CallbackQueryHandler(on_write, r"^memo:\d{1,18}$"),
        CallbackQueryHandler(on_empty, r"^unkeep:\d{1,18}$"),
    ]


async def on_keep(update: Update, context: Context) -> None:
    """Keep a passage for its matter in this place, or take it out again."""
    press = await button_press_from(update, context)
    if press is None:
        return
    request, texts = press.request, press.request.texts
    # Every reader of a channel can press the button, and its folder would be nobody's.
    if request.place.is_channel:
        await press.toast(texts.memos.not_in_channels, alert=True)
        return
    scope = await blocking(request.scope)
    if scope.is_empty:
        await press.toast(texts.no_access, alert=True)
        return
    library = context.bot_data.services.library
    try:
        citation = parse_citation(press.arguments[0])
        source = await blocking(library.source, citation, scope)
    except MalformedCitation:  # anybody can send any data
        await press.toast(texts.button_gone)
        return
    except NotFound:
        await press.toast(fill(texts.not_found, citation=citation), alert=True)
        return
    except Withdrawn:
        await press.toast(fill(texts.withdrawn, citation=citation), alert=True)
        return
    outcome = await blocking(
        _kept(request).toggle,
        request.place.chat_id,
        request.place.thread_id,
        request.person.id if request.person else None,
        (source.matter, source.passage.citation),
        await blocking(_question_of, press),
    )
    sentences = {
        "kept": texts.memos.kept.format(matter=source.matter),
        "taken out": texts.memos.taken_out,
        "full": texts.memos.full.format(limit=MOST),
    }
    await press.toast(sentences[outcome])


async def on_kept(update: Update, context: Context) -> None:
    """List what is kept here, as far as it may be seen here now."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    if (await blocking(request.scope)).is_empty:
        await request.show(await empty_scope_view(request))
        return
    folder = await blocking(_folders, request)
    quotations = [quotation for group in folder.by_matter.values() for quotation in group]
    if quotations:
        await request.record("kept", shown_citations(quotations))
    view = kept_view(folder.by_matter, folder.keys, request.texts)
    await request.reply(view.html, view.rows)


async def on_memo(update: Update, context: Context) -> None:
    """`/memo [STYLE] [TITLE]`: send what is kept here as a Word file; ask of which matter."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    texts = request.texts
    if (await blocking(request.scope)).is_empty:
        await request.show(await empty_scope_view(request))
        return
    asker_id = request.person.id if request.person else request.place.chat_id
    wait = await blocking(context.bot_data.limit.wait, asker_id)
    if wait:
        limit = context.bot_data.limit.per_minute
        await request.reply(fill(texts.too_many, limit=limit, seconds=wait))
        return
    folder = await blocking(_folders, request)
    matters = list(folder.by_matter)
    if len(matters) == 1:
        await _send(
            request,
            context.bot.username,
            matters[0],
            folder.by_matter[matters[0]],
            _words_in(message),
        )
        return
    # Quotations of two clients must not end up in one file by themselves.
    view = matters_view(matters, folder.keys, texts) if matters else View(fill(texts.memos.none))
    await request.reply(view.html, view.rows)


async def on_write(update: Update, context: Context) -> None:
    """Send the folder of one matter as a Word file."""
    press = await _allowed_press(update, context)
    if press is None:
        return
    request = press.request
    wait = await blocking(context.bot_data.limit.wait, request.person.id if request.person else 0)
    if wait:
        await press.toast(request.texts.too_many_presses.format(seconds=wait))
        return
    folder = await blocking(_folders, request)
    matter = folder.matter_of(int(press.arguments[0]))
    if matter is None:
        await press.toast(request.texts.button_gone)
        return
    await press.toast()
    answered = press.query.message
    command = answered.reply_to_message if isinstance(answered, Message) else None
    words = _words_in(command) if command else ""
    await _send(request, context.bot.username, matter, folder.by_matter[matter], words)


async def on_empty(update: Update, context: Context) -> None:
    """Take everything out of the folder of one matter."""
    press = await _allowed_press(update, context)
    if press is None:
        return
    request = press.request
    folder = await blocking(_folders, request)
    matter = folder.matter_of(int(press.arguments[0]))
    if matter is None:
        await press.toast(request.texts.button_gone)
        return
    place = request.place
    await blocking(_kept(request).empty, place.chat_id, place.thread_id, matter)
    await press.toast()
    await request.reply(fill(request.texts.memos.emptied, matter=matter))


async def _allowed_press(update: Update, context: Context) -> ButtonPress | None:
    """A press below the list of folders; None, after saying so, where nothing may be seen here."""
    press = await button_press_from(update, context)
    if press is None:
        return None
    # Who may ask can have changed since the list was shown.
    if press.request.place.is_channel or (await blocking(press.request.scope)).is_empty:
        await press.toast(press.request.texts.no_access, alert=True)
        return None
    return press


async def _send(
    request: Request, username: str, matter: str, quotations: tuple[QuotedPassage, ...], words: str
) -> None:
    """`words`: those behind the command, a style of citing and a title."""
    texts, bot_data = request.texts.memos, request.bot_data
    style, title = split_style(words)
    citations = shown_citations(quotations)
    if not citations:
        await request.reply(texts.nothing_left)
        return
    memo = Memo(
        title=title or f"{texts.untitled} · {matter}",
        written=now()[:10],
        style=style.name,
        quotations=quotations,
        texts=texts,
        language=request.language,
        link_of=(lambda citation: f"https://t.me/{username}?start=s_{citation}"),
    )
    content = await blocking(write_word, memo)
    # The name of the plain style says nothing to a reader; those of the others are standards.
    cited_in = [] if style is STYLES[0] else [fill("{style}", style=style.label)]
    # Recorded before it is sent, as everything that is shown.
    await request.record("memo", citations)
    await bot_data.outbox.send_file(
        request.place,
        content,
        _file_name(memo.heading),
        joined([fill(texts.caption, count=len(citations)), *cited_in], " · "),
        reply_to=request.message_id,
    )


def _folders(request: Request) -> _Folders:
    """What is kept in the place of a request. Blocks on the database."""
    place = request.place
    passages = _kept(request).passages_in(place.chat_id, place.thread_id)
    by_matter = folders(request.bot_data.services.library, passages, request.scope())
    keys: dict[str, int] = {}
    for passage in passages:
        keys.setdefault(passage.matter, passage.key)
    return _Folders(by_matter, {matter: keys[matter] for matter in by_matter})


def _kept(request: Request) -> KeptPassages:
    return KeptPassages(request.bot_data.services.database)


def _question_of(press: ButtonPress) -> str:
    """What was asked when the passage was shown; empty where it was opened by itself. Blocks."""
    find = press.request.bot_data.conversation.answered_by
    answer_message = press.query.message
    replied = answer_message.reply_to_message if isinstance(answer_message, Message) else None
    # An opened passage is a reply to the answer that it was opened from.
    for message in (answer_message, replied):
        if message is not None:
            question = find(press.request.place.chat_id, message.message_id)
            if question:
                return question.question.text
    return ""


def _words_in(message: Message) -> str:
    command = command_in(message)
    return printable_line(command.rest).strip()[:LONGEST_TITLE] if command else ""


def _file_name(title: str) -> str:
    """A name that every system takes, with the title's words in it."""
    return f"{_NO_FILE_NAME.sub(' ', title).strip(' .')[:80] or 'memo'}.docx"
