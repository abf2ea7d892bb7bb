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
    COLUMN,
    FEATURE_NAMES,
    RELATIVE_TO_BEST,
    compute_features,
)
from index.reranking.features.scores import MEANING_FEATURES
from index.reranking.pipeline import RERANK_DEPTH, WEIGHTS_FILE
from index.reranking.pipeline import rerank_weights as shipped_weights
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


def collect_candidates(collection: Collection, expander: QueryExpander) -> list[JudgedQuestion]:
    """The questions with their candidates, as the reranker sees them; only those that have any."""
    engine, views = index_collection(collection), passage_views_of(collection)
    questions = []
    for id_, text in collection.queries.items():
        judged = collection.qrels.get(id_, {})
        question = parse_question(text, expander)
        ranking = (
            engine.search(question.query, scope=Scope.all(), k=RERANK_DEPTH)
            if question.query
            else None
        )
        if ranking is None or not ranking.candidates:
            continue
        candidates = ranking.candidates
        first_views = views.of([candidate.key for candidate in candidates])
        passages = [first_views[candidate.key] for candidate in candidates]
        rows = compute_features(question, ranking, candidates, passages, {})
        relevant = [collection.passages[candidate.key].id in judged for candidate in candidates]
        questions.append(JudgedQuestion(id_, rows, np.array(relevant, float), len(judged)))
    return questions


def learn_weights(
    collections: Sequence[Sequence[JudgedQuestion]], penalty: float = RANKING_PENALTY
) -> Floats:
    """The weights of `FEATURE_NAMES`, beside a weight of 1 of the score itself (`bm25`)."""
    rows, relevant, real, share = _stack(collections)
    spread = rows[real].std(axis=0) + 1e-9
    rows = rows / spread
    weights = np.zeros(rows.shape[2])
    # The search for weights starts from the order by score.
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


def _stack(
    collections: Sequence[Sequence[JudgedQuestion]],
) -> tuple[Floats, Floats, Floats, Floats]:
    """Questions with something to learn from, in arrays filled up to `RERANK_DEPTH` candidates."""
    useful = [
        [question for question in group if 0 < question.relevant.sum() < len(question.relevant)]
        for group in collections
    ]
    questions = [question for group in useful for question in group]
    rows = np.zeros((len(questions), RERANK_DEPTH, len(FEATURE_NAMES)))
    relevant = np.zeros((len(questions), RERANK_DEPTH))
    real = np.zeros((len(questions), RERANK_DEPTH), bool)
    for at, question in enumerate(questions):
        rows[at, : len(question.rows)] = question.rows
        relevant[at, : len(question.rows)] = question.relevant
        real[at, : len(question.rows)] = True
    share = np.concatenate([np.full(len(group), 1 / len(group)) for group in useful if group])
    return rows, relevant, real, share / share.sum()


def recall(
    questions: Sequence[JudgedQuestion], weights: Floats | None, k: int = 1
) -> tuple[float, float]:
    """R@k of an order by score and `weights`, and its standard error."""
    hits = []
    for question in questions:
        score = question.rows[:, 0] + (question.rows @ weights if weights is not None else 0.0)
        order = np.argsort(-score, kind="stable")
        hits.append(float(question.relevant[order[:k]].sum()) / question.judged)
    return float(np.mean(hits)), float(np.std(hits) / np.sqrt(len(hits)))


CONFIDENCE_PENALTY = 1e-2
ANSWERED_OWN_WORDS, ANSWERED_TRANSLATED = 0.98, 0.985
"""The least shares of answerable questions that are answered, in every collection: in their own
words, and across languages, where the pipeline's rule for a single word refuses some more."""
ENOUGH = 100
"""A collection must have so many questions in its own words, or across languages, to set a
threshold for them."""
SMALL = (1, 4, 16)
"""Passages in small libraries, in which nothing is rare."""
_LIBRARIES = 24
_ROUNDS = 40


