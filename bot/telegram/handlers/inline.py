"""Inline queries, `@bot question` in any chat: passages that the person may post there.

The person is offered the matter that they chose. A query does not say in which group it is typed:
what is posted in a group is a citation alone, and the bot, where it is a member, opens it in reply
if the group may see it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import structlog
from telegram import (
    Chat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
)
from telegram.error import BadRequest
from telegram.ext import InlineQueryHandler, MessageHandler, filters

from bot.audit import answer_details, shown_citations
from bot.printable import printable_line
from bot.records.audit import AuditRecord
from bot.telegram.addressing import person_from
from bot.telegram.context import Context, blocking, has_several, request_from, within_current
from bot.telegram.handlers.source import open_source
from bot.texts import language_of, texts_in
from bot.views.markup import Html, code, shortened
from bot.views.render import quoted_passages
from bot.views.view import View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import InlineQuery, Message, Update

    from bot.telegram.context import BotData, Handlers
    from bot.texts.words import Texts
    from corpus.models import Scope
    from index.answer import Answer, Hit

MOST_RESULTS: Final = 10
LONGEST_QUESTION: Final = 256
"""Characters of a question (https://core.telegram.org/bots/api#inlinequery)."""
PRIVATE: Final = "inline"
"""The payload with which the line above the results leads to the private chat."""
GROUPS: Final = ("group", "supergroup", "channel")
_CITATION: Final = re.compile(r"📖 ([0-9A-Z]{8,}-[0-9]{1,7})")
_TITLE_UNITS: Final = 100
_SNIPPET_UNITS: Final = 160

log = structlog.get_logger(__name__)


class PostedCitation(filters.MessageFilter):
    """What this bot offered inline for a group: a citation, posted by whoever chose it."""

    def filter(self, message: Message) -> bool:
        """Whether the message came by this bot, and holds nothing but a citation."""
        via = message.via_bot
        # Forwarded, it is somebody else's choice, made for another chat.
        is_own = via is not None and via.id == message.get_bot().id and not message.forward_origin
        return is_own and _posted_citation(message) is not None


def handlers() -> Handlers:
    """Inline queries, and what is posted by them in groups."""
    posted = filters.UpdateType.MESSAGE & filters.ChatType.GROUPS & PostedCitation()
    return [InlineQueryHandler(on_inline), MessageHandler(posted, on_posted)]


async def on_inline(update: Update, context: Context) -> None:
    """Offer the passages that answer, or say in one line why there are none."""
    query, bot_data = update.inline_query, context.bot_data
    assert query is not None
    person = person_from(query.from_user)
    texts = await blocking(_texts, bot_data, query)
    # Not the scope of the chat: an inline query does not say in which chat it is typed.
    scope = await blocking(_scope, bot_data, person.id)
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
    several = await blocking(has_several, bot_data, scope)
    await _answer(query, results=_results(answer, query, context, texts, several=several))


def _results(
    answer: Answer, query: InlineQuery, context: Context, texts: Texts, *, several: bool
) -> list[InlineQueryResultArticle]:
    """A result for each passage; `several`: whether several matters are asked."""
    bot, links = context.bot.username, context.bot_data.read_links

    def address(citation: str) -> str | None:
        # `sender` is the person's own chat with this bot.
        own = query.chat_type == Chat.SENDER
        return links.inline_address(citation, bot, query.from_user.id, is_own_chat=own)

    in_group = query.chat_type in GROUPS
    return [
        result_of(hit, texts, bot, in_group=in_group, several=several, read=address(hit.citation))
        for hit in answer.hits
    ]


async def on_posted(update: Update, context: Context) -> None:
    """Open the citation that somebody posted inline in a group, if the group may see it.

    Nothing is said where it may not: whoever posted it did not ask the bot anything.
    """
    message = update.message
    assert message is not None
    citation = _posted_citation(message)
    request = await request_from(message, context)
    if citation is None or (await blocking(request.scope)).is_empty:
        return
    source = await open_source(request, citation)
    if isinstance(source, View):
        await request.reply(source.html, source.rows)


def result_of(
    hit: Hit,
    texts: Texts,
    bot: str,
    *,
    in_group: bool = False,
    several: bool = False,
    read: str | None = None,
) -> InlineQueryResultArticle:
    """A passage as it is offered, and the message that it becomes when it is chosen.

    `in_group`: the message holds the citation alone. `several`: the offer names the matter.
    `read`: where its Read button leads.
    """
    matter = hit.matter if several else ""
    facts = " · ".join(filter(None, (matter, hit.date, hit.pin, hit.text)))
    link = f"https://t.me/{bot}?start=s_{hit.citation}"
    message_html = (
        Html(f"📖 {code(hit.citation)}")
        if in_group
        else quoted_passages([hit], texts, Html(), numbered=False)
    )
    buttons = [InlineKeyboardButton(texts.inline.open_label, url=link)]
    if read:
        label = texts.reader.label.format(number="").strip()
        buttons.append(InlineKeyboardButton(label, url=read))
    return InlineQueryResultArticle(
        id=hit.citation,
        title=shortened(printable_line(hit.title), _TITLE_UNITS).strip() or hit.citation,
        description=shortened(printable_line(facts), _SNIPPET_UNITS),
        input_message_content=InputTextMessageContent(message_html),
        reply_markup=InlineKeyboardMarkup.from_row(buttons),
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


def _posted_citation(message: Message) -> str | None:
    citation = _CITATION.fullmatch(message.text or "")
    return citation[1] if citation else None


def _scope(bot_data: BotData, person_id: int) -> Scope:
    """The matter that a person chose, of those that they are admitted to. Blocks."""
    return within_current(bot_data, bot_data.access.admitted_to(person_id), person_id)


def _texts(bot_data: BotData, query: InlineQuery) -> Texts:
    """The texts in the language that the person chose. Blocks on the database."""
    bot_data.people.meet(person_from(query.from_user))
    languages = bot_data.people.chosen_languages(None, query.from_user.id)
    code, default = query.from_user.language_code, bot_data.services.settings.language
    return texts_in(languages[0] if languages else language_of(code, default))


def _record(bot_data: BotData, answer: Answer, person_id: int) -> None:
    version = bot_data.services.searcher.version
    citations = shown_citations(answer)
    record = AuditRecord(
        "inline",
        "telegram",
        citations,
        version,
        answer.question,
        person_id=person_id,
        details=answer_details(
            answer, _scope(bot_data, person_id), bot_data.services.searcher.meaning
        ),
    )
    bot_data.audit.record(record)
