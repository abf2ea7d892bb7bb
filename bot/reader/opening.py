"""What opens for whom: a passage in its document, its pictures, its file, and what is found in it.

Every method asks the database anew whether the leave still holds. It raises NoLeave where it does
not, for whatever reason: what does not exist and what may not be seen are one thing to a visitor.
Methods block; call them from threads.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from bot.printable import printable_line
from bot.reader.finding import (
    LONGEST_ANALYZED,
    FoundPassage,
    ReadDocument,
    TermIndex,
    find_words,
)
from bot.reader.leave import Leave, LeaveKeys, NoLeave, scope_of
from bot.reader.pages import PageFailed, Pages
from bot.reader.paging import (
    NARROWEST,
    WIDEST,
    last_page,
    page_count,
    page_request,
    page_span,
    size_of,
)
from bot.reader.rendering import (
    PassageMarks,
    TextLink,
    choose_shown,
    outline_entries,
    passage_views,
    reference_links,
)
from bot.reader.shown import (
    LinkedPassage,
    PageView,
    ReaderPage,
    ShownChange,
    change_of,
    quotations_of,
)
from bot.records.audit import AuditRecord
from corpus.citing.ids import CitationId, parse_citation
from corpus.errors import MalformedCitation, NotFound, Withdrawn
from corpus.references import ReferenceFinder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.records.access import Access
    from bot.records.audit import Audit
    from bot.records.conversation import Conversation
    from corpus.library import Library
    from corpus.models import (
        DocumentRecord,
        DocumentText,
        Heading,
        Original,
        PassageRecord,
        Scope,
        Source,
    )
    from corpus.readers.page_boxes import PageBoxes
    from index.answer import Hit
    from index.search import Searcher

LONGEST_WORDS: Final = 200
"""Characters that may be searched for."""
_SEARCHED_HITS: Final = 10
_MOST_CHANGES: Final = 500
_REMEMBERED_DOCUMENTS: Final = 8
_OPENED: Final = 10_000


@dataclass(frozen=True, slots=True)
class _AnswerShown:
    """The question whose answer led to the passage, and the citations that it showed."""

    question: str
    citations: tuple[str, ...]


class DocumentOpener:
    """Opens documents for those who have leave."""

    def __init__(
        self,
        library: Library,
        audit: Audit,
        pages: Pages,
        keys: LeaveKeys,
        searcher: Callable[[], Searcher],
        *,
        access: Access | None = None,
        conversation: Conversation | None = None,
    ) -> None:
        self._library = library
        self._audit = audit
        self._pages = pages
        self.keys = keys
        self._searcher = searcher
        self._access = access
        self._conversation = conversation
        self._lock = threading.Lock()
        self._documents: OrderedDict[str, ReadDocument] = OrderedDict()
        self._opened: OrderedDict[Leave, None] = OrderedDict()

    # -- what is asked for -----------------------------------------------------------------------

    def open(self, leave: Leave, citation: str) -> ReaderPage:
        """The passage in its document. The audit has it before anybody sees it."""
        scope, source = self._source(leave, citation)
        self._record(leave, source.passage.citation)
        document = source.document
        text = self._library.document_text(document.id, scope)
        passages = self._read(document.id).passages
        at = source.passage.ordinal - 1
        shown = choose_shown(passages, at, page_count(document, text))
        shown_passages = passages[shown.start : shown.stop]
        headings = self._headings(source, text, scope)
        answer = self._answer_shown(leave, source.passage.citation)
        marks = self._marks(source, answer, scope)
        views = passage_views(
            text.text,
            shown_passages,
            headings,
            source.passage.citation,
            marks,
            self._links(leave, document, shown_passages, scope),
        )
        previous, following, position = self._around(leave, source, answer)
        return ReaderPage(
            source=source,
            key=self.keys.sign(leave),
            passages=views,
            pages=self._page_views(source, text, scope, shown_passages, marks),
            outline=outline_entries(text.text, passages, headings, at),
            quotations=quotations_of(source),
            position=position,
            previous=previous,
            following=following,
            newer=self._version(leave, document.superseded_by),
            older=self._version(leave, self._library.earlier_version(document.id, scope)),
            earlier_part=passages[shown.start - 1].citation if shown.start else "",
            later_part=passages[shown.stop].citation if shown.stop < len(passages) else "",
            may_have_original=self._may_have_original(leave, document.id),
        )

    def picture(self, leave: Leave, citation: str, page: int, width: int) -> bytes:
        """A page as WebP. Raises PageFailed too."""
        scope, source = self._source(leave, citation)
        document = source.document
        text = self._library.document_text(document.id, scope)
        if not NARROWEST <= width <= WIDEST or not 1 <= page <= page_count(document, text):
            raise NoLeave
        self._record_once(leave, source.passage.citation)
        request = replace(page_request(document), page=page - 1, width=width)
        return self._pages.picture(request, self._content(document.id, scope))

    def search(self, leave: Leave, citation: str, words: str) -> list[FoundPassage]:
        """The passages of the document that hold all of the words, in order; else the nearest."""
        scope, source = self._source(leave, citation)
        words = words[:LONGEST_WORDS]
        document = self._read(source.document.id)
        passages = find_words(words, document, self._index_of(leave, source, document, scope))
        citations = tuple(passage.citation for passage in passages)
        self._record(leave, *(citations or (source.passage.citation,)), question=words)
        return passages

    def changes(self, leave: Leave, citation: str) -> tuple[Source, list[ShownChange]]:
        """What differs from the version that the document replaced, in order."""
        scope, source = self._source(leave, citation)
        try:
            pairs = self._searcher().compare(source.document.id, None, scope=scope)
        except (NotFound, Withdrawn):
            raise NoLeave from None
        changes = [change_of(pair) for pair in pairs if pair.kind != "same"][:_MOST_CHANGES]
        citations = (change.after_citation or change.before_citation for change in changes)
        self._record(leave, source.passage.citation, *dict.fromkeys(citations))
        return source, changes

    def original(self, leave: Leave, citation: str) -> Original:
        """The document's file as it was added."""
        _, source = self._source(leave, citation)
        try:
            original = self._library.original(source.document.id, self._scope_of_files(leave))
        except (NotFound, Withdrawn):
            raise NoLeave from None
        record = AuditRecord(
            "original",
            "reader",
            (source.passage.citation,),
            person_id=leave.person_id,
            chat_id=leave.chat_id,
        )
        self._audit.record(record)
        return original

    def may_see(self, leave: Leave) -> bool:
        """Whether the document of a leave may be seen through it now."""
        try:
            self._library.document(leave.document_id, scope_of(leave, self._access))
        except (NotFound, Withdrawn):
            return False
        return True

    # -- leave -----------------------------------------------------------------------------------

    def _source(self, leave: Leave, citation: str) -> tuple[Scope, Source]:
        """The passage, if the leave covers it and still holds. Raises NoLeave."""
        try:
            citation_id: CitationId = parse_citation(citation)
            # Asked even where the leave is for another document: all refusals take the same way.
            scope = scope_of(leave, self._access)
            source = self._library.source(citation_id, scope, neighbours=0)
        except (MalformedCitation, NotFound, Withdrawn):
            raise NoLeave from None
        if not leave.covers(source.document.id):
            raise NoLeave
        return scope, source

    def _scope_of_files(self, leave: Leave) -> Scope:
        """Where the file may be had, as in Telegram: by no stranger, and not of a closed matter."""
        if leave.is_local or self._access is None:
            return scope_of(leave, self._access)
        own = (
            self._access.scope_of_chat(leave.chat_id, leave.thread_id)
            if leave.chat_id is not None
            else self._access.admitted_to(leave.person_id or 0)
        )
        return self._access.scope_of_files(own)

    def _may_have_original(self, leave: Leave, document_id: str) -> bool:
        try:
            self._library.document(document_id, self._scope_of_files(leave))
        except (NotFound, Withdrawn):
            return False
        return True

    def _record(self, leave: Leave, *citations: str, question: str | None = None) -> None:
        """Write to the audit what is about to be shown."""
        self._audit.record(
            AuditRecord(
                "read",
                "reader",
                citations,
                question=question,
                person_id=leave.person_id,
                chat_id=leave.chat_id,
                thread_id=leave.thread_id or None,
            )
        )
        self._remember_opened(leave)

    def _record_once(self, leave: Leave, citation: str) -> None:
        """The pictures of a page belong to its opening, but they can be asked for without it."""
        if leave not in self._opened:
            self._record(leave, citation)

    def _remember_opened(self, leave: Leave) -> None:
        with self._lock:
            self._opened[leave] = None
            if len(self._opened) > _OPENED:
                self._opened.popitem(last=False)

    # -- the document ----------------------------------------------------------------------------

    def _read(self, document_id: str) -> ReadDocument:
        """The passages of a document and their terms. Whoever calls this has leave already."""
        with self._lock:
            document = self._documents.get(document_id)
            if document:
                self._documents.move_to_end(document_id)
                return document
        document = ReadDocument(tuple(self._library.document_passages([document_id])))
        with self._lock:
            self._documents[document_id] = document
            if len(self._documents) > _REMEMBERED_DOCUMENTS:
                self._documents.popitem(last=False)
        return document

    def _index_of(
        self, leave: Leave, source: Source, document: ReadDocument, scope: Scope
    ) -> TermIndex | None:
        """The index of a live document; None where opening it takes longer than doing without."""
        is_short = len(document.passages) <= LONGEST_ANALYZED
        if not source.document.matters or (leave.is_local and is_short):
            return None

        def passages_with(terms: Sequence[str]) -> Mapping[int, frozenset[str]]:
            return self._searcher().passages_with(terms, source.document.id, scope=scope)

        return passages_with

    def _headings(self, source: Source, text: DocumentText, scope: Scope) -> Sequence[Heading]:
        request = replace(
            page_request(source.document),
            operation="outline",
            text=text.text,
            page_starts=text.page_starts,
            kind=source.document.facts.kind,
            name=text.name,
        )
        try:
            return self._pages.outline(request, self._content(source.document.id, scope))
        except PageFailed:
            return ()

    def _content(self, document_id: str, scope: Scope) -> Callable[[], bytes]:
        return lambda: self._library.original(document_id, scope).content

    def _page_views(
        self,
        source: Source,
        text: DocumentText,
        scope: Scope,
        shown: Sequence[PassageRecord],
        marks: PassageMarks,
    ) -> list[PageView]:
        """The pages on which the shown passages stand."""
        count = page_count(source.document, text)
        if not count:
            return []
        content = self._content(source.document.id, scope)
        try:
            sizes = self._pages.sizes(page_request(source.document), content)
        except PageFailed:
            sizes = ()
        first, last = shown[0].page or 1, last_page(shown[-1], text)
        measure = partial(self._boxes, source, text, content, marks)
        return [
            PageView(number, *size_of(sizes, number), measure(number))
            for number in range(first, min(last, count) + 1)
        ]

    def _boxes(
        self,
        source: Source,
        text: DocumentText,
        content: Callable[[], bytes],
        marks: PassageMarks,
        number: int,
    ) -> PageBoxes | None:
        """Where the passage and its answering sentence stand on a page."""
        start, end = page_span(text, number)
        passage = source.passage
        answer = marks.answer or (0, 0)
        spans = tuple(
            (max(a, start) - start, max(a, start, min(b, end)) - start)
            for a, b in (
                (passage.start, passage.end),
                (passage.start + answer[0], passage.start + answer[1]),
            )
        )
        request = replace(
            page_request(source.document), page=number - 1, text=text.text[start:end], spans=spans
        )
        try:
            return self._pages.boxes(request, content)
        except PageFailed:
            return None

    # -- the answer ------------------------------------------------------------------------------

    def _answer_shown(self, leave: Leave, citation: str) -> _AnswerShown | None:
        """The last question of this visitor whose answer showed the passage."""
        if leave.is_local or self._conversation is None:
            answer = self._audit.question_shown(citation)
            return _AnswerShown(answer.question, answer.citations) if answer else None
        answered_question = self._conversation.question_shown(
            citation, person_id=leave.person_id, chat_id=leave.chat_id
        )
        return (
            _AnswerShown(answered_question.asks, tuple(filter(None, answered_question.citations)))
            if answered_question
            else None
        )

    def _marks(self, source: Source, answer: _AnswerShown | None, scope: Scope) -> PassageMarks:
        """The answering sentence and the question's words in the passage."""
        if answer is None:
            return PassageMarks()
        hit = self._hit(source, answer.question, scope)
        return PassageMarks(hit.answer, hit.highlights) if hit else PassageMarks()

    def _hit(self, source: Source, question: str, scope: Scope) -> Hit | None:
        """The passage as a hit of the question: among all, or else within its document."""
        searcher = self._searcher()
        citation = source.passage.citation
        hits = searcher.answer(question, scope=scope, k=_SEARCHED_HITS).hits
        hit = next((hit for hit in hits if hit.citation == citation), None)
        if hit:
            return hit
        try:
            within = searcher.find_documents(source.document.id, scope)
        except NotFound:  # a superseded version is not searched any more
            return None
        hits = searcher.answer(question, scope=scope, k=_SEARCHED_HITS, documents=within).hits
        return next((hit for hit in hits if hit.citation == citation), None)

    def _around(
        self, leave: Leave, source: Source, answer: _AnswerShown | None
    ) -> tuple[LinkedPassage | None, LinkedPassage | None, tuple[int, int] | None]:
        """The passages before and after this one in the answer, and its place there."""
        if answer is None:
            return None, None, None
        citations = answer.citations
        at = citations.index(source.passage.citation)
        before = self._neighbour(leave, citations[at - 1]) if at else None
        after = self._neighbour(leave, citations[at + 1]) if at + 1 < len(citations) else None
        return before, after, (at + 1, len(citations))

    def _neighbour(self, leave: Leave, citation: str) -> LinkedPassage | None:
        """A passage that the page leads to. Its key lasts no longer than the one that led here."""
        document_id = parse_citation(citation).document_id
        next_leave = leave if leave.is_local else replace(leave, document_id=document_id)
        try:
            _, source = self._source(next_leave, citation)
        except NoLeave:
            return None
        title = printable_line(source.document.title)
        return LinkedPassage(source.passage.citation, self.keys.sign(next_leave), title)

    def _links(
        self,
        leave: Leave,
        document: DocumentRecord,
        passages: Sequence[PassageRecord],
        scope: Scope,
    ) -> Mapping[str, Sequence[TextLink]]:
        """Where the references inside the passages lead, within what the leave may see."""

        def key_to(document_id: str) -> str:
            return self.keys.sign(
                leave if leave.is_local else replace(leave, document_id=document_id)
            )

        finder = ReferenceFinder(self._library, document, scope)
        return reference_links(finder, passages, key_to)

    def _version(self, leave: Leave, document_id: str | None) -> LinkedPassage | None:
        return self._neighbour(leave, f"{document_id}-1") if document_id else None
