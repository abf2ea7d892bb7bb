"""When is no passage an answer, and why not?"""

from __future__ import annotations

from index.answer import Refusal
from index.answering.confidence import (
    ALONE_THRESHOLD,
    confidence_alone,
    confidence_signals,
    confidences,
    model_for,
)
from index.query.question import ParsedQuestion
from index.reranking.features.registry import COLUMN
from index.reranking.pipeline import Reranked

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
    signals, model = confidence_signals(ranked.rows, ranked.scores()), model_for(ranked.rows)
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
