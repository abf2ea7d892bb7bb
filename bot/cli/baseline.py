"""The figures of an earlier run, as `evaluate --json` wrote them, and what has fallen since."""

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
"""The last committed run, seen from a checkout."""

TOLERANCE: Final = 0.005
"""The fall that is let pass. A ranking repeats itself exactly; other versions of dictionaries move
a few questions in a thousand."""


class Earlier(BaseModel):
    """The figures of one collection then."""

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
        """The same names as in `Measures.quality`."""
        shape = self.model_dump(by_alias=True)
        return {name: figure for name, figure in shape.items() if "@" in name}


class _Run(BaseModel):
    collections: tuple[Earlier, ...]


Baseline: TypeAlias = Mapping[str, Earlier]


@dataclass(frozen=True, slots=True)
class Fall:
    """A figure that is lower than it was."""

    collection: str
    measure: str
    then: float
    now: float

    def __str__(self) -> str:
        return f"{self.collection}: {self.measure} fell from {self.then:.4f} to {self.now:.4f}"


def read_baseline(file: Path) -> Baseline:
    """The figures by collection. Raises RefusalError, and OSError where it cannot be read."""
    try:
        run = _Run.model_validate_json(file.read_bytes())
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"]))
        reason = f"{where or 'the whole'}: {error.errors()[0]['msg']}"
        raise RefusalError(f"{file} is not what 'evaluate --json' prints ({reason})") from None
    return {each.name: each for each in run.collections}


def comparable(measured: Iterable[Measures], baseline: Baseline) -> Iterator[Measures]:
    """Those that were measured then too, over as many passages and questions."""
    for now in measured:
        then = baseline.get(now.name)
        if then and (then.passages, then.queries) == (now.passages, now.queries):
            yield now


def falls(measured: Iterable[Measures], baseline: Baseline) -> Iterator[Fall]:
    """What fell by more than TOLERANCE, where it can be compared."""
    for now in comparable(measured, baseline):
        for name, then in baseline[now.name].quality.items():
            if now.quality[name] < then - TOLERANCE:
                yield Fall(now.name, name, then, now.quality[name])
