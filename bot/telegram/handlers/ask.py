"""Questions: the answer, its further pages, edits of the question, and feedback on the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot.audit import shown_citations
from bot.records.conversation import AskedQuestion, Question
from bot.records.keys import BUTTON_KEY
from bot.telegram.addressing import is_from_bot, question_in, replied_to
from bot.telegram.context import Context, blocking, button_press_from, request_from
from bot.views.markup import Html, fill
from bot.views.render import Page, View, answer_view, nearest_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Message, Update

    from bot.telegram.context import ButtonPress, Handlers, Request
    from corpus.models import Scope
    from index.answer import Answer, Hit


@dataclass(frozen=True, slots=True)
class History:
    """What is on record about a question before it is answered."""

    recorded: AskedQuestion | None
    """The question itself, if it was asked before: it is repeated or edited now."""
    follows: AskedQuestion | None = None
    """The question before it in a chain of replies."""

    @property
    def earlier(self) -> str | None:
        """The text of the question before it in a chain of replies."""
        if self.recorded:
            return self.recorded.earlier
        return self.follows.asks if self.follows else None


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A question and its answer, on record and ready to be shown."""

    question: AskedQuestion
    answer: Answer
    page: Page


class Addressed(filters.MessageFilter):
    """Messages that ask the bot something, new or edited."""

    def filter(self, message: Message) -> bool:
        """Whether the message is a question to the bot."""
        return question_in(message) is not None


def handlers() -> Handlers:
    """Questions of every kind, and the buttons below their answers."""
    return [
        MessageHandler(Addressed(), on_question),
        CallbackQueryHandler(on_page, rf"^(more|near|all):{BUTTON_KEY}:\d{{1,6}}$"),
        CallbackQueryHandler(on_feedback, rf"^judge:{BUTTON_KEY}:[01](:\d{{1,6}})?$"),
    ]


async def on_question(update: Update, context: Context) -> None:
    """Answer a question; an edited one changes its answer; a repeated one changes nothing."""
    message = update.effective_message
    assert message is not None
    request = await request_from(message, context)
    question = _question_from(message, request)
    history = await blocking(_look_up, request, message, question)
    # Telegram may deliver an update twice, and an edit may change only a link preview.
    if history.recorded and history.recorded.answer_id and not history.recorded.changed:
        return
    view = await _check_question(request, question.text)
    if view is None:
        async with request.bot_data.outbox.typing(request.place):
            answered = await blocking(_answer, request, question, history)
        if answered:
            await _show(request, answered)
            return
        view = View(await explain_empty_scope(request))
    await _deliver(request, view, history.recorded)


async def on_page(update: Update, context: Context) -> None:
    """Show the next or previous passages in the same message."""
    press = await button_press_from(update, context)
    if press is None:
        return
    request, bot_data = press.request, context.bot_data
    question = await _question_of_button(press)
    if question is None:
        return
    person_id = update.effective_user.id if update.effective_user else 0
    # Each page is a search, so presses count like questions.
    wait = await blocking(bot_data.limit.wait, person_id)
    if wait:
        await press.toast(request.texts.too_many_presses.format(seconds=wait))
        return
    # Asked anew: access may have been taken away since the answer was sent.
    scope = await blocking(request.scope)
    if scope.is_empty:
        await press.toast(request.texts.no_access, alert=True)
        return
    limited = not (press.query.data or "").startswith("all")
    size = bot_data.services.settings.passages
    page = Page(question.token, size, int(press.arguments[1]), limited=limited)
    text = question.question.text
    answer = await blocking(_search, request, text, question.earlier, scope, page)
    nearest = (press.query.data or "").startswith("near")
    if not answer.hits and (nearest or not answer.refusal):
        await press.toast(request.texts.no_more)
        return
    # Recorded before it is shown: what the audit lacks must never have been seen.
    await request.record("page", shown_citations(answer, nearest=nearest), text)
    await press.toast()
    await press.show((nearest_view if nearest else answer_view)(answer, request.texts, page))
    citations = number_citations(question.citations, answer.hits)
    await _record_answer(request, question, request.message_id, citations, answer)


async def on_feedback(update: Update, context: Context) -> None:
    """Store whether a person finds an answer useful, if they may still see the matter."""
    press = await button_press_from(update, context)
    if press is None:
        return
    request, texts = press.request, press.request.texts
    question = await _question_of_button(press)
    if question is None:
        return
    if request.person is None:
        await press.toast(texts.button_gone)
        return
    scope = await blocking(request.scope)
    if scope.is_empty:
        await press.toast(texts.no_access, alert=True)
        return
    useful = press.arguments[1] == "1"
    skip = int(press.arguments[2]) if len(press.arguments) > 2 else 0
    judge = context.bot_data.conversation.judge
    await blocking(judge, question.key, request.person.id, useful=useful, skip=skip)
    await press.toast(texts.noted_useful if useful else texts.noted_not_useful)


async def explain_empty_scope(request: Request) -> Html:
    """Why nothing may be asked here, and what to do about it; nothing about other matters."""
    texts, place = request.texts, request.place
    if place.is_channel:
        return fill(texts.not_bound_channel, chat=place.chat_id)
    if not place.is_private:
        return Html(texts.not_bound)
    if await blocking(request.bot_data.claim.is_open):
        return Html(texts.unclaimed)
    return fill(texts.not_admitted, person=request.person.id if request.person else "")


