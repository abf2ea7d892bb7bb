"""When does a chat want to be told of new documents?  At once, or once a day at an hour it chose.

Methods block; call them from threads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import BigInteger, Column, Integer, String, Table, delete, insert, select, update

from corpus.storage.database import snapshot, transaction
from corpus.storage.migrations import Migration, add_columns, create_tables
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
    Column("minute", Integer),
    Column("zone", String),
)


NIGHT_FROM: Final = 22
NIGHT_UNTIL: Final = 7
"""Hours of a place's clock in which notices come without a sound."""
_HOUR: Final = re.compile(
    r"(?P<hour>\d{1,2})(?::(?P<minute>00|30))?\s?(?P<half>am|pm)?(?:\s{1,8}(?:UTC|GMT)?\s{0,8}(?P<sign>[+-])(?P<hours>\d{1,2})"
    r"(?::?(?P<minutes>\d{2}))?|\s{1,8}(?:UTC|GMT)|\s{1,8}(?P<zone>[A-Za-z_]{1,40}(?:/[A-Za-z0-9_+-]{1,40}){1,3}))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Hour:
    """A full hour on a clock that is `offset_minutes` ahead of UTC."""

    hour: int
    offset_minutes: int = 0
    minute: int = 0
    zone: str | None = None
    """The name of the clock's time zone, which knows summer time: `Asia/Taipei`."""

    @property
    def clock(self) -> str:
        """`09:00`."""
        return f"{self.hour:02}:{self.minute:02}"

    @property
    def offset(self) -> str:
        """`+08:00`, as it is now where the zone has summer time."""
        if self.zone:
            local = datetime.now(ZoneInfo(self.zone)).strftime("%z")
            return f"{local[:3]}:{local[3:5]}"
        sign = "-" if self.offset_minutes < 0 else "+"
        hours, minutes = divmod(abs(self.offset_minutes), 60)
        return f"{sign}{hours:02}:{minutes:02}"

    def last_before(self, moment: datetime) -> str:
        """The day on which this hour last came, on its own clock: `2026-11-22`."""
        if self.zone:
            local = moment.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)
        else:
            local = moment + timedelta(minutes=self.offset_minutes)
        return (local - timedelta(hours=self.hour, minutes=self.minute)).date().isoformat()

    def is_night(self, moment: datetime) -> bool:
        """Whether most people sleep at a moment, on this clock: from ten to seven."""
        if self.zone:
            local = moment.astimezone(ZoneInfo(self.zone))
        else:
            local = moment.astimezone(UTC) + timedelta(minutes=self.offset_minutes)
        return local.hour >= NIGHT_FROM or local.hour < NIGHT_UNTIL


def parse_hour(text: str) -> Hour | None:
    """Reads `9`, `09:00`, `9 +8`, `9 UTC+05:30`; None for anything else."""
    # U+2212 is the minus that phones insert.
    match = _HOUR.fullmatch(text.strip().replace("−", "-"))
    if not match or int(match["hour"]) > (12 if match["half"] else 23):
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"]:
        hour = hour % 12 + (12 if match["half"].lower() == "pm" else 0)
    if match["zone"]:
        zone = find_zone(match["zone"])
        return Hour(hour, 0, minute, zone) if zone else None
    minutes = int(match["hours"] or 0) * 60 + int(match["minutes"] or 0)
    # Clocks on Earth are between UTC-12:00 and UTC+14:00.
    if minutes > 14 * 60 or int(match["minutes"] or 0) > 59:
        return None
    return Hour(hour, -minutes if match["sign"] == "-" else minutes, minute)


def find_zone(name: str) -> str | None:
    """The name of a time zone as the system's tables spell it; None for an unknown one."""
    return _zones().get(name.lower())


@cache
def _zones() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}


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
                    "minute": hour.minute,
                    "zone": hour.zone,
                    # Counted as told: the first digest comes at the next hour, not at once.
                    "last": hour.last_before(datetime.now(UTC)),
                }
                connection.execute(insert(digests).values(**place, **values))

    def hour_of(self, chat_id: int, thread_id: int) -> Hour | None:
        """The hour at which a place is told; None for at once."""
        query = select(digests).filter_by(chat_id=chat_id, thread_id=thread_id)
        with snapshot(self._database) as connection:
            row = connection.execute(query).one_or_none()
        return _hour(row) if row else None

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
    return _hour(row).last_before(moment)


def _hour(row: sqlalchemy.Row[Any]) -> Hour:
    return Hour(row.hour, row.offset_minutes, row.minute or 0, row.zone)


def _first_tables(connection: sqlalchemy.Connection) -> None:
    """Create the table of digests."""
    create_tables(connection, digests)


def _zones_and_half_hours(connection: sqlalchemy.Connection) -> None:
    """Add half hours and the names of time zones."""
    add_columns(connection, digests)


MIGRATIONS: Final = (
    Migration("0006 digests", _first_tables),
    Migration("0018 zones and half hours of digests", _zones_and_half_hours),
)
