"""A file of weighted translations, mapped into memory and searched where it lies.

Each lexicon is a list of UTF-8 keys (one blob and where each key ends) in the order of their 64-bit
BLAKE2b hashes, the hashes, and for each key a run of (term number, probability); terms are one more
list of strings.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.engine.protocol import Alternative
from index.vocabulary import mapped
from index.vocabulary.mapped import Arrays, Strings, blob, ends

Entries = Mapping[str, Sequence[tuple[str, float]]]
"""Key -> (term, probability), most probable first."""


class Lexicon:
    """A read-only map from a key to its terms, most probable first."""

    def __init__(self, arrays: Arrays, name: str) -> None:
        self._hashes = arrays[f"{name}.hashes"].data
        self._keys = Strings(arrays[f"{name}.keys"], arrays[f"{name}.key_ends"])
        self._ends = arrays[f"{name}.ends"].data
        self._numbers = arrays[f"{name}.numbers"]
        self._p = arrays[f"{name}.p"]
        self._terms = Strings(arrays[f"{name}.terms"], arrays[f"{name}.term_ends"])

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: str) -> bool:
        return self._find(key) is not None

    def __iter__(self) -> Iterator[str]:
        return (self._keys[number] for number in range(len(self)))

    def get(self, key: str) -> tuple[Alternative, ...]:
        """The terms for `key`; none for a key that is not here."""
        number = self._find(key)
        if number is None:
            return ()
        run = slice(self._ends[number - 1] if number else 0, self._ends[number])
        return tuple(
            Alternative(self._terms[term], p)
            for term, p in zip(self._numbers[run].tolist(), self._p[run].tolist(), strict=True)
        )

    def _find(self, key: str) -> int | None:
        sought = _hash(key)
        number = bisect_left(self._hashes, sought)
        # Two keys may share a hash, so the key itself decides.
        while number < len(self) and self._hashes[number] == sought:
            if self._keys[number] == key:
                return number
            number += 1
        return None


class TranslationTable:
    """Lexicons by name, in one mapped file; `header` says where they come from."""

    def __init__(self, header: Mapping[str, Any], arrays: Arrays) -> None:
        self.header = header
        self.lexicons = {name: Lexicon(arrays, name) for name in header["lexicons"]}

    @classmethod
    def open(cls, path: Path, version: str) -> TranslationTable:
        """Map the file; raises TableUnusable unless it is whole and of this `version`."""
        return cls(*mapped.load(path, version))


def write_table(path: Path, version: str, lexicons: Mapping[str, Entries], **about: str) -> None:
    """Write the lexicons as one file, at once or not at all; `about` joins the header."""
    arrays = {
        f"{name}.{part}": array
        for name, entries in lexicons.items()
        for part, array in _arrays(entries).items()
    }
    mapped.save(path, version, arrays, lexicons=list(lexicons), **about)


def _arrays(entries: Entries) -> dict[str, npt.NDArray[Any]]:
    # A fixed order: the same entries give the same file, byte for byte.
    keys = sorted(entries, key=lambda key: (_hash(key), key))
    terms = sorted({term for key in keys for term, _ in entries[key]})
    number = {term: n for n, term in enumerate(terms)}
    return {
        "hashes": np.array([_hash(key) for key in keys], "<u8"),
        "keys": blob(keys),
        "key_ends": ends(len(key.encode()) for key in keys),
        "ends": ends(len(entries[key]) for key in keys),
        "numbers": np.array([number[t] for key in keys for t, _ in entries[key]], "<u4"),
        "p": np.array([p for key in keys for _, p in entries[key]], "<f4"),
        "terms": blob(terms),
        "term_ends": ends(len(term.encode()) for term in terms),
    }


def _hash(key: str) -> int:
    # Not Python's hash(), which differs from process to process.
    digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "little")
