"""The audit at its edges: which citations of an answer are recorded, and records as a file."""

from __future__ import annotations

import csv
import io
import json
from functools import cache, lru_cache
from importlib import metadata
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from bot.jsonshape import dump
from bot.records.audit import Audit, AuditRecord, audit
from bot.records.people import People
from corpus.models import Scope
from corpus.storage.database import snapshot
from corpus.storage.schema import documents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import sqlalchemy

    from bot.records.audit import Kind, Via
    from index.answer import Answer
    from index.search import Searcher
    from index.semantic.search import Meaning

NAMES: Final = ("person", "about_person", "chat", "documents")
"""Names as they are known now, beside the records: they are in no hash, and may change."""
COLUMNS: Final = (*(column.name for column in audit.columns), *NAMES)
_MOST_NAMES: Final = 10_000
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def shown_citations(answer: Answer, *, nearest: bool = False) -> tuple[str, ...]:
    """The citations that people see: those of a refusal only where the nearest are shown."""
    if answer.refusal and not nearest:
        return ()
    return tuple(hit.citation for hit in answer.hits)


def answer_details(answer: Answer, scope: Scope, meaning: Meaning | None) -> dict[str, Any]:
    """How an answer came about: what was searched, by which program, with which scores.

    Nothing of it is a word of the question or names a person: details are never forgotten.
    """
    return {
        "matters": None if scope.is_all else sorted(scope.matters),
        "documents": [document for document, _ in answer.within.documents] if answer.within else [],
        "kind": answer.kind,
        "refusal": answer.refusal.kind if answer.refusal else None,
        "program": program_version(),
        "meaning": meaning is not None,
        "scores": [
            [hit.citation, round(hit.score, 6), hit.confidence, hit.evidence] for hit in answer.hits
        ],
    }


@cache
def program_version() -> str:
    """The version of Pincite that runs."""
    try:
        return metadata.version("pincite")
    except metadata.PackageNotFoundError:
        return "of a checkout"


class AuditRecorder:
    """Records what a terminal shows. Its reader is the owner, so no person is named."""

    def __init__(
        self, audit: Audit, searcher: Searcher, via: Via, scope: Scope | None = None
    ) -> None:
        self._audit = audit
        self._searcher = searcher
        self._via = via
        self._scope = scope or Scope.all()

    def answered(self, answer: Answer, kind: Kind = "answer") -> Answer:
        """Record an answer and return it. A terminal shows the nearest passages too."""
        details = answer_details(answer, self._scope, self._searcher.meaning)
        self.shown(kind, shown_citations(answer, nearest=True), answer.question, details)
        return answer

    def shown(
        self,
        kind: Kind,
        citations: tuple[str, ...],
        question: str | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        """Record the passages that were shown."""
        version = self._searcher.version
        record = AuditRecord(kind, self._via, citations, version, question, details=details)
        self._audit.record(record)

    def recording(self, answer: Callable[[str], Answer]) -> Callable[[str], Answer]:
        """Wrap a function that answers, so that each answer is recorded."""
        return lambda question: self.answered(answer(question))


def named_rows(records: Audit) -> Iterator[dict[str, Any]]:
    """Every record, with the names of people and chats, and the titles of documents. Blocks."""
    names = _Names(records.database)
    for row in records.rows():
        yield row | {
            "person": names.of_person(row["person_id"]),
            "about_person": names.of_person(row["about_id"]),
            "chat": names.of_chat(row["chat_id"]),
            "documents": names.of_documents(row["citations"]),
        }


class _Names:
    """Looks up each name once: a year's records name the same few people and documents."""

    def __init__(self, database: sqlalchemy.Engine) -> None:
        self._people = People(database)
        self._database = database
        self.of_person = lru_cache(_MOST_NAMES)(self._of_person)
        self.of_chat = lru_cache(_MOST_NAMES)(self._of_chat)
        self._title = lru_cache(_MOST_NAMES)(self._title_of)

    def of_documents(self, citations: Any) -> list[str | None]:
        # A damaged record may hold anything here.
        cited_ids = citations if isinstance(citations, list) else []
        return [self._title(str(citation).rpartition("-")[0]) for citation in cited_ids]

    def _title_of(self, document_id: str) -> str | None:
        query = select(documents.c.title).where(documents.c.id == document_id)
        with snapshot(self._database) as connection:
            return connection.scalar(query)

    def _of_person(self, person_id: Any) -> str | None:
        return self._people.names([person_id]).get(person_id) if person_id else None

    def _of_chat(self, chat_id: Any) -> str | None:
        return self._people.titles([chat_id]).get(chat_id) if chat_id else None


def json_lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """One line of JSON for each record, with all that is needed to check its hash."""
    return (f"{dump(row)}\n" for row in rows)


def csv_lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """CSV for spreadsheets: a heading, then one line for each record."""
    line = io.StringIO()  # one line at a time: the audit may not fit in memory
    writer = csv.writer(line, lineterminator="\n")
    writer.writerow(COLUMNS)
    yield _drain(line)
    for row in rows:
        writer.writerow(_cell(row.get(name)) for name in COLUMNS)
        yield _drain(line)


def _drain(line: io.StringIO) -> str:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text


def _cell(value: Any) -> Any:
    """A value for one cell. A leading quote keeps text from running as a formula (CWE-1236)."""
    if isinstance(value, list):
        value = " ".join(map(str, value))
    if isinstance(value, dict):
        value = json.dumps(value)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
