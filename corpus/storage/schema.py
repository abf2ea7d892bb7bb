"""The tables of documents, grouped by the question each answers.

Only what SQLite and PostgreSQL both run. Times are UTC text, `2026-11-22T12:00:00Z`. Migrations
create these tables; nothing else does. Packages above keep tables of their own beside the queries
that use them, in the same `metadata`, because foreign keys cross the packages.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

# SQLite counts keys up only for INTEGER; PostgreSQL should have 64 bits.
Key = BigInteger().with_variant(Integer, "sqlite")

# -- Which version is this database? -------------------------------------------------------------

migrations = Table(
    "migrations",
    metadata,
    Column("name", String, primary_key=True),
    Column("applied", String, nullable=False),
)

# -- What is stored? -----------------------------------------------------------------------------

documents = Table(
    "documents",
    metadata,
    Column("id", String, primary_key=True),
    Column("sha256", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("media_type", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("date", String),
    Column("publisher", Text),
    Column("url", Text),
    Column("language", String),
    Column("page_starts", JSON, nullable=False),
    Column("added", String, nullable=False),
    Column("note", Text),  # what part of it was not read: a Reason, as JSON
    Column("facts", JSON),  # kind, court, docket, parties, edition; null where nothing is known
    Column("text", Text, nullable=False),  # last, because SQLite reads a row from its start
)

# By which damage is noticed (soundness.py). `about` is of what stands beside the text. They have a
# table of their own: columns added to an older database would stand behind the text, which SQLite
# reads to come to them.
document_digests = Table(
    "document_digests",
    metadata,
    Column("document_id", String, ForeignKey("documents.id"), primary_key=True),
    Column("about", String, nullable=False),
    Column("text", String, nullable=False),
)

originals = Table(
    "originals",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

passages = Table(
    "passages",
    metadata,
    Column("key", Key, primary_key=True, autoincrement=True),
    Column("document_id", String, ForeignKey("documents.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("page", Integer),
    Column("pin", String, nullable=False),
    Column("heading", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("recognition", Integer),  # how sure the OCR is, in per cent; null where it is sure
    Column("digest", String),  # of all of them but the key
    UniqueConstraint("document_id", "ordinal"),
)

# -- Who may see it? -----------------------------------------------------------------------------

# name: as it was first spelled. folded: the form that all spellings of the matter share.
matters = Table(
    "matters",
    metadata,
    Column("name", String, primary_key=True),
    Column("folded", String, nullable=False, unique=True),
    Column("created", String, nullable=False),
)

# A document filed in a matter under a path. It is live while `ended` is null; a filing that ended
# with `superseded_by` was replaced, one that ended without was withdrawn.
filings = Table(
    "filings",
    metadata,
    Column("key", Key, primary_key=True, autoincrement=True),
    Column("document_id", String, ForeignKey("documents.id"), nullable=False),
    Column("matter", String, ForeignKey("matters.name"), nullable=False),
    Column("path", Text, nullable=False),
    Column("part_of", String, ForeignKey("documents.id")),
    Column("added", String, nullable=False),
    Column("added_by", BigInteger),
    Column("ended", String),
    Column("superseded_by", String, ForeignKey("documents.id")),
    Index("filings_by_place", "matter", "path"),
    Index("filings_by_document", "document_id", "matter", "ended"),
    Index("filings_by_whole", "part_of"),
)

# Every change of a document's filings, in the order of commits. Indexes read what they have missed.
changes = Table(
    "changes",
    metadata,
    Column("revision", BigInteger, primary_key=True, autoincrement=False),
    Column("document_id", String, nullable=False),
    # Null in changes of earlier versions, which concern every matter.
    Column("matter", String),
)

# -- What must stay? -----------------------------------------------------------------------------

# A legal hold lasts while `released` is null.
holds = Table(
    "holds",
    metadata,
    Column("key", Key, primary_key=True, autoincrement=True),
    Column("matter", String, ForeignKey("matters.name"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("since", String, nullable=False),
    Column("released", String),
)

# Documents that could not be indexed, by the version of the analyzer that failed on them.
set_aside = Table(
    "set_aside",
    metadata,
    Column("document_id", String, ForeignKey("documents.id"), primary_key=True),
    Column("version", String, nullable=False),
    Column("reason", Text, nullable=False),  # a Reason, as JSON
    Column("at", String, nullable=False),
)

TABLES = (
    *(migrations, documents, document_digests, originals, passages),
    *(matters, filings, changes, holds, set_aside),
)
