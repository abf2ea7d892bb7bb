"""What is the status of documents within a scope, and what do their rows say?

Filings decide. A document is live in a matter while a filing there has not ended; it is
superseded in a scope when its only filings left there were replaced; it is withdrawn when they
ended without a successor. A withdrawn one is told from an unknown one only within its scope. What
its file was called, and when it came, is that scope's own too: the same bytes may lie behind a
wall under another name.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import Connection, and_, case, distinct, exists, func, or_, select, true

from corpus.editions import with_edition_of_name
from corpus.errors import NotFound, Withdrawn
from corpus.models import (
    DocumentFacts,
    DocumentRecord,
    Edition,
    ListedDocument,
    PassageRecord,
    Scope,
)
from corpus.reasons import Reason, combine
from corpus.storage.schema import documents, filings, passages, set_aside
from corpus.storage.soundness import sound_passages

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sqlalchemy import ColumnElement, Select

T = TypeVar("T")

_NO_FACTS: Final = DocumentFacts()

BATCH: Final = 1000
"""Values in one `IN (…)`: well below the drivers' limits (SQLite 32,766, PostgreSQL 65,535)."""

UNKNOWN: Final = "{} is not known here: check the id"
"""The same words whether it never existed or is hidden: a refusal must not tell which."""

is_live: Final = filings.c.ended.is_(None)
is_visible: Final = or_(is_live, filings.c.superseded_by.is_not(None))

# A document may lie in two matters under two names. A title that is only a name must not tell
# one matter how the file is called in the other.
# Whether its file's name stands in for a title. It is a scope's own: see `titled`.
_is_named: Final = documents.c.title == documents.c.name


def _select_passages(title: ColumnElement[str]) -> Select[Any]:
    """Select passages with the columns that PassageRecord has, and the digest."""
    of_passages = (
        "key",
        "document_id",
        "ordinal",
        "start",
        "end",
        "text",
        "pin",
        "page",
        "heading",
    )
    about = documents.c["date", "publisher", "language"]
    query = select(*passages.c[of_passages], title, *about, *passages.c["recognition", "digest"])
    return query.join_from(passages, documents)


select_passages: Final = _select_passages(documents.c.title)
indexed_passages: Final = _select_passages(
    case((_is_named, ""), else_=documents.c.title).label("title")
)
"""Passages as an index may hold them, which all scopes share: without names of files."""

passages_of_live: Final = indexed_passages.where(
    exists().where(filings.c.document_id == passages.c.document_id, is_live)
)


@dataclass(frozen=True, slots=True)
class DocumentStatus:
    """The status of a document within a scope in which it may be seen."""

    matters: tuple[str, ...]
    path: str
    superseded_by: str | None
    seen_in: str
    """A matter of the scope in which it may be seen."""
    added: str
    """When it was first filed there."""

    @property
    def name(self) -> str:
        """The name of its file there."""
        return self.path.rpartition("/")[2]


def batches(items: Sequence[T], size: int = BATCH) -> Iterator[Sequence[T]]:
    """Cut a sequence into runs of at most `size`."""
    return (items[at : at + size] for at in range(0, len(items), size))


def within(scope: Scope) -> ColumnElement[bool]:
    """The condition that a filing lies within the scope."""
    return true() if scope.is_all else filings.c.matter.in_(sorted(scope.matters))


def status_in(
    connection: Connection, document_id: str, scope: Scope, citation: str = ""
) -> DocumentStatus:
    """The status of one document. Raises NotFound and Withdrawn, naming the citation if given."""
    status = _statuses(connection, [document_id], scope).get(document_id)
    if status:
        return status
    # "Withdrawn" is only said where the document once was; elsewhere it is unknown.
    filed_before = and_(filings.c.document_id == document_id, within(scope))
    if connection.scalar(select(filings.c.key).where(filed_before).limit(1)):
        raise Withdrawn(f"{citation or document_id} was withdrawn")
    raise NotFound(UNKNOWN.format(citation or document_id))


def document_records(
    connection: Connection, document_ids: Sequence[str], scope: Scope
) -> list[DocumentRecord]:
    """Those of the documents that may be seen within the scope, in the order given."""
    return [
        record
        for batch in batches(document_ids)
        for record in _batch_of_records(connection, batch, scope)
    ]


