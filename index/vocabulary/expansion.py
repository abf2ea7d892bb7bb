"""Query expansion: what a question says in other words, in both languages.

Index terms come from every table that knows a phrase: translations, legal synonyms, the team's own
terms. The longest phrase goes first, five words at most; the words inside a phrase get clauses as
well, and their own translations count less. The glossary and the thesaurus stand above the
dictionary: their terms count nearly as much as the question's own words, while the dictionary's
translations of a phrase share one mass. For an everyday word, a clause of its own holds the words
that statutes use in its place.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from corpus.models import Scope
from index.engine.protocol import Alternative, Clause
from index.text import analyzer
from index.text.analyzer import BIGRAM, stem
from index.vocabulary import lexical
from index.vocabulary.glossary import Glossary
from index.vocabulary.lexical import (
    CHINESE_FUNCTION_WORDS,
    ENGLISH_FUNCTION_WORDS,
    TermUnit,
    Word,
    bases,
    forms,
    is_chinese,
    units,
)
from index.vocabulary.mapped_tables import Lexicon, TranslationTable
from index.vocabulary.thesaurus import ORGANISATION, Thesaurus
from index.vocabulary.transliteration import NAME, NameRecognizer, NameSpeller

FUNCTION_WORDS = ENGLISH_FUNCTION_WORDS | CHINESE_FUNCTION_WORDS
LONGEST_PHRASE = 5
"""Words of the longest phrase looked up in the dictionary."""
DICTIONARY = 2.0
"""Factor on a translation's share of the mass, since one translation out of several is nearly
enough."""
SUREST = 0.9
"""The highest probability of a translation from the dictionary."""
OTHER_WORD = 0.1
"""The weight of an irregular form as a word of its own: `left`, the direction."""


@dataclass(frozen=True, slots=True)
class Meanings:
    """The dictionary, both ways, and the thesauri that stand above it, as one source."""

    to_chinese: Lexicon
    to_english: Lexicon
    thesauri: tuple[Thesaurus, ...]

    def of(self, words: Sequence[str]) -> tuple[Alternative, ...]:
        """Index terms that say what folded words say together, the most probable first."""
        weights: dict[str, float] = {}
        phrase = _written(words)
        for thesaurus in self.thesauri:
            if concepts := thesaurus.concepts_of(phrase):
                _merge(weights, thesaurus.alternatives(phrase, concepts))
        translations = self._dictionary(words)
        # Capped, so that no translation outweighs the question's own word.
        _merge(weights, (Alternative(t.term, min(t.p * DICTIONARY, SUREST)) for t in translations))
        return _ranked(weights)

    def is_name(self, words: Sequence[str]) -> bool:
        """Whether folded words are the name of an organisation."""
        phrase = _written(words)
        return any(
            concept.sense == ORGANISATION
            for thesaurus in self.thesauri
            for concept in thesaurus.concepts_of(phrase)
        )

    def longest(self, sequence: Sequence[TermUnit], words: Sequence[Word]) -> int:
        """The unit at which the longest known phrase that starts with the first word ends."""
        first = words[0]
        matches = [thesaurus.longest(sequence, first.start) for thesaurus in self.thesauri]
        # The longest term of all tables: a short one inside it has another sense.
        end = max((match.end for match in matches if match), default=0)
        if first.text not in FUNCTION_WORDS:
            for count in range(_joined_words(words), 1, -1):
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
        # CC-CEDICT lists base forms only: `won` is found under `win`.
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


def _joined_words(words: Sequence[Word]) -> int:
    """How many of the first words may be a phrase: no punctuation stands between them."""
    count = 1
    while count < min(LONGEST_PHRASE, len(words)) and words[count].joins:
        count += 1
    return count


def _texts(words: Sequence[Word], count: int) -> list[str]:
    # The words to read stand in a deque, which has no slices.
    return [words[at].text for at in range(count)]


def _written(words: Sequence[str]) -> str:
    return ("" if all(map(is_chinese, words)) else " ").join(words)


def _merge(
    weights: dict[str, float], alternatives: Iterable[Alternative], share: float = 1.0
) -> None:
    for term in alternatives:
        weights[term.term] = max(weights.get(term.term, 0.0), term.p * share)


def _ranked(weights: dict[str, float]) -> tuple[Alternative, ...]:
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Alternative(term, p) for term, p in ranked)


INSIDE_PHRASE = 0.5
"""The weight of the translations of a word inside a translated phrase."""
MOST_NAMES = 12
"""Names of a question that are spelt in Chinese. A long text may hold hundreds of odd words, and
each costs a search of its own."""
PART_OF_WORD = 0.7
CHARACTER = 0.3
"""The weights of the parts, or else the characters, of a word that no table knows."""

IN_LAW = 0.5
"""The weight of a clause of legal words for an everyday one, beside the question's own clauses."""


LEAST_READING = 0.2
"""The share of a character's words, surnames counted much, in which a reading of it is common."""


