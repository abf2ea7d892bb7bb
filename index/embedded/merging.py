"""Merging: one segment out of several, without what is dead, in memory or straight onto disk.

Passages keep their order: those of the first segment come first. So a term's postings are the
segments' one after the other, renumbered, and nothing is sorted but the terms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus.atomic import new_folder
from index.embedded.segment import (
    Segment,
    block_count,
    common_terms,
    fill_rows,
    largest_of_each,
    mean_length,
    narrow,
    write_checksums,
)
from index.engine.terms import Array

# TermPostings moved at a time, which bounds the memory needed beside the result.
_AT_ONCE = 1 << 22

Allocate = Callable[[str, tuple[int, ...], Any], Array]
"""Makes room for an array of a segment, of zeros: its name, shape and type."""


def merge(
    segments: Sequence[Segment], alive: Sequence[Array], folder: Path | None = None
) -> Segment:
    """One segment of the passages for which `alive` (bool, one array a segment) holds.

    Written into `folder` as it comes about, and mapped from there, where one is given.
    Raises OSError when that cannot be written.
    """
    if folder is None:
        return _merge(segments, alive, lambda _, shape, dtype: np.zeros(shape, dtype))
    with new_folder(folder) as unfinished:

        def allocate(name: str, shape: tuple[int, ...], dtype: Any) -> Array:
            file = unfinished / f"{name}.npy"
            mapped: Array = np.lib.format.open_memmap(file, "w+", dtype, shape)
            return mapped

        _merge(segments, alive, allocate)
        write_checksums(unfinished)
    # Just written, and a check would read gigabytes again; the next process checks.
    return Segment.open(folder, verify=False)


@dataclass(frozen=True, slots=True)
class _Source:
    """A segment on its way into another.

    `place[o]` is the new ordinal of passage o where `keep[o]`; `counts[t]` how many postings of
    its term t are kept, and `starts[t]` where in the result they go.
    """

    segment: Segment
    keep: Array | None
    place: Array
    counts: Array
    starts: Array


def _merge(segments: Sequence[Segment], alive: Sequence[Array], allocate: Allocate) -> Segment:
    hashes, offsets, peaks, densities, sources = _plan(segments, alive)
    # Frequencies rarely pass 255, so a byte does unless one segment needed more.
    widest = np.result_type(np.uint8, *(segment.frequencies.dtype for segment in segments))
    parts = {
        "hashes": hashes,
        "offsets": offsets,
        "peaks": peaks,
        "densities": densities,
        **_passages(segments, alive),
    }
    parts["common"] = common_terms(offsets, peaks, len(parts["keys"]))
    parts["mean"] = mean_length(parts["lengths"])
    arrays = {name: _filled(allocate, name, values) for name, values in parts.items()}
    size, passages = int(offsets[-1]), len(parts["keys"])
    ordinals = allocate("ordinals", (size,), np.dtype(np.uint32))
    frequencies = allocate("frequencies", (size,), widest)
    for source in sources:
        for piece, where in _moves(source):
            old = source.segment.ordinals[piece]
            tf = source.segment.frequencies[piece]
            if source.keep is not None:
                kept_here = source.keep[old]
                old, tf = old[kept_here], tf[kept_here]
            ordinals[where] = source.place[old]
            frequencies[where] = tf
    common, byte = parts["common"], np.dtype(np.uint8)
    rows = allocate("rows", (len(common), passages), byte)
    maxima = allocate("maxima", (len(common), block_count(passages)), byte)
    postings = (offsets, ordinals, frequencies)
    fill_rows(rows, maxima, common, postings, parts["lengths"])
    arrays |= {"ordinals": ordinals, "frequencies": frequencies, "rows": rows, "maxima": maxima}
    return Segment.of(arrays)


def _filled(allocate: Allocate, name: str, values: Array) -> Array:
    array = allocate(name, values.shape, values.dtype)
    array[:] = values
    return array


def _plan(
    segments: Sequence[Segment], alive: Sequence[Array]
) -> tuple[Array, Array, Array, Array, list[_Source]]:
    """The merged hashes, offsets, peaks and densities, and where each segment's postings go."""
    counts = [_counts(segment, keep) for segment, keep in zip(segments, alive, strict=True)]
    every_hash = np.concatenate([segment.hashes for segment in segments])
    # Stable: postings of one term must stay in the order of the segments, which keeps them
    # ascending.
    order = np.argsort(every_hash, kind="stable")
    ordered = every_hash[order]
    every_count = np.concatenate(counts)[order]
    first = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)])
    totals = np.add.reduceat(every_count, first) if len(first) else every_count
    # A term whose passages are all dead must go, or idf would count an empty list.
    alive_terms = totals > 0
    starts = np.empty(len(order), np.int64)
    starts[order] = np.cumsum(every_count) - every_count
    peaks = np.concatenate([segment.peaks for segment in segments])[order]
    densities = np.concatenate([segment.densities for segment in segments])[order]
    return (
        ordered[first][alive_terms],
        np.append(0, np.cumsum(totals[alive_terms])).astype(np.uint64),
        largest_of_each(peaks, first)[alive_terms],
        largest_of_each(densities, first)[alive_terms],
        _sources(segments, alive, counts, starts),
    )


