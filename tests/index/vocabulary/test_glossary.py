"""The team's own terms: read when they change, heard first, and checked line by line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from corpus.models import Scope
from index.text.normalize import fold_term
from index.vocabulary import glossary
from index.vocabulary.expansion import BilingualExpander
from index.vocabulary.glossary import Glossary, check
from index.vocabulary.mapped_tables import TranslationTable, write_table
from index.vocabulary.thesaurus import Concept, Thesaurus
from tests.index.conftest import NO_NAMES


@pytest.fixture
def table(tmp_path: Path) -> TranslationTable:
    """A dictionary of one word each way."""
    path = tmp_path / "t.psq"
    english = {"falcon": [("猎鹰", 1.0)]}
    write_table(path, "1", {"english": english, "chinese": {"猎鹰": [("falcon", 1.0)]}, **NO_NAMES})
    return TranslationTable.open(path, "1")


def said(bilingual: BilingualExpander, question: str) -> dict[str, dict[str, float]]:
    """What each clause of a question brings: surface -> term -> probability."""
    clauses = bilingual.clauses(fold_term(question), Scope.all())
    return {c.surface: {a.term: a.p for a in c.alternatives} for c in clauses}


def lines(path: Path, *rows: str) -> Path:
    """Write the rows, later than whatever was there before."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    os.utime(path, ns=(before + 10**9, before + 10**9))
    return path


def test_a_term_is_found_as_soon_as_it_is_written_and_gone_as_soon_as_it_is_not(
    table: TranslationTable, tmp_path: Path
) -> None:
    """No file, a file, a changed file, no file again: each question sees what stands there."""
    path = tmp_path / glossary.FILE
    bilingual = BilingualExpander(table, glossary=Glossary(path))
    assert "乐动卓越" not in said(bilingual, "Project Falcon?").get("project falcon", {})
    lines(path, "Project Falcon\t樂動卓越")
    assert "卓越" in said(bilingual, "Project Falcon?")["project falcon"]
    lines(path, "Project Falcon\t七彩映畫")
    found = said(bilingual, "Project Falcon?")["project falcon"]
    assert "卓越" not in found
    assert any("七彩" in term or "映" in term for term in found)
    path.unlink()
    assert "project falcon" not in said(bilingual, "Project Falcon?")


def test_an_unchanged_file_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One look at time and size is all that a question costs."""
    path = lines(tmp_path / glossary.FILE, "MT\t我叫MT")
    reading = Glossary(path)
    first = reading.within(Scope.all())

    def refuse(*_: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(glossary, "_concepts", refuse)
    assert reading.within(Scope.all()) is first


def test_the_glossary_outweighs_the_thesaurus_and_the_dictionary(
    table: TranslationTable, tmp_path: Path
) -> None:
    """The same word in all three: the team's meaning comes first, the others stay."""
    path = lines(tmp_path / glossary.FILE, "falcon\t藍天")
    legal = Thesaurus([Concept("x", "", ("隼",), ("falcon",))])
    found = said(BilingualExpander(table, [legal], Glossary(path)), "falcon")["falcon"]
    others = sorted((term for term in found if term != "falcon"), key=found.__getitem__)
    assert others[-1] == "蓝天"
    assert {"隼", "猎鹰"} <= set(found)


def test_a_line_may_hold_terms_of_one_language_and_mixed_scripts(
    table: TranslationTable, tmp_path: Path
) -> None:
    """Short names within a language, and names such as 我叫MT, stand for each other."""
    path = lines(tmp_path / glossary.FILE, "阿里雲\t雲端業者", "MT\t我叫MT\tgame")
    bilingual = BilingualExpander(table, glossary=Glossary(path))
    assert "云端" in said(bilingual, "阿里云的責任")["阿里云"]
    assert "mt" in said(bilingual, "我叫MT是什麼")["我叫mt"]


