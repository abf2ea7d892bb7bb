"""How good are the answers?  Standard measures over a collection, by ir-measures.

R@k is recall: the share of a question's relevant passages among the first k. A question without any
passage counts as zero. What is measured is the ranking that people get.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import ir_measures
import numpy as np

from corpus.models import Scope
from index.answering.confidence import confidences, is_answered
from index.embedded.engine import EmbeddedEngine
from index.engine.protocol import Floats
from index.engine.terms import Analyzed, passage_number
from index.evaluation.collection import Collection
from index.naming.directory import DocumentDirectory
from index.naming.document_names import DocumentNames
from index.query.question import Vocabulary
from index.reranking.features.registry import FEATURE_NAMES, RELATIVE_TO_BEST
from index.reranking.passage_view import PassageViews
from index.reranking.pipeline import Pipeline, Reranked
from index.retrieval import Retriever
from index.semantic.embedder import EmbeddingModel
from index.semantic.search import Meaning, ModelVectors, PassageVectors, embed_passages
from index.semantic.vectors import Vectors, nearest_in
from index.text.analyzer import terms

DEPTH = 10
_RELATIVE = [FEATURE_NAMES.index(name) for name in RELATIVE_TO_BEST]
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
    expander: Vocabulary | None = None,
    models: Sequence[EmbeddingModel] = (),
    progress: Progress | None = None,
) -> Measures:
    """Index a collection in memory, ask its questions and measure the first `k` passages.

    With `models`, the light one first, its passages are embedded, and ranked by meaning as well.
    """
    steps = len(collection.passages) * (1 + len(models)) + len(collection.queries)
    finished_steps = 0

    def step(count: int) -> None:
        nonlocal finished_steps
        finished_steps += count
        if progress:
            progress(finished_steps, steps)

    with ExitStack() as stack:
        started = time.perf_counter()
        engine = index_collection(collection, step)
        meaning = None
        if models:
            folder = stack.enter_context(TemporaryDirectory(prefix="pincite-"))
            meaning = embed_collection(collection, engine, models, Path(folder), step)
        pipeline = Pipeline(engine, passage_views_of(collection), meaning)
        index_seconds = time.perf_counter() - started
        return _ask_all(collection, pipeline, expander, k, step, index_seconds)


def _ask_all(
    collection: Collection,
    pipeline: Pipeline,
    expander: Vocabulary | None,
    k: int,
    step: Callable[[int], None],
    index_seconds: float,
) -> Measures:
    """Ask a collection's questions one by one, as people do, and measure the answers."""
    run: dict[str, dict[str, float]] = {}
    refusal = RefusalMeasure()
    scoped = expander.within(Scope.all()) if expander else None
    retriever = Retriever(pipeline, directory_of(collection), scoped)
    seconds = []
    for query_id, text in collection.queries.items():
        started = time.perf_counter()
        # The way that people's questions take, so that a figure never measures a short cut.
        reranked = retriever.retrieve(text, Scope.all(), k).ranked
        seconds.append(time.perf_counter() - started)
        ids = [collection.passages[candidate.key].id for candidate in reranked.ranking.candidates]
        # ir-measures orders by score; ranks as scores keep our order where scores are equal.
        run[query_id] = {id_: float(k - rank) for rank, id_ in enumerate(ids[:k])}
        refusal.add(reranked, [id_ in collection.qrels.get(query_id, {}) for id_ in ids])
        step(1)
    return Measures(
        name=collection.name,
        passages=len(collection.passages),
        queries=len(collection.queries),
        quality=quality(collection.qrels, run),
        refused=refusal.refused,
        refusal_auc=refusal.area(),
        qps=len(seconds) / sum(seconds) if seconds else 0.0,
        p50_ms=_percentile(seconds, 50),
        p95_ms=_percentile(seconds, 95),
        index_seconds=index_seconds,
    )


def quality(qrels: dict[str, dict[str, int]], run: dict[str, dict[str, float]]) -> dict[str, float]:
    """The measures of a run: `run[query id][passage id]` is a score, higher for better."""
    judged = {query: qrels[query] for query in run if query in qrels}
    values = ir_measures.calc_aggregate(_MEASURES.values(), judged, run) if judged else {}
    return {name: float(values.get(measure, 0.0)) for name, measure in _MEASURES.items()}


