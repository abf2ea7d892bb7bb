"""What a passage's vector is kept under: a number that its citation and its text alone decide.

Databases number passages by themselves, and may give a number to another passage after a restore
or a move; a vector that was kept under such a number would then stand for the wrong text.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from corpus.models import PassageRecord

NONE: Final = 0
"""No passage has this number."""
KEPT: Final = 200_000
"""Numbers in memory; some 100 bytes each."""

Fetch = Callable[[Sequence[int]], Mapping[int, PassageRecord]]
"""Passages by the database's key, as far as there are any."""


def passage_number(passage: PassageRecord) -> int:
    """63 bits of a hash: among a thousand million passages, one pair in twenty such libraries."""
    named = f"{passage.citation}\n{passage.text}".encode()
    digest = hashlib.blake2b(named, digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1 or 1


class Numbers:
    """The numbers of passages by the database's keys, which never change while it is open."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._kept: dict[int, int] = {}
        self._keeping = threading.Lock()

    def __call__(self, keys: Sequence[int]) -> list[int]:
        """A number for each key, `NONE` where there is no such passage any more."""
        with self._keeping:
            known = {key: self._kept[key] for key in keys if key in self._kept}
        missing = [key for key in keys if key not in known]
        found = self._fetch(missing) if missing else {}
        fresh = {key: passage_number(passage) for key, passage in found.items()}
        with self._keeping:
            if len(self._kept) + len(fresh) > KEPT:
                self._kept.clear()
            self._kept.update(fresh)
        known.update(fresh)
        return [known.get(key, NONE) for key in keys]
