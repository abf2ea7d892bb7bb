"""The audit's rows within a transaction of the caller's, who alone appends at that time."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from sqlalchemy import bindparam, case, delete, func, insert, select, update

from corpus import chain
from corpus.chain import Link
from corpus.clock import now
from corpus.storage.schema import audit, audit_ends

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy

Kind: TypeAlias = Literal["answer", "page", "source", "inline", "watch", "original"]
Via: TypeAlias = Literal["telegram", "console", "command line"]
End: TypeAlias = Literal["first", "last"]

_SALT_BYTES: Final = 16
# Put together once: an answer waits for each of them.
_END: Final = select(*audit_ends.c["number", "hash"]).where(audit_ends.c.end == bindparam("which"))
_MOVE_END: Final = (
    update(audit_ends)
    .where(audit_ends.c.end == bindparam("which"))
    .values(number=bindparam("number"), hash=bindparam("hash"))
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What was shown to somebody."""

    kind: Kind
    via: Via
    citations: tuple[str, ...]
    index_version: str = ""
    question: str | None = None
    """None where a passage was opened by its citation."""
    chat_id: int | None = None
    thread_id: int | None = None
    message_id: int | None = None
    """The message that asked."""
    person_id: int | None = None


def append(connection: sqlalchemy.Connection, shown: Shown, at: str | None = None) -> None:
    """Append a record."""
    values = asdict(shown) | {"citations": list(shown.citations), "at": at or now()}
    _append(connection, values | {"salt": secrets.token_hex(_SALT_BYTES)})


def forget(connection: sqlalchemy.Connection, person_id: int) -> int:
    """Remove a person from every record, and append one that says which; returns how many."""
    theirs = audit.c.person_id == person_id
    mine = select(audit.c.number).where(theirs).order_by(audit.c.number)
    numbers = list(connection.scalars(mine))
    if numbers:
        place = case((audit.c.chat_id > 0, None), else_=audit.c.chat_id)
        nothing = dict.fromkeys(("message_id", "person_id", "question", "salt"))
        connection.execute(update(audit).where(theirs).values(chat_id=place, **nothing))
        _append(connection, {"kind": chain.FORGOTTEN, "details": {"numbers": numbers}})
    return len(numbers)


def drop_before(connection: sqlalchemy.Connection, limit: str) -> int:
    """Drop the records that are older, and append one that says so; returns how many."""
    first_kept = connection.scalar(select(func.min(audit.c.number)).where(audit.c.at >= limit))
    stop = first_kept or end(connection, "last").number + 1
    newest = select(*audit.c["number", "hash"]).where(audit.c.number == stop - 1)
    gone = connection.execute(newest).one_or_none()
    if gone is None:
        return 0
    dropped = connection.execute(delete(audit).where(audit.c.number < stop)).rowcount
    link = Link(gone.number, gone.hash)
    _keep_end(connection, "first", link)
    _append(connection, {"kind": chain.DROPPED, "details": asdict(link)})
    return dropped


def end(connection: sqlalchemy.Connection, which: End) -> Link:
    """The last record that was dropped ('first'), or the newest one ('last')."""
    row = connection.execute(_END, {"which": which}).one_or_none()
    return Link(row.number, row.hash) if row else Link()


def rows(connection: sqlalchemy.Connection) -> Iterator[dict[str, Any]]:
    """Every record, oldest first, under the names of its columns."""
    query = select(audit).order_by(audit.c.number)
    for row in connection.execution_options(yield_per=1000).execute(query).mappings():
        yield dict(row)


def _append(connection: sqlalchemy.Connection, values: dict[str, Any]) -> None:
    before = end(connection, "last")
    row: dict[str, Any] = dict.fromkeys(audit.columns.keys()) | {
        "number": before.number + 1,
        "at": now(),
        "via": "",
        "citations": [],
        "index_version": "",
        "previous": before.hash,
    }
    row |= values
    row["personal"] = chain.personal_digest(row)
    row["hash"] = chain.record_hash(row)
    connection.execute(insert(audit), row)
    _keep_end(connection, "last", Link(row["number"], row["hash"]))


def _keep_end(connection: sqlalchemy.Connection, which: End, link: Link) -> None:
    values = asdict(link)
    if not connection.execute(_MOVE_END, {"which": which, **values}).rowcount:
        connection.execute(insert(audit_ends), {"end": which, **values})
