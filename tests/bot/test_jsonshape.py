"""JSON: always one line of valid UTF-8, and every shape as promised whatever the data hold."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jsonshape import answer_shape, dump, evaluation_shape, filed_shape, source_shape
from corpus.models import DocumentRecord, Filed, PassageRecord, Source
from corpus.reasons import Reason
from index.answer import Answer, Hit, Refusal
from index.evaluation.evaluate import Measures
from tests.bot.conftest import CommandLine
from tests.bot.json_schemas import ADD, ASK, EVALUATE, SOURCE

ANY_TEXT = st.text(st.characters(exclude_categories=()))
HAD_NO_SURROGATE = st.text()


@given(ANY_TEXT)
def test_a_line_is_always_valid_utf_8(text: str) -> None:
    """Lone surrogates become U+FFFD, one for one; nothing else changes."""
    line = dump({"text": text})
    line.encode("utf-8")
    assert len(line.splitlines()) == 1
    read = json.loads(line)["text"]
    assert read == "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)


@given(HAD_NO_SURROGATE)
def test_text_is_kept_as_it_is(text: str) -> None:
    """A round trip through a line gives the very same text."""
    assert json.loads(dump({"text": text})) == {"text": text}


def _hit(rank: int) -> Hit:
    return Hit(
        rank=rank,
        score=3.5 / rank,
        confidence=0.5,
        citation="K7Q2M3PD-4",
        document_id="K7Q2M3PD",
        passage_id="K7Q2M3PD-4",
        matter="documents",
        title="判決",
        date=None,
        pin="¶ 4",
        page=None,
        start=10,
        end=14,
        text="撤銷原判",
        highlights=((0, 2), (2, 4)),
        matched=("撤銷", "原判"),
        answer=(0, 4),
    )


def test_an_answer() -> None:
    """Spans are lists, dates and pages may be unknown."""
    shape = json.loads(dump(answer_shape(Answer("why?", (_hit(1), _hit(2)), 1.23456))))
    jsonschema.validate(shape, ASK)
    assert shape["hits"][0]["highlights"] == [[0, 2], [2, 4]]
    assert (shape["hits"][0]["answer"], shape["hits"][0]["value"]) == ([0, 4], None)
    assert shape["took_ms"] == 1.235


@pytest.mark.parametrize("hits", [(), (_hit(1),)])
def test_a_refusal_keeps_the_nearest(hits: tuple[Hit, ...]) -> None:
    """`answered` is false, the reason a text, the nearest passages still there."""
    refusal = Refusal("unsure", ("量子",))
    shape = json.loads(dump(answer_shape(Answer("量子?", hits, 0.1, refusal))))
    jsonschema.validate(shape, ASK)
    assert (shape["answered"], len(shape["hits"])) == (False, len(hits))
    assert "量子" in shape["reason"]


def _passage(ordinal: int) -> PassageRecord:
    return PassageRecord(
        key=ordinal, document_id="K7Q2M3PD", ordinal=ordinal, start=ordinal, end=ordinal + 1,
        text="x", pin=f"¶ {ordinal}", page=3, heading="", title="t", date="2019-06",
        publisher=None, language=None,
    )  # fmt: skip


def test_a_source() -> None:
    """The document's own page is named `document`, its matters and path are left out."""
    document = DocumentRecord(
        id="K7Q2M3PD", title="t", date="2019-06", publisher=None, url=None, language="zh-Hant",
        sha256="0" * 64, media_type="text/plain", added="2026-01-02T03:04:05Z", matters=("a",),
        path="secret/place.txt", passages=3, superseded_by="ABCDEFGH1",
    )  # fmt: skip
    source = Source(_passage(2), (_passage(1),), (_passage(3),), document, "a")
    cite_as = dict.fromkeys(("plain", "gb7714", "bluebook", "oscola", "hk", "tw"), "c")
    shape = source_shape(source, cite_as)
    jsonschema.validate(json.loads(dump(shape)), SOURCE)
    assert "secret" not in dump(shape)
    assert [near["citation"] for near in shape["before"]] == ["K7Q2M3PD-1"]


def test_attachments_are_outcomes_within_outcomes() -> None:
    """As deep as e-mails go."""
    inner = Filed("a.eml/b.eml/c.pdf", "refused", "m", reason=Reason("encrypted_pdf"))
    middle = Filed("a.eml/b.eml", "added", "m", None, "K7Q2M3PD", 3, None, (inner,))
    outer = Filed("a.eml", "replaced", "m", None, "ABCDEFGH", 1, "BBBBBBBB", (middle,))
    shape = json.loads(dump(filed_shape(outer)))
    jsonschema.validate(shape, ADD)
    assert shape["attachments"][0]["attachments"][0]["reason"] == (
        "the PDF is encrypted: save it without a password and add that"
    )


def test_measures() -> None:
    """Figures under the names of the field."""
    quality = {"R@1": 0.5, "R@5": 1.0, "R@10": 1.0, "MRR@10": 0.75, "nDCG@10": 0.8}
    measures = Measures("c", 10, 2, quality, 0, 0.9, 1000.0, 1.0, 2.0, 0.1)
    shape = json.loads(dump(evaluation_shape([measures])))
    jsonschema.validate(shape, EVALUATE)
    assert shape["collections"][0]["MRR@10"] == 0.75


def test_the_command_measures_a_collection(pincite: CommandLine) -> None:
    """`evaluate --json` over a collection of one question, which finds its passage first."""
    folder = Path("judged")
    folder.mkdir()
    (folder / "passages.jsonl").write_text(
        '{"id": "a", "title": "", "text": "The landlord repairs the roof."}\n'
        '{"id": "b", "title": "", "text": "The tenant pays the rent."}\n'
    )
    (folder / "queries.jsonl").write_text('{"id": "1", "text": "who repairs the roof?"}\n')
    (folder / "qrels.tsv").write_text("1\ta\t1\n")
    ran = pincite("evaluate", folder, "--json")
    (shape,) = ran.shapes
    jsonschema.validate(shape, EVALUATE)
    assert ran.status == 0
    assert shape["collections"][0]["R@1"] == 1.0
    assert "judged" in pincite("evaluate", folder).out
    assert pincite("evaluate", "nowhere").status == 1
    assert pincite("evaluate", folder, "--plot", "picture.png").status == 0
    assert Path("picture.png").read_bytes().startswith(b"\x89PNG")
