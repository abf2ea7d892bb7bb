"""From query and segments to a ranking: count in scope, find who may be best, score those exactly.

A score is added up clause by clause in the query's order, and a clause's tf and df alternative by
alternative: the same passages get the same figures however they are spread over segments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.models import Scope
from index.embedded.maxscore import Survivors, survivors
from index.embedded.segment import SHARE, ClausePostings, Segment, TermPostings
from index.embedded.segment_reader import ScopeMask, SegmentReader
from index.engine.protocol import BM25, Candidate, Documents, Query, Ranking
from index.engine.terms import Array, term_hashes

_ABSENT = TermPostings(np.empty(0, np.uint32), np.empty(0, np.uint8))


@dataclass(frozen=True, slots=True, eq=False)
class _LookedUp:
    """A segment in which the query's terms, all clauses' in a row, were looked up.

    `size` and `tokens` count the passages in scope, `counts` (int64) those that hold each term.
    `mask` tells which may be candidates; `postings` are each term's, those of candidates alone
    where the mask is narrow. `places` is -1 for absent terms.
    """

    reader: SegmentReader
    size: int
    tokens: int
    mask: ScopeMask
    places: Array
    postings: list[TermPostings]
    counts: Array


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which passages a search is to give: the best `k` of `within`, and those of `include`."""

    k: int
    within: Documents | None = None
    include: Sequence[int] = ()


def rank(readers: Sequence[SegmentReader], query: Query, scope: Scope, wanted: Wanted) -> Ranking:
    """The best passages in scope that hold a term of the query, best first.

    Of equal scores the lower `number` comes first: it follows from citation and text, where keys
    tell in which order documents were filed.

    `wanted.within`: the documents they must belong to; the statistics are those of the scope.
    """
    k = wanted.k
    lookups = [_look_up(reader, query, scope, wanted.within) for reader in readers]
    # Statistics of the scope and not of the index: scores must not tell of documents unseen.
    size = sum(lookup.size for lookup in lookups)
    model = BM25(size, sum(lookup.tokens for lookup in lookups) / size if size else 0.0)
    frequencies = _frequencies(lookups, query)
    weights = [
        clause.weight * model.inverse_document_frequency(min(frequency, size))
        for clause, frequency in zip(query.clauses, frequencies, strict=True)
    ]
    races, threshold = _run_races(lookups, query, weights, model, k)
    best = [
        candidate
        for lookup, clauses, remaining in races
        for candidate in _scored(lookup, clauses, remaining.above(threshold), model, k)
    ]
    best.sort(key=lambda candidate: (-candidate.score, candidate.number, candidate.key))
    best = best[:k]
    # Passages near in meaning need a score too, even where it is far from the best.
    missing = np.setdiff1d(
        np.array(wanted.include, np.int64), [candidate.key for candidate in best]
    )
    included = [
        candidate
        for lookup, clauses, _ in races
        for candidate in _scored(lookup, clauses, _ordinals(lookup, missing), model, k=len(missing))
    ]
    return Ranking(tuple(best), frequencies, size, model.avgdl, tuple(included))


def _run_races(
    lookups: Iterable[_LookedUp], query: Query, weights: Sequence[float], model: BM25, k: int
) -> tuple[list[tuple[_LookedUp, list[ClausePostings], Survivors]], float]:
    """By segment, the passages that may be among the best `k`, and the score that these pass."""
    # The largest first: what it finds spares work in the others.
    visible = sorted((lookup for lookup in lookups if lookup.mask.size), key=_minus_size)
    races, threshold = [], 0.0
    for lookup in visible:
        clauses = list(_clause_postings(lookup, query, weights, model))
        # A narrow mask was applied to the postings already.
        mask = None if lookup.mask.narrow else lookup.mask
        remaining = survivors(clauses, lookup.reader.segment, mask, model, k, threshold)
        threshold = remaining.threshold
        races.append((lookup, clauses, remaining))
    return races, threshold


def _ordinals(lookup: _LookedUp, keys: Array) -> Array:
    """Where a segment has passages of these keys (sorted) that may be candidates, ascending."""
    if not len(keys):
        return np.empty(0, np.uint32)
    stored = lookup.reader.segment.keys
    # Three times as fast as numpy's isin, which sorts what the segment has.
    at = np.flatnonzero(keys.take(keys.searchsorted(stored), mode="clip") == stored)
    mask = lookup.mask.mask
    return (at if mask is None else at[mask[at]]).astype(np.uint32)