def test_a_bad_line_does_not_keep_the_good_ones_out(
    table: TranslationTable, tmp_path: Path
) -> None:
    """The glossary is used as far as it can be understood."""
    path = lines(tmp_path / glossary.FILE, "no tab here", "Blue Sky\t藍天", "\t\t\t")
    assert "蓝天" in said(BilingualExpander(table, glossary=Glossary(path)), "blue sky")["blue sky"]


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("one column only", "columns: 1"),
        ("spaces   where a tab is meant", "spaces where a tab may be meant"),
        ("a b\tc d\te\tf", "columns: 4"),
        ("appeal\t", "a column has no terms"),
        (" | \t上訴", "a column has no terms"),
        ("---\t上訴", "no letter"),
        ("the\t上訴", "common word"),
        ("what is\t上訴", "common word"),
        ("什么\twhat", "common word"),
        ("x" * 61 + "\t上訴", "longer than 60"),
        ("上訴 | 上诉\tappeal", "twice"),
        ("Appeal\tappeals", "twice"),
        (" | ".join(f"t{n}" for n in range(25)) + "\t上訴", "more than 20 terms"),
        ("first line\t第二行", "stands on line 2 already"),
    ],
)
def test_check_names_the_line_what_is_wrong_and_the_mend(
    tmp_path: Path, row: str, what: str
) -> None:
    """Each mistake is told once, with its line number; the lines around it are fine."""
    path = lines(tmp_path / "g.tsv", "# a comment", "first line\t第一行", "", row, "good\t好的")
    problems = check(path)
    assert [problem.line for problem in problems] == [4]
    assert what in problems[0].what
    assert problems[0].fix
    assert str(problems[0]).startswith("line 4: ")


def test_check_finds_nothing_wrong_with_a_good_file(tmp_path: Path) -> None:
    """Byte order mark, Windows line ends and notes are all right."""
    path = tmp_path / "g.tsv"
    path.write_bytes("\ufeffMT\t我叫MT\tthe game\r\n# c\r\nBlue Sky\t藍天\r\n".encode())
    assert check(path) == []
    assert len(Glossary(path).within(Scope.all()).concepts) == 2


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\xff\xfea\x00", "not UTF-8"),
        (b"a\tb\n" * 600_000, "larger than"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_so_and_breaks_nothing(
    tmp_path: Path, content: bytes | None, what: str
) -> None:
    """Wrong encoding, too large, absent: one problem, and an empty glossary."""
    path = tmp_path / "g.tsv"
    if content is not None:
        path.write_bytes(content)
    (problem,) = check(path)
    assert problem.line == 0
    assert what in problem.what
    assert Glossary(path).within(Scope.all()).concepts == ()


def test_lines_beyond_the_bound_are_left_out_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A glossary is bounded."""
    monkeypatch.setattr(glossary, "MOST_LINES", 3)
    path = lines(tmp_path / "g.tsv", *(f"term{n}\t第{n}項" for n in range(5)))
    assert len(Glossary(path).within(Scope.all()).concepts) == 3
    assert "more than 3 lines" in check(path)[-1].what


def test_the_terms_of_a_matter_hold_there_alone(table: TranslationTable, tmp_path: Path) -> None:
    """Below `[lease]` in every spelling of it; a wrong name's lines hold nowhere."""
    rows = (
        "Blue Sky\t藍天",
        "[Ｌease]",
        "Falcon\t屋頂",
        "[no name!]",
        "Heron\t白鷺",
        "[appeal]  ",
        "Owl\t貓頭鷹",
    )
    path = lines(tmp_path / glossary.FILE, *rows)
    bilingual = BilingualExpander(table, glossary=Glossary(path))

    def terms(scope: Scope) -> set[str]:
        question = fold_term("blue sky, falcon, heron, owl")
        clauses = bilingual.within(scope).clauses(question)
        every = {alternative.term for clause in clauses for alternative in clause.alternatives}
        return every & {"蓝天", "屋顶", "白鹭", "猫头鹰"}

    assert terms(Scope.of("lease")) == {"蓝天", "屋顶"}
    assert terms(Scope.of("appeal")) == {"蓝天", "猫头鹰"}
    assert terms(Scope.of("appeal", "lease")) == terms(Scope.all()) == {"蓝天", "屋顶", "猫头鹰"}
    assert terms(Scope.of("other")) == terms(Scope.of()) == {"蓝天"}
    [problem] = check(path)
    assert str(problem).startswith("line 4: 'no name!' names no matter")


def test_one_term_may_stand_in_two_matters(tmp_path: Path) -> None:
    """Each has its own Falcon; within one, a second line is still a fault."""
    rows = ("[lease]", "Falcon\t屋頂", "[appeal]", "Falcon\t上訴", "falcon\t白鷺")
    path = lines(tmp_path / glossary.FILE, *rows)
    assert [problem.line for problem in check(path)] == [5]
