"""The console chat: dialogues, boxes that fit their terminal, and a clean way out."""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import io
import os
import pty
import re
import select
import subprocess
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from bot.audit import AuditRecorder
from bot.compose import Services, open_services
from bot.console.chat import TerminalChat
from bot.sample import file_casefile
from bot.settings import read_settings
from corpus.models import Scope
from tests.bot.cli.test_program import hear_ctrl_c, start
from tests.bot.conftest import FILES, CommandLine

pytestmark = pytest.mark.slow

QUESTION = "who repairs the roof?"
PATIENCE = 120  # seconds that a busy machine may take


@pytest.fixture
def services(filed: Path) -> Iterator[Services]:
    with open_services(read_settings(filed)) as opened:
        yield opened


class Talk:
    """A chat whose terminal is a string."""

    def __init__(self, services: Services, width: int = 80, passages: int = 1) -> None:
        self._screen = io.StringIO()
        terminal = Console(file=self._screen, width=width, force_terminal=True, highlight=False)
        record = AuditRecorder(services.audit, services.searcher, "console")
        self.chat = TerminalChat(
            services.library, services.searcher, record, terminal, passages=passages
        )

    @property
    def screen(self) -> str:
        """What is shown now."""
        return self._screen.getvalue()

    def say(self, line: str, *, styled: bool = False) -> str:
        """What comes back for a line; colours and boldness left out unless `styled`."""
        self._screen.seek(0)
        self._screen.truncate()
        assert self.chat.handle_line(line)
        screen = self._screen.getvalue()
        return screen if styled else re.sub(r"\x1b\[[0-9;]*m", "", screen)


def _unboxed(shown: str) -> str:
    """The text within the boxes, its lines joined."""
    return re.sub(r"\s+", "", re.sub(r"[│╭╮╰╯─]", "", shown))


@pytest.mark.parametrize("width", [20, 40, 80, 120])
@pytest.mark.parametrize("question", [QUESTION, "屋頂漏水 照片"])
def test_boxes_fit_the_terminal(services: Services, width: int, question: str) -> None:
    """Every line is as wide as the terminal, wide characters counted as two, but never too wide."""
    screen = Talk(services, width).say(question)
    boxed = [line for line in screen.splitlines() if line.startswith(("│", "╭", "╰"))]
    assert len(boxed) >= 3
    assert {cell_len(line) for line in boxed} == {min(width, 100)}


@pytest.mark.parametrize("width", [1, 2, 3, 5, 8])
def test_a_terminal_without_room_is_no_error(services: Services, width: int) -> None:
    """There is little to see, but the chat goes on."""
    talk = Talk(services, width)
    for line in (QUESTION, "屋頂漏水", "1", "/next", "/help", "???"):
        assert "unexpected" not in talk.say(line).replace("\n", "").lower()


def test_a_passage_is_shown_whole_with_what_answers_in_bold(services: Services) -> None:
    """The box holds title, date, pin, citation and the text; the sentence that answers is bold."""
    talk = Talk(services, 100)
    (hit,) = services.searcher.answer(QUESTION, scope=Scope.all(), k=1).hits
    screen = _unboxed(talk.say(QUESTION))
    for part in (hit.title, hit.date, hit.pin, hit.citation, hit.text):
        assert re.sub(r"\s+", "", str(part)) in screen
    assert hit.answer is not None
    sentence = hit.text[slice(*hit.answer)]
    assert f"\x1b[1;32m{sentence}\x1b[0m" in talk.say(QUESTION, styled=True)


def test_more_and_source_go_on_from_the_last_answer(services: Services) -> None:
    """`/more` shows what comes next under the next number; `/source 2` opens it."""
    talk = Talk(services)
    question = "roof rent landlord tenant notice"
    every = services.searcher.answer(question, scope=Scope.all(), k=50).hits
    assert len(every) > 1
    assert f"1. {every[0].title}" in talk.say(question)
    assert f"2. {every[1].title}" in talk.say("/more")
    assert (opened := _unboxed(talk.say("/source 2"))) == _unboxed(talk.say("2"))
    assert re.sub(r"\s+", "", every[1].text) in opened
    source = services.library.document(every[1].document_id, Scope.all())
    assert source.sha256[:40] in opened.replace("sha256:", "")
    for _ in every[2:]:
        talk.say("/more")
    assert "nothing more" in talk.say("/more")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("/source nonsense", "is no citation id"),
        ("/source 99", "The last answer shows no passage 99."),
        ("/source " + "9" * 5000, "The last answer shows no passage 9999999999."),
        ("/source 00000000-1", "00000000-1"),
        ("/source", "is no citation id"),
        ("/dance", "There is no command /dance"),
        ("/help", "/source WHICH"),
        ("help", "/source WHICH"),
        ("/next", "No passage is open"),
        ("more", "nothing more"),
        ("???", "Nothing was asked"),
        ("/more", "nothing more"),
        ("   ", ""),
    ],
)
def test_whatever_is_typed_gets_one_answer(services: Services, line: str, answer: str) -> None:
    """A dialogue of one line each; none of them ends the chat."""
    screen = Talk(services, 200).say(line)
    assert answer in screen
    assert bool(screen) == bool(answer)


