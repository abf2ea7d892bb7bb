"""Draw the figures of `pincite evaluate`. Matplotlib is a dependency for development only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.cli.baseline import comparable
from bot.errors import RefusalError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

    from bot.cli.baseline import Baseline
    from index.evaluation.evaluate import Measures

_DRAWN: Final = {"R@1": "#1f5a96", "R@5": "#5b94c8", "MRR@10": "#a9c8e6"}
_HEIGHT: Final = 0.8 / len(_DRAWN)


def draw(measured: Sequence[Measures], file: Path, baseline: Baseline) -> None:
    """Draw a bar for each collection and measure, in the format of the file's suffix.

    A red mark shows the figure of the baseline, if there is one. Raises RefusalError without
    matplotlib, or for a format that it does not know.
    """
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415 - optional
    except ImportError:
        raise RefusalError("--plot needs matplotlib: pip install 'pincite[dev]'") from None
    figure = Figure(figsize=(8, 1.2 + 0.7 * len(measured)), layout="constrained")
    axes = figure.add_subplot()
    _bars(axes, measured)
    _marks(axes, measured, baseline)
    axes.set_yticks(range(len(measured)), [measures.name for measures in measured])
    axes.invert_yaxis()  # the first collection stands on top, as in the table
    axes.set_xlim(0, 1.1)  # room for the label of a bar that is nearly 1
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside upper right", ncols=len(_DRAWN) + 1, fontsize=8, frameon=False)
    try:
        figure.savefig(file)
    except ValueError as error:
        raise RefusalError(f"--plot {file}: {error}") from None


def _bars(axes: Axes, measured: Sequence[Measures]) -> None:
    for at, (name, colour) in enumerate(_DRAWN.items()):
        places = [_place(row, at) for row in range(len(measured))]
        values = [measures.quality[name] for measures in measured]
        bars = axes.barh(places, values, height=_HEIGHT, label=name, color=colour)
        axes.bar_label(bars, fmt="%.3f", padding=3, fontsize=7)


def _marks(axes: Axes, measured: Sequence[Measures], baseline: Baseline) -> None:
    compared = {measures.name for measures in comparable(measured, baseline)}
    places, figures = [], []
    for row, measures in enumerate(measured):
        for at, name in enumerate(_DRAWN if measures.name in compared else ()):
            places.append(_place(row, at))
            figures.append(baseline[measures.name].quality[name])
    if places:
        axes.vlines(
            figures,
            [place - _HEIGHT / 2 for place in places],
            [place + _HEIGHT / 2 for place in places],
            colors="#c0392b", linewidth=2, label="the last run",
        )  # fmt: skip


def _place(row: int, at: int) -> float:
    """The height at which bar number `at` of a row stands. The bars are centred on the row."""
    return row + (at - (len(_DRAWN) - 1) / 2) * _HEIGHT
