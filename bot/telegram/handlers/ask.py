"""Questions: the answer, its further pages, edits of the question, and feedback on the answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from telegram.ext import CallbackQueryHandler

from bot.records.conversation import AskedQuestion
from bot.records.keys import BUTTON_KEY
from bot.telegram.context import Context, blocking, button_press_from, has_several
from bot.understanding import topic
from bot.views.markup import Html, fill
from bot.views.render import Page, answer_view, nearest_view
from bot.views.view import Button, View
from corpus.language.lengths import weight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Update

    from bot.records.conversation import Question
    from bot.telegram.context import ButtonPress, Handlers, Request
    from corpus.models import Scope
    from index.answer import Answer, Hit

REQUEST: Final = "letmein"
"""The data of the button with which somebody outside asks for access."""


SILENT: Final = View(Html(""))
"""Nothing is said: they were told within the last minute that they ask too much."""
LONGEST_QUOTED: Final = 300
"""What a quoted part may weigh to be searched for together with the question about it."""


@dataclass(frozen=True, slots=True)
class History:
    """What is on record about a question before it is answered."""

    recorded: AskedQuestion | None
    """The question itself, if it was asked before: it is repeated or edited now."""
    follows: AskedQuestion | None = None
    """The question before it, in a chain of replies or in the last minutes of a private chat."""
    quoted: str = ""
    """The part of a message that the question is about."""

    @property
    def earlier(self) -> str | None:
        """What the question goes on from: what it quotes, else the question before it."""
        if self.recorded:
            return self.recorded.earlier
        if self.quoted:
            return self.quoted
        return topic(self.follows.question.text, self.follows.understood) if self.follows else None


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A question and its answer, on record and ready to be shown."""

    question: AskedQuestion
    answer: Answer
    page: Page


def handlers() -> Handlers:
    """The buttons below answers; what is written comes in through `talk`."""
    return [
        CallbackQueryHandler(on_page, rf"^(more|near|all):{BUTTON_KEY}:\d{{1,6}}$"),
        CallbackQueryHandler(on_feedback, rf"^judge:{BUTTON_KEY}:[01](:\d{{1,6}})?$"),
    ]


async def answer_question(
    request: Request, question: Question, follows: AskedQuestion | None = None, quoted: str = ""
) -> None:
    """Answer a question; an edited one changes its answer; a repeated one changes nothing.

    `follows`: the question that it may go on from; `quoted`: the part of a message it is about.
    """
    history = await blocking(_look_up, request, question, follows, quoted)
    # Telegram may deliver an update twice, and an edit may change only a link preview.
    if history.recorded and history.recorded.answer_id and not history.recorded.changed:
        return
    view = await _check_question(request, question.text)
    if view is SILENT:
        return
    if view is None:
        outbox = request.bot_data.outbox
        async with (
            request.bot_data.limit.lane(request.asker_id),
            outbox.placeholder(request.place),
            outbox.typing(request.place),
        ):
            answered = await blocking(_answer, request, question, history)
        if answered:
            await _show(request, answered)
            return
        view = await empty_scope_view(request)
    await _deliver(request, view, history.recorded, alone=True)


async def show_more(request: Request, before: AskedQuestion, more: Question) -> None:
    """Show the passages after those shown for `before`, in answer to the message `more`.

    The message is kept as the same question asked once more, so that its buttons and the numbers
    of its passages work as those of any answer.
    """
    if wait := await limit_view(request):
        if wait is not SILENT:
            await request.show(wait)
        return
    scope = await blocking(request.scope)
    if scope.is_empty:
        await request.show(await empty_scope_view(request))
        return
    text, size = before.question.text, request.bot_data.services.settings.passages
    page = Page("", size, len(before.citations))
    async with request.bot_data.limit.lane(request.asker_id):
        answer = await blocking(_search, request, text, before.earlier, scope, page)
    page = await blocking(_told_apart, request, page, scope, answer)
    if not answer.hits:
        await request.reply(request.texts.no_more)
        return
    nearest = answer.refusal is not None
    audit_record = request.answer_record("page", answer, text, scope, nearest=nearest)

    def store() -> AskedQuestion:
        repeated = replace(more, text=text)
        ask = request.bot_data.conversation.ask
        return ask(repeated, earlier=before.earlier, shown=audit_record)

    stored = await blocking(store)
    page = replace(page, token=stored.token)
    view = (nearest_view if nearest else answer_view)(answer, request.texts, page)
    answer_id = await request.show(view)
    if answer_id is not None:
        citations = number_citations(before.citations, answer.hits)
        await _record_answer(request, stored, answer_id, citations, answer)


