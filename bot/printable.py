"""Makes text that others wrote harmless on a terminal, one character for one character.

Control characters could move the cursor or recolour the screen; bidirectional and other format
characters could make a quotation read as something it is not (Unicode TR #36, CVE-2021-42574).
Lengths never change, so offsets into the original text hold for what is shown.
"""

from __future__ import annotations

from unicodedata import category

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_PICTURES = 0x2400  # SYMBOL FOR NULL: C0 controls have pictures in the same order
_KEPT = {"\n": "\n", "\t": "\t", "\r": " "}
_JOINERS = frozenset("\N{SOFT HYPHEN}\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")


class _Harmless(dict[int, str]):
    """A table for str.translate that works out each code point once."""

    def __missing__(self, code: int) -> str:
        self[code] = shown = _shown(chr(code))
        return shown


def _shown(char: str) -> str:
    if char in _KEPT:
        return _KEPT[char]
    match category(char):
        case "Cc":
            return chr(_PICTURES + ord(char)) if ord(char) < 0x20 else _REPLACEMENT
        case "Cf" if char not in _JOINERS:
            return _REPLACEMENT
        case "Cs":
            return _REPLACEMENT
        case "Zl" | "Zp":
            return "\n"
    return char


_TABLE = _Harmless()
_LINE_TABLE = {ord("\n"): " ", ord("\t"): " "}


def printable(text: str) -> str:
    """The text as it may be shown, of the same length; line ends and tabs stay."""
    return text.translate(_TABLE)


def printable_line(text: str) -> str:
    """The same on one line: for titles, paths and messages."""
    return printable(text).translate(_LINE_TABLE)
