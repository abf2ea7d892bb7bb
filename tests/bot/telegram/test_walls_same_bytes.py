"""Whoever files the very bytes that lie behind a wall learns nothing of it, and has them filed.

As in test_walls, two worlds differ in one thing: in the first the walled matter holds the file,
under a telling name and since long ago. The bot must do the very same in both.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from bot.compose import open_searcher
from bot.records.access import Access
from corpus.library import Library
from corpus.models import Scope
from corpus.reading.read import read
from corpus.storage.database import transaction
from corpus.storage.schema import documents, filings
from tests.bot.telegram.entry_points import keys_in_order
from tests.bot.telegram.request_double import TOKEN
from tests.bot.telegram.sample_matters import PEOPLE, sample_services
from tests.bot.telegram.simulator import Simulator, simulated_bot

pytestmark = pytest.mark.slow

TEXT = "the quorum of the board is nine."
SECRET = "merger-with-acme.txt"
WALLED = "lease"
LONG_AGO = "2001-01-01T00:00:00Z"
SCOPE = Scope.of("appeal")


def file_behind_the_wall(library: Library, then: str) -> None:
    """The same bytes, filed long ago under another name, and perhaps withdrawn since."""
    filed = library.file(read(TEXT.encode(), SECRET), matter=WALLED, path=f"deals/{SECRET}")
    assert filed.document_id
    with transaction(library.database) as connection:
        for of in (documents.c.id, filings.c.document_id):
            then_added = update(of.table).where(of == filed.document_id).values(added=LONG_AGO)
            connection.execute(then_added)
    if then == "withdrawn":
        library.withdraw(filed.document_id, scope=Scope.all())
    elif then == "replaced":
        library.file(read(b"another", SECRET), matter=WALLED, path=f"deals/{SECRET}")


async def everything(simulator: Simulator) -> list[str]:
    """What the bot sent to a keeper of the other matter, from filing to fetching the original."""
    Access(simulator.services.database, simulator.services.settings).admit(
        PEOPLE["Reader"][0], "appeal", "keeper"
    )
    attached = simulator.attached(f"minutes.txt containing {TEXT}")
    await simulator.deliver(simulator.message("Reader", "", "/watch the quorum"))
    await simulator.deliver(simulator.message("Reader", "", "", **attached))
    await simulator.app.bot_data.watch_notifier.run_round()
    [record, *_] = simulator.services.library.documents(SCOPE)
    citation = f"{record.id}-1"
    for said in ("the quorum of the board", "/documents", f"/source {citation}"):
        await simulator.deliver(simulator.message("Reader", "", said))
    await simulator.deliver(simulator.pressed("Reader", simulator.double.shown[-1], "Original"))
    await simulator.deliver(simulator.message("Reader", "", "", **attached))
    inline = {"id": "1", "from": {"id": 103, "is_bot": False, "first_name": "R"}, "offset": ""}
    await simulator.deliver(simulator._update("inline_query", inline | {"query": "the quorum"}))
    assert record.matters == ("appeal",)
    assert record.title == "minutes.txt"
    return [str(call) for call in simulator.double.calls]


@pytest.mark.parametrize("then", ["live", "withdrawn", "replaced"])
async def test_nothing_tells_of_the_same_bytes_behind_the_wall(
    tmp_path: Path, then: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither their name, nor their day, nor that they were there at all."""
    sent = []
    for walled in (True, False):
        keys_in_order(monkeypatch)
        folder = tmp_path / str(walled)
        folder.mkdir()
        async with simulated_bot(folder) as simulator:
            if walled:
                file_behind_the_wall(simulator.services.library, then)
            sent.append(await everything(simulator))
            said = "\n".join(sent[-1])
            assert "minutes.txt" in said
            assert "quorum" in said
    assert SECRET not in "\n".join(sent[0])
    assert "2001" not in "\n".join(sent[0])
    assert sent[0] == sent[1]


async def test_a_name_behind_the_wall_is_no_evidence(tmp_path: Path) -> None:
    """A word of it, guessed by somebody else, finds nothing, as if it stood nowhere."""
    with sample_services(tmp_path, TOKEN) as services:
        file_behind_the_wall(services.library, "live")
        services.library.file(
            read(TEXT.encode(), "minutes.txt"), matter="appeal", path="minutes.txt"
        )
        with open_searcher(services.settings, services.library) as searcher:
            for question in ("merger", "acme", "merger with acme", "the quorum"):
                answer = searcher.answer(question, scope=SCOPE)
                assert bool(answer.hits) == (question == "the quorum")
                assert all(hit.title == "minutes.txt" for hit in answer.hits)


async def test_each_keeper_keeps_their_own_name(tmp_path: Path) -> None:
    """The other way round as well: behind the wall it stays what it was called there."""
    async with simulated_bot(tmp_path) as simulator:
        library = simulator.services.library
        file_behind_the_wall(library, "live")
        await everything(simulator)
        [record] = [each for each in library.documents(Scope.of(WALLED)) if each.passages == 1]
        assert (record.title, record.added) == (SECRET, LONG_AGO)
        assert library.original(record.id, Scope.of(WALLED)).name == SECRET
