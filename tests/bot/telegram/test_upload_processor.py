"""Whatever happens on the way, a file that was sent is filed or its sender is told, once."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from telegram import Document, Update

from bot.records.access import Access
from bot.records.leases import LEASE
from bot.records.uploads import Uploads, path_of
from bot.telegram.sent_files import file_name
from bot.telegram.upload_processor import UploadProcessor
from corpus.errors import UnreadableFile
from corpus.models import Reading, Scope
from tests.bot.telegram.request_double import Failure
from tests.bot.telegram.sample_matters import PEOPLE, InProcessReader
from tests.bot.telegram.simulator import Simulator, simulated_bot

KEEPER = PEOPLE["Keeper"][0]


def album(simulator: Simulator, who: str, *files: str) -> list[dict[str, Any]]:
    """The updates that an album of files becomes."""
    return [
        simulator.message(who, "", "", **simulator.attached(file, media_group_id="7"))
        for file in files
    ]


async def test_an_album_has_one_message(tmp_path: Path) -> None:
    """Files sent together are told of in one message, a line each, in the order they came."""
    async with simulated_bot(tmp_path) as simulator:
        for update in album(
            simulator, "Keeper", "a.txt containing One.", "b.txt", "c.txt containing 3"
        ):
            await simulator.deliver(update)
        [shown] = simulator.double.shown
        lines = shown.text.splitlines()
        told = ["1 · ✅ a.txt", "2 · ⚠️ b.txt", "3 · ✅ c.txt"]
        assert [line.split(" is ")[0] for line in lines[:3]] == told
        assert shown.labels == [["📖 1", "📖 3"], ["↩️ Undo"]]


async def test_an_album_is_asked_for_once(tmp_path: Path) -> None:
    """One press sends all of an album, also what arrives after it, into the matter chosen."""
    async with simulated_bot(tmp_path) as simulator:
        first, second, third = album(
            simulator, "Owner", "a.txt containing 1", "b.txt containing 2", "c.txt containing 3"
        )
        await simulator.deliver(first)
        await simulator.deliver(second)
        [shown] = simulator.double.shown
        assert shown.text.count("waiting") == 2
        await simulator.deliver(simulator.pressed("Owner", shown, "lease"))
        await simulator.deliver(third)
        assert len(simulator.double.shown) == 1
        assert shown.text.count("is filed in lease") == 3


async def test_an_album_of_a_stranger_gets_one_sentence(tmp_path: Path) -> None:
    """Ten files of somebody who may file nothing are refused with one sentence, unfetched."""
    async with simulated_bot(tmp_path) as simulator:
        for update in album(simulator, "Stranger", *[f"{n}.txt containing {n}" for n in range(10)]):
            await simulator.deliver(update)
        assert len(simulator.double.shown) == 1
        assert not simulator.double.said("getFile")


async def test_two_people_do_not_replace_each_other(tmp_path: Path) -> None:
    """The same name from two people is two documents; from one person, one with two versions."""
    async with simulated_bot(tmp_path) as simulator:
        for who, text in (("Keeper", "One."), ("Owner", "Two."), ("Keeper", "Three.")):
            await simulator.deliver(
                simulator.message(
                    who, "", "", **simulator.attached(f"s.txt containing {text} with /add lease")
                )
            )
        library = simulator.services.library
        records = library.documents(Scope.of("lease"))
        assert [each.superseded_by is None for each in records] == [True, True, False, True]
        assert str(KEEPER) not in path_of(KEEPER, "s.txt")


async def test_a_second_delivery_files_nothing_again(tmp_path: Path) -> None:
    """An update that comes twice, even to a bot that forgot it, leaves one message."""
    async with simulated_bot(tmp_path) as simulator:
        update = simulator.message("Keeper", "", "", **simulator.attached("a.txt containing One."))
        await simulator.deliver(update)
        await simulator.deliver(update)
        await simulator.app.process_update(Update.de_json(update, simulator.app.bot))
        await simulator.app.bot_data.upload_processor.idle()
        assert len(simulator.double.shown) == 1
        assert len(simulator.double.said("getFile")) == 1


@pytest.mark.parametrize("at", ["received", "shown", "finished"])
async def test_a_restart_loses_nothing(tmp_path: Path, at: str) -> None:
    """Wherever the bot stopped, the next one files the rest and tells, in the same message."""
    async with simulated_bot(tmp_path) as simulator:
        upload_processor = simulator.app.bot_data.upload_processor
        update = simulator.message("Keeper", "", "", **simulator.attached("a.txt containing One."))
        step = {"received": "accept", "shown": "_fetch", "finished": "_update_message"}[at]

        async def die(*_: object, **__: object) -> None:
            raise asyncio.CancelledError

        setattr(upload_processor, step, die)
        parsed = Update.de_json(update, simulator.app.bot)
        try:
            await simulator.app.process_update(parsed)
        except asyncio.CancelledError:
            assert at == "received"
        await asyncio.gather(*upload_processor._tasks.values(), return_exceptions=True)
        await upload_processor.close()
        bot_data = simulator.app.bot_data
        again = UploadProcessor(
            simulator.services, bot_data.access, bot_data.outbox, simulator.app.bot
        )
        await again.resume()
        await again.idle()
        [shown] = simulator.double.shown
        assert "a.txt is" in shown.text
        assert len(simulator.services.library.documents(Scope.of("lease"))) == 2
        assert not again.uploads.unfinished()


def of_another_machine(simulator: Simulator, seconds: float) -> UploadProcessor:
    """The same, where the clock shows so many seconds later."""
    bot_data = simulator.app.bot_data
    upload_processor = UploadProcessor(
        simulator.services, bot_data.access, bot_data.outbox, simulator.app.bot
    )
    upload_processor.uploads = Uploads(simulator.services.database, lambda: time.time() + seconds)
    return upload_processor


async def test_what_is_at_work_elsewhere_is_left_there(tmp_path: Path) -> None:
    """A machine that starts meanwhile takes up nothing that another one still files."""
    async with simulated_bot(tmp_path) as simulator:
        reader = SlowReader()
        simulator.services.ingest._reader = reader
        update = simulator.message("Keeper", "", "", **simulator.attached("a.txt containing One."))
        await simulator.app.process_update(Update.de_json(update, simulator.app.bot))
        for _ in range(2):
            other = of_another_machine(simulator, LEASE * 0.9)
            await other.resume(alone=False)
            assert not other.busy
            await asyncio.to_thread(simulator.app.bot_data.upload_processor.uploads.renew, [1])
        reader.let.set()
        await simulator.app.bot_data.upload_processor.idle()
        assert "a.txt is filed" in simulator.double.shown[0].text
        assert len(simulator.double.said("getFile")) == 1


async def test_what_another_left_behind_is_taken_up_and_told_once(tmp_path: Path) -> None:
    """When its hold lapsed; should it wake again after all, it says nothing more."""
    async with simulated_bot(tmp_path) as simulator:
        slow, quick = SlowReader(), InProcessReader()
        simulator.services.ingest._reader = slow
        update = simulator.message("Keeper", "", "", **simulator.attached("a.txt containing One."))
        await simulator.app.process_update(Update.de_json(update, simulator.app.bot))
        asleep, other = (
            simulator.app.bot_data.upload_processor,
            of_another_machine(simulator, LEASE * 1.1),
        )
        while not slow.asked.is_set():
            await asyncio.to_thread(slow.asked.wait, 60)
        simulator.services.ingest._reader = quick
        await other.resume(alone=False)
        await other.idle()
        [shown] = simulator.double.shown
        edits = shown.edits
        slow.let.set()
        await asleep.idle()
        assert "a.txt is filed" in shown.text
        assert shown.edits == edits
        assert len(simulator.services.library.documents(Scope.of("lease"))) == 2


async def test_who_keeps_no_more_files_no_more(tmp_path: Path) -> None:
    """A keeper dismissed while their file waits finds it refused."""
    async with simulated_bot(tmp_path) as simulator:
        upload_processor, access = (
            simulator.app.bot_data.upload_processor,
            Access(simulator.services.database, simulator.services.settings),
        )
        fetch = upload_processor._fetch

        async def dismissed(file_id: str) -> bytes:
            access.dismiss(KEEPER, "lease")
            return await fetch(file_id)

        upload_processor._fetch = dismissed  # type: ignore[method-assign]
        await simulator.deliver(
            simulator.message("Keeper", "", "", **simulator.attached("a.txt containing One."))
        )
        assert "you no longer keep lease" in simulator.double.shown[-1].text
        assert len(simulator.services.library.documents(Scope.of("lease"))) == 1


async def test_a_file_that_is_gone(tmp_path: Path) -> None:
    """Telegram forgets files: then the sender is asked to send it again."""
    async with simulated_bot(tmp_path) as simulator:
        simulator.double.failures.append(Failure("getFile", 400, "Bad Request: wrong file_id"))
        await simulator.deliver(
            simulator.message("Keeper", "", "", **simulator.attached("a.txt containing One."))
        )
        assert "Please send it again" in simulator.double.shown[-1].text


class SlowReader(InProcessReader):
    """Reads when it is let."""

    def __init__(self) -> None:
        self.let = threading.Event()
        self.asked = threading.Event()

    def read_many(self, files: Iterable[tuple[bytes, str]]) -> Iterator[Reading | UnreadableFile]:
        self.asked.set()
        assert self.let.wait(60)
        yield from super().read_many(files)


async def test_questions_do_not_wait_for_files(tmp_path: Path) -> None:
    """While ten files are being read, whoever sent them gets answers."""
    async with simulated_bot(tmp_path) as simulator:
        reader = SlowReader()
        simulator.services.ingest._reader = reader
        for number in range(10):
            attached = simulator.attached(f"{number}.txt containing The {number}.")
            update = simulator.message("Keeper", "", "", **attached)
            await simulator.app.process_update(Update.de_json(update, simulator.app.bot))
        asked = simulator.message("Keeper", "", "the rent")
        await simulator.app.process_update(Update.de_json(asked, simulator.app.bot))
        assert "The tenant pays the rent" in simulator.double.shown[-1].text
        reader.let.set()
        await simulator.app.bot_data.upload_processor.idle()
        assert sum("is filed" in shown.text for shown in simulator.double.shown) == 10


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a.txt", "a.txt"),
        ("../../etc/a.txt", "a.txt"),
        ("C:\\docs\\a.txt", "a.txt"),
        ("e\u0301.txt", "é.txt"),
        ("..", "file-u"),
        ("", "file-u"),
        (None, "file-u"),
        ("a\0\ud800.txt", "a\ufffd\ufffd.txt"),
        ("x" * 300 + ".docx", "x" * 115 + ".docx"),
    ],
)
def test_names(sent: str | None, kept: str) -> None:
    """A name holds no folder, nothing that cannot be stored, and no more than fits."""
    assert file_name(Document("f", "u", file_name=sent)) == kept


async def test_what_is_being_shown_is_not_taken_up_again(tmp_path: Path) -> None:
    """However long Telegram lets us wait with the first message, it is one."""
    async with simulated_bot(tmp_path) as simulator:
        upload_processor = simulator.app.bot_data.upload_processor
        send, going, let = upload_processor._outbox.send, asyncio.Event(), asyncio.Event()

        async def slow(*given: Any, **more: Any) -> int | None:
            going.set()
            await let.wait()
            return await send(*given, **more)

        upload_processor._outbox.send = slow  # type: ignore[method-assign]
        update = simulator.message("Keeper", "", "", **simulator.attached("a.txt containing One."))
        arriving = asyncio.create_task(
            simulator.app.process_update(Update.de_json(update, simulator.app.bot))
        )
        await going.wait()
        now = upload_processor.uploads._clock
        upload_processor.uploads._clock = lambda: now() + 2 * LEASE
        await upload_processor.resume(alone=False)
        let.set()
        await arriving
        await upload_processor.idle()
        assert len(simulator.double.shown) == 1
        assert "a.txt is filed" in simulator.double.shown[0].text
