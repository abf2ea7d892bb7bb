"""`pincite ask`, `source` and `explain`: questions about the documents."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.audit import AuditRecorder, program_version
from bot.compose import library_of, open_database_of, open_searcher
from bot.console.checks import asked_parts
from bot.console.exit_status import DONE, REFUSED
from bot.console.terminal import (
    answer_parts,
    decode_argument,
    open_terminal,
    print_parts,
    source_parts,
)
from bot.embedding import embed_some
from bot.errors import RefusalError
from bot.jsonshape import answer_shape, dump, source_shape
from bot.records.audit import Audit, AuditRecord
from corpus.citing.ids import checked, parse_citation
from corpus.citing.styles import cite
from corpus.errors import CorpusError, NotFound
from corpus.models import Scope
from corpus.references import references_in
from index.answer import Answer, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bot.settings import Settings
    from corpus.library import Library
    from corpus.models import Scope
    from index.engine.protocol import Documents
    from index.search import Searcher

LONGEST_QUESTION = 4096  # characters: the limit of a Telegram message, the same everywhere


@dataclass(frozen=True, slots=True)
class Where:
    """Where a question looks: one matter or all, one document or all."""

    matter: str | None = None
    document: str | None = None


def ask(
    settings: Settings, question: str | None, where: Where, *, k: int | None, as_json: bool
) -> int:
    """Answer one question, or each line of standard input as soon as it is read."""
    questions = [decode_argument(question)] if question is not None else lines_of_input()
    with open_database_of(settings) as database:
        library = library_of(database)
        scope = scope_of(library, where.matter)
        with open_searcher(settings, library) as searcher:
            documents = _documents_of(searcher, where.document, scope)
            # A bounded number, so that a single question is never held up by a large library.
            embed_some(searcher.meaning)

            def answer(text: str) -> Answer:
                size = k or settings.passages
                return searcher.answer(text, scope=scope, k=size, documents=documents)

            record = AuditRecorder(Audit(database), searcher, "command line", scope)
            return print_answers(questions, record.recording(answer), as_json=as_json)


def _documents_of(searcher: Searcher, reference: str | None, scope: Scope) -> Documents | None:
    """The documents that `--document` means; None for all. Raises NotFound."""
    if reference is None:
        return None
    return searcher.find_documents(decode_argument(reference), scope)


def print_answers(
    questions: Iterable[str], answer: Callable[[str], Answer], *, as_json: bool = False
) -> int:
    """Print an answer to each question in turn; REFUSED when a question has no answer."""
    terminal = open_terminal()
    status, first = DONE, True
    for question in questions:
        reply = answer(question) if len(question) <= LONGEST_QUESTION else _too_long(question)
        if as_json:
            print_parts(terminal, dump(answer_shape(reply)))
        else:
            checked = reply.quotation
            above = asked_parts(checked, is_terminal=terminal.is_terminal) if checked else []
            print_parts(terminal, *([] if first else [""]), *above, *answer_parts(reply))
        # One refusal among many questions sets the exit status, for scripts.
        status = status if reply.answered else REFUSED
        first = False
    return status


def lines_of_input() -> Iterator[str]:
    """Yield the lines of standard input as they arrive. Invalid UTF-8 becomes U+FFFD."""
    if sys.stdin is None:  # a service without a terminal may start us with it closed
        return
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", "replace").rstrip("\r\n")


def scope_of(library: Library, matter: str | None) -> Scope:
    """The matter with that name in any spelling; without a name, all matters.

    Raises InvalidMatter, RefusalError.
    """
    if matter is None:
        return Scope.all()
    try:
        return Scope.of(library.matter(decode_argument(matter)))
    except NotFound:
        names = ", ".join(library.matters())
        hint = f"there are: {names}" if names else "there is none yet"
        raise RefusalError(f"no matter is named {decode_argument(matter)!r}; {hint}") from None


def source(settings: Settings, citation: str, *, as_json: bool) -> int:
    """Print a passage with its neighbours and everything known about its document."""
    citation_id = parse_citation(decode_argument(citation))
    with open_database_of(settings) as database:
        library = library_of(database)
        passage_source = library.source(citation_id, Scope.all())
        references = references_in(library, passage_source, Scope.all())
        # Recorded before it is printed, as in Telegram.
        Audit(database).record(
            AuditRecord("source", "command line", (passage_source.passage.citation,))
        )
    cite_as = cite(passage_source.passage, passage_source.document)
    if as_json:
        print_parts(open_terminal(), dump(source_shape(passage_source, cite_as, references)))
    else:
        # JSON has the whole hash; what is copied from a terminal has nothing else beside it.
        copied = checked(passage_source.passage.citation, passage_source.document.sha256)
        parts = source_parts(passage_source, cite_as, references)
        print_parts(open_terminal(), *parts, f"id with more of its hash: {copied}")
    return DONE


def explain(settings: Settings, question: str, citation: str, *, matter: str | None) -> int:
    """Print in words, factor by factor, how a passage gets its score for a question."""
    citation_id = parse_citation(decode_argument(citation))
    with open_database_of(settings) as database:
        library = library_of(database)
        with open_searcher(settings, library) as searcher:
            explanation = searcher.explain(
                decode_argument(question), citation_id, scope=scope_of(library, matter)
            )
    print_parts(open_terminal(), str(explanation))
    return DONE


def explain_record(settings: Settings, number: int) -> int:
    """Print how an answer came about, by its number in the audit, and what holds of it today.

    Raises RefusalError.
    """
    with open_database_of(settings) as database:
        row = Audit(database).row(number)
        if row is None:
            raise RefusalError(
                f"the audit has no record {number}: 'pincite export-audit' lists those it has"
            )
        lines = list(record_lines(row))
        with open_searcher(settings, library_of(database)) as searcher:
            searcher.refresh()
            lines += _today(searcher, row)
    print_parts(open_terminal(), *lines)
    return DONE


def record_lines(row: dict[str, Any]) -> Iterator[str]:
    """What a record of the audit says, in lines."""
    place = "" if row["chat_id"] is None else f", chat {row['chat_id']}"
    person = "" if row["person_id"] is None else f", person {row['person_id']}"
    yield f"record {row['number']}: {row['kind']}, {row['at']}, {row['via']}{place}{person}"
    yield f"question: {row['question'] or 'none, or removed by /forgetme'}"
    details = row["details"] if isinstance(row["details"], dict) else {}
    if "scores" not in details:
        yield f"shown: {', '.join(row['citations']) or 'no passage'}"
        yield "how it was found is not in this record: it is older than that, or no answer"
        return
    matters = details["matters"]
    yield f"searched: {'all matters' if matters is None else ', '.join(matters) or 'no matter'}"
    if details["documents"]:
        yield f"within: {', '.join(details['documents'])}"
    meaning = "words and meaning" if details["meaning"] else "words alone"
    yield f"by: Pincite {details['program']}, index {row['index_version']}, {meaning}"
    refusal = f"refused ({details['refusal']})" if details["refusal"] else "answered"
    yield f"{refusal}, as a {details['kind']}"
    for rank, (citation, score, confidence, evidence) in enumerate(details["scores"], 1):
        visibility = "shown" if citation in row["citations"] else "not shown"
        measured = f"score {score:.3f}  confidence {confidence:.3f}"
        yield f"{rank:3}  {citation}  {measured}  {evidence}, {visibility}"


def _today(searcher: Searcher, row: dict[str, Any]) -> Iterator[str]:
    """The same question today: which version answers now, and the score of each passage."""
    same = searcher.version == row["index_version"]
    state = "the same index" if same else f"index {searcher.version}: documents or program changed"
    yield f"today: Pincite {program_version()}, {state}"
    if not row["question"]:
        return
    details = row["details"] if isinstance(row["details"], dict) else {}
    matters = details.get("matters")
    scope = Scope.all() if matters is None else Scope.of(*matters)
    for citation in row["citations"]:
        yield ""
        try:
            explanation = searcher.explain(row["question"], parse_citation(citation), scope=scope)
        except CorpusError as error:
            yield f"{citation}: {error}"
        else:
            yield str(explanation)


def _too_long(question: str) -> Answer:
    return Answer(question=question, hits=(), took_ms=0.0, refusal=Refusal("too_long"))
