"""The first candidates ranked anew by a linear model over features, in the units of their score.

    score'(c) = score(c) + best score * sum over features f of  weight(f) * value(f, c)

The weights are learnt (`train`) and kept in `weights.json`, where they can be read. A difference
that all candidates share changes no order, so only differences between candidates matter.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from index.engine.bm25 import Floats
from index.engine.protocol import Candidate, Ranking
from index.query.question import Question
from index.reranking.features import FEATURES, NAMES, features, weigh
from index.reranking.sketch import Sketches

FILE = Path(__file__).with_name("weights.json")
RERANKED = 20
"""Candidates looked at; the others stay below them, in their order."""


@dataclass(frozen=True, slots=True)
class Reranked:
    """A ranking after reranking, and the features of its first candidates, a row each."""

    ranking: Ranking
    rows: Floats

    def scores(self) -> Floats:
        """The first candidates' scores by words and features, beside the best one's by words."""
        found: Floats = self.rows[:, 0] + self.rows @ weights()
        return found


@cache
def weights() -> Floats:
    """The weights of `NAMES`, those of the file."""
    kept: Mapping[str, float] = json.loads(FILE.read_text("utf-8"))["rerank"]
    return np.array([float(kept.get(name, 0.0)) for name in NAMES])


def look(asked: Question, ranking: Ranking, sketches: Sketches) -> Reranked:
    """The ranking as it is, with its first candidates' features.

    Those whose passage is no more are left out.
    """
    first = ranking.candidates[:RERANKED]
    known = sketches.of([one.key for one in first])
    first = tuple(one for one in first if one.key in known)
    rest = ranking.candidates[RERANKED:]
    ranking = replace(ranking, candidates=(*first, *rest))
    if not first:
        return Reranked(ranking, np.empty((0, len(NAMES))))
    looked = [known[one.key] for one in first]
    return Reranked(ranking, features(weigh(asked, ranking), ranking, first, looked))


def rerank(looked: Reranked) -> Reranked:
    """Rank the first candidates anew; the rest stay below them."""
    first = looked.ranking.candidates[: len(looked.rows)]
    if not first:
        return looked
    scores = max(one.score for one in first) * looked.scores()
    order = sorted(range(len(first)), key=lambda at: (-scores[at], first[at].key))
    best = [replace(first[at], score=float(scores[at])) for at in order]
    rest = _below(best[-1].score, looked.ranking.candidates[len(first) :])
    return Reranked(replace(looked.ranking, candidates=(*best, *rest)), looked.rows[order])


def _below(score: float, rest: Sequence[Candidate]) -> list[Candidate]:
    """The candidates moved down as one, as far as it takes to be below `score`."""
    down = min(0.0, score - rest[0].score) if rest else 0.0
    return [replace(one, score=one.score + down) for one in rest]


def contributions(row: Floats, best: float) -> list[tuple[str, float, float]]:
    """What each feature adds to a score: its meaning, its value and what it adds."""
    return [
        (FEATURES[name], float(value), best * float(weight * value))
        for name, value, weight in zip(NAMES, row, weights(), strict=True)
        if weight and value
    ]
