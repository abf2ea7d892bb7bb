"""Asking: a question in words, its answer, the pages after it, and its edits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot.audit import shown_citations
from bot.handlers.desk import Context, blocking, press_of, visit_of
from bot.records.conversation import Asked, Question
from bot.telegram.addressing import is_mine, question_in, replied_to
from bot.views.markup import Html, fill
from bot.views.render import Page, View, answer_view, nearest_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Message, Update

    from bot.handlers.desk import Handlers, Visit
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
    visit = await visit_of(message, context)
    question = _question(message, visit)
    talk = await blocking(_talk, visit, message, question)
    if talk.known and talk.known.answer_id and not talk.known.changed:
        return
    view = await _hindrance(visit, question.text)
    if view is None:
        async with visit.desk.outbox.typing(visit.place):
            found = await blocking(_find, visit, question, talk)
        if found:
            await _show(visit, found)
            return
        view = View(await nothing_to_ask(visit))
    await _deliver(visit, view, talk.known)


async def on_page(update: Update, context: Context) -> None:
    """Show the passages after those shown, or before them, in the same message."""
    press = await press_of(update, context)
    if press is None:
        return
    visit, desk = press.visit, context.desk
    asked = await blocking(desk.conversation.by_key, int(press.arguments[0]), visit.place.chat_id)
    if asked is None:
        await press.toast(visit.texts.button_gone)
        return
    person = update.effective_user.id if update.effective_user else 0
    wait = await blocking(desk.limit.wait, person)
    if wait:
        await press.toast(visit.texts.too_many_presses.format(seconds=wait))
        return
    scope = await blocking(visit.scope)
    if scope.is_empty:
        await press.toast(visit.texts.no_access, alert=True)
        return
    page = Page(asked.key, desk.services.settings.passages, int(press.arguments[1]))
    asks = asked.question.text
    answer = await blocking(_searched, visit, asks, asked.earlier, scope, page)
    nearest = (press.query.data or "").startswith("near")
    if not answer.hits and (nearest or not answer.refusal):
        await press.toast(visit.texts.no_more)
        return
    await visit.record("page", shown_citations(answer, nearest=nearest), asked.question.text)
    await press.toast()
    await press.show((nearest_view if nearest else answer_view)(answer, visit.texts, page))
    citations = numbered(asked.citations, answer.hits)
    await _keep_answer(visit, asked, visit.message_id, citations, answer)


async def nothing_to_ask(visit: Visit) -> Html:
    """Why there is nothing here that may be asked, and how that is mended; no word more."""
    texts, place = visit.texts, visit.place
    if place.is_channel:
        return fill(texts.not_bound_channel, chat=place.chat_id)
    if not place.is_private:
        return Html(texts.not_bound)
    if await blocking(visit.desk.claim.is_open):
        return Html(texts.unclaimed)
    return fill(texts.not_admitted, person=visit.person.id if visit.person else "")


def numbered(citations: Sequence[str], hits: Sequence[Hit]) -> list[str]:
    """The citations shown so far, each in the place of its number."""
    shown = list(citations)
    for hit in hits:
        shown += [""] * (hit.rank - len(shown))
        shown[hit.rank - 1] = hit.citation
    return shown


def _talk(visit: Visit, message: Message, question: Question) -> Talk:
    """Look up a question, and the one that it follows; an edit is kept at once. Blocks."""
    conversation = visit.desk.conversation
    known = conversation.find(question.chat_id, question.message_id)
    if known is None:
        return Talk(None, _followed(visit, message, question))
    return Talk(conversation.ask(question) if message.edit_date else known)


def _find(visit: Visit, question: Question, talk: Talk) -> Found | None:
    """Search, and put on record what will be shown; None where nothing may be asked. Blocks.

    One hop to a thread and one transaction, since many ask at once.
    """
    scope = visit.scope()
    if scope.is_empty:
        return None
    size = visit.desk.services.settings.passages
    asks = talk.known.question.text if talk.known else question.text
    answer = _searched(visit, asks, talk.earlier, scope, Page(0, size))
    shown = visit.shown("answer", shown_citations(answer), asks)
    if talk.known:
        visit.desk.audit.record(shown)
        return Found(talk.known, answer, Page(talk.known.key, size))
    asked = visit.desk.conversation.ask(question, talk.follows, shown=shown)
    return Found(asked, answer, Page(asked.key, size))


async def _show(visit: Visit, found: Found) -> None:
    answer, asked = found.answer, found.asked
    answer_id = await _deliver(visit, answer_view(answer, visit.texts, found.page), asked)
    if answer_id is not None:
        citations = [] if answer.refusal else numbered((), answer.hits)
        await _keep_answer(visit, asked, answer_id, citations, answer)


def _searched(visit: Visit, question: str, earlier: str | None, scope: Scope, page: Page) -> Answer:
    """The answer within a scope. Blocks."""
    answer = visit.desk.services.searcher.answer
    return answer(question, scope=scope, k=page.size, skip=page.skip, earlier=earlier)


async def _keep_answer(
    visit: Visit,
    asked: Asked,
    answer_id: int,
    citations: Sequence[str],
    answer: Answer,
) -> None:
    await blocking(
        visit.desk.conversation.answer,
        asked.key,
        answer_id,
        citations,
        understood=answer.understood_as,
        index_version=visit.desk.services.searcher.version,
    )


def _followed(visit: Visit, message: Message, question: Question) -> Asked | None:
    """The question before this one, where this is a reply to it or to its answer. Blocks.

    A bare `/ask` in reply to a question asks that one again, and follows nothing.
    """
    replied, conversation = replied_to(message), visit.desk.conversation
    if replied is None:
        return None
    find = conversation.answered_by if is_mine(replied) else conversation.find
    before = find(visit.place.chat_id, replied.message_id)
    if before is None or before.question.thread_id != visit.place.thread_id:
        return None
    return None if before.question.text == question.text else before


async def _deliver(visit: Visit, view: View, asked: Asked | None) -> int | None:
    """Put a view into the message that answers, or send one; its id, None when it cannot be."""
    outbox, place = visit.desk.outbox, visit.place
    if asked and asked.answer_id and await outbox.edit(place.chat_id, asked.answer_id, view):
        return asked.answer_id
    return await outbox.send(place, view, reply_to=visit.message_id)


async def _hindrance(visit: Visit, question: str) -> View | None:
    """What keeps a question from being looked for at all, in one sentence."""
    if not question.strip():
        return View(Html(visit.texts.ask_usage))
    limit = visit.desk.limit
    wait = await blocking(limit.wait, visit.person.id if visit.person else visit.place.chat_id)
    return View(fill(visit.texts.too_many, limit=limit.per_minute, seconds=wait)) if wait else None


def _question(message: Message, visit: Visit) -> Question:
    written = message.edit_date or message.date
    return Question(
        chat_id=visit.place.chat_id,
        thread_id=visit.place.thread_id,
        message_id=message.message_id,
        person_id=visit.person.id if visit.person else None,
        text=question_in(message) or "",
        at=written.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
