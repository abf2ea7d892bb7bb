"""Foreign names in Chinese characters: recognised by their sound, and spelt by it.

A Chinese character is read as the initial and the final of its syllable, each of which stands for
some letters of a foreign name with a probability learnt from the names in CC-CEDICT
(`tools.names`). A text holds a name (Gorsuch in 戈萨奇) where the characters in a row, each of them
used in such names, stand for all of its letters in order.
Source: H. Li, M. Zhang and J. Su, A joint source-channel model for machine transliteration,
ACL 2004.

For a name in letters, `NameSpeller` gives pairs of characters, each with its probability. It weighs
all the ways to share the letters out among syllables by what their initials and finals stand for
and by how often names use them; a pair's probability is that of all the ways in which it stands
somewhere in the name. Pairs are terms of the index, so a name that no dictionary knows is searched
for where it was probably written: Sotomayor as 马约, 托马, 索托.
Source: the forward-backward algorithm (L. Rabiner, 1989).
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.query.question import PhoneticMatch
from index.vocabulary.mapped_tables import Lexicon, TranslationTable

NAME = re.compile("(?P<letters>[a-z]{4,20}?)s?(?:'s)?")
"""What may be a name, in small letters, without the endings of a plural and a possessive."""
MOST_LETTERS = 4
"""That one initial or final stands for."""
_FEWEST, _MOST = 2, 8
"""Characters of a name."""
_LEAST, _SURE = -2.3, -1.0
"""Mean log probability of a letter: a match of strength 0, and one of strength 1. Of pairs of a
name and another name's characters, 99 in 100 are below the first."""
# The least probability of the letters that a name begins with.
_OPENING = 0.01
# How far, in log probability, the first letters of a name may lag behind the mean wanted.
_SLACK = 3.5

Letters = Mapping[str, float]
"""What an initial or a final stands for, with its probability."""


class NameRecognizer:
    """Finds foreign names in Chinese text by their sound. Safe to share between threads."""

    def __init__(self, sounds: Mapping[str, Letters], readings: Mapping[str, str]) -> None:
        self._readings = {
            character: tuple(sounds[unit] for unit in units(syllable))
            for character, syllable in readings.items()
        }
        by_letter: dict[str, list[str]] = defaultdict(list)
        for character, reading in self._readings.items():
            for letter in _first_letters(reading):
                by_letter[letter].append(character)
        # One scan by a character class finds the places where a name may begin.
        self._opening = {
            letter: re.compile(f"[{''.join(characters)}]")
            for letter, characters in by_letter.items()
        }

    @classmethod
    def of(cls, table: TranslationTable) -> NameRecognizer:
        """Of what the translation table holds."""
        sounds, readings = table.lexicons["sounds"], table.lexicons["readings"]
        return cls(rows(sounds), {key: next(iter(row)) for key, row in rows(readings).items()})

    def find(
        self, name: str, text: str, starts: Iterable[int] | None = None
    ) -> PhoneticMatch | None:
        """The best place in a folded `text` for a name in small letters; none if there is none.

        `starts`: where it may begin; anywhere, if None.
        """
        best: PhoneticMatch | None = None
        for start in self.starts(name, text) if starts is None else starts:
            for strength, end in self._ends(name, text, start):
                match = PhoneticMatch(strength, start, end)
                best = match if best is None else max(best, match, key=_preference)
        return best

    def starts(self, name: str, text: str) -> Iterator[int]:
        """Where a name with this first letter may begin in a folded text."""
        opening = self._opening.get(name[0])
        return (match.start() for match in opening.finditer(text)) if opening else iter(())

    def _ends(self, name: str, text: str, start: int) -> Iterator[tuple[float, int]]:
        """The strengths of the matches that begin at `start`, and where they end."""
        # By letters covered: ways that cover the same number are added up (forward algorithm).
        reached = {0: 1.0}
        for end in range(start, min(len(text), start + _MOST)):
            for letters in self._readings.get(text[end], ({},)):
                reached = _advance(name, reached, letters)
            if not reached:
                return
            # One character can stand for four letters, but a match that short is chance.
            if len(name) in reached and end + 1 - start >= _FEWEST:
                # The mean and not the product, or long names would always look worse.
                mean = math.log(reached[len(name)]) / len(name)
                if mean > _LEAST:
                    yield min(1.0, (mean - _LEAST) / (_SURE - _LEAST)), end + 1


def _preference(match: PhoneticMatch) -> tuple[float, int]:
    """The strongest; of two as strong the longer, so that the last letters are not cut off."""
    return match.strength, match.end - match.start


def _first_letters(reading: Sequence[Letters]) -> set[str]:
    """The letters that a name may begin with where this character is its first."""
    first = {letters[:1] for letters, p in reading[0].items() if p >= _OPENING}
    if "" in first and reading[1:]:
        # The initial may be silent: the name then begins with what the final stands for.
        first |= _first_letters(reading[1:])
    return first - {""}


def _advance(name: str, reached: Mapping[int, float], letters: Letters) -> dict[int, float]:
    """How probably each number of letters is covered after one more initial or final."""
    after: dict[int, float] = {}
    for start, p in reached.items():
        for end in range(start, min(start + MOST_LETTERS, len(name)) + 1):
            # Few letters are ones that this sound can stand for; the others are skipped at once.
            chance = letters.get(name[start:end])
            if chance and p * chance > math.exp(_LEAST * end - _SLACK):
                after[end] = after.get(end, 0.0) + p * chance
    return after


_INITIALS = ("zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcsyw")


