"""The default engine: segments of postings in this process, mapped from the data folder.

Readers work on one immutable snapshot; an update becomes visible by replacing it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from corpus.models import Scope
from index.bm25 import BM25, Floats
from index.engine import Candidate, Live, Ranking
from index.postings import Analyzed, Array, Segment, batches, build, merge
from index.query import Clause, Query
from index.store import Generation, Store

_BATCH = 20_000
_VIEWS_KEPT = 32
_GROWTH = 3
"""A segment is merged into its elder unless that is this many times as large (log n segments)."""


@dataclass(frozen=True, slots=True)
class View:
    """The segments as one scope sees them. `masks`: bool per passage, None where all are seen."""

    masks: tuple[Array | None, ...]
    model: BM25
    length_factors: tuple[Floats, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one search sees from its first to its last step."""

    segments: tuple[Segment, ...] = ()
    live: Live = field(default_factory=dict)
    views: dict[Scope, View] = field(default_factory=dict)

    def view(self, scope: Scope) -> View:
        """The scope's view, worked out at its first use and kept for some others' time."""
        found = self.views.get(scope)
        if found is None:
            found = self._view(scope)
            while len(self.views) >= _VIEWS_KEPT:
                self.views.pop(next(iter(self.views)), None)
            self.views[scope] = found
        return found

    def alive(self, segment: Segment, scope: Scope) -> Array:
        """Which passages of `segment` the scope sees."""
        visible = np.fromiter(
            (self._seen(name.decode(), scope) for name in segment.document_ids.tolist()),
            np.bool_,
            len(segment.document_ids),
        )
        mask: Array = visible[segment.documents] if len(visible) else np.zeros(0, np.bool_)
        return mask

    def _seen(self, document_id: str, scope: Scope) -> bool:
        matters = self.live.get(document_id)
        return bool(matters) and (scope is None or not scope.isdisjoint(matters or ()))

    def _view(self, scope: Scope) -> View:
        alive = [self.alive(segment, scope) for segment in self.segments]
        size = sum(int(mask.sum()) for mask in alive)
        pairs = zip(self.segments, alive, strict=True)
        tokens = sum(int(segment.lengths[mask].sum()) for segment, mask in pairs)
        model = BM25(size, tokens / size if size else 0.0)
        return View(
            tuple(None if mask.all() else mask for mask in alive),
            model,
            tuple(model.length_factor(segment.lengths) for segment in self.segments),
        )


