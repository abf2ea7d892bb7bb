"""The whole database: the tables and migrations of every package that keeps something in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.records import (
    access,
    audit,
    choices,
    conversation,
    digests,
    holding,
    inbox,
    invitations,
    kept,
    last_views,
    marks,
    people,
    prompts,
    question_limit,
    uploads,
    watches,
)
from corpus.storage import migrations as documents
from corpus.storage import schema
from index.milvus import tables as milvus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.storage.migrations import Migration

_OWNERS: Final = (
    documents,
    access,
    audit,
    choices,
    conversation,
    digests,
    holding,
    inbox,
    invitations,
    kept,
    last_views,
    marks,
    people,
    prompts,
    question_limit,
    uploads,
    watches,
    milvus,
)

MIGRATIONS: Final[Sequence[Migration]] = sorted(
    (migration for owner in _OWNERS for migration in owner.MIGRATIONS),
    key=lambda migration: migration.name,  # the number in a name is its place in time
)

TABLES: Final = tuple(
    table for table in schema.metadata.sorted_tables if table is not schema.migrations
)
"""All but the record of migrations; a table stands after those that it refers to."""
