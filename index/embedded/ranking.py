"""Query and leaves to a ranking: count within the scope, find who may be best, score those exactly.

A score is added up clause by clause in the query's order, and a clause's tf and df alternative by
alternative: the same passages get the same figures however they are spread over segments.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.models import Scope
from index.embedded.found import Found, Postings
from index.embedded.maxscore import survivors
from index.embedded.rows import SHARE
from index.embedded.segment import Array, Segment
from index.embedded.segment_reader import ScopeMask, SegmentReader
from index.engine.bm25 import BM25
from index.engine.protocol import Candidate, Ranking
from index.engine.terms import term_hashes
from index.query.clauses import Query

_ABSENT = Postings(np.empty(0, np.uint32), np.empty(0, np.uint8))


@dataclass(frozen=True, slots=True, eq=False)
class _Looked:
    """A leaf in which the query's terms, all clauses' in a row, were looked up.

    `postings` are each term's, those in sight alone where the sight is narrow; `counts` (int64)
    how many are in sight. `places` is -1 for absent terms.
    """

    leaf: SegmentReader
    sight: ScopeMask
    places: Array
    postings: list[Postings]
    counts: Array


def rank(leaves: Sequence[SegmentReader], query: Query, scope: Scope, k: int) -> Ranking:
    """The best `k` passages in scope that hold a term of the query, best first, ties by key."""
    looked = [_look_up(leaf, query, scope) for leaf in leaves]
    size = sum(one.sight.size for one in looked)
    model = BM25(size, sum(one.sight.tokens for one in looked) / size if size else 0.0)
    frequencies = _frequencies(looked, query)
    weights = [
        clause.weight * model.inverse_document_frequency(min(frequency, size))
        for clause, frequency in zip(query.clauses, frequencies, strict=True)
    ]
    # The largest first: what it finds spares work in the others.
    seeing = sorted((one for one in looked if one.sight.size), key=lambda one: -one.sight.size)
    running, threshold = [], 0.0
    for one in seeing:
        found = list(_found(one, query, weights, model))
        sight = None if one.sight.narrow else one.sight
        left = survivors(found, one.leaf.segment, sight, model, k, threshold)
        threshold = left.threshold
        running.append((one, found, left))
    best = [
        candidate
        for one, found, left in running
        for candidate in _scored(one, found, left.above(threshold), model, k)
    ]
    best.sort(key=lambda candidate: (-candidate.score, candidate.key))
    return Ranking(tuple(best[:k]), frequencies, size, model.avgdl)


def _look_up(leaf: SegmentReader, query: Query, scope: Scope) -> _Looked:
    terms = [one.term for clause in query.clauses for one in clause.alternatives]
    segment, sight = leaf.segment, leaf.sight(scope)
    places = segment.find(term_hashes(terms))
    postings = [_postings(segment, place) for place in places.tolist()]
    if sight.narrow:
        postings = [sight.seen(one) for one in postings]
        counts = [len(one) for one in postings]
    else:
        counts = [sight.count(one) for one in postings]
    return _Looked(leaf, sight, places, postings, np.array(counts, np.int64))


def _postings(segment: Segment, place: int) -> Postings:
    """Those of the term at `place`, none for -1."""
    if place < 0:
        return _ABSENT
    start, end = int(segment.offsets[place]), int(segment.offsets[place + 1])
    row = segment.row(place) if (end - start) * SHARE >= len(segment) else None
    return Postings(
        segment.ordinals[start:end], segment.frequencies[start:end], *(row or (None, None))
    )


def _frequencies(looked: Sequence[_Looked], query: Query) -> tuple[float, ...]:
    """The expected number of passages in scope that hold each clause."""
    terms = sum(len(clause.alternatives) for clause in query.clauses)
    counts = iter(sum((one.counts for one in looked), np.zeros(terms, np.int64)).tolist())
    return tuple(
        sum((one.p * next(counts) for one in clause.alternatives), 0.0) for clause in query.clauses
    )


def _found(looked: _Looked, query: Query, weights: Sequence[float], model: BM25) -> Iterator[Found]:
    """Each clause as it is found in a leaf."""
    segment = looked.leaf.segment
    term = 0
    for clause, weight in zip(query.clauses, weights, strict=True):
        alternatives, peak, density = [], 0.0, 0.0
        for one in clause.alternatives:
            place = looked.places[term]
            if place >= 0:
                alternatives.append((one.p, looked.postings[term]))
                peak += one.p * float(segment.peaks[place])
                density += one.p * float(segment.densities[place])
            term += 1
        most = weight * model.most(peak, density) if alternatives else 0.0
        yield Found(weight, tuple(alternatives), most)


def _scored(
    looked: _Looked, found: Sequence[Found], ordinals: Array, model: BM25, k: int
) -> list[Candidate]:
    """The best `k` of some passages of a leaf, with exact scores and evidence, in any order."""
    segment = looked.leaf.segment
    lengths = segment.lengths.take(ordinals)
    factors = model.length_factor(lengths)
    evidence = np.array([one.tf(ordinals) for one in found])
    scores = np.zeros(len(ordinals))
    # One by one: numpy's sum would add up in another order where there is one passage.
    for one, earned in zip(found, model.saturation(evidence, factors), strict=True):
        scores += one.weight * earned
    keys = segment.keys.take(ordinals)
    chosen = _first(scores, keys, k)
    return [
        Candidate(key, name.decode(), score, length, tuple(tf))
        for key, name, score, length, tf in zip(
            keys[chosen].tolist(),
            segment.document_ids[segment.documents[ordinals[chosen]]].tolist(),
            scores[chosen].tolist(),
            lengths[chosen].tolist(),
            evidence[:, chosen].T.tolist(),
            strict=True,
        )
    ]


def _first(scores: Array, keys: Array, k: int) -> Array:
    """The places of the `k` highest scores, of equal ones those with the lowest keys."""
    chosen = np.arange(len(scores))
    if len(scores) > k:
        chosen = np.flatnonzero(scores >= np.partition(scores, len(scores) - k)[len(scores) - k])
    ordered: Array = chosen[np.lexsort((keys[chosen], -scores[chosen]))]
    return ordered[:k]