async def on_page(update: Update, context: Context) -> None:
    """Show the next or previous passages in the same message."""
    press = await button_press_from(update, context)
    if press is None:
        return
    request, bot_data = press.request, context.bot_data
    question = await _question_of_button(press)
    if question is None:
        return
    # Each page is a search, so presses count like questions.
    wait = await blocking(bot_data.limit.wait, request.asker_id)
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
    async with bot_data.limit.lane(request.asker_id):
        answer = await blocking(_search, request, text, question.earlier, scope, page)
    page = await blocking(_told_apart, request, page, scope, answer)
    nearest = (press.query.data or "").startswith("near")
    if not answer.hits and (nearest or not answer.refusal):
        await press.toast(request.texts.no_more)
        return
    # Recorded before it is shown: what the audit lacks must never have been seen.
    record = request.answer_record("page", answer, text, scope, nearest=nearest)
    await blocking(bot_data.audit.record, record)
    citations = number_citations(question.citations, answer.hits)
    answer_id = question.answer_id or request.message_id
    await _record_answer(request, question, answer_id, citations, answer)
    view = (nearest_view if nearest else answer_view)(answer, request.texts, page)
    await press.show_alone(view, replaces=True)


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
        return fill(texts.not_bound, place=Html(request.place_name))
    if await blocking(request.bot_data.claim.is_open):
        return Html(texts.unclaimed)
    return Html(texts.not_admitted)


async def empty_scope_view(request: Request) -> View:
    """The same sentence, with a button that asks the owners to let the person in."""
    sentence, texts = await explain_empty_scope(request), request.texts
    if sentence != texts.not_admitted or request.person is None:
        return View(sentence)
    return View(sentence, ((Button(texts.people.request_label, data=REQUEST),),))


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


def _look_up(
    request: Request, question: Question, follows: AskedQuestion | None, quoted: str
) -> History:
    """Look up a question and the one before it; an edited text is stored at once. Blocks."""
    conversation = request.bot_data.conversation
    recorded = conversation.find(question.chat_id, question.message_id)
    # Ids of ephemeral messages are used again after the message is gone (Bot API).
    if recorded and question.message_id < 0 and recorded.question.at != question.at:
        recorded = replace(conversation.ask(question), changed=True, answer_id=None)
    if recorded is None:
        return History(None, follows, quoted)
    return History(conversation.ask(question) if request.is_edit else recorded, quoted=quoted)


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
    if history.quoted and answer.understood_as is None:
        answer = _search_quoted(request, text, history.quoted, scope, Page("", size)) or answer
    audit_record = request.answer_record("answer", answer, text, scope)
    page = _told_apart(request, Page("", size), scope, answer)
    if history.recorded:
        request.bot_data.audit.record(audit_record)
        return AnsweredQuestion(
            history.recorded, answer, replace(page, token=history.recorded.token)
        )
    stored = request.bot_data.conversation.ask(
        question, history.follows, earlier=history.earlier, shown=audit_record
    )
    return AnsweredQuestion(stored, answer, replace(page, token=stored.token))


async def _show(request: Request, answered: AnsweredQuestion) -> None:
    answer, question = answered.answer, answered.question
    view = answer_view(answer, request.texts, answered.page)
    answer_id = await _deliver(request, view, question, alone=answer.refusal is not None)
    if answer_id is not None:
        citations = [] if answer.refusal else number_citations((), answer.hits)
        await _record_answer(request, question, answer_id, citations, answer)


def _told_apart(request: Request, page: Page, scope: Scope, answer: Answer) -> Page:
    """The page with what tells its passages apart: matters, and messages that brought them.

    Blocks on the database.
    """
    bot_data, chat_id = request.bot_data, request.place.chat_id
    documents = {hit.document_id for hit in answer.hits}
    links = bot_data.upload_processor.uploads.links_in(chat_id, documents)
    return replace(page, several=has_several(bot_data, scope), links=links)


def _search(
    request: Request, question: str, earlier: str | None, scope: Scope, page: Page
) -> Answer:
    """The answer within a scope. Blocks."""
    answer = request.bot_data.services.searcher.answer
    with request.bot_data.limit.charged(request.asker_id):
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


def _search_quoted(
    request: Request, question: str, quoted: str, scope: Scope, page: Page
) -> Answer | None:
    """The answer to a question together with the words it quotes; None where they are too many.

    A whole paragraph beside a few words would find nothing but itself.
    """
    if weight(quoted) > LONGEST_QUOTED:
        return None
    both = f"{question.strip()} ({quoted})"
    answer = _search(request, both, None, scope, page)
    return replace(answer, question=question, understood_as=both) if answer.hits else None


async def _deliver(
    request: Request, view: View, question: AskedQuestion | None, *, alone: bool = False
) -> int | None:
    """Edit the message that answers, or send one; its id, None when neither is possible.

    `alone`: a refusal, which concerns the asker and nobody else.
    """
    outbox, place, answer_id = request.bot_data.outbox, request.place, None
    if question:
        answer_id = question.answer_id
    # What one person saw cannot become what everybody sees, so it is not edited but sent anew.
    if answer_id and answer_id > 0 and await outbox.edit(place.chat_id, answer_id, view):
        return answer_id
    return await (request.reply_alone(view) if alone else request.show(view))


async def _check_question(request: Request, question: str) -> View | None:
    """Why a question is not searched for at all, in one sentence; None if it may be."""
    if not question.strip():
        return View(Html(request.texts.ask_usage))
    return await limit_view(request)


async def limit_view(request: Request) -> View | None:
    """The sentence for who asks too much, once a minute; None for who may ask now."""
    limit = request.bot_data.limit
    wait = await blocking(limit.wait, request.asker_id)
    if not wait:
        return None
    # Telegram lets few messages into a chat: told each time, a flood would hold up all answers.
    if not limit.is_first_refusal(request.asker_id, request.place.chat_id):
        return SILENT
    return View(fill(request.texts.too_many, limit=limit.per_minute, seconds=wait))