def list_documents(
    connection: Connection, scope: Scope, *, offset: int = 0, limit: int | None = None
) -> list[ListedDocument]:
    """Live and superseded documents, the last filed first."""
    ids = connection.scalars(
        select(filings.c.document_id)
        .where(within(scope), is_visible)
        .group_by(filings.c.document_id)
        # Keys grow with commits. Times of two filings may be equal.
        .order_by(func.max(filings.c.key).desc())
        .offset(offset)
        .limit(limit)
    ).all()
    rows = connection.execute(
        select(*filings.c["document_id", "added", "added_by"])
        .where(filings.c.document_id.in_(ids), within(scope), is_visible)
        .order_by(filings.c.key)
    )
    last = {row.document_id: row for row in rows}
    return [
        ListedDocument(record, last[record.id].added, last[record.id].added_by)
        for record in document_records(connection, ids, scope)
    ]


def count_visible(connection: Connection, scope: Scope) -> int:
    """How many documents `list_documents` would list, superseded ones among them."""
    query = select(func.count(distinct(filings.c.document_id)))
    return connection.execute(query.where(within(scope), is_visible)).scalar_one()


def matters_of(connection: Connection, document_id: str, scope: Scope) -> frozenset[str]:
    """The matters within the scope that a document can be withdrawn from."""
    query = select(filings.c.matter).where(
        filings.c.document_id == document_id, within(scope), is_visible
    )
    return frozenset(connection.scalars(query))


def count_passages(connection: Connection, document_id: str) -> int:
    """How many passages a document has."""
    query = select(func.count()).where(passages.c.document_id == document_id)
    return connection.execute(query).scalar_one()


def passages_of(
    connection: Connection, keys: Sequence[int], query: Select[Any]
) -> dict[int, PassageRecord]:
    """The passages with these keys, in the order given; unknown and damaged ones are left out."""
    by_key = {
        record.key: record
        for batch in batches(keys)
        for record in sound_passages(
            connection, connection.execute(query.where(passages.c.key.in_(batch))).all()
        )
    }
    return {key: by_key[key] for key in keys if key in by_key}


def titled(
    connection: Connection, records: Sequence[PassageRecord], scope: Scope
) -> list[PassageRecord]:
    """The same passages, under the titles and days that their documents have within the scope."""
    ids = sorted({passage.document_id for passage in records})
    # Few documents lack a title, or are laws without a day, so the second query is mostly short.
    undated_law = and_(documents.c.date.is_(None), documents.c.facts.is_not(None))
    query = select(documents.c.id, documents.c.facts, _is_named.label("named")).where(
        documents.c.id.in_(ids), or_(_is_named, undated_law)
    )
    rows = {row.id: row for row in connection.execute(query)} if ids else {}
    statuses = _statuses(connection, list(rows), scope)
    called: dict[str, tuple[str, str | None]] = {}
    for document_id, status in statuses.items():
        row = rows[document_id]
        edition = with_edition_of_name(parse_facts(row.facts), status.name).edition
        called[document_id] = (status.name if row.named else "", edition.date if edition else None)
    return [
        replace(
            passage,
            title=called.get(passage.document_id, ("", None))[0] or passage.title,
            date=passage.date or called.get(passage.document_id, ("", None))[1],
        )
        for passage in records
    ]


def note_on(connection: Connection, document_id: str) -> Reason | None:
    """What part of a document was not read."""
    query = select(documents.c.note, set_aside.c.reason).where(documents.c.id == document_id)
    row = connection.execute(query.join_from(documents, set_aside, isouter=True)).one_or_none()
    return _note(row.note, row.reason) if row else None


def _note(*written: str | None) -> Reason | None:
    """What was not read, and why a document is not indexed, as one reason."""
    return combine([Reason.from_json(reason) for reason in written if reason])


def facts_row(facts: DocumentFacts) -> dict[str, Any] | None:
    """Facts as their column holds them: only what is known; None for nothing."""
    row = {name: value for name, value in asdict(facts).items() if value}
    return row or None


def parse_facts(row: dict[str, Any] | None) -> DocumentFacts:
    """Facts as their column holds them. Fields of a newer version are left out."""
    if not row:
        return _NO_FACTS
    # A newer version may have stored more; an unknown field must not stop this one.
    fields = {name: row[name] for name in _NO_FACTS.__slots__ if row.get(name)}
    edition = fields.pop("edition", None)
    return DocumentFacts(
        **fields | {"parties": tuple(fields.get("parties", ()))},
        edition=Edition(**edition) if edition else None,
    )


