"""What features are computed from: the weighed question, and each candidate beside it.

Everything that two features share is worked out here once for each question, since a question has
20 candidates and is to be answered in milliseconds.

Phonetic match is part of it: `Gorsuch` is found in 戈萨奇, and 金斯伯格 in `Ginsburg`. Only words
that no passage in scope holds, as they were asked or translated, are looked for.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from index.engine.protocol import BM25, TELLING, Candidate, Clause, Floats, Ranking
from index.query.asking import KIND_NAMES, expected_kinds
from index.query.question import NameMatcher, ParsedQuestion, PhoneticMatch, QuestionWord
from index.reranking.passage_view import PassageView
from index.semantic.search import SemanticScore
from index.text.analyzer import BIGRAM, analyze
from index.text.canonical import ARTICLE, CITED
from index.text.normalize import fold
from index.text.stopwords import ENGLISH
from index.vocabulary.mapped_tables import Neighbours, shipped_neighbours
from index.vocabulary.transliteration import NAME

LOOKED_FOR_IN = 300
"""Characters of a question in which names are looked for: what is longer is no question."""
# Article 39 of a law that is not held is none of the articles 39 that are.
_LAW = re.compile(
    r"[法典](?!院|官|条|律|人)|条例|规定|办法|细则|公约"
    r"|\b(?:law|act|code|regulation|rule|convention|directive|treaty|statute|ordinance)s?\b"
)
SHOWN = 0.5
"""How well a name must match for people to be shown where."""
_BEFORE = 6
"""How many characters before an unknown word a name may begin: `利亚` of `安纳托利亚`."""


@dataclass(frozen=True, slots=True)
class PhoneticMatcher:
    """Looks for the names of one question in folded texts; `weights[i]` is clause i's."""

    text: str
    words: Sequence[QuestionWord]
    weights: Sequence[float]
    names: NameMatcher
    _matches: dict[str, PhoneticMatch | None] = field(default_factory=dict)
    _starts: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, question: ParsedQuestion, weights: Sequence[float], frequencies: Sequence[float]
    ) -> PhoneticMatcher | None:
        """For the words that no passage in scope holds; None where nothing is looked for."""
        words = [
            word
            for word in question.words
            if word.end <= LOOKED_FOR_IN
            and weights[word.clause] > 0
            and frequencies[word.clause] < TELLING
        ]
        if not words or question.names is None:
            return None
        return cls(question.folded, words, weights, question.names)

    def share(self, view: PassageView) -> float:
        """The part of the question's weight that a passage says by its sound, in [0, 1]."""
        best: dict[int, float] = {}
        in_characters = ((clause, match.strength) for clause, match in self._characters(view.text))
        for clause, strength in (*in_characters, *self._letters(set(view.terms))):
            best[clause] = max(best.get(clause, 0.0), strength)
        return sum(self.weights[c] * best[c] for c in sorted(best)) / (sum(self.weights) or 1.0)

    def spans(self, passage: str) -> Iterator[tuple[int, int]]:
        """Where a passage, as it is written, says a name well enough to be shown."""
        folded = fold(passage)
        for _, match in self._characters(folded.text):
            if match.strength >= SHOWN:
                yield folded.span(match.start, match.end)
        for token in analyze(passage):
            if any(strength >= SHOWN for _, strength in self._letters((token.term,))):
                yield token.start, token.end

    def _characters(self, text: str) -> Iterator[tuple[int, PhoneticMatch]]:
        """Names that the question has in letters, in a text of characters."""
        for word in self.words:
            name = NAME.fullmatch(self.text[word.start : word.end])
            if name and (match := self.names.find(name["letters"], text)):
                yield word.clause, match

    def _letters(self, terms: Iterable[str]) -> Iterator[tuple[int, float]]:
        """Names that the question has in characters, among the terms of a passage in letters."""
        words = [word for word in self.words if not self.text[word.start].isascii()]
        if not words:
            return
        for term in terms:
            # Passages share most of their terms: each is looked for in the question once.
            if term not in self._matches:
                self._matches[term] = self._find_term(term, words)
            if match := self._matches[term]:
                for word in words:
                    if match.start <= word.start and word.end <= match.end:
                        yield word.clause, match.strength

    def _find_term(self, term: str, words: Sequence[QuestionWord]) -> PhoneticMatch | None:
        """Where the question writes a word of letters in characters that it has in `words`."""
        name = NAME.fullmatch(term)
        if not name or term in ENGLISH:
            return None
        letter = term[0]
        if letter not in self._starts:
            self._starts[letter] = [
                start
                for start in self.names.starts(term, self.text)
                if any(word.start - _BEFORE <= start < word.end for word in words)
            ]
        return self.names.find(name["letters"], self.text, self._starts[letter])


