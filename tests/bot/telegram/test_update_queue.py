"""Each chat has its turn: updates in order, once, whichever processes receive them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Update
from telegram.error import NetworkError

from bot.records.inbox import Inbox
from bot.telegram.update_queue import ArrivalQueue, UpdateQueue
from corpus.errors import DatabaseUnavailable
from tests.bot.telegram.conftest import BOT, Clock, update_of
from tests.examples import examples

SECONDS = 30


class Process:
    """UpdateQueue over an inbox, and what they dealt with."""

    def __init__(self, inbox: Inbox, log: list[int]) -> None:
        self.turns = UpdateQueue(inbox, lambda _: True)
        self.log = log

    async def get(self, update: Update) -> None:
        """An update arrives, and is answered in its turn."""

        async def answer() -> None:
            await asyncio.sleep(0)
            self.log.append(update.update_id)

        await self.turns.process_update(update, answer())


@pytest.mark.slow
@settings(max_examples=examples(12), deadline=None)
@given(arrivals=st.permutations(range(6)), places=st.lists(st.booleans(), min_size=6, max_size=6))
def test_two_processes_keep_the_order_of_a_chat(
    tmp_path_factory: pytest.TempPathFactory, arrivals: list[int], places: list[bool]
) -> None:
    """In whatever order updates arrive at whichever process, none waits for ever, each is once."""
    from bot.migrations import MIGRATIONS
    from corpus.storage.database import open_database

    database = open_database("", folder=tmp_path_factory.mktemp("order"), migrations=MIGRATIONS)
    log: list[int] = []
    processes = [Process(Inbox(database), log) for _ in range(2)]

    async def play() -> None:
        # all are received before any is dealt with, so that the order can be known
        for number in arrivals:
            await processes[places[number]].turns.receive(update_of(number))
        work = [processes[places[number]].get(update_of(number)) for number in arrivals]
        again = [processes[not places[number]].get(update_of(number)) for number in arrivals]
        await asyncio.wait_for(asyncio.gather(*work, *again), SECONDS)

    asyncio.run(play())
    database.dispose()
    assert log == sorted(arrivals)


async def test_chats_do_not_wait_for_each_other(process: Callable[[], Inbox]) -> None:
    """One chat's update is dealt with while another's is at work."""
    turns = UpdateQueue(process(), lambda _: True)
    started, finish = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        started.set()
        await finish.wait()

    async def quick() -> None:
        finish.set()

    work = asyncio.create_task(turns.process_update(update_of(1, chat=5), slow()))
    await started.wait()
    await asyncio.wait_for(turns.process_update(update_of(2, chat=6), quick()), SECONDS)
    await asyncio.wait_for(work, SECONDS)


async def test_what_was_cut_short_is_dealt_with_by_another(
    process: Callable[[], Inbox], clock: Clock
) -> None:
    """A process is ended in the middle of an answer: the next one gives the answer."""
    dying, living = UpdateQueue(process(), lambda _: True), UpdateQueue(process(), lambda _: True)
    started = asyncio.Event()

    async def never() -> None:
        started.set()
        await asyncio.Event().wait()

    work = asyncio.create_task(dying.process_update(update_of(1), never()))
    await started.wait()
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    (found,) = await living.take_over(BOT)
    assert found.to_dict() == update_of(1).to_dict()
    log: list[int] = []

    async def answer() -> None:
        log.append(1)

    await living.process_update(found, answer())
    assert log == [1]
    assert await dying.take_over(BOT) == []


async def test_what_cannot_be_kept_is_not_confirmed(
    process: Callable[[], Inbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the database away, an arrival fails, so that Telegram keeps it and comes again."""
    inbox = process()
    queue = ArrivalQueue(UpdateQueue(inbox, lambda _: True))

    def away(*_: Any) -> bool:
        raise DatabaseUnavailable("the database x: away")

    with monkeypatch.context() as patch:
        patch.setattr(inbox, "receive", away)
        with pytest.raises(NetworkError, match="cannot be kept"):
            await queue.put(update_of(1))
    assert queue.empty()
    await queue.put(update_of(1))
    await queue.put(update_of(1))
    assert queue.qsize() == 1


async def test_chatter_costs_no_database(process: Callable[[], Inbox]) -> None:
    """What no handler would take is not written down."""
    inbox = process()
    queue = ArrivalQueue(UpdateQueue(inbox, lambda _: False))
    await queue.put(update_of(1))
    assert queue.qsize() == 1
    assert inbox.receive(1, "a", "{}")
