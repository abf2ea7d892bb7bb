"""How good are the answers?  Standard measures over a collection, by ir-measures.

R@k is recall: the share of a question's relevant passages among the first k. A question that no
passage is found for counts as zero. What is measured is the ranking that people get.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import ir_measures
import numpy as np

from corpus.models import Scope
from index.embedded.engine import EmbeddedEngine
from index.engine.protocol import Ranking
from index.engine.terms import Analyzed
from index.evaluation.collection import Collection
from index.evaluation.sureness import Sureness
from index.query.question import ParsedQuestion, QueryExpander, parse_question
from index.reranking.features.registry import FEATURE_NAMES
from index.reranking.passage_view import PassageViews
from index.reranking.pipeline import Pipeline, Reranked
from index.semantic.embedder import BATCH, DIMENSIONS, Embedder
from index.semantic.search import Meaning
from index.semantic.vectors import Vectors
from index.text.analyzer import terms

DEPTH = 10
_MATTER = frozenset({"collection"})
_MEASURES = {
    str(name): ir_measures.parse_measure(measure)
    for name, measure in {
        "R@1": "R@1", "R@5": "R@5", "R@10": "R@10", "MRR@10": "RR@10", "nDCG@10": "nDCG@10",
    }.items()
}  # fmt: skip

Progress = Callable[[int, int], None]
"""Called with what is done and what there is to do, passages and questions together."""


@dataclass(frozen=True, slots=True)
class Measures:
    """A collection's figures: quality in parts of one, times in milliseconds and seconds."""

    name: str
    passages: int
    queries: int
    quality: dict[str, float]
    """`R@1`, `R@5`, `R@10`, `MRR@10` and `nDCG@10`."""
    refused: int
    """Questions to which the answer would have been that no passage answers."""
    refusal_auc: float
    """How often a question is surer of its answer than one whose own passage was taken away."""
    qps: float
    p50_ms: float
    p95_ms: float
    index_seconds: float


def evaluate(
    collection: Collection,
    *,
    k: int = DEPTH,
    expander: QueryExpander | None = None,
    embedder: Embedder | None = None,
    progress: Progress | None = None,
) -> Measures:
    """Index a collection in memory, ask its questions and measure the first `k` passages.

    With an `embedder`, its passages are embedded first, and ranked by meaning as well.
    """
    passages = len(collection.passages)
    todo = passages * (2 if embedder else 1) + len(collection.queries)
    done = 0

    def step(count: int) -> None:
        nonlocal done
        done += count
        if progress:
            progress(done, todo)

    run: dict[str, dict[str, float]] = {}
    sure = Sureness()
    seconds = []
    with ExitStack() as opened:
        started = time.perf_counter()
        engine = index_collection(collection, step)
        embedded = embedder and embed_collection(collection, embedder, step)
        meaning = opened.enter_context(embedded) if embedded else None
        pipeline = Pipeline(engine, passage_views_of(collection), meaning)
        index_seconds = time.perf_counter() - started
        for query_id, text in collection.queries.items():
            started = time.perf_counter()
            found = _ranked(pipeline, parse_question(text, expander), k)
            seconds.append(time.perf_counter() - started)
            ids = [collection.passages[one.key].id for one in found.ranking.candidates]
            run[query_id] = {one: float(k - rank) for rank, one in enumerate(ids[:k])}
            sure.note(found, [one in collection.qrels.get(query_id, {}) for one in ids])
            step(1)
    return Measures(
        name=collection.name,
        passages=passages,
        queries=len(collection.queries),
        quality=quality(collection.qrels, run),
        refused=sure.refused,
        refusal_auc=sure.area(),
        qps=len(seconds) / sum(seconds) if seconds else 0.0,
        p50_ms=_percentile(seconds, 50),
        p95_ms=_percentile(seconds, 95),
        index_seconds=index_seconds,
    )


def quality(qrels: dict[str, dict[str, int]], run: dict[str, dict[str, float]]) -> dict[str, float]:
    """The measures of a run: `run[query id][passage id]` is a score, higher for better."""
    judged = {query: qrels[query] for query in run if query in qrels}
    found = ir_measures.calc_aggregate(_MEASURES.values(), judged, run) if judged else {}
    return {name: float(found.get(measure, 0.0)) for name, measure in _MEASURES.items()}


def index_collection(
    collection: Collection, step: Callable[[int], None] | None = None
) -> EmbeddedEngine:
    """An engine over a collection, each passage a document of its own with its title."""
    engine = EmbeddedEngine()
    live = {str(key): _MATTER for key in range(len(collection.passages))}
    engine.update(_analyzed(collection, step), live)
    return engine


def passage_views_of(collection: Collection) -> PassageViews:
    """What the reranker looks at of a collection's passages."""
    return PassageViews(lambda keys: {key: collection.passages[key] for key in keys})


def _analyzed(collection: Collection, step: Callable[[int], None] | None) -> Iterator[Analyzed]:
    for key, passage in enumerate(collection.passages):
        yield Analyzed(key, str(key), terms(passage.text) + terms(passage.title))
        if step:
            step(1)


@contextmanager
def embed_collection(
    collection: Collection, embedder: Embedder, step: Callable[[int], None] | None = None
) -> Iterator[Meaning]:
    """The meaning of a collection's passages, in a temporary folder."""
    texts = [passage.text for passage in collection.passages]
    matrices = [np.empty((0, DIMENSIONS), np.float32)]
    for start in range(0, len(texts), BATCH):
        matrices.append(embedder.passages(texts[start : start + BATCH]))
        if step:
            step(len(matrices[-1]))
    with TemporaryDirectory(prefix="pincite-") as folder:
        vectors = Vectors(Path(folder))
        vectors.add(range(len(texts)), np.concatenate(matrices))
        yield Meaning(vectors, embedder, lambda keys: keys)


def _ranked(pipeline: Pipeline, asked: ParsedQuestion, k: int) -> Reranked:
    if not asked.query:
        return Reranked(Ranking((), (), 0, 0.0), np.empty((0, len(FEATURE_NAMES))))
    return pipeline.rank(asked, asked.text, Scope.all(), k)


def _percentile(seconds: Sequence[float], percent: float) -> float:
    return float(np.percentile(seconds, percent)) * 1000 if seconds else 0.0
