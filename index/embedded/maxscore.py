"""Rank-safe skipping: the best passages of a segment without scoring all that match.

MaxScore (Turtle and Flood, 'Query evaluation: strategies and optimizations', 1995): clauses are
taken by the most that they can add to a score. Once the rest together cannot lift a passage among
the best k, only passages met so far are candidates, and the rest is looked up for those alone.
Running scores are float32, compared with a margin; what remains is scored exactly elsewhere.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from index.embedded.leaf import Sight
from index.engine.bm25 import BM25
from index.engine.postings import Array, Segment

_MARGIN = 1 - 1e-4
"""float32 is off by 6e-8 an addition, and a query has at most some hundreds of clauses."""

_BUFFERS_KEPT = 4

_LEAST = float(np.finfo(np.float32).tiny)

_AHEAD = 800
"""Looking the leaders up in one term's postings costs about as much as adding so many up."""

_LOOK_UP = 4
"""Looking a passage up costs about as much as spreading this many postings out."""

_NONE = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A clause in a segment: `(p, ordinals, frequencies)` of each alternative that is there.

    It adds at most `most` to a score: `weight` (its own times its idf) times what tf can earn.
    """

    weight: float
    alternatives: tuple[tuple[float, Array, Array], ...]
    most: float

    @property
    def size(self) -> int:
        """How many postings there are."""
        return sum(len(postings) for _, postings, _ in self.alternatives)

    def tf(self, ordinals: Array) -> Array:
        """The expected tf (float64) in each of the passages, whose uint32 ordinals ascend."""
        tf = np.zeros(len(ordinals))
        if not len(ordinals):
            return tf
        for p, postings, frequencies in self.alternatives:
            if len(postings) < len(ordinals):
                places = np.minimum(np.searchsorted(ordinals, postings), len(ordinals) - 1)
                hit = ordinals[places] == postings
                tf[places[hit]] += p * frequencies[hit]
            else:
                places = np.minimum(np.searchsorted(postings, ordinals), len(postings) - 1)
                hit = postings[places] == ordinals
                tf[hit] += p * frequencies[places[hit]]
        return tf


@dataclass(frozen=True, slots=True, eq=False)
class Survivors:
    """Passages (ascending uint32 ordinals) that may be among the best, with rough scores.

    `threshold`: k passages have at least this score, here or in the segments before.
    """

    ordinals: Array
    scores: Array
    threshold: float

    def above(self, threshold: float) -> Array:
        """Those whose exact score may reach `threshold`."""
        chosen: Array = self.ordinals[self.scores >= threshold * _MARGIN]
        return chosen


def survivors(
    found: Sequence[Found], segment: Segment, sight: Sight, model: BM25, k: int, threshold: float
) -> Survivors:
    """The passages of a segment that may be among the best `k` of all, seen ones alone."""
    ordered = sorted((one for one in found if one.alternatives), key=lambda one: -one.most)
    rest = [0.0]  # rest[i]: the most that ordered[i:] can add
    for one in reversed(ordered):
        rest.insert(0, rest[0] + one.most)
    with _buffers(len(segment)) as (scores, tf):
        race = _Race(segment, sight, model, k, threshold, scores, tf)
        taken = 0
        while taken < len(ordered) and rest[taken] >= race.threshold * _MARGIN:
            race.add(ordered[taken])
            taken += 1
            race.look_ahead(ordered[taken:])
        chosen = race.candidates(rest[taken])
        rough = scores.take(chosen)
        race.clear()
        threshold = _kth(rough, k, race.threshold)
        for one, more in zip(ordered[taken:], rest[taken + 1 :], strict=True):
            factors = model.length_factor(segment.lengths[chosen])
            rough = rough + one.weight * model.saturation(race.tf(one, chosen), factors)
            threshold = _kth(rough, k, threshold)
            able = rough + more >= threshold * _MARGIN
            chosen, rough = chosen[able], rough[able]
    return Survivors(chosen, rough, threshold)


class _Race:
    """Running scores of a segment's passages while clause after clause is added up."""

    def __init__(
        self,
        segment: Segment,
        sight: Sight,
        model: BM25,
        k: int,
        threshold: float,
        scores: Array,
        tf: Array,
    ) -> None:
        self._lengths = segment.lengths
        self._sight = sight
        self._model = model
        self._k = k
        self._scores = scores
        self._tf = tf
        self._k1 = np.float32(model.k1)
        at_zero, at_one = model.length_factor(np.array([0, 1]))
        self._factor = np.float32(at_zero), np.float32(at_one - at_zero)
        self._touched: list[Array] = []
        self._leaders = _NONE
        self.threshold = threshold

    def add(self, clause: Found) -> None:
        """Add a clause to every passage that holds it."""
        ordinals, tf = self._evidence(clause)
        factors = self._lengths.take(ordinals).astype(np.float32)
        factors *= self._factor[1]
        factors += self._factor[0]
        factors += tf
        tf *= np.float32(clause.weight) * (self._k1 + np.float32(1))
        tf /= factors
        if self._touched:
            tf += self._scores.take(ordinals)
        self._scores[ordinals] = tf
        self._touched.append(ordinals)
        self._raise_threshold(ordinals, tf, once=len(clause.alternatives) == 1)

    def look_ahead(self, clauses: Sequence[Found]) -> None:
        """Raise the threshold by what the leaders earn from the clauses still to come.

        Only where that takes less than adding the next of these up.
        """
        terms = sum(len(clause.alternatives) for clause in clauses)
        if len(self._leaders) < self._k or terms * _AHEAD > clauses[0].size if clauses else True:
            return
        leaders = self._leaders.astype(np.uint32)
        scores = self._scores.take(self._leaders).astype(np.float64)
        factors = self._model.length_factor(self._lengths[leaders])
        for clause in clauses:
            scores += clause.weight * self._model.saturation(clause.tf(leaders), factors)
        self.threshold = _kth(scores, self._k, self.threshold)

    def candidates(self, rest: float) -> Array:
        """The passages met so far that can still reach the threshold with `rest` more."""
        least = max(self.threshold * _MARGIN - rest, _LEAST)
        if self._crowded():
            return np.flatnonzero(self._scores >= least).astype(np.uint32)
        able = [some[np.flatnonzero(self._scores.take(some) >= least)] for some in self._touched]
        return _distinct(np.concatenate(able or [_NONE])).astype(np.uint32)

    def tf(self, clause: Found, ordinals: Array) -> Array:
        """The clause's expected tf in each of the passages, looked up or spread out and read."""
        sizes = [len(postings) for _, postings, _ in clause.alternatives]
        if _LOOK_UP * sum(min(size, len(ordinals)) for size in sizes) < sum(sizes):
            return clause.tf(ordinals)
        for p, postings, frequencies in clause.alternatives:
            np.add.at(self._tf, postings.astype(np.int64), frequencies * np.float32(p))
        tf = self._tf.take(ordinals)
        for _, postings, _ in clause.alternatives:
            self._tf[postings] = 0
        return tf

    def clear(self) -> None:
        """Leave the buffer as it was found: zero."""
        if self._crowded():
            self._scores.fill(0)
        else:
            for some in self._touched:
                self._scores[some] = 0

    def _crowded(self) -> bool:
        """Whether so many were met that reading all scores is quicker than reading theirs."""
        return sum(map(len, self._touched)) * 8 > len(self._scores)

    def _evidence(self, clause: Found) -> tuple[Array, Array]:
        """The seen passages that hold the clause (int64), and their expected tf (float32).

        A passage that holds several alternatives comes as often, with the same tf each time.
        """
        lists = [(p, *self._sight.seen(*postings)) for p, *postings in clause.alternatives]
        # numpy indexes by int64: converted once, not at each use
        ordinals = np.concatenate([some for _, some, _ in lists]).astype(np.int64)
        tf = np.concatenate([frequencies * np.float32(p) for p, _, frequencies in lists])
        tf = tf.astype(np.float32, copy=False)
        if len(lists) > 1:
            np.add.at(self._tf, ordinals, tf)
            tf = self._tf.take(ordinals)
            self._tf[ordinals] = 0
        return ordinals, tf

    def _raise_threshold(self, ordinals: Array, scores: Array, *, once: bool) -> None:
        """Take in passages with their scores now; `once`: each comes but once."""
        if once and not len(self._leaders):
            risen = scores >= _kth(scores, self._k, self.threshold)
        else:
            risen = scores > self.threshold
        # flatnonzero first: picking by a mask is slow where few are picked
        ordinals = ordinals[np.flatnonzero(risen)]
        if not len(ordinals):
            return
        ordinals = _distinct(np.concatenate([self._leaders, ordinals]))
        scores = self._scores.take(ordinals)
        least = _kth(scores, self._k, 0.0)
        self.threshold = max(self.threshold, least)
        self._leaders = ordinals[scores >= least][: self._k]


def _kth(scores: Array, k: int, threshold: float) -> float:
    """The k-th largest score where that is above the threshold, else the threshold."""
    if len(scores) < k:
        return threshold
    return max(threshold, float(np.partition(scores, len(scores) - k)[len(scores) - k]))


def _distinct(ordinals: Array) -> Array:
    """The same, ascending, each once."""
    ordered = np.sort(ordinals)
    distinct: Array = ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]
    return distinct


_free: list[tuple[Array, Array]] = []
_freeing = threading.Lock()


@contextmanager
def _buffers(size: int) -> Iterator[tuple[Array, Array]]:
    """Two arrays of zeros, `size` float32 at the least, to be left as zeros."""
    with _freeing:
        fitting = [pair for pair in _free if len(pair[0]) >= size]
        pair = fitting[0] if fitting else None
        _free[:] = [other for other in _free if other is not pair]
    pair = pair or (np.zeros(size, np.float32), np.zeros(size, np.float32))
    yield pair
    # Not reached when anything was raised: what may be soiled is not used again.
    with _freeing:
        _free.append(pair)
        del _free[:-_BUFFERS_KEPT]
