"""`pincite evaluate`: how good the answers are, over collections of judged questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.cli.baseline import LAST_RUN, TOLERANCE, comparable, falls, read_baseline
from bot.cli.judged import NAME, collection_of
from bot.compose import library_of, open_database_of, open_words
from bot.console.exit_status import DONE, REFUSED
from bot.console.progress import progress_bar
from bot.console.terminal import count_noun, open_terminal, print_error, print_parts
from bot.embedding import open_embedder
from bot.jsonshape import dump, evaluation_shape, measures_shape
from bot.records.conversation import Conversation
from index.evaluation.collection import Collection, read_collection, write_collection
from index.evaluation.evaluate import Measures
from index.evaluation.evaluate import evaluate as measure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from bot.cli.baseline import Baseline
    from bot.console.progress import Report
    from bot.settings import Settings
    from index.semantic.embedder import Embedder

_FIGURES: Final = {
    "R@1": ".3f",
    "R@5": ".3f",
    "R@10": ".3f",
    "MRR@10": ".3f",
    "nDCG@10": ".3f",
    "refused": "d",
    "refusal_auc": ".3f",
    "qps": ".0f",
    "p50_ms": ".1f",
    "p95_ms": ".1f",
    "index_seconds": ".1f",
}
_NAME_WIDTH: Final = 20


@dataclass(frozen=True, slots=True)
class Gathered:
    """Whether to measure over people's feedback too, and where to keep that as a collection."""

    wanted: bool = False
    save: Path | None = None


def evaluate(
    settings: Settings,
    folders: Sequence[Path],
    gathered: Gathered,
    *,
    k: int,
    as_json: bool,
    plot: Path | None,
    against: Path | None,
) -> int:
    """Measure one collection after another, each printed as soon as it is known.

    REFUSED when a figure has fallen since the run `against`.
    """
    baseline = _baseline(against, plot)
    embedder = open_embedder(settings)
    terminal = open_terminal()
    measured: list[Measures] = []
    # all are read first, so that a mistyped name is told before minutes of work
    collections = [read_collection(folder) for folder in folders]
    judgements = None
    if gathered.wanted:
        collection, judgements = _from_feedback(settings)
        collections.append(collection)
        if gathered.save is not None:
            write_collection(collection, gathered.save)
    with progress_bar(terminal) as report:
        for one in _measured(collections, k, embedder, report):
            if not as_json:
                print_parts(terminal, *([] if measured else [_heading()]), _row(one))
            measured.append(one)
    if as_json:
        print_parts(terminal, dump(evaluation_shape(measured, judgements)))
    elif judgements is not None:
        print_parts(terminal, f"{NAME}: {count_noun(judgements, 'judgement')}")
    if plot is not None:
        from bot.cli.plot import draw  # noqa: PLC0415 - the drawing library is heavy, and optional

        draw(measured, plot, baseline)
    return DONE if against is None else _compare(measured, baseline, against)


def _baseline(against: Path | None, plot: Path | None) -> Baseline:
    """The run to compare with; a picture is drawn against the last committed one by itself."""
    if against is None and plot is not None and LAST_RUN.exists():
        against = LAST_RUN
    return {} if against is None else read_baseline(against)


def _compare(measured: Sequence[Measures], baseline: Baseline, against: Path) -> int:
    compared = [each.name for each in comparable(measured, baseline)]
    for each in measured:
        if each.name not in compared:
            print_error(f"{each.name}: {against} has no figures for these passages and questions")
    fallen = [*falls(measured, baseline)]
    for fall in fallen:
        print_error(f"{fall}, by more than {TOLERANCE}; see {against}")
    return REFUSED if fallen else DONE


def _from_feedback(settings: Settings) -> tuple[Collection, int]:
    """The collection that people's judgements make, and how many judgements there are."""
    with open_database_of(settings) as database:
        judgements = Conversation(database).judgements()
        passages = library_of(database).live_passages()
        return collection_of(judgements, passages), len(judgements)


def _measured(
    collections: Sequence[Collection], k: int, embedder: Embedder | None, report: Report | None
) -> Iterator[Measures]:
    words = open_words()
    for collection in collections:
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
