"""A segment and where its documents are live now: which of its passages does a scope see?

A matter mostly owns runs of passages, since a document's stand together. So the postings that a
small scope sees are found by looking the ends of its runs up, not by reading through them all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from corpus.models import Scope
from index.embedded.merging import merge
from index.embedded.segment import Segment, TermPostings
from index.engine.protocol import Documents, Live
from index.engine.terms import Array

# Masks kept per segment: one byte a passage each, so 32 MB for a million passages.
_MASKS_KEPT = 32
# Looking one end of a run up costs about as much as reading this many postings.
_LOOK_UP = 25

# Few are less than one in so many passages: they take half as much memory as a mask.
_FEW = 8

Matters = tuple[frozenset[str], ...]
"""The sets of matters in which documents are live together; the first one is empty."""

NOWHERE: Matters = (frozenset(),)


@dataclass(frozen=True, slots=True, eq=False)
class ScopeMask:
    """The passages of a segment that a scope sees: `size` of them, of `tokens` together.

    `mask` is bool per passage, None where all are seen; `bounds` (2 x runs, uint32, ascending)
    holds where each run of seen passages begins and ends; `few` (uint32, ascending) the passages
    that are seen, or those that are not, where either are few.
    """

    mask: Array | None
    bounds: Array
    few: Array | None
    size: int
    tokens: int

    @property
    def narrow(self) -> bool:
        """Whether less than half of the passages are seen."""
        return self.mask is not None and 2 * self.size < len(self.mask)

    def count(self, postings: TermPostings) -> int:
        """How many of a term's passages are seen."""
        # The whole segment is visible: the usual case of an owner, and the cheapest.
        if self.mask is None:
            return len(postings)
        few = self._few_of(postings)
        if few is not None and postings.row is not None:
            count = int(np.count_nonzero(postings.row.take(few)))
            return count if self.narrow else len(postings) - count
        if self._by_run(postings):
            # bounds alternates begin and end, so the even places are starts and the odd ones ends.
            places = postings.ordinals.searchsorted(self.bounds)
            return int(places[1::2].sum() - places[::2].sum())
        return int(np.count_nonzero(self.mask.take(postings.ordinals)))

    def visible(self, postings: TermPostings) -> TermPostings:
        """A term's postings in passages that are seen."""
        if self.mask is None:
            return postings
        few = self._few_of(postings)
        # Only for a narrow scope does `few` hold the visible passages; else it holds the hidden
        # ones.
        if self.narrow and few is not None and postings.row is not None:
            tf = postings.row.take(few)
            chosen = np.flatnonzero(tf)
            return replace(postings, ordinals=few[chosen], frequencies=tf[chosen])
        if self._by_run(postings):
            places = postings.ordinals.searchsorted(self.bounds)
            starts, counts = places[::2], places[1::2] - places[::2]
            before = np.cumsum(counts) - counts
            chosen = np.repeat(starts - before, counts) + np.arange(int(counts.sum()))
        else:
            chosen = np.flatnonzero(self.mask.take(postings.ordinals))
        return replace(
            postings,
            ordinals=postings.ordinals[chosen],
            frequencies=postings.frequencies[chosen],
        )

    def _few_of(self, postings: TermPostings) -> Array | None:
        """The few passages, where the term is found most quickly by reading its row for them."""
        if self.few is None or postings.row is None:
            return None
        least = min(len(postings), len(self.bounds) * _LOOK_UP)
        return self.few if len(self.few) < least else None

    def _by_run(self, postings: TermPostings) -> bool:
        """Whether so many are found more quickly by the ends of runs than one by one."""
        return len(self.bounds) * _LOOK_UP < len(postings)


@dataclass(frozen=True, slots=True, eq=False)
class VisiblePassages:
    """The passages that a scope sees: their keys, and what their vectors are kept under (int64)."""

    keys: Array
    numbers: Array


