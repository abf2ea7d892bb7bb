"""Other ways to say what a question says: translations, legal synonyms, the team's own terms.

The longest phrase first, five words at most; the words inside a phrase are asked for as well,
their own translations counting less. The glossary and the thesaurus stand above the dictionary:
what they say counts nearly as much as the question's own words, while the dictionary's translations
of a phrase share one mass. What the law says of an everyday word is asked for in a clause of its
own as well: it is what statutes have in the word's place.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from functools import cached_property

from index.query.clauses import Alternative, Clause
from index.text import analyzer
from index.text.analyzer import BIGRAM
from index.vocabulary import lexical
from index.vocabulary.glossary import Glossary
from index.vocabulary.lexical import Unit, Word, is_chinese, units
from index.vocabulary.meanings import FUNCTION_WORDS, Meanings
from index.vocabulary.thesaurus import Thesaurus
from index.vocabulary.translation_table import Table
from index.vocabulary.transliteration import NAME, Transliteration
from index.vocabulary.transliteration_writing import Writing

INSIDE_PHRASE = 0.5
"""What the translations of a word inside a translated phrase count for."""
MOST_NAMES = 12
"""Names of a question that are written in Chinese; a long text may hold hundreds of odd words."""
PART_OF_WORD = 0.7
CHARACTER = 0.3
"""What the parts, or else the characters, of a word that no table knows count for."""

IN_LAW = 0.5
"""What a clause of the law's words for an everyday one counts for beside the question's own."""


class QueryExpansion:
    """Clauses of translations and synonyms for a question in either language, or in both.

    `thesauri`: those that stay as they are; `everyday`: the one of everyday words. `glossary`: the
    team's own, which may change. Safe to share between threads.
    """

    def __init__(
        self,
        table: Table,
        thesauri: Sequence[Thesaurus] = (),
        glossary: Glossary | None = None,
        everyday: Thesaurus | None = None,
    ) -> None:
        self._table = table
        self._everyday = everyday or Thesaurus(())
        self._thesauri = (*thesauri, self._everyday)
        self._glossary = glossary

    @cached_property
    def names(self) -> Transliteration:
        """What hears names that no dictionary translates."""
        return Transliteration.of(self._table)

    @cached_property
    def _writing(self) -> Writing:
        return Writing.of(self._table)

    def clauses(self, text: str) -> Iterator[Clause]:
        """Clauses for a folded text, in its order; common words and numbers have none.

        A word's clause has the word itself as its first alternative, with probability 1. A
        phrase's clause follows its words' clauses and has only what stands for the phrase, none
        of it certain.
        """
        meanings = self._meanings()
        sequence = units(text)
        words = deque(lexical.words(text, sequence))
        names = MOST_NAMES
        while words:
            end = meanings.longest(sequence, words)
            inside = _take(words, text, sequence, end)
            share = INSIDE_PHRASE if len(inside) > 1 else 1.0
            for word in inside:
                yield from _word(meanings, word.text, share)
                for clause in self._name(meanings, word.text) if names else ():
                    names -= 1
                    yield clause
            if len(inside) > 1:
                phrase = text[sequence[inside[0].start].start : sequence[end - 1].end]
                yield Clause(phrase, meanings.of([word.text for word in inside]))
        yield from self._in_law(text, sequence)

    def _in_law(self, text: str, sequence: Sequence[Unit]) -> Iterator[Clause]:
        for named in self._everyday.named(text):
            said = text[sequence[named.start].start : sequence[named.end - 1].end]
            surface = f"{said} ({named.concepts[0].first_answer})"
            yield Clause(surface, self._everyday.in_law(named.concepts), IN_LAW)

    def _name(self, meanings: Meanings, word: str) -> Iterator[Clause]:
        """How a name that no table knows may be written in Chinese."""
        name = NAME.fullmatch(word)
        if name and not meanings.of([word]) and (pairs := self._writing.pairs(name["letters"])):
            yield Clause(word, tuple(Alternative(BIGRAM + pair, p) for pair, p in pairs))

    def _meanings(self) -> Meanings:
        team = (self._glossary.current(),) if self._glossary else ()
        lexicons = self._table.lexicons
        return Meanings(lexicons["english"], lexicons["chinese"], (*team, *self._thesauri))


def _word(meanings: Meanings, word: str, share: float) -> Iterator[Clause]:
    if word in FUNCTION_WORDS or word.isdigit():
        return
    chinese = is_chinese(word)
    own = word if chinese else analyzer.stem(word)
    others = [one for one in meanings.of([word]) if one.term != own]
    yield Clause(word, (Alternative(own), *(Alternative(o.term, o.p * share) for o in others)))
    if chinese and not others:
        yield from _parts(meanings, word)


def _parts(meanings: Meanings, word: str) -> Iterator[Clause]:
    """Translations of what an unknown word is made of: shorter words, or else its characters."""
    shorter = [part for part, _, _ in analyzer.words(word) if part != word]
    for part in dict.fromkeys(shorter or word):
        others = () if part in FUNCTION_WORDS else meanings.of([part])
        if others and part != word:
            yield Clause(part, others, CHARACTER if len(part) == 1 else PART_OF_WORD)


def _take(words: deque[Word], text: str, sequence: Sequence[Unit], end: int) -> list[Word]:
    """The words up to unit `end`, taken off; one that goes on after it is cut there."""
    taken = []
    while words and words[0].start < end:
        word = words.popleft()
        if word.end > end:
            tail = text[sequence[end].start : sequence[word.end - 1].end]
            words.appendleft(Word(end, word.end, tail, joins=True))
            front = word.text[: len(word.text) - len(tail)]
            word = Word(word.start, end, front, word.joins)
        taken.append(word)
    return taken
