"""Text to tokens, one and the same way for documents and questions.

Kinds of token: Latin words as Snowball stems; Han runs as jieba's search-mode words and as
character bigrams; identifiers (ABC-123, www.example.com) whole and in parts; numbers, articles,
dates and dockets in canonical form (`numerals`), articles with their law's name too (`laws`).
Each keeps its span in the original text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import rjieba
import Stemmer

from corpus.language.scripts import HAN
from index.text.canonical import canonical_terms, cited
from index.text.normalize import Folded, fold, fold_term

VERSION = "4"
"""Kept in every index: one built by another version of the analyzer is rebuilt, never mixed."""

BIGRAM = "\N{BROKEN BAR}"
"""Prefix of bigram terms, so that they have statistics of their own beside words."""

_SYLLABLES = "぀-ヿ가-힯"
_LETTER = rf"(?:(?![{HAN}{_SYLLABLES}])[^\W_])"
_RUNS = re.compile(
    rf"(?P<han>[{HAN}]+)"
    rf"|(?P<syllables>[{_SYLLABLES}]+)"
    r"|(?P<identifier>[a-z0-9]+(?:[-_./@:+#&]+[a-z0-9]+)+)"
    rf"|(?P<word>{_LETTER}+(?:['’]{_LETTER}+)*)"
)
_PARTS = re.compile(r"[a-z]+|[0-9]+")
_POSSESSIVE = re.compile(r"['’]s?$")
_LONGEST_TERM = 64
_stemmer = Stemmer.Stemmer("english", 0)


@dataclass(frozen=True, slots=True)
class Token:
    """A term and the span `[start, end)` of the original text that it stands for."""

    term: str
    start: int
    end: int


TermSpan = tuple[str, int, int]
"""A term with its span in the folded text."""


def analyze(text: str) -> list[Token]:
    """The tokens of `text` in no particular order; spans are offsets into `text` itself."""
    folded = fold(text)
    return [Token(term, *folded.span(start, end)) for term, start, end in scan(folded)]


def terms(text: str) -> list[str]:
    """The terms alone, as an index takes them: those of `analyze`, without the work for offsets."""
    parts, runs = parted(text)
    return parts + bigrams(runs)


def parted(text: str) -> tuple[list[str], list[str]]:
    """The terms of `text` but for the bigrams of its Han runs, and these runs."""
    folded = fold_term(text)
    parts: list[str] = []
    runs: list[str] = []
    for match in _RUNS.finditer(folded):
        if match.lastgroup == "han":
            runs.append(match[0])
            parts += rjieba.cut_for_search(match[0])
        else:
            parts += [term for term, _, _ in _written(match)]
    parts += [term for term, _, _ in _meant(folded)]
    return parts, runs


def bigrams(runs: Iterable[str]) -> list[str]:
    """The terms of the pairs of neighbouring characters in each run."""
    return [BIGRAM + first + second for run in runs for first, second in pairwise(run)]


def scan(folded: Folded) -> Iterator[TermSpan]:
    """Tokens of an already folded text, with folded spans; the bigrams of Han runs come last."""
    runs: list[re.Match[str]] = []
    for match in _RUNS.finditer(folded.text):
        if match.lastgroup == "han":
            runs.append(match)
            yield from _shifted(words(match[0]), match.start())
        else:
            yield from _written(match)
    yield from _meant(folded.text)
    for match in runs:
        yield from _bigrams(match[0], match.start())


def _written(match: re.Match[str]) -> Iterator[TermSpan]:
    """The terms of a run in letters of another script."""
    run, start = match[0], match.start()
    match match.lastgroup:
        case "syllables":
            yield run[:_LONGEST_TERM], start, match.end()
            yield from _bigrams(run, start)
        case "identifier":
            yield run[:_LONGEST_TERM], start, match.end()
            for part in _PARTS.finditer(run):
                if not part[0].isdigit():
                    yield stem(part[0]), start + part.start(), start + part.end()
        case _:
            if not run.isdigit():
                yield stem(run), start, match.end()


def _meant(text: str) -> Iterator[TermSpan]:
    """Numbers, articles, dates and dockets, each once at its place."""
    for start, end, term in dict.fromkeys((*canonical_terms(text), *cited(text))):
        yield term, start, end


def words(run: str) -> list[TermSpan]:
    """jieba's search-mode words of a Han run: the words, and the shorter words inside them."""
    tokens: list[TermSpan] = rjieba.tokenize(run, "search")
    return tokens


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """The Snowball English stem of a folded word; other scripts' words pass as they are."""
    bare = _POSSESSIVE.sub("", word)[:_LONGEST_TERM]
    stemmed: str = _stemmer.stemWord(bare) if bare.isascii() else bare
    return stemmed


def bigram(pair: str) -> str:
    """The term of two neighbouring characters."""
    return BIGRAM + pair


def _bigrams(run: str, start: int) -> Iterator[TermSpan]:
    for at in range(len(run) - 1):
        yield BIGRAM + run[at : at + 2], start + at, start + at + 2


def _shifted(spans: Iterable[TermSpan], by: int) -> Iterator[TermSpan]:
    for term, start, end in spans:
        yield term, start + by, end + by
