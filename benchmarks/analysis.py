"""Raw text to searchable: how quick on all cores, and what the time goes into.

`python -m benchmarks.analysis [--megabytes N] [--collections FOLDER...]` files text in a new
database and lets the index catch up. Text comes from the collections, else it is drawn.
"""

from __future__ import annotations

import argparse
import itertools
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import rjieba

from benchmarks import synthetic
from benchmarks.corpora import texts_of
from corpus.language.scripts import HAN_RUN
from corpus.library import Library
from corpus.storage.database import open_database
from index.embedded.building import build
from index.embedded.engine import EmbeddedEngine
from index.engine.sync import catch_up
from index.engine.terms import END, Analyzed, PassageTerms
from index.text.analyzer import parted
from index.text.canonical import canonical_terms
from index.text.normalize import fold_term

SAMPLE = 2_000_000
"""Bytes of text for the shares."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.analysis", description=__doc__)
    parser.add_argument("--megabytes", type=float, default=10)
    parser.add_argument("--collections", type=Path, nargs="*", default=[])
    options = parser.parse_args(arguments)
    texts = list(_up_to(options.megabytes * 1e6, options.collections))
    size = sum(len(text.encode()) for text in texts)
    wall, cpu = _indexed(texts)
    cores = len(os.sched_getaffinity(0))
    say(f"{size / 1e6:.1f} MB in {len(texts):,} passages, {cores} cores")
    say(f"from the database to searchable: {size / 1e6 / wall:.2f} MB/s, {wall:.1f} s")
    say(f"processor time: {cpu:.1f} s; {cores * size / 1e6 / cpu:.2f} MB/s if no one else had them")
    for name, share in shares(list(_sample(texts))).items():
        say(f"{name:34}{share:6.1%}")


def _up_to(size: float, collections: Sequence[Path]) -> Iterator[str]:
    """Texts of `size` bytes together; the collections begin anew where they end, numbered."""
    size_so_far = 0
    source = (
        (f"{text}{turn}" for turn in itertools.count() for text in texts_of(collections))
        if collections
        else synthetic.passages(10**9)
    )
    for text in source:
        size_so_far += len(text.encode())
        yield text
        if size_so_far >= size:
            return


def _indexed(texts: list[str]) -> tuple[float, float]:
    """Seconds, and seconds of all processors, to make what is in a database searchable."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        database = open_database(f"sqlite:///{folder}/pincite.db")
        library = Library(database)
        for number, reading in enumerate(synthetic.readings(texts)):
            library.file(reading, matter="documents", path=str(number))
        engine = EmbeddedEngine(Path(folder) / "index")
        parted("")  # dictionaries are loaded
        before, started = _processor_seconds(), time.perf_counter()
        catch_up(library, engine)
        took = time.perf_counter() - started, _processor_seconds() - before
        database.dispose()
    return took


def _processor_seconds() -> float:
    used = (resource.getrusage(scope) for scope in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def _sample(texts: list[str]) -> Iterator[str]:
    size = 0
    for text in texts:
        size += len(text.encode())
        yield text
        if size >= SAMPLE:
            return


def shares(texts: list[str]) -> dict[str, float]:
    """What parts of the analysis, and building, take of both together."""
    folded = [fold_term(text) for text in texts]
    runs = [run for text in folded for run in HAN_RUN.findall(text)]
    passage_terms = [_terms(text) for text in texts]
    passages = [Analyzed(key, str(key), terms) for key, terms in enumerate(passage_terms)]
    building = _seconds(lambda: build(passages))
    whole = _seconds(lambda: [_terms(text) for text in texts]) + building
    parts = {
        "jieba (rjieba), of all": _seconds(lambda: [rjieba.cut_for_search(run) for run in runs]),
        "folding script, width and case": _seconds(lambda: [fold_term(text) for text in texts]),
        "numbers, articles, dates, dockets": _seconds(
            lambda: [list(canonical_terms(t)) for t in folded]
        ),
        "postings": building,
    }
    return {name: took / whole for name, took in parts.items()}


def _terms(text: str) -> PassageTerms:
    """As a passage's are taken into an index."""
    words, runs = parted(text)
    return PassageTerms(words, END.join(runs))


def _seconds(call: Callable[[], Any]) -> float:
    """Processor time, the least of three rounds."""
    rounds = []
    for _ in range(3):
        started = time.thread_time()
        call()
        rounds.append(time.thread_time() - started)
    return min(rounds)


def say(what: str) -> None:
    """Print a line."""
    sys.stdout.write(what + "\n")


if __name__ == "__main__":
    main()
