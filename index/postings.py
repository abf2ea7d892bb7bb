"""Postings: which passages hold a term, and how often, in arrays that map from disk as they are.

A segment is immutable. Terms are kept as 64-bit BLAKE2b hashes: sorted, so that a look-up is a
binary search in a mapped array; two of five million terms share one with probability 7e-7.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

_ABSENT: tuple[Array, Array] = (np.empty(0, np.uint32), np.empty(0, np.uint16))


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Postings of some passages, numbered from 0 in the order of their database keys.

    hashes      uint64 (terms,), sorted
    offsets     uint64 (terms + 1,): the postings of term t are `[offsets[t], offsets[t + 1])`
    ordinals    uint32 (postings,), ascending within a term
    frequencies uint16 (postings,)
    lengths     uint32 (passages,), in tokens
    keys        int64 (passages,), ascending
    documents   uint32 (passages,), indices into `document_ids`
    document_ids  bytes strings (documents,)
    """

    hashes: Array
    offsets: Array
    ordinals: Array
    frequencies: Array
    lengths: Array
    keys: Array
    documents: Array
    document_ids: Array

    def __len__(self) -> int:
        return len(self.keys)

    def postings(self, term: str) -> tuple[Array, Array]:
        """Ordinals and frequencies of the passages that hold `term`."""
        wanted = term_hash(term)
        at = int(np.searchsorted(self.hashes, np.uint64(wanted)))
        if at == len(self.hashes) or int(self.hashes[at]) != wanted:
            return _ABSENT
        start, end = int(self.offsets[at]), int(self.offsets[at + 1])
        return self.ordinals[start:end], self.frequencies[start:end]

    def save(self, folder: Path) -> None:
        """Write the arrays into `folder`, which appears whole or not at all."""
        temporary = folder.with_name(folder.name + ".tmp")
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(parents=True)
        for part in fields(self):
            np.save(temporary / f"{part.name}.npy", getattr(self, part.name))
        temporary.rename(folder)

    @classmethod
    def open(cls, folder: Path) -> Segment:
        """Map a saved segment. Raises OSError or ValueError when a part is missing or damaged."""
        return cls(*(np.load(folder / f"{part.name}.npy", mmap_mode="r") for part in fields(cls)))


@lru_cache(maxsize=1 << 16)
def term_hash(term: str) -> int:
    """The 64 bits that stand for a term."""
    return int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), "little")


@dataclass(frozen=True, slots=True)
class Analyzed:
    """A passage ready for the index: its key, its document and its terms with repetitions."""

    key: int
    document_id: str
    terms: Sequence[str]


def build(passages: Iterable[Analyzed]) -> Segment:
    """The segment of `passages`, which come in ascending order of key."""
    numbers: dict[str, int] = {}
    documents: dict[str, int] = {}
    counts: list[dict[str, int]] = []
    keys, lengths, document_of = [], [], []
    for passage in passages:
        counts.append(Counter(passage.terms))
        keys.append(passage.key)
        lengths.append(len(passage.terms))
        document_of.append(documents.setdefault(passage.document_id, len(documents)))
    term_of = np.fromiter(
        (numbers.setdefault(term, len(numbers)) for count in counts for term in count), np.int64
    )
    hashes = np.fromiter((term_hash(term) for term in numbers), np.uint64, len(numbers))
    frequencies = np.fromiter((n for count in counts for n in count.values()), np.int64)
    ordinals = np.repeat(np.arange(len(counts)), [len(count) for count in counts])
    return _assemble(
        hashes[term_of],
        ordinals,
        frequencies,
        np.array(lengths, np.uint32),
        np.array(keys, np.int64),
        np.array(document_of, np.uint32),
        np.array([name.encode() for name in documents], "S") if documents else np.empty(0, "S1"),
    )


def merge(segments: Sequence[Segment], alive: Sequence[Array]) -> Segment:
    """One segment of the passages of several for which `alive` (bool, one array each) holds."""
    hashes, ordinals, frequencies, lengths, keys, documents = [], [], [], [], [], []
    names: dict[bytes, int] = {}
    base = 0
    for segment, keep in zip(segments, alive, strict=True):
        renumbered = np.cumsum(keep) - 1 + base
        kept = keep[segment.ordinals]
        counts: Array = np.diff(segment.offsets.astype(np.int64))
        of_term = np.repeat(np.asarray(segment.hashes), counts)
        hashes.append(of_term[kept])
        ordinals.append(renumbered[segment.ordinals[kept]])
        frequencies.append(segment.frequencies[kept])
        lengths.append(segment.lengths[keep])
        keys.append(segment.keys[keep])
        documents.append(_renamed(segment, keep, names))
        base += int(keep.sum())
    order = np.argsort(np.concatenate(keys), kind="stable")
    place = np.empty(base, np.int64)
    place[order] = np.arange(base)
    return _assemble(
        np.concatenate(hashes),
        place[np.concatenate(ordinals)],
        np.concatenate(frequencies),
        np.concatenate(lengths)[order],
        np.concatenate(keys)[order],
        np.concatenate(documents)[order],
        np.array(list(names), "S") if names else np.empty(0, "S1"),
    )


def _renamed(segment: Segment, keep: Array, names: dict[bytes, int]) -> Array:
    """The kept passages' documents as numbers into the growing table of `names`."""
    used = segment.documents[keep]
    number = np.zeros(len(segment.document_ids), np.uint32)
    for old in np.unique(used):
        number[old] = names.setdefault(bytes(segment.document_ids[old]), len(names))
    renamed: Array = number[used]
    return renamed


def _assemble(
    hashes: Array,
    ordinals: Array,
    frequencies: Array,
    lengths: Array,
    keys: Array,
    documents: Array,
    document_ids: Array,
) -> Segment:
    """Sort `(hash, ordinal, frequency)` triples into postings."""
    order = np.lexsort((ordinals, hashes))
    unique, starts = np.unique(hashes[order], return_index=True)
    offsets = np.append(starts, len(order)).astype(np.uint64)
    return Segment(
        unique.astype(np.uint64),
        offsets,
        ordinals[order].astype(np.uint32),
        np.minimum(frequencies[order], np.iinfo(np.uint16).max).astype(np.uint16),
        lengths,
        keys,
        documents,
        document_ids,
    )


def batches(passages: Iterable[Analyzed], size: int) -> Iterator[list[Analyzed]]:
    """Lists of at most `size` passages, so that building needs bounded memory."""
    batch: list[Analyzed] = []
    for passage in passages:
        batch.append(passage)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
