"""How near passages are to a question in meaning, made comparable with what their words say."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def standard(values: Floats) -> Floats:
    """Values as standard deviations above their mean, NaN left out of both; 0 where all agree."""
    known = values[~np.isnan(values)]
    if not len(known) or not (spread := float(known.std())):
        return np.where(np.isnan(values), np.nan, 0.0)
    scores: Floats = (values - known.mean()) / spread
    return scores
