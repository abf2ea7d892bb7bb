"""Versions of a document side by side: each unit once, and differences that lead to the other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import NotFound
from corpus.models import PassageRecord, Scope
from index.comparison import ComparedPair, compare_documents, differences_of
from index.search import Searcher
from tests.index.conftest import File

BEFORE = (
    "第一條　船舶停泊者，每夜繳納三十元。",
    "第二條　碼頭不得生火。",
    "第三條　晾網限於北側。",
    "第四條　本規則自公布日施行。",
)
AFTER = (
    "第一條　船舶停泊者，每夜繳納四十五元。",
    "第二條　碼頭不得生火。",
    "第二條之一　犬隻應繫繩。",
    "第四條　本規則自公布日施行。",
)


def passages(document: str, *texts: str) -> list[PassageRecord]:
    """Passages of a document, one for each text."""
    records, at = [], 0
    for ordinal, text in enumerate(texts, 1):
        record = PassageRecord(
            ordinal, document, ordinal, at, at + len(text), text, f"¶ {ordinal}", None, "", "t",
            None, None, None,
        )  # fmt: skip
        records.append(record)
        at += len(text) + 1
    return records


def kinds(pairs: list[ComparedPair]) -> list[tuple[str, str | None, str | None]]:
    """Kind and pins of each pair."""
    return [
        (
            pair.kind,
            pair.before.pin if pair.before else None,
            pair.after.pin if pair.after else None,
        )
        for pair in pairs
    ]


def test_articles() -> None:
    """What is the same, changed, added and removed, in the order of the later document."""
    pairs = compare_documents(passages("A", *BEFORE), passages("B", *AFTER))
    assert kinds(pairs)[:2] == [("changed", "第一條", "第一條"), ("same", "第二條", "第二條")]
    assert set(kinds(pairs)[2:4]) == {("added", None, "第二條之一"), ("removed", "第三條", None)}
    assert kinds(pairs)[4:] == [("same", "第四條", "第四條")]
    [(a, b, c, d)] = pairs[0].differences
    assert pairs[0].before
    assert pairs[0].after
    assert (pairs[0].before.text[a:b], pairs[0].after.text[c:d]) == ("三十", "四十五")


def test_articles_that_share_a_passage() -> None:
    """Each article is a unit, with its own number as the pin and its passage's citation."""
    pairs = compare_documents(passages("A", "\n".join(BEFORE)), passages("B", "\n".join(AFTER)))
    assert len(pairs) == 5
    assert {pair.after.citation for pair in pairs if pair.after} == {"B-1"}


def test_an_article_that_moves_down() -> None:
    """An article that gets another number is paired by its words."""
    later = ("第一條　新設之總則，說明本規則之目的。", *(
        text.replace("第三條", "第九條") for text in BEFORE
    ))  # fmt: skip
    pairs = compare_documents(passages("A", *BEFORE), passages("B", *later))
    assert ("changed", "第三條", "第九條") in kinds(pairs)


@given(
    st.lists(st.sampled_from("甲乙丙丁"), max_size=9),
    st.lists(st.sampled_from("甲乙丙丁"), max_size=9),
)
def test_each_unit_stands_in_one_pair(before: list[str], after: list[str]) -> None:
    """Nothing is lost and nothing is told twice, whatever the documents are."""
    texts = [[f"{letter}方負擔{letter}項費用。" for letter in side] for side in (before, after)]
    pairs = compare_documents(passages("A", *texts[0]), passages("B", *texts[1]))
    assert [pair.before.text for pair in pairs if pair.before] == texts[0]
    assert [pair.after.text for pair in pairs if pair.after] == texts[1]


@given(st.text("ab 12，。", max_size=40), st.text("ab 12，。", max_size=40))
def test_differences_lead_to_the_other_text(before: str, after: str) -> None:
    """With each difference replaced, both say the same but for white space and width."""
    text = before
    for a, b, c, d in reversed(differences_of(before, after)):
        text = text[:a] + after[c:d] + text[b:]
    fold = str.maketrans("，。", ",.")
    assert "".join(text.translate(fold).split()) == "".join(after.translate(fold).split())


def test_the_version_that_was_replaced(file: File, searcher: Searcher) -> None:
    """Without another document, it is compared with the one that it replaced, within the scope."""
    file(*BEFORE, path="rules.txt")
    later = file(*AFTER, path="rules.txt").document_id
    assert later
    assert len(searcher.compare(later, None, scope=Scope.all())) == 5
    with pytest.raises(NotFound):
        searcher.compare(later, None, scope=Scope.of("elsewhere"))
    other = file("A letter.", path="letter.txt").document_id
    assert other
    with pytest.raises(NotFound, match="replaced no other"):
        searcher.compare(other, None, scope=Scope.all())
