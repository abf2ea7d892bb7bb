"""What happens in one matter does not show in another: neither in answers nor in their time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from corpus.library import Library
from corpus.models import Scope
from corpus.storage.database import open_database
from index import search
from index.engine import sync
from index.naming.directory import DocumentDirectory
from index.search import Searcher
from index.vocabulary.glossary import FILE
from index.vocabulary.tables import open_query_expander
from tests.index.conftest import filing

QUESTIONS = (
    "what of Project Falcon?",
    "Project Falcon",
    "when is the rent due?",
    "屋頂由誰修理",
    "the tenant, the roof and the heron",
)
LEASE = Scope.of("lease")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Two matters, each with a document."""
    library = Library(open_database(f"sqlite:///{tmp_path}/pincite.db"))
    file = filing(library)
    file("The tenant pays the rent on the first day.", "屋頂由出租人修理。", matter="lease")
    file("上訴人於六月十日提出上訴。", "The appeal concerns the heron.", matter="appeal")
    return library


def _answers(searcher: Searcher, scope: Scope) -> list[object]:
    answers = (searcher.answer(question, scope=scope) for question in QUESTIONS)
    return [(answer.hits, answer.refusal, answer.understood_as) for answer in answers]


def test_a_code_name_of_a_client_is_written_into_the_glossary(
    library: Library, tmp_path: Path
) -> None:
    """A line of one matter changes its answers, and no answer of another."""
    searcher = Searcher(library, expander=open_query_expander(tmp_path, None, tmp_path / FILE))
    before = _answers(searcher, LEASE)
    (tmp_path / FILE).write_text("[appeal]\nProject Falcon\t提出上訴\ntenant\theron\n", "utf-8")
    assert _answers(searcher, LEASE) == before
    inside = searcher.answer(QUESTIONS[0], scope=Scope.of("appeal"))
    assert inside.answered
    assert "上訴" in inside.hits[0].text
    watched = searcher.query(QUESTIONS[0], scope=LEASE)
    (tmp_path / FILE).unlink()
    assert searcher.query(QUESTIONS[0], scope=LEASE) == watched


@pytest.mark.parametrize("change", ["filed", "withdrawn", "replaced"])
def test_a_filing_elsewhere_is_told_by_the_time_of_the_next_question(
    library: Library, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """A question does no work for what changed outside its scope; before, 3 s for one file."""
    searcher, file = Searcher(library), filing(library)
    filed = file("The heron stands on the roof.", matter="appeal", path="a")
    before = _answers(searcher, LEASE)
    work: list[str] = []
    catch_up, build = sync.catch_up, DocumentDirectory.of

    def noted_catch_up(*arguments: Any) -> int:
        work.append("index")
        return catch_up(*arguments)

    def noted_build(*arguments: Any) -> DocumentDirectory:
        work.append("directory")
        return build(*arguments)

    monkeypatch.setattr(search, "catch_up", noted_catch_up)
    monkeypatch.setattr(DocumentDirectory, "of", noted_build)
    if change == "filed":
        file("The heron left the roof.", matter="appeal")
    elif change == "withdrawn":
        assert filed.document_id
        library.withdraw(filed.document_id, scope=Scope.of("appeal"))
    else:
        file("The heron came back.", matter="appeal", path="a")
    assert _answers(searcher, LEASE) == before
    assert work == []
    # Whoever may see it sees it at once, and has waited for it.
    assert "heron" in searcher.answer("heron", scope=Scope.of("appeal")).hits[0].text
    assert work == ["index", "directory"]


def test_a_long_filing_elsewhere_holds_the_index(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a thread takes it up, a question of another scope is answered at once."""
    searcher, file = Searcher(library), filing(library)
    before = _answers(searcher, LEASE)
    file("The heron left the roof.", matter="appeal")
    with searcher._refreshing:  # as that thread does
        assert _answers(searcher, LEASE) == before
        monkeypatch.setattr(search, "LONGEST_WAIT", 0.01)
        file("The tenant pays the fee.", matter="lease")
        assert searcher.answer("the rent", scope=LEASE).hits
