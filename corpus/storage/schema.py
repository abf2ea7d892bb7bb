"""The tables, grouped by the question each answers. Only what SQLite and PostgreSQL both run.

Times are UTC text, `2026-11-22T12:00:00Z`. Migrations create these; nothing else does.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
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

# Autoincrementing keys: SQLite does so only for INTEGER, PostgreSQL should have 64 bits.
_Key = BigInteger().with_variant(Integer, "sqlite")

# -- Which version is this database? -------------------------------------------------------------

migrations = Table(
    "migrations",
    metadata,
    Column("name", String, primary_key=True),
    Column("applied", String, nullable=False),
)

# -- What do we hold? ----------------------------------------------------------------------------

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
    Column("note", Text),  # what part of it was not read
    Column("text", Text, nullable=False),  # last: SQLite reads a row from its beginning
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
    Column("key", _Key, primary_key=True, autoincrement=True),
    Column("document_id", String, ForeignKey("documents.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("page", Integer),
    Column("pin", String, nullable=False),
    Column("heading", Text, nullable=False),
    Column("text", Text, nullable=False),
    UniqueConstraint("document_id", "ordinal"),
)

# -- Who may see it? -----------------------------------------------------------------------------

# name: as first spelled; folded: what makes two spellings one (see matters.py)
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
    Column("key", _Key, primary_key=True, autoincrement=True),
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

# Every change of a document's filings, in commit order: what an index has to catch up with.
changes = Table(
    "changes",
    metadata,
    Column("revision", BigInteger, primary_key=True, autoincrement=False),
    Column("document_id", String, nullable=False),
)

# role: 'reader' or 'keeper'
admissions = Table(
    "admissions",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("matter", String, ForeignKey("matters.name"), primary_key=True),
    Column("role", String, nullable=False),
)

# thread_id 0 stands for the chat as a whole
bindings = Table(
    "bindings",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("thread_id", BigInteger, primary_key=True, autoincrement=False),
    Column("matter", String, ForeignKey("matters.name"), primary_key=True),
)

# owners beside those that the settings name: whoever used the claim code
owners = Table(
    "owners",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("since", String, nullable=False),
)

# -- Who asked what, and what was shown? ---------------------------------------------------------

people = Table(
    "people",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("username", String),
    Column("name", Text),
    Column("language", String),
)

chats = Table(
    "chats",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", String),
)

# answer_id: the message that answers, to be edited when the question is, and paged by buttons
# follows: the key of the question before it in a chain of replies, earlier: what that asked then;
# understood: what the question was taken to ask, where that is more than its own words
asked = Table(
    "asked",
    metadata,
    Column("key", _Key, primary_key=True, autoincrement=True),
    Column("at", String, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("answer_id", BigInteger),
    Column("person_id", BigInteger),
    Column("question", Text, nullable=False),
    Column("citations", JSON, nullable=False),
    Column("follows", BigInteger),
    Column("earlier", Text),
    Column("understood", Text),
    Column("index_version", String),
    UniqueConstraint("chat_id", "message_id"),
    Index("asked_by_answer", "chat_id", "answer_id"),
)

# question, citation, index_version: what was judged, as it was then: the first passage shown
feedback = Table(
    "feedback",
    metadata,
    Column("asked_key", _Key, ForeignKey("asked.key"), primary_key=True, autoincrement=False),
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("useful", Boolean, nullable=False),
    Column("at", String, nullable=False),
    Column("question", Text),
    Column("citation", String),
    Column("index_version", String),
)

# What was shown to whom, each row hashed with the one before (see chain.py). What belongs to a
# person enters the hash as the salted digest `personal`: it and its salt can go, the chain holds.
audit = Table(
    "audit",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("via", String, nullable=False),
    Column("chat_id", BigInteger),
    Column("thread_id", BigInteger),
    Column("message_id", BigInteger),
    Column("person_id", BigInteger),
    Column("question", Text),
    Column("salt", String),
    Column("personal", String, nullable=False),
    Column("citations", JSON, nullable=False),
    Column("index_version", String, nullable=False),
    Column("details", JSON(none_as_null=True)),
    Column("previous", String, nullable=False),
    Column("hash", String, nullable=False),
    Index("audit_by_person", "person_id"),
)

# end: 'first' (the last record dropped for its age) or 'last' (the newest one)
audit_ends = Table(
    "audit_ends",
    metadata,
    Column("end", String, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("hash", String, nullable=False),
)

# Updates as they came. One is pending, and belongs to its holder, until held_until (seconds since
# 1970) is null: then it is dealt with, and what it said is gone.
updates = Table(
    "updates",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", String, nullable=False),
    Column("lane", String),
    Column("written", Text),
    Column("holder", String),
    Column("held_until", Float(53)),
    Column("tries", Integer),
)
Index(
    "updates_pending",
    updates.c.lane,
    updates.c.update_id,
    sqlite_where=updates.c.held_until.is_not(None),
    postgresql_where=updates.c.held_until.is_not(None),
)

# What each message of ours shows, where several processes edit them: a hash of it.
shown = Table(
    "shown",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", String, nullable=False),
    Column("at", String, nullable=False),
)

# Questions of the last minute (seconds since 1970), where several processes count them.
asking = Table(
    "asking",
    metadata,
    Column("key", _Key, primary_key=True, autoincrement=True),
    Column("person_id", BigInteger, nullable=False),
    Column("moment", Float(53), nullable=False),
    Index("asking_by_person", "person_id"),
)
