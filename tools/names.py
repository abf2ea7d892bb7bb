"""Learn how foreign names sound in Chinese from the names that CC-CEDICT translates.

An entry whose gloss is one capitalised word that its pinyin does not spell is taken for a name.
Which letters each initial and final stands for is learnt by expectation maximisation over all the
ways to share the letters out in order (A. Dempster, N. Laird and D. Rubin, 1977), and entries that
turn out to be no names by sound (周日 Sunday) are left out.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.vocabulary.mapped_tables import Entries
from index.vocabulary.transliteration import MOST_LETTERS, units
from tools.cedict import PinyinName

ROUNDS = 6
# Rounds in which every entry counts, before what is not sounded out is told apart.
_ALL_COUNT = 2
# The least mean log probability of a letter in a name that counts.
_BY_SOUND = -2.2
# The least probability that is kept.
_LEAST = 1e-4
# Added to what a row counted, against trust in what was seen once.
_ONE_MORE = 1.0
_SILENT = 0.05
_SAME_LETTER = 5.0
# Names in which a character must stand to be one that names are written with.
_SURNAME = 1_000
_USED = 2

Sounds = dict[str, dict[str, float]]
"""Initial or final -> letters -> probability."""


@dataclass(frozen=True, slots=True)
class _Pair:
    units: tuple[str, ...]
    letters: str


def learn(names: Iterable[PinyinName]) -> tuple[Entries, Entries]:
    """What each initial and final sounds like, and how each character of names is read.

    A character's probability is its share of all the characters of names.
    """
    names = sorted(names, key=lambda name: (name.characters, name.letters))
    pairs = [_Pair(_units(name.syllables), name.letters) for name in names if _plausible(name)]
    sounds = _guess(pairs)
    for round_number in range(ROUNDS):
        sounds = _learnt(pairs, sounds, _BY_SOUND if round_number >= _ALL_COUNT else -math.inf)
    used = Counter(character for name in names for character in name.characters)
    readings = {
        character: [(syllable, used[character] / used.total())]
        for character, syllable in _read(names).items()
        if all(unit in sounds for unit in units(syllable))
    }
    return {unit: _ranked(row) for unit, row in sounds.items()}, readings


def readings_of(words: Iterable[tuple[str, str]]) -> Entries:
    """By character, its syllables without tones, with their shares of all its words.

    `words` come with their pinyin. A reading as a surname counts as much as all others, since
    it is for names that characters are read here.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for word, pinyin in words:
        syllables = pinyin.split()
        for character, syllable in zip(word, syllables, strict=False):
            plain = syllable.rstrip("12345").lower().replace("u:", "v")
            if len(word) == len(syllables) and plain.isascii() and plain.isalpha():
                is_surname = len(word) == 1 and syllable[0].isupper()
                counts[character][plain] += _SURNAME if is_surname else 1
    return {
        character: [(syllable, n / row.total()) for syllable, n in row.most_common()]
        for character, row in counts.items()
        if "\u4e00" <= character <= "\u9fff"
    }


def _plausible(name: PinyinName) -> bool:
    return 3 <= len(name.letters) <= 5 * len(name.syllables)


def _units(syllables: Sequence[str]) -> tuple[str, ...]:
    return tuple(unit for syllable in syllables for unit in units(syllable))


def _read(names: Iterable[PinyinName]) -> dict[str, str]:
    read: dict[str, Counter[str]] = defaultdict(Counter)
    for name in names:
        for character, syllable in zip(name.characters, name.syllables, strict=True):
            read[character][syllable] += 1
    return {
        character: min(counts, key=lambda syllable: (-counts[syllable], syllable))
        for character, counts in read.items()
        if counts.total() >= _USED
    }


def _guess(pairs: Iterable[_Pair]) -> Sounds:
    """Before anything is learnt: letters as far on in the name as the unit, in its own letter."""
    counts: Sounds = defaultdict(lambda: defaultdict(float))
    for pair in pairs:
        many, length = len(pair.units), len(pair.letters)
        for at, unit in enumerate(pair.units):
            for start, end in _chunks(length):
                letters = pair.letters[start:end]
                off = many * (start + end) / (2 * length) - at - 0.5
                likely = math.exp(-2 * off**2 - (end - start - length / many) ** 2 / 2)
                likely *= _SILENT if not letters else 1.0
                likely *= _SAME_LETTER if letters[:1] == unit[:1] else 1.0
                counts[unit][letters] += likely
    return _shares(counts)


def _chunks(length: int) -> Iterable[tuple[int, int]]:
    for start in range(length + 1):
        for end in range(start, min(length, start + MOST_LETTERS) + 1):
            yield start, end


def _learnt(pairs: Iterable[_Pair], sounds: Sounds, least: float) -> Sounds:
    """One round: share every name's letters out as `sounds` has it, and count."""
    counts: Sounds = defaultdict(lambda: defaultdict(float))
    for pair in pairs:
        forward, backward = _forward(pair, sounds), _backward(pair, sounds)
        whole = forward[-1][-1]
        if whole <= 0 or math.log(whole) / len(pair.letters) < least:
            continue
        for at, unit in enumerate(pair.units):
            row, counted = sounds[unit], counts[unit]
            for start, before in enumerate(forward[at]):
                for end, after in enumerate(
                    backward[at + 1][start : start + MOST_LETTERS + 1], start
                ):
                    if (p := before * after) and (share := row.get(pair.letters[start:end])):
                        counted[pair.letters[start:end]] += p * share / whole
    return _shares(counts)


def _forward(pair: _Pair, sounds: Sounds) -> list[list[float]]:
    """`[units said][letters said]` -> the probability of getting so far."""
    length = len(pair.letters)
    table = [[0.0] * (length + 1) for _ in range(len(pair.units) + 1)]
    table[0][0] = 1.0
    for at, unit in enumerate(pair.units):
        row, after = sounds[unit], table[at + 1]
        for start, p in enumerate(table[at]):
            for end in range(start, min(length, start + MOST_LETTERS) + 1) if p else ():
                after[end] += p * row.get(pair.letters[start:end], 0.0)
    return table


def _backward(pair: _Pair, sounds: Sounds) -> list[list[float]]:
    """`[units said][letters said]` -> the probability of getting from there to the end."""
    length = len(pair.letters)
    table = [[0.0] * (length + 1) for _ in range(len(pair.units) + 1)]
    table[-1][-1] = 1.0
    for at in range(len(pair.units) - 1, -1, -1):
        row, before = sounds[pair.units[at]], table[at]
        for end, p in enumerate(table[at + 1]):
            for start in range(max(0, end - MOST_LETTERS), end + 1) if p else ():
                before[start] += p * row.get(pair.letters[start:end], 0.0)
    return table


def _shares(counts: Sounds) -> Sounds:
    sounds: Sounds = defaultdict(dict)
    for unit, row in counts.items():
        total = sum(row.values()) + _ONE_MORE
        likely = {
            letters: count / total for letters, count in row.items() if count > _LEAST * total
        }
        if likely:
            sounds[unit] = likely
    return sounds


def _ranked(row: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(row.items(), key=lambda item: (-item[1], item[0]))
