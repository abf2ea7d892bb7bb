"""Learn the reranker's weights and the confidence from judged questions.

    python -m tools.weights COLLECTION... [--law NAME] [--in-order NAME] [--matters FOLDER]
        [--questions FILE] [--off-subject FILE] [--cache FOLDER]

Trains on one half of each source's questions, reports on the other, and writes `weights.json`.
Halves are by the hash of a question's id; `--in-order` names collections whose questions are
ordered by topic, of which the second half is held out. `--law` names collections of law: they weigh
as much together as all the others together, and so do the matters. `--questions` names further
questions over the matters, all of which train; `--off-subject` files of questions, one a line, that
no matter answers.
Nothing is drawn at random: the same questions and shipped weights give the same weights.
`--cache` keeps what was gathered for the next run.

The reranker is linear, trained by listwise softmax (Cao et al., 'Learning to Rank: From Pairwise
Approach to Listwise Approach', ICML 2007) with an L2 penalty toward the weights that are shipped:
a few hundred questions move only what they speak for.
The confidence is a logistic regression by Newton's method, with an L2 penalty (J. Platt,
'Probabilistic Outputs for Support Vector Machines', 1999, for the idea of calibrating a ranking's
score): does the first passage answer? It sees each question as it is, with the passages that answer
taken away, and with their whole documents taken away.
"""

from __future__ import annotations

import argparse
import json
import pickle
import sys
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from index.answer import SURE
from index.answering.confidence import (
    SIGNALS,
    TRANSLATED,
    ConfidenceModel,
    LogisticModel,
    confidence_signals,
)
from index.engine.protocol import Floats
from index.evaluation.collection import read_collection
from index.evaluation.evaluate import roc_area
from index.reranking.features.registry import COLUMN, FEATURE_NAMES, RELATIVE_TO_BEST
from index.reranking.features.scores import MEANING_FEATURES
from index.reranking.pipeline import RERANK_DEPTH, WEIGHTS_FILE
from index.reranking.pipeline import rerank_weights as shipped_weights
from index.vocabulary.tables import open_query_expander
from tools.judged import (
    JudgedQuestion,
    judge_collection,
    judge_matters,
    judge_off_subject,
    judge_small_libraries,
)

RANKING_PENALTY = 1.5e-2
STEPS = 600
RATE = 0.05
CONFIDENCE_PENALTY = 1e-2
_ROUNDS = 40
_MEANING_COLUMNS = [COLUMN[feature.name] for feature in MEANING_FEATURES]
DEEP = COLUMN["deep_meaning"]
_RELATIVE = [COLUMN[name] for name in RELATIVE_TO_BEST]
AWAY = 0.25
"""What a question counts for with its passages or documents taken away, beside it as it is."""
UNANSWERABLE = 4.0
"""What a question that nothing answers counts for, beside one that is answered."""
REFUSED = {"meaning": 0.05, "words": 0.015}
"""The share of answerable questions that may be refused, in every source. Words alone tell less
of a question that nothing answers, and refusing by them costs more."""
ENOUGH = 40
"""A source must have so many answerable questions to set the threshold."""
MOST = 500
"""Questions of one collection: more of them say the same."""
SHARPNESS = 10.0
"""What a difference of 1 in score, beside the best, counts for among candidates at the start."""
ENCYCLOPEDIAS, LAW, MATTERS = "encyclopedias", "law", "matters"


@dataclass(frozen=True, slots=True)
class JudgedSource:
    """Questions from one place, and the group that it belongs to; groups weigh the same."""

    name: str
    group: str
    questions: Sequence[JudgedQuestion]

    def half(self, *, held_out: bool) -> list[JudgedQuestion]:
        """The questions that train, or those that are only reported on."""
        return [question for question in self.questions if question.held_out == held_out]


def learn_weights(sources: Sequence[JudgedSource], penalty: float = RANKING_PENALTY) -> Floats:
    """The weights of `FEATURE_NAMES`, beside a weight of 1 of the score itself (`bm25`)."""
    rows, relevant, real, share = _stack(sources)
    spread = rows[real].std(axis=0) + 1e-9
    rows = rows / spread
    # The search starts from the weights that are shipped, and is held to them: sharp enough that
    # the softmax over candidates means something.
    prior = shipped_weights().copy()
    prior[0] += 1.0
    weights = SHARPNESS * prior * spread
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
    # The deep model runs nowhere in training: its weight keeps its part of the light one's.
    learnt[DEEP] = prior[DEEP] * SHARPNESS / weights[0]
    learnt[0] = 0.0
    return learnt


