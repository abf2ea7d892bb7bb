"""Files that people send, and `/add`: who may file them, and into which matter."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from telegram import Update
from telegram.constants import ChatType
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.records.uploads import SentFile
from bot.telegram.addressing import NEW, command_in, is_for, replied_to
from bot.telegram.context import Context, blocking, button_press_from, request_from
from bot.telegram.handlers import talk
from bot.telegram.handlers.ask import answer_question
from bot.telegram.handlers.authority import find_kept_matter, unknown_matter
from bot.telegram.handlers.choices import answering, ask_here, use_up
from bot.telegram.handlers.fallback import FirstOfAlbum
from bot.telegram.handlers.first_steps import offer_first_steps
from bot.telegram.handlers.gathering import gather_album
from bot.telegram.sent_files import (
    PAGE_BREAK,
    file_name,
    largest_mb,
    picture_name,
)
from bot.understanding import is_asking
from bot.views.listing import digest
from bot.views.markup import Html, fill
from bot.views.uploads import UNDO, named, progress_view
from bot.views.view import View
from corpus.errors import UnderHold
from corpus.readers import ocr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Document, Message

    from bot.records.choices import Choice
    from bot.records.people import Person
    from bot.telegram.context import ButtonPress, Handlers, Request
    from corpus.models import Scope

_first = FirstOfAlbum()


class FileToAdd(filters.MessageFilter):
    """A file sent in private, or anywhere with `/add` as the text that goes with it."""

    def filter(self, message: Message) -> bool:
        """Whether the message is a file to be filed."""
        # Telegram sends an animation as a document, too.
        if not message.document or message.animation:
            return False
        command = command_in(message)
        if command is None:
            return message.chat.type == ChatType.PRIVATE
        return command.name == "add" and is_for(command, message.get_bot().username)


class Photograph(filters.MessageFilter):
    """A photograph sent in private without a command, or anywhere with `/add` as its caption."""

    def filter(self, message: Message) -> bool:
        """Whether the message is a photographed page to be filed, or a picture with words."""
        if not message.photo:
            return False
        command = command_in(message)
        if command is None:
            return message.chat.type == ChatType.PRIVATE
        return command.name == "add" and is_for(command, message.get_bot().username)


def handlers() -> Handlers:
    """Files, photographs, `/add` in reply to one, and the buttons that ask for its matter."""
    return [
        MessageHandler(NEW & Photograph(), on_photograph),
        MessageHandler(NEW & FileToAdd(), on_file),
        CommandHandler("add", on_add, NEW),
        CallbackQueryHandler(on_choice, r"^into:[0-9a-f]+$"),
        CallbackQueryHandler(on_undo, rf"^{UNDO}$"),
    ]


async def on_file(update: Update, context: Context) -> None:
    """File what was sent; a refused album gets one answer, not one for each file."""
    message = update.message
    assert message is not None
    assert message.document is not None
    request = await request_from(message, context)
    command = command_in(message)
    # Whoever forwards a file with its caption did not write the command.
    forwarded = command is not None and message.forward_origin is not None
    keeper = await _keeper(request, forwarded=forwarded)
    asks = command is None and is_asking(message.caption or "")
    if not isinstance(keeper, Html):
        file = _file_of(message, message.document)
        await _receive(request, keeper, file, command.rest if command else "")
    elif _first.filter(message) and not asks:
        await request.reply(keeper)
    if asks:
        await talk.on_message(update, context)


async def on_photograph(update: Update, context: Context) -> None:
    """File a photographed page; the pages of an album become one document.

    Words that go with it are a question of whoever files nothing. A keeper's are a question where
    they ask, else the name of the page; a button does what was not meant.
    """
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    pages = await gather_album(update, context, message)
    # An app puts the caption of an album on one of its pictures.
    captioned = next((page for page in pages if page.caption), message)
    command, caption = command_in(captioned), captioned.caption or ""
    forwarded = command is not None and captioned.forward_origin is not None
    keeper = await _keeper(request, forwarded=forwarded)
    asks = bool(caption) and command is None
    if asks and (isinstance(keeper, Html) or is_asking(caption)):
        asked = Update(update.update_id, message=captioned)
        await talk.on_message(asked, context)
        if not isinstance(keeper, Html) and ocr.available():
            await _offer_to_file(request, _photographs(pages, caption))
    elif isinstance(keeper, Html):
        # A reader's picture asks nothing; only who wrote `/add` hears of rights.
        await request.reply(keeper if command else request.texts.not_a_question)
    else:
        if ocr.available():
            photographs = _photographs(pages, caption if asks else "")
            await _receive(request, keeper, photographs, command.rest if command else "")
        else:
            await request.reply(request.texts.picture_needs_ocr)
        if asks:
            await _offer_to_ask(request, caption)


async def _offer_to_file(request: Request, photographs: ReceivedFile) -> None:
    """Offer to file a picture whose words were a question."""
    texts, details = request.texts.documents, asdict(photographs)
    await ask_here(
        request, "file picture", Html(texts.file_picture), [[texts.file_picture_label]], details
    )


@answering("file picture")
async def _on_file_picture(press: ButtonPress, choice: Choice, _: int) -> None:
    request, photographs = press.request, ReceivedFile(**choice.details)
    keeper = await _keeper(request, forwarded=False)
    if isinstance(keeper, Html):
        await press.toast(request.texts.people.no_longer_keeper, alert=True)
    elif await use_up(press, choice):
        await press.toast()
        press.show(View(Html(request.texts.documents.file_picture)))
        await _receive(request, keeper, photographs, "")


async def _offer_to_ask(request: Request, caption: str) -> None:
    """Offer to ask the words that became the name of a picture."""
    texts = request.texts.documents
    details = {"text": caption, "message_id": request.message_id}
    html, labels = Html(texts.ask_caption), [[texts.ask_caption_label]]
    await ask_here(request, "ask caption", html, labels, details)


@answering("ask caption")
async def _on_ask_caption(press: ButtonPress, choice: Choice, _: int) -> None:
    if not await use_up(press, choice):
        return
    await press.toast()
    press.show(View(Html(press.request.texts.documents.ask_caption)))
    # The answer belongs below the picture, not below the offer.
    request = replace(press.request, message_id=choice.details["message_id"])
    question = talk.question_of(request, choice.details["text"])
    press.later(answer_question(request, question))


async def on_add(update: Update, context: Context) -> None:
    """`/add` or `/add MATTER` in reply to a file."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    keeper = await _keeper(request, forwarded=message.forward_origin is not None)
    if isinstance(keeper, Html):
        await request.reply_alone(View(keeper))
        return
    file, command = replied_to(message), command_in(message)
    matter_name = command.rest if command else ""
    if file and file.photo:
        if ocr.available():
            photographs = replace(_photographs([file], ""), message_id=message.message_id)
            await _receive(request, keeper, photographs, matter_name)
        else:
            await request.reply(request.texts.picture_needs_ocr)
    elif file is None or file.document is None or file.animation:
        await request.reply(request.texts.documents.add_usage)
    else:
        await _receive(request, keeper, _file_of(message, file.document), matter_name)


