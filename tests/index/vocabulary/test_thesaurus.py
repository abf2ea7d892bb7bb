"""The legal thesaurus: what the file must be, and what naming a concept brings."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import opencc
import pytest

from index.text.normalize import fold_term
from index.vocabulary.lexical import index_terms, keys
from index.vocabulary.thesaurus import (
    EVERYDAY_FILE,
    FILE,
    Concept,
    Thesaurus,
    Trust,
    everyday,
    legal,
    load,
)


def rows(file: Path) -> list[list[str]]:
    """The lines of a thesaurus's file, in columns."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


ROWS = rows(FILE)
EVERYDAY = rows(EVERYDAY_FILE)
AREAS = {
    "general procedure", "civil procedure", "criminal procedure", "criminal law", "tort",
    "contract", "company", "intellectual property", "employment", "evidence", "data protection",
}  # fmt: skip


def columns(row: list[str]) -> list[list[str]]:
    """The three columns of terms of a line, those that people say and those of the law alike."""
    return [re.split(r" \| | => ", column) for column in row[2:]]


def naming(row: list[str]) -> list[list[str]]:
    """The three columns of the terms that name a line's concept."""
    return [column.split(" => ")[0].split(" | ") for column in row[2:]]


def names(sentence: str, concept: str) -> bool:
    """Whether a sentence names the concept with this id."""
    folded = fold_term(sentence)
    named = legal().matches(folded) + everyday().matches(folded)
    return any(one.id == concept for match in named for one in match.concepts)


def test_it_has_at_least_800_concepts_and_40_in_every_area() -> None:
    """The size that was agreed, over the areas that were agreed."""
    areas = Counter(row[1].partition(";")[0] for row in ROWS)
    assert len(ROWS) >= 800
    assert min(areas.values()) >= 40, areas.most_common()[-1]
    assert set(areas) >= AREAS


def test_ids_are_plain_and_unique() -> None:
    """An id names one line."""
    ids = [row[0] for row in ROWS + EVERYDAY]
    assert [one for one, count in Counter(ids).items() if count > 1] == []
    assert [one for one in ids if not re.fullmatch("[a-z]{2,3}(-[a-z0-9]+)+", one)] == []


def test_no_term_stands_twice_in_a_column_and_none_is_blank() -> None:
    """Twice as written, or twice as a search reads it: within Simplified, and within English."""
    for row in ROWS + EVERYDAY:
        assert len(row) == 5, row
        for terms in columns(row):
            assert all(term == term.strip() != "" for term in terms), row
            assert len(set(terms)) == len(terms), row
        for terms in columns(row)[1:]:
            read = [keys(fold_term(term)) for term in terms]
            assert len(set(read)) == len(read), row


def test_every_entry_has_both_scripts_each_in_its_own_characters() -> None:
    """Traditional terms are within Big5, Simplified ones within GB 2312; OpenCC agrees."""
    to_simplified, to_traditional = opencc.OpenCC("t2s"), opencc.OpenCC("s2t")
    for row in ROWS + EVERYDAY:
        traditional, simplified, english = columns(row)
        assert all(term.encode("big5") for term in traditional), row
        assert all(term.encode("gb2312") for term in simplified), row
        assert all(term.isascii() for term in english), row
        assert [to_simplified.convert(term) for term in simplified] == simplified, row
        # Every Simplified term has its Traditional form in the other column, by one table or other.
        forms = {to_simplified.convert(term) for term in traditional}
        assert set(simplified) <= forms, (row, to_traditional.convert(" ".join(simplified)))


@pytest.mark.slow
@pytest.mark.parametrize(
    "sentence", ["法院讨论了{}的问题。", "本案中，{}是争议所在。", "關於「{}」，雙方各執一詞。"]
)
def test_every_chinese_term_finds_its_concept_in_a_sentence(sentence: str) -> None:
    """Round trip, in both scripts: no term is lost among its neighbours."""
    lost = [
        term
        for row in ROWS + EVERYDAY
        for terms in naming(row)[:2]
        for term in terms
        if not names(sentence.format(term), row[0])
    ]
    assert lost == []


@pytest.mark.parametrize("sentence", ["They discussed the {} at length.", 'On "{}", they differ.'])
def test_every_english_term_finds_its_concept_in_a_sentence(sentence: str) -> None:
    """Round trip for English, beside other words and beside quotation marks."""
    lost = [
        term
        for row in ROWS + EVERYDAY
        for term in naming(row)[2]
        if not names(sentence.format(term), row[0])
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("sentence", "concepts"),
    [
        ("Why did the court of appeal overturn the award of damages?", ["gen-overturn"]),
        ("The judgment was set aside and the case remanded.", ["gen-reverse", "gen-remand"]),
        ("Is the host liable after a notice-and-takedown request?", ["tor-notice-and-takedown"]),
        ("二審法院為何廢棄原判決並駁回原告之訴？", ["gen-second-instance", "gen-reverse"]),
        ("原审认定事实错误，应予改判。", ["gen-error-of-fact", "gen-reverse-2"]),
        ("雇主未給付資遣費及特別休假工資", ["emp-employer", "emp-severance-pay"]),
        ("The arbitral award cannot be enforced.", ["arb-arbitral-award"]),
        ("被告未經授權重製原告之電腦程式著作", ["ip-right-of-reproduction"]),
        ("請求排除侵害並賠償非財產上損害", ["tor-cease-infringement"]),
        ("公司負責人違反忠實義務", ["com-legal-representative", "com-duty-of-loyalty"]),
        ("個資外洩應於七十二小時內通報", ["dat-data-breach"]),
        ("债务人擅自处分抵押物，债权人行使撤销权", ["con-debtor", "con-creditor"]),
        ("The burden of proof lies with the plaintiff.", ["evi-burden-of-proof", "gen-plaintiff"]),
        ("檢察官聲請羈押獲准", ["gen-prosecutor", "crp-pretrial-detention"]),
        ("Minority shareholders filed a derivative action.", ["com-derivative-action"]),
    ],
)
def test_natural_sentences_name_what_they_speak_of(sentence: str, concepts: list[str]) -> None:
    """Sentences as lawyers write them, in three languages."""
    assert [one for one in concepts if not names(sentence, one)] == []


