"""Scanned pages to lines, through the optional `ocr` extra (RapidOCR; its models ship with it)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeAlias

from corpus.readers.paragraphs import Line

DOTS_PER_INCH = 200
_MODULE = "rapidocr_onnxruntime"
_SURE = 0.5
_SAME_LINE = 0.5

Box: TypeAlias = list[list[float]]
"""Four corners from the upper left, clockwise, in pixels, y growing downwards."""


def available() -> bool:
    """Whether the `ocr` extra is installed."""
    return find_spec(_MODULE) is not None


def recognize(image: Any) -> list[Line]:
    """The lines on a picture (height × width × 3, BGR), from top to bottom."""
    found, _ = _engine()(image)
    return lines_of((box, text) for box, text, sure in found or () if float(sure) >= _SURE)


def lines_of(found: Iterable[tuple[Box, str]]) -> list[Line]:
    """Lines from boxes with text; boxes beside each other become cells of one line."""
    rows: list[list[tuple[Box, str]]] = []
    for box, text in sorted(found, key=lambda item: _middle(item[0])):
        height = box[3][1] - box[0][1]
        if rows and _middle(box) - _middle(rows[-1][0][0]) < _SAME_LINE * height:
            rows[-1].append((box, text))
        else:
            rows.append([(box, text)])
    return [_line(sorted(row, key=lambda item: item[0][0][0])) for row in rows]


def _line(row: list[tuple[Box, str]]) -> Line:
    (first, _), (last, _) = row[0], row[-1]
    size = max(first[3][1] - first[0][1], 1.0)
    text = "\t".join(text for _, text in row)
    width = (last[1][0] - first[0][0]) / max(len(text), 1)
    word = len(text.split(" ", 1)[0]) if text.isascii() else 1
    return Line(text, first[0][0], last[1][0], -first[3][1], size, word * width)


def _middle(box: Box) -> float:
    return (box[0][1] + box[3][1]) / 2


@cache
def _engine() -> Callable[[Any], tuple[Any, Any]]:
    engine: Callable[[Any], tuple[Any, Any]] = import_module(_MODULE).RapidOCR()
    return engine
