"""How much of a question a passage says in names that sound like the question's own.

`Gorsuch` is heard in 戈萨奇, and 金斯伯格 in `Ginsburg`. Only what the passage does not hold as
it was asked, or translated, is listened for.
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

LISTENED_TO = 300
"""Characters of a question in which names are listened for: what is longer is no question."""
SHOWN = 0.5
"""How well a name must be heard for people to be shown where."""
_BEFORE = 6
"""How many characters before an unknown word a name may begin: `利亚` of `安纳托利亚`."""


@dataclass(frozen=True, slots=True)
class PhoneticMatcher:
    """Listens for the names of one question, in a folded text; `weights[i]` is clause i's."""

    text: str
    words: Sequence[QuestionWord]
    weights: Sequence[float]
    names: NameMatcher
    _known: dict[str, PhoneticMatch | None] = field(default_factory=dict)
    _starts: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, asked: ParsedQuestion, weights: Sequence[float], frequencies: Sequence[float]
    ) -> PhoneticMatcher | None:
        """For the words that no passage in scope holds; None where nothing is listened for."""
        words = [
            word
            for word in asked.words
            if word.end <= LISTENED_TO
            and weights[word.clause] > 0
            and frequencies[word.clause] < TELLING
        ]
        if not words or asked.names is None:
            return None
        return cls(fold(asked.text).text, words, weights, asked.names)

    def share(self, one: PassageView) -> float:
        """The part of the question's weight that is heard in a passage, in [0, 1]."""
        best: dict[int, float] = {}
        spelt = ((clause, heard.strength) for clause, heard in self._spelt(one.text))
        for clause, strength in (*spelt, *self._written(set(one.terms))):
            best[clause] = max(best.get(clause, 0.0), strength)
        return sum(self.weights[c] * best[c] for c in sorted(best)) / (sum(self.weights) or 1.0)

    def spans(self, passage: str) -> Iterator[tuple[int, int]]:
        """Where a passage, as it is written, says a name well enough to be shown."""
        folded = fold(passage)
        for _, heard in self._spelt(folded.text):
            if heard.strength >= SHOWN:
                yield folded.span(heard.start, heard.end)
        for token in analyze(passage):
            if any(strength >= SHOWN for _, strength in self._written((token.term,))):
                yield token.start, token.end

    def _spelt(self, text: str) -> Iterator[tuple[int, PhoneticMatch]]:
        """NameMatcher in letters, in a text of characters."""
        for word in self.words:
            name = NAME.fullmatch(self.text[word.start : word.end])
            if name and (heard := self.names.find(name["letters"], text)):
                yield word.clause, heard

    def _written(self, terms: Iterable[str]) -> Iterator[tuple[int, float]]:
        """NameMatcher in characters, among the words of a passage in letters."""
        words = [word for word in self.words if not self.text[word.start].isascii()]
        if not words:
            return
        for term in terms:
            if term not in self._known:
                self._known[term] = self._heard_here(term, words)
            if heard := self._known[term]:
                for word in words:
                    if heard.start <= word.start and word.end <= heard.end:
                        yield word.clause, heard.strength

    def _heard_here(self, term: str, words: Sequence[QuestionWord]) -> PhoneticMatch | None:
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
