"""`pincite add`, `documents` and `remove`: documents come in, are listed, and are withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cli.ask import scope_of
from bot.compose import library_of, open_database_of, open_ingest, open_searcher
from bot.console.exit_status import DONE, REFUSED
from bot.console.progress import progress_bar
from bot.console.terminal import (
    count_noun,
    decode_argument,
    join_facts,
    open_terminal,
    print_error,
    print_parts,
    printable_path,
)
from bot.embedding import embed_all, open_models
from bot.jsonshape import document_shape, dump, filed_shape
from bot.records.access import OPERATOR, act_record
from bot.records.audit import Audit
from bot.records.filing import record_filed
from bot.texts.reason_sentences import english_sentence
from corpus.citing.ids import SHORTEST, parse_document_id
from corpus.matters import spell
from index.text import analyzer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.settings import Settings
    from corpus.models import DocumentRecord, Filed
    from corpus.reasons import Reason


def add(settings: Settings, paths: Sequence[Path], *, matter: str, as_json: bool) -> int:
    """File the named files and every file in the named folders; REFUSED when any is refused."""
    # Fails early: a missing extra is reported before minutes of filing.
    open_models(settings)
    status, files = DONE, 0
    document_ids: set[str | None] = set()
    terminal = open_terminal()
    matter = spell(decode_argument(matter))
    with (
        open_database_of(settings) as database,
        open_ingest(settings, library_of(database)) as ingest,
        progress_bar(terminal) as report,
    ):

        def progress(done: int, total: int, path: Path) -> None:
            if report:
                report(done, total, printable_path(path.name))

        outcomes = ingest.add(paths, matter, progress=progress, waiting=_report_waiting)
        for files, filed in enumerate(outcomes, start=1):  # noqa: B007 - the count is used below
            print_parts(
                terminal, *([dump(filed_shape(filed))] if as_json else _outcome_lines(filed))
            )
            record_filed(Audit(database), filed, OPERATOR)
            status = REFUSED if _any_refused(filed) else status
            document_ids |= _ids(filed)
    if not files:
        print_error("there are no files there; hidden ones are passed over")
    for document_id, reason in index(settings).items():
        if document_id in document_ids:
            print_error(f"{document_id}: {english_sentence(reason)}; split its file")
            status = REFUSED
    return status


def index(settings: Settings) -> dict[str, Reason]:
    """Index and embed the new documents now, so that the first question does not wait for it.

    Returns the documents that could not be indexed, and why.
    """
    with (
        open_database_of(settings) as database,
        open_searcher(settings, library_of(database)) as searcher,
    ):
        with progress_bar() as report:
            searcher.refresh(report and (lambda done, total: report(done, total, "indexing")))
        searcher.save()
        embed_all(searcher.meaning)
        return library_of(database).documents_set_aside(analyzer.VERSION)


def documents(settings: Settings, *, matter: str | None, as_json: bool) -> int:
    """List the documents, newest first."""
    with open_database_of(settings) as database:
        library = library_of(database)
        records = library.documents(scope_of(library, matter))
    terminal = open_terminal()
    for document in records:
        print_parts(
            terminal, dump(document_shape(document)) if as_json else _document_line(document)
        )
    if not records and not as_json:
        print_error("there are no documents here yet; add some with 'pincite add PATH'")
    return DONE


def remove(settings: Settings, document: str, *, matter: str | None) -> int:
    """Withdraw a document from one matter, or from all of them."""
    document_id = parse_document_id(decode_argument(document))
    with open_database_of(settings) as database:
        library = library_of(database)
        matters = library.withdraw(document_id, scope=scope_of(library, matter))
        details = {"matters": list(matters)}
        Audit(database).record(
            act_record("withdrawn", OPERATOR, (f"{document_id}-1",), details=details)
        )
    print_parts(open_terminal(), f"withdrew {document_id} from {', '.join(matters)}")
    return DONE


def _any_refused(filed: Filed) -> bool:
    # A refused attachment counts too: scripts that check the status must not miss it.
    return filed.outcome == "refused" or any(map(_any_refused, filed.attachments))


def _ids(filed: Filed) -> set[str | None]:
    """The documents of a file and of those inside it."""
    return {filed.document_id}.union(*map(_ids, filed.attachments))


def _outcome_lines(filed: Filed, indent: str = "") -> list[str]:
    facts = (
        filed.document_id,
        count_noun(filed.passages, "passage") if filed.outcome in {"added", "replaced"} else None,
        f"replaces {filed.supersedes}" if filed.supersedes else None,
        f"another content has the id {filed.document_id[:SHORTEST]}"
        if filed.document_id and len(filed.document_id) > SHORTEST
        else None,
        *map(english_sentence, filter(None, (filed.reason, filed.note))),
    )
    line = f"{indent}{filed.outcome:<9} {printable_path(filed.path)}"
    details = join_facts(*facts)
    lines = [f"{line}: {details}" if details else line]
    for attachment in filed.attachments:
        lines += _outcome_lines(attachment, indent + "  ")
    return lines


def _document_line(document: DocumentRecord) -> str:
    facts = (
        document.id,
        document.date,
        document.title,
        ", ".join(document.matters),
        count_noun(document.passages, "passage"),
        f"superseded by {document.superseded_by}" if document.superseded_by else None,
        english_sentence(document.note) if document.note else None,
    )
    return join_facts(*facts)


def _report_waiting() -> None:
    print_error("another 'add' is at work on this data folder; waiting for it to finish")
