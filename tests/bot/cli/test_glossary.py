"""`pincite glossary check`, and a glossary in the data folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.conftest import CommandLine


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("roof | roof covering\t屋頂\nrent\t租金\tas in the lease\n# a comment\n\n", []),
        ("roof 屋頂\n", ["line 1: columns: 1"]),
        ("roof\t屋頂\n\t租金\nroof\t房頂\n", ["line 2: a column has no terms", "line 3: 'roof'"]),
    ],
)
def test_what_is_wrong_is_told_by_line(text: str, said: list[str], pincite: CommandLine) -> None:
    """One line for each problem, on standard output; status 1 when there is one."""
    Path("mine.tsv").write_text(text, encoding="utf-8")
    ran = pincite("glossary", "check", "mine.tsv")
    assert (ran.status, ran.err) == (int(bool(said)), "")
    lines = ran.out.splitlines()
    assert len(lines) == max(1, len(said))
    for line, part in zip(lines, said, strict=False):
        assert line.startswith(f"mine.tsv: {part}")


@pytest.mark.parametrize("make", [None, b"\xff\xfe\x00", b"x\ty\n" * 600_000])
def test_a_file_that_is_no_glossary_is_one_line(make: bytes | None, pincite: CommandLine) -> None:
    """Not there, not UTF-8, too large."""
    if make is not None:
        Path("mine.tsv").write_bytes(make)
    ran = pincite("glossary", "check", "mine.tsv")
    assert ran.status == 1
    assert ran.out.startswith("mine.tsv: ")
    assert ran.out.count("\n") == 1


def test_control_characters_are_shown_harmlessly(pincite: CommandLine) -> None:
    """A term is quoted as what it is, not as what it does to a terminal."""
    Path("mine.tsv").write_text("\x1b[31m\u202ered" * 9 + "\t紅\n", encoding="utf-8")
    assert pincite("glossary", "check", "mine.tsv").out.rstrip("\n").isprintable()


def test_a_glossary_in_the_data_folder_is_heard(filed: Path, pincite: CommandLine) -> None:
    """A name that no dictionary knows finds its document once the team has written it down."""
    assert pincite("ask", "what of Project Falcon?").status == 1
    (filed / "glossary.tsv").write_text("Project Falcon\t屋頂漏水\n", encoding="utf-8")
    ran = pincite("ask", "what of Project Falcon?", "-k", "1")
    assert ran.status == 0
    assert "屋頂漏水" in ran.out
