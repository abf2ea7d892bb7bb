"""The figures of an earlier run, as `evaluate --json` wrote them, and the regressions since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import RefusalError

if TYPE_CHECKING:
    from index.evaluation.evaluate import Measures

LAST_RUN: Final = Path("tests/qrels/baseline.json")
"""The last committed run, as seen from a checkout."""

TOLERANCE: Final = 0.005
"""A fall up to this size passes. One version of the program repeats its ranking exactly, but
another version of a dictionary package moves a few questions in a thousand."""


class PastMeasures(BaseModel):
    """The figures of one collection in the earlier run."""

    # A newer version may print more figures than this one knows.
    model_config = ConfigDict(extra="ignore", frozen=True)

    name: str
    passages: int
    queries: int
    r_1: float = Field(alias="R@1")
    r_5: float = Field(alias="R@5")
    r_10: float = Field(alias="R@10")
    mrr_10: float = Field(alias="MRR@10")
    ndcg_10: float = Field(alias="nDCG@10")

    @property
    def quality(self) -> dict[str, float]:
        """The figures under the same names as in `Measures.quality`."""
        shape = self.model_dump(by_alias=True)
        return {name: figure for name, figure in shape.items() if "@" in name}


class _EarlierRun(BaseModel):
    collections: tuple[PastMeasures, ...]


Baseline: TypeAlias = Mapping[str, PastMeasures]


@dataclass(frozen=True, slots=True)
class Regression:
    """A figure that is lower than in the earlier run."""

    collection: str
    measure: str
    then: float
    now: float

    def __str__(self) -> str:
        return f"{self.collection}: {self.measure} fell from {self.then:.4f} to {self.now:.4f}"


def read_baseline(file: Path) -> Baseline:
    """The figures by collection. Raises RefusalError, and OSError if the file cannot be read."""
    try:
        run = _EarlierRun.model_validate_json(file.read_bytes())
    except ValidationError as error:
        # The first error only: the others mostly follow from it.
        field = ".".join(map(str, error.errors()[0]["loc"]))
        reason = f"{field or 'the whole'}: {error.errors()[0]['msg']}"
        raise RefusalError(f"{file} is not what 'evaluate --json' prints ({reason})") from None
    return {measures.name: measures for measures in run.collections}


def comparable(measured: Iterable[Measures], baseline: Baseline) -> Iterator[Measures]:
    """The measures of collections that the earlier run measured at the same size.

    A collection of another size has other figures for reasons that are not the ranking's.
    """
    for measures in measured:
        past = baseline.get(measures.name)
        if past and (past.passages, past.queries) == (measures.passages, measures.queries):
            yield measures


def find_regressions(measured: Iterable[Measures], baseline: Baseline) -> Iterator[Regression]:
    """The figures that fell by more than TOLERANCE, over the comparable collections."""
    for measures in comparable(measured, baseline):
        for name, past_figure in baseline[measures.name].quality.items():
            figure = measures.quality[name]
            if figure < past_figure - TOLERANCE:
                yield Regression(measures.name, name, past_figure, figure)
