"""Processes over one database, and a clock that goes when it is told to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy

from bot.records.inbox import Inbox
from tests.databases import Opened

SECONDS = 30.0


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The clock of every process."""
    return Clock()


@pytest.fixture
def database(url: str, opened: Opened) -> sqlalchemy.Engine:
    """The database of every process."""
    return opened(url)


@pytest.fixture
def process(database: sqlalchemy.Engine, clock: Clock) -> Callable[[], Inbox]:
    """Starts processes."""
    return lambda: Inbox(database, clock)
