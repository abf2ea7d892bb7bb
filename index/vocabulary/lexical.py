"""Folded text as dictionaries look it up: Latin words by their stems, Han characters one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import rjieba

from corpus.language.scripts import HAN, HAN_RUN
from index.text import analyzer
from index.vocabulary.bilingual_words import CHINESE_FUNCTION_WORDS, ENGLISH_FUNCTION_WORDS

_RUNS = re.compile(rf"(?P<han>[{HAN}]+)|[^\W_{HAN}]+(?:['’][^\W\d_{HAN}]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_JOINING = re.compile(r"[\s\-‐‑–·'’&/]*")
_PARTICLES = frozenset(word for word in CHINESE_FUNCTION_WORDS if len(word) == 1)


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest thing a term is made of: a Latin word or number, or one Han character.

    `start` and `end` are its span. `opens` and `closes`: whether a word may start or end here;
    always so for Latin; for Han where jieba sees a boundary or a particle stands beside it (jieba
    reads 翻译 权是 in 翻译权是): 上诉 is not found in 以上诉讼.
    `joins`: whether nothing but space or hyphens stands between it and the unit before.
    """

    key: str
    start: int
    end: int
    opens: bool = True
    closes: bool = True
    joins: bool = True


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: its units `[start, end)`, how it is written, and whether it joins."""

    start: int
    end: int
    text: str
    joins: bool


def units(text: str) -> list[Unit]:
    """The units of a folded text; spans are offsets into it."""
    found: list[Unit] = []
    end = 0
    for run in _RUNS.finditer(text):
        joins = _JOINING.fullmatch(text, end, run.start()) is not None
        end = run.end()
        if run["han"]:
            found.extend(_characters(run[0], run.start(), joins))
        else:
            found.append(Unit(analyzer.stem(run[0]), run.start(), end, joins=joins))
    return found


def words(text: str, sequence: list[Unit]) -> Iterator[Word]:
    """The words of a folded text side by side, over its units; Han ones as jieba cuts them."""
    at = 0
    while at < len(sequence):
        unit = sequence[at]
        run = HAN_RUN.match(text, unit.start)
        if run is None:
            written = _POSSESSIVE.sub("", text[unit.start : unit.end])
            yield Word(at, at + 1, written, unit.joins)
            at += 1
        for word in rjieba.cut(run[0]) if run else ():
            yield Word(at, at + len(word), word, sequence[at].joins)
            at += len(word)


@lru_cache(maxsize=1 << 14)
def keys(text: str) -> tuple[str, ...]:
    """The units' keys alone, as a table of terms is keyed."""
    found: list[str] = []
    for run in _RUNS.finditer(text):
        if run["han"]:
            found.extend(run[0])
        else:
            found.append(analyzer.stem(run[0]))
    return tuple(found)


def is_chinese(text: str) -> bool:
    """Whether any Han character is in it: 我叫MT is Chinese, MT is not."""
    return HAN_RUN.search(text) is not None


@lru_cache(maxsize=1 << 14)
def index_terms(term: str) -> tuple[str, ...]:
    """The terms under which the analyzer indexes a folded phrase: itself, or its telling words."""
    if HAN_RUN.fullmatch(term) and term in {word for word, _, _ in analyzer.words(term)}:
        return (term,)
    chinese = [word for run in HAN_RUN.findall(term) for word in rjieba.cut(run)]
    # 权 in 信息网络传播权 is everywhere; the longer words tell.
    telling = [word for word in chinese if len(word) > 1] or chinese
    latin = [run[0] for run in _RUNS.finditer(term) if not run["han"]]
    content = [word for word in latin if word not in ENGLISH_FUNCTION_WORDS] or latin
    return tuple(dict.fromkeys([*telling, *map(analyzer.stem, content)]))


def _characters(run: str, offset: int, joins: bool) -> Iterator[Unit]:
    found = analyzer.words(run)
    starts = {start for _, start, _ in found}
    ends = {end for _, _, end in found}
    for at, character in enumerate(run):
        opens = at in starts or (at > 0 and run[at - 1] in _PARTICLES)
        closes = at + 1 in ends or run[at + 1 : at + 2] in _PARTICLES
        start = offset + at
        yield Unit(character, start, start + 1, opens, closes, joins or at > 0)
