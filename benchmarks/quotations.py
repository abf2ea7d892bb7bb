"""How well are quotations checked?  Found, altered, absent and in the other script, with times.

    python -m benchmarks.quotations FOLDER... [--passages 100000] [--each 60]

Sentences are drawn from the documents in the folders and altered in ways that are known, so that
each verdict and each difference can be compared with what was done. Every fifth document is not
filed: its sentences are the absent ones. `--passages` adds passages of random words, in which a
search takes as long as in a library of that size.
"""

from __future__ import annotations

import argparse
import difflib
import json
import random
import re
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jieba
import opencc

from benchmarks import synthetic
from benchmarks.absent_quotations import FRAMES, invented, spliced
from corpus.language.scripts import language_of
from corpus.language.sentences import find_sentences
from corpus.library import Library
from corpus.models import Reading, Scope
from corpus.reading.read import read
from corpus.storage.database import open_database
from index.quotations.candidates import folded_text
from index.quotations.check import QuotationCheck
from index.quotations.extraction import count_han, count_words
from index.search import Searcher

SEED = 20250302
SHORTEST, LONGEST = 12, 160
"""Characters of a sentence in Chinese; of one in English, three times as many."""
_SCRIPTS = {"zh-Hans": ("s2t", "s2tw", "s2hk"), "zh-Hant": ("t2s", "tw2s")}
_random = random.Random(SEED)  # noqa: S311 - the same cases at every run
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*|[一二三四五六七八九十百千]+(?=[年月日天元倍条人个岁个])")
_MODALS = {
    "应当": "可以", "可以": "应当", "必须": "可以", "應當": "可以", "應": "得", "得": "應",
    "shall": "may", "may": "shall", "must": "may", "should": "must", "will": "may",
}  # fmt: skip
_NOT = ("不", "未", " not ")
_NAMES = {"zh": ("甘露公司", "齐某某"), "en": ("Quillbrook", "Farnsby")}


@dataclass(frozen=True, slots=True)
class Case:
    """A quotation, what was done to it, and what should be said of it."""

    kind: str
    language: str
    text: str
    verdict: str
    change: tuple[int, str, str] | None = None
    """Where something else was written, what, and what stood there."""


@dataclass(slots=True)
class Tally:
    """What became of the cases of one kind."""

    cases: int = 0
    verdicts: int = 0
    exact: int = 0
    milliseconds: list[float] | None = None


def sentences(readings: Sequence[Reading]) -> dict[str, list[str]]:
    """Sentences of a fitting length by language, in random order."""
    by_language: dict[str, list[str]] = defaultdict(list)
    for reading in readings:
        for passage in reading.passages:
            for start, end in find_sentences(passage.text, 0, len(passage.text)):
                text = passage.text[start:end].strip()
                language = (language_of(text) or "")[:7]
                size = 3 if language == "en" else 1
                if language and SHORTEST * size <= len(text) <= LONGEST * size:
                    enough = count_han(text) >= 8 or count_words(text) >= 5
                    if enough and "\n" not in text and "[" not in text:
                        by_language[language].append(text)
    for texts in by_language.values():
        _random.shuffle(texts)
    return by_language


def spanning(readings: Sequence[Reading]) -> Iterator[str]:
    """Texts over the border of two passages."""
    for reading in readings:
        for before, after in zip(reading.passages, reading.passages[1:], strict=False):
            start, end = max(before.start, before.end - 50), min(after.end, after.start + 60)
            if after.start - before.end < 20:
                yield reading.text[start:end].strip()


def altered(text: str, language: str) -> Iterator[Case]:
    """The text with one thing changed, in each way that it offers."""
    figures = list(_FIGURE.finditer(text))
    if figures:
        match = _random.choice(figures)
        other = "七" if "一" <= match[0][0] <= "龥" else str(int(re.sub(r"\D", "", match[0])) + 7)
        if other != match[0]:
            yield _changed("number", language, text, match.start(), match[0], other)
    for modal, other in _MODALS.items():
        found = re.search(rf"\b{modal}\b" if modal.isascii() else modal, text)
        if found and len(modal) > 1:
            yield _changed("modal", language, text, found.start(), modal, other)
            break
    for word in _NOT:
        if word in text:
            at = text.index(word)
            gap = " " if word.isascii() else ""
            yield _changed("negation", language, text, at, word, gap)
            break
    words = _words(text)
    if words:
        at, word = _random.choice(words)
        yield _changed("left out", language, text, at, word, "")
        at, word = _random.choice(words)
        name = _random.choice(_NAMES["en" if language == "en" else "zh"])
        yield _changed("name", language, text, at, word, name + (" " if language == "en" else ""))


