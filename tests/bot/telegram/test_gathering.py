"""An album of pages becomes one document, and a text that Telegram cut in two one question."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from corpus.models import Scope
from tests.bot.telegram.dialogue import Output, Turn
from tests.bot.telegram.simulator import Simulator, simulated_bot, user

PIL = pytest.importorskip("PIL.Image")


KEEPER = Turn(0, "Keeper", "presses", "", "", "")


def jpeg(folder: Path, shade: int) -> bytes:
    path = folder / f"{shade}.jpg"
    PIL.new("L", (60, 40), shade).save(path)
    return path.read_bytes()


def album(simulator: Simulator, folder: Path, count: int, **more: Any) -> list[dict[str, Any]]:
    """Updates with the pictures of an album, the first with a caption if there is any."""
    updates = []
    for number in range(count):
        name = f"photo{number}"
        simulator.double.stored[name] = jpeg(folder, 50 * number)
        size = {"file_id": name, "file_unique_id": name, "width": 60, "height": 40}
        said: dict[str, Any] = {"photo": [size], "media_group_id": "a1"}
        updates.append(simulator.message("Keeper", "", "", **said, **(more if number == 0 else {})))
    return updates


async def filed(simulator: Simulator, updates: list[dict[str, Any]]) -> tuple[list[Output], str]:
    """What is shown, and the name of the file that came to be filed."""
    outputs = await simulator.deliver(*updates)
    return outputs, outputs[0].lines[0]


@pytest.mark.slow
async def test_an_album_is_one_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its pages come in order in one PDF; its other messages are answered with the first."""
    monkeypatch.setattr("corpus.readers.ocr.available", lambda: True)
    received: list[bytes] = []
    async with simulated_bot(tmp_path) as simulator:
        processor = simulator.app.bot_data.upload_processor
        file = processor._file

        def note(upload: Any, content: bytes) -> Any:
            received.append(content)
            return file(upload, content)

        monkeypatch.setattr(processor, "_file", note)
        outputs, line = await filed(simulator, album(simulator, tmp_path, 3))
    assert len([output for output in outputs if output.kind == "message"]) == 1
    assert line == "⏳ photos-photo0.pdf: fetching it"
    (content,) = received
    assert len(pypdfium2.PdfDocument(content)) == 3


PAGE = "Second page of the lease"


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 2])
async def test_a_keepers_caption_is_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """Words that ask nothing name the page, and a button asks them all the same, once."""
    monkeypatch.setattr("corpus.readers.ocr.available", lambda: True)
    async with simulated_bot(tmp_path) as simulator:
        outputs, line = await filed(simulator, album(simulator, tmp_path, count, caption=PAGE))
        assert line.startswith(f"⏳ {PAGE}-photo0.{'jpg' if count == 1 else 'pdf'}: ")
        assert [["❓ Ask them"]] in [output.rows for output in outputs]
        press = simulator.pressed("Keeper", simulator.last_shown(KEEPER), "Ask them")
        outputs = await simulator.deliver(press)
        [answer] = [output for output in outputs if output.kind == "message"]
        assert "None of the documents mentions" in answer.lines[0]
        [offer] = [output for output in outputs if output.kind == "edit"]
        assert not offer.rows


@pytest.mark.slow
async def test_a_keepers_caption_that_asks_is_a_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is answered, and a button files the picture as well."""
    monkeypatch.setattr("corpus.readers.ocr.available", lambda: True)
    async with simulated_bot(tmp_path) as simulator:
        asked = album(simulator, tmp_path, 2, caption="is it the rent?")
        answer, offer = await simulator.deliver(*asked)
        assert "VCB051JR-1" in str(answer)
        assert offer.rows == [["📄 File it"]]
        press = simulator.pressed("Keeper", simulator.last_shown(KEEPER), "File it")
        outputs = await simulator.deliver(press)
        [progress] = [output for output in outputs if output.kind == "message"]
        assert progress.lines[0] == "⏳ is it the rent?-photo0.pdf: fetching it"


async def test_a_readers_caption_is_a_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever files nothing is answered, once for an album, and offered nothing."""
    monkeypatch.setattr("corpus.readers.ocr.available", lambda: True)
    async with simulated_bot(tmp_path) as simulator:
        sent = album(simulator, tmp_path, 3, caption="notices")
        for update in sent:
            update["message"] |= {"chat": simulator._chat("Reader", ""), "from": user("Reader")}
        [answer] = await simulator.deliver(*sent)
        assert "TBE0G5NG-3" in str(answer)


async def test_without_the_ocr_one_line_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One for a whole album."""
    monkeypatch.setattr("corpus.readers.ocr.available", lambda: False)
    async with simulated_bot(tmp_path) as simulator:
        outputs, line = await filed(simulator, album(simulator, tmp_path, 3))
        assert len(outputs) == 1
        assert line == "Send the page as a PDF file: I cannot read photos."
        assert simulator.services.library.count_documents(Scope.of("lease")) == 1


async def test_a_text_cut_in_two_is_one_question(tmp_path: Path) -> None:
    """What an app cut a little before 4,096 units is answered as one text."""
    async with simulated_bot(tmp_path) as simulator:
        long = "the " * 1_000
        first = simulator.message("Reader", "", f"{long} notices")
        simulator._clock -= 1
        second = simulator.message("Reader", "", "and the first judgment")
        outputs = await simulator.deliver(first, second)
    assert len(outputs) == 1
    assert "TBE0G5NG-3" in str(outputs[0])
    assert "TBE0G5NG-1" in str(outputs[0])
