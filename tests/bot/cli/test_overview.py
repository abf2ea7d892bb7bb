"""`compare`, `ask --each`, `timeline` and `table`: the shapes promised, and what people see."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import python_calamine

from tests.bot.conftest import LEASE
from tests.bot.json_schemas import COMPARE, EACH, TIMELINE, validate

if TYPE_CHECKING:
    from tests.bot.conftest import CommandLine


@pytest.fixture
def replaced(filed: Path, pincite: CommandLine) -> str:
    """The id of a lease that replaced another one."""
    Path("lease.txt").write_text(LEASE, "utf-8")
    assert pincite("add", "lease.txt").status == 0
    Path("lease.txt").write_text(LEASE.replace("thirty", "ninety"), "utf-8")
    (outcome,) = pincite("add", "lease.txt", "--json").shapes
    return str(outcome["document_id"])


def test_compare(replaced: str, pincite: CommandLine) -> None:
    """The changed paragraph with the word that changed; a title does as well as an id."""
    ran = pincite("compare", replaced, "--json")
    for shape in ran.shapes:
        validate(shape, COMPARE)
    (changed,) = [shape for shape in ran.shapes if shape["kind"] == "changed"]
    ((a, b, c, d),) = changed["differences"]
    assert changed["before"]["text"][a:b] == "thirty"
    assert changed["after"]["text"][c:d] == "ninety"
    plain = pincite("compare", replaced)
    assert "within [-thirty-] days" in plain.out
    assert "within {+ninety+} days" in plain.out
    assert plain.out.splitlines()[-1].startswith("1 changed, 0 added, 0 removed")
    before = changed["before"]["citation"].partition("-")[0]
    assert pincite("compare", before, replaced).out == plain.out
    assert pincite("compare", "備忘錄").status == 1
    assert pincite("compare", "no such thing").status == 1


def test_each(filed: Path, pincite: CommandLine) -> None:
    """One row a document; where nothing was found, it says so."""
    (answer,) = pincite("ask", "--each", "who repairs the roof?", "--json").shapes
    validate(answer, EACH)
    documents = [hit["document_id"] for hit in answer["hits"]]
    documents += [document["id"] for document in answer["without"]]
    assert len(documents) == len(set(documents)) == 2
    plain = pincite("ask", "--each", "who repairs the roof?").out
    assert "The landlord repairs the roof at his own cost" in plain
    assert pincite("ask", "--each", "qqqq wwww").status == 1
    assert pincite("ask", "--each", "roof", "-k", "3").status == 2


def test_timeline(filed: Path, pincite: CommandLine) -> None:
    """Rows in order, those about some words alone where words are given."""
    ran = pincite("timeline", "--json")
    for shape in ran.shapes:
        validate(shape, TIMELINE)
    assert [shape["date"] for shape in ran.shapes] == sorted(shape["date"] for shape in ran.shapes)
    assert "2024-05-01" in pincite("timeline").out
    assert pincite("timeline", "qqqq").status == 1


def test_table(filed: Path, pincite: CommandLine) -> None:
    """Documents down, questions across, cells verbatim with their citation, formulas as text."""
    ran = pincite("table", "--out", "t.xlsx", "=1+1 roof", "who repairs the roof?")
    assert ran.status == 0
    book = python_calamine.CalamineWorkbook.from_path("t.xlsx")
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0] == ["Document", "Date", "=1+1 roof", "who repairs the roof?"]
    assert len(rows) == 3
    cells = [str(cell) for row in rows[1:] for cell in row[2:]]
    assert any(cell.startswith("The landlord repairs the roof") and "-" in cell for cell in cells)
    assert "nothing found" in cells
    assert pincite("table", "--out", "t.csv", "roof").status == 1
