"""Reading in separate processes, so that a poison file costs only itself.

Each worker (`corpus.workers`) has a memory limit of its own; the parent keeps the clock and kills
what hangs. A worker that was not fresh when it died gets the file tried once more, since an earlier
file may have left it broken. What a worker says is checked (`corpus.reading.wire`). A file that
another program has to convert goes to a worker of its own, which alone may start one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from importlib import import_module
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, TypeAlias

from corpus.errors import UnreadableFile
from corpus.models import Reading
from corpus.reading import wire
from corpus.reading.pace import listen
from corpus.reasons import Reason
from corpus.sandbox import WALLS, ProgramForbidden, Wall, standing_walls
from corpus.worker_clock import WorkerClock
from corpus.workers import (
    LARGEST_FOLDER,
    PoolClosed,
    Worker,
    WorkerKind,
    WorkerPool,
    map_in_order,
)

Verdict: TypeAlias = Reading | UnreadableFile

_SERVE = "corpus.reading.bounded:serve"
_LONGEST_LINE = 4096  # bytes of an answer that is no reading
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
        kind = WorkerKind(_SERVE, (reader,), memory_mb)
        self._pool = WorkerPool(workers, kind)
        # One at a time, since LibreOffice takes a processor and some hundred megabytes.
        self._converting = WorkerPool(1, replace(kind, programs=True))

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
            return self._read(content, name, self._pool)
        except ProgramForbidden:
            return self._read(content, name, self._converting)

    def walls(self) -> tuple[Wall, ...]:
        """The walls that stand around a reader on this system. Raises OSError, PoolClosed."""
        with self._pool.worker() as worker:
            worker.connection.send_bytes(b"{}")
            try:
                walls = wire.head_of(worker.connection.recv_bytes(_LONGEST_LINE)).get("walls")
            except EOFError as error:
                raise OSError("the reader's process does not start") from error
            return tuple(wall for wall in WALLS if isinstance(walls, list) and wall in walls)

    def read_many(self, files: Iterable[tuple[bytes, str]]) -> Iterator[Verdict]:
        """Read files in parallel; results come in order. Only a few are held at a time."""
        return map_in_order(self._verdict, files, threads=self._size, ahead=self._size)

    def close(self) -> None:
        """End all workers, also those that are reading."""
        self._pool.close()
        self._converting.close()

    def _read(self, content: bytes, name: str, pool: WorkerPool) -> Reading:
        try:
            return self._read_once(content, name, pool, fresh=False)
        except _Died as death:
            if not death.retry:
                raise UnreadableFile(death.reason) from None
        try:
            return self._read_once(content, name, pool, fresh=True)
        except _Died as death:
            raise UnreadableFile(death.reason) from None

    def _read_once(self, content: bytes, name: str, pool: WorkerPool, *, fresh: bool) -> Reading:
        try:
            with pool.worker(fresh=fresh) as worker:
                reading = self._answer(worker, content, name)
        except PoolClosed:
            raise UnreadableFile(Reason("reader_closed")) from None
        if isinstance(reading, Reason):
            raise UnreadableFile(reading)
        return reading

    def _answer(self, worker: Worker, content: bytes, name: str) -> Reading | Reason:
        """What the worker says of a file. Raises _Died when it says nothing, ProgramForbidden."""
        fresh = worker.served == 0
        clock = WorkerClock(worker, self._seconds)
        try:
            worker.connection.send_bytes(json.dumps({"name": name}).encode())
            worker.connection.send_bytes(content)
            head = wire.head_of(worker.connection.recv_bytes(wire.LONGEST_HEAD))
            while head["kind"] == "reading":
                clock.step_done()
                head = wire.head_of(worker.connection.recv_bytes(wire.LONGEST_HEAD))
            reading = _understood(head, content, name, worker.connection.recv_bytes)
        except (EOFError, OSError):
            if clock.rang:
                reason = Reason("took_too_long", {"limit": clock.rang})
                raise _Died(reason, retry=False) from None
            if clock.wrote_too_much:
                reason = Reason("wrote_too_much", {"limit_mb": LARGEST_FOLDER >> 20})
                raise _Died(reason, retry=False) from None
            raise _Died(Reason("reader_crashed"), retry=not fresh) from None
        except wire.Garbled:
            raise _Died(Reason("reader_crashed"), retry=not fresh) from None
        finally:
            clock.stop()
        if reading is None:
            reason = Reason("needed_too_much_memory", {"limit_mb": self._memory_mb})
            raise _Died(reason, retry=not fresh)
        worker.tidy()
        worker.served += 1
        worker.usable = worker.served < _SERVICEABLE
        return reading

    def _verdict(self, file: tuple[bytes, str]) -> Verdict:
        try:
            return self.read(*file)
        except UnreadableFile as refusal:
            return refusal


def _understood(
    head: dict[str, Any], content: bytes, name: str, frame: Callable[[int], bytes]
) -> Reading | Reason | None:
    """A reading, a refusal, or None for a lack of memory. Raises wire.Garbled, ProgramForbidden."""
    match head["kind"]:
        case "read":
            sha256 = hashlib.sha256(content).hexdigest()
            return wire.decode(head, content, name, sha256, frame)
        case "refused":
            return wire.reason_of(head.get("reason"))
        case "memory":
            return None
        case "program":
            raise ProgramForbidden
        case _:
            raise wire.Garbled


class _Died(Exception):
    """A worker ended, or must be ended, without an answer."""

    def __init__(self, reason: Reason, *, retry: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry = retry


def serve(files: Connection[Any, Any], reader: str) -> None:
    """Read files until the connection ends: the inside of a worker."""
    module, _, function = reader.partition(":")
    read: Callable[[bytes, str], Reading] = getattr(import_module(module), function)
    listen(lambda: _say(files, {"kind": "reading"}))
    while True:
        try:
            request = json.loads(files.recv_bytes())
            if "name" in request:
                _answer_file(files, read, request["name"])
            else:
                _say(files, {"kind": "walls", "walls": standing_walls()})
        except MemoryError:
            _say(files, {"kind": "memory"})
        except (EOFError, OSError):
            return


def _say(files: Connection[Any, Any], answer: dict[str, Any]) -> None:
    files.send_bytes(json.dumps(answer).encode())


def _answer_file(
    files: Connection[Any, Any], read: Callable[[bytes, str], Reading], name: str
) -> None:
    content = files.recv_bytes()
    try:
        frames = list(wire.encode(read(content, name)))
    except UnreadableFile as refusal:
        frames = [wire.encode_reason(refusal.reason)]
    except ProgramForbidden:
        frames = [json.dumps({"kind": "program"}).encode()]
    except MemoryError:
        raise
    except Exception as error:  # whatever a library throws at a broken file
        # Its kind alone: what it says may quote the file, and reasons stand in logs.
        reason = Reason("reader_failed", {"error": type(error).__name__[:100]})
        frames = [wire.encode_reason(reason)]
    for frame in frames:
        files.send_bytes(frame)
