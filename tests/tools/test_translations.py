"""From CC-CEDICT to translation probabilities: glosses, weights, and the table that is built."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.analyzer import stem, words
from index.vocabulary import tables
from index.vocabulary.lexical import bases, forms
from index.vocabulary.mapped_tables import TranslationTable
from tools import cedict
from tools.cedict import Entry, glosses
from tools.translations import BEST, LEAST, build, to_chinese, to_english


@pytest.mark.parametrize(
    ("senses", "expected"),
    [
        ("to repeal/to revoke/(computing) to undo", ["repeal", "revoke", "undo"]),
        ("to make peace; to draw", ["make peace", "draw"]),
        ("cat/CL:隻|只[zhi1]", ["cat"]),
        ("surname Li/plum", ["plum"]),
        ("variant of 和[he2]/old variant of 何[he2]/see 何[he2]", []),
        ("abbr. for 中華人民共和國|中华人民共和国[Zhong1 hua2], China", ["china"]),
        ("Peking University (abbr. for 北京大學|北京大学[Bei3 jing1])", ["peking university"]),
        ("Warsaw, capital of Poland", ["warsaw", "warsaw capital of poland"]),
        ("Rock Records, Taiwanese record label of long standing", ["rock records"]),
        ("to give sb sth as a gift", ["give as a gift"]),
        ("the (nested (twice) over) end", ["end"]),
        ("", []),
    ],
)
def test_glosses_keep_what_translates(senses: str, expected: list[str]) -> None:
    """The lines about the headword go, and brackets, articles, measure words and placeholders."""
    found = [" ".join(gloss.words) for gloss in glosses(senses)]
    assert found == [" ".join(map(stem, phrase.split())) for phrase in expected]


def test_positions_count_senses_that_translate() -> None:
    """The first usable sense is 0 wherever it stands."""
    found = {gloss.words: gloss.position for gloss in glosses("surname Li/plum/CL:個/fruit, sweet")}
    assert found == {("plum",): 0, ("fruit",): 1, ("fruit", "sweet"): 1}


def entry(headword: str, senses: str) -> Entry:
    """An entry of a small dictionary."""
    return Entry(headword, "", tuple(glosses(senses)))


def test_an_exact_gloss_outweighs_a_later_one_and_one_that_only_holds_the_word() -> None:
    """For `appeal`: 上诉 says it first, 吸引 as its third sense, 上诉法院 only contains it."""
    table = to_chinese(
        [
            entry("上诉", "to appeal"),
            entry("吸引", "to attract/to draw/to appeal"),
            entry("法庭", "appeal bench"),
        ],
        {},
    )
    assert [term for term, _ in table["appeal"]] == ["上诉", "吸引", "法庭"]
    assert [term for term, _ in table["appeal bench"]] == ["法庭"]


def test_usage_and_length_decide_between_equal_glosses() -> None:
    """Of two words for one gloss the commoner comes first; a lone character comes last."""
    entries = [entry("律师", "lawyer"), entry("讼师", "lawyer"), entry("师", "lawyer")]
    terms = [term for term, _ in to_chinese(entries, {"律师": 5000})["lawyer"]]
    assert terms == ["律师", "讼师", "师"]


def test_a_headword_of_several_words_is_handed_to_them_in_equal_parts() -> None:
    """No index holds 发明专利申请书 as one term; its words are there."""
    rows = dict(to_chinese([entry("发明专利申请书", "patent application")], {})["patent applic"])
    assert len(rows) > 1
    assert len(set(rows.values())) == 1
    indexed = {term for term, _, _ in words("发明专利申请书")}
    assert set(rows) <= indexed


def test_the_words_of_a_gloss_share_its_weight() -> None:
    """知识产权 is not `right` as surely as 权利 is."""
    table = to_english([entry("知识产权", "intellectual property right"), entry("权利", "right")])
    assert dict(table["权利"]) == {"right": 1.0}
    assert sum(p for _, p in table["知识产权"]) == pytest.approx(1)
    assert max(p for _, p in table["知识产权"]) < 0.5


@given(
    st.lists(
        st.tuples(
            st.text("上诉法院权利人", min_size=1, max_size=4),
            st.lists(st.text("abc ", min_size=1, max_size=8), min_size=1, max_size=6),
        ),
        max_size=40,
    )
)
def test_both_tables_hold_probabilities(rows: list[tuple[str, list[str]]]) -> None:
    """Of whatever dictionary: they sum to one, fall, and are at most twenty, none negligible."""
    entries = [entry(head, "/".join(senses)) for head, senses in rows]
    for table in (to_chinese(entries, {"上诉": 9}), to_english(entries)):
        for key, found in table.items():
            assert key
            assert sum(p for _, p in found) == pytest.approx(1)
            assert [p for _, p in found] == sorted((p for _, p in found), reverse=True)
            assert len(found) == len(dict(found)) <= BEST
            assert all(p >= LEAST for _, p in found)


def test_irregular_forms_lead_both_ways() -> None:
    """`won` is looked up as `win`; a translation `win` also finds `won`."""
    assert bases("won") == ("win",)
    assert bases("wins") == ()
    assert "won" in forms(stem("win"))
    assert "left" in forms(stem("leave"))
    assert set(bases("lay")) == set()


def test_an_interrupted_build_leaves_no_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped at any step, the next start builds again."""
    monkeypatch.setattr(cedict, "entries", lambda: [entry("上诉", "to appeal")])
    monkeypatch.setattr(cedict, "frequencies", dict)
    monkeypatch.setattr(cedict, "names", tuple)

    def stop(done: int, _: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(tmp_path, stop)
    assert not (tmp_path / tables.FILE).exists()


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> TranslationTable:
    """The real table, built if this installation has none yet."""
    return tables.open_table(tmp_path_factory.mktemp("tables"))


@pytest.mark.parametrize(
    ("phrase", "term"),
    [
        ("lawyer", "律师"), ("intellectu properti right", "知识产权"), ("plaintiff", "原告"),
        ("war", "战争"), ("univers", "大学"), ("unit nation", "联合国"),
    ],
)  # fmt: skip
def test_the_real_table_translates_into_chinese(
    whole: TranslationTable, phrase: str, term: str
) -> None:
    """Everyday words and phrases, folded and stemmed as the index has them."""
    key = phrase if phrase != "univers" else stem("university")
    assert term in [one.term for one in whole.lexicons["english"].get(key)[:4]]


@pytest.mark.parametrize(
    ("word", "english"),
    [("原告", "plaintiff"), ("服务器", "server"), ("撤销", "revoke"), ("华沙", "warsaw")],
)
def test_the_real_table_translates_into_english(
    whole: TranslationTable, word: str, english: str
) -> None:
    """The other way round."""
    assert stem(english) in [one.term for one in whole.lexicons["chinese"].get(word)[:4]]


@pytest.mark.parametrize("word", ["分割", "放弃", "取消", "设立"])
def test_a_verb_is_not_found_by_its_particle(whole: TranslationTable, word: str) -> None:
    """To cut up, to give up, to call off, to set up: what tells is the verb."""
    found = {one.term for one in whole.lexicons["chinese"].get(word)}
    assert found
    assert found.isdisjoint({"up", "off", "out", "down", "away"})


def test_the_real_table_is_compact_and_carries_its_licence(whole: TranslationTable) -> None:
    """Both vocabularies are whole; the header says whose they are."""
    assert len(whole.lexicons["english"]) > 90_000
    assert len(whole.lexicons["chinese"]) > 90_000
    assert "CC-CEDICT" in whole.header["attribution"]
    assert "by-sa/4.0" in whole.header["attribution"]
