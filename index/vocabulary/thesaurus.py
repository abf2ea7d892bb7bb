"""Legal concepts and the terms that name them, in Traditional, Simplified and English.

A file of concepts is lines of tab-separated columns, `#` lines being comments: id, sense,
Traditional terms, Simplified terms, English terms; within a column, terms are separated by ` | `,
the usual one first. A term that stands in several concepts has several senses.

Each term of a concept stands for the concept's other terms: across languages with high probability,
within a language with a low one. A passage that holds any of them speaks of the concept, so
synonyms do not share one mass of probability (structured queries: A. Pirkola, SIGIR 1998).

A second file has everyday words: in its columns, what people say stands before ` => `, and what the
law says after it. Only what people say names the concept: a question in the law's own words needs
no everyday ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.engine.protocol import Alternative
from index.text.normalize import fold_term
from index.vocabulary.lexical import TermUnit, index_terms, is_chinese, keys, units

FILE = Path(__file__).with_name("thesaurus.tsv")
EVERYDAY_FILE = Path(__file__).with_name("everyday.tsv")
SEPARATOR = "|"
IS_IN_LAW = "=>"
COLUMNS = 5
ORGANISATION = "organisation"
"""The sense of concepts that are names of companies and media."""
UNMISTAKABLE = 4
"""This many units are a term wherever they stand; fewer may lie across two words by chance."""
SUREST = 0.9
"""How probably a statute that means an everyday word has the law's first term for it."""
FALLING = 0.1
"""A synonym's probability is divided by 1 + this for each place it stands down its column."""


@dataclass(frozen=True, slots=True)
class Trust:
    """How probably a concept's first term says what a question's term says.

    `across`: in the other language; `within`: in the same one. `lone_word`: what a single English
    word in the question counts for beside a phrase, or beside Chinese.
    """

    across: float
    within: float
    lone_word: float


LEGAL = Trust(across=0.9, within=0.3, lone_word=2 / 3)
"""A single English word has senses outside the law: award, charge, work."""
EVERYDAY = Trust(across=0.3, within=0.3, lone_word=2 / 3)
"""An everyday word mostly means itself; the law speaks of its subject in several ways."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One meaning: its id, the sense in which its terms are taken, and the terms, folded.

    `chinese` holds Simplified terms first, then Traditional ones that fold to something else.
    `answers`: those of the terms that answer to the concept's name and do not name it themselves.
    """

    id: str
    sense: str
    chinese: tuple[str, ...]
    english: tuple[str, ...]
    answers: frozenset[str] = frozenset()

    @property
    def terms(self) -> tuple[str, ...]:
        return self.chinese + self.english

    @property
    def names(self) -> tuple[str, ...]:
        """The terms that name it."""
        return tuple(term for term in self.terms if term not in self.answers)

    @property
    def first_legal_term(self) -> str:
        """The usual one of the terms that answer, empty where all of them name it."""
        return next((term for term in self.terms if term in self.answers), "")


@dataclass(frozen=True, slots=True)
class ConceptMatch:
    """Units `[start, end)` of a text, and the concepts that they name."""

    start: int
    end: int
    concepts: tuple[Concept, ...]


