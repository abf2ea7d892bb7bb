"""Ranking by words and meaning, against the plain sum and with a stand-in for the model."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.citing.ids import parse_citation
from corpus.library import Library
from corpus.models import Scope
from index.engine.protocol import Candidate, Ranking
from index.evaluation.collection import Collection, JudgedPassage
from index.evaluation.evaluate import evaluate
from index.reranking.features.registry import COLUMN
from index.reranking.pipeline import (
    MEANING_FEATURES,
    RERANK_DEPTH,
    order_by_meaning,
    rerank_weights,
)
from index.search import Searcher
from index.semantic.embedder import Floats
from index.semantic.search import CANDIDATES, Meaning, ModelVectors, comparable, embed_passages
from tests.examples import examples
from tests.index.conftest import File
from tests.index.semantic.stand_ins import (
    DIMENSIONS,
    Topics,
    meaning_of,
    single_rows,
    vectors_in,
)


class Numbered(Topics):
    """One to which a number means the topic of that place."""

    def question(self, text: str) -> Floats:
        words = (self._topics[int(word)] if word.isdigit() else word for word in text.split())
        return super().question(" ".join(words))


def candidate(key: int, score: float) -> Candidate:
    return Candidate(key, "d", score, 10, (1.0,), key)


@settings(deadline=None, max_examples=examples(30))
@given(scores=st.lists(st.integers(1, 1000), min_size=1, max_size=CANDIDATES + 20, unique=True))
def test_the_order_is_that_of_words_and_standard_scores_of_meaning(
    tmp_path_factory: pytest.TempPathFactory, scores: list[int]
) -> None:
    """Over the first candidates, worked out in one line; the others keep their order below."""
    rng = np.random.default_rng(len(scores))
    rows = rng.standard_normal((len(scores), DIMENSIONS)).astype(np.float32)
    vectors = vectors_in(tmp_path_factory.mktemp("vectors"))
    rows /= np.linalg.norm(rows, axis=1)[:, None]
    vectors.add(single_rows(range(len(scores)), rows))
    embedder = Topics("a")
    lexical = np.sort(np.array(scores, float))[::-1]
    given_ = tuple(candidate(key, score) for key, score in enumerate(lexical))
    ranking = Ranking(given_, (), 9, 1.0)
    meant = Meaning(ModelVectors(embedder, vectors)).of("a")
    assert meant
    near = meant.near(comparable(ranking, ()))
    ranked = order_by_meaning(ranking, near, len(scores)).candidates
    fewer = order_by_meaning(ranking, near, RERANK_DEPTH + 3).candidates
    assert fewer == ranked[: RERANK_DEPTH + 3]

    first = lexical[:CANDIDATES]
    kept = vectors.of(range(len(scores)))  # int8 moves a cosine by a thousandth
    rows = np.concatenate([kept[key] for key in range(len(scores))])
    cosines = (rows.astype(float) @ embedder.question("a"))[:CANDIDATES]
    above = (cosines - cosines.mean()) / (cosines.std() or 1) * (len(first) > 1)
    # One row a passage: it is its own best sentence.
    weight = sum(rerank_weights()[COLUMN[name]] for name in MEANING_FEATURES[:2])
    expected = first + weight * first[0] * above
    places = [one.key for one in ranked[: len(first)]]
    assert sorted(places) == list(range(len(first)))
    # Cosines are rounded to five digits: what differs by less may stand either way.
    assert (np.diff(expected[places]) <= 1e-4 * first[0]).all()
    assert [one.score for one in ranked[RERANK_DEPTH : len(first)]] == pytest.approx(
        np.sort(expected)[::-1][RERANK_DEPTH:], abs=1e-3 * first[0]
    )
    assert [one.key for one in ranked[len(first) :]] == list(range(len(first), len(lexical)))
    every = [one.score for one in ranked[RERANK_DEPTH:]]
    assert every == sorted(every, reverse=True)


def test_passages_without_a_vector_count_as_average(tmp_path: Path) -> None:
    """While embedding goes on, what is not embedded keeps the place its words give it."""
    vectors = vectors_in(tmp_path)
    vectors.add(single_rows([2, 3], Topics("a").passages(["b", "a"])))
    given_ = tuple(candidate(key, 4.0 - key) for key in (1, 2, 3))
    meant = Meaning(ModelVectors(Topics("a"), vectors)).of("a")
    assert meant
    near = meant.near(given_)
    assert near[1].cosine is None
    assert [near[key].deviations for key in (1, 2, 3)] == pytest.approx([0, -1, 1])
    assert [
        one.key for one in order_by_meaning(Ranking(given_, (), 3, 1.0), near, 3).candidates
    ] == [
        1,
        3,
        2,
    ]


@pytest.mark.slow
def test_an_explanation_adds_up_with_meaning_in_it(
    library: Library, file: File, tmp_path: Path
) -> None:
    """It names the cosine and its weight; words, features and meaning sum to every score shown."""
    topics = [f"topic{number}" for number in range(60)]
    file(*(f"the court and its bank {topic} {'bank ' * (n % 7)}" for n, topic in enumerate(topics)))
    embedder = Topics(*topics)
    searcher = Searcher(library, meaning=meaning_of(library, tmp_path / "v", embedder))
    hits = searcher.answer("bank court topic3 topic44", scope=Scope.all(), k=60).hits
    assert len(hits) == 60
    for hit in hits:
        told = searcher.explain(
            "bank court topic3 topic44", parse_citation(hit.citation), scope=Scope.all()
        )
        assert told.score == pytest.approx(hit.score)
        cosine = embedder.question(hit.text) @ embedder.question("bank court topic3 topic44")
        if hit.rank <= RERANK_DEPTH:
            [told_cosine, _] = re.findall(r"cosine (\S+),", str(told))
            assert float(told_cosine) == pytest.approx(cosine, abs=1e-2)
            assert f"weight {rerank_weights()[COLUMN['passage_meaning']]:.2f}" in str(told)
        else:
            assert f"not among the first {RERANK_DEPTH}" in str(told)


def test_scores_never_rise_from_page_to_page(library: Library, file: File, tmp_path: Path) -> None:
    """Pages follow on each other beyond what is looked at, what is moved, and what is neither."""
    rng = np.random.default_rng(0)
    topics = [f"topic{number}" for number in range(9)]
    file(*(f"bank {'court ' * int(rng.integers(5))} {rng.choice(topics)}" for _ in range(260)))
    searcher = Searcher(library, meaning=meaning_of(library, tmp_path / "v", Topics(*topics)))

    def page(skip: int, k: int) -> list[tuple[str, float]]:
        hits = searcher.answer("bank court topic3", scope=Scope.all(), skip=skip, k=k).hits
        return [(hit.citation, hit.score) for hit in hits]

    whole = page(0, 260)
    scores = [score for _, score in whole]
    assert scores == sorted(scores, reverse=True)
    assert len({citation for citation, _ in whole}) == 260
    assert [one for skip in range(0, 260, 20) for one in page(skip, 20)] == whole


def test_nothing_found_by_words_is_found_by_meaning_alone(
    library: Library, file: File, tmp_path: Path
) -> None:
    """A passage that means exactly what is asked, and shares no term with it, is no hit."""
    file("zebra topic", "lion of the question", "nothing at all")
    embedder = Topics("zebra", "question")
    searcher = Searcher(library, meaning=meaning_of(library, tmp_path / "v", embedder))
    (hit,) = searcher.answer("zebra", scope=Scope.all(), k=3).hits
    assert hit.text == "zebra topic"


def test_meaning_decides_between_passages_that_words_cannot_tell_apart(
    library: Library, file: File, tmp_path: Path
) -> None:
    """Both hold the word asked for; the one that means the question comes first."""
    file("court river bank", "court money bank", "court sand bank")
    embedder = Topics("money", "river", "sand")
    searcher = Searcher(library, meaning=meaning_of(library, tmp_path / "v", embedder))
    for topic in ("money", "river", "sand"):
        said = searcher.answer(f"bank {topic}", scope=Scope.all(), k=3)
        assert topic in said.hits[0].text
        assert len(said.hits) == 3


def test_a_hit_is_surer_when_it_means_what_is_asked(
    library: Library, file: File, tmp_path: Path
) -> None:
    """The same words found in a passage, with and without a look at what it means."""
    file(*(f"the bank near {topic}" for topic in ("river", "money", "sand", "stone")))
    embedder = Topics("river", "money", "sand", "stone")
    with_meaning = Searcher(library, meaning=meaning_of(library, tmp_path / "v", embedder))

    def sure(searcher: Searcher, question: str) -> float:
        return searcher.answer(question, scope=Scope.all(), k=1).hits[0].confidence

    assert sure(with_meaning, "bank river") > sure(Searcher(library), "bank river")


def test_another_matters_vectors_change_nothing(
    library: Library, file: File, tmp_path: Path
) -> None:
    """Asked within a matter, hits and scores are as if there were no other."""
    embedder = Topics("money", "river")
    file("court money bank", "court river bank", "a bank", matter="mine")

    def answered() -> list[tuple[str, float]]:
        searcher = Searcher(library, meaning=meaning_of(library, tmp_path / "v", embedder))
        hits = searcher.answer("bank of the river", scope=Scope.of("mine"), k=9).hits
        return [(hit.text, hit.score) for hit in hits]

    alone = answered()
    file("river river bank", *(f"bank river {n}" for n in range(50)), matter="theirs")
    assert answered() == alone


def test_before_anything_is_embedded_words_decide(
    library: Library, file: File, tmp_path: Path
) -> None:
    """With no vectors yet, the hits and their order are those of a searcher without meaning."""
    file("a bank by the river", "the bank", "bank bank bank money", "money and a river")
    meaning = Meaning(ModelVectors(Topics("money"), vectors_in(tmp_path / "v")))
    for question in ("bank", "money in the river bank", "river"):
        plain = Searcher(library).answer(question, scope=Scope.all(), k=9)
        found = Searcher(library, meaning=meaning).answer(question, scope=Scope.all(), k=9)
        assert [hit.text for hit in found.hits] == [hit.text for hit in plain.hits]


def test_a_withdrawn_document_is_not_found_by_its_meaning(
    library: Library, file: File, tmp_path: Path
) -> None:
    """Its vectors may still be there; it is not."""
    gone = file("the bank of the river", matter="m")
    file("the bank", matter="m")
    meaning = meaning_of(library, tmp_path / "v", Topics("river"))
    library.withdraw(str(gone.document_id), scope=Scope.all())
    hits = Searcher(library, meaning=meaning).answer("bank river", scope=Scope.all(), k=9).hits
    assert [hit.text for hit in hits] == ["the bank"]


def test_a_collection_is_measured_as_it_would_be_answered() -> None:
    """With an embedder, passages that words cannot tell apart are told apart."""
    topics = "alpha beta gamma delta epsilon zeta theta kappa".split()
    collection = Collection(
        "c",
        tuple(JudgedPassage(topic, "", f"the bank {topic}") for topic in topics),
        {topic: f"bank {number}" for number, topic in enumerate(topics)},
        {topic: {topic: 1} for topic in topics},
    )
    done: list[tuple[int, int]] = []
    embedder = Numbered(*topics)
    plain = evaluate(collection)
    found = evaluate(collection, models=[embedder], progress=lambda *now: done.append(now))
    assert plain.quality["R@1"] < 0.5
    assert found.quality["R@1"] == 1
    assert done[-1] == (24, 24)


_WRITER = """
import sys
from pathlib import Path
import numpy as np
from index.semantic.search import PassageVectors
from index.semantic.vectors import Vectors
vectors = Vectors(Path(sys.argv[1]), "stand-in", 512)
for key in range(10_000):
    vectors.add([PassageVectors(key, np.full((1, 512), key % 100, np.float32))])
    print(key, flush=True)
