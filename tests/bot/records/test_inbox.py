"""Updates belong to one process at a time, and outlive whoever held them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy
from sqlalchemy import select

from bot.records.inbox import TRIES, Inbox, updates
from bot.records.leases import LEASE
from tests.bot.records.conftest import SECONDS, Clock


def test_an_update_is_received_once(process: Callable[[], Inbox], clock: Clock) -> None:
    """By one of the processes, before and after it is dealt with."""
    first, second = process(), process()
    assert first.receive(9, "a", "{}")
    assert not first.receive(9, "a", "{}")
    assert not second.receive(9, "a", "{}")
    first.mark_handled(9)
    clock.now += 10 * LEASE
    assert not second.receive(9, "a", "{}")
    assert second.take_over() == []


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
    dead, first, second = process(), process(), process()
    for number in (3, 1, 2):
        assert dead.receive(number, "a", f'{{"n": {number}}}')
    assert first.receive(4, "a", "{}")
    clock.now += LEASE / 2
    first.renew([4])
    assert first.take_over() == second.take_over() == []
    clock.now += LEASE / 2 + 1
    updates = first.take_over()
    assert [(update.update_id, update.written) for update in updates] == [
        (number, f'{{"n": {number}}}') for number in (1, 2, 3)
    ]
    assert second.take_over() == []


def test_alone_nothing_is_waited_for(process: Callable[[], Inbox]) -> None:
    """After a restart on one machine what the killed process held is taken at once."""
    process().receive(1, "a", "{}")
    assert [update.update_id for update in process().take_over(alone=True)] == [1]


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
    leaving.mark_handled(1)
    leaving.release_all()
    assert [update.update_id for update in staying.take_over()] == [2]


def test_what_takes_everybody_down_is_given_up(process: Callable[[], Inbox], clock: Clock) -> None:
    """After three tries it is left alone, and stands in nobody's way."""
    process().receive(1, "a", "{}")
    for _ in range(TRIES - 1):
        clock.now += LEASE + 1
        assert process().take_over()
    clock.now += LEASE + 1
    last = process()
    assert last.take_over() == []
    assert last.receive(2, "a", "{}")
    assert last.is_next(2, "a")


def test_what_an_update_said_is_forgotten(
    process: Callable[[], Inbox], database: sqlalchemy.Engine
) -> None:
    """Only its number and its time stay, and these for days."""
    inbox = process()
    inbox.receive(1, "chat 5", '{"text": "secret"}')
    inbox.mark_handled(1)
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
    first, second = process(), process()
    first.receive(1, "a", "{}")
    second.receive(2, "a", "{}")
    second.receive(3, "b", "{}")
    assert first.is_next(1, "a")
    assert not second.is_next(2, "a")
    assert second.is_next(3, "b")
    first.mark_handled(1)
    assert second.is_next(2, "a")
