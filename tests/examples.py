"""How many examples a property is tried on."""

from __future__ import annotations

from hypothesis import settings

USUAL = 100
"""The examples of a property that says nothing, in a run of all tests."""
FEWEST = 5


def examples(number: int) -> int:
    """`number` in a run of all tests; in `make quick` as much fewer as its profile has."""
    return max(FEWEST, number * settings().max_examples // USUAL)
