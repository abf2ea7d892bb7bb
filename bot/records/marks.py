"""Times that outlive the process: how far the clock is trusted, and what is done once a day.

A clock that leaps ahead would make everything old at one stroke, and what is dropped for its age
does not come back. So a leap counts only once the clock has run on from there for a week, or has
leapt once more a week later, as it does where Pincite is started now and then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import Column, String, Table, insert, select, update

from bot.records.audit import audit
from corpus.storage.database import serialise, snapshot, transaction
from corpus.storage.locks import Lock
from corpus.storage.migrations import Migration, create_tables
from corpus.storage.schema import metadata

if TYPE_CHECKING:
    import sqlalchemy

# name: what is marked. at: when it was last. confirmed, since: see `ClockReading`.
marks = Table(
    "marks",
    metadata,
    Column("name", String, primary_key=True),
    Column("at", String, nullable=False),
    Column("confirmed", String),
    Column("since", String),
)

_CLOCK: Final = "clock"
LEAP: Final = timedelta(days=2)
"""A running bot looks every few hours, so a longer step is a leap, or the bot was off."""
_BACK: Final = timedelta(hours=1)
STEADY: Final = timedelta(days=7)
"""Long enough for a person to see the warning and to correct the clock."""
_FORM: Final = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class ClockReading:
    """`confirmed`: the time up to which the clock is trusted. `since`: when it leapt, if it did."""

    at: datetime
    confirmed: datetime
    since: datetime | None = None


def read_clock(database: sqlalchemy.Engine, at: datetime | None = None) -> ClockReading:
    """Look at the clock, and remember it; call this before anything is dropped for its age."""
    moment = (at or datetime.now(UTC)).replace(microsecond=0)
    with transaction(database) as connection:
        serialise(connection, Lock.MARKS)
        reading = _next(_last_reading(connection, moment), moment)
        values = {
            "at": _text(reading.at),
            "confirmed": _text(reading.confirmed),
            "since": reading.since and _text(reading.since),
        }
        if not connection.execute(update(marks).filter_by(name=_CLOCK).values(values)).rowcount:
            connection.execute(insert(marks).values(name=_CLOCK, **values))
    return reading


def last_clock_reading(database: sqlalchemy.Engine) -> ClockReading | None:
    """What `read_clock` saw last; None before its first time."""
    with snapshot(database) as connection:
        return _stored_reading(connection)


def is_due(
    database: sqlalchemy.Engine, name: str, every: timedelta, at: datetime | None = None
) -> bool:
    """Whether `every` has passed since this was due last; of several processes one is told so.

    The first time it is not due: it has to wait for as long as every other time.
    """
    moment = (at or datetime.now(UTC)).replace(microsecond=0)
    with transaction(database) as connection:
        serialise(connection, Lock.MARKS)
        last = connection.scalar(select(marks.c.at).filter_by(name=name))
        if last is None:
            connection.execute(insert(marks).values(name=name, at=_text(moment)))
            return False
        # A clock that was set back must not silence it until it has caught up.
        if timedelta(0) <= moment - _time(last) < every:
            return False
        connection.execute(update(marks).filter_by(name=name).values(at=_text(moment)))
        return True


def _next(last: ClockReading, seen: datetime) -> ClockReading:
    step = seen - last.at
    if step > LEAP:
        # Two leaps a week apart agree that time has passed: nobody makes the same mistake twice.
        agreed = last.since is not None and seen - last.since >= STEADY
        return ClockReading(seen, last.at if agreed else last.confirmed, seen)
    if step < -_BACK:
        return ClockReading(seen, min(last.confirmed, seen), seen)
    if last.since is None or seen - last.since >= STEADY:
        return ClockReading(seen, max(seen, last.confirmed) if last.since is None else seen)
    return ClockReading(seen, min(last.confirmed, seen), last.since)


def _last_reading(connection: sqlalchemy.Connection, seen: datetime) -> ClockReading:
    stored = _stored_reading(connection)
    if stored:
        return stored
    # A database of before there were marks has the times of its records.
    newest = connection.scalar(select(audit.c.at).order_by(audit.c.number.desc()).limit(1))
    start = _time(newest) if newest else seen
    return ClockReading(start, start)


def _stored_reading(connection: sqlalchemy.Connection) -> ClockReading | None:
    row = connection.execute(select(marks).filter_by(name=_CLOCK)).one_or_none()
    if row is None:
        return None
    return ClockReading(
        _time(row.at), _time(row.confirmed or row.at), _time(row.since) if row.since else None
    )


def _text(time: datetime) -> str:
    return time.strftime(_FORM)


def _time(text: str) -> datetime:
    return datetime.strptime(text, _FORM).replace(tzinfo=UTC)


def _first_tables(connection: sqlalchemy.Connection) -> None:
    """Create the table of marks."""
    create_tables(connection, marks)


MIGRATIONS: Final = (Migration("0014 marks", _first_tables),)
