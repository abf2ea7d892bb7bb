"""Plain text: the bytes, decoded; of hard-wrapped Chinese text, figures that the wrap broke."""

from __future__ import annotations

import re

from corpus.language.lengths import columns
from corpus.models import Extract
from corpus.reading.decoding import decode

# Chinese text is wrapped anywhere, also within 1,512,905; English only between words.
_BROKEN_FIGURE = re.compile(
    r"(?<=[\d０-９])([,，.．]?)[ \t　]*\n([ \t　]*)([\d０-９][\d０-９,，.．]*)"
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_LEAST_HAN = 8  # on the line above: a column of figures is no wrapped text
_NARROWEST = 40  # columns
_NEAR = 600  # characters before and after that show how wide the text is wrapped
_SHORT_BY = 3  # columns: a wide character and a half did not fit


def read(content: bytes, name: str) -> Extract:
    """Read plain text in whatever encoding it is. Raises UnreadableFile."""
    return Extract(rejoin_figures(decode(content).text), "text/plain")


def rejoin_figures(text: str) -> str:
    """The text with each figure that a line's end broke wholly on the line where it begins.

    Only white space moves: `1,512,⏎905元` becomes `1,512,905⏎元`.
    """
    return _BROKEN_FIGURE.sub(_rejoin, text)


def _rejoin(match: re.Match[str]) -> str:
    text = match.string
    start = text.rfind("\n", 0, match.start()) + 1
    line = text[start : match.end(1)]
    width = columns(line)
    near = text[max(0, start - _NEAR) : match.end() + _NEAR].split("\n")[1:-1]
    widest = max(map(columns, near), default=width)
    wrapped = width >= max(_NARROWEST, widest - _SHORT_BY) and len(_HAN.findall(line)) >= _LEAST_HAN
    if not wrapped:
        return match[0]
    return f"{match[1]}{match[3]}\n{match[2]}"
