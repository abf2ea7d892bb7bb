"""Chinese names in Latin letters: 陈立新 as Chen Lixin, Lixin Chen, or Ch'en Li-hsin.

A question in English names a party of a Chinese document by its sound. Which characters are meant
is known: those of a name that the scope's own documents have. So such a name is put back into its
characters before anything else is done with the question. Tones are not written; hyphens,
apostrophes and spaces are left out; the surname may stand last. Spellings are those of pinyin and
of Wade-Giles, which Taiwan's passports use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise, product

from index.text.stopwords import ENGLISH

Readings = Callable[[str], tuple[str, ...]]
"""The syllables, in pinyin without tones and `ü` as `v`, by which a character is read."""

LONGEST = 4
"""Characters of a name, and words it is typed in at most: the surname and a syllable each."""
MOST_READINGS = 3
"""Of one character: 曾 is Zeng as a surname and ceng as a word."""

_WORD = re.compile(r"[A-Za-z]+(?:[-'’`][A-Za-z]+)*")
_NO_LETTER = re.compile(r"[^a-z]")
_POSSESSIVE = re.compile(r"['’]s?$")

_INITIAL = re.compile(r"zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]|")
_WADE_GILES_INITIALS = {
    "b": "p", "d": "t", "g": "k", "j": "ch", "q": "ch", "x": "hs", "zh": "ch", "r": "j",
    "z": "ts", "c": "ts",
}  # fmt: skip
# Written without the apostrophes and the two dots that people leave out.
_WADE_GILES = {
    "zhi": "chih", "chi": "chih", "shi": "shih", "ri": "jih", "zi": "tzu", "ci": "tzu",
    "si": "ssu", "er": "erh", "yi": "i", "you": "yu", "yan": "yen", "ye": "yeh", "yong": "yung",
    "yue": "yueh", "ge": "ko", "ke": "ko", "he": "ho", "gui": "kuei", "kui": "kuei",
    "guo": "kuo", "kuo": "kuo", "huo": "huo", "shuo": "shuo",
}  # fmt: skip
_WADE_GILES_FINALS = {"ong": "ung", "ian": "ien", "ie": "ieh", "uo": "o", "ue": "ueh", "ve": "ueh"}


def spellings(name: str, readings: Readings) -> frozenset[str]:
    """How a Chinese name is typed in Latin letters, in small ones and without spaces."""
    syllables = [readings(character)[:MOST_READINGS] for character in name]
    if not 2 <= len(name) <= LONGEST or not all(syllables):
        return frozenset()
    spelt: set[str] = set()
    for reading in product(*syllables):
        for scheme in (_pinyin, wade_giles):
            for parts in product(*(scheme(syllable) for syllable in reading)):
                spelt.add("".join(parts))
                spelt.add("".join((*parts[1:], parts[0])))
    return frozenset(spelt)


def _pinyin(syllable: str) -> tuple[str, ...]:
    # ü is typed as v, as u, and in passports as yu.
    return tuple(dict.fromkeys(syllable.replace("v", letter) for letter in ("u", "yu", "v")))


def wade_giles(syllable: str) -> tuple[str, ...]:
    """How Wade-Giles spells a syllable of pinyin: `hsin` for `xin`."""
    if syllable in _WADE_GILES:
        # Passports write Yi and Szu as well as I and Ssu.
        variants = {"yi": ("i", "yi"), "si": ("ssu", "szu"), "he": ("ho", "he")}
        return variants.get(syllable, (_WADE_GILES[syllable],))
    opening = _INITIAL.match(syllable)
    initial = opening[0] if opening else ""
    final = syllable[len(initial) :].replace("v", "u")
    return (_WADE_GILES_INITIALS.get(initial, initial) + _WADE_GILES_FINALS.get(final, final),)


def names_by_spelling(names: Iterable[str], readings: Readings) -> dict[str, str]:
    """By spelling, the name that is meant; of several the first in order of their characters."""
    by_spelling: dict[str, str] = {}
    for name in sorted(names):
        for spelling in spellings(name, readings):
            by_spelling.setdefault(spelling, name)
    return by_spelling


def in_characters(text: str, by_spelling: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """A question with the names that are spelt in it put into their characters.

    Beside it, by name, how the question spells it: people are told of names as they wrote them.
    """
    pieces: list[str] = []
    written: dict[str, str] = {}
    at = 0
    for start, end, name in _spelt(text, by_spelling):
        pieces += [text[at:start], name]
        written[name] = text[start:end]
        at = end
    return "".join((*pieces, text[at:])), written


def _spelt(text: str, by_spelling: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    words = list(_WORD.finditer(text))
    at = 0
    while at < len(words):
        # The longest first: Chen Lixin, and not a Chen Li before a word of its own.
        for count in range(min(LONGEST, len(words) - at), 0, -1):
            run = words[at : at + count]
            name = _name_of(text, run, by_spelling)
            if name:
                last = _POSSESSIVE.sub("", run[-1][0])
                yield run[0].start(), run[-1].start() + len(last), name
                at += count - 1
                break
        at += 1


def _name_of(text: str, run: list[re.Match[str]], by_spelling: Mapping[str, str]) -> str | None:
    between = [text[word.end() : after.start()] for word, after in pairwise(run)]
    if any(gap not in (" ", ", ") for gap in between):
        return None
    written = [_POSSESSIVE.sub("", word[0]) for word in run]
    # Syllables are words of English too: `he can`, `long`, `change`. Names have capitals, unless
    # the whole question is typed in small letters: then two common words are no name.
    is_capital = all(word[0].isupper() for word in written)
    if not is_capital and all(word.casefold() in ENGLISH for word in written):
        return None
    if len(run) == 1 and not is_capital:
        return None
    return by_spelling.get(_NO_LETTER.sub("", "".join(written).casefold()))
