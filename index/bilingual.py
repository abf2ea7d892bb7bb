"""Other ways to say what a question says: translations, legal synonyms, the team's own terms.

The longest phrase first, five words at most; the words inside a phrase are asked for as well,
their own translations counting less. The glossary and the thesaurus stand above the dictionary:
what they say counts nearly as much as the question's own words, while the dictionary's translations
of a phrase share one mass of probability.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import rjieba

from index import analyzer
from index.bilingual_build import LONGEST_PHRASE
from index.bilingual_table import Table
from index.bilingual_words import CHINESE_FUNCTION_WORDS, ENGLISH_FUNCTION_WORDS, bases, forms
from index.lexical import Unit, is_chinese, units
from index.normalize import HAN_RUN
from index.query import Alternative, Clause
from index.thesaurus import Thesaurus

INSIDE_PHRASE = 0.5
"""What the translations of a word inside a translated phrase count for."""
DICTIONARY = 0.95
"""What the dictionary's translations count for: none is as sure as the word itself."""
OTHER_WORD = 0.1
"""What an irregular form counts for as a word of its own: `left`, the direction."""
PART_OF_WORD = 0.7
CHARACTER = 0.3
"""What the parts, or else the characters, of a word that no table knows count for."""

POSSESSIVE = re.compile(r"['’]s?$")
_FUNCTION_WORDS = ENGLISH_FUNCTION_WORDS | CHINESE_FUNCTION_WORDS


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the text: its units `[start, end)` and how it is written."""

    start: int
    end: int
    text: str

    @property
    def common(self) -> bool:
        return self.text in _FUNCTION_WORDS


class Bilingual:
    """Clauses of translations and synonyms for a question in either language, or in both.

    `thesauri`: the legal thesaurus, and the team's glossary.
    """

    def __init__(self, table: Table, thesauri: Sequence[Thesaurus] = ()) -> None:
        self._to_chinese = table.lexicons["english"]
        self._to_english = table.lexicons["chinese"]
        self._thesauri = tuple(thesauri)

    def clauses(self, text: str) -> Iterator[Clause]:
        """Clauses for a folded text, in its order; common words and numbers have none.

        A word's clause has the word itself as its first alternative, with probability 1. A
        phrase's clause follows its words' clauses and has only what stands for the phrase, none
        of it certain.
        """
        sequence = units(text)
        words = deque(_words(text, sequence))
        while words:
            start, end = words[0].start, self._longest(sequence, words)
            inside = _take(words, text, sequence, end)
            if len(inside) == 1:
                yield from self._word(inside[0].text)
                continue
            for word in inside:
                yield from self._word(word.text, INSIDE_PHRASE)
            phrase = text[sequence[start].start : sequence[end - 1].end]
            yield Clause(phrase, _ranked(self._meanings(phrase)))

    def _longest(self, sequence: Sequence[Unit], words: Sequence[_Word]) -> int:
        """The unit at which the longest phrase that starts with the first word ends."""
        first = words[0]
        named = [thesaurus.longest(sequence, first.start) for thesaurus in self._thesauri]
        ends = [match.end for match in named if match]
        for count in range(min(LONGEST_PHRASE, len(words)), 1, -1):
            last = words[count - 1]
            if first.common or (ends and max(ends) >= last.end):
                break
            if not last.common and self._dictionary([words[n].text for n in range(count)]):
                return last.end
        if ends and (max(ends) > first.end or not self._dictionary([first.text])):
            return max(ends)
        return first.end

    def _word(self, word: str, share: float = 1.0) -> Iterator[Clause]:
        if word in _FUNCTION_WORDS or word.isdigit():
            return
        meanings = self._meanings(word)
        chinese = is_chinese(word)
        own = word if chinese else analyzer.stem(word)
        meanings.pop(own, None)
        translated = (Alternative(a.term, a.p * share) for a in _ranked(meanings))
        yield Clause(word, (Alternative(own), *translated))
        if chinese and not meanings:
            yield from self._parts(word)

    def _parts(self, word: str) -> Iterator[Clause]:
        """Translations of what an unknown word is made of: shorter words, or else characters."""
        shorter = {part for part, _, _ in analyzer.words(word)} - {word}
        known = {part: CHARACTER if len(part) == 1 else PART_OF_WORD for part in shorter or word}
        for part, weight in sorted(known.items(), key=lambda item: word.index(item[0])):
            meanings = {} if part in _FUNCTION_WORDS else self._meanings(part)
            if meanings:
                yield Clause(part, _ranked(meanings), weight)

    def _meanings(self, phrase: str) -> dict[str, float]:
        """Index terms that say what a folded phrase says, the thesauri's and the dictionary's."""
        weights: dict[str, float] = {}
        for thesaurus in self._thesauri:
            if concepts := thesaurus.naming(phrase):
                _merge(weights, thesaurus.alternatives(phrase, concepts))
        spoken = [phrase] if is_chinese(phrase) else phrase.split()
        _merge(weights, self._dictionary(spoken), DICTIONARY)
        return weights

    def _dictionary(self, words: Sequence[str]) -> Sequence[Alternative]:
        if is_chinese(words[0]):
            return self._english("".join(words))
        return self._chinese(words)

    def _english(self, chinese: str) -> list[Alternative]:
        """English stems for a Chinese word, with their irregular forms."""
        return [
            Alternative(form, translation.p)
            for translation in self._to_english.get(chinese)
            for form in (translation.term, *forms(translation.term))
        ]

    def _chinese(self, words: Sequence[str]) -> Sequence[Alternative]:
        """Chinese terms for an English phrase as it is, or with an irregular form undone."""
        stems = [analyzer.stem(word) for word in words]
        itself = self._to_chinese.get(" ".join(stems))
        if len(words) > 1 and itself:
            return itself
        listed = [
            self._to_chinese.get(" ".join([*stems[:at], analyzer.stem(base), *stems[at + 1 :]]))
            for at, word in enumerate(words)
            for base in bases(word)
        ]
        if not any(listed):
            return itself
        weights: dict[str, float] = {}
        for translations in filter(None, listed):
            _merge(weights, translations, 1 - OTHER_WORD)
        _merge(weights, itself, OTHER_WORD)
        return _ranked(weights)


def _words(text: str, sequence: Sequence[Unit]) -> Iterator[_Word]:
    at = 0
    while at < len(sequence):
        unit = sequence[at]
        if not is_chinese(unit.key):
            yield _Word(at, at + 1, POSSESSIVE.sub("", text[unit.start : unit.end]))
            at += 1
            continue
        run = HAN_RUN.match(text, unit.start)
        for word in rjieba.cut(run[0]) if run else ():
            yield _Word(at, at + len(word), word)
            at += len(word)


def _take(words: deque[_Word], text: str, sequence: Sequence[Unit], end: int) -> list[_Word]:
    """The words up to unit `end`, taken off; one that goes on after it is cut there."""
    taken = []
    while words and words[0].start < end:
        word = words.popleft()
        if word.end > end:
            cut = sequence[end - 1].end
            tail = text[cut : sequence[word.end - 1].end]
            words.appendleft(_Word(end, word.end, tail))
            word = _Word(word.start, end, word.text[: len(word.text) - len(tail)])
        taken.append(word)
    return taken


def _merge(weights: dict[str, float], found: Iterable[Alternative], share: float = 1.0) -> None:
    for one in found:
        weights[one.term] = max(weights.get(one.term, 0.0), one.p * share)


def _ranked(weights: dict[str, float]) -> tuple[Alternative, ...]:
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Alternative(term, p) for term, p in ranked)
