"""Which passages say the same as a better one: a clause of many contracts, one text filed twice.

Two passages say the same where their letters are the same, or where nearly all runs of four letters
are and what changes the sense is: figures and negations, in their order. So the notice of a right
of appeal counts as one in all judgments, though each names another court, and '10 days' never
counts as '15 days'.
Source: A. Broder, On the resemblance and containment of documents, 1997. Twenty candidates are few
enough to compare shingles as they are, without hashing them down.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

SHINGLE = 4
"""Letters in a row that are compared."""
ALIKE = 0.8
"""The share of the shingles of both that both have: a name of three letters replaced twice, in a
clause of two hundred, leaves .89."""
SHORTEST = 60
"""Letters from which nearly the same is the same; in a shorter text one word is much."""
_NO_LETTER = re.compile(r"\W+")
_DECISIVE = re.compile(
    r"\d+|[〇零一二两三四五六七八九十百千万亿]+|[不未无非勿禁免]"
    r"|\b(?:not|no|never|nor|neither|except|unless|without)\b"
)


@dataclass(frozen=True)
class Wording:
    """What a passage says: its letters and figures, and what of them decides its sense."""

    letters: str
    decisive: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Wording:
        """The wording of a folded text."""
        return cls(_NO_LETTER.sub("", text), tuple(_DECISIVE.findall(text)))

    @cached_property
    def shingles(self) -> frozenset[str]:
        """All runs of `SHINGLE` letters."""
        return frozenset(
            self.letters[at : at + SHINGLE] for at in range(len(self.letters) - SHINGLE + 1)
        )

    def repeats(self, other: Wording) -> bool:
        """Whether both say the same."""
        if self.letters == other.letters:
            return True
        shorter, longer = sorted((len(self.letters), len(other.letters)))
        # Lengths are compared first: few of two hundred pairs need their shingles.
        if shorter < SHORTEST or shorter < ALIKE * longer or self.decisive != other.decisive:
            return False
        shared = len(self.shingles & other.shingles)
        return shared >= ALIKE * (len(self.shingles) + len(other.shingles) - shared)


def find_repeats(
    order: Sequence[int],
    wordings: Sequence[Wording],
    documents: Sequence[str],
    replaced: Mapping[str, frozenset[str]],
) -> dict[int, list[int]]:
    """The rows to show, in order, each with the rows below it that say the same.

    `documents[row]` is a row's document; of the editions of a law, by `replaced`, the one in force
    is shown where its article says the same as an older one's.
    """
    groups: list[list[int]] = []
    for row in order:
        group = next((g for g in groups if wordings[row].repeats(wordings[g[0]])), None)
        if group is None:
            groups.append([row])
        elif documents[row] in replaced.get(documents[group[0]], ()):
            group.insert(0, row)
        else:
            group.append(row)
    return {group[0]: group[1:] for group in groups}
