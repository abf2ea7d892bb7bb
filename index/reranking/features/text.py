"""Features read from a passage's text, from what stands above it, and from its role.

A caption answers who and when, an order how it ended, the court's own reasons why; for other
questions they only hold the same names. The product of a kind and a role is what a linear model
needs to learn that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import partial

from index.query.asking import ANSWER_KINDS, AnswerKind
from index.reranking.features.evidence import (
    Evidence,
    Feature,
    Places,
    WeighedQuestion,
)

RUN_CHARACTERS = 300
"""Characters of the question in which shared runs are looked for: a pasted page is no question."""
SHORTEST_QUESTION = 4
"""A question of fewer characters counts as so many."""
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


def shared_run(evidence: Evidence) -> list[float]:
    """The longest run of characters shared, beside the question's own length."""
    folded = evidence.question.folded
    length = max(SHORTEST_QUESTION, min(len(folded), RUN_CHARACTERS))
    return [longest_run(folded[:RUN_CHARACTERS], view.text) / length for view in evidence.views]


def cited_article(evidence: Evidence) -> list[float]:
    """1 for the article that the question cites with its law's name, or without naming any law."""
    cited, alone = evidence.question.cited_articles, evidence.question.articles_alone
    return [
        float(view.article in alone or not cited.isdisjoint(view.above)) for view in evidence.views
    ]


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
    Feature("shared_run", "the longest run of characters shared with the question", shared_run),
    Feature(
        "cited_article",
        "whether it is the article that the question cites",
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

_CAPTION_KINDS = ("counsel", "judge", "court", "person", "date")
"""Kinds of answers that stand in a caption; for every other question it is in the way."""
_KIND_ROLES: Sequence[tuple[str, str]] = (
    ("outcome", "disposition"),
    ("outcome", "reasoning"),
    ("outcome", "claims"),
    ("reason", "reasoning"),
    ("reason", "claims"),
    ("counsel", "caption"),
    ("judge", "signature"),
    ("court", "caption"),
    ("person", "caption"),
    ("date", "signature"),
    ("money", "disposition"),
    ("period", "disposition"),
    ("whether", "reasoning"),
    ("argument", "claims"),
    ("proof", "evidence_list"),
)
"""Where each kind of answer is looked for first, or found last. Pairs that added nothing on
questions of whole matters are left out."""
KIND_ROLE_NAMES = tuple(f"{kind}_in_{role}" for kind, role in _KIND_ROLES)
_DESCRIPTIONS = {
    "contents": "whether it is a table of contents or lines of dots",
    "claims": "whether it says what a party claims or argues",
    "evidence_list": "whether it lists evidence",
    "findings": "whether it states facts as found",
    "reasoning": "whether it holds the court's own reasons",
    "disposition": "whether it orders or decides",
    "signature": "whether judges sign there",
    "citing": "whether it cites other texts",
    "heading": "whether it is a heading alone",
}
_AMENDING = re.compile(r"修正案|修改|修正(?!版)|的决定|\bamend(?:ment|ing)\b")
_IMPLEMENTING = re.compile(r"解释|细则|条例|规定|办法|批复|\b(?:regulations?|rules|directions)\b")


def has_role(role: str, evidence: Evidence) -> list[float]:
    """1 for a passage with this role."""
    return [float(role in view.roles) for view in evidence.views]


def unasked_caption(evidence: Evidence) -> list[float]:
    """1 for a caption, where nothing is asked that a caption says."""
    if any(evidence.question.expects(kind) for kind in _CAPTION_KINDS):
        return [0.0] * len(evidence.views)
    return has_role("caption", evidence)


def role_for_kind(kind: str, role: str, evidence: Evidence) -> list[float]:
    """1 for a passage with this role where the question expects this kind of answer."""
    if not evidence.question.expects(kind):
        return [0.0] * len(evidence.views)
    return has_role(role, evidence)


def defines_term(evidence: Evidence) -> list[float]:
    """1 for a passage that defines a term of a question that asks what something is."""
    question = evidence.question
    if not question.expects("definition"):
        return [0.0] * len(evidence.views)
    return [
        float(any(_names(question.folded, term) for term in view.defined))
        for view in evidence.views
    ]


def amending(evidence: Evidence) -> list[float]:
    """1 for a part of a text that amends another, unless amendments are asked for."""
    return _titled(evidence, _AMENDING)


def implementing(evidence: Evidence) -> list[float]:
    """1 for rules under a law, unless they are asked for: the law itself is cited first."""
    return _titled(evidence, _IMPLEMENTING)


def _titled(evidence: Evidence, kind: re.Pattern[str]) -> list[float]:
    if kind.search(evidence.question.folded):
        return [0.0] * len(evidence.views)
    return [float(kind.search(view.folded_title) is not None) for view in evidence.views]


def _names(question: str, term: str) -> bool:
    """Whether a question names a term, in the singular or the plural."""
    return term in question or (term.endswith("s") and term.removesuffix("s") in question)


ROLE_FEATURES = (
    Feature(
        "unasked_caption",
        "whether it is a caption, where no party, counsel, court or date is asked for",
        unasked_caption,
    ),
    *(
        Feature(f"is_{role}", description, partial(has_role, role))
        for role, description in _DESCRIPTIONS.items()
    ),
    *(
        Feature(
            name,
            f"whether it is a passage of {role.replace('_', ' ')}, where the question expects"
            f" {kind} as its answer",
            partial(role_for_kind, kind, role),
        )
        for name, (kind, role) in zip(KIND_ROLE_NAMES, _KIND_ROLES, strict=True)
    ),
    Feature("defines_term", "whether it defines the term that is asked for", defines_term),
    Feature("is_amending", "whether it belongs to a text that amends another", amending),
    Feature("is_implementing", "whether it belongs to rules made under a law", implementing),
)
"""Features of roles, of kinds of answer in roles, and of the rank of laws."""
