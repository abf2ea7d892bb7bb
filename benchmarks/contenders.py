"""The engines compared, each behind the same four steps with its best reasonable settings.

All take the same terms. Scores are BM25 with k1 .9 and b .75 and the idf of BM25+ where an engine
lets these be chosen; tantivy and SQLite have k1 1.2, b .75 and an idf of their own fixed.
"""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rank_bm25 import BM25Plus

from benchmarks.corpora import Corpus
from corpus.models import Scope
from index.embedded.engine import EmbeddedEngine
from index.engine.protocol import K1, Alternative, B, Clause, Query
from index.engine.terms import Analyzed

TOP = 10
EVERYWHERE = frozenset({"all"})
TOGETHER = frozenset({"together"})
PASSAGES_A_DOCUMENT = 10
MATTERS = 100


class Contender(ABC):
    """An engine in the comparison. `build` leaves on disk what `open` needs, if anything."""

    keeps = True
    """Whether it keeps an index on disk; else it is built anew at every start."""

    patience: int | None = None
    """How many of the questions it is asked, where all would take too long."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def build(self, corpus: Corpus) -> None:
        """Index all passages."""

    @abstractmethod
    def open(self, corpus: Corpus) -> None:
        """Make ready to answer, from disk."""

    @abstractmethod
    def search(self, question: Sequence[str]) -> Any:
        """The best `TOP` passages, as the engine gives them."""

    @abstractmethod
    def found(self, result: Any) -> list[int]:
        """The passages' numbers in a result of `search`."""


class RankBM25(Contender):
    """rank_bm25: the formula that the others are held against."""

    keeps = False
    patience = 40

    def build(self, corpus: Corpus) -> None:
        self._index = BM25Plus(list(corpus.passages()), k1=K1, b=B, delta=0)

    def open(self, corpus: Corpus) -> None:
        self.build(corpus)

    def search(self, question: Sequence[str]) -> Any:
        scores = self._index.get_scores(question)
        best = np.argpartition(-scores, TOP)[:TOP]
        return best[np.argsort(-scores[best], kind="stable")]

    def found(self, result: Any) -> list[int]:
        return [int(number) for number in result]


class BM25S(Contender):
    """bm25s over numpy: scores worked out in advance, all matching ones added up."""

    backend = "numpy"

    def build(self, corpus: Corpus) -> None:
        import bm25s  # noqa: PLC0415 - one of several that may be missing

        index = bm25s.BM25(method="bm25+", k1=K1, b=B, delta=0, backend=self.backend)
        index.index(list(corpus.passages()), show_progress=False)
        index.save(self.folder)

    def open(self, corpus: Corpus) -> None:
        import bm25s  # noqa: PLC0415

        self._index = bm25s.BM25.load(self.folder, mmap=True)
        self._index.backend = self.backend
        if self.backend == "numba":
            self._index.activate_numba_scorer()

    def search(self, question: Sequence[str]) -> Any:
        return self._index.retrieve([list(question)], k=TOP, show_progress=False, n_threads=0)

    def found(self, result: Any) -> list[int]:
        return [int(number) for number in result.documents[0]]


class BM25SNumba(BM25S):
    """bm25s with its inner loop compiled."""

    backend = "numba"


class Tantivy(Contender):
    """tantivy: Rust, block-max WAND; built by two threads, then merged as it sees fit."""

    def build(self, corpus: Corpus) -> None:
        schema = self._schema()
        index = self._open(schema)
        writer = index.writer(heap_size=512_000_000, num_threads=2)
        for number, passage in enumerate(corpus.passages()):
            writer.add_document(self._tantivy.Document(body=" ".join(passage), number=number))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, corpus: Corpus) -> None:
        self._schema_used = self._schema()
        index = self._open(self._schema_used)
        index.reload()
        self._searcher = index.searcher()

    def search(self, question: Sequence[str]) -> Any:
        query = self._tantivy.Query
        should = self._tantivy.Occur.Should
        clauses = [(should, query.term_query(self._schema_used, "body", term)) for term in question]
        return self._searcher.search(query.boolean_query(clauses), TOP, count=False)

    def found(self, result: Any) -> list[int]:
        return [self._searcher.doc(at)["number"][0] for _, at in result.hits]

    def _schema(self) -> Any:
        import tantivy  # noqa: PLC0415

        self._tantivy = tantivy
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("body", tokenizer_name="words", index_option="freq")
        builder.add_unsigned_field("number", stored=True)
        return builder.build()

    def _open(self, schema: Any) -> Any:
        index = self._tantivy.Index(schema, path=str(self.folder))
        tokenizer = self._tantivy.Tokenizer.whitespace()
        analyzer = self._tantivy.TextAnalyzerBuilder(tokenizer).build()
        index.register_tokenizer("words", analyzer)
        return index


