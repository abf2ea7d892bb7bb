"""How long does work belong to the process that took it?  The same for updates and uploads.

A process renews the leases on its work while it lives. Work whose lease expires is taken over.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog

from corpus.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

LEASE: Final = 30.0
"""Seconds after which a lease expires that nobody renews."""

# Two renewals may fail before the lease is lost.
RENEWED: Final = LEASE / 3
"""Seconds between renewals. The clocks of all machines have to agree better than that."""

log = structlog.get_logger(__name__)


async def at_each_renewal(step: Callable[[], Awaitable[None]]) -> None:
    """Run `step` whenever it is time to renew. An error of the database is logged, not raised."""
    while True:
        await asyncio.sleep(RENEWED)
        try:
            await step()
        # The database may be back before the lease expires.
        except CorpusError as error:
            log.warning("work not looked after", error=str(error))
