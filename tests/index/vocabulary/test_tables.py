"""The translation table is opened where it is, and built by a child process where it is not."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from index.vocabulary import tables
from index.vocabulary.mapped_tables import FORMAT, write_table
from index.vocabulary.tables import CEDICT, dictionary_date, open_or_build, packaged_file, version

FEW = "tests.tools.few_entries"


@pytest.mark.slow
def test_the_table_is_built_where_there_is_none_and_again_for_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First run, later run, older version, damage; with progress, and the licence beside it."""
    monkeypatch.setattr(tables, "BUILDER", FEW)
    steps: list[tuple[int, int]] = []
    table = open_or_build(tmp_path, lambda *step: steps.append(step))
    assert table.lexicons["english"].get("appeal")[0].term == "上诉"
    assert steps == [(n, 6) for n in range(1, 7)]
    assert "CC-CEDICT" in (tmp_path / "NOTICE").read_text(encoding="utf-8")
    again = open_or_build(tmp_path, lambda *_: pytest.fail("built twice"))
    assert "CC-CEDICT" in again.header["attribution"]
    write_table(tmp_path / tables.FILE, "older", {"english": {}})
    open_or_build(tmp_path, lambda *step: steps.append(step))
    assert len(steps) == 12
    (tmp_path / tables.FILE).write_bytes(b"damaged")
    assert open_or_build(tmp_path).lexicons["english"].get("appeal")[0].term == "上诉"


def test_another_recipe_is_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """So are another file format and another dictionary: each stands in the version."""
    before = version()
    monkeypatch.setattr(tables, "RECIPE", 999)
    assert version() != before
    assert version().startswith(f"{FORMAT}.999.")


@pytest.mark.slow
def test_a_table_that_cannot_be_built_is_an_error_of_one_line(tmp_path: Path) -> None:
    """The real builder says what is in its way."""
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(OSError, match=r"was not built: .*file") as raised:
        open_or_build(tmp_path / "file")
    assert "Traceback" not in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.slow
def test_the_data_folder_is_used_where_the_shared_one_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a data folder to fall back on, it is an error."""
    monkeypatch.setattr(tables, "BUILDER", FEW)
    (tmp_path / "closed").write_text("no folder")
    monkeypatch.setattr(tables, "shared_folder", lambda: tmp_path / "closed" / "pincite")
    tables.open_table(tmp_path / "data")
    assert (tmp_path / "data" / tables.FILE).exists()
    with pytest.raises(OSError, match="was not built"):
        tables.open_table()


@pytest.mark.slow
def test_an_interrupted_wait_ends_the_builder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C after the first step: nothing goes on building behind."""
    monkeypatch.setattr(tables, "BUILDER", "tests.tools.endless")

    def interrupt(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_or_build(tmp_path, interrupt)  # comes back only when the child has ended


def test_the_dictionary_is_the_one_in_the_package() -> None:
    """Its own header's date is the version that the table carries."""
    with gzip.open(packaged_file(*CEDICT), "rt", encoding="utf-8") as file:
        date = next(line for line in file if line.startswith("#! date="))
    assert dictionary_date() == date.strip().partition("=")[2]
    assert dictionary_date() in version()
