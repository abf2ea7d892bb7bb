"""From words to clauses: translations, phrases, and what stands above the dictionary."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.models import Scope
from index.engine.protocol import Clause
from index.text.analyzer import stem
from index.text.normalize import fold_term
from index.vocabulary.expansion import CHARACTER, IN_LAW, INSIDE_PHRASE, BilingualExpander
from index.vocabulary.mapped_tables import TranslationTable, write_table
from index.vocabulary.thesaurus import ORGANISATION, Concept, Thesaurus
from tests.index.conftest import NO_NAMES

ENGLISH = {
    "appeal": [("呼吁", 0.4), ("上诉", 0.3)],
    "win": [("赢得", 0.5)],
    "won": [("韩元", 1.0)],
    "lose": [("失去", 0.5)],
    "super bowl": [("超级", 0.5), ("碗", 0.5)],
    "super": [("超级", 0.4)],
    "bowl": [("碗", 0.4)],
    "appeal of super bowl": [("魅力", 0.3)],
}
CHINESE = {
    "上诉": [("appeal", 0.4)],
    "离开": [("leav", 0.4)],
    "知识": [("knowledg", 0.4)],
    "知识经济": [("knowledg", 0.2), ("economi", 0.2)],
    "经济": [("economi", 0.4)],
    "春": [("spring", 0.3)],
}


@pytest.fixture
def table(tmp_path: Path) -> TranslationTable:
    """A dictionary small enough to read."""
    write_table(tmp_path / "t.psq", "1", {"english": ENGLISH, "chinese": CHINESE, **NO_NAMES})
    return TranslationTable.open(tmp_path / "t.psq", "1")


def asked(table: TranslationTable, question: str, *concepts: Concept) -> list[Clause]:
    """The clauses of a question, with a thesaurus of these concepts."""
    return list(
        BilingualExpander(table, [Thesaurus(concepts)]).clauses(fold_term(question), Scope.all())
    )


def terms(clause: Clause) -> dict[str, float]:
    """A clause's alternatives."""
    return {one.term: one.p for one in clause.alternatives}


def test_each_word_comes_with_itself_and_its_translations(table: TranslationTable) -> None:
    """Common words have no clause; an unknown word has itself alone."""
    clauses = asked(table, "Why did the Zork appeal?")
    assert [clause.surface for clause in clauses] == ["zork", "appeal"]
    assert terms(clauses[0]) == {"zork": 1.0}
    assert list(terms(clauses[1])) == ["appeal", "呼吁", "上诉"]
    assert clauses[1].alternatives[0].p == 1.0


def test_the_longest_phrase_is_taken_and_its_words_count_less(table: TranslationTable) -> None:
    """`appeal of Super Bowl` over `Super Bowl`; the words inside are still asked for, whole."""
    clauses = {c.surface: terms(c) for c in asked(table, "The appeal of Super Bowl")}
    assert list(clauses) == ["appeal", "super", "bowl", "appeal of super bowl"]
    assert "魅力" in clauses["appeal of super bowl"]
    alone = terms(asked(table, "super")[0])
    assert clauses["super"]["super"] == 1.0
    assert clauses["super"]["超级"] == pytest.approx(alone["超级"] * INSIDE_PHRASE)


def test_no_phrase_reaches_over_punctuation(table: TranslationTable) -> None:
    """A comma or a full stop ends a phrase in both languages; a hyphen does not."""
    assert [c.surface for c in asked(table, "super, bowl")] == ["super", "bowl"]
    assert [c.surface for c in asked(table, "super-bowl")][-1] == "super-bowl"
    assert [c.surface for c in asked(table, "知识，经济")] == ["知识", "经济"]
    assert [c.surface for c in asked(table, "知识经济")][-1] == "知识经济"


def test_an_irregular_form_is_mostly_the_word_it_is_a_form_of(table: TranslationTable) -> None:
    """`won` is 赢得 more than the currency 韩元."""
    found = terms(asked(table, "won")[0])
    assert found["赢得"] > found["韩元"] > 0
    assert "失去" in terms(asked(table, "lost")[0])


