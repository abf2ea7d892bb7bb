"""What a line means is the same in the console, in piped input and in Telegram."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy import select

from bot.audit import AuditRecorder
from bot.cli.run import PipedTalk
from bot.compose import Services
from bot.console.chat import TerminalChat
from bot.records.audit import audit
from bot.understanding import understand
from corpus.storage.database import snapshot
from tests.bot.telegram.dialogue import Turn
from tests.bot.telegram.request_double import TOKEN
from tests.bot.telegram.sample_matters import sample_services
from tests.bot.telegram.simulator import simulated_bot

KINDS = (
    *(("more", "more"), ("More please!", "more"), ("show me more", "more"), ("更多", "more")),
    *(("還有嗎？", "more"), ("还有吗", "more"), ("繼續", "more"), ("下一頁", "more")),
    *(("2", "number"), ("#2", "number"), ("2.", "number"), ("no. 2", "number")),
    *(("open 2", "number"), ("第2段", "number"), ("打開第二個", "number"), ("２", "number")),
    *(("TBE0G5NG-3", "citation"), ("tbeog5ng–3", "citation")),
    *(("thanks!", "thanks"), ("謝謝", "thanks"), ("好的，收到", "thanks"), ("👍", "thanks")),
    *(("🙏🙏", "thanks"), ("thank you so much", "thanks"), ("ok", "thanks")),
    *(
        ("hello", "greeting"),
        ("你好", "greeting"),
        ("早安", "greeting"),
        ("who are you", "greeting"),
    ),
    *(("2019", "question"), ("第三條", "question"), ("more than 30 days", "question")),
    *(("and when?", "question"), ("the notices", "question"), ("…", "question"), ("?", "question")),
    *(("thanks to whom was it paid", "question"), ("謝謝的判決", "question")),
)


@pytest.mark.parametrize(("line", "kind"), KINDS)
def test_a_line_after_an_answer(line: str, kind: str) -> None:
    """Numbers, 'more', ids, thanks and greetings are told from questions."""
    assert understand(line, follows=True).kind == kind


@pytest.mark.parametrize("line", ["more", "2", "#2", "更多"])
def test_without_an_answer_there_is_nothing_to_go_on_from(line: str) -> None:
    """Where nothing was answered, a number or 'more' is a question as any other."""
    assert understand(line).kind == "question"


def test_the_number_is_read() -> None:
    """In digits of either width and in Chinese numerals."""
    numbers = [understand(line, follows=True).number for line in ("open 12", "第三個", "３")]
    assert numbers == [12, 3, 3]


TALKS: dict[str, list[tuple[str, tuple[str, list[str]] | None]]] = {
    "a number opens a passage of the last answer": [
        ("the notice, the notices", ("answer", ["TBE0G5NG-2", "TBE0G5NG-3"])),
        ("2", ("source", ["TBE0G5NG-3"])),
        ("7", None),
    ],
    "more goes on, and counts on": [
        ("the notice, the notices", ("answer", ["TBE0G5NG-2", "TBE0G5NG-3"])),
        ("more", ("page", ["TBE0G5NG-4", "VCB051JR-2"])),
        ("3", ("source", ["TBE0G5NG-4"])),
        ("more", None),
    ],
    "a follow-up leans on the question before": [
        ("the notices", ("answer", ["TBE0G5NG-3"])),
        ("and the servers?", ("answer", ["TBE0G5NG-2", "TBE0G5NG-3"])),
    ],
}
"""Lines, and what the audit has of the answer to each: the kind of it, and what was shown."""

Surface = Callable[[Services, list[str]], list[list[tuple[str, list[str]]]]]


def _recorded(services: Services) -> list[tuple[str, list[str]]]:
    with snapshot(services.database) as connection:
        rows = connection.execute(select(audit).order_by(audit.c.number)).all()
    return [(row.kind, list(row.citations)) for row in rows]


def _one_by_one(
    services: Services, lines: list[str], say: Callable[[str], object]
) -> list[list[tuple[str, list[str]]]]:
    recorded = []
    for line in lines:
        mark = len(_recorded(services))
        say(line)
        recorded.append(_recorded(services)[mark:])
    return recorded


def in_console(services: Services, lines: list[str]) -> list[list[tuple[str, list[str]]]]:
    recorder = AuditRecorder(services.audit, services.searcher, "console")
    terminal = Console(file=io.StringIO(), width=80)
    chat = TerminalChat(services.library, services.searcher, recorder, terminal, passages=2)
    return _one_by_one(services, lines, chat.handle_line)


def piped(services: Services, lines: list[str]) -> list[list[tuple[str, list[str]]]]:
    recorder = AuditRecorder(services.audit, services.searcher, "command line")
    return _one_by_one(services, lines, PipedTalk(services.searcher, 2, recorder).answer)


@pytest.mark.parametrize("name", TALKS)
@pytest.mark.parametrize("surface", [in_console, piped], ids=lambda surface: surface.__name__)
def test_a_talk_at_the_terminal(surface: Surface, name: str, tmp_path: Path) -> None:
    """The console and a pipe show what each line asks for."""
    with sample_services(tmp_path, TOKEN) as services:
        recorded = surface(services, [line for line, _ in TALKS[name]])
    assert recorded == [[shown] if shown else [] for _, shown in TALKS[name]]


@pytest.mark.parametrize("name", TALKS)
async def test_a_talk_in_telegram(name: str, tmp_path: Path) -> None:
    """A private chat shows the same."""
    async with simulated_bot(tmp_path) as simulator:
        for line, shown in TALKS[name]:
            mark = len(_recorded(simulator.services))
            await simulator.play(Turn(0, "Owner", "says", line, "", ""))
            assert _recorded(simulator.services)[mark:] == ([shown] if shown else [])
