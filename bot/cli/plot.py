"""Draws the figures of `pincite evaluate`; matplotlib is there in development only."""

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
    """Write a bar for each collection and measure, in the format of the file's suffix.

    Where the baseline has the figure, a red mark shows it. Raises RefusalError without matplotlib
    or for a format it does not know.
    """
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415 - optional
    except ImportError:
        raise RefusalError("--plot needs matplotlib: pip install 'pincite[dev]'") from None
    figure = Figure(figsize=(8, 1.2 + 0.7 * len(measured)), layout="constrained")
    axes = figure.add_subplot()
    _bars(axes, measured)
    _marks(axes, measured, baseline)
    axes.set_yticks(range(len(measured)), [each.name for each in measured])
    axes.invert_yaxis()
    axes.set_xlim(0, 1.1)
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside upper right", ncols=len(_DRAWN) + 1, fontsize=8, frameon=False)
    try:
        figure.savefig(file)
    except ValueError as error:
        raise RefusalError(f"--plot {file}: {error}") from None


def _bars(axes: Axes, measured: Sequence[Measures]) -> None:
    for at, (name, colour) in enumerate(_DRAWN.items()):
        places = [_place(row, at) for row in range(len(measured))]
        values = [each.quality[name] for each in measured]
        bars = axes.barh(places, values, height=_HEIGHT, label=name, color=colour)
        axes.bar_label(bars, fmt="%.3f", padding=3, fontsize=7)


def _marks(axes: Axes, measured: Sequence[Measures], baseline: Baseline) -> None:
    known = {each.name for each in comparable(measured, baseline)}
    places, figures = [], []
    for row, each in enumerate(measured):
        for at, name in enumerate(_DRAWN if each.name in known else ()):
            places.append(_place(row, at))
            figures.append(baseline[each.name].quality[name])
    if places:
        axes.vlines(
            figures,
            [place - _HEIGHT / 2 for place in places],
            [place + _HEIGHT / 2 for place in places],
            colors="#c0392b", linewidth=2, label="the last run",
        )  # fmt: skip


def _place(row: int, at: int) -> float:
    return row + (at - (len(_DRAWN) - 1) / 2) * _HEIGHT
