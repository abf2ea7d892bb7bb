"""What confidence may say where a model alone would say too much."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.confidence import USUAL_COSINE, confidence_signals, confidences, model_for
from index.engine.protocol import Candidate, Ranking
from index.reranking.features.registry import COLUMN, FEATURE_NAMES
from index.reranking.pipeline import Reranked


def ranked(words: int, cosine: float, untranslated: float = 1.0) -> Reranked:
    """One passage that holds all of a question, which has so many words."""
    row = np.zeros((1, len(FEATURE_NAMES)))
    for name in ("bm25", "bm25_share", "word_coverage", "near_coverage", "sentence_coverage"):
        row[0, COLUMN[name]] = 1.0
    row[0, COLUMN["words_matched"]] = words / (words + 2)
    row[0, COLUMN["sentence_cosine"]] = cosine
    row[0, COLUMN["untranslated_share"]] = untranslated
    return Reranked(Ranking((Candidate(1, "d", 5.0, 9, (1.0,), 1),), (), 9, 1.0), row)


@given(st.integers(1, 2), st.floats(0.01, USUAL_COSINE - 0.01))
def test_two_words_without_meaning_make_nothing_sure(words: int, cosine: float) -> None:
    """The confidence is no more than the cosine of the best sentence."""
    [confidence] = confidences(ranked(words, cosine), 1)
    assert confidence <= cosine


@pytest.mark.parametrize(
    ("words", "cosine", "untranslated"), [(3, 0.2, 1.0), (2, 0.6, 1.0), (2, 0.2, 0.2), (2, 0, 1)]
)
def test_more_words_meaning_or_translation_are_left_to_the_model(
    words: int, cosine: float, untranslated: float
) -> None:
    """As is a passage of which no meaning is known."""
    passages = ranked(words, cosine, untranslated)
    signals = confidence_signals(passages.rows, passages.scores())
    expected = model_for(passages.rows).first.probability(signals)
    assert confidences(passages, 1) == [pytest.approx(expected)]
