"""The chat in a terminal: the same answers as everywhere, in boxes, with a history of questions."""

from __future__ import annotations

import logging
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final

from bot.console.boxes import WIDEST, columns, facts, hit_box, source_box
from bot.console.earlier import about
from bot.console.exit_status import describe_error
from bot.console.line_history import remembered
from bot.console.terminal import NEAREST, as_sentence, count_noun, open_terminal
from bot.console.wrapping import Prose
from bot.printable import printable_line
from bot.sample import MATTER
from corpus.citing.ids import CitationId, parse_citation
from corpus.citing.styles import cite
from corpus.errors import MalformedCitation, NotFound
from corpus.models import Scope

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rich.console import Console

    from bot.audit import AuditRecorder
    from corpus.library import Library
    from index.answer import Answer, Hit
    from index.search import Searcher

PROMPT: Final = "› "
NOTHING_HELD: Final = "No documents yet: add some with 'pincite add'"
SAMPLE: Final = "Try: why did the appeal reverse? · 二审为什么改判? · 上訴為何逆轉?"
HELP: Final = (
    ("a question", "in English, 简体中文 or 繁體中文: the passages that answer it best"),
    ("and how much?", "a question may lean on the one before it"),
    ("more", "the next passages for the last question"),
    ("2", "open the second passage of the answer, with its neighbours"),
    ("K7Q2M3PD-4", "open any passage by its citation id"),
    ("/source WHICH", "the same, by number or citation id"),
    ("/next, /previous", "go on from the open passage, or back"),
    ("/help", "this; the arrow keys bring earlier questions back"),
    ("/quit", "leave, as Ctrl-D does"),
)
LONGEST_NUMBER: Final = 10
BARE: Final = {"more": "/more", "help": "/help", "?": "/help", "quit": "/quit", "exit": "/quit"}
"""Words that nobody would search for by themselves."""


class Chat:
    """One conversation: it remembers the last question and the passages shown for it."""

    COMMANDS: Final = ("/help", "/more", "/next", "/previous", "/quit", "/source")

    def __init__(
        self,
        library: Library,
        searcher: Searcher,
        record: AuditRecorder,
        terminal: Console,
        *,
        passages: int,
    ) -> None:
        self._library = library
        self._searcher = searcher
        self._record = record
        self._terminal = terminal
        self._passages = passages
        self._question, self._earlier = "", ""
        self._about = ""
        self._shown: dict[int, Hit] = {}
        self._more = False
        self._at: CitationId | None = None
        self._commands: dict[str, Callable[[str], None]] = {
            "/source": lambda which: self._open(self._citation(which)),
            "/more": self._show_more,
            "/next": lambda _: self._turn(1),
            "/previous": lambda _: self._turn(-1),
            "/help": lambda _: self._terminal.print(columns(HELP, self._width)),
        }

    @property
    def _width(self) -> int:
        return min(self._terminal.width, WIDEST)

    def greet(self) -> None:
        """Say what is here and how to go on."""
        held, matters = self._library.count_documents(Scope.all()), self._library.matters()
        here = f"{count_noun(held, 'document')} in {', '.join(matters)}"
        self._say(f"{here if held else NOTHING_HELD}. Ask away; /help tells more, /quit leaves.")
        if list(matters) == [MATTER]:
            self._say(SAMPLE, "dim")

    def hear(self, line: str) -> bool:
        """Answer one line; False when it asks to leave."""
        said = BARE.get(line.strip().lower(), line.strip())
        command, _, rest = said.partition(" ")
        if command in {"/quit", "/exit"}:
            return False
        try:
            if command in self._commands:
                self._commands[command](rest.strip())
            elif command.startswith("/") and command[1:].isalpha():
                self._say(f"There is no command {command}; /help lists them.")
            elif said and not self._opens(said):
                self._ask(said)
        except Exception as error:
            # one bad question must not end the conversation
            logging.getLogger(__name__).debug("the chat could not answer", exc_info=error)
            self._say(as_sentence(describe_error(error)[1]))
        return True

    def _ask(self, question: str) -> None:
        self._question, self._earlier, self._shown = question, self._about, {}
        answer = self._record.answered(self._answer())
        if answer.hits:
            self._about = about(answer)
        if answer.understood_as:
            self._say(f"Understood as: {printable_line(answer.understood_as)}", "italic dim")
        self._show(answer)

    def _answer(self) -> Answer:
        return self._searcher.answer(
            self._question,
            scope=Scope.all(),
            k=self._passages,
            skip=len(self._shown),
            earlier=self._earlier or None,
        )

    def _show_more(self, _: str) -> None:
        if self._more:
            self._show(self._record.answered(self._answer(), "page"))
        else:
            self._say("There is nothing more to show.")

    def _show(self, answer: Answer) -> None:
        if answer.refusal is not None and not self._shown:
            self._say(as_sentence(str(answer.refusal)))
            if answer.hits:
                self._say(NEAREST)
        self._more = answer.more
        for hit in answer.hits:
            self._shown[hit.rank] = hit
            self._terminal.print(hit_box(hit, self._width))
        if answer.hits:
            more = "more shows the next ones; " if answer.more else ""
            self._say(f"{more}a number opens a passage between its neighbours", "dim")

    def _open(self, which: CitationId) -> None:
        source = self._library.source(which, Scope.all())
        self._at = which
        self._record.shown("source", (source.passage.citation,))
        self._terminal.print(source_box(source, self._width))
        self._terminal.print(facts(source, cite(source.passage, source.document), self._width))

    def _turn(self, step: int) -> None:
        if self._at is None:
            self._say("No passage is open: a number or a citation id opens one.")
            return
        source = self._library.source(self._at, Scope.all())
        beside = source.after[:1] if step > 0 else source.before[-1:]
        if beside:
            self._open(parse_citation(beside[0].citation))
        else:
            self._say(f"This is the {'last' if step > 0 else 'first'} passage of its document.")

    def _opens(self, said: str) -> bool:
        """Open a number of the last answer, or a citation id, said by itself; whether it was one.

        What only looks like one, as many a file number does, is a question.
        """
        try:
            self._open(self._citation(said))
        except (MalformedCitation, NotFound):
            return False
        return True

    def _citation(self, which: str) -> CitationId:
        if not which.isdecimal():
            return parse_citation(which)
        shown = self._shown.get(int(which)) if len(which) < LONGEST_NUMBER else None
        if shown is None:
            raise NotFound(f"the last answer shows no passage {which[:LONGEST_NUMBER]}")
        return parse_citation(shown.citation)

    def _say(self, text: str, style: str = "") -> None:
        self._terminal.print(Prose(text, style))


def chat(
    library: Library, searcher: Searcher, record: AuditRecorder, *, passages: int, history: Path
) -> None:
    """Talk until the person leaves by /quit, Ctrl-D or Ctrl-C."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    here = Chat(library, searcher, record, open_terminal(), passages=passages)
    here.greet()
    with remembered(history, Chat.COMMANDS):
        try:
            while here.hear(input(PROMPT)):
                print()
        except (EOFError, KeyboardInterrupt):
            print()
