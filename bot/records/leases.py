"""How long does work belong to the process that took it?  Updates and uploads alike.

Whoever takes a piece of work renews its hold as long as it lives; what nobody renews is taken over.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog

from corpus.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

LEASE: Final = 30.0
"""Seconds for which a piece of work belongs to a process that does not renew it."""

RENEWED: Final = LEASE / 3
"""Seconds between renewals. Clocks of the machines have to agree better than that."""

log = structlog.get_logger(__name__)


async def at_each_renewal(step: Callable[[], Awaitable[None]]) -> None:
    """Do something whenever it is time to renew; what the database refuses is tried again."""
    while True:
        await asyncio.sleep(RENEWED)
        try:
            await step()
        except CorpusError as error:
            log.warning("work not looked after", error=str(error))
