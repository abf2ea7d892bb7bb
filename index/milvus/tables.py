"""The tables of what an index holds that several machines share, and their migrations."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Connection, Float, String, Table, Text

from corpus.storage.migrations import Migration, create_tables
from corpus.storage.schema import metadata

# revision: the change up to which it has caught up; mean_length: what its weights were made with
shared_indexes = Table(
    "shared_indexes",
    metadata,
    Column("name", String, primary_key=True),
    Column("analyzer", String, nullable=False),
    Column("mean_length", Float),
    Column("revision", BigInteger, nullable=False),
)

# A cell is the documents that are live in exactly the same matters (names between spaces), so
# that every scope is a union of cells, and its statistics are the sums of theirs.
index_cells = Table(
    "index_cells",
    metadata,
    Column("index_name", String, primary_key=True),
    Column("cell", BigInteger, primary_key=True, autoincrement=False),
    Column("matters", Text, nullable=False),
    Column("passages", BigInteger, nullable=False),
    Column("tokens", BigInteger, nullable=False),
)

index_documents = Table(
    "index_documents",
    metadata,
    Column("index_name", String, primary_key=True),
    Column("document_id", String, primary_key=True),
    Column("cell", BigInteger, nullable=False),
    Column("passages", BigInteger, nullable=False),
    Column("tokens", BigInteger, nullable=False),
)

# term: its 32-bit number; passages: how many of the cell's hold it
index_terms = Table(
    "index_terms",
    metadata,
    Column("index_name", String, primary_key=True),
    Column("term", BigInteger, primary_key=True, autoincrement=False),
    Column("cell", BigInteger, primary_key=True, autoincrement=False),
    Column("passages", BigInteger, nullable=False),
)

# Vectors that several machines share, a set for each model.
vector_sets = Table(
    "vector_sets",
    metadata,
    Column("name", String, primary_key=True),
    Column("model", String, nullable=False),
)

# The documents whose vectors are there, or being made: until held_until (seconds since 1970) by
# whoever took the document on, for ever when it is null.
vector_documents = Table(
    "vector_documents",
    metadata,
    Column("set_name", String, primary_key=True),
    Column("document_id", String, primary_key=True),
    Column("held_until", Float(53)),
)


def _shared_indexes(connection: Connection) -> None:
    """Create the counts of an index that several machines share."""
    create_tables(connection, shared_indexes, index_cells, index_documents, index_terms)


def _shared_vectors(connection: Connection) -> None:
    """Create what several machines have embedded together."""
    create_tables(connection, vector_sets, vector_documents)


MIGRATIONS: Final = (
    Migration("0004 shared indexes", _shared_indexes),
    Migration("0010 shared vectors", _shared_vectors),
)
