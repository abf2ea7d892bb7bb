"""Phonetic match: names of the question that a passage writes by their sound.

`Gorsuch` is found in 戈萨奇, and 金斯伯格 in `Ginsburg`. Only words that no passage in scope holds,
as they were asked or translated, are looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from index.query.clauses import TELLING
from index.query.question import NameMatcher, ParsedQuestion, PhoneticMatch, QuestionWord
from index.reranking.passage_view import PassageView
from index.text.analyzer import analyze
from index.text.normalize import fold
from index.text.stopwords import ENGLISH
from index.vocabulary.transliteration import NAME

LOOKED_FOR_IN = 300
"""Characters of a question in which names are looked for: what is longer is no question."""
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
