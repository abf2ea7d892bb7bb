"""The reader beside the bot: what it works with there, and whom it asks who is in a chat."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import structlog
from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError

from bot.errors import SettingsError
from bot.reader.app import Membership, ReaderService, build, serve
from bot.reader.opening import DocumentOpener
from bot.reader.pages import Pages

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from telegram import ChatMember
    from telegram.ext import ExtBot

    from bot.telegram.context import BotData

_MEMBERS: Final = frozenset(
    (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.MEMBER)
)

log = structlog.get_logger(__name__)


@asynccontextmanager
async def serving_reader(bot_data: BotData, bot: ExtBot[int]) -> AsyncIterator[None]:
    """Serve the reader while the context lasts, where an address is set. Raises SettingsError."""
    settings = bot_data.services.settings
    if settings.reader_url is None:
        yield
        return
    pages = Pages()
    try:
        server = serve(build(reader_of(bot_data, bot, pages)), settings.reader_listen)
    except OSError as error:
        pages.close()
        raise SettingsError(
            f"PINCITE_READER_LISTEN is {str(settings.reader_listen)!r}; expected an address that"
            f" is free ({error.strerror or error})"
        ) from None
    log.info("reader listening", at=str(settings.reader_listen), url=settings.reader_url)
    try:
        yield
    finally:
        server.stop()
        # Browsers keep connections open for minutes; waiting for them would hold up the end.
        await server.close_all_connections()
        pages.close()


def reader_of(bot_data: BotData, bot: ExtBot[int], pages: Pages) -> ReaderService:
    """The reader of a bot, for the people and chats that it knows."""
    services = bot_data.services
    settings = services.settings
    opener = DocumentOpener(
        services.library,
        bot_data.audit,
        pages,
        bot_data.read_links.keys,
        lambda: services.searcher,
        access=bot_data.access,
        conversation=bot_data.conversation,
    )

    async def is_member(chat_id: int, person_id: int) -> bool:
        try:
            return _is_in(await bot.get_chat_member(chat_id, person_id))
        except TelegramError as error:
            # Unknown counts as no member: a page refused can be opened again, one shown cannot be
            # taken back.
            log.info("membership not known", chat=chat_id, error=str(error))
            return False

    return ReaderService(
        opener,
        settings.language,
        token=settings.telegram_token.get_secret_value() if settings.telegram_token else "",
        link=f"https://t.me/{bot.username}?start=s_",
        base=urlsplit(settings.reader_url or "").path.rstrip("/"),
        access=bot_data.access,
        people=bot_data.people,
        membership=Membership(is_member),
    )


def _is_in(member: ChatMember) -> bool:
    """Whether somebody reads a chat; people under a restriction may have left it."""
    # `restricted` says nothing by itself: only its `is_member` tells.
    return member.status in _MEMBERS or bool(getattr(member, "is_member", False))