class EmbeddedEngine:
    """An `Engine` over segments; `folder` keeps them between runs, None keeps nothing."""

    def __init__(self, folder: Path | None = None) -> None:
        self._store = Store(folder) if folder else None
        self._writing = threading.Lock()
        self._generation: str | None = None
        self._kept: tuple[Segment, ...] = ()
        self._snapshot = Snapshot()
        self.reopen()

    def reopen(self) -> None:
        """Take over what another process has kept since, in place of our own segments."""
        with self._writing:
            if self._store and self._store.current() != self._generation:
                self._show(self._store.load())

    def _show(self, generation: Generation) -> None:
        self._generation, self._kept = generation.name, generation.segments
        self._snapshot = Snapshot(self._kept, self._snapshot.live)

    def holds(self) -> frozenset[str]:
        """The documents whose passages have been added, live or not."""
        return frozenset(
            name.decode()
            for segment in self._snapshot.segments
            for name in segment.document_ids.tolist()
        )

    def update(
        self,
        added: Iterable[Analyzed],
        live: Live,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """Take in passages and filings; readers see both at once, or neither."""
        with self._writing:
            segments = list(self._snapshot.segments)
            fresh = Snapshot((), live)
            for batch in batches(added, _BATCH):
                segments.append(build(batch))
                segments = _settle(segments, fresh)
                if progress:
                    progress(len(batch))
            self._snapshot = Snapshot(tuple(segments), live)

    def search(self, query: Query, *, scope: Scope, k: int) -> Ranking:
        """The best `k` passages that hold a term of the query, best first, ties by key."""
        snapshot = self._snapshot
        view = snapshot.view(scope)
        found = [_evidence_of(clause, snapshot.segments, view.masks) for clause in query.clauses]
        scores = [_scores(query.clauses, found, view, at) for at in range(len(snapshot.segments))]
        candidates = tuple(_best(snapshot.segments, scores, found, k))
        frequencies = tuple(one.frequency for one in found)
        return Ranking(candidates, frequencies, view.model.corpus_size, view.model.avgdl)

    def save(self) -> None:
        """Keep what is not yet on disk, unless another process keeps its own right now.

        Raises OSError when the folder cannot be written.
        """
        with self._writing:
            if self._store is None or self._snapshot.segments == self._kept:
                return
            written = self._store.save(self._snapshot.segments, self._generation)
            if written:
                self._show(written)


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Where a clause is found: passages and expected tf, a pair for each segment; expected df."""

    postings: tuple[tuple[Array, Array], ...]
    frequency: float

    def in_passage(self, segment: int, ordinal: int) -> float:
        """The expected tf in one passage."""
        ordinals, tf = self.postings[segment]
        at = int(np.searchsorted(ordinals, ordinal))
        return float(tf[at]) if at < len(ordinals) and ordinals[at] == ordinal else 0.0


def _evidence_of(
    clause: Clause, segments: Sequence[Segment], masks: Sequence[Array | None]
) -> _Evidence:
    """A clause's tf and df: its alternatives', weighted by their probability."""
    postings = []
    frequency = 0.0
    for segment, mask in zip(segments, masks, strict=True):
        found = []
        for alternative in clause.alternatives:
            ordinals, tf = segment.postings(alternative.term)
            if mask is not None:
                seen = mask[ordinals]
                ordinals, tf = ordinals[seen], tf[seen]
            frequency += alternative.p * len(ordinals)
            if len(ordinals):
                found.append((ordinals, alternative.p * tf))
        postings.append(_summed(found))
    return _Evidence(tuple(postings), frequency)


def _summed(found: Sequence[tuple[Array, Array]]) -> tuple[Array, Array]:
    """Several postings lists as one, their frequencies added up."""
    if not found:
        return np.empty(0, np.uint32), np.empty(0)
    if len(found) == 1:
        return found[0]
    together = np.concatenate([ordinals for ordinals, _ in found])
    ordinals, place = np.unique(together, return_inverse=True)
    return ordinals, np.bincount(place, np.concatenate([tf for _, tf in found]))


def _scores(clauses: Sequence[Clause], found: Sequence[_Evidence], view: View, at: int) -> Floats:
    """The score of each passage of segment `at`."""
    factors = view.length_factors[at]
    scores = np.zeros(len(factors))
    for clause, evidence in zip(clauses, found, strict=True):
        ordinals, tf = evidence.postings[at]
        frequency = min(evidence.frequency, view.model.corpus_size)
        weight = clause.weight * view.model.inverse_document_frequency(frequency)
        scores[ordinals] += weight * view.model.saturation(tf, factors[ordinals])
    return scores


def _best(
    segments: Sequence[Segment],
    scores: Sequence[Floats],
    found: Sequence[_Evidence],
    k: int,
) -> list[Candidate]:
    best = []
    for number, (segment, score) in enumerate(zip(segments, scores, strict=True)):
        if len(score) > k:
            least = np.partition(score, len(score) - k)[len(score) - k]
            chosen = np.flatnonzero((score >= least) & (score > 0))
        else:
            chosen = np.flatnonzero(score > 0)
        chosen = chosen[np.lexsort((segment.keys[chosen], -score[chosen]))][:k]
        best += [(-float(score[at]), int(segment.keys[at]), number, int(at)) for at in chosen]
    return [
        Candidate(
            key=key,
            document_id=segments[number].document_ids[segments[number].documents[at]].decode(),
            score=-negative,
            length=int(segments[number].lengths[at]),
            evidence=tuple(evidence.in_passage(number, at) for evidence in found),
        )
        for negative, key, number, at in sorted(best)[:k]
    ]


def _settle(segments: list[Segment], snapshot: Snapshot) -> list[Segment]:
    """Merge from the young end until sizes fall off geometrically, leaving dead passages out."""
    while len(segments) > 1 and len(segments[-2]) < _GROWTH * len(segments[-1]):
        young = segments[-2:]
        segments[-2:] = [merge(young, [snapshot.alive(one, None) for one in young])]
    return segments