@dataclass(frozen=True, slots=True, eq=False)
class SegmentReader:
    """A segment; `filed` (int32 per document) says in which of `matters` it is live."""

    segment: Segment
    filed: Array
    matters: Matters
    masks: dict[tuple[Scope, Documents | None], ScopeMask] = field(default_factory=dict)

    def mask(self, scope: Scope, within: Documents | None = None) -> ScopeMask:
        """Which passages a scope sees, of some documents or of all; kept for the next questions."""
        key = scope, within
        # Without a lock: two threads may compute the same mask, which costs time but no error.
        mask = self.masks.get(key)
        if mask is None:
            mask = self._mask_of(scope, within)
            while len(self.masks) >= _MASKS_KEPT:
                self.masks.pop(next(iter(self.masks)), None)
            self.masks[key] = mask
        return mask

    def live(self) -> Array:
        """Which passages are live anywhere."""
        alive: Array = (self.filed > 0)[self.segment.documents]
        return alive

    def _mask_of(self, scope: Scope, within: Documents | None) -> ScopeMask:
        sees = np.array([bool(scope.visible(matters)) for matters in self.matters])
        visible_documents: Array = sees[self.filed]
        if within is not None:
            places = look_up(self.segment.document_ids, encoded(sorted(within)))
            chosen = np.zeros(len(visible_documents), np.bool_)
            chosen[places[places >= 0]] = True
            visible_documents = visible_documents & chosen
        mask: Array = visible_documents[self.segment.documents]
        # Passages of one document are neighbours, so there are far fewer edges than passages.
        edges = np.flatnonzero(np.diff(mask, prepend=False, append=False))
        size = int(np.count_nonzero(mask))
        few = min(size, len(mask) - size) * _FEW < len(mask)
        return ScopeMask(
            None if size == len(mask) else mask,
            edges.astype(np.uint32),
            np.flatnonzero(mask == (2 * size < len(mask))).astype(np.uint32) if few else None,
            size,
            int(self.segment.lengths[mask].sum(dtype=np.int64)),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Filings:
    """Where documents are live: `names` (bytes, sorted), and the place of each in `matters`."""

    matters: Matters
    names: Array
    places: Array

    @classmethod
    def of(cls, live: Live, table: Matters = NOWHERE) -> Filings:
        """What `live` says, with places that agree with those of `table`."""
        place = {matters: number for number, matters in enumerate(table)}
        numbers = (place.setdefault(matters, len(place)) for matters in live.values())
        places = np.fromiter(numbers, np.int32, len(live))
        names = encoded(live)
        order = np.argsort(names, kind="stable")
        return cls(tuple(place), names[order], places[order])

    def reader_of(self, segment: Segment) -> SegmentReader:
        """A segment whose documents are live as said here, and nowhere where nothing is said."""
        at = look_up(self.names, segment.document_ids)
        places = np.append(self.places, 0).astype(np.int32)
        return SegmentReader(segment, places[at], self.matters)

    def changed(self, reader: SegmentReader) -> SegmentReader:
        """A reader with the documents named here moved, and no other."""
        at = look_up(reader.segment.document_ids, self.names)
        filed = reader.filed.copy()
        filed[at[at >= 0]] = self.places[at >= 0]
        same = np.array_equal(filed, reader.filed)
        return reader if same else SegmentReader(reader.segment, filed, self.matters)


def visible_passages(
    masked: Sequence[tuple[SegmentReader, ScopeMask]],
) -> VisiblePassages:
    """The passages of some segments that their masks let through."""
    keys, numbers = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for reader, mask in masked:
        visible = slice(None) if mask.mask is None else mask.mask
        keys.append(reader.segment.keys[visible])
        numbers.append(reader.segment.numbers[visible])
    return VisiblePassages(np.concatenate(keys), np.concatenate(numbers))


def carried(segment: Segment, readers: Sequence[SegmentReader]) -> SegmentReader:
    """A segment whose documents are live where they are in `readers`."""
    filed = np.zeros(len(segment.document_ids), np.int32)
    for reader in readers:
        at = look_up(segment.document_ids, reader.segment.document_ids)
        filed[at[at >= 0]] = reader.filed[at >= 0]
    # Each table of matters begins with those made before it.
    return SegmentReader(
        segment, filed, max((reader.matters for reader in readers), key=len, default=NOWHERE)
    )


def merged(readers: Sequence[SegmentReader], folder: Path | None = None) -> SegmentReader:
    """One reader out of several, which ranks the same, without what is live nowhere.

    Raises OSError when `folder`, to map it from, cannot be written.
    """
    segments = [reader.segment for reader in readers]
    return carried(merge(segments, [reader.live() for reader in readers], folder), readers)


def look_up(names: Array, wanted: Array) -> Array:
    """The places of bytes strings in sorted `names`; -1 for those that are not there."""
    if not len(names):
        return np.full(len(wanted), -1)
    at = np.searchsorted(names, wanted)
    # searchsorted points past the end for what is larger than all: any place in range will do,
    # since the comparison below rejects it.
    at[at == len(names)] = 0
    return np.where(names[at] == wanted, at, -1)


def encoded(document_ids: Collection[str]) -> Array:
    """Document ids as bytes strings."""
    names = [name.encode() for name in document_ids]
    return np.array(names, np.bytes_) if names else np.empty(0, "S1")
