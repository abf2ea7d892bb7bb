"""What speaks for a candidate beside its score: features, each a number of the order of one.

Those of the counts come from the engine's evidence; those of the text from its sketch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.engine.bm25 import BM25, K1, Floats
from index.engine.protocol import Candidate, Ranking
from index.query.answer_kinds import ANSWER_KINDS, expected_kinds
from index.query.clauses import TELLING
from index.query.question import ParsedQuestion
from index.reranking.features.law import best_of_title, mean_over_law
from index.reranking.features.neighbours import near_coverage, neighbour_places
from index.reranking.features.phonetic import PhoneticMatcher
from index.reranking.passage_view import PassageView
from index.text.analyzer import BIGRAM
from index.text.laws import CITED
from index.text.normalize import fold
from index.vocabulary.neighbours import shipped

FEATURES: Mapping[str, str] = {
    "bm25": "the score of its words, beside the best candidate's",
    "bm25_share": "how much of all that could be scored it scores",
    "word_score": "how much of what the words can score they score",
    "word_coverage": "the part of the words' weight that is there at all",
    "bigram_coverage": "the part of the weight of pairs of characters that is there",
    "missing_weight": "the weight of the most telling word that is missing",
    "log_length": "its length, beside the average (logarithm)",
    "unknown_weight": "the weight of the question's words that no passage knows",
    "words_matched": "how many of the question's words it holds (n / (n + 2))",
    "heading_coverage": "the part of the words' weight found in the title and headings above it",
    "sentence_coverage": "the part of the words' weight that its best sentence holds",
    "untranslated_share": "the part of the words' weight found in the question's own words,"
        " not in translation",
    "ordered_proximity": "neighbouring words of the question that stand near each other in the"
        " same order",
    "proximity": "neighbouring words of the question that stand near each other",
    "shared_run": "the longest run of characters shared with the question",
    "cited_article": "whether it is the article of the law that the question cites",
    "near_coverage": "the part of the words' weight found as it is, translated, or in words"
        " near in meaning",
    "phonetic_match": "the part of the words' weight heard in names that sound like the question's",
    "best_of_title": "the best score of another candidate under the same title",
    "mean_over_law": "the mean score of the five best others of the same law, or under the"
        " same title",
    "near_bm25": "what words near in meaning to the question's add to its score",
    **{f"shows_{kind.name}": f"whether it shows a {kind.name} where the question expects one"
       for kind in ANSWER_KINDS},
    "meaning": "how near it is in meaning, beside the other candidates, in standard deviations",
}  # fmt: skip
FEATURE_NAMES = tuple(FEATURES)
RELATIVE_TO_BEST = ("bm25", "best_of_title", "mean_over_law", "near_bm25")
"""Those that are parts of the best candidate's score, so that it matters which one that is."""

_AKIN_COUNTS = 0.5
"""What a word near in meaning counts for beside the word itself, times its cosine."""
_LONGEST_RUN_IN = 300
"""Characters of the question in which shared runs are looked for."""
_NEAR = 4
_FADING = 12
"""Words whose starts are this many characters apart are next to each other; then it fades."""


@dataclass(frozen=True, slots=True)
class WeighedQuestion:
    """A question's clauses, weighed by how telling they are among the passages in scope.

    `words`: the weight of each clause that is a word or phrase, 0 for pairs; `pairs` likewise.
    `unknown`: the weight of the words that no passage in scope holds.
    `places`: term -> clauses that it answers to, with its probability. `order`: the word clauses
    as the question has them. `folded`: the question as dictionaries read it. `akin`: term -> word
    clauses that it is near in meaning, with its cosine. `hearing`: what listens for its names.
    """

    folded: str
    words: Floats
    pairs: Floats
    unknown: float
    places: Mapping[str, Sequence[tuple[int, float]]]
    akin: Mapping[str, Sequence[tuple[int, float]]]
    own: Sequence[str]
    order: Sequence[int]
    expects: Sequence[bool]
    cited: frozenset[str]
    hearing: PhoneticMatcher | None


