"""A data folder of an earlier version goes on: ids open the same words, and nothing is lost.

`earlier_version.zip` was written by the program before the tables stood beside their owners: five
documents filed by `add`, one with a note, and a row or more in the tables of each record. Passages
of a stored document stay as they were cut, whatever later versions make of the same file, since
their ordinals stand in citations. So the file is made once and never again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from bot.migrations import MIGRATIONS
from bot.records.access import Access
from bot.records.audit import Audit
from bot.records.conversation import Conversation
from bot.records.digests import Digests, Hour
from bot.records.people import People
from bot.records.uploads import Uploads
from bot.records.watches import Watches
from bot.settings import Settings
from corpus.citing.ids import parse_citation
from corpus.library import Library
from corpus.models import Passage, Scope
from corpus.reading.read import read
from corpus.reasons import Fact, Reason
from corpus.storage.database import open_database
from index.text import analyzer
from tests.bot.conftest import CommandLine

ZIP = Path(__file__).with_name("earlier_version.zip")
LEASE = """Lease of the mill

2019-03-04

1. The tenant pays the rent on the first day of each quarter.

2. The landlord keeps the weir in repair and answers for the water.

3. Either party may end the lease by a notice of six months."""
GIVEN_OUT = {
    "M89FNE81-1": "磨坊管理条例\n\n第一条 为了管理磨坊，制定本条例。",
    "M89FNE81-2": "第二条 磨坊主应当在每年三月前检查水坝。检查的结果应当记录。",
    "M89FNE81-3": "第三条 违反前条规定的，处一百元以下罚款。",
    "R2T33790-1": LEASE,
}
"""Citations as the earlier version gave them out, and the words that they opened."""


@pytest.fixture
def earlier(nowhere: Path) -> Path:
    """The data folder `data` here, as the earlier version left it."""
    shutil.unpack_archive(ZIP, nowhere / "data")
    return nowhere / "data"


@pytest.fixture
def database(earlier: Path) -> Iterator[sqlalchemy.Engine]:
    """Its database, opened by this version."""
    database = open_database("", folder=earlier, migrations=MIGRATIONS)
    yield database
    database.dispose()


def opened_words(library: Library) -> dict[str, str]:
    """What the citations open now."""
    return {
        citation: library.source(parse_citation(citation), Scope.all()).passage.text
        for citation in GIVEN_OUT
    }


@pytest.mark.usefixtures("earlier")
def test_ids_open_the_words_that_they_opened_then(pincite: CommandLine) -> None:
    """By the command that people use, at the first start and after the index was made anew."""
    for _ in range(2):
        for citation, words in GIVEN_OUT.items():
            assert pincite("source", citation, "--json").shapes[0]["text"] == words
        [answer] = pincite("ask", "who keeps the weir in repair?", "--json").shapes
        assert answer["hits"][0]["citation"] == "R2T33790-1"


def test_the_index_is_made_anew_at_the_first_start(earlier: Path, pincite: CommandLine) -> None:
    """Not mixed with the old one: it carries this version's analyzer, and finds what is filed."""
    manifest = earlier / "index" / "manifest.json"
    assert json.loads(manifest.read_text())["analyzer"] != analyzer.VERSION
    [answer] = pincite("ask", "磨坊主何時檢查水壩？", "--json").shapes
    assert answer["hits"][0]["citation"] == "M89FNE81-2"
    assert json.loads(manifest.read_text())["analyzer"] == analyzer.VERSION


def test_the_same_file_read_otherwise_moves_no_ordinal(database: sqlalchemy.Engine) -> None:
    """Filed again, there or in another matter, it stays the document that it was."""
    library = Library(database)
    content = library.original("R2T33790", Scope.all()).content
    reading = read(content, "lease.txt")
    first = reading.text.index("1. ")
    cut = tuple(
        Passage(ordinal, start, start + 2, reading.text[start : start + 2], f"[{ordinal}]")
        for ordinal, start in enumerate(range(first, first + 8, 2), start=1)
    )
    for matter, path, outcome in (
        ("mill", library.document("R2T33790", Scope.all()).path, "unchanged"),
        ("other", "/elsewhere/lease.txt", "added"),
    ):
        filed = library.file(replace(reading, passages=cut), matter=matter, path=str(path))
        assert (filed.outcome, filed.document_id, filed.passages) == (outcome, "R2T33790", 1)
    assert opened_words(library) == GIVEN_OUT
    assert library.integrity() == []


def test_a_new_version_of_a_document_has_ordinals_of_its_own(database: sqlalchemy.Engine) -> None:
    """Under an id of its own; the old one keeps opening its words, and says what replaced it."""
    library = Library(database)
    path = library.document("R2T33790", Scope.all()).path
    newer = read(f"{LEASE}\n\n4. The mill is not let on.\n".encode(), "lease.txt")
    filed = library.file(newer, matter="mill", path=str(path))
    assert (filed.outcome, filed.supersedes) == ("replaced", "R2T33790")
    assert opened_words(library) == GIVEN_OUT
    assert library.document("R2T33790", Scope.all()).superseded_by == filed.document_id


def test_what_the_bot_remembers_is_kept(database: sqlalchemy.Engine) -> None:
    """A row of each record, read by this version."""
    nothing_set: dict[str, Any] = {"_env_file": None}
    access = Access(database, Settings(**nothing_set))
    assert access.scope_of_person(7) == access.scope_of_chat(-5) == Scope.of("mill")
    assert access.owners() == {9}
    assert People(database).id_of_username("ann") == 7
    assert People(database).chosen_languages(None, 7) == ["zh-Hant"]
    asked = Conversation(database).answered_by(-5, 12)
    assert asked
    assert (asked.question.text, asked.citations) == ("who keeps the weir?", ("R2T33790-1",))
    [judgement] = Conversation(database).judgements()
    assert (judgement.citation, judgement.useful) == ("R2T33790-1", True)
    assert [watch.question for watch in Watches(database).watches_in(-5, 0)] == ["the weir"]
    assert Digests(database).hour_of(-5, 0) == Hour(9, 480)
    assert [upload.sent.name for upload in Uploads(database).unfinished()] == ["plan.pdf"]
    assert Audit(database).count() == 6
    assert Audit(database).problems() == []


def test_a_note_is_said_in_any_language(database: sqlalchemy.Engine) -> None:
    """It was kept as a sentence then."""
    facts: dict[str, Fact] = {"scanned": 1, "pages": 3, "numbers": "3"}
    note = Library(database).document("5V0MJ3TS", Scope.all()).note
    assert note == Reason("scanned_not_read", facts)
