"""Corpora for comparing engines: passages of numbered terms, the same at every run.

Synthetic ones draw terms by their rank, as words of a language are distributed (Zipf-Mandelbrot).
Real ones repeat the passages of judged collections with variation: of each copy a tenth of the
terms is left out, and a tenth replaced by terms of another passage.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.query.question import parse_question
from index.text.analyzer import terms

SEED = 20170620
WORDS = 500_000
MEAN_LENGTH = 120

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """`tokens` holds the term numbers of all passages in a row, `offsets` where each begins."""

    name: str
    tokens: Array
    offsets: Array
    questions: tuple[tuple[int, ...], ...]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def passages(self) -> Iterator[list[str]]:
        """Each passage's terms, as words that every engine takes for one token."""
        words = np.array([word(number) for number in range(int(self.tokens.max()) + 1)], object)
        for start, end in zip(self.offsets[:-1].tolist(), self.offsets[1:].tolist(), strict=True):
            passage: list[str] = words[self.tokens[start:end]].tolist()
            yield passage

    def question_words(self) -> list[list[str]]:
        """The questions' terms as words."""
        return [[word(number) for number in question] for question in self.questions]

    def save(self, folder: Path) -> None:
        """Keep it for other processes."""
        np.save(folder / "tokens.npy", self.tokens)
        np.save(folder / "offsets.npy", self.offsets)
        (folder / "corpus.json").write_text(json.dumps([self.name, self.questions]), "utf-8")

    @classmethod
    def open(cls, folder: Path) -> Corpus:
        """Map what was kept."""
        name, questions = json.loads((folder / "corpus.json").read_text("utf-8"))
        tokens = np.load(folder / "tokens.npy", mmap_mode="r")
        return cls(
            name,
            tokens,
            np.load(folder / "offsets.npy"),
            tuple(tuple(question) for question in questions),
        )


def word(number: int) -> str:
    """A term as a word."""
    return f"t{number}"


def synthetic(size: int, questions: int) -> Corpus:
    """Passages of `MEAN_LENGTH` terms in the mean; half the questions as `_of_all_kinds`."""
    random = np.random.default_rng(SEED)
    lengths = np.clip(random.gamma(4, MEAN_LENGTH / 4, size), 10, 600).astype(np.int64)
    share = np.cumsum(1 / (np.arange(WORDS) + 2.7) ** 1.05)
    drawn = random.random(int(lengths.sum()), np.float32) * share[-1]
    tokens = np.searchsorted(share, drawn).astype(np.int32)
    offsets = np.append(0, np.cumsum(lengths))
    kinds = _of_all_kinds(tokens, size, questions - questions // 2, random)
    drawn_from = _from_passages(tokens, offsets, questions // 2, random)
    return Corpus("synthetic", tokens, offsets, (*kinds, *drawn_from))


def _of_all_kinds(
    tokens: Array, size: int, count: int, random: np.random.Generator
) -> Iterator[tuple[int, ...]]:
    """Two common terms (in a twentieth of the passages at least), two middling and two rare."""
    df = np.bincount(tokens, minlength=WORDS) / size
    groups = (df > 0.05, (df > 0.002) & (df < 0.02), (df > 2 / size) & (df < 0.0002 + 6 / size))
    places = [np.flatnonzero(group) for group in groups]
    for _ in range(count):
        yield tuple(int(n) for group in places for n in random.choice(group, 2, replace=False))


def _from_passages(
    tokens: Array, offsets: Array, count: int, random: np.random.Generator
) -> Iterator[tuple[int, ...]]:
    """Six different terms of one passage each, as common or rare as they come."""
    for at in random.choice(len(offsets) - 1, count):
        different = np.unique(tokens[offsets[at] : offsets[at + 1]])
        yield tuple(int(n) for n in random.choice(different, min(6, len(different)), replace=False))


def real(folders: Sequence[Path], size: int, questions: int) -> Corpus:
    """Passages of collections, varied, and their own questions' terms."""
    random = np.random.default_rng(SEED)
    numbers: dict[str, int] = {}
    passages = [
        np.array([numbers.setdefault(term, len(numbers)) for term in terms(text)], np.int32)
        for text in texts_of(folders)
    ]
    question_terms = [
        parse_question(text).query.telling_terms() & numbers.keys()
        for text in texts_of(folders, "queries.jsonl")
    ]
    chosen = random.choice(len(question_terms), min(questions, len(question_terms)), replace=False)
    parts = [_varied(passages, random) for _ in range(size)]
    offsets = np.append(0, np.cumsum([len(part) for part in parts]))
    return Corpus(
        "real",
        np.concatenate(parts),
        offsets,
        tuple(
            tuple(numbers[term] for term in sorted(question_terms[at]))
            for at in chosen
            if question_terms[at]
        ),
    )


def _varied(passages: Sequence[Array], random: np.random.Generator) -> Array:
    passage, source = (passages[at] for at in random.integers(0, len(passages), 2))
    varied_terms = passage[random.random(len(passage)) < 0.9]
    replaced = random.random(len(varied_terms)) < 0.1
    if len(source):
        varied_terms[replaced] = random.choice(source, int(replaced.sum()))
    varied: Array = varied_terms
    return varied


def texts_of(folders: Sequence[Path], name: str = "passages.jsonl") -> Iterator[str]:
    """The texts of collections, one after another."""
    for folder in folders:
        with (folder / name).open(encoding="utf-8") as lines:
            for line in lines:
                yield str(json.loads(line)["text"])
