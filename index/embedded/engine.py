"""The default engine: segments of postings in this process, mapped from the data folder.

Readers work on one immutable tuple of readers; an update becomes visible by replacing it. Small
segments are merged into larger ones at once, large ones by a thread while readers go on.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np

from corpus.models import Scope
from index.embedded.building import builds
from index.embedded.ranking import Wanted, rank
from index.embedded.segment import Segment
from index.embedded.segment_reader import (
    NOWHERE,
    Filings,
    Matters,
    SegmentReader,
    VisiblePassages,
    carried,
    encoded,
    look_up,
    merged,
    visible_passages,
)
from index.embedded.store import Generation, Store, Writer
from index.engine.protocol import Documents, Live, Query, Ranking
from index.engine.terms import Analyzed

SEGMENT_SIZE = 20_000
"""Passages in a new segment at the most, give or take a document; fewer are merged at once."""

VISIBLE_KEPT = 8
"""Scopes whose passages are remembered: sixteen bytes a passage and scope."""
# A segment is merged into its elder unless that is this many times as large (log n segments).
_GROWTH = 3

_log = logging.getLogger(__name__)


class EmbeddedEngine:
    """An `Engine` over segments; `folder` keeps them between runs, None keeps nothing."""

    def __init__(self, folder: Path | None = None) -> None:
        self._store = Store(folder) if folder else None
        # Held by writers only. Readers take the tuple once and never wait.
        self._writing = threading.Lock()
        self._merging: threading.Thread | None = None
        self._generation = Generation()
        self._readers: tuple[SegmentReader, ...] = ()
        self._visible_in: tuple[SegmentReader, ...] = ()
        self._visible: dict[tuple[Scope, Documents | None], VisiblePassages] = {}
        self.reopen()

    def reopen(self) -> bool:
        """Take over what another process has kept since, in place of our own segments."""
        with self._writing:
            if self._store is None or self._store.current() == self._generation.name:
                return False
            self._generation = self._store.load(self._generation.segments)
            self._readers = tuple(
                carried(segment, self._readers) for segment in self._generation.segments
            )
            return True

    def holds(self) -> frozenset[str]:
        """The documents whose passages have been added, live or not."""
        return frozenset(
            name.decode()
            for reader in self._readers
            for name in reader.segment.document_ids.tolist()
        )

    def lacking(self, document_ids: Collection[str]) -> list[str]:
        """Those of the documents whose passages have not been added, sorted."""
        ordered = sorted(set(document_ids))
        names = encoded(ordered)
        missing = np.ones(len(names), np.bool_)
        for reader in self._readers:
            # A document counts as held when any segment has it, live or not.
            missing &= look_up(reader.segment.document_ids, names) < 0
        return [ordered[at] for at in np.flatnonzero(missing)]

    def update(self, added: Iterable[Analyzed], live: Live, *, partial: bool = False) -> None:
        """Take in passages and filings; readers see both at once, or neither.

        Many passages go to disk as they come, and are seen from then on, some thousand at a time:
        what a kill interrupts is not begun anew.
        """
        with self._writing:
            filings = Filings.of(live, self._matters() if partial else NOWHERE)
            readers = [
                filings.changed(reader) if partial else filings.reader_of(reader.segment)
                for reader in self._readers
            ]
            self._generation, self._readers = self._grown(readers, filings, added)
        self._merge_soon()

    def search(
        self,
        query: Query,
        *,
        scope: Scope,
        k: int,
        within: Documents | None = None,
        include: Sequence[int] = (),
    ) -> Ranking:
        """The best `k` passages that hold a term of the query, best first, ties by number."""
        return rank(self._readers, query, scope, Wanted(k, within, include))

    def visible(self, scope: Scope, within: Documents | None = None) -> VisiblePassages:
        """The passages that a scope sees, of some documents or of all; kept until they change."""
        readers = self._readers
        # Compared by identity: every update makes a new tuple, so stale results cannot be used.
        if self._visible_in is not readers:
            self._visible_in, self._visible = readers, {}
        passages = self._visible.get((scope, within))
        if passages is None:
            passages = visible_passages(
                [(reader, reader.mask(scope, within)) for reader in readers]
            )
            # The oldest goes first. A hit does not move it up: that would need a lock for readers.
            while len(self._visible) >= VISIBLE_KEPT:
                self._visible.pop(next(iter(self._visible)), None)
            self._visible[scope, within] = passages
        return passages

    def save(self) -> None:
        """Keep what is not yet on disk, unless another process keeps its own right now.

        Raises OSError when the folder cannot be written.
        """
        # While a merge holds the write lock of the folder, nothing would be saved.
        self.settle()
        with self._writing:
            segments = tuple(reader.segment for reader in self._readers)
            is_saved = segments == self._generation.segments and not self._generation.damaged
            if self._store is None or is_saved:
                return
            with self._store.writing(self._generation.name) as writer:
                if writer:
                    self._generation, self._readers = _committed(writer, self._readers)

    def settle(self) -> None:
        """Wait until no merge is under way."""
        if self._merging:
            self._merging.join()

    def _matters(self) -> Matters:
        return max((reader.matters for reader in self._readers), key=len, default=NOWHERE)

    def _grown(
        self, readers: Sequence[SegmentReader], filings: Filings, added: Iterable[Analyzed]
    ) -> tuple[Generation, tuple[SegmentReader, ...]]:
        generation, grown = self._generation, tuple(readers)
        with ExitStack() as stack:
            writer = None
            for segment in builds(added, SEGMENT_SIZE):
                grown = (*grown, filings.reader_of(segment))
                if self._store and not writer and len(segment) >= SEGMENT_SIZE:
                    writer = stack.enter_context(self._store.writing(generation.name))
                if writer:
                    generation, grown = _committed(writer, grown)
                    # Whole documents: what will take long can be asked for what is there.
                    self._generation, self._readers = generation, grown
            tail = _tail(grown)
            if len(tail) > 1 and (writer or self._store is None or _size(tail) <= SEGMENT_SIZE):
                young = merged(tail, writer.new() if writer else None)
                grown = (*grown[: -len(tail)], young)
                if writer:
                    generation, grown = _committed(writer, grown)
        return generation, grown

    def _merge_soon(self) -> None:
        """Let a thread merge large segments, unless one does already."""
        if self._store and len(_tail(self._readers)) > 1:
            if self._merging and self._merging.is_alive():
                return
            # A daemon: a merge can be repeated, so it must not keep the process from ending.
            self._merging = threading.Thread(target=self._merge, name="merging", daemon=True)
            self._merging.start()

    def _merge(self) -> None:
        """Merge on disk, and switch over if the segments are still in force then."""
        if self._store is None:
            return
        try:
            with self._store.writing(self._generation.name) as writer:
                if writer:
                    tail = _tail(self._readers)
                    segment = merged(tail, writer.new()).segment
                    with self._writing:
                        readers = _replaced(self._readers, tail, segment)
                        if readers:
                            self._generation, self._readers = _committed(writer, readers)
        except OSError as error:
            _log.warning("segments were not merged: %s; free some space", error)


def _committed(
    writer: Writer, readers: Sequence[SegmentReader]
) -> tuple[Generation, tuple[SegmentReader, ...]]:
    """The readers' segments put in force on disk, and the readers over them as mapped."""
    mapped_readers = tuple(
        replace(reader, segment=writer.keep(reader.segment)) for reader in readers
    )
    return writer.commit([reader.segment for reader in mapped_readers]), mapped_readers


