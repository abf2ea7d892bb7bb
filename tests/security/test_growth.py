"""Whatever comes from outside makes work that grows as its size does, and no faster.

Each input is doubled twice. The exponent is the slope of processor time over size, both as
logarithms: 1 is linear, 2 is quadratic. A part that does not grow only lowers it.
"""

from __future__ import annotations

import gc
import math
import re
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import pytest

from bot.printable import printable_line
from corpus.citing.ids import parse_citation
from corpus.errors import MalformedCitation, UnreadableFile
from corpus.language.dates import find_dates
from corpus.language.sentences import split_sentences
from corpus.reading.read import read
from index.engine.analysis import _terms
from index.query.asking import is_greeting
from index.query.question import parse_question
from index.text.normalize import fold, within_folded

pytestmark = pytest.mark.slow

SIZES = (4_000, 8_000, 16_000)
MOST = 1.35
"""Above 1 for the noise of a busy machine, and far below 2."""
_AT_LEAST = 0.02
"""Seconds: what takes less says nothing of growth, and harms nobody."""

UNITS = (
    *(
        "a",
        " ",
        "\n",
        "(",
        '"',
        "“",
        "《",
        "[",
        "-",
        "a-",
        "a.",
        "1",
        "1,",
        "1.",
        "# ",
        "> ",
        "|",
        "*",
    ),
    *(
        "A ",
        "Aa",
        "A. ",
        "v. ",
        "No. ",
        "Art. 1 ",
        "§ 1",
        "[2020] UKSC 1 ",
        "<",
        "<b>",
        "<!--",
        "&amp;",
    ),
    *(
        "汉",
        "一",
        "第一条",
        "第一百条",
        "（一）",
        "《法》",
        "（2017）京73民终1194号",
        "二〇二〇年",
        "民國",
        "十",
    ),
    *(
        "2021-02-08 ",
        "1 January 2020 ",
        "a@b.c ",
        "http://a/",
        "\u0301",
        "\u200b",
        "\ufdfa",
        "か",
        "가",
        "👍",
    ),
    *(
        "From: a\n",
        "=?utf-8?b?",
        "---\n",
        "a: b\n",
        "原告",
        "法院认为，",
        "and ",
        "what about ",
        "那么",
        "谁",
    ),
)


def exponent(work: Callable[[str], object], unit: str) -> float:
    """The slope of processor time over size; 0 where even the largest input takes no time."""
    measured: list[tuple[float, float]] = []
    for size in SIZES:
        text = (unit * (size // len(unit) + 1))[:size]
        seconds = min(_seconds(work, text) for _ in range(2))
        measured.append((math.log(size), math.log(max(seconds, 1e-6))))
    if math.exp(measured[-1][1]) < _AT_LEAST:
        return 0.0
    (x, y), (x_end, y_end) = measured[0], measured[-1]
    return (y_end - y) / (x_end - x)


def _seconds(work: Callable[[str], object], text: str) -> float:
    gc.collect()
    begin = time.process_time()
    work(text)
    return time.process_time() - begin


def _read(text: str) -> None:
    with suppress(UnreadableFile):
        read(text.encode("utf-8"), "a")


def _cite(text: str) -> None:
    with suppress(MalformedCitation):
        parse_citation(text)


WORK: dict[str, Callable[[str], object]] = {
    "file": _read,
    "title and heading": lambda text: _terms("a", text, text, text),
    "passage": lambda text: _terms(text, "", "", ""),
    "question as it is cut": lambda text: parse_question(within_folded(text, 4096)),
    "folding": fold,
    "dates": find_dates,
    "sentences": lambda text: split_sentences(text, 10_000),
    "greeting": is_greeting,
    "citation": _cite,
    "line": printable_line,
}


@pytest.mark.parametrize(
    ("name", "units"),
    [
        *((name, UNITS[number::16]) for number, name in enumerate(sorted(WORK))),
        *(pytest.param(name, UNITS, marks=pytest.mark.thorough) for name in sorted(WORK)),
    ],
)
def test_doubling_an_input_doubles_the_work(name: str, units: Sequence[str]) -> None:
    """For every kind of input, of every unit that one of our expressions looks for."""
    slopes = {unit: exponent(WORK[name], unit) for unit in units}
    # Measured again: on a busy machine one sample may be wrong, three are not.
    steep = {
        unit: min(slope, exponent(WORK[name], unit), exponent(WORK[name], unit))
        for unit, slope in slopes.items()
        if slope > MOST
    }
    assert {unit: round(slope, 2) for unit, slope in steep.items() if slope > MOST} == {}


def test_the_measure_knows_quadratic_work() -> None:
    """A search that starts anew at each place is found out."""

    assert exponent(lambda text: re.search("a*b", text), "a") > MOST
