"""Reading in separate processes, so that a poison file costs only itself.

Each worker (`corpus.workers`) has a memory limit of its own; the parent keeps the clock and kills
what hangs. A worker that was not fresh when it died gets the file tried once more, since an earlier
file may have left it broken.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import TypeAlias

from corpus.errors import UnreadableFile
from corpus.models import Reading
from corpus.reading.pace import listen
from corpus.reasons import Reason
from corpus.workers import PoolClosed, Worker, WorkerPool, map_in_order

Verdict: TypeAlias = Reading | UnreadableFile

Answer: TypeAlias = tuple[str, Reading | Reason | None]
"""`read` and the reading without its bytes, `refused` and why, or `memory`; `reading` before it."""

_SERVE = "corpus.reading.bounded:serve"
# Times the seconds of a step that a file may take in all, so that 5,000 scanned pages are read.
_LONGEST = 300
_LONGEST_WAIT = 20  # times the seconds of a step that may pass on the wall of a busy machine
_SHORTEST_WAIT = 0.1
_LEAST_WORK = 0.5  # of the seconds: who works less than that and sleeps is not waiting his turn
_TICKS = os.sysconf("SC_CLK_TCK")
# Files after which a worker is replaced: what libraries leak must not fill the memory limit.
_SERVICEABLE = 500


class BoundedReader:
    """Reads files in `workers` processes, each file within `seconds` and `memory_mb`.

    Seconds are those of the processor. A PDF gets as many for each of its pages, which are steps
    that tell of themselves (`pace`), and 300 times as many in all.
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
        self._seconds, self._memory_mb = seconds, memory_mb
        self._size = workers
        self._pool = WorkerPool(workers, _SERVE, reader, memory_mb=memory_mb)

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
        try:
            return self._read(content, name, fresh=False)
        except _Died as death:
            if not death.retry:
                raise UnreadableFile(death.reason) from None
        try:
            return self._read(content, name, fresh=True)
        except _Died as death:
            raise UnreadableFile(death.reason) from None

    def read_many(self, files: Iterable[tuple[bytes, str]]) -> Iterator[Verdict]:
        """Read files in parallel; results come in order. Only a few are held at a time."""
        return map_in_order(self._verdict, files, threads=self._size, ahead=self._size)

    def close(self) -> None:
        """End all workers, also those that are reading."""
        self._pool.close()

    def _read(self, content: bytes, name: str, *, fresh: bool) -> Reading:
        try:
            with self._pool.worker(fresh=fresh) as worker:
                _, reading_or_reason = self._answer(worker, content, name)
        except PoolClosed:
            raise UnreadableFile(Reason("reader_closed")) from None
        if isinstance(reading_or_reason, Reading):
            return replace(reading_or_reason, content=content)
        assert reading_or_reason is not None
        raise UnreadableFile(reading_or_reason)

    def _answer(self, worker: Worker, content: bytes, name: str) -> Answer:
        """What the worker says of a file. Raises _Died when it says nothing."""
        fresh = worker.served == 0
        clock = _Clock(worker, self._seconds)
        try:
            worker.connection.send((content, name))
            answer: Answer = worker.connection.recv()
            while answer[0] == "reading":
                clock.step_done()
                answer = worker.connection.recv()
        except (EOFError, OSError):
            if clock.rang:
                reason = Reason("took_too_long", {"limit": clock.rang})
                raise _Died(reason, retry=False) from None
            raise _Died(Reason("reader_crashed"), retry=not fresh) from None
        finally:
            clock.stop()
        if answer[0] == "memory":
            reason = Reason("needed_too_much_memory", {"limit_mb": self._memory_mb})
            raise _Died(reason, retry=not fresh)
        worker.served += 1
        worker.usable = worker.served < _SERVICEABLE
        return answer

    def _verdict(self, file: tuple[bytes, str]) -> Verdict:
        try:
            return self.read(*file)
        except UnreadableFile as refusal:
            return refusal