Places = Mapping[str, Sequence[tuple[int, float]]]
"""Term -> the clauses, by number, that it stands for, and how well: in (0, 1]."""


@dataclass(frozen=True, slots=True)
class WeighedQuestion:
    """A question's clauses, weighed by how telling they are among the passages in scope.

    `words[i]` is the weight of clause i where it is a word or phrase, 0 where it is a pair of
    characters; `pairs` the other way round. `unknown`: the weight of the words that no passage in
    scope holds. `own_terms[i]` is the term that the question itself has for clause i, or empty.
    `unknown_names`: the share of its names that no passage holds. `neighbours`: terms near in
    meaning to the word clauses, with their cosine. `folded`: the question as dictionaries read it.
    `articles_alone`: the articles that it cites, as terms, where it names no law.
    """

    folded: str
    words: Floats
    pairs: Floats
    unknown: float
    unknown_names: float
    places: Places
    neighbours: Places
    own_terms: Sequence[str]
    expected_kinds: Sequence[bool]
    cited_articles: frozenset[str]
    articles_alone: frozenset[str]
    phonetic: PhoneticMatcher | None

    def expects(self, kind: str) -> bool:
        """Whether the question expects an answer of this kind, one of `KIND_NAMES`."""
        return self.expected_kinds[KIND_NAMES.index(kind)]

    @property
    def word_weight(self) -> float:
        """The weight of all words together; 1 where there is none, so that one can divide by it."""
        return float(self.words.sum()) or 1.0


def weigh_question(
    question: ParsedQuestion, ranking: Ranking, texts: Sequence[str] | None = None
) -> WeighedQuestion:
    """Weigh a question's clauses by a ranking's statistics; `texts`: its best candidates'."""
    clauses = question.query.clauses
    model = BM25(ranking.size, ranking.mean_length)
    weights = np.array([
        clause.weight * model.inverse_document_frequency(max(1.0, min(frequency, ranking.size)))
        for clause, frequency in zip(clauses, ranking.frequencies, strict=True)
    ])  # fmt: skip
    is_pair = np.array(
        [clause.alternatives[0].term.startswith(BIGRAM) for clause in clauses], dtype=bool
    )
    places = _places_of(clauses)
    words = weights * ~is_pair
    own_terms = [
        clause.alternatives[0].term if clause.alternatives[0].p == 1 else "" for clause in clauses
    ]
    word_terms = [
        "" if pair else term for term, pair in zip(own_terms, is_pair.tolist(), strict=True)
    ]
    folded = fold(question.text).text
    return WeighedQuestion(
        folded=folded,
        words=words,
        pairs=weights * is_pair,
        unknown=float(words[np.array(question.with_phrases(ranking.frequencies)) < TELLING].sum()),
        unknown_names=len(question.unknown_names(ranking.frequencies, texts))
        / max(1, len(question.proper_names)),
        places=places,
        neighbours=neighbour_places(word_terms, shipped_neighbours(), places),
        own_terms=own_terms,
        expected_kinds=expected_kinds(folded),
        cited_articles=frozenset(term for term in own_terms if term.startswith(CITED)),
        articles_alone=frozenset(
            term for term in own_terms if term.startswith(ARTICLE) and not _LAW.search(folded)
        ),
        phonetic=PhoneticMatcher.of(question, words.tolist(), ranking.frequencies),
    )


def _places_of(clauses: Sequence[Clause]) -> Places:
    """By term, the clauses that it may stand for, and how probably it does."""
    places: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, clause in enumerate(clauses):
        for alternative in clause.alternatives:
            places[alternative.term].append((number, alternative.p))
    return places