def test_a_path_is_a_question_too(services: Services) -> None:
    """Only `/word` is a command: a fraction or a path is asked about."""
    assert "There is no command" not in Talk(services).say("/etc/roof of the landlord")


def test_the_neighbours_lead_through_the_document(filed: Path) -> None:
    """`/next` and `/previous` open what stands beside, to either end."""
    with open_services(read_settings(filed)) as services:
        file_casefile(services.library)
        hits = services.searcher.answer("why did the appeal reverse?", scope=Scope.all(), k=1).hits
        talk, document = Talk(services), services.library.document(hits[0].document_id, Scope.all())
        screen = talk.say(f"{document.id}-1".lower())
        for step, end in (("/next", "last"), ("/previous", "first")):
            for _ in range(document.passages):
                opened, screen = screen, talk.say(step)
            assert f"This is the {end} passage of its document." in screen
            assert f"{document.id}-{document.passages if end == 'last' else 1} ─╯" in opened


def test_a_follow_up_leans_on_the_question_before(services: Services) -> None:
    """It finds what that was about, says how it was understood, and so do its next pages."""
    question = "roof rent landlord tenant notice"
    hits = services.searcher.answer(question, scope=Scope.all(), k=2).hits
    alone = Talk(services, 100).say("and then?")
    assert not any(hit.citation in alone for hit in hits)
    talk = Talk(services, 100)
    talk.say(question)
    talk.say("???")
    assert "Understood as" not in talk.say(QUESTION)
    talk.say(question)
    screen = talk.say("and then?")
    assert f"Understood as: and then? ({question})" in screen
    assert any(hit.citation in screen for hit in hits)
    assert "2. " in talk.say("more")


@pytest.mark.parametrize("thanks", ["thanks!", "好的", "👍", "hi"])
def test_thanks_leave_the_last_answer_where_it_is(services: Services, thanks: str) -> None:
    """Its passages open by their numbers, 'more' goes on from it, and so does a follow-up."""
    question = "roof rent landlord tenant notice"
    talk = Talk(services, 100)
    first = talk.say(question)
    assert "1. " not in talk.say(thanks)
    assert re.search(r"[0-9A-Z]{8}-\d+", first)[0] in talk.say("1")  # type: ignore[index]
    assert "2. " in talk.say("more")
    talk.say(thanks)
    assert f"Understood as: and then? ({question})" in talk.say("and then?")


def test_what_looks_like_a_citation_and_is_none_is_asked(services: Services) -> None:
    """A file number may look like an id."""
    assert "is not known" not in Talk(services).say("20240501-7")


def test_a_sample_is_offered_where_there_is_nothing_else(nowhere: Path, filed: Path) -> None:
    """Somebody new sees what could be asked; a team with documents of its own does not."""
    for folder, offered in ((nowhere / "new", True), (filed, False)):
        with open_services(read_settings(folder)) as services:
            file_casefile(services.library)
            talk = Talk(services, 100)
            talk.chat.greet()
            assert ("why did the appeal reverse?" in talk.screen) == offered


