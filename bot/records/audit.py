"""The audit: what was shown, when, where, to whom and from which index, in a chain of hashes.

Records are appended one after another, whatever number of processes works on the database. Every
method is one transaction, blocks, and raises DatabaseUnavailable. The functions work inside the
caller's transaction, so that what is shown and the record of it are kept together or not at all.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import sqlalchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Index,
    String,
    Table,
    Text,
    bindparam,
    case,
    cast,
    delete,
    func,
    insert,
    select,
    update,
)

from bot.records import audit_chain
from bot.records.audit_chain import ChainLink, Witness
from bot.records.audit_key import key_of
from corpus.clock import now
from corpus.storage.database import serialise, snapshot, transaction
from corpus.storage.documents import storable
from corpus.storage.locks import Lock
from corpus.storage.migrations import Migration, add_columns, create_tables
from corpus.storage.schema import metadata

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement


Kind: TypeAlias = Literal[
    # what was shown
    "answer",
    "page",
    "source",
    "inline",
    "watch",
    "original",
    "read",
    "check",
    "compare",
    "timeline",
    # what was done
    "admitted",
    "dismissed",
    "bound",
    "unbound",
    "invited",
    "uninvited",
    "claimed",
    "owner made",
    "owner revoked",
    "uploaded",
    "withdrawn",
    "exported",
    "held",
    "released",
    "kept",
    "memo",
    "forgetting postponed",
]
Via: TypeAlias = Literal["telegram", "console", "command line", "folder", "mcp", "reader"]
End: TypeAlias = Literal["first", "last"]

# What was shown to whom, and who did what, each row hashed with the one before (audit_chain.py).
# What belongs to a person enters the hash as the salted digest `personal`, and whom an act is about
# as the digest `about`: they and their salts can go, the chain holds.
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
    Column("about_id", BigInteger),
    Column("about_salt", String),
    Column("about", String),
    Column("seal", String),
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

_SALT_BYTES: Final = 16
_SEARCHED_FOR_QUESTION: Final = 50
"""Records in which the question of a passage is looked for: it was asked a moment ago."""
# Built once, because every answer waits for these two statements.
_SELECT_END: Final = select(*audit_ends.c["number", "hash"]).where(
    audit_ends.c.end == bindparam("which")
)
_MOVE_END: Final = (
    update(audit_ends)
    .where(audit_ends.c.end == bindparam("which"))
    .values(number=bindparam("number"), hash=bindparam("hash"))
)


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """What was shown to somebody, or what somebody did."""

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
    """Who asked, or who acted; None for the owner at the command line."""
    about_id: int | None = None
    """Whom an act is about, such as the person who was admitted."""
    details: Mapping[str, Any] | None = None
    """More about it, as JSON. Nobody is forgotten from here, so it names no person and holds no
    word of a question."""


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """A question and the citations that its answer showed, in order."""

    question: str
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """All records, oldest first, with the last one that was dropped and the newest one."""

    rows: Iterator[dict[str, Any]]
    first: ChainLink
    last: ChainLink


class Audit:
    """The records. Age removes them; a person who wants to be forgotten is taken out of them."""

    def __init__(self, database: sqlalchemy.Engine) -> None:
        self._database = database

    @property
    def database(self) -> sqlalchemy.Engine:
        """The database that holds the records."""
        return self._database

    def record(self, record: AuditRecord) -> None:
        """Append a record, before anything is shown."""
        with transaction(self._database) as connection:
            append(connection, record)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Every record, oldest first, under the names of its columns."""
        with snapshot(self._database) as connection:
            yield from _rows(connection)

    @contextmanager
    def reading(self) -> Iterator[Chain]:
        """The records with the ends of their chain, as they are at one moment."""
        with snapshot(self._database) as connection:
            yield Chain(_rows(connection), *ends(connection))

    def problems(self) -> list[str]:
        """What is wrong; empty when every record is in its place as it was written."""
        return list(self.find_problems())

    def find_problems(self, notes: Sequence[ChainLink] = ()) -> Iterator[str]:
        """As `problems`, with hashes that were noted elsewhere; the key is compared where it is."""
        with snapshot(self._database) as connection:
            first, last = ends(connection)
            witness = Witness(key_of(connection), notes)
            yield from audit_chain.problems(_rows(connection), first, last, witness)

    def last(self) -> ChainLink:
        """The newest record. Its number counts all records ever written; its hash covers all."""
        with snapshot(self._database) as connection:
            return _end(connection, "last")

    def question_shown(self, citation: str) -> ShownAnswer | None:
        """The last question at the terminal whose answer showed a passage."""
        newest = (
            select(audit.c.question, audit.c.citations)
            .where(audit.c.via.in_(("command line", "console")), audit.c.question.is_not(None))
            .where(audit.c.kind.in_(("answer", "page")))
            .order_by(audit.c.number.desc())
            .limit(_SEARCHED_FOR_QUESTION)
        )
        with snapshot(self._database) as connection:
            for row in connection.execute(newest):
                if citation in row.citations:
                    return ShownAnswer(row.question, tuple(row.citations))
        return None

    def count(self) -> int:
        """How many records are kept."""
        with snapshot(self._database) as connection:
            return connection.execute(select(func.count()).select_from(audit)).scalar_one()

    def row(self, number: int) -> dict[str, Any] | None:
        """One record under the names of its columns; None when there is none of that number."""
        with snapshot(self._database) as connection:
            return next(_rows(connection, audit.c.number == number), None)

    def lost_keys(self) -> list[str]:
        """The ids of other keys that sealed records from before this installation's key."""
        key = key_of(self._database)
        if key is None:
            return []
        before = select(func.substr(audit.c.seal, 1, _KEY_ID)).distinct()
        with snapshot(self._database) as connection:
            query = before.where(audit.c.seal.is_not(None), audit.c.number <= key.since.number)
            return sorted(set(connection.scalars(query)) - {key.id})

    def drop_before(self, days: int, today: datetime | None = None) -> int:
        """Drop the records older than `days` and append one that says so; returns how many.

        `today`: the time from which days are counted, where the clock itself may be wrong.
        """
        limit = _days_before(today or datetime.now(UTC), days)
        with transaction(self._database) as connection:
            serialise(connection, Lock.AUDIT)
            return _drop_before(connection, limit)


