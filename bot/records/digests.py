"""When does a chat want to be told of new documents?  At once, or once a day at an hour it chose.

Methods block; call them from threads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, Column, Integer, String, Table, delete, insert, select, update

from corpus.storage.database import snapshot, transaction
from corpus.storage.migrations import Migration, create_tables
from corpus.storage.schema import metadata

if TYPE_CHECKING:
    import sqlalchemy

# A row for each place that is told once a day, at this hour of its own clock. last: the last day
# on which it was told.
digests = Table(
    "digests",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("thread_id", BigInteger, primary_key=True, autoincrement=False),
    Column("hour", Integer, nullable=False),
    Column("offset_minutes", Integer, nullable=False),
    Column("last", String, nullable=False),
)


_HOUR: Final = re.compile(
    r"(?P<hour>\d{1,2})(?::00)?(?:\s+(?:UTC|GMT)?\s*(?P<sign>[+-])(?P<hours>\d{1,2})"
    r"(?::?(?P<minutes>\d{2}))?|\s+(?:UTC|GMT))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Hour:
    """A full hour on a clock that is `offset_minutes` ahead of UTC."""

    hour: int
    offset_minutes: int = 0

    @property
    def clock(self) -> str:
        """`09:00`."""
        return f"{self.hour:02}:00"

    @property
    def offset(self) -> str:
        """`+08:00`."""
        sign = "-" if self.offset_minutes < 0 else "+"
        hours, minutes = divmod(abs(self.offset_minutes), 60)
        return f"{sign}{hours:02}:{minutes:02}"

    def last_before(self, moment: datetime) -> str:
        """The day on which this hour last came, on its own clock: `2026-11-22`."""
        local = moment + timedelta(minutes=self.offset_minutes)
        return (local - timedelta(hours=self.hour)).date().isoformat()


def parse_hour(text: str) -> Hour | None:
    """Reads `9`, `09:00`, `9 +8`, `9 UTC+05:30`; None for anything else."""
    # U+2212 is the minus that phones insert.
    match = _HOUR.fullmatch(text.strip().replace("−", "-"))
    if not match or int(match["hour"]) > 23:
        return None
    minutes = int(match["hours"] or 0) * 60 + int(match["minutes"] or 0)
    # Clocks on Earth are between UTC-12:00 and UTC+14:00.
    if minutes > 14 * 60 or int(match["minutes"] or 0) > 59:
        return None
    return Hour(int(match["hour"]), -minutes if match["sign"] == "-" else minutes)


class Digests:
    """The hours that places chose."""

    def __init__(self, database: sqlalchemy.Engine) -> None:
        self._database = database

    def choose(self, chat_id: int, thread_id: int, hour: Hour | None) -> None:
        """Tell a place once a day, or at once if `hour` is None."""
        place = {"chat_id": chat_id, "thread_id": thread_id}
        with transaction(self._database) as connection:
            connection.execute(delete(digests).filter_by(**place))
            if hour:
                values = {
                    "hour": hour.hour,
                    "offset_minutes": hour.offset_minutes,
                    # Counted as told: the first digest comes at the next hour, not at once.
                    "last": hour.last_before(datetime.now(UTC)),
                }
                connection.execute(insert(digests).values(**place, **values))

    def hour_of(self, chat_id: int, thread_id: int) -> Hour | None:
        """The hour at which a place is told; None for at once."""
        query = select(digests).filter_by(chat_id=chat_id, thread_id=thread_id)
        with snapshot(self._database) as connection:
            row = connection.execute(query).one_or_none()
        return Hour(row.hour, row.offset_minutes) if row else None

    def due(self, moment: datetime) -> dict[tuple[int, int], bool]:
        """The places told once a day, and whether their hour has come since the last time."""
        with snapshot(self._database) as connection:
            return {
                (row.chat_id, row.thread_id): _struck(row, moment) > row.last
                for row in connection.execute(select(digests))
            }

    def mark_told(self, chat_id: int, thread_id: int, moment: datetime) -> None:
        """Remember that a place's hour came and that it was told everything there was."""
        place = {"chat_id": chat_id, "thread_id": thread_id}
        with transaction(self._database) as connection:
            row = connection.execute(select(digests).filter_by(**place)).one_or_none()
            if row:
                # The day and not the moment is stored, so a late process does not tell twice.
                change = update(digests).filter_by(**place).values(last=_struck(row, moment))
                connection.execute(change)


def _struck(row: sqlalchemy.Row[Any], moment: datetime) -> str:
    return Hour(row.hour, row.offset_minutes).last_before(moment)


def _first_tables(connection: sqlalchemy.Connection) -> None:
    """Create the table of digests."""
    create_tables(connection, digests)


MIGRATIONS: Final = (Migration("0006 digests", _first_tables),)