def units(syllable: str) -> tuple[str, ...]:
    """The initial, marked `b-`, if there is one, and the final, `-u`, of a syllable of pinyin."""
    initial = next((letters for letters in _INITIALS if syllable.startswith(letters)), "")
    # Marked, so that the initial `l-` and the final `-l` stay apart in one table.
    final = f"-{syllable[len(initial) :]}"
    return (f"{initial}-", final) if initial else (final,)


def rows(lexicon: Lexicon) -> dict[str, dict[str, float]]:
    """All of a lexicon, the most probable first."""
    return {key: {entry.term: entry.p for entry in lexicon.get(key)} for key in lexicon}


BEST = 30
"""Pairs of a name that become terms of the query."""
# The least probability of a pair that is kept.
_LEAST_PAIR = 0.01
# Initials and finals that stand for these letters less often are left out.
_LEAST_SOUND = 0.004
_LEAST_BOTH = 1e-4
# Pairs of syllables less probable than this are not spelt out in characters.
_LEAST_SHARE = 0.002
# Of one syllable, the commonest in names.
_CHARACTERS = 6


@dataclass(frozen=True, slots=True)
class _SyllableStep:
    """A syllable that stands for the letters up to `end`."""

    end: int
    syllable: str
    p: float


class NameSpeller:
    """Spells foreign names in Chinese characters. Safe to share between threads."""

    def __init__(
        self, sounds: Mapping[str, Letters], readings: Mapping[str, tuple[str, float]]
    ) -> None:
        """`readings`: how a character is read in names, and its share of all their characters."""
        self._initials, self._finals = _by_letters(sounds)
        shares: dict[str, float] = defaultdict(float)
        characters: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for character, (syllable, share) in readings.items():
            shares[syllable] += share
            characters[syllable].append((character, share))
        self._syllables = {units(syllable): (syllable, p) for syllable, p in shares.items()}
        self._characters = {
            syllable: [
                (character, share / shares[syllable])
                for character, share in sorted(row, key=lambda pair: (-pair[1], pair[0]))
            ][:_CHARACTERS]
            for syllable, row in characters.items()
        }
        # Per object and not on the class, where the cache would keep every speller alive.
        self.pairs = lru_cache(maxsize=4096)(self._pairs)

    @classmethod
    def of(cls, table: TranslationTable) -> NameSpeller:
        """Of what the translation table holds."""
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
        for at, alternatives in enumerate(steps):
            for step in alternatives:
                so_far = before[at] * step.p / before[-1]
                # A step that few ways take cannot make a pair that is kept.
                if step.end == len(name) or so_far * after[step.end] < _LEAST_SHARE:
                    continue
                for next_step in steps[step.end]:
                    syllables = (step.syllable, next_step.syllable)
                    shares[syllables] += so_far * next_step.p * after[next_step.end]
        spelt: dict[str, float] = defaultdict(float)
        for (first, second), share in shares.items():
            for pair, p in self._spelt_out(first, second) if share >= _LEAST_SHARE else ():
                if share * p >= _LEAST_PAIR:
                    spelt[pair] += share * p
        return tuple(sorted(spelt.items(), key=lambda pair: (-pair[1], pair[0]))[:BEST])

    def _steps(self, name: str, at: int) -> list[_SyllableStep]:
        """The syllables that the letters from `at` on may be."""
        steps: dict[tuple[int, str], float] = defaultdict(float)
        for middle in range(at, min(len(name), at + MOST_LETTERS) + 1):
            initials = self._initials.get(name[at:middle], ())
            # Syllables without an initial, such as `ai`.
            silent = [("", 1.0)] if middle == at else []
            for end in range(max(middle, at + 1), min(len(name), middle + MOST_LETTERS) + 1):
                for final, q in self._finals.get(name[middle:end], ()):
                    for initial, p in (*initials, *silent):
                        syllable = self._syllables.get((initial, final) if initial else (final,))
                        if syllable and p * q >= _LEAST_BOTH:
                            steps[end, syllable[0]] += p * q * syllable[1]
        return [_SyllableStep(end, syllable, p) for (end, syllable), p in steps.items()]

    def _spelt_out(self, syllable: str, next_syllable: str) -> Iterator[tuple[str, float]]:
        for first, p in self._characters[syllable]:
            for second, q in self._characters[next_syllable]:
                yield first + second, p * q


_ByLetters = Mapping[str, list[tuple[str, float]]]


def _by_letters(sounds: Mapping[str, Letters]) -> tuple[_ByLetters, _ByLetters]:
    """Initials, and finals, by what they stand for."""
    initials: dict[str, list[tuple[str, float]]] = defaultdict(list)
    finals: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for unit, letters in sounds.items():
        for spelling, p in letters.items():
            if p >= _LEAST_SOUND:
                (initials if unit.endswith("-") else finals)[spelling].append((unit, p))
    return initials, finals


def _before(steps: Iterable[Iterable[_SyllableStep]]) -> list[float]:
    """The probability of a way that comes to each letter."""
    reached: dict[int, float] = defaultdict(float, {0: 1.0})
    count = 0
    for count, alternatives in enumerate(steps, 1):
        for step in alternatives:
            reached[step.end] += reached[count - 1] * step.p
    return [reached[at] for at in range(count + 1)]


def _after(steps: list[list[_SyllableStep]]) -> list[float]:
    """The probability of a way from each letter to the end."""
    remaining = [0.0] * len(steps) + [1.0]
    for at in range(len(steps) - 1, -1, -1):
        remaining[at] = sum(step.p * remaining[step.end] for step in steps[at])
    return remaining
