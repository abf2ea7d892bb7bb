"""The disk is full: one clear line to who waits, nothing lost, and all goes on when there is room.

What writes begins a transaction that SQLite refuses, as it does on a full disk; reading goes on.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import event, exc
from telegram import Update
from telegram.error import NetworkError

from bot.records.inbox import PUT_OFF, Inbox
from bot.records.leases import LEASE
from bot.telegram.update_queue import ArrivalQueue, UpdateQueue
from corpus.errors import CannotWrite
from corpus.library import Library
from corpus.models import Scope
from corpus.storage.database import transaction
from tests.bot.conftest import CommandLine
from tests.bot.telegram.simulator import Simulator, simulated_bot

FULL = "cannot write to my disk"
QUESTION = "who repairs the roof?"
ANSWER = "None of the documents mentions"
"""Nothing that the reader may see mentions it; that is an answer, too."""


@contextmanager
def full_disk(database: sqlalchemy.Engine, after: int = 0) -> Iterator[None]:
    """Refuse every write from the one after `after` others on, as SQLite does on a full disk."""
    left = [after]

    def refuse(connection: sqlalchemy.Connection) -> None:
        if connection.get_execution_options().get("pincite_reading"):
            return
        left[0] -= 1
        if left[0] < 0:
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise exc.OperationalError("BEGIN", {}, error)

    event.listen(database, "begin", refuse, insert=True)
    try:
        yield
    finally:
        event.remove(database, "begin", refuse)


def shown(simulator: Simulator, text: str) -> list[str]:
    """The messages that say something."""
    return [message.text for message in simulator.double.shown if text in message.text]


async def arrive(simulator: Simulator, update: dict[str, object]) -> None:
    """An update comes from Telegram, which sends it again when it is not confirmed."""
    queue = simulator.app.update_queue
    assert isinstance(queue, ArrivalQueue)
    await queue.put(Update.de_json(update, simulator.app.bot))


async def go_on(simulator: Simulator) -> None:
    """There is room again, and some time passes: what waits is taken up."""
    inbox = Inbox(simulator.services.database, lambda: time.time() + PUT_OFF + LEASE)
    queue = UpdateQueue(inbox, lambda _: True)
    for update in await queue.take_over(simulator.app.bot):
        await queue.process_update(update, simulator.app.process_update(update))
    processor = simulator.app.bot_data.upload_processor
    await processor.resume(alone=True)
    await processor.idle()
    await simulator.app.bot_data.outbox.idle()
    assert inbox.take_over(alone=True) == []


async def test_who_asks_is_told_once_and_answered_later(tmp_path: Path) -> None:
    """Telegram keeps the question; the chat and the owner hear of it once, and no more."""
    async with simulated_bot(tmp_path) as simulator:
        await simulator.deliver(simulator.message("Owner", "", "/start"))
        question = simulator.message("Reader", "", QUESTION)
        mark = len(simulator.double.shown)
        with full_disk(simulator.services.database):
            for _ in range(3):
                with pytest.raises(NetworkError):
                    await arrive(simulator, question)
        told = [message.text for message in simulator.double.shown[mark:]]
        assert [FULL in text for text in told] == [True, False]
        assert "the disk is full" in told[1]  # the owner
        await arrive(simulator, question)
        await simulator.deliver(question)
        assert len(shown(simulator, ANSWER)) == 1


@pytest.mark.parametrize("after", [1, 3, 5])
async def test_a_question_in_hand_is_put_off(tmp_path: Path, after: int) -> None:
    """Wherever the disk becomes full on the way to an answer: it is answered in the end."""
    async with simulated_bot(tmp_path) as simulator:
        question = simulator.message("Reader", "", QUESTION)
        with full_disk(simulator.services.database, after), suppress(CannotWrite):
            await simulator.deliver(question)
        assert simulator.double.shown
        await go_on(simulator)
        assert shown(simulator, ANSWER)


@pytest.mark.parametrize("after", [1, 2, 4, 6])
async def test_an_upload_waits_and_goes_on(tmp_path: Path, after: int) -> None:
    """Wherever it was: its sender is told, no bot ends, and it is filed once there is room."""
    async with simulated_bot(tmp_path) as simulator:
        update = simulator.message(
            "Keeper", "", "", **simulator.attached("a.txt containing One. with /add lease")
        )
        with full_disk(simulator.services.database, after), suppress(CannotWrite):
            await simulator.deliver(update)
        processor = simulator.app.bot_data.upload_processor
        await processor.idle()
        assert simulator.double.shown
        await go_on(simulator)
        assert len(shown(simulator, "is filed")) == 1
        [document, *_] = simulator.services.library.documents(Scope.of("lease"))
        assert (document.path or "").endswith("a.txt")


def test_a_command_says_it_in_one_line(filed: Path, pincite: CommandLine) -> None:
    """What to do; and nothing that was filed is lost."""
    from bot.compose import open_database_of
    from bot.settings import read_settings

    with open_database_of(read_settings()) as database:
        before = Library(database).integrity()
        with (
            full_disk(database),
            pytest.raises(CannotWrite, match="the disk is full") as why,
            transaction(database) as connection,
        ):
            connection.exec_driver_sql("DELETE FROM passages")
        assert "\n" not in str(why.value)
        assert Library(database).integrity() == before == []
    assert pincite("documents").status == 0
