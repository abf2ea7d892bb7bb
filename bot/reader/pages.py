"""Pages drawn and measured in processes of the reader's own, bounded in time, and cached."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

import structlog

from bot.reader.page_worker import MISSING, PICTURE, PageRequest, written_request
from corpus.models import Heading
from corpus.workers import PoolClosed, WorkerKind, WorkerPool

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corpus.readers.page_boxes import PageBoxes

T = TypeVar("T")

SERVE: Final = "bot.reader.page_worker:serve"
DRAW_SECONDS: Final = 20.0
"""Seconds for a picture. Recognition of a scanned page takes longer, and has more."""
READ_SECONDS: Final = 60.0
MEMORY_MB: Final = 1024
PICTURES_MB: Final = 64
_LARGEST_PICTURE: Final = 64 << 20
_LARGEST_FACT: Final = 16 << 20
FACTS: Final = 500
"""Pages whose boxes, and documents whose outlines, are remembered."""

log = structlog.get_logger(__name__)


class PageFailed(Exception):
    """A page cannot be drawn or measured: it is broken, or takes too long."""


class Pages:
    """Draws and measures pages; thread-safe, and blocks."""

    def __init__(self, workers: int = 2) -> None:
        self._pool = WorkerPool(workers, WorkerKind(SERVE, memory_mb=MEMORY_MB))
        self._pictures = _Cache(PICTURES_MB << 20)
        self._facts = _Cache(FACTS)

    def close(self) -> None:
        """End the processes."""
        self._pool.close()

    def picture(self, request: PageRequest, content: Callable[[], bytes]) -> bytes:
        """A page as WebP. Raises PageFailed. `content` loads the document where it is needed."""
        key = request.sha256, request.page, request.width
        picture = self._pictures.get(key)
        if picture is None:
            picture = self._ask(replace(request, operation="draw"), content, DRAW_SECONDS)
            self._pictures.put(key, picture, len(picture))
        return bytes(picture)

    def boxes(self, request: PageRequest, content: Callable[[], bytes]) -> PageBoxes:
        """Where spans stand on a page. Raises PageFailed."""
        key = request.sha256, request.page, request.spans
        locate = replace(request, operation="locate")
        return self._fact(key, locate, content, _boxes)

    def sizes(
        self, request: PageRequest, content: Callable[[], bytes]
    ) -> Sequence[tuple[float, float]]:
        """The size of every page. Raises PageFailed."""
        key = request.sha256, "sizes"
        return self._fact(key, replace(request, operation="sizes"), content, _sizes)

    def outline(self, request: PageRequest, content: Callable[[], bytes]) -> Sequence[Heading]:
        """The headings of a document's text. Raises PageFailed."""
        key = request.sha256, "outline"
        return self._fact(key, replace(request, operation="outline"), content, _headings)

    def _fact(
        self,
        key: object,
        request: PageRequest,
        content: Callable[[], bytes],
        parse: Callable[[Any], T],
    ) -> T:
        fact: T | None = self._facts.get(key)
        if fact is None:
            answer = self._ask(request, content, READ_SECONDS)
            try:
                fact = parse(answer)
            except (ValueError, TypeError, LookupError) as error:
                raise PageFailed("what its process says is no answer") from error
            self._facts.put(key, fact, 1)
        return fact

    def _ask(self, request: PageRequest, content: Callable[[], bytes], seconds: float) -> Any:
        try:
            with self._pool.worker() as worker:
                connection = worker.connection
                connection.send_bytes(written_request(request))
                status, value = _answer(connection, seconds)
                if status == MISSING:
                    connection.send_bytes(content())
                    status, value = _answer(connection, seconds)
                if status == PICTURE:
                    status, value = "done", connection.recv_bytes(_LARGEST_PICTURE)
                worker.tidy()
        except (PoolClosed, EOFError, OSError, TimeoutError, ValueError) as error:
            # The worker is replaced; whoever asks again gets a fresh one.
            log.warning("page not drawn", page=request.page, error=type(error).__name__)
            raise PageFailed(type(error).__name__) from None
        if status != "done":
            error_name = str(value)[:60]
            log.info("page not drawn", page=request.page, error=error_name)
            raise PageFailed(error_name)
        return value


def _answer(connection: Any, seconds: float) -> tuple[str, Any]:
    if not connection.poll(seconds):
        raise TimeoutError
    status, value = json.loads(connection.recv_bytes(_LARGEST_FACT))
    return str(status), value


# What a worker says is checked here, for a page may have taken it over.


def _boxes(answer: Any) -> PageBoxes:
    from corpus.readers.page_boxes import PageBoxes  # noqa: PLC0415 - it opens PDFium

    return PageBoxes(
        float(answer["width"]),
        float(answer["height"]),
        tuple((str(text), _rectangle(box)) for text, box in answer["lines"]),
        tuple(tuple(map(_rectangle, boxes)) for boxes in answer["boxes"]),
    )


def _rectangle(values: Any) -> tuple[float, float, float, float]:
    left, top, right, bottom = map(float, values)
    return left, top, right, bottom


def _sizes(answer: Any) -> list[tuple[float, float]]:
    return [(float(width), float(height)) for width, height in answer]


def _headings(answer: Any) -> tuple[Heading, ...]:
    return tuple(
        Heading(int(heading["start"]), int(heading["end"]), int(heading["level"]))
        for heading in answer
    )


class _Cache:
    """The values used last, up to a sum of their sizes; thread-safe."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._occupied = 0
        self._values: OrderedDict[object, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: object) -> Any | None:
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key][0]

    def put(self, key: object, value: Any, size: int) -> None:
        with self._lock:
            if key in self._values:
                self._occupied -= self._values.pop(key)[1]
            self._values[key] = value, size
            self._occupied += size
            while self._occupied > self._room and self._values:
                self._occupied -= self._values.popitem(last=False)[1][1]