def append(connection: sqlalchemy.Connection, record: AuditRecord, at: str | None = None) -> None:
    """Append a record. Others wait until the transaction ends, so this comes last in it."""
    # Two transactions would otherwise append after the same record.
    serialise(connection, Lock.AUDIT)
    question = None if record.question is None else storable(record.question)
    values = asdict(record) | {"question": question, "citations": list(record.citations)}
    values["details"] = None if record.details is None else _storable_details(record.details)
    salts = {"salt": secrets.token_hex(_SALT_BYTES), "about_salt": None}
    if record.about_id is not None:
        salts["about_salt"] = secrets.token_hex(_SALT_BYTES)
    _append_row(connection, values | {"at": at or now()} | salts)


def forget(connection: sqlalchemy.Connection, person_id: int) -> int:
    """Remove a person from every record and append one that lists them; returns how many."""
    serialise(connection, Lock.AUDIT)
    of_person, about_person = audit.c.person_id == person_id, audit.c.about_id == person_id
    query = select(audit.c.number).where(of_person | about_person).order_by(audit.c.number)
    numbers = list(connection.scalars(query))
    if numbers:
        # A private chat's id is the person's own id; a group's id stays.
        group_id = case((audit.c.chat_id > 0, None), else_=audit.c.chat_id)
        emptied = dict.fromkeys(("message_id", "person_id", "question", "salt"))
        connection.execute(update(audit).where(of_person).values(chat_id=group_id, **emptied))
        emptied = dict.fromkeys(("about_id", "about_salt"))
        connection.execute(update(audit).where(about_person).values(**emptied))
        _append_row(connection, {"kind": audit_chain.FORGOTTEN, "details": {"numbers": numbers}})
    return len(numbers)


def _drop_before(connection: sqlalchemy.Connection, limit: str) -> int:
    first_kept = connection.scalar(select(func.min(audit.c.number)).where(audit.c.at >= limit))
    stop = first_kept or _end(connection, "last").number + 1
    # The chain starts after this record from now on; `first` keeps its hash.
    newest = select(*audit.c["number", "hash"]).where(audit.c.number == stop - 1)
    newest_dropped = connection.execute(newest).one_or_none()
    if newest_dropped is None:
        return 0
    count = connection.execute(delete(audit).where(audit.c.number < stop)).rowcount
    link = ChainLink(newest_dropped.number, newest_dropped.hash)
    _set_end(connection, "first", link)
    _append_row(connection, {"kind": audit_chain.DROPPED, "details": asdict(link)})
    return count


def ends(connection: sqlalchemy.Connection) -> tuple[ChainLink, ChainLink]:
    """The last record that was dropped, and the newest one."""
    return _end(connection, "first"), _end(connection, "last")


