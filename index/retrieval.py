"""From a question to ranked passages: look where the question says to, else everywhere.

What people get and what is measured go through `retrieve` alike.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from corpus.language.lengths import Span
from corpus.models import Scope
from index.answering.confidence import confidences, is_answered
from index.engine.protocol import Candidate, Documents, Floats, Ranking
from index.naming.choice import (
    NO_CHOICE,
    CitedArticle,
    DocumentChoice,
    article_numbers,
    asks_for_version,
    choose_documents,
    find_cited,
    spans_of,
)
from index.naming.directory import DocumentDirectory
from index.query.follow_up import (
    count_words,
    describe_follow_up,
    is_follow_up,
    stays_in_case,
    with_earlier,
)
from index.query.question import Marks, ParsedQuestion, QueryExpander, parse_question
from index.reranking.features.registry import COLUMN, FEATURE_NAMES
from index.reranking.pipeline import Pipeline, Reranked
from index.text.normalize import fold, fold_term

Pins = Callable[[Collection[str]], Sequence[tuple[int, str, str]]]
"""The passages of some documents, in order: their key, document id and pin."""

CONVINCING_ELSEWHERE = 0.5
"""The confidence from which an answer counts that stands outside the documents named."""

NOTHING = Reranked(Ranking((), (), 0, 0.0), np.empty((0, len(FEATURE_NAMES))))


@dataclass(frozen=True, slots=True)
class QuestionNames:
    """A question beside the names of a scope: what it names, and the documents it singles out."""

    names: tuple[Span, ...] = ()
    choice: DocumentChoice = NO_CHOICE
    cited: tuple[CitedArticle, ...] = ()
    words: tuple[str, ...] = ()
    """How the question, as it is written, names the documents that it singles out."""
    missing_laws: tuple[Span, ...] = ()
    """Where the folded question names laws that the scope lacks."""
    latin: bool = True
    """Whether some document of the scope is not Chinese."""

    def as_written(self, written: Mapping[str, str]) -> QuestionNames:
        """The same, with names told as the question spells them."""
        return replace(self, words=tuple(written.get(word, word) for word in self.words))

    @property
    def marks(self) -> Marks:
        """For the search of everything: names are set apart, and every word counts."""
        absent = self.choice.absent
        return Marks(self.names, lacking=self.missing_laws, latin=self.latin, absent=absent)

    @property
    def limited_marks(self) -> Marks:
        """For the search of the chosen documents: what only names them is left out."""
        ignored = (*self.choice.ignored, *spans_of(self.cited))
        absent = self.choice.absent
        return Marks(self.names, ignored, self.missing_laws, self.latin, absent)


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
    inherited: bool = False
    """Whether the documents are those of the question before it."""


def read_names(text: str, directory: DocumentDirectory) -> QuestionNames:
    """What a question names of a scope."""
    folding = fold(text)
    folded = folding.text
    names = directory.find_names(folded)
    # Laws that the scope lacks count too: a question about one is answered by a refusal.
    laws = directory.find_laws(folded)
    spans = {(name.start, name.end) for name in names} | {(law.start, law.end) for law in laws}
    choice = choose_documents(folded, names, directory)
    words = (text[slice(*folding.span(*span))] for span in choice.named)
    return QuestionNames(
        tuple(sorted(spans)),
        choice,
        tuple(find_cited(folded, directory)),
        tuple(dict.fromkeys(words)),
        tuple((law.start, law.end) for law in laws if not law.documents),
        directory.has_latin,
    )


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a question goes on from: the case of the one before it, and what that one asked.

    `question` is None where this one stands by itself and only stays in the same case.
    """

    choice: DocumentChoice
    words: tuple[str, ...]
    question: ParsedQuestion | None
    description: str
    """Both questions, as people are told how this one was understood."""
    meant_text: str
    """What is compared by meaning: 'and then?' means nothing without what it goes on from."""

    @classmethod
    def of(cls, text: str, earlier: str, retriever: Retriever) -> Earlier | None:
        """What a question takes over from the one before it; None where it takes nothing."""
        text, _ = retriever.in_characters(text)
        earlier, written = retriever.in_characters(earlier)
        names = read_names(text, retriever.directory)
        question = parse_question(text, retriever.expander, names.marks)
        follows = is_follow_up(question)
        # A question that names its own case has left the one before.
        if not follows and (names.choice or not stays_in_case(question)):
            return None
        before_names = read_names(earlier, retriever.directory).as_written(written)
        if not follows:
            if not before_names.choice:
                return None
            description = f"{text.strip()} ({earlier.strip()})"
            return cls(before_names.choice, before_names.words, None, description, text)
        before = parse_question(earlier, retriever.expander, before_names.marks)
        description = describe_follow_up(question, before)
        # With the earlier question, one that names its own subject would mean the earlier one's.
        meant_text = text if count_words(question) else f"{before.text} {text}"
        return cls(before_names.choice, before_names.words, before, description, meant_text)


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
        earlier: Earlier | None = None,
    ) -> Retrieved:
        """Rank passages for a question.

        `within`: documents that the person chose outright. Otherwise those that the question
        names, or that the `earlier` one did, are searched, unless `limited` is false, and
        everything where nothing convincing is found there.
        """
        text, written = self.in_characters(text)
        names = read_names(text, self.directory).as_written(written)
        cited = self._cited(names, within) if limited or within else {}
        meant_text = earlier.meant_text if earlier else text
        choice, words = _choice(names, earlier) if limited else (NO_CHOICE, ())
        inherited = choice is not names.choice and bool(choice)
        chosen = within
        if chosen is None and choice:
            chosen = self.directory.engine_ids(choice.documents)
        if chosen is not None:
            question = self._parsed_within(text, names, earlier)
            result = self._ranked(question, meant_text, scope, k, chosen, cited)
            result = replace(result, words=words if within is None else (), inherited=inherited)
            # A person who chose documents outright is never shown others.
            if within is not None or cited or is_answered(result.ranked):
                return self._checked(result, names, cited)
        question = self._parsed(text, names.marks, earlier)
        unlimited = self._ranked(question, meant_text, scope, k, None, cited)
        # What is found elsewhere has to be surer: the question said where to look.
        elsewhere = max(confidences(unlimited.ranked, 1), default=0.0)
        stays = chosen is not None and elsewhere < CONVINCING_ELSEWHERE
        better = result if stays and result.ranked.rows.size else unlimited
        return self._checked(better, names, cited)

    def in_characters(self, text: str) -> tuple[str, dict[str, str]]:
        """A question with the parties that it spells by their sound put into their characters.

        Beside it, by party, how the question spells it.
        """
        if self.expander is None:
            return text, {}
        return self.directory.in_characters(text, self.expander.readings)

    def _parsed(self, text: str, marks: Marks, earlier: Earlier | None) -> ParsedQuestion:
        question = parse_question(text, self.expander, marks)
        if earlier and earlier.question:
            return with_earlier(question, earlier.question)
        return question

    def _parsed_within(
        self, text: str, names: QuestionNames, earlier: Earlier | None
    ) -> ParsedQuestion:
        """The question as it is put to the documents that it chooses."""
        question = self._parsed(text, names.limited_marks, earlier)
        # Where nothing but the name was asked, it is searched for in its own document.
        return question if question.query else self._parsed(text, names.marks, earlier)

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
        # Who asks for a version gets that one, and not the one in force in its place.
        replaced = {} if asks_for_version(fold_term(text)) else self.directory.replaced
        ranked = self.pipeline.rank(question, text, scope, k, within, replaced)
        # To name the only document says nothing.
        is_placed = within is not None and len(self.directory) > 1
        ranked = replace(ranked, is_placed=is_placed)
        if replaced:
            ranked = in_force_first(ranked, replaced)
        return Retrieved(question, cited_first(ranked, cited), within, cited_keys=frozenset(cited))

    def _cited(self, names: QuestionNames, within: Documents | None) -> dict[int, str]:
        """By key, the document of each passage that is an article which the question cites."""
        passages: dict[int, str] = {}
        if self.pins is None:
            return passages
        for article in names.cited:
            # Several editions may be held: the one that the question chose goes first.
            numbers = article.law.documents & names.choice.documents or article.law.documents
            ids = self.directory.engine_ids(numbers)
            ids = ids & within if within is not None else ids
            passages |= {
                key: document_id
                for key, document_id, pin in self.pins(ids)
                if article.number in article_numbers(pin)
            }
        return passages

    def _checked(
        self, result: Retrieved, names: QuestionNames, cited: Mapping[int, str]
    ) -> Retrieved:
        """The result, with the article that is cited of a law held and does not stand in it."""
        laws_here = [article for article in names.cited if article.law.documents]
        if laws_here and not cited and self._has_articles(laws_here):
            return replace(result, missing_article=(laws_here[0].law.name, laws_here[0].number))
        return result

    def _has_articles(self, cited: Sequence[CitedArticle]) -> bool:
        """Whether the laws are divided into articles here at all."""
        ids = self.directory.engine_ids(
            number for article in cited for number in article.law.documents
        )
        return self.pins is not None and any(article_numbers(pin) for _, _, pin in self.pins(ids))


