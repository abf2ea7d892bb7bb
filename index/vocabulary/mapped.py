"""Named arrays in one file, mapped into memory: nothing is read but the header until it is used.

Layout: magic, format, length of a JSON header, the header, little-endian arrays that the header
locates, and a checksum of all that.
"""

from __future__ import annotations

import json
import mmap
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.atomic import replace_file
from index.errors import SearchError

FORMAT = 2
_MAGIC = b"PINCITE\x00"
_PREFIX = struct.Struct("<8sII")
_ALIGNMENT = 8
# Behind everything else, so that earlier versions can read the file too.
_TRAILER = struct.Struct("<8sQ")
_TRAILER_MAGIC = b"CRC-32\x00\x00"

Arrays = Mapping[str, npt.NDArray[Any]]


class TableUnusable(SearchError):
    """The file is absent, damaged, or of another version: build it again."""


class Strings:
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


def blob(strings: Sequence[str]) -> npt.NDArray[np.uint8]:
    """What `Strings` reads, from strings."""
    return np.frombuffer("".join(strings).encode(), np.uint8)


def ends(lengths: Iterable[int]) -> npt.NDArray[np.uint32]:
    """Where each of several runs ends, one after another."""
    return np.array(list(accumulate(lengths)), "<u4")


def load(path: Path, version: str) -> tuple[Mapping[str, Any], Arrays]:
    """The header and the mapped arrays of a file.

    Raises TableUnusable unless it is whole and of this `version`.
    """
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        _compare_checksum(mapped)
        header, start = _read_header(mapped)
        if header["version"] != version:
            raise TableUnusable(f"{path} is of version {header['version']}, not {version}")
        return header, {n: _array(mapped, start, at) for n, at in header["arrays"].items()}
    except (OSError, ValueError, KeyError, TypeError, struct.error) as error:
        raise TableUnusable(f"{path} cannot be used: {error}") from error


def save(path: Path, version: str, arrays: Arrays, **about: Any) -> None:
    """Write arrays as one file, at once or not at all; `about` joins the header."""
    places: dict[str, tuple[str, int, int]] = {}
    size = 0
    for name, array in arrays.items():
        places[name] = (array.dtype.str, size, len(array))
        size += -(-array.nbytes // _ALIGNMENT) * _ALIGNMENT
    header = {"version": version, **about, "arrays": places}
    packed = json.dumps(header, ensure_ascii=False).encode()
    packed += b" " * (-(_PREFIX.size + len(packed)) % _ALIGNMENT)

    def body() -> Iterator[bytes]:
        yield _PREFIX.pack(_MAGIC, FORMAT, len(packed))
        yield packed
        for array in arrays.values():
            yield array.tobytes().ljust(-(-array.nbytes // _ALIGNMENT) * _ALIGNMENT, b"\0")

    def content() -> Iterator[bytes]:
        checksum = 0
        for piece in body():
            checksum = zlib.crc32(piece, checksum)
            yield piece
        yield _TRAILER.pack(_TRAILER_MAGIC, checksum)

    replace_file(path, content(), mode=0o644)  # it ships, so everybody may read it


def _compare_checksum(mapped: mmap.mmap) -> None:
    """Raise ValueError when the file is not what was written. One without a checksum passes."""
    end = len(mapped) - _TRAILER.size
    if end < 0:
        raise ValueError("it is too short")
    magic, expected = _TRAILER.unpack_from(mapped, end)
    with memoryview(mapped) as view:
        # A flipped bit here makes another translation and no error.
        if magic == _TRAILER_MAGIC and zlib.crc32(view[:end]) != expected:
            raise ValueError("it is not what was written")


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
