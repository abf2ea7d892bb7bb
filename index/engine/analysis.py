"""Analysis on all cores: passages in, their terms out, in order and a few at a time.

It is bounded as reading is: what is more than a few pages is analyzed in worker processes with
limits of time and memory. A document on which a worker fails twice is set aside: it is held by the
index without its words, so that no other document waits for it and no restart meets it again.
"""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from functools import lru_cache
from itertools import chain, groupby, islice
from multiprocessing.connection import Connection
from typing import Any, Final, TypeAlias

from corpus.models import PassageRecord
from corpus.reasons import Reason
from corpus.worker_clock import WorkerClock
from corpus.workers import PoolClosed, WorkerKind, WorkerPool, map_in_order
from index.engine.terms import END, Analyzed, PassageTerms, passage_number
from index.text.analyzer import parted
from index.text.canonical import cited, titled

CHUNK = 200_000
"""Characters of text analyzed at a time: a fraction of a second's work, so that no core waits."""

SMALL = 20_000
"""Characters that this process analyzes by itself, in some ten milliseconds: starting another
takes longer. Costs are linear, so that nothing so short takes long."""

SECONDS: Final = 30.0
"""Of the processor for a chunk, which takes half a second."""

MEMORY_MB: Final = 1024

# Terms and runs of a chunk are three to four times its text; a title may repeat with each passage.
_LARGEST_ANSWER: Final = 256 << 20

_PASSAGE, _RUNS = "\0", "\1"
"""Stand between passages, and between words and runs on their way; no term holds them."""

Texts: TypeAlias = Sequence[tuple[str, str, str, str]]
"""Text, heading, title and pin of each passage."""

SetAside: TypeAlias = Callable[[str, Reason], None]
"""Called with a document that cannot be indexed, and why."""

_KIND: Final = WorkerKind("index.engine.analysis:serve", memory_mb=MEMORY_MB)


def passage_terms(passage: PassageRecord) -> list[str]:
    """The terms a passage is found by: its text's, and those of the headings and title above it.

    An article of a law is found by the law's name and its number, wherever the two stand.
    """
    return list(_terms(*_texts([passage])[0]))


def analyze_passages(
    passages: Iterable[PassageRecord],
    workers: int | None = None,
    *,
    set_aside: SetAside | None = None,
    skipped: Collection[str] = (),
) -> Iterator[Analyzed]:
    """The passages ready for the index, in their order; `workers` as many as there are cores.

    Those of documents that are `skipped`, or are set aside now, have no terms.
    """
    work = _chunks(passages)
    first = list(islice(work, 2))
    with ExitStack() as stack:
        if len(first) < 2 and sum(map(_length, chain.from_iterable(first))) <= SMALL:
            analysis = _Analysis(None, skipped, set_aside)
            yield from chain.from_iterable(map(analysis.chunk, first))
            return
        # One chunk needs one worker; there is a second one where more follow.
        processes = 1 if len(first) < 2 else workers or len(os.sched_getaffinity(0))
        pool = stack.enter_context(WorkerPool(processes, _KIND))
        analysis = _Analysis(pool, skipped, set_aside)
        # Two chunks for each process: one at work, and one that waits for it.
        analyzed = map_in_order(
            analysis.chunk, chain(first, work), threads=processes, ahead=2 * processes
        )
        with closing(analyzed):
            yield from chain.from_iterable(analyzed)


def serve(connection: Connection[Any, Any]) -> None:
    """Analyze what comes until the connection ends: the inside of a worker."""
    gc.disable()  # nothing here is cyclic, and looking for it takes a tenth of the time
    while True:
        try:
            texts = json.loads(connection.recv_bytes())
            packed = _PASSAGE.join(map(_packed, _analyze(texts)))
            connection.send_bytes(packed.encode("utf-8", "surrogatepass"))
        except (EOFError, OSError):
            return


class _AnalysisFailed(Exception):
    """A worker died of some texts, or did not end. Its argument is the reason."""


