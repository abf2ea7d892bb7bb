"""Rows in a Milvus collection, one a passage, with its document, its cell and its weights."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from corpus.storage.records import batches
from index.milvus.sparse import SparseRow

if TYPE_CHECKING:
    from pymilvus import MilvusClient

PAGE: Final = 500
"""Rows sent or fetched at a time: about a megabyte."""

MOST: Final = 16_384
"""What Milvus returns of a search at most."""

_LONGEST_ID: Final = 64  # 52 characters of Crockford base32 are a whole SHA-256
_FIELDS: Final = ["document_id", "cell", "length", "weights", "number"]


class Rows:
    """The rows of one collection. Every method raises pymilvus's MilvusException."""

    def __init__(self, client: MilvusClient, collection: str) -> None:
        self._client = client
        self.collection = collection

    def prepare(self) -> bool:
        """Make the collection ready for use; returns whether it had to be made."""
        if self._client.has_collection(self.collection):
            self._client.load_collection(self.collection)
            return False
        from pymilvus import DataType  # noqa: PLC0415 - an extra, and slow to import

        schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("key", DataType.INT64, is_primary=True)
        schema.add_field("document_id", DataType.VARCHAR, max_length=_LONGEST_ID)
        schema.add_field("cell", DataType.INT64)
        schema.add_field("length", DataType.INT64)
        schema.add_field("number", DataType.INT64)
        schema.add_field("weights", DataType.SPARSE_FLOAT_VECTOR)
        indexes = self._client.prepare_index_params()
        indexes.add_index("document_id", index_type="INVERTED")
        indexes.add_index("cell", index_type="INVERTED")
        indexes.add_index("weights", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
        self._client.create_collection(self.collection, schema=schema, index_params=indexes)
        return True

    def put(self, rows: Sequence[SparseRow]) -> None:
        """Write rows, over those with the same keys, so that it can be repeated."""
        for batch in batches(rows, PAGE):
            self._client.upsert(self.collection, [_entity(row) for row in batch])

    def of(self, document_ids: Iterable[str]) -> Iterator[list[SparseRow]]:
        """The rows of some documents, a page at a time."""
        pages = self._client.query_iterator(
            self.collection,
            batch_size=PAGE,
            filter=among("document_id", document_ids),
            output_fields=["key", *_FIELDS],
            consistency_level="Strong",
        )
        try:
            while page := pages.next():
                yield [_row(entity["key"], entity) for entity in page]
        finally:
            pages.close()

    def among_keys(
        self, keys: Iterable[int], cells: Iterable[int] | None, documents: Iterable[str] | None
    ) -> list[SparseRow]:
        """The rows of these keys; of some cells and documents, of all if None."""
        entities = self._client.query(
            self.collection,
            filter=_conditions(key=keys, cell=cells, document_id=documents),
            output_fields=["key", *_FIELDS],
        )
        return [_row(entity["key"], entity) for entity in entities]

    def remove(self, document_ids: Iterable[str]) -> None:
        """Delete the rows of some documents."""
        self._client.delete(self.collection, filter=among("document_id", document_ids))

    def count(self) -> int:
        """How many rows there are."""
        [answer] = self._client.query(
            self.collection, output_fields=["count(*)"], consistency_level="Strong"
        )
        return int(answer["count(*)"])

    def best(
        self,
        question: Mapping[int, float],
        cells: Iterable[int] | None,
        documents: Iterable[str] | None,
        limit: int,
        *,
        fresh: bool,
    ) -> list[SparseRow]:
        """The rows with the largest inner products; of some cells and documents, of all if None.

        `fresh` waits until every node knows of every write before.
        """
        [hits] = self._client.search(
            self.collection,
            data=[dict(question)],
            anns_field="weights",
            filter=_conditions(cell=cells, document_id=documents),
            limit=min(limit, MOST),
            output_fields=_FIELDS,
            search_params={"metric_type": "IP"},
            consistency_level="Strong" if fresh else "Bounded",
        )
        return [_row(key, hit["entity"]) for key, hit in zip(hits.ids, hits, strict=True)]


def _entity(row: SparseRow) -> dict[str, Any]:
    # not dataclasses.asdict, which copies every weight
    return {name: getattr(row, name) for name in ("key", *_FIELDS)}


def _row(key: int, entity: Mapping[str, Any]) -> SparseRow:
    return SparseRow(key, *(entity[name] for name in _FIELDS))


def _conditions(**values: Iterable[str] | Iterable[int] | None) -> str:
    """A filter: each field has one of its values, any where they are None."""
    return " and ".join(
        among(field, allowed) for field, allowed in values.items() if allowed is not None
    )


def among(field: str, values: Iterable[str] | Iterable[int]) -> str:
    """A filter: the field has one of the values."""
    return f"{field} in {json.dumps(sorted(values))}"
