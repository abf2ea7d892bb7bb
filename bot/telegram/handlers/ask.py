"""Asking: a question in words, its answer, the pages after it, and its edits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot.audit import shown_citations
from bot.records.conversation import Asked, Question
from bot.telegram.addressing import is_mine, question_in, replied_to
from bot.telegram.context import Context, blocking, button_press_from, request_from
from bot.views.markup import Html, fill
from bot.views.render import Page, View, answer_view, nearest_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Message, Update

    from bot.telegram.context import Handlers, Request
    from corpus.models import Scope
    from index.answer import Answer, Hit


@dataclass(frozen=True, slots=True)
class Talk:
    """What is known of a question before it is answered."""

    known: Asked | None
    follows: Asked | None = None

    @property
    def earlier(self) -> str | None:
        """What was asked before it in a chain of replies."""
        if self.known:
            return self.known.earlier
        return self.follows.asks if self.follows else None


@dataclass(frozen=True, slots=True)
class Found:
    """A question and its answer, on record and ready to be shown."""

    asked: Asked
    answer: Answer
    page: Page


class Addressed(filters.MessageFilter):
    """Messages that ask the bot something, new or edited."""

    def filter(self, message: Message) -> bool:
        """Whether the message is a question to the bot."""
        return question_in(message) is not None


def handlers() -> Handlers:
    """Questions of every kind, and the buttons that turn their answers' pages."""
    return [
        MessageHandler(Addressed(), on_question),
        CallbackQueryHandler(on_page, r"^(more|near):\d+:\d+$"),
    ]


async def on_question(update: Update, context: Context) -> None:
    """Answer a question; an edited one changes its answer; one that is known changes nothing."""
    message = update.effective_message
    assert message is not None
    request = await request_from(message, context)
    question = _question(message, request)
    talk = await blocking(_talk, request, message, question)
    if talk.known and talk.known.answer_id and not talk.known.changed:
        return
    view = await _hindrance(request, question.text)
    if view is None:
        async with request.bot_data.outbox.typing(request.place):
            found = await blocking(_find, request, question, talk)
        if found:
            await _show(request, found)
            return
        view = View(await explain_empty_scope(request))
    await _deliver(request, view, talk.known)


async def on_page(update: Update, context: Context) -> None:
    """Show the passages after those shown, or before them, in the same message."""
    press = await button_press_from(update, context)
    if press is None:
        return
    request, bot_data = press.request, context.bot_data
    asked = await blocking(
        bot_data.conversation.by_key, int(press.arguments[0]), request.place.chat_id
    )
    if asked is None:
        await press.toast(request.texts.button_gone)
        return
    person = update.effective_user.id if update.effective_user else 0
    wait = await blocking(bot_data.limit.wait, person)
    if wait:
        await press.toast(request.texts.too_many_presses.format(seconds=wait))
        return
    scope = await blocking(request.scope)
    if scope.is_empty:
        await press.toast(request.texts.no_access, alert=True)
        return
    page = Page(asked.key, bot_data.services.settings.passages, int(press.arguments[1]))
    asks = asked.question.text
    answer = await blocking(_searched, request, asks, asked.earlier, scope, page)
    nearest = (press.query.data or "").startswith("near")
    if not answer.hits and (nearest or not answer.refusal):
        await press.toast(request.texts.no_more)
        return
    await request.record("page", shown_citations(answer, nearest=nearest), asked.question.text)
    await press.toast()
    await press.show((nearest_view if nearest else answer_view)(answer, request.texts, page))
    citations = numbered(asked.citations, answer.hits)
    await _keep_answer(request, asked, request.message_id, citations, answer)


async def explain_empty_scope(request: Request) -> Html:
    """Why there is nothing here that may be asked, and how that is mended; no word more."""
    texts, place = request.texts, request.place
    if place.is_channel:
        return fill(texts.not_bound_channel, chat=place.chat_id)
    if not place.is_private:
        return Html(texts.not_bound)
    if await blocking(request.bot_data.claim.is_open):
        return Html(texts.unclaimed)
    return fill(texts.not_admitted, person=request.person.id if request.person else "")


