"""Who joins a chat: the bot itself, or people; and a group that becomes a supergroup."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Final

import structlog
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError
from telegram.ext import ChatMemberHandler, MessageHandler, filters

from bot.printable import printable_line
from bot.records.access import WHOLE_CHAT
from bot.records.kept import KeptPassages
from bot.records.people import ChatRecord
from bot.telegram.context import Context, blocking
from bot.telegram.handlers.acquaintances import NamedPerson, tell, texts_for
from bot.telegram.handlers.authority import identify_keeper, is_administrator
from bot.telegram.handlers.choices import LABEL_UNITS, answering, ask_person, in_rows, use_up
from bot.telegram.handlers.current_matter import OFFERED
from bot.telegram.handlers.matters import list_names, tell_chat
from bot.telegram.handlers.who import named_chat
from bot.telegram.joins import Join
from bot.telegram.places import Place
from bot.texts import language_of, texts_in
from bot.views.markup import Html, code, fill, joined, shortened
from bot.views.view import View
from corpus.models import Scope
from corpus.storage.documents import storable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Chat as TelegramChat
    from telegram import ChatMemberUpdated, Update, User

    from bot.records.choices import Choice
    from bot.telegram.context import BotData, ButtonPress, Handlers
    from bot.texts.words import Texts

LISTED: Final = 20
"""New members named in one note."""
OUTSIDE: Final = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)

log = structlog.get_logger(__name__)


def handlers() -> Handlers:
    """Changes of the bot's own membership, and of chats' ids."""
    return [
        ChatMemberHandler(on_membership, ChatMemberHandler.MY_CHAT_MEMBER),
        ChatMemberHandler(on_member, ChatMemberHandler.CHAT_MEMBER),
        MessageHandler(filters.StatusUpdate.NEW_CHAT_MEMBERS, on_new_members),
        MessageHandler(filters.StatusUpdate.MIGRATE, on_migration),
    ]


async def on_membership(update: Update, context: Context) -> None:
    """Introduce the bot, in three lines, when somebody adds it to a chat."""
    change = update.my_chat_member
    assert change is not None
    before, after = change.old_chat_member.status, change.new_chat_member.status
    log.info("membership changed", chat=change.chat.id, before=before, after=after)
    # Watches stop when the bot is removed, and go on when it is back.
    if after not in OUTSIDE:
        await blocking(context.bot_data.watch_notifier.watches.resume, change.chat.id)
        context.bot_data.watch_notifier.wake()
    if change.chat.type == ChatType.PRIVATE and after in OUTSIDE:
        await blocking(context.bot_data.people.close_chat, change.chat.id)
    # In private `/start` greets; a change of rights is no reason to speak.
    if change.chat.type == ChatType.PRIVATE or before not in OUTSIDE or after in OUTSIDE:
        return
    bot_data = context.bot_data
    title = storable(change.chat.title or "")
    await blocking(bot_data.people.visit, ChatRecord(change.chat.id, title, change.chat.type))
    texts = await _texts(bot_data, change)
    bound = await blocking(bot_data.access.bound, change.chat.id)
    hears_all = after == ChatMemberStatus.ADMINISTRATOR or bool(
        context.bot.bot.can_read_all_group_messages
    )
    audience_line = _audience_line(change.chat, texts, context.bot.username, hears_all=hears_all)
    lines = [audience_line, *_binding_lines(change.chat, texts, bound)]
    place = Place(change.chat.id, kind=change.chat.type)
    await bot_data.outbox.send(place, View(joined(lines)))
    if not bound:
        await _ask_which_matter(context, change)


async def _ask_which_matter(context: Context, change: ChatMemberUpdated) -> None:
    """Ask in private which matter may be asked in a new chat: whoever added the bot, or the owners.

    The names of matters are nothing for the chat to read.
    """
    bot_data, adder = context.bot_data, change.from_user
    chat = ChatRecord(change.chat.id, storable(change.chat.title or ""), change.chat.type)
    # Who added the bot and never wrote to it cannot be asked: then the owners are.
    if await _ask_keeper(bot_data, adder.id, chat, has_added=True):
        return
    for owner_id in sorted(await blocking(bot_data.access.owners)):
        # Only who administers the chat may bind a matter to it.
        if owner_id != adder.id and await is_administrator(context, chat.id, owner_id):
            await _ask_keeper(bot_data, owner_id, chat, has_added=False)


async def _ask_keeper(
    bot_data: BotData, person_id: int, chat: ChatRecord, *, has_added: bool
) -> bool:
    """Ask one keeper; False where they keep nothing, or cannot be written to."""
    scope = await blocking(bot_data.access.scope_of_keeper, person_id)
    names = [
        name for name in await blocking(bot_data.services.library.matters) if scope.allows(name)
    ]
    if not names:
        return False
    texts = await texts_for(bot_data, person_id)
    wording, offered = texts.people, names[:OFFERED]
    template = wording.which_matter_added if has_added else wording.which_matter_there
    html = fill(template, chat=named_chat(chat.id, WHOLE_CHAT, chat.title, texts))
    labels = [shortened(printable_line(name), LABEL_UNITS) for name in offered]
    rows = [*in_rows(labels), [wording.no_matter_label]]
    details = {"chat_id": chat.id, "matters": offered}
    return await ask_person(bot_data, person_id, "bind there", html, rows, details)


@answering("bind there")
async def _on_bind_there(press: ButtonPress, choice: Choice, number: int) -> None:
    request, matters = press.request, choice.details["matters"]
    texts, chat_id = request.texts, choice.details["chat_id"]
    title = (await blocking(request.bot_data.people.titles, [chat_id])).get(chat_id)
    name = named_chat(chat_id, WHOLE_CHAT, title, texts)
    if number >= len(matters):
        if await use_up(press, choice):
            await press.toast()
            press.show(View(fill(texts.people.left_unbound, chat=name)))
        return
    keeper, matter = await identify_keeper(request), matters[number]
    if isinstance(keeper, Html) or not keeper[1].allows(matter):
        await press.toast(texts.people.no_longer_keeper, alert=True)
        return
    if not await is_administrator(press.context, chat_id, keeper[0].id):
        await press.toast(texts.people.not_administrator, alert=True)
        return
    if not await use_up(press, choice):
        return
    place = (chat_id, WHOLE_CHAT, matter)
    if await blocking(request.bot_data.access.bind, *place, request.actor()):
        await tell_chat(request.bot_data, *place, is_bound=True)
    await press.toast()
    press.show(View(fill(texts.bound, matter=code(matter), where=name)))


# -- people who join -----------------------------------------------------------------------------


async def on_new_members(update: Update, context: Context) -> None:
    """Tell the keepers who joined a group that may ask their matters."""
    message = update.message
    assert message is not None
    added_by = message.from_user.id if message.from_user else 0
    joins = [Join(user, added_by) for user in message.new_chat_members or ()]
    _note_joins(context, message.chat, joins)


async def on_member(update: Update, context: Context) -> None:
    """The same where the bot is an administrator: large groups have no messages about it."""
    change = update.chat_member
    assert change is not None
    before, after = change.old_chat_member.status, change.new_chat_member.status
    if before in OUTSIDE and after not in OUTSIDE:
        join = Join(change.new_chat_member.user, change.from_user.id)
        _note_joins(context, change.chat, [join])


def _note_joins(context: Context, chat: TelegramChat, joins: Sequence[Join]) -> None:
    """Note who joined; the keepers are told a little later, of all who come together."""
    bot_data = context.bot_data
    for join in joins:
        # Each is looked at, so that a second update about them is known for one.
        is_news = join.user.id != context.bot.id and bot_data.joins.is_new(chat.id, join.user.id)
        if is_news and bot_data.joins.add(chat, join):
            bot_data.outbox.watch(asyncio.create_task(_tell_of_joins(bot_data, chat)))


async def _tell_of_joins(bot_data: BotData, chat: TelegramChat) -> None:
    joins = await bot_data.joins.gather(chat)
    bindings = await blocking(bot_data.access.bindings_to, Scope.all())
    matters = {binding.matter for binding in bindings if binding.chat_id == chat.id}
    if not matters:
        return
    admissions = await blocking(bot_data.access.admissions_to, Scope.of(*matters))
    keepers = {admission.person_id for admission in admissions if admission.role == "keeper"}
    for keeper_id in sorted(keepers | await blocking(bot_data.access.owners)):
        # Whoever added somebody knows it, and the new member is the one who is spoken of.
        users = [join.user for join in joins if keeper_id not in (join.added_by, join.user.id)]
        scope = await blocking(bot_data.access.scope_of_keeper, keeper_id)
        visible_matters = [name for name in sorted(matters) if scope.allows(name)]
        if not users:
            continue
        try:
            await tell(bot_data, keeper_id, partial(_join_note, chat, users, visible_matters))
        except TelegramError as error:
            # One keeper who cannot be told is no reason to leave the others in the dark.
            log.warning("join not told", chat=chat.id, keeper=keeper_id, error=str(error))


def _join_note(
    chat: TelegramChat, users: Sequence[User], matters: Sequence[str], texts: Texts
) -> Html:
    """A sentence about one new member; a list of several."""
    wording, place = texts.people, named_chat(chat.id, WHOLE_CHAT, chat.title, texts)
    lines = [
        NamedPerson(user.id, user.full_name, user.username).line(texts, with_day=False)
        for user in users
    ]
    if len(users) == 1:
        template = wording.new_member_bot if users[0].is_bot else wording.new_member
        return fill(template, person=lines[0], chat=place, matters=list_names(matters))
    head = fill(wording.new_members, count=len(users), chat=place, matters=list_names(matters))
    listed = [
        Html(f"{'🤖' if user.is_bot else '•'} {line}")
        for user, line in zip(users[:LISTED], lines, strict=False)
    ]
    unlisted = len(users) - len(listed)
    more = [fill(wording.new_members_more, count=unlisted)] if unlisted else []
    return joined([head, *listed, *more])


async def on_migration(update: Update, context: Context) -> None:
    """Carry over what belongs to a group whose id changes."""
    message = update.effective_message
    assert message is not None
    # The old and the new chat each get a message about it; one of the two ids is missing in each.
    old = message.migrate_from_chat_id or message.chat.id
    new = message.migrate_to_chat_id or message.chat.id
    await blocking(migrate_chat, context.bot_data, old, new)


def migrate_chat(bot_data: BotData, old: int, new: int) -> None:
    """Carry over what belongs to a chat. Blocks on the database."""
    bot_data.access.migrate(old, new)
    bot_data.people.migrate(old, new)
    bot_data.watch_notifier.watches.migrate(old, new)
    KeptPassages(bot_data.services.database).migrate(old, new)
    log.info("group became a supergroup", old=old, new=new)


async def _texts(bot_data: BotData, change: ChatMemberUpdated) -> Texts:
    languages = await blocking(
        bot_data.people.chosen_languages, change.chat.id, change.from_user.id
    )
    default = bot_data.services.settings.language
    return texts_in(
        languages[0] if languages else language_of(change.from_user.language_code, default)
    )


def _audience_line(chat: TelegramChat, texts: Texts, username: str, *, hears_all: bool) -> Html:
    if chat.type == ChatType.CHANNEL:
        return Html(texts.hears_posts)
    return fill(texts.hears_mentions, bot=username) if hears_all else Html(texts.hears_commands)


def _binding_lines(chat: TelegramChat, texts: Texts, bound: frozenset[str]) -> list[Html]:
    """What is bound here, and what to do next."""
    channel = chat.type == ChatType.CHANNEL
    if bound:
        following = texts.next_post if channel else texts.next_ask
        return [fill(texts.joined_bound, matters=list_names(bound)), Html(following)]
    name = f"@{chat.username}" if chat.username else str(chat.id)
    following = fill(texts.next_bind_channel, chat=name) if channel else Html(texts.next_bind)
    return [Html(texts.joined_unbound), following]
