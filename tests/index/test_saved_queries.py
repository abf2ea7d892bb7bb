"""Matching passages to standing questions finds what a search of each would find."""

from __future__ import annotations

from corpus.library import Library
from corpus.models import Scope
from index.engine.protocol import Query
from index.engine.sync import passage_terms
from index.saved_queries import MIN_MATCHED_SHARE, SavedQueries, documents_answering
from index.search import Searcher
from tests.index.conftest import File

PASSAGES = (
    "The landlord repairs the roof within thirty days of a notice.",
    "The tenant pays the rent on the first day of each month.",
    "二審撤銷一審判決，駁回全部訴訟請求。",
    "出租雲端伺服器不屬於條例所列的四種服務。",
)
QUESTIONS = (
    "who repairs the roof",
    "notice and takedown of servers",
    "rent",
    "撤销一审判决",
    "出租 服务器",
    "elephants",
)


def touched_plainly(terms: set[str], query: Query) -> bool:
    """The share of a question's weight that a passage touches, clause by clause."""
    total = sum(clause.weight for clause in query.clauses)
    touched = [c.weight for c in query.clauses if any(a.term in terms for a in c.alternatives)]
    return sum(touched) / total >= MIN_MATCHED_SHARE


def test_matching_like_one_search_a_question(
    library: Library, searcher: Searcher, file: File
) -> None:
    """Question by question in a plain loop, the same passages are touched."""
    file(*PASSAGES)
    queries = {
        key: searcher.query(question, scope=Scope.all()) for key, question in enumerate(QUESTIONS)
    }
    standing = SavedQueries(queries)
    passages = list(library.live_passages())
    for passage in passages:
        terms = set(passage_terms(passage))
        plain = {key for key, query in queries.items() if touched_plainly(terms, query)}
        assert standing.matched_by(passage) == plain
    assert {0, 2, 3, 4} <= {key for each in passages for key in standing.matched_by(each)}


def test_what_answers_is_touched(library: Library, searcher: Searcher, file: File) -> None:
    """No document that a search takes for an answer is missed by the match."""
    filed = [file(passage, path=f"/{at}") for at, passage in enumerate(PASSAGES)]
    ids = frozenset(each.document_id or "" for each in filed)
    standing = SavedQueries(
        {k: searcher.query(q, scope=Scope.all()) for k, q in enumerate(QUESTIONS)}
    )
    touched = {
        (key, passage.document_id)
        for passage in library.live_passages()
        for key in standing.matched_by(passage)
    }
    for key, question in enumerate(QUESTIONS):
        answers = documents_answering(searcher, question, ids, Scope.all())
        assert {(key, document) for document in answers} <= touched


def test_only_what_answers_is_told(searcher: Searcher, file: File) -> None:
    """A document that shares a word is no answer while another one says it all."""
    best = file("The roof of the warehouse leaks.", path="/1").document_id or ""
    other = file("The warehouse is let to a tenant for a year.", path="/2").document_id or ""
    asked = "the leaking roof of the warehouse"
    assert set(documents_answering(searcher, asked, frozenset({best, other}), Scope.all())) == {
        best
    }
    assert documents_answering(searcher, asked, frozenset({best}), Scope.of("elsewhere")) == {}
