"""Database to engine: what is filed but not indexed is analyzed; what is withdrawn is hidden.

The database is the source of truth. An engine that holds other documents than are live simply has
some to learn and some to hide, so catching up needs no memory of what happened in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from corpus.library import Library
from corpus.models import PassageRecord
from index.analyzer import terms
from index.engine import Engine, SharedEngine
from index.postings import Analyzed

Progress = Callable[[int, int], None]
"""Called with the documents analyzed so far and those there are to analyze."""


def catch_up(library: Library, engine: Engine, progress: Progress | None = None) -> int:
    """Bring `engine` to the state of `library`; returns the revision that it then shows.

    The revision is read first: a change that lands meanwhile is seen now, and once more next time.
    """
    if isinstance(engine, SharedEngine):
        return engine.catch_up(library, progress)
    revision = library.revision()
    live = library.live_matters()
    engine.reopen()
    missing = sorted(live.keys() - engine.holds())
    engine.update(analyzed(library, missing, progress), live)
    return revision


def analyzed(
    library: Library, document_ids: list[str], progress: Progress | None = None
) -> Iterator[Analyzed]:
    """The passages of the documents, ready for an index, in order of key."""
    seen: set[str] = set()
    for passage in library.document_passages(document_ids):
        yield Analyzed(passage.key, passage.document_id, passage_terms(passage))
        if progress and passage.document_id not in seen:
            seen.add(passage.document_id)
            progress(len(seen), len(document_ids))


def passage_terms(passage: PassageRecord) -> list[str]:
    """The terms a passage is found by: its text's, and those of the headings and title above it."""
    return terms(passage.text) + terms(passage.heading) + terms(passage.title)
