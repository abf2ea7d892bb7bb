"""Work that repeats while the bot runs: dropping old records, and the heartbeat."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import structlog

from bot import heartbeat
from bot.compose import audit_key_path
from bot.records.audit_key import note, notes_path
from bot.records.conversation import Conversation
from bot.records.forgetting import forget_postponed
from bot.records.inbox import Inbox
from bot.records.last_views import SharedViews
from bot.records.marks import read_clock
from bot.records.watches import Watches
from corpus.errors import CorpusError
from corpus.repair import repair
from corpus.storage.soundness import take_noticed

if TYPE_CHECKING:
    from bot.compose import Services
    from bot.settings import Settings

CLEAN_UP_SECONDS: Final = 6 * 3600.0
REPAIR_SECONDS: Final = 60.0

log = structlog.get_logger(__name__)


def clean_up(services: Services) -> None:
    """Drop records older than PINCITE_AUDIT_DAYS, and old updates. Blocks on the database."""
    days = services.settings.audit_days
    reading = read_clock(services.database)
    if reading.since:
        log.warning(
            "the clock leapt: what is old by it alone is not dropped yet; check the clock",
            at=f"{reading.at:%Y-%m-%d %H:%M}",
            trusted_until=f"{reading.confirmed:%Y-%m-%d %H:%M}",
        )
    today = reading.confirmed
    holds = services.library.holds()
    if holds:
        log.info("nothing is dropped: a legal hold lasts", matters=[hold.matter for hold in holds])
    records = 0 if holds else services.audit.drop_before(days, today)
    questions = 0 if holds else Conversation(services.database).drop_before(days, today)
    # A hold may have ended at the command line meanwhile.
    forget_postponed(services.database, services.settings.owners)
    Inbox(services.database).forget(today)
    SharedViews(services.database).forget(today)
    Watches(services.database).give_up(today)
    if records or questions:
        log.info("old records dropped", audit=records, questions=questions)
    note_audit(services)


def note_audit(services: Services) -> None:
    """Note the newest record of the audit outside the database. Blocks."""
    path = notes_path(audit_key_path(services.settings))
    try:
        note(path, services.audit.last())
    except OSError as error:
        log.warning("the audit was not noted", file=str(path), error=error.strerror)


async def clean_up_forever(services: Services) -> None:
    """Clean up every few hours; what fails is tried again the next time."""
    while True:
        await asyncio.sleep(CLEAN_UP_SECONDS)
        try:
            await asyncio.to_thread(clean_up, services)
        except CorpusError as error:
            log.warning("old records not dropped", error=str(error))


def repair_noticed(services: Services) -> None:
    """Repair the documents in which reading has met damage. Blocks."""
    for document_id in take_noticed():
        read, most = services.ingest.read, services.settings.max_bytes
        lacks = repair(services.database, document_id, read, max_bytes=most)
        if lacks:
            log.error("document is damaged and not shown", document_id=document_id, fix=lacks)
        else:
            log.warning("document was damaged and is repaired", document_id=document_id)


async def repair_forever(services: Services) -> None:
    """Repair every minute what was noticed; what fails is tried again when it is met again."""
    while True:
        await asyncio.sleep(REPAIR_SECONDS)
        try:
            await asyncio.to_thread(repair_noticed, services)
        except CorpusError as error:
            log.warning("damaged documents not repaired", error=str(error))


async def beat_forever(settings: Settings) -> None:
    """Write the heartbeat (`bot.heartbeat`) from the event loop, which stops it when it hangs."""
    while True:
        with suppress(OSError):
            heartbeat.beat(settings.data.expanduser())
        await asyncio.sleep(heartbeat.SECONDS)
