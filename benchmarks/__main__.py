"""`make bench`: from start to first answer, later answers, and the ratio to rank_bm25.

Everything is measured in one run on one machine; compare the ratios, not the milliseconds, of
different runs.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rank_bm25 import BM25Plus

from benchmarks import synthetic
from corpus.library import Library
from corpus.storage.database import open_database
from index.engine.protocol import K1, B
from index.search import Searcher
from index.text.analyzer import terms

QUESTIONS = 200
ORACLE_QUESTIONS = 20


def main() -> None:
    """Fill a data folder, ask it from a new process, and rank the same with rank_bm25."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--passages", type=int, default=10_000)
    size = parser.parse_args().passages
    texts = list(synthetic.passages(size))
    questions = synthetic.questions(texts, QUESTIONS)
    with tempfile.TemporaryDirectory() as folder:
        built = _build(Path(folder), texts)
        first, later = _ask(Path(folder), questions)
    oracle = _rank_bm25(texts, questions[:ORACLE_QUESTIONS])
    _print(
        {
            "passages": f"{size:,}",
            "filed and indexed": f"{built:.1f} s, {size / built:,.0f} passages/s",
            "start to first answer": f"{first:.2f} s  (wanted: under 3 s)",
            "later answers, p50": f"{_percentile(later, 50):.1f} ms  (wanted: under 30 ms)",
            "later answers, p95": f"{_percentile(later, 95):.1f} ms",
            "rank_bm25 alone, p50": f"{_percentile(oracle, 50):.1f} ms",
            "rank_bm25 / Pincite, p50": f"{_percentile(oracle, 50) / _percentile(later, 50):.1f}",
        }
    )


def _build(folder: Path, texts: list[str]) -> float:
    started = time.perf_counter()
    database = open_database(f"sqlite:///{folder / 'pincite.db'}")
    library = Library(database)
    for number, reading in enumerate(synthetic.readings(texts)):
        library.file(reading, matter="documents", path=str(number))
    searcher = Searcher(library, folder=folder / "index")
    searcher.refresh()
    searcher.close()
    database.dispose()
    return time.perf_counter() - started


def _ask(folder: Path, asked: Sequence[str]) -> tuple[float, list[float]]:
    """Seconds from starting `pincite ask` to its first answer; milliseconds of the later ones."""
    command = [sys.executable, "-m", "bot", "ask", "--json", "--data", str(folder)]
    started = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - our own program
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("no pipes to the process")
        process.stdin.write("\n".join(asked) + "\n")
        process.stdin.close()
        process.stdout.readline()
        first = time.perf_counter() - started
        later = [float(json.loads(line)["took_ms"]) for line in process.stdout]
    if len(later) != len(asked) - 1:
        raise RuntimeError(f"{len(later) + 1} answers to {len(asked)} questions")
    return first, later


def _rank_bm25(texts: Sequence[str], asked: Sequence[str]) -> list[float]:
    oracle = BM25Plus([terms(text) for text in texts], k1=K1, b=B, delta=0)
    took = []
    for question in asked:
        started = time.perf_counter()
        oracle.get_scores(terms(question))
        took.append((time.perf_counter() - started) * 1000)
    return took


def _percentile(values: Sequence[float], percent: float) -> float:
    return float(np.percentile(values, percent))


def _print(rows: dict[str, str]) -> None:
    for name, value in rows.items():
        sys.stdout.write(f"{name:26}{value}\n")


if __name__ == "__main__":
    main()
