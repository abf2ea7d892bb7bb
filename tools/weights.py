"""Learn the reranker's weights and the confidence from judged collections.

    python -m tools.weights COLLECTION...

Trains on one half of each collection's questions, by the hash of their ids, reports on the other,
and writes `weights.json`. `--lay` names collections, by name, whose questions are answered by more
passages than are judged: with one taken away they are not unanswerable. Nothing is drawn at random:
the same questions give the same weights.

The reranker is linear, trained by listwise softmax (Cao et al., 'Learning to Rank: From Pairwise
Approach to Listwise Approach', ICML 2007) with an L2 penalty; each collection weighs the same.
The confidence is a logistic regression by Newton's method, with an L2 penalty (J. Platt,
'Probabilistic Outputs for Support Vector Machines', 1999, for the idea of calibrating a ranking's
score), over questions with their own passage there and without it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from corpus.models import Scope
from index.answering.confidence import SIGNALS, TRANSLATED, ConfidenceModel, confidence_signals
from index.engine.bm25 import Floats
from index.evaluation.collection import Collection, read_collection
from index.evaluation.evaluate import index_collection, passage_views_of, roc_area
from index.query.question import QueryExpander, parse_question
from index.reranking.features.registry import (
    FEATURE_NAMES,
    RELATIVE_TO_BEST,
    compute_features,
)
from index.reranking.pipeline import MEANING_COLUMN, RERANK_DEPTH, WEIGHTS_FILE
from index.reranking.pipeline import rerank_weights as kept
from index.vocabulary.tables import open_query_expander

RANKING_PENALTY = 3e-3
STEPS = 600
RATE = 0.05


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
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


def look(collection: Collection, expander: QueryExpander) -> list[JudgedQuestion]:
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
        rows = compute_features(asked, ranking, first, [known[one.key] for one in first], {})
        relevant = [collection.passages[one.key].id in judged for one in first]
        seen.append(JudgedQuestion(id_, rows, np.array(relevant, float), len(judged)))
    return seen


def learn(
    collections: Sequence[Sequence[JudgedQuestion]], penalty: float = RANKING_PENALTY
) -> Floats:
    """The weights of `FEATURE_NAMES`, beside a weight of 1 of the score itself (`bm25`)."""
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


def _stacked(
    collections: Sequence[Sequence[JudgedQuestion]],
) -> tuple[Floats, Floats, Floats, Floats]:
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


def recall(
    asked: Sequence[JudgedQuestion], weights: Floats | None, k: int = 1
) -> tuple[float, float]:
    """R@k of an order by score and `weights`, and its standard error."""
    hits = []
    for one in asked:
        score = one.rows[:, 0] + (one.rows @ weights if weights is not None else 0.0)
        order = np.argsort(-score, kind="stable")
        hits.append(float(one.relevant[order[:k]].sum()) / one.judged)
    return float(np.mean(hits)), float(np.std(hits) / np.sqrt(len(hits)))


CONFIDENCE_PENALTY = 1e-2
KEPT_OWN, KEPT_ACROSS = 0.98, 0.985
"""The shares of the answerable questions that are let through, in every collection: in their own
words, and across languages, where the pipeline's rule for a single word found takes some more."""
ENOUGH = 100
"""So many questions of a collection must be answered in its own words, or across languages, to
tell how sure such answers are at the least."""
SMALL = (1, 4, 16)
"""Passages in small libraries, in which nothing is rare."""
_LIBRARIES = 24
_ROUNDS = 40


def examples(asked: Sequence[JudgedQuestion], weights: Floats) -> tuple[Floats, Floats]:
    """The signs of the best passage for each question, with its own there and taken away."""
    there = [_signs(one.rows, weights) for one in asked if one.judged]
    taken = (one.rows[one.relevant == 0] for one in asked)
    away = [_signs(rows, weights) for rows in taken if len(rows)]
    width = (0, len(SIGNALS))
    return np.array(there).reshape(-1, width[1]), np.array(away).reshape(-1, width[1])


def _signs(rows: Floats, weights: Floats) -> Floats:
    """The signs of the first after reranking; scores count beside the best one's."""
    rows = rows.copy()
    best = rows[:, 0].max()
    rows[:, [FEATURE_NAMES.index(name) for name in RELATIVE_TO_BEST]] /= best
    scores = rows[:, 0] + rows @ weights
    order = np.argsort(-scores, kind="stable")
    return confidence_signals(rows[order], scores[order])


def small_libraries(collection: Collection) -> Iterator[Collection]:
    """Libraries of a few passages, with their own questions and as many of others."""
    by_hash = sorted(collection.passages, key=lambda one: _hash(one.id))
    questions = sorted(collection.queries, key=_hash)
    for size in SMALL:
        for number in range(min(_LIBRARIES, len(by_hash) // size)):
            some = tuple(by_hash[number * size : (number + 1) * size])
            ids = {one.id for one in some}
            own = [q for q in questions if ids & collection.qrels.get(q, {}).keys()][: 2 * size + 2]
            start = number * len(own) * 7 % max(1, len(questions) - len(own))
            other = [q for q in questions[start:] if q not in own][: len(own)]
            asked = {q: collection.queries[q] for q in (*own, *other)}
            qrels = {q: {p: n for p, n in collection.qrels[q].items() if p in ids} for q in own}
            yield Collection(f"{collection.name} {size}", some, asked, qrels)


def fit(pairs: Sequence[tuple[Floats, Floats]]) -> ConfidenceModel:
    """The model that tells the first of each pair from the second; every pair weighs the same."""
    rows = np.concatenate([part for pair in pairs for part in pair])
    answers = np.concatenate([np.full(len(part), n) for pair in pairs for n, part in
                              ((1.0, pair[0]), (0.0, pair[1]))])  # fmt: skip
    share = np.concatenate([np.full(len(part), 1 / len(part)) for pair in pairs for part in pair
                            if len(part)])  # fmt: skip
    share /= share.sum()
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    standard = np.column_stack([(rows - mean) / spread, np.ones(len(rows))])
    weights = np.zeros(standard.shape[1])
    penalty = np.append(np.full(len(weights) - 1, 2 * CONFIDENCE_PENALTY), 0.0)
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-standard @ weights))
        slope = standard.T @ (share * (chance - answers)) + penalty * weights
        curve = (standard * (share * chance * (1 - chance))[:, None]).T @ standard
        weights -= np.linalg.solve(curve + np.diag(penalty + 1e-9), slope)
    raw = weights[:-1] / spread
    return ConfidenceModel(raw, float(weights[-1] - mean @ raw))


