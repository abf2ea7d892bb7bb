"""The library: every document, passage and matter, and who may see which.

Every method is a transaction of its own and may be called from any thread. A scope holds the
matters, in their stored spelling, that the person who asks may see. Every method raises
DatabaseUnavailable when the database cannot be used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, distinct, func, insert, or_, select

from corpus import filing, holds, matters
from corpus.citing.ids import SHORTEST
from corpus.clock import now
from corpus.errors import AnotherContent, Damaged, NotFound
from corpus.models import DocumentText, Original, Source
from corpus.reasons import Reason
from corpus.storage import healing, records
from corpus.storage.database import serialise, snapshot, transaction
from corpus.storage.documents import integrity_problems
from corpus.storage.locks import Lock
from corpus.storage.schema import changes, documents, filings, passages, set_aside
from corpus.storage.soundness import HOW_TO_FIX, sound_passages, sound_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    import sqlalchemy

    from corpus.citing.ids import CitationId
    from corpus.models import (
        DocumentFacts,
        DocumentRecord,
        Filed,
        Hold,
        ListedDocument,
        PassageRecord,
        Reading,
        Scope,
    )

PAGE: Final = 2000
"""Passages fetched at a time, so that memory does not grow with the library."""


class Library:
    """The documents and matters in a database."""

    def __init__(self, database: sqlalchemy.Engine) -> None:
        self._database = database

    @property
    def database(self) -> sqlalchemy.Engine:
        """The database that holds the library."""
        return self._database

    # -- matters ---------------------------------------------------------------------------------

    def matters(self) -> tuple[str, ...]:
        """The names of all matters, sorted."""
        with snapshot(self._database) as connection:
            return matters.names(connection)

    def matter(self, name: str) -> str:
        """The stored spelling of a matter's name. Raises InvalidMatter, NotFound."""
        with snapshot(self._database) as connection:
            return matters.find(connection, name)

    def create_matter(self, name: str) -> bool:
        """Create a matter; False if it existed. Raises InvalidMatter."""
        with transaction(self._database) as connection:
            serialise(connection, Lock.FILING)
            return matters.ensure(connection, name)[1]

    # -- writing ---------------------------------------------------------------------------------

    def file(
        self,
        reading: Reading,
        *,
        matter: str,
        path: str,
        added_by: int | None = None,
        part_of: str | None = None,
        parts: Sequence[filing.Part] = (),
        again: bool = True,
    ) -> Filed:
        """File a reading, with the files inside it, in a matter, created where it is missing.

        With `again` false, what was withdrawn from this path stays withdrawn.
        Raises InvalidMatter, and UnreadableFile if a passage is not in its text.
        """
        with transaction(self._database) as connection:
            files = filing.FilingTransaction(connection, matter, added_by=added_by, again=again)
            return files.file(filing.Part(path, reading, tuple(parts)), part_of)

    def known_outcome(
        self, sha256: str, *, matter: str, path: str, again: bool = True
    ) -> Filed | None:
        """The outcome of filing this content, if it is known without reading it; otherwise None."""
        with snapshot(self._database) as connection:
            return filing.known_outcome(connection, sha256, matter, path, again)

    def filed_below(self, paths: Sequence[str], *, matter: str) -> list[tuple[str, str]]:
        """The live files at these paths, or below them as folders: (path, document id), sorted."""
        with snapshot(self._database) as connection:
            return filing.filed_below(connection, matters.spelling(connection, matter), paths)

    def withdraw(self, document_id: str, *, scope: Scope) -> tuple[str, ...]:
        """Withdraw a document and its attachments; returns the matters it was in, sorted.

        A superseded document no longer opens either. Raises NotFound, UnderHold, Withdrawn.
        """
        with transaction(self._database) as connection:
            return filing.withdraw(connection, document_id, scope)

    def holds(self, among: Collection[str] | None = None) -> list[Hold]:
        """The legal holds that last: of all matters, or of some."""
        with snapshot(self._database) as connection:
            return holds.in_force(connection, among)

    # -- reading ---------------------------------------------------------------------------------

    def documents(
        self, scope: Scope, *, offset: int = 0, limit: int | None = None
    ) -> list[DocumentRecord]:
        """Live and superseded documents, the last filed first."""
        last_first = (
            select(filings.c.document_id)
            .where(records.within(scope), records.is_visible)
            .group_by(filings.c.document_id)
            .order_by(func.max(filings.c.key).desc())
            .offset(offset)
            .limit(limit)
        )
        with snapshot(self._database) as connection:
            ids = connection.scalars(last_first).all()
            return records.document_records(connection, ids, scope)

    def list_documents(
        self, scope: Scope, *, offset: int = 0, limit: int | None = None
    ) -> tuple[list[ListedDocument], int]:
        """Live and superseded documents, the last filed first, and how many there are in all."""
        with snapshot(self._database) as connection:
            page = records.list_documents(connection, scope, offset=offset, limit=limit)
            return page, records.count_visible(connection, scope)

    def count_documents(self, scope: Scope) -> int:
        """How many documents are live within the scope."""
        # DISTINCT: one document may be filed in several matters of the scope.
        live = select(func.count(distinct(filings.c.document_id)))
        with snapshot(self._database) as connection:
            query = live.where(records.within(scope), records.is_live)
            return connection.execute(query).scalar_one()

    def document(self, document_id: str, scope: Scope) -> DocumentRecord:
        """One document, superseded ones too. Raises NotFound, Withdrawn."""
        with snapshot(self._database) as connection:
            records.status_in(connection, document_id, scope)
            return records.document_records(connection, [document_id], scope)[0]

    def withdrawable(self, document_id: str, scope: Scope) -> tuple[DocumentRecord, frozenset[str]]:
        """A document and the matters it can be withdrawn from. Raises NotFound, Withdrawn."""
        with snapshot(self._database) as connection:
            records.status_in(connection, document_id, scope)
            [record] = records.document_records(connection, [document_id], scope)
            return record, records.matters_of(connection, document_id, scope)

    def source(self, citation: CitationId, scope: Scope, *, neighbours: int = 1) -> Source:
        """A passage with up to `neighbours` on either side.

        Raises NotFound, Withdrawn, AnotherContent, Damaged.
        """
        near = passages.c.ordinal.between(
            citation.ordinal - neighbours, citation.ordinal + neighbours
        )
        query = records.select_passages.where(
            passages.c.document_id == citation.document_id, near
        ).order_by(passages.c.ordinal)
        with snapshot(self._database) as connection:
            status = records.status_in(connection, citation.document_id, scope, str(citation))
            rows = connection.execute(query).all()
            stored = sound_passages(connection, rows)
            near_passages = records.titled(connection, stored, scope)
            document = records.document_records(connection, [citation.document_id], scope)[0]
        if not citation.agrees(document.sha256):
            raise AnotherContent(
                f"{citation} is another document here than the one that was cited: the rest of its"
                " hash does not agree, so ask for that document itself"
            )
        by_ordinal = {passage.ordinal: passage for passage in near_passages}
        if citation.ordinal not in by_ordinal:
            if any(row.ordinal == citation.ordinal for row in rows):
                raise Damaged(f"{citation} is damaged on the disk: {HOW_TO_FIX}")
            # The same refusal as for an unknown document.
            raise NotFound(records.UNKNOWN.format(citation))
        return Source(
            passage=by_ordinal[citation.ordinal],
            before=tuple(p for p in near_passages if p.ordinal < citation.ordinal),
            after=tuple(p for p in near_passages if p.ordinal > citation.ordinal),
            document=document,
            matter=status.seen_in,
        )

    def document_text(self, document_id: str, scope: Scope) -> DocumentText:
        """A document's whole text. Raises NotFound, Withdrawn, Damaged."""
        with snapshot(self._database) as connection:
            status = records.status_in(connection, document_id, scope)
            text, page_starts = sound_text(connection, document_id)
        return DocumentText(text, page_starts, status.name)

    def earlier_version(self, document_id: str, scope: Scope) -> str | None:
        """The document that this one replaced last within the scope; None where there is none."""
        query = (
            select(filings.c.document_id)
            .where(filings.c.superseded_by == document_id, records.within(scope))
            .order_by(filings.c.ended.desc(), filings.c.key.desc())
            .limit(1)
        )
        with snapshot(self._database) as connection:
            records.status_in(connection, document_id, scope)
            return connection.scalar(query)

    def excerpt(self, document_id: str, start: int, end: int, scope: Scope) -> str:
        """`[start, end)` of a document's text, as far as it goes.

        Raises NotFound, Withdrawn, Damaged.
        """
        # The whole text is read, since a part of it has no digest; that takes a millisecond a MB.
        with snapshot(self._database) as connection:
            records.status_in(connection, document_id, scope)
            return sound_text(connection, document_id)[0][start : max(start, end)]

    def all_passages(self, document_id: str, scope: Scope) -> list[PassageRecord]:
        """All passages of a document, superseded ones too, in order.

        Raises NotFound, Withdrawn, and Damaged, since one that is left out would seem removed.
        """
        query = records.select_passages.where(passages.c.document_id == document_id)
        with snapshot(self._database) as connection:
            records.status_in(connection, document_id, scope)
            rows = connection.execute(query.order_by(passages.c.ordinal)).all()
            sound = sound_passages(connection, rows)
            if len(sound) < len(rows):
                raise Damaged(f"{document_id} is damaged on the disk: {HOW_TO_FIX}")
            return records.titled(connection, sound, scope)

    def passages_between(
        self, document_id: str, start: int, end: int, scope: Scope
    ) -> list[PassageRecord]:
        """The passages that touch `[start, end)` of a document's text, in order; else the next one.

        Raises NotFound, Withdrawn.
        """
        of_document = records.select_passages.where(passages.c.document_id == document_id)
        touching = of_document.where(passages.c.start < max(end, start + 1), passages.c.end > start)
        following = of_document.where(passages.c.end > start).order_by(passages.c.ordinal).limit(1)
        with snapshot(self._database) as connection:
            records.status_in(connection, document_id, scope)
            rows = connection.execute(touching.order_by(passages.c.ordinal)).all()
            rows = rows or connection.execute(following).all()
            return records.titled(connection, sound_passages(connection, rows), scope)

    def original(self, document_id: str, scope: Scope) -> Original:
        """A document's bytes as they were added. Raises NotFound, Withdrawn, Damaged."""
        query = select(documents.c.media_type).where(documents.c.id == document_id)
        with snapshot(self._database) as connection:
            status = records.status_in(connection, document_id, scope)
            content = healing.sound_original(connection, document_id)
            media_type = connection.execute(query).scalar_one()
        if content is None:
            raise Damaged(f"the original of {document_id} is damaged: add its file again")
        return Original(status.name, media_type, content[0])

    # -- for the index ---------------------------------------------------------------------------

    def revision(self) -> int:
        """The number of the last committed change; 0 when there was none."""
        with snapshot(self._database) as connection:
            return connection.scalar(select(func.max(changes.c.revision))) or 0

    def changed_since(self, revision: int, scope: Scope) -> list[str]:
        """The documents whose filings in a scope changed after a revision.

        Each comes once, the oldest change first.
        """
        query = (
            select(changes.c.document_id)
            .where(changes.c.revision > revision)
            .group_by(changes.c.document_id)
            .order_by(func.min(changes.c.revision))
        )
        if not scope.is_all:
            matter = changes.c.matter
            query = query.where(or_(matter.is_(None), matter.in_(sorted(scope.matters))))
        with snapshot(self._database) as connection:
            return list(connection.scalars(query))

    def changes_after(self, revision: int, limit: int) -> list[tuple[int, str]]:
        """The next changes of filings: (revision, document id), in order."""
        query = (
            select(changes.c.revision, changes.c.document_id)
            .where(changes.c.revision > revision)
            .order_by(changes.c.revision)
            .limit(limit)
        )
        with snapshot(self._database) as connection:
            return [(row.revision, row.document_id) for row in connection.execute(query)]

    def live_matters(
        self, document_ids: Collection[str] | None = None
    ) -> dict[str, frozenset[str]]:
        """The matters in which each document is live; only documents that are live somewhere."""
        query = select(*filings.c["document_id", "matter"]).where(records.is_live).distinct()
        names_of: dict[str, set[str]] = {}
        with snapshot(self._database) as connection:
            for batch in _batches_of(document_ids):
                narrowed = query if batch is None else query.where(filings.c.document_id.in_(batch))
                for document_id, matter in connection.execute(narrowed):
                    names_of.setdefault(document_id, set()).add(matter)
        return {document_id: frozenset(names) for document_id, names in names_of.items()}

    def document_passages(self, document_ids: Collection[str]) -> Iterator[PassageRecord]:
        """The passages of the documents, in order of key, a page at a time."""
        key = select(passages.c.key)
        with snapshot(self._database) as connection:
            keys = sorted(
                number
                for batch in records.batches(sorted(set(document_ids)))
                for number in connection.scalars(key.where(passages.c.document_id.in_(batch)))
            )
        for page in records.batches(keys, PAGE):
            yield from self.indexed_by_key(page).values()

    def live_passages(self, *, after_key: int = 0) -> Iterator[PassageRecord]:
        """The passages of all live documents, in order of key, a page at a time.

        Each page is a snapshot of its own: what changed meanwhile is in `changed_since`.
        """
        page = records.passages_of_live.order_by(passages.c.key).limit(PAGE)
        while True:
            with snapshot(self._database) as connection:
                rows = connection.execute(page.where(passages.c.key > after_key)).all()
                sound = sound_passages(connection, rows)
            yield from sound
            if len(rows) < PAGE:
                return
            after_key = rows[-1].key

    def document_facts(self, document_ids: Collection[str]) -> dict[str, DocumentFacts]:
        """Kind, court, docket, parties and edition of each document; unknown ids are left out.

        They come from a document's text, so that one index may hold them for every scope.
        """
        with snapshot(self._database) as connection:
            return records.facts_of(connection, sorted(set(document_ids)))

    def openings(self, document_ids: Collection[str], length: int) -> dict[str, str]:
        """The first `length` characters of each document's text; unknown ids are left out."""
        with snapshot(self._database) as connection:
            return records.openings_of(connection, sorted(set(document_ids)), length)

    def pins(self, document_ids: Collection[str]) -> list[tuple[int, str, str]]:
        """Key, document and pin of each passage of some documents, in order of key."""
        with snapshot(self._database) as connection:
            return records.pins_of(connection, sorted(set(document_ids)))

    def laws_named(self, names: Collection[str], scope: Scope) -> dict[str, DocumentFacts]:
        """The live documents within the scope that are laws of these names: id -> facts."""
        with snapshot(self._database) as connection:
            return records.laws_named(connection, names, scope)

    def indexed_by_key(self, keys: Sequence[int]) -> dict[int, PassageRecord]:
        """The passages with these keys as an index may hold them: without the names of files.

        One index serves every scope, and a file's name may be known in one scope only.
        """
        with snapshot(self._database) as connection:
            return records.passages_of(connection, keys, records.indexed_passages)

    def passages_by_key(self, keys: Sequence[int], scope: Scope) -> dict[int, PassageRecord]:
        """The passages with these keys, in this order; unknown keys are left out.

        Their titles are those that the scope may see.
        """
        with snapshot(self._database) as connection:
            by_key = records.passages_of(connection, keys, records.select_passages)
            # The owner may see every name, so that only a day may be missing.
            if scope.is_all and all(passage.date for passage in by_key.values()):
                return by_key
            titled = records.titled(connection, list(by_key.values()), scope)
            return {passage.key: passage for passage in titled}

    def set_aside(self, document_id: str, reason: Reason, version: str) -> None:
        """Note that a document cannot be indexed by a version of the analyzer, and why."""
        row = {"version": version, "reason": reason.to_json(), "at": now()}
        with transaction(self._database) as connection:
            of_document = set_aside.c.document_id == document_id
            connection.execute(delete(set_aside).where(of_document))
            connection.execute(insert(set_aside).values(document_id=document_id, **row))

    def documents_set_aside(self, version: str) -> dict[str, Reason]:
        """The documents that this version of the analyzer fails on, and why.

        Those of other versions are forgotten: this one may know better.
        """
        with snapshot(self._database) as connection:
            rows = connection.execute(select(set_aside)).all()
        if any(row.version != version for row in rows):
            with transaction(self._database) as connection:
                connection.execute(delete(set_aside).where(set_aside.c.version != version))
        return {
            row.document_id: Reason.from_json(row.reason) for row in rows if row.version == version
        }

    def taken_ids(self) -> list[tuple[str, str]]:
        """Ids of two contents that begin alike: the shorter one, and the one made longer for it."""
        longer = select(documents.c.id).where(func.length(documents.c.id) > SHORTEST)
        with snapshot(self._database) as connection:
            return [(str(id_)[:SHORTEST], id_) for id_ in connection.scalars(longer)]

    # -- for the doctor --------------------------------------------------------------------------

    def integrity(self, *, limit: int | None = None) -> list[str]:
        """What is wrong in the database, one line each; checks the `limit` newest documents."""
        with snapshot(self._database) as connection:
            return list(integrity_problems(connection, limit))


def _batches_of(document_ids: Collection[str] | None) -> Iterator[Sequence[str] | None]:
    """Runs of ids; a single None when all documents are meant."""
    return iter([None]) if document_ids is None else records.batches(sorted(set(document_ids)))
