"""The directory of each scope, built when first asked for and kept until the library changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus.models import Scope
from index.naming.directory import OPENING, DocumentDirectory, DocumentNames

if TYPE_CHECKING:
    from corpus.library import Library
    from corpus.models import DocumentRecord

SCOPES_KEPT = 32
"""Directories in memory; one of a thousand documents takes about a megabyte."""


class Directories:
    """Directories by scope. Safe to share between threads.

    What a document is called comes from the library within the scope alone. A document's own names
    are worked out once, as long as it is called the same: after a change, only new ones are read.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._directories: OrderedDict[Scope, tuple[int, DocumentDirectory]] = OrderedDict()

    def of(self, scope: Scope) -> DocumentDirectory:
        """The directory of what the scope sees now."""
        revision = self._library.revision()
        with self._lock:
            cached = self._directories.get(scope)
            if cached and cached[0] == revision:
                self._directories.move_to_end(scope)
                return cached[1]
        # Reading takes long and stays outside the lock; two threads may do it twice, to no harm.
        earlier = cached[1] if cached else None
        directory = DocumentDirectory.of(list(self._documents(scope, earlier)), earlier)
        with self._lock:
            self._directories[scope] = revision, directory
            self._directories.move_to_end(scope)
            while len(self._directories) > SCOPES_KEPT:
                self._directories.popitem(last=False)
        return directory

    def _documents(
        self, scope: Scope, earlier: DocumentDirectory | None
    ) -> Iterator[DocumentNames]:
        records = [record for record in self._library.documents(scope) if record.matters]
        names_by_key = earlier.called if earlier else {}
        fresh = [record.id for record in records if _called(record) not in names_by_key]
        openings = self._library.openings(fresh, OPENING)
        for record in records:
            yield DocumentNames(
                id=record.id,
                title=record.title,
                path=record.path or "",
                date=record.date,
                language=record.language,
                facts=record.facts,
                opening=openings.get(record.id, ""),
            )


def _called(record: DocumentRecord) -> tuple[str, str, str]:
    return record.id, record.title, record.path or ""
