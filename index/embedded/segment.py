"""Segments: which passages hold a term, and how often, in arrays that map from disk as they are.

A segment is immutable. Terms are kept as 64-bit BLAKE2b hashes: sorted, so that a look-up is a
binary search in a mapped array; two of five million terms share one with probability 7e-7.

Two things make common terms quick. A row holds how often a term stands in every passage, one byte
each. A passage is looked up in a row by reading one byte, in postings by some twenty comparisons.
A row takes three times the place of a sixteenth's postings, so terms in fewer passages have none.

A block's maximum is the most that a term earns in any of some neighbouring passages (Ding and
Suel, 'Faster top-k document retrieval using block-max indexes', SIGIR 2011), as a byte: 255 times
its saturation's share of k1 + 1, rounded up, for the mean length of the segment's passages.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from zlib import crc32

import numpy as np

from corpus.atomic import new_folder
from index.engine.protocol import BM25
from index.engine.terms import Array, term_hashes

CHECKSUMS = "checksums.json"
# Bytes read at a time while a checksum is worked out.
_PIECE = 1 << 20

_ABSENT: tuple[Array, Array] = (np.empty(0, np.uint32), np.empty(0, np.uint8))


class SegmentDamaged(Exception):
    """A file of a segment is missing, or not what was written; the message names it."""


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """TermPostings of some passages, numbered from 0.

    hashes      uint64 (terms,), sorted
    offsets     uint64 (terms + 1,): the postings of term t are `[offsets[t], offsets[t + 1])`
    ordinals    uint32 (postings,), ascending within a term
    frequencies unsigned (postings,), of the narrowest type that holds them: one byte, as a rule
    peaks       as frequencies (terms,): at least the term's largest frequency
    densities   float32 (terms,): at least its largest share of a passage, frequency / length
    common      uint32 (rows,), ascending: the places of terms so common that they have a row
    rows        uint8 (rows, passages): how often each passage holds the term
    maxima      uint8 (rows, blocks): the most that it earns in each block of passages (`postings`)
    mean        float64 (1,): the mean length for which that holds
    lengths     unsigned (passages,), in tokens, of the narrowest type
    keys        int64 (passages,), those of the database
    numbers     int64 (passages,): what the passages' vectors are kept under (`passage_number`)
    documents   uint32 (passages,), indices into `document_ids`
    document_ids  bytes strings (documents,), sorted
    folder      where it is mapped from; None for one in memory
    """

    hashes: Array
    offsets: Array
    ordinals: Array
    frequencies: Array
    peaks: Array
    densities: Array
    common: Array
    rows: Array
    maxima: Array
    mean: Array
    lengths: Array
    keys: Array
    numbers: Array
    documents: Array
    document_ids: Array
    folder: Path | None = None

    def __len__(self) -> int:
        return len(self.keys)

    def find(self, hashes: Array) -> Array:
        """The places of terms (uint64 hashes) in `hashes`; -1 for those that are not here."""
        if not len(self.hashes):
            return np.full(len(hashes), -1)
        places = np.searchsorted(self.hashes, hashes)
        # See `look_up`: what lies past the end is rejected by the comparison below.
        places[places == len(self.hashes)] = 0
        return np.where(self.hashes[places] == hashes, places, -1)

    def row(self, place: int) -> tuple[Array, Array] | None:
        """The row and the block maxima of the term at `place`, where that has them."""
        at = int(self.common.searchsorted(place))
        has_row = at < len(self.common) and self.common[at] == place
        return (self.rows[at], self.maxima[at]) if has_row else None

    def postings(self, term: str) -> tuple[Array, Array]:
        """Ordinals and frequencies of the passages that hold `term`."""
        at = int(self.find(term_hashes([term]))[0])
        if at < 0:
            return _ABSENT
        start, end = int(self.offsets[at]), int(self.offsets[at + 1])
        return self.ordinals[start:end], self.frequencies[start:end]

    def save(self, folder: Path) -> None:
        """Write the arrays into `folder`, which appears whole or not at all."""
        with new_folder(folder) as unfinished:
            # One file an array, uncompressed: only such files can be mapped.
            for name in ARRAYS:
                np.save(unfinished / f"{name}.npy", getattr(self, name))
            write_checksums(unfinished)

    @classmethod
    def open(cls, folder: Path, *, verify: bool) -> Segment:
        """Map a saved segment; with `verify`, after its checksums have been found to be right.

        Raises SegmentDamaged.
        """
        if verify:
            check_files(folder)
        try:
            mapped = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in ARRAYS}
        except (OSError, ValueError, EOFError) as error:  # perhaps removed since the check
            raise SegmentDamaged(f"{folder} cannot be read: {error}") from error
        # As plain arrays: each slice of numpy's own class for mappings costs microseconds.
        return cls.of({name: part.view(np.ndarray) for name, part in mapped.items()}, folder)

    @classmethod
    def of(cls, arrays: Mapping[str, Array], folder: Path | None = None) -> Segment:
        """The segment of these arrays, by the names of its fields."""
        return cls(
            hashes=arrays["hashes"],
            offsets=arrays["offsets"],
            ordinals=arrays["ordinals"],
            frequencies=arrays["frequencies"],
            peaks=arrays["peaks"],
            densities=arrays["densities"],
            common=arrays["common"],
            rows=arrays["rows"],
            maxima=arrays["maxima"],
            mean=arrays["mean"],
            lengths=arrays["lengths"],
            keys=arrays["keys"],
            numbers=arrays["numbers"],
            documents=arrays["documents"],
            document_ids=arrays["document_ids"],
            folder=folder,
        )


ARRAYS = tuple(part.name for part in fields(Segment) if part.name != "folder")


def write_checksums(folder: Path) -> None:
    """Write the CRC-32 of each array's file beside them, for `check_files`."""
    checksums = {name: _crc32(folder / f"{name}.npy") for name in ARRAYS}
    (folder / CHECKSUMS).write_text(json.dumps(checksums), "ascii")


