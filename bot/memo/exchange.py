"""A memo's documents for reference managers: CSL-JSON and RIS, an entry a document.

Fields are left out where a document does not say. The passages quoted stand in the note: neither
format has a place for what a citation says.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from bot.memo.contents import one_line
from corpus.citing.citation_parts import cited_title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.memo.contents import Memo, QuotedPassage
    from corpus.models import DocumentKind, DocumentRecord

# Types of the Citation Style Language 1.0.2 and of RIS, by what a document is to a lawyer.
_TYPES: Final[dict[DocumentKind | None, tuple[str, str]]] = {
    "judgment": ("legal_case", "CASE"),
    "decision": ("legal_case", "CASE"),
    "statute": ("legislation", "STAT"),
    "interpretation": ("legislation", "STAT"),
    "filing": ("document", "UNPB"),
    "contract": ("document", "UNPB"),
    "memorandum": ("report", "RPRT"),
    "letter": ("personal_communication", "PCOMM"),
    "news": ("article-newspaper", "NEWS"),
    None: ("document", "GEN"),
}
_DATE: Final = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
Item: TypeAlias = dict[str, Any]


def write_csl_json(memo: Memo) -> bytes:
    """A JSON list of CSL items, as Zotero, Pandoc and citeproc read it."""
    items = [_csl_item(document, quotations) for document, quotations in _documents(memo)]
    return (json.dumps(items, ensure_ascii=False, indent=2) + "\n").encode()


def write_ris(memo: Memo) -> bytes:
    """RIS: two letters, two spaces, a hyphen and a value on each line; CR LF as it asks."""
    lines = [
        f"{tag}  - {one_line(value)}"
        for document, quotations in _documents(memo)
        for tag, value in _ris_fields(document, quotations)
        if value or tag == "ER"
    ]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _documents(memo: Memo) -> Iterator[tuple[DocumentRecord, list[QuotedPassage]]]:
    """Each document with the quotations from it, in the order in which they are quoted."""
    groups: dict[str, list[QuotedPassage]] = {}
    records: dict[str, DocumentRecord] = {}
    for quotation in memo.quoted:
        assert quotation.source is not None
        document = quotation.source.document
        records[document.id] = document
        groups.setdefault(document.id, []).append(quotation)
    return ((records[document_id], quotations) for document_id, quotations in groups.items())


def _csl_item(document: DocumentRecord, quotations: list[QuotedPassage]) -> Item:
    facts, (kind, _) = document.facts, _TYPES[document.facts.kind]
    if kind == "document" and document.url:
        kind = "webpage"
    number = facts.neutral_citation or facts.docket
    item: Item = {
        "id": document.id,
        "type": kind,
        "title": cited_title(document),
        "authority": facts.court,
        "number": number,
        # A court is no publisher, and a newspaper is the container of its articles.
        "publisher": None if kind in {"article-newspaper", "legal_case"} else document.publisher,
        "container-title": document.publisher if kind == "article-newspaper" else None,
        "version": facts.edition.label if facts.edition else None,
        "issued": _issued(document.date),
        "URL": document.url,
        "language": document.language,
        "note": _notes(quotations),
        "custom": {
            "sha256": document.sha256,
            "superseded_by": document.superseded_by,
            "passages": [_passage(quotation) for quotation in quotations],
        },
    }
    return {name: value for name, value in item.items() if value}


def _issued(date: str | None) -> Item | None:
    match = _DATE.fullmatch(date or "")
    parts = [int(part) for part in match.groups() if part] if match else []
    return {"date-parts": [parts]} if parts else None


def _passage(quotation: QuotedPassage) -> Item:
    assert quotation.source is not None
    passage = quotation.source.passage
    return {"citation": quotation.citation, "pin": passage.pin, "text": passage.text}


def _notes(quotations: list[QuotedPassage]) -> str:
    passages = map(_passage, quotations)
    return "; ".join(f"{passage['pin']} [{passage['citation']}]" for passage in passages)


def _ris_fields(
    document: DocumentRecord, quotations: list[QuotedPassage]
) -> Iterator[tuple[str, str]]:
    facts, (_, kind) = document.facts, _TYPES[document.facts.kind]
    yield "TY", "ELEC" if kind == "GEN" and document.url else kind
    yield "TI", cited_title(document)
    for party in facts.parties if kind == "CASE" else ():
        yield "A2", party
    yield "PB", facts.court or document.publisher or ""
    yield "M1", facts.neutral_citation or facts.docket or ""
    yield "ET", facts.edition.label if facts.edition else ""
    match = _DATE.fullmatch(document.date or "")
    yield "PY", match[1] if match else ""
    # Fixed places for year, month, day: an empty one keeps its slash.
    yield "DA", "/".join(part or "" for part in match.groups()) + "/" if match else ""
    yield "UR", document.url or ""
    yield "LA", document.language or ""
    yield "ID", document.id
    for quotation in quotations:
        passage = _passage(quotation)
        yield "N1", f"{passage['pin']} [{passage['citation']}]: {passage['text']}"
    yield "N1", f"SHA-256 {document.sha256}"
    yield "N1", f"Superseded by {document.superseded_by}" if document.superseded_by else ""
    yield "ER", ""
