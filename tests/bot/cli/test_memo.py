"""`pincite memo` on the command line."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from docx import Document

from tests.bot.conftest import CommandLine
from tests.bot.memo.test_memo import lines_in_style


def _citation(pincite: CommandLine, question: str) -> str:
    shapes = pincite("ask", question, "-k", "1", "--json").shapes
    citation: str = shapes[0]["hits"][0]["citation"]
    return citation


def test_a_memo_is_written_and_on_record(filed: Path, pincite: CommandLine) -> None:
    """The Word file quotes the passages; the audit names them."""
    roof, photos = _citation(pincite, "who repairs the roof?"), _citation(pincite, "屋頂漏水")
    out = filed.parent / "memo.docx"
    ran = pincite("memo", roof, photos, roof, "--out", out, "--title", "The roof", "--style", "hk")
    assert (ran.status, ran.err) == (0, "")
    document = Document(io.BytesIO(out.read_bytes()))
    quoted = lines_in_style(document, "Quote")
    assert sum(line.startswith("The landlord repairs the roof") for line in quoted) == 1
    assert "屋頂漏水" in quoted[-1]
    row = json.loads(pincite("export-audit", "--json").out.splitlines()[-1])
    assert (row["kind"], row["via"], row["citations"]) == ("memo", "command line", [roof, photos])


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("00000000-1", "--out", "m.docx"), 1, "00000000-1"),
        (("nonsense", "--out", "m.docx"), 2, "nonsense"),
        (("00000000-1", "--out", "m.xyz"), 2, "--format"),
        (("00000000-1", "--out", "m.docx", "--style", "mla"), 2, "gb7714"),
        (("00000000-1", "--out", "m", "--format", "pdf"), 2, "csl-json"),
        (("--out", "m.docx"), 2, "CITATION"),
    ],
)
def test_what_cannot_be_written(
    filed: Path, pincite: CommandLine, arguments: tuple[str, ...], status: int, message: str
) -> None:
    """One line says why, and no file is left."""
    ran = pincite("memo", *arguments)
    assert ran.status == status
    assert message in ran.err
    assert not list(filed.parent.glob("m*"))


def test_what_happened_since_is_told(filed: Path, pincite: CommandLine) -> None:
    """Replaced and withdrawn passages are marked in the file and named on standard error."""
    note = filed.parent / "note.txt"
    note.write_text("The ferry sails at noon.\n")
    pincite("add", note)
    old = _citation(pincite, "when does the ferry sail?")
    note.write_text("The ferry sails at eight.\n")
    pincite("add", note)
    new = _citation(pincite, "when does the ferry sail?")
    out = filed.parent / "memo.md"
    ran = pincite("memo", old, "--out", out)
    assert ran.status == 0
    assert new in ran.err
    assert f"The newer one is {new}" in out.read_text()
    roof = _citation(pincite, "who repairs the roof?")
    pincite("remove", new.partition("-")[0])
    assert pincite("memo", new, "--out", filed.parent / "none.md").status == 1
    assert pincite("memo", roof, new, "--out", out).status == 0
    assert f"{new} is no longer" in out.read_text()
    assert "eight" not in out.read_text()
