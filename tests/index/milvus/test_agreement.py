"""How near the distributed engine comes to the embedded one, on real collections."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from corpus.models import Scope
from index.engine.protocol import Engine
from index.engine.terms import Analyzed
from index.evaluation.collection import Collection, read_collection
from index.evaluation.evaluate import index_collection, quality
from index.query.question import parse_question
from index.text.analyzer import terms
from index.vocabulary.tables import open_query_expander
from tests.index.milvus.lite import Server

pytestmark = [pytest.mark.milvus, pytest.mark.shared]

QUESTIONS = 150
MATTER = frozenset({"m"})


def ranked(engine: Engine, collection: Collection, tables: Path) -> dict[str, list[int]]:
    """The best ten of each question, by its id."""
    words = open_query_expander(tables).within(Scope.all())
    asked = itertools.islice(collection.queries.items(), QUESTIONS)
    queries = {name: parse_question(text, words).query for name, text in asked}
    return {
        name: [each.key for each in engine.search(query, scope=Scope.all(), k=10).candidates]
        for name, query in queries.items()
    }


def recall_at_1(collection: Collection, found: dict[str, list[int]]) -> float:
    """The share of questions whose first passage answers."""
    run = {
        name: {collection.passages[key].id: -float(at) for at, key in enumerate(keys)}
        for name, keys in found.items()
    }
    return quality(collection.qrels, run)["R@1"]


@pytest.mark.parametrize("name", ["stard-gold", "sib200-en-hans"])
def test_agreement(milvus: Server, shared: Path, tmp_path: Path, name: str) -> None:
    """Top ten overlap of .99 at least, within a language and across; R@1 within .01."""
    collection = read_collection(shared / "collections" / name)
    expected = ranked(index_collection(collection), collection, tmp_path)
    passages = [
        Analyzed(key, f"D{key}", terms(each.text) + terms(each.title))
        for key, each in enumerate(collection.passages)
    ]
    with milvus.empty_engine() as engine:
        engine.update(passages, {each.document_id: MATTER for each in passages})
        found = ranked(engine, collection, tmp_path)
    shares = [len({*found[n]} & {*expected[n]}) / (len(expected[n]) or 1) for n in expected]
    assert sum(shares) / len(shares) >= 0.99
    assert abs(recall_at_1(collection, found) - recall_at_1(collection, expected)) <= 0.01
