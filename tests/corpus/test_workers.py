"""Worker processes: handed out to one thread at a time, replaced when they may be broken."""

from __future__ import annotations

import os
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from corpus.workers import PoolClosed, WorkerKind, WorkerPool, map_in_order

pytestmark = pytest.mark.slow

KIND = WorkerKind("tests.corpus.test_workers:echo", ("hello",))


def echo(connection: Connection[Any, Any], greeting: str) -> None:
    """The inside of a worker: answers with its process, a greeting and what it was sent."""
    while True:
        try:
            message = connection.recv_bytes().decode()
            connection.send_bytes(f"{os.getpid()} {greeting} {message}".encode())
        except EOFError:
            return


def exchange(pool: WorkerPool, message: str) -> tuple[int, str]:
    with pool.worker() as worker:
        worker.connection.send_bytes(message.encode())
        process, _, text = worker.connection.recv_bytes().decode().partition(" ")
    return int(process), text


def abandon(pool: WorkerPool, message: str) -> None:
    with pool.worker() as worker:
        worker.connection.send_bytes(message.encode())
        raise KeyError


def test_a_worker_serves_again_and_gets_the_arguments() -> None:
    """One process answers requests in turn."""
    with WorkerPool(2, KIND) as pool:
        answers = [exchange(pool, message) for message in "ab"]
    assert [text for _, text in answers] == ["hello a", "hello b"]
    assert len({process for process, _ in answers}) == 1


def test_an_answer_that_nobody_waited_for_reaches_nobody_else() -> None:
    """A worker that was left in the middle of a request is not used again."""
    with WorkerPool(1, KIND) as pool:
        with pytest.raises(KeyError):
            abandon(pool, "secret")
        assert exchange(pool, "next")[1] == "hello next"


def test_a_closed_pool_gives_out_nothing() -> None:
    """Closing ends what waits, and what comes later is refused."""
    pool = WorkerPool(1, KIND)
    process, _ = exchange(pool, "a")
    pool.close()
    assert not Path(f"/proc/{process}").exists()
    with pytest.raises(PoolClosed), pool.worker():
        raise AssertionError("it was closed")


def test_results_come_in_order_and_few_items_are_read_ahead() -> None:
    """However many threads work, and whatever they raise, an item's result stands in its place."""
    read: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(50):
            read.append(number)
            yield number

    results = map_in_order(lambda number: number * number, numbers(), threads=3, ahead=4)
    for number in range(50):
        assert next(results) == number * number
        assert len(read) <= number + 6
    results.close()


def test_what_an_item_raises_is_raised_in_its_place() -> None:
    """The results before it are there."""
    results = map_in_order(lambda number: 1 // (2 - number), range(5), threads=2, ahead=2)
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(ZeroDivisionError):
        next(results)
