"""Tables that are mapped into memory and searched where they lie: translations and neighbours.

A file has: magic, format, length of a JSON header, the header, little-endian arrays that the header
locates, and a checksum of all that. Nothing is read but the header until it is used.

Translations: each lexicon is a list of UTF-8 keys (one blob and where each key ends) in the order
of their 64-bit BLAKE2b hashes, the hashes, and for each key a run of (term number, probability);
terms are one more list of strings.

Neighbours: words near each other in meaning, in one language or across two. The table ships with
the program. It holds, for each word of a vocabulary, the words whose vectors come nearest by a
multilingual embedding (`tools.neighbours`): no model is needed to know that 判赔 is near 赔偿, and
`liable` near 责任. Such nearness is no translation: by spelling alone `reverse` is near `revere`.
It tells candidates apart that share evidence with the question; it makes none. For each language
its terms in order; for each pair of languages and each term a run of (number of the other term,
cosine in 255ths), the nearest first.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import struct
import zlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.atomic import replace_file
from index.engine.protocol import Alternative
from index.errors import SearchError
from index.vocabulary.lexical import is_chinese

FORMAT = 2
_MAGIC = b"PINCITE\x00"
_PREFIX = struct.Struct("<8sII")
_ALIGNMENT = 8
# Behind everything else, so that earlier versions can read the file too.
_TRAILER = struct.Struct("<8sQ")
_TRAILER_MAGIC = b"CRC-32\x00\x00"

NEIGHBOURS_FILE = Path(__file__).with_name("neighbours.table")
NEIGHBOURS_VERSION = "1"
# One byte a cosine keeps the file small; steps of .004 are fine enough.
COSINE_SCALE = 255
CHINESE, ENGLISH = "chinese", "english"
LANGUAGES = (CHINESE, ENGLISH)
PAIRS = tuple(product(LANGUAGES, LANGUAGES))

Arrays = Mapping[str, npt.NDArray[Any]]
Entries = Mapping[str, Sequence[tuple[str, float]]]
"""Key -> (term, probability), most probable first."""


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


def load_arrays(path: Path, version: str) -> tuple[Mapping[str, Any], Arrays]:
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


def save_arrays(path: Path, version: str, arrays: Arrays, **about: Any) -> None:
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
        return cls(*load_arrays(path, version))


def write_table(path: Path, version: str, lexicons: Mapping[str, Entries], **about: str) -> None:
    """Write the lexicons as one file, at once or not at all; `about` joins the header."""
    arrays = {
        f"{name}.{part}": array
        for name, entries in lexicons.items()
        for part, array in _arrays(entries).items()
    }
    save_arrays(path, version, arrays, lexicons=list(lexicons), **about)


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


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An index term near another one, and the cosine of their vectors, in (0, 1]."""

    term: str
    cosine: float


class Neighbours:
    """Terms near a term. Immutable; safe to share between threads."""

    def __init__(self, header: Mapping[str, Any], arrays: Arrays) -> None:
        self.header = header
        self._terms = {
            language: Strings(arrays[f"{language}.terms"], arrays[f"{language}.term_ends"])
            for language in LANGUAGES
        }
        self._runs = {
            pair: tuple(
                arrays[f"{pair_name(*pair)}.{part}"] for part in ("ends", "numbers", "cosines")
            )
            for pair in PAIRS
        }

    @classmethod
    def open(cls, path: Path = NEIGHBOURS_FILE) -> Neighbours:
        """Map a table. Raises TableUnusable."""
        return cls(*load_arrays(path, NEIGHBOURS_VERSION))

    def across(self, term: str) -> tuple[Neighbour, ...]:
        """What is near a folded Chinese word among English stems, or the other way round."""
        language = _language(term)
        return self._near(term, language, ENGLISH if language == CHINESE else CHINESE)

    def within(self, term: str) -> tuple[Neighbour, ...]:
        """What is near a folded Chinese word or an English stem in its own language."""
        language = _language(term)
        return self._near(term, language, language)

    def _near(self, term: str, language: str, target: str) -> tuple[Neighbour, ...]:
        terms = self._terms[language]
        # Terms lie sorted in the mapped file, so nothing is loaded to look one up.
        number = bisect_left(terms, term)
        if number == len(terms) or terms[number] != term:
            return ()
        run_ends, numbers, cosines = self._runs[language, target]
        run = slice(int(run_ends[number - 1]) if number else 0, int(run_ends[number]))
        target_terms = self._terms[target]
        return tuple(
            Neighbour(target_terms[at], cosine / COSINE_SCALE)
            for at, cosine in zip(numbers[run].tolist(), cosines[run].tolist(), strict=True)
        )


@cache
def shipped_neighbours() -> Neighbours:
    """The table that ships with the program."""
    return Neighbours.open()


def pair_name(language: str, target: str) -> str:
    """How the arrays of a pair of languages are called in the file."""
    return f"{language}-{target}"


def _language(term: str) -> str:
    return CHINESE if is_chinese(term) else ENGLISH
