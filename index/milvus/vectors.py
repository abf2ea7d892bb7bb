"""Vectors of passages in a Milvus collection, a row each, under the number of its passage.

One collection for each model, named by the database. Rows are compared by inner product, which
for unit vectors is the cosine, without an approximate index: only the candidates of a question are
looked at, and Milvus finds these by their numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from corpus.storage.records import batches
from index.milvus.rows import among
from index.milvus.server import reaching
from index.semantic.embedder import DIMENSIONS, Floats

if TYPE_CHECKING:
    from pymilvus import MilvusClient

LONGEST_ID: Final = 64
ASKED: Final = 10_000
"""PassageNumbers in one request; Milvus answers a search with 16,384 rows at the most."""


class MilvusVectors:
    """A `Store` over one collection. Every method raises EngineUnavailable."""

    def __init__(self, client: MilvusClient, collection: str, uri: str) -> None:
        self._client = client
        self._uri = uri
        self.collection = collection

    def prepare(self) -> bool:
        """Make the collection ready for use; returns whether it had to be made."""
        with reaching(self._uri):
            if self._client.has_collection(self.collection):
                self._client.load_collection(self.collection)
                return False
            from pymilvus import DataType  # noqa: PLC0415 - an extra, and slow to import

            schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
            schema.add_field("number", DataType.INT64, is_primary=True)
            schema.add_field("document_id", DataType.VARCHAR, max_length=LONGEST_ID)
            schema.add_field("vector", DataType.FLOAT_VECTOR, dim=DIMENSIONS)
            indexes = self._client.prepare_index_params()
            indexes.add_index("document_id", index_type="INVERTED")
            indexes.add_index("vector", index_type="FLAT", metric_type="IP")
            self._client.create_collection(self.collection, schema=schema, index_params=indexes)
            return True

    def scores(self, question: Floats, numbers: npt.ArrayLike) -> Floats:
        """The cosine of each passage with the question; NaN for one that has no vector yet."""
        wanted_numbers = np.asarray(numbers, np.int64).tolist()
        cosines: dict[int, float] = {}
        with reaching(self._uri):
            for batch in batches(sorted(set(wanted_numbers)), ASKED):
                [hits] = self._client.search(
                    self.collection,
                    data=[question.tolist()],
                    anns_field="vector",
                    filter=among("number", batch),
                    limit=len(batch),
                    search_params={"metric_type": "IP"},
                )
                cosines.update(zip(hits.ids, hits.distances, strict=True))
        return np.array([cosines.get(number, np.nan) for number in wanted_numbers], np.float32)

    def missing(self, numbers: Sequence[int]) -> list[int]:
        """Those of the numbers that have no vector yet, in their order."""
        stored: set[int] = set()
        with reaching(self._uri):
            for batch in batches(numbers, ASKED):
                rows = self._client.query(
                    self.collection,
                    filter=among("number", batch),
                    output_fields=["number"],
                    consistency_level="Strong",
                )
                stored.update(row["number"] for row in rows)
        return [number for number in numbers if number not in stored]

    def add(self, document_ids: Sequence[str], numbers: Sequence[int], matrix: Floats) -> None:
        """Keep vectors, a row each with its document's id; it can be repeated."""
        # as exact as in a folder, so that the same question is answered the same
        rounded = matrix.astype(np.float16).astype(np.float32).tolist()
        rows = [
            {"number": number, "document_id": document_id, "vector": vector}
            for document_id, number, vector in zip(document_ids, numbers, rounded, strict=True)
        ]
        with reaching(self._uri):
            self._client.upsert(self.collection, rows)

    def remove(self, document_ids: Collection[str]) -> None:
        """Delete the vectors of some documents."""
        with reaching(self._uri):
            for batch in batches(sorted(document_ids)):
                self._client.delete(self.collection, filter=among("document_id", batch))

    def __len__(self) -> int:
        with reaching(self._uri):
            [answer] = self._client.query(
                self.collection, output_fields=["count(*)"], consistency_level="Strong"
            )
        return int(answer["count(*)"])