"""


@pytest.mark.slow
def test_vectors_survive_a_kill(tmp_path: Path) -> None:
    """Whenever the writer is killed, all that it said it had kept is there, and goes on from it."""
    command = [sys.executable, "-c", _WRITER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        for _ in range(20):
            said = int(writer.stdout.readline())
        writer.send_signal(signal.SIGKILL)
        rest = writer.stdout.read().split("\n")[:-1]
    kept = max([said, *map(int, rest)])
    vectors = vectors_in(tmp_path)
    assert vectors.missing(range(kept + 1)).tolist() == []
    assert len(vectors) <= kept + 2
    ones = np.ones(DIMENSIONS, np.float32)
    keys = list(range(len(vectors)))
    expected = [DIMENSIONS * (key % 100) for key in keys]
    assert vectors.compare(ones, keys).passages.tolist() == pytest.approx(expected)
    vectors.add(single_rows([10_000], ones.reshape(1, -1)))
    assert vectors.missing([10_000]).tolist() == []


@given(st.lists(st.sampled_from(["a", "b. a.", "a. b. a."]), max_size=7), st.integers(1, 5))
def test_threads_change_no_vector(texts: list[str], threads: int) -> None:
    """Each passage gets its own rows, in order, however the work is shared out."""
    model = Topics("a", "b")
    alone, shared = embed_passages(model, texts), embed_passages(model, texts, threads)
    assert len(alone) == len(shared) == len(texts)
    for one, other in zip(alone, shared, strict=True):
        assert (one == other).all()
