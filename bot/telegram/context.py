"""What every handler has at hand, and what it knows of the one who speaks."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeAlias, TypeVar

from telegram import Message
from telegram.ext import CallbackContext, ExtBot, filters

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
    from bot.records.access import Access
    from bot.records.audit import Audit, Kind
    from bot.records.conversation import Conversation
    from bot.records.question_limit import PersonalLimit
    from bot.telegram.claim import Claim
    from bot.telegram.upload_processor import UploadProcessor
    from bot.telegram.watch_notifier import WatchNotifier
    from bot.texts.words import Texts
    from corpus.models import Scope

P = ParamSpec("P")
T = TypeVar("T")

TOAST_UNITS = 200

NEW: Final = filters.UpdateType.MESSAGE & ~filters.IS_AUTOMATIC_FORWARD & ~filters.VIA_BOT
"""Messages that somebody just wrote: commands are not carried out again when they are edited."""


@dataclass(slots=True)
class BotData:
    """The parts of the bot, as its handlers use them."""

    services: Services
    access: Access
    people: People
    conversation: Conversation
    audit: Audit
    limit: PersonalLimit
    typing_limit: PersonalLimit
    """For questions that are asked anew while they are being written."""
    outbox: Outbox
    claim: Claim
    upload_processor: UploadProcessor
    watch_notifier: WatchNotifier


class Context(CallbackContext[ExtBot[int], dict[Any, Any], dict[Any, Any], BotData]):
    """What the library hands to each handler; its `bot_data` holds the parts of the bot."""


if TYPE_CHECKING:
    from telegram.ext import Application, BaseHandler

    App: TypeAlias = Application[
        ExtBot[int], Context, dict[Any, Any], dict[Any, Any], BotData, None
    ]
    Handlers: TypeAlias = list[BaseHandler[Update, Context, None]]


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody speaks to the bot somewhere."""

    bot_data: BotData
    place: Place
    message_id: int
    person: Person | None
    """None for channels and anonymous administrators: nobody can tell who they are."""
    language: str
    texts: Texts

    async def say(self, html: str, rows: Rows = ()) -> int | None:
        """Reply to the message; returns the reply's id, None when the place is gone."""
        view = View(Html(html), rows)
        return await self.bot_data.outbox.send(self.place, view, reply_to=self.message_id)

    async def record(
        self, kind: Kind, citations: Sequence[str], question: str | None = None
    ) -> None:
        """Record what is about to be shown here; where that fails, it is not shown."""
        await blocking(self.bot_data.audit.record, self.shown(kind, citations, question))

    def shown(
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
    """Somebody pressed a button below a message of the bot."""

    query: CallbackQuery
    request: Request
    arguments: list[str]
    """The parts of the callback data after its verb."""

    async def toast(self, text: str = "", *, alert: bool = False) -> None:
        """Answer the press, which has to be done once in any case."""
        shown = shortened(visible(text), TOAST_UNITS)
        await self.request.bot_data.outbox.toast(self.query, shown, alert=alert)

    async def show(self, view: View) -> None:
        """Show another view in the message whose button was pressed."""
        request = self.request
        await request.bot_data.outbox.edit(request.place.chat_id, request.message_id, view)


async def blocking(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run what blocks, on a thread, so that the others are heard meanwhile."""
    return await asyncio.to_thread(function, *args, **kwargs)


async def request_from(message: Message, context: Context) -> Request:
    """Who wrote a message and where, remembered, and the language in which to answer."""
    user = None if message.sender_chat else message.from_user
    return await _build_request(context.bot_data, Place.of(message), message.message_id, user)


async def button_press_from(update: Update, context: Context) -> ButtonPress | None:
    """Who pressed a button; None, and the press is answered, when the message is out of reach."""
    query = update.callback_query
    assert query is not None
    message, bot_data = query.message, context.bot_data
    # One that was deleted has lost its topic, and with it its scope; python-telegram-bot 22.8 reads
    # it as a Message all the same, dated 0.
    if not isinstance(message, Message) or not message.is_accessible:
        language = language_of(query.from_user.language_code, bot_data.services.settings.language)
        await bot_data.outbox.toast(query, texts_in(language).button_gone)
        return None
    request = await _build_request(bot_data, Place.of(message), message.message_id, query.from_user)
    return ButtonPress(query, request, (query.data or "").split(":")[1:])


def person_from(user: User) -> Person:
    """A user of Telegram as we remember them."""
    return Person(user.id, user.full_name, user.username)


async def _build_request(
    bot_data: BotData, place: Place, message_id: int, user: User | None
) -> Request:
    person = person_from(user) if user else None
    language = await blocking(_language, bot_data, place, person)
    if language is None:
        code = user.language_code if user else None
        language = language_of(code, bot_data.services.settings.language)
    return Request(bot_data, place, message_id, person, language, texts_in(language))


def _language(bot_data: BotData, place: Place, person: Person | None) -> str | None:
    """The language that was chosen, in groups for all first; None when none was."""
    if person:
        bot_data.people.meet(person)
    chat_id = None if place.is_private else place.chat_id
    chosen = bot_data.people.chosen_languages(chat_id, person.id if person else None)
    return chosen[0] if chosen else None
