"""Worker processes: what is poison, or long, runs in an interpreter of its own.

Each worker is a fresh interpreter, never a fork, since a fork copies the locks of threads that it
does not have. It has an empty environment, a folder of its own and the walls of `corpus.sandbox`,
and says bytes that its parent checks, never pickles, which could run anything. It talks over one
connection with one thread at a time. A worker that died is replaced when the next one is needed,
and its folder and what it has started go with it. When the parent dies, the kernel ends its
workers, even in the middle of a computation.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import resource
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.machinery import PathFinder
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from corpus.sandbox import Sandbox

Item = TypeVar("Item")
Result = TypeVar("Result")

_START = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])["paths"]
from corpus.workers import run_worker
run_worker(json.loads(sys.argv[1])["worker"])
"""

LARGEST_FOLDER = 1 << 30
"""Bytes that a worker may write in its folder."""

_PREFIX = "pincite-worker-"


class PoolClosed(Exception):
    """A worker was asked for, or was at work, when its pool was closed."""


@dataclass(frozen=True, slots=True)
class WorkerKind:
    """What a worker runs and may do.

    `serve` names the function that it runs: `package.module:function`. That is called with the
    connection and `arguments`, and the process ends when it returns. `memory_mb` limits what it
    may write to; 0 means no limit. `programs`: whether it may start others.
    """

    serve: str
    arguments: tuple[str, ...] = ()
    memory_mb: int = 0
    programs: bool = False

    @property
    def packages(self) -> list[str]:
        """The packages whose files it reads: those of this project, and of what it runs."""
        named = (name.partition(".")[0] for name in (self.serve, *self.arguments) if ":" in name)
        return sorted({"corpus", "index", *named})


def _import_paths() -> list[str]:
    """Where a worker looks for modules: where this process does, its own packages first."""
    # Relative paths would be those of its own folder.
    paths = [str(Path(path).absolute()) for path in sys.path]
    own = str(Path(__file__).resolve().parents[1])
    spec = PathFinder.find_spec("corpus", paths)
    places = spec.submodule_search_locations or () if spec else ()
    # Another package of this name on the path must not be what the worker runs.
    if own not in {str(Path(place).parent) for place in places}:
        paths.insert(0, own)
    return paths


class Worker:
    """One process."""

    def __init__(self, kind: WorkerKind) -> None:
        self.served = 0
        """How often it has answered; whoever uses it counts."""
        self.usable = True
        """Whether the pool may give it out again."""
        self._kind = kind
        self.folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
        """Where it may write; it goes with the worker."""
        self.connection, worker_end = Pipe()
        # Nothing is ever written here: that it closes tells the worker that the parent died.
        life, self._life = os.pipe()
        order = {"paths": _import_paths(), "worker": self._orders(worker_end.fileno(), life)}
        try:
            self.process = subprocess.Popen(  # noqa: S603  (our own interpreter and module)
                # Isolated: the current folder and the user's own packages must not come first.
                [sys.executable, "-I", "-c", _START, json.dumps(order)],
                pass_fds=(worker_end.fileno(), life),
                cwd=self.folder,
                # The parent's environment holds the bot's token.
                env={},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except BaseException:
            self.connection.close()
            os.close(self._life)
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        finally:
            worker_end.close()
            os.close(life)

    def _orders(self, connection: int, life: int) -> dict[str, Any]:
        """What the process is told at its start; `connection` and `life` are file descriptors."""
        kind = self._kind
        return {
            "serve": kind.serve,
            "connection": connection,
            "life": life,
            "memory_mb": kind.memory_mb,
            "packages": kind.packages,
            "folder": str(self.folder),
            "programs": kind.programs,
            "search_path": os.environ.get("PATH", os.defpath),
            "arguments": kind.arguments,
        }

    def kill(self) -> None:
        """End the process and what it has started at once; `end` must follow."""
        if self._kind.programs:
            _kill_descendants(self.process.pid)
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """End the process, close the connection to it, and delete its folder."""
        self.kill()
        self.connection.close()
        os.close(self._life)
        shutil.rmtree(self.folder, ignore_errors=True)

    def tidy(self) -> None:
        """Delete what one job has left in the folder, so that the next one finds nothing."""
        for entry in self.folder.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink(missing_ok=True)

    def has_filled_folder(self) -> bool:
        """Whether it has written more than it may."""
        return folder_size(self.folder) > LARGEST_FOLDER


def folder_size(folder: Path) -> int:
    """The bytes of all files in a folder; what vanishes meanwhile counts nothing."""
    size = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                size += Path(parent, name).lstat().st_blocks * 512
    return size


def _kill_descendants(pid: int) -> None:
    """End all processes below one. It adopts orphans, so that none is missed."""
    # Stopped, it cannot start others while these are looked for.
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGSTOP)
    while True:
        children = _descendants(pid)
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        if not children:
            return


def _descendants(pid: int) -> list[int]:
    """The processes below one that have not ended (proc(5)): none where /proc is missing."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError):
            fields = entry.read_text("ascii", errors="replace").rpartition(")")[2].split()
            if fields[0] != "Z":
                parents[int(entry.parent.name)] = int(fields[1])
    below = {pid}
    while True:
        more = {child for child, parent in parents.items() if parent in below} - below
        if not more:
            return sorted(below - {pid})
        below |= more


@cache
def sweep_folders() -> None:
    """Delete the folders of workers whose parent was killed. Once a process is enough."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        parent = folder.name.removeprefix(_PREFIX).partition("-")[0]
        # Without /proc nothing is known of others, and nothing is deleted.
        is_gone = Path("/proc/self").exists() and not Path(f"/proc/{parent}").exists()
        if parent.isdigit() and is_gone:
            shutil.rmtree(folder, ignore_errors=True)


class WorkerPool:
    """Up to `size` workers of one kind; thread-safe.

    Workers start when they are needed and end with `close` or the context.
    """

    def __init__(self, size: int, kind: WorkerKind) -> None:
        self._kind = kind
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
                sweep_folders()
                idle = Worker(self._kind)
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


def run_worker(order: dict[str, Any]) -> None:
    """The inside of a worker, from what `Worker` has ordered."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    _die_with_parent(order["life"])
    _limit_memory(order["memory_mb"] << 20)
    if order["programs"]:
        os.environ["PATH"] = order["search_path"]
    # Before anything is imported that may start threads: walls stand around one thread.
    Sandbox(tuple(order["packages"]), Path(order["folder"]), programs=order["programs"]).enter()
    module, _, name = order["serve"].partition(":")
    function: Callable[..., None] = getattr(import_module(module), name)
    requests: Connection[Any, Any] = Connection(order["connection"])
    function(requests, *order["arguments"])


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
