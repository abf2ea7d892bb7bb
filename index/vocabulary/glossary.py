"""The team's own terms: a plain file, above the legal thesaurus, read again when it changes.

Each line is `terms <tab> terms [<tab> note]`, in any of the languages, terms separated by ` | `;
`#` starts a comment line. Every term of a line stands for the line's other terms. A line that
cannot be understood is left out, and `check` says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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


class Glossary:
    """The terms of a file that may come, change and go while the program runs."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read: tuple[object, Thesaurus] = (None, Thesaurus((), TEAM))

    def current(self) -> Thesaurus:
        """What the file says now; costs one look at its time and size when it has not changed."""
        signature = _signature(self._path)
        last_signature, thesaurus = self._read
        # Time and size alone miss a file replaced within a tick, so the inode counts too.
        if signature != last_signature:
            thesaurus = Thesaurus(_concepts(self._path), TEAM)
            # One assignment, so that a thread sees the old pair or the new one.
            self._read = (signature, thesaurus)
        return thesaurus


def check(path: Path) -> list[Problem]:
    """What is wrong with a glossary file, by line; empty when nothing is."""
    text = _text(path)
    if isinstance(text, Problem):
        return [text]
    problems: list[Problem] = []
    first_seen: dict[str, int] = {}
    for number, raw in _lines(text):
        line = _parse(number, raw)
        if isinstance(line, Problem):
            problems.append(line)
            continue
        for term in line.left + line.right:
            before = first_seen.setdefault(" ".join(keys(fold_term(term))), number)
            if before != number:
                problem = f"{term!r} stands on line {before} already"
                problems.append(Problem(number, problem, "join the two lines, or leave one out"))
    if text.count("\n") >= MOST_LINES:
        problems.append(
            Problem(0, f"more than {MOST_LINES} lines", "the rest is not read: shorten the file")
        )
    return problems


def _concepts(path: Path) -> Iterator[Concept]:
    text = _text(path)
    if isinstance(text, Problem):
        return
    for number, raw in _lines(text):
        line = _parse(number, raw)
        if isinstance(line, _GlossaryLine):
            terms = dict.fromkeys(fold_term(term) for term in line.left + line.right)
            chinese = tuple(term for term in terms if is_chinese(term))
            english = tuple(term for term in terms if not is_chinese(term))
            yield Concept(f"glossary-{number}", line.note, chinese, english)


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


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.split("\n")[:MOST_LINES], 1):
        if line.strip() and not line.startswith("#"):
            yield number, line.rstrip("\r")


def _parse(number: int, raw: str) -> _GlossaryLine | Problem:
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
