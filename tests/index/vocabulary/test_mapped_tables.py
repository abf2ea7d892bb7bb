"""The mapped file of translations: what is written is what is read, or it is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.atomic import replace_file
from index.vocabulary.mapped_tables import TableUnusable, TranslationTable, write_table

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
ROWS = st.lists(st.tuples(WORDS, st.floats(0.25, 1, width=32)), min_size=1, max_size=5)


@given(st.dictionaries(WORDS, ROWS, max_size=30), st.dictionaries(WORDS, ROWS, max_size=5), WORDS)
def test_a_lexicon_reads_like_the_dictionary_it_was_written_from(
    tmp_path_factory: pytest.TempPathFactory,
    one: dict[str, list[tuple[str, float]]],
    other: dict[str, list[tuple[str, float]]],
    unknown: str,
) -> None:
    """Round trip against a plain dict: every key, every term, every probability, in order."""
    path = tmp_path_factory.mktemp("table") / "t.psq"
    write_table(path, "v", {"one": one, "other": other}, attribution="somebody's")
    table = TranslationTable.open(path, "v")
    for name, entries in (("one", one), ("other", other)):
        lexicon = table.lexicons[name]
        assert len(lexicon) == len(entries)
        assert sorted(lexicon) == sorted(entries)
        for key in (*entries, unknown):
            found = [(a.term, a.p) for a in lexicon.get(key)]
            assert found == entries.get(key, [])
            assert (key in lexicon) == (key in entries)
    assert table.header["attribution"] == "somebody's"


def test_lone_surrogates_are_not_found_and_do_no_harm(tmp_path: Path) -> None:
    """A question may hold anything."""
    write_table(tmp_path / "t", "v", {"one": {"a?": [("b", 1.0)]}})
    assert TranslationTable.open(tmp_path / "t", "v").lexicons["one"].get("a\ud800") == ()
    assert "\udfff" not in TranslationTable.open(tmp_path / "t", "v").lexicons["one"]


@pytest.mark.parametrize("keep", [0, 3, 16, 40, 200])
def test_a_file_cut_short_is_refused(tmp_path: Path, keep: int) -> None:
    """Whatever part of a table is missing, it is not opened."""
    path = tmp_path / "t.psq"
    write_table(path, "v", {"one": {f"key{n}": [(f"term{n}", 0.5)] for n in range(50)}})
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(TableUnusable, match=r"t\.psq cannot be used"):
        TranslationTable.open(path, "v")


def test_a_file_of_another_version_a_strange_one_and_a_missing_one_are_refused(
    tmp_path: Path,
) -> None:
    """The message names the file, and what is wrong with it."""
    path = tmp_path / "t.psq"
    write_table(path, "1", {"one": {}})
    with pytest.raises(TableUnusable, match="is of version 1, not 2"):
        TranslationTable.open(path, "2")
    path.write_bytes(b"PK\x03\x04" + bytes(100))
    with pytest.raises(TableUnusable, match="no table of this format"):
        TranslationTable.open(path, "1")
    with pytest.raises(TableUnusable, match="cannot be used"):
        TranslationTable.open(tmp_path / "absent", "1")


def test_writing_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    """A reader sees the old table or the new one, never half of one."""
    path = tmp_path / "t.psq"
    write_table(path, "1", {"one": {"a": [("b", 1.0)]}})
    before = path.read_bytes()

    def half() -> Iterator[bytes]:
        yield before[:20]
        raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space left"):
        replace_file(path, half())
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["t.psq"]


def test_a_table_that_is_replaced_stays_readable_to_who_has_it_open(tmp_path: Path) -> None:
    """A rebuild does not disturb a running program."""
    path = tmp_path / "t.psq"
    write_table(path, "1", {"one": {"a": [("old", 1.0)]}})
    old = TranslationTable.open(path, "1")
    write_table(path, "1", {"one": {"a": [("new", 1.0)]}})
    assert old.lexicons["one"].get("a")[0].term == "old"
    assert TranslationTable.open(path, "1").lexicons["one"].get("a")[0].term == "new"


def test_the_same_entries_make_the_same_file(tmp_path: Path) -> None:
    """Order of insertion does not matter, so a table can be compared by its hash."""
    entries = {"b": [("x", 0.5), ("y", 0.5)], "a": [("y", 1.0)]}
    write_table(tmp_path / "1", "v", {"one": entries})
    write_table(tmp_path / "2", "v", {"one": dict(reversed(entries.items()))})
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()
    assert np.frombuffer((tmp_path / "1").read_bytes(), "<u1").size % 8 == 0
