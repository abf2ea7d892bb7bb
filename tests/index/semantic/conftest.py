"""Where vectors may be kept: in a folder, or in Milvus."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from corpus.library import Library
from index.milvus.claims import Claims
from index.milvus.embedding import SharedEmbedding
from index.milvus.vectors import MilvusVectors
from index.semantic.embedder import EmbeddingModel
from index.semantic.embedding import FolderEmbedding
from index.semantic.search import ModelVectors
from tests.databases import open_migrated
from tests.index.milvus.lite import MIGRATIONS, Server
from tests.index.semantic.stand_ins import DIMENSIONS, MODEL, Open, vectors_in


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty library whose database has the tables of Milvus's shared vectors too."""
    database = open_migrated(f"sqlite:///{tmp_path / 'pincite.db'}", migrations=MIGRATIONS)
    yield Library(database)
    database.dispose()


@pytest.fixture(params=["folder", pytest.param("milvus", marks=pytest.mark.milvus)])
def open_(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens vectors that are kept in one place."""
    if request.param == "milvus":
        yield request.getfixturevalue("open_shared")
        return

    def in_folder(library: Library, embedder: EmbeddingModel, model: str = MODEL) -> ModelVectors:
        vectors = vectors_in(tmp_path / "vectors", model)
        work = FolderEmbedding(library, vectors, embedder)
        return ModelVectors(embedder, vectors, embedding=work)

    yield in_folder


@pytest.fixture
def open_shared(milvus: Server) -> Iterator[Open]:
    """Opens vectors that are in Milvus."""
    with ExitStack() as dropping:

        def in_milvus(
            library: Library, embedder: EmbeddingModel, model: str = MODEL
        ) -> ModelVectors:
            claims = Claims.open(library.database, model)
            vectors = MilvusVectors(milvus.client, claims.name, milvus.uri, DIMENSIONS)
            work = SharedEmbedding(library, vectors, claims, embedder)
            dropping.callback(milvus.client.drop_collection, claims.name)
            return ModelVectors(embedder, vectors, embedding=work)

        yield in_milvus
