"""The tables of what an index that several machines share holds, beside those of schema.py."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, String, Table, Text

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
