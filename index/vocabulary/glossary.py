"""The team's own terms: a plain file, above the legal thesaurus, read again when it changes.

Each line is `terms <tab> terms [<tab> note]`, in any of the languages, terms separated by ` | `;
`#` starts a comment line. Every term of a line stands for the line's other terms. A line that
cannot be understood is left out, and `check` says why.

A line `[matter]` begins the terms of that matter alone: what a client's code name stands for must
not show in the answers of people who may not know of the client. Lines above the first of them
hold everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus import matters
from corpus.errors import InvalidMatter
from corpus.models import Scope
from index.text.normalize import fold_term
from index.vocabulary.lexical import (
    CHINESE_FUNCTION_WORDS,
    ENGLISH_FUNCTION_WORDS,
    is_chinese,
    keys,
)
from index.vocabulary.thesaurus import SEPARATOR, Concept, Thesaurus, Trust, split_terms

FILE = "glossary.tsv"
TEAM = Trust(across=0.95, within=0.6, lone_word=1.0)
# Limits, since the file is written by people and read again while questions wait.
MOST_BYTES = 2_000_000
MOST_LINES = 20_000
LONGEST_TERM = 60
MOST_TERMS = 20

EVERYWHERE = ""
"""The section of lines that hold in every matter."""
# Merged glossaries kept: one for each set of matters that is asked together.
_MOST_MERGED = 64

_SECTION = re.compile(r"\[([^\]\t]*)\]\s*")
_SPACED_COLUMNS = re.compile(r"\S {2,}\S")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line (0: the whole file), and what would fix it."""

    line: int
    what: str
    fix: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}: {self.fix}"


@dataclass(frozen=True, slots=True)
class _GlossaryLine:
    """The two term columns of line `number` as written, and the note."""

    number: int
    left: tuple[str, ...]
    right: tuple[str, ...]
    note: str


class _Sections:
    """A file as it was read once: its concepts by the folded name of their matter."""

    def __init__(self, signature: object, concepts: Iterable[tuple[str, Concept]]) -> None:
        self.signature = signature
        self._concepts = tuple(concepts)
        self._names = frozenset(section for section, _ in self._concepts)
        self._merged: dict[frozenset[str], Thesaurus] = {}

    def within(self, scope: Scope) -> Thesaurus:
        """The terms that hold in every matter, and those of the matters in scope."""
        allowed = frozenset(map(matters.fold, scope.matters))
        names = self._names if scope.is_all else self._names & (allowed | {EVERYWHERE})
        thesaurus = self._merged.get(names)
        if thesaurus is None:
            concepts = (concept for section, concept in self._concepts if section in names)
            thesaurus = Thesaurus(concepts, TEAM)
            if len(self._merged) >= _MOST_MERGED:
                self._merged = {}
            self._merged[names] = thesaurus
        return thesaurus


