"""The inside of a process that draws pages: PDFs and pictures are poison until proven otherwise.

A request names a document by its hash and says what is wanted of it. The process keeps the last few
documents open, and asks for the bytes of one that it does not have.
"""

from __future__ import annotations

import io
import json
import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, is_dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any, Final, Literal, TypeAlias

from corpus.errors import CorpusError
from corpus.language.lengths import Span
from corpus.models import DocumentKind, Heading

Operation: TypeAlias = Literal["draw", "locate", "sizes", "outline"]
MISSING: Final = "missing"
PICTURE: Final = "picture"

_OPEN = 3
"""Documents kept open: a person reads one, and looks something up in a second."""
_QUALITY = 80
_MOST_PIXELS = 24_000_000
_LONGEST_SIDE = 16_000  # WebP knows 16,383 at most


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What is wanted of a document."""

    sha256: str
    media_type: str
    operation: Operation
    page: int = 0
    """From 0."""
    width: int = 0
    """Of the picture, in pixels."""
    text: str = ""
    """For `locate` the text of the page, for `outline` that of the document."""
    spans: tuple[Span, ...] = ()
    page_starts: tuple[int, ...] = ()
    kind: DocumentKind | None = None
    name: str = ""


@dataclass(slots=True)
class _Document:
    content: bytes
    opened: Any = None
    pictures: list[Any] = field(default_factory=list)
    scans: dict[int, Any] = field(default_factory=dict)
    """The recognized lines of scanned pages."""


def serve(requests: Connection[Any, Any]) -> None:
    """Answer requests until the connection ends: JSON with a status and a value.

    A picture is a frame of its own after it.
    """
    documents: OrderedDict[str, _Document] = OrderedDict()
    # Now, while the process starts anyway, and not when somebody waits for boxes.
    for module in ("corpus.readers.page_boxes", "corpus.splitting.passages"):
        import_module(module)
    while True:
        try:
            request = parse_request(requests.recv_bytes())
            if request.sha256 not in documents:
                requests.send_bytes(_written(MISSING, None))
                documents[request.sha256] = _Document(requests.recv_bytes())
            documents.move_to_end(request.sha256)
            if len(documents) > _OPEN:
                _close(documents.popitem(last=False)[1])
            status, value = _outcome(documents[request.sha256], request)
            if isinstance(value, bytes):
                requests.send_bytes(_written(PICTURE, None))
                requests.send_bytes(value)
            else:
                requests.send_bytes(_written(status, value))
        except (EOFError, OSError):
            return


def written_request(request: PageRequest) -> bytes:
    """A request as JSON."""
    return json.dumps(asdict(request)).encode()


def parse_request(written: bytes) -> PageRequest:
    """The request that `written_request` wrote."""
    fields = json.loads(written)
    spans = tuple((start, end) for start, end in fields.pop("spans"))
    return PageRequest(**fields | {"spans": spans, "page_starts": tuple(fields.pop("page_starts"))})


def _written(status: str, value: object) -> bytes:
    # What is a dataclass becomes its fields; the parent builds it anew, and checks them.
    plain = value if value is None or isinstance(value, str) else _plain(value)
    return json.dumps([status, plain]).encode()


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return [_plain(item) if is_dataclass(item) else item for item in value]


def _outcome(document: _Document, request: PageRequest) -> tuple[str, Any]:
    try:
        return "done", _OPERATIONS[request.operation](document, request)
    except Exception as error:  # whatever a library throws at a broken file
        # Its kind alone: what it says may quote the page, and this is logged.
        return "failed", type(error).__name__


def _close(document: _Document) -> None:
    if document.opened is not None:
        document.opened.close()


def _draw(document: _Document, request: PageRequest) -> bytes:
    """A page as WebP, as wide as asked for."""
    picture = _pdf_picture if _is_pdf(request) else _file_picture
    image = picture(document, request)
    webp = io.BytesIO()
    # Method 2 takes half the time of the default, and a twentieth more bytes.
    image.save(webp, "WEBP", quality=_QUALITY, method=2)
    return webp.getvalue()


def _pdf_picture(document: _Document, request: PageRequest) -> Any:
    page = _pdf(document)[request.page]
    try:
        width, height = page.get_size()
        # A hair less, since PDFium rounds up.
        scale = _bounded((request.width - 0.01) / width, width, height)
        return page.render(scale=scale, may_draw_forms=True).to_pil()
    finally:
        page.close()


def _file_picture(document: _Document, request: PageRequest) -> Any:
    pixels = _pictures(document)[request.page][:, :, ::-1]
    height, width = pixels.shape[:2]
    scale = _bounded(request.width / width, width, height)
    image = import_module("PIL.Image").fromarray(pixels.copy())
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return image.resize(size, reducing_gap=2.0)


def _bounded(scale: float, width: float, height: float) -> float:
    """The scale, or a smaller one where the picture would be too large."""
    by_area = math.sqrt(_MOST_PIXELS / max(width * height, 1e-9))
    return min(scale, by_area, _LONGEST_SIDE / max(width, height, 1e-9))


def _locate(document: _Document, request: PageRequest) -> Any:
    boxes = import_module("corpus.readers.page_boxes")
    if _is_pdf(request):
        pdf = _pdf(document)
        return boxes.locate(pdf, request.page, request.text, request.spans, document.scans)
    image = _pictures(document)[request.page]
    return boxes.locate_on_picture(image, request.text, request.spans)


def _sizes(document: _Document, request: PageRequest) -> list[tuple[float, float]]:
    """Width and height of every page."""
    if _is_pdf(request):
        opened = _pdf(document)
        return [opened.get_page_size(number) for number in range(len(opened))]
    return [(image.shape[1], image.shape[0]) for image in _pictures(document)]


def _outline(document: _Document, request: PageRequest) -> Sequence[Heading]:
    """The headings of a text: those that its format marks, where it is still read as it was."""
    passages = import_module("corpus.splitting.passages")
    return tuple(
        passages.find_outline(
            request.text,
            headings=_marked_headings(document, request),
            page_starts=request.page_starts,
            kind=request.kind,
        )
    )


def _marked_headings(document: _Document, request: PageRequest) -> tuple[Heading, ...]:
    if _is_pdf(request) or request.media_type.startswith("image/"):
        return ()
    reading = import_module("corpus.reading.kinds").kind_of(document.content, request.name)
    try:
        extract = import_module(f"corpus.readers.{reading}").read(document.content, request.name)
    except CorpusError:
        return ()
    # A later version of the reader may read it otherwise: its offsets would then be wrong.
    return tuple(extract.headings) if extract.text == request.text else ()


def _is_pdf(request: PageRequest) -> bool:
    return request.media_type == "application/pdf"


def _pdf(document: _Document) -> Any:
    if document.opened is None:
        pypdfium2 = import_module("pypdfium2")
        document.opened = pypdfium2.PdfDocument(document.content)
        if document.opened.get_formtype() != pypdfium2.raw.FORMTYPE_NONE:
            document.opened.init_forms()  # before any page is loaded, or values are not drawn
    return document.opened


def _pictures(document: _Document) -> list[Any]:
    if not document.pictures:
        read = import_module("corpus.readers.picture").pictures_in
        document.pictures = list(read(document.content))
    return document.pictures


_OPERATIONS: Final = {"draw": _draw, "locate": _locate, "sizes": _sizes, "outline": _outline}
