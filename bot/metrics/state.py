"""The state of the bot, read for the Prometheus client when somebody asks for it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import Table, func, select

from bot.metrics import Counters
from bot.records.audit import audit
from bot.records.inbox import updates
from bot.records.marks import last_clock_reading
from bot.records.uploads import uploads
from bot.records.watches import findings, watches
from corpus.errors import CorpusError
from corpus.models import Scope
from corpus.storage.database import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import sqlalchemy

    from bot.compose import Services

OLD_SECONDS: Final = 5.0
"""Counts in the database are read again when they are older: a flood of scrapes costs no more."""


def metrics_of(services: Services, folder: Path) -> tuple[CollectorRegistry, Counters]:
    """Everything that is served about a bot."""
    registry = CollectorRegistry()
    counters = Counters(registry)
    registry.register(_State(services, folder))
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=registry)
    started = Gauge("pincite_start_time_seconds", "When this process started", registry=registry)
    started.set_to_current_time()
    return registry, counters


class _State(Collector):
    """What is read from the database, the index and the disk whenever it is asked for."""

    def __init__(self, services: Services, folder: Path) -> None:
        self._services = services
        self._folder = folder
        self._read: tuple[float, list[GaugeMetricFamily]] = (-OLD_SECONDS, [])

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing: without this the registry would read all of it at the start."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The state, at most a few seconds old."""
        read, families = self._read
        if time.monotonic() - read > OLD_SECONDS:
            try:
                families = list(self._families())
            except CorpusError:
                # The other metrics matter most while the database is away; `up` tells it.
                families = [_gauge("pincite_database_up", "Whether it can be read", 0)]
            self._read = (time.monotonic(), families)
        yield from families

    def _families(self) -> Iterator[GaugeMetricFamily]:
        services = self._services
        library, database = services.library, services.database
        yield _gauge("pincite_documents", "Live documents", library.count_documents(Scope.all()))
        yield _gauge("pincite_database_up", "Whether it can be read", 1)
        yield from self._queues(database)
        yield from self._index()
        yield from _audit_age(database)
        reading = last_clock_reading(database)
        leapt = bool(reading and reading.since)
        yield _gauge("pincite_clock_leapt", "Whether the clock leapt and is not trusted yet", leapt)
        hold_count = len(library.holds())
        yield _gauge("pincite_legal_holds", "Legal holds that last", hold_count)

    def _queues(self, database: sqlalchemy.Engine) -> Iterator[GaugeMetricFamily]:
        lengths = {
            "updates": (updates, updates.c.held_until.is_not(None)),
            "uploads": (uploads, uploads.c.outcome.is_(None)),
            "notices": (findings, findings.c.told.is_(None)),
        }
        family = GaugeMetricFamily(
            "pincite_queue_length", "What waits to be dealt with", labels=("queue",)
        )
        with snapshot(database) as connection:
            for name, (table, waits) in lengths.items():
                family.add_metric([name], _count(connection, table, waits))
            count = _count(connection, watches)
        yield family
        yield _gauge("pincite_watches", "Questions that are watched for", count)
        meaning = self._services.searcher.meaning
        embeddings = meaning.embeddings if meaning else []
        waiting = sum(embedding.pending() for embedding in embeddings)
        yield _gauge("pincite_passages_without_vectors", "Passages to be embedded", waiting)

    def _index(self) -> Iterator[GaugeMetricFamily]:
        size, newest = 0, 0.0
        for name in ("index", "vectors"):
            for path in (self._folder / name).rglob("*"):
                try:
                    status = path.stat()
                except OSError:  # merged away meanwhile
                    continue
                size += status.st_size
                newest = max(newest, status.st_mtime)
        yield _gauge("pincite_index_bytes", "Size of index and vectors on this disk", size)
        yield _gauge("pincite_index_changed_timestamp_seconds", "When it was written last", newest)
        revision = int(self._services.searcher.version.rpartition(".")[2])
        behind = max(0, self._services.library.revision() - revision)
        yield _gauge("pincite_index_changes_behind", "Changes of documents not indexed yet", behind)


def _audit_age(database: sqlalchemy.Engine) -> Iterator[GaugeMetricFamily]:
    with snapshot(database) as connection:
        query = select(*audit.c["number", "at"]).order_by(audit.c.number.desc()).limit(1)
        row = connection.execute(query).one_or_none()
        oldest = connection.scalar(select(audit.c.at).order_by(audit.c.number).limit(1))
    number = row.number if row else 0
    yield _gauge("pincite_audit_records_written", "The newest record's number", number)
    for name, about, at in (
        ("newest", "When the newest record was written", row.at if row else None),
        ("oldest", "When the oldest record that is kept was written", oldest),
    ):
        seconds = _seconds(at)
        if seconds is not None:
            yield _gauge(f"pincite_audit_{name}_timestamp_seconds", about, seconds)


def _seconds(at: str | None) -> float | None:
    try:
        return time.mktime(time.strptime(at, "%Y-%m-%dT%H:%M:%SZ")) - time.timezone if at else None
    except (ValueError, OverflowError):  # damaged: the doctor says so
        return None


def _count(
    connection: sqlalchemy.Connection,
    table: Table,
    which: sqlalchemy.ColumnElement[bool] | None = None,
) -> int:
    query = select(func.count()).select_from(table)
    return connection.execute(query if which is None else query.where(which)).scalar_one()


def _gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, about, value=float(value))