def _sources(
    segments: Sequence[Segment], alive: Sequence[Array], counts: Sequence[Array], starts: Array
) -> list[_Source]:
    """The segments with where their postings go: `starts` of all terms, segment after segment."""
    split = np.split(starts, np.cumsum([len(segment.hashes) for segment in segments])[:-1])
    # New ordinals of a segment begin where those of the segments before it end.
    bases = np.cumsum([0] + [int(keep.sum()) for keep in alive])
    return [
        _Source(
            segment,
            None if keep.all() else keep,
            (np.cumsum(keep) - 1 + base).astype(np.uint32),
            count,
            start,
        )
        for segment, keep, base, count, start in zip(
            segments, alive, bases, counts, split, strict=False
        )
    ]


def _counts(segment: Segment, keep: Array) -> Array:
    """How many postings of each term are kept."""
    counts: Array = np.diff(segment.offsets.astype(np.int64))
    if not keep.all():
        for first, last in _pieces(segment):
            start, end = int(segment.offsets[first]), int(segment.offsets[last])
            flags = keep[segment.ordinals[start:end]].astype(np.uint32)
            where = (segment.offsets[first:last] - np.uint64(start)).astype(np.int64)
            # Every term has a posting, so that no two starts are equal, where reduceat would go
            # wrong.
            counts[first:last] = np.add.reduceat(flags, where)
    return counts


def _pieces(segment: Segment) -> Iterator[tuple[int, int]]:
    """Runs of terms, `[first, last)`, of about `_AT_ONCE` postings (one term at the least)."""
    terms, first = len(segment.hashes), 0
    while first < terms:
        full = segment.offsets[first] + np.uint64(_AT_ONCE)
        last = int(np.searchsorted(segment.offsets, full, "right")) - 1
        last = min(max(last, first + 1), terms)
        yield first, last
        first = last


def _moves(source: _Source) -> Iterator[tuple[slice, Array]]:
    """Which postings to move next, and where those that are kept go."""
    for first, last in _pieces(source.segment):
        start, end = int(source.segment.offsets[first]), int(source.segment.offsets[last])
        counts = source.counts[first:last]
        before = np.cumsum(counts) - counts
        shift = np.repeat(source.starts[first:last] - before, counts)
        yield slice(start, end), shift + np.arange(len(shift))


def _passages(segments: Sequence[Segment], alive: Sequence[Array]) -> dict[str, Array]:
    """The arrays of each passage that is kept."""
    pairs = list(zip(segments, alive, strict=True))
    names = [segment.document_ids[segment.documents[keep]] for segment, keep in pairs]
    # A document may stand in two segments, dead in the older: `unique` joins both under one number.
    document_ids, documents = np.unique(np.concatenate(names), return_inverse=True)
    return {
        "lengths": narrow(np.concatenate([segment.lengths[keep] for segment, keep in pairs])),
        "keys": np.concatenate([segment.keys[keep] for segment, keep in pairs]),
        "numbers": np.concatenate([segment.numbers[keep] for segment, keep in pairs]),
        "documents": documents.astype(np.uint32),
        "document_ids": document_ids,
    }
