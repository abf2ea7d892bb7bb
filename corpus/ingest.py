"""Adds files: finds them, reads them in other processes, and files them one by one, in order.

Each file is filed in one transaction with its attachments, so a kill at any point leaves whole
documents, and repeating the command adds the rest. A file that is filed already is recognised by
its hash and not read again. One `add` at a time works on a data folder; uploads do not wait.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from filelock import FileLock, Timeout

from corpus import files
from corpus.attachments import AttachmentReader
from corpus.errors import DatabaseUnavailable, NotFound, UnreadableFile
from corpus.files import FoundFile
from corpus.filing import refused
from corpus.library import Library
from corpus.matters import spell
from corpus.models import Filed, Reading
from corpus.storage.documents import storable
from corpus.storage.records import batches

WINDOW: Final = 64
"""Files per step. Outcomes come at least this often, and the readers seldom wait for work."""

_PATIENCE: Final = 0.2  # seconds between tries to take the lock


class FileReader(Protocol):
    """Reads files: corpus.reading.bounded.BoundedReader, or a plain reader in tests."""

    def read_many(
        self, files: Iterable[tuple[bytes, str]], /
    ) -> Iterator[Reading | UnreadableFile]:
        """A reading or a refusal for each file (content, name), in their order."""


@dataclass(frozen=True, slots=True)
class _Job:
    """What is the same for every file of one call. `again`: may withdrawn files be filed again?"""

    matter: str
    added_by: int | None = None
    again: bool = True
    stop: threading.Event | None = None

    @property
    def stopped(self) -> bool:
        return self.stop is not None and self.stop.is_set()


class Ingest:
    """Adds files and folders to a library. No file may have more than `max_bytes`.

    `own`: the data folder of the library, which is skipped wherever it lies.
    """

    def __init__(
        self,
        library: Library,
        reader: FileReader,
        *,
        max_bytes: int,
        lock: Path | None,
        own: Path | None = None,
    ) -> None:
        self.library = library
        self._reader = reader
        self._max_bytes = max_bytes
        self._lock = lock
        # Resolved once: a link into the data folder must not lead back into it.
        self._own = own and Path(os.path.realpath(own))

    def add(
        self,
        paths: Sequence[Path],
        matter: str,
        *,
        added_by: int | None = None,
        progress: Callable[[int, int, Path], None] | None = None,
        waiting: Callable[[], None] | None = None,
    ) -> Iterator[Filed]:
        """File the named files and all files in the named folders; yields one outcome a file.

        `progress(done, total, path)` is called before the first file and after each. `waiting()`
        is called once if another `add` is at work. Raises InvalidMatter, DatabaseUnavailable.
        """
        job = _Job(self._spelled(matter), added_by)
        found_files = itertools.chain.from_iterable(map(files.files_at, paths))
        return self._work(found_files, job, progress, waiting)

    def add_within(
        self, folder: Path, paths: Sequence[Path], matter: str, *, stop: threading.Event
    ) -> Iterator[Filed]:
        """File what lies at paths inside a watched folder, until `stop` is set.

        A document that a person withdrew from such a path stays withdrawn. Raises as `add` does.
        """
        job = _Job(self._spelled(matter), again=False, stop=stop)
        found_files = itertools.chain.from_iterable(
            files.files_within(folder, path) for path in paths
        )
        return self._work(found_files, job, None, None)

    def add_bytes(
        self, content: bytes, name: str, matter: str, *, path: str, added_by: int | None = None
    ) -> Filed:
        """File an upload under a path of its own. Raises InvalidMatter, DatabaseUnavailable."""
        job = _Job(self._spelled(matter), added_by)
        # The hash is checked first: a person often sends the same file twice, and reading is slow.
        outcome = self._known_outcome(content, path, job)
        if outcome:
            return outcome
        [reading] = self._reader.read_many([(content, name)])
        return self._file(reading, path, job)

    def read(self, content: bytes, name: str) -> Reading:
        """Read a file without filing it. Raises UnreadableFile."""
        [reading] = self._reader.read_many([(content, name)])
        if isinstance(reading, UnreadableFile):
            raise reading
        return reading

    def _work(
        self,
        found_files: Iterable[FoundFile],
        job: _Job,
        progress: Callable[[int, int, Path], None] | None,
        waiting: Callable[[], None] | None,
    ) -> Iterator[Filed]:
        with self._exclusive_lock(job, waiting):
            # Listed in full before the first is read, because `progress` tells how many there are.
            all_files = [] if job.stopped else [*filter(self._is_foreign, found_files)]
            if progress and all_files:
                progress(0, len(all_files), all_files[0].path)
            windows = (self._window(window, job) for window in batches(all_files, WINDOW))
            outcomes = itertools.chain.from_iterable(windows)
            for number, outcome in enumerate(outcomes, start=1):
                if progress:
                    progress(number, len(all_files), all_files[number - 1].path)
                yield outcome
                if job.stopped:
                    return

    def _window(self, window: Sequence[FoundFile], job: _Job) -> Iterator[Filed]:
        """Outcomes in the order of the files. Files are read ahead while others are filed."""
        # For each file that the reader has asked for: its outcome, or its path if it is being read.
        ahead: deque[Filed | str] = deque()

        def to_read() -> Iterator[tuple[bytes, str]]:
            for file in window:
                path = files.path_text(file.path)
                outcome_or_content = self._look(file, path, job)
                if isinstance(outcome_or_content, Filed):
                    ahead.append(outcome_or_content)
                else:
                    ahead.append(path)
                    yield outcome_or_content, files.path_text(Path(file.path.name))

        # Refusals wait in `ahead` until the reading before them is filed: outcomes keep the files'
        # order.
        for reading in self._reader.read_many(to_read()):
            while isinstance(outcome := ahead.popleft(), Filed):
                yield outcome
            path = outcome
            yield self._file(reading, path, job)
        yield from (outcome for outcome in ahead if isinstance(outcome, Filed))

    def _is_foreign(self, file: FoundFile) -> bool:
        """Whether a file lies outside the data folder.

        Otherwise a watched folder around the data folder would add its own database.
        """
        return self._own is None or not file.path.is_relative_to(self._own)

    def _look(self, file: FoundFile, path: str, job: _Job) -> Filed | bytes:
        """The outcome of a file that need not be read, otherwise its bytes."""
        if file.problem:
            return refused(job.matter, storable(path), file.problem)
        try:
            content = files.content_of(file.path, self._max_bytes)
        except UnreadableFile as error:
            return refused(job.matter, storable(path), error.reason)
        return self._known_outcome(content, path, job) or content

    def _known_outcome(self, content: bytes, path: str, job: _Job) -> Filed | None:
        if len(content) > self._max_bytes:
            return refused(job.matter, storable(path), files.too_large(self._max_bytes))
        # Over the bytes and not the text: two files with equal text may differ in what is opened.
        sha256 = hashlib.sha256(content).hexdigest()
        return self.library.known_outcome(sha256, matter=job.matter, path=path, again=job.again)

    def _file(self, reading: Reading | UnreadableFile, path: str, job: _Job) -> Filed:
        """File a reading with its attachments."""
        if isinstance(reading, UnreadableFile):
            return refused(job.matter, storable(path), reading.reason)
        attachments = AttachmentReader(self._reader.read_many, self._max_bytes)
        try:
            return self.library.file(
                reading,
                matter=job.matter,
                path=path,
                added_by=job.added_by,
                parts=attachments.parts(reading, path),
                again=job.again,
            )
        except UnreadableFile as error:
            return refused(job.matter, storable(path), error.reason)

    def _spelled(self, matter: str) -> str:
        try:
            return self.library.matter(matter)
        # The matter is created by the first file, not here: a run without files leaves nothing
        # behind.
        except NotFound:
            return spell(matter)

    @contextmanager
    def _exclusive_lock(self, job: _Job, waiting: Callable[[], None] | None) -> Iterator[None]:
        """Hold the lock of the data folder; give up when the job is stopped."""
        if self._lock is None:
            yield
            return
        # Not per thread: a generator may be resumed in one thread and closed in another.
        lock = FileLock(self._lock, thread_local=False)
        while not job.stopped:
            try:
                # The first try is immediate, so that the person is told at once why nothing
                # happens.
                lock.acquire(timeout=0 if waiting else _PATIENCE)
                break
            except Timeout:
                if waiting:
                    waiting()
                    waiting = None
            except OSError as error:
                raise DatabaseUnavailable(
                    f"{self._lock} cannot be locked ({error.strerror}): "
                    "check the data folder and the disk"
                ) from None
        try:
            yield
        finally:
            lock.release()
