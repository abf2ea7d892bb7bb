"""Questions with judged passages, as the reranker sees them: what weights are learnt from.

Collections are indexed in memory. Matters, folders of a team's documents with questions in
`questions.jsonl` ({id, matter, question, answerable, gold: [{document, text}]}), are read and split
by the same ingest as any document, into a temporary library, so that passages are those that people
get. Both are asked through `Retriever`, with the light model of meaning.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus.ingest import Ingest
from corpus.library import Library
from corpus.models import PassageRecord, Scope
from corpus.reading.bounded import BoundedReader
from corpus.storage.database import open_database
from index.embedded.engine import EmbeddedEngine
from index.engine.protocol import Floats
from index.evaluation.collection import Collection
from index.evaluation.evaluate import (
    directory_of,
    embed_collection,
    index_collection,
    passage_views_of,
)
from index.query.question import Vocabulary
from index.reranking.pipeline import RERANK_DEPTH, Pipeline
from index.retrieval import Retrieved, Retriever
from index.search import Searcher
from index.semantic.embedder import UniversalSentenceEncoder
from index.semantic.embedding import FolderEmbedding
from index.semantic.search import Meaning, ModelVectors
from index.semantic.vectors import Vectors, nearest_in

SMALL = (1, 4, 16)
"""Passages in small libraries, in which nothing is rare."""
_LIBRARIES = 24
READ_SECONDS, READ_MEMORY_MB, MAX_BYTES = 300, 4096, 50 << 20


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question: its candidates' features, and which of them answer.

    `relevant` and `same_document`: one for each of the `RERANK_DEPTH` candidates at most, 1 where
    the passage answers, and where it stands in a document that does. `judged`: how many passages
    answer, found or not; 0 for a question that nothing answers. `held_out`: whether it is only
    reported on.
    """

    id: str
    rows: Floats
    relevant: Floats
    same_document: Floats
    judged: int
    held_out: bool
    is_placed: bool = False
    """Whether the documents searched are those that the question names."""


def is_held_out(question_id: str) -> bool:
    """Whether a question is in the half, by the hash of its id, that is only reported on."""
    return bool(hashlib.sha256(question_id.encode()).digest()[0] & 1)


