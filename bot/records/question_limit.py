"""How many questions may one person ask in a minute?"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Final

from sqlalchemy import BigInteger, Column, Float, Index, Table, delete, insert, select

from corpus.storage.database import serialise, transaction
from corpus.storage.locks import Lock
from corpus.storage.migrations import Migration, create_tables
from corpus.storage.schema import Key, metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
# Above this number those who have not asked for a minute are dropped.
_CROWD: Final = 10_000


class PersonalLimit:
    """A sliding minute for each person, kept in memory: a restart forgets it."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self._clock = clock
        self._asked: dict[int, deque[float]] = {}
        self._one_at_a_time = threading.Lock()

    def wait(self, person_id: int) -> int:
        """Count a question: 0 when it may be asked, else the seconds until the next one may."""
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
