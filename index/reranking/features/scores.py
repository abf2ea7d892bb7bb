"""Features made of counts and scores: what the engine knows of a candidate and its fellows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from index.engine.protocol import K1, TELLING, Floats
from index.reranking.features.evidence import Evidence, Feature
from index.reranking.features.text import untranslated_share
from index.reranking.passage_view import PassageView

LAW_SIZE = 5
"""How many of the best other articles of a law speak for one. The mean is always over so many, so
that one lucky neighbour counts little."""


def bm25(evidence: Evidence) -> Floats:
    """Score beside the best candidate's."""
    scores: Floats = evidence.scores / (evidence.scores.max() or 1.0)
    return scores


def bm25_share(evidence: Evidence) -> Floats:
    """Score beside that of a passage that says everything asked for endlessly often."""
    question = evidence.question
    reachable = (question.words.sum() + question.pairs.sum() or 1.0) * (K1 + 1)
    shares: Floats = evidence.scores / reachable
    return shares


def word_score(evidence: Evidence) -> Floats:
    """The same of the words alone, without pairs of characters."""
    question, frequencies = evidence.question, evidence.frequencies
    saturated = frequencies * (K1 + 1) / (frequencies + evidence.length_factors[:, None])
    shares: Floats = saturated @ question.words / (question.word_weight * (K1 + 1))
    return shares


def word_coverage(evidence: Evidence) -> Floats:
    """The weight of the words that are there at all, however often."""
    question = evidence.question
    covered: Floats = np.minimum(evidence.frequencies, 1.0) @ question.words / question.word_weight
    return covered


def bigram_coverage(evidence: Evidence) -> Floats:
    """The same of pairs of characters."""
    pairs = evidence.question.pairs
    covered: Floats = np.minimum(evidence.frequencies, 1.0) @ pairs / (pairs.sum() or 1.0)
    return covered


def missing_weight(evidence: Evidence) -> Floats:
    """The weight of the heaviest word that a candidate lacks."""
    question = evidence.question
    missing = ((evidence.frequencies < TELLING) * question.words).max(axis=1)
    weights: Floats = missing / question.word_weight
    return weights


def log_length(evidence: Evidence) -> Floats:
    """Length in tokens beside the mean of the scope, as a logarithm: 0 for the mean itself."""
    lengths: Floats = np.log(
        np.maximum(evidence.lengths, 1) / (evidence.ranking.mean_length or 1.0)
    )
    return lengths


def unknown_weight(evidence: Evidence) -> Floats:
    """The weight of the words that no passage holds: the same for every candidate."""
    question = evidence.question
    return np.full(len(evidence.candidates), question.unknown / question.word_weight)


def words_matched(evidence: Evidence) -> Floats:
    """n words found, as n / (n + 2): the second word found says more than the tenth."""
    is_telling = (evidence.frequencies >= TELLING) & (evidence.question.words > 0)
    count = is_telling.sum(axis=1)
    matched: Floats = count / (count + 2)
    return matched


def best_of_title(evidence: Evidence) -> Floats:
    """The best score of another candidate under the same title, beside the best of all."""
    return _of_fellows(evidence, lambda view: view.title, _best) / evidence.best_score


def mean_over_law(evidence: Evidence) -> Floats:
    """The mean of the best others of its law or title: several near ones name the right law."""
    totals = _of_fellows(evidence, lambda view: view.work, _sum_of_best)
    return totals / (LAW_SIZE * evidence.best_score)


def semantic(name: str, evidence: Evidence) -> list[float]:
    """A field of each candidate's `SemanticScore`; 0 where it is not known."""
    scores = map(evidence.similarity.get, (candidate.key for candidate in evidence.candidates))
    return [float(getattr(score, name) or 0.0) if score else 0.0 for score in scores]


def meaning_beside_words(evidence: Evidence) -> Floats:
    """Meaning where the question's own words are found: there it has less to say.

    Twice the best sentence's deviations and once the passage's, times the largest share of the
    question's words that a candidate holds untranslated.
    """
    share = max(untranslated_share(evidence), default=0.0)
    deviations = np.array([
        semantic("deviations", evidence), semantic("sentence_deviations", evidence)
    ])  # fmt: skip
    values: Floats = share * (deviations[0] + 2 * deviations[1])
    return values


def _of_fellows(
    evidence: Evidence,
    group_of: Callable[[PassageView], str],
    combined: Callable[[Sequence[float]], float],
) -> Floats:
    """For each candidate, the scores of the others in its group, combined."""
    groups: dict[str, list[float]] = defaultdict(list)
    for candidate, view in zip(evidence.candidates, evidence.views, strict=True):
        groups[group_of(view)].append(candidate.score)
    totals = []
    for candidate, view in zip(evidence.candidates, evidence.views, strict=True):
        fellows = list(groups[group_of(view)])
        fellows.remove(candidate.score)
        totals.append(combined(sorted(fellows, reverse=True)))
    return np.array(totals)


def _best(scores: Sequence[float]) -> float:
    return next(iter(scores), 0.0)


def _sum_of_best(scores: Sequence[float]) -> float:
    return sum(scores[:LAW_SIZE])


def unknown_names(evidence: Evidence) -> list[float]:
    """The share of the question's names that no passage in scope holds: nothing answers of them."""
    return [evidence.question.unknown_names] * len(evidence.candidates)


SCORE_FEATURES = (
    Feature(
        "bm25", "the score of its words, beside the best candidate's", bm25, relative_to_best=True
    ),
    Feature("bm25_share", "how much of all that could be scored it scores", bm25_share),
    Feature("word_score", "how much of what the words can score they score", word_score),
    Feature("word_coverage", "the part of the words' weight that is there at all", word_coverage),
    Feature(
        "bigram_coverage",
        "the part of the weight of pairs of characters that is there",
        bigram_coverage,
    ),
    Feature(
        "missing_weight", "the weight of the most telling word that is missing", missing_weight
    ),
    Feature("log_length", "its length, beside the average (logarithm)", log_length),
    Feature(
        "unknown_weight", "the weight of the question's words that no passage knows", unknown_weight
    ),
    Feature(
        "unknown_names", "the share of the question's names that no passage holds", unknown_names
    ),
    Feature(
        "words_matched", "how many of the question's words it holds (n / (n + 2))", words_matched
    ),
)
"""Features of a candidate's own counts."""

FELLOW_FEATURES = (
    Feature(
        "best_of_title",
        "the best score of another candidate under the same title",
        best_of_title,
        relative_to_best=True,
    ),
    Feature(
        "mean_over_law",
        "the mean score of the five best others of the same law, or under the same title",
        mean_over_law,
        relative_to_best=True,
    ),
)
"""Features of the candidates beside it."""

MEANING_FEATURES = (
    Feature(
        "passage_meaning",
        "how near it is in meaning, beside the other candidates, in standard deviations",
        partial(semantic, "deviations"),
    ),
    Feature(
        "sentence_meaning",
        "how near its best sentence is in meaning, beside the other candidates'",
        partial(semantic, "sentence_deviations"),
    ),
    Feature(
        "meaning_beside_words",
        "the same of both, as far as the question's own words are found",
        meaning_beside_words,
    ),
    Feature(
        "sentence_cosine",
        "the cosine of its best sentence with the question",
        partial(semantic, "sentence_cosine"),
    ),
    Feature(
        "deep_meaning",
        "how near it is in meaning by the deep model, beside the other candidates",
        partial(semantic, "deep_deviations"),
    ),
)
"""What candidates mean beside the question; 0 where that is not known."""
