"""Scanned pages to lines, through the optional `ocr` extra (RapidOCR; its models ship with it).

Lines are looked for on a smaller picture, since that takes memory by the pixel, and read one by one
from the full one: read together they are padded to one width, and lose the spaces between words.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias

from corpus.errors import UnreadableFile
from corpus.readers.page_layout import LineSegment, PageLine, arrange
from corpus.reasons import Reason

DOTS_PER_INCH = 200
_MODULE = "rapidocr_onnxruntime"
SURE = 0.85
"""The mean certainty of a page's characters below which its quotations are marked as unsure."""
MOST_SIDE = 4000  # pixels: A3 at 240 dots an inch
_MOST_PIXELS = 1_500_000
_SURE = 0.5
_SURE_ENOUGH = 0.8
_SAME_LINE = 0.5
_SUM = re.compile(r"(?<![A-Za-z\d])\d{1,3}(?:[,.][\doO]{3})+(?![A-Za-z\d])")
_WORD_GAP = 0.28  # of a line's height; letters stand closer, and words hardly ever
_WIDER = 2.5  # than the line's usual gap: else the letters are spaced out

Box: TypeAlias = list[list[float]]
"""Four corners from the upper left, clockwise, in pixels, y growing downwards."""


def available() -> bool:
    """Whether the `ocr` extra is installed."""
    return find_spec(_MODULE) is not None


def recognize_picture(content: bytes) -> list[PageLine]:
    """The lines on a picture file (PNG, JPEG, TIFF, BMP, WebP), none if it cannot be decoded.

    Raises MemoryError.
    """
    image = decode_picture(content)
    return [] if image is None else recognize(image)


def decode_picture(content: bytes) -> Any | None:
    """A picture's pixels (height × width × 3, BGR), at most 4,000 to a side; None if it is none."""
    cv2 = import_module("cv2")
    if is_heif(content):
        return _decode_heif(content)
    try:
        image = cv2.imdecode(import_module("numpy").frombuffer(content, "uint8"), cv2.IMREAD_COLOR)
    except cv2.error:
        return None
    if image is None:
        return None
    return _shrunk(image)


def _shrunk(image: Any) -> Any:
    scale = MOST_SIDE / max(image.shape[:2])
    if scale >= 1:
        return image
    return import_module("cv2").resize(image, None, fx=scale, fy=scale, interpolation=3)


def is_heif(content: bytes) -> bool:
    """Whether a picture is one of phones (HEIC), which OpenCV does not read; AVIF it does."""
    return content[4:8] == b"ftyp" and content[8:12] != b"avif"


def _open_heif(content: bytes) -> Any | None:
    """The first picture of the container, its header read. Raises UnreadableFile."""
    if find_spec("pi_heif") is None:
        raise UnreadableFile(Reason("heic_picture"))
    try:
        return import_module("pi_heif").open_heif(content, bgr_mode=True)
    except (ValueError, RuntimeError, EOFError, OSError, SyntaxError):
        return None


