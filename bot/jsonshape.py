"""The JSON shapes of `--json`, one function for each command.

Other programs rely on them: fields may be added, but none removed or renamed.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.texts.reason_sentences import english_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus.citing.styles import CiteAs
    from corpus.models import DocumentRecord, Filed, PassageRecord, Source
    from corpus.references import Reference
    from index.answer import Answer, EachAnswer, Hit, Within
    from index.comparison import ComparedPair, ComparedUnit
    from index.evaluation.evaluate import Measures
    from index.quotations.check import QuotationCheck

Shape: TypeAlias = dict[str, Any]
_TABLE = {
    **dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}"),
    **{code: f"\\u{code:04x}" for code in (0x85, 0x2028, 0x2029)},
}


def dump(shape: Shape) -> str:
    """One line of JSON in valid UTF-8: lone surrogates become U+FFFD.

    JSON allows three Unicode line ends inside strings. They are escaped here, because many
    programs that read line by line would split there.
    """
    return json.dumps(shape, ensure_ascii=False).translate(_TABLE)


def answer_shape(answer: Answer) -> Shape:
    """The shape of `ask --json` for one question."""
    return {
        "question": answer.question,
        "answered": answer.answered,
        "reason": None if answer.refusal is None else str(answer.refusal),
        # Microseconds: more digits are noise of the clock.
        "took_ms": round(answer.took_ms, 3),
        "kind": answer.kind,
        "within": within_shape(answer.within) if answer.within else None,
        "quotation": check_shape(answer.quotation) if answer.quotation else None,
        "hits": [hit_shape(hit) for hit in answer.hits],
    }


def check_shape(check: QuotationCheck) -> Shape:
    """The shape of `check --json` for one quotation. Offsets are in code points."""
    beside = check.beside
    return {
        "quotation": check.quotation,
        "start": check.start,
        "end": check.end,
        "verdict": check.verdict,
        "other_script": check.other_script,
        "citation": check.citation,
        "document_id": check.document_id,
        "title": check.title,
        "pin": check.pin,
        "source": check.source,
        "source_start": check.source_start,
        "source_end": check.source_end,
        "differences": [asdict(difference) for difference in check.differences],
        "matter": check.matter,
        "date": check.date,
        "beside": asdict(beside) | {"agrees": beside.agrees} if beside else None,
    }


def pair_shape(pair: ComparedPair) -> Shape:
    """The shape of `compare --json` for one pair."""
    return {
        "kind": pair.kind,
        "before": _unit_shape(pair.before),
        "after": _unit_shape(pair.after),
        "differences": [list(difference) for difference in pair.differences],
    }


def _unit_shape(unit: ComparedUnit | None) -> Shape | None:
    return asdict(unit) if unit else None


def each_shape(answer: EachAnswer) -> Shape:
    """The shape of `ask --each --json`: that of an answer, and the documents without a hit."""
    return {
        "question": answer.question,
        "answered": bool(answer.hits),
        "reason": None if answer.hits else "no document answers this",
        "took_ms": round(answer.took_ms, 3),
        "kind": "question",
        "within": None,
        "quotation": None,
        "hits": [hit_shape(hit) for hit in answer.hits],
        "without": [{"id": document.id, "title": document.title} for document in answer.without],
    }


def within_shape(within: Within) -> Shape:
    """What an answer was limited to."""
    documents = [{"id": document_id, "title": title} for document_id, title in within.documents]
    return {"documents": documents, "words": [*within.words]}


def hit_shape(hit: Hit) -> Shape:
    """One passage of an answer. Offsets are in code points."""
    shape = {field.name: getattr(hit, field.name) for field in fields(hit)}
    return {
        **shape,
        "highlights": [list(span) for span in hit.highlights],
        "matched": [*hit.matched],
        "answer": list(hit.answer) if hit.answer else None,
        "value": list(hit.value) if hit.value else None,
        "also": [
            {"citation": same.citation, "title": same.title, "pin": same.pin} for same in hit.also
        ],
    }


def source_shape(source: Source, cite_as: CiteAs, references: Iterable[Reference] = ()) -> Shape:
    """The shape of `source --json`."""
    passage = source.passage
    return {
        # The keys of a hit come first, so that one reader serves `ask` and `source`.
        "citation": passage.citation,
        "document_id": passage.document_id,
        "passage_id": passage.citation,
        "matter": source.matter,
        "title": passage.title,
        "date": passage.date,
        "pin": passage.pin,
        "page": passage.page,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "highlights": [],
        "matched": [],
        "answer": None,
        "value": None,
        "confidence": None,
        "before": _neighbours(source.before),
        "after": _neighbours(source.after),
        "document": _source_document_shape(source.document),
        "cite_as": dict(cite_as),
        # Counted from the passage's own start, as the highlights of a hit are.
        "references": [asdict(reference) for reference in references],
    }


def _source_document_shape(document: DocumentRecord) -> Shape:
    return {
        "id": document.id,
        "title": document.title,
        "date": document.date,
        "publisher": document.publisher,
        "url": document.url,
        "language": document.language,
        "sha256": document.sha256,
        "added": document.added,
        "superseded_by": document.superseded_by,
        # English whatever the reader's language: programs compare it.
        "note": english_sentence(document.note) if document.note else None,
        "facts": asdict(document.facts),
    }


def _neighbours(passages: Iterable[PassageRecord]) -> list[Shape]:
    return [
        {
            "citation": passage.citation,
            "start": passage.start,
            "end": passage.end,
            "text": passage.text,
        }
        for passage in passages
    ]


def filed_shape(filed: Filed) -> Shape:
    """The shape of `add --json` for one file, with its attachments inside."""
    reasons = [english_sentence(reason) for reason in (filed.reason, filed.note) if reason]
    return {
        "path": filed.path,
        "outcome": filed.outcome,
        "reason": "; ".join(reasons) or None,
        "document_id": filed.document_id,
        "matter": filed.matter,
        "passages": filed.passages,
        "supersedes": filed.supersedes,
        "attachments": [filed_shape(part) for part in filed.attachments],
    }


def document_shape(document: DocumentRecord) -> Shape:
    """The shape of `documents --json` for one document."""
    return {
        "id": document.id,
        "title": document.title,
        "date": document.date,
        "publisher": document.publisher,
        "language": document.language,
        "matters": list(document.matters),
        "path": document.path,
        "added": document.added,
        "passages": document.passages,
        "superseded_by": document.superseded_by,
        "note": english_sentence(document.note) if document.note else None,
        "facts": asdict(document.facts),
    }


def evaluation_shape(measured: Iterable[Measures], judgements: int | None = None) -> Shape:
    """The shape of `evaluate --json`. `judgements` is their number, if feedback was measured."""
    shape: Shape = {"collections": [measures_shape(measures) for measures in measured]}
    return shape if judgements is None else shape | {"judgements": judgements}


def measures_shape(measures: Measures) -> Shape:
    """The figures of one collection, under the names that the field uses."""
    return {
        "name": measures.name,
        "passages": measures.passages,
        "queries": measures.queries,
        **measures.quality,
        "refused": measures.refused,
        "refusal_auc": measures.refusal_auc,
        "qps": measures.qps,
        "p50_ms": measures.p50_ms,
        "p95_ms": measures.p95_ms,
        "index_seconds": measures.index_seconds,
    }