def index_collection(
    collection: Collection, step: Callable[[int], None] | None = None
) -> EmbeddedEngine:
    """An engine over a collection, each passage a document of its own with its title."""
    engine = EmbeddedEngine()
    live = {str(key): _MATTER for key in range(len(collection.passages))}
    engine.update(_analyzed(collection, step), live)
    return engine


def directory_of(collection: Collection) -> DocumentDirectory:
    """The documents of a collection: passages that share a title are one document's.

    A title that one passage has alone is a heading of it, as those of articles are.
    """
    members: dict[str, list[str]] = {}
    for key, passage in enumerate(collection.passages):
        members.setdefault(passage.title, []).append(str(key))
    return DocumentDirectory.of([
        DocumentNames(id=ids[0], title=title, members=frozenset(ids))
        for title, ids in members.items()
        # Without this limit each heading would become a name that chooses its only passage.
        if title and len(ids) > 1
    ])  # fmt: skip


def passage_views_of(collection: Collection) -> PassageViews:
    """What the reranker looks at of a collection's passages."""
    return PassageViews(lambda keys: {key: collection.passages[key] for key in keys})


def _analyzed(collection: Collection, step: Callable[[int], None] | None) -> Iterator[Analyzed]:
    for key, passage in enumerate(collection.passages):
        number = passage_number(passage.id, passage.text)
        yield Analyzed(key, str(key), terms(passage.text) + terms(passage.title), number)
        if step:
            step(1)


def embed_collection(
    collection: Collection,
    engine: EmbeddedEngine,
    models: Sequence[EmbeddingModel],
    folder: Path,
    step: Callable[[int], None] | None = None,
) -> Meaning:
    """The meaning of the collection that `engine` holds, by a light model and perhaps a deep one.

    What `folder` has of an earlier time is not embedded again.
    """
    model_vectors = []
    for model in models:
        vectors = Vectors(folder / model.name, model.name, model.dimensions)
        texts = {passage_number(p.id, p.text): p.text for p in collection.passages}
        todo = vectors.missing(list(texts)).tolist()
        for start in range(0, len(todo), model.batch):
            numbers = todo[start : start + model.batch]
            rows = embed_passages(model, [texts[number] for number in numbers])
            vectors.add(list(map(PassageVectors, numbers, rows)))
            if step:
                step(len(numbers))
        model_vectors.append(ModelVectors(model, vectors, nearest_in(vectors, engine)))
    return Meaning(*model_vectors)


class RefusalMeasure:
    """How well confidence tells questions that are answered from those that are not.

    Unanswerable questions are made of answerable ones by taking their own passages away.
    """

    def __init__(self) -> None:
        self.refused = 0
        """Questions to which the answer was that no passage answers."""
        self._answerable: list[float] = []
        self._unanswerable: list[float] = []

    def add(self, reranked: Reranked, relevant: Sequence[bool]) -> None:
        """Take in a question's candidates, and which of them answer."""
        self.refused += not is_answered(reranked)
        # A question without candidates is refused for sure.
        self._answerable += confidences(reranked, 1) or [0.0]
        if any(relevant):
            self._unanswerable += confidences(without_relevant(reranked, relevant), 1) or [0.0]

    def area(self) -> float:
        """The area under the ROC curve; 0.5 where there is nothing to tell apart."""
        return (
            roc_area(np.array(self._answerable), np.array(self._unanswerable))
            if self._unanswerable
            else 0.5
        )


def without_relevant(reranked: Reranked, relevant: Sequence[bool]) -> Reranked:
    """The ranking as it would be without its relevant candidates, with the rows of the others."""
    places = [at for at in range(len(reranked.rows)) if not relevant[at]]
    rows = reranked.rows[places]
    if len(rows):
        # These features are shares of the best candidate's, which may just have gone.
        rows[:, _RELATIVE] /= rows[:, 0].max() or 1.0
    candidates = tuple(reranked.ranking.candidates[at] for at in places)
    ranking = replace(reranked.ranking, candidates=candidates)
    return replace(reranked, ranking=ranking, rows=rows)


def roc_area(positives: Floats, negatives: Floats) -> float:
    """The area under the ROC curve: how often a positive is above a negative, ties as half."""
    scores = np.concatenate([positives, negatives])
    # Mean ranks for ties (Mann-Whitney U), since many confidences are equal.
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place][: len(positives)]
    above = ranks.sum() - len(positives) * (len(positives) + 1) / 2
    return float(above / (len(positives) * len(negatives)))


def _percentile(seconds: Sequence[float], percent: float) -> float:
    return float(np.percentile(seconds, percent)) * 1000 if seconds else 0.0
