"""What listens for a question's names in texts that write them by their sound."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Heard:
    """Where a name is heard in a text, and how well: in (0, 1]."""

    sureness: float
    start: int
    end: int


class Names(Protocol):
    """Foreign names in Latin letters, heard in Chinese characters."""

    def heard(self, name: str, text: str, starts: Iterable[int] | None = None) -> Heard | None:
        """The best place in a folded `text` for a name in small letters; none if there is none.

        `starts`: where it may begin; anywhere, if None.
        """

    def starts(self, name: str, text: str) -> Iterable[int]:
        """Where a name with this first letter may begin in a folded text."""
