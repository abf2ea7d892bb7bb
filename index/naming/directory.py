"""The names by which questions choose documents: titles, parties, courts, dockets, laws.

A directory holds the names of the documents that one scope sees and of no other, so that neither a
choice nor a refusal tells anything of what lies outside. It is built from what the library knows of
documents (titles and file names within the scope, `DocumentFacts`) and from the first lines of
their text, where parties stand. A question's names are looked up in it in time linear in the
question's length.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePosixPath
from urllib.parse import unquote

import rjieba

from corpus.language.scripts import HAN, HAN_RUN
from corpus.models import DocumentFacts
from index.naming import law_names
from index.naming.places import english_names
from index.query.question import people_spans
from index.text.analyzer import stem
from index.text.canonical import canonical_terms
from index.text.normalize import fold_term
from index.text.stopwords import ENGLISH
from index.vocabulary.neighbours import shipped

LONGEST_NAME = 40
"""Characters of a Chinese name that is looked for; the whole of a longer one is never typed."""
COMMON_WORD = 0.3
"""The weight of a word of the language in a title: it tells documents apart that are named by other
words, and chooses none by itself."""
OPENING = 2_000
"""Characters at a document's head in which its parties are looked for."""

_SUFFIX = re.compile(r"\.(?:pdf|docx?|txt|md|html?|mht(?:ml)?|eml|odt|rtf)$", re.IGNORECASE)
_GAPS = re.compile(r"[\s\u3000]+")
# Longer forms stand first: a regular expression takes the first alternative that fits.
_COMPANY = re.compile(
    rf"[{HAN}]{{2,30}}?(?:有限责任公司|股份有限公司|有限公司|公司|合作社|事务所|银行|医院|集团|委员会)"
    rf"(?:[{HAN}]{{1,12}}(?:分公司|支公司|支行|分行|店))?"
)
_ROLE = (
    r"原\s*告|被\s*告\s*人?|上\s*诉\s*人|被\s*上\s*诉\s*人|申\s*请\s*人|被\s*申\s*请\s*人|第\s*三\s*人|自\s*诉\s*人|被\s*害\s*人|罪\s*犯"
    r"|异\s*议\s*人|再\s*审\s*申\s*请\s*人|抗\s*告\s*人|相\s*对\s*人|声\s*请\s*人|甲\s*方|乙\s*方|丙\s*方|出租方|承租方|买方|卖方|委托人|受托人"
)
# Roles may be spaced out (原 告) in Taiwan's judgments.
_PARTY = re.compile(
    rf"(?:^|\n)\s*(?:附带民事诉讼)?(?:{_ROLE})(?:\([^()\n]{{1,30}}\))?\s*[::]?[\s\u3000]*"
    rf"(?P<name>[{HAN}·]{{2,4}}|[{HAN}]\d{{1,2}}|[{HAN}\d·]{{2,30}}(?:公司|店|社|行|院|校|所|厂|局|会|中心|集团|府))"
    r"(?=[\s,、;。()]|$)"
)
# A line of a caption that is one more party, under those of the same role.
_ANOTHER_PARTY = re.compile(rf"\n[ \t\u3000]{{4,}}(?P<name>[{HAN}]{{2,5}})[ \t\u3000]*(?=\n)")
# Characters at the head within which a line can be one more party.
CAPTION = 600
_COMPANY_WORDS = re.compile(
    r"(?:股份|有限|责任|集团)*(?:有限)?(?:责任)?公司.*$|股份.*$|合作社$|事务所$"
)
_PLACE = re.compile(rf"[{HAN}]{{2,5}}?(?:特别行政区|自治[区州县旗]|省|市|县|区|州|盟|旗)")
# The level may be cut to one character (中院, 高院), as lawyers write.
_COURT = re.compile(
    rf"(?P<places>[{HAN}]{{2,20}}?)(?P<level>高级|中级|最高|知识产权|海事|互联网|高等|地方|简易|行政|地|高)?(?:人民)?(?:法?院)"
)
_COURT_SHORT = re.compile(
    r"中级?人?民?法?院|高级?人?民?法?院|地方?法?院|简易?庭?|人?民?法院|一审|二审"
)
_CASE = re.compile(r"(?:这|那|嗰|呢)?(?:个|件|单|宗|起)?的?案(?:件|子)?")
_FIRST_ARTICLE = re.compile(
    r"第\s*(?:一|1)\s*条|\barticle 1\b|\bsection 1\b|^\s*1\.?\s", re.MULTILINE
)
_WORD = re.compile(r"[a-z]+(?:[-'’][a-z]+)*")
# 公司法人 is no 公司法.
_NO_LAW = re.compile(r"[人院官律规制务庭学定]")
_LATIN = re.compile(r"[a-z0-9][a-z0-9]*(?:['’][a-z]+)?")
_CIRCUIT = re.compile(
    r"(?P<n>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|federal"
    r"|1st|2d|2nd|3d|3rd|[4-9]th|1[01]th|d\.?\s?c\.?)\s+cir(?:cuit|\.)?",
    re.IGNORECASE,
)
_CASE_WORD = "(?:case|court|judgment|decision|matter|ruling)s?"
_CASE_AFTER = re.compile(rf"(?: [a-z]+){{0,2}}? {_CASE_WORD}\b")
# What makes a place a court's: the Taichung case, the judgment from Ningbo.
_CASE_BEFORE = re.compile(rf"\b{_CASE_WORD} (?:in|from|of) \Z")
_ORDINALS = dict(
    zip(
        ("1st", "2d", "2nd", "3d", "3rd", "4th", "5th", "6th", "7th", "8th", "9th", "10th", "11th"),
        ("first", "second", "second", "third", "third", "fourth", "fifth", "sixth", "seventh",
         "eighth", "ninth", "tenth", "eleventh"),
        strict=True,
    )
)  # fmt: skip
_NUMBER = re.compile(r"\b\d{1,2}[-:]\d{3,6}(?:-[a-z]{2,4})?\b|\b\d{4} [a-z]{3,6} \d{1,5}\b")
_CAPITALISED = re.compile(r"\b[A-Z][A-Za-z'’.\-]*[A-Za-z]\b|\b[A-Z]{2,}\b")
_LOWER = re.compile(r"(?<![./@\w])[a-z]{2,}(?![./@\w])")
# Words of titles and captions that every other document has too: they choose none.
_FORMAL = frozenset(
    """
    agreement contract policy terms statement notice form act law code regulation rules order
    judgment opinion decision appeal appeals court courts circuit district united states case
    document page file filed final draft version template sample standard general mutual non
    disclosure nda confidentiality confidential privacy service services data use user license
    lease employment plaintiff defendant appellant appellee petitioner respondent claimant
    versus county city state inc llc ltd llp corp company limited the and of for between party
    parties v vs no docket number january february march april may june july august september
    october november december mr mrs ms dr judge justice chief senior before upper tribunal high
    division chamber kingdom bench chancery commercial property tax appellate neutral citation
    """.split()
)


