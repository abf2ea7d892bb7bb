"""The chat in a terminal: the same answers as everywhere, in boxes, with a history of questions."""

from __future__ import annotations

import logging
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final

from rich.console import Group
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from bot.cli_failures import judged
from bot.line_history import remembered
from bot.plain import harmless, harmless_line
from bot.terminal import (
    HIGHLIGHT,
    NEAREST,
    cited,
    counted,
    document_facts,
    neighbour,
    open_terminal,
    passage_text,
    sentence,
)
from corpus.citation_formats import cite
from corpus.citations import CitationId, parse_citation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rich.console import Console, RenderableType

    from bot.audit import Recorder
    from corpus.library import Library
    from index.answer import Answer, Hit
    from index.search import Searcher

PROMPT: Final = "› "
NOTHING_HELD: Final = "No documents yet: add some with 'pincite add'"
HELP: Final = """\
Write a question in English, 简体中文 or 繁體中文; the passages that answer it best come back.
/source 2         open the second passage of the last answer, with its neighbours
/source CITATION  open any passage by its citation id, such as K7Q2M3PD-4
/more             the next passages for the last question
/help             this
/quit             leave (so does Ctrl-D)"""


class Chat:
    """One conversation: it remembers the last question and the passages shown for it."""

    def __init__(
        self,
        library: Library,
        searcher: Searcher,
        record: Recorder,
        terminal: Console,
        *,
        passages: int,
    ) -> None:
        self._library = library
        self._searcher = searcher
        self._record = record
        self._terminal = terminal
        self._passages = passages
        self._question = ""
        self._shown: dict[int, Hit] = {}
        self._more = False
        self._commands: dict[str, Callable[[str], None]] = {
            "/source": self._open,
            "/more": self._show_more,
            "/help": lambda _: self._say(HELP),
        }

    def greet(self) -> None:
        """Say what is here and how to go on."""
        held, matters = self._library.count_documents(None), self._library.matters()
        here = f"{counted(held, 'document')} in {', '.join(matters)}"
        self._say(f"{here if held else NOTHING_HELD}. Ask away; /help tells more, /quit leaves.")

    def hear(self, line: str) -> bool:
        """Answer one line; False when it asks to leave."""
        said = line.strip()
        command, _, rest = said.partition(" ")
        if command in {"/quit", "/exit"}:
            return False
        try:
            if command in self._commands:
                self._commands[command](rest.strip())
            elif command.startswith("/") and command[1:].isalpha():
                self._say(f"There is no command {command}; /help lists them.")
            elif said:
                self._ask(said)
        except Exception as error:
            # one bad question must not end the conversation
            logging.getLogger(__name__).debug("the chat could not answer", exc_info=error)
            self._say(sentence(judged(error)[1]))
        return True

    def _ask(self, question: str) -> None:
        self._question, self._shown = question, {}
        answer = self._searcher.answer(question, scope=None, k=self._passages)
        self._show(self._record.answered(answer))

    def _show_more(self, _: str) -> None:
        if not self._more:
            self._say("There is nothing more to show.")
            return
        skip = len(self._shown)
        answer = self._searcher.answer(self._question, scope=None, k=self._passages, skip=skip)
        self._show(self._record.answered(answer, "page"))

    def _show(self, answer: Answer) -> None:
        if answer.refusal is not None and not self._shown:
            self._say(sentence(str(answer.refusal)))
            if answer.hits:
                self._say(NEAREST)
        self._more = answer.more
        for hit in answer.hits:
            self._shown[hit.rank] = hit
            self._terminal.print(_hit_box(hit))
        if answer.more:
            self._terminal.print(Text("/more shows the next ones", style="dim"))

    def _open(self, which: str) -> None:
        source = self._library.source(self._citation(which), None)
        passage = source.passage
        self._record.shown("source", (passage.citation,))
        inner: list[RenderableType] = [
            *(Padding(neighbour(near), (0, 0, 1, 0)) for near in source.before),
            Text(harmless(passage.text), style=HIGHLIGHT),
            *(Padding(neighbour(near), (1, 0, 0, 0)) for near in source.after),
        ]
        about = cited(passage.date, passage.pin, passage.citation)
        self._terminal.print(_box(Group(*inner), passage.title, about))
        for name, value in document_facts(source, cite(passage, source.document)):
            self._terminal.print(Text.assemble((f"{name}: ", "dim"), value))

    def _citation(self, which: str) -> CitationId:
        if which.isascii() and which.isdigit() and int(which) in self._shown:
            return parse_citation(self._shown[int(which)].citation)
        return parse_citation(which)

    def _say(self, text: str) -> None:
        self._terminal.print(Text(text))


def chat(
    library: Library, searcher: Searcher, record: Recorder, *, passages: int, history: Path
) -> None:
    """Talk until the person leaves by /quit, Ctrl-D or Ctrl-C."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    here = Chat(library, searcher, record, open_terminal(), passages=passages)
    here.greet()
    with remembered(history):
        try:
            while here.hear(input(PROMPT)):
                pass
        except (EOFError, KeyboardInterrupt):
            print()


def _hit_box(hit: Hit) -> Panel:
    about = cited(hit.date, hit.pin, hit.citation)
    return _box(passage_text(hit), f"{hit.rank}. {hit.title}", about)


def _box(inner: RenderableType, title: str, about: str) -> Panel:
    return Panel(
        inner,
        title=Text(harmless_line(title), style=HIGHLIGHT),
        title_align="left",
        subtitle=Text(about),
        subtitle_align="right",
    )