def _words(text: str) -> list[tuple[int, str]]:
    if re.search("[一-龥]", text):
        tokens = [(start, word) for word, start, _ in jieba.tokenize(text)]
        return [(at, word) for at, word in tokens if len(word) > 1 and word.isalpha() and at]
    return [(m.start(), m[0]) for m in re.finditer(r"(?<= )[A-Za-z]{3,} ", text)]


def _changed(kind: str, language: str, text: str, at: int, original: str, quoted: str) -> Case:
    new = text[:at] + quoted + text[at + len(original) :]
    return Case(kind, language, new, "altered", (at, quoted, original))


@cache
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


def restyled(text: str) -> Iterator[str]:
    """The text with other white space, width and quotation marks."""
    yield text
    yield re.sub(r"[，：；（）]", lambda m: chr(ord(m[0]) - 0xFEE0), text)
    yield re.sub(r" ", "  \n", text)
    yield re.sub(r"[“「]", "『", re.sub(r"[”」]", "』", text)).replace('"', "”")


def cases(filed: Sequence[Reading], held_out: Sequence[Reading], each: int) -> Iterator[Case]:
    """Cases of every kind, at most `each` of a kind and language."""
    stored = "\n".join(folded_text(reading.text) for reading in filed)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    absent = (*_absent(held_out, filed), *_invented(filed, 3 * each))
    for case in (*_of_filed(filed, 3 * each), *_spanning(filed, 3 * each), *absent):
        counts[case.kind, case.language] += 1
        most = 3 * each if case.verdict == "not found" else each
        if counts[case.kind, case.language] > most:
            continue
        # What stands elsewhere as it was altered is no alteration, and not absent.
        if case.verdict == "verbatim" or folded_text(case.text) not in stored:
            yield case


def _of_filed(filed: Sequence[Reading], most: int) -> Iterator[Case]:
    for language, texts in sentences(filed).items():
        for text in texts[:most]:
            for styled in restyled(text):
                yield Case("verbatim", language, styled, "verbatim")
            yield from altered(text, language)
            for name in _SCRIPTS.get(language, ()):
                converted = _converter(name).convert(text)
                if converted != text:
                    yield Case("other script", language, converted, "verbatim")
            if len(text) > 60:
                yield Case("ellipsis", language, _shortened(text, language), "verbatim")


def _shortened(text: str, language: str) -> str:
    first, last = len(text) // 3, len(text) * 2 // 3
    if language == "en":
        first, last = text.rindex(" ", 0, first), text.rindex(" ", 0, last) + 1
    return f"{text[:first]}……{text[last:]}"


def _spanning(filed: Sequence[Reading], most: int) -> Iterator[Case]:
    texts = list(spanning(filed))
    _random.shuffle(texts)
    for text in texts[:most]:
        yield Case("spanning", (language_of(text) or "?")[:7], text, "verbatim")


def _absent(held_out: Sequence[Reading], filed: Sequence[Reading]) -> Iterator[Case]:
    """Sentences of documents that are not filed, without those that a filed one has nearly.

    Another edition of a law says most of it in the same words: those are altered, not absent.
    """
    for language, texts in sentences(held_out).items():
        filed_texts = [folded_text(text) for text in sentences(filed).get(language, ())]
        holders: dict[str, list[int]] = defaultdict(list)
        for number, text in enumerate(filed_texts):
            for gram in _grams(text):
                holders[gram].append(number)
        for text in texts[:MOST_HELD_OUT]:
            folded = folded_text(text)
            shared = Counter(number for gram in _grams(folded) for number in holders[gram])
            near = (filed_texts[number] for number, _ in shared.most_common(5))
            if not any(_is_near(folded, other) for other in near):
                yield Case("absent", language, text, "not found")