class Glossary:
    """The terms of a file that may come, change and go while the program runs."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = _Sections(None, ())

    def within(self, scope: Scope) -> Thesaurus:
        """What the file says now for questions within a scope.

        Costs one look at the file's time and size when it has not changed.
        """
        signature = _signature(self._path)
        sections = self._read
        # Time and size alone miss a file replaced within a tick, so the inode counts too.
        if signature != sections.signature:
            sections = _Sections(signature, _concepts(self._path))
            # One assignment, so that a thread sees the old terms or the new ones.
            self._read = sections
        return sections.within(scope)


def check(path: Path) -> list[Problem]:
    """What is wrong with a glossary file, by line; empty when nothing is."""
    text = _text(path)
    if isinstance(text, Problem):
        return [text]
    problems: list[Problem] = []
    first_seen: dict[tuple[str | None, str], int] = {}
    for number, section, raw in _lines(text):
        line = _problem_of_section(number, raw) or _parse(number, raw)
        if isinstance(line, Problem):
            problems.append(line)
        if not isinstance(line, _GlossaryLine):
            continue
        for term in line.left + line.right:
            key = section, " ".join(keys(fold_term(term)))
            before = first_seen.setdefault(key, number)
            if before != number:
                problem = f"{term!r} stands on line {before} already"
                problems.append(Problem(number, problem, "join the two lines, or leave one out"))
    if text.count("\n") >= MOST_LINES:
        problems.append(
            Problem(0, f"more than {MOST_LINES} lines", "the rest is not read: shorten the file")
        )
    return problems


def _concepts(path: Path) -> Iterator[tuple[str, Concept]]:
    text = _text(path)
    if isinstance(text, Problem):
        return
    for number, section, raw in _lines(text):
        line = _parse(number, raw)
        # Below a matter's name that cannot be read, no line may hold everywhere instead.
        if section is not None and isinstance(line, _GlossaryLine):
            terms = dict.fromkeys(fold_term(term) for term in line.left + line.right)
            chinese = tuple(term for term in terms if is_chinese(term))
            english = tuple(term for term in terms if not is_chinese(term))
            yield section, Concept(f"glossary-{number}", line.note, chinese, english)


def _text(path: Path) -> str | Problem:
    try:
        if path.stat().st_size > MOST_BYTES:
            return Problem(0, f"it is larger than {MOST_BYTES:,} bytes", "split or shorten it")
        # Excel and Notepad write a byte-order mark.
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        return Problem(0, f"byte {error.start} is not UTF-8", "save the file as UTF-8")
    except OSError as error:
        return Problem(0, f"it cannot be read: {error.strerror}", "look at its place and rights")


def _lines(text: str) -> Iterator[tuple[int, str | None, str]]:
    """The lines that say something: number, section (None where its name is wrong), text."""
    section: str | None = EVERYWHERE
    for number, line in enumerate(text.split("\n")[:MOST_LINES], 1):
        if heading := _SECTION.fullmatch(line):
            section = _section_named(heading[1])
        if line.strip() and not line.startswith("#"):
            yield number, section, line.rstrip("\r")


def _section_named(name: str) -> str | None:
    """The folded name of a matter; None for what can be none."""
    try:
        return matters.fold(name)
    except InvalidMatter:
        return None


def _problem_of_section(number: int, raw: str) -> Problem | None:
    """What is wrong with a line `[matter]`; None where nothing is, or it is another line."""
    heading = _SECTION.fullmatch(raw)
    if heading is None or _section_named(heading[1]) is not None:
        return None
    fix = "write a matter's name: letters, digits, '-', '_' or '.'"
    return Problem(number, f"{heading[1]!r} names no matter, and no line below it is used", fix)


def _parse(number: int, raw: str) -> _GlossaryLine | Problem | None:
    """A line's terms, or what is wrong with them; None for a line `[matter]`."""
    if _SECTION.fullmatch(raw):
        return None
    columns = [column.strip() for column in raw.split("\t")]
    if not 2 <= len(columns) <= 3:
        spaced = " (spaces where a tab may be meant)" if _SPACED_COLUMNS.search(raw) else ""
        return Problem(number, f"columns: {len(columns)}{spaced}", "write: terms <tab> terms")
    line = _GlossaryLine(
        number, split_terms(columns[0]), split_terms(columns[1]), "".join(columns[2:])
    )
    return next(_faults(line), line)


def _faults(line: _GlossaryLine) -> Iterator[Problem]:
    terms = line.left + line.right
    if not line.left or not line.right:
        yield Problem(line.number, "a column has no terms", "give both columns a term")
    if len(terms) > MOST_TERMS:
        yield Problem(line.number, f"more than {MOST_TERMS} terms", "keep the usual ones")
    keys_seen: set[tuple[str, ...]] = set()
    for term in terms:
        if fault := _term_fault(term):
            yield Problem(line.number, f"{term!r} {fault[0]}", fault[1])
        key = keys(fold_term(term))
        if key in keys_seen:
            fix = "keep one: script, case and word endings make no difference"
            yield Problem(line.number, f"{term!r} is there twice, as searches read it", fix)
        keys_seen.add(key)


def _term_fault(term: str) -> tuple[str, str] | None:
    folded = fold_term(term)
    if len(term) > LONGEST_TERM:
        return f"is longer than {LONGEST_TERM} characters", "a term is a name or a short phrase"
    if not keys(folded):
        return "has no letter, character or digit", f"separate terms by ' {SEPARATOR} '"
    if folded in CHINESE_FUNCTION_WORDS or set(folded.split()) <= ENGLISH_FUNCTION_WORDS:
        return "is a common word, which searches leave out", "use the words that name the thing"
    return None


def _signature(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