def _size(readers: Iterable[SegmentReader]) -> int:
    return sum(len(reader.segment) for reader in readers)


def _tail(readers: Sequence[SegmentReader]) -> tuple[SegmentReader, ...]:
    """The youngest readers, as many as are to be merged so that sizes fall off geometrically."""
    first, size = len(readers), 0
    while first and (not size or len(readers[first - 1].segment) < _GROWTH * size):
        first -= 1
        size += len(readers[first].segment)
    return tuple(readers[first:])


def _replaced(
    readers: Sequence[SegmentReader], tail: Sequence[SegmentReader], segment: Segment
) -> tuple[SegmentReader, ...] | None:
    """The readers with those of `tail` replaced by `segment`, their documents live as they are now.

    None when they are there no more, or when the merge left out what has been filed again since.
    """
    merged_segments = {id(reader.segment) for reader in tail}
    places = [at for at, reader in enumerate(readers) if id(reader.segment) in merged_segments]
    if len(places) < len(tail):
        return None
    replacing = [readers[at] for at in places]
    for reader in replacing:
        lost = look_up(segment.document_ids, reader.segment.document_ids) < 0
        # A document that was dead when the merge began is live again: switching would lose it.
        if (reader.filed[lost] > 0).any():
            return None
    return (
        *readers[: places[0]],
        carried(segment, replacing),
        *readers[places[-1] + 1 :],
    )
