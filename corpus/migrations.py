"""How a database of an older version becomes one of this version.

Migrations are plain functions in a list, each applied once, all missing ones in one transaction,
and recorded in the table `migrations`. A released migration never changes. Until the first
release the first one creates what schema.py says; with the release it is frozen to those
definitions, and every later change of schema.py comes with a migration of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from sqlalchemy import Connection, insert, inspect, select

from corpus import schema
from corpus.clock import now
from corpus.errors import DatabaseTooNew

Migration: TypeAlias = Callable[[Connection], None]


def first_tables(connection: Connection) -> None:
    """The tables of the first release. Fails where another program's tables have these names."""
    schema.metadata.create_all(connection, checkfirst=False)


MIGRATIONS: Final[Sequence[tuple[str, Migration]]] = (("0001 first tables", first_tables),)


def missing(
    connection: Connection, known: Sequence[tuple[str, Migration]] = MIGRATIONS
) -> list[tuple[str, Migration]]:
    """The migrations that this database has yet to see, in order. Raises DatabaseTooNew."""
    applied: set[str] = set()
    if inspect(connection).has_table(schema.migrations.name):
        applied = set(connection.scalars(select(schema.migrations.c.name)))
    unknown = applied - {name for name, _ in known}
    if unknown:
        where = connection.engine.url.render_as_string(hide_password=True)
        raise DatabaseTooNew(
            f"the database {where} was written by a newer version of Pincite "
            f"(it knows {max(unknown)!r}): upgrade Pincite"
        )
    return [migration for migration in known if migration[0] not in applied]


def apply_missing(
    connection: Connection, known: Sequence[tuple[str, Migration]] = MIGRATIONS
) -> None:
    """Apply and record what is missing, inside the caller's transaction. Raises DatabaseTooNew."""
    for name, apply in missing(connection, known):
        apply(connection)
        connection.execute(insert(schema.migrations).values(name=name, applied=now()))