def test_an_unforeseen_error_does_not_end_the_chat(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told in one sentence, without a traceback."""

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(services.searcher, "answer", fail)
    screen = Talk(services, 200).say(QUESTION)
    assert screen.startswith("Unexpected ZeroDivisionError: division by zero")
    assert screen.count("\n") == 1


class Terminal:
    """A real terminal with the chat at its other end."""

    def __init__(self, process: subprocess.Popen[bytes], terminal: int) -> None:
        self._process = process
        self._terminal = terminal
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def type(self, text: str) -> None:
        """Type, without waiting."""
        os.write(self._terminal, text.encode())

    def shown(self, until: str | None) -> str:
        """All that is shown until it matches a pattern at its end, or until the chat ends."""
        output = ""
        while until is None or not re.search(f"(?:{until})$", output):
            ready, _, _ = select.select([self._terminal], [], [], PATIENCE)
            assert ready, f"only this was shown: {output!r}"
            chunk = self._read()
            if not chunk:
                break
            output += chunk
        return output

    def ended_by(self, typed: str) -> str:
        """All that is shown until the chat ends; typed again where nothing comes of it.

        readline misses a signal that falls between its prompt and its wait; people press again.
        """
        for _ in range(6):
            self.type(typed)
            if select.select([self._terminal], [], [], PATIENCE / 6)[0]:
                break
        return self.shown(until=None)

    def _read(self) -> str:
        """What came, in whole characters; nothing at the end."""
        screen, chunk = "", b" "
        while chunk and not screen:
            try:
                chunk = os.read(self._terminal, 65536)
            except OSError:  # how Linux tells that the other side is closed
                chunk = b""
            screen = self._decoder.decode(chunk)
        return screen

    def status(self) -> int:
        """The exit status, once the chat has ended."""
        return self._process.wait(timeout=PATIENCE)


@contextlib.contextmanager
def chat_on_terminal(data: Path) -> Iterator[Terminal]:
    own_side, child_side = pty.openpty()

    def own_terminal() -> None:  # so that Ctrl-C there is a signal here
        hear_ctrl_c()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    with start(
        "run", "--data", data, stdin=child_side, stdout=child_side, stderr=child_side,
        start_new_session=True, preexec_fn=own_terminal,
    ) as process:  # fmt: skip
        os.close(child_side)
        try:
            yield Terminal(process, own_side)
        finally:
            process.kill()
            os.close(own_side)


@pytest.mark.parametrize("leave", ["\x04", "\x03", "/quit\r", "/quit 再見\r"])
def test_every_way_out_is_clean(filed: Path, leave: str) -> None:
    """Ctrl-D, Ctrl-C and `/quit` end a real chat on a real terminal with status 0."""
    with chat_on_terminal(filed) as terminal:
        terminal.shown(until="› ")
        terminal.type(f"{QUESTION} 屋頂漏水\r")
        assert "╯" in terminal.shown(until="╯[^╭]*› ")
        assert "Traceback" not in terminal.ended_by(leave)
        assert terminal.status() == 0
    assert f"{QUESTION} 屋頂漏水" in (filed / "history").read_text(encoding="utf-8")
    assert (filed / "history").stat().st_mode & 0o077 == 0


def test_what_is_piped_in_is_answered_line_by_line(filed: Path, pincite: CommandLine) -> None:
    """Without a terminal `run` prints plain answers, and nothing else, on standard output."""
    ran = pincite("run", stdin=f"{QUESTION}\n屋頂漏水\n")
    assert ran.status == 0
    assert ran.out.startswith("1. Lease of the warehouse · 2024-05-01 · ")
    assert any(line in ran.out for line in FILES["memo.txt"].splitlines()[4:])
    assert pincite("run", stdin="???\n").status == 1


def test_thanks_in_a_pipe_leave_the_last_answer_where_it_is(
    filed: Path, pincite: CommandLine
) -> None:
    """The number after them opens its passage."""
    once = pincite("run", stdin=f"{QUESTION}\n1\n").out
    assert once.split("\n\n1. ")[-1] in pincite("run", stdin=f"{QUESTION}\nthanks\n1\n").out


def test_passages_are_kept_and_written_out(services: Services, nowhere: Path) -> None:
    """Kept by number and from the open passage, listed, written into a file that was not there."""
    talk = Talk(services)
    assert "Nothing is kept yet" in talk.say("/kept")
    assert "Nothing is kept yet" in talk.say("/memo")
    assert "No passage is open" in talk.say("/keep")
    talk.say(QUESTION)
    assert "is kept for warehouse" in talk.say("/keep 1")
    talk.say("1")
    assert "is no longer kept" in talk.say("/keep")
    assert "is kept for warehouse" in talk.say("/keep")
    listed = talk.say("/kept")
    assert "warehouse:" in listed
    assert "Lease of the warehouse" in listed
    assert "Wrote 1 quotation to The roof.docx" in talk.say("/memo The roof")
    assert "The roof 2.docx" in talk.say("/memo The roof")
    assert ".. etc passwd" not in talk.say("/memo ../etc/passwd")
    assert len(list(nowhere.glob("*.docx"))) == 3
    assert "shows no passage 9" in talk.say("/keep 9")
    kinds = [row["kind"] for row in services.audit.rows()]
    assert kinds.count("memo") == 3
    assert "kept" in kinds
