"""`ask`, `source` and `explain`: the shapes that are promised, verbatim text, and order."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from bot.cli.ask import LONGEST_QUESTION
from tests.bot.conftest import FILES, CommandLine
from tests.bot.json_schemas import ASK, SOURCE, validate

if TYPE_CHECKING:
    from pathlib import Path

QUESTION = "who repairs the roof?"


def test_an_answer_has_the_shape_promised(filed: Path, pincite: CommandLine) -> None:
    """Hits are ranked from 1, their scores never rise, and their spans lie within the text."""
    ran = pincite("ask", QUESTION, "--json")
    (answer,) = ran.shapes
    validate(answer, ASK)
    assert (ran.status, answer["answered"], answer["reason"]) == (0, True, None)
    assert [hit["rank"] for hit in answer["hits"]] == list(range(1, len(answer["hits"]) + 1))
    scores = [hit["score"] for hit in answer["hits"]]
    assert scores == sorted(scores, reverse=True)
    for hit in answer["hits"]:
        assert hit["end"] - hit["start"] == len(hit["text"])
        ends = [0, *(place for span in hit["highlights"] for place in span), len(hit["text"])]
        assert ends == sorted(ends)
        assert all(hit["text"][start:end].strip() for start, end in hit["highlights"])


def test_passages_are_quoted_verbatim(filed: Path, pincite: CommandLine) -> None:
    """Plain output into a pipe holds the passage as it stands in the file, and its citation."""
    hit = pincite("ask", QUESTION, "-k", "1", "--json").shapes[0]["hits"][0]
    plain = pincite("ask", QUESTION, "-k", "1")
    assert hit["text"] in FILES["lease.txt"]
    assert hit["text"] in plain.out
    first = plain.out.splitlines()[0]
    source = f"{hit['title']} · {hit['date']} · {hit['pin']} · {hit['citation']}"
    assert first == f"1. {source} · probable"
    assert 0.4 <= hit["confidence"] < 0.8
    assert "\x1b" not in plain.out


def test_lines_of_input_are_answered_in_order(filed: Path, pincite: CommandLine) -> None:
    """One object a line, for empty lines, bad bytes and overlong lines too; status 1 for these."""
    long = "x" * (LONGEST_QUESTION + 1)
    typed = (
        f"{QUESTION}\r\n\n屋頂漏水\n".encode()
        + b"roof \xff\n"
        + f"{long}\nthe roof repairs".encode()
    )
    ran = pincite("ask", "--json", stdin=typed)
    for answer in ran.shapes:
        validate(answer, ASK)
    assert [answer["question"] for answer in ran.shapes] == [
        QUESTION, "", "屋頂漏水", "roof \N{REPLACEMENT CHARACTER}", long, "the roof repairs",
    ]  # fmt: skip
    assert [answer["answered"] for answer in ran.shapes] == [True, False, True, True, False, True]
    assert "4,096" in ran.shapes[4]["reason"]
    assert ran.status == 1


def test_the_longest_question_is_asked(filed: Path, pincite: CommandLine) -> None:
    """4,096 characters are a question still."""
    question = (f"{QUESTION} " * LONGEST_QUESTION)[:LONGEST_QUESTION]
    assert pincite("ask", question, "--json").shapes[0]["answered"]


@pytest.mark.parametrize("question", ["", "   ", "???", "😀🎉", "the of and", "的了嗎"])
def test_what_asks_nothing_is_told_why(question: str, filed: Path, pincite: CommandLine) -> None:
    """Status 1 and a reason, in both forms."""
    ran = pincite("ask", question, "--json")
    (answer,) = ran.shapes
    validate(answer, ASK)
    assert (ran.status, answer["answered"]) == (1, False)
    assert answer["reason"]
    plain = pincite("ask", question)
    assert plain.status == 1
    assert answer["reason"][1:] in plain.out


def test_an_empty_folder_says_so(pincite: CommandLine) -> None:
    """The reason is that there are no documents, not that the words are unknown."""
    ran = pincite("ask", QUESTION, "--json")
    assert ran.status == 1
    assert "no documents" in ran.shapes[0]["reason"]


def test_a_matter_is_asked_alone(filed: Path, pincite: CommandLine, nowhere: Path) -> None:
    """However its name is written; an unknown one is refused with the list of those there are."""
    (nowhere / "other.txt").write_text("The roof is blue and nobody repairs it.\n")
    assert pincite("add", "other.txt", "--matter", "blue").status == 0
    for name, expected in (
        ("BLUE", {"blue"}),
        ("ｂｌｕｅ", {"blue"}),
        ("warehouse", {"warehouse"}),
    ):
        hits = pincite("ask", "roof", "--matter", name, "--json").shapes[0]["hits"]
        assert {hit["matter"] for hit in hits} == expected
    ran = pincite("ask", "roof", "--matter", "red")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == "pincite: no matter is named 'red'; there are: blue, warehouse\n"


def test_a_source_has_the_shape_promised(filed: Path, pincite: CommandLine) -> None:
    """It is found by the citation of a hit, as people write it, and says the same."""
    hit = pincite("ask", QUESTION, "-k", "1", "--json").shapes[0]["hits"][0]
    ran = pincite("source", f" {hit['citation'].lower()} ", "--json")
    (source,) = ran.shapes
    validate(source, SOURCE)
    assert ran.status == 0
    for name in (
        "citation",
        "document_id",
        "text",
        "start",
        "end",
        "pin",
        "title",
        "date",
        "matter",
    ):
        assert source[name] == hit[name]
    near = [*source["before"], source, *source["after"]]
    assert near == sorted(near, key=lambda passage: passage["start"])
    assert source["document"]["id"] == hit["document_id"]
    plain = pincite("source", hit["citation"])
    for text in (*(passage["text"] for passage in near), *source["cite_as"].values()):
        assert text in plain.out


def test_what_is_withdrawn_is_not_found(filed: Path, pincite: CommandLine) -> None:
    """After `remove` a document answers nothing and opens no more, and says so to the owner."""
    hit = pincite("ask", QUESTION, "-k", "1", "--json").shapes[0]["hits"][0]
    ran = pincite("remove", hit["document_id"])
    assert (ran.status, ran.out) == (0, f"withdrew {hit['document_id']} from warehouse\n")
    assert hit["citation"] not in pincite("ask", QUESTION, "--json").out
    again = pincite("source", hit["citation"])
    assert (again.status, again.out, again.err.count("\n")) == (1, "", 1)


def test_a_score_is_explained(filed: Path, pincite: CommandLine) -> None:
    """The explanation names the words that matched and comes to the score of the answer."""
    hit = pincite("ask", QUESTION, "-k", "1", "--json").shapes[0]["hits"][0]
    ran = pincite("explain", QUESTION, hit["citation"])
    assert ran.status == 0
    assert "roof" in ran.out
    match = re.search(rf"{hit['citation']} scores ([0-9.]+)", ran.out)
    assert match
    assert float(match[1]) == pytest.approx(hit["score"], abs=0.001)


def test_terminals_are_not_driven_by_documents(
    filed: Path, pincite: CommandLine, nowhere: Path
) -> None:
    """JSON keeps the text as it is; plain output shows its controls harmlessly."""
    text = "A roof\x1b[2J of \u202egold\u202c.\n\nThe second paragraph says more about the roof.\n"
    (nowhere / "evil.txt").write_text(text, encoding="utf-8")
    pincite("add", "evil.txt", "--matter", "evil")
    hits = pincite("ask", "gold roof", "--matter", "evil", "--json").shapes[0]["hits"]
    assert any("\x1b[2J of \u202egold" in hit["text"] for hit in hits)
    plain = pincite("ask", "gold roof", "--matter", "evil").out
    assert "␛[2J" in plain
    assert not {"\x1b", "\u202e"} & set(plain)
    source = pincite("source", hits[0]["citation"]).out
    assert not {"\x1b", "\u202e"} & set(source)


def test_json_is_utf_8_whatever_was_asked(filed: Path, pincite: CommandLine) -> None:
    """A lone surrogate, as undecodable arguments bring, becomes U+FFFD."""
    ran = pincite("ask", "roof \udcff", "--json")
    ran.out.encode("utf-8")
    assert json.loads(ran.out)["question"] == "roof \N{REPLACEMENT CHARACTER}"


@pytest.mark.shared
def test_shapes_agree_with_the_contract(filed: Path, pincite: CommandLine, shared: Path) -> None:
    """The schema that others rely on accepts what we print."""
    contract = json.loads((shared / "contract.schema.json").read_text(encoding="utf-8"))

    names = ("ask", "source", "documents", "add")
    schemas = {name: {"$ref": f"#/$defs/{name}", "$defs": contract["$defs"]} for name in names}

    (answer,) = pincite("ask", QUESTION, "--json").shapes
    validate(answer, schemas["ask"])
    validate(pincite("ask", "???", "--json").shapes[0], schemas["ask"])
    validate(
        pincite("source", answer["hits"][0]["citation"], "--json").shapes[0], schemas["source"]
    )
    for document in pincite("documents", "--json").shapes:
        validate(document, schemas["documents"])
    for filed_again in pincite("add", "nowhere.txt", "--json").shapes:
        validate(filed_again, schemas["add"])


def test_piped_questions_stand_alone(filed: Path, pincite: CommandLine) -> None:
    """A line that would lean on the one before it in a talk is answered as it would be first."""
    alone = pincite("ask", stdin="and then?\n").out
    assert pincite("ask", stdin="who repairs the roof?\nand then?\n").out.endswith(alone)
    assert alone.startswith("The question holds only common words")


def test_one_document_can_be_asked(filed: Path, pincite: CommandLine) -> None:
    """`--document` takes an id or a title, and says what it was limited to; else exit 1."""
    document = pincite("documents", "--json").shapes[0]
    for reference in (document["id"], document["title"], document["title"][:4].upper()):
        (answer,) = pincite("ask", QUESTION, "--json", "--document", reference).shapes
        assert document["id"] in {each["id"] for each in answer["within"]["documents"]}
        assert answer["within"]["words"] == []
    ran = pincite("ask", QUESTION, "--document", "no such title")
    assert (ran.status, ran.out) == (1, "")
    assert "no such title" in ran.err


def test_greetings_and_citations_are_told_from_questions(filed: Path, pincite: CommandLine) -> None:
    """`kind` says which: a greeting has no hits, a citation id opens its passage."""
    (greeting,) = pincite("ask", "thank you!", "--json").shapes
    assert (greeting["kind"], greeting["hits"], greeting["answered"]) == ("greeting", [], False)
    (answer,) = pincite("ask", QUESTION, "--json").shapes
    assert answer["kind"] == "question"
    citation = answer["hits"][0]["citation"]
    (opened,) = pincite("ask", citation.lower(), "--json").shapes
    assert opened["kind"] == "citation"
    assert [hit["citation"] for hit in opened["hits"]] == [citation]