class Thesaurus:
    """Concepts by the terms that name them. Immutable; safe to share between threads."""

    def __init__(self, concepts: Iterable[Concept], trust: Trust = LEGAL) -> None:
        self.concepts = tuple(concepts)
        self._trust = trust
        self._by_name: dict[tuple[str, ...], list[Concept]] = defaultdict(list)
        lengths: dict[str, set[int]] = defaultdict(set)
        for concept in self.concepts:
            for key in dict.fromkeys(map(keys, concept.names)):
                if key:
                    self._by_name[key].append(concept)
                    lengths[key[0]].add(len(key))
        # The longest first, so that a longer term is never hidden by its own beginning.
        self._lengths = {first: sorted(many, reverse=True) for first, many in lengths.items()}

    def longest(self, text: Sequence[TermUnit], at: int) -> ConceptMatch | None:
        """The concepts of the longest term that starts at unit `at`, as whole words."""
        for length in self._lengths.get(text[at].key, ()):
            end = at + length
            if end <= len(text) and _is_whole(text[at:end]):
                concepts = self._by_name.get(tuple(unit.key for unit in text[at:end]))
                if concepts:
                    return ConceptMatch(at, end, tuple(concepts))
        return None

    def concepts_of(self, term: str) -> tuple[Concept, ...]:
        """The concepts that a folded term names, as a whole."""
        return tuple(self._by_name.get(keys(term), ()))

    def matches(self, text: str) -> list[ConceptMatch]:
        """The concepts that a folded text names, left to right, the longest term at each place."""
        matches: list[ConceptMatch] = []
        sequence = units(text)
        at = 0
        while at < len(sequence):
            match = self.longest(sequence, at)
            if match:
                matches.append(match)
            at = match.end if match else at + 1
        return matches

    def alternatives(self, phrase: str, concepts: Sequence[Concept]) -> tuple[Alternative, ...]:
        """Index terms of the concepts' terms other than `phrase`, the most probable first.

        `phrase` is the term as the question has it, folded; its language decides what lies across.
        A term of several words hands its probability to them in equal parts, unless one of them
        names the concept by itself.
        """
        trust = self._trust
        if is_chinese(phrase):
            chinese, english, share = trust.within, trust.across, 1.0
        else:
            chinese, english = trust.across, trust.within
            share = trust.lone_word if len(keys(phrase)) == 1 else 1.0
        # The square root: a term of two senses is less sure, but more than half as sure.
        share *= len(concepts) ** -0.5
        weights: dict[str, float] = defaultdict(float)
        for concept in concepts:
            single = {parts[0] for term in concept.terms if len(parts := index_terms(term)) == 1}
            for terms, p in ((concept.chinese, chinese), (concept.english, english)):
                for place, term in enumerate(terms):
                    parts = index_terms(term)
                    # A part that is a term by itself already stands for the concept.
                    if keys(term) != keys(phrase) and (len(parts) == 1 or single.isdisjoint(parts)):
                        _raise(weights, parts, share * p / (1 + FALLING * place))
        return _ranked(weights)

    def in_law(self, concepts: Sequence[Concept]) -> tuple[Alternative, ...]:
        """Index terms of what the law says for everyday words, the most probable first."""
        weights: dict[str, float] = defaultdict(float)
        for concept in concepts:
            for terms in (concept.chinese, concept.english):
                answers = [term for term in terms if term in concept.answers]
                for place, term in enumerate(answers):
                    p = SUREST * len(concepts) ** -0.5 / (1 + FALLING * place)
                    _raise(weights, index_terms(term), p)
        return _ranked(weights)


def load(path: Path = FILE, trust: Trust = LEGAL) -> Thesaurus:
    """The thesaurus of a file in the format above; ValueError names the line that breaks it."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            columns = line.split("\t")
            # An error and no skip: the file ships with the program, so a bad line is a bug.
            if len(columns) != COLUMNS:
                raise ValueError(f"{path}:{number}: {len(columns)} columns, expected {COLUMNS}")
            rows.append([column.strip() for column in columns])
    return Thesaurus(_concepts(rows), trust)


@cache
def legal() -> Thesaurus:
    """The law's own words, as they ship with the program."""
    return load()


@cache
def everyday() -> Thesaurus:
    """What people say, and what the law says of it, as it ships with the program."""
    return load(EVERYDAY_FILE, EVERYDAY)


def split_terms(column: str) -> tuple[str, ...]:
    """The terms of a column."""
    return tuple(term for part in column.split(SEPARATOR) if (term := part.strip()))


def _concepts(rows: Sequence[Sequence[str]]) -> Iterator[Concept]:
    traditional, simplified, english = (_folded([row[at] for row in rows]) for at in (2, 3, 4))
    for row, *columns in zip(rows, traditional, simplified, english, strict=True):
        (taiwan, mainland, latin) = (_sides(column) for column in columns)
        everyday = dict.fromkeys(mainland[0] + taiwan[0])
        in_law = dict.fromkeys(mainland[1] + taiwan[1])
        chinese = tuple(dict.fromkeys([*in_law, *everyday]))
        names = {*everyday, *latin[0]}
        answers = frozenset(term for term in (*in_law, *latin[1]) if term not in names)
        yield Concept(row[0], row[1], chinese, latin[1] + latin[0], answers)


def _sides(column: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What people say, and what the law says; without a divider all of it names the concept."""
    everyday, _, in_law = column.partition(IS_IN_LAW)
    return split_terms(everyday), split_terms(in_law)


def _folded(column: Sequence[str]) -> list[str]:
    # One call folds a whole column: a call a term would take most of the time to load.
    return fold_term("\n".join(column)).split("\n")


def _is_whole(part: Sequence[TermUnit]) -> bool:
    """Whether units may be a term: no punctuation inside, and words begin and end where they do."""
    if not all(unit.joins for unit in part[1:]):
        return False
    return len(part) >= UNMISTAKABLE or (part[0].opens and part[-1].closes)


def _raise(weights: dict[str, float], parts: Sequence[str], p: float) -> None:
    for part in parts:
        weights[part] = max(weights[part], p / len(parts))


def _ranked(weights: Mapping[str, float]) -> tuple[Alternative, ...]:
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Alternative(term, p) for term, p in ranked)
