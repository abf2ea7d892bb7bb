"""What an engine keeps on disk, alone and beside other processes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from corpus.models import Scope
from index.embedded import engine as embedded
from index.embedded.engine import EmbeddedEngine
from index.embedded.segment_reader import SegmentReader, merged
from index.engine.protocol import Alternative, Clause, Query
from index.engine.terms import Analyzed
from index.text import analyzer

QUERY = Query((Clause("a", (Alternative("a"),)),))


def add(engine: EmbeddedEngine, *numbers: int) -> None:
    """Add documents D<n> that hold `a` n times, and make all that are held live."""
    live = {name: frozenset({"m"}) for name in engine.holds()}
    live |= {f"D{n}": frozenset({"m"}) for n in numbers}
    engine.update([Analyzed(n, f"D{n}", ["a"] * n) for n in numbers], live)


def found(engine: EmbeddedEngine) -> list[tuple[int, float]]:
    return [(c.key, c.score) for c in engine.search(QUERY, scope=Scope.all(), k=9).candidates]


def test_an_index_saved_is_the_index_opened(tmp_path: Path) -> None:
    """What was kept answers the same, and knows which documents it holds."""
    engine = EmbeddedEngine(tmp_path)
    add(engine, 1, 2, 3)
    before = found(engine)
    engine.save()
    assert found(engine) == before
    opened = EmbeddedEngine(tmp_path)
    add(opened)
    assert opened.holds() == {"D1", "D2", "D3"}
    assert found(opened) == before


@pytest.mark.parametrize("damage", ["manifest", "part", "version"])
def test_a_damaged_or_foreign_index_is_started_anew(
    tmp_path: Path, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It can always be rebuilt from the database, so it is never trusted against its own signs."""
    engine = EmbeddedEngine(tmp_path)
    add(engine, 1)
    engine.save()
    match damage:
        case "manifest":
            (tmp_path / "manifest.json").write_text("{")
        case "part":
            next(tmp_path.glob("segment-*/hashes.npy")).unlink()
        case _:
            monkeypatch.setattr(analyzer, "VERSION", "another")
    assert EmbeddedEngine(tmp_path).holds() == frozenset()


def test_what_another_process_kept_is_taken_over_not_overwritten(tmp_path: Path) -> None:
    """Of two that started alike, the second to save gives way, and then goes on from the first."""
    one, two = EmbeddedEngine(tmp_path), EmbeddedEngine(tmp_path)
    add(one, 1, 2)
    add(two, 3)
    one.save()
    two.save()
    assert EmbeddedEngine(tmp_path).holds() == {"D1", "D2"}
    two.reopen()
    assert two.holds() == {"D1", "D2"}
    add(two, 3)
    two.save()
    one.reopen()
    assert one.holds() == {"D1", "D2", "D3"}


def test_removed_segments_stay_readable_to_whoever_maps_them(tmp_path: Path) -> None:
    """A reader of an old generation answers on after the next one was written."""
    writer = EmbeddedEngine(tmp_path)
    add(writer, 1, 2)
    writer.save()
    reader = EmbeddedEngine(tmp_path)
    add(reader)
    before = found(reader)
    add(writer, *range(3, 30))
    writer.save()
    assert found(reader) == before


def test_nothing_new_is_nothing_written(tmp_path: Path) -> None:
    """Saving twice writes once."""
    engine = EmbeddedEngine(tmp_path)
    add(engine, 1)
    engine.save()
    manifest = (tmp_path / "manifest.json").read_text()
    engine.save()
    EmbeddedEngine(tmp_path).save()
    assert (tmp_path / "manifest.json").read_text() == manifest


def test_what_takes_long_is_seen_part_by_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While many passages are taken in, whole documents can be found; what was read stays."""
    monkeypatch.setattr("index.embedded.engine.SEGMENT_SIZE", 4)
    engine = EmbeddedEngine(tmp_path)
    seen: list[list[int]] = []

    def passages() -> Iterator[Analyzed]:
        for number in range(18):
            seen.append(sorted(key for key, _ in found(engine)))
            yield Analyzed(number, f"D{number // 3:02}", ["a"])

    engine.update(passages(), {f"D{number:02}": frozenset({"m"}) for number in range(6)})
    # A segment ends with a document, and is there when the one after the next document comes.
    assert [len(each) for each in seen] == [0] * 7 + [6] * 6 + [9] * 5
    assert all(each == list(range(len(each))) for each in seen)
    assert EmbeddedEngine(tmp_path).holds() == engine.holds()


def test_what_is_filed_again_during_a_merge_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A merge leaves withdrawn documents out; one that is filed again meanwhile is not lost."""
    monkeypatch.setattr(embedded, "SEGMENT_SIZE", 3)
    engine = EmbeddedEngine(tmp_path)
    merges: list[frozenset[str]] = []

    def merge_and_file_again(readers: Sequence[SegmentReader], folder: Path) -> SegmentReader:
        result = merged(readers, folder)
        names = frozenset(name.decode() for name in result.segment.document_ids.tolist())
        merges.append(names)
        engine.update((), {"D1": frozenset({"m"})}, partial=True)
        return result

    add(engine, 1, 2)
    engine.update((), {"D1": frozenset()}, partial=True)
    monkeypatch.setattr(embedded, "merged", merge_and_file_again)
    live = {f"D{number}": frozenset({"m"}) for number in (3, 4)}
    engine.update([Analyzed(n, f"D{n}", ["a"] * n) for n in (3, 4)], live, partial=True)
    engine.settle()
    assert merges == [{"D2", "D3", "D4"}]  # the merge did leave it out
    assert {key for key, _ in found(engine)} == {1, 2, 3, 4}
    assert engine.lacking(["D1"]) == []
    engine.save()
    assert EmbeddedEngine(tmp_path).holds() == {"D1", "D2", "D3", "D4"}