class _Died(Exception):
    """A worker ended, or must be ended, without an answer."""

    def __init__(self, reason: Reason, *, retry: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry = retry


class _Clock:
    """Ends a reading after some seconds of processor time without a step, or after too many in all.

    Processor time, because a busy machine makes no file worse: a reading that only waits for its
    turn goes on. One that sleeps instead of working is ended by the time on the wall.
    """

    def __init__(self, worker: Worker, seconds: float) -> None:
        self._worker, self._seconds = worker, seconds
        self._begun = self._step_begun = _processor_seconds(worker.process.pid)
        self._looked_from = time.monotonic()
        self.rang = 0.0
        """The seconds that were exceeded, once they were."""
        self._timer: threading.Timer | None = None
        self._wait(seconds)

    def step_done(self) -> None:
        """Give it as many seconds once more."""
        # The timer that runs sees this when it looks: a timer a step would cost more than a page.
        self._step_begun = _processor_seconds(self._worker.process.pid)
        self._looked_from = time.monotonic()
        if self._total() >= _LONGEST * self._seconds:
            self._end(too_long=True)

    def stop(self) -> None:
        """Let it run on without a limit."""
        if self._timer:
            self._timer.cancel()

    def _total(self) -> float:
        return (self._step_begun or 0.0) - (self._begun or 0.0)

    def _wait(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._look)
        self._timer.daemon = True
        self._timer.start()

    def _look(self) -> None:
        pid = self._worker.process.pid
        waited, used = time.monotonic() - self._looked_from, _processor_seconds(pid)
        # where processor time is not told, the time on the wall counts.
        is_known = used is not None and self._step_begun is not None
        spent = (used or 0.0) - (self._step_begun or 0.0) if is_known else waited
        too_long = self._total() + spent >= _LONGEST * self._seconds
        idle = spent < _LEAST_WORK * waited and waited >= self._seconds and _is_asleep(pid)
        left_waiting = waited >= _LONGEST_WAIT * self._seconds
        if spent >= self._seconds or too_long or idle or left_waiting:
            self._end(too_long=too_long)
        else:
            self._wait(max(self._seconds - spent, _SHORTEST_WAIT * self._seconds))

    def _end(self, *, too_long: bool) -> None:
        self.rang = self._seconds * (_LONGEST if too_long else 1)
        self._worker.kill()


def _processor_seconds(pid: int) -> float | None:
    """The processor time that a process has used, None where the system does not tell."""
    fields = _process_fields(pid)
    return (int(fields[11]) + int(fields[12])) / _TICKS if fields else None


def _is_asleep(pid: int) -> bool:
    """Whether a process waits for something else than the processor or the disk."""
    fields = _process_fields(pid)
    return bool(fields) and fields[0] not in {"R", "D"}


def _process_fields(pid: int) -> list[str]:
    """What Linux says of a process, from its state on (proc(5), /proc/PID/stat); else nothing."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return []
    return stat.rpartition(")")[2].split()


def serve(files: Connection[Answer, tuple[bytes, str]], reader: str) -> None:
    """Read files until the connection ends: the inside of a worker."""
    module, _, function = reader.partition(":")
    read: Callable[[bytes, str], Reading] = getattr(import_module(module), function)
    listen(lambda: files.send(("reading", None)))
    while True:
        try:
            content, name = files.recv()
            files.send(_outcome(read, content, name))
        except MemoryError:
            files.send(("memory", None))
        except (EOFError, OSError):
            return


def _outcome(read: Callable[[bytes, str], Reading], content: bytes, name: str) -> Answer:
    try:
        return "read", replace(read(content, name), content=b"")  # the parent has the bytes
    except UnreadableFile as refusal:
        return "refused", refusal.reason
    except MemoryError:
        raise
    except Exception as error:  # whatever a library throws at a broken file
        description = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        return "refused", Reason("reader_failed", {"error": description})
