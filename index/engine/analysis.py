"""Analysis on all cores: passages in, their terms out, in order and a few at a time.

What a worker process leaves undone by dying, this process does itself.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from functools import lru_cache, partial
from itertools import chain, islice
from multiprocessing.connection import Connection
from typing import TypeAlias

from corpus.models import PassageRecord
from corpus.workers import PoolClosed, WorkerPool, map_in_order
from index.engine.terms import END, Analyzed, Terms, passage_number
from index.text.analyzer import parted
from index.text.canonical import cited, titled

CHUNK = 200_000
"""Characters of text analyzed at a time: a fraction of a second's work, so that no core waits."""

# Chunks that are done sooner than workers have started.
_ALONE = 4

_PASSAGE, _RUNS = "\0", "\1"
"""Stand between passages, and between words and runs on their way; no term holds them."""

Texts: TypeAlias = Sequence[tuple[str, str, str, str]]
"""Text, heading, title and pin of each passage."""

_SERVE = "index.engine.analysis:serve"


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
    processes = workers or len(os.sched_getaffinity(0))
    with WorkerPool(processes, _SERVE) as pool:
        analyze = partial(_analyze_chunk, pool)
        # Two chunks for each process: one at work, and one that waits for it.
        analyzed = map_in_order(analyze, chain(first, work), threads=processes, ahead=2 * processes)
        with closing(analyzed):
            yield from chain.from_iterable(analyzed)


def serve(connection: Connection[str, Texts]) -> None:
    """Analyze what comes until the connection ends: the inside of a worker."""
    gc.disable()  # nothing here is cyclic, and looking for it takes a tenth of the time
    while True:
        try:
            texts = connection.recv()
            connection.send(_PASSAGE.join(map(_packed, _analyze(texts))))
        except (EOFError, OSError):
            return


def _analyze_chunk(pool: WorkerPool, chunk: list[PassageRecord]) -> list[Analyzed]:
    """The chunk's passages, ready for the index. Raises PoolClosed."""
    texts = _texts(chunk)
    try:
        with pool.worker() as worker:
            worker.connection.send(texts)
            packed: str = worker.connection.recv()
        terms = list(map(_unpacked, packed.split(_PASSAGE)))
    except (EOFError, OSError):  # the worker died, or none can be started
        if pool.closed:  # nobody waits for the terms any more
            raise PoolClosed from None
        terms = _analyze(texts)
    return _ready(chunk, terms)


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


def _ready(chunk: Iterable[PassageRecord], terms: Iterable[Terms]) -> list[Analyzed]:
    return [
        Analyzed(
            passage.key,
            passage.document_id,
            passage_terms,
            passage_number(passage.citation, passage.text),
        )
        for passage, passage_terms in zip(chunk, terms, strict=True)
    ]


def _analyze(texts: Texts) -> list[Terms]:
    return [_terms(*passage) for passage in texts]


def _terms(text: str, heading: str, title: str, pin: str) -> Terms:
    article = [term for _, _, term in cited(titled(title, pin))]
    parts = [parted(text), _context(heading), _context(title)]
    words = [term for part_terms, _ in parts for term in part_terms]
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
