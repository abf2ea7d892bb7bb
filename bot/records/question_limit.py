"""How much may one person ask in a minute: how many questions, and how long may they take?

Each person has a lane: their questions are searched one after another, whatever chats they come
from, so that a flood of one never takes the threads of others.
"""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections import deque
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sqlalchemy import BigInteger, Column, Float, Index, Table, delete, insert, select

from corpus.storage.database import serialise, transaction
from corpus.storage.locks import Lock
from corpus.storage.migrations import Migration, create_tables
from corpus.storage.schema import Key, metadata

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence

    import sqlalchemy

# Questions of the last minute (seconds since 1970), where several processes count them.
recent_questions = Table(
    "asking",
    metadata,
    Column("key", Key, primary_key=True, autoincrement=True),
    Column("person_id", BigInteger, nullable=False),
    Column("moment", Float(53), nullable=False),
    Index("asking_by_person", "person_id"),
)


MINUTE: Final = 60.0
BUDGET: Final = 20.0
"""Seconds of the processor that one person's searches may take in a minute."""
# Above this number those who have not asked for a minute are dropped.
_CROWD: Final = 10_000


@dataclass(slots=True)
class _PersonLock:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    """Those that hold the lock or wait for it."""


class PersonalLimit:
    """A sliding minute for each person, kept in memory: a restart forgets it."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self._clock = clock
        self._asked: dict[int, deque[float]] = {}
        self._spent: dict[int, deque[tuple[float, float]]] = {}
        self._told: dict[tuple[int, int], float] = {}
        self._lanes: dict[int, _PersonLock] = {}
        self._one_at_a_time = threading.Lock()

    @asynccontextmanager
    async def lane(self, person_id: int) -> AsyncIterator[None]:
        """Wait until nothing else of this person is searched; then they are the one."""
        lane = self._lanes.setdefault(person_id, _PersonLock())
        lane.users += 1
        try:
            async with lane.lock:
                yield
        finally:
            lane.users -= 1
            # Kept only while it is in use, or memory would grow with every person.
            if not lane.users:
                self._lanes.pop(person_id, None)

    @contextmanager
    def charged(self, person_id: int) -> Iterator[None]:
        """Count the processor time of this thread against a person's minute."""
        before = time.thread_time()
        try:
            yield
        finally:
            with self._one_at_a_time:
                spent = self._spent.setdefault(person_id, deque())
                spent.append((self._clock(), time.thread_time() - before))

    def is_first_refusal(self, person_id: int, chat_id: int) -> bool:
        """Whether nobody told them in this chat within the last minute that they ask too much."""
        key = person_id, chat_id
        with self._one_at_a_time:
            now = self._clock()
            if len(self._told) > _CROWD:
                self._told = {key: at for key, at in self._told.items() if now - at < MINUTE}
            is_first = now - self._told.get(key, -MINUTE) >= MINUTE
            if is_first:
                self._told[key] = now
            return is_first

    def _overspent(self, person_id: int) -> int:
        """Seconds until the person's searches of the last minute fit into the budget again."""
        with self._one_at_a_time:
            spent = self._spent.get(person_id)
            if not spent:
                return 0
            now = self._clock()
            while spent and now - spent[0][0] >= MINUTE:
                spent.popleft()
            if not spent:
                del self._spent[person_id]
                return 0
            over = sum(seconds for _, seconds in spent) - BUDGET
            if over < 0:
                return 0
            for at, seconds in spent:
                over -= seconds
                if over < 0:
                    return max(1, math.ceil(at + MINUTE - now))
            return math.ceil(MINUTE)

    def wait(self, person_id: int) -> int:
        """Count a question: 0 when it may be asked, else the seconds until the next one may."""
        if seconds := self._overspent(person_id):
            return seconds
        with self._one_at_a_time:
            times = self._recent(person_id)
            if len(times) >= self.per_minute:
                return max(1, math.ceil(times[0] + MINUTE - self._clock()))
            times.append(self._clock())
            return 0

    def _recent(self, person_id: int) -> deque[float]:
        if len(self._asked) > _CROWD:
            self._asked = {
                person: times for person, times in self._asked.items() if self._fresh(times)
            }
        times = self._asked.setdefault(person_id, deque())
        while times and not self._is_fresh(times[0]):
            times.popleft()
        return times

    def _fresh(self, times: deque[float]) -> bool:
        return bool(times) and self._is_fresh(times[-1])

    def _is_fresh(self, moment: float) -> bool:
        return self._clock() - moment < MINUTE


class SharedLimit(PersonalLimit):
    """The same limit for all processes that share a database. Blocks on the database."""

    def __init__(
        self,
        per_minute: int,
        database: sqlalchemy.Engine,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(per_minute, clock)
        self._database = database

    def wait(self, person_id: int) -> int:
        """Count a question: 0 when it may be asked, else the seconds until the next one may."""
        if seconds := self._overspent(person_id):
            return seconds
        moment = self._clock()
        query = select(recent_questions.c.moment).where(recent_questions.c.person_id == person_id)
        with transaction(self._database) as connection:
            serialise(connection, Lock.RATE_LIMIT)
            # The table holds one minute and needs no other cleaning.
            connection.execute(
                delete(recent_questions).where(recent_questions.c.moment <= moment - MINUTE)
            )
            times: Sequence[float] = connection.scalars(
                query.order_by(recent_questions.c.moment)
            ).all()
            if len(times) >= self.per_minute:
                return max(1, math.ceil(times[0] + MINUTE - moment))
            connection.execute(insert(recent_questions).values(person_id=person_id, moment=moment))
            return 0


def limit_of(per_minute: int, shared: sqlalchemy.Engine | None) -> PersonalLimit:
    """A limit in memory, or in the database that other processes share."""
    return PersonalLimit(per_minute) if shared is None else SharedLimit(per_minute, shared)


def _first_tables(connection: sqlalchemy.Connection) -> None:
    """Create the table of recent questions."""
    create_tables(connection, recent_questions)


MIGRATIONS: Final = (Migration("0007 question limit", _first_tables),)
