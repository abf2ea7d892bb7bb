"""Catching up by what changed against starting from nothing."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import Withdrawn
from corpus.library import Library
from corpus.models import Scope
from index.embedded.engine import EmbeddedEngine
from index.engine.protocol import Alternative, Clause, Query, Ranking
from index.engine.sync import catch_up
from tests.databases import open_migrated
from tests.examples import examples
from tests.index.conftest import filing

WORDS = ("appeal", "judgment", "damages", "contract")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["file", "withdraw", "catch up", "save", "another"]),
        st.integers(0, 5),
        st.sampled_from("xy"),
    ),
    max_size=14,
)


def rankings(engine: EmbeddedEngine) -> list[Ranking]:
    asked = Query(tuple(Clause(word, (Alternative(word[:6]),)) for word in WORDS))
    scopes = (Scope.all(), Scope.of("x"), Scope.of("y"))
    return [engine.search(asked, scope=scope, k=20) for scope in scopes]


@settings(max_examples=examples(40), deadline=None)
@given(STEPS)
def test_any_history_ends_where_a_rebuild_does(steps: list[tuple[str, int, str]]) -> None:
    """However filing, withdrawing, saving and other processes come, catching up sees it all."""
    with TemporaryDirectory() as name:
        database = open_migrated(f"sqlite:///{name}/pincite.db")
        library = Library(database)
        file = filing(library)
        folder = Path(name) / "index"
        engine, since = EmbeddedEngine(folder), None
        for step, number, matter in steps:
            text = f"{WORDS[number % 4]} {WORDS[number % 3]} {number}"
            match step:
                case "file":
                    file(text, f"{text} {text}", matter=matter, path=str(number))
                case "withdraw":
                    _withdraw(library, number)
                case "catch up":
                    since = catch_up(library, engine, since=since)
                case "save":
                    engine.save()
                case _:
                    other = EmbeddedEngine(folder)
                    catch_up(library, other)
                    other.save()
        catch_up(library, engine, since=since)
        anew = EmbeddedEngine()
        catch_up(library, anew)
        assert rankings(engine) == rankings(anew)
        database.dispose()


def _withdraw(library: Library, number: int) -> None:
    live = sorted(library.live_matters())
    if number < len(live):
        try:
            library.withdraw(live[number], scope=Scope.all())
        except Withdrawn:
            raise AssertionError("it was live a moment ago") from None