class FTS5(Contender):
    """SQLite's full-text index, without the texts (without positions it would not rank them)."""

    def build(self, corpus: Corpus) -> None:
        database = sqlite3.connect(self.folder / "fts.db")
        database.execute("pragma journal_mode = off")
        database.execute("pragma synchronous = off")
        database.execute(
            "create virtual table passages using fts5(body, content='', tokenize='ascii')"
        )
        rows = ((number, " ".join(terms)) for number, terms in enumerate(corpus.passages()))
        with database:
            database.executemany("insert into passages(rowid, body) values (?, ?)", rows)
            database.execute("insert into passages(passages) values ('optimize')")
        database.close()

    def open(self, corpus: Corpus) -> None:
        self._database = sqlite3.connect(self.folder / "fts.db")

    def search(self, question: Sequence[str]) -> Any:
        statement = "select rowid from passages where passages match ? order by rank limit ?"
        return self._database.execute(statement, (" OR ".join(question), TOP)).fetchall()

    def found(self, result: Any) -> list[int]:
        return [number for (number,) in result]


class Pincite(Contender):
    """The embedded engine, as `pincite` runs it: documents of ten passages in a hundred matters."""

    def build(self, corpus: Corpus) -> None:
        engine = EmbeddedEngine(self.folder)
        passages = (
            Analyzed(number, document(number), terms)
            for number, terms in enumerate(corpus.passages())
        )
        engine.update(passages, live(len(corpus)))
        engine.save()

    def open(self, corpus: Corpus) -> None:
        self.engine = EmbeddedEngine(self.folder)
        filed = live(len(corpus))
        if self.engine.lacking(filed):
            raise RuntimeError("the index lacks documents that were added")
        self.engine.update((), filed)

    def search(self, question: Sequence[str]) -> Any:
        clauses = tuple(Clause(term, (Alternative(term),)) for term in question)
        return self.engine.search(Query(clauses), scope=Scope.all(), k=TOP)

    def found(self, result: Any) -> list[int]:
        return [candidate.key for candidate in result.candidates]


def document(number: int) -> str:
    """The document of a passage."""
    return f"D{number // PASSAGES_A_DOCUMENT:07}"


def live(size: int) -> dict[str, frozenset[str]]:
    """Every document; each hundredth is in one matter, a hundredth of them in a row in another."""
    matters = [EVERYWHERE | {f"m{number}"} for number in range(MATTERS)]
    count = -(-size // PASSAGES_A_DOCUMENT)
    filed = {f"D{number:07}": matters[number % MATTERS] for number in range(count)}
    for name in list(filed)[count // 2 : count // 2 + -(-count // MATTERS)]:
        filed[name] |= TOGETHER
    return filed


CONTENDERS: dict[str, type[Contender]] = {
    "rank_bm25": RankBM25,
    "bm25s": BM25S,
    "bm25s+numba": BM25SNumba,
    "tantivy": Tantivy,
    "FTS5": FTS5,
    "Pincite": Pincite,
}
NEEDS = {
    "bm25s": ("bm25s",),
    "bm25s+numba": ("bm25s", "numba"),
    "tantivy": ("tantivy",),
}
"""What must be installed (the `bench` extra) for a contender; the others are always there."""
