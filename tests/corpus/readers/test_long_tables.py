"""A cell is found and quoted with its row and its column's heading, however long its table is."""

from __future__ import annotations

from collections.abc import Callable

import docx
import pytest

from corpus.readers.table_rows import label_cells
from corpus.reading.read import read
from tests.corpus.readers.docx_making import saved

HEADINGS = ("Stage", "Fee (EUR)", "Due")
STAGES = [(f"Hearing {number} at the tribunal", f"{900 + number}", "1 May") for number in range(70)]


def of_word(rows: list[tuple[str, ...]]) -> bytes:
    document = docx.Document()
    document.add_paragraph("The fees are those below.")
    table = document.add_table(len(rows), len(rows[0]))
    for number, words in enumerate(rows):
        for column, word in enumerate(words):
            table.cell(number, column).text = word
    return saved(document)


def of_html(rows: list[tuple[str, ...]]) -> bytes:
    lines = [
        "<tr>" + "".join(f"<{tag}>{word}</{tag}>" for word in words) + "</tr>"
        for tag, words in zip(["th", *["td"] * len(rows)], rows, strict=False)
    ]
    return f"<html><body><p>The fees are:</p><table>{''.join(lines)}</table></body></html>".encode()


def of_markdown(rows: list[tuple[str, ...]]) -> bytes:
    lines = ["| " + " | ".join(words) + " |" for words in rows]
    return "\n".join(["The fees are:", "", lines[0], "|---|--:|:-:|", *lines[1:]]).encode()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("write", "name"), [(of_word, "a.docx"), (of_html, "a.html"), (of_markdown, "a.md")]
)
def test_each_row_of_a_long_table_is_quoted_with_its_headings(
    write: Callable[[list[tuple[str, ...]]], bytes], name: str
) -> None:
    passages = read(write([HEADINGS, *STAGES]), name).passages
    assert len(passages) > 1
    lines = [line for passage in passages for line in passage.text.split("\n")]
    for words in STAGES:
        row = "\t".join(f"{head}: {word}" for head, word in zip(HEADINGS, words, strict=True))
        assert row in lines, "a row is whole, and in one passage"


@pytest.mark.parametrize(
    ("write", "name"), [(of_word, "a.docx"), (of_html, "a.html"), (of_markdown, "a.md")]
)
def test_a_table_that_fits_into_a_passage_stays_as_it_is(
    write: Callable[[list[tuple[str, ...]]], bytes], name: str
) -> None:
    (passage,) = read(write([HEADINGS, *STAGES[:4]]), name).passages
    assert "\n".join("\t".join(words) for words in (HEADINGS, *STAGES[:4])) in passage.text


def test_two_languages_beside_each_other_are_no_table_with_headings() -> None:
    """The first row of a bilingual contract is its first clause, and heads nothing."""
    clauses = [("The goods are sold as they are. " * 3, "貨物按現狀出售。" * 3)] * 30
    rows = [("Sale of goods", "貨物買賣"), *clauses]
    assert label_cells(rows) == [list(row) for row in rows]
    assert label_cells(rows, marked=True) != [list(row) for row in rows]


def test_a_bar_in_code_or_in_a_sentence_makes_no_table() -> None:
    text = "```\n| a | b |\n|---|---|\n| c | d |\n```\n\nEither a | b, as the form says.\n"
    assert "| c | d |" in read(text.encode(), "a.md").text
    assert "Either a | b, as" in read(text.encode(), "a.md").text


def test_an_escaped_bar_belongs_to_its_cell() -> None:
    text = "| Sign | Word |\n|---|---|\n| a \\| b | **either** |\n"
    assert read(text.encode(), "a.md").text.split("\n")[1] == "a | b\teither"
