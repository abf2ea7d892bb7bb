"""From a question to ranked passages: look where the question says to, else everywhere.

What people get and what is measured go through `retrieve` alike.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from corpus.models import Scope
from index.answering.refusal import is_answered
from index.engine.bm25 import Floats
from index.engine.protocol import Candidate, Documents, Ranking
from index.query.articles import CitedArticle, article_numbers, find_cited, spans_of
from index.query.asking import Span
from index.query.choice import DocumentChoice, choose_documents
from index.query.directory import DocumentDirectory
from index.query.question import Marks, ParsedQuestion, QueryExpander, parse_question
from index.reranking.features.registry import COLUMN, FEATURE_NAMES
from index.reranking.pipeline import Pipeline, Reranked
from index.text.normalize import fold

Pins = Callable[[Collection[str]], Sequence[tuple[int, str, str]]]
"""The passages of some documents, in order: their key, document id and pin."""

NOTHING = Reranked(Ranking((), (), 0, 0.0), np.empty((0, len(FEATURE_NAMES))))


@dataclass(frozen=True, slots=True)
class QuestionNames:
    """A question beside the names of a scope: what it names, and the documents it singles out."""

    names: tuple[Span, ...] = ()
    choice: DocumentChoice = DocumentChoice()
    cited: tuple[CitedArticle, ...] = ()
    missing_laws: tuple[str, ...] = ()
    """Laws that it names and the scope lacks, as the folded question has them."""

    @property
    def marks(self) -> Marks:
        """For the search of everything: names are set apart, and every word counts."""
        return Marks(self.names)

    @property
    def limited_marks(self) -> Marks:
        """For the search of the chosen documents: what only names them is left out."""
        return Marks(self.names, (*self.choice.ignored, *spans_of(self.cited)))


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A ranking, the question as it was searched, and the documents it was limited to.

    `missing_article`: the law and the number of an article that the law, which is held, lacks.
    """

    question: ParsedQuestion
    ranked: Reranked
    within: Documents | None = None
    words: tuple[str, ...] = ()
    missing_article: tuple[str, str] | None = None
    cited_keys: frozenset[int] = frozenset()


def read_names(text: str, directory: DocumentDirectory) -> QuestionNames:
    """What a question names of a scope."""
    folded = fold(text).text
    names = directory.find_names(folded)
    laws = directory.find_laws(folded)
    spans = {(name.start, name.end) for name in names} | {(law.start, law.end) for law in laws}
    return QuestionNames(
        tuple(sorted(spans)),
        choose_documents(folded, names, directory),
        tuple(find_cited(folded, directory)),
        tuple(law.name for law in laws if not law.documents),
    )


