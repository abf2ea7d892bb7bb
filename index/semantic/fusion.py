"""Two opinions on the same passages made one: what the words say, and what the meaning says."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

MEANING = 2.0
"""What a standard deviation of cosine counts for beside one of lexical score."""

Floats = npt.NDArray[np.float64]


def fused(lexical: npt.ArrayLike, cosines: npt.ArrayLike, meaning: float = MEANING) -> Floats:
    """One score a candidate: its z-score by words plus `meaning` times its z-score by cosine.

    Candidates whose cosine is NaN, having no vector yet, count as average ones.
    """
    total: Floats = standard(np.asarray(lexical, np.float64))
    total += meaning * np.nan_to_num(standard(np.asarray(cosines, np.float64)))
    return total


def standard(values: Floats) -> Floats:
    """Values as standard deviations above their mean, NaN left out of both; 0 where all agree."""
    known = values[~np.isnan(values)]
    if not len(known) or not (spread := float(known.std())):
        return np.where(np.isnan(values), np.nan, 0.0)
    scores: Floats = (values - known.mean()) / spread
    return scores
