"""Choosing among passages by their scores, in a few calls of numpy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.embedded.segment import Array


def spread(values: Sequence[float], sizes: Sequence[int]) -> Array:
    """Each value (as float32) as many times as said."""
    return np.repeat(np.array(values, np.float32), sizes)


def kth(scores: Array, k: int, threshold: float) -> float:
    """The k-th largest score where that is above the threshold, else the threshold."""
    if len(scores) < k:
        return threshold
    return max(threshold, float(np.partition(scores, len(scores) - k)[len(scores) - k]))


def distinct(ordinals: Array) -> Array:
    """The same, ascending, each once."""
    ordered = np.sort(ordinals)
    alone: Array = ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]
    return alone
