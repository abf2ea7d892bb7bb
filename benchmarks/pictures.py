"""Pictures of what was measured: latency and build time against size, on logarithmic axes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

mpl.use("Agg")

from matplotlib import pyplot as plt


def draw(folder: Path, corpus: str) -> None:
    """Draw all sizes measured into `folder` as `<corpus>-latency.png` and `<corpus>-build.png`."""
    measured = {
        int(file.stem.rpartition("-")[2]): json.loads(file.read_text("utf-8"))
        for file in sorted(folder.glob(f"{corpus}-*.json"))
    }
    _plot(folder / f"{corpus}-latency.png", "milliseconds a question, p50 and p95", measured, _p50)
    _plot(folder / f"{corpus}-build.png", "seconds to index", measured, lambda one: one["build_s"])


def _p50(one: dict[str, Any]) -> float:
    return float(np.percentile(one["ms"], 50))


def _plot(file: Path, label: str, measured: dict[int, Any], value: Any) -> None:
    figure, axes = plt.subplots(figsize=(7, 5))
    sizes = sorted(measured)
    for name in dict.fromkeys(name for size in sizes for name in measured[size]):
        measured_sizes = [size for size in sizes if name in measured[size]]
        values = [value(measured[size][name]) for size in measured_sizes]
        (line,) = axes.plot(measured_sizes, values, marker="o", label=name)
        if value is _p50:
            slow = [float(np.percentile(measured[size][name]["ms"], 95)) for size in measured_sizes]
            axes.plot(measured_sizes, slow, marker=".", linestyle=":", color=line.get_color())
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("passages")
    axes.set_ylabel(label)
    axes.grid(True, which="both", alpha=0.3)
    axes.legend()
    figure.savefig(file, dpi=120, bbox_inches="tight")
    plt.close(figure)
