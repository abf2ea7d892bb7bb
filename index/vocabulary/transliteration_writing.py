"""How a name in letters may be written in Chinese: pairs of characters, each with its probability.

All the ways to share a name's letters out among syllables are weighed by what their initials and
finals stand for and by how often names use them; a pair's probability is that of all the ways in
which it stands somewhere in the name. Pairs are terms of the index, so a name that no dictionary
knows is searched for where it was probably written: Sotomayor as 马约, 托马, 索托.
Source: the forward-backward algorithm (L. Rabiner, 1989) over the model of `transliteration`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from index.vocabulary.translation_table import TranslationTable
from index.vocabulary.transliteration import MOST_LETTERS, Letters, rows, units

BEST = 30
"""Pairs of a name."""
_LEAST = 0.01
"""The least probability of a pair that is kept."""
_LEAST_SOUND = 0.004
"""Initials and finals that stand for letters less often are not thought of."""
_LEAST_BOTH = 1e-4
_LEAST_SHARE = 0.002
"""Pairs of syllables less probable than this are not spelt out in characters."""
_CHARACTERS = 6
"""Of one syllable, the commonest in names."""


@dataclass(frozen=True, slots=True)
class _Step:
    """A syllable said for the letters up to `end`."""

    end: int
    syllable: str
    p: float


class Writing:
    """Writes foreign names in characters. Safe to share between threads."""

    def __init__(
        self, sounds: Mapping[str, Letters], readings: Mapping[str, tuple[str, float]]
    ) -> None:
        """`readings`: how a character is read in names, and its share of all their characters."""
        self._initials, self._finals = _by_letters(sounds)
        shares: dict[str, float] = defaultdict(float)
        written: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for character, (syllable, share) in readings.items():
            shares[syllable] += share
            written[syllable].append((character, share))
        self._syllables = {units(syllable): (syllable, p) for syllable, p in shares.items()}
        self._characters = {
            syllable: [
                (character, share / shares[syllable])
                for character, share in sorted(some, key=lambda one: (-one[1], one[0]))
            ][:_CHARACTERS]
            for syllable, some in written.items()
        }
        self.pairs = lru_cache(maxsize=4096)(self._pairs)

    @classmethod
    def of(cls, table: TranslationTable) -> Writing:
        """What the translation table holds of it."""
        readings = rows(table.lexicons["readings"])
        return cls(
            rows(table.lexicons["sounds"]),
            {character: next(iter(row.items())) for character, row in readings.items()},
        )

    def _pairs(self, name: str) -> tuple[tuple[str, float], ...]:
        """Pairs of characters of a name in small letters, the most probable first."""
        steps = [self._steps(name, at) for at in range(len(name))]
        before, after = _before(steps), _after(steps)
        if not before[-1]:
            return ()
        shares: dict[tuple[str, str], float] = defaultdict(float)
        for at, some in enumerate(steps):
            for one in some:
                so_far = before[at] * one.p / before[-1]
                told = so_far * after[one.end] >= _LEAST_SHARE
                for other in steps[one.end] if told and one.end < len(name) else ():
                    shares[one.syllable, other.syllable] += so_far * other.p * after[other.end]
        found: dict[str, float] = defaultdict(float)
        for (first, second), share in shares.items():
            for pair, p in self._spelt_out(first, second) if share >= _LEAST_SHARE else ():
                if share * p >= _LEAST:
                    found[pair] += share * p
        return tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:BEST])

    def _steps(self, name: str, at: int) -> list[_Step]:
        """The syllables that the letters from `at` on may be."""
        found: dict[tuple[int, str], float] = defaultdict(float)
        for middle in range(at, min(len(name), at + MOST_LETTERS) + 1):
            initials = self._initials.get(name[at:middle], ())
            silent = [("", 1.0)] if middle == at else []
            for end in range(max(middle, at + 1), min(len(name), middle + MOST_LETTERS) + 1):
                for final, q in self._finals.get(name[middle:end], ()):
                    for initial, p in (*initials, *silent):
                        known = self._syllables.get((initial, final) if initial else (final,))
                        if known and p * q >= _LEAST_BOTH:
                            found[end, known[0]] += p * q * known[1]
        return [_Step(end, syllable, p) for (end, syllable), p in found.items()]

    def _spelt_out(self, one: str, other: str) -> Iterator[tuple[str, float]]:
        for first, p in self._characters[one]:
            for second, q in self._characters[other]:
                yield first + second, p * q


_ByLetters = Mapping[str, list[tuple[str, float]]]


def _by_letters(sounds: Mapping[str, Letters]) -> tuple[_ByLetters, _ByLetters]:
    """Initials, and finals, by what they stand for."""
    initials: dict[str, list[tuple[str, float]]] = defaultdict(list)
    finals: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for unit, letters in sounds.items():
        for said, p in letters.items():
            if p >= _LEAST_SOUND:
                (initials if unit.endswith("-") else finals)[said].append((unit, p))
    return initials, finals


def _before(steps: Iterable[Iterable[_Step]]) -> list[float]:
    """The probability of a way that comes to each letter."""
    reached: dict[int, float] = defaultdict(float, {0: 1.0})
    count = 0
    for count, some in enumerate(steps, 1):
        for step in some:
            reached[step.end] += reached[count - 1] * step.p
    return [reached[at] for at in range(count + 1)]


def _after(steps: list[list[_Step]]) -> list[float]:
    """The probability of a way from each letter to the end."""
    left = [0.0] * len(steps) + [1.0]
    for at in range(len(steps) - 1, -1, -1):
        left[at] = sum(step.p * left[step.end] for step in steps[at])
    return left
