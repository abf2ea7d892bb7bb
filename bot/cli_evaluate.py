"""`pincite evaluate`: how good the answers are, over collections of judged questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.cli_failures import DONE
from bot.compose import open_words
from bot.embedding import open_embedder
from bot.jsonshape import dump, evaluation_shape, measures_shape
from bot.progress import progress_bar
from bot.terminal import open_terminal, say
from index.collection import read_collection
from index.evaluate import Measures
from index.evaluate import evaluate as measure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from bot.progress import Report
    from bot.settings import Settings
    from index.semantic import Embedder

_FIGURES: Final = {
    "R@1": ".3f",
    "R@5": ".3f",
    "R@10": ".3f",
    "MRR@10": ".3f",
    "nDCG@10": ".3f",
    "refused": "d",
    "qps": ".0f",
    "p50_ms": ".1f",
    "p95_ms": ".1f",
    "index_seconds": ".1f",
}
_NAME_WIDTH: Final = 20


def evaluate(
    settings: Settings, collections: Sequence[Path], *, k: int, as_json: bool, plot: Path | None
) -> int:
    """Measure one collection after another, each printed as soon as it is known."""
    embedder = open_embedder(settings)
    terminal = open_terminal()
    measured: list[Measures] = []
    with progress_bar() as report:
        for one in _measured(collections, k, embedder, report):
            if not as_json:
                say(terminal, *([] if measured else [_heading()]), _row(one))
            measured.append(one)
    if as_json:
        say(terminal, dump(evaluation_shape(measured)))
    if plot is not None:
        from bot.plot import draw  # noqa: PLC0415 - the drawing library is heavy, and optional

        draw(measured, plot)
    return DONE


def _measured(
    collections: Sequence[Path], k: int, embedder: Embedder | None, report: Report | None
) -> Iterator[Measures]:
    # all are read first, so that a mistyped name is told before minutes of work
    read = [read_collection(folder) for folder in collections]
    words = open_words()
    for collection in read:
        named = _named(report, collection.name)
        yield measure(collection, k=k, other_words=words, embedder=embedder, progress=named)


def _named(report: Report | None, name: str) -> Callable[[int, int], None] | None:
    return None if report is None else lambda done, total: report(done, total, name)


def _heading() -> str:
    return f"{'':{_NAME_WIDTH}}" + "".join(f"{name:>{_width(name)}}" for name in _FIGURES)


def _row(measures: Measures) -> str:
    shape = measures_shape(measures)
    figures = (f"{shape[name]:>{_width(name)}{form}}" for name, form in _FIGURES.items())
    return f"{measures.name[:_NAME_WIDTH]:{_NAME_WIDTH}}" + "".join(figures)


def _width(name: str) -> int:
    return max(len(name), 5) + 2
