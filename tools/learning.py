"""Learn the reranker's weights from judged questions.

The model is linear, trained by listwise softmax (Cao et al., 'Learning to Rank: From Pairwise
Approach to Listwise Approach', ICML 2007) with an L2 penalty; each collection weighs the same.
Nothing is drawn at random: the same questions give the same weights.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.models import Scope
from index.engine.bm25 import Floats
from index.evaluation.collection import Collection
from index.evaluation.evaluate import index_collection, passage_views_of
from index.query.question import QueryExpander, parse_question
from index.reranking.features.registry import FEATURE_NAMES, compute_features, weigh_question
from index.reranking.pipeline import RERANK_DEPTH

PENALTY = 3e-3
STEPS = 600
RATE = 0.05


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a collection: its candidates' features and scores, and which are relevant.

    `relevant`: bool, one for each of the `RERANK_DEPTH` candidates at most. `judged`: how many
    passages are relevant, found or not.
    """

    id: str
    rows: Floats
    relevant: Floats
    judged: int

    @property
    def held_out(self) -> bool:
        """Whether it is in the half that is reported on."""
        return bool(hashlib.sha256(self.id.encode()).digest()[0] & 1)


def look(collection: Collection, expander: QueryExpander) -> list[Asked]:
    """Every question's candidates, as the reranker sees them; those without any are left out."""
    engine, views = index_collection(collection), passage_views_of(collection)
    seen = []
    for id_, text in collection.queries.items():
        judged = collection.qrels.get(id_, {})
        asked = parse_question(text, expander)
        ranking = (
            engine.search(asked.query, scope=Scope.all(), k=RERANK_DEPTH) if asked.query else None
        )
        if ranking is None or not ranking.candidates:
            continue
        first = ranking.candidates
        known = views.of([one.key for one in first])
        rows = compute_features(
            weigh_question(asked, ranking), ranking, first, [known[one.key] for one in first]
        )
        relevant = [collection.passages[one.key].id in judged for one in first]
        seen.append(Asked(id_, rows, np.array(relevant, float), len(judged)))
    return seen


def learn(collections: Sequence[Sequence[Asked]], penalty: float = PENALTY) -> Floats:
    """The weights of `FEATURE_NAMES`, beside a weight of 1 of the score itself (`lexical`)."""
    rows, relevant, real, share = _stacked(collections)
    spread = rows[real].std(axis=0) + 1e-9
    rows = rows / spread
    weights = np.zeros(rows.shape[2])
    weights[0] = 10 * spread[0]
    first = weights.copy()
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        scores = np.where(real, rows @ weights, -np.inf)
        chance = np.exp(scores - scores.max(axis=1, keepdims=True))
        chance /= chance.sum(axis=1, keepdims=True)
        among = chance * relevant
        among /= among.sum(axis=1, keepdims=True) + 1e-12
        slope = np.einsum("q,qc,qcf->f", share, chance - among, rows)
        slope += 2 * penalty * (weights - first)
        # Adam (Kingma and Ba, ICLR 2015)
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope**2
        weights -= RATE * mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    weights = weights / spread
    learnt: Floats = weights / weights[0]
    learnt[0] = 0.0
    return learnt


def _stacked(collections: Sequence[Sequence[Asked]]) -> tuple[Floats, Floats, Floats, Floats]:
    """Questions with something to learn from, in arrays filled up to `RERANK_DEPTH` candidates."""
    useful = [[a for a in one if 0 < a.relevant.sum() < len(a.relevant)] for one in collections]
    questions = [asked for one in useful for asked in one]
    rows = np.zeros((len(questions), RERANK_DEPTH, len(FEATURE_NAMES)))
    relevant = np.zeros((len(questions), RERANK_DEPTH))
    real = np.zeros((len(questions), RERANK_DEPTH), bool)
    for at, asked in enumerate(questions):
        rows[at, : len(asked.rows)] = asked.rows
        relevant[at, : len(asked.rows)] = asked.relevant
        real[at, : len(asked.rows)] = True
    share = np.concatenate([np.full(len(one), 1 / len(one)) for one in useful if one])
    return rows, relevant, real, share / share.sum()


def recall(asked: Sequence[Asked], weights: Floats | None, k: int = 1) -> tuple[float, float]:
    """R@k of an order by score and `weights`, and its standard error."""
    hits = []
    for one in asked:
        score = one.rows[:, 0] + (one.rows @ weights if weights is not None else 0.0)
        order = np.argsort(-score, kind="stable")
        hits.append(float(one.relevant[order[:k]].sum()) / one.judged)
    return float(np.mean(hits)), float(np.std(hits) / np.sqrt(len(hits)))
