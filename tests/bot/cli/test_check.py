"""`check`: the shape that is promised, files of several kinds, the status, and the Word report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import docx
import pytest

from tests.bot.json_schemas import ASK, CHECK, validate

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bot.conftest import CommandLine

VERBATIM = "The landlord repairs the roof at his own cost"
ALTERED = "The landlord repairs the roof at his own cost within ninety days of a notice."


def test_the_status_and_the_lines(filed: Path, pincite: CommandLine) -> None:
    """0 when all is verbatim; else 1, with what differs, its source and the sum."""
    ran = pincite("check", VERBATIM)
    assert (ran.status, ran.out.splitlines()[-1]) == (0, "1 quotation: 1 verbatim")
    ran = pincite("check", ALTERED)
    assert ran.status == 1
    assert "within [-ninety-]{+thirty+} days" in ran.out
    assert "1. altered · Lease of the warehouse · 2024-05-01" in ran.out
    assert pincite("check", "nobody ever wrote a single word of this text").status == 1


def test_the_shape(filed: Path, pincite: CommandLine) -> None:
    """One object a quotation, offsets in the text given, differences in the quotation."""
    text = f"He wrote “{VERBATIM}”, then “{ALTERED}”; 她寫道「承租人於六月十日以電子郵件通知」。"
    ran = pincite("check", "--json", stdin=text)
    for shape in ran.shapes:
        validate(shape, CHECK)
        assert text[shape["start"] : shape["end"]] == shape["quotation"]
    assert [shape["verdict"] for shape in ran.shapes] == ["verbatim", "altered", "verbatim"]
    (difference,) = ran.shapes[1]["differences"]
    assert difference == {
        "start": ALTERED.index("ninety"),
        "end": ALTERED.index("ninety") + 6,
        "quoted": "ninety",
        "original": "thirty",
        "marked": False,
    }


def test_a_question_that_alters_a_passage(filed: Path, pincite: CommandLine) -> None:
    """`ask` answers with the difference, and shows the passage."""
    (answer,) = pincite("ask", ALTERED, "--json").shapes
    validate(answer, ASK)
    assert (answer["kind"], answer["quotation"]["verdict"]) == ("quotation", "altered")
    assert answer["hits"][0]["citation"] == answer["quotation"]["citation"]
    plain = pincite("ask", ALTERED).out
    assert "[-ninety-]{+thirty+}" in plain
    assert "differs from its source" in plain


def test_a_word_file_and_its_report(filed: Path, pincite: CommandLine) -> None:
    """Quotations in marks and in the style Quote are checked; the report strikes what differs."""
    brief = docx.Document()
    brief.add_paragraph(f"As the lease says, “{VERBATIM}”.")
    brief.add_paragraph(ALTERED, style="Quote")
    brief.add_paragraph("It says nothing of windows.")
    brief.save("brief.docx")
    ran = pincite("check", "--file", "brief.docx", "--report", "report.docx")
    assert ran.status == 1
    assert ran.out.splitlines()[-1] == "2 quotations: 1 verbatim, 1 altered"
    runs = [run for paragraph in docx.Document("report.docx").paragraphs for run in paragraph.runs]
    assert [run.text for run in runs if run.font.strike] == ["ninety"]
    assert [run.text for run in runs if run.font.underline] == ["thirty"]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["check", ""], 1),
        (["check", "text", "--file", "x"], 2),
        (["check", "--file", "missing.txt"], 1),
        (["check", VERBATIM, "--matter", "nowhere"], 1),
    ],
)
def test_what_cannot_be_checked(
    filed: Path, pincite: CommandLine, arguments: list[str], status: int
) -> None:
    """One line says what is wrong."""
    ran = pincite(*arguments)
    assert ran.status == status
    assert len(ran.err.splitlines()) == 1
