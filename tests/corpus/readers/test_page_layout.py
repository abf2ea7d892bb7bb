"""What stands beside the text is set aside, and columns are told from tables."""

from __future__ import annotations

import pytest

from corpus.readers.page_layout import LineSegment, PageLayout, arrange
from corpus.readers.page_paragraphs import join_pages

WORDS = "The court finds that the lease is void and orders"


def piece(text: str, left: float, y: float, direction: int = 0) -> LineSegment:
    width = sum(12 if character > "⺀" else 6 for character in text)
    return LineSegment(text, left, left + width, y, 12, 6 * len(text.split(" ", 1)[0]), direction)


def texts(rows: list[list[LineSegment]]) -> list[str]:
    return [line.text for line in arrange(rows)]


@pytest.mark.parametrize("step", [1, 5])
@pytest.mark.parametrize("apart", [True, False])
def test_line_numbers_are_no_text(step: int, apart: bool) -> None:
    """Whether a program drew them line by line or all at once, each line's or every fifth."""
    ys = [700.0 - 24 * n for n in range(25)]
    numbers = [
        [piece(str(n), 40, y)] for n, y in enumerate(ys, start=1) if n % step == 0 or step == 1
    ]
    lines = [[piece(WORDS, 90, y)] for y in ys]
    rows = (
        [*numbers, *lines]
        if apart
        else [
            [*(number for row in numbers for number in row if number.y == line[0].y), *line]
            for line in lines
        ]
    )
    assert texts(rows) == [WORDS] * 25


def test_numbers_of_a_table_and_of_a_list_stay() -> None:
    """Rows with several cells, a few items, and years are no numbered lines."""
    table = [
        [piece(str(n), 72, 700 - 18 * n), piece("Chan", 140, 700 - 18 * n), piece("10", 260, 0)]
        for n in range(1, 13)
    ]
    assert texts(table)[4] == "5\tChan\t10"
    few = [[piece(str(n), 40, 700 - 24 * n), piece(WORDS, 90, 700 - 24 * n)] for n in range(1, 6)]
    assert texts(few)[0] == f"1\t{WORDS}"
    years = [[piece(str(2000 + n), 40, 700 - 24 * n), piece(WORDS, 90, 0)] for n in range(1, 13)]
    assert texts(years)[0] == f"2001\t{WORDS}"


def test_a_turned_stamp_at_the_margin_breaks_no_paragraph() -> None:
    """It comes last, and the text goes on over the page as if it were not there."""
    first = [[piece(WORDS, 72, 700 - 18 * n)] for n in range(6)]
    second = [[piece(WORDS, 72, 780 - 18 * n)] for n in range(6)]
    stamp = [piece("COPY 17 of 20", 30, 400, direction=90)]
    pages = [[*first[:3], stamp, *first[3:]], [*second, stamp]]
    lines = [arrange(rows) for rows in pages]
    assert [line.text for line in lines[0]] == [*[WORDS] * 6, "COPY 17 of 20"]
    text = join_pages([PageLayout(on_page, 595, 842) for on_page in lines]).text
    assert " ".join([WORDS] * 12) in text
    assert text.count("COPY") == 2


def test_pages_turned_as_a_whole_are_text() -> None:
    """Most of the page says how it is read."""
    rows = [[piece(WORDS, 72, 700 - 18 * n, direction=90)] for n in range(3)]
    assert texts(rows) == [WORDS] * 3


def test_two_languages_side_by_side_are_read_one_after_the_other() -> None:
    """Although each line holds both; a paragraph may be a line longer on one side."""
    english = ["1. Price. The price is due", "within seven days of", "acceptance."]
    chinese = ["第一條 價款。總價應於驗收", "合格後七日內付清，逾期", ""]
    rows = [
        [piece(left, 72, 700 - 18 * n), *([piece(right, 330, 700 - 18 * n)] if right else [])]
        for n, (left, right) in enumerate(zip(english, chinese, strict=True))
    ]
    rows.insert(2, [piece("or", 72, 655), piece("按日計息", 330, 655)])
    assert texts(rows) == [*english[:2], "or", english[2], *chinese[:2], "按日計息"]


def test_two_columns_of_prose_are_read_one_after_the_other() -> None:
    """Long lines on both sides of one gutter are columns, short ones are cells of a table."""
    rows = [[piece(WORDS[:30], 72, y), piece(WORDS[:28], 330, y)] for y in (700, 682, 664, 646)]
    assert texts(rows) == [WORDS[:30]] * 4 + [WORDS[:28]] * 4
    cells = [[piece("Rent", 72, y), piece("HK$12,000", 330, y)] for y in (700, 682, 664, 646)]
    assert texts(cells) == ["Rent\tHK$12,000"] * 4


def test_what_is_drawn_twice_is_read_once() -> None:
    """A shadow or fake bold lies on its line; the same words elsewhere are said again."""
    rows = [[piece("COPY", 72, 700)], [piece("COPY", 72.4, 700)], [piece("COPY", 72, 500)]]
    assert texts(rows) == ["COPY", "COPY"]
