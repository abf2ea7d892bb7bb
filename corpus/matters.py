"""Matters by name: 1 to 64 letters of any script, digits, hyphens, underscores, full stops.

`Contract`, `contract` and `ｃｏｎｔｒａｃｔ` are one matter; it is shown as it was first spelled.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from sqlalchemy import Connection, insert, select

from corpus.clock import now
from corpus.errors import InvalidMatter, NotFound
from corpus.storage.schema import matters

LONGEST: Final = 64


def spell(name: str) -> str:
    """A matter's name in its stored spelling (NFKC). Raises InvalidMatter."""
    # NFKC first: full-width letters and compatibility forms are the same letters to a reader.
    spelled = unicodedata.normalize("NFKC", name.strip())
    if not 0 < len(spelled) <= LONGEST or not all(map(_permitted, spelled)):
        raise InvalidMatter(
            f"{name[:80]!r} is no name for a matter: "
            f"1 to {LONGEST} letters, digits, hyphens, underscores and full stops"
        )
    return spelled


def fold(name: str) -> str:
    """The form that all spellings of one matter share. Raises InvalidMatter."""
    # Case folding can undo the normal form, so it is normalised again.
    return unicodedata.normalize("NFKC", spell(name).casefold())


def names(connection: Connection) -> tuple[str, ...]:
    """All matters, sorted."""
    return tuple(sorted(connection.scalars(select(matters.c.name))))


def find(connection: Connection, name: str) -> str:
    """The stored spelling of a matter that exists. Raises InvalidMatter, NotFound."""
    stored = _stored(connection, name)
    if stored is None:
        raise NotFound(f"there is no matter {name!r}: check its spelling")
    return stored


def spelling(connection: Connection, name: str) -> str:
    """The stored spelling of a matter, or the one it would get. Raises InvalidMatter."""
    return _stored(connection, name) or spell(name)


def ensure(connection: Connection, name: str) -> tuple[str, bool]:
    """The stored spelling of a matter, and whether it had to be created. Raises InvalidMatter."""
    stored = _stored(connection, name)
    if stored is not None:
        return stored, False
    row = {"name": spell(name), "folded": fold(name), "created": now()}
    connection.execute(insert(matters).values(row))
    return row["name"], True


def _stored(connection: Connection, name: str) -> str | None:
    return connection.scalar(select(matters.c.name).where(matters.c.folded == fold(name)))


def _permitted(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LM" or category == "Nd" or character in "-_."
