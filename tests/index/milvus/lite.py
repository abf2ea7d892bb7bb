"""Milvus for the tests: the server that PINCITE_MILVUS_URI names, or Milvus Lite in a folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy

from corpus.storage.database import open_database
from corpus.storage.migrations import MIGRATIONS as OF_DOCUMENTS
from index.milvus import tables
from index.milvus.engine import MilvusEngine
from index.milvus.server import connect, start_lite

if TYPE_CHECKING:
    from pymilvus import MilvusClient

URI = os.environ.get("PINCITE_MILVUS_URI", "")
MIGRATIONS = (*OF_DOCUMENTS, *tables.MIGRATIONS)
TOKEN = os.environ.get("PINCITE_MILVUS_TOKEN", "")


class Server:
    """A connected client, and engines over collections that vanish with their test."""

    def __init__(self, client: MilvusClient, uri: str, folder: Path) -> None:
        self.client = client
        self.uri = uri
        self._folder = folder
        self._made: list[MilvusEngine] = []
        self._idle: list[MilvusEngine] = []

    @contextmanager
    def engine(self, database: sqlalchemy.Engine) -> Iterator[MilvusEngine]:
        """An engine counted in `database`, with a collection of its own."""
        engine = MilvusEngine(self.client, database, self.uri)
        try:
            yield engine
        finally:
            self.client.drop_collection(engine.collection)

    @contextmanager
    def empty_engine(self) -> Iterator[MilvusEngine]:
        """An engine that holds nothing; emptied and used again, for a collection takes a second."""
        if not self._idle:
            folder = self._folder / str(len(self._made))
            database = open_database("", folder=folder, migrations=MIGRATIONS)
            self._made.append(MilvusEngine(self.client, database, self.uri))
            self._idle.append(self._made[-1])
        engine = self._idle.pop()
        yield engine
        engine.update([], {})
        assert engine.holds() == frozenset()
        assert engine.count() == (0, 0)
        self._idle.append(engine)

    def drop_all(self) -> None:
        """Leave nothing behind on the server."""
        for engine in self._made:
            self.client.drop_collection(engine.collection)


@contextmanager
def running_server() -> Iterator[Server]:
    """The server named, else Milvus Lite; a skip where neither can be had."""
    pytest.importorskip("pymilvus", reason="needs the milvus extra")
    with (
        tempfile.TemporaryDirectory(prefix="milvus", ignore_cleanup_errors=True) as folder,
        _address(folder) as uri,
    ):
        client = connect(uri, TOKEN)
        server = Server(client, uri, Path(folder))
        try:
            yield server
        finally:
            server.drop_all()
            client.close()


@contextmanager
def _address(folder: str) -> Iterator[str]:
    if URI:
        yield URI
        return
    why = "needs milvus-lite, which has no wheel for this machine"
    lite = pytest.importorskip("milvus_lite.server_manager", reason=why).server_manager_instance
    try:
        # By its socket it can be shared with other processes, unlike by its file. All tests of a
        # worker fail when this fixture does, so a busy machine gets a minute.
        yield start_lite(f"{folder}/milvus.db", seconds=60)
    finally:
        lite.release_all()
