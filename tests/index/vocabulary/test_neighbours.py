"""Neighbours against plain numpy on made-up vectors; the shipped table against what it promises."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.library import Library
from corpus.models import Scope
from index.reranking.features.evidence import neighbour_places
from index.reranking.features.text import best_coverage
from index.search import Searcher
from index.semantic.embedder import Floats, MultilingualE5
from index.text.analyzer import stem
from index.text.normalize import fold_term
from index.vocabulary import thesaurus
from index.vocabulary.lexical import index_terms, is_chinese
from index.vocabulary.mapped_tables import (
    COSINE_SCALE,
    NEIGHBOURS_FILE,
    NEIGHBOURS_VERSION,
    Neighbour,
    Neighbours,
    TableUnusable,
    save_arrays,
    shipped_neighbours,
)
from tests.examples import examples
from tests.index.conftest import File
from tools import neighbours as neighbour_builder
from tools.neighbours import (
    ACROSS,
    NOTICE,
    WITHIN,
    EmbeddedWords,
    build,
    centre,
    table,
)

HAN = [chr(0x4E00 + at) for at in range(40)]
LATIN = [f"w{at:02}" for at in range(40)]


def random(seed: int, *shape: int) -> Floats:
    """Made-up vectors."""
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def opened(folder: Path, chinese: Floats, english: Floats) -> Neighbours:
    """A table over vectors, written and mapped."""
    path = folder / "t.table"
    han, latin = HAN[: len(chinese)], LATIN[: len(english)]
    arrays = table(han, latin, {"chinese": chinese, "english": english})
    save_arrays(path, NEIGHBOURS_VERSION, arrays)
    return Neighbours.open(path)


def plain(
    rows: Floats, at: int, columns: Floats, terms: list[str], rule: tuple[int, float], skip: int
) -> list[tuple[str, float]]:
    """The neighbours of one row by sorting all cosines in plain Python."""
    unit = [
        (m - m.mean(0)) / np.linalg.norm(m - m.mean(0), axis=1)[:, None] for m in (rows, columns)
    ]
    cosines = [float(unit[0][at] @ column) for column in unit[1]]
    ranked = sorted(range(len(cosines)), key=lambda n: -cosines[n])
    return [(terms[n], cosines[n]) for n in ranked if n != skip and cosines[n] >= rule[1]][
        : rule[0]
    ]


@settings(deadline=None, max_examples=examples(25))
@given(seed=st.integers(0, 2**32), han=st.integers(2, 40), latin=st.integers(2, 40))
def test_the_table_holds_what_comparing_everything_finds(
    tmp_path_factory: pytest.TempPathFactory, seed: int, han: int, latin: int
) -> None:
    """Within and across both languages, in order, cosines to the nearest 255th."""
    chinese, english = random(seed, han, 5) + 3, random(seed + 1, latin, 5) - 1
    found = opened(tmp_path_factory.mktemp("t"), chinese, english)

    def same(near: tuple[Neighbour, ...], expected: list[tuple[str, float]]) -> None:
        assert [one.term for one in near] == [term for term, _ in expected]
        assert [one.cosine for one in near] == pytest.approx(
            [cosine for _, cosine in expected], abs=0.51 / COSINE_SCALE
        )

    for at, term in enumerate(HAN[:han]):
        same(found.across(term), plain(chinese, at, english, LATIN, ACROSS, -1))
        same(found.within(term), plain(chinese, at, chinese, HAN, WITHIN, at))
    for at, term in enumerate(LATIN[:latin]):
        same(found.across(term), plain(english, at, chinese, HAN, ACROSS, -1))
        same(found.within(term), plain(english, at, english, LATIN, WITHIN, at))


@given(st.integers(0, 2**32), st.integers(2, 20))
def test_centred_vectors_have_nothing_in_common(seed: int, count: int) -> None:
    """What is added to all of them changes nothing; each has unit length."""
    matrix = random(seed, count, 6)
    assert centre(matrix + 7) == pytest.approx(centre(matrix), abs=1e-3)
    assert np.linalg.norm(centre(matrix), axis=1) == pytest.approx(np.ones(count), abs=1e-5)


def test_a_table_is_built_again_without_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From kept vectors, only words they lack are embedded; the same vectors give the same file."""
    words = {"法院": "法院", "判决": "判决"}
    english = {"court": "court", "judgment": "judgment"}
    asked: list[str] = []

    class Fake(MultilingualE5):
        def __init__(self) -> None:
            pass

        def words(self, words: Sequence[str]) -> Floats:
            asked.extend(words)
            return np.array([random(len(word), 384) for word in words])

    monkeypatch.setattr(neighbour_builder, "MultilingualE5", Fake)
    monkeypatch.setattr(neighbour_builder, "vocabulary", lambda: EmbeddedWords(words, english))
    for path in (one := tmp_path / "one.table", two := tmp_path / "two.table"):
        build(path, tmp_path / "kept.npz")
    assert asked == ["法院", "判决", "court", "judgment"]
    assert one.read_bytes() == two.read_bytes()
    english["appeal"] = "appeal"
    build(two, tmp_path / "kept.npz")
    assert asked[4:] == ["appeal"]


def test_a_damaged_table_is_refused(tmp_path: Path) -> None:
    """One line that names the file."""
    (tmp_path / "t.table").write_bytes(NEIGHBOURS_FILE.read_bytes()[:1000])
    with pytest.raises(TableUnusable, match=r"t\.table cannot be used"):
        Neighbours.open(tmp_path / "t.table")


