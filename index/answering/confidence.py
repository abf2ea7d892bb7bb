"""How likely a passage answers: a calibrated probability; and when nothing answers, why not.

A logistic model over the features that the reranker computed, and over how far the passage stands
out from the others. It is trained on questions with their own passage there, and with it taken away
(`tools.weights`); the weights are in `reranking/weights.json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from index.answer import Refusal
from index.engine.protocol import Floats
from index.query.asking import ANSWER_KINDS
from index.query.question import ParsedQuestion
from index.reranking.features.registry import COLUMN
from index.reranking.features.text import KIND_ROLE_NAMES
from index.reranking.pipeline import WEIGHTS_FILE, Reranked
from index.semantic.search import SemanticScore

COMPARED = 10
"""The first candidates that a passage is compared with."""
FEW_CANDIDATES = 3
"""Fewer candidates tell nothing about how far one of them stands out."""
USUAL_MARGIN = 0.15
"""The margin that is assumed for them."""
SHARPNESS = 10.0
"""What a difference of 1 in score, beside the best, counts for when candidates compete."""
HALF = 0.5
FEW_WORDS = 2 / (2 + 2)
"""What the feature `words_matched` counts for two words."""
USUAL_COSINE = 0.5
"""Below it, a sentence in the question's own words seldom says what is asked: of 130 passages that
share two words at most and are below .4, six in ten of those answered that seemed probable."""

ALONE_SLOPE, ALONE_HALF = 14.0, 0.55
"""Where no word is shared, the probability grows with the cosine of the best sentence, being a half
at the latter; a hit by meaning alone has to be surer than one that shares words."""
ALONE_THRESHOLD = 0.5
"""The least of it that answers."""

_FEATURES = (
    "bm25_share", "word_score", "word_coverage", "bigram_coverage", "missing_weight",
    "heading_coverage", "sentence_coverage", "untranslated_share",
    "shared_run", "cited_article", "unknown_weight", "words_matched",
    "near_coverage", "phonetic_match", "unknown_names", "unasked_caption", "is_heading",
    "is_contents", "is_evidence_list", "passage_meaning", "sentence_meaning", "sentence_cosine",
)  # fmt: skip
_COMPARED_FEATURES = ("bm25_share", "sentence_coverage", "shared_run", "sentence_cosine")
_KIND_COLUMNS = [COLUMN[f"shows_{kind.name}"] for kind in ANSWER_KINDS]
_ROLE_COLUMNS = [COLUMN[name] for name in KIND_ROLE_NAMES]

SIGNALS: Mapping[str, str] = {
    **{name: name for name in _FEATURES},
    "answer_kind": "whether it shows the kind of answer that the question expects",
    "answer_role": "whether it has a role in which the expected kind of answer is looked for",
    "is_placed": "whether it stands in a document that the question names",
    "translated_share": "the part of what it holds that only translation finds",
    "translated_cosine": "the cosine of its best sentence, as far as only translation finds it",
    "margin": "how far its score is above the next one's",
    "softmax": "its share when candidates compete by their scores",
    **{
        f"{name}_above_mean": f"{name}, beside the mean of the first {COMPARED}"
        for name in _COMPARED_FEATURES
    },
}
"""What the model looks at, in order."""
_COSINE = COLUMN["sentence_cosine"]
TRANSLATED = list(SIGNALS).index("translated_share")


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """Weights as they apply to raw signals, and the intercept of the log of the odds."""

    weights: Floats
    intercept: float

    def probability(self, signals: Floats) -> float:
        """The probability, in [0, 1], that these signals speak for."""
        return float(1 / (1 + np.exp(-(signals @ self.weights + self.intercept))))


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """What a first passage tells: whether it answers, and whether anything here does.

    These are two questions: a passage beside the right one is no answer, and yet shows that the
    documents have one. `own_words` and `translated`: the probabilities of `anything` from which
    the question is answered, where its own words are found and where only translation finds them.
    """

    first: LogisticModel
    anything: LogisticModel
    own_words: float = 0.0
    translated: float = 0.0

    def threshold(self, signals: Floats) -> float:
        """The least probability of `anything`, by the first passage's signals, that answers."""
        across = float(signals[TRANSLATED])
        return self.own_words + (self.translated - self.own_words) * across


