"""When is no passage an answer, and why not?"""

from __future__ import annotations

from index.answer import Refusal
from index.answering.confidence import confidence_signals, confidences, shipped_model
from index.query.question import ParsedQuestion
from index.reranking.features.registry import FEATURE_NAMES
from index.reranking.pipeline import Reranked

LENIENT = 4
"""In a library of so many passages, half of what is asked elsewhere is enough."""
MOST_UNKNOWN = 0.5
ONE_WORD = 1 / (1 + 2)
"""As the feature `found` counts."""
CONVINCING = 0.2
"""What is asked of a passage that holds one word of the question, where no passage at all holds
half of it: a question off the subject shares a word by chance."""
CONVINCING_IN_MEANING = 0.3
"""The same where meaning is known: of the few that share that word one is always the nearest."""


def refusal_of(asked: ParsedQuestion, found: Reranked) -> Refusal | None:
    """Why no candidate answers the question; None where the first one does."""
    ranking = found.ranking
    if ranking.candidates:
        sure = is_answered(found)
        return None if sure else Refusal("unsure", asked.unknown(ranking.frequencies))
    if not ranking.size:
        return Refusal("no_documents")
    return Refusal("no_evidence", asked.unknown(ranking.frequencies))


def is_answered(found: Reranked) -> bool:
    """Whether the first candidate is likely enough to answer.

    Where a handful of passages is all there is, less will do: nothing is rare among them. Where
    half of what was asked is known to no passage, a single word found must convince.
    """
    if not len(found.rows):
        return False
    least = float(shipped_model().least(confidence_signals(found.rows, found.scores())))
    row = dict(zip(FEATURE_NAMES, found.rows[0], strict=True))
    if row["unknown_weight"] >= MOST_UNKNOWN and row["words_matched"] <= ONE_WORD:
        least = max(least, CONVINCING_IN_MEANING if found.near else CONVINCING)
    size = found.ranking.size
    return confidences(found, 1)[0] >= least * size / (size + LENIENT)