def least(model: ConfidenceModel, answered: Sequence[Floats]) -> ConfidenceModel:
    """The model with the least that keeps enough of every collection's answerable questions."""

    def kept(share: float, across: bool) -> float:
        groups = (rows[(rows[:, TRANSLATED] >= 0.5) == across] for rows in answered)
        found = [
            float(np.quantile(chances(model, some), 1 - share))
            for some in groups
            if len(some) >= ENOUGH
        ]
        return round(min(found, default=0.0), 3)

    return replace(model, own_words=kept(KEPT_OWN, False), translated=kept(KEPT_ACROSS, True))


def chances(model: ConfidenceModel, rows: Floats) -> Floats:
    """The probability of each row of signs."""
    found: Floats = 1 / (1 + np.exp(-(rows @ model.weights + model.intercept)))
    return found


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


Seen = Mapping[str, Sequence[JudgedQuestion]]


def main() -> None:
    """Train, report, and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m tools.weights", description=__doc__)
    parser.add_argument("collections", nargs="+", type=Path)
    parser.add_argument("--lay", action="append", default=[])
    given = parser.parse_args()
    words = open_query_expander()
    seen: dict[str, list[JudgedQuestion]] = {}
    small: dict[str, list[JudgedQuestion]] = {}
    for folder in given.collections:
        collection = read_collection(folder)
        seen[collection.name] = look(collection, words)
        if collection.name not in given.lay:
            small[collection.name] = [
                asked for some in small_libraries(collection) for asked in look(some, words)
            ]
        print(f"{collection.name}: {len(seen[collection.name])} questions", file=sys.stderr)
    weights = learn([_half(asked, False) for asked in seen.values()])
    weights[MEANING_COLUMN] = kept()[MEANING_COLUMN]  # nothing here says what passages mean
    _tell_of_ranking(seen, weights)
    model = _calibrated(seen, small, given.lay, weights)
    _tell_of_refusal(seen, model, weights)
    _tell_of_refusal({f"{name}, small": asked for name, asked in small.items()}, model, weights)
    _write(weights, model)


def _half(asked: Sequence[JudgedQuestion], held_out: bool) -> list[JudgedQuestion]:
    return [one for one in asked if one.held_out == held_out]


def _calibrated(seen: Seen, small: Seen, lay: Sequence[str], weights: Floats) -> ConfidenceModel:
    """The model, with the least that keeps enough of every collection's questions."""
    pairs = []
    for name, asked in seen.items():
        there, away = examples(_half(asked, False), weights)
        pairs.append((there, away[:0] if name in lay else away))
    pairs += [_as_they_are(_half(asked, False), weights) for asked in small.values()]
    named = zip(pairs, seen, strict=False)
    return least(fit(pairs), [there for (there, _), name in named if name not in lay])


def _as_they_are(asked: Sequence[JudgedQuestion], weights: Floats) -> tuple[Floats, Floats]:
    """Questions to small libraries: those of a passage there, and those of others."""
    there, _ = examples([one for one in asked if one.judged], weights)
    _, away = examples([one for one in asked if not one.judged], weights)
    return there, away


def _tell_of_ranking(seen: Seen, weights: Floats) -> None:
    print(f"{'R@1 on the other half':28}{'words':>8}{'rerank':>8}{'without':>9}{'± 1 se':>8}")
    for name, asked in seen.items():
        others = [_half(some, False) for one, some in seen.items() if one != name]
        alone = learn(others) if others else weights
        held = _half(asked, True)
        (before, _), (after, error) = recall(held, None), recall(held, weights)
        print(f"{name:28}{before:8.3f}{after:8.3f}{recall(held, alone)[0]:9.3f}{error:8.3f}")


def _tell_of_refusal(seen: Seen, model: ConfidenceModel, weights: Floats) -> None:
    print(f"{'refusal, other half':28}{'AUC':>8}{'answered':>10}{'refused':>9}")
    for name, asked in seen.items():
        held = _half(asked, True)
        small = any(not one.judged for one in held)
        there, away = _as_they_are(held, weights) if small else examples(held, weights)
        sure, unsure = chances(model, there), chances(model, away)
        answered = (sure >= model.threshold(there)).mean()
        refused = (unsure < model.threshold(away)).mean()
        print(f"{name:28}{roc_area(sure, unsure):8.3f}{answered:10.3f}{refused:9.3f}")


def _write(weights: Floats, model: ConfidenceModel) -> None:
    kept = {
        "rerank": {n: round(float(w), 4) for n, w in zip(FEATURE_NAMES, weights, strict=True)},
        "confidence": {
            "weights": {n: round(float(w), 4) for n, w in zip(SIGNALS, model.weights, strict=True)},
            "intercept": round(model.intercept, 4),
            "thresholds": {"own_words": model.own_words, "translated": model.translated},
        },
    }
    WEIGHTS_FILE.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
