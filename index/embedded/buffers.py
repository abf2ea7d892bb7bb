"""Arrays as long as a segment, kept between searches: making them anew takes longer than using."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from index.embedded.segment import Array

_KEPT = 4

_free: list[tuple[Array, Array]] = []
_freeing = threading.Lock()


@contextmanager
def buffers(size: int) -> Iterator[tuple[Array, Array]]:
    """Two arrays of zeros, `size` float32 at the least, to be left as zeros."""
    with _freeing:
        fitting = [pair for pair in _free if len(pair[0]) >= size]
        pair = fitting[0] if fitting else None
        _free[:] = [other for other in _free if other is not pair]
    pair = pair or (np.zeros(size, np.float32), np.zeros(size, np.float32))
    yield pair
    # Not reached when anything was raised: what may be soiled is not used again.
    with _freeing:
        _free.append(pair)
        del _free[:-_KEPT]