class BilingualExpander:
    """Clauses of translations and synonyms for a question in either language, or in both.

    `thesauri` never change; `everyday` is the one of everyday words; `glossary`, the team's own,
    may change while the program runs. Safe to share between threads.
    """

    def __init__(
        self,
        table: TranslationTable,
        thesauri: Sequence[Thesaurus] = (),
        glossary: Glossary | None = None,
        everyday: Thesaurus | None = None,
    ) -> None:
        self._table = table
        self._everyday = everyday or Thesaurus(())
        self._thesauri = (*thesauri, self._everyday)
        self._glossary = glossary

    @cached_property
    def names(self) -> NameRecognizer:
        """What hears names that no dictionary translates."""
        return NameRecognizer.of(self._table)

    def readings(self, character: str) -> tuple[str, ...]:
        """The syllables of pinyin, without tones, by which a folded character is read."""
        rows = self._table.lexicons["syllables"].get(character)
        # A reading that few words have is none of a name's.
        return tuple(row.term for row in rows if row.p >= LEAST_READING)

    @cached_property
    def _writing(self) -> NameSpeller:
        return NameSpeller.of(self._table)

    def within(self, scope: Scope) -> ScopedExpander:
        """The same for the questions of a scope, which also has its matters' own terms."""
        return ScopedExpander(self, scope)

    def clauses(self, text: str, scope: Scope) -> Iterator[Clause]:
        """Clauses for a folded text, in its order; common words and numbers have none.

        A word's clause has the word itself as its first alternative, with probability 1. A
        phrase's clause follows its words' clauses and has only what stands for the phrase, none
        of it certain.
        """
        meanings = self._meanings(scope)
        sequence = units(text)
        # A deque: the rest of a word that is cut goes back to the front.
        words = deque(lexical.words(text, sequence))
        names_to_spell = MOST_NAMES
        while words:
            end = meanings.longest(sequence, words)
            inside = _take_words(words, text, sequence, end)
            share = self._share(meanings, inside)
            for word in inside:
                yield from _word(meanings, word.text, share)
                for clause in self._name(meanings, word.text) if names_to_spell else ():
                    names_to_spell -= 1
                    yield clause
            if len(inside) > 1:
                phrase = text[sequence[inside[0].start].start : sequence[end - 1].end]
                yield Clause(phrase, meanings.of([word.text for word in inside]))
        yield from self._in_law(text, sequence)

    def _share(self, meanings: Meanings, inside: Sequence[Word]) -> float:
        """What the translations of each word of a phrase count for."""
        if len(inside) == 1:
            return 1.0
        # What a company's name is made of says nothing of it: no cloud is meant by Alibaba Cloud.
        return 0.0 if meanings.is_name([word.text for word in inside]) else INSIDE_PHRASE

    def _in_law(self, text: str, sequence: Sequence[TermUnit]) -> Iterator[Clause]:
        for match in self._everyday.matches(text):
            everyday = text[sequence[match.start].start : sequence[match.end - 1].end]
            surface = f"{everyday} ({match.concepts[0].first_legal_term})"
            yield Clause(surface, self._everyday.in_law(match.concepts), IN_LAW)

    def _name(self, meanings: Meanings, word: str) -> Iterator[Clause]:
        """How a name that no table knows may be written in Chinese: pairs of characters."""
        name = NAME.fullmatch(word)
        if name and not meanings.of([word]) and (pairs := self._writing.pairs(name["letters"])):
            yield Clause(word, tuple(Alternative(BIGRAM + pair, p) for pair, p in pairs))

    def _meanings(self, scope: Scope) -> Meanings:
        team = (self._glossary.within(scope),) if self._glossary else ()
        lexicons = self._table.lexicons
        return Meanings(lexicons["english"], lexicons["chinese"], (*team, *self._thesauri))


@dataclass(frozen=True, slots=True)
class ScopedExpander:
    """What knows other ways to say the words of questions within one scope."""

    expander: BilingualExpander
    scope: Scope

    @property
    def names(self) -> NameRecognizer:
        """What hears names that no dictionary translates."""
        return self.expander.names

    def readings(self, character: str) -> tuple[str, ...]:
        """The syllables of pinyin by which a folded character is read, in any scope."""
        return self.expander.readings(character)

    def clauses(self, text: str) -> Iterator[Clause]:
        """Clauses for a folded text, as `BilingualExpander.clauses` says."""
        return self.expander.clauses(text, self.scope)


def _word(meanings: Meanings, word: str, share: float) -> Iterator[Clause]:
    # Numbers have canonical terms of their own (`index.text.canonical`).
    if word in FUNCTION_WORDS or word.isdigit():
        return
    chinese = is_chinese(word)
    term = word if chinese else analyzer.stem(word)
    synonyms = [synonym for synonym in meanings.of([word]) if synonym.term != term]
    weighted = (Alternative(s.term, s.p * share) for s in synonyms if share)
    yield Clause(word, (Alternative(term), *weighted))
    if chinese and not synonyms:
        yield from _parts(meanings, word)


def _parts(meanings: Meanings, word: str) -> Iterator[Clause]:
    """Translations of what an unknown word is made of: shorter words, or else its characters."""
    shorter = [part for part, _, _ in analyzer.words(word) if part != word]
    for part in dict.fromkeys(shorter or word):
        alternatives = () if part in FUNCTION_WORDS else meanings.of([part])
        if alternatives and part != word:
            yield Clause(part, alternatives, CHARACTER if len(part) == 1 else PART_OF_WORD)


def _take_words(
    words: deque[Word], text: str, sequence: Sequence[TermUnit], end: int
) -> list[Word]:
    """Remove and return the words up to unit `end`; a word that goes on after it is cut there."""
    front_words = []
    while words and words[0].start < end:
        word = words.popleft()
        if word.end > end:
            tail = text[sequence[end].start : sequence[word.end - 1].end]
            words.appendleft(Word(end, word.end, tail, joins=True))
            front = word.text[: len(word.text) - len(tail)]
            word = Word(word.start, end, front, word.joins)
        front_words.append(word)
    return front_words
