"""May this person do that?  Checked anew for every order; authority belongs to who acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError

from bot.telegram.context import Context, blocking, request_from
from bot.views.markup import Html, fill
from bot.views.view import View
from corpus.errors import InvalidMatter, NotFound

if TYPE_CHECKING:
    from telegram import Update

    from bot.records.people import Person
    from bot.telegram.context import Request
    from corpus.models import Scope

log = structlog.get_logger(__name__)


async def identify_keeper(
    request: Request, *, forwarded: bool = False
) -> tuple[Person, Scope] | Html:
    """The person who gives an order and the matters they keep, or why they may give none.

    A forwarded order carries the authority of nobody: its author did not send it here.
    """
    if request.person is None or forwarded:
        return Html(request.texts.anonymous)
    keeper_scope = await blocking(request.bot_data.access.scope_of_keeper, request.person.id)
    if keeper_scope.is_empty:
        return Html(request.texts.keepers_only)
    return request.person, keeper_scope


async def authorize_order(update: Update, context: Context) -> tuple[Request, Person, Scope] | None:
    """The person who gives an order and the matters they keep; None after a refusal was sent."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    keeper = await identify_keeper(request, forwarded=message.forward_origin is not None)
    if isinstance(keeper, Html):
        # A refusal concerns whoever gave the order, and is no news for a group.
        await request.reply_alone(View(keeper))
        return None
    return request, *keeper


async def find_kept_matter(request: Request, keeper_scope: Scope, name: str) -> str | None:
    """The stored spelling of a matter in the scope; None for others, existing or not."""
    try:
        matter = await blocking(request.bot_data.services.library.matter, name)
    except (InvalidMatter, NotFound):
        return None
    return matter if keeper_scope.allows(matter) else None


async def is_administrator(context: Context, chat: int | str, person_id: int) -> bool:
    """Whether a person administers a chat of which the bot is a member."""
    try:
        member = await context.bot.get_chat_member(chat, person_id)
    except TelegramError as error:
        # Who cannot be looked up has no rights there.
        log.info("administrators not known", chat=chat, error=str(error))
        return False
    return member.status in (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


def unknown_matter(request: Request, name: str) -> Html:
    """One sentence for a matter that does not exist and for one closed to the person."""
    return fill(request.texts.matter_unknown, name=name[:80])
