"""One engine in a process of its own: built or opened, asked, measured. Prints JSON.

`python -m benchmarks.trial build|ask NAME CORPUS INDEX`
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.contenders import CONTENDERS, MATTERS, TOGETHER, TOP, Contender, Pincite
from benchmarks.corpora import Corpus, word
from corpus.models import Scope
from index.engine.protocol import Alternative, Clause, Query
from index.engine.terms import Analyzed

ROUNDS = 3
"""Each question is asked so often; its quickest time counts, since others use the machine too."""

CROSS_LANGUAGE = 100
CLAUSES = 12
ALTERNATIVES = 20
CHANGES = 10


def build(contender: Contender, corpus: Corpus) -> dict[str, Any]:
    """Seconds to index, without those that handing out the passages takes by itself."""
    alone = _seconds(lambda: sum(len(passage) for passage in corpus.passages()))
    took = _seconds(lambda: contender.build(corpus))
    size = sum(file.stat().st_size for file in contender.folder.rglob("*") if file.is_file())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"build_s": max(took - alone, 1e-9), "bytes": size, "build_peak_mb": peak}


def ask(contender: Contender, corpus: Corpus) -> dict[str, Any]:
    """Start, answer, and say how long each question took and what the first were answered."""
    questions = corpus.question_words()[: contender.patience]
    started = time.perf_counter()
    contender.open(corpus)
    contender.search(questions[0])
    start = time.perf_counter() - started
    for question in questions:
        contender.search(question)
    measured = {
        "start_s": start,
        "ms": _milliseconds([partial(contender.search, question) for question in questions]),
        "found": [contender.found(contender.search(question)) for question in questions],
        **_memory(),
    }
    return measured | (_more(contender, corpus) if isinstance(contender, Pincite) else {})


def _more(contender: Pincite, corpus: Corpus) -> dict[str, Any]:
    """What only Pincite is asked: within a matter, across languages, and while things change."""
    engine = contender.engine
    matter = Scope.of(f"m{MATTERS // 2}")
    plain = [Query(tuple(Clause(t, (Alternative(t),)) for t in q)) for q in corpus.question_words()]
    wide = list(_cross_language(corpus))
    scoped, together = (
        [partial(engine.search, query, scope=scope, k=TOP) for query in plain]
        for scope in (matter, Scope.of(*TOGETHER))
    )
    crossing = [partial(engine.search, query, scope=Scope.all(), k=TOP) for query in wide]
    scores = [
        [c.score for c in engine.search(q, scope=Scope.all(), k=TOP).candidates] for q in plain
    ]
    added_seconds, withdrawn_seconds = [], []
    for number in range(CHANGES):
        new = Analyzed(10**9 + number, f"N{number}", corpus.question_words()[0] * 20)
        filed = {new.document_id: frozenset({"all"})}
        added_seconds.append(_seconds(partial(_changed, engine, [new], filed, plain[0])))
        withdrawn = {f"D{number:07}": frozenset[str]()}
        withdrawn_seconds.append(_seconds(partial(_changed, engine, [], withdrawn, plain[0])))
    return {
        "scores": scores,
        "scoped_ms": _milliseconds(scoped),
        "together_ms": _milliseconds(together),
        "crossing_ms": _milliseconds(crossing),
        "added_ms": [1000 * seconds for seconds in added_seconds],
        "withdrawn_ms": [1000 * seconds for seconds in withdrawn_seconds],
    }


def _changed(engine: Any, added: Sequence[Analyzed], filed: Any, query: Query) -> None:
    """A change, and a question that sees it."""
    engine.update(added, filed, partial=True)
    engine.search(query, scope=Scope.all(), k=TOP)


def _cross_language(corpus: Corpus) -> Iterator[Query]:
    """Questions of twelve words with up to twenty weighted translations each.

    Translations are held by one passage in a hundred thousand up to one in ten, evenly by order of
    magnitude: heavier than the real table's, whose mean is one in two hundred.
    """
    random = np.random.default_rng(3)
    df = np.bincount(corpus.tokens[:: max(1, len(corpus.tokens) // 10_000_000)])
    terms = np.argsort(df)[np.searchsorted(np.sort(df), 1) :]
    counts = df[terms] / df.sum() * len(corpus.tokens) / len(corpus)
    for _ in range(CROSS_LANGUAGE):
        yield Query(tuple(_clause(terms, counts, random) for _ in range(CLAUSES)))


def _clause(terms: Any, shares: Any, random: np.random.Generator) -> Clause:
    wanted_shares = 10 ** random.uniform(-5, -1, ALTERNATIVES)
    places = np.minimum(np.searchsorted(shares, wanted_shares), len(terms) - 1)
    p = np.append(1.0, random.uniform(0.03, 0.4, ALTERNATIVES - 1))
    weights = {
        word(int(terms[place])): float(weight) for place, weight in zip(places, p, strict=True)
    }
    return Clause("", tuple(Alternative(term, weight) for term, weight in weights.items()))


def _milliseconds(calls: Sequence[Callable[[], Any]]) -> list[float]:
    """The quickest of some rounds of each."""
    rounds = [[_seconds(call) * 1000 for call in calls] for _ in range(ROUNDS)]
    return [min(times) for times in zip(*rounds, strict=True)]


def _seconds(call: Callable[[], Any]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _memory() -> dict[str, float]:
    """Megabytes resident, and those that no file stands behind."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    values = {
        line.split(":")[0]: line.split()[1]
        for line in lines
        if line.startswith(("VmRSS", "RssAnon"))
    }
    return {"rss_mb": int(values["VmRSS"]) / 1024, "anonymous_mb": int(values["RssAnon"]) / 1024}


def main() -> None:
    """Do what the arguments say."""
    step, name, corpus, folder = sys.argv[1:]
    contender = CONTENDERS[name](Path(folder))
    does = {"build": build, "ask": ask}[step]
    json.dump(does(contender, Corpus.open(Path(corpus))), sys.stdout)


if __name__ == "__main__":
    main()
