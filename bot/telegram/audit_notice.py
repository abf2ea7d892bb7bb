"""Once a day the owners get the newest hash of the audit, which then is noted outside of it.

Whoever can write to the database and to the data folder can compute the whole chain anew. They
cannot change what stands in the owners' chats.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

import structlog
from telegram.error import TelegramError

from bot import maintenance
from bot.compose import audit_key_path
from bot.records.audit_key import notes_path, read_notes
from bot.records.marks import is_due
from bot.telegram.context import blocking
from bot.telegram.handlers.acquaintances import tell
from bot.views.markup import Html, code, fill
from corpus.errors import CorpusError

if TYPE_CHECKING:
    from bot.records.audit_chain import ChainLink
    from bot.telegram.context import BotData
    from bot.texts.words import Texts

EVERY: Final = timedelta(days=1)
LOOK_SECONDS: Final = 600.0
_MARK: Final = "newest hash sent"

log = structlog.get_logger(__name__)


async def tell_owners_forever(bot_data: BotData) -> None:
    """Note the newest record every few minutes, and send it to the owners once a day."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            await blocking(maintenance.note_audit, bot_data.services)
            if await blocking(is_due, bot_data.services.database, _MARK, EVERY):
                await tell_owners(bot_data)
        except (CorpusError, TelegramError) as error:
            log.warning("the newest hash was not sent", error=str(error))


async def tell_owners(bot_data: BotData, at: datetime | None = None) -> None:
    """Send every owner the newest hash; nothing where no record is younger than a day."""
    last, problem = await blocking(_examine, bot_data, at or datetime.now(UTC))
    if last is None and problem is None:
        return
    for owner_id in sorted(await blocking(bot_data.access.owners)):
        # An owner who never wrote to the bot cannot be written to, and is passed over.
        await tell(bot_data, owner_id, partial(_line, last, problem))


def _examine(bot_data: BotData, at: datetime) -> tuple[ChainLink | None, str | None]:
    """The newest record if it is from the last day, and the first thing that does not hold."""
    services = bot_data.services
    notes = read_notes(notes_path(audit_key_path(services.settings)))
    problem = next(services.audit.find_problems(notes), None)
    last = services.audit.last()
    row = services.audit.row(last.number)
    since = (at - EVERY).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (last if row and str(row["at"]) >= since else None), problem


def _line(last: ChainLink | None, problem: str | None, texts: Texts) -> Html:
    if problem is not None or last is None:
        return fill(texts.privacy.audit_not_whole, problem=problem or "")
    return fill(texts.privacy.newest_hash, number=last.number, hash=code(last.hash))
