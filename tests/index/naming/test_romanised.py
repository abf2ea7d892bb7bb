"""Parties of Chinese documents are named by their sound, in any usual spelling and order."""

from __future__ import annotations

import pytest

from corpus.models import DocumentFacts
from index.naming.directory import DocumentDirectory
from index.naming.document_names import DocumentNames
from index.naming.romanised import in_characters, names_by_spelling, spellings, wade_giles
from index.vocabulary.tables import open_query_expander

READINGS = open_query_expander().readings
NAMES = names_by_spelling(["郝立欣", "贺常戈", "单福", "吕小强", "谢欣怡"], READINGS)


@pytest.mark.parametrize(
    ("question", "understood"),
    [
        ("how long was Hao Lixin sentenced?", "how long was 郝立欣 sentenced?"),
        ("what did Lixin Hao pay", "what did 郝立欣 pay"),
        ("HAO Lixin", "郝立欣"),
        ("Hao, Lixin", "郝立欣"),
        ("Hao Li Xin's fine", "郝立欣's fine"),
        ("Hao Li-hsin", "郝立欣"),
        ("hao lixin prison", "郝立欣 prison"),
        ("hao li xin案判几年", "郝立欣案判几年"),
        # A surname's own reading, and ü in three spellings.
        ("Shan Fu", "单福"),
        ("Lü Xiaoqiang".replace("ü", "u"), "吕小强"),
        ("Lyu Xiaoqiang", "吕小强"),
        ("Hsieh Hsin-yi v. Hao Lixin", "谢欣怡 v. 郝立欣"),
        # What only resembles a name stays.
        ("can he change it", "can he change it"),
        ("the haolixin", "the haolixin"),
        ("Hao. Lixin", "Hao. Lixin"),
        ("", ""),
    ],
)
def test_names_are_put_into_their_characters(question: str, understood: str) -> None:
    text, written = in_characters(question, NAMES)
    assert text == understood
    # People are told of names as they wrote them.
    assert all(name in text and spelling in question for name, spelling in written.items())
    assert bool(written) == (text != question)


@pytest.mark.parametrize(
    ("pinyin", "spelt"),
    [("xin", "hsin"), ("zhong", "chung"), ("qian", "chien"), ("cai", "tsai"), ("zhi", "chih"),
     ("xue", "hsueh"), ("jun", "chun"), ("rui", "jui"), ("guo", "kuo"), ("luo", "lo")],
)  # fmt: skip
def test_wade_giles(pinyin: str, spelt: str) -> None:
    assert wade_giles(pinyin) == (spelt,)


def test_a_name_that_cannot_be_read_has_no_spelling() -> None:
    assert not spellings("郝X", READINGS)
    assert not spellings("郝", READINGS)
    assert not spellings("郝立欣贺常", READINGS)


def test_only_the_scopes_own_parties_are_understood() -> None:
    party = DocumentFacts("judgment", parties=("郝立欣",))
    directory = DocumentDirectory.of([DocumentNames("A", "判决书", facts=party)])
    other = DocumentDirectory.of([DocumentNames("B", "判决书")])
    assert directory.in_characters("Hao Lixin", READINGS) == ("郝立欣", {"郝立欣": "Hao Lixin"})
    assert other.in_characters("Hao Lixin", READINGS) == ("Hao Lixin", {})
