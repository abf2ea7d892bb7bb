"""Watches, which are saved questions of a chat, and the new documents that answer them.

New filings are matched against all watches. A finding is claimed by one process, which tells the
chat once.

Methods block; call them from threads.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.records.digests import digests
from corpus.clock import now
from corpus.storage.database import serialise, snapshot, transaction
from corpus.storage.locks import Lock
from corpus.storage.migrations import Migration, create_tables
from corpus.storage.schema import Key, filings, metadata

if TYPE_CHECKING:
    from collections.abc import Collection

    import sqlalchemy

# Each number is unique within its chat or topic. A filing after `after_filing` is new to the watch.
# thread_id 0 stands for the chat as a whole.
watches = Table(
    "watches",
    metadata,
    Column("key", Key, primary_key=True, autoincrement=True),
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

# A new document that answers a watch, to be told once. claimed: when a process began to tell it.
findings = Table(
    "findings",
    metadata,
    Column("watch_key", Key, ForeignKey("watches.key"), primary_key=True, autoincrement=False),
    Column("document_id", String, ForeignKey("documents.id"), primary_key=True),
    Column("citation", String, nullable=False),
    Column("found", String, nullable=False),
    Column("claimed", String),
    Column("told", String),
    Index("findings_by_telling", "told"),
)

# The filing up to which all watches are matched. One row.
progress = Table(
    "watched",
    metadata,
    Column("name", String, primary_key=True),
    Column("filing", BigInteger, nullable=False),
)


MOST: Final = 20
"""The most watches in one chat or topic."""
CLAIM_SECONDS: Final = 120
"""Seconds after which another process may tell what was claimed and never told."""
AGAIN: Final = timedelta(hours=1)
"""How long to wait before trying a place again that could not be reached."""
KEPT: Final = timedelta(days=30)
"""How long a finding waits for its place to be reached."""

_MATCHED: Final = "matched"


@dataclass(frozen=True, slots=True)
class Watch:
    """A saved question of a chat or topic."""

    key: int
    chat_id: int
    thread_id: int
    number: int
    person_id: int | None
    language: str
    question: str
    after_filing: int
    """Documents with a later filing are new to it."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A document newly filed in a matter; `key` numbers filings in the order of their commits."""

    key: int
    document_id: str
    matter: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A new document that answers a watch, by its best passage."""

    watch_key: int
    document_id: str
    citation: str


class Watches:
    """The saved questions of every chat and topic."""

    def __init__(self, database: sqlalchemy.Engine) -> None:
        self._database = database

    # -- the watches of a place ------------------------------------------------------------------

    def watches_in(self, chat_id: int, thread_id: int) -> list[Watch]:
        """The watches of a chat or topic, by number."""
        return self._find(watches.c.chat_id == chat_id, watches.c.thread_id == thread_id)

    def set(
        self, chat_id: int, thread_id: int, person_id: int | None, language: str, question: str
    ) -> tuple[Watch | None, bool]:
        """Set a watch; returns it and whether it is new, or None if there are too many."""
        place = {"chat_id": chat_id, "thread_id": thread_id}
        with transaction(self._database) as connection:
            serialise(connection, Lock.WATCHES)
            # Read under the lock: two people may set the same watch at once.
            rows = connection.execute(select(watches).filter_by(**place)).all()
            existing = [row for row in rows if row.question == question]
            if existing or len(rows) >= MOST:
                return (_watch(existing[0]) if existing else None), False
            number = 1 + max((row.number for row in rows), default=0)
            values = place | {
                "number": number,
                "person_id": person_id,
                "language": language,
                "question": question,
                "created": now(),
                "after_filing": connection.scalar(select(func.max(filings.c.key))) or 0,
            }
            connection.execute(insert(watches).values(values))
            query = select(watches).filter_by(**place, number=number)
            return _watch(connection.execute(query).one()), True

    def end(self, chat_id: int, thread_id: int, number: int) -> Watch | None:
        """End a watch and return it; None if no watch has this number."""
        place = {"chat_id": chat_id, "thread_id": thread_id, "number": number}
        with transaction(self._database) as connection:
            row = connection.execute(select(watches).filter_by(**place)).one_or_none()
            if row is None:
                return None
            forget(connection, [row.key])
            return _watch(row)

    def migrate(self, old_chat: int, new_chat: int) -> None:
        """Move the watches of a group to the supergroup that replaces it."""
        with transaction(self._database) as connection:
            for table in (watches, digests):
                # The supergroup may have watches of its own already; numbers would collide.
                existing = select(table.c.chat_id).where(table.c.chat_id == new_chat).limit(1)
                if not connection.scalar(existing):
                    change = update(table).where(table.c.chat_id == old_chat)
                    connection.execute(change.values(chat_id=new_chat))

    # -- matching --------------------------------------------------------------------------------

    def all_watches(self) -> list[Watch]:
        """Every watch."""
        return self._find()

    def matched(self) -> int:
        """The filing up to which all watches are matched."""
        with snapshot(self._database) as connection:
            return _matched(connection)

    def arrivals(self, after: int, limit: int) -> list[Arrival]:
        """The next filings after `after` that are still live, in order, `limit` at most."""
        query = (
            select(*filings.c["key", "document_id", "matter"])
            .where(filings.c.key > after, filings.c.ended.is_(None))
            .order_by(filings.c.key)
            .limit(limit)
        )
        with snapshot(self._database) as connection:
            return [Arrival(*row) for row in connection.execute(query)]

    def newest(self) -> int:
        """The number of the last filing."""
        with snapshot(self._database) as connection:
            return connection.scalar(select(func.max(filings.c.key))) or 0

    def store_findings(self, found: Collection[Finding], *, since: int, until: int) -> bool:
        """Store what was found between two filings; False if another process was faster.

        A watch finds a document once, however often it is filed again.
        """
        with transaction(self._database) as connection:
            serialise(connection, Lock.WATCHES)
            # Another process has matched these filings; its findings are stored.
            if _matched(connection) != since:
                return False
            # A watch may have been ended while its findings were computed.
            watch_keys = set(connection.scalars(select(watches.c.key)))
            keys = {finding.watch_key for finding in found}
            query = select(findings.c.watch_key, findings.c.document_id)
            query = query.where(findings.c.watch_key.in_(keys))
            known_pairs = {(row.watch_key, row.document_id) for row in connection.execute(query)}
            for finding in found:
                if (
                    finding.watch_key in watch_keys
                    and (finding.watch_key, finding.document_id) not in known_pairs
                ):
                    row = {
                        "watch_key": finding.watch_key,
                        "document_id": finding.document_id,
                        "citation": finding.citation,
                        "found": now(),
                    }
                    connection.execute(insert(findings).values(row))
            state = {"name": _MATCHED, "filing": until}
            if not connection.execute(update(progress).values(filing=until)).rowcount:
                connection.execute(insert(progress).values(state))
            return True

    # -- telling ---------------------------------------------------------------------------------

    def untold(self) -> dict[Watch, list[Finding]]:
        """The findings that are not told yet, by watch, in the order in which they were found."""
        query = (
            select(watches, findings.c.document_id, findings.c.citation)
            .join_from(findings, watches, findings.c.watch_key == watches.c.key)
            .where(findings.c.told.is_(None))
            .order_by(watches.c.key, findings.c.found, findings.c.document_id)
        )
        by_watch: dict[Watch, list[Finding]] = {}
        with snapshot(self._database) as connection:
            for row in connection.execute(query):
                finding = Finding(row.key, row.document_id, row.citation)
                by_watch.setdefault(_watch(row), []).append(finding)
        return by_watch

    def claim(self, found: Collection[Finding], at: datetime | None = None) -> list[Finding]:
        """Claim findings, so that no other process tells them; returns those that were free.

        If the place of a watch could not be reached, its new findings wait with the older ones.
        """
        at = at or datetime.now(UTC)
        expired = _time(at - timedelta(seconds=CLAIM_SECONDS))
        claimable = or_(findings.c.claimed.is_(None), findings.c.claimed < expired)
        claimed = []
        with transaction(self._database) as connection:
            for finding in found:
                postponed_until = _postponed_until(connection, finding.watch_key, _time(at))
                if postponed_until:
                    # Otherwise a place that is unreachable would be tried for every new document.
                    late = update(findings).where(_is(finding), findings.c.claimed.is_(None))
                    connection.execute(late.values(claimed=postponed_until))
                    continue
                change = update(findings).where(_is(finding), findings.c.told.is_(None), claimable)
                if connection.execute(change.values(claimed=_time(at))).rowcount:
                    claimed.append(finding)
        return claimed

    def mark_told(self, found: Collection[Finding]) -> None:
        """Remember that findings were told, or need not be told any more."""
        self._mark(found, told=now())

    def release(self, found: Collection[Finding]) -> None:
        """Give back the claim on findings that could not be told."""
        self._mark(found, claimed=None)

    def postpone(self, found: Collection[Finding], at: datetime) -> None:
        """Postpone findings whose place cannot be reached."""
        self._mark(found, claimed=_time(at + AGAIN - timedelta(seconds=CLAIM_SECONDS)))

    def resume(self, chat_id: int) -> None:
        """End the postponement of a chat's findings: it can be reached again."""
        in_chat = select(watches.c.key).where(watches.c.chat_id == chat_id)
        untold = findings.c.told.is_(None) & findings.c.watch_key.in_(in_chat)
        with transaction(self._database) as connection:
            connection.execute(update(findings).where(untold).values(claimed=None))

    def give_up(self, at: datetime | None = None) -> None:
        """Give up findings whose place could not be reached for too long."""
        limit = _time((at or datetime.now(UTC)) - KEPT)
        untold = findings.c.told.is_(None) & (findings.c.found < limit)
        with transaction(self._database) as connection:
            connection.execute(update(findings).where(untold).values(told=now()))

    def release_all(self) -> None:
        """Give back all claims. Only for a process that knows that it is the only one."""
        with transaction(self._database) as connection:
            change = update(findings).where(findings.c.told.is_(None))
            connection.execute(change.values(claimed=None))

    def _mark(self, found: Collection[Finding], **values: str | None) -> None:
        with transaction(self._database) as connection:
            for finding in found:
                connection.execute(update(findings).where(_is(finding)).values(values))

    def _find(self, *conditions: sqlalchemy.ColumnElement[bool]) -> list[Watch]:
        query = select(watches).where(*conditions).order_by(watches.c.number, watches.c.key)
        with snapshot(self._database) as connection:
            return [_watch(row) for row in connection.execute(query)]


