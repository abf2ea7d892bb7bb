"""What has to go with time: records older than the operator keeps them, and old updates."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import structlog

from bot import heartbeat
from bot.records.conversation import Conversation
from bot.records.inbox import Inbox
from bot.records.last_views import SharedViews
from bot.records.watches import Watches
from corpus.errors import CorpusError

if TYPE_CHECKING:
    from bot.compose import Services
    from bot.settings import Settings

EVERY_SECONDS: Final = 6 * 3600.0

log = structlog.get_logger(__name__)


def tidy(services: Services) -> None:
    """Drop what is older than PINCITE_AUDIT_DAYS. Blocks on the database."""
    days = services.settings.audit_days
    records = services.audit.drop_before(days)
    questions = Conversation(services.database).drop_before(days)
    Inbox(services.database).forget()
    SharedViews(services.database).forget()
    Watches(services.database).give_up()
    if records or questions:
        log.info("old records dropped", audit=records, questions=questions)


async def keep_tidy(services: Services) -> None:
    """Do so again and again, while the bot runs; what goes wrong is tried again later."""
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        try:
            await asyncio.to_thread(tidy, services)
        except CorpusError as error:
            log.warning("old records not dropped", error=str(error))


async def keep_beating(settings: Settings) -> None:
    """Note again and again that the event loop turns (`bot.heartbeat`)."""
    while True:
        with suppress(OSError):
            heartbeat.beat(settings.data.expanduser())
        await asyncio.sleep(heartbeat.SECONDS)
