"""One form for the many ways of writing the same thing, with offsets kept.

Characters: NFKC, case folding, Latin accents and invisible format characters dropped.
Words: OpenCC's Taiwan-to-mainland conversion, which folds script and wording (伺服器 = 服务器) and
may change lengths (網際網路 -> 互联网); changed spans are aligned as wholes.
Source: Unicode Standard Annex 15 (normalization forms); OpenCC configuration `tw2sp`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

import opencc

from corpus.language.scripts import HAN, HAN_RUN

_ACCENTS = re.compile("[\u0300-\u036f]")
# Han runs are converted in pieces of this many characters: alignment is quadratic.
_LONGEST_RUN = 200
_MOST_OF_ONE = 18  # characters that NFKC makes of one
_HAN_PIECE = re.compile(f"[{HAN}]{{1,{_LONGEST_RUN}}}")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in its folded form; `starts[i]` and `ends[i]` bound what character i came from.

    Both are None when the folding changed no length: then every offset is its own origin.
    """

    text: str
    starts: Sequence[int] | None = None
    ends: Sequence[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original `[start, end)` of a non-empty folded one."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    """Fold characters and words of `text`, keeping the way back to its offsets."""
    return _fold_words(_fold_characters(text))


def fold_term(text: str) -> str:
    """The folded form alone, where nobody needs the offsets; a third of the work."""
    characters = text.translate(_FOLDING)
    convert = _converter("tw2sp").convert
    if convert(characters) == characters:
        return characters
    # Converted at one call, each piece by itself all the same: no word spans a line.
    pieces = convert("\n".join(_HAN_PIECE.findall(characters))).casefold().split("\n")
    converted = iter(pieces)
    return _HAN_PIECE.sub(lambda _: next(converted), characters)


def fold_characters(text: str) -> str:
    """A text with its characters folded one by one, and no words: a twentieth of the work."""
    return text.translate(_FOLDING)


def within_folded(text: str, longest: int) -> str:
    """The beginning of a text whose folded characters are at most so many.

    One character may fold to eighteen (U+FDFA), so that a text's own length bounds no work.
    """
    if len(text) * _MOST_OF_ONE <= longest:
        return text
    ends = accumulate(len(_FOLDING[ord(character)]) for character in text)
    return text[: next((at for at, end in enumerate(ends) if end > longest), len(text))]


class _CharacterFolding(dict[int, str]):
    """A `str.translate` table that works each character out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _folded_character(chr(code))
        return folded


def _folded_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    if category == "Cs":  # a lone surrogate, at which OpenCC and databases raise
        return "\ufffd"
    form = unicodedata.normalize("NFKC", character).casefold()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", form))
    # Recomposed, so that Hangul and kana, whose marks are letters, come out as they went in.
    return unicodedata.normalize("NFC", bare)


_FOLDING = _CharacterFolding()


def _fold_characters(text: str) -> Folded:
    folded = text.translate(_FOLDING)
    if len(folded) == len(text) and all(len(_FOLDING[ord(c)]) == 1 for c in set(text)):
        return Folded(folded)
    origins = [at for at, c in enumerate(text) for _ in _FOLDING[ord(c)]]
    return Folded(folded, origins, [at + 1 for at in origins])


@cache
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


def _fold_words(folded: Folded) -> Folded:
    text = folded.text
    if _converter("tw2sp").convert(text) == text:
        return folded
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end, piece in _converted(text):
        pieces.append(piece)
        if len(piece) == end - start:
            starts.extend(range(start, end))
            ends.extend(range(start + 1, end + 1))
        else:
            starts.extend([start] * len(piece))
            ends.extend([end] * len(piece))
    joined = "".join(pieces)
    if folded.starts is None and starts == list(range(len(text))):
        return Folded(joined)
    spans = [folded.span(start, end) for start, end in zip(starts, ends, strict=True)]
    return Folded(joined, [start for start, _ in spans], [end for _, end in spans])


def _converted(text: str) -> Iterator[tuple[int, int, str]]:
    """`(start, end, replacement)` over all of `text`; equal lengths align one to one."""
    at = 0
    for run in HAN_RUN.finditer(text):
        if run.start() > at:
            yield at, run.start(), text[at : run.start()]
        for start in range(run.start(), run.end(), _LONGEST_RUN):
            end = min(start + _LONGEST_RUN, run.end())
            yield from _converted_run(text[start:end], start)
        at = run.end()
    if at < len(text):
        yield at, len(text), text[at:]


def _converted_run(run: str, offset: int) -> Iterator[tuple[int, int, str]]:
    convert = _converter("tw2sp").convert
    converted = convert(run)
    if len(converted) == len(run):
        yield offset, offset + len(run), converted.casefold()
        return
    start = at = 0
    for end in range(1, len(run) + 1):
        piece = convert(run[start:end])
        tail = at + len(piece)
        # A cut is sound where converting both sides by themselves changes nothing.
        if converted.startswith(piece, at) and convert(run[end:]) == converted[tail:]:
            yield offset + start, offset + end, piece.casefold()
            start, at = end, tail
