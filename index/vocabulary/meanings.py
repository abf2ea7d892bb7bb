"""What a phrase of a question may mean: index terms for it, from every table that knows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.query.clauses import Alternative
from index.text.analyzer import stem
from index.vocabulary.bilingual_words import (
    CHINESE_FUNCTION_WORDS,
    ENGLISH_FUNCTION_WORDS,
    bases,
    forms,
)
from index.vocabulary.lexical import Unit, Word, is_chinese
from index.vocabulary.thesaurus import Thesaurus
from index.vocabulary.translation_table import Lexicon

FUNCTION_WORDS = ENGLISH_FUNCTION_WORDS | CHINESE_FUNCTION_WORDS
LONGEST_PHRASE = 5
"""Words of the longest phrase looked up in the dictionary."""
DICTIONARY = 2.0
"""What a translation's share of the mass is multiplied by: finding one of them is nearly enough."""
SUREST = 0.9
"""No translation of the dictionary's is surer than this."""
OTHER_WORD = 0.1
"""What an irregular form counts for as a word of its own: `left`, the direction."""


@dataclass(frozen=True, slots=True)
class Meanings:
    """The dictionary, both ways, and the thesauri that stand above it, asked as one."""

    to_chinese: Lexicon
    to_english: Lexicon
    thesauri: tuple[Thesaurus, ...]

    def of(self, words: Sequence[str]) -> tuple[Alternative, ...]:
        """Index terms that say what folded words say together, the most probable first."""
        weights: dict[str, float] = {}
        phrase = _written(words)
        for thesaurus in self.thesauri:
            if concepts := thesaurus.naming(phrase):
                _merge(weights, thesaurus.alternatives(phrase, concepts))
        found = self._dictionary(words)
        _merge(weights, (Alternative(a.term, min(a.p * DICTIONARY, SUREST)) for a in found))
        return _ranked(weights)

    def longest(self, sequence: Sequence[Unit], words: Sequence[Word]) -> int:
        """The unit at which the longest known phrase that starts with the first word ends."""
        first = words[0]
        named = [thesaurus.longest(sequence, first.start) for thesaurus in self.thesauri]
        end = max((match.end for match in named if match), default=0)
        if first.text not in FUNCTION_WORDS:
            for count in range(_together(words), 1, -1):
                last = words[count - 1]
                if last.end <= end:
                    break
                if last.text not in FUNCTION_WORDS and self._dictionary(_texts(words, count)):
                    return last.end
        # A whole word that the dictionary knows is not cut for a term at its front.
        if end > first.end or (end and not self._dictionary([first.text])):
            return end
        return first.end

    def _dictionary(self, words: Sequence[str]) -> Sequence[Alternative]:
        chinese = [is_chinese(word) for word in words]
        if all(chinese):
            return self._english("".join(words))
        return () if any(chinese) else self._chinese(words)

    def _english(self, chinese: str) -> list[Alternative]:
        """English stems for a Chinese word, with their irregular forms."""
        return [
            Alternative(form, translation.p)
            for translation in self.to_english.get(chinese)
            for form in (translation.term, *forms(translation.term))
        ]

    def _chinese(self, words: Sequence[str]) -> Sequence[Alternative]:
        """Chinese terms for an English phrase as it is, or with an irregular form undone."""
        stems = [stem(word) for word in words]
        itself = self.to_chinese.get(" ".join(stems))
        if len(words) > 1 and itself:
            return itself
        regular = [
            self.to_chinese.get(" ".join([*stems[:at], stem(base), *stems[at + 1 :]]))
            for at, word in enumerate(words)
            for base in bases(word)
        ]
        if not any(regular):
            return itself
        weights: dict[str, float] = {}
        for translations in regular:
            _merge(weights, translations, 1 - OTHER_WORD)
        _merge(weights, itself, OTHER_WORD)
        return _ranked(weights)


def _together(words: Sequence[Word]) -> int:
    """How many of the first words may be a phrase: no punctuation stands between them."""
    count = 1
    while count < min(LONGEST_PHRASE, len(words)) and words[count].joins:
        count += 1
    return count


def _texts(words: Sequence[Word], count: int) -> list[str]:
    # A deque, as the words left to read are kept, has no slices.
    return [words[at].text for at in range(count)]


def _written(words: Sequence[str]) -> str:
    return ("" if all(map(is_chinese, words)) else " ").join(words)


def _merge(weights: dict[str, float], found: Iterable[Alternative], share: float = 1.0) -> None:
    for one in found:
        weights[one.term] = max(weights.get(one.term, 0.0), one.p * share)


def _ranked(weights: dict[str, float]) -> tuple[Alternative, ...]:
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Alternative(term, p) for term, p in ranked)