def check_files(folder: Path) -> None:
    """Compare every file of a saved segment with its checksum: about two gigabytes a second.

    A flipped bit in a length or an offset would give other answers and no error, so this is done
    whenever a process opens a segment. Raises SegmentDamaged.
    """
    path = folder / CHECKSUMS
    try:
        checksums = json.loads(path.read_text("ascii"))
        for name in ARRAYS:
            path = folder / f"{name}.npy"
            if checksums[name] != _crc32(path):
                raise SegmentDamaged(f"{path} is not what was written")
    except OSError as error:
        raise SegmentDamaged(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise SegmentDamaged(f"{folder / CHECKSUMS} is not what was written") from error


def _crc32(path: Path) -> int:
    """CRC-32: finds every burst of up to 32 wrong bits. Damage is the enemy here, not malice."""
    checksum = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            checksum = crc32(piece, checksum)
    return checksum


def first_of_each(ordered: Array) -> Array:
    """Where each run of equal values begins."""
    first: Array = np.flatnonzero(np.diff(ordered, prepend=-1))
    return first


def largest_of_each(values: Array, starts: Array) -> Array:
    """The largest value of each run that begins at one of `starts`."""
    largest: Array = np.maximum.reduceat(values, starts) if len(starts) else values[:0]
    return largest


def density(frequencies: Array, lengths: Array) -> Array:
    """frequency / length as float32, never below the true one."""
    # Rounded up, since a density is an upper bound: rounding down could skip a best passage.
    share = np.divide(frequencies, lengths, dtype=np.float64)
    largest: Array = np.nextafter(share.astype(np.float32), np.float32(np.inf))
    return largest


def narrow(values: Array) -> Array:
    """The same whole numbers in the narrowest unsigned type that holds them."""
    # Lengths and frequencies are mostly under 256: a byte instead of eight.
    return values.astype(np.min_scalar_type(int(values.max(initial=0))))


SHARE = 16
"""A term has a row when one in so many passages holds it."""

BLOCK = 8
"""Passages in a block."""

FULL = 255
"""What stands for k1 + 1, which saturation never reaches; and the most that a row tells."""


def common_terms(offsets: Array, peaks: Array, passages: int) -> Array:
    """The places (uint32, ascending) of the terms that have rows; `peaks` are to fit a byte."""
    counts = np.diff(offsets.astype(np.int64))
    # A row is one byte a passage: a frequency over 255 would be cut, and the score would be wrong.
    has_row = (counts * SHARE >= passages) & (peaks <= FULL)
    return np.flatnonzero(has_row).astype(np.uint32)


def block_count(passages: int) -> int:
    """How many blocks there are."""
    return -(-passages // BLOCK)


def mean_length(lengths: Array) -> Array:
    """The mean length (float64, one) of the passages, which their block maxima are for."""
    return np.array([lengths.mean() if len(lengths) else 1.0])


def fill_rows(
    rows: Array,
    maxima: Array,
    places: Array,
    postings: tuple[Array, Array, Array],
    lengths: Array,
) -> None:
    """Write what `rows` (terms x passages) and `maxima` (terms x blocks), of zeros, are to hold.

    `postings` are a segment's offsets, ordinals and frequencies; `places` say which terms'.
    """
    offsets, ordinals, frequencies = postings
    model = BM25(len(lengths), float(mean_length(lengths)[0]))
    factors = model.length_factor(lengths)
    # One buffer for all terms: allocating it for each would take most of the time.
    earned = np.zeros(block_count(len(lengths)) * BLOCK, np.uint8)
    for row, row_maxima, place in zip(rows, maxima, places.tolist(), strict=True):
        start, end = int(offsets[place]), int(offsets[place + 1])
        passages, tf = ordinals[start:end], frequencies[start:end]
        row[passages] = tf
        share = model.saturation(tf, factors[passages]) / (model.k1 + 1)
        earned.fill(0)
        earned[passages] = np.ceil(share * FULL)
        # Rounded up above, so that a bound is never too low: skipping stays safe.
        row_maxima[:] = earned.reshape(-1, BLOCK).max(axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class TermPostings:
    """A term's passages (uint32, ascending) and frequencies; its row and maxima if it has them.

    The row (uint8 per passage) and the block maxima (uint8 per block, see above)
    tell of every passage of the segment, the arrays perhaps of those alone that a scope sees.
    """

    ordinals: Array
    frequencies: Array
    row: Array | None = None
    maxima: Array | None = None

    def __len__(self) -> int:
        return len(self.ordinals)

    def tf(self, ordinals: Array) -> Array:
        """How often the term stands in each of the passages, whose uint32 ordinals ascend."""
        if self.row is not None:
            return self.row.take(ordinals)
        # Search the shorter list in the longer one: a binary search for each of its entries.
        if len(self.ordinals) < len(ordinals):
            tf = np.zeros(len(ordinals), self.frequencies.dtype)
            places = ordinals.searchsorted(self.ordinals)
            hit = ordinals.take(places, mode="clip") == self.ordinals
            tf[places[hit]] = self.frequencies[hit]
            return tf
        if not len(ordinals):
            return self.frequencies[:0]
        places = self.ordinals.searchsorted(ordinals)
        hit = self.ordinals.take(places, mode="clip") == ordinals
        tf_there: Array = self.frequencies.take(places, mode="clip") * hit
        return tf_there


@dataclass(frozen=True, slots=True, eq=False)
class ClausePostings:
    """A clause in a segment: `(p, postings)` of each alternative that is there.

    It adds at most `most` to a score: `weight` (its own times its idf) times what tf can earn.
    """

    weight: float
    alternatives: tuple[tuple[float, TermPostings], ...]
    most: float

    @property
    def size(self) -> int:
        """How many postings there are."""
        return sum(len(postings) for _, postings in self.alternatives)

    @property
    def maxima(self) -> Array | None:
        """The block maxima of a clause that is a single term, where that has them."""
        # The sum of several maxima is no tight bound, so such a clause uses `most`.
        if len(self.alternatives) > 1 or self.alternatives[0][0] != 1.0:
            return None
        return self.alternatives[0][1].maxima

    def tf(self, ordinals: Array) -> Array:
        """The expected tf (float64) in each of the passages, whose uint32 ordinals ascend."""
        tf = np.zeros(len(ordinals))
        for p, postings in self.alternatives:
            tf += p * postings.tf(ordinals)
        return tf