@cache
def shipped_model(*, with_meaning: bool) -> ConfidenceModel:
    """The model of `weights.json` for passages whose meaning is known, or for words alone."""
    by_name = json.loads(WEIGHTS_FILE.read_text("utf-8"))["confidence"]
    stored = by_name["meaning" if with_meaning else "words"]
    models = []
    for name in ("first", "anything"):
        weights = [float(stored[name]["weights"].get(signal, 0.0)) for signal in SIGNALS]
        models.append(LogisticModel(np.array(weights), float(stored[name]["intercept"])))
    first, anything = models
    return ConfidenceModel(first, anything, **stored["thresholds"])


def model_for(rows: Floats, rank: int = 0) -> ConfidenceModel:
    """The model for the candidate in row `rank`: it may have no vectors yet."""
    return shipped_model(with_meaning=bool(rows[rank, _COSINE]))


def confidence_signals(
    rows: Floats, scores: Floats, rank: int = 0, *, is_placed: bool = False
) -> Floats:
    """What the model looks at, for the candidate in row `rank`.

    `rows` are the candidates' features, best first, and `scores` theirs beside the best one's by
    words, so that 1 is much. `is_placed`: whether they stand in documents that the question names.
    Of such a question little is left to be found: 铜仁中院那个案子哪天判的 has no other word.
    """
    row = rows[rank]
    fellows = np.delete(rows, rank, axis=0)[: COMPARED - 1]
    below = scores[rank + 1 :]
    few = len(rows) < FEW_CANDIDATES
    rivals = np.exp(SHARPNESS * (scores - scores[rank]))
    gap = 1 - below[:1].sum() / (scores[rank] or 1)
    margin = USUAL_MARGIN if few else float(np.clip(gap, 0, 1))
    coverage, untranslated = row[COLUMN["word_coverage"]], row[COLUMN["untranslated_share"]]
    translated = max(0.0, coverage - untranslated) / (coverage or 1.0)
    mean = fellows.mean(axis=0) if len(fellows) >= FEW_CANDIDATES - 1 else row / 2
    return np.array([
        *(row[COLUMN[name]] for name in _FEATURES),
        row[_KIND_COLUMNS].sum(),
        row[_ROLE_COLUMNS].sum(),
        float(is_placed),
        translated,
        translated * row[_COSINE],
        margin,
        0.5 if few else 1 / rivals.sum(),
        *(row[COLUMN[name]] - mean[COLUMN[name]] for name in _COMPARED_FEATURES),
    ])  # fmt: skip


def confidence_alone(similarity: SemanticScore | None) -> float:
    """The probability that a passage answers with which the question shares no word."""
    if similarity is None or similarity.sentence_cosine is None:
        return 0.0
    return float(1 / (1 + np.exp(-ALONE_SLOPE * (similarity.sentence_cosine - ALONE_HALF))))


def _most_by_few_words(row: Floats, signals: Floats) -> float:
    """The most that one or two shared words can make sure of, where meaning is known.

    'How much does a server cost?' shares both its words with a claim for costs, and no meaning.
    """
    cosine = float(row[_COSINE])
    in_own_words = signals[TRANSLATED] < HALF
    few = row[COLUMN["words_matched"]] <= FEW_WORDS
    return cosine if few and in_own_words and 0 < cosine < USUAL_COSINE else 1.0


