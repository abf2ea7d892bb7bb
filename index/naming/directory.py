"""The names by which questions choose documents: titles, parties, courts, dockets, laws.

A directory holds the names of the documents that one scope sees and of no other, so that neither a
choice nor a refusal tells anything of what lies outside. A question's names are
looked up in it in time linear in the question's length. Directories are built when first asked
for, and kept until the library changes.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from corpus.language.scripts import HAN, HAN_RUN
from corpus.models import Scope
from index.naming import law_names
from index.naming.document_names import (
    CIRCUIT,
    FILE_SUFFIX,
    LATIN_WORD,
    LONGEST_NAME,
    OPENING,
    DocumentNames,
    LookupNames,
    circuit_name,
    names_of,
)
from index.naming.romanised import Readings, in_characters, names_by_spelling
from index.text.canonical import find_dockets
from index.text.normalize import fold_term

if TYPE_CHECKING:
    from corpus.library import Library
    from corpus.models import DocumentRecord

_COURT_SHORT = re.compile(
    r"中级?人?民?法?院|高级?人?民?法?院|地方?法?院|简易?庭?|人?民?法院|一审|二审"
)
_CASE = re.compile(r"(?:这|那|嗰|呢)?(?:个|件|单|宗|起)?的?案(?:件|子)?")
_WORD = re.compile(r"[a-z]+(?:[-'’][a-z]+)*")
# 公司法人 is no 公司法.
_NO_LAW = re.compile(r"[人院官律规制务庭学定]")
_CASE_WORD = "(?:case|court|judgment|decision|matter|ruling)s?"
_CASE_AFTER = re.compile(rf"(?: [a-z]+){{0,2}}? {_CASE_WORD}\b")
# What makes a place a court's: the Taichung case, the judgment from Ningbo.
_CASE_BEFORE = re.compile(rf"\b{_CASE_WORD} (?:in|from|of) \Z")


@dataclass(frozen=True, slots=True)
class Name:
    """A name found in a folded question: its span, and the documents that it names.

    `weight`: how surely it means a document rather than a thing that documents speak of.
    `is_party`: somebody whom the documents speak of too, so that it stays among the words searched.
    """

    start: int
    end: int
    documents: frozenset[int]
    weight: float = 1.0
    is_party: bool = False


@dataclass(frozen=True, slots=True)
class Law:
    """One edition of a law in the scope, or a part of one: its name without issuer, and its day."""

    document: int
    work: str
    date: str


@dataclass(frozen=True, slots=True)
class LawName:
    """A law named in a question, and the documents that hold it; none where the scope lacks it."""

    start: int
    end: int
    name: str
    documents: frozenset[int]


@dataclass
class DocumentDirectory:
    """The names of a scope's documents. Built once, then only read; safe to share."""

    documents: Sequence[DocumentNames]
    called: dict[tuple[str, str, str], LookupNames] = field(default_factory=dict)
    laws: dict[str, list[Law]] = field(default_factory=lambda: defaultdict(list))
    _han: dict[str, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    _latin: dict[str, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    _places: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _numbers: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _courts: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _phrases: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _law_names: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _parties: set[str] = field(default_factory=set)
    _spelt: dict[str, str] | None = None
    """By spelling in Latin letters, the party that is meant; made when first asked for."""
    _longest: int = 0
    _longest_phrase: int = 0

    @classmethod
    def of(
        cls, documents: Sequence[DocumentNames], earlier: DocumentDirectory | None = None
    ) -> DocumentDirectory:
        """The directory of these documents.

        `earlier`: one that has the names of some of them, whose openings are not needed then.
        """
        # The openings are needed only to find names, and are the largest part of the memory.
        directory = cls([replace(document, opening="") for document in documents])
        for number, document in enumerate(documents):
            names = earlier.called.get(document.key) if earlier else None
            names = directory.called[document.key] = names or names_of(document)
            directory._add(number, document, names)
        directory._longest = max(map(len, directory._han), default=0)
        directory._longest_phrase = max(
            (phrase.count(" ") + 1 for phrase in directory._phrases), default=0
        )
        return directory

    @property
    def has_latin(self) -> bool:
        """Whether a document is in another language than Chinese."""
        return any((document.language or "")[:2] != "zh" for document in self.documents)

    def __len__(self) -> int:
        return len(self.documents)

    # -- building --------------------------------------------------------------------------------

    def _add(self, number: int, document: DocumentNames, names: LookupNames) -> None:
        for name, weight in names.han.items():
            # One character is no name: 王 stands in too many words.
            if 2 <= len(name) <= LONGEST_NAME:
                self._han[name][number] = max(weight, self._han[name].get(number, 0.0))
        for token, weight in names.latin.items():
            self._latin[token][number] = max(weight, self._latin[token].get(number, 0.0))
        self._parties |= names.parties
        for place in names.places:
            self._places[place].add(number)
        for docket in names.numbers:
            self._numbers[docket].add(number)
        for phrase in names.phrases:
            self._phrases[phrase].add(number)
        for place in names.courts:
            self._courts[place].add(number)
        if names.law:
            self.laws[names.law].append(Law(number, names.law, _edition_date(document)))
            for name in law_names.names_of(names.law):
                self._law_names[name].add(number)

    def superseded_of(self, laws: Sequence[Law]) -> frozenset[int]:
        """Of editions of one law, those that a later one replaces.

        Parts of one code stand in files of their own and have different days too; so only texts
        in one language that begin alike, with the first article, replace each other.
        """
        replaced: set[int] = set()
        for law in laws:
            document = self.documents[law.document]
            for later in laws:
                successor = self.documents[later.document]
                # A part that begins later may be a volume of the same code.
                whole = self.called[document.key].starts_at_one
                whole = whole and self.called[successor.key].starts_at_one
                same = successor.language == document.language
                if same and whole and law.date and law.date < later.date:
                    replaced.add(law.document)
        return frozenset(replaced)

    def titles(self, document_ids: Collection[str]) -> dict[str, str]:
        """The titles of documents, by id, as the scope has them."""
        return {
            document.id: document.title
            for document in self.documents
            if document.id in document_ids
        }

    def resolve(self, reference: str) -> frozenset[int]:
        """The documents that a reference means: an id, a title, a file's name, or part of one.

        Of several titles that hold it, those that begin with it; none where nothing fits.
        """
        folded_reference = fold_term(
            FILE_SUFFIX.sub("", reference.strip().strip("《》\"'“”"))
        ).strip()
        if not folded_reference:
            return frozenset()
        # Ids are written in capital letters; people type small ones.
        by_id = reference.strip().upper()
        exact, opening, inside = set(), set(), set()
        for number, document in enumerate(self.documents):
            file_name = PurePosixPath(document.path.replace("\\", "/")).name
            for name in (document.title, file_name):
                folded = fold_term(FILE_SUFFIX.sub("", name)).strip()
                if document.id == by_id or folded == folded_reference:
                    exact.add(number)
                elif folded.startswith(folded_reference):
                    opening.add(number)
                # A single character would be inside most titles.
                elif len(folded_reference) > 1 and folded_reference in folded:
                    inside.add(number)
        return frozenset(exact or opening or inside)

    def engine_ids(self, numbers: Iterable[int]) -> frozenset[str]:
        """The ids of documents as engines know them."""
        chosen = [self.documents[number] for number in numbers]
        return frozenset(
            member for document in chosen for member in document.members or {document.id}
        )

    @cached_property
    def replaced(self) -> Mapping[str, frozenset[str]]:
        """By engine id of each superseded edition in the scope, the ids of those in force."""
        editions: dict[str, frozenset[str]] = {}
        for laws in self.laws.values():
            superseded = self.superseded_of(laws) if len(laws) > 1 else frozenset()
            if superseded:
                current = self.engine_ids({law.document for law in laws} - superseded)
                editions |= dict.fromkeys(self.engine_ids(superseded), current)
        return editions

    def in_characters(self, text: str, readings: Readings) -> tuple[str, dict[str, str]]:
        """A question with the parties that it spells by their sound put into their characters.

        Beside it, by party, how the question spells it.
        """
        if self._spelt is None:
            # Two threads may do it twice, to no harm.
            parties = (name for name in self._parties if HAN_RUN.fullmatch(name))
            self._spelt = names_by_spelling(parties, readings)
        return in_characters(text, self._spelt)

    # -- looking up ------------------------------------------------------------------------------

    def find_names(self, text: str) -> list[Name]:
        """The names of documents in a folded question, in order; the longest at each place."""
        names = [
            *(
                Name(law.start, law.end, law.documents, 2.0)
                for law in self.find_laws(text)
                if law.documents
            ),
            *self._find_numbers(text),
            *self._find_han(text),
            *self._find_phrases(text),
            *self._find_latin(text),
        ]
        chosen: list[Name] = []
        is_covered = [False] * (len(text) + 1)
        # The longest wins: 民法典合同编 is not the names 民法典 and 合同编.
        for name in sorted(names, key=lambda name: (name.start - name.end, name.start)):
            if not any(is_covered[name.start : name.end]):
                is_covered[name.start : name.end] = [True] * (name.end - name.start)
                chosen.append(name)
        return sorted(chosen, key=lambda name: name.start)

    def find_laws(self, text: str) -> list[LawName]:
        """The laws named in a folded question, those that the scope lacks too, in order."""
        laws: list[LawName] = []
        for run in HAN_RUN.finditer(text):
            start = run.start()
            while start < run.end():
                end = self._law_end(text, start, run.end())
                if end:
                    laws.append(self._law(start, end, text[start:end]))
                start = end or start + 1
        words = list(_WORD.finditer(text))
        at = 0
        while at < len(words):
            # A bound, so that a long question costs linear time.
            for count in range(min(12, len(words) - at), 0, -1):
                start, end = words[at].start(), words[at + count - 1].end()
                if _is_law(text[start:end], self._law_names):
                    laws.append(self._law(start, end, text[start:end]))
                    at += count - 1
                    break
            at += 1
        return sorted(laws, key=lambda law: law.start)

    def _law_end(self, text: str, start: int, stop: int) -> int:
        # Bounded for the same reason as names in English.
        for end in range(min(stop, start + 30), start + 1, -1):
            if _is_law(text[start:end], self._law_names) and not _NO_LAW.match(text, end):
                return end
        return 0

    def _law(self, start: int, end: int, name: str) -> LawName:
        return LawName(start, end, name, frozenset(self._law_names.get(name, ())))

    def _find_numbers(self, text: str) -> Iterator[Name]:
        for start, end, term in find_dockets(text):
            if documents := self._numbers.get(term):
                yield Name(start, end, frozenset(documents), 2.0)

    def _find_han(self, text: str) -> Iterator[Name]:
        for match in re.finditer(rf"[{HAN}]\d{{1,2}}", text):
            if documents := self._han.get(match[0]):
                yield Name(*match.span(), frozenset(documents), 1.0, is_party=True)
        for run in HAN_RUN.finditer(text):
            start = run.start()
            while start < run.end():
                name = self._han_at(text, start, run.end()) or self._place_at(
                    text, start, run.end()
                )
                if name:
                    yield name
                start = name.end if name else start + 1

    def _han_at(self, text: str, start: int, stop: int) -> Name | None:
        # From the longest down, so that a short name inside a long one is not taken.
        for end in range(min(stop, start + self._longest), start + 1, -1):
            entry = self._han.get(text[start:end])
            if entry:
                is_party = text[start:end] in self._parties
                return Name(start, end, frozenset(entry), max(entry.values()), is_party)
        return None

    def _place_at(self, text: str, start: int, stop: int) -> Name | None:
        """A place and a court or case after it: 铜仁中院, 彰化案."""
        # Places are kept with six characters at the most (`_add_court`).
        for end in range(min(stop, start + 6), start + 1, -1):
            documents = self._places.get(text[start:end])
            if documents:
                beyond = re.compile(r"[省市县区]?").match(text, end)
                after = beyond.end() if beyond else end
                court = _COURT_SHORT.match(text, after) or _CASE.match(text, after)
                if court:
                    return Name(start, court.end(), frozenset(documents))
        return None

    def _find_phrases(self, text: str) -> Iterator[Name]:
        words = list(LATIN_WORD.finditer(text))
        for at in range(len(words)):
            # A phrase of one word is handled by `_find_latin`.
            for count in range(min(self._longest_phrase, len(words) - at), 1, -1):
                phrase = " ".join(word[0] for word in words[at : at + count])
                if documents := self._phrases.get(phrase):
                    start, end = words[at].start(), words[at + count - 1].end()
                    yield Name(start, end, frozenset(documents), 1.5)
                    break
        for at, word in enumerate(words):
            for place in words[at : at + 2]:
                yield from self._court_at(text, word.start(), place.end())
        for match in CIRCUIT.finditer(text):
            if documents := self._phrases.get(circuit_name(match)):
                yield Name(match.start(), match.end(), frozenset(documents), 1.5)

    def _court_at(self, text: str, start: int, end: int) -> Iterator[Name]:
        """A place in English, where a case or a court is named beside it."""
        documents = self._courts.get(text[start:end])
        if not documents:
            return
        after = _CASE_AFTER.match(text, end)
        if after or _CASE_BEFORE.search(text, max(0, start - 20), start):
            yield Name(start, after.end() if after else end, frozenset(documents))

    def _find_latin(self, text: str) -> Iterator[Name]:
        for word in LATIN_WORD.finditer(text):
            token = word[0].removesuffix("'s").removesuffix("’s")
            entry = self._latin.get(token)
            if entry:
                is_party = token in self._parties
                yield Name(
                    word.start(), word.end(), frozenset(entry), max(entry.values()), is_party
                )


def _is_law(name: str, held: Mapping[str, set[int]]) -> bool:
    return name in held or name in law_names.known_names()


def _edition_date(document: DocumentNames) -> str:
    """The day that makes the edition: as its facts say, else as its name does."""
    edition = document.facts.edition
    if edition and edition.date:
        return edition.date
    named = re.search(r"(?:19|20)\d\d(?:-\d\d){0,2}", f"{document.title} {document.path}")
    return named[0] if named else ""


SCOPES_KEPT = 32
"""Directories in memory; one of a thousand documents takes about a megabyte."""


class Directories:
    """Directories by scope. Safe to share between threads.

    What a document is called comes from the library within the scope alone. A document's own names
    are worked out once, as long as it is called the same: after a change, only new ones are read.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._directories: OrderedDict[Scope, tuple[int, DocumentDirectory]] = OrderedDict()

    def of(self, scope: Scope) -> DocumentDirectory:
        """The directory of what the scope sees now."""
        revision = self._library.revision()
        with self._lock:
            cached = self._directories.get(scope)
            if cached and cached[0] == revision:
                self._directories.move_to_end(scope)
                return cached[1]
        # Reading takes long and stays outside the lock; two threads may do it twice, to no harm.
        earlier = cached[1] if cached else None
        if cached and earlier and not self._library.changed_since(cached[0], scope):
            # What changed lies outside the scope: building anew would tell of it by the time.
            directory = earlier
        else:
            directory = DocumentDirectory.of(list(self._documents(scope, earlier)), earlier)
        with self._lock:
            self._directories[scope] = revision, directory
            self._directories.move_to_end(scope)
            while len(self._directories) > SCOPES_KEPT:
                self._directories.popitem(last=False)
        return directory

    def _documents(
        self, scope: Scope, earlier: DocumentDirectory | None
    ) -> Iterator[DocumentNames]:
        records = [record for record in self._library.documents(scope) if record.matters]
        names_by_key = earlier.called if earlier else {}
        fresh = [record.id for record in records if _called(record) not in names_by_key]
        openings = self._library.openings(fresh, OPENING)
        for record in records:
            yield DocumentNames(
                id=record.id,
                title=record.title,
                path=record.path or "",
                date=record.date,
                language=record.language,
                facts=record.facts,
                opening=openings.get(record.id, ""),
            )


def _called(record: DocumentRecord) -> tuple[str, str, str]:
    return record.id, record.title, record.path or ""
