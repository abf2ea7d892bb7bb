"""`pincite read`: a citation opens on its page, in the browser of this machine."""

from __future__ import annotations

import asyncio
import signal
import threading
import webbrowser
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from bot.compose import library_of, open_database_of, open_searcher
from bot.console.exit_status import DONE
from bot.console.terminal import decode_argument, open_terminal, print_parts
from bot.errors import RefusalError
from bot.reader.app import ReaderService, build, serve
from bot.reader.leave import LeaveKeys
from bot.reader.opening import DocumentOpener
from bot.reader.pages import Pages
from bot.records.audit import Audit
from bot.records.question_limit import PersonalLimit
from bot.setting_types import Address
from corpus.citing.ids import CitationId, parse_citation
from corpus.models import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.settings import Settings
    from corpus.library import Library
    from index.search import Searcher

LOOPBACK = "127.0.0.1"
_UNLIMITED = 1_000_000


def read(settings: Settings, citation: str, *, port: int, opens: bool) -> int:
    """Serve the reader on loopback until Ctrl-C. Raises MalformedCitation, NotFound, Withdrawn."""
    citation_id = parse_citation(decode_argument(citation))
    with open_database_of(settings) as database:
        library = library_of(database)
        # Checked here, so that a wrong id is said at once and not by a page.
        library.source(citation_id, Scope.all(), neighbours=0)
        with _pages() as pages, _searcher_when_needed(settings, library) as searcher:
            keys = LeaveKeys.of_this_process()
            opener = DocumentOpener(library, Audit(database), pages, keys, searcher)
            reader = ReaderService(
                opener,
                settings.language,
                # One person on their own machine: the limits are for a public address.
                pictures=PersonalLimit(_UNLIMITED),
                openings=PersonalLimit(_UNLIMITED),
            )
            with suppress(KeyboardInterrupt):
                asyncio.run(_serve(reader, citation_id, port, opens=opens))
    return DONE


async def _serve(reader: ReaderService, citation: CitationId, port: int, *, opens: bool) -> None:
    try:
        server = serve(build(reader), Address(LOOPBACK, port))
    except OSError as error:
        reason = error.strerror or error
        raise RefusalError(
            f"port {port} cannot be used ({reason}): name another one with --port, or none"
        ) from None
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Not in every thread; there Ctrl-C raises KeyboardInterrupt as usual.
        with suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, stop.set)
    port = server_port(server)
    address = f"http://{LOOPBACK}:{port}/read/s_{citation}?key={reader.opener.keys.local()}"
    print_parts(open_terminal(), address)
    if opens:
        await asyncio.to_thread(webbrowser.open, address)
    await stop.wait()
    server.stop()
    await server.close_all_connections()


def server_port(server: object) -> int:
    """The port on which a server listens; it chooses one itself where it was given 0."""
    sockets = getattr(server, "_sockets", {})  # tornado has no public way to ask
    return int(next(iter(sockets.values())).getsockname()[1])


@contextmanager
def _pages() -> Iterator[Pages]:
    pages = Pages()
    try:
        yield pages
    finally:
        pages.close()


@contextmanager
def _searcher_when_needed(settings: Settings, library: Library) -> Iterator[Callable[[], Searcher]]:
    """Opens the searcher when the passage is of an answer: a page alone needs no index."""
    searchers: list[Searcher] = []
    lock = threading.Lock()
    with ExitStack() as stack:

        def searcher() -> Searcher:
            with lock:
                if not searchers:
                    searchers.append(stack.enter_context(open_searcher(settings, library)))
                return searchers[0]

        yield searcher
