"""Database to engine: what is filed but not indexed is analyzed; what is withdrawn is hidden.

The database is the source of truth. An engine that holds other documents than are live simply has
some to learn and some to hide, so catching up needs no memory of what happened in between; with a
revision that the engine has shown, it looks at what changed since alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence

from corpus.library import Library
from corpus.models import PassageRecord, Scope
from corpus.reasons import Reason
from index.engine.analysis import analyze_passages, passage_terms
from index.engine.protocol import Engine, SharedEngine
from index.engine.terms import Analyzed
from index.text import analyzer

__all__ = ["Progress", "analyzed", "catch_up", "passage_terms"]

Progress = Callable[[int, int], None]
"""Called with the documents analyzed so far and those there are to analyze."""

_log = logging.getLogger(__name__)

# Documents fetched at a time. Their passages are held until they are analyzed.
_TOGETHER = 16


def catch_up(
    library: Library, engine: Engine, progress: Progress | None = None, since: int | None = None
) -> int:
    """Bring `engine` to the state of `library`; returns the revision that it then shows.

    `since` is the revision that it showed before, None when that is not known. The revision is
    read first: a change that lands meanwhile is seen now, and once more next time.
    """
    if isinstance(engine, SharedEngine):
        return engine.catch_up(library, progress)
    revision = library.revision()
    taken_over = engine.reopen()
    changed = None if since is None or taken_over else library.changed_since(since, Scope.all())
    live = library.live_matters(changed)
    missing = engine.lacking(live)
    withdrawn = dict.fromkeys(changed or (), frozenset[str]())
    engine.update(
        analyzed(library, missing, progress), withdrawn | live, partial=changed is not None
    )
    return revision


def analyzed(
    library: Library, document_ids: Sequence[str], progress: Progress | None = None
) -> Iterator[Analyzed]:
    """The passages of the documents, ready for an index, one document after another.

    A document that cannot be indexed is set aside in the library, and has no terms.
    """

    def set_aside(document_id: str, why: Reason) -> None:
        _log.info("%s could not be indexed and was set aside: %s", document_id, why)
        library.set_aside(document_id, Reason("not_indexed", {"why": why}), analyzer.VERSION)

    skipped = library.documents_set_aside(analyzer.VERSION)
    passages = _passages(library, document_ids, progress)
    return analyze_passages(passages, set_aside=set_aside, skipped=skipped)


def _passages(
    library: Library, document_ids: Sequence[str], progress: Progress | None
) -> Iterator[PassageRecord]:
    """The documents' passages, one document after another."""
    for start in range(0, len(document_ids), _TOGETHER):
        batch = document_ids[start : start + _TOGETHER]
        # In a database that several write to, the keys of two documents may interlace.
        yield from sorted(library.document_passages(batch), key=lambda passage: passage.document_id)
        if progress:
            progress(min(start + _TOGETHER, len(document_ids)), len(document_ids))
