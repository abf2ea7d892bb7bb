"""Feedback becomes a collection, by votes, over what is live; it can be kept and measured again."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.evaluate import collection_of
from bot.migrations import MIGRATIONS
from bot.records.conversation import Conversation, Judgement, Question
from corpus.models import PassageRecord
from index.evaluation.collection import Collection, JudgedPassage, read_collection, write_collection
from tests.bot.conftest import CommandLine
from tests.bot.json_schemas import COUNT, EVALUATE, validate
from tests.databases import open_migrated

CITATIONS = ("AAAAAAAA-1", "AAAAAAAA-2", "GONEGONE-1", "")


def passages() -> list[PassageRecord]:
    """Two live passages."""
    return [
        PassageRecord(
            key, "AAAAAAAA", key, 0, 4, f"text {key}", f"¶ {key}", None, "", "T", None, None, None
        )
        for key in (1, 2)
    ]


@given(
    st.lists(
        st.builds(
            Judgement,
            st.sampled_from(["why?", " Why?  ", "when?", ""]),
            st.sampled_from(CITATIONS),
            st.just("1.1"),
            st.booleans(),
        ),
        max_size=30,
    )
)
def test_votes_decide(judgements: list[Judgement]) -> None:
    """A passage is relevant while more are for it than against; what is not live counts nothing."""
    collection = collection_of(judgements, passages())
    expected: dict[str, set[str]] = {}
    for question in ("why?", "when?"):
        for citation in ("AAAAAAAA-1", "AAAAAAAA-2"):
            votes = [
                judgement.useful
                for judgement in judgements
                if judgement.citation == citation and judgement.question.strip().lower() == question
            ]
            if votes.count(True) > votes.count(False):
                expected.setdefault(question, set()).add(citation)
    relevant = {
        collection.queries[query].strip().lower(): set(collection.qrels[query])
        for query in collection.queries
    }
    assert relevant == expected
    assert [judgement.id for judgement in collection.passages] == ["AAAAAAAA-1", "AAAAAAAA-2"]


words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
names = st.text("abc123-", min_size=1, max_size=8)


@given(
    st.lists(
        st.builds(JudgedPassage, names, words, words), max_size=5, unique_by=lambda each: each.id
    ),
    st.dictionaries(names, words, max_size=4),
    st.dictionaries(
        names, st.dictionaries(names, st.integers(1, 3), min_size=1, max_size=4), max_size=4
    ),
)
def test_a_collection_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory,
    judged: list[JudgedPassage],
    queries: dict[str, str],
    qrels: dict[str, dict[str, int]],
) -> None:
    """Whatever the texts hold, line separators among it."""
    folder = tmp_path_factory.mktemp("collections") / "mine"
    collection = Collection("mine", tuple(judged), queries, qrels)
    write_collection(collection, folder)
    assert read_collection(folder) == collection


def judge(data: Path, question: str, citation: str, *votes: bool) -> None:
    """What people who were shown a passage for a question thought of it."""
    database = open_migrated("", folder=data, migrations=MIGRATIONS)
    conversation = Conversation(database)
    number = len(conversation.judgements()) + 1
    key = conversation.ask(Question(-5, 0, number, 7, question, "2026-11-22T12:00:00Z"))
    conversation.answer(key.key, number + 100, [citation], index_version="1.2")
    for person, useful in enumerate(votes, 1):
        conversation.judge(key.key, person, useful=useful)
    database.dispose()


def test_the_command_measures_over_feedback(filed: Path, pincite: CommandLine) -> None:
    """The figures are those of the live library; what is kept in a folder measures the same."""
    questions = ("who repairs the roof?", "when is the rent due?")
    answers = pincite("ask", "--json", "-k", "1", stdin="\n".join(questions)).shapes
    roof, rent = (shape["hits"][0]["citation"] for shape in answers)
    judge(filed, questions[0], roof, True, True, False)
    judge(filed, "what was found on the 屋頂?", rent, True)
    judge(filed, "what?", rent, False)
    ran = pincite("evaluate", "--from-feedback", "--save", "mine", "--json")
    assert (ran.status, ran.err) == (0, "")
    (shape,) = ran.shapes
    with_judgements = {**EVALUATE, "properties": {**EVALUATE["properties"], "judgements": COUNT}}
    validate(shape, with_judgements)
    assert shape["judgements"] == 5
    (figures,) = shape["collections"]
    passage_count = sum(document["passages"] for document in pincite("documents", "--json").shapes)
    assert (figures["name"], figures["passages"], figures["queries"]) == (
        "feedback",
        passage_count,
        2,
    )
    assert figures["R@1"] == 0.5, "the roof comes first, the rent does not for a leaking roof"
    (again,) = pincite("evaluate", "mine", "--json").shapes[0]["collections"]
    for name in ("R@1", "R@5", "MRR@10", "nDCG@10", "passages", "queries"):
        assert again[name] == figures[name], name
    out = pincite("evaluate", "--from-feedback", "mine").out
    assert "feedback: 5 judgements" in out
    assert "\nmine" in out


@pytest.mark.usefixtures("filed")
def test_without_feedback_there_is_nothing_to_measure(pincite: CommandLine) -> None:
    """The figures are zero, and nothing fails; a folder in use is not written over."""
    (shape,) = pincite("evaluate", "--from-feedback", "--json").shapes
    assert shape["judgements"] == shape["collections"][0]["queries"] == 0
    Path("full").mkdir()
    Path("full/precious").write_text("x")
    ran = pincite("evaluate", "--from-feedback", "--save", "full")
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert pincite("evaluate", "full", "--save", "other").status == 2
    assert [entry.name for entry in Path("full").iterdir()] == ["precious"]
