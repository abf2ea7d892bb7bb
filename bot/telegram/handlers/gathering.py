"""Messages that belong together: forwarded at once, an album, a text that Telegram cut in two.

Each comes as an update of its own. The first one waits a moment, takes the others from the queue,
and is handled with them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, cast

from bot.telegram.addressing import command_in
from bot.views.markup import units

if TYPE_CHECKING:
    from collections.abc import Callable

    from telegram import Message, Update

    from bot.telegram.context import Context
    from bot.telegram.update_queue import UpdateQueue

CUT_UNITS: Final = 3_800
"""An app cuts a longer text at a blank a little before 4,096 UTF-16 units, Telegram's limit."""
AT_ONCE: Final = timedelta(seconds=2)
"""The most between the dates of messages that were sent with one gesture."""
WAIT_SECONDS: Final = 0.8
"""How long the next of them may take. The chat's typing sign hides it."""
MOST_PARTS: Final = 100
"""Messages that a person can forward at once."""
LONGEST_TEXT: Final = 8_000
"""Characters of texts that were joined: more than one question, and less than a book."""


async def gather_question(update: Update, context: Context, message: Message) -> tuple[str, str]:
    """The rest of a text that was cut in two, and the texts that are forwarded with a message.

    Forwarded messages without a comment are one text: the first of them and the rest.
    """
    is_cut = units(message.text or "") >= CUT_UNITS
    # An edit comes alone, and a command has its whole text in its own message.
    if message.edit_date or (command_in(message) and not is_cut):
        return "", ""
    if message.forward_origin:
        parts = await _gather(update, context, _is_forwarded_with(message), waits=True)
        return _joined(parts), ""
    belongs = _continues(message) if is_cut else _is_forwarded_with(message)
    parts = await _gather(update, context, belongs, waits=is_cut)
    return (_joined(parts), "") if is_cut else ("", _joined(parts))


async def gather_album(update: Update, context: Context, message: Message) -> list[Message]:
    """A photograph and those that were sent in one album with it."""
    if message.media_group_id is None:
        return [message]

    def belongs(following: Message) -> bool:
        return following.media_group_id == message.media_group_id

    return [message, *await _gather(update, context, belongs, waits=True)]


async def _gather(
    update: Update, context: Context, belongs: Callable[[Message], bool], *, waits: bool
) -> list[Message]:
    """The messages after an update that belong to it, which are then handled with it.

    `waits`: more may be under way; else only what has arrived already is looked at.
    """
    queue = cast("UpdateQueue", context.application.update_processor)
    parts: list[Message] = []
    while len(parts) < MOST_PARTS:
        if waits:
            await queue.pause(WAIT_SECONDS)
        new = await queue.absorb_following(update, belongs, context.bot)
        if not new:
            break
        parts += new
        # Whoever forwards several sends them one after another.
        waits = True
    return parts


def _is_forwarded_with(message: Message) -> Callable[[Message], bool]:
    def belongs(following: Message) -> bool:
        return following.forward_origin is not None and _is_at_once(message, following)

    return belongs


def _continues(message: Message) -> Callable[[Message], bool]:
    def belongs(following: Message) -> bool:
        is_text = bool(following.text) and not command_in(following)
        return is_text and not following.forward_origin and _is_at_once(message, following)

    return belongs


def _is_at_once(message: Message, following: Message) -> bool:
    same_person = following.from_user == message.from_user
    # In a busy group somebody else's message comes between, which is no part of this one.
    same_place = following.message_thread_id == message.message_thread_id
    return same_person and same_place and abs(following.date - message.date) <= AT_ONCE


def _joined(parts: list[Message]) -> str:
    texts = (part.text or part.caption or "" for part in parts)
    # A hundred forwarded messages would be searched for minutes.
    return "\n".join(filter(None, texts))[:LONGEST_TEXT]
