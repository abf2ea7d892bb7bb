"""May this person do that?  Asked anew each time; whoever cannot be told apart may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError

from bot.telegram.context import Context, blocking, request_from
from bot.views.markup import Html, fill
from corpus.errors import InvalidMatter, NotFound

if TYPE_CHECKING:
    from telegram import Update

    from bot.records.people import Person
    from bot.telegram.context import Request
    from corpus.models import Scope

log = structlog.get_logger(__name__)


async def keeper_of(request: Request, *, forwarded: bool = False) -> tuple[Person, Scope] | Html:
    """Who gives an order and the matters they keep, or why they may give none.

    A forwarded order was written by somebody else.
    """
    if request.person is None or forwarded:
        return Html(request.texts.anonymous)
    kept = await blocking(request.bot_data.access.kept_by, request.person.id)
    if kept.is_empty:
        return Html(request.texts.keepers_only)
    return request.person, kept


async def ordered(update: Update, context: Context) -> tuple[Request, Person, Scope] | None:
    """Who gives an order, and the matters they keep; None once they are told why they may not."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    keeper = await keeper_of(request, forwarded=message.forward_origin is not None)
    if isinstance(keeper, Html):
        await request.say(keeper)
        return None
    return request, *keeper


async def find_kept_matter(request: Request, kept: Scope, name: str) -> str | None:
    """The stored spelling of a matter that is kept; None for others, whether they exist or not."""
    try:
        matter = await blocking(request.bot_data.services.library.matter, name)
    except (InvalidMatter, NotFound):
        return None
    return matter if kept.allows(matter) else None


async def administers(context: Context, chat: int | str, person_id: int) -> bool:
    """Whether somebody administers a chat that the bot is in too."""
    try:
        member = await context.bot.get_chat_member(chat, person_id)
    except TelegramError as error:
        log.info("administrators not known", chat=chat, error=str(error))
        return False
    return member.status in (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


def unknown_matter(request: Request, name: str) -> Html:
    """The same words for a matter that does not exist and for one that is not theirs."""
    return fill(request.texts.matter_unknown, name=name[:80])