def _stack(sources: Sequence[JudgedSource]) -> tuple[Floats, Floats, Floats, Floats]:
    """Questions with something to learn from, in arrays filled up to `RERANK_DEPTH` candidates."""
    questions: list[JudgedQuestion] = []
    share: list[float] = []
    for source in sources:
        useful = [
            question
            for question in source.half(held_out=False)
            if 0 < question.relevant.sum() < len(question.relevant)
        ]
        fellows = sum(other.group == source.group for other in sources)
        questions += useful
        share += [1 / (fellows * len(useful))] * len(useful)
    rows = np.zeros((len(questions), RERANK_DEPTH, len(FEATURE_NAMES)))
    relevant = np.zeros((len(questions), RERANK_DEPTH))
    real = np.zeros((len(questions), RERANK_DEPTH), bool)
    for at, question in enumerate(questions):
        rows[at, : len(question.rows)] = question.rows
        relevant[at, : len(question.rows)] = question.relevant
        real[at, : len(question.rows)] = True
    return rows, relevant, real, np.array(share) / sum(share)


def recall(questions: Sequence[JudgedQuestion], weights: Floats, k: int = 1) -> tuple[float, float]:
    """The share of questions with an answer among the first `k`, and its standard error."""
    hits = []
    for question in questions:
        if question.judged:
            order = _order(question.rows, weights)
            hits.append(float(question.relevant[order[:k]].any()))
    return float(np.mean(hits)), float(np.std(hits) / np.sqrt(len(hits)))


def _order(rows: Floats, weights: Floats) -> list[int]:
    scores = rows[:, 0] + rows @ weights
    return list(np.argsort(-scores, kind="stable"))


@dataclass(frozen=True, slots=True)
class Examples:
    """Signals of first passages: a row each, 1 where it answers, and what the row counts for.

    `answerable`: 1 for a question that is asked as it is and that something answers.
    """

    signals: Floats
    answers: Floats
    share: Floats
    answerable: Floats

    @property
    def is_unanswerable(self) -> npt.NDArray[np.bool_]:
        """Which rows are questions asked as they are that nothing answers."""
        unanswerable: npt.NDArray[np.bool_] = (self.answerable == 0) & (
            self.share == self.share.max()
        )
        return unanswerable


def examples_of(
    questions: Sequence[JudgedQuestion], weights: Floats, *, with_meaning: bool
) -> Examples:
    """Each question as it is, without the passages that answer, and without their documents."""
    rows: list[tuple[Floats, float, float, float]] = []
    for question in questions:
        features, relevant, near = question.rows, question.relevant, question.same_document
        if not with_meaning:
            features = features.copy()
            features[:, _MEANING_COLUMNS] = 0.0
            by_words = features[:, COLUMN["words_matched"]] > 0
            features, relevant, near = features[by_words], relevant[by_words], near[by_words]
        if not len(features):
            continue
        answers = float(relevant[_order(features, weights)[0]])
        placed = question.is_placed
        signals_ = _first_signals(features, weights, is_placed=placed)
        rows.append((signals_, answers, 1.0, float(question.judged > 0)))
        # Without the document that a question names, nothing is limited to it.
        away = ((relevant, placed), (near, False)) if question.judged else ()
        rows += [
            (_first_signals(features[part == 0], weights, is_placed=still_placed), 0.0, AWAY, 0.0)
            for part, still_placed in away
            if 0 < part.sum() < len(part)
        ]
    signals, answers_, share, answerable = zip(*rows, strict=True)
    return Examples(np.array(signals), np.array(answers_), np.array(share), np.array(answerable))


def _first_signals(rows: Floats, weights: Floats, *, is_placed: bool) -> Floats:
    """The signals of the first after reranking; scores count as shares of the best."""
    rows = rows.copy()
    rows[:, _RELATIVE] /= rows[:, 0].max() or 1.0
    order = _order(rows, weights)
    scores = rows[:, 0] + rows @ weights
    return confidence_signals(rows[order], scores[order], is_placed=is_placed)


def fit_logistic(examples: Examples, penalty: float = CONFIDENCE_PENALTY) -> LogisticModel:
    """The model that tells the rows whose `answers` is 1 from the others, by their shares."""
    rows, answers, share = examples.signals, examples.answers, examples.share / examples.share.sum()
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    standard = np.column_stack([(rows - mean) / spread, np.ones(len(rows))])
    weights = np.zeros(standard.shape[1])
    penalties = np.append(np.full(len(weights) - 1, 2 * penalty), 0.0)
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-standard @ weights))
        slope = standard.T @ (share * (chance - answers)) + penalties * weights
        curve = (standard * (share * chance * (1 - chance))[:, None]).T @ standard
        weights -= np.linalg.solve(curve + np.diag(penalties + 1e-9), slope)
    raw = weights[:-1] / spread
    return LogisticModel(raw, float(weights[-1] - mean @ raw))


