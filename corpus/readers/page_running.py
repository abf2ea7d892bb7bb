"""Page numbers, and the heads and feet that run over the pages of a document.

They are no part of its text: a sentence that goes on over a page would be cut by them. The printed
numbers are kept apart, since people cite a page by the number that is printed on it.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from itertools import pairwise

from corpus.readers.page_layout import PageLayout

_NUMBER = re.compile(r"[-–—\s]*#-?\d+#(?:\s*/\s*\d+)?[-–—\s]*")  # by its distance from the page's
_PAGE_NUMBER = re.compile(
    r"(?:page|p\.)\s{0,40}#(?:\s{0,40}(?:of|/)\s{0,40}#)?"
    r"|第\s{0,40}#\s{0,40}[页頁](?:\s{0,40}[,，/]?\s{0,40}共\s{0,40}#\s{0,40}[页頁])?",
    re.IGNORECASE,
)
# Small letters, or several large ones: a single large I or V is a heading.
_ROMAN = re.compile(r"[-–—\s]*([ivxlc]{1,8}|[IVXLC]{2,8})[-–—\s]*")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_DIGITS = re.compile(r"\d{1,9}")
_EDGE_LINES = 2
_MOST_NUMBERS = 8
_MARGIN = 0.14  # of the page's height, in which running heads and feet stand
_SAME_PLACE = 4.0  # points by which a running head may stand higher or lower
_MOST_RUNNING = 1 / 3  # of a page's characters


def without_running(
    pages: Sequence[PageLayout],
) -> tuple[list[PageLayout], tuple[str | None, ...]]:
    """The pages without page numbers and repeated heads and feet; and the numbers."""
    edges = [_edges(page, number) for number, page in enumerate(pages, start=1)]
    bare = sum(any(map(_is_bare, forms)) for on_page in edges for forms in on_page.values())
    running = _running_forms(pages, edges)
    earlier_forms: set[str] = set()
    bodies, page_numbers = [], []
    for page, on_page in zip(pages, edges, strict=True):
        numbers = {
            at
            for at, forms in on_page.items()
            if _is_page_number(page.lines[at].text.strip(), forms, bare)
        }
        repeated = {
            at
            for at, forms in on_page.items()
            if any(
                form in earlier_forms and abs(page.lines[at].y - running[form]) <= _SAME_PLACE
                for form in forms & running.keys()
            )
        }
        earlier_forms.update(*on_page.values())
        texts = [page.lines[at].text for at in sorted(numbers)]
        page_numbers.append(next(filter(None, map(_printed_number, texts)), None))
        dropped = numbers | repeated
        body = [line for at, line in enumerate(page.lines) if at not in dropped]
        bodies.append(PageLayout(body, page.width, page.height))
    return bodies, tuple(page_numbers)


def _running_forms(
    pages: Sequence[PageLayout], edges: Sequence[dict[int, set[str]]]
) -> dict[str, float]:
    """What stands at the same place of many pages, by its form: its height on the page.

    Nothing is running that makes up much of its pages: that is a form, or a clause that recurs.
    """
    places: dict[str, list[tuple[int, float, float]]] = {}
    for number, (page, on_page) in enumerate(zip(pages, edges, strict=True)):
        length = sum(len(line.text) for line in page.lines)
        for at, forms in on_page.items():
            for form in forms:
                share = len(page.lines[at].text) / max(length, 1)
                places.setdefault(form, []).append((number, page.lines[at].y, share))
    running: dict[str, float] = {}
    shares: dict[int, dict[float, float]] = {}
    for form, entries in places.items():
        height = statistics.median(y for _, y, _ in entries)
        same = [entry for entry in entries if abs(entry[1] - height) <= _SAME_PLACE]
        numbers = sorted({number for number, _, _ in same})
        # A chapter's head runs over a part of the book only, on every page or on every second one.
        often = len(numbers) > 2 and 5 * len(numbers) >= 2 * len(pages)
        chapter = len(numbers) > 3 and numbers[-1] - numbers[0] <= 2 * len(numbers)
        if often or chapter:
            running[form] = height
            for number, y, share in same:
                shares.setdefault(number, {})[y] = share
    usual = statistics.median([sum(of.values()) for of in shares.values()] or [0.0])
    return running if usual <= _MOST_RUNNING else {}


def _edges(page: PageLayout, number: int) -> dict[int, set[str]]:
    """The forms of a page's highest, lowest, first and last lines, by the lines' numbers.

    What is drawn first or last, wherever it stands, may be a watermark.
    """
    lines = page.lines
    numbers = range(len(lines))
    order = sorted(numbers, key=lambda at: lines[at].y)
    outer = {*order[:_EDGE_LINES], *order[-_EDGE_LINES:], *numbers[:1], *numbers[-1:]}
    margin = _MARGIN * page.height
    return {
        at: _forms(lines[at].text.strip(), number)
        for at in outer
        if not margin or not margin < lines[at].y < page.height - margin
    }


def _forms(text: str, page: int) -> set[str]:
    """The text, and the text with each of its numbers by how far it is from the page's."""
    numbers = list(_DIGITS.finditer(text))[:_MOST_NUMBERS]
    forms = {text} | {
        f"{text[: number.start()]}#{int(number[0]) - page}#{text[number.end() :]}"
        for number in numbers
    }
    roman = _ROMAN.fullmatch(text)
    return forms | {f"#{_roman_value(roman[1]) - page}#"} if roman else forms


def _is_bare(form: str) -> bool:
    return bool(_NUMBER.fullmatch(form))


def _is_page_number(text: str, forms: set[str], bare: int) -> bool:
    """A bare number is the page's if other pages have one, or if it is this page's."""
    if _PAGE_NUMBER.fullmatch(_DIGITS.sub("#", text)):
        return True
    return any(map(_is_bare, forms)) and (bare > 1 or ("#0#" in forms and text != "1"))


def _printed_number(text: str) -> str | None:
    """The number in a line that is the page's: its first one, or a Roman one."""
    roman = _ROMAN.fullmatch(text.strip())
    digits = _DIGITS.search(text)
    return roman[1] if roman else digits[0] if digits else None


def in_sequence(numbers: Sequence[str | None]) -> tuple[str, ...]:
    """The printed numbers that count up with a page beside them; others are something else."""
    values = [
        (int(number) if number.isdecimal() else _roman_value(number)) if number else None
        for number in numbers
    ]
    steps = [
        before is not None and after is not None and after - before == 1
        for before, after in pairwise(values)
    ]
    counted = zip([False, *steps], [*steps, False], strict=True)
    return tuple(
        number if number and (with_before or with_after) else ""
        for number, (with_before, with_after) in zip(numbers, counted, strict=False)
    )


def _roman_value(letters: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in letters.lower()]
    return sum(
        -value if any(value < after for after in values[at + 1 :]) else value
        for at, value in enumerate(values)
    )
