"""What a handler works with: the parts of the bot, and the request that it answers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC
from typing import TYPE_CHECKING, Any, ParamSpec, TypeAlias, TypeVar

from telegram import Message
from telegram.ext import CallbackContext, ExtBot

from bot.audit import answer_details, shown_citations
from bot.reader.links import Asker, asker
from bot.records.access import WHOLE_CHAT, Actor
from bot.records.audit import AuditRecord
from bot.records.choices import Choices, Spot
from bot.records.invitations import Invitations
from bot.records.people import ChatRecord, People, Person
from bot.telegram.addressing import chat_from, command_in, person_from
from bot.telegram.outbox import Outbox
from bot.telegram.places import Place, SoleReader, ephemeral_id
from bot.texts import language_of, texts_in
from bot.views.markup import Html, quoted_first, shortened, visible
from bot.views.view import Rows, View
from corpus.models import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from datetime import datetime, timedelta

    from telegram import CallbackQuery, Update, User

    from bot.compose import Services
    from bot.reader.links import ReadLinks
    from bot.records.access import Access
    from bot.records.audit import Audit, Kind
    from bot.records.conversation import Conversation
    from bot.records.prompts import Prompts
    from bot.records.question_limit import PersonalLimit
    from bot.telegram.joins import Joins
    from bot.telegram.ownership import OwnershipClaim
    from bot.telegram.places import Way
    from bot.telegram.upload_processor import UploadProcessor
    from bot.telegram.watch_notifier import WatchNotifier
    from bot.texts.words import Texts
    from index.answer import Answer

P = ParamSpec("P")
T = TypeVar("T")

# Bot API, answerCallbackQuery: 0 to 200 characters.
TOAST_UNITS = 200


@dataclass(slots=True)
class BotData:
    """The parts of the bot, as its handlers use them: one object for the whole process."""

    services: Services
    access: Access
    people: People
    joins: Joins
    choices: Choices
    invitations: Invitations
    conversation: Conversation
    prompts: Prompts
    audit: Audit
    limit: PersonalLimit
    typing_limit: PersonalLimit
    """For inline queries, which come while a question is still being typed."""
    opening_limit: PersonalLimit
    """For passages that are opened, of which an answer shows several."""
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
    """Negative for an ephemeral message, which has an id of another kind."""
    person: Person | None
    """None for channels and anonymous administrators, whose identity Telegram hides."""
    language: str
    texts: Texts
    is_edit: bool = False
    """Whether an earlier message has got another text."""
    at: str = ""
    """When the message was written, or got the text that it has now."""
    is_forwarded: bool = False
    """Whether somebody else may have written it, or it was meant for another chat."""
    speaks_for_chat: bool = False
    """Whether the chat itself speaks: an anonymous administrator, or a channel in itself."""

    async def reply(self, html: str, rows: Rows = ()) -> int | None:
        """Reply to the message; returns the reply's id, None when the place is gone."""
        return await self.show(View(Html(html), rows))

    async def show(self, view: View) -> int | None:
        """Reply with a view; returns the reply's id, None when the place is gone."""
        return await self.bot_data.outbox.send(self.place, view, reply_to=self.message_id)

    async def ask_for(self, command: str, html: str, hint: str) -> None:
        """Ask for what a bare command lacks, and take the person's next message for it.

        In a group that is a reply to this message, which their app offers (Bot API, ForceReply).
        `hint` stands in the empty field, and has at most 64 characters.
        """
        if self.person is None or self.place.is_channel or self.place.reader:
            await self.reply(html)
            return
        prompt = await self.show(View(Html(html), asks=hint))
        if prompt is not None:
            place = self.place
            wait = self.bot_data.prompts.wait
            await blocking(
                wait, place.chat_id, place.thread_id, self.person.id, command, prompt, self.at
            )

    async def reply_alone(self, view: View) -> int | None:
        """Reply so that only the asker sees it, where the bot may do that; else to everybody.

        For what is no secret but concerns nobody else, such as help. A bot may write to one member
        at any time where it is an administrator (Bot API, ephemeral messages).
        """
        reader = self.reader
        if self.place.reader or reader is None or not self.place.is_group:
            return await self.show(view)
        outbox, place = self.bot_data.outbox, replace(self.place, reader=reader)
        if await outbox.way_to(place, reader) == "here" and await outbox.administers(place.chat_id):
            return await outbox.send(place, view)
        return await self.show(view)

    def to_reader(self, reader: SoleReader, way: Way) -> Request:
        """The same request, which asks the same matters, answered so that one person sees it."""
        reader = replace(reader, elsewhere=way == "private")
        return replace(self, place=replace(self.place, reader=reader))

    @property
    def place_name(self) -> str:
        """What people call the place: this group, this topic, this channel."""
        if self.place.is_channel:
            return self.texts.this_channel
        return self.texts.this_topic if self.place.thread_id else self.texts.this_chat

    @property
    def reader(self) -> SoleReader | None:
        """Who made the request, as the only one to see an answer; None for who is not known."""
        if self.place.reader:
            return self.place.reader
        return SoleReader(self.person.id) if self.person else None

    async def record(
        self, kind: Kind, citations: Sequence[str], question: str | None = None
    ) -> None:
        """Write to the audit what is about to be shown; where that fails, it is not shown."""
        await blocking(self.bot_data.audit.record, self.audit_record(kind, citations, question))

    def answer_record(
        self, kind: Kind, answer: Answer, question: str, scope: Scope, *, nearest: bool = False
    ) -> AuditRecord:
        """What the audit keeps of an answer: what is shown of it, and how it was found."""
        citations = shown_citations(answer, nearest=nearest)
        details = answer_details(answer, scope, self.bot_data.services.searcher.meaning)
        return replace(self.audit_record(kind, citations, question), details=details)

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

    @property
    def asker_id(self) -> int:
        """Whose limits count: the person's, or the chat's where Telegram hides who it is."""
        return self.person.id if self.person else self.place.chat_id

    def own_scope(self) -> Scope:
        """As `reach`, without the matter that is open to strangers. Blocks on the database.

        A stranger may ask, and take away no file and leave nothing that works on for him.
        """
        if self.place.is_private and self.person:
            return self.bot_data.access.admitted_to(self.person.id)
        return self.reach()

    def reach(self) -> Scope:
        """The matters of which something may be seen here and now. Blocks on the database."""
        if not self.place.is_private:
            return self.bot_data.access.scope_of_chat(self.place.chat_id, self.place.thread_id)
        return self.bot_data.access.scope_of_person(self.person.id) if self.person else Scope.of()

    def scope(self) -> Scope:
        """The matters that are asked here and now: in private the one that the person chose.

        Blocks on the database.
        """
        reach = self.reach()
        if not self.place.is_private or self.person is None:
            return reach
        return within_current(self.bot_data, reach, self.person.id, self.place.thread_id)

    def actor(self) -> Actor:
        """Who acts here, for the audit."""
        place, person_id = self.place, self.person.id if self.person else None
        return Actor(person_id, "telegram", place.chat_id, place.thread_id, self.message_id)

    def spot(self) -> Spot:
        """Where and by whom a button is pressed, or to be pressed."""
        place, person_id = self.place, self.person.id if self.person else 0
        return Spot(person_id, place.chat_id, place.thread_id, self.message_id)