def test_the_shipped_table_says_where_it_comes_from() -> None:
    """Model, authors and licences stand in the file and beside it; it stays a few megabytes."""
    notice = NOTICE.read_text("utf-8")
    assert shipped_neighbours().header["attribution"] == notice
    for named in ("multilingual-e5-small", "MIT License", "CC-CEDICT", "ShareAlike 4.0", "jieba"):
        assert named in notice
    assert NEIGHBOURS_FILE.stat().st_size < 6_000_000


def test_the_shipped_neighbours_keep_to_their_language() -> None:
    """Across lies the other language, within the same; nothing is its own neighbour; best first."""
    known = shipped_neighbours()
    for one, terms in known._terms.items():
        for term in (terms[at] for at in range(0, len(terms), 97)):
            across, within = known.across(term), known.within(term)
            assert len(across) <= ACROSS[0]
            assert len(within) <= WITHIN[0]
            assert all(is_chinese(near.term) == (one == "english") for near in across)
            assert all(is_chinese(near.term) == (one == "chinese") for near in within)
            assert term not in {near.term for near in within}
            for found in (across, within):
                cosines = [near.cosine for near in found]
                assert cosines == sorted(cosines, reverse=True)
                assert all(0 < cosine <= 1 for cosine in cosines)


def test_the_shipped_terms_are_index_terms() -> None:
    """Chinese ones are folded, so both scripts find them; whatever the thesaurus names is there."""
    known = shipped_neighbours()
    chinese = [known._terms["chinese"][at] for at in range(0, len(known._terms["chinese"]), 53)]
    assert fold_term("\n".join(chinese)).split("\n") == chinese
    assert known.across(fold_term("上訴")) == known.across("上诉") != ()
    assert known.across("法國革命") == known.within("zzz") == ()
    concepts = [c for c in thesaurus.legal().concepts if c.sense != thesaurus.ORGANISATION]
    for concept in concepts:
        for term in concept.chinese:
            for part in index_terms(term):
                if len(part) > 1 and is_chinese(part):
                    assert known.across(part) or known.within(part), part


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("court", "法院"),
        ("liable", "责任"),
        ("appeal", "上诉"),
        ("copyright", "版权"),
        ("法院", "court"),
        ("赔偿", "compensation"),
        ("球队", "football"),
    ],
)
def test_what_means_nearly_the_same_is_near_across_languages(word: str, near: str) -> None:
    """Some plain cases, either way."""
    term, expected = (one if is_chinese(one) else stem(one) for one in (word, near))
    assert expected in {one.term for one in shipped_neighbours().across(term)}


@pytest.mark.parametrize(("word", "near"), [("判赔", "赔"), ("侵权", "侵犯"), ("court", "judge")])
def test_what_means_nearly_the_same_is_near_within_a_language(word: str, near: str) -> None:
    """Other wording for the same thing."""
    term, expected = (one if is_chinese(one) else stem(one) for one in (word, near))
    assert expected in {one.term for one in shipped_neighbours().within(term)}


@given(
    weights=st.lists(st.floats(0.1, 5), min_size=1, max_size=4),
    known=st.dictionaries(st.sampled_from(LATIN[:6]), st.tuples(st.integers(0, 3), st.just(0.5))),
    held=st.sets(st.sampled_from(LATIN[:9])),
)
def test_nearness_is_the_weighted_mean_of_each_words_best(
    weights: list[float], known: dict[str, tuple[int, float]], held: set[str]
) -> None:
    """Word by word over all that the passage holds, the slow way."""
    known = {term: place for term, place in known.items() if place[0] < len(weights)}
    near = {"w07": [(0, 0.9)], "w08": [(len(weights) - 1, 0.3)]}
    values = [
        max(
            [p for term, (word, p) in known.items() if word == at and term in held]
            + [
                p
                for term, places in near.items()
                for word, p in places
                if word == at and term in held
            ],
            default=0.0,
        )
        for at in range(len(weights))
    ]
    expected = np.average(values, weights=weights)
    places = {term: [place] for term, place in known.items()}
    assert best_coverage(weights, held, places, near) == pytest.approx(expected)
    assert best_coverage([0.0], held, {}, {}) == 0


def test_a_neighbour_never_stands_above_a_table() -> None:
    """What the dictionary or the thesaurus says of a word counts as they say, not as its cosine."""
    bare = neighbour_places(["court", ""], shipped_neighbours(), {})
    assert bare["法院"][0][0] == 0
    told = neighbour_places(["court", "court"], shipped_neighbours(), {"法院": [(0, 0.1)]})
    assert [word for word, _ in told["法院"]] == [1]
    assert best_coverage([1, 0], {"法院"}, {"法院": [(0, 0.1)]}, told) == pytest.approx(0.1)


def test_between_the_same_words_the_passage_with_nearer_ones_comes_first(
    library: Library, file: File
) -> None:
    """Without any dictionary, a word near one of the question's decides; it finds nothing alone."""
    file("the court 天气", "the court 球队", "只有球队")
    for question in ("court football", "court soccer"):
        hits = Searcher(library).answer(question, scope=Scope.all()).hits
        assert [hit.text for hit in hits] == ["the court 球队", "the court 天气"]
