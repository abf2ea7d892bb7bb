"""Scanned pages to lines, through the optional `ocr` extra (RapidOCR; its models ship with it).

Lines are looked for on a smaller picture, since that takes memory by the pixel, and read one by one
from the full one: read together they are padded to one width, and lose the spaces between words.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from typing import Any, TypeAlias

from corpus.readers.page_layout import PageLine

DOTS_PER_INCH = 200
_MODULE = "rapidocr_onnxruntime"
_MOST_PIXELS = 1_500_000
_SURE = 0.5
_SURE_ENOUGH = 0.8
_SAME_LINE = 0.5
_WORD_GAP = 0.28  # of a line's height; letters stand closer, and words hardly ever
_WIDER = 2.5  # than the line's usual gap: else the letters are spaced out

Box: TypeAlias = list[list[float]]
"""Four corners from the upper left, clockwise, in pixels, y growing downwards."""


def available() -> bool:
    """Whether the `ocr` extra is installed."""
    return find_spec(_MODULE) is not None


def recognize(image: Any) -> list[PageLine]:
    """The lines on a picture (height × width × 3, BGR), from top to bottom.

    Raises MemoryError.
    """
    try:
        readings = list(_read(image))
        if 2 * sum(turned for *_, turned in readings) > len(readings):  # the page lay upside down
            readings = list(_read(image[::-1, ::-1]))
        return join_boxes((box, text) for box, text, _ in readings)
    except Exception as error:
        if "alloc" in str(error):  # the runtime has an error of its own for this
            raise MemoryError from error
        raise


def _read(image: Any) -> Iterator[tuple[Box, str, bool]]:
    """Where each line stands, its text, and whether that was upside down."""
    boxes = _boxes(image)
    if not boxes:
        return
    corners = import_module("numpy").array(boxes, dtype="float32")
    for box, strip in zip(boxes, _engine().get_crop_img_list(image, corners), strict=True):
        text, sure = _line_on(strip)
        turned = sure < _SURE_ENOUGH and (turned_text := _line_on(strip[::-1, ::-1]))[1] > sure
        text, sure = turned_text if turned else (text, sure)
        if text and sure >= _SURE:
            yield box, text, turned


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


def join_boxes(boxes: Iterable[tuple[Box, str]]) -> list[PageLine]:
    """Lines from boxes with text; boxes beside each other become cells of one line."""
    rows: list[list[tuple[Box, str]]] = []
    for box, text in sorted(boxes, key=lambda item: _middle(item[0])):
        height = box[3][1] - box[0][1]
        if rows and _middle(box) - _middle(rows[-1][0][0]) < _SAME_LINE * height:
            rows[-1].append((box, text))
        else:
            rows.append([(box, text)])
    return [_line(sorted(row, key=lambda item: item[0][0][0])) for row in rows]


def _line(row: list[tuple[Box, str]]) -> PageLine:
    (first, _), (last, _) = row[0], row[-1]
    size = max(first[3][1] - first[0][1], 1.0)
    text = "\t".join(text for _, text in row)
    width = (last[1][0] - first[0][0]) / max(len(text), 1)
    word = len(text.split(" ", 1)[0]) if text.isascii() else 1
    return PageLine(text, first[0][0], last[1][0], -first[3][1], size, word * width)


def _middle(box: Box) -> float:
    return (box[0][1] + box[3][1]) / 2


@cache
def _engine() -> Any:
    # One thread: files are read in several processes already, each with its own memory limit.
    return import_module(_MODULE).RapidOCR(intra_op_num_threads=1)
