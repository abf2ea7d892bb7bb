"""No regular expression of the tree takes more than linear time, whatever text it meets."""

from __future__ import annotations

import math
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.security.expressions import Expression, expressions, text_of, units_of

pytestmark = pytest.mark.slow

SIZES = (4_000, 16_000)
MOST = 1.5
"""The exponent of growth: above 1 for the noise of a busy machine, and far below 2."""
_AT_LEAST = 0.1
"""Seconds for the longer text: what takes less harms nobody, and a square takes a second."""
_LONGEST = 1.0
"""Seconds after which a measurement ends; a linear expression takes a thousandth of it."""
PARTS = 8


class TooLongError(Exception):
    """An expression did not come to an end."""


@contextmanager
def _bounded() -> Iterator[None]:
    def ring(*_: object) -> None:
        raise TooLongError

    # The expression engine looks for signals, so that even an endless one is ended.
    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, _LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _seconds(expression: Expression, text: str) -> float:
    begin = time.process_time()
    try:
        with _bounded():
            expression.run(text)
    except TooLongError:
        return math.inf
    return max(time.process_time() - begin, 1e-6)


def exponent(expression: Expression, before: str, unit: str) -> float:
    """The slope of processor time over size; 0 where even the longer text takes no time."""
    short, long = (_seconds(expression, text_of(before, unit, size)) for size in SIZES)
    if long < _AT_LEAST:
        return 0.0
    if math.isinf(long):
        return math.inf
    return math.log(long / short) / math.log(SIZES[1] / SIZES[0])


def _steep(expression: Expression) -> Iterator[tuple[str, str]]:
    for before, unit in units_of(expression.pattern):
        # Measured again where it seems steep: one sample may be wrong, four are not.
        if all(exponent(expression, before, unit) > MOST for _ in range(4)):
            yield before, unit


@pytest.mark.parametrize("part", range(PARTS))
def test_no_expression_grows_faster_than_its_text(part: int) -> None:
    """Each, over texts made of what it looks for, repeated and cut off before its end."""
    names = list(expressions())[part::PARTS]
    assert len(names) > 50
    steep = {name: units for name in names if (units := list(_steep(expressions()[name])))}
    assert steep == {}


@pytest.mark.parametrize("pattern", [r"\s+x", r"(?:a|b)*c", r"\d+\.\d+", r"(a+)+b"])
def test_the_measure_finds_slow_expressions(pattern: str) -> None:
    """One that begins anew at each place, and one that matches in many ways."""
    assert list(_steep(Expression(re.compile(pattern), is_anchored=False)))
