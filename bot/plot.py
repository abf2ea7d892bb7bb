"""Draws the figures of `pincite evaluate`; matplotlib is there in development only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.errors import RefusalError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.evaluate import Measures

_DRAWN: Final = ("R@1", "R@5", "MRR@10")


def draw(measured: Sequence[Measures], file: Path) -> None:
    """Write a bar for each collection and measure, in the format of the file's suffix.

    Raises RefusalError without matplotlib or for a format it does not know.
    """
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415 - optional
    except ImportError:
        raise RefusalError("--plot needs matplotlib: pip install 'pincite[dev]'") from None
    figure = Figure(figsize=(8, 1.2 + 0.6 * len(measured)), layout="constrained")
    axes = figure.add_subplot()
    height = 0.8 / len(_DRAWN)
    for at, name in enumerate(_DRAWN):
        places = [row + (at - (len(_DRAWN) - 1) / 2) * height for row in range(len(measured))]
        values = [each.quality[name] for each in measured]
        bars = axes.barh(places, values, height=height, label=name)
        axes.bar_label(bars, fmt="%.3f", padding=2, fontsize=8)
    axes.set_yticks(range(len(measured)), [each.name for each in measured])
    axes.invert_yaxis()
    axes.set_xlim(0, 1.1)
    figure.legend(loc="outside upper right", ncols=len(_DRAWN), fontsize=8)
    try:
        figure.savefig(file)
    except ValueError as error:
        raise RefusalError(f"--plot {file}: {error}") from None