def test_chinese_questions_are_answered_with_english_stems(table: TranslationTable) -> None:
    """In either script, irregular forms included."""
    assert terms(asked(table, "上訴為何")[0])["appeal"] == pytest.approx(0.8)
    assert {"leav", "left"} <= set(terms(asked(table, "离开")[0]))


def test_an_unknown_chinese_word_is_translated_by_its_parts(table: TranslationTable) -> None:
    """A name that no table knows still brings its characters, weighing little."""
    clauses = asked(table, "乔春")
    assert clauses[-1].surface == "春"
    assert clauses[-1].weight == CHARACTER
    assert "spring" in terms(clauses[-1])


def test_the_thesaurus_stands_above_the_dictionary(table: TranslationTable) -> None:
    """Its terms weigh more than the dictionary's, which stay."""
    concept = Concept("x", "", ("诉讼",), ("appeal", "second instance"))
    found = terms(asked(table, "appeal of", concept)[0])
    assert found["诉讼"] > 0.5
    assert {"呼吁", "上诉", "second"} <= set(found)
    phrase = asked(table, "set aside the super bowl", Concept("y", "", ("撤销",), ("set aside",)))
    assert [c.surface for c in phrase] == [
        "set", "aside", "set aside", "super", "bowl", "super bowl",
    ]  # fmt: skip
    assert terms(phrase[2])["撤销"] == pytest.approx(0.9)


def test_a_term_at_the_front_of_an_unknown_word_is_taken_and_the_rest_kept(
    table: TranslationTable,
) -> None:
    """jieba makes one word of 一审判决; the thesaurus knows 一审."""
    concept = Concept("x", "", ("一审",), ("first instance",))
    clauses = asked(table, "一审判决", concept)
    assert [clause.surface for clause in clauses] == ["一审", "判决"]


def test_numbers_have_no_clause_of_their_own(table: TranslationTable) -> None:
    """Numbers have one form in the analyzer, which speaks for them."""
    assert asked(table, "2015 36") == []


@given(st.text(max_size=200))
def test_any_text_gives_clauses_that_a_query_can_hold(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    """Nothing breaks it; a clause has alternatives of probability above 0 and at most 1."""
    path = tmp_path_factory.mktemp("t") / "t.psq"
    write_table(path, "1", {"english": ENGLISH, "chinese": CHINESE, **NO_NAMES})
    concept = Concept("x", "", ("上诉", "我叫mt"), ("appeal", "lodge an appeal"))
    for clause in asked(TranslationTable.open(path, "1"), text + "appeal上诉", concept):
        assert clause.surface
        assert clause.alternatives
        assert all(0 < one.p <= 1 for one in clause.alternatives)
        assert len({one.term for one in clause.alternatives}) == len(clause.alternatives)


def test_what_the_law_says_of_an_everyday_word_is_a_clause_of_its_own(
    table: TranslationTable,
) -> None:
    """Named for people by both, after the question's own clauses, and weighing half as much."""
    concept = Concept("x", "", ("配偶", "老公"), ("spouse",), frozenset({"配偶", "spouse"}))
    clauses = list(
        BilingualExpander(table, everyday=Thesaurus([concept])).clauses("老公在哪", Scope.all())
    )
    assert clauses[0].surface == "老公"
    assert clauses[-1].surface == "老公 (配偶)"
    assert clauses[-1].weight == IN_LAW
    assert {one.term for one in clauses[-1].alternatives} == {"配偶", stem("spouse")}
    assert not list(
        BilingualExpander(table, everyday=Thesaurus([concept])).clauses("配偶", Scope.all())
    )[1:]


def test_what_a_company_name_is_made_of_is_not_translated(table: TranslationTable) -> None:
    """The name stands for itself and its other names; its words are only themselves."""
    concept = Concept("x", ORGANISATION, ("阿里云",), ("appeal reverse",))
    expander = BilingualExpander(table, [Thesaurus([concept])])
    *words, name = expander.clauses("appeal reverse", Scope.all())
    assert [[term.term for term in clause.alternatives] for clause in words] == [
        ["appeal"], [stem("reverse")],
    ]  # fmt: skip
    assert "阿里" in {term.term for term in name.alternatives}
