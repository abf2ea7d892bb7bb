"""What becomes a hit: a passage named outright, one that a text quotes, and one that was ranked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from corpus.language.lengths import Span
from corpus.library import Library
from corpus.models import PassageRecord, Scope
from index.answer import Hit, SamePassage
from index.answering.sentence import AnsweringSpan, find_highlights, surfaces
from index.engine.protocol import Candidate
from index.query.question import ParsedQuestion
from index.quotations.check import QuotationCheck


def hit_of(record: PassageRecord, matter: str) -> Hit:
    """A passage that was named outright: the only hit, and a sure one."""
    return Hit(
        rank=1,
        score=1.0,
        confidence=1.0,
        citation=record.citation,
        document_id=record.document_id,
        passage_id=record.citation,
        matter=matter,
        title=record.title,
        date=record.date,
        pin=record.pin,
        page=record.page,
        recognition=record.recognition,
        start=record.start,
        end=record.end,
        text=record.text,
        highlights=(),
        matched=(),
    )


def quoted_hits(check: QuotationCheck, k: int) -> Iterable[Hit]:
    """The passages that a text quotes, with what is quoted of them as the answer."""
    start, end = check.source_start or 0, check.source_end or 0
    for rank, passage in enumerate(check.passages[:k], 1):
        first, last = max(start, passage.start), min(end, passage.end)
        quoted = (first - passage.start, last - passage.start) if first < last else None
        # The hits are the source itself, so that their order says nothing of how well they answer.
        yield replace(
            hit_of(passage, check.matter or ""),
            rank=rank,
            confidence=round(check.likeness, 4),
            score=check.likeness,
            answer=quoted,
            highlights=(quoted,) if quoted else (),
            matched=(passage.text[slice(*quoted)],) if quoted else (),
        )


def ranked_hit(
    question: ParsedQuestion,
    record: PassageRecord,
    *,
    candidate: Candidate,
    confidence: float,
    matter: str,
    rank: int,
    phonetic: Iterable[Span],
    answering: AnsweringSpan | None,
) -> Hit:
    """A passage that a question found, with what it shares with it, and the words that answer."""
    terms = question.query.telling_terms()
    spans = find_highlights(record.text, terms, phonetic)
    matched = surfaces(record.text, spans)
    for context in (record.heading, record.title):
        # Headings and titles are searched, never quoted: they are named where the text has nothing.
        matched = matched or surfaces(context, find_highlights(context, terms))
    return replace(
        hit_of(record, matter),
        rank=rank,
        score=candidate.score,
        confidence=confidence,
        highlights=spans,
        matched=matched,
        answer=answering.answer if answering else None,
        value=answering.value if answering else None,
        evidence="words" if candidate.shares_words else "meaning",
    )


def same_passages(
    repeats: Sequence[Candidate], library: Library, scope: Scope
) -> Iterable[SamePassage]:
    """The passages, as far as they may be seen now, that say the same as one that is shown."""
    if not repeats:
        return
    records = library.passages_by_key([candidate.key for candidate in repeats], scope)
    matters = library.live_matters([candidate.document_id for candidate in repeats])
    for candidate in repeats:
        record = records.get(candidate.key)
        if record and scope.visible(matters.get(candidate.document_id, ())):
            yield SamePassage(record.citation, record.title, record.pin)
