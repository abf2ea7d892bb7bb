"""Worker processes: what is poison, or long, runs in an interpreter of its own.

Each worker is a fresh interpreter, never a fork, since a fork copies the locks of threads that it
does not have. It talks over one connection with one thread at a time. A worker that died is
replaced when the next one is needed. When the parent dies, the kernel ends its workers, even in the
middle of a computation.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import resource
import select
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from importlib import import_module
from multiprocessing.connection import Connection, Pipe
from types import TracebackType
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_START = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from corpus.workers import run_worker
run_worker(sys.argv[2], *map(int, sys.argv[3:6]), *sys.argv[6:])
"""


class PoolClosed(Exception):
    """A worker was asked for, or was at work, when its pool was closed."""


class Worker:
    """One process. `serve` names the function that it runs: `package.module:function`.

    That is called with the connection and `arguments`, and the process ends when it returns.
    """

    def __init__(self, serve: str, arguments: tuple[str, ...], memory_mb: int) -> None:
        self.served = 0
        """How often it has answered; whoever uses it counts."""
        self.usable = True
        """Whether the pool may give it out again."""
        self.connection, worker_end = Pipe()
        # Nothing is ever written here: that it closes tells the worker that the parent died.
        life, self._life = os.pipe()
        numbers = map(str, (worker_end.fileno(), life, memory_mb))
        try:
            self.process = subprocess.Popen(  # noqa: S603  (our own interpreter and module)
                [sys.executable, "-c", _START, json.dumps(sys.path), serve, *numbers, *arguments],
                pass_fds=(worker_end.fileno(), life),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except BaseException:
            self.connection.close()
            os.close(self._life)
            raise
        finally:
            worker_end.close()
            os.close(life)

    def kill(self) -> None:
        """End the process at once; `end` must follow."""
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """End the process and close the connection to it."""
        self.kill()
        self.connection.close()
        os.close(self._life)


class WorkerPool:
    """Up to `size` workers that run `serve`; thread-safe.

    Workers start when they are needed and end with `close` or the context. `memory_mb` limits what
    each may write to; 0 means no limit.
    """

    def __init__(self, size: int, serve: str, *arguments: str, memory_mb: int = 0) -> None:
        self._serve, self._arguments, self._memory_mb = serve, arguments, memory_mb
        self._vacancies = threading.BoundedSemaphore(size)
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self.closed = False

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def idle(self) -> int:
        """How many workers wait for work."""
        return len(self._idle)

    @property
    def busy(self) -> int:
        """How many workers are at work."""
        return len(self._busy)

    @contextlib.contextmanager
    def worker(self, *, fresh: bool = False) -> Iterator[Worker]:
        """A worker for this thread alone; with `fresh`, one that has served nobody yet.

        Waits while all are at work. Raises PoolClosed, and OSError when no process can be started.
        """
        with self._vacancies:
            worker = self._take(fresh=fresh)
            try:
                yield worker
            except BaseException:
                # An answer may still be on its way, which the next user would take for its own.
                worker.usable = False
                raise
            finally:
                self._put_back(worker)

    def close(self) -> None:
        """End all workers, also those that are at work."""
        with self._lock:
            self.closed = True
            idle, busy = tuple(self._idle), tuple(self._busy)
            self._idle.clear()
        for worker in busy:  # the thread that waits for its answer ends it
            worker.kill()
        for worker in idle:
            worker.end()

    def _take(self, *, fresh: bool) -> Worker:
        with self._lock:
            if self.closed:
                raise PoolClosed
            idle = self._idle.pop() if self._idle else None
            if idle and fresh:
                idle.end()
            if fresh or not idle:
                idle = Worker(self._serve, self._arguments, self._memory_mb)
            self._busy.add(idle)
            return idle

    def _put_back(self, worker: Worker) -> None:
        with self._lock:
            self._busy.discard(worker)
            if worker.usable and not self.closed:
                self._idle.append(worker)
                return
        worker.end()


def map_in_order(
    function: Callable[[Item], Result], items: Iterable[Item], *, threads: int, ahead: int
) -> Generator[Result, None, None]:
    """The results for all items, in order, worked out by several threads.

    No more than `ahead` items are read before their result is wanted, so that memory is bounded.
    """
    pending: deque[Future[Result]] = deque()
    executor = ThreadPoolExecutor(threads, thread_name_prefix="workers")
    try:
        for item in items:
            pending.append(executor.submit(function, item))
            if len(pending) > ahead:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        # Whoever stops early closes the pool next, which ends what is still at work.
        executor.shutdown(wait=False, cancel_futures=True)


def run_worker(serve: str, connection: int, life: int, memory_mb: int, *arguments: str) -> None:
    """The inside of a worker. `connection` and `life` are file descriptors."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    _die_with_parent(life)
    _limit_memory(memory_mb << 20)
    module, _, name = serve.partition(":")
    function: Callable[..., None] = getattr(import_module(module), name)
    requests: Connection[Any, Any] = Connection(connection)
    function(requests, *arguments)


def _die_with_parent(life: int) -> None:
    """Have the kernel end this process when the pipe closes, whatever it is doing by then."""
    with contextlib.suppress(OSError):  # where pipes cannot signal, it ends after its request
        fcntl.fcntl(life, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(life, fcntl.F_SETFL, fcntl.fcntl(life, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([life], [], [], 0)[0]:  # it closed before the kernel watched it
        sys.exit()


def _limit_memory(limit: int) -> None:
    if limit:
        # What is written to counts, not what is mapped: libraries map far more than they use.
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    # A dump would hold the text of a document.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
