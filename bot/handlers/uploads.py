"""Files that people send: who may file them, and into which matter."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from telegram.constants import ChatType
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.handlers.authority import kept_matter, unknown_matter
from bot.handlers.desk import NEW, Context, blocking, press_of, visit_of
from bot.handlers.otherwise import FirstOfAlbum
from bot.intake import FETCHED_MB
from bot.records.uploads import Sent
from bot.telegram.addressing import command_in, is_for, replied_to
from bot.views.listing import digest
from bot.views.markup import Html, fill
from bot.views.uploads import named
from corpus.storage.deposit import harmless

if TYPE_CHECKING:
    from telegram import Document, Message, Update

    from bot.handlers.desk import Handlers, Visit
    from bot.records.people import Person
    from corpus.models import Scope

NAME_LENGTH: Final = 120

_first = FirstOfAlbum()


class ToBeFiled(filters.MessageFilter):
    """A file sent in private, or anywhere with `/add` as the text that goes with it."""

    def filter(self, message: Message) -> bool:
        """Whether the message is a file to be filed."""
        if not message.document or message.animation:
            return False
        command = command_in(message)
        if command is None:
            return message.chat.type == ChatType.PRIVATE
        return command.name == "add" and is_for(command, message.get_bot().username)


def handlers() -> Handlers:
    """Files, `/add` in reply to one, and the buttons that ask for its matter."""
    return [
        MessageHandler(NEW & ToBeFiled(), on_file),
        CommandHandler("add", on_add, NEW),
        CallbackQueryHandler(on_choice, r"^into:[0-9a-f]+$"),
    ]


async def on_file(update: Update, context: Context) -> None:
    """File what was sent; of an album, refuse only the first."""
    message = update.message
    assert message is not None
    assert message.document is not None
    visit = await visit_of(message, context)
    command = command_in(message)
    forwarded = command is not None and message.forward_origin is not None
    keeper = await _keeper(visit, forwarded=forwarded)
    if not isinstance(keeper, Html):
        await _receive(visit, keeper, message, message.document, command.rest if command else "")
    elif _first.filter(message):
        await visit.say(keeper)


async def on_add(update: Update, context: Context) -> None:
    """`/add` or `/add MATTER` in reply to a file."""
    message = update.message
    assert message is not None
    visit = await visit_of(message, context)
    keeper = await _keeper(visit, forwarded=message.forward_origin is not None)
    if isinstance(keeper, Html):
        await visit.say(keeper)
        return
    file, command = replied_to(message), command_in(message)
    if file is None or file.document is None or file.animation:
        await visit.say(visit.texts.documents.add_usage)
        return
    await _receive(visit, keeper, message, file.document, command.rest if command else "")


async def on_choice(update: Update, context: Context) -> None:
    """Send files into the matter chosen, if whoever sent them chooses, and keeps it now."""
    press = await press_of(update, context)
    if press is None or press.visit.person is None:
        return
    visit, intake, person = press.visit, context.desk.intake, press.visit.person
    uploads = intake.uploads
    shown = await intake.shown_by(visit.place.chat_id, visit.message_id)
    waiting = [each for each in shown if each.matter is None]
    if not waiting:
        await press.toast(visit.texts.button_gone)
        return
    if waiting[0].sent.person_id != person.id:
        await press.toast(visit.texts.documents.not_yours, alert=True)
        return
    goals = await blocking(intake.goals, waiting[0].sent)
    chosen = [name for name in goals if digest([name]) == press.arguments[0]]
    if not chosen:
        await press.toast(visit.texts.no_access, alert=True)
        return
    await press.toast()
    for upload in await blocking(uploads.choose, visit.place.chat_id, visit.message_id, chosen[0]):
        await intake.take(upload)


async def _keeper(visit: Visit, *, forwarded: bool) -> tuple[Person, Scope] | Html:
    """Who files and the matters they keep, or why they may file nothing."""
    said = visit.texts.documents
    if visit.person is None or forwarded:
        return Html(said.add_anonymous)
    kept = await blocking(visit.desk.access.kept_by, visit.person.id)
    return Html(said.add_keepers_only) if kept.is_empty else (visit.person, kept)


async def _receive(
    visit: Visit, keeper: tuple[Person, Scope], message: Message, document: Document, goal: str
) -> None:
    """Take a file in, or say in one sentence why not."""
    person, kept = keeper
    name = file_name(document)
    limit = min(FETCHED_MB, visit.desk.services.settings.max_file_mb)
    if (document.file_size or 0) > limit << 20:
        size = f"{(document.file_size or 0) / 2**20:.1f}"
        too_large = visit.texts.documents.too_large
        await visit.say(fill(too_large, name=named(name), size=size, limit=limit))
        return
    sent = Sent(
        chat_id=visit.place.chat_id,
        thread_id=visit.place.thread_id,
        message_id=message.message_id,
        person_id=person.id,
        language=visit.language,
        file_id=document.file_id,
        name=name,
        album=message.media_group_id,
    )
    matter = await _matter(visit, kept, sent, goal)
    if isinstance(matter, Html):
        await visit.say(matter)
        return
    intake = visit.desk.intake
    await intake.take(await blocking(intake.uploads.receive, replace(sent, matter=matter)))


async def _matter(visit: Visit, kept: Scope, sent: Sent, goal: str) -> str | Html | None:
    """Where a file is to go; None where the sender has to be asked; or why it goes nowhere."""
    if goal:
        return await kept_matter(visit, kept, goal) or unknown_matter(visit, goal)
    goals = await blocking(visit.desk.intake.goals, sent)
    if not goals:
        private = visit.place.is_private
        return Html(visit.texts.no_matters_yet if private else visit.texts.documents.name_matter)
    return goals[0] if len(goals) == 1 else None


def file_name(document: Document) -> str:
    """A file's name without folders, of bounded length, and the same however it was typed."""
    name = harmless(document.file_name or "").replace("\\", "/").rpartition("/")[2]
    name = unicodedata.normalize("NFC", name).strip()
    if not name.strip("."):
        return f"file-{document.file_unique_id}"
    if len(name) > NAME_LENGTH:
        ending = PurePosixPath(name).suffix[:10]
        name = name[: NAME_LENGTH - len(ending)] + ending
    return name
