"""Reactions to an answer count as feedback, where the bot may see them: 👍 useful, 👎 not useful.

Telegram tells a bot of reactions in private chats, and in groups where it is an administrator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram import ReactionTypeEmoji
from telegram.constants import ChatType
from telegram.ext import MessageReactionHandler

from bot.telegram.context import Context, blocking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import MessageReactionUpdated, ReactionType, Update

    from bot.telegram.context import BotData, Handlers

VERDICTS: Final = {"👍": True, "👎": False}


def handlers() -> Handlers:
    """Reactions of people; anonymous ones and counts in channels name nobody, and count nothing."""
    kind = MessageReactionHandler.MESSAGE_REACTION_UPDATED
    return [MessageReactionHandler(on_reaction, message_reaction_types=kind)]


async def on_reaction(update: Update, context: Context) -> None:
    """Store what a reaction says of an answer; taking it back takes the feedback back."""
    reaction = update.message_reaction
    assert reaction is not None
    if reaction.user is None or reaction.user.is_bot:
        return
    before, after = _verdict(reaction.old_reaction), _verdict(reaction.new_reaction)
    if before != after:
        await blocking(_store, context.bot_data, reaction, reaction.user.id, after)


def _store(
    bot_data: BotData, reaction: MessageReactionUpdated, person_id: int, verdict: bool | None
) -> None:
    chat, conversation = reaction.chat, bot_data.conversation
    question = conversation.answered_by(chat.id, reaction.message_id)
    if question is None:
        return
    # Like the buttons: whoever may no longer see the matter judges nothing of it.
    thread_id = question.question.thread_id
    scope = (
        bot_data.access.scope_of_person(person_id)
        if chat.type == ChatType.PRIVATE
        else bot_data.access.scope_of_chat(chat.id, thread_id)
    )
    if scope.is_empty:
        return
    if verdict is None:
        conversation.take_back(question.key, person_id)
    else:
        conversation.judge(question.key, person_id, useful=verdict)


def _verdict(reactions: Sequence[ReactionType]) -> bool | None:
    """What reactions say; None for neither thumb, and for both."""
    emoji = {
        VERDICTS[reaction.emoji]
        for reaction in reactions
        if isinstance(reaction, ReactionTypeEmoji) and reaction.emoji in VERDICTS
    }
    return emoji.pop() if len(emoji) == 1 else None
