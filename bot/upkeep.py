"""What has to go with time: records older than the operator keeps them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog

from corpus.errors import CorpusError

if TYPE_CHECKING:
    from bot.compose import Services

EVERY_SECONDS: Final = 6 * 3600.0

log = structlog.get_logger(__name__)


def tidy(services: Services) -> None:
    """Drop what is older than PINCITE_AUDIT_DAYS. Blocks on the database."""
    dropped = services.audit.drop_before(services.settings.audit_days)
    if dropped:
        log.info("old audit records dropped", records=dropped)


async def keep_tidy(services: Services) -> None:
    """Do so again and again, while the bot runs; what goes wrong is tried again later."""
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        try:
            await asyncio.to_thread(tidy, services)
        except CorpusError as error:
            log.warning("old audit records not dropped", error=str(error))
