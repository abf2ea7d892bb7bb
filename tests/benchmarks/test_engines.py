"""The comparison of engines, on very little."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from rank_bm25 import BM25Plus

from benchmarks import analysis, corpora, engines
from benchmarks.contenders import CONTENDERS, NEEDS
from index.engine.protocol import K1, B

pytestmark = pytest.mark.slow


def test_a_run_leaves_a_table_with_every_engine_that_is_installed_and_pictures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Engines with the formula agree with it wholly; a missing one is left out with a line."""
    names = ["rank_bm25", "bm25s", "FTS5", "Pincite"]
    arguments = ["--size", "400", "--questions", "12", "--out", str(tmp_path), "--only", *names]
    engines.main(arguments)
    printed = capsys.readouterr()
    rows = {line.split("|")[1].strip(): line for line in printed.out.splitlines() if "|" in line}
    for name in names:
        missing = [module for module in NEEDS.get(name, ()) if find_spec(module) is None]
        assert (name in rows) == (not missing)
        assert (f"{name} is left out" in printed.err) == bool(missing)
    assert rows["rank_bm25"].endswith("| 1.0000 |")
    assert rows["Pincite"].endswith("| 1.0000 |")
    assert (tmp_path / "synthetic-400.md").read_text("utf-8") == printed.out
    for picture in ("latency", "build"):
        file = tmp_path / f"synthetic-{picture}.png"
        assert file.read_bytes().startswith(b"\x89PNG")


def test_the_formula_counted_through_all_tokens_is_rank_bm25s() -> None:
    """What engines are judged by at sizes too large for rank_bm25 gives its scores."""
    corpus = corpora.synthetic(300, 20)
    oracle = BM25Plus(list(corpus.passages()), k1=K1, b=B, delta=0)
    for question, words in zip(corpus.questions, corpus.question_words(), strict=True):
        assert engines.formula(corpus, question) == pytest.approx(oracle.get_scores(words))


def test_a_corpus_is_the_same_at_every_run_and_after_keeping_it(tmp_path: Path) -> None:
    """The seed is fixed, and what other processes open is what was made."""
    one, two = corpora.synthetic(200, 10), corpora.synthetic(200, 10)
    one.save(tmp_path)
    for other in (two, corpora.Corpus.open(tmp_path)):
        assert np.array_equal(one.tokens, other.tokens)
        assert np.array_equal(one.offsets, other.offsets)
        assert one.questions == other.questions


def test_real_text_is_varied_and_asked_its_own_questions(tmp_path: Path) -> None:
    """Copies differ, and questions hold terms of the passages alone."""
    (tmp_path / "passages.jsonl").write_text('{"text": "the appeal was dismissed with costs"}\n')
    (tmp_path / "queries.jsonl").write_text('{"text": "was the appeal unheardof"}\n')
    corpus = corpora.real([tmp_path], 50, 5)
    copies = {tuple(passage) for passage in corpus.passages()}
    assert len(corpus) == 50
    assert len(copies) > 10
    assert {number for question in corpus.questions for number in question} <= set(
        corpus.tokens.tolist()
    )


def test_what_analysis_takes_is_shared_out(capsys: pytest.CaptureFixture[str]) -> None:
    """The run says how quick it was and jieba's share of it."""
    analysis.main(["--megabytes", "0.05"])
    printed = capsys.readouterr().out
    assert "MB/s" in printed
    assert "jieba (rjieba), of all" in printed


def test_what_may_be_missing_is_a_contender() -> None:
    """Every engine that needs something is one that is compared."""
    assert NEEDS.keys() <= CONTENDERS.keys()
