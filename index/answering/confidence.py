"""How likely a passage answers: a calibrated probability, and where to refuse.

A logistic model over the features that the reranker saw, and over how far the passage stands out
from the others. It was trained on questions with their own passage there, and with it taken away
(`train`); the weights are in `weights.json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

import numpy as np

from index.engine.bm25 import Floats
from index.query.answer_kinds import ANSWER_KINDS
from index.reranking.features.registry import FEATURE_NAMES
from index.reranking.pipeline import WEIGHTS_FILE, Reranked

COMPARED = 10
"""The first candidates that a passage is compared with."""
_FEW = 3
"""So few candidates tell nothing about how far one of them stands out."""
_USUAL_MARGIN = 0.15
MEANING_SLOPE = 1.4
"""What a standard deviation of cosine, above chance among many, adds to the log of the odds."""
_MANY = 20
"""Among so many candidates it counts for half of that; a question off the subject has few."""
MAX_AGAINST = 1.5
"""So many deviations below chance count at the most: a question of two words means little."""
SHARPNESS = 10.0
"""What a difference of 1 in score, beside the best, counts for when candidates compete."""

_TAKEN = (
    "bm25_share", "word_score", "word_coverage", "bigram_coverage", "missing_weight",
    "heading_coverage", "sentence_coverage", "untranslated_share", "ordered_proximity",
    "proximity", "shared_run", "cited_article", "unknown_weight", "words_matched",
    "near_coverage", "phonetic_match",
)  # fmt: skip
_COMPARED = ("bm25_share", "sentence_coverage", "shared_run")
_AT = {name: place for place, name in enumerate(FEATURE_NAMES)}
_KINDS_AT = [_AT[f"shows_{kind.name}"] for kind in ANSWER_KINDS]

SIGNALS: Mapping[str, str] = {
    **{name: name for name in _TAKEN},
    "answer_kind": "whether it shows the kind of answer that the question expects",
    "translated_share": "the part of what it holds that only translation finds",
    "margin": "how far its score is above the next one's",
    "softmax": "its share when candidates compete by their scores",
    **{
        f"{name}_above_mean": f"{name}, beside the mean of the first {COMPARED}"
        for name in _COMPARED
    },
}
"""What the model looks at, in order."""
TRANSLATED = list(SIGNALS).index("translated_share")


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """The model: standardised weights as they apply to raw signs, and the least that answers.

    `own`: the least where the question's own words are found; `across`: where only translation
    finds them, since a right answer in another language shows less.
    """

    weights: Floats
    intercept: float
    own: float = 0.0
    across: float = 0.0

    def least(self, rows: Floats) -> Floats:
        """The least that answers for passages with these signs: a row, or rows, of them."""
        found: Floats = self.own + (self.across - self.own) * rows[..., TRANSLATED]
        return found

    def of(self, row: Floats) -> float:
        """The probability, in [0, 1], that a passage with these signs answers."""
        return float(1 / (1 + np.exp(-(row @ self.weights + self.intercept))))


@cache
def shipped_model() -> ConfidenceModel:
    """The model of the file."""
    kept = json.loads(WEIGHTS_FILE.read_text("utf-8"))["confidence"]
    weights = np.array([float(kept["weights"].get(name, 0.0)) for name in SIGNALS])
    least = kept["thresholds"]
    return ConfidenceModel(
        weights, float(kept["intercept"]), least["own_words"], least["translated"]
    )


def adjusted_by_meaning(chance: float, deviations: float, count: int) -> float:
    """The probability, once it is known how near the passage is in meaning.

    `deviations`: of its cosine above the mean of `count` candidates. What the nearest of so many
    would have by chance (G. Blom's approximation, 1958) speaks neither for it nor against it.
    """
    by_chance = NormalDist().inv_cdf((count - 0.375) / (count + 0.25))
    above = max(-MAX_AGAINST, deviations - by_chance)
    odds = chance / max(1 - chance, 1e-12) * np.exp(MEANING_SLOPE * above * count / (count + _MANY))
    return float(odds / (1 + odds))


def confidence_signals(rows: Floats, scores: Floats, at: int = 0) -> Floats:
    """What the model looks at, for the candidate ranked `at`.

    `rows` are the candidates' features, best first, and `scores` theirs beside the best one's by
    words, so that 1 is much.
    """
    row = rows[at]
    others = np.delete(rows, at, axis=0)[: COMPARED - 1]
    below = scores[at + 1 :]
    few = len(rows) < _FEW
    rivals = np.exp(SHARPNESS * (scores - scores[at]))
    margin = _USUAL_MARGIN if few else float(np.clip(1 - below[:1].sum() / (scores[at] or 1), 0, 1))
    covered, own = row[_AT["word_coverage"]], row[_AT["untranslated_share"]]
    mean = others.mean(axis=0) if len(others) >= _FEW - 1 else row / 2
    return np.array([
        *(row[_AT[name]] for name in _TAKEN),
        row[_KINDS_AT].sum(),
        max(0.0, covered - own) / (covered or 1.0),
        margin,
        0.5 if few else 1 / rivals.sum(),
        *(row[_AT[name]] - mean[_AT[name]] for name in _COMPARED),
    ])  # fmt: skip


def confidences(reranked: Reranked, count: int) -> list[float]:
    """How likely each of the first `count` answers; never more than the one before it."""
    scores, model = reranked.scores(), shipped_model()
    known = sum(one.cosine is not None for one in reranked.near.values())
    found: list[float] = []
    for at, candidate in enumerate(reranked.ranking.candidates[:count]):
        if at < len(reranked.rows):
            chance = model.of(confidence_signals(reranked.rows, scores, at))
            near = reranked.near.get(candidate.key)
            if near and near.cosine is not None:
                chance = adjusted_by_meaning(chance, near.deviations, known)
            found.append(chance)
        else:
            found.append(found[-1])
        found[-1] = min(found[-2:])
    return found
