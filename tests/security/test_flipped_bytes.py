"""Flipped, cut and emptied files: never another answer, and what is lost is made anew."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bot.cli.program import run_command
from index.semantic.search import PassageVectors
from index.semantic.vectors import Vectors
from index.vocabulary.mapped_tables import TableUnusable, TranslationTable, write_table
from tests.bot.conftest import CommandLine

pytestmark = pytest.mark.slow

QUESTIONS = ("who repairs the roof?", "屋頂漏水", "when is the rent due?")


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an index and vectors, as `add` and a question leave it."""
    folder = tmp_path_factory.mktemp("healthy")
    (folder / "lease.txt").write_text(
        "Lease\n\nThe tenant pays the rent on the first day of each month.\n\n"
        "The landlord repairs the roof within thirty days of a notice.\n\n"
        "承租人於六月十日以電子郵件通知出租人屋頂漏水，並附上照片三張。\n",
        encoding="utf-8",
    )
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PINCITE_MEANING", "light")
        assert run_command(["--data", str(folder / "data"), "add", str(folder / "lease.txt")]) == 0
    return folder / "data"


def damaged_copies(file: Path) -> Iterator[tuple[str, bytes]]:
    """Ways in which a file's content can be lost."""
    content = file.read_bytes()
    dice = random.Random(file.name)
    for at in {0, len(content) - 1, len(content) // 2, dice.randrange(len(content))}:
        flipped = bytearray(content)
        flipped[at] ^= 1 << dice.randrange(8)
        yield f"a bit at {at}", bytes(flipped)
    yield "cut", content[: len(content) // 2]
    yield "empty", b""


FILES = ("index/manifest.json", "*.npy", "checksums.json", "current.json", "*.rows", "*.signs",
         "*.passages")  # fmt: skip


@pytest.mark.parametrize("pattern", FILES)
def test_no_damage_changes_an_answer(
    healthy: Path,
    nowhere: Path,
    pincite: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
    pattern: str,
) -> None:
    """Whichever file it is in: the same citations in the same order."""
    monkeypatch.setenv("PINCITE_MEANING", "light")

    def answers() -> list[list[str]]:
        asked = pincite("ask", "--json", "-k", "3", stdin="\n".join(QUESTIONS))
        assert "Traceback" not in asked.err
        return [[hit["citation"] for hit in shape["hits"]] for shape in asked.shapes]

    shutil.copytree(healthy, nowhere / "data")
    expected = answers()
    assert all(expected)
    paths = [path for path in sorted((nowhere / "data").rglob(pattern)) if path.stat().st_size]
    assert paths
    # One of many arrays is like another: their own test goes through all of them.
    for path in paths[:1]:
        relative = path.relative_to(nowhere / "data")
        original = healthy / relative if (healthy / relative).exists() else path
        for how, content in damaged_copies(original):
            shutil.rmtree(nowhere / "data")
            shutil.copytree(healthy, nowhere / "data")
            target = nowhere / "data" / relative
            if not target.exists():
                continue
            target.write_bytes(content)
            assert answers() == expected, (str(relative), how)
        doctor = pincite("doctor", "--offline")
        assert doctor.status == 0, doctor.out


def test_flipped_vectors_are_made_anew(tmp_path: Path) -> None:
    """The passage counts as missing, the others stay as they are, and it is added again."""
    dice = np.random.default_rng(7)

    def passages(numbers: list[int]) -> list[PassageVectors]:
        return [
            PassageVectors(number, dice.standard_normal((2, 128)).astype(np.float32))
            for number in numbers
        ]

    def opened() -> Vectors:
        return Vectors(tmp_path / "vectors", "model", 128)

    opened().add(passages([1, 2, 3]))
    [rows] = (tmp_path / "vectors").glob("*.rows")
    before = {file: file.read_bytes() for file in rows.parent.iterdir() if file.name != "lock"}
    expected = opened().of([1, 2, 3])
    for file, content in before.items():
        for at in range(0, len(content), max(1, len(content) // 40)):
            for path, whole in before.items():
                path.write_bytes(whole)
            flipped = bytearray(content)
            flipped[at] ^= 0x10
            file.write_bytes(flipped)
            vectors = opened()
            found = vectors.of([1, 2, 3])
            assert all(np.array_equal(found[n], expected[n]) for n in found), (file.suffix, at)
            missing = vectors.missing([1, 2, 3]).tolist()
            assert missing or file.suffix == ".json", (file.suffix, at)
            vectors.add(passages(missing))
            assert opened().missing([1, 2, 3]).tolist() == []


def test_a_flipped_table_is_refused(tmp_path: Path) -> None:
    """At every place, so that it is built again and never translates otherwise."""
    path = tmp_path / "t.psq"
    write_table(path, "1", {"one": {"lease": [("租約", 0.75)], "rent": [("租金", 0.5)]}})
    content = path.read_bytes()
    for at in range(len(content) - 16):  # behind it is the checksum's own name
        flipped = bytearray(content)
        flipped[at] ^= 1
        path.write_bytes(flipped)
        with pytest.raises(TableUnusable):
            TranslationTable.open(path, "1")
