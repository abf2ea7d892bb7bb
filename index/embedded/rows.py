"""Rows: how often a common term stands in every passage, one byte each; and block maxima.

A passage is looked up in a row by reading one byte, in postings by some twenty comparisons. A row
takes three times the place of a sixteenth's postings, so terms in fewer passages have none.

A block's maximum is the most that a term earns in any of some neighbouring passages (Ding and
Suel, 'Faster top-k document retrieval using block-max indexes', SIGIR 2011), as a byte: 255 times
its saturation's share of k1 + 1, rounded up, for the mean length of the segment's passages.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from index.engine.bm25 import BM25

Array = npt.NDArray[Any]

SHARE = 16
"""A term has a row when one in so many passages holds it."""

BLOCK = 8
"""Passages in a block."""

FULL = 255
"""What stands for k1 + 1, which saturation never reaches; and the most that a row tells."""


def common(offsets: Array, peaks: Array, passages: int) -> Array:
    """The places (uint32, ascending) of the terms that have rows; `peaks` are to fit a byte."""
    counts = np.diff(offsets.astype(np.int64))
    has_row = (counts * SHARE >= passages) & (peaks <= FULL)
    return np.flatnonzero(has_row).astype(np.uint32)


def blocks(passages: int) -> int:
    """How many blocks there are."""
    return -(-passages // BLOCK)


def mean(lengths: Array) -> Array:
    """The mean length (float64, one) of the passages, which their block maxima are for."""
    return np.array([lengths.mean() if len(lengths) else 1.0])


def fill(
    rows: Array,
    maxima: Array,
    places: Array,
    postings: tuple[Array, Array, Array],
    lengths: Array,
) -> None:
    """Write what `rows` (terms x passages) and `maxima` (terms x blocks), of zeros, are to hold.

    `postings` are a segment's offsets, ordinals and frequencies; `places` say which terms'.
    """
    offsets, ordinals, frequencies = postings
    model = BM25(len(lengths), float(mean(lengths)[0]))
    factors = model.length_factor(lengths)
    earned = np.zeros(blocks(len(lengths)) * BLOCK, np.uint8)
    for row, most, place in zip(rows, maxima, places.tolist(), strict=True):
        start, end = int(offsets[place]), int(offsets[place + 1])
        held, tf = ordinals[start:end], frequencies[start:end]
        row[held] = tf
        share = model.saturation(tf, factors[held]) / (model.k1 + 1)
        earned.fill(0)
        earned[held] = np.ceil(share * FULL)
        most[:] = earned.reshape(-1, BLOCK).max(axis=1)