def _grams(text: str) -> set[str]:
    return {text[at : at + 6] for at in range(len(text) - 5)}


def _is_near(text: str, other: str) -> bool:
    """Whether a sentence is the other one but for a word or two, as `difflib` sees it."""
    return difflib.SequenceMatcher(None, text, other, autojunk=False).ratio() > _NEAR


MOST_HELD_OUT = 1000
_NEAR = 0.8


def _invented(filed: Sequence[Reading], count: int) -> Iterator[Case]:
    for language, texts in sentences(filed).items():
        if language not in FRAMES:
            continue
        for text in invented(language, count, _random):
            yield Case("invented", language, text, "not found")
        for text in spliced(texts, count, _random):
            yield Case("spliced", language, text, "not found")


def is_exact(case: Case, check: QuotationCheck) -> bool:
    """Whether the differences are what was changed, and nothing else."""
    if case.change is None:
        return not check.differences
    at, quoted, original = case.change
    start, end = at - 1, at + len(quoted) + 1
    inside = all(start <= d.start and d.end <= end for d in check.differences)
    # A character that both words share is no difference.
    shown = "".join(d.original for d in check.differences)
    return bool(check.differences) and inside and _within(shown, original)


def _within(part: str, whole: str) -> bool:
    letters = iter(whole)
    return all(letter in letters for letter in part)


def measure(
    folders: Sequence[Path], passages: int, each: int, report: Callable[[str], None]
) -> dict[str, dict[str, float]]:
    """Shares of right verdicts and exact differences by kind and language, and milliseconds."""
    _random.seed(SEED)
    files = sorted(
        file
        for folder in folders
        for file in folder.rglob("*")
        if file.is_file() and file.suffix != ".jsonl"
    )
    readings = [read(file.read_bytes(), file.name) for file in files]
    filed = [reading for number, reading in enumerate(readings) if number % 5]
    held_out = readings[::5]
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/pincite.db")
        library = Library(database)
        for number, reading in enumerate(filed):
            library.file(reading, matter="m", path=f"{number}/{reading.name}")
        present = sum(len(reading.passages) for reading in filed)
        if passages > present:
            texts = list(synthetic.passages(passages - present))
            for reading in synthetic.readings(texts):
                library.file(reading, matter="m", path=reading.name)
        searcher = Searcher(library, folder=Path(folder) / "index")
        searcher.refresh()
        searcher.check("warming up", scope=Scope.all())
        tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
        times: list[float] = []
        for case in cases(filed, held_out, each):
            started = time.thread_time()
            check = searcher.check(f"“{case.text}”", scope=Scope.all())[0]
            times.append(1000 * (time.thread_time() - started))
            tally = tallies[case.kind, case.language]
            tally.cases += 1
            right = check.verdict == case.verdict
            exact = right and is_exact(case, check)
            tally.verdicts += right
            tally.exact += exact
            if not exact:
                report(json.dumps({
                    "kind": case.kind, "text": case.text, "change": case.change,
                    "verdict": check.verdict, "likeness": round(check.likeness, 3),
                    "source": check.source,
                    "differences": [(d.quoted, d.original) for d in check.differences],
                }, ensure_ascii=False))  # fmt: skip
        database.dispose()
    times.sort()
    figures: dict[str, dict[str, float]] = {
        f"{kind} {language}": {
            "cases": tally.cases,
            "verdict": round(tally.verdicts / tally.cases, 4),
            "exact": round(tally.exact / tally.cases, 4),
        }
        for (kind, language), tally in sorted(tallies.items())
    }
    figures["milliseconds"] = {
        "p50": round(times[len(times) // 2], 1), "p95": round(times[len(times) * 95 // 100], 1)
    }  # fmt: skip
    return figures


def main() -> None:
    """Print the figures, and what was wrong to the file that `--wrong` names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--passages", type=int, default=0)
    parser.add_argument("--each", type=int, default=60)
    parser.add_argument("--wrong", type=Path)
    options = parser.parse_args()
    wrong: list[str] = []
    for name, figures in measure(
        options.folders, options.passages, options.each, wrong.append
    ).items():
        print(f"{name:<24}", figures)
    if options.wrong:
        options.wrong.write_text("\n".join(wrong), "utf-8")


if __name__ == "__main__":
    main()
