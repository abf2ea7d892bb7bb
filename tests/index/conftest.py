"""A library with a few documents in it, and a searcher over it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from corpus.casefile import documents
from corpus.library import Library
from corpus.models import Filed, Metadata, Passage, Reading, Scope
from corpus.reading.read import read
from index.search import Searcher
from index.vocabulary.expansion import BilingualExpander
from index.vocabulary.mapped_tables import Entries
from index.vocabulary.tables import open_query_expander
from tests.databases import open_migrated

File = Callable[..., Filed]

NO_NAMES: Mapping[str, Entries] = {"sounds": {}, "readings": {}}
"""Lexicons of a translation table that has learnt no names."""


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty library of its own."""
    database = open_migrated(f"sqlite:///{tmp_path / 'pincite.db'}")
    yield Library(database)
    database.dispose()


@pytest.fixture
def file(library: Library) -> File:
    """Files paragraphs, one passage each, as a document: `file("one", "two", title=…)`."""
    return filing(library)


def filing(library: Library) -> File:
    """What the fixture `file` gives, for a library of one's own."""

    def add(
        *paragraphs: str, title: str = "t", matter: str = "m", path: str | None = None
    ) -> Filed:
        text = "\n".join(paragraphs)
        at, passages = 0, []
        for ordinal, paragraph in enumerate(paragraphs, 1):
            end = at + len(paragraph)
            passages.append(Passage(ordinal, at, end, paragraph, f"¶ {ordinal}"))
            at = end + 1
        content = text.encode()
        digest = hashlib.sha256(content).hexdigest()
        reading = Reading(
            "x.txt", content, digest, "text/plain", text, Metadata(title), (), tuple(passages)
        )
        return library.file(reading, matter=matter, path=path or digest)

    return add


@pytest.fixture
def searcher(library: Library) -> Searcher:
    """A searcher that keeps its index in memory."""
    return Searcher(library)


@pytest.fixture(scope="session")
def expander() -> BilingualExpander:
    """Translations, the legal thesaurus and names by their sound; it never changes."""
    return open_query_expander()


@pytest.fixture
def translating(library: Library, expander: BilingualExpander) -> Searcher:
    """The same, with translations."""
    return Searcher(library, expander=expander)


@pytest.fixture(scope="session")
def casefile(
    tmp_path_factory: pytest.TempPathFactory, expander: BilingualExpander
) -> Iterator[Searcher]:
    """A searcher over the shipped casefile, with translations and the legal thesaurus."""
    folder = tmp_path_factory.mktemp("casefile")
    database = open_migrated(f"sqlite:///{folder / 'pincite.db'}")
    library = Library(database)
    for document in documents():
        reading = read(document.read_bytes(), document.name)
        library.file(reading, matter="casefile", path=document.name)
    searcher = Searcher(library, expander=expander)
    # What is built for the first question is not the cost of the test that asks it.
    searcher.answer("why did 王遷 appeal?", scope=Scope.all())
    yield searcher
    database.dispose()