def numbered(citations: Sequence[str], hits: Sequence[Hit]) -> list[str]:
    """The citations shown so far, each in the place of its number."""
    shown = list(citations)
    for hit in hits:
        shown += [""] * (hit.rank - len(shown))
        shown[hit.rank - 1] = hit.citation
    return shown


def _talk(request: Request, message: Message, question: Question) -> Talk:
    """Look up a question, and the one that it follows; an edit is kept at once. Blocks."""
    conversation = request.bot_data.conversation
    known = conversation.find(question.chat_id, question.message_id)
    if known is None:
        return Talk(None, _followed(request, message, question))
    return Talk(conversation.ask(question) if message.edit_date else known)


def _find(request: Request, question: Question, talk: Talk) -> Found | None:
    """Search, and put on record what will be shown; None where nothing may be asked. Blocks.

    One hop to a thread and one transaction, since many ask at once.
    """
    scope = request.scope()
    if scope.is_empty:
        return None
    size = request.bot_data.services.settings.passages
    asks = talk.known.question.text if talk.known else question.text
    answer = _searched(request, asks, talk.earlier, scope, Page(0, size))
    shown = request.shown("answer", shown_citations(answer), asks)
    if talk.known:
        request.bot_data.audit.record(shown)
        return Found(talk.known, answer, Page(talk.known.key, size))
    asked = request.bot_data.conversation.ask(question, talk.follows, shown=shown)
    return Found(asked, answer, Page(asked.key, size))


async def _show(request: Request, found: Found) -> None:
    answer, asked = found.answer, found.asked
    answer_id = await _deliver(request, answer_view(answer, request.texts, found.page), asked)
    if answer_id is not None:
        citations = [] if answer.refusal else numbered((), answer.hits)
        await _keep_answer(request, asked, answer_id, citations, answer)


def _searched(
    request: Request, question: str, earlier: str | None, scope: Scope, page: Page
) -> Answer:
    """The answer within a scope. Blocks."""
    answer = request.bot_data.services.searcher.answer
    return answer(question, scope=scope, k=page.size, skip=page.skip, earlier=earlier)


async def _keep_answer(
    request: Request,
    asked: Asked,
    answer_id: int,
    citations: Sequence[str],
    answer: Answer,
) -> None:
    await blocking(
        request.bot_data.conversation.answer,
        asked.key,
        answer_id,
        citations,
        understood=answer.understood_as,
        index_version=request.bot_data.services.searcher.version,
    )


def _followed(request: Request, message: Message, question: Question) -> Asked | None:
    """The question before this one, where this is a reply to it or to its answer. Blocks.

    A bare `/ask` in reply to a question asks that one again, and follows nothing.
    """
    replied, conversation = replied_to(message), request.bot_data.conversation
    if replied is None:
        return None
    find = conversation.answered_by if is_mine(replied) else conversation.find
    before = find(request.place.chat_id, replied.message_id)
    if before is None or before.question.thread_id != request.place.thread_id:
        return None
    return None if before.question.text == question.text else before


async def _deliver(request: Request, view: View, asked: Asked | None) -> int | None:
    """Put a view into the message that answers, or send one; its id, None when it cannot be."""
    outbox, place = request.bot_data.outbox, request.place
    if asked and asked.answer_id and await outbox.edit(place.chat_id, asked.answer_id, view):
        return asked.answer_id
    return await outbox.send(place, view, reply_to=request.message_id)


async def _hindrance(request: Request, question: str) -> View | None:
    """What keeps a question from being looked for at all, in one sentence."""
    if not question.strip():
        return View(Html(request.texts.ask_usage))
    limit = request.bot_data.limit
    wait = await blocking(
        limit.wait, request.person.id if request.person else request.place.chat_id
    )
    return (
        View(fill(request.texts.too_many, limit=limit.per_minute, seconds=wait)) if wait else None
    )


def _question(message: Message, request: Request) -> Question:
    written = message.edit_date or message.date
    return Question(
        chat_id=request.place.chat_id,
        thread_id=request.place.thread_id,
        message_id=message.message_id,
        person_id=request.person.id if request.person else None,
        text=question_in(message) or "",
        at=written.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
