"""The tables of what arrives in a chat and of who waits for it: uploads, watches, findings.

Beside those of schema.py and by the same rules.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from corpus.storage.schema import metadata

_Key = BigInteger().with_variant(Integer, "sqlite")

# Files that people sent and that are still to be filed; what became of them is kept for the message
# that tells it (progress_id). matter is null until the sender has chosen one. It is the holder's to
# file until held_until (seconds since 1970).
uploads = Table(
    "uploads",
    metadata,
    Column("key", _Key, primary_key=True, autoincrement=True),
    Column("at", String, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("person_id", BigInteger, nullable=False),
    Column("language", String, nullable=False),
    Column("album", String),
    Column("file_id", String, nullable=False),
    Column("name", Text, nullable=False),
    Column("matter", String),
    Column("progress_id", BigInteger),
    Column("outcome", JSON(none_as_null=True)),
    Column("holder", String),
    Column("held_until", Float(53)),
    UniqueConstraint("chat_id", "message_id"),
)

# Standing questions: each number is one within its chat or topic; a filing after `after_filing` is
# new to it. thread_id 0 stands for the chat as a whole.
watches = Table(
    "watches",
    metadata,
    Column("key", _Key, primary_key=True, autoincrement=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),
    Column("person_id", BigInteger),
    Column("language", String, nullable=False),
    Column("question", Text, nullable=False),
    Column("created", String, nullable=False),
    Column("after_filing", BigInteger, nullable=False),
    UniqueConstraint("chat_id", "thread_id", "number"),
)

# What a watch found: to be told once. claimed: when somebody set about telling it.
findings = Table(
    "findings",
    metadata,
    Column("watch_key", _Key, ForeignKey("watches.key"), primary_key=True, autoincrement=False),
    Column("document_id", String, ForeignKey("documents.id"), primary_key=True),
    Column("citation", String, nullable=False),
    Column("found", String, nullable=False),
    Column("claimed", String),
    Column("told", String),
    Index("findings_by_telling", "told"),
)

# Up to which filing the watches were matched; one row.
watched = Table(
    "watched",
    metadata,
    Column("name", String, primary_key=True),
    Column("filing", BigInteger, nullable=False),
)

# When a chat wants to be told: once a day at this hour of its own clock. last: the day last told.
digests = Table(
    "digests",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("thread_id", BigInteger, primary_key=True, autoincrement=False),
    Column("hour", Integer, nullable=False),
    Column("offset_minutes", Integer, nullable=False),
    Column("last", String, nullable=False),
)
