"""What does a text say, whatever its white space, width and quotation marks?

Every comparison of a quotation works on this form, and every result leads back to offsets of the
text itself. `folded` is the same with Traditional characters as Simplified ones, one by one, so
that both strings have the same offsets.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import opencc

from corpus.language.lengths import Span
from corpus.language.scripts import HAN, UNSPACED

ELLIPSIS = "…"
_DOUBLE = '"“”„‟〝〞〟「」『』﹁﹂﹃﹄｢｣«»＂'
_SINGLE = "'‘’‚‛‹›`´＇"
_HYPHENS = "\u2010\u2011\u2012\u2212\ufe63\uff0d"
_ALIKE = {
    **dict.fromkeys(map(ord, _DOUBLE), '"'),
    **dict.fromkeys(map(ord, _SINGLE), "'"),
    **dict.fromkeys(map(ord, _HYPHENS), "-"),
    # NFKC makes three full stops of it, which would move every offset behind it.
    **dict.fromkeys(map(ord, "…⋯︙"), ELLIPSIS),
    # The full stop of half-width typing.
    **dict.fromkeys(map(ord, "。｡"), "."),
}
_LETTER = rf"(?:(?![{UNSPACED}])[^\W_])"
# A space says something between two words of a spaced script alone, and beside brackets: in
# `[o]wner` the bracket belongs to the word, in `the [owner] pays` it does not.
_SPACED = rf"(?:[\[\]]|{_LETTER})"
_SPACES = re.compile(r"\s+")
# A number that ends a sentence does not run into the number of the next paragraph.
_APART = r"(?!(?<=\d[.,])\s+\d)"
_SILENT = re.compile(rf"{_APART}(?:(?<!{_SPACED})\s+|\s+(?!\s|{_SPACED}))")
_LONGEST_BRACKET = 80
_TOKEN = re.compile(
    # What a quoter puts in brackets is one word with the letters that it touches: [T]he.
    rf"(?P<bracket>{_LETTER}*\[[^\[\]]{{1,{_LONGEST_BRACKET}}}\]{_LETTER}*)"
    rf"|(?P<number>(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)*(?!{_LETTER}))"
    rf"|(?P<word>{_LETTER}+(?:'{_LETTER}+)*|[{HAN}])"
    rf"|(?P<ellipsis>\.{{3,}}|{ELLIPSIS}+)"
    r"|(?P<mark>\S)"
)
# Characters that OpenCC leaves apart, one by one, though they write the same word.
_SAME_WORD = {"着": "著", "覆": "复", "藉": "借", "甚": "什"}


class _FormTable(dict[int, str]):
    """A `str.translate` table that works each character out when it is first met."""

    def __missing__(self, code: int) -> str:
        form = self[code] = _form(chr(code))
        return form


def _form(character: str) -> str:
    alike = _ALIKE.get(ord(character))
    if alike is not None:
        return alike
    if character.isspace():
        return " "
    if unicodedata.category(character) in {"Cf", "Cc"}:
        return ""
    form = unicodedata.normalize("NFKC", character)
    return form.translate(_ALIKE)


class _ScriptTable(dict[int, str]):
    def __missing__(self, code: int) -> str:
        character = chr(code)
        simple = character
        # Hong Kong has characters of its own, which the first of the two leaves as they are.
        for name in ("t2s", "hk2s"):
            simple = _converter(name).convert(simple)
        simple = simple if len(simple) == 1 else character
        form = self[code] = _SAME_WORD.get(simple, simple)
        return form


@cache
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


_FORMS: Mapping[int, str] = _FormTable()
_SCRIPTS: Mapping[int, str] = _ScriptTable()


@dataclass(frozen=True, slots=True)
class Canonical:
    """A text in the form in which quotations are compared, with the way back.

    Character i of `text` and of `folded` stands for the original `[starts[i], ends[i])`.
    """

    text: str
    folded: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> Span:
        """The original `[start, end)` of a canonical one; an empty one is where it stands."""
        if start < end:
            return self.starts[start], self.ends[end - 1]
        at = self.ends[start - 1] if start else (self.starts[0] if self.starts else 0)
        return at, at


@dataclass(frozen=True, slots=True)
class Tokens:
    """A canonical text's words, numbers and marks; a Han character is a word of its own.

    `keys` are compared: folded, and alike for every quotation mark. `spans` are canonical, and
    `kinds` as in `_TOKEN`.
    """

    keys: Sequence[str]
    spans: Sequence[Span]
    kinds: Sequence[str]

    def __len__(self) -> int:
        return len(self.keys)

    def weight(self, first: int, last: int) -> int:
        """How many words and numbers stand in `[first, last)`."""
        return sum(kind in {"word", "number"} for kind in self.kinds[first:last])

    def between(self, first: int, last: int) -> Tokens:
        """Those from `first` on, before `last`."""
        return Tokens(self.keys[first:last], self.spans[first:last], self.kinds[first:last])


def canonical(text: str) -> Canonical:
    """The canonical form of a text, with offsets. Linear in its length."""
    translated = text.translate(_FORMS)
    origins: Sequence[int] = range(len(text))
    if any(len(_FORMS[ord(character)]) != 1 for character in set(text)):
        origins = [at for at, character in enumerate(text) for _ in _FORMS[ord(character)]]
    pieces: list[str] = []
    kept_origins: list[int] = []
    at = 0
    for space in _SPACES.finditer(translated):
        pieces.append(translated[at : space.start()])
        kept_origins += origins[at : space.start()]
        if not _SILENT.match(translated, space.start()):
            pieces.append(" ")
            kept_origins.append(origins[space.start()])
        at = space.end()
    pieces.append(translated[at:])
    kept_origins += origins[at:]
    canonical_text = "".join(pieces)
    return Canonical(
        canonical_text,
        fold_script(canonical_text),
        kept_origins,
        [origin + 1 for origin in kept_origins],
    )


def canonical_text(text: str) -> str:
    """The canonical form alone, where nobody needs the offsets."""
    return _SPACES.sub(" ", _SILENT.sub("", text.translate(_FORMS)))


def fold_script(text: str) -> str:
    """A canonical text with each Traditional character as its Simplified one; as long as it was."""
    return text.translate(_SCRIPTS)


def tokens_of(form: Canonical) -> Tokens:
    """The tokens of a canonical text."""
    keys: list[str] = []
    spans: list[Span] = []
    kinds: list[str] = []
    for match in _TOKEN.finditer(form.folded):
        key = match[0]
        # Double and single marks are two styles of one thing.
        keys.append('"' if key == "'" else ELLIPSIS if match.lastgroup == "ellipsis" else key)
        spans.append(match.span())
        kinds.append(match.lastgroup or "mark")
    return Tokens(keys, spans, kinds)
