"""`add`, `documents` and `remove`: one outcome for every file, and a list of what is held."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from bot.migrations import MIGRATIONS
from bot.texts.reason_sentences import english_sentence
from corpus.library import Library
from corpus.reading.read import read
from corpus.reasons import Reason
from corpus.storage.database import open_database
from tests.bot.conftest import FILES, CommandLine
from tests.bot.json_schemas import ADD, DOCUMENTS, validate


def test_every_file_gets_an_outcome(pincite: CommandLine, nowhere: Path) -> None:
    """Added, then unchanged, then replaced; in JSON and in words."""
    folder = nowhere / "in"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    ran = pincite("add", folder, "--matter", "warehouse", "--json")
    for outcome in ran.shapes:
        validate(outcome, ADD)
    assert ran.status == 0
    assert [(x["outcome"], x["matter"]) for x in ran.shapes] == [("added", "warehouse")] * 2
    again = pincite("add", folder, "--matter", "warehouse")
    assert again.status == 0
    assert [line.split()[0] for line in again.out.splitlines()] == ["unchanged"] * 2
    (folder / "memo.txt").write_text(FILES["memo.txt"] + "\n補記：屋頂已修好。\n", encoding="utf-8")
    replaced = pincite("add", folder, "--matter", "warehouse", "--json").shapes[-1]
    assert replaced["outcome"] == "replaced"
    assert replaced["supersedes"] == ran.shapes[-1]["document_id"]
    assert pincite("remove", replaced["document_id"]).status == 0
    # Each change is on record, and what changed nothing is not.
    rows = pincite("export-audit", "--json").shapes
    assert [row["kind"] for row in rows] == ["uploaded"] * 3 + ["withdrawn"]
    assert {row["via"] for row in rows} == {"command line"}
    assert rows[2]["citations"] == [f"{replaced['document_id']}-1"]
    assert rows[2]["details"]["supersedes"] == replaced["supersedes"]


def test_refusals_are_outcomes_and_status_1(pincite: CommandLine, nowhere: Path) -> None:
    """A missing file, an empty one and a good one: each has its line, and the good one is filed."""
    (nowhere / "empty.txt").write_text("")
    (nowhere / "good.txt").write_text(FILES["lease.txt"])
    ran = pincite("add", "missing.txt", "empty.txt", "good.txt", "--json")
    for outcome in ran.shapes:
        validate(outcome, ADD)
    assert ran.status == 1
    assert [x["outcome"] for x in ran.shapes] == ["refused", "refused", "added"]
    assert all(x["reason"] for x in ran.shapes[:2])
    plain = pincite("add", "missing.txt")
    assert plain.status == 1
    assert plain.out.startswith("refused")
    assert plain.out.count("\n") == 1


def test_names_that_are_no_text_are_shown(pincite: CommandLine, nowhere: Path) -> None:
    """A file name of undecodable bytes neither breaks JSON nor drives the terminal."""
    name = os.fsdecode(b"roof-\xff-\x1b[2J.txt")
    (nowhere / name).write_text(FILES["lease.txt"])
    ran = pincite("add", name, "--json")
    ran.out.encode("utf-8")
    (outcome,) = ran.shapes
    validate(outcome, ADD)
    plain = pincite("add", name)
    assert plain.out.rstrip("\n").isprintable()


def test_the_list_has_the_shape_promised(filed: Path, pincite: CommandLine) -> None:
    """Each document with its title, date and matters; narrowed by matter."""
    ran = pincite("documents", "--json")
    for document in ran.shapes:
        validate(document, DOCUMENTS)
    assert {(d["title"], d["date"]) for d in ran.shapes} == {
        ("Lease of the warehouse", "2024-05-01"),
        ("倉庫租賃備忘錄", "2024-06-12"),
    }
    plain = pincite("documents", "--matter", "Warehouse")
    assert len(plain.out.splitlines()) == 2
    assert pincite("documents", "--matter", "nowhere").status == 1


def test_one_matter_at_a_time_can_be_left(filed: Path, pincite: CommandLine) -> None:
    """What is withdrawn from one matter stays in the others."""
    Path("lease.txt").write_text(FILES["lease.txt"], encoding="utf-8")
    (outcome,) = pincite("add", "lease.txt", "--json").shapes
    document = outcome["document_id"]
    listed = next(d for d in pincite("documents", "--json").shapes if d["id"] == document)
    assert listed["matters"] == ["documents", "warehouse"]
    assert pincite("remove", document, "--matter", "warehouse").status == 0
    listed = next(d for d in pincite("documents", "--json").shapes if d["id"] == document)
    assert listed["matters"] == ["documents"]
    assert pincite("remove", document).out == f"withdrew {document} from documents\n"
    again = pincite("remove", document)
    assert (again.status, again.err.count("\n")) == (1, 1)


@pytest.mark.parametrize("named", [".", "data", "data/pincite.sqlite3"])
def test_the_data_folder_is_passed_over(named: str, filed: Path, pincite: CommandLine) -> None:
    """`pincite add .` where the data folder lies does not file the index and the database."""
    Path("letter.txt").write_text("The roof leaks in May.")
    ran = pincite("add", named, "--json")
    assert ran.status == 0
    assert [Path(shape["path"]).name for shape in ran.shapes] == ["letter.txt"] * (named == ".")


@pytest.mark.parametrize("arguments", [["add", ""], ["documents", "--data", ""], ["backup", ""]])
def test_an_empty_path_is_not_the_current_folder(
    arguments: list[str], nowhere: Path, pincite: CommandLine
) -> None:
    """As an unset variable leaves it: wrong usage, and nothing is touched."""
    ran = pincite(*arguments)
    assert (ran.status, ran.err.count("\n")) == (2, 1)
    assert "it is empty" in ran.err
    assert not list(nowhere.iterdir())


def test_what_was_not_read_is_told(pincite: CommandLine, nowhere: Path) -> None:
    """When it is added and ever after, in words and JSON; and a whole document says nothing."""
    reason = Reason("scanned_not_read", {"scanned": 2, "pages": 9, "numbers": "3, 4"})
    note = english_sentence(reason)
    assert note.startswith("2 of its 9 pages are scanned (page 3, 4)")
    path = nowhere / "scan.txt"
    path.write_text(FILES["lease.txt"], encoding="utf-8")
    (nowhere / "data").mkdir()
    database = open_database("", folder=nowhere / "data", migrations=MIGRATIONS)
    reading = replace(read(path.read_bytes(), "scan.txt"), note=reason)
    first = Library(database).file(reading, matter="documents", path=str(path.resolve()))
    twin = Library(database).file(replace(reading, note=None), matter="other", path="/x")
    database.dispose()
    assert (first.outcome, first.note) == ("added", reason)
    assert (twin.outcome, twin.note) == ("added", reason)
    (nowhere / "whole.txt").write_text(FILES["memo.txt"], encoding="utf-8")
    shapes = pincite("add", path, nowhere / "whole.txt", "--json").shapes
    assert [(x["outcome"], x["reason"]) for x in shapes] == [("unchanged", note), ("added", None)]
    assert pincite("add", path).out.rstrip().endswith(note)
    citation = f"{shapes[0]['document_id']}-1"
    assert pincite("source", citation, "--json").shapes[0]["document"]["note"] == note
    assert note in pincite("source", citation).out
    listed = {x["id"]: x["note"] for x in pincite("documents", "--json").shapes}
    assert listed == {shapes[0]["document_id"]: note, shapes[1]["document_id"]: None}
    assert pincite("documents").out.count(note) == 1


def test_a_folder_of_nothing_says_so(pincite: CommandLine, nowhere: Path) -> None:
    """Silence would leave open whether it was looked at; what is hidden is named as passed over."""
    (nowhere / "empty").mkdir()
    (nowhere / "empty" / ".hidden").write_text("x")
    ran = pincite("add", "empty")
    assert (ran.status, ran.out) == (0, "")
    assert ran.err == "pincite: there are no files there; hidden ones are passed over\n"
    assert pincite("add", "empty", "--json").out == ""