def _decode_heif(content: bytes) -> Any | None:
    picture = _open_heif(content)
    try:
        pixels = import_module("numpy").asarray(picture) if picture else None
    except (ValueError, RuntimeError, EOFError, OSError, SyntaxError):
        return None  # its header is whole, its picture is not
    if pixels is None:
        return None
    if pixels.ndim == 2:  # grey
        pixels = pixels[..., None].repeat(3, axis=2)
    return _shrunk(pixels[..., :3])


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG, JPEG or HEIC file; None for anything else.

    Raises UnreadableFile where what reads the last one is missing.
    """
    if is_heif(content):
        picture = _open_heif(content)
        return picture.size if picture else None
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) > 24:
        return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    place = 2
    while content.startswith(b"\xff\xd8") and place + 9 < len(content) and content[place] == 0xFF:
        marker, length = content[place + 1], int.from_bytes(content[place + 2 : place + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:  # a frame begins
            height, width = content[place + 5 : place + 7], content[place + 7 : place + 9]
            return int.from_bytes(width, "big"), int.from_bytes(height, "big")
        place += 2 + max(length, 2)
    return None


def confidence_of(lines: Sequence[PageLine]) -> float:
    """How sure recognition was on average, each line weighted by its length; 1 for no lines."""
    length = sum(len(line.text) for line in lines)
    return sum(line.confidence * len(line.text) for line in lines) / length if length else 1.0


def recognize(image: Any) -> list[PageLine]:
    """The lines on a picture (height × width × 3, BGR), from top to bottom, in pixels.

    Raises MemoryError.
    """
    return arrange(recognize_rows(image))


def recognize_rows(image: Any) -> list[list[LineSegment]]:
    """The rows of pieces on a picture, from top to bottom, `y` being minus the pixels from its top.

    Raises MemoryError.
    """
    try:
        readings = list(_read(image))
        if 2 * sum(line.turned for line in readings) > len(readings):  # the page lay upside down
            readings = list(_read(image[::-1, ::-1]))
        return join_boxes((line.box, line.text, line.confidence) for line in readings)
    except Exception as error:
        if "alloc" in str(error):  # the runtime has an error of its own for this
            raise MemoryError from error
        raise


class _Recognized(NamedTuple):
    """A line as it was recognized: where it stands, its text, whether that was upside down."""

    box: Box
    text: str
    confidence: float
    turned: bool


def _read(image: Any) -> Iterator[_Recognized]:
    """The lines of text on a picture."""
    boxes = _boxes(image)
    if not boxes:
        return
    corners = import_module("numpy").array(boxes, dtype="float32")
    for box, strip in zip(boxes, _engine().get_crop_img_list(image, corners), strict=True):
        text, sure = _line_on(strip)
        turned = sure < _SURE_ENOUGH and (turned_text := _line_on(strip[::-1, ::-1]))[1] > sure
        text, sure = turned_text if turned else (text, sure)
        if text and sure >= _SURE:
            yield _Recognized(box, text, sure, turned)


def _line_on(strip: Any) -> tuple[str, float]:
    """The text of the one line on a picture, and how sure it is."""
    [(text, sure, (columns, _, places, *_))], _ = _engine().text_rec([strip], True)
    at = [(place + 0.5) / columns for word in places for place in word]
    return insert_spaces(text, measure_gaps(strip, at)), float(sure)


def _boxes(image: Any) -> list[Box]:
    """Where lines of text stand."""
    height, width, _ = image.shape
    scale = min(1.0, (_MOST_PIXELS / (height * width)) ** 0.5)
    size = round(width * scale), round(height * scale)
    small = import_module("cv2").resize(image, size, interpolation=3)  # by area
    boxes, _ = _engine()(small, use_det=True, use_cls=False, use_rec=False)
    return [[[x / scale, y / scale] for x, y in box] for box in boxes or ()]


def measure_gaps(strip: Any, at: Sequence[float]) -> list[float]:
    """The widest blank between neighbouring characters of a line, in units of its height.

    strip: the picture of the line; at: where each character stands, from 0 to 1
    """
    height, width, _ = strip.shape
    grey = strip.mean(axis=2)
    inked = (grey < (grey.min() + grey.max()) / 2).any(axis=0)
    columns = "".join("x" if column else " " for column in inked.tolist())
    between = (columns[int(start * width) : int(end * width) + 1] for start, end in pairwise(at))
    return [max(map(len, blank.split("x"))) / height for blank in between]


def insert_spaces(text: str, between: Sequence[float]) -> str:
    """The text with a space wherever the gap between two Latin letters is that of words."""
    usual = statistics.median(between) if between else 0.0
    wide = max(_WORD_GAP, _WIDER * usual)
    pieces = [text[:1]]
    for (before, after), gap in zip(pairwise(text), between, strict=False):
        letters = before.isascii() and after.isascii() and before.isalpha() and after.isalpha()
        pieces.append(f" {after}" if letters and gap > wide else after)
    return "".join(pieces)


def join_boxes(boxes: Iterable[tuple[Box, str, float]]) -> list[list[LineSegment]]:
    """Rows from boxes with text and confidence, what stands beside each other in one row."""
    rows: list[list[tuple[Box, str, float]]] = []
    for box, text, confidence in sorted(boxes, key=lambda item: _middle(item[0])):
        height = box[3][1] - box[0][1]
        if rows and _middle(box) - _middle(rows[-1][0][0]) < _SAME_LINE * height:
            rows[-1].append((box, text, confidence))
        else:
            rows.append([(box, text, confidence)])
    return [
        [_segment(*item) for item in sorted(row, key=lambda item: item[0][0][0])] for row in rows
    ]


def _segment(box: Box, text: str, confidence: float) -> LineSegment:
    left, right = box[0][0], box[1][0]
    size = max(box[3][1] - box[0][1], 1.0)
    word = len(text.split(" ", 1)[0]) if text.isascii() else 1
    first_word = word * (right - left) / max(len(text), 1)
    return LineSegment(
        _fix_zeros(text), left, right, -box[3][1], size, first_word, confidence=confidence
    )


def _fix_zeros(text: str) -> str:
    """Letters O within a sum are zeros: 750,oo0."""
    return _SUM.sub(lambda match: match[0].replace("o", "0").replace("O", "0"), text)


def _middle(box: Box) -> float:
    return (box[0][1] + box[3][1]) / 2


@cache
def _engine() -> Any:
    # One thread: files are read in several processes already, each with its own memory limit.
    return import_module(_MODULE).RapidOCR(intra_op_num_threads=1)
