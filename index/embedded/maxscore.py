"""Rank-safe skipping: the best passages of a segment without scoring all that match.

MaxScore (Turtle and Flood, 'Query evaluation: strategies and optimizations', 1995): clauses are
taken by the most that they can add to a score. Once the rest together cannot lift a passage among
the best k, only passages met so far are candidates, and the rest is looked up for those alone,
and only where the maxima of their blocks leave them a chance (`index.embedded.segment`).
Running scores are float32, compared with a margin; what remains is scored exactly elsewhere.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from index.embedded.segment import BLOCK, FULL, ClausePostings, Segment, TermPostings
from index.embedded.segment_reader import ScopeMask
from index.engine.protocol import BM25
from index.engine.terms import Array

# float32 is off by 6e-8 an addition, and a query has at most some hundreds of clauses.
_MARGIN = 1 - 1e-4

# Above zero: a passage without any term of the query is no candidate.
_LEAST = float(np.finfo(np.float32).tiny)

# Adding so many postings up costs less than finding out which of them can be spared.
_TOGETHER = 8_192

# Looking the leaders up in one term's postings costs about as much as adding so many up.
_AHEAD = 800

# Looking a passage up costs about as much as spreading this many postings out.
_LOOK_UP = 12

_NONE = np.empty(0, np.int64)

# Pairs of buffers kept between searches: making them anew takes longer than using them.
_BUFFERS = 4

_free: list[tuple[Array, Array]] = []
_freeing = threading.Lock()


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
    clauses: Sequence[ClausePostings],
    segment: Segment,
    mask: ScopeMask | None,
    model: BM25,
    k: int,
    threshold: float,
) -> Survivors:
    """The passages of a segment that may be among the best `k` of all.

    `mask` tells which are in scope; None where `clauses` hold those alone.
    """
    # The strongest first: the threshold rises early, and more of the weak clauses can be skipped.
    ordered = sorted(
        (clause for clause in clauses if clause.alternatives), key=lambda clause: -clause.most
    )
    # Built from the back, since each bound is the sum of all clauses after it.
    bounds = [0.0]  # bounds[i]: the most that ordered[i:] can add
    for clause in reversed(ordered):
        bounds.insert(0, bounds[0] + clause.most)
    with buffers(len(segment)) as (scores, tf):
        race = _Race(segment, mask, model, k, threshold, scores, tf)
        added, together = 0, _together(ordered)
        while added < len(ordered) and (
            bounds[added] >= race.threshold * _MARGIN
            or race.count_candidates(bounds[added]) > ordered[added].size
        ):
            race.add(ordered[added : added + together])
            added, together = added + together, 1
            race.look_ahead(ordered[added:])
        chosen = race.candidates(ordered[added:])
        rough = scores.take(chosen)
        # The buffer is cleared by the one who used it, before it may go to another search.
        race.clear()
        return race.looked_up(chosen, rough, ordered[added:], bounds[added + 1 :])


def _together(ordered: Sequence[ClausePostings]) -> int:
    """How many of the first clauses to add up at once: single terms with few postings."""
    sizes = accumulate(clause.size for clause in ordered)
    few = (
        len(clause.alternatives) == 1 and size <= _TOGETHER
        for clause, size in zip(ordered, sizes, strict=True)
    )
    return max(1, next((at for at, is_few in enumerate(few) if not is_few), len(ordered)))


class _Race:
    """Running scores of a segment's passages while clause after clause is added up."""

    def __init__(
        self,
        segment: Segment,
        mask: ScopeMask | None,
        model: BM25,
        k: int,
        threshold: float,
        scores: Array,
        tf: Array,
    ) -> None:
        self._lengths = segment.lengths
        self._mask = mask
        self._model = model
        self._k = k
        self._scores = scores
        self._tf = tf
        self._k1 = np.float32(model.k1)
        # The factor is linear in the length, so two values give slope and intercept in float32.
        at_zero, at_one = model.length_factor(np.array([0, 1]))
        self._factor = np.float32(at_zero), np.float32(at_one - at_zero)
        # A mean length larger than the segment's makes a passage earn more, in proportion at most.
        # A segment may hold nothing but passages without a word, whose mean is 0.
        longer = max(1.0, model.avgdl / float(segment.mean[0] or model.avgdl or 1))
        self._block = (model.k1 + 1) / FULL * longer
        self._touched: list[Array] = []
        self._leaders = _NONE
        self.threshold = threshold

    def add(self, clauses: Sequence[ClausePostings]) -> None:
        """Add clauses to every passage that holds one: one clause, or several of a single term."""
        lists = [(p, *self._visible(term)) for clause in clauses for p, term in clause.alternatives]
        # numpy indexes by int64: converted once, not at each use
        ordinals = np.concatenate([places for _, places, _ in lists], dtype=np.int64)
        tf = np.concatenate([counts for *_, counts in lists], dtype=np.float32)
        sizes = [len(places) for _, places, _ in lists]
        if any(p != 1.0 for p, *_ in lists):
            tf *= spread([p for p, *_ in lists], sizes)
        if len(lists) > len(clauses):
            tf = self._summed(ordinals, tf)
        earned = self._saturation(tf, self._factors(ordinals))
        earned *= spread([clause.weight for clause in clauses], sizes if len(clauses) > 1 else [1])
        if len(clauses) > 1:
            # `scores[ordinals] += earned` would add only once where an ordinal repeats.
            np.add.at(self._scores, ordinals, earned)
            earned = self._scores.take(ordinals)
        else:
            # For the first clause all scores are zero, and the look-up is saved.
            if self._touched:
                earned += self._scores.take(ordinals)
            self._scores[ordinals] = earned
        self._touched.append(ordinals)
        self._raise_threshold(ordinals, earned, len(lists))

    def look_ahead(self, clauses: Sequence[ClausePostings]) -> None:
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
        self.threshold = kth(scores, self._k, self.threshold)

    def count_candidates(self, bound: float) -> int:
        """How many candidates there would be with `bound` more to earn, if they may be many."""
        if not self._crowded():
            return 0
        return int(np.count_nonzero(self._scores >= self._least(bound)))

    def candidates(self, clauses: Sequence[ClausePostings]) -> Array:
        """The passages met so far that can still reach the threshold with these clauses added."""
        bound = sum(clause.most for clause in clauses)
        if self._crowded():
            able = self._able(np.flatnonzero(self._scores >= self._least(bound)), clauses)
            return able.astype(np.uint32)
        met = [
            self._able(
                places[np.flatnonzero(self._scores.take(places) >= self._least(bound))], clauses
            )
            for places in self._touched
        ]
        return distinct(np.concatenate(met or [_NONE]).astype(np.uint32))

    def _able(self, ordinals: Array, clauses: Sequence[ClausePostings]) -> Array:
        """Those whose score can reach the threshold, by the maxima of the blocks they stand in."""
        blocked = [
            (clause.weight, clause.maxima) for clause in clauses if clause.maxima is not None
        ]
        if not blocked:
            return ordinals
        bound = sum(clause.most for clause in clauses if clause.maxima is None)
        scores = self._scores.take(ordinals)
        places = ordinals // BLOCK
        for weight, maxima in blocked:
            scores += maxima.take(places) * np.float32(weight * self._block)
        return ordinals[np.flatnonzero(scores >= self._least(bound))]

    def _least(self, bound: float) -> float:
        """The score from which on a passage that is to earn `bound` at the most is a candidate."""
        return max(self.threshold * _MARGIN - bound, _LEAST)

    def looked_up(
        self,
        chosen: Array,
        rough: Array,
        clauses: Sequence[ClausePostings],
        bounds: Sequence[float],
    ) -> Survivors:
        """Those of the candidates that may be among the best, with all clauses added.

        `bounds[i]` is the most that clauses after the i-th can add.
        """
        threshold = kth(rough, self._k, self.threshold)
        factors = self._factors(chosen)
        for clause, bound in zip(clauses, bounds, strict=True):
            earned = self._saturation(self._clause_tf(clause, chosen), factors)
            earned *= np.float32(clause.weight)
            rough = rough + earned
            threshold = kth(rough, self._k, threshold)
            # Candidates shrink with each clause, so that later and weaker clauses cost little.
            able = np.flatnonzero(rough >= threshold * _MARGIN - bound)
            chosen, rough, factors = chosen[able], rough[able], factors[able]
        return Survivors(chosen, rough, threshold)

    def clear(self) -> None:
        """Leave the buffer as it was found: zero."""
        if self._crowded():
            self._scores.fill(0)
        else:
            for places in self._touched:
                self._scores[places] = 0

    def _crowded(self) -> bool:
        """Whether so many were met that reading all scores is quicker than reading theirs."""
        return sum(map(len, self._touched)) * 8 > len(self._scores)

    def _visible(self, postings: TermPostings) -> tuple[Array, Array]:
        visible = self._mask.visible(postings) if self._mask else postings
        return visible.ordinals, visible.frequencies

    def _factors(self, ordinals: Array) -> Array:
        """The model's length factors in float32."""
        factors = self._lengths.take(ordinals).astype(np.float32)
        factors *= self._factor[1]
        factors += self._factor[0]
        return factors

    def _saturation(self, tf: Array, factors: Array) -> Array:
        """The model's saturation in float32."""
        earned = tf * (self._k1 + np.float32(1))
        earned /= tf + factors
        return earned

    def _summed(self, ordinals: Array, tf: Array) -> Array:
        """The tf of a clause in each passage: one that comes several times gets the sum each."""
        np.add.at(self._tf, ordinals, tf)
        summed = self._tf.take(ordinals)
        self._tf[ordinals] = 0
        return summed

    def _clause_tf(self, clause: ClausePostings, ordinals: Array) -> Array:
        """The clause's expected tf (float32) in each of the passages, looked up or spread out."""
        tf = np.zeros(len(ordinals), np.float32)
        spread_out = []
        for p, postings in clause.alternatives:
            if postings.row is not None or len(ordinals) * _LOOK_UP < len(postings):
                tf += postings.tf(ordinals) * np.float32(p)
            else:
                spread_out.append((p, postings))
        if spread_out:
            places = np.concatenate([term.ordinals for _, term in spread_out], dtype=np.int64)
            frequencies = np.concatenate(
                [term.frequencies for _, term in spread_out], dtype=np.float32
            )
            frequencies *= spread([p for p, _ in spread_out], [len(term) for _, term in spread_out])
            np.add.at(self._tf, places, frequencies)
            tf += self._tf.take(ordinals)
            self._tf[places] = 0
        return tf

    def _raise_threshold(self, ordinals: Array, scores: Array, copies: int) -> None:
        """Take in passages with their scores now; each comes `copies` times at the most."""
        if len(self._leaders):
            risen = scores > self.threshold
        else:
            risen = scores >= kth(scores, self._k * copies, self.threshold)
        # flatnonzero first: picking by a mask is slow where few are picked
        ordinals = ordinals[np.flatnonzero(risen)]
        if not len(ordinals):
            return
        ordinals = distinct(np.concatenate([self._leaders, ordinals]))
        scores = self._scores.take(ordinals)
        least = kth(scores, self._k, 0.0)
        self.threshold = max(self.threshold, least)
        self._leaders = ordinals[scores >= least][: self._k]


@contextmanager
def buffers(size: int) -> Iterator[tuple[Array, Array]]:
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
        del _free[:-_BUFFERS]


def spread(values: Sequence[float], sizes: Sequence[int]) -> Array:
    """Each value (as float32) as many times as said."""
    return np.repeat(np.array(values, np.float32), sizes)


def kth(scores: Array, k: int, threshold: float) -> float:
    """The k-th largest score where that is above the threshold, else the threshold."""
    if len(scores) < k:
        return threshold
    return max(threshold, float(np.partition(scores, len(scores) - k)[len(scores) - k]))


def distinct(ordinals: Array) -> Array:
    """The same, ascending, each once."""
    ordered = np.sort(ordinals)
    unique: Array = ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]
    return unique
