"""A small file makes much work: by its title, its headings, or a fault of the analysis."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import UnreadableFile
from corpus.library import Library
from corpus.models import Scope
from corpus.reading import limits
from corpus.reading.read import read
from corpus.workers import WorkerKind
from index.embedded.engine import EmbeddedEngine
from index.engine import analysis
from index.engine.protocol import Alternative, Clause, Query
from index.engine.sync import catch_up
from index.text import analyzer
from tests.databases import open_migrated
from tests.index.conftest import filing

BODY = "\n\n".join(f"Clause {n}. The sum numbered {n} is due on notice." for n in range(1, 400))
LONG = "".join(map(chr, range(0x4E00, 0x4E00 + 19_000)))


@pytest.mark.parametrize(
    "content",
    [
        f"---\ntitle: {LONG}\n---\n\n{BODY}",
        f"From: a@b.example\nTo: c@b.example\nSubject: {LONG}\n\n{BODY}",
        f"<html><title>{LONG}</title><body>{BODY.replace(chr(10), '<p>')}</body></html>",
        f"# {LONG}\n\n{BODY}",
        f"# {'# '.join([LONG[:2000] + chr(10)] * 6)}\n\n{BODY}",
        f"clause,{LONG}\n" + "\n".join(f"{n},due" for n in range(400)),
    ],
    ids=["front matter", "subject", "page title", "heading", "headings", "column"],
)
def test_a_title_of_19000_characters_stands_above_every_passage(content: str) -> None:
    """What is copied to each passage is cut, so that the index grows with the text alone."""
    reading = read(content.encode(), "a")
    assert len(reading.metadata.title or "") <= limits.LONGEST_TITLE
    assert max(len(passage.heading) for passage in reading.passages) <= limits.LONGEST_HEADING
    assert max(len(passage.pin) for passage in reading.passages) <= limits.LONGEST_NAME


def test_a_file_is_nothing_but_passages(monkeypatch: pytest.MonkeyPatch) -> None:
    """More passages or characters than a document may have are refused."""
    monkeypatch.setattr(limits, "MOST_PASSAGES", 20)
    with pytest.raises(UnreadableFile, match="too_many_passages"):
        read(BODY.encode(), "a.txt")
    monkeypatch.undo()
    monkeypatch.setattr(limits, "MOST_CHARACTERS", 20)
    with pytest.raises(UnreadableFile, match="too_much_text"):
        read(BODY.encode(), "a.txt")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(open_migrated(f"sqlite:///{tmp_path}/pincite.db"))


@pytest.fixture
def dying(monkeypatch: pytest.MonkeyPatch) -> None:
    """An analysis that fails on some words, and starts processes for every text."""
    monkeypatch.setattr(analysis, "SMALL", 0)
    monkeypatch.setattr(analysis, "SECONDS", 0.7)
    kind = WorkerKind("tests.security.dying_analysis:analyze_or_die", memory_mb=512)
    monkeypatch.setattr(analysis, "_KIND", kind)


def keys(engine: EmbeddedEngine, word: str) -> int:
    query = Query((Clause(word, (Alternative(analyzer.stem(word)),)),))
    return len(engine.search(query, scope=Scope.all(), k=9).candidates)


@pytest.mark.slow
@pytest.mark.usefixtures("dying")
@pytest.mark.parametrize("word", ["deadlyword", "endlessword"])
def test_a_text_kills_the_analysis_or_never_ends(
    library: Library, tmp_path: Path, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its document is set aside, said and skipped; all others are found, after a restart too."""
    file = filing(library)
    for name in ("before", "poison", "after"):
        content = f"{word} here" if name == "poison" else f"the {name} notice"
        file(name, content, matter="x", path=name)
    engine = EmbeddedEngine(tmp_path / "index")
    catch_up(library, engine)
    assert keys(engine, "notice") == 2
    [(document_id, reason)] = library.documents_set_aside(analyzer.VERSION).items()
    assert reason.code == "not_indexed"
    [listed] = [d for d in library.documents(Scope.all()) if d.note]
    assert (listed.id, listed.note) == (document_id, reason)
    engine.save()

    # The next start analyzes nothing of it: neither with the index, nor where that was deleted.
    analyzed: list[str] = []
    usual = analysis._Analysis._terms

    def noted(self: analysis._Analysis, passages: list, *, fresh: bool) -> list:  # type: ignore[type-arg]
        analyzed.extend(passage.document_id for passage in passages)
        return usual(self, passages, fresh=fresh)

    monkeypatch.setattr(analysis._Analysis, "_terms", noted)
    again = EmbeddedEngine(tmp_path / "index")
    catch_up(library, again)
    assert not analyzed
    anew = EmbeddedEngine()
    catch_up(library, anew)
    assert document_id not in analyzed
    assert keys(anew, "notice") == 2
    # Another version of the analyzer tries it again.
    assert not library.documents_set_aside("another")


def test_a_small_text_makes_the_analysis_raise(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is too short for a process of its own is set aside as well."""
    usual: Callable[[str], object] = analyzer.parted

    def parted(text: str) -> object:
        if "poison" in text:
            raise RuntimeError(text)
        return usual(text)

    monkeypatch.setattr(analysis, "parted", parted)
    file = filing(library)
    file("a", "the notice", matter="x", path="a")
    file("b", "poison here", matter="x", path="b")
    engine = EmbeddedEngine()
    catch_up(library, engine)
    assert keys(engine, "notice") == 1
    assert len(library.documents_set_aside(analyzer.VERSION)) == 1
