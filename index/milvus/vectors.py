"""Vectors of passages and sentences in a Milvus collection, a row each.

A row names its passage by the number that decides nothing but its text (`passage_number`), and by
the database's key, which an engine takes. `sentence` is 0 for the passage itself, n for its n-th
sentence. One collection for each model, named by the database. Rows are compared by inner product,
which for unit vectors is the cosine, without an approximate index.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from corpus.models import Scope
from corpus.storage.records import batches
from index.engine.protocol import Documents
from index.milvus.rows import MOST, among
from index.milvus.server import reaching
from index.semantic.embedder import Floats
from index.semantic.search import SENTENCES, Nearest, PassageVectors, Similarities, similarities
from index.semantic.vectors import quantize

if TYPE_CHECKING:
    from pymilvus import MilvusClient

LONGEST_ID: Final = 64
ASKED: Final = MOST // (1 + SENTENCES)
"""Passages in one request, whose rows are not more than Milvus returns."""
DOCUMENTS: Final = 2_000
"""Documents in one filter."""
# Rows asked for, for each passage wanted: a passage may be near by several of its sentences.
_ROWS_EACH: Final = 6
PAGE: Final = 1_000
"""Rows sent at a time: two megabytes."""


class ScopedDocuments(Protocol):
    """An engine that knows which documents a scope sees."""

    def documents_in(self, scope: Scope, within: Documents | None) -> frozenset[str] | None:
        """Of those in `within`; None for all that there are."""
        ...


class MilvusVectors:
    """A `VectorStore` over one collection. Every method raises EngineUnavailable."""

    def __init__(self, client: MilvusClient, collection: str, uri: str, dimensions: int) -> None:
        self._client = client
        self._uri = uri
        self._dimensions = dimensions
        self.collection = collection

    def prepare(self) -> bool:
        """Make the collection ready for use; returns whether it had to be made."""
        with reaching(self._uri):
            if self._client.has_collection(self.collection):
                self._client.load_collection(self.collection)
                return False
            from pymilvus import DataType  # noqa: PLC0415 - an extra, and slow to import

            schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
            schema.add_field("id", DataType.VARCHAR, max_length=LONGEST_ID, is_primary=True)
            schema.add_field("number", DataType.INT64)
            schema.add_field("sentence", DataType.INT64)
            schema.add_field("key", DataType.INT64)
            schema.add_field("document_id", DataType.VARCHAR, max_length=LONGEST_ID)
            schema.add_field("vector", DataType.FLOAT_VECTOR, dim=self._dimensions)
            indexes = self._client.prepare_index_params()
            indexes.add_index("document_id", index_type="INVERTED")
            indexes.add_index("number", index_type="INVERTED")
            # FLAT is exact. An approximate index answers differently under a filter, and a scope is
            # a filter.
            indexes.add_index("vector", index_type="FLAT", metric_type="IP")
            self._client.create_collection(self.collection, schema=schema, index_params=indexes)
            return True

    def compare(self, question: Floats, numbers: npt.ArrayLike) -> Similarities:
        """How near each passage and its best sentence come to the question."""
        passage_numbers = np.asarray(numbers, np.int64).tolist()
        rows: dict[int, dict[int, float]] = {}
        for batch in batches(sorted(set(passage_numbers)), ASKED):
            for hit in self._search(question, among("number", batch), MOST):
                of_passage = rows.setdefault(hit["number"], {})
                of_passage[hit["sentence"]] = hit["cosine"]
        # A passage counts once all its rows are there, and its own is written last.
        present = np.array([0 in rows.get(number, ()) for number in passage_numbers], np.bool_)
        ordered = [
            [cosine for _, cosine in sorted(rows[number].items())]
            for number, is_present in zip(passage_numbers, present.tolist(), strict=True)
            if is_present
        ]
        counts = np.array(list(map(len, ordered)), np.int64)
        cosines = np.array([cosine for cosines in ordered for cosine in cosines], np.float32)
        return similarities(present, counts, cosines)

    def nearest(self, question: Floats, documents: Collection[str] | None, k: int) -> list[int]:
        """The keys of the passages of some documents, of all if None, that are nearest."""
        best: dict[int, float] = {}
        numbers: dict[int, int] = {}
        for condition in _conditions(documents):
            for hit in self._search(question, condition, _ROWS_EACH * k):
                best[hit["key"]] = max(hit["cosine"], best.get(hit["key"], -1.0))
                numbers[hit["key"]] = hit["number"]
        # Ties by number, so that the same question has the same answer on every machine.
        return sorted(best, key=lambda key: (-best[key], numbers[key], key))[:k]

    def _search(self, question: Floats, condition: str, limit: int) -> Iterator[dict[str, Any]]:
        with reaching(self._uri):
            [hits] = self._client.search(
                self.collection,
                data=[question.tolist()],
                anns_field="vector",
                filter=condition,
                limit=min(limit, MOST),
                output_fields=["number", "sentence", "key"],
                search_params={"metric_type": "IP"},
            )
        for hit in hits:
            yield {**hit["entity"], "cosine": hit["distance"]}

    def missing(self, numbers: Sequence[int]) -> list[int]:
        """Those of the passages that have no vectors yet, in their order."""
        stored: set[int] = set()
        with reaching(self._uri):
            for batch in batches(numbers, ASKED):
                rows = self._client.query(
                    self.collection,
                    filter=f"sentence == 0 and {among('number', batch)}",
                    output_fields=["number"],
                    # Strong: a row that was just written and not seen would be embedded once more.
                    consistency_level="Strong",
                )
                stored.update(row["number"] for row in rows)
        return [number for number in numbers if number not in stored]

    def add(self, passages: Sequence[PassageVectors]) -> None:
        """Keep vectors, each passage's own row after its sentences'; it can be repeated."""
        rows = [row for passage in passages for row in _rows(passage)]
        with reaching(self._uri):
            for batch in batches(rows, PAGE):
                self._client.upsert(self.collection, batch)

    def remove(self, document_ids: Collection[str]) -> None:
        """Delete the vectors of some documents."""
        with reaching(self._uri):
            for batch in batches(sorted(document_ids)):
                self._client.delete(self.collection, filter=among("document_id", batch))

    def __len__(self) -> int:
        """The passages that have vectors."""
        with reaching(self._uri):
            [answer] = self._client.query(
                self.collection,
                filter="sentence == 0",
                output_fields=["count(*)"],
                consistency_level="Strong",
            )
        return int(answer["count(*)"])


def nearest_among(vectors: MilvusVectors, engine: ScopedDocuments) -> Nearest:
    """Finds the passages nearest by `vectors` among those that a scope of `engine` sees."""

    def nearest(question: Floats, scope: Scope, within: Documents | None, k: int) -> Sequence[int]:
        return vectors.nearest(question, engine.documents_in(scope, within), k)

    return nearest


def _rows(passage: PassageVectors) -> Iterator[dict[str, Any]]:
    # Rounded as in a folder: a difference of .001 in a cosine would show in scores.
    scales, values = quantize(np.asarray(passage.rows, np.float32))
    vectors = values.astype(np.float32) * scales[:, None]
    for sentence in [*range(1, len(passage.rows)), 0]:
        yield {
            "id": f"{passage.number}:{sentence}",
            "number": passage.number,
            "sentence": sentence,
            "key": passage.key,
            "document_id": passage.document_id,
            "vector": vectors[sentence].tolist(),
        }


def _conditions(documents: Collection[str] | None) -> Iterator[str]:
    """Filters that together let the documents through, and no other."""
    if documents is None:
        yield ""
        return
    for batch in batches(sorted(documents), DOCUMENTS):
        yield among("document_id", batch)