def confidences(ranked: Reranked, count: int) -> list[float]:
    """How likely each of the first `count` answers; never more than the one before it."""
    scores = ranked.scores()
    probabilities: list[float] = []
    for rank, candidate in enumerate(ranked.ranking.candidates[:count]):
        similarity = ranked.similarity.get(candidate.key)
        if not candidate.shares_words and similarity:
            probability = confidence_alone(similarity)
        elif rank < len(ranked.rows):
            signals = confidence_signals(ranked.rows, scores, rank, is_placed=ranked.is_placed)
            probability = model_for(ranked.rows, rank).first.probability(signals)
            probability = min(probability, _most_by_few_words(ranked.rows[rank], signals))
        else:
            # Without features nothing more is known than that it is no better than the last one.
            probability = probabilities[-1]
        probabilities.append(min([probability, *probabilities[-1:]]))
    return probabilities


HALF_LENIENT = 4
"""In a library of so many passages, half of the probability that is asked elsewhere is enough."""
MOSTLY_UNKNOWN = 0.5
"""The share of a question's weight from which it is called unknown to the documents."""
ONE_WORD = 1 / (1 + 2)
"""What the feature `words_matched` counts for one word."""
CONVINCING = 0.2
"""By words alone, what is asked of a question that is mostly unknown and shares one word: that may
be chance."""
CONVINCING_OF_UNKNOWN = 0.9
"""What is asked of a passage where the question names somebody whom no passage knows."""


def refusal_of(
    question: ParsedQuestion,
    ranked: Reranked,
    missing_article: tuple[str, str] | None = None,
    *,
    is_placed: bool = False,
) -> Refusal | None:
    """Why no candidate answers the question; None where the first one does.

    `missing_article`: a law that is held and an article that it does not have. `is_placed`: the
    question names the documents that were searched.
    """
    ranking = ranked.ranking
    if missing_article:
        return Refusal("no_article", article=missing_article)
    if ranking.candidates:
        if is_answered(ranked) or (is_placed and is_answered_in_place(question, ranked)):
            return None
        return Refusal("unsure", question.unknown(ranking.frequencies))
    if not ranking.size:
        return Refusal("no_documents")
    return Refusal("no_evidence", question.unknown(ranking.frequencies))


def is_answered_in_place(question: ParsedQuestion, ranked: Reranked) -> bool:
    """Whether documents that a question names answer it though few words are found.

    铜仁中院那个案子哪天判的 has no word beside the name that a passage could hold. What stands
    first in that case is shown, at the low confidence that it has.
    """
    known_names = ranked.rows.size and not ranked.rows[0][COLUMN["unknown_names"]]
    return bool(known_names) and not question.unknown(ranked.ranking.frequencies)


def is_answered(ranked: Reranked) -> bool:
    """Whether the first candidate is likely enough to answer.

    Where a handful of passages is all there is, less will do: nothing is rare among them. Where
    the question names somebody whom no passage knows, the first one must convince.
    """
    if not len(ranked.rows):
        return False
    first = ranked.ranking.candidates[0]
    if not first.shares_words and first.key in ranked.similarity:
        return confidence_alone(ranked.similarity[first.key]) >= ALONE_THRESHOLD
    if ranked.rows[0][COLUMN["unknown_names"]] > 0:
        return confidences(ranked, 1)[0] >= CONVINCING_OF_UNKNOWN
    signals = confidence_signals(ranked.rows, ranked.scores(), is_placed=ranked.is_placed)
    model = model_for(ranked.rows)
    threshold = model.threshold(signals)
    if not ranked.similarity and _shares_one_word(ranked):
        threshold = max(threshold, CONVINCING)
    size = ranked.ranking.size
    return model.anything.probability(signals) >= threshold * size / (size + HALF_LENIENT)


def _shares_one_word(ranked: Reranked) -> bool:
    """Whether the first candidate holds one word of a question that is mostly unknown."""
    row = ranked.rows[0]
    mostly_unknown = row[COLUMN["unknown_weight"]] >= MOSTLY_UNKNOWN
    return bool(mostly_unknown and row[COLUMN["words_matched"]] <= ONE_WORD)