def fit_confidence(
    sources: Mapping[str, Examples],
    weight_of: Mapping[str, float],
    whole: Collection[str],
    refused: float,
) -> ConfidenceModel:
    """Both models and the thresholds from the examples of each source, with the source's weight.

    `whole`: the sources that set the thresholds; small libraries have a rule of their own.
    """
    weighed = [
        replace(examples, share=examples.share / examples.share.sum() * weight_of[name])
        for name, examples in sources.items()
    ]
    anything = [
        replace(
            examples,
            answers=examples.answerable,
            # Questions that people ask and nothing answers are few, and what matters most here.
            share=np.where(examples.is_unanswerable, UNANSWERABLE, 1.0) * examples.share,
        )
        for examples in weighed
    ]
    model = ConfidenceModel(fit_logistic(_joined(weighed)), fit_logistic(_joined(anything)))
    return with_thresholds(model, [sources[name] for name in whole], refused)


def _joined(groups: Sequence[Examples]) -> Examples:
    parts = ("signals", "answers", "share", "answerable")
    return Examples(*(np.concatenate([getattr(group, part) for group in groups]) for part in parts))


def with_thresholds(
    model: ConfidenceModel, groups: Sequence[Examples], refused: float
) -> ConfidenceModel:
    """The model with thresholds that answer enough of every source's answerable questions."""

    def threshold(across: bool) -> float:
        answerable = [group.signals[group.answerable == 1] for group in groups]
        parts = [rows[(rows[:, TRANSLATED] >= 0.5) == across] for rows in answerable]
        thresholds = [
            float(np.quantile(probabilities(model.anything, rows), refused))
            for rows in parts
            if len(rows) >= ENOUGH
        ]
        return round(min(thresholds, default=0.0), 3)

    return replace(model, own_words=threshold(False), translated=threshold(True))


def probabilities(model: LogisticModel, rows: Floats) -> Floats:
    """The probability that each row of signals speaks for."""
    chances: Floats = 1 / (1 + np.exp(-(rows @ model.weights + model.intercept)))
    return chances