def neighbour_places(word_terms: Sequence[str], neighbours: Neighbours, places: Places) -> Places:
    """What is near in meaning to each of a question's words; `word_terms[i]` may be empty.

    Terms that already stand for a word in `places`, by the dictionary or a thesaurus, are left to
    them: their probability is better founded than a cosine.
    """
    translated = {(term, word) for term, targets in places.items() for word, _ in targets}
    near: dict[str, list[tuple[int, float]]] = {}
    for word, term in enumerate(word_terms):
        neighbourhood = (*neighbours.across(term), *neighbours.within(term)) if term else ()
        for neighbour in neighbourhood:
            if (neighbour.term, word) not in translated:
                near.setdefault(neighbour.term, []).append((word, neighbour.cosine))
    return near


@dataclass(frozen=True, slots=True)
class PassageMatch:
    """Where a passage holds what was asked.

    `terms`: all that it holds, headings and title included. `best_sentence`: the weight of the
    words in the sentence that holds most.
    """

    terms: frozenset[str]
    best_sentence: float


def match_passage(question: WeighedQuestion, view: PassageView) -> PassageMatch:
    """Look the question's terms up in a passage."""
    sentences: dict[int, dict[int, float]] = defaultdict(dict)
    places = question.places
    tokens = zip(view.terms, view.sentences, strict=True)
    # Few of a passage's tokens are asked for: a comprehension passes over the others fastest.
    for term, sentence in [token for token in tokens if token[0] in places]:
        for clause, p in places[term]:
            covered = sentences[sentence]
            covered[clause] = min(1.0, covered.get(clause, 0.0) + p)
    weights = question.words.tolist()
    best_sentence = max(
        (sum(weights[clause] * p for clause, p in covered.items())
         for covered in sentences.values()),
        default=0.0,
    )  # fmt: skip
    return PassageMatch(view.above.union(view.terms), best_sentence)


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that the features of one question's candidates are computed from.

    `frequencies[c, i]` is the expected term frequency of clause i in candidate c; `scores`,
    `lengths` and `length_factors` (of BM25) are one for each candidate, in the order of
    `candidates`, as are `views` and `matches`. `similarity`: by key, what candidates mean beside
    the question; empty where meaning is not known.
    """

    question: WeighedQuestion
    ranking: Ranking
    candidates: Sequence[Candidate]
    views: Sequence[PassageView]
    matches: Sequence[PassageMatch]
    similarity: Mapping[int, SemanticScore]
    frequencies: Floats
    lengths: Floats
    scores: Floats
    length_factors: Floats

    @classmethod
    def of(
        cls,
        question: ParsedQuestion,
        ranking: Ranking,
        candidates: Sequence[Candidate],
        views: Sequence[PassageView],
        similarity: Mapping[int, SemanticScore],
    ) -> Evidence:
        """Gather it; `candidates` come with the scores that the engine gave them."""
        # Captions space names out: 审 判 长 吴 晓.
        texts = ["".join(view.text.split()) for view in views] if question.proper_names else []
        question_weights = weigh_question(question, ranking, texts)
        lengths = np.array([candidate.length for candidate in candidates])
        return cls(
            question=question_weights,
            ranking=ranking,
            candidates=candidates,
            views=views,
            matches=[match_passage(question_weights, view) for view in views],
            similarity=similarity,
            frequencies=np.array([candidate.evidence for candidate in candidates]),
            lengths=lengths,
            scores=np.array([candidate.score for candidate in candidates]),
            length_factors=BM25(ranking.size, ranking.mean_length).length_factor(lengths),
        )

    @property
    def best_score(self) -> float:
        """The score of the best candidate; 1 where all are 0, so that one can divide by it."""
        return max(candidate.score for candidate in self.candidates) or 1.0


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing that speaks for or against a candidate.

    `sentence` tells people what the number says. `compute` gives one number for each candidate,
    of the order of one. `relative_to_best`: it is a part of the best candidate's score, so that
    it has to be divided anew where that candidate is taken away (in training and evaluation).
    """

    name: str
    sentence: str
    compute: Callable[[Evidence], Sequence[float] | Floats]
    relative_to_best: bool = False