def forget(connection: sqlalchemy.Connection, keys: Collection[int]) -> None:
    """Remove watches with their findings."""
    connection.execute(delete(findings).where(findings.c.watch_key.in_(keys)))
    connection.execute(delete(watches).where(watches.c.key.in_(keys)))


def _matched(connection: sqlalchemy.Connection) -> int:
    return connection.scalar(select(progress.c.filing).where(progress.c.name == _MATCHED)) or 0


def _postponed_until(connection: sqlalchemy.Connection, watch_key: int, at: str) -> str | None:
    """When the findings of a watch are postponed, until when: such claims lie in the future."""
    ahead = (findings.c.watch_key == watch_key, findings.c.told.is_(None), findings.c.claimed > at)
    until: str | None = connection.scalar(select(func.max(findings.c.claimed)).where(*ahead))
    return until


def _is(finding: Finding) -> sqlalchemy.ColumnElement[bool]:
    return (findings.c.watch_key == finding.watch_key) & (
        findings.c.document_id == finding.document_id
    )


def _watch(row: sqlalchemy.Row[Any]) -> Watch:
    return Watch(
        key=row.key,
        chat_id=row.chat_id,
        thread_id=row.thread_id,
        number=row.number,
        person_id=row.person_id,
        language=row.language,
        question=row.question,
        after_filing=row.after_filing,
    )


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _first_tables(connection: sqlalchemy.Connection) -> None:
    """Create the tables of watches and findings, and how far they are matched."""
    create_tables(connection, watches, findings, progress)


MIGRATIONS: Final = (Migration("0006 watches", _first_tables),)
