"""Learn the reranker's weights and the confidence from judged collections.

    python -m tools.train COLLECTION...

Trains on one half of each collection's questions, by the hash of their ids, reports on the other,
and writes `weights.json`. `--lay` names collections, by name, whose questions are answered by more
passages than are judged: with one taken away they are not unanswerable.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from index.answering.confidence import SIGNALS, ConfidenceModel
from index.engine.bm25 import Floats
from index.evaluation.collection import read_collection
from index.evaluation.sureness import area
from index.reranking.features.registry import FEATURE_NAMES
from index.reranking.pipeline import MEANING_COLUMN, WEIGHTS_FILE
from index.reranking.pipeline import rerank_weights as kept
from index.vocabulary.tables import open_other_words
from tools.calibration import chances, examples, fit, least, small_libraries
from tools.learning import Asked, learn, look, recall

Seen = Mapping[str, Sequence[Asked]]


def main() -> None:
    """Train, report, and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m tools.train", description=__doc__)
    parser.add_argument("collections", nargs="+", type=Path)
    parser.add_argument("--lay", action="append", default=[])
    given = parser.parse_args()
    words = open_other_words()
    seen: dict[str, list[Asked]] = {}
    small: dict[str, list[Asked]] = {}
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


def _half(asked: Sequence[Asked], held_out: bool) -> list[Asked]:
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


def _as_they_are(asked: Sequence[Asked], weights: Floats) -> tuple[Floats, Floats]:
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
        answered = (sure >= model.least(there)).mean()
        refused = (unsure < model.least(away)).mean()
        print(f"{name:28}{area(sure, unsure):8.3f}{answered:10.3f}{refused:9.3f}")


def _write(weights: Floats, model: ConfidenceModel) -> None:
    kept = {
        "rerank": {n: round(float(w), 4) for n, w in zip(FEATURE_NAMES, weights, strict=True)},
        "confidence": {
            "weights": {n: round(float(w), 4) for n, w in zip(SIGNALS, model.weights, strict=True)},
            "intercept": round(model.intercept, 4),
            "thresholds": {"own_words": model.own, "translated": model.across},
        },
    }
    WEIGHTS_FILE.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
