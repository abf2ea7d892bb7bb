"""What each part of the ranking is worth: R@1 over collections with one part after another off.

    python -m benchmarks.ablation COLLECTION...

Prints a table in Markdown, as docs/experiments.md has it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import numpy as np

from index.engine.protocol import Clause
from index.evaluation.collection import Collection, read_collection
from index.evaluation.evaluate import evaluate
from index.query import question
from index.query.question import Vocabulary
from index.reranking import pipeline
from index.reranking.features.registry import FEATURE_NAMES
from index.vocabulary import thesaurus
from index.vocabulary.expansion import BilingualExpander
from index.vocabulary.mapped_tables import TranslationTable
from index.vocabulary.tables import open_query_expander, open_table
from index.vocabulary.transliteration import NameSpeller

PARTS = (
    "all parts", "no reranking", "no neighbours", "no names by sound", "no law", "no pairs",
    "no thesaurus", "no everyday words", "no translation", "no law cited",
)  # fmt: skip
_FEATURES = {
    "no reranking": FEATURE_NAMES,
    "no neighbours": ("near_coverage",),
    "no names by sound": ("phonetic_match",),
    "no law": ("mean_over_law", "best_of_title"),
}


@contextmanager
def without(part: str) -> Iterator[None]:
    """Leave one part of the ranking out."""
    if part in _FEATURES:
        weights = np.where(np.isin(FEATURE_NAMES, _FEATURES[part]), 0.0, pipeline.rerank_weights())
        # Names also reach the query as pairs of characters, so these go with the feature.
        speller = _no_spelling if part == "no names by sound" else NameSpeller.of
        with (
            patch.object(pipeline, "rerank_weights", lambda: weights),
            patch.object(NameSpeller, "of", speller),
        ):
            yield
    elif part == "no pairs":
        with patch.object(question, "_bigrams", _no_clauses):
            yield
    elif part == "no law cited":
        with patch.object(question, "CITED_WEIGHT", 0.0):
            yield
    else:
        yield


def _no_spelling(_: TranslationTable) -> NameSpeller:
    return NameSpeller({}, {})


def _no_clauses(*_: object) -> list[Clause]:
    return []


def measured(collections: list[Collection], part: str) -> list[float]:
    """R@1 of each collection without a part; without translation there are no synonyms either."""
    expander: Vocabulary | None = open_query_expander()
    if part == "no translation":
        expander = None
    elif part == "no thesaurus":
        expander = BilingualExpander(open_table())
    elif part == "no everyday words":
        expander = BilingualExpander(open_table(), [thesaurus.legal()])
    with without(part):
        return [
            evaluate(collection, expander=expander).quality["R@1"] for collection in collections
        ]


def main() -> None:
    """Measure and print, a row for each collection."""
    collections = [read_collection(Path(folder)) for folder in sys.argv[1:]]
    columns = [measured(collections, part) for part in PARTS]
    print("| R@1 |", " | ".join(PARTS), "|")
    print("|---" * (len(PARTS) + 1) + "|")
    for collection, *figures in zip(collections, *columns, strict=True):
        print(f"| {collection.name} |", " | ".join(f"{figure:.3f}"[1:] for figure in figures), "|")


if __name__ == "__main__":
    main()
