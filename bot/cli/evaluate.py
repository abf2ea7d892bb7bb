"""`pincite evaluate`: the quality of the answers, over collections of judged questions.

A collection comes from a folder, or from people's feedback in the chats.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.cli.baseline import (
    LAST_RUN,
    TOLERANCE,
    comparable,
    find_regressions,
    read_baseline,
)
from bot.compose import library_of, open_database_of, open_words
from bot.console.exit_status import DONE, REFUSED
from bot.console.progress import progress_bar
from bot.console.terminal import count_noun, open_terminal, print_error, print_parts
from bot.embedding import open_models
from bot.jsonshape import dump, evaluation_shape, measures_shape
from bot.records.conversation import Conversation
from index.evaluation.collection import Collection, JudgedPassage, read_collection, write_collection
from index.evaluation.evaluate import Measures
from index.evaluation.evaluate import evaluate as measure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from bot.cli.baseline import Baseline
    from bot.console.progress import Report
    from bot.records.conversation import Judgement
    from bot.settings import Settings
    from corpus.models import PassageRecord
    from index.semantic.embedder import EmbeddingModel

FEEDBACK: Final = "feedback"
"""The name of the collection that people's judgements make."""

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
class FeedbackOptions:
    """Whether to measure over people's feedback too, and where to save it as a collection."""

    included: bool = False
    save: Path | None = None


def evaluate(
    settings: Settings,
    folders: Sequence[Path],
    feedback: FeedbackOptions,
    *,
    k: int,
    as_json: bool,
    plot: Path | None,
    against: Path | None,
) -> int:
    """Measure one collection after another, and print each result as soon as it is there.

    REFUSED when a figure has fallen since the run `against`.
    """
    baseline = _baseline(against, plot)
    models = open_models(settings)
    terminal = open_terminal()
    measured: list[Measures] = []
    # All are read first, so that a mistyped name is reported before minutes of work.
    collections = [read_collection(folder) for folder in folders]
    judgements = None
    if feedback.included:
        collection, judgements = _read_feedback(settings)
        collections.append(collection)
        if feedback.save is not None:
            write_collection(collection, feedback.save)
    with progress_bar(terminal) as report:
        for measures in _measure_all(collections, k, models, report):
            if not as_json:
                print_parts(terminal, *([] if measured else [_heading()]), _row(measures))
            measured.append(measures)
    if as_json:
        print_parts(terminal, dump(evaluation_shape(measured, judgements)))
    elif judgements is not None:
        print_parts(terminal, f"{FEEDBACK}: {count_noun(judgements, 'judgement')}")
    if plot is not None:
        from bot.cli.plot import draw  # noqa: PLC0415 - matplotlib is heavy, and optional

        draw(measured, plot, baseline)
    return DONE if against is None else _compare(measured, baseline, against)


def _baseline(against: Path | None, plot: Path | None) -> Baseline:
    """The run to compare with. A picture is compared with the last committed run by default."""
    if against is None and plot is not None and LAST_RUN.exists():
        against = LAST_RUN
    return {} if against is None else read_baseline(against)


def _compare(measured: Sequence[Measures], baseline: Baseline, against: Path) -> int:
    compared = [measures.name for measures in comparable(measured, baseline)]
    for measures in measured:
        if measures.name not in compared:
            print_error(
                f"{measures.name}: {against} has no figures for these passages and questions"
            )
    regressions = [*find_regressions(measured, baseline)]
    for regression in regressions:
        print_error(f"{regression}, by more than {TOLERANCE}; see {against}")
    return REFUSED if regressions else DONE


def _measure_all(
    collections: Sequence[Collection],
    k: int,
    models: Sequence[EmbeddingModel],
    report: Report | None,
) -> Iterator[Measures]:
    words = open_words()
    for collection in collections:
        progress = _named_progress(report, collection.name)
        yield measure(collection, k=k, expander=words, models=models, progress=progress)


def _named_progress(report: Report | None, name: str) -> Callable[[int, int], None] | None:
    return None if report is None else lambda done, total: report(done, total, name)


def _heading() -> str:
    return f"{'':{_NAME_WIDTH}}" + "".join(f"{name:>{_width(name)}}" for name in _FIGURES)


def _row(measures: Measures) -> str:
    shape = measures_shape(measures)
    figures = (f"{shape[name]:>{_width(name)}{form}}" for name, form in _FIGURES.items())
    return f"{measures.name[:_NAME_WIDTH]:{_NAME_WIDTH}}" + "".join(figures)


def _width(name: str) -> int:
    return max(len(name), 5) + 2


# -- feedback as a collection --------------------------------------------------------------------


def _read_feedback(settings: Settings) -> tuple[Collection, int]:
    """The collection that people's judgements make, and the number of judgements."""
    with open_database_of(settings) as database:
        judgements = Conversation(database).judgements()
        passages = library_of(database).live_passages()
        return collection_of(judgements, passages), len(judgements)


def collection_of(judgements: Iterable[Judgement], passages: Iterable[PassageRecord]) -> Collection:
    """The judged questions over the passages that are live now.

    A judgement counts for the first passage of the answer, which the bot gave as the best. The
    votes on one passage for one question are added up. The passage is relevant while it has more
    votes for than against. A question without a relevant live passage is left out: recall is not
    defined for it.
    """
    live = tuple(
        JudgedPassage(passage.citation, _searched_title(passage), passage.text)
        for passage in passages
    )
    live_ids = {passage.id for passage in live}
    votes: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    texts: dict[str, str] = {}
    for judgement in judgements:
        text = " ".join(judgement.question.split())
        if text and judgement.citation in live_ids:
            # People write one question in upper and lower case; their votes belong together.
            texts.setdefault(text.casefold(), text)
            votes[text.casefold()][judgement.citation] += 1 if judgement.useful else -1
    useful = {
        folded: {citation: 1 for citation, count in counts.items() if count > 0}
        for folded, counts in votes.items()
    }
    measurable = [folded for folded, citations in useful.items() if citations]
    queries = {str(number): texts[folded] for number, folded in enumerate(measurable, 1)}
    qrels = {str(number): useful[folded] for number, folded in enumerate(measurable, 1)}
    return Collection(FEEDBACK, live, queries, qrels)


def _searched_title(passage: PassageRecord) -> str:
    """The title and heading, which are searched together with the passage."""
    return " · ".join(filter(None, (passage.title, passage.heading)))
