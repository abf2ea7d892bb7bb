"""Answers depend on what is live alone: not on versions before, nor on the order of filing."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import sqlalchemy

from corpus.library import Library
from corpus.models import Scope
from index.search import Searcher
from tests.corpus.conftest import reading_of
from tests.databases import open_migrated

SUBJECTS = ("rent", "roof", "notice", "garden", "deposit", "repair", "tenant", "landlord")
QUESTIONS = (
    "who repairs the roof?",
    "the deposit and the notice",
    "garden",
    "rent tenant landlord",
    "when does the tenant give notice of repair?",
)


def document(dice: random.Random) -> str:
    """Some lines of few words, so that many passages score alike."""
    lines = [
        f"The {dice.choice(SUBJECTS)} and the {dice.choice(SUBJECTS)} are agreed."
        for _ in range(dice.randint(1, 4))
    ]
    return "\n".join(lines)


def answers(library: Library, folder: Path | None) -> list[tuple[object, ...]]:
    """All that is seen of the answers to the questions."""
    searcher = Searcher(library, folder=folder)
    seen: list[tuple[object, ...]] = []
    for question in QUESTIONS:
        answer = searcher.answer(question, scope=Scope.all(), k=12)
        hits = [(hit.citation, hit.score, hit.confidence, hit.highlights) for hit in answer.hits]
        seen.append((answer.refusal, tuple(hits)))
    searcher.close()
    return seen


def opened(folder: Path) -> tuple[sqlalchemy.Engine, Library]:
    """A library of its own."""
    database = open_migrated(f"sqlite:///{folder / 'kept.sqlite3'}")
    return database, Library(database)


# One history shows most faults; the others are for those that need luck.
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 8))]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_replaced_leaves_no_trace(tmp_path: Path, seed: int) -> None:
    """A library with a past answers as one that was filed today, in another order, does."""
    dice = random.Random(seed)
    final = {f"paper {number}": document(dice) for number in range(12)}
    (tmp_path / "old").mkdir()
    database, library = opened(tmp_path / "old")
    for _ in range(3):
        for path in dice.sample(sorted(final), 8):
            library.file(reading_of(document(dice), name=path), matter="a", path=path)
        # Each round is indexed, by a process that is gone before the next.
        answers(library, tmp_path / "old" / "index")
    withdrawn = library.file(reading_of("The roof is let.", name="x"), matter="a", path="x")
    answers(library, tmp_path / "old" / "index")
    library.withdraw(withdrawn.document_id or "", scope=Scope.all())
    for path in dice.sample(sorted(final), len(final)):
        library.file(reading_of(final[path], name=path), matter="a", path=path)
    with_past = answers(library, tmp_path / "old" / "index")
    (tmp_path / "new").mkdir()
    fresh_database, fresh = opened(tmp_path / "new")
    for path in dice.sample(sorted(final), len(final)):
        fresh.file(reading_of(final[path], name=path), matter="a", path=path)
    assert with_past == answers(fresh, None)
    database.dispose()
    fresh_database.dispose()