async def on_choice(update: Update, context: Context) -> None:
    """File into the chosen matter, if the sender pressed the button and still keeps it."""
    press = await button_press_from(update, context)
    if press is None or press.request.person is None:
        return
    request, upload_processor, person = (
        press.request,
        context.bot_data.upload_processor,
        press.request.person,
    )
    uploads = upload_processor.uploads
    message_uploads = await upload_processor.shown_by(request.place.chat_id, request.message_id)
    waiting = [upload for upload in message_uploads if upload.matter is None]
    if not waiting:
        await press.toast(request.texts.button_gone)
        return
    # Everybody in a group sees the buttons; only the sender may choose.
    if waiting[0].sent.person_id != person.id:
        await press.toast(request.texts.documents.not_yours, alert=True)
        return
    # Computed again: the sender may have lost a matter since the buttons were sent.
    matters = await blocking(upload_processor.possible_matters, waiting[0].sent)
    chosen = [name for name in matters if digest([name]) == press.arguments[0]]
    if not chosen:
        await press.toast(request.texts.no_access, alert=True)
        return
    await press.toast()
    for upload in await blocking(
        uploads.choose, request.place.chat_id, request.message_id, chosen[0]
    ):
        await upload_processor.accept(upload)


async def on_undo(update: Update, context: Context) -> None:
    """Take back what a message filed, for ten minutes, by whoever sent it and keeps it still."""
    press = await button_press_from(update, context)
    if press is None or press.request.person is None:
        return
    request, processor = press.request, context.bot_data.upload_processor
    texts, person_id = request.texts.documents, press.request.person.id
    filed = [
        upload
        for upload in await processor.shown_by(request.place.chat_id, request.message_id)
        if upload.outcome and upload.outcome.document_id
    ]
    if not filed:
        await press.toast(request.texts.button_gone)
        return
    if filed[0].sent.person_id != person_id:
        await press.toast(texts.not_yours, alert=True)
        return
    undoable = [upload for upload in filed if upload.outcome and upload.outcome.is_undoable]
    if not undoable:
        await press.toast(texts.undo_late, alert=True)
        return
    keeper_scope = await blocking(context.bot_data.access.scope_of_keeper, person_id)
    if not all(keeper_scope.allows(upload.matter or "") for upload in undoable):
        await press.toast(request.texts.people.no_longer_keeper, alert=True)
        return
    await press.toast()
    for upload in undoable:
        try:
            await processor.undo(upload, request.actor())
        except UnderHold as error:
            reasons = "; ".join(f"{hold.matter}: {hold.reason}" for hold in error.holds)
            await request.reply(fill(texts.held, reasons=reasons))
    uploads = await processor.shown_by(request.place.chat_id, request.message_id)
    press.show(progress_view(uploads, {}, request.texts))


