"""Analysis in all cores: passages in, their terms out, in order and a few at a time.

Workers are fresh interpreters that end when their connection does, so none outlives this process.
What a worker leaves undone by dying, this process does itself.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from itertools import chain, islice
from multiprocessing.connection import Connection, Pipe
from queue import SimpleQueue
from types import TracebackType
from typing import TypeAlias

from corpus.models import PassageRecord
from index.engine.terms import END, Analyzed, Terms
from index.text.analyzer import parted
from index.text.laws import cited, titled

CHUNK = 200_000
"""Characters of text analyzed at a time: a fraction of a second's work, so that no core waits."""

_ALONE = 4
"""Chunks that are done sooner than workers have started."""

_PASSAGE, _RUNS = "\0", "\1"
"""Stand between passages, and between words and runs on their way; no term holds them."""

Texts: TypeAlias = Sequence[tuple[str, str, str, str]]
"""Text, heading, title and pin of each passage."""

_START = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from index.engine.analysis import serve
serve(int(sys.argv[2]))
"""


def passage_terms(passage: PassageRecord) -> list[str]:
    """The terms a passage is found by: its text's, and those of the headings and title above it.

    An article of a law is found by the law's name and its number, wherever the two stand.
    """
    return list(_terms(*_texts([passage])[0]))


def analyze_passages(
    passages: Iterable[PassageRecord], workers: int | None = None
) -> Iterator[Analyzed]:
    """The passages ready for the index, in their order; `workers` as many as there are cores."""
    work = _chunks(passages)
    first = list(islice(work, _ALONE))
    if len(first) < _ALONE:
        for chunk in first:
            yield from _ready(chunk, _analyze(_texts(chunk)))
        return
    with _Workers(workers or len(os.sched_getaffinity(0))) as pool:
        for chunk, found in pool.analyze_many(chain(first, work)):
            yield from _ready(chunk, found)


def serve(descriptor: int) -> None:
    """Analyze what comes until the connection ends: the inside of a worker."""
    gc.disable()  # nothing here is cyclic, and looking for it takes a tenth of the time
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is the parent that Ctrl-C speaks to
    connection: Connection[str, Texts] = Connection(descriptor)
    while True:
        try:
            texts = connection.recv()
            connection.send(_PASSAGE.join(map(_packed, _analyze(texts))))
        except (EOFError, OSError):
            return


class _Workers:
    """Processes that analyze; each is used by one thread at a time."""

    def __init__(self, count: int) -> None:
        self._threads = ThreadPoolExecutor(count, "analysis")
        self._running = [_Worker() for _ in range(count)]
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        for worker in self._running:
            self._idle.put(worker)

    def __enter__(self) -> _Workers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._running:
            worker.end()

    def analyze_many(
        self, chunks: Iterable[list[PassageRecord]]
    ) -> Iterator[tuple[list[PassageRecord], list[Terms]]]:
        """Each chunk with its passages' terms, in order; only a few are held at a time."""
        pending: deque[tuple[list[PassageRecord], Future[list[Terms]]]] = deque()
        for chunk in chunks:
            pending.append((chunk, self._threads.submit(self._analyze, _texts(chunk))))
            if len(pending) > 2 * len(self._running):
                done, found = pending.popleft()
                yield done, found.result()
        for done, found in pending:
            yield done, found.result()

    def _analyze(self, texts: Texts) -> list[Terms]:
        worker = self._idle.get()
        try:
            return worker.analyze(texts)
        except (EOFError, OSError):  # it died, and stays so
            return _analyze(texts)
        finally:
            self._idle.put(worker)


class _Worker:
    """One process and the connection to it."""

    def __init__(self) -> None:
        ours, theirs = Pipe()
        self._connection = ours
        command = [sys.executable, "-c", _START, json.dumps(sys.path), str(theirs.fileno())]
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            command, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()]
        )
        theirs.close()

    def analyze(self, texts: Texts) -> list[Terms]:
        """The terms of each passage. Raises EOFError or OSError when the process is no more."""
        self._connection.send(texts)
        found: str = self._connection.recv()
        return list(map(_unpacked, found.split(_PASSAGE)))

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self._connection.close()
        self._process.kill()
        self._process.wait()


def _chunks(passages: Iterable[PassageRecord]) -> Iterator[list[PassageRecord]]:
    chunk: list[PassageRecord] = []
    size = 0
    for passage in passages:
        chunk.append(passage)
        size += len(passage.text)
        if size >= CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _texts(chunk: Iterable[PassageRecord]) -> Texts:
    return [(passage.text, passage.heading, passage.title, passage.pin) for passage in chunk]


def _ready(chunk: Iterable[PassageRecord], found: Iterable[Terms]) -> Iterator[Analyzed]:
    for passage, some in zip(chunk, found, strict=True):
        yield Analyzed(passage.key, passage.document_id, some)


def _analyze(texts: Texts) -> list[Terms]:
    return [_terms(*passage) for passage in texts]


def _terms(text: str, heading: str, title: str, pin: str) -> Terms:
    article = [term for _, _, term in cited(titled(title, pin))]
    parts = [parted(text), _context(heading), _context(title)]
    words = [term for some, _ in parts for term in some]
    return Terms(words + article, END.join(run for _, runs in parts for run in runs))


@lru_cache(maxsize=1024)
def _context(context: str) -> tuple[list[str], list[str]]:
    """A document's passages share its title, and a section's its heading."""
    return parted(context)


def _packed(terms: Terms) -> str:
    """As one string, which is quicker to send than hundreds."""
    return f"{END.join(terms.words)}{_RUNS}{terms.runs}"


def _unpacked(packed: str) -> Terms:
    words, _, runs = packed.partition(_RUNS)
    return Terms(words.split(END) if words else [], runs)
