"""Updates belong to one process at a time, in order, and outlive whoever held them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from telegram import Bot, Update
from telegram.error import NetworkError

from bot.telegram.inbox import LEASE, TRIES, Inbox
from bot.turns import Receiving, Turns
from corpus.errors import DatabaseUnavailable
from corpus.storage.schema import updates
from tests.databases import Opened

BOT = Bot("123456789:" + "A" * 35)
SECONDS = 30


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The clock of every process."""
    return Clock()


@pytest.fixture
def database(url: str, opened: Opened) -> sqlalchemy.Engine:
    """The database of every process."""
    return opened(url)


@pytest.fixture
def process(database: sqlalchemy.Engine, clock: Clock) -> Callable[[], Inbox]:
    """Starts processes."""
    return lambda: Inbox(database, clock)


def update_of(number: int, chat: int = 5) -> Update:
    """A message in a chat."""
    message = {
        "message_id": number,
        "date": 1_700_000_000 + number,
        "chat": {"id": chat, "type": "private", "first_name": "A"},
        "from": {"id": chat, "is_bot": False, "first_name": "A"},
        "text": f"question {number}",
    }
    return Update.de_json({"update_id": number, "message": message}, BOT)


# -- the inbox -----------------------------------------------------------------------------------


def test_an_update_is_received_once(process: Callable[[], Inbox], clock: Clock) -> None:
    """By one of the processes, before and after it is dealt with."""
    one, other = process(), process()
    assert one.receive(9, "a", "{}")
    assert not one.receive(9, "a", "{}")
    assert not other.receive(9, "a", "{}")
    one.done(9)
    clock.now += 10 * LEASE
    assert not other.receive(9, "a", "{}")
    assert other.abandoned() == []


def test_many_processes_receive_at_once(process: Callable[[], Inbox]) -> None:
    """Of eight that get the same updates at the same time, each update goes to one."""
    barrier = threading.Barrier(8)

    def receive(inbox: Inbox) -> list[int]:
        barrier.wait(SECONDS)
        return [number for number in range(5) if inbox.receive(number, "a", "{}")]

    with ThreadPoolExecutor(8) as pool:
        got = pool.map(receive, [process() for _ in range(8)], timeout=SECONDS)
        assert sorted(number for numbers in got for number in numbers) == [0, 1, 2, 3, 4]


def test_what_nobody_renews_is_taken_over_once(process: Callable[[], Inbox], clock: Clock) -> None:
    """After the lease, by one process, oldest first; never from one that lives."""
    dead, one, other = process(), process(), process()
    for number in (3, 1, 2):
        assert dead.receive(number, "a", f'{{"n": {number}}}')
    assert one.receive(4, "a", "{}")
    clock.now += LEASE / 2
    one.renew([4])
    assert one.abandoned() == other.abandoned() == []
    clock.now += LEASE / 2 + 1
    found = one.abandoned()
    assert [(each.update_id, each.written) for each in found] == [
        (number, f'{{"n": {number}}}') for number in (1, 2, 3)
    ]
    assert other.abandoned() == []


def test_alone_nothing_is_waited_for(process: Callable[[], Inbox]) -> None:
    """After a restart on one machine what the killed process held is taken at once."""
    process().receive(1, "a", "{}")
    assert [each.update_id for each in process().abandoned(alone=True)] == [1]


def test_a_second_delivery_takes_over(process: Callable[[], Inbox], clock: Clock) -> None:
    """Telegram repeats what was not confirmed: whoever gets that deals with it."""
    process().receive(1, "a", "{}")
    clock.now += LEASE + 1
    assert process().receive(1, "a", "{}")


def test_what_is_let_go_is_taken_at_once(process: Callable[[], Inbox], clock: Clock) -> None:
    """A process that stops in order leaves its updates to the others."""
    leaving, staying = process(), process()
    leaving.receive(1, "a", "{}")
    leaving.receive(2, "a", "{}")
    leaving.done(1)
    leaving.let_go()
    assert [each.update_id for each in staying.abandoned()] == [2]


def test_what_takes_everybody_down_is_given_up(process: Callable[[], Inbox], clock: Clock) -> None:
    """After three tries it is left alone, and stands in nobody's way."""
    process().receive(1, "a", "{}")
    for _ in range(TRIES - 1):
        clock.now += LEASE + 1
        assert process().abandoned()
    clock.now += LEASE + 1
    last = process()
    assert last.abandoned() == []
    assert last.receive(2, "a", "{}")
    assert last.is_next(2, "a")


def test_what_an_update_said_is_forgotten(
    process: Callable[[], Inbox], database: sqlalchemy.Engine
) -> None:
    """Only its number and its time stay, and these for days."""
    inbox = process()
    inbox.receive(1, "chat 5", '{"text": "secret"}')
    inbox.done(1)
    with database.connect() as connection:
        row = connection.execute(select(updates)).one()._asdict()
    assert {name for name, value in row.items() if value is not None} == {
        "update_id",
        "at",
        "tries",
    }
    inbox.forget()
    assert not inbox.receive(1, "chat 5", "{}")
    with database.begin() as connection:
        connection.execute(updates.update().values(at="2020-01-01T00:00:00Z"))
    inbox.forget()
    assert inbox.receive(1, "chat 5", "{}")


def test_the_order_of_a_lane(process: Callable[[], Inbox]) -> None:
    """An update waits for those before it in its lane, whoever holds them, and no others."""
    one, other = process(), process()
    one.receive(1, "a", "{}")
    other.receive(2, "a", "{}")
    other.receive(3, "b", "{}")
    assert one.is_next(1, "a")
    assert not other.is_next(2, "a")
    assert other.is_next(3, "b")
    one.done(1)
    assert other.is_next(2, "a")


# -- turns ---------------------------------------------------------------------------------------


class Process:
    """Turns over an inbox, and what they dealt with."""

    def __init__(self, inbox: Inbox, log: list[int]) -> None:
        self.turns = Turns(inbox, lambda _: True)
        self.log = log

    async def get(self, update: Update) -> None:
        """An update arrives, and is answered in its turn."""

        async def answer() -> None:
            await asyncio.sleep(0)
            self.log.append(update.update_id)

        await self.turns.process_update(update, answer())


@settings(max_examples=12, deadline=None)
@given(arrivals=st.permutations(range(6)), places=st.lists(st.booleans(), min_size=6, max_size=6))
def test_two_processes_keep_the_order_of_a_chat(
    tmp_path_factory: pytest.TempPathFactory, arrivals: list[int], places: list[bool]
) -> None:
    """In whatever order updates arrive at whichever process, none waits for ever, each is once."""
    from corpus.storage.database import open_database

    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('order') / 'kept.sqlite3'}")
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
    turns = Turns(process(), lambda _: True)
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
    dying, living = Turns(process(), lambda _: True), Turns(process(), lambda _: True)
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
    queue = Receiving(Turns(inbox, lambda _: True))

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
    queue = Receiving(Turns(inbox, lambda _: False))
    await queue.put(update_of(1))
    assert queue.qsize() == 1
    assert inbox.receive(1, "a", "{}")
