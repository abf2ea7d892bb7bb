"""`/metrics`, `/healthz` and `/readyz` at `PINCITE_METRICS_LISTEN`, on threads of their own.

Not in the event loop, so that it can be told that the loop hangs.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from bot import heartbeat, metrics
from bot.compose import data_folder
from bot.errors import SettingsError
from bot.setting_types import listening_socket_family
from corpus.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from wsgiref.types import StartResponse, WSGIEnvironment

    from bot.compose import Services

REQUEST_SECONDS: Final = 5
"""A client that says nothing is let go of: each holds a thread."""
MOST_THREADS: Final = 8
_TEXT: Final = ("Content-Type", "text/plain; charset=utf-8")


@contextmanager
def serving_metrics(services: Services, *, beats: bool) -> Iterator[None]:
    """Serve until the context ends, if the settings ask for it. Raises SettingsError.

    `beats`: whether an event loop touches the heartbeat, which then has to be fresh.
    """
    listen = services.settings.metrics_listen
    if listen is None:
        yield
        return
    from prometheus_client import make_wsgi_app  # noqa: PLC0415 - only where it is served

    from bot.metrics.state import metrics_of  # noqa: PLC0415

    folder = data_folder(services.settings)
    registry, counters = metrics_of(services, folder)
    app = _App(services, folder, make_wsgi_app(registry), beats=beats)
    server_type = type(
        "Server", (_Server,), {"address_family": listening_socket_family(listen.host)}
    )
    try:
        server = server_type((listen.host, listen.port), _Handler)
    except OSError as error:
        raise SettingsError(
            f"PINCITE_METRICS_LISTEN is {str(listen)!r}; expected an address that is free"
            f" ({error.strerror or error})"
        ) from None
    server.set_app(app)
    metrics.count_with(counters)
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield
    finally:
        metrics.count_with(None)
        server.shutdown()
        server.server_close()
        thread.join()


class _App:
    """The three pages; everything else is not found."""

    def __init__(
        self, services: Services, folder: Path, pages: Callable[..., Any], *, beats: bool
    ) -> None:
        self._services = services
        self._folder = folder
        self._metrics = pages
        self._beats = beats
        self._started = time.time()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO")
        if path == "/metrics":
            pages: Iterable[bytes] = self._metrics(environ, start)
            return pages
        if path == "/healthz":
            return _answer(start, self._health_problem())
        if path == "/readyz":
            return _answer(start, self._health_problem() or self._readiness_problem())
        start("404 Not Found", [_TEXT])
        return [b"there are /metrics, /healthz and /readyz\n"]

    def _health_problem(self) -> str:
        # The first beat comes when the bot has connected, which may take as long.
        young = time.time() - self._started < heartbeat.LATE_AFTER
        if not self._beats or young or heartbeat.is_alive(self._folder, time.time()):
            return ""
        return "the event loop has not turned for a while"

    def _readiness_problem(self) -> str:
        if self._beats and not heartbeat.is_alive(self._folder, time.time()):
            return "Telegram is not connected yet"
        try:
            self._services.library.revision()
        except CorpusError as error:
            return str(error)
        # The version ends with the last change that the index has seen.
        if not self._services.searcher.is_ready:
            return "the index is not open yet"
        return ""


def _answer(start: StartResponse, problem: str) -> list[bytes]:
    start("503 Service Unavailable" if problem else "200 OK", [_TEXT])
    return [f"{problem or 'ok'}\n".encode()]


class _Server(ThreadingMixIn, WSGIServer):
    """A thread for each request, and not more than a few."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *args: Any) -> None:
        self._free = threading.Semaphore(MOST_THREADS)
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Start a thread, or let the client go where all are busy."""
        if not self._free.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Handle a request in its thread."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a client that went away is no event."""


class _Handler(WSGIRequestHandler):
    timeout = REQUEST_SECONDS

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as it is called
        """Nothing: a line for each scrape would bury the rest."""

    def address_string(self) -> str:
        """The address as it is: looking up a name could take seconds."""
        return str(self.client_address[0])