def _choice(
    names: QuestionNames, earlier: Earlier | None
) -> tuple[DocumentChoice, tuple[str, ...]]:
    """The documents that a question names, or that it goes on from, and in which words."""
    # A law that is missing here is not to be looked for in the case of before.
    if not names.choice and earlier and not names.missing_laws:
        return earlier.choice, earlier.words
    return names.choice, names.words


def in_force_first(ranked: Reranked, replaced: Mapping[str, frozenset[str]]) -> Reranked:
    """The ranking with passages of superseded editions below the best of the edition in force.

    `replaced`: by document id of a superseded edition, the ids of those in force. Nothing moves
    where the edition in force is not among the candidates whose features are known.
    """
    candidates = ranked.ranking.candidates[: len(ranked.rows)]
    first_of: dict[str, int] = {}
    for place, candidate in enumerate(candidates):
        first_of.setdefault(candidate.document_id, place)
    places = []
    for place, candidate in enumerate(candidates):
        current = replaced.get(candidate.document_id, ())
        later = min(
            (first_of[document_id] for document_id in current if document_id in first_of),
            default=-1,
        )
        # Just below: half a place after the passage of the edition in force.
        places.append((max(place, later + 0.5), place))
    order = [place for _, place in sorted(places)]
    if order == sorted(order):
        return ranked
    # A score never rises with rank: each place keeps the score that stood there.
    rescored = (
        replace(candidates[place], score=above.score)
        for place, above in zip(order, candidates, strict=True)
    )
    below = ranked.ranking.candidates[len(candidates) :]
    ranking = replace(ranked.ranking, candidates=(*rescored, *below))
    return replace(ranked, ranking=ranking, rows=ranked.rows[order])


def cited_first(ranked: Reranked, cited: Mapping[int, str]) -> Reranked:
    """The ranking with the cited articles before everything that quotes or resembles them."""
    if not cited:
        return ranked
    candidates = ranked.ranking.candidates
    front = [at for at, candidate in enumerate(candidates) if candidate.key in cited]
    present = {candidates[at].key for at in front}
    clauses = len(ranked.ranking.frequencies)
    # A cited article has no BM25 score of its own; as high as the best keeps the order by score.
    top = candidates[0].score if candidates else 1.0
    absent = [
        Candidate(key, document_id, top, 1, (0.0,) * clauses)
        for key, document_id in sorted(cited.items())
        if key not in present
    ]
    uncited = [at for at in range(len(candidates)) if candidates[at].key not in cited]
    lifted = [replace(candidates[at], score=max(top, candidates[at].score)) for at in front]
    ordered = (*lifted, *absent, *(candidates[at] for at in uncited))
    rows = _rows(ranked.rows, front, len(absent), uncited)
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
