"""Engines side by side, over the same terms and questions, in one run.

`python -m benchmarks.engines --size 20000` writes a table and, over all sizes measured so far,
pictures, into `--out`. Each engine has a process of its own; they follow one another. What is not
installed (the `bench` extra) is left out with a line.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import corpora, pictures
from benchmarks.contenders import CONTENDERS, NEEDS, TOP
from benchmarks.corpora import Array, Corpus
from index.engine.protocol import BM25

QUESTIONS = 200
JUDGED = 40
"""Questions whose best passages are also found by the formula, one by one."""

ORACLE_LIMIT = 20_000
"""rank_bm25 takes seconds a question, and gigabytes, beyond this many passages."""

Measured = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the table, and keep it with the pictures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engines", description=__doc__)
    parser.add_argument("--size", type=int, default=20_000, help="passages")
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    parser.add_argument("--collections", type=Path, nargs="*", help="real text instead of drawn")
    parser.add_argument("--only", nargs="*", choices=list(CONTENDERS), default=list(CONTENDERS))
    parser.add_argument("--out", type=Path, default=Path("build/bench"))
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        corpus = (
            corpora.real(options.collections, options.size, options.questions)
            if options.collections
            else corpora.synthetic(options.size, options.questions)
        )
        corpus.save(Path(folder))
        results = dict(_compete(Path(folder), corpus, options.only))
    judge(corpus, results)
    text = table(corpus, results)
    sys.stdout.write(text)
    name = f"{corpus.name}-{len(corpus)}"
    (options.out / f"{name}.md").write_text(text, "utf-8")
    (options.out / f"{name}.json").write_text(json.dumps(results), "utf-8")
    pictures.draw(options.out, corpus.name)


def _compete(folder: Path, corpus: Corpus, names: Sequence[str]) -> Iterator[tuple[str, Measured]]:
    for name in names:
        missing = [module for module in NEEDS.get(name, ()) if find_spec(module) is None]
        if missing:
            _say(f"{name} is left out: no {' and no '.join(missing)} here (pip install '.[bench]')")
        elif name == "rank_bm25" and len(corpus) > ORACLE_LIMIT:
            _say(f"{name} is left out: more than {ORACLE_LIMIT:,} passages are too many for it")
        else:
            _say(f"{name} ...")
            index = folder / name
            index.mkdir()
            yield name, _trial("build", name, folder, index) | _trial("ask", name, folder, index)


def _trial(step: str, name: str, corpus: Path, index: Path) -> Measured:
    command = [sys.executable, "-m", "benchmarks.trial", step, name, str(corpus), str(index)]
    process = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)  # noqa: S603
    measured: Measured = json.loads(process.stdout)
    return measured


def judge(corpus: Corpus, results: dict[str, Measured]) -> None:
    """Hold the engines' first passages, and Pincite's scores, against the formula's.

    `agreement`: of the first ten passages, the share whose score by the formula is among the ten
    best scores. `error`: the largest relative difference of a score.
    """
    shares: dict[str, list[float]] = {name: [] for name in results}
    errors = [0.0]
    for at, question in enumerate(corpus.questions[:JUDGED]):
        exact = formula(corpus, question)
        best = np.sort(exact[exact > 0])[::-1][:TOP]
        for name, measured in results.items():
            first = measured["found"][at][: len(best)]
            good = sum(exact[number] >= best[-1] * (1 - 1e-9) for number in first)
            shares[name].append(good / len(best))
            if "scores" in measured:
                scores = np.array(measured["scores"][at])
                errors.append(float(np.abs(scores / best - 1).max()))
    for name, measured in results.items():
        measured["agreement"] = float(np.mean(shares[name]))
        if "scores" in measured:
            measured["error"] = max(errors)


def formula(corpus: Corpus, question: Sequence[int]) -> Array:
    """Every passage's score, term by term, by counting through all the tokens."""
    lengths = np.diff(corpus.offsets)
    model = BM25(len(corpus), float(lengths.mean()))
    factors = model.length_factor(lengths)
    scores = np.zeros(len(corpus))
    for number in question:
        places = np.flatnonzero(corpus.tokens == number)
        passages = np.searchsorted(corpus.offsets, places, "right") - 1
        tf = np.bincount(passages, minlength=len(corpus))
        idf = model.inverse_document_frequency(float(np.count_nonzero(tf)))
        scores += idf * model.saturation(tf, factors)
    return scores


def table(corpus: Corpus, results: dict[str, Measured]) -> str:
    """The results as Markdown."""
    mean = len(corpus.tokens) / len(corpus)
    head = ["engine", "build, passages/s", "on disk, MB", "start, s", "p50 ms", "p95", "p99"]
    head += ["memory, MB", "not of files", "agreement"]
    lines = [
        f"{len(corpus):,} {corpus.name} passages, {mean:.0f} tokens in the mean",
        f"{len(corpus.questions)} questions, {_mean_terms(corpus):.0f} terms in the mean\n",
        f"| {' | '.join(head)} |",
        "|---" * len(head) + "|",
    ]
    for name, measured in results.items():
        p50, p95, p99 = np.percentile(measured["ms"], (50, 95, 99))
        disk = f"{measured['bytes'] / 1e6:,.0f}" if CONTENDERS[name].keeps else "none"
        lines.append(
            f"| {name} | {len(corpus) / measured['build_s']:,.0f} | {disk}"
            f" | {measured['start_s']:.2f} | {p50:.2f} | {p95:.2f} | {p99:.2f}"
            f" | {measured['rss_mb']:,.0f} | {measured['anonymous_mb']:,.0f}"
            f" | {measured['agreement']:.4f} |"
        )
    if "Pincite" in results:
        lines += ["", *_more(results["Pincite"])]
    return "\n".join(lines) + "\n"


def _more(pincite: Measured) -> Iterator[str]:
    columns = {
        "within 1 % of the passages, every hundredth document": "scoped_ms",
        "within 1 % of the passages, filed together": "together_ms",
        "across languages, about 240 weighted terms": "crossing_ms",
        "a new document, until a question sees it": "added_ms",
        "a withdrawn one, until a question does not": "withdrawn_ms",
    }
    yield "| Pincite alone | p50 ms | p95 |"
    yield "|---|---|---|"
    for label, key in columns.items():
        p50, p95 = np.percentile(pincite[key], (50, 95))
        yield f"| {label} | {p50:.2f} | {p95:.2f} |"
    yield ""
    yield f"Largest relative difference of a score from the formula's: {pincite['error']:.1e}"


def _mean_terms(corpus: Corpus) -> float:
    return float(np.mean([len(question) for question in corpus.questions]))


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    main()
