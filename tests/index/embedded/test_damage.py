"""Damage to any file of the index: never another answer, one line, and healed from the database."""

from __future__ import annotations

import logging
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from corpus.library import Library
from corpus.models import Scope
from corpus.storage.database import open_database
from index.embedded.engine import EmbeddedEngine
from index.embedded.segment import ARRAYS, CHECKSUMS
from index.embedded.store import Store
from index.engine.protocol import Alternative, Clause, Query, Ranking
from index.engine.sync import catch_up
from tests.index.conftest import filing

pytestmark = pytest.mark.slow

QUERY = Query(tuple(Clause(term, (Alternative(term),)) for term in ("appeal", "judgment", "damag")))
FILES = [f"{name}.npy" for name in ARRAYS] + [CHECKSUMS, "manifest.json"]


def flip(position: float) -> Callable[[Path], None]:
    """Turns every bit of one byte, at a share of the file's length."""

    def damage(path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[min(int(position * len(content)), len(content) - 1)] ^= 0xFF
        path.write_bytes(content)

    return damage


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[random.Random(path.name).randrange(len(content))] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-3])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


DAMAGES = [flip(0), flip(0.3), flip(0.6), flip(0.9), flip(1), flip_a_bit, cut, empty, zero]
NAMES = ["start", "third", "middle", "late", "end", "bit", "cut", "empty", "zeros"]


@pytest.fixture(scope="module")
def library() -> Iterator[Library]:
    """Documents of several passages, some of them in another matter, one withdrawn."""
    with TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/pincite.db")
        library = Library(database)
        file = filing(library)
        for number in range(24):
            text = f"appeal {number} judgment " * (number % 5 + 1)
            file(text, "damages " * (number % 3 + 1), matter="xy"[number % 2], path=str(number))
        library.withdraw(min(library.live_matters()), scope=Scope.all())
        yield library
        database.dispose()


@pytest.fixture(scope="module")
def index(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of two segments."""
    folder = tmp_path_factory.mktemp("whole") / "index"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.embedded.engine.SEGMENT_SIZE", 40)
        patch.setattr("index.embedded.engine._GROWTH", 0)
        engine = EmbeddedEngine(folder)
        catch_up(library, engine)
        engine.save()
    assert len(list(folder.glob("segment-*"))) == 2
    return folder


def rankings(engine: EmbeddedEngine) -> list[Ranking]:
    scopes = (Scope.all(), Scope.of("x"), Scope.of("y"))
    return [engine.search(QUERY, scope=scope, k=100) for scope in scopes]


@pytest.mark.parametrize("damage", DAMAGES, ids=NAMES)
@pytest.mark.parametrize("name", FILES)
def test_any_damage_heals_from_the_database(
    library: Library,
    index: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    name: str,
    damage: Callable[[Path], None],
) -> None:
    """It is seen at the start, said in one line, and gone after what was lost is built anew."""
    folder = tmp_path / "index"
    shutil.copytree(index, folder)
    path = min(folder.rglob(name))
    damage(path)
    anew = EmbeddedEngine()
    catch_up(library, anew)
    with caplog.at_level(logging.WARNING):
        engine = EmbeddedEngine(folder)
        catch_up(library, engine)
    assert rankings(engine) == rankings(anew)
    warnings = [record.getMessage() for record in caplog.records]
    if name != "manifest.json":  # a generation of another name is a generation like any other
        [warning] = warnings
        assert str(folder) in warning
        assert warning.endswith("that part is built anew from the database")
        assert "\n" not in warning
        # what was whole was not built anew
        assert len(EmbeddedEngine(folder).holds()) not in {0, len(library.live_matters())}
    engine.save()
    assert Store(folder).problems() == []
    caplog.clear()
    opened = EmbeddedEngine(folder)
    assert opened.lacking(library.live_matters()) == []
    catch_up(library, opened)
    assert rankings(opened) == rankings(anew)
    assert not caplog.records


@pytest.mark.parametrize("name", FILES)
def test_the_check_names_the_file(index: Path, tmp_path: Path, name: str) -> None:
    """What the doctor asks for: nothing for a whole index, a line for a damaged or missing file."""
    folder = tmp_path / "index"
    shutil.copytree(index, folder)
    assert Store(folder).problems() == []
    path = min(folder.rglob(name))
    path.write_bytes(b"\xff" + path.read_bytes()[1:])
    [problem] = Store(folder).problems()
    assert str(path.parent) in problem
    path.unlink()
    if name != "manifest.json":  # without one there is no index, which is no damage
        [problem] = Store(folder).problems()
        assert str(path) in problem
