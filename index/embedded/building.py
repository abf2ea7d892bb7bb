"""Passages to a segment: tokens counted by sorting numbers that stand for a term and a passage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from index.embedded.segment import (
    Segment,
    block_count,
    common_terms,
    density,
    fill_rows,
    first_of_each,
    largest_of_each,
    mean_length,
    narrow,
)
from index.engine.terms import (
    Analyzed,
    Array,
    PassageTerms,
    is_pair,
    number,
    pair_count,
    pairs,
    term,
    term_hashes,
)


class _TermNumbers(dict[str, int]):
    """Numbers terms from 0 as they come."""

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number


@dataclass(frozen=True, slots=True, eq=False)
class _Counted:
    """Terms (their `hashes`), how many postings each has, and these, one term after another."""

    hashes: Array
    counts: Array
    ordinals: Array
    frequencies: Array


class Builder:
    """Gathers passages for one segment: four bytes a token, and each term's text once."""

    def __init__(self) -> None:
        self._numbers = _TermNumbers()
        self._tokens: list[Array] = []
        self._runs: list[str] = []
        self._keys: list[int] = []
        self._vector_numbers: list[int] = []
        self._documents: list[str] = []

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, passage: Analyzed) -> None:
        """Take a passage in."""
        terms = passage.terms
        words, runs = (terms.words, terms.runs) if isinstance(terms, PassageTerms) else (terms, "")
        # map over a bound method, which is quick: this runs once a token.
        numbered = map(self._numbers.__getitem__, words)
        self._tokens.append(np.fromiter(numbered, np.uint32, len(words)))
        # Bigrams are made at the end, as numbers: strings of two would take far more memory.
        self._runs.append(runs)
        self._keys.append(passage.key)
        self._vector_numbers.append(passage.number)
        self._documents.append(passage.document_id)

    def ends(self, document_id: str) -> bool:
        """Whether the document added last is another one."""
        return bool(self._documents) and self._documents[-1] != document_id

    def segment(self) -> Segment:
        """The segment of all that was added."""
        lengths = [
            len(tokens) + pair_count(runs)
            for tokens, runs in zip(self._tokens, self._runs, strict=True)
        ]
        keys, numbers = (
            np.array(values, np.int64) for values in (self._keys, self._vector_numbers)
        )
        return _segment(
            self._counted(), narrow(np.array(lengths, np.int64)), keys, numbers, self._documents
        )

    def _counted(self) -> _Counted:
        hashes = term_hashes(self._numbers)
        numbers = np.concatenate([np.empty(0, np.uint32), *self._tokens]).astype(np.uint64)
        passages = np.repeat(np.arange(len(self)), [len(tokens) for tokens in self._tokens])
        bigrams, places = pairs(self._runs)
        # Those that came as strings are the same terms.
        strays = {at: number(text) for at, text in enumerate(self._numbers) if is_pair(text)}
        if strays:
            stray = np.isin(numbers, list(strays))
            as_pairs = [strays[at] for at in numbers[stray].tolist()]
            bigrams = np.append(bigrams, np.array(as_pairs, np.uint64))
            places = np.append(places, passages[stray])
            numbers, passages = numbers[~stray], passages[~stray]
        words, *counted = _count(numbers, passages)
        pair_numbers, *counted_pairs = _count(bigrams, places)
        return _together(
            _Counted(hashes[words.astype(np.int64)], *counted),
            _Counted(term_hashes(map(term, pair_numbers.tolist())), *counted_pairs),
        )


def _count(numbers: Array, passages: Array) -> tuple[Array, Array, Array, Array]:
    """The distinct numbers, how many passages hold each, which (ascending), and how often."""
    # One number for term and passage, so that sorting it brings equal ones together.
    bits = np.uint64(int(passages.max(initial=0)).bit_length())
    together = numbers << bits | passages.astype(np.uint64)
    together.sort()
    first = first_of_each(together)
    frequencies = narrow(np.diff(first, append=len(together)))
    terms = together[first] >> bits
    starts = first_of_each(terms)
    ordinals = (together[first] & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.uint32)
    return terms[starts], np.diff(starts, append=len(terms)), ordinals, frequencies


def _together(words: _Counted, bigrams: _Counted) -> _Counted:
    """Both, ordered by hash."""
    hashes = np.concatenate([words.hashes, bigrams.hashes])
    counts = np.concatenate([words.counts, bigrams.counts])
    order = np.argsort(hashes, kind="stable")
    starts, sizes = (np.cumsum(counts) - counts)[order], counts[order]
    before = np.cumsum(sizes) - sizes
    sources = np.repeat(starts - before, sizes) + np.arange(int(sizes.sum()))
    return _Counted(
        hashes[order],
        sizes,
        np.concatenate([words.ordinals, bigrams.ordinals])[sources],
        np.concatenate([words.frequencies, bigrams.frequencies])[sources],
    )


def _segment(
    counted: _Counted, lengths: Array, keys: Array, numbers: Array, documents: Sequence[str]
) -> Segment:
    ordinals, frequencies = counted.ordinals, counted.frequencies
    offsets = np.append(0, np.cumsum(counted.counts)).astype(np.uint64)
    starts = offsets[:-1].astype(np.int64)
    peaks = largest_of_each(frequencies, starts)
    common = common_terms(offsets, peaks, len(keys))
    rows = np.zeros((len(common), len(keys)), np.uint8)
    maxima = np.zeros((len(common), block_count(len(keys))), np.uint8)
    fill_rows(rows, maxima, common, (offsets, ordinals, frequencies), lengths)
    # As bytes: numpy's strings take four bytes a character.
    document_ids, places = np.unique(
        np.array([name.encode() for name in documents], np.bytes_), return_inverse=True
    )
    return Segment(
        hashes=counted.hashes,
        offsets=offsets,
        ordinals=ordinals,
        frequencies=frequencies,
        peaks=peaks,
        densities=largest_of_each(density(frequencies, lengths[ordinals]), starts),
        common=common,
        rows=rows,
        maxima=maxima,
        mean=mean_length(lengths),
        lengths=lengths,
        keys=keys,
        numbers=numbers,
        documents=places.astype(np.uint32),
        document_ids=document_ids,
    )


def build(passages: Iterable[Analyzed]) -> Segment:
    """The segment of `passages`."""
    builder = Builder()
    for passage in passages:
        builder.add(passage)
    return builder.segment()


def builds(passages: Iterable[Analyzed], size: int) -> Iterator[Segment]:
    """Segments of about `size` passages: whole documents, if a document's stand together."""
    builder = Builder()
    for passage in passages:
        # A document must not be split: a segment is dropped or kept as a whole.
        if len(builder) >= size and builder.ends(passage.document_id):
            yield builder.segment()
            builder = Builder()
        builder.add(passage)
    if len(builder):
        yield builder.segment()
