"""The same question gives the same scores, to the last bit, in every process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
from corpus.casefile import documents
from corpus.reading.read import read
from index.evaluation.collection import Collection, JudgedPassage
from pathlib import Path
from tempfile import TemporaryDirectory
from tools.judged import judge_collection
from index.vocabulary.tables import open_query_expander

passages = [
    JudgedPassage(f"{document.name} {passage.ordinal}", document.name, passage.text)
    for document in documents()
    for passage in read(document.read_bytes(), document.name).passages
]
questions = {
    "1": "why did the court of appeal reverse the judgment on damages for the copyright owner?",
    "2": "二审法院为什么撤销一审关于云服务器出租人赔偿著作权人损失的判决?",
    "3": "which notice did Sotomayor send to the company that leased the server?",
}
collection = Collection("casefile", tuple(passages), questions, {})
with TemporaryDirectory() as folder:
    for question in judge_collection(collection, open_query_expander(), Path(folder)):
        print(question.rows.tobytes().hex())
"""


def _rows(hash_seed: int) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": str(hash_seed)}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.mark.slow
def test_features_do_not_depend_on_the_order_of_sets() -> None:
    """Python orders a set of words anew in each process; sums must not follow it."""
    first, second, third = (_rows(seed) for seed in (1, 2, 3))
    assert first
    assert first == second == third
