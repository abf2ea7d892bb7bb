"""Rank-safe skipping: the best passages of a segment without scoring all that match.

MaxScore (Turtle and Flood, 'Query evaluation: strategies and optimizations', 1995): clauses are
taken by the most that they can add to a score. Once the rest together cannot lift a passage among
the best k, only passages met so far are candidates, and the rest is looked up for those alone,
and only where the maxima of their blocks leave them a chance (`index.embedded.rows`).
Running scores are float32, compared with a margin; what remains is scored exactly elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from index.embedded.buffers import buffers
from index.embedded.found import Found, Postings
from index.embedded.rows import BLOCK, FULL
from index.embedded.segment import Array, Segment
from index.embedded.segment_reader import ScopeMask
from index.embedded.selection import distinct, kth, spread
from index.engine.bm25 import BM25

_MARGIN = 1 - 1e-4
"""float32 is off by 6e-8 an addition, and a query has at most some hundreds of clauses."""

_LEAST = float(np.finfo(np.float32).tiny)

_TOGETHER = 8_192
"""Adding so many postings up costs less than finding out which of them can be spared."""

_AHEAD = 800
"""Looking the leaders up in one term's postings costs about as much as adding so many up."""

_LOOK_UP = 12
"""Looking a passage up costs about as much as spreading this many postings out."""

_NONE = np.empty(0, np.int64)


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
    found: Sequence[Found],
    segment: Segment,
    sight: ScopeMask | None,
    model: BM25,
    k: int,
    threshold: float,
) -> Survivors:
    """The passages of a segment that may be among the best `k` of all.

    `sight` tells which are seen; None where `found` holds seen ones alone.
    """
    ordered = sorted((one for one in found if one.alternatives), key=lambda one: -one.most)
    rest = [0.0]  # rest[i]: the most that ordered[i:] can add
    for one in reversed(ordered):
        rest.insert(0, rest[0] + one.most)
    with buffers(len(segment)) as (scores, tf):
        race = _Race(segment, sight, model, k, threshold, scores, tf)
        taken, together = 0, _together(ordered)
        while taken < len(ordered) and (
            rest[taken] >= race.threshold * _MARGIN or race.met(rest[taken]) > ordered[taken].size
        ):
            race.add(ordered[taken : taken + together])
            taken, together = taken + together, 1
            race.look_ahead(ordered[taken:])
        chosen = race.candidates(ordered[taken:])
        rough = scores.take(chosen)
        race.clear()
        return race.looked_up(chosen, rough, ordered[taken:], rest[taken + 1 :])


def _together(ordered: Sequence[Found]) -> int:
    """How many of the first clauses to add up at once: single terms with few postings."""
    sizes = accumulate(one.size for one in ordered)
    few = (
        len(one.alternatives) == 1 and size <= _TOGETHER
        for one, size in zip(ordered, sizes, strict=True)
    )
    return max(1, next((at for at, yes in enumerate(few) if not yes), len(ordered)))


