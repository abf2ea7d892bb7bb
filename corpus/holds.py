"""Legal holds: while one lasts, nothing of its matter may be withdrawn, forgotten or let expire.

Replacing a document stays possible, because it deletes nothing: the old version keeps opening by
its citations, and it cannot be withdrawn either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, select, update

from corpus import matters
from corpus.errors import HoldExists, NotFound, UnderHold
from corpus.models import Hold
from corpus.storage.database import serialise
from corpus.storage.locks import Lock
from corpus.storage.schema import holds

if TYPE_CHECKING:
    from collections.abc import Collection


def in_force(connection: Connection, among: Collection[str] | None = None) -> list[Hold]:
    """The holds that last, oldest first: of all matters, or of some."""
    query = select(*holds.c["matter", "reason", "since"]).where(holds.c.released.is_(None))
    if among is not None:
        query = query.where(holds.c.matter.in_(among))
    return [Hold(*row) for row in connection.execute(query.order_by(holds.c.key))]


def place(connection: Connection, name: str, reason: str, at: str) -> Hold:
    """Hold a matter. Raises InvalidMatter, NotFound, and HoldExists where it is held already."""
    # Withdrawing takes the same lock, so that none slips in between.
    serialise(connection, Lock.FILING)
    matter = matters.find(connection, name)
    for hold in in_force(connection, [matter]):
        raise HoldExists(
            f"{matter} is held since {hold.since[:10]} ({hold.reason}): release it first"
        )
    connection.execute(insert(holds).values(matter=matter, reason=reason, since=at))
    return Hold(matter, reason, at)


def lift(connection: Connection, name: str, at: str) -> Hold:
    """End the hold of a matter, and return it. Raises InvalidMatter, NotFound."""
    serialise(connection, Lock.FILING)
    matter = matters.find(connection, name)
    for hold in in_force(connection, [matter]):
        lasting = (holds.c.matter == matter, holds.c.released.is_(None))
        connection.execute(update(holds).where(*lasting).values(released=at))
        return hold
    raise NotFound(f"{matter} is under no hold: 'pincite hold' lists those that last")


def refuse_if_held(connection: Connection, among: Collection[str]) -> None:
    """Raise UnderHold when one of the matters is held."""
    held = tuple(in_force(connection, among))
    if held:
        raise UnderHold(held)
