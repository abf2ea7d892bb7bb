"""`pincite compare`, `ask --each`, `timeline` and `table`: many passages in one view."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING

import xlsxwriter
from rich.text import Text

from bot.audit import AuditRecorder
from bot.cli.ask import LONGEST_QUESTION, scope_of
from bot.compose import library_of, open_database_of, open_searcher
from bot.console.checks import ORIGINAL, QUOTED
from bot.console.exit_status import DONE, REFUSED
from bot.console.terminal import (
    count_noun,
    decode_argument,
    hit_line,
    join_facts,
    open_terminal,
    print_parts,
)
from bot.embedding import embed_some
from bot.errors import RefusalError
from bot.jsonshape import dump, each_shape, pair_shape
from bot.printable import printable, printable_line
from bot.records.audit import Audit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import sqlalchemy

    from bot.records.audit import Kind
    from bot.settings import Settings
    from corpus.library import Library
    from corpus.models import Scope
    from index.answer import EachAnswer, Hit
    from index.comparison import ComparedPair, ComparedUnit
    from index.search import Searcher
    from index.timeline import DatedSentence, Timeline

NOTHING = "nothing found"
MOST_QUESTIONS = 50
"""Questions of a table; each is asked of every document."""


def compare(settings: Settings, document: str, other: str | None, *, as_json: bool) -> int:
    """Print what differs, unit by unit; without OTHER, from the version that was replaced."""
    with open_database_of(settings) as database:
        library = library_of(database)
        scope = scope_of(library, None)
        with open_searcher(settings, library) as searcher:
            first = document_of(library, searcher, document, scope)
            second = document_of(library, searcher, other, scope) if other else None
            pairs = searcher.compare(first, second, scope=scope)
            citations = [unit.citation for pair in pairs for unit in _units(pair)]
            _record(database, searcher, "compare", citations)
    terminal = open_terminal()
    if as_json:
        print_parts(terminal, *(dump(pair_shape(pair)) for pair in pairs))
        return DONE
    for pair in pairs:
        if pair.kind != "same":
            print_parts(terminal, *pair_parts(pair, is_terminal=terminal.is_terminal), "")
    print_parts(terminal, compared_line(pairs))
    return DONE


def pair_parts(pair: ComparedPair, *, is_terminal: bool) -> list[Text | str]:
    """A pair that is not the same: both quoted, the differences struck and underlined."""
    units = _units(pair)
    pin = units[-1].pin if len({unit.pin for unit in units}) == 1 else " → ".join(
        unit.pin for unit in units
    )  # fmt: skip
    head = join_facts(f"{pair.kind}: {pin}", " → ".join(unit.citation for unit in units))
    parts: list[Text | str] = [head]
    for side, unit in enumerate((pair.before, pair.after)):
        if unit is None:
            continue
        spans = [difference[2 * side : 2 * side + 2] for difference in pair.differences]
        if pair.kind != "changed":
            spans = [(0, len(unit.text))]
        mark = "-+"[side]
        parts.append(_marked(unit.text, spans, mark, is_terminal=is_terminal))
    return parts


def _marked(
    text: str, spans: Iterable[Sequence[int]], mark: str, *, is_terminal: bool
) -> Text | str:
    """A text with its spans struck or underlined; in a pipe as `[-…-]` and `{+…+}`."""
    if is_terminal:
        styled = Text(f"{mark} {printable(text)}")
        for start, end in spans:
            styled.stylize(QUOTED if mark == "-" else ORIGINAL, start + 2, end + 2)
        return styled
    opening, closing = ("[-", "-]") if mark == "-" else ("{+", "+}")
    pieces, at = [f"{mark} "], 0
    for start, end in spans:
        marked_part = f"{opening}{text[start:end]}{closing}" if end > start else ""
        pieces += text[at:start], marked_part
        at = end
    return printable("".join([*pieces, text[at:]]))


def compared_line(pairs: Sequence[ComparedPair]) -> str:
    """`3 changed, 1 added, 0 removed, 40 the same`."""
    counts = Counter(pair.kind for pair in pairs)
    return (
        f"{counts['changed']} changed, {counts['added']} added, {counts['removed']} removed,"
        f" {counts['same']} the same"
    )


def each(settings: Settings, question: str | None, matter: str | None, *, as_json: bool) -> int:
    """Print the best sentence of every document, one row each."""
    if question is None:
        raise RefusalError("name a QUESTION to ask each document")
    text = _question(question)
    with open_database_of(settings) as database:
        library = library_of(database)
        scope = scope_of(library, matter)
        with open_searcher(settings, library) as searcher:
            embed_some(searcher.meaning)
            answer = searcher.each(text, scope=scope)
            _record(database, searcher, "answer", [hit.citation for hit in answer.hits], text)
    terminal = open_terminal()
    if as_json:
        print_parts(terminal, dump(each_shape(answer)))
    else:
        print_parts(terminal, *each_parts(answer))
    return DONE if answer.hits else REFUSED


def each_parts(answer: EachAnswer) -> list[Text | str]:
    """A row for each document: its sentence and its source, or that nothing was found."""
    parts: list[Text | str] = []
    for hit in answer.hits:
        parts += [hit_line(hit), f"  {best_sentence(hit)}"]
    parts += [join_facts(document.title, document.id, NOTHING) for document in answer.without]
    total = len(answer.hits) + len(answer.without)
    return [*parts, f"{len(answer.hits)} of {count_noun(total, 'document')}"]


def best_sentence(hit: Hit) -> str:
    """The sentence of a hit that answers, verbatim on one line; else all of it."""
    return printable_line(hit.text[slice(*hit.answer)] if hit.answer else hit.text)


def timeline(settings: Settings, words: str | None, matter: str | None, *, as_json: bool) -> int:
    """Print dated sentences in order."""
    with open_database_of(settings) as database:
        library = library_of(database)
        scope = scope_of(library, matter)
        with open_searcher(settings, library) as searcher:
            rows = searcher.timeline(_question(words) if words else None, scope=scope)
            citations = list(dict.fromkeys(row.citation for row in rows.rows))
            _record(database, searcher, "timeline", citations, words)
    terminal = open_terminal()
    if as_json:
        print_parts(terminal, *(dump(asdict(row)) for row in rows.rows))
    else:
        print_parts(terminal, *timeline_parts(rows))
    return DONE if rows.rows else REFUSED


def timeline_parts(found: Timeline) -> list[Text | str]:
    """A line for each row, and how many sentences name only a relative time."""
    parts: list[Text | str] = [
        join_facts(f"{row_date(row)}  {row.text}", row.title, row.pin, row.citation)
        for row in found.rows
    ]
    left_out = ""
    if found.undated:
        left_out = f"; {count_noun(found.undated, 'sentence')} with relative times alone left out"
    return [*parts, f"{count_noun(len(found.rows), 'date')}{left_out}"]


def row_date(row: DatedSentence) -> str:
    """The date of a row, or its period."""
    return f"{row.date} – {row.until}" if row.until else row.date


def table(settings: Settings, questions: Sequence[str], out: Path, matter: str | None) -> int:
    """Write an Excel table of documents by questions, each cell verbatim with its citation."""
    texts = [_question(question) for question in questions]
    if len(texts) > MOST_QUESTIONS:
        raise RefusalError(f"{len(texts)} questions are too many; ask {MOST_QUESTIONS} at most")
    if out.suffix.lower() != ".xlsx":
        raise RefusalError("--out names no Excel file; give a name that ends in .xlsx")
    with open_database_of(settings) as database:
        library = library_of(database)
        scope = scope_of(library, matter)
        with open_searcher(settings, library) as searcher:
            embed_some(searcher.meaning)
            answers = []
            for text in texts:
                answers.append(searcher.each(text, scope=scope))
                citations = [hit.citation for hit in answers[-1].hits]
                _record(database, searcher, "answer", citations, text)
        documents = [record for record in library.documents(scope) if record.matters]
    if not documents:
        raise RefusalError("there are no documents to ask; add some with 'pincite add'")
    rows = [(document.id, document.title, document.date or "") for document in documents]
    write_table(out, rows, answers)
    filled = sum(len(answer.hits) for answer in answers)
    cells = len(rows) * len(texts)
    print_parts(open_terminal(), f"wrote {out.name}: {filled} of {count_noun(cells, 'cell')}")
    return DONE


def write_table(
    out: Path, documents: Sequence[tuple[str, str, str]], answers: Sequence[EachAnswer]
) -> None:
    """Write documents, `(id, title, date)`, down and questions across. Raises OSError."""
    # Text that begins with `=` must stay text, and a link in it must not be followed.
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(out), plain) as book:
        sheet = book.add_worksheet("Answers")
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        cell = book.add_format({"text_wrap": True, "valign": "top"})
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 32)
        sheet.set_column(1, 1, 12)
        sheet.set_column(2, 1 + len(answers), 56)
        titles = ("Document", "Date", *(answer.question for answer in answers))
        for column, title in enumerate(titles):
            sheet.write_string(0, column, _cell_text(title), head)
        by_document = [{hit.document_id: hit for hit in answer.hits} for answer in answers]
        for row, (document_id, title, date) in enumerate(documents, 1):
            sheet.write_string(row, 0, _cell_text(f"{title} [{document_id}]"), cell)
            sheet.write_string(row, 1, date, cell)
            for column, hits in enumerate(by_document, 2):
                hit = hits.get(document_id)
                sheet.write_string(row, column, _cell_text(_answer_text(hit)), cell)


def _answer_text(hit: Hit | None) -> str:
    if hit is None:
        return NOTHING
    sentence = hit.text[slice(*hit.answer)] if hit.answer else hit.text
    return f"{sentence}\n[{', '.join(filter(None, (hit.pin, hit.citation)))}]"


def _cell_text(text: str) -> str:
    """What a cell holds: printable, and no longer than Excel allows (32,767 characters)."""
    return printable(text)[:32_000]


def _units(pair: ComparedPair) -> list[ComparedUnit]:
    return [unit for unit in (pair.before, pair.after) if unit]


def document_of(library: Library, searcher: Searcher, reference: str, scope: Scope) -> str:
    """The id of the one document that a reference means. Raises NotFound, RefusalError."""
    text = decode_argument(reference)
    # Ids of superseded documents too: these are in no search.
    if any(document.id == text.upper() for document in library.documents(scope)):
        return text.upper()
    chosen = sorted(searcher.find_documents(text, scope))
    if len(chosen) > 1:
        raise RefusalError(f"{len(chosen)} documents are called so: {', '.join(chosen[:5])}")
    return chosen[0]


def _question(text: str) -> str:
    question = decode_argument(text).strip()
    if not question or len(question) > LONGEST_QUESTION:
        raise RefusalError(f"a question has 1 to {LONGEST_QUESTION:,} characters")
    return question


def _record(
    database: sqlalchemy.Engine,
    searcher: Searcher,
    kind: Kind,
    citations: Sequence[str],
    question: str | None = None,
) -> None:
    recorder = AuditRecorder(Audit(database), searcher, "command line")
    recorder.shown(kind, tuple(citations), question)
