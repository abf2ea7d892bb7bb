"""Candidates to a ranking: by their words, by features of the first, and by meaning where wanted.

What people get and what is measured go the same way.
"""

from __future__ import annotations

from dataclasses import dataclass

from corpus.models import Scope
from index.engine.protocol import Engine
from index.query.question import Question
from index.reranking.confidence import in_meaning, learnt, signs
from index.reranking.features import NAMES
from index.reranking.rerank import RERANKED, Reranked, by_meaning, look, rerank, with_meaning
from index.reranking.sketch import Sketches
from index.semantic.search import CANDIDATES, Meaning

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


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The stages between an engine and an answer."""

    engine: Engine
    sketches: Sketches
    meaning: Meaning | None = None

    def rank(self, asked: Question, said: str, scope: Scope, k: int) -> Reranked:
        """At least `k` candidates in scope, if there are so many; `said` is compared by meaning.

        The first `RERANKED` are the same whatever `k` is, so that pages follow on each other.
        """
        depth = max(k, RERANKED, CANDIDATES if self.meaning else 0)
        ranking = self.engine.search(asked.query, scope=scope, k=depth)
        if self.meaning is None:
            return rerank(look(asked, ranking, self.sketches))
        near = self.meaning.near(said, ranking.candidates)
        looked = look(asked, by_meaning(ranking, near), self.sketches)
        return rerank(with_meaning(looked, near))


def confidences(reranked: Reranked, count: int) -> list[float]:
    """How likely each of the first `count` answers; never more than the one before it."""
    scores, model = reranked.scores(), learnt()
    known = sum(one.cosine is not None for one in reranked.near.values())
    found: list[float] = []
    for at, candidate in enumerate(reranked.ranking.candidates[:count]):
        if at < len(reranked.rows):
            chance = model.of(signs(reranked.rows, scores, at))
            near = reranked.near.get(candidate.key)
            if near and near.cosine is not None:
                chance = in_meaning(chance, near.deviations, known)
            found.append(chance)
        else:
            found.append(found[-1])
        found[-1] = min(found[-2:])
    return found


def answers(found: Reranked) -> bool:
    """Whether the first candidate is likely enough to answer.

    Where a handful of passages is all there is, less will do: nothing is rare among them. Where
    half of what was asked is known to no passage, a single word found must convince.
    """
    if not len(found.rows):
        return False
    least = float(learnt().least(signs(found.rows, found.scores())))
    row = dict(zip(NAMES, found.rows[0], strict=True))
    if row["unknown"] >= MOST_UNKNOWN and row["found"] <= ONE_WORD:
        least = max(least, CONVINCING_IN_MEANING if found.near else CONVINCING)
    size = found.ranking.size
    return confidences(found, 1)[0] >= least * size / (size + LENIENT)