@dataclass(frozen=True, slots=True)
class ButtonPress:
    """The press of a button below a message of the bot."""

    update: Update
    context: Context
    request: Request
    arguments: list[str]
    """The parts of the callback data after its first word."""

    @property
    def query(self) -> CallbackQuery:
        """The press as Telegram describes it."""
        assert self.update.callback_query is not None
        return self.update.callback_query

    async def toast(self, text: str = "", *, alert: bool = False) -> None:
        """Answer the press; every press has to be answered, or the button keeps spinning."""
        short_text = shortened(visible(text), TOAST_UNITS)
        await self.request.bot_data.outbox.toast(self.query, short_text, alert=alert)

    @property
    def is_alone(self) -> bool:
        """Whether the message with the button is seen by one person of a group."""
        return self.request.message_id < 0

    async def show_alone(self, view: View, *, replaces: bool = False, link: str = "") -> None:
        """Answer the press, and show a view to whoever pressed, and to nobody else.

        In private and below an ephemeral message that is the chat itself, and `replaces` says
        whether the view takes the message's place. In a group an ephemeral message, in a channel
        and on a server that knows none the private chat; where there is none, a short text above
        the chat, or a link to the private chat for who is admitted there (`link`, a payload).
        """
        request, outbox = self.request, self.request.bot_data.outbox
        if request.place.is_private or (self.is_alone and replaces):
            await self.toast()
            if replaces:
                self.show(view)
            else:
                self.later(request.show(view))
            return
        place = self.place_alone(replaces=replaces)
        way = await outbox.way_to(place, place.reader) if place.reader else "here"
        if way is None and link:
            me = self.context.bot.username
            await outbox.toast(self.query, url=f"https://t.me/{me}?start={link}")
            return
        if way is None:
            await self.toast(quoted_first(view.html), alert=True)
            return
        await self.toast("" if way == "here" else request.texts.shown_in_private)
        self.later(outbox.send(place, view))

    def place_alone(self, *, replaces: bool = False) -> Place:
        """Where the press was made, for the eyes of whoever pressed."""
        if self.request.place.is_private:
            return self.request.place
        # Bot API: an ephemeral message cannot take the place of another one.
        replaces = replaces and not self.is_alone
        reader = SoleReader(self.query.from_user.id, self.query.id, replaces=replaces)
        return replace(self.request.place, reader=reader)

    def later(self, delivery: Coroutine[Any, Any, object]) -> None:
        """Send something after this press is handled; faults reach `on_error` as any others do.

        Telegram's limits may hold a message back for a minute, and forgets a press that is not
        answered for so long: no press may wait behind what an earlier one sends.
        """
        task = asyncio.create_task(self._deliver(delivery))
        self.request.bot_data.outbox.watch(task)

    async def _deliver(self, delivery: Coroutine[Any, Any, object]) -> None:
        try:
            await delivery
        except Exception as error:
            # Nobody awaits a delivery, so its error has to be reported here.
            await self.context.application.process_error(self.update, error)

    def show(self, view: View) -> None:
        """Replace the message whose button was pressed by another view."""
        request, outbox = self.request, self.request.bot_data.outbox
        if self.is_alone and request.place.reader:
            shown_id = -request.message_id
            self.later(outbox.edit_alone(request.place, request.place.reader, shown_id, view))
        else:
            self.later(outbox.edit(request.place.chat_id, request.message_id, view))