# JSON as text: a damaged value must be told, not end the walk with an error of the driver.
_STORED: Final = [
    cast(column, Text).label(column.name) if isinstance(column.type, JSON) else column
    for column in audit.columns
]
_JSON_COLUMNS: Final = [c.name for c in audit.columns if isinstance(c.type, JSON)]
_KEY_ID: Final = 8


def rows_of_person(connection: sqlalchemy.Connection, person_id: int) -> Iterator[dict[str, Any]]:
    """The records of what a person did or saw, and of what was done about them."""
    return _rows(connection, (audit.c.person_id == person_id) | (audit.c.about_id == person_id))


def _rows(
    connection: sqlalchemy.Connection, which: ColumnElement[bool] | None = None
) -> Iterator[dict[str, Any]]:
    query = select(*_STORED).order_by(audit.c.number)
    if which is not None:
        query = query.where(which)
    # The audit of a year does not fit into memory everywhere; who stops early closes the cursor.
    with connection.execute(query.execution_options(yield_per=1000)) as result:
        for mapping in result.mappings():
            row = dict(mapping)
            for name in _JSON_COLUMNS:
                row[name] = _parsed(row[name])
            yield row


def _parsed(text: Any) -> Any:
    """A JSON value; what cannot be parsed stays the text that it is."""
    try:
        return json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError):
        return text


def _storable_details(details: Mapping[str, Any]) -> dict[str, Any]:
    """Details as they come back from the database, so that their hash holds then."""
    text = json.dumps(details, ensure_ascii=False, default=str)
    # A reason is typed by people, and lone surrogates cannot be stored everywhere.
    stored: dict[str, Any] = json.loads(storable(text))
    return stored


def _days_before(time: datetime, days: int) -> str:
    return (time - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _append_row(connection: sqlalchemy.Connection, values: dict[str, Any]) -> None:
    last = _end(connection, "last")
    row: dict[str, Any] = dict.fromkeys(audit.columns.keys()) | {
        "number": last.number + 1,
        "at": now(),
        "via": "",
        "citations": [],
        "index_version": "",
        "previous": last.hash,
    }
    row |= values
    row["personal"] = audit_chain.personal_digest(row)
    row["about"] = audit_chain.about_digest(row)
    row["hash"] = audit_chain.record_hash(row)
    key = key_of(connection)
    row["seal"] = key.seal(row["hash"]) if key else None
    connection.execute(insert(audit), row)
    _set_end(connection, "last", ChainLink(row["number"], row["hash"]))


def _end(connection: sqlalchemy.Connection, which: End) -> ChainLink:
    """The last record that was dropped ('first'), or the newest one ('last')."""
    row = connection.execute(_SELECT_END, {"which": which}).one_or_none()
    return ChainLink(row.number, row.hash) if row else ChainLink()


def _set_end(connection: sqlalchemy.Connection, which: End, link: ChainLink) -> None:
    values = asdict(link)
    if not connection.execute(_MOVE_END, {"which": which, **values}).rowcount:
        connection.execute(insert(audit_ends), {"end": which, **values})


def _audit_in_a_chain(connection: sqlalchemy.Connection) -> None:
    """Create the audit's tables; answers given before are its first records."""
    create_tables(connection, audit, audit_ends)
    # Only the columns of that time: a migration does not follow later changes of another's table.
    names = ("at", "chat_id", "thread_id", "message_id", "person_id", "question")
    columns: list[sqlalchemy.ColumnClause[Any]] = [sqlalchemy.column(name) for name in names]
    citations = sqlalchemy.column("citations", JSON)
    questions = sqlalchemy.table(
        "asked", *columns, citations, *map(sqlalchemy.column, ("key", "answer_id"))
    )
    answered = select(*columns, citations).where(questions.c.answer_id.is_not(None))
    for row in connection.execute(answered.select_from(questions).order_by(questions.c.key)).all():
        record = AuditRecord(
            kind="answer",
            via="telegram",
            citations=tuple(filter(None, row.citations)),
            question=row.question,
            chat_id=row.chat_id,
            thread_id=row.thread_id,
            message_id=row.message_id,
            person_id=row.person_id,
        )
        append(connection, record, at=row.at)


def _seals(connection: sqlalchemy.Connection) -> None:
    """Add whom an act is about, and the seal of a key outside the database."""
    add_columns(connection, audit)


MIGRATIONS: Final = (
    Migration("0002 audit in a chain", _audit_in_a_chain),
    Migration("0013 audit with seals", _seals),
)