def number_citations(citations: Sequence[str], hits: Sequence[Hit]) -> list[str]:
    """The citations of all pages so far, each at the index of its rank; '' where one is missing."""
    by_rank = list(citations)
    for hit in hits:
        # Pages may be opened in any order, so earlier ranks can be missing.
        by_rank += [""] * (hit.rank - len(by_rank))
        by_rank[hit.rank - 1] = hit.citation
    return by_rank


async def _question_of_button(press: ButtonPress) -> AskedQuestion | None:
    """The question that a button's key names; None, and the press is answered, if there is none.

    The button has to stand below the answer to this question, in its own chat and topic.
    """
    request, place = press.request, press.request.place
    find = request.bot_data.conversation.by_token
    question = await blocking(find, press.arguments[0], place.chat_id, place.thread_id)
    # What one person alone sees has no id above 0, and is a copy of a part of the answer.
    is_copy = request.message_id <= 0
    if question and not is_copy and question.answer_id not in (None, request.message_id):
        question = None
    if question is None:
        await press.toast(request.texts.button_gone)
    return question


def _look_up(request: Request, message: Message, question: Question) -> History:
    """Look up a question and the one before it; an edited text is stored at once. Blocks."""
    conversation = request.bot_data.conversation
    recorded = conversation.find(question.chat_id, question.message_id)
    if recorded is None:
        return History(None, _followed_question(request, message, question))
    return History(conversation.ask(question) if message.edit_date else recorded)


def _answer(request: Request, question: Question, history: History) -> AnsweredQuestion | None:
    """Search, and record what will be shown; None where nothing may be asked. Blocks.

    One thread and one transaction for all of it, since many people ask at once.
    """
    scope = request.scope()
    if scope.is_empty:
        return None
    size = request.bot_data.services.settings.passages
    # The stored text: an edit that arrived meanwhile is newer than this message.
    text = history.recorded.question.text if history.recorded else question.text
    answer = _search(request, text, history.earlier, scope, Page("", size))
    audit_record = request.audit_record("answer", shown_citations(answer), text)
    if history.recorded:
        request.bot_data.audit.record(audit_record)
        return AnsweredQuestion(history.recorded, answer, Page(history.recorded.token, size))
    stored = request.bot_data.conversation.ask(question, history.follows, shown=audit_record)
    return AnsweredQuestion(stored, answer, Page(stored.token, size))


async def _show(request: Request, answered: AnsweredQuestion) -> None:
    answer, question = answered.answer, answered.question
    view = answer_view(answer, request.texts, answered.page)
    answer_id = await _deliver(request, view, question)
    if answer_id is not None:
        citations = [] if answer.refusal else number_citations((), answer.hits)
        await _record_answer(request, question, answer_id, citations, answer)


def _search(
    request: Request, question: str, earlier: str | None, scope: Scope, page: Page
) -> Answer:
    """The answer within a scope. Blocks."""
    answer = request.bot_data.services.searcher.answer
    return answer(
        question,
        scope=scope,
        k=page.size,
        skip=page.skip,
        earlier=earlier,
        limited=page.limited,
    )


async def _record_answer(
    request: Request,
    question: AskedQuestion,
    answer_id: int,
    citations: Sequence[str],
    answer: Answer,
) -> None:
    await blocking(
        request.bot_data.conversation.answer,
        question.key,
        answer_id,
        citations,
        understood=answer.understood_as,
        index_version=request.bot_data.services.searcher.version,
    )


def _followed_question(
    request: Request, message: Message, question: Question
) -> AskedQuestion | None:
    """The question before this one, where this is a reply to it or to its answer. Blocks.

    A bare `/ask` in reply to a question asks that one again, and follows nothing.
    """
    replied, conversation = replied_to(message), request.bot_data.conversation
    if replied is None:
        return None
    find = conversation.answered_by if is_from_bot(replied) else conversation.find
    before = find(request.place.chat_id, replied.message_id)
    # A topic is a wall: a question of another topic may be about a matter closed to this one.
    if before is None or before.question.thread_id != request.place.thread_id:
        return None
    return None if before.question.text == question.text else before


async def _deliver(request: Request, view: View, question: AskedQuestion | None) -> int | None:
    """Edit the message that answers, or send one; its id, None when neither is possible."""
    outbox, place, answer_id = request.bot_data.outbox, request.place, None
    if question:
        answer_id = question.answer_id
    if answer_id and await outbox.edit(place.chat_id, answer_id, view):
        return answer_id
    return await outbox.send(place, view, reply_to=request.message_id)


async def _check_question(request: Request, question: str) -> View | None:
    """Why a question is not searched for at all, in one sentence; None if it may be."""
    if not question.strip():
        return View(Html(request.texts.ask_usage))
    limit = request.bot_data.limit
    # Anonymous administrators and channels have no id of their own: the chat's limit counts.
    asker_id = request.person.id if request.person else request.place.chat_id
    wait = await blocking(limit.wait, asker_id)
    if not wait:
        return None
    return View(fill(request.texts.too_many, limit=limit.per_minute, seconds=wait))


def _question_from(message: Message, request: Request) -> Question:
    # An edit keeps the date of the first text; the latest text is the one that counts.
    written_at = message.edit_date or message.date
    return Question(
        chat_id=request.place.chat_id,
        thread_id=request.place.thread_id,
        message_id=message.message_id,
        person_id=request.person.id if request.person else None,
        text=question_in(message) or "",
        at=written_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