def examples(questions: Sequence[JudgedQuestion], weights: Floats) -> tuple[Floats, Floats]:
    """The signals of the best passage for each question, with its own passages and without them."""
    answerable = [
        _first_signals(question.rows, weights) for question in questions if question.judged
    ]
    without_own = (question.rows[question.relevant == 0] for question in questions)
    unanswerable = [_first_signals(rows, weights) for rows in without_own if len(rows)]
    width = (0, len(SIGNALS))
    return np.array(answerable).reshape(-1, width[1]), np.array(unanswerable).reshape(-1, width[1])


def _first_signals(rows: Floats, weights: Floats) -> Floats:
    """The signals of the first after reranking; scores count as shares of the best."""
    rows = rows.copy()
    best = rows[:, 0].max()
    rows[:, [FEATURE_NAMES.index(name) for name in RELATIVE_TO_BEST]] /= best
    scores = rows[:, 0] + rows @ weights
    order = np.argsort(-scores, kind="stable")
    return confidence_signals(rows[order], scores[order])


def small_libraries(collection: Collection) -> Iterator[Collection]:
    """Libraries of a few passages, with their own questions and as many others."""
    by_hash = sorted(collection.passages, key=lambda passage: _hash(passage.id))
    questions = sorted(collection.queries, key=_hash)
    for size in SMALL:
        for number in range(min(_LIBRARIES, len(by_hash) // size)):
            passages = tuple(by_hash[number * size : (number + 1) * size])
            ids = {passage.id for passage in passages}
            own_questions = [q for q in questions if ids & collection.qrels.get(q, {}).keys()][
                : 2 * size + 2
            ]
            start = number * len(own_questions) * 7 % max(1, len(questions) - len(own_questions))
            other_questions = [q for q in questions[start:] if q not in own_questions][
                : len(own_questions)
            ]
            queries = {q: collection.queries[q] for q in (*own_questions, *other_questions)}
            qrels = {
                q: {p: n for p, n in collection.qrels[q].items() if p in ids} for q in own_questions
            }
            yield Collection(f"{collection.name} {size}", passages, queries, qrels)


def fit_confidence(pairs: Sequence[tuple[Floats, Floats]]) -> ConfidenceModel:
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


def with_thresholds(model: ConfidenceModel, answered: Sequence[Floats]) -> ConfidenceModel:
    """The model with thresholds that answer enough of every collection's answerable questions."""

    def threshold(share: float, across: bool) -> float:
        groups = (rows[(rows[:, TRANSLATED] >= 0.5) == across] for rows in answered)
        thresholds = [
            float(np.quantile(probabilities(model, group), 1 - share))
            for group in groups
            if len(group) >= ENOUGH
        ]
        return round(min(thresholds, default=0.0), 3)

    return replace(
        model,
        own_words=threshold(ANSWERED_OWN_WORDS, False),
        translated=threshold(ANSWERED_TRANSLATED, True),
    )


def probabilities(model: ConfidenceModel, rows: Floats) -> Floats:
    """The probability that each row of signals belongs to an answer."""
    chances: Floats = 1 / (1 + np.exp(-(rows @ model.weights + model.intercept)))
    return chances


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


QuestionsByCollection = Mapping[str, Sequence[JudgedQuestion]]


def main() -> None:
    """Train, report, and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m tools.weights", description=__doc__)
    parser.add_argument("collections", nargs="+", type=Path)
    parser.add_argument("--lay", action="append", default=[])
    arguments = parser.parse_args()
    expander = open_query_expander()
    judged: dict[str, list[JudgedQuestion]] = {}
    small: dict[str, list[JudgedQuestion]] = {}
    for folder in arguments.collections:
        collection = read_collection(folder)
        judged[collection.name] = collect_candidates(collection, expander)
        if collection.name not in arguments.lay:
            small[collection.name] = [
                questions
                for library in small_libraries(collection)
                for questions in collect_candidates(library, expander)
            ]
        print(f"{collection.name}: {len(judged[collection.name])} questions", file=sys.stderr)
    weights = learn_weights([_half(questions, False) for questions in judged.values()])
    # Collections are ranked without vectors, so the weights of meaning cannot be learnt here.
    columns = [COLUMN[feature.name] for feature in MEANING_FEATURES]
    weights[columns] = shipped_weights()[columns]
    _report_ranking(judged, weights)
    model = _calibrate(judged, small, arguments.lay, weights)
    _report_refusal(judged, model, weights)
    _report_refusal(
        {f"{name}, small": questions for name, questions in small.items()}, model, weights
    )
    _write(weights, model)


def _half(questions: Sequence[JudgedQuestion], held_out: bool) -> list[JudgedQuestion]:
    return [question for question in questions if question.held_out == held_out]


def _calibrate(
    judged: QuestionsByCollection, small: QuestionsByCollection, lay: Sequence[str], weights: Floats
) -> ConfidenceModel:
    """The model, with thresholds that answer enough of every collection's questions."""
    pairs = []
    for name, questions in judged.items():
        answerable, unanswerable = examples(_half(questions, False), weights)
        pairs.append((answerable, unanswerable[:0] if name in lay else unanswerable))
    pairs += [_small_examples(_half(questions, False), weights) for questions in small.values()]
    by_name = zip(pairs, judged, strict=False)
    return with_thresholds(
        fit_confidence(pairs), [answerable for (answerable, _), name in by_name if name not in lay]
    )


def _small_examples(questions: Sequence[JudgedQuestion], weights: Floats) -> tuple[Floats, Floats]:
    """The signals for questions to small libraries: those of a passage in it, and the others."""
    answerable, _ = examples([question for question in questions if question.judged], weights)
    _, unanswerable = examples([question for question in questions if not question.judged], weights)
    return answerable, unanswerable


def _report_ranking(judged: QuestionsByCollection, weights: Floats) -> None:
    print(f"{'R@1 on the other half':28}{'words':>8}{'rerank':>8}{'without':>9}{'± 1 se':>8}")
    for name, questions in judged.items():
        other_groups = [
            _half(group, False) for other_name, group in judged.items() if other_name != name
        ]
        foreign_weights = learn_weights(other_groups) if other_groups else weights
        held_out = _half(questions, True)
        (before, _), (after, error) = recall(held_out, None), recall(held_out, weights)
        without, _ = recall(held_out, foreign_weights)
        print(f"{name:28}{before:8.3f}{after:8.3f}{without:9.3f}{error:8.3f}")


def _report_refusal(judged: QuestionsByCollection, model: ConfidenceModel, weights: Floats) -> None:
    print(f"{'refusal, other half':28}{'AUC':>8}{'answered':>10}{'refused':>9}")
    for name, questions in judged.items():
        held_out = _half(questions, True)
        small = any(not question.judged for question in held_out)
        answerable, unanswerable = (
            _small_examples(held_out, weights) if small else examples(held_out, weights)
        )
        sure, unsure = probabilities(model, answerable), probabilities(model, unanswerable)
        answered = (sure >= model.threshold(answerable)).mean()
        refused = (unsure < model.threshold(unanswerable)).mean()
        print(f"{name:28}{roc_area(sure, unsure):8.3f}{answered:10.3f}{refused:9.3f}")


def _write(weights: Floats, model: ConfidenceModel) -> None:
    content = {
        "rerank": {n: round(float(w), 4) for n, w in zip(FEATURE_NAMES, weights, strict=True)},
        "confidence": {
            "weights": {n: round(float(w), 4) for n, w in zip(SIGNALS, model.weights, strict=True)},
            "intercept": round(model.intercept, 4),
            "thresholds": {"own_words": model.own_words, "translated": model.translated},
        },
    }
    WEIGHTS_FILE.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