def test_every_line_of_everyday_words_says_what_the_law_says() -> None:
    """Three hundred of them at least, each with both sides in every column."""
    assert len(EVERYDAY) >= 300
    assert [row for row in EVERYDAY if any(column.count(" => ") != 1 for column in row[2:])] == []
    assert {row[1] for row in EVERYDAY} <= {row[1].partition(";")[0] for row in ROWS}


@pytest.mark.parametrize(
    ("sentence", "answers"),
    [
        ("老公家暴怎么办", {"配偶", "虐待"}),
        ("老闆不給薪水可以怎麼做?", {"劳动报酬"}),
        ("公司拖欠工资", {"劳动报酬"}),
        ("被狗咬了谁赔钱", {"饲养"}),
        ("The landlord won't return my deposit", {"lessor", "出租人", "earnest"}),
        ("车祸之后司机跑了", {"交通事故", "机动车"}),
    ],
)
def test_everyday_words_ask_for_the_laws_words(sentence: str, answers: set[str]) -> None:
    """As people tell what happened to them, in three languages."""
    thesaurus = everyday()
    found = {
        one.term
        for named in thesaurus.matches(fold_term(sentence))
        for one in thesaurus.in_law(named.concepts)
    }
    assert answers - found == set()


def test_the_laws_words_ask_for_no_everyday_ones() -> None:
    """What stands behind the arrow is found, and finds nothing."""
    for sentence in ("夫妻双方自愿离婚的", "用人单位应当支付劳动报酬", "liability for animals"):
        said = {
            one.id for named in everyday().matches(fold_term(sentence)) for one in named.concepts
        }
        assert said <= {"fam-say-get-divorced"}


@pytest.mark.parametrize(
    ("sentence", "concept"),
    [
        ("以上诉讼请求均不予支持", "gen-appeal"),
        ("双方和解除合同外别无争议", "gen-settlement"),
        ("合同，法不责众", "con-contract-law"),
        ("The first, instance by instance, failed.", "gen-first-instance"),
    ],
)
def test_terms_across_words_or_punctuation_are_not_found(sentence: str, concept: str) -> None:
    """上诉 does not stand in 以上诉讼, and a comma ends a phrase."""
    assert concept in {one.id for one in legal().concepts}
    assert not names(sentence, concept)


def test_scripts_name_the_same_concepts() -> None:
    """A Taiwan word, its mainland word and its English word lead to one line."""
    for term in ("智慧財產權", "知识产权", "intellectual property"):
        assert names(term, "ip-intellectual-property")


def test_an_alternative_across_languages_outweighs_one_within() -> None:
    """Asked in Chinese, English leads, and the other way round; the asked word is none of them."""
    concept = Concept("x", "", ("撤销", "改判"), ("set aside", "overturn"))
    thesaurus = Thesaurus([concept], Trust(across=0.8, within=0.2, lone_word=0.5))
    chinese = {a.term: a.p for a in thesaurus.alternatives("撤销", [concept])}
    assert chinese["overturn"] == pytest.approx(0.8 / 1.1)
    assert chinese["set"] == chinese["asid"] == pytest.approx(0.4)
    assert chinese["改判"] == pytest.approx(0.2 / 1.1)
    assert "撤销" not in chinese
    english = {a.term: a.p for a in thesaurus.alternatives("overturned", [concept])}
    assert english["撤销"] == pytest.approx(0.4)
    assert "overturn" not in english
    assert {a.term: a.p for a in thesaurus.alternatives("set aside", [concept])}["撤销"] == 0.8


def test_alternatives_are_probabilities_in_falling_order() -> None:
    """For every term of every concept, as a query needs them."""
    thesaurus = legal()
    for concept in thesaurus.concepts[::7]:
        for term in concept.terms:
            found = thesaurus.alternatives(term, thesaurus.concepts_of(term))
            assert all(0 < one.p < 1 for one in found)
            assert [one.p for one in found] == sorted((one.p for one in found), reverse=True)
            assert len({one.term for one in found}) == len(found)


def test_an_ambiguous_term_shares_among_its_senses() -> None:
    """`claim` of a plaintiff, of a creditor, of a patent: none of them is sure."""
    thesaurus = legal()
    senses = thesaurus.concepts_of("claims")
    assert len(senses) > 1
    one = thesaurus.alternatives("claims", senses[:1])[0]
    assert thesaurus.alternatives("claims", senses)[0].p < one.p


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    """The error says where the columns are wrong."""
    path = tmp_path / "t.tsv"
    path.write_text("# c\nx-y\tsense\t甲\t甲\ta\nx-z\tsense\t乙\t乙\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"t\.tsv:3: 4 columns"):
        load(path)


def test_index_terms_are_what_the_analyzer_would_index() -> None:
    """A word jieba knows is one term; a phrase is its telling words; English drops common words."""
    assert index_terms("知识产权") == ("知识产权",)
    assert set(index_terms("我叫mt暢爽版")) >= {"mt"}
    assert index_terms("burden of proof") == ("burden", "proof")
