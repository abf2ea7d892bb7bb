"""Guest questions: `@bot question` in a chat of which the bot is no member.

Whatever the bot posts there, everybody there reads. So it posts one line without a word of any
document, and answers the person alone, in the private chat, from the matter that they chose.
"""

from __future__ import annotations

import hashlib
from datetime import UTC
from typing import TYPE_CHECKING

import structlog
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
)
from telegram.error import BadRequest
from telegram.ext import MessageHandler, filters

from bot.records.conversation import Question
from bot.telegram.addressing import remove_mentions
from bot.telegram.context import Context, blocking, has_several, private_request
from bot.telegram.handlers.ask import answer_question
from bot.views.markup import Html

if TYPE_CHECKING:
    from telegram import Message, Update

    from bot.telegram.context import Handlers, Request

log = structlog.get_logger(__name__)


def handlers() -> Handlers:
    """Guest questions."""
    return [MessageHandler(filters.UpdateType.GUEST_MESSAGE, on_guest)]


async def on_guest(update: Update, context: Context) -> None:
    """Answer whoever asked in private, and post a line that says so."""
    message = update.guest_message
    assert message is not None
    user = message.from_user
    # Whoever hides behind a chat cannot be answered alone.
    if user is None or user.is_bot or message.sender_chat:
        return
    request = await private_request(context, user, _message_id(message))
    wording, text = request.texts.people, remove_mentions(message)
    line = wording.guest_open
    if text and await _answer(request, message, text):
        line = wording.guest_answered
    await _post(context, message, line, wording.guest_label)


async def _answer(request: Request, message: Message, text: str) -> bool:
    """Answer in private; False where the bot may not write there, or the person may ask nothing."""
    assert request.person is not None
    bot_data, person_id = request.bot_data, request.person.id
    reach = await blocking(bot_data.access.admitted_to, person_id)
    if reach.is_empty or not await blocking(bot_data.people.has_private_chat, person_id):
        return False
    chosen = await blocking(bot_data.people.current_matter, person_id)
    if chosen is None and await blocking(has_several, bot_data, reach):
        # Which of several matters is meant would be a guess, and this chat is not a matter's.
        await request.reply(request.texts.people.guest_choose)
        return True
    question = Question(
        chat_id=request.place.chat_id,
        thread_id=0,
        message_id=request.message_id,
        person_id=person_id,
        text=text,
        at=message.date.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    await answer_question(request, question)
    return True


async def _post(context: Context, message: Message, line: str, label: str) -> None:
    link = InlineKeyboardButton(label, url=f"https://t.me/{context.bot.username}?start=guest")
    result = InlineQueryResultArticle(
        id="guest",
        title=line,
        input_message_content=InputTextMessageContent(Html(line)),
        reply_markup=InlineKeyboardMarkup.from_button(link),
    )
    assert message.guest_query_id is not None
    try:
        await context.bot.answer_guest_query(message.guest_query_id, result)
    except BadRequest as error:
        log.info("guest question not answered", error=str(error))  # it came too late


def _message_id(message: Message) -> int:
    """A number for the question in the private chat, where the message itself does not stand.

    It is negative, as no message's is, and the same when the update comes again.
    """
    digest = hashlib.sha256(f"guest {message.guest_query_id}".encode()).digest()
    return -int.from_bytes(digest[:6], "big") - (1 << 32)