def facts_of(connection: Connection, document_ids: Sequence[str]) -> dict[str, DocumentFacts]:
    """What is known of each of these documents; unknown ids are left out."""
    query = select(documents.c.id, documents.c.facts)
    return {
        row.id: parse_facts(row.facts)
        for ids in batches(document_ids)
        for row in connection.execute(query.where(documents.c.id.in_(ids)))
    }


def laws_named(
    connection: Connection, names: Collection[str], scope: Scope
) -> dict[str, DocumentFacts]:
    """The facts of the live documents within the scope whose work has one of these names."""
    # PostgreSQL cannot compare JSON columns, so that DISTINCT stays with the ids.
    query = (
        select(documents.c.id)
        .join(filings, filings.c.document_id == documents.c.id)
        .where(documents.c.facts["work"].as_string().in_(list(names)), within(scope), is_live)
        .distinct()
    )
    return facts_of(connection, connection.scalars(query).all())


def openings_of(connection: Connection, document_ids: Sequence[str], length: int) -> dict[str, str]:
    """The first characters of each document's text; unknown ids are left out."""
    query = select(documents.c.id, func.substr(documents.c.text, 1, length))
    return {
        document_id: opening
        for ids in batches(document_ids)
        for document_id, opening in connection.execute(query.where(documents.c.id.in_(ids)))
    }


def pins_of(connection: Connection, document_ids: Sequence[str]) -> list[tuple[int, str, str]]:
    """Key, document and pin of each passage of these documents, in order of key."""
    query = select(*passages.c["key", "document_id", "pin"]).order_by(passages.c.key)
    return [
        (key, document_id, pin)
        for ids in batches(document_ids)
        for key, document_id, pin in connection.execute(
            query.where(passages.c.document_id.in_(ids))
        )
    ]


def _batch_of_records(
    connection: Connection, document_ids: Sequence[str], scope: Scope
) -> Iterator[DocumentRecord]:
    statuses = _statuses(connection, document_ids, scope)
    # A subquery: joining the passages would multiply the rows.
    counted = select(func.count()).where(passages.c.document_id == documents.c.id)
    rows = {
        row.id: row
        for row in connection.execute(
            select(
                *documents.c["id", "title", "date", "publisher", "url", "language"],
                *documents.c["name", "sha256", "media_type", "note", "facts"],
                counted.scalar_subquery().label("passages"),
                set_aside.c.reason,
            )
            .join_from(documents, set_aside, isouter=True)
            .where(documents.c.id.in_(list(statuses)))
        )
    }
    for document_id in filter(statuses.__contains__, document_ids):
        status = statuses[document_id]
        row = rows[document_id]._asdict()
        facts = with_edition_of_name(parse_facts(row.pop("facts")), status.name)
        if facts.edition:
            row["date"] = row["date"] or facts.edition.date
        untitled = row.pop("name") == row["title"]
        row["note"] = _note(row["note"], row.pop("reason"))
        yield DocumentRecord(
            **row | ({"title": status.name or row["title"]} if untitled else {}),
            added=status.added,
            matters=status.matters,
            path=status.path,
            superseded_by=status.superseded_by,
            facts=facts,
        )


def _statuses(
    connection: Connection, document_ids: Sequence[str], scope: Scope
) -> dict[str, DocumentStatus]:
    rows = connection.execute(
        select(*filings.c["document_id", "matter", "path", "added", "ended", "superseded_by"])
        .where(filings.c.document_id.in_(document_ids), within(scope), is_visible)
        .order_by(filings.c.key)
    )
    grouped: dict[str, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.document_id, []).append(row)
    return {document_id: _status(rows) for document_id, rows in grouped.items()}


def _status(rows: Sequence[Any]) -> DocumentStatus:
    # A document that is live anywhere in the scope is live; otherwise its last filing counts.
    live = [row for row in rows if row.ended is None]
    last = (live or rows)[-1]
    return DocumentStatus(
        matters=tuple(sorted({row.matter for row in live})),
        path=last.path,
        superseded_by=last.superseded_by,
        seen_in=last.matter,
        added=rows[0].added,
    )
