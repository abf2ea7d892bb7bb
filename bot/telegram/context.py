"""What a handler works with: the parts of the bot, and the request that it answers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeAlias, TypeVar

from telegram import Message
from telegram.ext import CallbackContext, ExtBot, filters

from bot.reader.links import Asker, asker
from bot.records.audit import AuditRecord
from bot.records.people import People, Person
from bot.telegram.outbox import Outbox, Place
from bot.texts import language_of, texts_in
from bot.views.markup import Html, shortened, visible
from bot.views.render import Rows, View
from corpus.models import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from telegram import CallbackQuery, Update, User

    from bot.compose import Services
    from bot.reader.links import ReadLinks
    from bot.records.access import Access
    from bot.records.audit import Audit, Kind
    from bot.records.conversation import Conversation
    from bot.records.question_limit import PersonalLimit
    from bot.telegram.handlers.admission import OwnershipClaim
    from bot.telegram.upload_processor import UploadProcessor
    from bot.telegram.watch_notifier import WatchNotifier
    from bot.texts.words import Texts

P = ParamSpec("P")
T = TypeVar("T")

# Bot API, answerCallbackQuery: 0 to 200 characters.
TOAST_UNITS = 200

NEW: Final = filters.UpdateType.MESSAGE & ~filters.IS_AUTOMATIC_FORWARD & ~filters.VIA_BOT
"""New messages, not edited ones: editing a command does not carry it out again."""


@dataclass(slots=True)
class BotData:
    """The parts of the bot, as its handlers use them: one object for the whole process."""

    services: Services
    access: Access
    people: People
    conversation: Conversation
    audit: Audit
    limit: PersonalLimit
    typing_limit: PersonalLimit
    """For inline queries, which come while a question is still being typed."""
    outbox: Outbox
    claim: OwnershipClaim
    upload_processor: UploadProcessor
    watch_notifier: WatchNotifier
    read_links: ReadLinks


class Context(CallbackContext[ExtBot[int], dict[Any, Any], dict[Any, Any], BotData]):
    """What the library gives to each handler; its `bot_data` holds the parts of the bot."""


if TYPE_CHECKING:
    from telegram.ext import Application, BaseHandler

    App: TypeAlias = Application[
        ExtBot[int], Context, dict[Any, Any], dict[Any, Any], BotData, None
    ]
    Handlers: TypeAlias = list[BaseHandler[Update, Context, None]]


@dataclass(frozen=True, slots=True)
class Request:
    """A message or button press to be answered: where, by whom, in which language."""

    bot_data: BotData
    place: Place
    message_id: int
    person: Person | None
    """None for channels and anonymous administrators, whose identity Telegram hides."""
    language: str
    texts: Texts

    async def reply(self, html: str, rows: Rows = ()) -> int | None:
        """Reply to the message; returns the reply's id, None when the place is gone."""
        view = View(Html(html), rows)
        return await self.bot_data.outbox.send(self.place, view, reply_to=self.message_id)

    async def record(
        self, kind: Kind, citations: Sequence[str], question: str | None = None
    ) -> None:
        """Write to the audit what is about to be shown; where that fails, it is not shown."""
        await blocking(self.bot_data.audit.record, self.audit_record(kind, citations, question))

    def audit_record(
        self, kind: Kind, citations: Sequence[str], question: str | None = None
    ) -> AuditRecord:
        """What the audit keeps of something shown here."""
        return AuditRecord(
            kind,
            "telegram",
            tuple(citations),
            self.bot_data.services.searcher.version,
            question,
            chat_id=self.place.chat_id,
            thread_id=self.place.thread_id,
            message_id=self.message_id,
            person_id=self.person.id if self.person else None,
        )

    def scope(self) -> Scope:
        """The matters that may be asked here and now. Blocks on the database."""
        if not self.place.is_private:
            return self.bot_data.access.scope_of_chat(self.place.chat_id, self.place.thread_id)
        return self.bot_data.access.scope_of_person(self.person.id) if self.person else Scope.of()


@dataclass(frozen=True, slots=True)
class ButtonPress:
    """The press of a button below a message of the bot."""

    query: CallbackQuery
    request: Request
    arguments: list[str]
    """The parts of the callback data after its first word."""

    async def toast(self, text: str = "", *, alert: bool = False) -> None:
        """Answer the press; every press has to be answered, or the button keeps spinning."""
        short_text = shortened(visible(text), TOAST_UNITS)
        await self.request.bot_data.outbox.toast(self.query, short_text, alert=alert)

    async def show(self, view: View) -> None:
        """Replace the message whose button was pressed by another view."""
        request = self.request
        await request.bot_data.outbox.edit(request.place.chat_id, request.message_id, view)


async def blocking(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a blocking function in a thread, so that the event loop serves others meanwhile."""
    return await asyncio.to_thread(function, *args, **kwargs)


async def request_from(message: Message, context: Context) -> Request:
    """The request that a message makes; its author is remembered for `/admit @username`."""
    # For a chat that speaks, `from_user` is a placeholder account of Telegram's.
    user = None if message.sender_chat else message.from_user
    return await _build_request(context.bot_data, Place.of(message), message.message_id, user)


async def button_press_from(update: Update, context: Context) -> ButtonPress | None:
    """The press of a button; None, and the press is answered, when the message was deleted."""
    query = update.callback_query
    assert query is not None
    message, bot_data = query.message, context.bot_data
    # A deleted message does not say its topic, so its scope is unknown. python-telegram-bot 22.8
    # reads it as a Message all the same, dated 0.
    if not isinstance(message, Message) or not message.is_accessible:
        language = language_of(query.from_user.language_code, bot_data.services.settings.language)
        await bot_data.outbox.toast(query, texts_in(language).button_gone)
        return None
    request = await _build_request(bot_data, Place.of(message), message.message_id, query.from_user)
    return ButtonPress(query, request, (query.data or "").split(":")[1:])


def person_from(user: User) -> Person:
    """A user of Telegram as the records keep them."""
    return Person(user.id, user.full_name, user.username)


async def _build_request(
    bot_data: BotData, place: Place, message_id: int, user: User | None
) -> Request:
    person = person_from(user) if user else None
    asker.set(Asker(person.id, place.thread_id) if person else None)
    language = await blocking(_chosen_language, bot_data, place, person)
    if language is None:
        code = user.language_code if user else None
        language = language_of(code, bot_data.services.settings.language)
    return Request(bot_data, place, message_id, person, language, texts_in(language))


def _chosen_language(bot_data: BotData, place: Place, person: Person | None) -> str | None:
    """The chosen language, in groups that of the group first; None when none was chosen."""
    if person:
        # Bots cannot look up a username, so everyone who writes is noted.
        bot_data.people.meet(person)
    chat_id = None if place.is_private else place.chat_id
    languages = bot_data.people.chosen_languages(chat_id, person.id if person else None)
    return languages[0] if languages else None