def weigh_question(asked: ParsedQuestion, ranking: Ranking) -> WeighedQuestion:
    """Weigh a question's clauses by a ranking's statistics."""
    clauses = asked.query.clauses
    model = BM25(ranking.size, ranking.mean_length)
    weights = np.array([
        clause.weight * model.inverse_document_frequency(max(1.0, min(frequency, ranking.size)))
        for clause, frequency in zip(clauses, ranking.frequencies, strict=True)
    ])  # fmt: skip
    paired = np.array([clause.alternatives[0].term.startswith(BIGRAM) for clause in clauses])
    places: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, clause in enumerate(clauses):
        for one in clause.alternatives:
            places[one.term].append((place, one.p))
    words = weights * ~paired
    in_order = sorted(asked.words, key=lambda word: (word.start, -word.end))
    own = [
        clause.alternatives[0].term if clause.alternatives[0].p == 1 else "" for clause in clauses
    ]
    single = ["" if pair else term for term, pair in zip(own, paired.tolist(), strict=True)]
    folded = fold(asked.text).text
    return WeighedQuestion(
        folded=folded,
        words=words,
        pairs=weights * paired,
        unknown=float(words[np.array(ranking.frequencies) < TELLING].sum()),
        places=places,
        akin=neighbour_places(single, shipped(), places),
        own=own,
        order=list(dict.fromkeys(word.clause for word in in_order)),
        expects=expected_kinds(folded),
        cited=frozenset(term for term in own if term.startswith(CITED)),
        hearing=PhoneticMatcher.of(asked, words.tolist(), ranking.frequencies),
    )


def compute_features(
    weighed: WeighedQuestion,
    ranking: Ranking,
    candidates: Sequence[Candidate],
    views: Sequence[PassageView],
) -> Floats:
    """One row for each candidate, a column for each of `FEATURE_NAMES`.

    `candidates` come with the scores that the engine gave them. What they mean is not looked at
    here: `meaning` is 0.
    """
    looked = [_looked(weighed, one) for one in views]
    columns: dict[str, Sequence[float] | Floats] = {
        **_counted(weighed, ranking, candidates),
        **{name: [row[name] for row in looked] for name in looked[0]},
        "best_of_title": best_of_title(candidates, views),
        "mean_over_law": mean_over_law(candidates, views),
        "near_bm25": _kindred(weighed, ranking, candidates, views),
        "meaning": np.zeros(len(candidates)),
    }
    return np.stack([np.asarray(columns[name], float) for name in FEATURE_NAMES], axis=1)


def _counted(
    weighed: WeighedQuestion, ranking: Ranking, candidates: Sequence[Candidate]
) -> dict[str, Floats]:
    """The columns that come from counts alone."""
    evidence = np.array([one.evidence for one in candidates])
    lengths = np.array([one.length for one in candidates])
    scores = np.array([one.score for one in candidates])
    factors = BM25(ranking.size, ranking.mean_length).length_factor(lengths)
    earned = evidence * (K1 + 1) / (evidence + factors[:, None])
    there = np.minimum(evidence, 1.0)
    words, pairs = weighed.words.sum() or 1.0, weighed.pairs.sum() or 1.0
    found = ((evidence >= TELLING) & (weighed.words > 0)).sum(axis=1)
    missing = ((evidence < TELLING) * weighed.words).max(axis=1)
    return {
        "bm25": scores / (scores.max() or 1.0),
        "bm25_share": scores / ((weighed.words.sum() + weighed.pairs.sum() or 1.0) * (K1 + 1)),
        "word_score": earned @ weighed.words / (words * (K1 + 1)),
        "word_coverage": there @ weighed.words / words,
        "bigram_coverage": there @ weighed.pairs / pairs,
        "missing_weight": missing / words,
        "log_length": np.log(np.maximum(lengths, 1) / (ranking.mean_length or 1.0)),
        "unknown_weight": np.full(len(candidates), weighed.unknown / words),
        "words_matched": found / (found + 2),
    }