class _Analysis:
    """One run over documents: with a pool, or in this process where there is none."""

    def __init__(
        self, pool: WorkerPool | None, skipped: Collection[str], set_aside: SetAside | None
    ) -> None:
        self._pool = pool
        self._skipped = set(skipped)
        self._set_aside = set_aside

    def chunk(self, passages: Sequence[PassageRecord]) -> list[Analyzed]:
        """A chunk's passages, ready for the index. Raises PoolClosed."""
        sound = [passage for passage in passages if passage.document_id not in self._skipped]
        if len(sound) == len(passages):
            try:
                return _ready(sound, self._terms(sound, fresh=False))
            except _AnalysisFailed:
                pass  # which of its documents it was, each shows by itself
        analyzed: list[Analyzed] = []
        for document_id, group in groupby(passages, key=lambda passage: passage.document_id):
            analyzed += self._document(document_id, list(group))
        return analyzed

    def _document(self, document_id: str, passages: Sequence[PassageRecord]) -> list[Analyzed]:
        """One document's passages of a chunk; without terms, if it fails again."""
        if document_id not in self._skipped:
            try:
                # A worker that an earlier text left broken must not count against this one.
                return _ready(passages, self._terms(passages, fresh=True))
            except _AnalysisFailed as failure:
                self._skipped.add(document_id)
                if self._set_aside:
                    self._set_aside(document_id, failure.args[0])
        return _ready(passages, [PassageTerms((), "")] * len(passages))

    def _terms(self, passages: Sequence[PassageRecord], *, fresh: bool) -> list[PassageTerms]:
        """Raises _AnalysisFailed, PoolClosed."""
        if not passages:
            return []
        texts = _texts(passages)
        with ExitStack() as stack:
            try:
                worker = self._pool and stack.enter_context(self._pool.worker(fresh=fresh))
            except OSError:
                worker = None  # no process can be started, which says nothing of the texts
            if not worker:
                return _analyze_here(texts)
            clock = WorkerClock(worker, SECONDS)
            try:
                worker.connection.send_bytes(json.dumps(texts).encode())
                packed = worker.connection.recv_bytes(_LARGEST_ANSWER)
                answer = packed.decode("utf-8", "surrogatepass")
                terms = list(map(_unpacked, answer.split(_PASSAGE)))
            except (EOFError, OSError, UnicodeDecodeError):
                if self._pool and self._pool.closed:  # nobody waits for the terms any more
                    raise PoolClosed from None
                if clock.rang:
                    raise _AnalysisFailed(Reason("took_too_long", {"limit": SECONDS})) from None
                raise _AnalysisFailed(Reason("indexing_crashed")) from None
            finally:
                clock.stop()
            worker.served += 1
        if len(terms) != len(texts):
            raise _AnalysisFailed(Reason("indexing_crashed"))
        return terms


def _analyze_here(texts: Texts) -> list[PassageTerms]:
    try:
        return _analyze(texts)
    except Exception as error:  # whatever a library throws at a text
        raise _AnalysisFailed(Reason("indexing_crashed")) from error


def _chunks(passages: Iterable[PassageRecord]) -> Iterator[list[PassageRecord]]:
    chunk: list[PassageRecord] = []
    size = 0
    for passage in passages:
        chunk.append(passage)
        size += _length(passage)
        if size >= CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _length(passage: PassageRecord) -> int:
    return len(passage.text) + len(passage.heading) + len(passage.title)


def _texts(chunk: Iterable[PassageRecord]) -> Texts:
    return [(passage.text, passage.heading, passage.title, passage.pin) for passage in chunk]


def _ready(chunk: Iterable[PassageRecord], terms: Iterable[PassageTerms]) -> list[Analyzed]:
    return [
        Analyzed(
            passage.key,
            passage.document_id,
            passage_terms,
            passage_number(passage.citation, passage.text),
        )
        for passage, passage_terms in zip(chunk, terms, strict=True)
    ]


def _analyze(texts: Texts) -> list[PassageTerms]:
    return [_terms(*passage) for passage in texts]


def _terms(text: str, heading: str, title: str, pin: str) -> PassageTerms:
    article = [term for _, _, term in cited(titled(title, pin))]
    parts = [parted(text), _context(heading), _context(title)]
    words = [term for part_terms, _ in parts for term in part_terms]
    return PassageTerms(words + article, END.join(run for _, runs in parts for run in runs))


@lru_cache(maxsize=1024)
def _context(context: str) -> tuple[list[str], list[str]]:
    """A document's passages share its title, and a section's its heading."""
    return parted(context)


def _packed(terms: PassageTerms) -> str:
    """As one string, which is quicker to send than hundreds."""
    return f"{END.join(terms.words)}{_RUNS}{terms.runs}"


def _unpacked(packed: str) -> PassageTerms:
    words, _, runs = packed.partition(_RUNS)
    return PassageTerms(words.split(END) if words else [], runs)
