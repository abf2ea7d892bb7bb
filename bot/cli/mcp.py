"""`pincite mcp`: the tools ask, source, check, compare and documents for assistants, over stdio.

For programs that speak the Model Context Protocol (https://modelcontextprotocol.io). They read, and
change nothing; they see the named matters alone; and the audit keeps what they were shown.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

import anyio.to_thread
from mcp.server.fastmcp import FastMCP
from mcp.server.fastmcp.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from bot.audit import AuditRecorder
from bot.cli.ask import LONGEST_QUESTION
from bot.cli.check import LONGEST_TEXT
from bot.cli.overview import document_of
from bot.compose import library_of, open_database_of, open_searcher
from bot.console.exit_status import DONE
from bot.console.terminal import decode_argument
from bot.errors import FaceError, RefusalError
from bot.jsonshape import (
    Shape,
    answer_shape,
    check_shape,
    document_shape,
    pair_shape,
    source_shape,
)
from bot.records.audit import Audit
from corpus.citing.ids import parse_citation
from corpus.citing.styles import cite
from corpus.errors import CorpusError, NotFound
from corpus.models import Scope
from corpus.references import references_in
from index.errors import SearchError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.settings import Settings
    from corpus.library import Library
    from index.search import Searcher

T = TypeVar("T")

INSTRUCTIONS: Final = (
    "Pincite answers from a team's own documents with passages quoted word for word, each with a"
    " citation. Quote them verbatim with their citation; where `answered` is false, say that the"
    " documents do not answer. Check any quotation of your own with `check` before you use it."
)
MOST_PASSAGES: Final = 50
"""Passages of one answer: what an assistant can read at once."""
_READS: Final = ToolAnnotations(readOnlyHint=True, idempotentHint=True, openWorldHint=False)

Question = Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION)]
Passages = Annotated[int, Field(ge=1, le=MOST_PASSAGES)]
QuotedText = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]


@dataclass(frozen=True, slots=True)
class Assistant:
    """What the tools stand on: the documents of a scope, and the records of what they show."""

    library: Library
    searcher: Searcher
    recorder: AuditRecorder
    scope: Scope

    def ask(self, question: str, passages: int) -> Shape:
        """An answer, as `ask --json` gives it."""
        answer = self.searcher.answer(question, scope=self.scope, k=passages)
        return answer_shape(self.recorder.answered(answer))

    def source(self, citation: str) -> Shape:
        """A passage and all that is known of its document, as `source --json` gives it."""
        source = self.library.source(parse_citation(citation), self.scope)
        references = references_in(self.library, source, self.scope)
        self.recorder.shown("source", (source.passage.citation,))
        return source_shape(source, cite(source.passage, source.document), references)

    def check(self, text: str) -> list[Shape]:
        """Each quotation of a text beside what it quotes, as `check --json` gives it."""
        checks = self.searcher.check(text, scope=self.scope)
        for quotation in checks:
            if quotation.citation:
                self.recorder.shown("check", (quotation.citation,), quotation.quotation)
        return [check_shape(quotation) for quotation in checks]

    def compare(self, document: str, other: str | None) -> list[Shape]:
        """What differs between two documents, as `compare --json` gives it."""
        first = document_of(self.library, self.searcher, document, self.scope)
        second = other and document_of(self.library, self.searcher, other, self.scope)
        pairs = self.searcher.compare(first, second or None, scope=self.scope)
        units = [unit for pair in pairs for unit in (pair.before, pair.after) if unit]
        self.recorder.shown("compare", tuple(unit.citation for unit in units))
        return [pair_shape(pair) for pair in pairs]

    def documents(self) -> list[Shape]:
        """The documents, newest first, as `documents --json` gives them, without their paths."""
        # Where a file lies on the owner's disk is nothing to an assistant.
        records = self.library.documents(self.scope)
        return [document_shape(record) | {"path": None} for record in records]


def run(settings: Settings, matters: Sequence[str]) -> int:
    """Serve the tools on standard input and output until the assistant closes them."""
    with open_assistant(settings, matters) as assistant:
        build(assistant).run("stdio")
    return DONE


@contextmanager
def open_assistant(settings: Settings, matters: Sequence[str]) -> Iterator[Assistant]:
    """What serves the named matters. Raises InvalidMatter, RefusalError."""
    with open_database_of(settings) as database:
        library = library_of(database)
        scope = _scope_of(library, matters)
        with open_searcher(settings, library) as searcher:
            recorder = AuditRecorder(Audit(database), searcher, "mcp")
            yield Assistant(library, searcher, recorder, scope)


def build(assistant: Assistant) -> FastMCP[None]:
    """The server with its five tools."""
    server: FastMCP[None] = FastMCP("pincite", INSTRUCTIONS, log_level="WARNING")

    @server.tool(annotations=_READS)
    async def ask(question: Question, passages: Passages = 5) -> dict[str, Any]:
        """The passages that answer a question best, word for word, each with its citation."""
        return await _answered(partial(assistant.ask, question, passages))

    @server.tool(annotations=_READS)
    async def source(citation: str) -> dict[str, Any]:
        """Open a citation id: the passage, its neighbours, its document, how to cite it."""
        return await _answered(partial(assistant.source, citation))

    @server.tool(annotations=_READS)
    async def check(text: QuotedText) -> list[dict[str, Any]]:
        """Whether the quotations of a text are what the documents say, and where they differ."""
        return await _answered(partial(assistant.check, text))

    @server.tool(annotations=_READS)
    async def compare(document: str, other: str | None = None) -> list[dict[str, Any]]:
        """What differs between two documents, or from the version that one replaced."""
        return await _answered(partial(assistant.compare, document, other))

    @server.tool(annotations=_READS)
    async def documents() -> list[dict[str, Any]]:
        """The documents that may be asked, newest first."""
        return await _answered(assistant.documents)

    return server


async def _answered(work: Callable[[], T]) -> T:
    """Do blocking work in a thread; our own errors become the tool's, one line each."""
    try:
        return await anyio.to_thread.run_sync(work)
    except (CorpusError, SearchError, FaceError) as error:
        raise ToolError(str(error)) from None


def _scope_of(library: Library, matters: Sequence[str]) -> Scope:
    names = []
    for matter in matters:
        name = decode_argument(matter)
        try:
            names.append(library.matter(name))
        except NotFound:
            raise RefusalError(f"no matter is named {name!r}") from None
    return Scope.of(*names)
