"""Signs that a layout draws and plain text must spell: symbol fonts and raised numbers.

Symbol fonts keep pictures at the places of letters: what Word shows as ≤ is a £ in the font Symbol.
Left as they are, such signs are lost or wrong. A raised number that follows a figure must not
become part of it: the note 12 after `1980` is no 198012.
"""

from __future__ import annotations

import re

_SYMBOL = (
    " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_"
    "‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
)
_SYMBOL_HIGH = "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊⟨®©™∑"
# Of the pictures in Microsoft's fonts only those that carry a meaning in a text: boxes, ticks,
# arrows, bullets, circled numbers. The others are ornaments.
_WINGDINGS = (
    dict(zip(range(0x80, 0x8B), "⓪①②③④⑤⑥⑦⑧⑨⑩", strict=True))
    | dict(zip(range(0x8B, 0x96), "⓿❶❷❸❹❺❻❼❽❾❿", strict=True))
    | {0x28: "☎", 0x2A: "✉", 0x46: "☞", 0x6C: "●", 0x6E: "■", 0x6F: "☐", 0x71: "☐", 0x72: "☐"}
    | {0x75: "◆", 0x77: "◆", 0x9F: "•", 0xA1: "○", 0xA7: "▪", 0xA8: "☐", 0xAB: "★"}
    | {0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "→", 0xEF: "⇐", 0xF0: "⇒"}
    | {0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑"}
)
_WINGDINGS_2 = (
    dict(zip(range(0x69, 0x74), "⓪①②③④⑤⑥⑦⑧⑨⑩", strict=True))
    | {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x98: "•", 0x9E: "•"}
    | {0xA2: "■", 0xA3: "☐", 0x2A: "☐", 0x30: "☐"}
)
_WEBDINGS = {0x61: "✓", 0x63: "☐", 0x67: "■", 0x72: "✗", 0x6E: "●"}
_PRIVATE = 0xF000  # where symbol fonts keep their pictures in Unicode
_FONTS: dict[str, dict[int, str]] = {
    "symbol": dict(enumerate(_SYMBOL, 0x20)) | dict(enumerate(_SYMBOL_HIGH, 0xA0)),
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS_2,
    "webdings": _WEBDINGS,
}
_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_NUMBER = re.compile(r"[+\-−]?\d{1,4}")
_POWER = re.compile(r"(?:(?<!\d)10|[×x·*]\s?\d{1,3}|(?<![^\W\d_])(?:[kcmd]?m|ft|in|s|h|kg))\Z")
_NOTE = re.compile(r"\s*(\d{1,4}(?:\s?[,，–-]\s?\d{1,4})*|[*†‡§]{1,3}|[a-z])\s*")


def symbol(code: int, font: str) -> str:
    """The character that a symbol font shows at a code, empty for an ornament.

    code: the font's own, or the private one of Unicode that begins at U+F000
    """
    place = code - _PRIVATE if _PRIVATE <= code < _PRIVATE + 0x100 else code
    table = _FONTS.get(font.strip().lower())
    if table is None:
        return "" if code >= _PRIVATE else chr(code)
    return table.get(place, "")


def spell_symbols(text: str, font: str) -> str:
    """A run of text that is set in a font; only symbol fonts change anything."""
    table = _FONTS.get(font.strip().lower())
    if table is None:
        if not any("\uf000" <= character <= "\uf0ff" for character in text):
            return text
        # Without a name, the private characters of old files are mostly those of Symbol.
        table = _FONTS["symbol"]
        return "".join(
            table.get(ord(character) - _PRIVATE, "")
            if "\uf000" <= character <= "\uf0ff"
            else character
            for character in text
        )
    return "".join(
        character if character.isspace() else symbol(ord(character), font) for character in text
    )


def spell_raised(before: str, raised: str) -> str:
    """Raised text as it may follow other text without becoming part of it.

    A note's number stands in brackets, as those of footnotes do; a power and a unit's exponent stay
    raised; ordinals (1st) and trade marks go on as they are.
    """
    if _NUMBER.fullmatch(raised) and _POWER.search(before):
        return raised.translate(_RAISED)
    note = _NOTE.fullmatch(raised)
    if not note or not before.strip():
        return raised
    if note[1].isalpha() and not before[-1].isdigit():  # a raised letter within a word
        return raised
    return f"[{note[1]}]"
