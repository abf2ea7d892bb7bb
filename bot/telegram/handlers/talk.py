"""What people write to the bot: understood as in the console, then answered, opened or greeted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import MessageHandler, filters

from bot.records.conversation import Question
from bot.telegram.addressing import (
    ALONE,
    command_in,
    is_from_bot,
    question_in,
    quoted_in,
    replied_to,
)
from bot.telegram.context import Context, blocking, request_from, written
from bot.telegram.handlers import watches
from bot.telegram.handlers.ask import answer_question, show_more
from bot.telegram.handlers.checking import check_text
from bot.telegram.handlers.gathering import CUT_UNITS, LONGEST_TEXT, gather_question
from bot.telegram.handlers.matters import NEW_MATTER, name_matter
from bot.telegram.handlers.source import (
    is_visible,
    show_numbered,
    show_reference,
    show_source,
)
from bot.telegram.handlers.tables import ask_each, compare_named
from bot.telegram.places import ephemeral_id
from bot.understanding import FOLLOWS_WITHIN, Utterance, understand
from bot.views.markup import Html, units
from bot.views.view import Button, View

if TYPE_CHECKING:
    from telegram import Message, Update

    from bot.records.conversation import AskedQuestion
    from bot.telegram.context import Handlers, Request


class Addressed(filters.MessageFilter):
    """Messages that say something to the bot, new or edited."""

    def filter(self, message: Message) -> bool:
        """Whether the message is for the bot."""
        return question_in(message) is not None


def handlers() -> Handlers:
    """Everything that is written to the bot and is no other command."""
    return [MessageHandler(Addressed(), on_message)]


async def on_message(update: Update, context: Context) -> None:
    """Understand a message, and do what it asks for."""
    message = update.effective_message
    assert message is not None
    request = await request_from(message, context)
    command = command_in(message)
    text = question_in(message) or ""
    forwarded = ""
    if request.place.is_private or units(text) >= CUT_UNITS // 2:
        rest, forwarded = await gather_question(update, context, message)
        text = f"{text}\n{rest}"[:LONGEST_TEXT] if rest else text
    if command and command.name in ALONE:
        await _answer_alone(request, message, text)
        return
    if command:
        await _ask(request, message, text)
        return
    waiting = None if message.edit_date else await blocking(_take_prompt, request, message)
    if waiting:
        await _complete(request, context, message, waiting, text)
        return
    before = await blocking(_question_before, request, message)
    utterance = understand(text, follows=before is not None)
    await _act(request, message, before, utterance, forwarded)


async def _ask(request: Request, message: Message, text: str) -> None:
    """`/ask QUESTION`; a bare one asks for the question. An edited one changes its answer."""
    if not text and not message.edit_date:
        await request.ask_for("ask", request.texts.ask_usage, request.texts.ask_hint)
        return
    before = await blocking(_replied_question, request, message)
    # A bare `/ask` in reply to a question asks that one again, and follows nothing.
    if before and before.question.text == text:
        before = None
    quoted = _quote(message)
    # A quotation with a bare `/ask` is the question itself.
    quoted = "" if quoted == text else quoted
    await answer_question(request, question_of(request, text), before, quoted)


async def _act(
    request: Request,
    message: Message,
    before: AskedQuestion | None,
    utterance: Utterance,
    forwarded: str,
) -> None:
    """Do what a person means; `before` is the question whose answer they may speak of.

    `forwarded`: what they forwarded with their words, which the question is about.
    """
    if before and utterance.kind == "more":
        await show_more(request, before, question_of(request, utterance.text))
    elif before and utterance.kind == "number":
        await show_numbered(request, before, utterance.number)
    elif utterance.kind in ("thanks", "greeting"):
        await _greet(request, utterance)
    elif await blocking(_is_passage, request, utterance):
        await show_source(request, utterance.text)
    else:
        question = question_of(request, utterance.text)
        await answer_question(request, question, before, forwarded or _quote(message))


def question_of(request: Request, text: str) -> Question:
    """A message as the question `text`."""
    # The latest text is the one that counts, and so is its time.
    return Question(
        chat_id=request.place.chat_id,
        thread_id=request.place.thread_id,
        message_id=request.message_id,
        person_id=request.person.id if request.person else None,
        text=text,
        at=request.at,
    )


async def _answer_alone(request: Request, message: Message, text: str) -> None:
    """`/privately QUESTION`, and `/me` for short: answered to the asker and to nobody else.

    The app sends the command so that only the bot sees it; an older app sends it to everybody. Then
    the answer goes to the asker by other ways, and never to the group.
    """
    if not text:
        await request.reply_alone(View(Html(request.texts.privately_usage)))
        return
    question = question_of(request, text)
    outbox, place, reader = request.bot_data.outbox, request.place, request.reader
    if place.is_private or place.reader:
        await answer_question(request, question, quoted=_quote(message))
        return
    if reader is None or place.is_channel:
        await request.reply(request.texts.anonymous)
        return
    way = await outbox.way_to(place, reader)
    if way == "here" and not await outbox.administers(place.chat_id):
        way = "private" if await blocking(outbox.chats.exists, reader.person_id) else None
    if way is None:
        await request.show(_invitation(request, message))
        return
    await answer_question(request.to_reader(reader, way), question, quoted=_quote(message))


def _invitation(request: Request, message: Message) -> View:
    """The way to the private chat, for who cannot be answered alone here."""
    texts, me = request.texts, message.get_bot().username
    button = Button(texts.open_private_label, url=f"https://t.me/{me}?start=privately")
    return View(Html(texts.privately_in_private), ((button,),))


_CHECKING = {"check": check_text, "compare": compare_named, "each": ask_each}


async def _complete(
    request: Request, context: Context, message: Message, command: str, text: str
) -> None:
    """Carry out a command with what it lacked."""
    if command == "watch":
        await watches.set_watch(request, text)
    elif command == "digest":
        await watches.set_digest(request, context, text)
    elif command == "source":
        await show_reference(request, text, None)
    elif command == NEW_MATTER:
        await name_matter(request, text, forwarded=message.forward_origin is not None)
    elif command in _CHECKING:
        await _CHECKING[command](request, text)
    else:
        await answer_question(request, question_of(request, text), quoted=_quote(message))


async def _greet(request: Request, utterance: Utterance) -> None:
    """A sign for thanks, a line for a greeting; in a group a sign at most."""
    texts, place = request.texts, request.place
    can_react = request.message_id > 0 and not place.reader
    emoji = "🤝" if utterance.kind == "thanks" else "👋"
    if not place.is_private:
        if can_react:
            await request.bot_data.outbox.react(place, request.message_id, "👌")
        return
    if utterance.kind == "thanks" and await request.bot_data.outbox.react(
        place, request.message_id, "👌"
    ):
        return
    await request.reply(f"{emoji} {texts.greeting}")


def _take_prompt(request: Request, message: Message) -> str | None:
    """The command that a message completes; in a group, of a reply to its prompt. Blocks."""
    if request.person is None:
        return None
    replied, place = replied_to(message), request.place
    reply_to = replied.message_id if replied else None
    if reply_to is None and not place.is_private:
        return None
    return request.bot_data.prompts.take(
        place.chat_id,
        place.thread_id,
        request.person.id,
        since=written(message.date, FOLLOWS_WITHIN),
        reply_to=reply_to,
    )


def _question_before(request: Request, message: Message) -> AskedQuestion | None:
    """The question that a message goes on from: by a reply, in private by time as well. Blocks."""
    place, conversation = request.place, request.bot_data.conversation
    if before := _replied_question(request, message):
        return before
    if not place.is_private or request.person is None or message.edit_date:
        return None
    return conversation.latest(
        place.chat_id,
        place.thread_id,
        request.person.id,
        since=written(message.date, FOLLOWS_WITHIN),
    )


def _replied_question(request: Request, message: Message) -> AskedQuestion | None:
    """The question that a message replies to, or to whose answer it replies. Blocks."""
    replied, place = replied_to(message), request.place
    if replied is None:
        return None
    conversation = request.bot_data.conversation
    find = conversation.answered_by if is_from_bot(replied) else conversation.find
    before = find(place.chat_id, replied.message_id or -ephemeral_id(replied))
    # A topic is a wall: a question of another topic may be about a matter closed to this one.
    return before if before and before.question.thread_id == place.thread_id else None


def _is_passage(request: Request, utterance: Utterance) -> bool:
    """Whether a text is a citation id of something here, be it withdrawn. Blocks."""
    return utterance.citation is not None and is_visible(request, str(utterance.citation))


def _quote(message: Message) -> str:
    return quoted_in(message) or ""
