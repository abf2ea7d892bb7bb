"""Features read from a passage's text, and from what stands above it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from functools import partial

from index.query.answer_kinds import ANSWER_KINDS, AnswerKind
from index.reranking.features.evidence import (
    NEXT_TO,
    Evidence,
    Feature,
    Places,
    WeighedQuestion,
)

RUN_CHARACTERS = 300
"""Characters of the question in which shared runs are looked for: a pasted page is no question."""
SHOWN, ABSENT = 0.5, -0.5
"""What a passage counts that shows the kind of answer asked for, and one that does not: their
difference is one, and a question that asks for no kind lies between."""


def heading_coverage(evidence: Evidence) -> list[float]:
    """The weight of the words that title and headings answer to."""
    question = evidence.question
    return [_held_weight(question, view.above) / question.word_weight for view in evidence.views]


def sentence_coverage(evidence: Evidence) -> list[float]:
    """The weight of the words that the best sentence holds: what is scattered seldom answers."""
    question = evidence.question
    return [match.best_sentence / question.word_weight for match in evidence.matches]


def untranslated_share(evidence: Evidence) -> list[float]:
    """The weight of the words found as the question has them."""
    question = evidence.question
    own = list(zip(question.own_terms, question.words.tolist(), strict=True))
    return [
        sum(weight for term, weight in own if term in match.terms) / question.word_weight
        for match in evidence.matches
    ]


def ordered_proximity(evidence: Evidence) -> list[float]:
    """How close the question's neighbouring words stand, in its own order."""
    return [match.ordered_proximity for match in evidence.matches]


def proximity(evidence: Evidence) -> list[float]:
    """How close they stand, in any order."""
    return [match.proximity for match in evidence.matches]


def shared_run(evidence: Evidence) -> list[float]:
    """The longest run of characters shared, beside the question's own length."""
    folded = evidence.question.folded
    length = max(NEXT_TO, min(len(folded), RUN_CHARACTERS))
    return [longest_run(folded[:RUN_CHARACTERS], view.text) / length for view in evidence.views]


def cited_article(evidence: Evidence) -> list[float]:
    """1 for the article that the question cites with its law's name."""
    cited = evidence.question.cited_articles
    return [float(not cited.isdisjoint(view.above)) for view in evidence.views]


def near_coverage(evidence: Evidence) -> list[float]:
    """The weight of the words that the nearest terms of a passage answer to.

    For each word the best thing counts: the word itself wholly, a translation or synonym with its
    probability, a neighbour with its cosine (MaxSim: O. Khattab and M. Zaharia, ColBERT, SIGIR
    2020, with words known beforehand in place of vectors).
    """
    question = evidence.question
    return [
        best_coverage(
            question.words.tolist(), match.terms, question.places, question.neighbours
        )
        for match in evidence.matches
    ]  # fmt: skip


def phonetic_match(evidence: Evidence) -> list[float]:
    """The weight of the words that are heard in names written by their sound."""
    phonetic = evidence.question.phonetic
    return [phonetic.share(view) if phonetic else 0.0 for view in evidence.views]


def shows_kind(kind: AnswerKind, evidence: Evidence) -> list[float]:
    """Whether a passage shows a kind of answer; 0 where the question expects another kind."""
    if not evidence.question.expected_kinds[ANSWER_KINDS.index(kind)]:
        return [0.0] * len(evidence.views)
    return [SHOWN if kind.shown.search(view.text) else ABSENT for view in evidence.views]


def best_coverage(
    weights: list[float], terms: AbstractSet[str], places: Places, neighbours: Places
) -> float:
    """The part of the words' weight that the best of what `terms` hold answers to, in [0, 1]."""
    best: dict[int, float] = {}
    for table in (places, neighbours):
        for term in table.keys() & terms:
            for word, value in table[term]:
                if value > best.get(word, 0.0):
                    best[word] = value
    total = sum(weights)
    # In the question's order: sums must not depend on how Python happens to order a set.
    covered = sum(weights[word] * best[word] for word in sorted(best))
    return covered / total if total else 0.0


def longest_run(question: str, text: str) -> int:
    """The length of the longest run of characters that both hold."""
    longest = start = 0
    while start + longest < len(question):
        while start + longest < len(question) and question[start : start + longest + 1] in text:
            longest += 1
        start += 1
    return longest


def _held_weight(question: WeighedQuestion, terms: frozenset[str]) -> float:
    """The weight of the words that a set of terms answers to."""
    best: dict[int, float] = {}
    for term in question.places.keys() & terms:
        for clause, p in question.places[term]:
            best[clause] = max(best.get(clause, 0.0), p)
    return sum(float(question.words[clause]) * best[clause] for clause in sorted(best))


TEXT_FEATURES = (
    Feature(
        "heading_coverage",
        "the part of the words' weight found in the title and headings above it",
        heading_coverage,
    ),
    Feature(
        "sentence_coverage",
        "the part of the words' weight that its best sentence holds",
        sentence_coverage,
    ),
    Feature(
        "untranslated_share",
        "the part of the words' weight found in the question's own words, not in translation",
        untranslated_share,
    ),
    Feature(
        "ordered_proximity",
        "neighbouring words of the question that stand near each other in the same order",
        ordered_proximity,
    ),
    Feature(
        "proximity", "neighbouring words of the question that stand near each other", proximity
    ),
    Feature("shared_run", "the longest run of characters shared with the question", shared_run),
    Feature(
        "cited_article",
        "whether it is the article of the law that the question cites",
        cited_article,
    ),
    Feature(
        "near_coverage",
        "the part of the words' weight found as it is, translated, or in words near in meaning",
        near_coverage,
    ),
    Feature(
        "phonetic_match",
        "the part of the words' weight heard in names that sound like the question's",
        phonetic_match,
    ),
)
"""What the text says of the question's words."""

KIND_FEATURES = tuple(
    Feature(
        f"shows_{kind.name}",
        f"whether it shows a {kind.name} where the question expects one",
        partial(shows_kind, kind),
    )
    for kind in ANSWER_KINDS
)
"""What it shows of the kind of answer that the question expects."""
