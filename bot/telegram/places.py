"""Where a message goes, and who reads it there: a chat, a topic, or one person alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from telegram.constants import ChatType

if TYPE_CHECKING:
    from telegram import Message

Way: TypeAlias = Literal["here", "private"]
"""How one person alone can be shown something: in the group itself, or in the private chat."""


@dataclass(frozen=True, slots=True)
class SoleReader:
    """The one person of a group who sees a message, and by which act of theirs it may be sent.

    Bot API, ephemeral messages: within 15 seconds of a press or of an ephemeral message of theirs;
    at any time where the bot is an administrator.
    """

    person_id: int
    callback_id: str = ""
    """Their press of a button."""
    message_id: int = 0
    """Their ephemeral message that is answered."""
    replaces: bool = False
    """Whether they see the new message in place of the one whose button they pressed."""
    elsewhere: bool = False
    """Whether it has to be sent in private: the group is no place for it."""


def ephemeral_id(message: Message) -> int:
    """The id of an ephemeral message, which has 0 as its ordinary one; 0 for any other message."""
    return int(message.api_kwargs.get("ephemeral_message_id") or 0)


@dataclass(frozen=True, slots=True)
class Place:
    """A chat, and a topic of it when `thread_id` is not 0."""

    chat_id: int
    thread_id: int = 0
    kind: str = ChatType.PRIVATE
    reader: SoleReader | None = None
    """In a group or channel: the one person who sees what is sent here."""

    @classmethod
    def of(cls, message: Message) -> Place:
        """The place of a message. Only topics have threads; reply chains do not count.

        What one person alone saw is answered to that person alone.
        """
        thread = message.message_thread_id if message.is_topic_message else None
        reader, user = None, message.from_user
        if user and not message.message_id:
            reader = SoleReader(user.id, message_id=ephemeral_id(message))
        return cls(message.chat.id, thread or 0, message.chat.type, reader)

    @property
    def is_private(self) -> bool:
        """Whether one person alone reads it."""
        return self.kind == ChatType.PRIVATE

    @property
    def is_channel(self) -> bool:
        """Whether it is a channel."""
        return self.kind == ChatType.CHANNEL

    @property
    def is_group(self) -> bool:
        """Whether it is a group or a topic of one."""
        return self.kind in (ChatType.GROUP, ChatType.SUPERGROUP)


@dataclass(frozen=True, slots=True)
class PrivateChats:
    """What is known of a person's private chat with the bot; both functions block."""

    exists: Callable[[int], bool] = lambda _: False
    """Whether the bot may write there: the person began it, and has not stopped the bot."""
    is_admitted: Callable[[int], bool] = lambda _: False
    """Whether the person may ask anything there."""
