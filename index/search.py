"""A question to an answer: parse it, rank passages, mark what matched, say how sure it is."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from corpus.citing.ids import CitationId, parse_citation
from corpus.errors import MalformedCitation, NotFound, Withdrawn
from corpus.language.lengths import Span
from corpus.library import Library
from corpus.models import PassageRecord, Scope
from corpus.storage.documents import storable
from index.answer import PROBABLE, Answer, EachAnswer, Hit, Refusal, Within
from index.answering.confidence import confidences, refusal_of
from index.answering.sentence import (
    AnswerFinder,
    SentenceCosines,
    find_highlights,
)
from index.comparison import ComparedPair, compare_documents
from index.embedded.engine import EmbeddedEngine
from index.engine.protocol import Alternative, Clause, Documents, Engine, Query
from index.engine.sync import Progress, catch_up, passage_terms
from index.explain import Explanation, explain
from index.hits import hit_of, quoted_hits, ranked_hit, same_passages
from index.naming.choice import documents_called, split_reference
from index.naming.directory import Directories, DocumentDirectory
from index.query.asking import is_greeting
from index.query.question import Vocabulary, parse_question
from index.quotations.check import QuotationCheck, QuotationChecker
from index.quotations.extraction import is_pasted
from index.reranking.features.evidence import PhoneticMatcher
from index.reranking.passage_view import PassageViews
from index.reranking.pipeline import Pipeline
from index.retrieval import Earlier, Retrieved, Retriever
from index.semantic.search import Meaning
from index.text import analyzer
from index.text.normalize import within_folded
from index.timeline import Timeline, build_timeline

CAUGHT_UP_AT_ONCE = 20
"""Documents changed since the last question that the next one waits for: well under a second."""

LONGEST_WAIT = 1.0
"""Seconds that a question waits for a thread that catches up already, perhaps with more."""

DATED = 500
"""Passages whose sentences may be in a timeline of some words."""
PAGE = 500
ASKED_EACH, BROAD = 100, 10_000
"""Documents up to which `each` asks all of them; passages that a search for more looks at."""
HELD = 1000
"""Passages of a document that a search for terms in it looks at."""
LONGEST_SEARCHED = 4096
"""Folded characters of a question that are searched for: those of a whole message."""

EXPLAINED = 1000
"""Ranks down to which `explain` tells the whole score; below, that of the words alone."""

_log = logging.getLogger(__name__)


class Searcher:
    """Answers questions over a library. Every method blocks and may be called from any thread.

    `folder` keeps the index between runs, None keeps it in memory alone. `expander` knows
    other ways to say a question's words (`vocabulary.expansion`); `meaning`, where it is wanted,
    how near passages come to it.
    """

    def __init__(
        self,
        library: Library,
        *,
        folder: Path | None = None,
        engine: Engine | None = None,
        expander: Vocabulary | None = None,
        meaning: Meaning | None = None,
    ) -> None:
        self._library = library
        self._expander = expander
        self.meaning = meaning
        self._engine = engine or EmbeddedEngine(folder)
        self._views = PassageViews(library.indexed_by_key)
        self._directories = Directories(library)
        self._checker = QuotationChecker(library, self._engine, self._directories.of)
        self._refreshing = threading.Lock()
        # Below every revision: the first question builds or opens the index.
        self._revision = -1

    @property
    def is_ready(self) -> bool:
        """Whether the index is open, so that a question need not wait for it."""
        return self._revision >= 0

    @property
    def version(self) -> str:
        """What answers now: the analyzer's version and the last change of the library seen."""
        return f"{analyzer.VERSION}.{max(0, self._revision)}"

    def answer(
        self,
        question: str,
        *,
        scope: Scope,
        k: int = 3,
        skip: int = 0,
        earlier: str | None = None,
        documents: Documents | None = None,
        limited: bool = True,
    ) -> Answer:
        """The hits ranked `skip + 1` to `skip + k` within `scope`, or why there are none.

        `earlier` is the question before this one in the same talk, or what that one was understood
        as: it joins in where this one does not stand by itself. `documents` are those that the
        person chose outright; else the documents that the question names are looked in first,
        unless `limited` is false.
        """
        started = time.perf_counter()
        if is_greeting(question):
            answer = Answer(question, (), 0.0, Refusal("no_question"), kind="greeting")
        else:
            self._keep_up(scope)
            answer = self._known_passages(question, scope, k, skip, documents) or self._searched(
                question, scope, k, skip, earlier=earlier, documents=documents, limited=limited
            )
        return replace(answer, took_ms=_milliseconds(started))

    def _known_passages(
        self, text: str, scope: Scope, k: int, skip: int, documents: Documents | None
    ) -> Answer | None:
        """The passage of a citation id, or those that a text quotes; None for a question."""
        # Before names are looked up: an id pasted from an answer needs no search.
        cited = self._cited_passage(text, scope)
        if cited:
            return Answer(text, () if skip else (cited,), 0.0, kind="citation")
        quoted = None if skip else self._quoted(text, scope, documents)
        if quoted:
            hits = tuple(quoted_hits(quoted, k))
            return Answer(text, hits, 0.0, kind="quotation", quotation=quoted)
        return None

    def _searched(
        self,
        question: str,
        scope: Scope,
        k: int,
        skip: int,
        *,
        earlier: str | None,
        documents: Documents | None,
        limited: bool,
    ) -> Answer:
        """The answer to a question that has to be searched for."""
        retriever = self._retriever(scope)
        text, chosen = within_folded(question, LONGEST_SEARCHED), None
        if limited:
            text, chosen = _outright(text, retriever.directory)
        within = documents if documents is not None else chosen
        earlier = earlier and within_folded(earlier, LONGEST_SEARCHED)
        before = Earlier.of(text, earlier, retriever) if earlier else None
        # One more than is shown tells whether there is a next page.
        result = retriever.retrieve(
            text, scope, skip + k + 1, within=within, limited=limited, earlier=before
        )
        leans = before is not None and (before.question is not None or bool(result.inherited))
        # Only where the earlier question changed the search; else the line would mislead.
        understood_as = before.description if before and leans else None
        parsed, ranked = result.question, result.ranked
        if not parsed.query:
            refusal = Refusal("only_common_words" if parsed.has_words else "nothing_asked")
            return Answer(question, (), 0.0, refusal, understood_as=understood_as)
        return Answer(
            question,
            tuple(self._hits(result, scope, skip, k)),
            0.0,
            refusal_of(parsed, ranked, result.missing_article, is_placed=result.within is not None),
            more=len(ranked.ranking.candidates) > skip + k,
            understood_as=understood_as,
            within=self._within(result, retriever.directory),
        )

    def find_documents(self, reference: str, scope: Scope) -> Documents:
        """The documents that an id, a title or a name means. Raises NotFound."""
        directory = self._directories.of(scope)
        chosen = documents_called(storable(reference), directory)
        if not chosen:
            raise NotFound(
                f"no document is called {reference[:60]!r}; 'pincite documents' lists them"
            )
        return directory.engine_ids(chosen)

    def check(
        self,
        text: str,
        *,
        scope: Scope,
        is_file: bool = False,
        blocks: Iterable[Span] = (),
        documents: Documents | None = None,
    ) -> list[QuotationCheck]:
        """The quotations of a text in order, each beside what it quotes within the scope.

        `is_file`: only what stands between quotation marks, and the `blocks`, are quotations.
        """
        self._keep_up(scope)
        if is_file:
            return self._checker.check_file(text, scope, blocks, documents)
        return self._checker.check_text(text, scope, documents)

    def compare(
        self, document_id: str, other_id: str | None, *, scope: Scope
    ) -> list[ComparedPair]:
        """What differs from another document, or from the version that this one replaced.

        The later one is `document_id` where no other is named; else it is the other one.
        Raises NotFound, Withdrawn.
        """
        document_id, other_id = storable(document_id), other_id and storable(other_id)
        first, second = document_id, other_id
        if second is None:
            first = self._library.earlier_version(document_id, scope) or ""
            second = document_id
            if not first:
                raise NotFound(
                    f"{document_id} replaced no other document; name one to compare with"
                )
        return compare_documents(
            self._library.all_passages(first, scope), self._library.all_passages(second, scope)
        )

    def timeline(self, words: str | None, *, scope: Scope) -> Timeline:
        """The sentences of the scope that name a date; with `words`, those that are about them."""
        self._keep_up(scope)
        if words is None:
            live = [document.id for document in self._library.documents(scope) if document.matters]
            keys = [key for key, _, _ in self._library.pins(live)]
            return build_timeline(self._passages(keys, scope))
        result = self.retrieve(words, scope, DATED)
        terms = result.question.query.telling_terms()
        keys = [candidate.key for candidate in result.ranked.ranking.candidates]
        return build_timeline(
            self._passages(sorted(keys), scope),
            lambda passage: find_highlights(passage.text, terms),
        )

    def _passages(self, keys: Sequence[int], scope: Scope) -> Iterable[PassageRecord]:
        for first in range(0, len(keys), PAGE):
            yield from self._library.passages_by_key(keys[first : first + PAGE], scope).values()

    def each(
        self, question: str, *, scope: Scope, documents: Documents | None = None
    ) -> EachAnswer:
        """The best passage of every live document of the scope, and those that have none.

        Each document is asked by itself, so that what one says does not hide what another one does.
        Of very many, those that share no word with the question are not asked.
        """
        started = time.perf_counter()
        self._keep_up(scope)
        records = [
            record
            for record in self._library.documents(scope)
            if record.matters and (documents is None or record.id in documents)
        ]
        likely = {record.id for record in records}
        if len(records) > ASKED_EACH:
            query = self.query(question, scope=scope)
            broad = self._engine.search(query, scope=scope, k=BROAD) if query else None
            likely = {candidate.document_id for candidate in broad.candidates} if broad else set()
        hits, without = [], []
        for record in records:
            answer = None
            if record.id in likely:
                answer = self.answer(question, scope=scope, k=1, documents=frozenset({record.id}))
            hit = answer.hits[0] if answer and answer.answered and answer.hits else None
            # Of a single document, something is always nearest; that is no answer of it.
            if hit and hit.confidence >= PROBABLE:
                hits.append(hit)
            else:
                without.append(record)
        hits.sort(key=lambda hit: -hit.confidence)
        # Scores of different documents cannot be compared; how sure each is can.
        ranked = (replace(hit, rank=n, score=hit.confidence) for n, hit in enumerate(hits, 1))
        return EachAnswer(question, tuple(ranked), tuple(without), _milliseconds(started))

    def _quoted(
        self, text: str, scope: Scope, documents: Documents | None
    ) -> QuotationCheck | None:
        """What a text quotes that is nearly a passage; None for a question."""
        return self._checker.check_pasted(text, scope, documents) if is_pasted(text) else None

    def _within(self, result: Retrieved, directory: DocumentDirectory) -> Within | None:
        """What a result was limited to, by titles as they are within the scope."""
        if result.within is None:
            return None
        titles = directory.titles(result.within)
        return Within(tuple(sorted(titles.items())), result.words)

    def _cited_passage(self, text: str, scope: Scope) -> Hit | None:
        """The passage that a message consisting of a citation id names, if it may be seen."""
        try:
            citation = parse_citation(text)
            source = self._library.source(citation, scope, neighbours=0)
        except (MalformedCitation, NotFound, Withdrawn):
            return None  # many a file number looks like one: it is a question
        return hit_of(source.passage, source.matter)

    def retrieve(self, question: str, scope: Scope, k: int) -> Retrieved:
        """The ranking that an answer is made of, with its features: for measuring and training."""
        self._keep_up(scope)
        retriever = self._retriever(scope)
        return retriever.retrieve(within_folded(question, LONGEST_SEARCHED), scope, k)

    def passages_with(
        self, terms: Sequence[str], document_id: str, *, scope: Scope
    ) -> dict[int, frozenset[str]]:
        """Which of some terms the passages of one document hold, by the key of the passage.

        The best HELD passages alone; none of a document that is not in the index.
        """
        self._keep_up(scope)
        query = Query(tuple(Clause(term, (Alternative(term),)) for term in terms))
        within = frozenset((document_id,))
        candidates = self._engine.search(query, scope=scope, k=HELD, within=within).candidates
        return {
            candidate.key: frozenset(
                term for term, count in zip(terms, candidate.evidence, strict=True) if count
            )
            for candidate in candidates
        }

    def query(self, question: str, *, scope: Scope) -> Query:
        """What a question asks engines for; empty when it says nothing that can be searched."""
        expander = self._expander.within(scope) if self._expander else None
        return parse_question(within_folded(question, LONGEST_SEARCHED), expander).query

    def explain(self, question: str, citation: CitationId, *, scope: Scope) -> Explanation:
        """The score of one passage for a question, factor by factor.

        Raises NotFound, Withdrawn.
        """
        self._keep_up(scope)
        passage = self._library.source(citation, scope, neighbours=0).passage
        retriever = self._retriever(scope)
        result = retriever.retrieve(question, scope, EXPLAINED)
        if result.within is not None and passage.document_id not in result.within:
            # `explain` is also asked about passages outside the documents that the question names.
            result = retriever.retrieve(question, scope, EXPLAINED, limited=False)
        return explain(result.question, result.ranked, passage, passage_terms(passage))

    def refresh(self, progress: Progress | None = None, longest_wait: float = -1) -> None:
        """Catch up with the database, and wait for it.

        `longest_wait`: seconds for which another thread that catches up is waited for; without
        them, as long as it takes.
        """
        if not self._refreshing.acquire(timeout=longest_wait):
            return
        try:
            # Checked again under the lock: another thread may have caught up meanwhile.
            if self._library.revision() != self._revision:
                since = self._revision if self._revision >= 0 else None
                self._revision = catch_up(self._library, self._engine, progress, since)
        finally:
            self._refreshing.release()

    def _keep_up(self, scope: Scope) -> None:
        """Catch up before answering where little changed; leave a long change to a thread.

        A change outside the scope is left to whoever asks there, or to `refresh`: waiting for it
        would tell that it happened. Hits are checked against the database all the same, so that
        what is withdrawn is never shown.
        """
        if self._revision < 0:
            self.refresh()
        elif self._library.revision() != self._revision:
            changed = self._library.changed_since(self._revision, scope)
            if 0 < len(changed) <= CAUGHT_UP_AT_ONCE:
                self.refresh(longest_wait=LONGEST_WAIT)
            elif changed and not self._refreshing.locked():
                # Thousands of new documents must not hold up a question; it is answered from the
                # older state.
                threading.Thread(target=self.refresh, name="refreshing", daemon=True).start()

    def save(self) -> None:
        """Keep the index for the next start; a full disk costs that start some time, no more."""
        try:
            self._engine.save()
        except OSError as error:
            _log.warning("the index was not kept: %s; free some space", error)

    def close(self) -> None:
        """Keep the index, and let go of it."""
        self.save()

    def _retriever(self, scope: Scope) -> Retriever:
        """The way from questions of a scope to passages."""
        pipeline = Pipeline(self._engine, self._views, self.meaning)
        expander = self._expander.within(scope) if self._expander else None
        return Retriever(pipeline, self._directories.of(scope), expander, self._library.pins)

    def _hits(self, result: Retrieved, scope: Scope, skip: int, k: int) -> Iterable[Hit]:
        question, ranked = result.question, result.ranked
        ranking = ranked.ranking
        candidates = ranking.candidates[skip : skip + k]
        probabilities = confidences(ranked, skip + k)[skip:]
        weights = [1.0] * len(question.query.clauses)
        phonetic = PhoneticMatcher.of(question, weights, ranking.frequencies)
        finder = AnswerFinder.of(question, ranking)
        records = self._library.passages_by_key([c.key for c in candidates], scope)
        # Asked of the database once more: what was withdrawn a moment ago is not shown.
        matters = self._library.live_matters([c.document_id for c in candidates])
        for place, candidate in enumerate(candidates):
            record = records.get(candidate.key)
            visible = scope.visible(matters.get(candidate.document_id, ()))
            if record and visible:
                spans = phonetic.spans(record.text) if phonetic else ()
                repeats = ranked.repeats.get(candidate.key, ())
                also = same_passages(repeats, self._library, scope)
                hit = ranked_hit(
                    question,
                    record,
                    candidate=candidate,
                    confidence=round(probabilities[place], 4),
                    matter=min(visible),
                    rank=skip + place + 1,
                    phonetic=spans,
                    answering=finder.find(
                        record.text,
                        SentenceCosines.of_passage(
                            record.text, ranked.similarity.get(candidate.key)
                        ),
                    ),
                )
                yield replace(hit, also=tuple(also))


def _outright(text: str, directory: DocumentDirectory) -> tuple[str, Documents | None]:
    """The question and the documents of `in TITLE: question`; the text itself where it is none."""
    parts = split_reference(text)
    chosen = documents_called(parts[0], directory) if parts else frozenset()
    return (parts[1], directory.engine_ids(chosen)) if parts and chosen else (text, None)


def _milliseconds(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 3)
