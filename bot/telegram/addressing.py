"""Is a message addressed to the bot, and what does it ask?

In private every text is a question, also one that goes with a picture. In groups a question is
`/ask`, a mention, or a reply to a message of the bot that speaks to nobody else; in channels a post
that begins with `/ask`. All else is ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from telegram import Message
from telegram.constants import ChatType, MessageEntityType
from telegram.ext import filters

from bot.records.people import ChatRecord, Person
from corpus.storage.documents import storable

if TYPE_CHECKING:
    from telegram import Chat as TelegramChat
    from telegram import MessageEntity, User


ALONE: Final = frozenset({"privately", "me"})
"""Commands with a question whose answer is for the asker alone."""
ASKING: Final = ALONE | {"ask"}
"""Commands that have a question after them."""


@dataclass(frozen=True, slots=True)
class Command:
    """`/name@bot rest`, at the beginning of a message."""

    name: str
    bot: str | None
    rest: str


def question_in(message: Message) -> str | None:
    """The question in a message: '' for an empty one, None when the bot is not addressed."""
    me = message.get_bot()
    # Posts of a linked channel arrive in its group as well: each would be answered twice.
    if message.is_automatic_forward or message.via_bot or is_by_bot(message):
        return None
    command = command_in(message)
    if command:
        if command.name not in ASKING or not is_for(command, me.username):
            return None
        return command.rest or _replied_text(message)
    if message.chat.type == ChatType.CHANNEL:
        return None
    if message.chat.type == ChatType.PRIVATE:
        return message.text or message.caption
    return _group_question(message)


def command_in(message: Message) -> Command | None:
    """The command that a message begins with, whichever bot it is for."""
    text = message.text or message.caption or ""
    for entity in message.entities or message.caption_entities:
        if entity.type == MessageEntityType.BOT_COMMAND and entity.offset == 0:
            name, _, bot = text[1 : entity.length].partition("@")  # ASCII: units are characters
            return Command(name.lower(), bot or None, text[entity.length :].strip())
    return None


def is_for(command: Command, username: str) -> bool:
    """Whether a command may be for the bot of this username: it names it, or no bot at all."""
    return command.bot is None or command.bot.lower() == username.lower()


def replied_to(message: Message) -> Message | None:
    """The message replied to; not the topic's first, which every message in a topic carries."""
    replied = message.reply_to_message
    if replied is None or replied.forum_topic_created:
        return None
    if message.is_topic_message and replied.message_id == message.message_thread_id:
        return None
    return replied


def is_from_bot(message: Message) -> bool:
    """Whether the bot itself wrote a message."""
    return message.from_user is not None and message.from_user.id == message.get_bot().id


def quoted_in(message: Message) -> str | None:
    """The part of another message that a reply quotes, if it was chosen by hand."""
    quote = message.quote
    if quote is None or not quote.is_manual:
        return None
    return quote.text.strip() or None


def is_by_bot(message: Message) -> bool:
    """Whether a bot wrote it. Anonymous administrators and channels also use a bot's account."""
    author = message.from_user
    return author is not None and author.is_bot and message.sender_chat is None


def _group_question(message: Message) -> str | None:
    text = message.text or message.caption or ""
    mentions = [entity for entity in _entities(message) if _is_mention(message, entity)]
    if mentions:
        return _remove_mentions(message, mentions) or _replied_text(message)
    replied = replied_to(message)
    # Who names somebody else speaks to them, also in reply to the bot.
    if replied and is_from_bot(replied) and text and not _names_another(message):
        return text
    return None


def _replied_text(message: Message) -> str:
    """The text that a bare `/ask` refers to: the quoted part, else the message replied to."""
    # A person quotes the part that they mean, be it of an answer.
    if quoted := quoted_in(message):
        return quoted
    replied = replied_to(message)
    if replied is None or is_from_bot(replied):
        return ""
    command = command_in(replied)
    return command.rest if command else (replied.text or replied.caption or "").strip()


def _entities(message: Message) -> tuple[MessageEntity, ...]:
    return tuple(message.entities or message.caption_entities)


def remove_mentions(message: Message) -> str:
    """The text of a message without the mentions of the bot."""
    mentions = [entity for entity in _entities(message) if _is_mention(message, entity)]
    return _remove_mentions(message, mentions)


def _is_mention(message: Message, entity: MessageEntity) -> bool:
    me = message.get_bot()
    if entity.type == MessageEntityType.TEXT_MENTION:
        return entity.user is not None and entity.user.id == me.id
    if entity.type != MessageEntityType.MENTION:
        return False
    return _entity_text(message, entity).lower() == f"@{me.username}".lower()


def _names_another(message: Message) -> bool:
    """Whether a message mentions a person, and not the bot."""
    kinds = (MessageEntityType.MENTION, MessageEntityType.TEXT_MENTION)
    return any(entity.type in kinds for entity in _entities(message))


def _entity_text(message: Message, entity: MessageEntity) -> str:
    if message.text:
        return message.parse_entity(entity)
    return message.parse_caption_entity(entity)


def _remove_mentions(message: Message, mentions: list[MessageEntity]) -> str:
    """The text with the mentions taken out; offsets count UTF-16 units."""
    units = (message.text or message.caption or "").encode("utf-16-le")
    for entity in reversed(mentions):
        # From the last to the first, so that earlier offsets stay right.
        units = units[: 2 * entity.offset] + units[2 * (entity.offset + entity.length) :]
    return " ".join(units.decode("utf-16-le").split(" ")).strip()


class ByAnotherBot(filters.MessageFilter):
    """What a bot wrote, which has no authority, and could answer each answer for ever."""

    def filter(self, message: Message) -> bool:
        """Whether a bot wrote the message."""
        return is_by_bot(message)


NEW: Final = (
    filters.UpdateType.MESSAGE & ~filters.IS_AUTOMATIC_FORWARD & ~filters.VIA_BOT & ~ByAnotherBot()
)
"""New messages, not edited ones: editing a command does not carry it out again."""


def person_from(user: User) -> Person:
    """A user of Telegram as the records keep them."""
    return Person(user.id, user.full_name, user.username, user.language_code)


def chat_from(chat: TelegramChat) -> ChatRecord | None:
    """A group or channel as the records keep it; None for a private chat."""
    if chat.type == ChatType.PRIVATE:
        return None
    return ChatRecord(chat.id, storable(chat.title or ""), chat.type)
