"""The chat in a terminal: the same answers as elsewhere, in boxes, with a history of questions."""

from __future__ import annotations

import logging
import sys
from contextlib import contextmanager
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final

from bot.console.checks import asked_parts
from bot.console.exit_status import describe_error
from bot.console.keeping import ConsoleFolder
from bot.console.layout import (
    WIDEST,
    Prose,
    columns,
    facts_table,
    hit_box,
    source_box,
)
from bot.console.terminal import NEAREST, as_sentence, count_noun, open_terminal, within_line
from bot.printable import printable_line
from bot.sample import MATTER
from bot.understanding import topic_of, understand
from corpus.citing.ids import CitationId, parse_citation
from corpus.citing.styles import cite
from corpus.errors import NotFound, Withdrawn
from corpus.models import Scope
from corpus.references import references_in

try:
    import readline
except ImportError:  # some builds of Python lack it; the chat works without a line history
    HAS_READLINE = False
else:
    HAS_READLINE = True

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from rich.console import Console

    from bot.audit import AuditRecorder
    from bot.understanding import Utterance
    from corpus.library import Library
    from index.answer import Answer, Hit
    from index.search import Searcher

PROMPT: Final = "› "
NO_DOCUMENTS: Final = "No documents yet: add some with 'pincite add'"
SAMPLE: Final = "Try: why did the appeal reverse? · 二审为什么改判? · 上訴為何逆轉?"
HELP: Final = (
    ("a question", "in English, 简体中文 or 繁體中文: the passages that answer it best"),
    ("and how much?", "a question may lean on the one before it"),
    ("more", "the next passages for the last question"),
    ("in TITLE: …", "ask one document, by its title, its id or a party"),
    ("/everywhere", "the last question again, without the limit to what it names"),
    ("2", "open the second passage of the answer, with its neighbours"),
    ("K7Q2M3PD-4", "open any passage by its citation id"),
    ("/source WHICH", "the same, by number or citation id"),
    ("/keep 2", "keep a passage of the answer, or the open one, for its matter; again: not"),
    ("/kept, /memo [STYLE] TITLE", "list what is kept; write it into a Word file here"),
    ("/next, /previous", "go on from the open passage, or back"),
    ("/help", "this; the arrow keys bring earlier questions back"),
    ("/quit", "leave, as Ctrl-D does"),
)
LONGEST_NUMBER: Final = 10
"""Digits of a hit's number."""
LINES_OF_HISTORY: Final = 1000
BARE_COMMANDS: Final = {
    "help": "/help", "?": "/help", "quit": "/quit", "exit": "/quit"
}  # fmt: skip
"""Words that work as commands without a slash: nobody would search for one of them alone."""


