"""Makes text from documents and people safe to show, one character for one character.

Control characters can move the cursor or recolour the screen. Bidirectional and other format
characters can make a quotation read as something else (Unicode TR #36, CVE-2021-42574). Lengths
never change, so offsets into the original text hold for the printable text too.
"""

from __future__ import annotations

from unicodedata import category

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_PICTURES = 0x2400  # SYMBOL FOR NULL: C0 controls have pictures in the same order
_WHITESPACE = {"\n": "\n", "\t": "\t", "\r": " "}
# Words in Persian and Indic scripts, and many emoji, are spelled with these.
_JOINERS = frozenset("\N{SOFT HYPHEN}\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")


class _PrintableTable(dict[int, str]):
    """A table for str.translate that computes each code point once."""

    def __missing__(self, code: int) -> str:
        self[code] = replacement = _printable_char(chr(code))
        return replacement


def _printable_char(char: str) -> str:
    if char in _WHITESPACE:
        return _WHITESPACE[char]
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


_TABLE = _PrintableTable()
_LINE_TABLE = {ord("\n"): " ", ord("\t"): " "}


def printable(text: str) -> str:
    """The text as it may be shown, in the same length. Line ends and tabs stay."""
    return text.translate(_TABLE)


def printable_line(text: str) -> str:
    """The printable text on one line, for titles, paths and messages."""
    return printable(text).translate(_LINE_TABLE)
