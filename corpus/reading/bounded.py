"""Reading in separate processes, so that a poison file costs only itself.

Each worker is a fresh interpreter (never a fork) with a memory limit of its own; the parent keeps
the clock and kills what hangs. A worker that died is replaced, and one that was not fresh when it
died gets the file tried once more, since an earlier file may have left it broken. When the parent
dies, the kernel ends its workers, even in the middle of a computation.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing.connection import Pipe
from types import TracebackType
from typing import TypeAlias

from corpus.errors import UnreadableFile
from corpus.models import Reading

Verdict: TypeAlias = Reading | UnreadableFile

_START = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from corpus.reading.worker import serve
serve(*map(int, sys.argv[2:5]), sys.argv[5])
"""
_LONGEST = 20
_SERVICEABLE = 500
"""Files after which a worker is replaced: what libraries leak must not fill the memory limit."""


class BoundedReader:
    """Reads files in `workers` processes, each file within `seconds` and `memory_mb`.

    A scan, which takes seconds a page, gets as many for each page, and 20 times as many in all.
    Thread-safe. Workers start when they are needed and end with `close` or the context.
    `reader` names the function that reads: `package.module:function`.
    """

    def __init__(
        self,
        workers: int = 1,
        seconds: float = 60,
        memory_mb: int = 1024,
        *,
        reader: str = "corpus.reading.read:read",
    ) -> None:
        self._limits = (seconds, memory_mb)
        self._reader = reader
        self._size = workers
        self._vacancies = threading.BoundedSemaphore(workers)
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._closed = False

    def __enter__(self) -> BoundedReader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, content: bytes, name: str) -> Reading:
        """Read one file as `reading.read` does. Raises UnreadableFile with the reason."""
        with self._vacancies:
            try:
                return self._read(content, name, fresh=False)
            except _Died as death:
                if not death.retry:
                    raise UnreadableFile(str(death)) from None
            try:
                return self._read(content, name, fresh=True)
            except _Died as death:
                raise UnreadableFile(str(death)) from None

    def read_many(self, files: Iterable[tuple[bytes, str]]) -> Iterator[Verdict]:
        """Read files in parallel; results come in order. Only a few are held at a time."""
        pending: deque[Future[Verdict]] = deque()
        executor = ThreadPoolExecutor(self._size, thread_name_prefix="reading")
        try:
            for content, name in files:
                pending.append(executor.submit(self._verdict, content, name))
                if len(pending) > self._size:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        finally:
            executor.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """End all workers, also those that are reading."""
        with self._lock:
            self._closed = True
            idle, busy = tuple(self._idle), tuple(self._busy)
            self._idle.clear()
        for worker in busy:  # the thread that waits for its answer does the rest
            worker.kill()
        for worker in idle:
            worker.end()

    def _read(self, content: bytes, name: str, *, fresh: bool) -> Reading:
        worker = self._take(fresh=fresh)
        try:
            return worker.read(content, name)
        finally:
            self._put_back(worker)

    def _verdict(self, content: bytes, name: str) -> Verdict:
        try:
            return self.read(content, name)
        except UnreadableFile as refusal:
            return refusal

    def _take(self, *, fresh: bool) -> _Worker:
        with self._lock:
            if self._closed:
                raise UnreadableFile("the reader was closed before this file was read")
            old = self._idle.pop() if self._idle else None
            if old and fresh:
                old.end()
            worker = _Worker(self._reader, *self._limits) if fresh or not old else old
            self._busy.add(worker)
            return worker

    def _put_back(self, worker: _Worker) -> None:
        with self._lock:
            self._busy.discard(worker)
            if worker.usable and not self._closed:
                self._idle.append(worker)
                return
        worker.end()


class _Died(Exception):
    """A worker ended, or must be ended, without an answer."""

    def __init__(self, reason: str, *, retry: bool) -> None:
        super().__init__(reason)
        self.retry = retry


class _Clock:
    """Ends a reading after some seconds without a sign of getting on, or after too many in all."""

    def __init__(self, seconds: float, end: Callable[[], None]) -> None:
        self._seconds, self._end = seconds, end
        self._until = time.monotonic() + _LONGEST * seconds
        self.rang = 0.0
        """The seconds that were exceeded, once they were."""
        self._timer: threading.Timer | None = None
        self.again()

    def again(self) -> None:
        """Give it as many seconds once more, as long as that makes no more than all."""
        self.stop()
        remaining = max(0.0, self._until - time.monotonic())
        allowed = self._seconds if self._seconds < remaining else _LONGEST * self._seconds
        self._timer = threading.Timer(min(self._seconds, remaining), self._ring, (allowed,))
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        if self._timer:
            self._timer.cancel()

    def _ring(self, allowed: float) -> None:
        self.rang = allowed
        self._end()


class _Worker:
    """One process that reads one file at a time."""

    def __init__(self, reader: str, seconds: float, memory_mb: int) -> None:
        self._seconds, self._memory_mb = seconds, memory_mb
        self._served = 0
        self.usable = True
        self._connection, worker_end = Pipe()
        # Nothing is ever written here: that it closes tells the worker that the parent died.
        life, self._life = os.pipe()
        numbers = (str(worker_end.fileno()), str(life), str(memory_mb))
        try:
            self._process = subprocess.Popen(  # noqa: S603  (our own interpreter and module)
                [sys.executable, "-c", _START, json.dumps(sys.path), *numbers, reader],
                pass_fds=(worker_end.fileno(), life),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        finally:
            worker_end.close()
            os.close(life)

    def read(self, content: bytes, name: str) -> Reading:
        """Raises UnreadableFile when it was refused, _Died when there is no answer."""
        fresh, self.usable = self._served == 0, False
        clock = _Clock(self._seconds, self.kill)
        try:
            self._connection.send((content, name))
            answer, content_or_reason = self._connection.recv()
            while answer == "reading":
                clock.again()
                answer, content_or_reason = self._connection.recv()
        except (EOFError, OSError):
            if clock.rang:
                reason = f"reading took longer than {clock.rang:g} s: split the file"
                raise _Died(reason, retry=False) from None
            raise _Died("the reader crashed on it: it may be damaged", retry=not fresh) from None
        finally:
            clock.stop()
        if answer == "memory":
            reason = f"reading needed more than {self._memory_mb} MB of memory: split the file"
            raise _Died(reason, retry=not fresh)
        self._served += 1
        self.usable = self._served < _SERVICEABLE
        if answer == "refused":
            raise UnreadableFile(content_or_reason)
        reading: Reading = content_or_reason
        return replace(reading, content=content)

    def kill(self) -> None:
        """End the process at once; `end` must follow."""
        self._process.kill()
        self._process.wait()

    def end(self) -> None:
        """End the process and let go of what it held."""
        self.kill()
        self._connection.close()
        os.close(self._life)