def judge_collection(
    collection: Collection,
    expander: Vocabulary,
    vectors: Path,
    *,
    in_order: bool = False,
    most: int | None = None,
) -> list[JudgedQuestion]:
    """A collection's questions with their candidates, those that have none left out.

    `in_order`: its questions are ordered by topic, and its second half is held out instead of that
    by hash, which would show each topic in training. `most`: so many questions, by their hash.
    """
    engine = index_collection(collection)
    meaning = embed_collection(collection, engine, [UniversalSentenceEncoder()], vectors)
    pipeline = Pipeline(engine, passage_views_of(collection), meaning)
    retriever = Retriever(pipeline, directory_of(collection), expander.within(Scope.all()))
    ids = list(collection.queries)
    second_half = set(ids[len(ids) // 2 :])
    chosen = set(sorted(ids, key=_hash)[:most])
    questions = []
    for id_ in [id_ for id_ in ids if id_ in chosen]:
        judged = collection.qrels.get(id_, {})
        result = retriever.retrieve(collection.queries[id_], Scope.all(), RERANK_DEPTH)
        passages = [collection.passages[key].id for key in _keys(result)]
        sources = {_document(passage) for passage in judged}
        held_out = id_ in second_half if in_order else is_held_out(id_)
        questions.append(JudgedQuestion(
            id_,
            result.ranked.rows,
            np.array([float(passage in judged) for passage in passages]),
            np.array([float(_document(passage) in sources) for passage in passages]),
            len(judged),
            held_out,
            result.ranked.is_placed,
        ))  # fmt: skip
    return [question for question in questions if len(question.rows)]


def small_libraries(collection: Collection) -> Iterator[Collection]:
    """Libraries of a few passages, with their own questions and as many others."""
    by_hash = sorted(collection.passages, key=lambda passage: _hash(passage.id))
    questions = sorted(collection.queries, key=_hash)
    for size in SMALL:
        for number in range(min(_LIBRARIES, len(by_hash) // size)):
            passages = tuple(by_hash[number * size : (number + 1) * size])
            ids = {passage.id for passage in passages}
            own_questions = [q for q in questions if ids & collection.qrels.get(q, {}).keys()][
                : 2 * size + 2
            ]
            start = number * len(own_questions) * 7 % max(1, len(questions) - len(own_questions))
            other_questions = [q for q in questions[start:] if q not in own_questions][
                : len(own_questions)
            ]
            queries = {q: collection.queries[q] for q in (*own_questions, *other_questions)}
            qrels = {
                q: {p: n for p, n in collection.qrels[q].items() if p in ids} for q in own_questions
            }
            yield Collection(f"{collection.name} {size}", passages, queries, qrels)


def judge_small_libraries(
    collection: Collection, expander: Vocabulary, vectors: Path
) -> list[JudgedQuestion]:
    """The questions of a collection's small libraries."""
    return [
        question
        for library in small_libraries(collection)
        for question in judge_collection(library, expander, vectors)
    ]


def judge_matters(
    folder: Path, files: Sequence[tuple[Path, bool]], expander: Vocabulary, data: Path
) -> list[JudgedQuestion]:
    """The questions of `files` over the documents of `folder`, a folder for each matter.

    Each file comes with whether all its questions train; else the half by hash is held out. What
    `data` holds of an earlier run is not read again.
    """
    with open_matters(folder, expander, data) as (library, searcher):
        return [
            _judge(json.loads(line), library, searcher, trains)
            for file, trains in files
            for line in file.read_text("utf-8").splitlines()
            if line.strip()
        ]


def judge_off_subject(
    folder: Path, file: Path, expander: Vocabulary, data: Path
) -> list[JudgedQuestion]:
    """The questions of `file`, one a line, asked of every matter of `folder`; nothing answers."""
    texts = [line for line in file.read_text("utf-8").splitlines() if line.strip()]
    with open_matters(folder, expander, data) as (library, searcher):
        rows = [
            {"id": f"{matter} {text}", "matter": matter, "question": text, "gold": []}
            for matter in library.matters()
            for text in texts
        ]
        judged = [_judge(row, library, searcher, trains=False) for row in rows]
    return [question for question in judged if len(question.rows)]


@contextmanager
def open_matters(
    folder: Path, expander: Vocabulary, data: Path
) -> Iterator[tuple[Library, Searcher]]:
    """A library of the folders below `folder`, one matter each, and a searcher over it."""
    data.mkdir(parents=True, exist_ok=True)
    is_new = not (data / "pincite.sqlite3").exists()
    with ExitStack() as stack:
        database = open_database("", folder=data)
        stack.callback(database.dispose)
        library = Library(database)
        if is_new:
            reader = stack.enter_context(BoundedReader(1, READ_SECONDS, READ_MEMORY_MB))
            ingest = Ingest(library, reader, max_bytes=MAX_BYTES, lock=None)
            for matter in sorted(path for path in folder.iterdir() if path.is_dir()):
                for _ in ingest.add([matter], matter.name):
                    pass
        engine = EmbeddedEngine(None)
        model = UniversalSentenceEncoder()
        vectors = Vectors(data / "vectors", model.name, model.dimensions)
        work = FolderEmbedding(library, vectors, model)
        work.catch_up()
        meaning = Meaning(ModelVectors(model, vectors, nearest_in(vectors, engine), work))
        searcher = Searcher(library, engine=engine, expander=expander, meaning=meaning)
        searcher.refresh()
        yield library, searcher


def _judge(
    row: dict[str, Any], library: Library, searcher: Searcher, trains: bool
) -> JudgedQuestion:
    """One question of a matter."""
    scope = Scope.of(row["matter"])
    gold = [(part["document"], _bare(part["text"])) for part in row["gold"] or []]
    names = {document.id: Path(document.path or "").name for document in library.documents(scope)}
    answering = [id_ for id_, name in names.items() if any(name == part for part, _ in gold)]
    passages = list(library.document_passages(answering)) if answering else []

    def answers(passage: PassageRecord) -> bool:
        return any(
            names[passage.document_id] == document and holds(_bare(passage.text), words)
            for document, words in gold
        )

    right = {passage.key for passage in passages if answers(passage)}
    near = {passage.key for passage in passages}
    result = searcher.retrieve(row["question"], scope, RERANK_DEPTH)
    keys = _keys(result)
    return JudgedQuestion(
        row["id"],
        result.ranked.rows,
        np.array([float(key in right) for key in keys]),
        np.array([float(key in near) for key in keys]),
        len(right),
        not trains and is_held_out(row["id"]),
        result.ranked.is_placed,
    )


def holds(passage: str, words: str) -> bool:
    """Whether a passage holds the words, or begins or ends with more than half of them.

    Both without white space: a passage may be cut inside the words.
    """
    if words in passage:
        return True
    lengths = range(len(words) - 1, len(words) // 2, -1)
    return any(passage.endswith(words[:k]) or passage.startswith(words[-k:]) for k in lengths)


def _keys(result: Retrieved) -> list[int]:
    """The keys of the candidates that have features."""
    candidates = result.ranked.ranking.candidates[: len(result.ranked.rows)]
    return [candidate.key for candidate in candidates]


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _document(passage_id: str) -> str:
    """The document of a collection's passage, by the part of its id before `#`."""
    return passage_id.rpartition("#")[0] or passage_id


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