def _looked(weighed: WeighedQuestion, one: PassageView) -> dict[str, float]:
    """What a passage's text and what stands above it tell."""
    total = float(weighed.words.sum()) or 1.0
    found, best = _places(weighed, one)
    holds = one.above.union(one.terms)
    own = sum(
        weight
        for term, weight in zip(weighed.own, weighed.words.tolist(), strict=True)
        if term in holds
    )
    order, near = _together(weighed, found)
    run = _longest_run(weighed.folded[:_LONGEST_RUN_IN], one.text)
    shown = {
        f"shows_{kind.name}": (0.5 if kind.shown.search(one.text) else -0.5) if wanted else 0.0
        for kind, wanted in zip(ANSWER_KINDS, weighed.expects, strict=True)
    }
    return {
        "heading_coverage": _held(weighed, one.above) / total,
        "sentence_coverage": best / total,
        "untranslated_share": own / total,
        "ordered_proximity": order,
        "proximity": near,
        "shared_run": run / max(_NEAR, min(len(weighed.folded), _LONGEST_RUN_IN)),
        "cited_article": float(not weighed.cited.isdisjoint(one.above)),
        "near_coverage": near_coverage(weighed.words.tolist(), holds, weighed.places, weighed.akin),
        "phonetic_match": weighed.hearing.share(one) if weighed.hearing else 0.0,
        **shown,
    }


def _places(weighed: WeighedQuestion, one: PassageView) -> tuple[dict[int, list[int]], float]:
    """Where each clause is found in the text, and the weight that its best sentence holds."""
    found: dict[int, list[int]] = defaultdict(list)
    sentences: dict[int, dict[int, float]] = defaultdict(dict)
    places = weighed.places
    tokens = zip(one.terms, one.starts, one.sentences, strict=True)
    # Few of a passage's tokens are asked for: a comprehension passes over the others fastest.
    for term, start, sentence in [token for token in tokens if token[0] in places]:
        for place, p in places[term]:
            found[place].append(start)
            held = sentences[sentence]
            held[place] = min(1.0, held.get(place, 0.0) + p)
    weights = weighed.words.tolist()
    best = max(
        (sum(weights[place] * p for place, p in held.items()) for held in sentences.values()),
        default=0.0,
    )
    return found, best


def _held(weighed: WeighedQuestion, terms: frozenset[str]) -> float:
    """The weight of the words that a set of terms answers to."""
    held: dict[int, float] = {}
    for term in weighed.places.keys() & terms:
        for place, p in weighed.places[term]:
            held[place] = max(held.get(place, 0.0), p)
    return sum(float(weighed.words[place]) * held[place] for place in sorted(held))


def _together(weighed: WeighedQuestion, found: Mapping[int, Sequence[int]]) -> tuple[float, float]:
    """How far neighbours of the question are neighbours here: in the same order, and in any."""
    total = ordered = near = 0.0
    for one, other in zip(weighed.order, weighed.order[1:], strict=False):
        weight = float(min(weighed.words[one], weighed.words[other]))
        total += weight
        if one in found and other in found:
            apart = np.subtract.outer(np.array(found[other]), np.array(found[one]))
            near += weight * _closeness(int(np.abs(apart).min()))
            if (after := apart[apart >= 0]).size:
                ordered += weight * _closeness(int(after.min()))
    return (ordered / total, near / total) if total else (0.0, 0.0)


def _closeness(characters: int) -> float:
    return 1 / (1 + max(0, characters - _NEAR) / _FADING)


def _longest_run(question: str, text: str) -> int:
    best = at = 0
    while at + best < len(question):
        while at + best < len(question) and question[at : at + best + 1] in text:
            best += 1
        at += 1
    return best


def _kindred(
    weighed: WeighedQuestion,
    ranking: Ranking,
    candidates: Sequence[Candidate],
    views: Sequence[PassageView],
) -> Floats:
    """What the words near in meaning would add to each score, were they the words themselves."""
    held = np.array([one.evidence for one in candidates])
    more = held.copy()
    for at, one in enumerate(views):
        for term in sorted(weighed.akin.keys() & set(one.terms)):
            for place, cosine in weighed.akin[term]:
                more[at, place] += _AKIN_COUNTS * cosine
    lengths = np.array([one.length for one in candidates])
    factors = BM25(ranking.size, ranking.mean_length).length_factor(lengths)[:, None]
    added = (K1 + 1) * (more / (more + factors) - held / (held + factors)) @ weighed.words
    top = max(one.score for one in candidates) or 1.0
    gained: Floats = added / top
    return gained
