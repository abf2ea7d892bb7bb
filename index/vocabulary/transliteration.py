"""Names that no dictionary translates, recognised by their sound: Gorsuch in 戈萨奇.

A Chinese character is read as the initial and the final of its syllable, each of which stands for
some letters of a foreign name with a probability learnt from the names in CC-CEDICT
(`transliteration_build`). A name is heard in a text where the characters in a row, each of them
used in such names, stand for all of its letters in order.
Source: H. Li, M. Zhang and J. Su, A joint source-channel model for machine transliteration,
ACL 2004.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from index.query.question import PhoneticMatch
from index.vocabulary.translation_table import Lexicon, TranslationTable

NAME = re.compile("(?P<letters>[a-z]{4,20}?)s?(?:'s)?")
"""What may be a name, in small letters, without the endings of a plural and a possessive."""
MOST_LETTERS = 4
"""That one initial or final stands for."""
_FEWEST, _MOST = 2, 8
"""Characters of a name."""
_LEAST, _SURE = -2.3, -1.0
"""Mean log probability of a letter: at the first nothing is heard, at the second all is. Of pairs
of a name and another name's characters, 99 in 100 are below the first."""
_OPENING = 0.01
"""The least probability of the letters that a name begins with."""
_SLACK = 3.5
"""How far, in log probability, the first letters of a name may lag behind the mean wanted."""

Letters = Mapping[str, float]
"""What an initial or a final stands for, with its probability."""


class Transliteration:
    """How foreign names sound in Chinese characters. Safe to share between threads."""

    def __init__(self, sounds: Mapping[str, Letters], readings: Mapping[str, str]) -> None:
        self._readings = {
            character: tuple(sounds[unit] for unit in units(syllable))
            for character, syllable in readings.items()
        }
        opening: dict[str, list[str]] = defaultdict(list)
        for character, sounded in self._readings.items():
            for letter in _openings(sounded):
                opening[letter].append(character)
        self._opening = {
            letter: re.compile(f"[{''.join(some)}]") for letter, some in opening.items()
        }

    @classmethod
    def of(cls, table: TranslationTable) -> Transliteration:
        """What the translation table holds of it."""
        sounds, readings = table.lexicons["sounds"], table.lexicons["readings"]
        return cls(rows(sounds), {key: next(iter(row)) for key, row in rows(readings).items()})

    def heard(
        self, name: str, text: str, starts: Iterable[int] | None = None
    ) -> PhoneticMatch | None:
        """The best place in a folded `text` for a name in small letters; none if there is none.

        `starts`: where it may begin; anywhere, if None.
        """
        best: PhoneticMatch | None = None
        for start in self.starts(name, text) if starts is None else starts:
            for strength, end in self._ends(name, text, start):
                found = PhoneticMatch(strength, start, end)
                best = found if best is None else max(best, found, key=_preference)
        return best

    def starts(self, name: str, text: str) -> Iterator[int]:
        """Where a name with this first letter may begin in a folded text."""
        opening = self._opening.get(name[0])
        return (match.start() for match in opening.finditer(text)) if opening else iter(())

    def _ends(self, name: str, text: str, start: int) -> Iterator[tuple[float, int]]:
        """Where a name that starts at `start` may end, each with how well it is heard."""
        reached = {0: 1.0}
        for end in range(start, min(len(text), start + _MOST)):
            for letters in self._readings.get(text[end], ({},)):
                reached = _stepped(name, reached, letters)
            if not reached:
                return
            if len(name) in reached and end + 1 - start >= _FEWEST:
                mean = math.log(reached[len(name)]) / len(name)
                if mean > _LEAST:
                    yield min(1.0, (mean - _LEAST) / (_SURE - _LEAST)), end + 1


def _preference(heard: PhoneticMatch) -> tuple[float, int]:
    """The surest; of two as sure the longer, so that the last letters are not cut off."""
    return heard.strength, heard.end - heard.start


def _openings(sounded: Sequence[Letters]) -> set[str]:
    """The letters that a name may begin with where this character is its first."""
    said = {letters[:1] for letters, p in sounded[0].items() if p >= _OPENING}
    return _openings(sounded[1:]) | said - {""} if "" in said and sounded[1:] else said - {""}


def _stepped(name: str, reached: Mapping[int, float], letters: Letters) -> dict[int, float]:
    """How probably so many letters are said after one more initial or final."""
    after: dict[int, float] = {}
    for said, p in reached.items():
        for now in range(said, min(said + MOST_LETTERS, len(name)) + 1):
            # Most letters are none that this can stand for, so they are not multiplied by 0.
            chance = letters.get(name[said:now])
            if chance and (there := p * chance) > math.exp(_LEAST * now - _SLACK):
                after[now] = after.get(now, 0.0) + there
    return after


_INITIALS = ("zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcsyw")


def units(syllable: str) -> tuple[str, ...]:
    """The initial, marked `b-`, if there is one, and the final, `-u`, of a syllable of pinyin."""
    initial = next((one for one in _INITIALS if syllable.startswith(one)), "")
    final = f"-{syllable[len(initial) :]}"
    return (f"{initial}-", final) if initial else (final,)


def rows(lexicon: Lexicon) -> dict[str, dict[str, float]]:
    """All of a lexicon, the most probable first."""
    return {key: {one.term: one.p for one in lexicon.get(key)} for key in lexicon}
