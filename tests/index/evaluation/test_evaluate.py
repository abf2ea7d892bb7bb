from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.errors import CollectionError
from index.evaluation.collection import Collection, JudgedPassage, read_collection
from index.evaluation.evaluate import evaluate, quality

QUERIES = {"q1": "上诉", "q2": "赔偿", "q3": "量子"}
QRELS = {"q1": {"p1": 1}, "q2": {"p1": 1, "p2": 1}, "q3": {"p2": 1}}
PASSAGES = (JudgedPassage("p1", "", "上诉被驳回"), JudgedPassage("p2", "", "赔偿损失"))


def write(folder: Path) -> Path:
    rows = [{"id": p.id, "title": p.title, "text": p.text} for p in PASSAGES]
    (folder / "passages.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    asked = [{"id": key, "text": text} for key, text in QUERIES.items()]
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, asked)), "utf-8")
    qrels = [f"{q}\t{p}\t{n}" for q, found in QRELS.items() for p, n in found.items()]
    (folder / "qrels.tsv").write_text("\n".join(qrels), "utf-8")
    return folder


def test_a_collection_reads_back(tmp_path: Path) -> None:
    """What was written is what is measured."""
    assert read_collection(write(tmp_path)) == Collection(tmp_path.name, PASSAGES, QUERIES, QRELS)


@pytest.mark.parametrize("name", ["passages.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_bad_line_is_named(tmp_path: Path, name: str) -> None:
    """The message holds the file and the line at fault; a missing file is named too."""
    path = write(tmp_path) / name
    path.write_text(path.read_text("utf-8") + "\n\nnonsense\n", "utf-8")
    with pytest.raises(CollectionError, match=rf"{name}:\d+ is "):
        read_collection(tmp_path)
    path.unlink()
    with pytest.raises(CollectionError, match=name):
        read_collection(tmp_path)


def test_measures_are_those_counted_by_hand() -> None:
    """q1: its passage first; q2: one of two first; q3: nothing found, which counts as zero."""
    measures = evaluate(Collection("c", PASSAGES, QUERIES, QRELS))
    assert measures.quality["R@1"] == pytest.approx((1 + 0.5 + 0) / 3)
    assert measures.quality["MRR@10"] == pytest.approx((1 + 1 + 0) / 3)
    assert (measures.passages, measures.queries, measures.refused) == (2, 3, 1)


def test_measures_agree_with_their_definitions() -> None:
    """A run with a relevant passage at rank 2 of 3."""
    found = quality({"q": {"b": 1}}, {"q": {"a": 3.0, "b": 2.0, "c": 1.0}})
    assert found["R@1"] == 0
    assert found["R@5"] == found["R@10"] == 1
    assert found["MRR@10"] == 0.5
    assert found["nDCG@10"] == pytest.approx(0.6309, abs=1e-4)


@pytest.mark.slow
@pytest.mark.shared
def test_the_plain_cards_figures_are_reached(shared: Path) -> None:
    """R@1 on real questions is not below that of plain jieba and rank_bm25."""
    for name, least in {"xquad-zh": 0.920, "cmrc2018-trial": 0.963}.items():
        assert evaluate(read_collection(shared / "collections" / name)).quality["R@1"] >= least