class _Race:
    """Running scores of a segment's passages while clause after clause is added up."""

    def __init__(
        self,
        segment: Segment,
        sight: ScopeMask | None,
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
        # A mean length larger than the segment's makes a passage earn more, in proportion at most.
        longer = max(1.0, model.avgdl / float(segment.mean[0]))
        self._block = (model.k1 + 1) / FULL * longer
        self._touched: list[Array] = []
        self._leaders = _NONE
        self.threshold = threshold

    def add(self, clauses: Sequence[Found]) -> None:
        """Add clauses to every passage that holds one: one clause, or several of a single term."""
        lists = [(p, *self._seen(some)) for one in clauses for p, some in one.alternatives]
        # numpy indexes by int64: converted once, not at each use
        ordinals = np.concatenate([some for _, some, _ in lists], dtype=np.int64)
        tf = np.concatenate([some for *_, some in lists], dtype=np.float32)
        sizes = [len(some) for _, some, _ in lists]
        if any(p != 1.0 for p, *_ in lists):
            tf *= spread([p for p, *_ in lists], sizes)
        if len(lists) > len(clauses):
            tf = self._summed(ordinals, tf)
        earned = self._saturation(tf, self._factors(ordinals))
        earned *= spread([one.weight for one in clauses], sizes if len(clauses) > 1 else [1])
        if len(clauses) > 1:
            np.add.at(self._scores, ordinals, earned)
            earned = self._scores.take(ordinals)
        else:
            if self._touched:
                earned += self._scores.take(ordinals)
            self._scores[ordinals] = earned
        self._touched.append(ordinals)
        self._raise_threshold(ordinals, earned, len(lists))

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
        self.threshold = kth(scores, self._k, self.threshold)

    def met(self, rest: float) -> int:
        """How many candidates there would be with `rest` more to earn, if they may be many."""
        if not self._crowded():
            return 0
        return int(np.count_nonzero(self._scores >= self._least(rest)))

    def candidates(self, clauses: Sequence[Found]) -> Array:
        """The passages met so far that can still reach the threshold with these clauses added."""
        rest = sum(one.most for one in clauses)
        if self._crowded():
            able = self._able(np.flatnonzero(self._scores >= self._least(rest)), clauses)
            return able.astype(np.uint32)
        met = [
            self._able(some[np.flatnonzero(self._scores.take(some) >= self._least(rest))], clauses)
            for some in self._touched
        ]
        return distinct(np.concatenate(met or [_NONE]).astype(np.uint32))

    def _able(self, ordinals: Array, clauses: Sequence[Found]) -> Array:
        """Those whose score can reach the threshold, by the maxima of the blocks they stand in."""
        blocked = [(one.weight, one.maxima) for one in clauses if one.maxima is not None]
        if not blocked:
            return ordinals
        rest = sum(one.most for one in clauses if one.maxima is None)
        scores = self._scores.take(ordinals)
        places = ordinals // BLOCK
        for weight, maxima in blocked:
            scores += maxima.take(places) * np.float32(weight * self._block)
        return ordinals[np.flatnonzero(scores >= self._least(rest))]

    def _least(self, rest: float) -> float:
        """The score from which on a passage that is to earn `rest` at the most is a candidate."""
        return max(self.threshold * _MARGIN - rest, _LEAST)

    def looked_up(
        self, chosen: Array, rough: Array, clauses: Sequence[Found], rest: Sequence[float]
    ) -> Survivors:
        """Those of the candidates that may be among the best, with all clauses added.

        `rest[i]` is the most that clauses after the i-th can add.
        """
        threshold = kth(rough, self._k, self.threshold)
        factors = self._factors(chosen)
        for clause, more in zip(clauses, rest, strict=True):
            earned = self._saturation(self._clause_tf(clause, chosen), factors)
            earned *= np.float32(clause.weight)
            rough = rough + earned
            threshold = kth(rough, self._k, threshold)
            able = np.flatnonzero(rough >= threshold * _MARGIN - more)
            chosen, rough, factors = chosen[able], rough[able], factors[able]
        return Survivors(chosen, rough, threshold)

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

    def _seen(self, postings: Postings) -> tuple[Array, Array]:
        seen = self._sight.seen(postings) if self._sight else postings
        return seen.ordinals, seen.frequencies

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

    def _clause_tf(self, clause: Found, ordinals: Array) -> Array:
        """The clause's expected tf (float32) in each of the passages, looked up or spread out."""
        tf = np.zeros(len(ordinals), np.float32)
        spread_out = []
        for p, postings in clause.alternatives:
            if postings.row is not None or len(ordinals) * _LOOK_UP < len(postings):
                tf += postings.tf(ordinals) * np.float32(p)
            else:
                spread_out.append((p, postings))
        if spread_out:
            places = np.concatenate([some.ordinals for _, some in spread_out], dtype=np.int64)
            more = np.concatenate([some.frequencies for _, some in spread_out], dtype=np.float32)
            more *= spread([p for p, _ in spread_out], [len(some) for _, some in spread_out])
            np.add.at(self._tf, places, more)
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
