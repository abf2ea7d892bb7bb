"""A message of ours that keeps up with something, at the pace that Telegram allows."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from telegram.error import TelegramError

if TYPE_CHECKING:
    from bot.telegram.outbox import Outbox, Place
    from bot.views.render import View

log = structlog.get_logger(__name__)


@dataclass
class LiveMessage:
    """A message that shows the newest of the views it is given, one edit at a time.

    When it is gone, what became of the files is sent once more.
    """

    outbox: Outbox
    place: Place
    message_id: int
    task: asyncio.Task[None] | None = None
    following: tuple[View, bool] | None = None

    @property
    def busy(self) -> bool:
        """Whether an edit is on its way."""
        return self.task is not None

    def show(self, view: View, *, last: bool) -> None:
        """Show a view as soon as may be; `last` where it may not be lost."""
        self.following = view, last
        if self.task is None:
            self.task = asyncio.create_task(self._edit())

    async def _edit(self) -> None:
        try:
            while self.following:
                (view, last), self.following = self.following, None
                there = await self.outbox.edit(self.place.chat_id, self.message_id, view)
                if last and not there:
                    await self.outbox.send(self.place, view)
        except TelegramError as error:
            log.warning("progress not shown", chat=self.place.chat_id, error=str(error))
        finally:
            self.task = None
