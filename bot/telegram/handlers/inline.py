"""Inline queries, `@bot question` in any chat: passages that the person may post there.

The person sees what they are admitted to; others see a passage only once it is message_html.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
)
from telegram.error import BadRequest
from telegram.ext import InlineQueryHandler

from bot.audit import shown_citations
from bot.printable import printable_line
from bot.records.audit import AuditRecord
from bot.telegram.context import Context, blocking, person_from
from bot.texts import language_of, texts_in
from bot.views.markup import Html, shortened
from bot.views.render import quoted_passages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import InlineQuery, Update

    from bot.telegram.context import BotData, Handlers
    from bot.texts.words import Texts
    from index.answer import Answer, Hit

MOST_RESULTS: Final = 10
LONGEST_QUESTION: Final = 256
"""Characters of a question (https://core.telegram.org/bots/api#inlinequery)."""
PRIVATE: Final = "inline"
"""The payload with which the line above the results leads to the private chat."""
_TITLE_UNITS: Final = 100
_SNIPPET_UNITS: Final = 160

log = structlog.get_logger(__name__)


def handlers() -> Handlers:
    """Inline queries."""
    return [InlineQueryHandler(on_inline)]


async def on_inline(update: Update, context: Context) -> None:
    """Offer the passages that answer, or say in one line why there are none."""
    query, bot_data = update.inline_query, context.bot_data
    assert query is not None
    person = person_from(query.from_user)
    texts = await blocking(_texts, bot_data, query)
    # Not the scope of the chat: an inline query does not say in which chat it is typed.
    scope = await blocking(bot_data.access.admitted_to, person.id)
    if scope.is_empty:
        await _answer(query, texts.inline.not_admitted)
        return
    question = query.query.strip()[:LONGEST_QUESTION]
    if not question:
        await _answer(query, texts.inline.ask)
        return
    wait = bot_data.typing_limit.wait(person.id)
    if wait:
        await _answer(query, texts.inline.too_many.format(seconds=wait))
        return
    answer = await blocking(
        bot_data.services.searcher.answer, question, scope=scope, k=MOST_RESULTS
    )
    if answer.refusal or not answer.hits:
        await _answer(query, texts.inline.nothing)
        return
    # Recorded when offered: Telegram reports choices only with feedback turned on.
    await blocking(_record, bot_data, answer, person.id)
    await _answer(
        query, results=[result_of(hit, texts, context.bot.username) for hit in answer.hits]
    )


def result_of(hit: Hit, texts: Texts, bot: str) -> InlineQueryResultArticle:
    """A passage as it is offered, and the message that it becomes when it is chosen."""
    facts = " · ".join(filter(None, (hit.date, hit.pin, hit.text)))
    link = f"https://t.me/{bot}?start=s_{hit.citation}"
    message_html = quoted_passages([hit], texts, Html(), numbered=False)
    opening = InlineKeyboardButton(texts.inline.open_label, url=link)
    return InlineQueryResultArticle(
        id=hit.citation,
        title=shortened(printable_line(hit.title), _TITLE_UNITS).strip() or hit.citation,
        description=shortened(printable_line(facts), _SNIPPET_UNITS),
        input_message_content=InputTextMessageContent(message_html),
        reply_markup=InlineKeyboardMarkup.from_button(opening),
    )


async def _answer(
    query: InlineQuery, line: str = "", results: Sequence[InlineQueryResultArticle] = ()
) -> None:
    """Answer for this person only, uncached: what they may see can change at any time."""
    button = InlineQueryResultsButton(line, start_parameter=PRIVATE) if line else None
    try:
        await query.answer(results, cache_time=0, is_personal=True, button=button)
    except BadRequest as error:
        log.info("inline query not answered", error=str(error))  # it came too late


def _texts(bot_data: BotData, query: InlineQuery) -> Texts:
    """The texts in the language that the person chose. Blocks on the database."""
    bot_data.people.meet(person_from(query.from_user))
    languages = bot_data.people.chosen_languages(None, query.from_user.id)
    code, default = query.from_user.language_code, bot_data.services.settings.language
    return texts_in(languages[0] if languages else language_of(code, default))


def _record(bot_data: BotData, answer: Answer, person_id: int) -> None:
    version = bot_data.services.searcher.version
    citations = shown_citations(answer)
    bot_data.audit.record(
        AuditRecord("inline", "telegram", citations, version, answer.question, person_id=person_id)
    )
