"""Query and leaves to a ranking: count within the scope, find who may be best, score those exactly.

A score is added up clause by clause in the query's order, and a clause's tf and df alternative by
alternative: the same passages get the same figures however they are spread over segments.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.models import Scope
from index.embedded.leaf import Leaf, Sight
from index.embedded.maxscore import Found, survivors
from index.engine.bm25 import BM25
from index.engine.postings import Array, term_hashes
from index.engine.protocol import Candidate, Ranking
from index.query.clauses import Query


@dataclass(frozen=True, slots=True, eq=False)
class _Looked:
    """A leaf in which the query's terms, all clauses' in a row, were looked up.

    `postings` are each term's ordinals and frequencies, out of sight ones too where these are not
    quickly told apart; `counts` (int64) how many are in sight. `places` is -1 for absent terms.
    """

    leaf: Leaf
    sight: Sight
    places: Array
    postings: list[tuple[Array, Array]]
    counts: Array


def rank(leaves: Sequence[Leaf], query: Query, scope: Scope, k: int) -> Ranking:
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
        left = survivors(found, one.leaf.segment, one.sight, model, k, threshold)
        threshold = left.threshold
        running.append((one, found, left))
    best = [
        candidate
        for one, found, left in running
        for candidate in _scored(one, found, left.above(threshold), model, k)
    ]
    best.sort(key=lambda candidate: (-candidate.score, candidate.key))
    return Ranking(tuple(best[:k]), frequencies, size, model.avgdl)


def _look_up(leaf: Leaf, query: Query, scope: Scope) -> _Looked:
    terms = [one.term for clause in query.clauses for one in clause.alternatives]
    segment, sight = leaf.segment, leaf.sight(scope)
    places = segment.find(term_hashes(terms))
    present = np.flatnonzero(places >= 0)
    starts, ends = np.zeros(len(terms), np.int64), np.zeros(len(terms), np.int64)
    starts[present] = segment.offsets[places[present]]
    ends[present] = segment.offsets[places[present] + 1]
    postings = [
        (segment.ordinals[start:end], segment.frequencies[start:end])
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    ]
    if sight.mask is None:
        return _Looked(leaf, sight, places, postings, ends - starts)
    if 2 * sight.size < len(segment):
        postings = [sight.seen(*one) if sight.by_run(one[0]) else one for one in postings]
    counts = np.fromiter((sight.count(one) for one, _ in postings), np.int64, len(terms))
    return _Looked(leaf, sight, places, postings, counts)


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
                alternatives.append((one.p, *looked.postings[term]))
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
    lengths = segment.lengths[ordinals]
    factors = model.length_factor(lengths)
    evidence = [one.tf(ordinals) for one in found]
    scores = np.zeros(len(ordinals))
    for one, tf in zip(found, evidence, strict=True):
        scores += one.weight * model.saturation(tf, factors)
    keys = segment.keys[ordinals]
    chosen = _first(scores, keys, k)
    return [
        Candidate(
            key=int(keys[at]),
            document_id=segment.document_ids[segment.documents[ordinals[at]]].decode(),
            score=float(scores[at]),
            length=int(lengths[at]),
            evidence=tuple(float(tf[at]) for tf in evidence),
        )
        for at in chosen
    ]


def _first(scores: Array, keys: Array, k: int) -> Array:
    """The places of the `k` highest scores, of equal ones those with the lowest keys."""
    chosen = np.arange(len(scores))
    if len(scores) > k:
        chosen = np.flatnonzero(scores >= np.partition(scores, len(scores) - k)[len(scores) - k])
    ordered: Array = chosen[np.lexsort((keys[chosen], -scores[chosen]))]
    return ordered[:k]