def main() -> None:
    """Train, report, and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m tools.weights", description=__doc__)
    parser.add_argument("collections", nargs="*", type=Path)
    parser.add_argument("--law", action="append", default=[])
    parser.add_argument("--in-order", action="append", default=[])
    parser.add_argument("--matters", action="append", type=Path, default=[])
    parser.add_argument("--questions", action="append", type=Path, default=[])
    parser.add_argument("--off-subject", action="append", type=Path, default=[])
    parser.add_argument("--cache", type=Path)
    arguments = parser.parse_args()
    with TemporaryDirectory(prefix="pincite-") as scratch:
        folder = arguments.cache or Path(scratch)
        sources, small = gather(arguments, folder)
    weights = learn_weights(sources)
    _report_ranking(sources, weights)
    models = {}
    for name, with_meaning in (("meaning", True), ("words", False)):
        groups = _examples([*sources, *small], weights, with_meaning, held_out=False)
        whole = [source.name for source in sources]
        weight_of = _weights_of([*sources, *small])
        models[name] = fit_confidence(groups, weight_of, whole, REFUSED[name])
        others = _examples([*sources, *small], weights, with_meaning, held_out=True)
        _report_confidence(name, models[name], others)
    _write(weights, models)


def gather(
    arguments: argparse.Namespace, folder: Path
) -> tuple[list[JudgedSource], list[JudgedSource]]:
    """The sources that the arguments name, and those that only the confidence learns from.

    These are the same collections in small libraries, and questions off the subject of matters.
    """
    expander = open_query_expander()
    sources, small = [], []
    for path in arguments.collections:
        name = path.resolve().name
        group = LAW if name in arguments.law else ENCYCLOPEDIAS
        collection, vectors = read_collection(path), folder / "vectors" / name
        in_order = name in arguments.in_order
        judge = partial(
            judge_collection, collection, expander, vectors, in_order=in_order, most=MOST
        )
        sources.append(JudgedSource(name, group, _cached(folder / f"{name}.pickle", judge)))
        if group == ENCYCLOPEDIAS:
            judge = partial(judge_small_libraries, collection, expander, vectors)
            questions = _cached(folder / f"{name}, small.pickle", judge)
            small.append(JudgedSource(f"{name}, small", group, questions))
    for path in arguments.matters:
        name = path.resolve().name
        files = [(path / "questions.jsonl", False), *((file, True) for file in arguments.questions)]
        judge = partial(judge_matters, path, files, expander, folder / name)
        sources.append(JudgedSource(name, MATTERS, _cached(folder / f"{name}.pickle", judge)))
        for file in arguments.off_subject:
            judge = partial(judge_off_subject, path, file, expander, folder / name)
            questions = _cached(folder / f"{name}, {file.stem}.pickle", judge)
            small.append(JudgedSource(f"{name}, {file.stem}", MATTERS, questions))
    return sources, small


def _cached(file: Path, judge: Callable[[], list[JudgedQuestion]]) -> list[JudgedQuestion]:
    """What an earlier run wrote there, or what is judged now and written."""
    if file.exists():
        questions: list[JudgedQuestion] = pickle.loads(file.read_bytes())  # noqa: S301  (written below)
    else:
        questions = judge()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(pickle.dumps(questions))
    print(f"{file.stem}: {len(questions)} questions", file=sys.stderr, flush=True)
    return questions


def _weights_of(sources: Sequence[JudgedSource]) -> dict[str, float]:
    """Sources of one group weigh as much together as those of another."""
    groups = Counter(source.group for source in sources)
    return {source.name: 1 / groups[source.group] for source in sources}


def _examples(
    sources: Sequence[JudgedSource], weights: Floats, with_meaning: bool, held_out: bool
) -> dict[str, Examples]:
    """By the name of each source, the examples of one half of it."""
    return {
        source.name: examples_of(half, weights, with_meaning=with_meaning)
        for source in sources
        if (half := source.half(held_out=held_out))
    }


def _report_ranking(sources: Sequence[JudgedSource], weights: Floats) -> None:
    print(f"{'answer first, other half':28}{'shipped':>9}{'learnt':>8}{'± 1 se':>8}{'in 3':>8}")
    for source in sources:
        held_out = source.half(held_out=True)
        (before, _), (after, error) = recall(held_out, shipped_weights()), recall(held_out, weights)
        in_three, _ = recall(held_out, weights, 3)
        print(f"{source.name:28}{before:9.3f}{after:8.3f}{error:8.3f}{in_three:8.3f}")


def _report_confidence(name: str, model: ConfidenceModel, groups: Mapping[str, Examples]) -> None:
    """For each source: the areas for both models, what is answered, and what is sure and right."""
    print(f"{'confidence, ' + name:28}{'first':>8}{'any':>8}{'answered':>9}{'refused':>9}"
          f"{'sure':>6}{'right':>7}")  # fmt: skip
    for source, group in groups.items():
        chances, anything = (probabilities(m, group.signals) for m in (model.first, model.anything))
        across = group.signals[:, TRANSLATED]
        answered = anything >= model.own_words + (model.translated - model.own_words) * across
        there, as_asked = group.answerable == 1, group.share == 1
        areas = [_area(chances, group.answers == 1), _area(anything, there)]
        sure = as_asked & (chances >= SURE)
        print(f"{source:28}{areas[0]:8.3f}{areas[1]:8.3f}{_mean(answered[there]):9.3f}"
              f"{_mean(~answered[~there]):9.3f}{sure.sum() / as_asked.sum():6.2f}"
              f"{_mean(group.answers[sure]):7.3f}")  # fmt: skip


def _area(chances: Floats, positive: npt.NDArray[np.bool_]) -> float:
    mixed = positive.any() and not positive.all()
    return roc_area(chances[positive], chances[~positive]) if mixed else float("nan")


def _mean(values: npt.NDArray[np.bool_] | Floats) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _write(weights: Floats, models: Mapping[str, ConfidenceModel]) -> None:
    content = {
        "rerank": {n: round(float(w), 4) for n, w in zip(FEATURE_NAMES, weights, strict=True)},
        "confidence": {
            name: {
                "first": _stored(model.first),
                "anything": _stored(model.anything),
                "thresholds": {"own_words": model.own_words, "translated": model.translated},
            }
            for name, model in models.items()
        },
    }
    WEIGHTS_FILE.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _stored(model: LogisticModel) -> dict[str, object]:
    rounded = {n: round(float(w), 4) for n, w in zip(SIGNALS, model.weights, strict=True)}
    return {"weights": rounded, "intercept": round(model.intercept, 4)}


if __name__ == "__main__":
    main()