async def _keeper(request: Request, *, forwarded: bool) -> tuple[Person, Scope] | Html:
    """The sender and the matters they keep, or why they may file nothing."""
    texts = request.texts.documents
    if request.person is None or forwarded:
        return Html(texts.add_anonymous)
    keeper_scope = await blocking(request.bot_data.access.scope_of_keeper, request.person.id)
    return Html(texts.add_keepers_only) if keeper_scope.is_empty else (request.person, keeper_scope)


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file, or photographed pages, as somebody sent it."""

    message_id: int
    file_id: str
    name: str
    size: int
    """Bytes."""
    album: str | None = None
    """Files that are sent together share a message; the pages of an album are one file."""


def _file_of(message: Message, document: Document) -> ReceivedFile:
    """A file; `message` is the one that is answered."""
    size, album = document.file_size or 0, message.media_group_id
    return ReceivedFile(message.message_id, document.file_id, file_name(document), size, album)


def _photographs(pages: Sequence[Message], caption: str) -> ReceivedFile:
    """The pages of an album as one file, named by the words that go with it."""
    pictures = [page.photo[-1] for page in pages if page.photo]
    size = sum(picture.file_size or 0 for picture in pictures)
    file_id = PAGE_BREAK.join(picture.file_id for picture in pictures)
    return ReceivedFile(pages[0].message_id, file_id, picture_name(pictures, caption), size)


async def _receive(
    request: Request, keeper: tuple[Person, Scope], file: ReceivedFile, matter_name: str
) -> None:
    """Hand a file to the upload processor, or say in a sentence why not."""
    person, keeper_scope = keeper
    limit = largest_mb(request.bot_data.services.settings)
    if file.size > limit << 20:
        size = f"{file.size / 2**20:.1f}"
        texts = request.texts.documents
        operator = await blocking(_operator, request)
        refusal = fill(
            texts.too_large, name=named(file.name), size=size, limit=limit, operator=operator
        )
        await request.reply(refusal)
        return
    sent = _sent_file(request, person, file)
    matter = await _matter(request, keeper_scope, sent, matter_name)
    if isinstance(matter, Html):
        is_first = matter == request.texts.no_matters_yet and keeper_scope.is_all
        await (offer_first_steps(request, matter) if is_first else request.reply(matter))
        return
    upload_processor = request.bot_data.upload_processor
    await upload_processor.accept(
        await blocking(upload_processor.uploads.receive, replace(sent, matter=matter))
    )


def _sent_file(request: Request, person: Person, file: ReceivedFile) -> SentFile:
    """What was sent, for no matter yet."""
    return SentFile(
        chat_id=request.place.chat_id,
        thread_id=request.place.thread_id,
        message_id=file.message_id,
        person_id=person.id,
        language=request.language,
        file_id=file.file_id,
        name=file.name,
        album=file.album,
    )


async def _matter(
    request: Request, keeper_scope: Scope, sent: SentFile, matter_name: str
) -> str | Html | None:
    """The matter of a file; None where the sender has to choose; or why there is none."""
    if matter_name:
        return await find_kept_matter(request, keeper_scope, matter_name) or unknown_matter(
            request, matter_name
        )
    matters = await blocking(request.bot_data.upload_processor.possible_matters, sent)
    if not matters:
        private = request.place.is_private
        return Html(
            request.texts.no_matters_yet if private else request.texts.documents.name_matter
        )
    return matters[0] if len(matters) == 1 else None


def _operator(request: Request) -> str:
    """Who can file what Telegram does not carry: an owner by name, else the role. Blocks."""
    names = request.bot_data.people.names(request.bot_data.access.owners())
    return next(iter(sorted(names.values())), request.texts.documents.operator)