def _minus_size(lookup: _LookedUp) -> int:
    return -lookup.mask.size


def _look_up(
    reader: SegmentReader, query: Query, scope: Scope, within: Documents | None
) -> _LookedUp:
    terms = [term.term for clause in query.clauses for term in clause.alternatives]
    segment, mask = reader.segment, reader.mask(scope)
    places = segment.find(term_hashes(terms))
    postings = [_postings(segment, place) for place in places.tolist()]
    if mask.narrow:
        postings = [mask.visible(term) for term in postings]
        counts = [len(term) for term in postings]
    else:
        counts = [mask.count(term) for term in postings]
    size, tokens = mask.size, mask.tokens
    if within is not None:
        mask = reader.mask(scope, within)
        if mask.narrow:
            postings = [mask.visible(term) for term in postings]
    return _LookedUp(reader, size, tokens, mask, places, postings, np.array(counts, np.int64))


def _postings(segment: Segment, place: int) -> TermPostings:
    """Those of the term at `place`, none for -1."""
    if place < 0:
        return _ABSENT
    start, end = int(segment.offsets[place]), int(segment.offsets[place + 1])
    row = segment.row(place) if (end - start) * SHARE >= len(segment) else None
    return TermPostings(
        segment.ordinals[start:end], segment.frequencies[start:end], *(row or (None, None))
    )


def _frequencies(lookups: Sequence[_LookedUp], query: Query) -> tuple[float, ...]:
    """The expected number of passages in scope that hold each clause."""
    terms = sum(len(clause.alternatives) for clause in query.clauses)
    counts = iter(sum((lookup.counts for lookup in lookups), np.zeros(terms, np.int64)).tolist())
    return tuple(
        sum((term.p * next(counts) for term in clause.alternatives), 0.0)
        for clause in query.clauses
    )


def _clause_postings(
    lookup: _LookedUp, query: Query, weights: Sequence[float], model: BM25
) -> Iterator[ClausePostings]:
    """Each clause as it is found in a segment."""
    segment = lookup.reader.segment
    number = 0
    for clause, weight in zip(query.clauses, weights, strict=True):
        alternatives, peak, density = [], 0.0, 0.0
        for term in clause.alternatives:
            place = lookup.places[number]
            if place >= 0:
                alternatives.append((term.p, lookup.postings[number]))
                peak += term.p * float(segment.peaks[place])
                density += term.p * float(segment.densities[place])
            number += 1
        most = weight * model.upper_bound(peak, density) if alternatives else 0.0
        yield ClausePostings(weight, tuple(alternatives), most)


def _scored(
    lookup: _LookedUp, clauses: Sequence[ClausePostings], ordinals: Array, model: BM25, k: int
) -> list[Candidate]:
    """The best `k` of some passages of a segment, with exact scores and evidence, in any order."""
    segment = lookup.reader.segment
    lengths = segment.lengths.take(ordinals)
    factors = model.length_factor(lengths)
    evidence = np.array([clause.tf(ordinals) for clause in clauses])
    scores = np.zeros(len(ordinals))
    # Clause by clause: numpy's sum adds up in another order where there is a single passage.
    for clause, earned in zip(clauses, model.saturation(evidence, factors), strict=True):
        scores += clause.weight * earned
    keys, numbers = segment.keys.take(ordinals), segment.numbers.take(ordinals)
    chosen = _first(scores, numbers, keys, k)
    return [
        Candidate(key, name.decode(), score, length, tuple(tf), number)
        for key, name, score, length, tf, number in zip(
            keys[chosen].tolist(),
            segment.document_ids[segment.documents[ordinals[chosen]]].tolist(),
            scores[chosen].tolist(),
            lengths[chosen].tolist(),
            evidence[:, chosen].T.tolist(),
            numbers[chosen].tolist(),
            strict=True,
        )
    ]


def _first(scores: Array, numbers: Array, keys: Array, k: int) -> Array:
    """The places of the `k` highest scores, of equal ones the lowest numbers, then keys."""
    chosen = np.arange(len(scores))
    if len(scores) > k:
        # partition is linear; only what is left is sorted.
        chosen = np.flatnonzero(scores >= np.partition(scores, len(scores) - k)[len(scores) - k])
    ordered: Array = chosen[np.lexsort((keys[chosen], numbers[chosen], -scores[chosen]))]
    return ordered[:k]
