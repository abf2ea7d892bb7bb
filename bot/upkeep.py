"""What has to go with time: records older than the operator keeps them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog

from bot.conversation import Conversation
from corpus.errors import CorpusError

if TYPE_CHECKING:
    from bot.compose import Services

EVERY_SECONDS: Final = 6 * 3600.0

log = structlog.get_logger(__name__)


def tidy(services: Services) -> None:
    """Drop what is older than PINCITE_AUDIT_DAYS. Blocks on the database."""
    days = services.settings.audit_days
    records = services.audit.drop_before(days)
    questions = Conversation(services.database).drop_before(days)
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