class TerminalChat:
    """One conversation. It remembers the last question and the passages shown for it."""

    COMMANDS: Final = (
        *("/everywhere", "/help", "/keep", "/kept", "/memo", "/more", "/next", "/previous"),
        *("/quit", "/source"),
    )

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
        self._topic = ""
        self._limited = True
        self._shown: dict[int, Hit] = {}
        self._has_more = False
        self._open_citation: CitationId | None = None
        self._folder = ConsoleFolder(library, record)
        self._commands: dict[str, Callable[[str], None]] = {
            "/source": lambda reference: self._open(self._citation(reference)),
            "/keep": self._keep,
            "/kept": lambda _: self._say_all(self._folder.lines()),
            "/memo": lambda title: self._say_all(self._folder.write(title)),
            "/more": self._show_more,
            "/everywhere": lambda _: self._ask_everywhere(),
            "/next": lambda _: self._open_neighbour(1),
            "/previous": lambda _: self._open_neighbour(-1),
            "/help": lambda _: self._terminal.print(columns(HELP, self._width)),
        }

    @property
    def _width(self) -> int:
        return min(self._terminal.width, WIDEST)

    def greet(self) -> None:
        """Print what the library holds and how to start."""
        documents, matters = self._library.count_documents(Scope.all()), self._library.matters()
        holdings = f"{count_noun(documents, 'document')} in {', '.join(matters)}"
        self._say(
            f"{holdings if documents else NO_DOCUMENTS}. Ask away; /help tells more, /quit leaves."
        )
        if list(matters) == [MATTER]:
            self._say(SAMPLE, "dim")

    def handle_line(self, line: str) -> bool:
        """Answer one line. Returns False when the person asks to leave."""
        line = BARE_COMMANDS.get(line.strip().lower(), line.strip())
        command, _, argument = line.partition(" ")
        if command in {"/quit", "/exit"}:
            return False
        try:
            if command in self._commands:
                self._commands[command](argument.strip())
            elif command.startswith("/") and command[1:].isalpha():
                self._say(f"There is no command {command}; /help lists them.")
            elif line:
                self._act(understand(line, follows=True))
        except Exception as error:
            # One bad question must not end the conversation.
            logging.getLogger(__name__).debug("the chat could not answer", exc_info=error)
            self._say(as_sentence(describe_error(error)[1]))
        return True

    def _act(self, utterance: Utterance) -> None:
        """Do what a line means. A citation id that no passage has is a question."""
        if utterance.kind == "more":
            self._show_more("")
        elif utterance.kind == "number":
            self._open(self._citation(str(utterance.number)))
        elif utterance.citation and self._has(utterance.citation):
            self._open(utterance.citation)
        elif utterance.kind in {"thanks", "greeting"}:
            # The last answer stays: '2' after 'thanks' still opens its second passage.
            reply = self._searcher.answer(utterance.text, scope=Scope.all(), k=1)
            self._say(as_sentence(str(self._record.answered(reply).refusal)))
        else:
            self._ask(utterance.text)

    def _has(self, citation: CitationId) -> bool:
        try:
            self._library.source(citation, Scope.all())
        except Withdrawn:
            return True
        except NotFound:
            return False
        return True

    def _ask(self, question: str) -> None:
        self._question, self._earlier, self._limited = question, self._topic, True
        self._ask_again()

    def _ask_everywhere(self) -> None:
        if not self._question:
            self._say("Nothing was asked yet.")
            return
        self._limited = False
        self._ask_again()

    def _ask_again(self) -> None:
        self._shown = {}
        answer = self._record.answered(self._answer())
        if answer.hits:
            self._topic = topic_of(answer)
        if answer.understood_as:
            self._say(f"Understood as: {printable_line(answer.understood_as)}", "italic dim")
        if answer.within:
            self._say(f"{within_line(answer.within)}; /everywhere looks in all", "italic dim")
        self._show(answer)

    def _answer(self) -> Answer:
        return self._searcher.answer(
            self._question,
            scope=Scope.all(),
            k=self._passages,
            skip=len(self._shown),
            earlier=self._earlier or None,
            limited=self._limited,
        )

    def _show_more(self, _: str) -> None:
        if self._has_more:
            self._show(self._record.answered(self._answer(), "page"))
        else:
            self._say("There is nothing more to show.")

    def _show(self, answer: Answer) -> None:
        if answer.quotation:
            self._terminal.print(*map(Prose, asked_parts(answer.quotation)), sep="\n")
        if answer.refusal is not None and not self._shown:
            self._say(as_sentence(str(answer.refusal)))
            if answer.hits:
                self._say(NEAREST)
        self._has_more = answer.more
        for hit in answer.hits:
            self._shown[hit.rank] = hit
            self._terminal.print(hit_box(hit, self._width))
        if answer.hits:
            hint = "more shows the next ones; " if answer.more else ""
            self._say(f"{hint}a number opens a passage between its neighbours", "dim")

    def _open(self, citation: CitationId) -> None:
        source = self._library.source(citation, Scope.all())
        self._open_citation = citation
        self._record.shown("source", (source.passage.citation,))
        self._terminal.print(source_box(source, self._width))
        cite_as = cite(source.passage, source.document)
        references = references_in(self._library, source, Scope.all())
        self._terminal.print(facts_table(source, cite_as, self._width, references))

    def _keep(self, reference: str) -> None:
        if not reference and self._open_citation is None:
            self._say("No passage is open: name one by number or citation id.")
            return
        citation = self._citation(reference) if reference else self._open_citation
        if citation:
            self._say(self._folder.keep(citation, self._question))

    def _open_neighbour(self, step: int) -> None:
        if self._open_citation is None:
            self._say("No passage is open: a number or a citation id opens one.")
            return
        source = self._library.source(self._open_citation, Scope.all())
        neighbours = source.after[:1] if step > 0 else source.before[-1:]
        if neighbours:
            self._open(parse_citation(neighbours[0].citation))
        else:
            self._say(f"This is the {'last' if step > 0 else 'first'} passage of its document.")

    def _citation(self, reference: str) -> CitationId:
        """The passage that `/source` names, by number or by citation id."""
        # `int` of a very long text would take seconds.
        short = reference[:LONGEST_NUMBER]
        if not reference.isdecimal():
            return parse_citation(reference)
        hit = self._shown.get(int(short)) if len(reference) < LONGEST_NUMBER else None
        if hit is None:
            raise NotFound(f"the last answer shows no passage {short}")
        return parse_citation(hit.citation)

    def _say_all(self, lines: Sequence[str]) -> None:
        for line in lines:
            self._say(line)

    def _say(self, text: str, style: str = "") -> None:
        self._terminal.print(Prose(text, style))


def chat(
    library: Library, searcher: Searcher, record: AuditRecorder, *, passages: int, history: Path
) -> None:
    """Answer line after line until the person leaves by /quit, Ctrl-D or Ctrl-C."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # a pasted invalid byte must not end the chat
    conversation = TerminalChat(library, searcher, record, open_terminal(), passages=passages)
    conversation.greet()
    with line_history(history, TerminalChat.COMMANDS):
        try:
            while conversation.handle_line(input(PROMPT)):
                print()
        except (EOFError, KeyboardInterrupt):
            print()


@contextmanager
def line_history(file: Path, commands: Sequence[str] = ()) -> Iterator[None]:
    """Offer the lines of `file` under the arrow keys, and save them with the new ones at the end.

    Meanwhile the Tab key completes `commands`.
    """
    if not HAS_READLINE:
        yield
        return
    _complete_commands(commands)
    readline.set_history_length(LINES_OF_HISTORY)
    try:
        readline.read_history_file(file)
    except OSError:
        readline.clear_history()  # no file yet, or an unreadable one: start with an empty history
    try:
        yield
    finally:
        _save_history(file)


def _complete_commands(commands: Sequence[str]) -> None:
    def completion(prefix: str, number: int) -> str | None:
        matches = [name for name in commands if prefix.startswith("/") and name.startswith(prefix)]
        return matches[number] if number < len(matches) else None

    readline.set_completer(completion)
    readline.set_completer_delims(" ")
    editline = "libedit" in (readline.__doc__ or "")  # macOS ships it in place of GNU readline
    readline.parse_and_bind("bind ^I rl_complete" if editline else "tab: complete")


def _save_history(file: Path) -> None:
    try:
        file.touch(mode=0o600)  # questions can be confidential
        readline.write_history_file(file)
    except OSError as error:
        logging.getLogger(__name__).warning("the history was not saved: %s", error)