def within_current(
    bot_data: BotData, reach: Scope, person_id: int, thread_id: int = WHOLE_CHAT
) -> Scope:
    """What a person asks, of all that they may see: the matter they chose, where it is among them.

    Blocks on the database.
    """
    current = bot_data.people.current_matter(person_id, thread_id)
    # A matter that was taken away since is as if it had never been chosen.
    return Scope.of(current) if current and reach.allows(current) else reach


def has_several(bot_data: BotData, scope: Scope) -> bool:
    """Whether more than one matter is in scope, so that each passage says which. Blocks."""
    if not scope.is_all:
        return len(scope.matters) > 1
    return len(bot_data.services.library.matters()) > 1


async def blocking(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a blocking function in a thread, so that the event loop serves others meanwhile."""
    return await asyncio.to_thread(function, *args, **kwargs)


async def request_from(message: Message, context: Context) -> Request:
    """The request that a message makes; its author is remembered for `/admit @username`."""
    # For a chat that speaks, `from_user` is a placeholder account of Telegram's.
    user = None if message.sender_chat else message.from_user
    message_id = message.message_id or -ephemeral_id(message)
    chat, place = chat_from(message.chat), Place.of(message)
    if user and command_in(message):
        # A command in place of what was asked for.
        drop = context.bot_data.prompts.drop
        await blocking(drop, place.chat_id, place.thread_id, user.id)
    request = await _build_request(context.bot_data, place, message_id, user, chat)
    at = written(message.edit_date or message.date)
    sender = message.sender_chat
    return replace(
        request,
        is_edit=message.edit_date is not None,
        at=at,
        is_forwarded=message.forward_origin is not None,
        speaks_for_chat=sender is not None and sender.id == message.chat.id,
    )


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
    place, message_id = Place.of(message), message.message_id
    if ephemeral := ephemeral_id(message):
        presser = SoleReader(query.from_user.id, query.id)
        place, message_id = replace(place, reader=presser), -ephemeral
    chat = chat_from(message.chat)
    request = await _build_request(bot_data, place, message_id, query.from_user, chat)
    return ButtonPress(update, context, request, (query.data or "").split(":")[1:])


def written(at: datetime, before: timedelta | None = None) -> str:
    """A time as the database keeps it, or some time before it."""
    return (at - before if before else at).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


async def _build_request(
    bot_data: BotData, place: Place, message_id: int, user: User | None, chat: ChatRecord | None
) -> Request:
    person = person_from(user) if user else None
    asker.set(Asker(person.id, place.thread_id) if person else None)
    language = await blocking(_chosen_language, bot_data, place, person, chat)
    if language is None:
        code = user.language_code if user else None
        language = language_of(code, bot_data.services.settings.language)
    return Request(bot_data, place, message_id, person, language, texts_in(language))


async def private_request(context: Context, user: User, message_id: int) -> Request:
    """A request of a person from elsewhere that is answered in the private chat."""
    bot_data, person = context.bot_data, person_from(user)
    await blocking(bot_data.people.meet, person)
    asker.set(Asker(person.id, WHOLE_CHAT))
    languages = await blocking(bot_data.people.chosen_languages, None, person.id)
    code, default = user.language_code, bot_data.services.settings.language
    language = languages[0] if languages else language_of(code, default)
    return Request(bot_data, Place(person.id), message_id, person, language, texts_in(language))


def _chosen_language(
    bot_data: BotData, place: Place, person: Person | None, chat: ChatRecord | None
) -> str | None:
    """The chosen language, in groups that of the group first; None when none was chosen."""
    if person:
        # Bots cannot look up a username, so everyone who writes is noted.
        bot_data.people.meet(person)
        if place.is_private:
            bot_data.people.open_chat(person.id)
    if chat:
        bot_data.people.visit(chat, person.id if person else None)
    chat_id = None if place.is_private else place.chat_id
    languages = bot_data.people.chosen_languages(chat_id, person.id if person else None)
    return languages[0] if languages else None