_NO_FACTS = DocumentFacts()


@dataclass(frozen=True, slots=True)
class DocumentNames:
    """What a document is called within a scope. `opening`: the first of its text."""

    id: str
    title: str
    path: str = ""
    date: str | None = None
    language: str | None = None
    facts: DocumentFacts = _NO_FACTS
    opening: str = ""
    members: frozenset[str] = frozenset()
    """The ids under which an engine has its passages, where that is not `id` alone."""

    @property
    def key(self) -> tuple[str, str, str]:
        """What its names follow from, since its text never changes."""
        return self.id, self.title, self.path


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
    called: dict[tuple[str, str, str], _Names] = field(default_factory=dict)
    laws: dict[str, list[Law]] = field(default_factory=lambda: defaultdict(list))
    _han: dict[str, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    _latin: dict[str, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    _places: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _numbers: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _courts: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _phrases: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _law_names: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _parties: set[str] = field(default_factory=set)
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

    def _add(self, number: int, document: DocumentNames, names: _Names) -> None:
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
        folded_reference = fold_term(_SUFFIX.sub("", reference.strip().strip("《》\"'“”"))).strip()
        if not folded_reference:
            return frozenset()
        # Ids are written in capital letters; people type small ones.
        by_id = reference.strip().upper()
        exact, opening, inside = set(), set(), set()
        for number, document in enumerate(self.documents):
            file_name = PurePosixPath(document.path.replace("\\", "/")).name
            for name in (document.title, file_name):
                folded = fold_term(_SUFFIX.sub("", name)).strip()
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
        for start, end, term in _dockets(text):
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
        words = list(_LATIN.finditer(text))
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
        for match in _CIRCUIT.finditer(text):
            if documents := self._phrases.get(_circuit(match)):
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
        for word in _LATIN.finditer(text):
            token = word[0].removesuffix("'s").removesuffix("’s")
            entry = self._latin.get(token)
            if entry:
                is_party = token in self._parties
                yield Name(
                    word.start(), word.end(), frozenset(entry), max(entry.values()), is_party
                )


@dataclass
class _Names:
    """The names of one document, by how they are looked up."""

    han: dict[str, float] = field(default_factory=dict)
    latin: dict[str, float] = field(default_factory=dict)
    parties: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    phrases: set[str] = field(default_factory=set)
    courts: set[str] = field(default_factory=set)
    """English names of the places of its courts."""
    law: str = ""
    starts_at_one: bool = False
    """Whether its text begins with a first article: an edition of a law, and no part of one."""


def names_of(document: DocumentNames) -> _Names:
    """The names of a document."""
    names = _Names()
    # Files from the web keep percent codes in their names.
    stem = _SUFFIX.sub("", unquote(PurePosixPath(document.path.replace("\\", "/")).name))
    title = _SUFFIX.sub("", unquote(document.title))
    law = law_names.law_of(document.facts.work or title) or law_names.law_of(stem)
    for text in dict.fromkeys((title, stem)):
        _add_title(names, text, is_law=bool(law))
    facts = document.facts
    for fact in filter(None, (facts.court, facts.docket, facts.neutral_citation)):
        _add_court(names, fold_term(fact))
        names.numbers.update(term for _, _, term in _dockets(fold_term(fact)))
    for party in document.facts.parties:
        _add_party(names, fold_term(party), 1.0)
    opening = document.opening[:OPENING]
    # The head of a law or a letter names people who are no parties.
    if document.facts.kind in (None, "judgment", "contract", "filing", "decision"):
        _add_opening(names, opening)
    names.starts_at_one = _FIRST_ARTICLE.search(fold_term(opening)) is not None
    names.law = law
    return names


def _add_title(names: _Names, title: str, *, is_law: bool) -> None:
    folded = fold_term(title)
    names.numbers.update(term for _, _, term in _dockets(folded))
    _add_court(names, folded)
    for run in HAN_RUN.findall(folded):
        if len(run) >= 4:
            names.han.setdefault(run, 1.5)
        if is_law:
            continue  # no company is called 中华人民共和国公司
        for company in _COMPANY.findall(run):
            _add_party(names, company, 1.0)
        for start, end in people_spans(run):
            person = run[start:end]
            names.han.setdefault(person, 1.0)
            names.parties.add(person)
    words = _LATIN.findall(re.sub(r"[_\-]+", " ", folded))
    if 2 <= len(words) <= 8:
        names.phrases.add(" ".join(words))
    initials = "".join(word[0] for word in words if word not in {"of", "the", "and", "for", "in"})
    if 3 <= len(initials) <= 6 and len(words) <= 7 and initials.isalpha():
        # The CSA is the Cloud Service Agreement: few other words are spelt so.
        names.latin.setdefault(initials, 0.9)
    # SqillerBetaTesters is typed as three words.
    apart = fold_term(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", title))
    for word in (*words, *_LATIN.findall(re.sub(r"[_\-]+", " ", apart))):
        if _is_proper(word):
            names.latin.setdefault(word, COMMON_WORD if is_common_word(word) else 1.0)


def _add_court(names: _Names, folded: str) -> None:
    for match in _COURT.finditer(folded):
        places = match["places"].removeprefix("中华人民共和国").removeprefix("台湾")
        for place in _PLACE.findall(places) or [places]:
            bare = re.sub(r"(?:特别行政区|自治[区州县旗]|省|市|县|区|州|盟|旗)$", "", place)
            if 2 <= len(bare) <= 6 and bare != "最高":
                names.places.add(bare)
                for english in english_names(bare):
                    names.courts.add(english)
        whole = match[0]
        if len(whole) >= 5:
            names.han.setdefault(whole, 1.0)
    for match in _CIRCUIT.finditer(folded):
        names.phrases.add(_circuit(match))


def _add_party(names: _Names, party: str, weight: float) -> None:
    party = _GAPS.sub("", party)
    numbered = re.fullmatch(rf"[{HAN}]\d{{1,2}}", party)  # 张3, as published judgments hide names
    for run in [party] if numbered else HAN_RUN.findall(party):
        for name in (run, *short_company_names(run)):
            names.han.setdefault(name, weight)
            names.parties.add(name)
    for word in _LATIN.findall(party):
        if _is_proper(word):
            names.latin.setdefault(word, COMMON_WORD if is_common_word(word) else weight)
            names.parties.add(word)


def _add_opening(names: _Names, opening: str) -> None:
    folded = fold_term(opening)
    for match in _ANOTHER_PARTY.finditer(folded[:CAPTION]):
        _add_party(names, match["name"], 1.0)
    for match in _PARTY.finditer(folded):
        _add_party(names, _GAPS.sub("", match["name"]), 1.0)
    for match in _CIRCUIT.finditer(folded):
        names.phrases.add(_circuit(match))
    names.numbers.update(term for _, _, term in _dockets(folded[:600]))
    # A word that also stands in small letters is a common noun at the start of a sentence.
    lower = set(_LOWER.findall(opening))
    for match in _CAPITALISED.finditer(opening[:1200]):
        word = match[0].casefold().removesuffix("'s").removesuffix("’s").strip(".")
        if word not in lower and _is_proper(word):
            names.latin.setdefault(word, COMMON_WORD if is_common_word(word) else 0.6)
            names.parties.add(word)


def short_company_names(company: str) -> Iterator[str]:
    """How people shorten a company's name: 群宏交通企业有限公司 -> 群宏交通企业, 群宏交通."""
    if not _COMPANY.fullmatch(company):
        return
    core = _COMPANY_WORDS.sub("", _PLACE.sub("", company, count=1) or company)
    core = core.removeprefix("中国") or core
    if len(core) >= 2 and core != company:
        yield core
        words = rjieba.cut(core)
        for count in range(1, len(words)):
            short = "".join(words[:count])
            # Two characters that are a word of the language would match by accident.
            if len(short) >= 4 or (len(short) >= 2 and not rjieba.has_word(short)):
                yield short
        if len(words) >= 2 and len(core) > 4:
            # 平安财产保险 is called 平安保险: the first word, and the last two characters.
            yield words[0] + core[-2:]
            yield words[0] + "公司"


def is_common_word(word: str) -> bool:
    """Whether a small Latin word is one of the language, which a text may hold by accident."""
    term = stem(word)
    return bool(shipped().within(term) or shipped().across(term))


def _is_proper(word: str) -> bool:
    """Whether a word of a title can choose a document: no word that titles share."""
    return (
        len(word) >= 2
        and not word.isdigit()
        and word not in _FORMAL
        and word not in ENGLISH
        and not word.endswith("'s")
    )


def _is_law(name: str, held: Mapping[str, set[int]]) -> bool:
    return name in held or name in law_names.known_names()


def _dockets(text: str) -> Iterator[tuple[int, int, str]]:
    """The docket numbers of a folded text, in canonical form."""
    for start, end, term in canonical_terms(text):
        if term.startswith("docket:"):
            yield start, end, term
    # Same length as the text, so that spans stay right.
    plain = re.sub(r"[\[\]()]", " ", text)
    for match in _NUMBER.finditer(plain):
        yield match.start(), match.end(), match[0].replace(":", "-")


def _circuit(match: re.Match[str]) -> str:
    ordinal = re.sub(r"[.\s]", "", match["n"].casefold())
    return f"{_ORDINALS.get(ordinal, ordinal)} circuit"


def _edition_date(document: DocumentNames) -> str:
    """The day that makes the edition: as its facts say, else as its name does."""
    edition = document.facts.edition
    if edition and edition.date:
        return edition.date
    named = re.search(r"(?:19|20)\d\d(?:-\d\d){0,2}", f"{document.title} {document.path}")
    return named[0] if named else ""