@dataclass(frozen=True, slots=True)
class Retriever:
    """The way from a question to a ranking within one scope."""

    pipeline: Pipeline
    directory: DocumentDirectory
    expander: QueryExpander | None = None
    pins: Pins | None = None

    def retrieve(
        self,
        text: str,
        scope: Scope,
        k: int,
        *,
        within: Documents | None = None,
        limited: bool = True,
        complete: Callable[[ParsedQuestion], ParsedQuestion] = lambda question: question,
    ) -> Retrieved:
        """Rank passages for a question.

        `within`: documents that the person chose outright. Otherwise those that the question
        names are searched, unless `limited` is false, and everything where nothing convincing is
        found there. `complete` adds what an earlier question was about.
        """
        names = read_names(text, self.directory)
        cited = self._cited(names, scope, within) if limited or within else {}
        chosen = within
        if chosen is None and limited and names.choice:
            chosen = self.directory.engine_ids(names.choice.documents)
        if chosen is not None:
            question = complete(parse_question(text, self.expander, names.limited_marks))
            if not question.query:
                # Nothing but the name was asked: it is searched for in its own document.
                question = complete(parse_question(text, self.expander, names.marks))
            result = self._ranked(question, text, scope, k, chosen, cited)
            result = replace(result, words=self._words(names) if within is None else ())
            if within is not None or cited or is_answered(result.ranked):
                return self._checked(result, names, cited)
        question = complete(parse_question(text, self.expander, names.marks))
        return self._checked(self._ranked(question, text, scope, k, None, cited), names, cited)

    def _ranked(
        self,
        question: ParsedQuestion,
        text: str,
        scope: Scope,
        k: int,
        within: Documents | None,
        cited: Mapping[int, str],
    ) -> Retrieved:
        if not question.query:
            return Retrieved(question, NOTHING, within)
        ranked = self.pipeline.rank(question, text, scope, k, within)
        return Retrieved(question, cited_first(ranked, cited), within, cited_keys=frozenset(cited))

    def _cited(
        self, names: QuestionNames, scope: Scope, within: Documents | None
    ) -> dict[int, str]:
        """By key, the document of each passage that is an article which the question cites."""
        passages: dict[int, str] = {}
        for article in names.cited if self.pins else ():
            numbers = article.law.documents & names.choice.documents or article.law.documents
            ids = self.directory.engine_ids(numbers)
            ids = ids & within if within is not None else ids
            for key, document_id, pin in self.pins(ids) if self.pins else ():
                if article.number in article_numbers(pin):
                    passages[key] = document_id
        return passages

    def _checked(
        self, result: Retrieved, names: QuestionNames, cited: Mapping[int, str]
    ) -> Retrieved:
        """The result, with the article that is cited of a law held and does not stand in it."""
        held = [article for article in names.cited if article.law.documents]
        if held and not cited and self.pins and self._has_articles(held):
            return replace(result, missing_article=(held[0].law.name, held[0].number))
        return result

    def _has_articles(self, cited: Sequence[CitedArticle]) -> bool:
        """Whether the laws are divided into articles here at all."""
        ids = self.directory.engine_ids(
            number for article in cited for number in article.law.documents
        )
        return bool(self.pins) and any(article_numbers(pin) for _, _, pin in self.pins(ids))

    def _words(self, names: QuestionNames) -> tuple[str, ...]:
        return names.choice.words


def cited_first(ranked: Reranked, cited: Mapping[int, str]) -> Reranked:
    """The ranking with the cited articles before everything that quotes or resembles them."""
    if not cited:
        return ranked
    candidates = ranked.ranking.candidates
    front = [at for at, candidate in enumerate(candidates) if candidate.key in cited]
    present = {candidates[at].key for at in front}
    clauses = len(ranked.ranking.frequencies)
    top = candidates[0].score if candidates else 1.0
    absent = [
        Candidate(key, document_id, top, 1, (0.0,) * clauses)
        for key, document_id in sorted(cited.items())
        if key not in present
    ]
    others = [at for at in range(len(candidates)) if candidates[at].key not in cited]
    moved = [replace(candidates[at], score=max(top, candidates[at].score)) for at in front]
    ordered = (*moved, *absent, *(candidates[at] for at in others))
    rows = _rows(ranked.rows, front, len(absent), others)
    return replace(ranked, ranking=replace(ranked.ranking, candidates=ordered), rows=rows)


def _rows(rows: Floats, front: Sequence[int], absent: int, others: Sequence[int]) -> Floats:
    """The features in the new order; a cited article that was no candidate counts as cited."""
    width = len(FEATURE_NAMES)
    empty = np.zeros((absent, width))
    empty[:, COLUMN["cited_article"]] = 1.0
    first = np.array([rows[at] if at < len(rows) else empty_row(width) for at in front])
    first = first.reshape(len(front), width)
    first[:, COLUMN["cited_article"]] = 1.0
    below = rows[[at for at in others if at < len(rows)]]
    return np.concatenate([first, empty, below])


def empty_row(width: int) -> Floats:
    """The features of a passage of which nothing is known but that it is cited."""
    row: Floats = np.zeros(width)
    row[COLUMN["cited_article"]] = 1.0
    return row
