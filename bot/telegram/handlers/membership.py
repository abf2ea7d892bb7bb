"""The bot joins a chat, or a group becomes a supergroup and changes its id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog
from telegram.constants import ChatMemberStatus, ChatType
from telegram.ext import ChatMemberHandler, MessageHandler, filters

from bot.records.kept import KeptPassages
from bot.telegram.context import Context, blocking
from bot.telegram.handlers.matters import list_names
from bot.telegram.outbox import Place
from bot.texts import language_of, texts_in
from bot.views.markup import Html, fill, joined
from bot.views.render import View

if TYPE_CHECKING:
    from telegram import Chat, ChatMemberUpdated, Update

    from bot.telegram.context import BotData, Handlers
    from bot.texts.words import Texts

OUTSIDE: Final = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)

log = structlog.get_logger(__name__)


def handlers() -> Handlers:
    """Changes of the bot's own membership, and of chats' ids."""
    return [
        ChatMemberHandler(on_membership, ChatMemberHandler.MY_CHAT_MEMBER),
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
    texts = await _texts(bot_data, change)
    bound = await blocking(bot_data.access.bound, change.chat.id)
    hears_all = after == ChatMemberStatus.ADMINISTRATOR or bool(
        context.bot.bot.can_read_all_group_messages
    )
    audience_line = _audience_line(change.chat, texts, context.bot.username, hears_all=hears_all)
    lines = [audience_line, *_binding_lines(change.chat, texts, bound)]
    place = Place(change.chat.id, kind=change.chat.type)
    await bot_data.outbox.send(place, View(joined(lines)))


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


def _audience_line(chat: Chat, texts: Texts, username: str, *, hears_all: bool) -> Html:
    if chat.type == ChatType.CHANNEL:
        return Html(texts.hears_posts)
    return fill(texts.hears_mentions, bot=username) if hears_all else Html(texts.hears_commands)


def _binding_lines(chat: Chat, texts: Texts, bound: frozenset[str]) -> list[Html]:
    """What is bound here, and what to do next."""
    channel = chat.type == ChatType.CHANNEL
    if bound:
        following = texts.next_post if channel else texts.next_ask
        return [fill(texts.joined_bound, matters=list_names(bound)), Html(following)]
    name = f"@{chat.username}" if chat.username else str(chat.id)
    following = fill(texts.next_bind_channel, chat=name) if channel else Html(texts.next_bind)
    return [Html(texts.joined_unbound), following]
