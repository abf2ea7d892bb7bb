"""A file of weighted translations, mapped into memory and searched where it lies.

Layout: magic, format, length of a JSON header, the header, then little-endian arrays that the
header locates. Each lexicon is a list of UTF-8 keys (one blob and where each key ends) in the order
of their 64-bit BLAKE2b hashes, the hashes, and for each key a run of (term number, probability);
terms are one more list of strings. Nothing is read but the header until a word is looked up.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import struct
import tempfile
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.errors import SearchError
from index.query import Alternative

FORMAT = 2
_MAGIC = b"PINCITE\x00"
_PREFIX = struct.Struct("<8sII")
_ALIGNMENT = 8

Entries = Mapping[str, Sequence[tuple[str, float]]]
"""Key -> (term, probability), most probable first."""


class TableUnusable(SearchError):
    """The file is absent, damaged, or of another version: build it again."""


class _Strings:
    """Strings one after another in UTF-8; number i ends at `ends[i]`."""

    def __init__(self, blob: npt.NDArray[np.uint8], ends: npt.NDArray[np.uint32]) -> None:
        # Single items of a memoryview are read several times faster than those of an array.
        self._blob = blob.data
        self._ends = ends.data

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: int) -> str:
        start = self._ends[number - 1] if number else 0
        return str(self._blob[start : self._ends[number]], "utf-8")


class Lexicon:
    """A read-only map from a key to its terms, most probable first."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]], name: str) -> None:
        self._hashes = arrays[f"{name}.hashes"].data
        self._keys = _Strings(arrays[f"{name}.keys"], arrays[f"{name}.key_ends"])
        self._ends = arrays[f"{name}.ends"].data
        self._numbers = arrays[f"{name}.numbers"]
        self._p = arrays[f"{name}.p"]
        self._terms = _Strings(arrays[f"{name}.terms"], arrays[f"{name}.term_ends"])

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
        while number < len(self) and self._hashes[number] == sought:
            if self._keys[number] == key:
                return number
            number += 1
        return None


class Table:
    """Lexicons by name, in one mapped file; `header` says where they come from."""

    def __init__(self, header: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self.header = header
        self.lexicons = {name: Lexicon(arrays, name) for name in header["lexicons"]}

    @classmethod
    def open(cls, path: Path, version: str) -> Table:
        """Map the file; raises TableUnusable unless it is whole and of this `version`."""
        try:
            with path.open("rb") as file:
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            header, start = _read_header(mapped)
            if header["version"] != version:
                raise TableUnusable(f"{path} is of version {header['version']}, not {version}")
            return cls(header, {n: _array(mapped, start, at) for n, at in header["arrays"].items()})
        except (OSError, ValueError, KeyError, TypeError, struct.error) as error:
            raise TableUnusable(f"{path} cannot be used: {error}") from error


def write(path: Path, version: str, lexicons: Mapping[str, Entries], **about: str) -> None:
    """Write the lexicons as one file, at once or not at all; `about` joins the header."""
    arrays = {
        f"{name}.{part}": array
        for name, entries in lexicons.items()
        for part, array in _arrays(entries).items()
    }
    places: dict[str, tuple[str, int, int]] = {}
    size = 0
    for name, array in arrays.items():
        places[name] = (array.dtype.str, size, len(array))
        size += -(-array.nbytes // _ALIGNMENT) * _ALIGNMENT
    header = {"version": version, **about, "lexicons": list(lexicons), "arrays": places}
    packed = json.dumps(header, ensure_ascii=False).encode()
    packed += b" " * (-(_PREFIX.size + len(packed)) % _ALIGNMENT)

    def content() -> Iterator[bytes]:
        yield _PREFIX.pack(_MAGIC, FORMAT, len(packed))
        yield packed
        for array in arrays.values():
            yield array.tobytes().ljust(-(-array.nbytes // _ALIGNMENT) * _ALIGNMENT, b"\0")

    replace(path, content)


def replace(path: Path, content: Callable[[], Iterator[bytes]]) -> None:
    """Write a file beside `path`, then put it in its place: readers see the old one or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(content())
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _read_header(mapped: mmap.mmap) -> tuple[dict[str, Any], int]:
    magic, form, length = _PREFIX.unpack_from(mapped)
    if magic != _MAGIC or form != FORMAT:
        raise ValueError("it is no table of this format")
    start = _PREFIX.size + length
    header: dict[str, Any] = json.loads(mapped[_PREFIX.size : start])
    return header, start


def _array(mapped: mmap.mmap, start: int, place: tuple[str, int, int]) -> npt.NDArray[Any]:
    kind, at, count = place
    return np.frombuffer(mapped, dtype=np.dtype(kind), count=count, offset=start + at)


def _arrays(entries: Entries) -> dict[str, npt.NDArray[Any]]:
    keys = sorted(entries, key=lambda key: (_hash(key), key))
    terms = sorted({term for key in keys for term, _ in entries[key]})
    number = {term: n for n, term in enumerate(terms)}
    return {
        "hashes": np.array([_hash(key) for key in keys], "<u8"),
        "keys": _blob(keys),
        "key_ends": _ends(len(key.encode()) for key in keys),
        "ends": _ends(len(entries[key]) for key in keys),
        "numbers": np.array([number[t] for key in keys for t, _ in entries[key]], "<u4"),
        "p": np.array([p for key in keys for _, p in entries[key]], "<f4"),
        "terms": _blob(terms),
        "term_ends": _ends(len(term.encode()) for term in terms),
    }


def _hash(key: str) -> int:
    digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "little")


def _blob(strings: Sequence[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("".join(strings).encode(), np.uint8)


def _ends(lengths: Any) -> npt.NDArray[np.uint32]:
    return np.array(list(accumulate(lengths)), "<u4")
