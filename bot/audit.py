"""The audit at its edges: which citations of an answer are recorded, and records as a file."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, Final

from bot.jsonshape import dump
from bot.records.audit import Audit, AuditRecord, audit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bot.records.audit import Kind, Via
    from index.answer import Answer
    from index.search import Searcher

COLUMNS: Final = tuple(column.name for column in audit.columns)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def shown_citations(answer: Answer, *, nearest: bool = False) -> tuple[str, ...]:
    """The citations that people see: those of a refusal only where the nearest are shown."""
    if answer.refusal and not nearest:
        return ()
    return tuple(hit.citation for hit in answer.hits)


class AuditRecorder:
    """Records what a terminal shows. Its reader is the owner, so no person is named."""

    def __init__(self, audit: Audit, searcher: Searcher, via: Via) -> None:
        self._audit = audit
        self._searcher = searcher
        self._via = via

    def answered(self, answer: Answer, kind: Kind = "answer") -> Answer:
        """Record an answer and return it. A terminal shows the nearest passages too."""
        self.shown(kind, shown_citations(answer, nearest=True), answer.question)
        return answer

    def shown(self, kind: Kind, citations: tuple[str, ...], question: str | None = None) -> None:
        """Record the passages that were shown."""
        version = self._searcher.version
        self._audit.record(AuditRecord(kind, self._via, citations, version, question))

    def recording(self, answer: Callable[[str], Answer]) -> Callable[[str], Answer]:
        """Wrap a function that answers, so that each answer is recorded."""
        return lambda question: self.answered(answer(question))


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
        writer.writerow(_cell(row[name]) for name in COLUMNS)
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
